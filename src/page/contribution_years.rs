//! The contributions of a collaboration over its years, side by side: who pays what, and how
//! that changed.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::frame::{PageSection, WebPage};
use crate::picture::{self, bars};
use crate::{spoken, table, who};
use minutebook_wire::proto::{BodyRef, CollaborationRef, ContributionsView};

/// The years, oldest first.
pub fn page(
    collaboration: &CollaborationRef,
    years: &[ContributionsView],
    address: &Address,
) -> WebPage {
    let links = address.links();
    let name = who::name(&collaboration.name, &collaboration.collaboration_id);
    let page = WebPage::new(PageSection::Collaborations, "Who pays what, year by year?")
        .over(html! { p { a href=(links.collaboration(collaboration)) { (name) } } });
    // A year may have a formula or invoices alone.
    let paid: Vec<ContributionsView> = years
        .iter()
        .filter(|year| !year.rows.is_empty())
        .cloned()
        .collect();
    let payers = payers(&paid);
    if years.is_empty() {
        return page
            .lede(html! { p { "No contributions of " (name) " are recorded." } })
            .body(html! {
                p { "Its money may be in " a href=(links.to(&format!("/collaborations/{}/budget", collaboration.collaboration_id))) { "its budget" } "." }
            });
    }
    page.lede(html! { p { (sentence(&paid)) } }).body(html! {
        @if paid.len() > 1 { (drawn(&paid, &payers)) }
        @if !paid.is_empty() { (rows(&paid, &payers, links)) }
        (each(collaboration, years, links))
    })
}

/// The bodies that pay in any year: those that pay most over all years first.
fn payers(years: &[ContributionsView]) -> Vec<(BodyRef, i64)> {
    let mut payers: Vec<(BodyRef, i64)> = Vec::new();
    for row in years.iter().flat_map(|year| &year.rows) {
        let Some(body) = &row.body else { continue };
        match payers
            .iter_mut()
            .find(|(one, _)| one.body_id == body.body_id)
        {
            Some((_, total)) => *total = total.saturating_add(row.total_pence),
            None => payers.push((body.clone(), row.total_pence)),
        }
    }
    payers.sort_by_key(|(_, total)| std::cmp::Reverse(*total));
    payers
}

fn paid(year: &ContributionsView, body: &BodyRef) -> Option<i64> {
    let of_body = year.rows.iter().filter(|row| {
        row.body
            .as_ref()
            .is_some_and(|one| one.body_id == body.body_id)
    });
    let amounts: Vec<i64> = of_body.map(|row| row.total_pence).collect();
    (!amounts.is_empty()).then(|| amounts.into_iter().fold(0, i64::saturating_add))
}

fn sentence(years: &[ContributionsView]) -> String {
    let of = |year: &ContributionsView| {
        format!(
            "{} in {}",
            spoken::pounds(year.total_pence),
            year.financial_year
        )
    };
    match years {
        [] => "No budget gives contributions; there are formulas or invoices.".to_owned(),
        [one] => format!("All bodies together pay {}.", of(one)),
        [first, .., last] => {
            let change = last.total_pence.saturating_sub(first.total_pence);
            let change = match change {
                0 => "the same".to_owned(),
                less if less < 0 => format!("{} less", spoken::pounds(less.saturating_neg())),
                more => format!("{} more", spoken::pounds(more)),
            };
            format!(
                "All bodies together paid {}, and {}: {change}.",
                of(first),
                of(last)
            )
        }
    }
}

/// A bar for each year. The bodies that pay most have a colour each; the others share one.
fn drawn(years: &[ContributionsView], payers: &[(BodyRef, i64)]) -> Markup {
    let own = if payers.len() > bars::PARTS.len() {
        bars::PARTS.len() - 1
    } else {
        payers.len()
    };
    let (large, small) = payers.split_at(own);
    let drawn: Vec<bars::Bar> = years
        .iter()
        .map(|year| {
            let of = |(body, _): &(BodyRef, i64)| paid(year, body).unwrap_or(0).max(0);
            let mut parts: Vec<i64> = large.iter().map(of).collect();
            if !small.is_empty() {
                parts.push(small.iter().map(of).fold(0, i64::saturating_add));
            }
            bars::Bar {
                name: year.financial_year.clone(),
                parts,
            }
        })
        .collect();
    let mut names: Vec<String> = large
        .iter()
        .map(|(body, _)| name(body).to_owned())
        .collect();
    if !small.is_empty() {
        names.push(spoken::count(small.len(), "other body", "other bodies"));
    }
    let legend: Vec<(&str, String)> = bars::PARTS.into_iter().zip(names).collect();
    let sentence = payers.first().map_or_else(String::new, |(body, _)| {
        format!("{} pays most over these years.", name(body))
    });
    picture::figure(&sentence, &picture::legend(&legend), |width| {
        bars::drawing(&drawn, width)
    })
}

fn name(body: &BodyRef) -> &str {
    who::name(&body.name, &body.body_id)
}

/// Bodies down, years across; the other way round would be a wide table of two rows.
fn rows(years: &[ContributionsView], payers: &[(BodyRef, i64)], links: Links<'_>) -> Markup {
    let mut titles = vec![("Body", false)];
    titles.extend(
        years
            .iter()
            .map(|year| (year.financial_year.as_str(), true)),
    );
    let amount = |year: &ContributionsView, pence: Option<i64>| {
        html! {
            @match pence {
                Some(pence) => { td.figure role="cell" data-label=(year.financial_year) { div { (spoken::pounds(pence)) } } },
                None => { td.empty role="cell" {} },
            }
        }
    };
    let rows = html! {
        @for (body, _) in payers {
            tr role="row" {
                th role="rowheader" scope="row" { a href=(links.body(body)) { (name(body)) } }
                @for year in years { (amount(year, paid(year, body))) }
            }
        }
        tr.total role="row" {
            th role="rowheader" scope="row" { "All" }
            @for year in years { (amount(year, Some(year.total_pence))) }
        }
    };
    html! {
        section {
            h2 #bodies { "By body and year, in pounds" }
            div.scroll tabindex="0" role="region" aria-labelledby="bodies" {
                (table::stacking("Contributions by body and year, in pounds", &titles, &rows))
            }
        }
    }
}

/// The years, each with its page.
fn each(collaboration: &CollaborationRef, years: &[ContributionsView], links: Links<'_>) -> Markup {
    let id = &collaboration.collaboration_id;
    let root = format!("/collaborations/{id}/contributions");
    html! {
        section {
            h2 #each { "Each year in full" }
            ul.plain {
                @for year in years {
                    li {
                        a href=(links.to(&format!("{root}/{}", spoken::year_in_address(&year.financial_year)))) { (year.financial_year) }
                        @if year.position > 0 {
                            ", " a.entry href=(links.entry(year.position)) { "entry " (year.position) }
                            (links.later(year.position))
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_wire::proto::ContributionRow;

    fn year(name: &str, paid: &[(&str, i64)]) -> ContributionsView {
        ContributionsView {
            financial_year: name.into(),
            rows: paid
                .iter()
                .map(|(body, pence)| ContributionRow {
                    body: Some(BodyRef {
                        body_id: (*body).into(),
                        name: body.to_uppercase(),
                    }),
                    total_pence: *pence,
                    ..ContributionRow::default()
                })
                .collect(),
            total_pence: paid.iter().map(|(_, pence)| pence).sum(),
            position: 3,
            ..ContributionsView::default()
        }
    }

    fn shown(years: &[ContributionsView]) -> (String, String) {
        let collaboration = CollaborationRef {
            collaboration_id: "em".into(),
            name: "East Midlands".into(),
        };
        let page = page(&collaboration, years, &Address::default());
        (page.lede.into_string(), page.body.into_string())
    }

    #[test]
    fn years_are_compared_body_by_body() {
        let (lede, body) = shown(&[
            year("2019/20", &[("a", 10_000), ("b", 30_000)]),
            year("2020/21", &[("b", 35_000), ("c", 10_000)]),
        ]);
        assert!(
            lede.contains("£400 in 2019/20, and £450 in 2020/21: £50 more."),
            "{lede}"
        );
        assert!(body.contains("B pays most over these years."), "{body}");
        assert!(
            body.contains("href=\"/collaborations/em/contributions/2020-21\""),
            "{body}"
        );
        // A pays nothing in the second year: that is no amount, and not £0.
        let row = body.split("/bodies/a").nth(1).unwrap();
        let row = row.split("</tr>").next().unwrap();
        assert!(
            row.contains("£100") && row.contains("class=\"empty\""),
            "{row}"
        );
    }

    #[test]
    fn one_year_is_no_picture_and_none_is_said() {
        let (lede, body) = shown(&[year("2020/21", &[("a", 10_000)])]);
        assert!(lede.contains("pay £100 in 2020/21"), "{lede}");
        assert!(!body.contains("<figure"), "{body}");
        let (lede, body) = shown(&[]);
        assert!(lede.contains("No contributions of East Midlands"), "{lede}");
        assert!(body.contains("/collaborations/em/budget"), "{body}");
    }
}
