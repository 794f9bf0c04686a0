//! Inputs of real histories and public documents that once came out wrong, with the
//! right answer. Each is one instance of a kind.

mod abolished;
mod acceded;
mod accession;
mod agreed_by_all;
mod amounts;
mod before_the_beginning;
mod board_delegations;
mod boards_no_more;
mod call_ins;
mod capacities;
mod course;
mod day_of_end;
mod directions;
mod divided_leads;
mod documents;
mod ends;
mod functions_pass;
mod heirs;
mod instrument_facts;
mod interrupted;
mod late_entries;
mod leaving;
mod left_alone;
mod not_given;
mod not_yet;
mod notice;
mod older_entries;
mod other_voices;
mod panels;
mod partial_dates;
mod recommendations;
mod referrals;
mod renewals;
mod retrospective;
mod returning;
mod service_exits;
mod serving;
mod settlers;
mod succession;
mod surviving;
mod suspended;
mod terms_and_notice;
mod underspends;

use std::sync::Arc;

use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::{BodyRef, CollaborationView, InstrumentView, NoticeView};
use serde_json::{Value, json};

use crate::given::{Given, event, on_x};

/// A body of this kind, in being since 2010.
fn body(id: &str, kind: &str) -> Value {
    let (force, _) = id.split_once('-').unwrap_or((id, ""));
    let mut payload = json!({ "name": id, "kind": format!("BODY_KIND_{kind}") });
    if matches!(kind, "POLICING_BODY" | "CHIEF_OFFICER") {
        payload["force"] = force.into();
    }
    event(&format!("bodies/{id}"), "2010", "bodyRegistered", payload)
}

/// Councils, as parties of the collaboration `x` since a day.
fn councils(parties: &[&str], since: &str) -> Given {
    let mut events: Vec<Value> = parties.iter().map(|id| body(id, "COUNCIL")).collect();
    events.push(body("other", "COUNCIL"));
    events.push(body("company", "OTHER"));
    events.push(established(parties, since));
    Given::recorded(&events)
}

/// The policing body and the chief officer of each force, as parties of the
/// collaboration `x` since a day.
fn forces(forces: &[&str], since: &str) -> Given {
    let mut events = Vec::new();
    let mut parties = Vec::new();
    for force in forces {
        for (office, kind) in [("pcc", "POLICING_BODY"), ("cc", "CHIEF_OFFICER")] {
            let id = format!("{force}-{office}");
            events.push(body(&id, kind));
            parties.push(id);
        }
    }
    for (office, kind) in [("pcc", "POLICING_BODY"), ("cc", "CHIEF_OFFICER")] {
        events.push(body(&format!("k-{office}"), kind));
    }
    let parties: Vec<&str> = parties.iter().map(String::as_str).collect();
    events.push(established(&parties, since));
    Given::recorded(&events)
}

fn established(parties: &[&str], since: &str) -> Value {
    on_x(
        since,
        "collaborationEstablished",
        json!({ "name": "X", "kind": "COLLABORATION_KIND_OTHER", "partyIds": parties }),
    )
}

fn drafted(id: &str, on: &str, kind: &str, terms: Value) -> Value {
    let payload = json!({ "instrumentId": id, "title": format!("The {id}"), "terms": terms,
        "kind": format!("INSTRUMENT_KIND_{kind}") });
    on_x(on, "instrumentDrafted", payload)
}

fn signed(id: &str, on: &str, body: &str) -> Value {
    let payload = json!({ "instrumentId": id, "bodyId": body });
    on_x(on, "agreementSigned", payload)
}

/// A body that joins by the instrument `i`, with the agreement of these.
fn joined(on: &str, body: &str, agreed_by: &[&str]) -> Value {
    let payload = json!({ "bodyId": body, "instrumentId": "i", "agreedByIds": agreed_by });
    on_x(on, "partyJoined", payload)
}

/// A party that these release.
fn withdrew(on: &str, body: &str, agreed_by: &[&str]) -> Value {
    let payload = json!({ "bodyId": body, "reason": "Released", "agreedByIds": agreed_by });
    on_x(on, "partyWithdrew", payload)
}

/// An instrument drafted and signed by these on one day.
fn agree(given: &mut Given, id: &str, on: &str, kind: &str, terms: Value, parties: &[&str]) {
    given.record(&[drafted(id, on, kind, terms)]);
    for party in parties {
        given.record(&[signed(id, on, party)]);
    }
}

fn provisions(forces: &[&str]) -> Value {
    json!([{ "kind": "PROVISION_KIND_FORCE", "forces": forces }])
}

fn view(given: &Given, day: &str, known: u64) -> RegisterView {
    let register = Arc::new(given.register.clone());
    RegisterView::new(register, day.parse().expect("a day"), Position::new(known))
}

/// The register on a day, as known now.
fn at(given: &Given, day: &str) -> RegisterView {
    view(given, day, u64::MAX)
}

fn x(given: &Given, day: &str) -> CollaborationView {
    let x = "x".parse().expect("an id");
    views::collaboration::get(&at(given, day), &x).expect("the collaboration")
}

/// An instrument on a day, as known at a position; `None` if it is not shown.
fn instrument_known(given: &Given, id: &str, day: &str, known: u64) -> Option<InstrumentView> {
    let x = "x".parse().expect("an id");
    let view = views::collaboration::get(&view(given, day, known), &x)?;
    let mut instruments = view.instruments.into_iter();
    instruments.find(|instrument| instrument.instrument_id == id)
}

fn instrument(given: &Given, id: &str, day: &str) -> InstrumentView {
    instrument_known(given, id, day, u64::MAX).expect("the instrument")
}

fn notice_view(given: &Given, id: &str, day: &str) -> NoticeView {
    let notices = x(given, day).notices.into_iter();
    let mut notices = notices.filter(|notice| notice.notice_id == id);
    notices.next().expect("the notice")
}

fn ids(bodies: &[BodyRef]) -> Vec<&str> {
    bodies.iter().map(|body| body.body_id.as_str()).collect()
}

/// The sentence of the only fault.
fn refusal(given: &Given, when: &Value) -> String {
    use minutebook::domain::admit::Refusal;
    match given.judge(std::slice::from_ref(when)) {
        Err(Refusal::Rules(findings)) => {
            assert_eq!(findings.len(), 1, "{findings:?}");
            findings[0].fault.to_string()
        }
        other => panic!("{other:?}"),
    }
}
