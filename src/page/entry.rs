//! An entry: what was recorded, by whom, and the proof that it is unaltered.

use maud::{Markup, html};
use serde_json::Value;

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use crate::{cell, seal, spoken};
use minutebook_present::{dates, json};
use minutebook_wire::proto::{Entry, Event, ReadHistoryResponse};

/// `verifier_key` is the key of the register, by which its seal is checked.
pub fn page(
    answer: &ReadHistoryResponse,
    tail: u64,
    verifier_key: &str,
    address: &Address,
) -> WebPage {
    let links = address.links();
    let Some(entry) = &answer.entry else {
        return withheld(answer, verifier_key);
    };
    let event = entry.event.clone().unwrap_or_default();
    let position = entry.position;
    WebPage::new(PageSection::History, format!("Entry {position}"))
        .over(html! {
            p {
                @if position > 1 { a href=(links.entry(position - 1)) rel="prev" { "Entry " (position - 1) } " · " }
                @if position < tail { a href=(links.entry(position + 1)) rel="next" { "Entry " (position + 1) } " · " }
                a href=(links.to("/history")) { "History" }
            }
        })
        .lede(html! {
            p { (spoken::capital(&answer.summary)) }
            @if answer.corrected_by_position > 0 {
                p {
                    "It was put right by "
                    a.entry href=(links.entry(answer.corrected_by_position)) { "entry " (answer.corrected_by_position) } "."
                }
            }
        })
        .body(html! {
            (facts(entry, &event, address))
            section {
                h2 #said { "What was recorded" }
                (said(&event))
            }
            (proof(position, verifier_key))
        })
}

fn withheld(answer: &ReadHistoryResponse, verifier_key: &str) -> WebPage {
    let position = answer
        .withheld
        .as_ref()
        .map_or(0, |withheld| withheld.position);
    WebPage::new(PageSection::History, format!("Entry {position}"))
        .lede(html! { p { "You may not read this entry. That it is in the log can be proved all the same." } })
        .body(proof(position, verifier_key))
}

fn facts(entry: &Entry, event: &Event, address: &Address) -> Markup {
    let links = address.links();
    let request = uuid::Uuid::from_slice(&entry.request_id).map(|id| id.to_string());
    let recorded = entry.recorded_at.as_ref().map(dates::local_instant);
    html! {
        dl.facts {
            div {
                dt { "About" }
                dd {
                    @if cell::is_subject(&event.subject) { a href=(links.subject(&event.subject)) { (event.subject) } }
                    @else { (event.subject) }
                }
            }
            @if let Some(on) = &event.effective_on { div { dt { "In force from" } dd { (spoken::date(on)) } } }
            @if let Some(on) = &event.decided_on { div { dt { "Decided on" } dd { (spoken::date(on)) } } }
            @if let Some(recorded) = recorded { div { dt { "Recorded" } dd { (recorded) } } }
            div { dt { "Recorded by" } dd { (entry.recorded_by) } }
            div {
                dt { "On what mandate" }
                dd {
                    @match &entry.caller {
                        Some(caller) if !caller.mandate_positions.is_empty() => {
                            @for (index, position) in caller.mandate_positions.iter().enumerate() {
                                @if index > 0 { ", " }
                                a.entry href=(links.entry(*position)) { "entry " (position) }
                            }
                        },
                        Some(_) => "signed in, without a mandate: the register was not kept yet",
                        None => "nobody was signed in",
                    }
                }
            }
            @if let Ok(request) = request {
                div { dt { "Request" } dd { (request) @if entry.request_size > 1 { ", event " (entry.request_index + 1) " of " (entry.request_size) } } }
            }
        }
    }
}

/// The fields of the event as they were recorded, by their published names.
fn said(event: &Event) -> Markup {
    match serde_json::from_str(&json::render(event)) {
        Ok(Value::Object(fields)) => html! { (value(&Value::Object(fields))) },
        Ok(_) | Err(_) => Markup::default(),
    }
}

fn value(one: &Value) -> Markup {
    match one {
        Value::Object(fields) => html! {
            dl.facts {
                @for (name, field) in fields {
                    div { dt { (words(name)) } dd { (value(field)) } }
                }
            }
        },
        Value::Array(values) => html! { ul { @for one in values { li { (value(one)) } } } },
        Value::String(text) => cell::lines(text),
        Value::Number(number) => html! { (number) },
        Value::Bool(yes) => html! { @if *yes { "yes" } @else { "no" } },
        Value::Null => Markup::default(),
    }
}

/// A name of a field in words: `effectiveOn` is `effective on`.
fn words(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() || letter == '_' {
            text.push(' ');
        }
        if letter != '_' {
            text.push(letter.to_ascii_lowercase());
        }
    }
    text
}

/// The proof: checked here where scripts run, and a file to keep. The steps say what is
/// checked; a script then says what it found.
fn proof(position: u64, verifier_key: &str) -> Markup {
    let file = format!("/entries/{position}/proof");
    html! {
        section #proof data-proof={ (file) ".json" } data-key=(verifier_key) {
            h2 { "Is it unaltered?" }
            p.check #proof-answer role="status" {
                "This entry leads by hashes to the root that the register has signed. "
                "Keep the proof, and check it with any tool that reads C2SP tlog-proof."
            }
            details.more {
                summary { "Each step of the check" }
                ol.steps {
                    li { "The stored bytes of the entry have a hash." }
                    li { "With the hashes of other entries it leads to a root." }
                    li { "The seal of the register has that root." }
                    li { "The key of the register has signed the seal." }
                }
                @if !verifier_key.is_empty() {
                    p { strong { "The key" } }
                    (seal::key(verifier_key))
                }
            }
            p {
                a.button href=(file) download={ "entry-" (position) ".tlog-proof" } { "Keep the proof" } " "
                a href="/audit" { "The seal of the whole register" }
            }
        }
    }
}
