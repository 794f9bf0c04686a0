//! Marks for the word of somebody on a matter: agreed, against, awaited. They differ by shape, not by colour alone,
//! and each is said in words beside it.

use maud::{Markup, html};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Yes,
    No,
    Waits,
    Abstained,
    NotCounted,
}

pub fn mark(mark: Mark) -> Markup {
    let class = match mark {
        Mark::Yes => "mark yes",
        Mark::No => "mark no",
        Mark::Waits => "mark waits",
        Mark::Abstained | Mark::NotCounted => "mark",
    };
    let inner = match mark {
        Mark::Yes => "m6 10.5 3 3 5.5-6.5",
        Mark::No => "m6.5 6.5 7 7m0-7-7 7",
        Mark::Waits => "",
        Mark::Abstained => "M6 10h8",
        Mark::NotCounted => "m5 15 10-10",
    };
    html! {
        svg class=(class) viewBox="0 0 20 20" aria-hidden="true" {
            circle cx="10" cy="10" r="8.5" {}
            @if !inner.is_empty() { path d=(inner) {} }
        }
    }
}
