//! Savings for programs: rows of one list, kept apart by their kind.

use super::{amount, planned, step_amount};
use crate::cell::Cell;
use minutebook_domain::currency::Currency;
use minutebook_wire::proto::{
    SavingsMadeView, SavingsStep, SavingsStepView, SavingsTotalView, SavingsView, SavingsYearView,
};

/// A row: the cells by their columns.
type Row = Vec<(&'static str, Cell)>;

/// The rows for programs: of each plan, its years, steps and savings made; then the totals.
pub(in crate::reports) fn rows(
    savings: &[SavingsView],
    totals: &[SavingsTotalView],
    add: &mut dyn FnMut(Row),
) {
    for saving in savings {
        let of = |kind: &'static str, more: Row| -> Row {
            let mut row: Row = vec![
                ("kind", kind.into()),
                ("subject", (&saving.subject).into()),
                ("subject_name", (&saving.subject_name).into()),
            ];
            row.extend(more);
            row
        };
        add(of("saving", plan_row(saving)));
        for year in &saving.years {
            let mut row: Row = vec![("id", (&saving.savings_id).into())];
            row.extend(year_row(year));
            add(of("saving_year", row));
        }
        for step in &saving.steps {
            add(of("saving_step", step_row(saving, step)));
        }
        for made in &saving.made {
            add(of("saving_made", made_row(saving, made)));
        }
    }
    for total in totals {
        let of = |kind: &'static str| -> Row {
            vec![
                ("kind", kind.into()),
                ("subject", (&total.subject).into()),
                ("subject_name", (&total.subject_name).into()),
                ("unit", unit(&total.currency)),
            ]
        };
        let mut row = of("saving_total");
        row.extend([
            ("first_planned", Cell::known(total.first_planned_pence)),
            ("expected", Cell::known(total.planned_pence)),
            ("dropped", Cell::known(total.dropped_pence)),
            ("made", Cell::known(total.made_pence)),
            ("left", Cell::known(total.left_pence)),
            ("annual", Cell::known(total.annual_pence)),
            ("not_given_count", total.not_given_count.into()),
        ]);
        add(row);
        for year in &total.years {
            let mut row = of("saving_total_year");
            row.extend(year_row(year));
            add(row);
        }
    }
}

/// The sign, or the code, of the currency.
fn unit(currency: &str) -> Cell {
    let currency = Currency::from_code(currency).unwrap_or_default();
    currency.symbol().trim_end().into()
}

fn year_row(year: &SavingsYearView) -> Row {
    vec![
        ("year", (&year.financial_year).into()),
        ("expected", Cell::known(year.planned_pence)),
        ("made", Cell::known(year.made_pence)),
    ]
}

fn plan_row(saving: &SavingsView) -> Row {
    vec![
        ("id", (&saving.savings_id).into()),
        ("what", (&saving.description).into()),
        ("service_id", (&saving.service_id).into()),
        ("unit", unit(&saving.currency)),
        ("expected", planned(saving)),
        ("from", (&saving.from_year).into()),
        ("by", (&saving.to_year).into()),
        (
            "measured",
            match saving.realised_pence {
                0 => Cell::Empty,
                realised => Cell::known_amount(realised, saving.realised_is()),
            },
        ),
        ("part_of_id", (&saving.part_of_id).into()),
        ("expected_is", Cell::label(saving.planned_is())),
        ("measured_is", Cell::label(saving.realised_is())),
        (
            "first_planned",
            amount(saving.first_planned_pence, saving.first_planned_is()),
        ),
        ("first_planned_is", Cell::label(saving.first_planned_is())),
        ("dropped", Cell::known(saving.dropped_pence)),
        ("dropped_on", (&saving.dropped_on).into()),
        ("made", amount(saving.made_pence, saving.made_is())),
        ("made_is", Cell::label(saving.made_is())),
        ("left", amount(saving.left_pence, saving.left_is())),
        ("left_is", Cell::label(saving.left_is())),
        ("recurrence", Cell::label(saving.recurrence())),
        ("annual", Cell::known(saving.annual_pence)),
        ("parts", amount(saving.parts_pence, saving.parts_is())),
        ("parts_over", Cell::known(saving.parts_over_pence)),
        ("not_given_count", saving.not_given_count.into()),
    ]
}

fn step_row(saving: &SavingsView, step: &SavingsStepView) -> Row {
    let amount_column = match step.step() {
        SavingsStep::Dropped => "dropped",
        _ => "expected",
    };
    vec![
        ("id", (&saving.savings_id).into()),
        ("what", Cell::label(step.step())),
        ("service_id", (&step.service_id).into()),
        (amount_column, step_amount(step)),
        ("expected_is", Cell::label(step.amount_is())),
        ("from", (&step.from_year).into()),
        ("by", (&step.to_year).into()),
        ("measured_on", Cell::dated(&step.on, step.on_is())),
        ("recurrence", Cell::label(step.recurrence())),
        ("annual", Cell::known(step.annual_pence)),
        ("reason", (&step.reason).into()),
        ("position", step.position.into()),
    ]
}

fn made_row(saving: &SavingsView, made: &SavingsMadeView) -> Row {
    vec![
        ("id", (&made.savings_id).into()),
        ("what", (&made.description).into()),
        ("service_id", (&made.service_id).into()),
        (
            "part_of_id",
            match saving.steps.is_empty() {
                true => Cell::Empty,
                false => (&saving.savings_id).into(),
            },
        ),
        ("made", amount(made.amount_pence, made.amount_is())),
        ("made_is", Cell::label(made.amount_is())),
        ("from", (&made.from_year).into()),
        ("by", (&made.to_year).into()),
        ("measured_on", Cell::dated(&made.on, made.on_is())),
        ("recurrence", Cell::label(made.recurrence())),
        ("annual", Cell::known(made.annual_pence)),
        ("after_drop", Cell::Yes(made.after_drop)),
        ("position", made.position.into()),
    ]
}
