//! Everything that can be recorded, in words.

use maud::html;

use crate::address::Address;
use crate::frame::{PageSection, WebPage};
use minutebook_form::FormKind;

/// The kinds that are recorded most.
const COMMON: &[&str] = &[
    "virement_requested",
    "virement_approved",
    "virement_made",
    "matter_proposed",
    "vote_cast",
    "decision_made",
    "agreement_signed",
    "meeting_held",
    "budget_approved",
];

/// The parts of the protocol under a heading each.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "Decisions",
        &["decisions", "challenges", "delegations", "approval_rules"],
    ),
    (
        "Money",
        &[
            "budgets",
            "virements",
            "funding_formulas",
            "money",
            "savings",
            "invoices",
            "settlements",
        ],
    ),
    ("Agreements and documents", &["instruments", "publications"]),
    (
        "Collaborations and services",
        &["collaborations", "services", "notices"],
    ),
    ("Boards and meetings", &["boards", "meetings"]),
    ("Bodies", &["bodies"]),
    ("Audits, reviews, benefits and risks", &["assurance"]),
    ("Corrections and mandates", &["corrections", "mandates"]),
];

/// The page; `caution` says why the reader may record nothing, and is empty otherwise.
pub fn page(caution: &str, address: &Address) -> WebPage {
    let links = address.links();
    let entry = |kind: &FormKind| {
        html! {
            li {
                a href=(links.to(&format!("/record/{}", kind.name()))) { (kind.title()) }
                " " span.soft { (kind.event.about) }
            }
        }
    };
    WebPage::new(PageSection::Record, "What do you want to record?")
        .over(html! { p { "Record" } })
        .lede(html! {
            p { "Choose what happened. You see what would be recorded before anything is." }
        })
        .body(html! {
            @if !caution.is_empty() { div.outcome.waits { p { (caution) } } }
            p { a href=(links.to("/import")) { "Bring in a spreadsheet" } }
            section {
                h2 { "Most often" }
                ul.plain { @for kind in COMMON.iter().filter_map(|name| FormKind::named(name)) { (entry(&kind)) } }
            }
            @for (heading, nouns) in GROUPS {
                details.more {
                    summary { (heading) }
                    ul.plain {
                        @for noun in *nouns {
                            @for kind in FormKind::all().filter(|kind| kind.noun == *noun) { (entry(&kind)) }
                        }
                    }
                }
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_under_one_heading() {
        for kind in FormKind::all() {
            let groups = GROUPS
                .iter()
                .filter(|(_, nouns)| nouns.contains(&kind.noun));
            assert_eq!(groups.count(), 1, "{} of {}", kind.name(), kind.noun);
        }
        for name in COMMON {
            assert!(FormKind::named(name).is_some(), "{name}");
        }
    }
}
