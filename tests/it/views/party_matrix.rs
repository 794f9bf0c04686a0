//! The faults of an agreement after a party left: from which withdrawal on, and
//! what cures them.

use minutebook::views;
use minutebook::wire::proto::{FaultView, InstrumentView, Standing};
use serde_json::{Value, json};

use super::ALL;
use crate::given::{Given, bodies, collaboration, event, on_x};

/// Drafts an agreement on a day and has all its parties sign it then, each
/// policing body having consulted its chief officer.
fn agree(given: &mut Given, id: &str, on: &str, kind: &str, parties: &[&str], terms: Value) {
    let drafted = json!({ "instrumentId": id, "title": id, "partyIds": parties, "terms": terms,
                          "kind": format!("INSTRUMENT_KIND_{kind}_AGREEMENT") });
    given.record(&[on_x(on, "instrumentDrafted", drafted)]);
    let consulted = json!({ "consultationId": id, "about": "It", "instrumentId": id,
                            "consultedIds": ["a-cc", "b-cc", "c-cc"] });
    given.record(&[on_x(on, "consultationRecorded", consulted)]);
    for party in parties {
        let signed = json!({ "instrumentId": id, "bodyId": party });
        given.record(&[on_x(on, "agreementSigned", signed)]);
    }
}

fn policing(bodies: &[&str]) -> Value {
    json!({ "kind": "PROVISION_KIND_POLICING_BODY", "policingBodyIds": bodies })
}

/// The three policing bodies under an agreement with a provision for each.
fn three() -> Given {
    let parties = ["a-pcc", "b-pcc", "c-pcc"];
    let mut events = bodies();
    events.push(collaboration(&parties));
    let mut given = Given::recorded(&events);
    let provisions = parties.map(|party| policing(&[party]));
    let terms = json!({ "provisions": provisions });
    agree(
        &mut given,
        "old",
        "2014-04-01",
        "SECTION_22A",
        &parties,
        terms,
    );
    given
}

fn leaves(given: &mut Given, on: &str, body: &str) -> u64 {
    let payload = json!({ "bodyId": body, "reason": "Leaving" });
    given.record(&[on_x(on, "partyWithdrew", payload)]);
    given.register.tail().get()
}

fn joins(given: &mut Given, on: &str, body: &str) {
    given.record(&[on_x(on, "partyJoined", json!({ "bodyId": body }))]);
}

fn instrument(given: &Given, id: &str, day: &str, known: u64) -> InstrumentView {
    let view = views::collaboration::get(&given.at(day, known), &"x".parse().unwrap()).unwrap();
    let mut instruments = view.instruments.into_iter();
    instruments
        .find(|instrument_view| instrument_view.instrument_id == id)
        .unwrap()
}

fn faults(given: &Given, day: &str) -> Vec<(String, u64)> {
    let faults = instrument(given, "old", day, ALL).faults.into_iter();
    faults.map(|fault| (fault.reason, fault.position)).collect()
}

fn fault(reason: &str, position: u64) -> (String, u64) {
    (reason.to_owned(), position)
}

#[test]
fn each_fault_is_since_the_withdrawal_that_brought_it_about() {
    let mut given = three();
    let c_left = leaves(&mut given, "2016-01-01", "c-pcc");
    let b_left = leaves(&mut given, "2017-01-01", "b-pcc");
    assert!(faults(&given, "2015-12-31").is_empty());
    let provision = "PROVISION_PARTY_MISSING";
    assert_eq!(faults(&given, "2016-01-01"), [fault(provision, c_left)]);
    let two = [
        fault(provision, c_left),
        fault("PARTY_MATRIX_NOT_MET", b_left),
        fault(provision, b_left),
    ];
    assert_eq!(faults(&given, "2017-01-01"), two);
    let known = |known: u64| instrument(&given, "old", "2017-01-01", known).faults.len();
    assert_eq!(
        (known(c_left - 1), known(b_left - 1), known(b_left)),
        (0, 1, 3)
    );
    // Its withdrawal removed neither its signature nor the force of the agreement.
    let instrument_view = instrument(&given, "old", "2017-01-01", ALL);
    assert_eq!(instrument_view.standing(), Standing::InForce);
    assert!(
        instrument_view
            .signatures
            .iter()
            .all(|signed| signed.signed_on.is_some())
    );
    let text = |fault: &FaultView| fault.what.clone();
    assert!(text(&instrument_view.faults[1]).contains("since b-pcc left"));
    assert!(text(&instrument_view.faults[1]).contains("this has 1 policing bodies"));
}

#[test]
fn a_party_that_left_twice_is_missed_since_the_second_time() {
    let mut given = three();
    leaves(&mut given, "2016-01-01", "c-pcc");
    joins(&mut given, "2017-01-01", "c-pcc");
    assert!(faults(&given, "2017-01-01").is_empty(), "it is back");
    let again = leaves(&mut given, "2018-01-01", "c-pcc");
    let since = [fault("PROVISION_PARTY_MISSING", again)];
    assert_eq!(faults(&given, "2018-01-01"), since);
    assert_eq!(faults(&given, "2016-06-01").len(), 1, "it had left");
}

#[test]
fn a_body_that_signs_after_leaving_is_bound() {
    let parties = ["a-pcc", "b-pcc"];
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc", "c-pcc"]));
    let mut given = Given::recorded(&events);
    leaves(&mut given, "2014-01-01", "b-pcc");
    let terms = json!({ "provisions": [policing(&parties)] });
    agree(
        &mut given,
        "old",
        "2014-04-01",
        "SECTION_22A",
        &parties,
        terms,
    );
    assert!(faults(&given, "2026-01-01").is_empty());
}

#[test]
fn another_agreement_a_variation_or_the_end_of_it_all_mends_it() {
    let mut given = three();
    let left = leaves(&mut given, "2016-01-01", "c-pcc");
    assert_eq!(
        faults(&given, "2026-01-01"),
        [fault("PROVISION_PARTY_MISSING", left)]
    );

    // The remaining parties remove the provision without the one that left.
    let mut varied = given.clone();
    let terms = json!({ "provisions": [policing(&["a-pcc"]), policing(&["b-pcc"])] });
    let payload = json!({ "instrumentId": "old", "summary": "Without c", "terms": terms,
                       "agreedByIds": ["a-pcc", "b-pcc"] });
    varied.record(&[on_x(
        "2016-06-01",
        "instrumentVaried",
        json!({ "variation": payload }),
    )]);
    assert_eq!(faults(&varied, "2016-05-31").len(), 1);
    assert!(faults(&varied, "2016-06-01").is_empty());

    // Another body joins, and signs the replacement.
    let mut replaced = given.clone();
    joins(&mut replaced, "2016-06-01", "a-cc");
    let parties = ["a-pcc", "b-pcc", "a-cc"];
    let terms = json!({ "provisions": [policing(&["a-pcc"])] });
    agree(
        &mut replaced,
        "new",
        "2016-06-01",
        "SECTION_22A",
        &parties,
        terms,
    );
    assert_eq!(
        faults(&replaced, "2016-06-01").len(),
        1,
        "signing alone ends nothing"
    );
    let by = json!({ "instrumentId": "old", "byInstrumentId": "new" });
    replaced.record(&[on_x("2016-07-01", "instrumentSuperseded", by)]);
    assert_eq!(faults(&replaced, "2016-06-30").len(), 1);
    assert!(faults(&replaced, "2016-07-01").is_empty());
    assert!(
        instrument(&replaced, "new", "2016-07-01", ALL)
            .faults
            .is_empty()
    );

    let over = json!({ "cause": "END_CAUSE_AGREEMENT", "agreedByIds": ["a-pcc", "b-pcc"] });
    given.record(&[on_x("2018-01-01", "collaborationEnded", over)]);
    assert_eq!(faults(&given, "2017-12-31").len(), 1);
    assert!(faults(&given, "2018-01-01").is_empty());
    assert!(views::breaches::list(&given.at("2018-01-01", ALL), None).is_empty());
}

#[test]
fn a_successor_replaces_its_predecessor() {
    let mut given = three();
    let mayor = json!({ "name": "The c mayor", "kind": "BODY_KIND_POLICING_BODY", "force": "c" });
    given.record(&[event(
        "bodies/c-mayor",
        "2016-05-07",
        "bodyRegistered",
        mayor,
    )]);
    let followed = json!({ "successorId": "c-mayor" });
    given.record(&[event(
        "bodies/c-pcc",
        "2016-05-07",
        "bodySucceeded",
        followed,
    )]);
    assert!(faults(&given, "2016-06-30").is_empty());
    // Said again by hand, it is no other answer.
    leaves(&mut given, "2016-05-07", "c-pcc");
    joins(&mut given, "2016-07-01", "c-mayor");
    assert!(faults(&given, "2016-06-30").is_empty());
    assert!(faults(&given, "2016-07-01").is_empty());
    let left = leaves(&mut given, "2020-01-01", "c-mayor");
    assert_eq!(
        faults(&given, "2020-01-01"),
        [fault("PROVISION_PARTY_MISSING", left)]
    );
}

#[test]
fn an_emergency_services_agreement_keeps_two_services_and_its_policing_body() {
    let parties = ["a-pcc", "a-cc", "fire", "ambulance"];
    let mut events = bodies();
    events.push(collaboration(&parties));
    let mut given = Given::recorded(&events);
    agree(
        &mut given,
        "old",
        "2018-01-01",
        "EMERGENCY_SERVICES",
        &parties,
        json!({ "hasWithdrawalProvision": true }),
    );
    leaves(&mut given, "2019-01-01", "ambulance");
    assert!(faults(&given, "2019-01-01").is_empty(), "two are left");
    let pcc = leaves(&mut given, "2020-01-01", "a-pcc");
    let alone = fault("CHIEF_WITHOUT_POLICING_BODY", pcc);
    assert_eq!(faults(&given, "2020-01-01"), [alone]);
    let chief = leaves(&mut given, "2021-01-01", "a-cc");
    assert_eq!(
        faults(&given, "2021-01-01"),
        [fault("TOO_FEW_EMERGENCY_SERVICES", chief)],
        "the chief officer that was alone has gone too"
    );
}
