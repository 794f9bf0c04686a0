//! One body has several capacities; the law asks for the capacity. A direction has its
//! issuer.

use minutebook::views;
use serde_json::{Value, json};

use super::at;
use crate::given::{Given, event, judged, on_x};

fn body(id: &str, kind: &str, extra: Value) -> Value {
    let mut payload = json!({ "name": id, "kind": format!("BODY_KIND_{kind}") });
    payload
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    event(
        &format!("bodies/{id}"),
        "2011-04-01",
        "bodyRegistered",
        payload,
    )
}

fn gained(id: &str, on: &str, kind: &str, force: &str) -> Value {
    let mut capacity = json!({ "kind": format!("BODY_KIND_{kind}") });
    if !force.is_empty() {
        capacity["force"] = force.into();
    }
    let payload = json!({ "capacity": capacity, "legalBasis": "The order" });
    event(&format!("bodies/{id}"), on, "capacityGained", payload)
}

fn lost(id: &str, on: &str, kind: &str) -> Value {
    let payload = json!({ "capacity": { "kind": format!("BODY_KIND_{kind}") } });
    event(&format!("bodies/{id}"), on, "capacityLost", payload)
}

fn emergency(on: &str, id: &str, parties: &[&str]) -> Value {
    on_x(
        on,
        "instrumentDrafted",
        json!({ "instrumentId": id, "title": id, "partyIds": parties,
            "kind": "INSTRUMENT_KIND_EMERGENCY_SERVICES_AGREEMENT",
            "terms": { "hasWithdrawalProvision": true } }),
    )
}

fn county_and_mayor() -> Given {
    Given::recorded(&[
        body("county", "COUNCIL", json!({})),
        body(
            "fire-county",
            "COUNCIL",
            json!({ "capacities": [{ "kind": "BODY_KIND_FIRE_AUTHORITY" }] }),
        ),
        body("pcc", "POLICING_BODY", json!({ "force": "p" })),
        body("gmca", "COMBINED_AUTHORITY", json!({})),
        body("nwas", "AMBULANCE_TRUST", json!({})),
        on_x(
            "2011-04-01",
            "collaborationEstablished",
            json!({ "name": "X", "kind": "COLLABORATION_KIND_EMERGENCY_SERVICES",
                "partyIds": ["county", "fire-county", "pcc", "gmca", "nwas"] }),
        ),
    ])
}

#[test]
fn a_county_council_may_be_the_fire_authority_and_a_mayor_police_and_fire() {
    let mut given = county_and_mayor();
    judged(
        &given,
        &[
            (
                "a council that is no fire authority",
                emergency("2018", "i", &["county", "pcc"]),
                &["TOO_FEW_EMERGENCY_SERVICES"],
            ),
            (
                "a council that is the fire authority",
                emergency("2018", "i", &["fire-county", "pcc"]),
                &[],
            ),
            (
                "an authority without the capacity",
                emergency("2018", "i", &["gmca", "nwas"]),
                &["TOO_FEW_EMERGENCY_SERVICES"],
            ),
        ],
    );
    given.record(&[
        gained("gmca", "2017-05-08", "POLICING_BODY", "gm"),
        gained("gmca", "2017-05-08", "FIRE_AUTHORITY", ""),
    ]);
    judged(
        &given,
        &[
            (
                "before the order",
                emergency("2017-05-07", "i", &["gmca", "nwas"]),
                &["TOO_FEW_EMERGENCY_SERVICES"],
            ),
            (
                "from the order on",
                emergency("2017-05-08", "i", &["gmca", "nwas"]),
                &[],
            ),
            (
                "one body is not two parties",
                emergency("2018", "i", &["gmca", "county"]),
                &["TOO_FEW_EMERGENCY_SERVICES"],
            ),
            (
                "police of one, fire of the other",
                emergency("2018", "i", &["gmca", "pcc"]),
                &[],
            ),
            (
                "a capacity that it has",
                gained("gmca", "2018", "FIRE_AUTHORITY", ""),
                &["ALREADY_SO"],
            ),
            (
                "a capacity that it never had",
                lost("county", "2018", "FIRE_AUTHORITY"),
                &["NO_SUCH_CAPACITY"],
            ),
        ],
    );
    given.record(&[lost("gmca", "2020-01-01", "FIRE_AUTHORITY")]);
    judged(
        &given,
        &[
            (
                "before it lost it",
                emergency("2019", "i", &["gmca", "pcc"]),
                &[],
            ),
            (
                "afterwards",
                emergency("2020-01-01", "i", &["gmca", "pcc"]),
                &["TOO_FEW_EMERGENCY_SERVICES"],
            ),
        ],
    );
    let view = views::body::get(&at(&given, "2021-01-01"), &"gmca".parse().unwrap()).unwrap();
    assert_eq!(view.capacities.len(), 3);
    assert_eq!(view.capacities[1].force, "gm");
    assert_eq!(view.capacities[1].given_by, "The order");
    assert_eq!(view.capacities[2].until_on.map(|on| on.year), Some(2020));
}

#[test]
fn a_policing_body_by_capacity_is_asked_and_counted_as_one() {
    let mut given = county_and_mayor();
    given.record(&[gained("gmca", "2017-05-08", "POLICING_BODY", "gm")]);
    let s22a = |on: &str| {
        on_x(
            on,
            "instrumentDrafted",
            json!({ "instrumentId": "s", "title": "S", "partyIds": ["pcc", "gmca"],
                "kind": "INSTRUMENT_KIND_SECTION_22A_AGREEMENT",
                "terms": { "provisions": [{ "kind": "PROVISION_KIND_POLICING_BODY", "policingBodyIds": ["pcc", "gmca"] }] } }),
        )
    };
    judged(
        &given,
        &[
            ("before", s22a("2017"), &["PARTY_MATRIX_NOT_MET"]),
            ("after", s22a("2018"), &[]),
        ],
    );
    given.record(&[
        on_x(
            "2018",
            "approvalRulesAdopted",
            json!({ "ruleSetId": "r", "rules": [{ "ruleId": "all", "title": "All", "requirement": { "everyPolicingBody": {} } }] }),
        ),
        event(
            "collaborations/x",
            "2018-02-01",
            "matterProposed",
            json!({ "proposalId": "01930f5e-7c00-7000-9000-00000000000a", "title": "M", "matter": { "other": "m" } }),
        ),
    ].map(|mut event| { event["actedBy"] = json!({ "office": "Officer" }); event }));
    let vote = |voter: &str| {
        on_x(
            "2018-02-02",
            "voteCast",
            json!({ "proposalId": "01930f5e-7c00-7000-9000-00000000000a", "voter": { "bodyId": voter },
                "choice": "VOTE_CHOICE_APPROVE" }),
        )
    };
    judged(
        &given,
        &[
            ("the mayor's authority", vote("gmca"), &[]),
            ("the council", vote("county"), &["NOT_ENTITLED"]),
        ],
    );
}

#[test]
fn only_the_secretary_of_state_mandates_and_every_direction_has_its_issuer() {
    let mut given = county_and_mayor();
    given.record(&[body("home-office", "GOVERNMENT", json!({}))]);
    let directed = |kind: &str, acted_by: Value, issuer: Value| {
        let mut payload = json!({ "directionId": "d", "kind": format!("DIRECTION_KIND_{kind}"), "terms": "t",
            "legalBasis": "Public Bodies (Joint Working) (Scotland) Act 2014 s.26" });
        if !issuer.is_null() {
            payload["issuer"] = issuer;
        }
        let mut event = on_x("2021-03-31", "directionIssued", payload);
        if !acted_by.is_null() {
            event["actedBy"] = acted_by;
        }
        event
    };
    let council = json!({ "bodyId": "county" });
    judged(
        &given,
        &[
            (
                "a council mandates",
                directed("MANDATE", council.clone(), Value::Null),
                &["NOT_THE_SECRETARY_OF_STATE"],
            ),
            (
                "a council is named as issuer",
                directed("TERMINATE", Value::Null, council.clone()),
                &["NOT_THE_SECRETARY_OF_STATE"],
            ),
            (
                "a department",
                directed("MANDATE", json!({ "bodyId": "home-office" }), Value::Null),
                &[],
            ),
            (
                "an office of the Crown",
                directed(
                    "MANDATE",
                    json!({ "office": "Home Secretary" }),
                    Value::Null,
                ),
                &[],
            ),
            (
                "recorded by the council, issued by the Home Secretary",
                directed(
                    "MANDATE",
                    council.clone(),
                    json!({ "office": "Home Secretary" }),
                ),
                &[],
            ),
            (
                "no issuer",
                directed("MANDATE", Value::Null, Value::Null),
                &[],
            ),
            (
                "an unknown issuer",
                directed("DIRECT", Value::Null, json!({ "bodyId": "nobody" })),
                &["UNKNOWN_BODY"],
            ),
        ],
    );
    given.record(&[directed(
        "DIRECT",
        council,
        json!({ "office": "Integration Joint Board" }),
    )]);
    let view = views::collaboration::get(&at(&given, "2021-04-01"), &"x".parse().unwrap()).unwrap();
    assert_eq!(
        view.directions[0].issuer.as_ref().unwrap().office,
        "Integration Joint Board"
    );
    assert!(view.directions[0].legal_basis.ends_with("s.26"));
}
