//! Budgets by line and year, beside totals as printed, forecasts and outturns.
//!
//! One year can have several printed totals, each in its own place, and several
//! forecasts. Each place, and each forecast, has its own row, so that all figures for
//! one year are in one column.

use std::collections::{HashMap, HashSet};

use crate::cell::{Cell, money};
use crate::dates;
use crate::report::Report;
use crate::reports::budget_lines::{capital, head_name};
use crate::reports::budget_year;
use crate::sheet::Sheet;
use minutebook_wire::proto::{
    BudgetAmounts, BudgetHead, BudgetRow, BudgetView, BudgetYear, DateIs, YearFigure,
};

/// The lines, then the totals; of one year that was asked for, every column.
pub fn budget_by_year(view: &BudgetView) -> Report {
    let which = match view.budget_id.as_str() {
        "" => String::new(),
        id => format!(" ({id})"),
    };
    let name = match view.subject_name.as_str() {
        "" => &view.subject,
        name => name,
    };
    let service = view.only_service.as_ref();
    let service = service.map_or_else(String::new, |service| format!(", {}", service.name));
    let heading = format!("Budget of {name}{which}{service}");
    if let [year] = view.years.as_slice()
        && !view.only_year.is_empty()
    {
        let title = match year.title.as_str() {
            "" => String::new(),
            title => format!(": {title}"),
        };
        let heading = format!("{heading}, {}{title}", year.financial_year);
        return budget_year::sheets(view, year, heading);
    }
    let mut sheet =
        Sheet::new("budget", heading).when_empty("No budget, forecast or outturn is recorded.");
    sheet.in_currency(&view.currency);
    sheet.column("line", "Line");
    for year in &view.years {
        sheet.column(&year.financial_year, &year.financial_year);
    }
    for row in &view.rows {
        sheet.row(line(row, view));
    }
    let undivided = |year: &BudgetYear| year.undivided.as_ref()?.revised_pence;
    if view.years.iter().any(|year| undivided(year).is_some()) {
        let mut cells = vec![Cell::named("not divided", "Not divided by line")];
        cells.extend(view.years.iter().map(|year| Cell::known(undivided(year))));
        sheet.row(cells);
    }
    if !view.years.is_empty() {
        let mut cells = vec![Cell::named("total", "Total")];
        cells.extend(view.years.iter().map(|year| Cell::known(year.total_pence)));
        sheet.row(cells);
    }
    for changed in changes(view) {
        sheet.row(changed);
    }
    for figures in further_rows(view) {
        sheet.row(figures);
    }
    for year in view.years.iter().filter(|year| year.position > 0) {
        let from = Cell::dated(&year.effective_on, year.effective_on_is()).for_people();
        let from = match (from.as_str(), year.effective_on_is()) {
            ("", _) => String::new(),
            (day, DateIs::Unspecified) => format!(" from {day}"),
            (day, _) => format!(" {day}"),
        };
        sheet.note(format!(
            "{}: set{from} by entry {}.{}",
            year.financial_year,
            year.position,
            disagreement(year, &view.currency)
        ));
    }
    if let (Some(total), true) = (view.all_years_pence, view.years.len() > 1) {
        sheet.note(format!("All years: {}.", money(total, &view.currency)));
    }
    if !view.other_budget_ids.is_empty() {
        let others = view.other_budget_ids.join(", ");
        sheet.note(format!("Beside it (--budget ID): {others}."));
    }
    Report::List(sheet)
}

/// Where a year's budget was changed: its total as first set, and the changes.
fn changes(view: &BudgetView) -> Vec<Vec<Cell>> {
    let of_years = |name: &'static str, pick: &dyn Fn(&BudgetAmounts) -> Option<i64>| {
        let years = view.years.iter();
        let cells = years.map(|year| Cell::known(year.amounts.as_ref().and_then(pick)));
        let mut row = vec![label(name)];
        row.extend(cells);
        row
    };
    let changed = |amounts: &BudgetAmounts| {
        let (original, revised) = (amounts.original_pence?, amounts.revised_pence?);
        Some(revised.saturating_sub(original))
    };
    let mut years = view.years.iter().filter_map(|year| year.amounts.as_ref());
    if years.all(|amounts| changed(amounts).is_none_or(|changed| changed == 0)) {
        return Vec::new();
    }
    vec![
        of_years("total as first set", &|amounts| amounts.original_pence),
        of_years("changes since", &changed),
    ]
}

fn line(row: &BudgetRow, view: &BudgetView) -> Vec<Cell> {
    let head = BudgetHead {
        service_id: row
            .service
            .as_ref()
            .map(|service| service.service_id.clone())
            .unwrap_or_default(),
        head: row.head.clone(),
        fund: row.fund,
        is_income: row.is_income,
    };
    let (id, name) = head_name(row.service.as_ref(), &head, "");
    let amounts: HashMap<&str, i64> = row
        .cells
        .iter()
        .filter_map(|cell| {
            let amounts = cell.amounts.as_ref()?;
            Some((cell.financial_year.as_str(), amounts.revised_pence?))
        })
        .collect();
    let mut cells = vec![Cell::named(id, name)];
    let years = view.years.iter().map(|year| year.financial_year.as_str());
    cells.extend(years.map(|year| Cell::known(amounts.get(year).copied())));
    cells
}

/// Two rows: the figures of some years under one label, and their differences.
struct Figures {
    label: String,
    difference_label: String,
    by_year: HashMap<String, Figure>,
}

#[derive(Clone, Copy)]
struct Figure {
    pence: i64,
    difference: Option<i64>,
}

/// The rows under the total: printed totals, forecasts, outturns, each with its
/// difference, in the order in which the years first name them.
fn further_rows(view: &BudgetView) -> Vec<Vec<Cell>> {
    let mut all: Vec<Figures> = Vec::new();
    let mut collect = |figures_of: &dyn Fn(&BudgetYear) -> Vec<Named>| {
        for year in &view.years {
            let mut used = HashSet::new();
            for named in figures_of(year) {
                // A second figure from one place in one year gets a number.
                let place = (1..)
                    .map(|n| match n {
                        1 => named.place.clone(),
                        n => format!("{} no. {n}", named.place).trim().to_owned(),
                    })
                    .find(|place| used.insert(place.clone()))
                    .unwrap_or_default();
                let label = labelled(named.kind, &place);
                let figure = named.figure;
                match all.iter_mut().find(|figures| figures.label == label) {
                    Some(figures) => {
                        figures.by_year.insert(year.financial_year.clone(), figure);
                    }
                    None => all.push(Figures {
                        label,
                        difference_label: labelled(named.difference_kind, &place),
                        by_year: HashMap::from([(year.financial_year.clone(), figure)]),
                    }),
                }
            }
        }
    };
    collect(&|year| {
        let stated = year.stated.iter().map(|total| Named {
            kind: "stated",
            difference_kind: "difference",
            place: total.place.clone(),
            figure: Figure {
                pence: total.stated_pence,
                // Where no lines are known there is nothing to differ from.
                difference: total.is_compared.then_some(total.difference_pence),
            },
        });
        stated.collect()
    });
    collect(&|year| reported("forecast", "forecast less budget", &year.forecasts));
    collect(&|year| reported("outturn", "outturn less budget", &year.outturns));

    let mut rows = Vec::new();
    for figures in &all {
        let of_years = |pick: fn(Figure) -> Option<i64>| {
            let years = view.years.iter();
            let figures = years.map(|year| figures.by_year.get(&year.financial_year).copied());
            let cells: Vec<Cell> = figures
                .map(|figure| Cell::known(figure.and_then(pick)))
                .collect();
            cells
        };
        let mut amounts = vec![label(&figures.label)];
        amounts.extend(of_years(|figure| Some(figure.pence)));
        rows.push(amounts);
        let mut by_year = figures.by_year.values();
        if by_year.any(|figure| figure.difference.is_some()) {
            let mut differences = vec![label(&figures.difference_label)];
            differences.extend(of_years(|figure| figure.difference));
            rows.push(differences);
        }
    }
    rows
}

struct Named {
    kind: &'static str,
    difference_kind: &'static str,
    place: String,
    figure: Figure,
}

fn reported(
    kind: &'static str,
    difference_kind: &'static str,
    figures: &[YearFigure],
) -> Vec<Named> {
    let given = figures.iter().filter_map(|reported| {
        Some(Named {
            kind,
            difference_kind,
            place: place_of(reported),
            figure: Figure {
                pence: reported.figure_pence?,
                difference: reported.against_budget_pence,
            },
        })
    });
    given.collect()
}

/// The mark that distinguishes one forecast from another: its place, else its basis,
/// else its day.
fn place_of(figure: &YearFigure) -> String {
    let place = figure.sources.iter().map(|source| &source.place);
    if let Some(place) = place.into_iter().find(|place| !place.is_empty()) {
        return place.clone();
    }
    if !figure.basis.is_empty() {
        return figure.basis.clone();
    }
    figure
        .reported_on
        .as_ref()
        .map_or_else(String::new, dates::date)
}

fn labelled(kind: &str, place: &str) -> String {
    if place.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind} ({place})")
    }
}

/// A label, with a capital for people.
fn label(text: &str) -> Cell {
    Cell::named(text, capital(text))
}

/// The figures for one year that differ from its total, in a sentence.
fn disagreement(year: &BudgetYear, currency: &str) -> String {
    let Some(total) = year.total_pence else {
        return String::new();
    };
    let mut figures: Vec<String> = Vec::new();
    for stated in &year.stated {
        if stated.difference_pence != 0 {
            let label = labelled("stated", &stated.place);
            figures.push(format!("{} {label}", money(stated.stated_pence, currency)));
        }
    }
    let reported = [("forecast", &year.forecasts), ("outturn", &year.outturns)];
    for (kind, reports) in reported {
        for figure in reports {
            let label = labelled(kind, &place_of(figure));
            match figure.figure_pence {
                Some(of_part) if !figure.is_whole => {
                    figures.push(format!(
                        "{} {label}{}",
                        money(of_part, currency),
                        part(figure, currency)
                    ));
                }
                Some(whole) if whole != total => {
                    figures.push(format!("{} {label}", money(whole, currency)));
                }
                Some(_) | None => {}
            }
        }
    }
    if figures.is_empty() {
        return String::new();
    }
    format!(
        " {} computed; {}.",
        money(total, currency),
        figures.join("; ")
    )
}

/// The part that a report covers, where that is not the whole budget.
fn part(figure: &YearFigure, currency: &str) -> String {
    let mut part = match figure.budget_pence {
        Some(budget) => format!(" of a part budgeted at {}", money(budget, currency)),
        None => " of what has no budget".to_owned(),
    };
    if !figure.left_out.is_empty() {
        part.push_str(&format!(", without {}", figure.left_out.join(", ")));
    }
    part
}

#[cfg(test)]
mod tests;
