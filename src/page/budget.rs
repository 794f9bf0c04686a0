//! A budget: from the original to the outturn, by head, and what each head gained or lost.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::frame::{PageSection, WebPage};
use crate::picture::{self, waterfall};
use crate::{budget_years, report, spoken, table, who};
use minutebook_present::answer::Answer;
use minutebook_wire::proto::{BudgetAmounts, BudgetRow, BudgetView, BudgetYear, GetBudgetResponse};

pub fn page(answer: &GetBudgetResponse, address: &Address) -> WebPage {
    let links = address.links();
    let Some(view) = &answer.budget else {
        return WebPage::new(PageSection::Collaborations, "Budget");
    };
    let title = match view.only_year.as_str() {
        "" => format!("The budget of {}", view.subject_name),
        year => format!("The budget of {year}"),
    };
    WebPage::of_data(PageSection::Collaborations, title)
        .over(html! { p { a href=(links.subject(&view.subject)) { (view.subject_name) } @if !view.budget_id.is_empty() { " · " (view.budget_id) } } })
        .lede(html! {
            @if view.years.is_empty() { p { "No budget of " (view.subject_name) " is recorded." } }
            @for year in view.years.iter().rev().take(3) { (sentence(year)) }
        })
        .body(html! {
            (years(view, address))
            (budget_years::side_by_side(view, links))
            @for year in view.years.iter().rev() { (one(view, year, links)) }
            details.more {
                summary { "Every table of this budget" }
                (report::body(&answer.report(), links))
            }
        })
}

/// `2024/25: £2,100,000 was planned, £2,010,000 after what moved, £1,950,000 was spent.`
fn sentence(year: &BudgetYear) -> Markup {
    let amounts = year.amounts.clone().unwrap_or_default();
    let original = amounts.original_pence.or(year.total_pence);
    let revised = amounts
        .revised_pence
        .filter(|revised| Some(*revised) != original);
    html! {
        p {
            strong { (year.financial_year) } ": "
            @match original {
                Some(original) => { (spoken::pounds(original)) " was planned" },
                None => "the total is not stated",
            }
            @if let Some(revised) = revised { ", " (spoken::pounds(revised)) " after what moved" }
            @match (amounts.outturn_pence, amounts.forecast_pence) {
                (Some(spent), _) => { ", " (spoken::pounds(spent)) " was spent." },
                (None, Some(forecast)) => { ", " (spoken::pounds(forecast)) " is forecast." },
                (None, None) => ".",
            }
        }
    }
}

/// The years, each with its page; and all of them.
fn years(view: &BudgetView, address: &Address) -> Markup {
    let links = address.links();
    let root = format!("/{}/budget", view.subject);
    let others = &view.other_budget_ids;
    html! {
        @if !view.only_year.is_empty() { p { a href=(links.to(&root)) { "All years" } } }
        @else if view.years.len() > 1 {
            p {
                "Years: "
                @for (index, year) in view.years.iter().enumerate() {
                    @if index > 0 { " · " }
                    a href=(links.to(&format!("{root}/{}", spoken::year_in_address(&year.financial_year)))) { (year.financial_year) }
                }
            }
        }
        @if !others.is_empty() {
            p {
                "Other budgets: "
                @for (index, id) in others.iter().enumerate() {
                    @if index > 0 { " · " }
                    a href=(links.to_with(&root, &[("budget", id)])) { (id) }
                }
            }
        }
    }
}

/// A line of the table: its name and its amounts.
struct HeadLine {
    name: String,
    amounts: BudgetAmounts,
}

fn lines(view: &BudgetView, year: &BudgetYear) -> Vec<HeadLine> {
    let of_year = |row: &BudgetRow| {
        let mut cells = row.cells.iter();
        let cell = cells.find(|cell| cell.financial_year == year.financial_year)?;
        let amounts = cell.amounts.clone().unwrap_or_else(|| BudgetAmounts {
            original_pence: Some(cell.amount_pence),
            ..BudgetAmounts::default()
        });
        Some(HeadLine {
            name: name(row),
            amounts,
        })
    };
    view.rows.iter().filter_map(of_year).collect()
}

fn name(row: &BudgetRow) -> String {
    let service = row
        .service
        .as_ref()
        .map(|service| who::name(&service.name, &service.service_id));
    match (service, row.head.as_str()) {
        (None, head) => head.to_owned(),
        (Some(service), "") => service.to_owned(),
        (Some(service), head) => format!("{service}: {head}"),
    }
}

/// The net change of a head by virements and other changes after the budget was set.
fn moved(amounts: &BudgetAmounts) -> Option<i64> {
    amounts.revised_pence?.checked_sub(amounts.original_pence?)
}

fn one(view: &BudgetView, year: &BudgetYear, links: Links<'_>) -> Markup {
    let lines = lines(view, year);
    if lines.is_empty() {
        return Markup::default();
    }
    let changes: Vec<waterfall::Change> = lines
        .iter()
        .filter_map(|line| {
            let pence = moved(&line.amounts).filter(|pence| *pence != 0)?;
            Some(waterfall::Change {
                name: line.name.clone(),
                pence,
            })
        })
        .collect();
    let id = format!("year-{}", spoken::year_in_address(&year.financial_year));
    let whole = year.amounts.clone().unwrap_or_default();
    html! {
        section {
            h2 id=(id) { (year.financial_year) }
            @if !changes.is_empty() {
                (picture::figure(&change_in_words(&changes), &Markup::default(), |width| waterfall::drawing(&changes, width)))
            }
            (heads(&lines, &whole, &year.financial_year))
            p.note {
                @if !year.title.is_empty() { (year.title) ", " }
                "in force from " (spoken::optional(&year.effective_on)) ", "
                a.entry href=(links.entry(year.position)) { "entry " (year.position) } "."
                (links.later(year.position))
            }
        }
    }
}

fn change_in_words(changes: &[waterfall::Change]) -> String {
    let gained = changes.iter().filter(|change| change.pence > 0).count();
    let lost = changes.len() - gained;
    let net = changes
        .iter()
        .map(|change| change.pence)
        .fold(0, i64::saturating_add);
    let heads = |count| spoken::count(count, "head", "heads");
    let net = match net {
        0 => "and the whole is the same".to_owned(),
        net if net < 0 => format!(
            "and {} left the budget",
            spoken::pounds(net.saturating_neg())
        ),
        net => format!("and {} came to the budget", spoken::pounds(net)),
    };
    format!(
        "{} gained, {} gave, {net}.",
        spoken::capital(&heads(gained)),
        heads(lost)
    )
}

/// One figure of a line, if it is known.
type Figure = fn(&BudgetAmounts) -> Option<i64>;

/// The columns: original, moved, revised, spent or forecast, left. A column without any
/// figure is left out; an amount that was not stated is not a zero.
fn heads(lines: &[HeadLine], whole: &BudgetAmounts, year: &str) -> Markup {
    let columns: [(&str, Figure); 7] = [
        ("Original", |a| a.original_pence),
        ("Moved", |a| moved(a).filter(|pence| *pence != 0)),
        ("Revised", |a| a.revised_pence),
        ("Spent to date", |a| a.to_date_pence),
        ("Forecast", |a| a.forecast_pence),
        ("Spent", |a| a.outturn_pence),
        ("Over or under", |a| a.variance_pence),
    ];
    let has_any = |figure: &Figure| lines.iter().any(|line| figure(&line.amounts).is_some());
    let columns: Vec<(&str, Figure)> = columns
        .into_iter()
        .filter(|(_, figure)| has_any(figure))
        .collect();
    let mut titles = vec![("Head", false)];
    titles.extend(columns.iter().map(|(title, _)| (*title, true)));
    let rows = html! {
        @for line in lines { (row(&line.name, &line.amounts, &columns, false)) }
        (row("All", whole, &columns, true))
    };
    let caption = format!("Budget of {year} by head, in pounds");
    table::stacking(&caption, &titles, &rows)
}

fn row(name: &str, amounts: &BudgetAmounts, columns: &[(&str, Figure)], is_total: bool) -> Markup {
    html! {
        tr class=[is_total.then_some("total")] role="row" {
            th role="rowheader" scope="row" { (name) }
            @for (title, figure) in columns {
                @match figure(amounts) {
                    Some(pence) => { td.figure role="cell" data-label=(title) { div { (signed(pence)) } } },
                    None => { td.empty role="cell" {} },
                }
            }
        }
    }
}

fn signed(pence: i64) -> String {
    spoken::pounds(pence).replace('-', "−")
}
