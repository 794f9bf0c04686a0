//! One value of a report, as HTML: names, entries and proposals lead to their pages.

use maud::{Markup, html};

use crate::address::Links;
use crate::spoken;
use minutebook_present::cell::{Cell, Pennies};

/// The keys of the columns that hold the position of an entry.
const ENTRIES: &[&str] = &[
    "position",
    "entry",
    "corrected_by_position",
    "corrects_position",
];

/// The keys of the columns that hold a proposal.
const PROPOSALS: &[&str] = &["proposal", "proposal_id"];

/// A cell under the column of this key.
pub fn cell(cell: &Cell, key: &str, pennies: Pennies, links: Links<'_>) -> Markup {
    match cell {
        Cell::Subject { subject, .. } => html! {
            a href=(links.subject(subject)) { (breakable(&cell.for_people())) }
        },
        Cell::Number(number) if ENTRIES.contains(&key) => match u64::try_from(*number) {
            Ok(position) => html! {
                a.entry href=(links.entry(position)) { (position) }
            },
            Err(_) => html! { (number) },
        },
        Cell::Text(text) if key == "subject" && is_subject(text) => html! {
            a href=(links.subject(text)) { (text) }
        },
        Cell::Text(text) if PROPOSALS.contains(&key) && is_uuid(text) => html! {
            a href=(links.proposal(text)) { (text) }
        },
        Cell::Text(text) if is_web_address(text) => html! {
            a href=(text) rel="noreferrer" { (breakable(text)) }
        },
        Cell::On(date) => html! { span.day { (spoken::date(date)) } },
        Cell::List(cells) if cells.iter().any(is_long) => html! {
            ul { @for one in cells { li { (self::cell(one, key, pennies, links)) } } }
        },
        Cell::List(cells) => html! {
            @for (index, one) in cells.iter().enumerate() {
                @if index > 0 { "; " }
                (self::cell(one, key, pennies, links))
            }
        },
        Cell::Sentence { parts, .. } => html! {
            @for part in parts { (self::cell(part, key, pennies, links)) }
        },
        Cell::Text(text) => lines(text),
        Cell::Empty
        | Cell::Label(_)
        | Cell::Named { .. }
        | Cell::Number(_)
        | Cell::Pence(_)
        | Cell::Money(_)
        | Cell::Ppm(_)
        | Cell::SignedPpm(_)
        | Cell::At(_)
        | Cell::Yes(_) => breakable(&cell.for_people_with(pennies)),
    }
}

/// A text with its line feeds.
pub fn lines(text: &str) -> Markup {
    html! {
        @for (index, line) in text.split('\n').enumerate() {
            @if index > 0 { br; }
            (breakable(line))
        }
    }
}

/// The most letters in a row for which a table makes room.
const UNBROKEN_MAX: usize = 18;

/// A text that may be broken within a word that has no end: otherwise one such name makes a
/// table wider than the screen.
pub fn breakable(text: &str) -> Markup {
    let mut parts = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (at, letter) in text.char_indices() {
        if length == UNBROKEN_MAX {
            parts.push(&text[start..at]);
            (start, length) = (at, 0);
        }
        // Browsers break here already.
        let is_end = letter.is_whitespace() || letter == '-';
        length = if is_end { 0 } else { length + 1 };
    }
    html! {
        @for part in parts { (part) wbr; }
        (text[start..])
    }
}

/// Whether a list of such cells is easier to read line by line.
fn is_long(cell: &Cell) -> bool {
    cell.for_people().chars().count() > 40
}

/// Whether a text names a subject that has a page.
pub fn is_subject(text: &str) -> bool {
    let Some((kind, id)) = text.split_once('/') else {
        return false;
    };
    let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ["bodies", "boards", "collaborations"].contains(&kind)
        && !id.is_empty()
        && id.chars().all(is_id)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// Whether a text is nothing but an address that a browser may open.
fn is_web_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|c: char| c.is_whitespace() || c == '"' || c == '<')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;

    fn written(one: &Cell, key: &str) -> String {
        let address = Address::default();
        cell(one, key, Pennies::WhereAny, address.links()).into_string()
    }

    #[test]
    fn only_a_word_without_an_end_is_broken() {
        let id = "01900000-0000-7000-8000-000000000102 of Northamptonshire";
        assert_eq!(breakable(id).into_string(), id);
        let long = "é".repeat(60);
        let broken = breakable(&long).into_string();
        assert_eq!(broken.matches("<wbr>").count(), 3, "{broken}");
        assert_eq!(broken.replace("<wbr>", ""), long);
    }

    #[test]
    fn names_and_entries_lead_to_their_pages_and_nothing_else_does() {
        assert_eq!(
            written(&Cell::subject("bodies", "kent", "Kent <b>"), "x"),
            "<a href=\"/bodies/kent\">Kent &lt;b&gt;</a>"
        );
        assert_eq!(
            written(&Cell::Number(7), "position"),
            "<a class=\"entry\" href=\"/entries/7\">7</a>"
        );
        assert_eq!(written(&Cell::Number(7), "days"), "7");
        assert_eq!(
            written(&"javascript:alert(1)".into(), "uri"),
            "javascript:alert(1<wbr>)"
        );
        assert_eq!(written(&"bodies/A\"b".into(), "subject"), "bodies/A&quot;b");
    }
}
