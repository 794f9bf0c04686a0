//! A budget in one year: each line with every column that any line has, as a monitoring
//! paper prints it, with the changes and the reports that they are made of.

use crate::cell::{Cell, money};
use crate::dates;
use crate::report::Report;
use crate::reports::assurance;
use crate::reports::budget_lines::{capital, head_name, lines_name};
use crate::reports::figures::in_place;
use crate::sheet::Sheet;
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{
    BodyRef, BudgetAmounts, BudgetBeside, BudgetChange, BudgetChangeKind, BudgetHead, BudgetRow,
    BudgetView, BudgetYear, FundType, LineSet, StatedFigure, YearFigure,
};

type Column = (&'static str, &'static str, fn(&BudgetAmounts) -> Cell);

/// The columns, in the order in which a treasurer reads them.
const COLUMNS: [Column; 18] = [
    ("original", "Original", |a| Cell::known(a.original_pence)),
    ("set_anew", "Set anew", |a| Cell::known(a.set_anew_pence)),
    ("supplementary", "Supplementary", |a| {
        Cell::known(a.supplementary_pence)
    }),
    ("brought_forward", "Brought forward", |a| {
        Cell::known(a.brought_forward_pence)
    }),
    ("from_reserves", "From reserves", |a| {
        Cell::known(a.from_reserves_pence)
    }),
    ("to_reserves", "To reserves", |a| {
        Cell::known(a.to_reserves_pence)
    }),
    ("grants", "Grants", |a| Cell::known(a.grants_pence)),
    ("slipped", "Slipped", |a| Cell::known(a.slipped_pence)),
    ("virements_in", "Virements in", |a| {
        Cell::known(a.virements_in_pence)
    }),
    ("virements_out", "Virements out", |a| {
        Cell::known(a.virements_out_pence)
    }),
    ("revised", "Budget", |a| Cell::known(a.revised_pence)),
    ("to_date", "To date", |a| Cell::known(a.to_date_pence)),
    ("committed", "Committed", |a| Cell::known(a.committed_pence)),
    ("left", "Left", |a| Cell::known(a.left_pence)),
    ("forecast", "Forecast", |a| Cell::known(a.forecast_pence)),
    ("outturn", "Outturn", |a| Cell::known(a.outturn_pence)),
    ("variance", "Variance", |a| Cell::known(a.variance_pence)),
    ("variance_percent", "%", |a| {
        a.variance_ppm.map_or(Cell::Empty, Cell::SignedPpm)
    }),
];

/// Without changes, the budget is the original one, and what is left is all of it.
fn says_more(key: &str, all: &[&BudgetAmounts]) -> bool {
    match key {
        "original" => all.iter().any(|a| a.original_pence != a.revised_pence),
        "left" => all
            .iter()
            .any(|a| a.to_date_pence.is_some() || a.committed_pence.is_some()),
        _ => true,
    }
}

/// The lines, the totals of their parts, and the whole.
pub(super) fn sheets(view: &BudgetView, year: &BudgetYear, heading: String) -> Report {
    let currency = view.currency.as_str();
    let mut lines: Vec<(Cell, &BudgetAmounts)> = Vec::new();
    for row in &view.rows {
        let cell = row
            .cells
            .iter()
            .find(|cell| cell.financial_year == year.financial_year);
        if let Some(amounts) = cell.and_then(|cell| cell.amounts.as_ref()) {
            let (id, name) = head_name(row.service.as_ref(), &head_of(row), "");
            lines.push((Cell::named(id, name), amounts));
        }
    }
    let has_capital = view.rows.iter().any(|row| row.fund() == FundType::Capital);
    for group in &year.groups {
        let Some(amounts) = &group.amounts else {
            continue;
        };
        let name = match &group.lines {
            Some(lines) => lines_name(lines, has_capital),
            None => (
                format!("total {}", group.head_id),
                format!("{}, all parts", group.head_name),
            ),
        };
        lines.push((Cell::named(name.0, name.1), amounts));
    }
    if let Some(undivided) = &year.undivided {
        lines.push((Cell::named("not divided", "Not divided by line"), undivided));
    }
    if let Some(whole) = &year.amounts {
        lines.push((Cell::named("total", "Total"), whole));
    }
    let all: Vec<&BudgetAmounts> = lines.iter().map(|(_, amounts)| *amounts).collect();
    let shown: Vec<&Column> = COLUMNS
        .iter()
        .filter(|(key, _, cell)| {
            says_more(key, &all) && all.iter().any(|amounts| cell(amounts) != Cell::Empty)
        })
        .collect();
    let mut sheet =
        Sheet::new("budget", heading).when_empty("No budget, forecast or outturn is recorded.");
    sheet.in_currency(currency);
    sheet.column("line", "Line");
    for (key, title, _) in &shown {
        sheet.column(*key, *title);
    }
    for (name, amounts) in lines {
        let mut cells = vec![name];
        cells.extend(shown.iter().map(|(_, _, cell)| cell(amounts)));
        sheet.row(cells);
    }
    for note in contradicted("Budget", &year.printed, currency) {
        sheet.note(note);
    }
    for beside in &year.beside {
        sheet.note(other_budget(beside, currency));
    }
    Report::Parts {
        list: sheet.clone(),
        parts: vec![
            sheet,
            reported(year, currency),
            changes(year, currency),
            assurance::grants(&year.grants),
        ],
    }
}

fn head_of(row: &BudgetRow) -> BudgetHead {
    BudgetHead {
        service_id: row
            .service
            .as_ref()
            .map(|service| service.service_id.clone())
            .unwrap_or_default(),
        head: row.head.clone(),
        fund: row.fund,
        is_income: row.is_income,
    }
}

/// A service in another budget of the year, in a sentence.
fn other_budget(beside: &BudgetBeside, currency: &str) -> String {
    let service = beside.service.clone().unwrap_or_default();
    let service = match service.name.as_str() {
        "" if service.service_id.is_empty() => "without a service".to_owned(),
        "" => service.service_id,
        name => name.to_owned(),
    };
    let amount = beside.amount_pence.map_or_else(
        || "not stated".to_owned(),
        |amount| money(amount, currency).to_string(),
    );
    let which = match beside.budget_id.as_str() {
        "" => "the main budget".to_owned(),
        id => format!("the budget {id}"),
    };
    let title = match beside.title.as_str() {
        "" => String::new(),
        title => format!(", \"{title}\""),
    };
    format!(
        "Beside it: {service} {amount}, by {which}{title} (entry {}).",
        beside.position
    )
}

/// Each report, beside the budget of the same part.
fn reported(year: &BudgetYear, currency: &str) -> Sheet {
    let mut sheet = Sheet::new("reports", "Reports").columns([
        ("report", "Report"),
        ("reported_on", "Of"),
        ("figure", "Figure"),
        ("compared", "Of which budgeted"),
        ("budget", "Budget of the same"),
        ("variance", "Variance"),
        ("left_out", "Left out"),
        ("entry", "Entry"),
    ]);
    sheet.in_currency(currency);
    let lists = [
        ("spent to date", &year.to_date),
        ("committed", &year.committed),
        ("forecast", &year.forecasts),
        ("outturn", &year.outturns),
    ];
    for (kind, figures) in lists {
        for figure in figures {
            let status = figure.status().label();
            let words = [kind, status.as_str(), figure.basis.as_str()];
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            let on = match &figure.up_to_on {
                Some(up_to) => Cell::Text(format!("to {}", dates::date(up_to))),
                None => Cell::dated(&figure.reported_on, figure.reported_on_is()),
            };
            sheet.row(vec![
                Cell::Text(words.join(", ")),
                on,
                Cell::known(figure.figure_pence),
                Cell::known(figure.compared_pence),
                Cell::known(figure.budget_pence),
                Cell::known(figure.against_budget_pence),
                Cell::list(figure.left_out.iter().cloned().map(Cell::Text)),
                Cell::Number(i64::try_from(figure.position).unwrap_or(i64::MAX)),
            ]);
        }
        for note in figures
            .iter()
            .flat_map(|figure| printed(kind, figure, currency))
        {
            sheet.note(note);
        }
    }
    sheet
}

/// The printed totals and variances of a report that its figures contradict, and the
/// variances that nothing else gives.
fn printed(kind: &str, figure: &YearFigure, currency: &str) -> Vec<String> {
    let kind = capital(kind);
    let mut notes = contradicted(&kind, &figure.stated, currency);
    for variance in &figure.variances {
        let computed = match (variance.computed_pence, variance.difference_pence) {
            (Some(_), None) => continue,
            (None, _) => String::new(),
            (Some(computed), Some(_)) => format!(", it comes to {}", money(computed, currency)),
        };
        notes.push(format!(
            "{kind}, {}: a variance of {} is printed{}{computed}.",
            part_name(variance.lines.as_ref(), variance.body.as_ref()),
            money(variance.stated_pence, currency),
            in_place(&variance.place)
        ));
    }
    notes
}

/// The printed totals that the lines contradict.
fn contradicted(kind: &str, totals: &[StatedFigure], currency: &str) -> Vec<String> {
    let contradicted = totals.iter().filter(|total| total.difference_pence != 0);
    let notes = contradicted.map(|total| {
        let computed = total.stated_pence.saturating_add(total.difference_pence);
        format!(
            "{kind}, {}: {} is printed{}, its lines come to {}.",
            part_name(total.lines.as_ref(), total.body.as_ref()),
            money(total.stated_pence, currency),
            in_place(&total.place),
            money(computed, currency)
        )
    });
    notes.collect()
}

/// The part that a printed figure is about.
fn part_name(lines: Option<&LineSet>, body: Option<&BodyRef>) -> String {
    let lines = lines.map(|lines| lines_name(lines, true).1);
    let body = body.map(|body| body.name.clone());
    let parts: Vec<String> = body.into_iter().chain(lines).collect();
    match parts.as_slice() {
        [] => "the whole".to_owned(),
        parts => parts.join(", "),
    }
}

/// The changes within the year.
fn changes(year: &BudgetYear, currency: &str) -> Sheet {
    let mut sheet = Sheet::new("changes", "Changes within the year").columns([
        ("on", "From"),
        ("change", "Change"),
        ("line", "Line"),
        ("amount", "Amount"),
        ("item", "Item"),
        ("entry", "Entry"),
    ]);
    sheet.in_currency(currency);
    for change in &year.changes {
        let head = change.head.clone().unwrap_or_default();
        let (id, name) = head_name(None, &head, &change.service_name);
        sheet.row(vec![
            change.on.map_or(Cell::Empty, Cell::On),
            Cell::Label(kind_of(change)),
            Cell::named(id, name),
            Cell::Pence(change.amount_pence),
            Cell::Text(change.item_id.clone()),
            Cell::Number(i64::try_from(change.position).unwrap_or(i64::MAX)),
        ]);
    }
    for schedule in &year.schedules {
        let amount = schedule.amount_pence.map_or_else(
            || "an amount that is not stated".to_owned(),
            |amount| money(amount, currency).to_string(),
        );
        sheet.note(format!(
            "Virement {} (entry {}) moved {amount} by the schedule {}, which names no heads.",
            schedule.virement_id, schedule.position, schedule.title
        ));
    }
    sheet
}

fn kind_of(change: &BudgetChange) -> String {
    match change.kind() {
        BudgetChangeKind::Adjusted => change.adjustment_kind().label(),
        kind => kind.label(),
    }
}
