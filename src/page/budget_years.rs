//! The years of a budget side by side, as a picture and as a table; and the page where no
//! main budget is recorded.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::frame::{PageSection, WebPage};
use crate::picture::years::{DrawnYear, YearTick, drawing, legend};
use crate::{picture, spoken, table};
use minutebook_wire::proto::{BudgetView, BudgetYear, LineSet, StatedFigure};

/// The figures of a year.
struct YearAmounts {
    budget: Option<i64>,
    forecast: Option<i64>,
    spent: Option<i64>,
    printed: Option<i64>,
}

fn amounts(year: &BudgetYear) -> YearAmounts {
    let amounts = year.amounts.clone().unwrap_or_default();
    let is_of_all = |one: &&StatedFigure| {
        one.difference_pence != 0
            && one.body.is_none()
            && one
                .lines
                .as_ref()
                .is_none_or(|lines| *lines == LineSet::default())
    };
    YearAmounts {
        budget: year.total_pence.or(amounts.revised_pence),
        // A report of some heads alone is not beside the budget of all.
        forecast: amounts.forecast_pence,
        spent: amounts.outturn_pence,
        printed: year
            .stated
            .iter()
            .find(is_of_all)
            .map(|one| one.stated_pence),
    }
}

/// The picture of all years, its sentence and its table; nothing where there is one year.
pub fn side_by_side(view: &BudgetView, links: Links<'_>) -> Markup {
    let years: Vec<(&BudgetYear, YearAmounts)> = view
        .years
        .iter()
        .map(|year| (year, amounts(year)))
        .collect();
    if years.len() < 2 {
        return Markup::default();
    }
    let drawn: Vec<DrawnYear> = years.iter().map(|(year, one)| drawn(year, one)).collect();
    html! {
        section {
            h2 #years { "Year by year" }
            (picture::figure(&sentence(&years), &legend(&drawn), |width| drawing(&drawn, width)))
            (rows(view, &years, links))
        }
    }
}

fn drawn(year: &BudgetYear, amounts: &YearAmounts) -> DrawnYear {
    let ticks = [
        (YearTick::Printed, amounts.printed),
        (YearTick::Forecast, amounts.forecast),
        (YearTick::Spent, amounts.spent),
    ];
    DrawnYear {
        year: year.financial_year.clone(),
        budget: amounts.budget,
        ticks: ticks
            .into_iter()
            .filter_map(|(tick, pence)| Some((tick, pence?)))
            .collect(),
    }
}

/// The first and the last budget, and the years that were expected to cost more.
fn sentence(years: &[(&BudgetYear, YearAmounts)]) -> String {
    let mut set = years
        .iter()
        .filter_map(|(year, amounts)| Some((&year.financial_year, amounts.budget?)));
    let (Some((first, from)), Some((last, to))) = (set.next(), set.next_back()) else {
        return format!(
            "{} have figures.",
            spoken::capital(&spoken::count(years.len(), "year", "years"))
        );
    };
    let change = to.saturating_sub(from);
    let change = match change {
        0 => "the same".to_owned(),
        less if less < 0 => format!("{} less", spoken::pounds(less.saturating_neg())),
        more => format!("{} more", spoken::pounds(more)),
    };
    let over = years.iter().filter(|(_, amounts)| {
        let cost = amounts.spent.or(amounts.forecast);
        cost.zip(amounts.budget)
            .is_some_and(|(cost, budget)| cost > budget)
    });
    let over = match over.count() {
        0 => String::new(),
        1 => " One year cost more than its budget, or was expected to.".to_owned(),
        several => format!(
            " {} years cost more than their budgets, or were expected to.",
            spoken::capital(&spoken::number_in_words(several))
        ),
    };
    format!(
        "The budget was {} in {first} and {} in {last}: {change}.{over}",
        spoken::pounds(from),
        spoken::pounds(to),
    )
}

/// One figure of a year, if it is known.
type OfYear = fn(&YearAmounts) -> Option<i64>;

fn rows(view: &BudgetView, years: &[(&BudgetYear, YearAmounts)], links: Links<'_>) -> Markup {
    let columns: [(&str, OfYear); 5] = [
        ("Budget", |one| one.budget),
        ("As printed", |one| one.printed),
        ("Expected", |one| one.forecast),
        ("Spent", |one| one.spent),
        ("Over or under", |one| {
            one.spent
                .or(one.forecast)
                .zip(one.budget)
                .and_then(|(cost, budget)| cost.checked_sub(budget))
        }),
    ];
    let has_any = |figure: &OfYear| years.iter().any(|(_, one)| figure(one).is_some());
    let columns: Vec<(&str, OfYear)> = columns
        .into_iter()
        .filter(|(_, figure)| has_any(figure))
        .collect();
    let mut titles = vec![("Year", false)];
    titles.extend(columns.iter().map(|(title, _)| (*title, true)));
    titles.push(("Entry", true));
    let parameters: Vec<(&str, &str)> = match view.budget_id.as_str() {
        "" => Vec::new(),
        id => vec![("budget", id)],
    };
    let rows = html! {
        @for (year, one) in years {
            tr role="row" {
                th role="rowheader" scope="row" {
                    @let path = format!("/{}/budget/{}", view.subject, spoken::year_in_address(&year.financial_year));
                    a href=(links.to_with(&path, &parameters)) { (year.financial_year) }
                    (links.later(year.position))
                }
                @for (title, figure) in &columns {
                    @match figure(one) {
                        Some(pence) => { td.figure role="cell" data-label=(title) { div { (spoken::pounds(pence).replace('-', "−")) } } },
                        None => { td.empty role="cell" {} },
                    }
                }
                @if year.position == 0 { td.empty role="cell" {} } @else {
                    td.figure role="cell" data-label="Entry" { a.entry href=(links.entry(year.position)) { (year.position) } }
                }
            }
        }
    };
    table::stacking("The budget year by year, in pounds", &titles, &rows)
}

/// The page of a subject without a main budget: the budgets that it has, or where to look.
pub fn none(subject: &str, name: &str, other_budgets: &[String], address: &Address) -> WebPage {
    let links = address.links();
    let root = format!("/{subject}/budget");
    WebPage::new(PageSection::Collaborations, format!("The budget of {name}"))
        .over(html! { p { a href=(links.subject(subject)) { (name) } } })
        .lede(html! {
            @if other_budgets.is_empty() { p { "No budget of " (name) " is recorded." } }
            @else { p { "No main budget of " (name) " is recorded. It has other budgets." } }
        })
        .body(html! {
            @if other_budgets.is_empty() {
                p {
                    "Somebody who may record budgets can add one. What the register has is on "
                    a href=(links.subject(subject)) { "the page of " (name) } "."
                }
            } @else {
                ul.plain {
                    @for id in other_budgets {
                        li { a href=(links.to_with(&root, &[("budget", id)])) { (id) } }
                    }
                }
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_wire::proto::BudgetAmounts;

    fn year(name: &str, budget: Option<i64>, forecast: Option<i64>, position: u64) -> BudgetYear {
        BudgetYear {
            financial_year: name.into(),
            total_pence: budget,
            amounts: Some(BudgetAmounts {
                forecast_pence: forecast,
                ..BudgetAmounts::default()
            }),
            position,
            ..BudgetYear::default()
        }
    }

    #[test]
    fn years_stand_beside_each_other_with_what_was_expected() {
        let view = BudgetView {
            subject: "collaborations/bch".into(),
            years: vec![
                year("2017/18", Some(3_780_200_000), Some(3_728_000_000), 7),
                year("2018/19", Some(3_735_900_000), Some(3_828_400_000), 9),
            ],
            ..BudgetView::default()
        };
        let address = Address::default();
        let html = side_by_side(&view, address.links()).into_string();
        for text in [
            "The budget was £37,802,000 in 2017/18 and £37,359,000 in 2018/19: £443,000 less.",
            "One year cost more than its budget, or was expected to.",
            "<a href=\"/collaborations/bch/budget/2018-19\">2018/19</a>",
            "<a class=\"entry\" href=\"/entries/9\">9</a>",
            "−£522,000",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert!(!html.contains("Spent"), "{html}");
        assert!(!html.contains("class=\"\""), "{html}");
    }

    #[test]
    fn one_year_has_nothing_beside_it() {
        let view = BudgetView {
            years: vec![year("2017/18", Some(1), None, 7)],
            ..BudgetView::default()
        };
        let address = Address::default();
        assert_eq!(side_by_side(&view, address.links()).into_string(), "");
    }

    #[test]
    fn a_subject_without_a_main_budget_has_a_helpful_page() {
        let address = Address::default();
        let page = none("collaborations/x", "X", &["capital".into()], &address);
        let body = page.body.into_string();
        assert!(
            body.contains("href=\"/collaborations/x/budget?budget=capital\""),
            "{body}"
        );
        let page = none("collaborations/x", "X", &[], &address);
        assert!(
            page.lede
                .into_string()
                .contains("No budget of X is recorded.")
        );
        assert!(
            page.body
                .into_string()
                .contains("href=\"/collaborations/x\"")
        );
    }
}
