//! A part of a body passes, and the body goes on: a county council gives its fire functions
//! to another authority, and is a council still.

use minutebook::views;
use minutebook::wire::proto::{BodyKind, BodyView};
use serde_json::{Value, json};

use super::{agree, at, ids, instrument, x};
use crate::given::{Given, date, event, judged, on_x};

fn registered(id: &str, on: &str, kind: &str, capacities: Value) -> Value {
    let payload = json!({ "name": id, "kind": format!("BODY_KIND_{kind}"),
        "capacities": capacities });
    event(&format!("bodies/{id}"), on, "bodyRegistered", payload)
}

fn fire() -> Value {
    json!({ "kind": "BODY_KIND_FIRE_AUTHORITY" })
}

/// The council of an isle, which is a fire authority too, and an ambulance trust, under an
/// agreement of 2018; the isle leads, and has a seat on the board.
fn isle() -> Given {
    let mut given = Given::recorded(&[
        registered("isle", "1995-04-01", "COUNCIL", json!([fire()])),
        registered("ambulance", "2006-07-01", "AMBULANCE_TRUST", json!([])),
        registered("combined", "2021-04-01", "COMBINED_AUTHORITY", json!([])),
        super::established(&["isle", "ambulance"], "2018-01-01"),
        event(
            "collaborations/waste",
            "2018-01-01",
            "collaborationEstablished",
            json!({ "name": "Waste", "kind": "COLLABORATION_KIND_OTHER",
                "partyIds": ["isle", "ambulance"], "leadId": "isle" }),
        ),
        event(
            "boards/j",
            "2018-01-01",
            "boardConstituted",
            json!({ "name": "J", "powers": ["BOARD_POWER_DECIDES"], "collaborationIds": ["x"],
                "members": [{ "bodyId": "isle" }, { "bodyId": "ambulance" }] }),
        ),
    ]);
    let terms = json!({ "hasWithdrawalProvision": true, "noticeAsPartyMonths": 6 });
    let kind = "EMERGENCY_SERVICES_AGREEMENT";
    agree(
        &mut given,
        "es",
        "2018-02-01",
        kind,
        terms,
        &["isle", "ambulance"],
    );
    given.record(&[
        on_x("2018-02-01", "leadAppointed", json!({ "bodyId": "isle" })),
        on_x(
            "2018-02-01",
            "serviceAdded",
            json!({ "serviceId": "s", "name": "S", "leadId": "isle",
                "partyIds": ["isle", "ambulance"] }),
        ),
        on_x(
            "2020-12-01",
            "noticeGiven",
            json!({ "noticeId": "n", "bodyId": "isle", "capacity": "NOTICE_CAPACITY_PARTY",
                "takesEffectOn": date("2021-12-01") }),
        ),
    ]);
    given
}

fn passed(on: &str, scope: Value) -> Value {
    let payload = json!({ "successorId": "combined", "scope": scope,
        "whatPasses": "Fire and rescue" });
    event("bodies/isle", on, "bodySucceeded", payload)
}

fn of_fire() -> Value {
    json!({ "subjects": ["collaborations/x", "boards/j"], "capacities": [fire()] })
}

fn body_on(given: &Given, id: &str, day: &str) -> BodyView {
    views::body::get(&at(given, day), &id.parse().unwrap()).expect("the body")
}

fn kinds(body: &BodyView) -> Vec<BodyKind> {
    let held = body
        .capacities
        .iter()
        .filter(|held| held.until_on.is_none());
    held.map(|held| held.kind()).collect()
}

#[test]
fn in_the_collaborations_concerned_the_heir_is_in_its_place_and_it_goes_on() {
    let mut given = isle();
    given.record(&[passed("2021-04-01", of_fire())]);
    let before = x(&given, "2021-03-31");
    assert_eq!(before.summary.unwrap().lead.unwrap().body_id, "isle");
    let after = x(&given, "2021-04-01");
    let parties: Vec<&str> = after
        .parties
        .iter()
        .map(|party| party.body.as_ref().unwrap().body_id.as_str())
        .collect();
    assert_eq!(parties, ["ambulance", "combined"]);
    assert_eq!(ids(&after.former_parties[0].followed_by), ["combined"]);
    assert_eq!(after.summary.unwrap().lead.unwrap().body_id, "combined");
    assert_eq!(after.services[0].lead.as_ref().unwrap().body_id, "combined");
    assert_eq!(ids(&after.services[0].parties), ["ambulance", "combined"]);
    let es = instrument(&given, "es", "2021-04-01");
    assert_eq!(ids(&es.signatures[0].followed_by), ["combined"]);
    assert!(
        es.faults.is_empty(),
        "the heir is a fire authority: {:?}",
        es.faults
    );
    let waste = views::collaboration::get(&at(&given, "2021-04-01"), &"waste".parse().unwrap());
    let waste = waste.unwrap();
    assert_eq!(waste.summary.unwrap().lead.unwrap().body_id, "isle");

    let isle = body_on(&given, "isle", "2021-04-01");
    let summary = isle.summary.as_ref().unwrap();
    assert!(summary.succeeded_on.is_none() && isle.successors.is_empty());
    assert_eq!(summary.collaboration_count, 1);
    assert_eq!(kinds(&isle), [BodyKind::Council]);
    assert_eq!(isle.passed[0].subjects, ["collaborations/x", "boards/j"]);
    assert_eq!(ids(&isle.passed[0].successors), ["combined"]);
    assert_eq!(isle.passed[0].what_passed, "Fire and rescue");
    assert!(isle.seats.is_empty());
    let combined = body_on(&given, "combined", "2021-04-01");
    assert_eq!(
        kinds(&combined),
        [BodyKind::CombinedAuthority, BodyKind::FireAuthority]
    );
    assert_eq!(
        combined.capacities[1].in_place_of.as_ref().unwrap().body_id,
        "isle"
    );
    assert_eq!(
        combined.seats[0].in_place_of.as_ref().unwrap().body_id,
        "isle"
    );
    assert_eq!(ids(&combined.predecessors), ["isle"]);
    assert_eq!(kinds(&body_on(&given, "isle", "2021-03-31")).len(), 2);
}

#[test]
fn the_heir_is_bound_by_clauses_and_notices_and_the_body_acts_there_no_more() {
    let mut given = isle();
    given.record(&[passed("2021-04-01", of_fire())]);
    let vary = |agreed: &[&str]| {
        on_x(
            "2021-05-01",
            "instrumentVaried",
            json!({ "variation": { "instrumentId": "es", "summary": "v", "agreedByIds": agreed } }),
        )
    };
    let leave = |on: &str, body: &str| {
        on_x(
            on,
            "partyWithdrew",
            json!({ "bodyId": body, "noticeId": "n" }),
        )
    };
    let lead = on_x(
        "2021-12-01",
        "leadAppointed",
        json!({ "bodyId": "ambulance" }),
    );
    let service = on_x(
        "2021-12-01",
        "serviceLeadTransferred",
        json!({ "serviceId": "s", "fromId": "combined", "toId": "ambulance" }),
    );
    let again = on_x("2021-05-01", "partyJoined", json!({ "bodyId": "combined" }));
    judged(
        &given,
        &[
            ("the heir agrees", vary(&["combined", "ambulance"]), &[]),
            (
                "the body",
                vary(&["isle", "ambulance"]),
                &["NOT_A_SIGNATORY", "VARIATION_NOT_AGREED"],
            ),
            ("said again by hand", again, &[]),
            (
                "the body leaves",
                leave("2021-12-01", "isle"),
                &["BODY_SUCCEEDED"],
            ),
            (
                "lead by the body",
                on_x("2021-05-01", "leadAppointed", json!({ "bodyId": "isle" })),
                &["BODY_SUCCEEDED"],
            ),
        ],
    );
    given.record(&[lead, service]);
    judged(
        &given,
        &[
            (
                "early",
                leave("2021-11-30", "combined"),
                &["STILL_LEADS", "STILL_LEADS", "NOTICE_STILL_RUNNING"],
            ),
            (
                "on its predecessor's notice",
                leave("2021-12-01", "combined"),
                &[],
            ),
        ],
    );
}

#[test]
fn nothing_passes_where_the_body_has_no_place_or_no_such_capacity() {
    let mut given = isle();
    given.record(&[event(
        "collaborations/other",
        "2018-01-01",
        "collaborationEstablished",
        json!({ "name": "Other", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["ambulance"] }),
    )]);
    let in_x = json!(["collaborations/x"]);
    let police = json!([{ "kind": "BODY_KIND_POLICING_BODY", "force": "f" }]);
    judged(
        &given,
        &[
            (
                "no party",
                passed(
                    "2021-04-01",
                    json!({ "subjects": ["collaborations/other"] }),
                ),
                &["NOTHING_PASSES"],
            ),
            (
                "no such collaboration",
                passed("2021-04-01", json!({ "subjects": ["collaborations/none"] })),
                &["UNKNOWN_COLLABORATION"],
            ),
            (
                "no such capacity",
                passed(
                    "2021-04-01",
                    json!({ "subjects": in_x, "capacities": police }),
                ),
                &["NO_SUCH_CAPACITY"],
            ),
            (
                "the place alone",
                passed("2021-04-01", json!({ "subjects": in_x })),
                &[],
            ),
        ],
    );
    given.record(&[passed("2021-04-01", json!({ "subjects": in_x }))]);
    judged(
        &given,
        &[(
            "twice",
            passed("2022-04-01", json!({ "subjects": in_x })),
            &["NOTHING_PASSES"],
        )],
    );
    let append = crate::given::append(
        1,
        &[passed("2021-04-01", json!({ "capacities": [fire()] }))],
    );
    let faults = format!("{:?}", minutebook::wire::request::append_command(&append));
    assert!(faults.contains("record capacity_lost"), "{faults}");
}

#[test]
fn the_body_is_followed_in_the_rest_later() {
    let mut given = isle();
    given.record(&[passed("2021-04-01", of_fire())]);
    given.record(&[
        registered("unitary", "2023-04-01", "COUNCIL", json!([])),
        event(
            "bodies/isle",
            "2023-04-01",
            "bodySucceeded",
            json!({ "successorId": "unitary" }),
        ),
    ]);
    let view = at(&given, "2023-04-01");
    let waste = views::collaboration::get(&view, &"waste".parse().unwrap()).unwrap();
    assert_eq!(waste.summary.unwrap().lead.unwrap().body_id, "unitary");
    let lead = x(&given, "2023-04-01").summary.unwrap().lead.unwrap();
    assert_eq!(
        lead.body_id, "combined",
        "what had passed is no longer its own"
    );
    judged(
        &given,
        &[(
            "a part, when it is no more",
            passed(
                "2024-04-01",
                json!({ "subjects": ["collaborations/waste"] }),
            ),
            &["NOTHING_PASSES", "ALREADY_SUCCEEDED"],
        )],
    );
}

#[test]
fn what_the_record_already_says_by_hand_is_taken() {
    let mut given = isle();
    given.record(&[
        event(
            "bodies/isle",
            "2021-04-01",
            "capacityLost",
            json!({ "capacity": fire() }),
        ),
        on_x(
            "2021-04-01",
            "partyJoined",
            json!({ "bodyId": "combined", "instrumentId": "es" }),
        ),
        event(
            "bodies/combined",
            "2021-04-01",
            "capacityGained",
            json!({ "capacity": fire() }),
        ),
    ]);
    given.record(&[passed("2021-04-01", of_fire())]);
    let view = x(&given, "2021-04-02");
    let parties: Vec<&str> = view
        .parties
        .iter()
        .map(|party| party.body.as_ref().unwrap().body_id.as_str())
        .collect();
    assert_eq!(parties, ["ambulance", "combined"]);
    assert!(instrument(&given, "es", "2021-04-02").accessions.is_empty());
    assert_eq!(
        kinds(&body_on(&given, "combined", "2021-04-02")),
        [BodyKind::CombinedAuthority, BodyKind::FireAuthority]
    );
}

#[test]
fn an_office_that_rules_name_passes_with_the_place() {
    let mut given = isle();
    let proposal = "0193f000-0000-7000-8000-000000003000";
    let mut proposed = on_x(
        "2021-05-01",
        "matterProposed",
        json!({ "proposalId": proposal, "title": "A service", "matter": { "addServiceId": "t" } }),
    );
    proposed["actedBy"] = json!({ "bodyId": "ambulance" });
    given.record(&[
        on_x(
            "2018-01-02",
            "approvalRulesAdopted",
            json!({ "ruleSetId": "r", "rules": [{ "ruleId": "o", "title": "The fire officer",
                "requirement": { "office": { "bodyId": "isle", "office": "Fire officer" } } }] }),
        ),
        passed("2021-04-01", of_fire()),
        proposed,
    ]);
    let vote = |body: &str| {
        on_x(
            "2021-05-02",
            "voteCast",
            json!({ "proposalId": proposal, "choice": "VOTE_CHOICE_APPROVE",
                "voter": { "bodyId": body, "office": "Fire officer" } }),
        )
    };
    judged(
        &given,
        &[
            ("of the body", vote("isle"), &["NOT_ENTITLED"]),
            ("of its heir there", vote("combined"), &[]),
        ],
    );
}

#[test]
fn a_place_that_passed_may_come_back() {
    let mut given = isle();
    given.record(&[passed("2021-04-01", of_fire())]);
    let back = json!({ "successorId": "isle", "scope": of_fire() });
    given.record(&[event(
        "bodies/combined",
        "2024-04-01",
        "bodySucceeded",
        back,
    )]);
    let lead = |day: &str| x(&given, day).summary.unwrap().lead.unwrap().body_id;
    assert_eq!(lead("2024-03-31"), "combined");
    assert_eq!(lead("2024-04-01"), "isle");
    let kinds_of_isle = kinds(&body_on(&given, "isle", "2024-04-01"));
    assert_eq!(kinds_of_isle, [BodyKind::Council, BodyKind::FireAuthority]);
    let led = on_x(
        "2024-05-01",
        "leadAppointed",
        json!({ "bodyId": "ambulance" }),
    );
    judged(&given, &[("it acts there again", led, &[])]);
}
