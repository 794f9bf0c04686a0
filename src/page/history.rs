//! History: what was recorded, day by day, the latest first.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::frame::{PageSection, WebPage};
use crate::{cell, spoken, table};
use minutebook_present::dates;
use minutebook_wire::proto::{Date, ReadHistoryResponse};

/// A part of the history, the latest entry first. `older` is the last position of the next
/// part, if there is one.
pub fn page(entries: &[ReadHistoryResponse], older: Option<u64>, address: &Address) -> WebPage {
    let links = address.links();
    let of = address.parameter("subject");
    WebPage::new(PageSection::History, "What was recorded, and when?")
        .over(html! {
            @if let Some(subject) = of {
                p { "Of " a href=(links.subject(subject)) { (subject) } " · " a href=(links.to("/history")) { "of all" } }
            }
        })
        .lede(html! {
            @if entries.is_empty() { p { "Nothing is recorded here." } }
            @else { p { "The latest is on top. What was put right stays, struck through." } }
        })
        .body(html! {
            @for day in entries.chunk_by(|one, next| recorded_on(one) == recorded_on(next)) {
                section {
                    @if let Some(on) = day.first().and_then(recorded_on) {
                        h2 { "Recorded on " (spoken::date(&on)) }
                    }
                    (table(day, links))
                }
            }
            @if let Some(older) = older {
                p { a.button href=(address.with("until", &older.to_string()).href()) { "Earlier entries" } }
            }
        })
}

fn recorded_on(answer: &ReadHistoryResponse) -> Option<Date> {
    dates::london_day(answer.entry.as_ref()?.recorded_at.as_ref()?)
}

/// The columns; the position of the entry is a figure.
const COLUMNS: [(&str, bool); 5] = [
    ("What", false),
    ("About", false),
    ("In force from", false),
    ("Recorded by", false),
    ("Entry", true),
];

fn table(entries: &[ReadHistoryResponse], links: Links<'_>) -> Markup {
    table::stacking(
        "Entries",
        &COLUMNS,
        &html! {
            @for one in entries { (row(one, links)) }
        },
    )
}

fn row(answer: &ReadHistoryResponse, links: Links<'_>) -> Markup {
    let entry = answer.entry.clone().unwrap_or_default();
    let event = entry.event.clone().unwrap_or_default();
    let withheld = answer.withheld.as_ref();
    let position = withheld.map_or(entry.position, |withheld| withheld.position);
    let corrected = answer.corrected_by_position;
    html! {
        tr role="row" {
            th role="rowheader" scope="row" {
                @if withheld.is_some() { "Withheld: you may not read this entry" }
                @else if corrected > 0 {
                    del { (answer.summary) } " put right by "
                    a.entry href=(links.entry(corrected)) { "entry " (corrected) }
                } @else { (answer.summary) }
            }
            td role="cell" data-label="About" {
                div {
                    @if cell::is_subject(&event.subject) { a href=(links.subject(&event.subject)) { (event.subject) } }
                    @else { (event.subject) }
                }
            }
            td role="cell" data-label="In force from" { div { (spoken::optional(&event.effective_on)) } }
            td role="cell" data-label="Recorded by" { div { (entry.recorded_by) } }
            td.figure role="cell" data-label="Entry" { a.entry href=(links.entry(position)) { (position) } }
        }
    }
}
