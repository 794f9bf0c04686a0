//! Rule 1: parties, leads, members and boards exist on the day.

use serde_json::{Value, json};

use super::alliance;
use crate::given::{event, judged, on_x};

#[test]
fn rule_1_bodies_exist_on_the_day() {
    let join = |on: &str, body: &str| on_x(on, "partyJoined", json!({ "bodyId": body }));
    judged(
        &alliance(),
        &[
            ("in being", join("2014-01-01", "c-pcc"), &[]),
            ("on its first day", join("2020-01-01", "late-pcc"), &[]),
            (
                "the day before",
                join("2019-12-31", "late-pcc"),
                &["BODY_NOT_IN_BEING"],
            ),
            ("unknown", join("2014", "d-pcc"), &["UNKNOWN_BODY"]),
            ("succeeded", join("2014", "old-pa"), &["BODY_SUCCEEDED"]),
            (
                "a party already",
                join("2014", "a-pcc"),
                &["ALREADY_A_PARTY"],
            ),
        ],
    );
}

#[test]
fn rule_1_leads_are_parties() {
    let lead = |on: &str, body: &str| on_x(on, "leadAppointed", json!({ "bodyId": body }));
    let mut given = alliance();
    judged(
        &given,
        &[
            ("a party", lead("2013", "a-pcc"), &[]),
            ("no party", lead("2014", "c-pcc"), &["NOT_A_PARTY"]),
            ("unknown", lead("2014", "d-pcc"), &["UNKNOWN_BODY"]),
            (
                "before the collaboration",
                lead("2012-12-31", "a-pcc"),
                &["BEFORE_SUBJECT", "NOT_A_PARTY"],
            ),
        ],
    );
    given.record(&[lead("2014", "a-pcc")]);
    judged(
        &given,
        &[
            (
                "leads already",
                lead("2015", "a-pcc"),
                &["ALREADY_THE_LEAD"],
            ),
            ("another", lead("2015", "b-pcc"), &[]),
            (
                "recorded late, before the other led",
                lead("2013-06", "b-pcc"),
                &[],
            ),
        ],
    );
}

#[test]
fn rule_1_services_have_parties_of_the_collaboration() {
    let add = |id: &str, on: &str, extra: Value| {
        let mut payload = json!({ "serviceId": id, "name": "A service" });
        payload
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        on_x(on, "serviceAdded", payload)
    };
    judged(
        &alliance(),
        &[
            ("for all", add("cats", "2014", json!({})), &[]),
            (
                "for some",
                add("cats", "2014", json!({ "partyIds": ["a-pcc"] })),
                &[],
            ),
            (
                "for another",
                add("cats", "2014", json!({ "partyIds": ["c-pcc"] })),
                &["NOT_A_PARTY"],
            ),
            (
                "led by a party of it",
                add(
                    "cats",
                    "2014",
                    json!({ "partyIds": ["a-cc"], "leadId": "a-cc" }),
                ),
                &[],
            ),
            (
                "led by another party",
                add(
                    "cats",
                    "2014",
                    json!({ "partyIds": ["a-cc"], "leadId": "b-cc" }),
                ),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
            (
                "led by no party",
                add("cats", "2014", json!({ "leadId": "c-cc" })),
                &["NOT_A_PARTY"],
            ),
            (
                "an id in use",
                add("dogs", "2015", json!({})),
                &["ID_TAKEN"],
            ),
            (
                "before the collaboration",
                add("cats", "2012-12", json!({})),
                &["BEFORE_SUBJECT"],
            ),
        ],
    );
}

#[test]
fn rule_1_transfers_name_the_current_lead() {
    let transfer = |on: &str, from: &str, to: &str| {
        let payload = json!({ "serviceId": "dogs", "fromId": from, "toId": to });
        on_x(on, "serviceLeadTransferred", payload)
    };
    let mut given = alliance();
    judged(
        &given,
        &[
            ("from the lead", transfer("2015", "a-cc", "b-cc"), &[]),
            (
                "from another",
                transfer("2015", "b-cc", "a-cc"),
                &["NOT_THE_CURRENT_LEAD"],
            ),
            (
                "from nobody",
                transfer("2015", "", "b-cc"),
                &["NOT_THE_CURRENT_LEAD"],
            ),
            (
                "to a party of the whole only",
                transfer("2015", "a-cc", "a-pcc"),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
            (
                "before the service",
                transfer("2013-12-31", "a-cc", "b-cc"),
                &["UNKNOWN_SERVICE"],
            ),
        ],
    );
    given.record(&[transfer("2016", "a-cc", "b-cc")]);
    judged(
        &given,
        &[
            ("back again", transfer("2017", "b-cc", "a-cc"), &[]),
            (
                "as if nothing had been",
                transfer("2017", "a-cc", "b-cc"),
                &["NOT_THE_CURRENT_LEAD"],
            ),
        ],
    );
}

#[test]
fn rule_1_units_and_parties_of_a_service() {
    let units = |added: Value, removed: Value| {
        on_x(
            "2015",
            "serviceUnitsChanged",
            json!({ "serviceId": "dogs", "added": added, "removed": removed }),
        )
    };
    let parties = |joined: Value, left: Value| {
        on_x(
            "2015",
            "servicePartiesChanged",
            json!({ "serviceId": "dogs", "joinedIds": joined, "leftIds": left }),
        )
    };
    judged(
        &alliance(),
        &[
            ("a unit joins", units(json!(["Patrol"]), json!([])), &[]),
            ("a unit leaves", units(json!([]), json!(["Search"])), &[]),
            (
                "a unit that is there",
                units(json!(["Search"]), json!([])),
                &["UNIT_EXISTS"],
            ),
            (
                "a unit that is not",
                units(json!([]), json!(["Patrol"])),
                &["UNKNOWN_UNIT"],
            ),
            ("a party joins", parties(json!(["a-pcc"]), json!([])), &[]),
            (
                "one of it joins",
                parties(json!(["b-cc"]), json!([])),
                &["ALREADY_A_PARTY_OF_SERVICE"],
            ),
            (
                "no party joins",
                parties(json!(["c-cc"]), json!([])),
                &["NOT_A_PARTY"],
            ),
            ("a party leaves", parties(json!([]), json!(["b-cc"])), &[]),
            (
                "the lead leaves",
                parties(json!([]), json!(["a-cc"])),
                &["STILL_LEADS"],
            ),
            (
                "no party of it leaves",
                parties(json!([]), json!(["a-pcc"])),
                &["NOT_A_PARTY_OF_SERVICE"],
            ),
        ],
    );
}

#[test]
fn rule_1_boards_and_their_members() {
    let mut given = alliance();
    let constituted = |id: &str, extra: Value| {
        let mut payload = json!({ "name": "A board", "powers": ["BOARD_POWER_DECIDES"] });
        payload
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        event(&format!("boards/{id}"), "2014", "boardConstituted", payload)
    };
    judged(
        &given,
        &[
            (
                "of this collaboration",
                constituted("b", json!({ "collaborationIds": ["x"] })),
                &[],
            ),
            (
                "of another",
                constituted("b", json!({ "collaborationIds": ["y"] })),
                &["UNKNOWN_COLLABORATION"],
            ),
            (
                "under none such",
                constituted("b", json!({ "parentBoardId": "z" })),
                &["UNKNOWN_BOARD"],
            ),
            (
                "with a stranger",
                constituted("b", json!({ "members": [{ "bodyId": "d-pcc" }] })),
                &["UNKNOWN_BODY"],
            ),
            (
                "of a body to come",
                constituted("b", json!({ "ownerBodyId": "late-pcc" })),
                &["BODY_NOT_IN_BEING"],
            ),
        ],
    );
    given.record(&[constituted(
        "b",
        json!({ "members": [{ "bodyId": "a-pcc", "office": "Chair" }] }),
    )]);
    let change = |on: &str, joined: Value, left: Value| {
        let payload = json!({ "joined": joined, "left": left });
        event("boards/b", on, "boardMembershipChanged", payload)
    };
    let seat = json!([{ "bodyId": "a-pcc", "office": "Chair" }]);
    let other = json!([{ "bodyId": "a-pcc" }]);
    judged(
        &given,
        &[
            (
                "a member joins",
                change("2015", other.clone(), json!([])),
                &[],
            ),
            (
                "a member joins again",
                change("2015", seat.clone(), json!([])),
                &["ALREADY_A_MEMBER"],
            ),
            (
                "a member leaves",
                change("2015", json!([]), seat.clone()),
                &[],
            ),
            (
                "another seat leaves",
                change("2015", json!([]), other),
                &["NOT_A_MEMBER"],
            ),
            (
                "a seat changes hands",
                change("2015", seat.clone(), seat),
                &[],
            ),
        ],
    );
}

#[test]
fn rule_1_a_body_is_followed_once_and_keeps_its_identifiers_apart() {
    let mut given = alliance();
    let follow = |id: &str, by: &str| {
        event(
            &format!("bodies/{id}"),
            "2021",
            "bodySucceeded",
            json!({ "successorId": by }),
        )
    };
    let identifier = |value: &str| {
        let payload = json!({ "identifier": { "scheme": "ONS-PFA", "value": value } });
        event("bodies/a-pcc", "2015", "identifierAdded", payload)
    };
    given.record(&[identifier("E23000021")]);
    judged(
        &given,
        &[
            ("followed", follow("b-pcc", "late-pcc"), &[]),
            (
                "followed by the unknown",
                follow("b-pcc", "nobody"),
                &["UNKNOWN_BODY"],
            ),
            (
                "followed twice",
                follow("old-pa", "late-pcc"),
                &["ALREADY_SUCCEEDED"],
            ),
            ("another identifier", identifier("E23000022"), &[]),
            (
                "the same identifier",
                identifier("E23000021"),
                &["ALREADY_SO"],
            ),
        ],
    );
}
