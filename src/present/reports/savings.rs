//! Savings: the plans, their amounts by year, their steps, and the totals.

mod rows;

pub(super) use rows::rows;

use std::collections::{BTreeMap, BTreeSet};

use crate::cell::Cell;
use crate::sheet::Sheet;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{
    AmountIs, Recurrence, SavingsMadeView, SavingsStep, SavingsStepView, SavingsTotalView,
    SavingsView,
};

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
    let first = savings.first().map(|saving| &saving.subject);
    let is_one_subject = savings.iter().all(|saving| Some(&saving.subject) == first);
    for (depth, saving) in with_parts_below(savings) {
        sheet.in_currency(&saving.currency);
        sheet.row(vec![
            heading(saving, depth, is_one_subject).into(),
            years_in_words(&saving.from_year, &saving.to_year).into(),
            amount(saving.first_planned_pence, saving.first_planned_is()),
            planned_or_by_parts(saving),
            dropped(saving),
            amount(saving.made_pence, saving.made_is()),
            amount(saving.left_pence, saving.left_is()),
            each_year(saving.annual_pence, saving.recurrence()),
            parts(saving),
        ]);
    }
    sheet
}

/// Each plan, and its parts after it: with the number of plans that it is part of.
fn with_parts_below(savings: &[SavingsView]) -> Vec<(usize, &SavingsView)> {
    let mut parts: BTreeMap<(&str, &str), Vec<&SavingsView>> = BTreeMap::new();
    let listed = savings.iter();
    let ids: BTreeSet<(&str, &str)> = listed.map(|s| (&*s.subject, &*s.savings_id)).collect();
    let mut open: Vec<(usize, &SavingsView)> = Vec::new();
    // The last of those that are open is listed next.
    for saving in savings.iter().rev() {
        let whole = (&*saving.subject, &*saving.part_of_id);
        match ids.contains(&whole) {
            true => parts.entry(whole).or_default().push(saving),
            false => open.push((0, saving)),
        }
    }
    let mut lines = Vec::with_capacity(savings.len());
    while let Some((depth, saving)) = open.pop() {
        lines.push((depth, saving));
        let below = parts.remove(&(&*saving.subject, &*saving.savings_id));
        let below = below.into_iter().flatten();
        open.extend(below.map(|part| (depth + 1, part)));
    }
    lines
}

fn heading(saving: &SavingsView, depth: usize, is_one_subject: bool) -> String {
    let indent = "└ ".repeat(depth);
    let mut lines = vec![
        format!("{indent}{}", saving.description),
        saving.savings_id.clone(),
    ];
    if !is_one_subject {
        lines.push(saving.subject_name.clone());
    }
    if !saving.service_id.is_empty() {
        lines.push(saving.service_id.clone());
    }
    if !saving.part_of_id.is_empty() {
        lines.push(format!("part of {}", saving.part_of_id));
    }
    lines.join("\n")
}

/// The planned amount; of a plan that gives none, and is the sum of its parts, that of these.
fn planned_or_by_parts(saving: &SavingsView) -> Cell {
    match (saving.planned_pence, saving.parts_pence) {
        (None, Some(parts)) if saving.left_pence.is_some() => {
            let parts = Cell::known_amount(parts, saving.parts_is());
            Cell::sentence([parts, "\nby its parts".into()])
        }
        _ => planned(saving),
    }
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
    let amount = saving.dropped_pence.map(Cell::Pence);
    match (&saving.dropped_on, amount) {
        (None, None) => Cell::Empty,
        (None, Some(amount)) => Cell::sentence([amount]),
        (Some(on), amount) => {
            let amount = amount.unwrap_or_else(|| "not given".into());
            Cell::sentence([amount, "\nall, on ".into(), Cell::On(*on)])
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
    let total = amount(saving.parts_pence, saving.parts_is());
    let mut parts = vec![format!("{}: ", saving.part_count).into(), total];
    if let Some(over) = saving.parts_over_pence.filter(|over| *over > 0) {
        parts.extend([
            "\n".into(),
            Cell::Pence(over),
            " more than the whole".into(),
        ]);
    }
    Cell::sentence(parts)
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
        sheet.in_currency(&saving.currency);
        for year in &saving.years {
            sheet.row(vec![
                (&saving.savings_id).into(),
                (&year.financial_year).into(),
                Cell::known(year.planned_pence),
                Cell::known(year.made_pence),
            ]);
        }
    }
    sheet
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
        sheet.in_currency(&saving.currency);
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
        sheet.in_currency(&saving.currency);
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
        sheet.in_currency(&total.currency);
        sheet.row(vec![
            (&total.subject_name).into(),
            Cell::known(total.first_planned_pence),
            Cell::known(total.planned_pence),
            Cell::known(total.dropped_pence),
            Cell::known(total.made_pence),
            Cell::known(total.left_pence),
            Cell::known(total.annual_pence),
            match total.not_given_count {
                0 => Cell::Empty,
                count => count.into(),
            },
        ]);
    }
    sheet
}
