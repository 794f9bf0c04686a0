//! Attention: what somebody must do, and what they must know.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::attention_choice::{self, AttentionChoices};
use crate::frame::{PageSection, WebPage};
use crate::marks::{Mark, mark};
use crate::reader::PageReader;
use crate::{act, cell, spoken, table, who};
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{AttentionKind, AttentionView, GetAttentionResponse};

/// The lines by what they ask for. Each group has its heading, its kinds, and how it is
/// said in a sentence.
const GROUPS: &[(&str, &[AttentionKind], (&str, &str))] = &[
    (
        "Waits for a decision",
        &[AttentionKind::AwaitsDecision],
        ("decision waits", "decisions wait"),
    ),
    (
        "Waits for a signature, a condition or a confirmation",
        &[
            AttentionKind::AwaitsSignature,
            AttentionKind::AwaitsCondition,
            AttentionKind::Unconfirmed,
        ],
        (
            "matter waits for somebody else",
            "matters wait for somebody else",
        ),
    ),
    (
        "Overdue",
        &[AttentionKind::Overdue],
        ("date is overdue", "dates are overdue"),
    ),
    (
        "Falls due",
        &[AttentionKind::FallsDue],
        ("date falls due", "dates fall due"),
    ),
    (
        "Done without prior approval",
        &[AttentionKind::Breach],
        ("act had no prior approval", "acts had no prior approval"),
    ),
    (
        "Notices that run",
        &[AttentionKind::NoticeRunning],
        ("notice runs", "notices run"),
    ),
];

/// The lines that no group has.
const OTHERS: &str = "To be put right";

/// The page of a reader, with buttons for what that reader may do.
pub fn page(
    answer: &GetAttentionResponse,
    choices: &AttentionChoices,
    reader: &PageReader,
    address: &Address,
) -> WebPage {
    let links = address.links();
    let grouped: Vec<_> = GROUPS
        .iter()
        .map(|(heading, kinds, said)| {
            let lines = answer
                .lines
                .iter()
                .filter(|line| kinds.contains(&line.kind()));
            (*heading, *said, lines.collect::<Vec<_>>())
        })
        .collect();
    let is_grouped = |line: &&AttentionView| {
        GROUPS
            .iter()
            .any(|(_, kinds, _)| kinds.contains(&line.kind()))
    };
    let others: Vec<&AttentionView> = answer
        .lines
        .iter()
        .filter(|line| !is_grouped(line))
        .collect();
    let found = grouped.iter().filter(|(_, _, lines)| !lines.is_empty());
    let none: Vec<String> = grouped
        .iter()
        .filter(|(_, _, lines)| lines.is_empty())
        .map(|(heading, _, _)| heading.to_lowercase())
        .collect();
    WebPage::of_data(PageSection::Attention, "What needs attention")
        .over(html! { p { (attention_choice::of_whom(choices, address)) } })
        .lede(html! {
            @if answer.lines.is_empty() { p { "Nothing waits for anybody." } }
            @for (_, (one, many), lines) in found.clone() {
                p { (spoken::capital(&spoken::count(lines.len(), one, many))) "." }
            }
        })
        .body(html! {
            (attention_choice::form(choices, address))
            @for (heading, _, lines) in found {
                @if *heading == GROUPS[0].0 { (decisions(heading, lines, reader, links)) }
                @else { (rows(heading, lines, reader, links)) }
            }
            @if !others.is_empty() { (rows(OTHERS, &others, reader, links)) }
            @if !none.is_empty() { p.note { "Looked for and found none: " (none.join("; ")) "." } }
        })
}

fn decisions(
    heading: &str,
    lines: &[&AttentionView],
    reader: &PageReader,
    links: Links<'_>,
) -> Markup {
    html! {
        section {
            h2 { (heading) " (" (lines.len()) ")" }
            @for line in lines {
                div.card {
                    h3 { a href=(links.proposal(&line.item_id)) { (line.what) } (links.later(line.position)) }
                    p { span.tag.late { "Waiting " (spoken::count(line.age_days as usize, "day", "days")) } }
                    p { a href=(links.subject(&line.subject)) { (line.subject_name) } }
                    @if !line.awaited.is_empty() {
                        p { "It waits for:" }
                        ul.marks {
                            @for one in &line.awaited { li { (mark(Mark::Waits)) (who::awaited(one, links)) } }
                        }
                    }
                    (act::of_line(line, reader, links))
                }
            }
        }
    }
}

/// The columns; the position of the entry is a figure.
const COLUMNS: [(&str, bool); 5] = [
    ("What", false),
    ("Of", false),
    ("Day", false),
    ("Awaits", false),
    ("Entry", true),
];

fn rows(heading: &str, lines: &[&AttentionView], reader: &PageReader, links: Links<'_>) -> Markup {
    let rows = html! { @for line in lines { (row(line, reader, links)) } };
    html! {
        section {
            h2 { (heading) " (" (lines.len()) ")" }
            (table::stacking(heading, &COLUMNS, &rows))
        }
    }
}

fn row(line: &AttentionView, reader: &PageReader, links: Links<'_>) -> Markup {
    let is_overdue = line.kind() == AttentionKind::Overdue;
    html! {
        tr role="row" {
            th role="rowheader" scope="row" {
                (cell::breakable(&spoken::capital(&line.what)))
                @if GROUPS.iter().all(|(_, kinds, _)| !kinds.contains(&line.kind())) {
                    " (" (line.kind().label()) ")"
                }
                (links.later(line.position))
            }
            td role="cell" data-label="Of" { div { a href=(links.subject(&line.subject)) { (cell::breakable(&line.subject_name)) } } }
            td role="cell" data-label="Day" {
                div {
                    @match (&line.due_on, &line.since_on) {
                        (Some(due), _) => (spoken::date(due)),
                        (None, Some(since)) => { "since " (spoken::date(since)) },
                        (None, None) => {},
                    }
                    @if is_overdue { " " span.tag.no { "overdue" } }
                }
            }
            @if line.awaited.is_empty() { td.empty role="cell" {} } @else {
                td role="cell" data-label="Awaits" {
                    div {
                        @for (index, one) in line.awaited.iter().enumerate() {
                            @if index > 0 { ", " }
                            (who::awaited(one, links))
                        }
                        (act::of_line(line, reader, links))
                    }
                }
            }
            @if line.position == 0 { td.empty role="cell" {} } @else {
                td.figure role="cell" data-label="Entry" { a.entry href=(links.entry(line.position)) { (line.position) } }
            }
        }
    }
}
