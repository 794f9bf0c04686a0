//! Of whom Attention is: of all, or of one board or body, chosen by name.

use maud::{Markup, html};

use crate::address::Address;
use crate::who;
use minutebook_wire::proto::{BoardRef, BodyRef};

/// The parameter that names the board or body.
const FOR: &str = "for";

/// The boards and bodies of the day of the page.
#[derive(Debug, Clone, Default)]
pub struct AttentionChoices {
    pub boards: Vec<BoardRef>,
    pub bodies: Vec<BodyRef>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// Each with its subject and its name, by name.
fn named<'a>(kind: &str, refs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, &'a str)> {
    let mut named: Vec<(String, &str)> = refs
        .map(|(id, name)| (format!("{kind}/{id}"), who::name(name, id)))
        .collect();
    named.sort_by_cached_key(|(_, name)| name.to_lowercase());
    named
}

impl AttentionChoices {
    fn of_boards(&self) -> Vec<(String, &str)> {
        let refs = self.boards.iter();
        named("boards", refs.map(|one| (&*one.board_id, &*one.name)))
    }

    fn of_bodies(&self) -> Vec<(String, &str)> {
        let refs = self.bodies.iter();
        named("bodies", refs.map(|one| (&*one.body_id, &*one.name)))
    }

    /// The name of a subject; the subject itself where it is not among them.
    fn name<'a>(&'a self, subject: &'a str) -> &'a str {
        let all = self.of_boards().into_iter().chain(self.of_bodies());
        let mut found = all.filter(|(one, _)| one == subject);
        found.next().map_or(subject, |(_, name)| name)
    }
}

/// Of whom the page is, above its heading.
pub fn of_whom(choices: &AttentionChoices, address: &Address) -> Markup {
    let links = address.links();
    html! {
        @match address.parameter(FOR) {
            Some(subject) => {
                "Of " a href=(links.subject(subject)) { (choices.name(subject)) } " · "
                a href=(links.to("/attention")) { "of all" }
            },
            None => "Of all boards and bodies",
        }
    }
}

/// The form that chooses another. It needs no script.
pub fn form(choices: &AttentionChoices, address: &Address) -> Markup {
    if choices.boards.is_empty() && choices.bodies.is_empty() {
        return Markup::default();
    }
    let current = address.parameter(FOR);
    let group = |name: &str, named: &[(String, &str)]| {
        html! {
            @if !named.is_empty() {
                optgroup label=(name) {
                    @for (subject, name) in named {
                        option value=(subject) selected[current == Some(subject)] { (name) }
                    }
                }
            }
        }
    };
    html! {
        form.beside action="/attention" method="get" {
            @for (key, value) in address.moment.parameters() {
                input type="hidden" name=(key) value=(value);
            }
            div.field {
                label for="attention-for" { "Of which board or body?" }
                @if choices.has_more {
                    span.hint {
                        "Not all are here. " a href=(address.links().to("/search")) { "Search" }
                        " for another, and choose Attention on its page."
                    }
                }
                select #attention-for name=(FOR) {
                    option value="" selected[current.is_none()] { "All" }
                    (group("Boards", &choices.of_boards()))
                    (group("Bodies", &choices.of_bodies()))
                }
            }
            button type="submit" { "Show" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::PageMoment;
    use minutebook_wire::proto::Date;

    fn choices() -> AttentionChoices {
        AttentionChoices {
            boards: vec![BoardRef {
                board_id: "summit".into(),
                name: "Strategic <Summit>".into(),
            }],
            bodies: vec![
                BodyRef {
                    body_id: "z".into(),
                    name: "Zed".into(),
                },
                BodyRef {
                    body_id: "kent".into(),
                    name: "kent".into(),
                },
            ],
            has_more: false,
        }
    }

    #[test]
    fn a_board_or_body_is_chosen_by_name_and_the_day_stays() {
        let address = Address {
            moment: PageMoment {
                on: Some(Date {
                    year: 2018,
                    month: 1,
                    day: 16,
                }),
                known: None,
            },
            ..Address::default()
        };
        let html = form(&choices(), &address.with("for", "bodies/z")).into_string();
        for text in [
            "<option value=\"boards/summit\">Strategic &lt;Summit&gt;</option>",
            "<option value=\"bodies/z\" selected>Zed</option>",
            "<input type=\"hidden\" name=\"on\" value=\"2018-01-16\">",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert!(!html.contains("Not all are here"), "{html}");
        assert!(html.find(">kent<").unwrap() < html.find(">Zed<").unwrap());
    }

    #[test]
    fn the_page_says_the_name_and_not_the_id() {
        let address = Address::default().with("for", "boards/summit");
        let html = of_whom(&choices(), &address).into_string();
        assert!(html.contains(">Strategic &lt;Summit&gt;</a>"), "{html}");
        let all = of_whom(&choices(), &Address::default()).into_string();
        assert_eq!(all, "Of all boards and bodies");
    }
}
