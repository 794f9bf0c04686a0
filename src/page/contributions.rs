//! Contributions: who pays what, as bars by body and as a matrix of shaded cells.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::frame::{PageSection, WebPage};
use crate::picture::{self, bars};
use crate::{cell, spoken, table, who};
use minutebook_domain::money::Ppm;
use minutebook_present::answer::Answer;
use minutebook_present::report::Report;
use minutebook_wire::proto::{
    ContributionColumn, ContributionRow, ContributionsView, GetContributionsResponse,
};

/// Above these amounts, in pence, a cell is a shade darker.
const SHADES: [i64; 4] = [20_000_000, 50_000_000, 100_000_000, 300_000_000];

/// `years` are all years that have such a page, oldest first.
pub fn page(answer: &GetContributionsResponse, years: &[String], address: &Address) -> WebPage {
    let links = address.links();
    let Some(view) = &answer.contributions else {
        return WebPage::new(PageSection::Collaborations, "Who pays what?");
    };
    let collaboration = view.collaboration.clone().unwrap_or_default();
    let title = format!("Who pays what in {}", view.financial_year);
    let page = WebPage::of_data(PageSection::Collaborations, title).over(html! {
        p { a href=(links.collaboration(&collaboration)) { (who::name(&collaboration.name, &collaboration.collaboration_id)) } }
    });
    if view.rows.is_empty() {
        return page.lede(html! {
            p {
                "No contributions of " (collaboration.name) " for " (view.financial_year)
                " are recorded."
            }
        });
    }
    let rest = match answer.report() {
        // The matrix itself is drawn with shades, above.
        Report::Parts { parts, .. } => parts.into_iter().skip(1).collect(),
        _ => Vec::new(),
    };
    let payers = by_amount(&view.rows);
    page.lede(lede(view, &payers)).body(html! {
        (other_years(view, years, address))
        (by_body(view, &payers))
        (matrix(view, &payers, links))
        @for sheet in &rest { (table::section(sheet, links)) }
    })
}

fn lede(view: &ContributionsView, payers: &[&ContributionRow]) -> Markup {
    let most = payers
        .first()
        .and_then(|row| Some((row.body.as_ref()?, row)));
    html! {
        p {
            (spoken::capital(&spoken::count(payers.len(), "body pays", "bodies pay"))) " "
            strong { (spoken::pounds(view.total_pence)) }
            " for " (spoken::count(view.columns.len(), "service", "services")) "."
        }
        @if let Some((body, row)) = most {
            p { (body.name) " pays most, " (spoken::pounds(row.total_pence)) "." }
        }
        @if view.stated.iter().chain(view.rows.iter().flat_map(|row| &row.stated)).any(|one| one.difference_pence != 0) {
            p { "Printed totals differ from the figures. The register keeps both and mends neither." }
        }
    }
}

/// The year before and the year after, where there are pages of them, and all years.
fn other_years(view: &ContributionsView, years: &[String], address: &Address) -> Markup {
    let links = address.links();
    let Some((root, _)) = address.path.rsplit_once('/') else {
        return Markup::default();
    };
    let of_year = |year: &String| {
        let href = links.to(&format!("{root}/{}", spoken::year_in_address(year)));
        html! { a href=(href) { (year) } }
    };
    let before = years.iter().rfind(|year| **year < view.financial_year);
    let after = years.iter().find(|year| **year > view.financial_year);
    html! {
        p {
            @if let Some(year) = before { (of_year(year)) " · " }
            strong { (view.financial_year) }
            @if let Some(year) = after { " · " (of_year(year)) }
            @if years.len() > 1 { " · " a href=(links.to(root)) { "All years" } }
        }
    }
}

fn by_amount(rows: &[ContributionRow]) -> Vec<&ContributionRow> {
    let mut payers: Vec<&ContributionRow> = rows.iter().collect();
    payers.sort_by_key(|row| std::cmp::Reverse(row.total_pence));
    payers
}

/// Bars by body. The largest services have a colour each; the others share the last.
fn by_body(view: &ContributionsView, payers: &[&ContributionRow]) -> Markup {
    let mut columns: Vec<&ContributionColumn> = view.columns.iter().collect();
    columns.sort_by_key(|column| std::cmp::Reverse(column.total_pence));
    let own = if columns.len() > bars::PARTS.len() {
        bars::PARTS.len() - 1
    } else {
        columns.len()
    };
    let service_name = |column: &&ContributionColumn| {
        column.service.as_ref().map_or_else(String::new, |service| {
            who::name(&service.name, &service.service_id).to_owned()
        })
    };
    let (large, small) = columns.split_at(own);
    let mut names: Vec<String> = large.iter().map(service_name).collect();
    if !small.is_empty() {
        names.push(spoken::count(
            small.len(),
            "other service",
            "other services",
        ));
    }
    let id = |column: &ContributionColumn| {
        column
            .service
            .as_ref()
            .map(|service| service.service_id.clone())
    };
    let amount = |row: &ContributionRow, column: &ContributionColumn| {
        let id = id(column).unwrap_or_default();
        let cells = row.cells.iter().filter(|cell| cell.service_id == id);
        cells
            .map(|cell| cell.amount_pence.max(0))
            .fold(0, i64::saturating_add)
    };
    let drawn: Vec<bars::Bar> = payers
        .iter()
        .map(|row| {
            let mut parts: Vec<i64> = large.iter().map(|column| amount(row, column)).collect();
            if !small.is_empty() {
                let others = small.iter().map(|column| amount(row, column));
                parts.push(others.fold(0, i64::saturating_add));
            }
            let body = row.body.clone().unwrap_or_default();
            bars::Bar {
                name: who::name(&body.name, &body.body_id).to_owned(),
                parts,
            }
        })
        .collect();
    let sentence = payers
        .first()
        .and_then(|row| {
            let body = row.body.as_ref()?;
            let share = row
                .total_pence
                .checked_mul(100)?
                .checked_div(view.total_pence)?;
            Some(format!(
                "{} pays {share} pounds in every hundred.",
                body.name
            ))
        })
        .unwrap_or_default();
    let names: Vec<(&str, String)> = bars::PARTS.into_iter().zip(names).collect();
    html! {
        (picture::figure(&sentence, &picture::legend(&names), |width| bars::drawing(&drawn, width)))
    }
}

/// Services down, bodies across, shaded by amount; a dash where a body is no party.
fn matrix(view: &ContributionsView, payers: &[&ContributionRow], links: Links<'_>) -> Markup {
    let has_formula = payers.iter().any(|row| row.formula_share_ppm > 0);
    html! {
        section {
            h2 #matrix { "By service and body, in pounds" }
            p.note {
                "The darker a cell, the more is paid: under 200,000; to 500,000; to 1 million; to 3 million; above. "
                "A dash: pays nothing for that service."
            }
            div.scroll tabindex="0" role="region" aria-labelledby="matrix" {
                table {
                    caption { "Contributions by service and body, in pounds" }
                    thead {
                        tr {
                            th scope="col" { "Service" }
                            @for row in payers {
                                th.figure scope="col" {
                                    @if let Some(body) = &row.body { a href=(links.body(body)) { (cell::breakable(short(&body.name))) } }
                                }
                            }
                            th.figure scope="col" { "All" }
                            th.figure scope="col" { "Of all" }
                        }
                    }
                    tbody {
                        @for column in &view.columns { (service(column, payers)) }
                        tr.total {
                            th scope="row" { "All services" }
                            @for row in payers { td.figure { (amount(row.total_pence)) } }
                            td.figure { (amount(view.total_pence)) }
                            td.figure { "100%" }
                        }
                        tr {
                            th scope="row" { "Share of the whole" }
                            @for row in payers { td.figure { (share(row.share_ppm)) } }
                            td.figure { "100%" } td {}
                        }
                        @if has_formula {
                            tr {
                                th scope="row" { "Share by the formula" }
                                @for row in payers { td.figure { (share(row.formula_share_ppm)) } }
                                td {} td {}
                            }
                        }
                    }
                }
            }
            p.note {
                "In force from " (spoken::optional(&view.effective_on)) ", "
                a.entry href=(links.entry(view.position)) { "entry " (view.position) } "."
                (links.later(view.position))
            }
            @for sentence in &view.left_out { p.note { (sentence) } }
        }
    }
}

fn service(column: &ContributionColumn, payers: &[&ContributionRow]) -> Markup {
    let service = column.service.clone().unwrap_or_default();
    html! {
        tr {
            th scope="row" { (cell::breakable(who::name(&service.name, &service.service_id))) }
            @for row in payers {
                @match row.cells.iter().find(|cell| cell.service_id == service.service_id) {
                    Some(cell) => { td class=(shade(cell.amount_pence)) { (amount(cell.amount_pence)) } },
                    None => { td.figure { "–" } },
                }
            }
            td.figure { strong { (amount(column.total_pence)) } }
            td.figure { (share(column.share_ppm)) }
        }
    }
}

fn shade(pence: i64) -> &'static str {
    let darker = SHADES.iter().filter(|limit| pence >= **limit).count();
    [
        "figure shade-1",
        "figure shade-2",
        "figure shade-3",
        "figure shade-4",
        "figure shade-5",
    ][darker]
}

/// An amount without its sign, which the heading names.
fn amount(pence: i64) -> String {
    spoken::pounds(pence).replace('£', "")
}

fn share(ppm: u32) -> String {
    if ppm == 0 {
        return String::new();
    }
    format!("{:.2}", Ppm::computed(ppm))
}

/// A name without the words that all names here share.
fn short(name: &str) -> &str {
    name.strip_suffix(" PCC").unwrap_or(name)
}
