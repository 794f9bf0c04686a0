//! The changes between two days, in plain words.

use maud::html;

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use crate::{report, spoken};
use minutebook_present::reports::diff;
use minutebook_wire::proto::DiffResponse;

/// The page with its question, and the answer if there is one.
pub fn page(answer: Option<&DiffResponse>, address: &Address) -> WebPage {
    let (from, to) = (address.parameter("from"), address.parameter("to"));
    let differences = answer.map_or(0, |answer| answer.differences.len());
    WebPage::new(PageSection::Other, "What is new since we met?")
        .lede(html! {
            @match (answer, differences) {
                (None, _) => p { "Give the day of the last meeting." },
                (Some(_), 0) => p { "Nothing differs." },
                (Some(_), count) => p { (spoken::capital(&spoken::count(count, "subject changed", "subjects changed"))) "." },
            }
        })
        .body(html! {
            form action="/changes" method="get" {
                (day("from", "From the day", from.unwrap_or_default()))
                (day("to", "To the day (empty: today)", to.unwrap_or_default()))
                button type="submit" { "Show what changed" }
            }
            @if let Some(answer) = answer { (report::body(&diff::report(answer, false), address.links())) }
        })
}

fn day(name: &str, label: &str, value: &str) -> maud::Markup {
    html! {
        div.field {
            label for={ "changes-" (name) } { (label) }
            input type="text" id={ "changes-" (name) } name=(name) value=(value) autocomplete="off";
        }
    }
}
