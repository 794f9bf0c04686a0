//! Offices and boards in a sentence, with links.

use maud::{Markup, html};

use crate::address::Links;
use minutebook_wire::proto::{ActorRef, Awaited};

/// A body, an office of it, or an office alone.
pub fn actor(actor: &ActorRef, links: Links<'_>) -> Markup {
    match (&actor.body, actor.office.as_str()) {
        (None, office) => html! { (office) },
        (Some(body), "") => {
            html! { a href=(links.body(body)) { (name(&body.name, &body.body_id)) } }
        }
        (Some(body), office) => html! {
            a href=(links.body(body)) { (name(&body.name, &body.body_id)) } " (" (office) ")"
        },
    }
}

/// Somebody whose word is needed, and what is awaited of them.
pub fn awaited(awaited: &Awaited, links: Links<'_>) -> Markup {
    html! {
        @match (&awaited.who, &awaited.board) {
            (Some(who), _) => (actor(who, links)),
            (None, Some(board)) => {
                "the decision of "
                a href=(links.board(board)) { (name(&board.name, &board.board_id)) }
            },
            (None, None) => {},
        }
        @if !awaited.duty.is_empty() { " (" (awaited.duty) ")" }
    }
}

/// A name, or the id where there is none.
pub fn name<'a>(name: &'a str, id: &'a str) -> &'a str {
    if name.is_empty() { id } else { name }
}
