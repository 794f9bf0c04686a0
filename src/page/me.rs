//! Who am I: what the reader of the page may do, until when, and by which entry.

use maud::{Markup, html};

use crate::address::{Address, Links};
use crate::frame::{PageSection, WebPage};
use crate::{report, spoken, who};
use minutebook_present::answer::Answer;
use minutebook_present::dates;
use minutebook_wire::proto::who_am_i_response::Reading;
use minutebook_wire::proto::{MandateRole, MandateView, WhoAmIResponse};

/// `sign_in` is the address at which a browser signs in, where there is one.
pub fn page(answer: &WhoAmIResponse, sign_in: Option<&str>, address: &Address) -> WebPage {
    let links = address.links();
    WebPage::new(PageSection::Other, "Who am I?")
        .lede(html! {
            @if answer.signed_in { p { (signed_in(answer)) } }
            @else { p { "You are not signed in." } }
            p { (reads(answer.reading())) }
        })
        .body(html! {
            @if answer.mandate_needed { (mandates(answer, links)) }
            @else { p { "The register has no keeper yet: everybody who can reach this page may record." } }
            @if let Some(sign_in) = sign_in.filter(|_| !answer.signed_in) {
                p { a.button href=(sign_in) { "Sign in" } }
            }
            details.more {
                summary { "Who vouches for you" }
                (report::body(&answer.report(), links))
            }
        })
}

fn signed_in(answer: &WhoAmIResponse) -> String {
    let mut names: Vec<String> = Vec::new();
    for mandate in &answer.mandates {
        if !names.contains(&mandate.recorded_as) {
            names.push(mandate.recorded_as.clone());
        }
    }
    let named = match names.as_slice() {
        [] => String::new(),
        names => format!(" as {}", spoken::list(names)),
    };
    let until = answer
        .expires_at
        .as_ref()
        .map(|at| format!(", until {}", dates::local_instant(at)));
    format!("You are signed in{named}{}.", until.unwrap_or_default())
}

fn reads(reading: Reading) -> &'static str {
    match reading {
        Reading::Unspecified => "",
        Reading::Everything => "You may read everything.",
        Reading::Covered => "You may read what your mandates cover.",
        Reading::CoveredAndUnmarked => {
            "You may read what your mandates cover, and everything that is not marked."
        }
        Reading::Unmarked => "You may read everything that is not marked.",
        Reading::Nothing => "You may read nothing here.",
    }
}

/// The mandates, each with what it allows; without any, who can grant one.
fn mandates(answer: &WhoAmIResponse, links: Links<'_>) -> Markup {
    html! {
        section {
            h2 #may { "What you may do" }
            @for mandate in &answer.mandates { (one(mandate, links)) }
            @if answer.mandates.is_empty() {
                p { "You hold no mandate that is in force, so you may record nothing." }
                @if !answer.signed_in { p { "Mandates are for those who have signed in." } }
                @else if answer.keepers.is_empty() { p { "Nobody can grant one now: who runs the server appoints a keeper." } }
                @else { p { "These can grant one: " (spoken::list(&answer.keepers)) "." } }
            }
        }
    }
}

fn one(mandate: &MandateView, links: Links<'_>) -> Markup {
    html! {
        div.card {
            h3 { (mandate.recorded_as) }
            p { "You may " (allows(mandate.role())) "." }
            @let covers = covers(mandate, links);
            @if !covers.is_empty() {
                p { "For:" }
                ul.plain { @for one in &covers { li { (one) } } }
            }
            @if let Some(pence) = mandate.up_to_pence { p { "Up to " (amount(pence, &mandate.currency)) "." } }
            p.note {
                @match &mandate.until_on {
                    Some(until) => { "Until " (spoken::date(until)) },
                    None => "Without an end",
                }
                ", by " a.entry href=(links.entry(mandate.position)) { "entry " (mandate.position) } "."
            }
        }
    }
}

fn amount(pence: i64, currency: &str) -> String {
    match currency {
        "" => spoken::pounds(pence),
        _ => minutebook_present::cell::money(pence, currency).to_string(),
    }
}

/// The acts that a role allows, after "you may".
fn allows(role: MandateRole) -> &'static str {
    match role {
        MandateRole::Unspecified => "do nothing",
        MandateRole::Registrar => {
            "found bodies, boards and collaborations, and record their names, offices, seats and ends"
        }
        MandateRole::Recorder => "record the facts of what is named here",
        MandateRole::Member => "vote, sign, confirm, answer and give notice",
        MandateRole::Secretary => "record meetings, minutes and decisions",
        MandateRole::Auditor => "read, replay and export everything",
        MandateRole::Reader => "read what is named here",
        MandateRole::Keeper => "grant and revoke mandates",
    }
}

/// The subjects that a mandate covers, each with its page.
fn covers(mandate: &MandateView, links: Links<'_>) -> Vec<Markup> {
    if mandate.whole_register {
        return vec![html! { "the whole register" }];
    }
    let bodies = mandate.bodies.iter().map(
        |one| html! { a href=(links.body(one)) { (who::name(&one.name, &one.body_id)) } " and its offices" },
    );
    let offices = mandate.offices.iter().map(|one| who::actor(one, links));
    let boards = mandate
        .boards
        .iter()
        .map(|one| html! { a href=(links.board(one)) { (who::name(&one.name, &one.board_id)) } });
    let collaborations = mandate.collaborations.iter().map(|one| {
        html! { a href=(links.collaboration(one)) { (who::name(&one.name, &one.collaboration_id)) } }
    });
    bodies
        .chain(offices)
        .chain(boards)
        .chain(collaborations)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_wire::proto::{BodyRef, Date};

    #[test]
    fn a_member_reads_what_until_when_and_by_which_entry() {
        let answer = WhoAmIResponse {
            signed_in: true,
            mandate_needed: true,
            reading: Reading::CoveredAndUnmarked.into(),
            mandates: vec![MandateView {
                role: MandateRole::Member.into(),
                recorded_as: "Fictional Eastvale PCC".into(),
                bodies: vec![BodyRef {
                    body_id: "eastvale".into(),
                    name: "Eastvale <PCC>".into(),
                }],
                until_on: Some(Date {
                    year: 2027,
                    month: 3,
                    day: 31,
                }),
                position: 7,
                ..MandateView::default()
            }],
            ..WhoAmIResponse::default()
        };
        let page = page(&answer, Some("/sign-in"), &Address::default());
        let (lede, body) = (page.lede.into_string(), page.body.into_string());
        assert!(
            lede.contains("You are signed in as Fictional Eastvale PCC."),
            "{lede}"
        );
        for text in [
            "You may vote, sign, confirm, answer and give notice.",
            "<a href=\"/bodies/eastvale\">Eastvale &lt;PCC&gt;</a> and its offices",
            "Until 31 March 2027, by <a class=\"entry\" href=\"/entries/7\">entry 7</a>.",
        ] {
            assert!(body.contains(text), "{text}: {body}");
        }
        assert!(!body.contains("/sign-in"), "{body}");
    }

    #[test]
    fn signed_out_is_said_and_the_way_in_is_there_where_there_is_one() {
        let answer = WhoAmIResponse {
            mandate_needed: true,
            reading: Reading::Unmarked.into(),
            ..WhoAmIResponse::default()
        };
        let address = Address::default();
        let with = page(&answer, Some("/sign-in"), &address);
        assert!(with.lede.into_string().contains("You are not signed in."));
        assert!(with.body.into_string().contains("href=\"/sign-in\""));
        let without = page(&answer, None, &address).body.into_string();
        assert!(!without.contains("/sign-in"), "{without}");
        let open = page(&WhoAmIResponse::default(), None, &address);
        let open = open.body.into_string();
        assert!(
            open.contains("everybody who can reach this page may record"),
            "{open}"
        );
    }
}
