//! Savings: the plans, their amounts by year, their steps, and the totals.

use crate::present::cell::Cell;
use crate::present::sheet::Sheet;
use crate::wire::enum_label::EnumLabel;
use crate::wire::proto::{
    AmountIs, Recurrence, SavingsMadeView, SavingsStep, SavingsStepView, SavingsTotalView,
    SavingsView, SavingsYearView,
};

/// A row for programs: the cells by their columns.
type Row = Vec<(&'static str, Cell)>;

/// The tables for people.
pub(super) fn sheets(savings: &[SavingsView], totals: &[SavingsTotalView]) -> Vec<Sheet> {
    vec![
        plans(savings),
        by_year(savings),
        steps(savings),
        made(savings),
        totals_sheet(totals),
    ]
}

fn plans(savings: &[SavingsView]) -> Sheet {
    let mut sheet = Sheet::new("savings", "Savings").with_prose().columns([
        ("what", "Saving"),
        ("years", "Years"),
        ("first_planned", "First planned"),
        ("planned", "Planned now"),
        ("dropped", "Given up"),
        ("made", "Made"),
        ("left", "Left"),
        ("annual", "Each year"),
        ("parts", "Its parts"),
    ]);
    for saving in savings {
        sheet.row(vec![
            heading(saving).into(),
            years_in_words(&saving.from_year, &saving.to_year).into(),
            amount(saving.first_planned_pence, saving.first_planned_is()),
            planned(saving),
            dropped(saving),
            amount(saving.made_pence, saving.made_is()),
            amount(saving.left_pence, saving.left_is()),
            each_year(saving.annual_pence, saving.recurrence()),
            parts(saving),
        ]);
    }
    sheet
}

fn heading(saving: &SavingsView) -> String {
    let mut lines = vec![
        saving.description.clone(),
        format!("{}, {}", saving.savings_id, saving.subject_name),
    ];
    if !saving.service_id.is_empty() {
        lines.push(saving.service_id.clone());
    }
    if !saving.part_of_id.is_empty() {
        lines.push(format!("part of {}", saving.part_of_id));
    }
    lines.join("\n")
}

fn planned(saving: &SavingsView) -> Cell {
    match saving.planned_pence {
        None if saving.planned_is() == AmountIs::Unspecified => Cell::named("", "not planned"),
        pence => amount(pence, saving.planned_is()),
    }
}

/// Blank where there is none.
fn amount(pence: Option<i64>, is: AmountIs) -> Cell {
    match pence {
        Some(pence) => Cell::known_amount(pence, is),
        None if is == AmountIs::NotGiven => Cell::named("", "not given"),
        None => Cell::Empty,
    }
}

fn dropped(saving: &SavingsView) -> Cell {
    let pence = saving
        .dropped_pence
        .map(|pence| Cell::Pence(pence).for_people());
    match (&saving.dropped_on, pence) {
        (None, None) => Cell::Empty,
        (None, Some(pence)) => pence.into(),
        (Some(on), pence) => {
            let amount = pence.unwrap_or_else(|| "not given".to_owned());
            format!("{amount}\nall, on {}", Cell::On(*on).for_people()).into()
        }
    }
}

fn each_year(annual: Option<i64>, recurrence: Recurrence) -> Cell {
    match (annual, recurrence) {
        (Some(annual), _) => Cell::Pence(annual),
        (None, Recurrence::Unspecified) => Cell::Empty,
        (None, recurrence) => Cell::label(recurrence),
    }
}

fn parts(saving: &SavingsView) -> Cell {
    if saving.part_count == 0 {
        return Cell::Empty;
    }
    let total = amount(saving.parts_pence, saving.parts_is()).for_people();
    let over = match saving.parts_over_pence {
        Some(over) if over > 0 => {
            format!("\n{} more than the whole", Cell::Pence(over).for_people())
        }
        Some(_) | None => String::new(),
    };
    let count = saving.part_count;
    format!("{count}: {total}{over}").into()
}

fn years_in_words(from: &str, to: &str) -> String {
    match (from, to) {
        ("", "") => "not given".to_owned(),
        ("", to) => format!("until {to}"),
        (from, "") => format!("from {from}, end not given"),
        (from, to) if from == to => from.to_owned(),
        (from, to) => format!("{from} to {to}"),
    }
}

fn by_year(savings: &[SavingsView]) -> Sheet {
    let mut sheet = Sheet::new("savings_by_year", "Savings by year").columns([
        ("id", "Saving"),
        ("year", "Year"),
        ("planned", "Planned"),
        ("made", "Made"),
    ]);
    for saving in savings {
        for year in &saving.years {
            sheet.row(vec![
                (&saving.savings_id).into(),
                (&year.financial_year).into(),
                pence(year.planned_pence),
                pence(year.made_pence),
            ]);
        }
    }
    sheet
}

fn pence(pence: Option<i64>) -> Cell {
    pence.map_or(Cell::Empty, Cell::Pence)
}

/// The changes of the plans; a plan that was only made has none.
fn steps(savings: &[SavingsView]) -> Sheet {
    let mut sheet = Sheet::new("savings_steps", "Changes of savings plans")
        .with_prose()
        .columns([
            ("id", "Saving"),
            ("on", "On"),
            ("step", "Step"),
            ("amount", "Amount"),
            ("years", "Years"),
            ("reason", "Reason"),
            ("position", "Entry"),
        ]);
    for saving in savings.iter().filter(|saving| saving.steps.len() > 1) {
        for step in &saving.steps {
            sheet.row(vec![
                (&saving.savings_id).into(),
                Cell::dated(&step.on, step.on_is()),
                step_name(step.step()).into(),
                step_amount(step),
                match step.step() {
                    SavingsStep::Dropped => Cell::Empty,
                    _ => years_in_words(&step.from_year, &step.to_year).into(),
                },
                (&step.reason).into(),
                step.position.into(),
            ]);
        }
    }
    sheet
}

fn step_name(step: SavingsStep) -> String {
    match step {
        SavingsStep::Dropped => "given up".to_owned(),
        step => step.label(),
    }
}

fn step_amount(step: &SavingsStepView) -> Cell {
    match (step.amount_pence, step.step()) {
        (None, SavingsStep::Dropped) => Cell::named("", "all that was left"),
        (pence, _) => amount(pence, step.amount_is()),
    }
}

fn made(savings: &[SavingsView]) -> Sheet {
    let mut sheet = Sheet::new("savings_made", "Savings made").columns([
        ("plan", "Plan"),
        ("id", "Id"),
        ("what", "What"),
        ("on", "On"),
        ("amount", "Amount"),
        ("years", "Years"),
        ("after_drop", "After it was given up"),
        ("position", "Entry"),
    ]);
    for (saving, made) in all_made(savings) {
        let is_planned = !saving.steps.is_empty();
        sheet.row(vec![
            match is_planned {
                true => (&saving.savings_id).into(),
                false => Cell::Empty,
            },
            (&made.savings_id).into(),
            (&made.description).into(),
            Cell::dated(&made.on, made.on_is()),
            amount(made.amount_pence, made.amount_is()),
            years_in_words(&made.from_year, &made.to_year).into(),
            Cell::Yes(made.after_drop),
            made.position.into(),
        ]);
    }
    sheet
}

fn all_made(savings: &[SavingsView]) -> impl Iterator<Item = (&SavingsView, &SavingsMadeView)> {
    let pairs = |saving| -> Vec<(&SavingsView, &SavingsMadeView)> {
        let saving: &SavingsView = saving;
        saving.made.iter().map(|made| (saving, made)).collect()
    };
    savings.iter().flat_map(pairs)
}

fn totals_sheet(totals: &[SavingsTotalView]) -> Sheet {
    let mut sheet = Sheet::new("savings_totals", "Savings in total").columns([
        ("subject_name", "Subject"),
        ("first_planned", "First planned"),
        ("planned", "Planned now"),
        ("dropped", "Given up"),
        ("made", "Made"),
        ("left", "Left"),
        ("annual", "Each year"),
        ("not_given", "Amounts not given"),
    ]);
    for total in totals {
        sheet.row(vec![
            (&total.subject_name).into(),
            pence(total.first_planned_pence),
            pence(total.planned_pence),
            pence(total.dropped_pence),
            pence(total.made_pence),
            pence(total.left_pence),
            pence(total.annual_pence),
            match total.not_given_count {
                0 => Cell::Empty,
                count => count.into(),
            },
        ]);
    }
    sheet
}

/// The rows for programs: of each plan, its years, steps and savings made; then the totals.
pub(super) fn rows(savings: &[SavingsView], totals: &[SavingsTotalView], add: &mut dyn FnMut(Row)) {
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
                ("unit", "£".into()),
            ]
        };
        let mut row = of("saving_total");
        row.extend([
            ("first_planned", pence(total.first_planned_pence)),
            ("expected", pence(total.planned_pence)),
            ("dropped", pence(total.dropped_pence)),
            ("made", pence(total.made_pence)),
            ("left", pence(total.left_pence)),
            ("annual", pence(total.annual_pence)),
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

fn year_row(year: &SavingsYearView) -> Row {
    vec![
        ("year", (&year.financial_year).into()),
        ("expected", pence(year.planned_pence)),
        ("made", pence(year.made_pence)),
    ]
}

fn plan_row(saving: &SavingsView) -> Row {
    vec![
        ("id", (&saving.savings_id).into()),
        ("what", (&saving.description).into()),
        ("service_id", (&saving.service_id).into()),
        ("unit", "£".into()),
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
        ("dropped", pence(saving.dropped_pence)),
        ("dropped_on", (&saving.dropped_on).into()),
        ("made", amount(saving.made_pence, saving.made_is())),
        ("made_is", Cell::label(saving.made_is())),
        ("left", amount(saving.left_pence, saving.left_is())),
        ("left_is", Cell::label(saving.left_is())),
        ("recurrence", Cell::label(saving.recurrence())),
        ("annual", pence(saving.annual_pence)),
        ("parts", amount(saving.parts_pence, saving.parts_is())),
        ("parts_over", pence(saving.parts_over_pence)),
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
        ("annual", pence(step.annual_pence)),
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
        ("annual", pence(made.annual_pence)),
        ("after_drop", Cell::Yes(made.after_drop)),
        ("position", made.position.into()),
    ]
}
