//! Rows of a page of the past that nobody could have seen on that day: their entries were
//! recorded later.
//!
//! A row is marked where it is drawn, by the position of its entry. The frame then counts
//! the marks of the page, so that the number above is the number of marks below.

use maud::{Markup, html};

/// No text of the register can hold it, since every text is escaped.
const TAG: &str = "<span class=\"tag late later\">";

/// The mark of a row.
pub fn mark() -> Markup {
    html! { " " span.tag.late.later { "Recorded later" } }
}

/// How many rows of a page are marked.
pub fn count(body: &Markup) -> usize {
    body.0.matches(TAG).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;

    #[test]
    fn rows_of_later_entries_are_marked_and_counted() {
        let address = Address {
            known_then: Some(53),
            ..Address::default()
        };
        let links = address.links();
        let body = html! { (links.later(53)) (links.later(54)) (TAG) (links.later(80)) };
        assert_eq!(count(&body), 2, "{}", body.0);
        assert_eq!(count(&Address::default().links().later(80)), 0);
        let of_nothing = Address {
            known_then: Some(0),
            ..Address::default()
        };
        assert_eq!(count(&of_nothing.links().later(80)), 0);
    }
}
