//! Search: what an id, a name or an alias can mean.

use maud::{Markup, html};

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use crate::{report, spoken};
use minutebook_present::answer::Answer;
use minutebook_wire::proto::FindSubjectsResponse;

/// The page with what was found, or with the empty question.
pub fn page(answer: Option<&FindSubjectsResponse>, address: &Address) -> WebPage {
    let text = address.parameter("q").unwrap_or_default();
    let found = answer.map_or(0, |answer| answer.subjects.len());
    WebPage {
        is_data: answer.is_some(),
        ..WebPage::new(PageSection::Search, "Search")
    }
    .lede(html! {
        @match (answer, found) {
            (None, _) => {},
            (Some(_), 0) => p { "Nothing is called “" (text) "”. Check the spelling, or look at another day." },
            (Some(_), found) => p { (spoken::capital(&spoken::count(found, "thing is", "things are"))) " called so." },
        }
    })
    .body(html! {
        (question(text))
        @if let Some(answer) = answer { @if found > 0 { (report::body(&answer.report(), address.links())) } }
    })
}

fn question(text: &str) -> Markup {
    html! {
        form action="/search" method="get" role="search" {
            div.field {
                label for="q" { "An id, a name or an alias" }
                span.hint #q-hint { "Such as BCH, Kent or forensics" }
                input type="search" #q name="q" value=(text) aria-describedby="q-hint";
            }
            button type="submit" { "Search" }
        }
    }
}
