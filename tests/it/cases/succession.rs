//! A body is followed by others: its place passes to them, by one entry.

use std::sync::Arc;

use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::{BodyRef, BodyView};
use serde_json::{Value, json};

use super::{at, x};
use crate::given::{Given, date, event, judged, on_x};

fn body(id: &str, on: &str, kind: &str, force: &str) -> Value {
    let mut payload = json!({ "name": id, "kind": format!("BODY_KIND_{kind}") });
    if !force.is_empty() {
        payload["force"] = force.into();
    }
    event(&format!("bodies/{id}"), on, "bodyRegistered", payload)
}

fn followed(id: &str, on: &str, successor: &str) -> Value {
    let payload = json!({ "successorId": successor });
    event(&format!("bodies/{id}"), on, "bodySucceeded", payload)
}

/// Police authorities a and b and their chief constables, under a section 22A agreement
/// of 2011 with a year's notice; authority a leads, and alone leads the service.
fn authorities() -> Given {
    let mut events = vec![
        body("a-pa", "2010", "POLICING_BODY", "a"),
        body("a-cc", "2010", "CHIEF_OFFICER", "a"),
        body("b-pa", "2010", "POLICING_BODY", "b"),
        body("b-cc", "2010", "CHIEF_OFFICER", "b"),
        on_x(
            "2011",
            "collaborationEstablished",
            json!({ "name": "X", "kind": "COLLABORATION_KIND_ALLIANCE", "leadId": "a-pa",
                "partyIds": ["a-pa", "a-cc", "b-pa", "b-cc"] }),
        ),
        on_x(
            "2011",
            "instrumentDrafted",
            json!({ "instrumentId": "i", "title": "I",
                "kind": "INSTRUMENT_KIND_SECTION_22A_AGREEMENT",
                "terms": { "noticeAsPartyMonths": 12, "provisions": [
                    { "kind": "PROVISION_KIND_FORCE", "forces": ["a", "b"] }] } }),
        ),
    ];
    for signatory in ["a-pa", "a-cc", "b-pa", "b-cc"] {
        let signed = json!({ "instrumentId": "i", "bodyId": signatory });
        events.push(on_x("2011", "agreementSigned", signed));
    }
    events.push(on_x(
        "2011",
        "serviceAdded",
        json!({ "serviceId": "s", "name": "S", "leadId": "a-pa", "partyIds": ["a-pa", "b-cc"] }),
    ));
    Given::recorded(&events)
}

/// Authority a is followed by its commissioner on 22 November 2012, and nothing else.
fn with_commissioner() -> Given {
    let mut given = authorities();
    given.record(&[
        body("a-pcc", "2012-11-22", "POLICING_BODY", "a"),
        followed("a-pa", "2012-11-22", "a-pcc"),
    ]);
    given
}

/// The same, said by hand as well: the heir joined and leads, the old body left.
fn by_hand() -> Given {
    let mut given = with_commissioner();
    given.record(&[
        on_x(
            "2012-11-22",
            "partyJoined",
            json!({ "bodyId": "a-pcc", "instrumentId": "i" }),
        ),
        on_x("2012-11-22", "leadAppointed", json!({ "bodyId": "a-pcc" })),
        on_x(
            "2012-11-22",
            "serviceLeadTransferred",
            json!({ "serviceId": "s", "fromId": "a-pa", "toId": "a-pcc" }),
        ),
        on_x(
            "2012-11-22",
            "partyWithdrew",
            json!({ "bodyId": "a-pa", "reason": "followed" }),
        ),
    ]);
    given
}

fn the_body(given: &Given, id: &str, day: &str) -> BodyView {
    views::body::get(&at(given, day), &id.parse().unwrap()).expect("the body")
}

fn ids<'a>(bodies: impl IntoIterator<Item = &'a Option<BodyRef>>) -> Vec<&'a str> {
    let ids = bodies
        .into_iter()
        .map(|body| body.as_ref().map(|body| &*body.body_id));
    ids.map(Option::unwrap_or_default).collect()
}

#[test]
fn a_successor_is_party_lead_and_member_by_one_entry() {
    for given in [with_commissioner(), by_hand()] {
        let before = x(&given, "2012-11-21");
        assert_eq!(
            ids(before.parties.iter().map(|party| &party.body)),
            ["a-cc", "a-pa", "b-cc", "b-pa"]
        );
        let after = x(&given, "2012-11-22");
        assert_eq!(
            ids(after.parties.iter().map(|party| &party.body)),
            ["a-cc", "a-pcc", "b-cc", "b-pa"]
        );
        assert_eq!(ids([&after.parties[1].in_place_of]), ["a-pa"]);
        assert_eq!(
            ids(after.former_parties.iter().map(|party| &party.body)),
            ["a-pa"]
        );
        let followed_by: Vec<_> = after.former_parties[0]
            .followed_by
            .iter()
            .map(|b| &*b.body_id)
            .collect();
        assert_eq!(followed_by, ["a-pcc"]);
        assert_eq!(ids([&after.summary.as_ref().unwrap().lead]), ["a-pcc"]);
        assert_eq!(ids([&after.services[0].lead]), ["a-pcc"]);
        let of_service: Vec<_> = after.services[0]
            .parties
            .iter()
            .map(|b| &*b.body_id)
            .collect();
        assert_eq!(of_service, ["a-pcc", "b-cc"]);
        let signature = &after.instruments[0].signatures;
        let signed = signature
            .iter()
            .find(|s| ids([&s.body]) == ["a-pa"])
            .expect("its signature");
        assert_eq!(signed.followed_by[0].body_id, "a-pcc");

        let heir = the_body(&given, "a-pcc", "2012-11-22");
        assert_eq!(heir.party_to.len(), 1);
        assert!(heir.party_to[0].leads);
        assert_eq!(ids([&heir.party_to[0].in_place_of]), ["a-pa"]);
        assert!(heir.party_to[0].left_on.is_none());
        assert_eq!(heir.summary.unwrap().collaboration_count, 1);
        let old = the_body(&given, "a-pa", "2012-11-22");
        assert!(old.party_to[0].left_on.is_some() && !old.party_to[0].leads);
        assert_eq!(old.successors[0].body_id, "a-pcc");
        assert_eq!(old.summary.unwrap().collaboration_count, 0);
    }
}

#[test]
fn the_clause_that_bound_its_predecessor_binds_a_successor() {
    let notice = |takes_effect: &str| {
        on_x(
            "2014-01-01",
            "noticeGiven",
            json!({ "noticeId": "n", "bodyId": "a-pcc", "capacity": "NOTICE_CAPACITY_PARTY",
                "takesEffectOn": date(takes_effect) }),
        )
    };
    let leave = |body: &str| {
        on_x(
            "2014-01-01",
            "partyWithdrew",
            json!({ "bodyId": body, "reason": "r" }),
        )
    };
    for given in [with_commissioner(), by_hand()] {
        judged(
            &given,
            &[
                (
                    "a day's notice",
                    notice("2014-01-02"),
                    &["NOTICE_TOO_SHORT"],
                ),
                ("a year's notice", notice("2015-01-01"), &[]),
                (
                    "none at all",
                    leave("a-pcc"),
                    &["STILL_LEADS", "STILL_LEADS", "NOTICE_REQUIRED"],
                ),
                ("the old body: it has left", leave("a-pa"), &[]),
            ],
        );
    }
}

#[test]
fn a_notice_of_its_predecessor_is_a_successor_s_notice() {
    let mut given = authorities();
    given.record(&[
        on_x("2012-06-01", "leadAppointed", json!({ "bodyId": "b-pa" })),
        on_x(
            "2012-06-01",
            "serviceLeadTransferred",
            json!({ "serviceId": "s", "fromId": "a-pa", "toId": "b-cc" }),
        ),
        on_x(
            "2012-06-01",
            "noticeGiven",
            json!({ "noticeId": "n", "bodyId": "a-pa", "capacity": "NOTICE_CAPACITY_PARTY",
                "takesEffectOn": date("2013-06-01") }),
        ),
    ]);
    given.record(&[
        body("a-pcc", "2012-11-22", "POLICING_BODY", "a"),
        followed("a-pa", "2012-11-22", "a-pcc"),
    ]);
    let leave = |on: &str| {
        on_x(
            on,
            "partyWithdrew",
            json!({ "bodyId": "a-pcc", "noticeId": "n" }),
        )
    };
    let again = on_x(
        "2012-12-01",
        "noticeGiven",
        json!({ "noticeId": "m", "bodyId": "a-pcc", "capacity": "NOTICE_CAPACITY_PARTY",
            "takesEffectOn": date("2013-12-01") }),
    );
    judged(
        &given,
        &[
            (
                "before it takes effect",
                leave("2013-05-31"),
                &["NOTICE_STILL_RUNNING"],
            ),
            ("on its day", leave("2013-06-01"), &[]),
            ("a second notice", again, &["NOTICE_ALREADY_RUNNING"]),
        ],
    );
}

#[test]
fn successors_agree_and_sign_and_bodies_that_are_no_more_do_not() {
    let vary = |agreed: &[&str]| {
        on_x(
            "2014",
            "instrumentVaried",
            json!({ "variation": { "instrumentId": "i", "summary": "v", "agreedByIds": agreed } }),
        )
    };
    let sign = |body: &str| {
        on_x(
            "2014",
            "agreementSigned",
            json!({ "instrumentId": "i", "bodyId": body }),
        )
    };
    for given in [with_commissioner(), by_hand()] {
        judged(
            &given,
            &[
                (
                    "the successor",
                    vary(&["a-pcc", "a-cc", "b-pa", "b-cc"]),
                    &[],
                ),
                (
                    "the body that is no more",
                    vary(&["a-pa", "a-cc", "b-pa", "b-cc"]),
                    &["BODY_SUCCEEDED", "VARIATION_NOT_AGREED"],
                ),
                (
                    "neither",
                    vary(&["a-cc", "b-pa", "b-cc"]),
                    &["VARIATION_NOT_AGREED"],
                ),
                ("it has signed already", sign("a-pcc"), &["ALREADY_SIGNED"]),
                ("the old body signs", sign("a-pa"), &["BODY_SUCCEEDED"]),
            ],
        );
    }
}

#[test]
fn a_successor_signs_what_its_predecessor_had_not() {
    let mut given = authorities();
    given.record(&[on_x(
        "2012",
        "instrumentDrafted",
        json!({ "instrumentId": "mou", "title": "MoU", "partyIds": ["a-pa", "b-pa"],
            "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" }),
    )]);
    let sign = |on: &str, body: &str| {
        on_x(
            on,
            "agreementSigned",
            json!({ "instrumentId": "mou", "bodyId": body }),
        )
    };
    given.record(&[sign("2012-02", "b-pa")]);
    given.record(&[
        body("a-pcc", "2012-11-22", "POLICING_BODY", "a"),
        followed("a-pa", "2012-11-22", "a-pcc"),
    ]);
    let awaits = |given: &Given, id: &str, day: &str| {
        !the_body(given, id, day).awaited_signatures.is_empty()
    };
    assert!(awaits(&given, "a-pa", "2012-11-21"));
    assert!(awaits(&given, "a-pcc", "2012-11-22"));
    assert!(
        !awaits(&given, "a-pa", "2012-11-22"),
        "it is asked nothing more"
    );
    judged(
        &given,
        &[
            (
                "before it exists",
                sign("2012-11-21", "a-pcc"),
                &["BODY_NOT_IN_BEING"],
            ),
            ("another party", sign("2013", "a-cc"), &["NOT_A_SIGNATORY"]),
        ],
    );
    given.record(&[sign("2013", "a-pcc")]);
    let mou = |day: &str| x(&given, day).instruments[1].in_force_on.map(|on| on.year);
    assert_eq!(mou("2012-12-31"), None);
    assert_eq!(mou("2013-01-01"), Some(2013));
}

#[test]
fn a_mandate_keeps_the_successor_and_not_the_body_that_is_no_more() {
    let mut given = authorities();
    given.record(&[on_x(
        "2012-06-29",
        "directionIssued",
        json!({ "directionId": "m", "kind": "DIRECTION_KIND_MANDATE", "terms": "SI 2012/1690" }),
    )]);
    given.record(&[
        body("a-pcc", "2012-11-22", "POLICING_BODY", "a"),
        followed("a-pa", "2012-11-22", "a-pcc"),
    ]);
    let leave = |body: &str| {
        on_x(
            "2012-11-22",
            "partyWithdrew",
            json!({ "bodyId": body, "reason": "r" }),
        )
    };
    let faults = given.faults(&[leave("a-pcc")]);
    assert!(
        faults.iter().any(|(_, reason)| *reason == "MANDATE_STANDS"),
        "{faults:?}"
    );
    judged(&given, &[("it has left by ceasing", leave("a-pa"), &[])]);
}

/// Three councils, of which two merge into one in 2019.
fn councils() -> Given {
    let mut given = Given::recorded(&[
        body("ca", "1974-04-01", "COUNCIL", ""),
        body("cb", "1974-04-01", "COUNCIL", ""),
        body("cc", "1974-04-01", "COUNCIL", ""),
        on_x(
            "2015-04-01",
            "collaborationEstablished",
            json!({ "name": "X", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["ca", "cb", "cc"] }),
        ),
        event(
            "boards/b",
            "2015-04-01",
            "boardConstituted",
            json!({ "name": "Joint committee", "powers": ["BOARD_POWER_DECIDES"],
                "collaborationIds": ["x"],
                "members": [{ "bodyId": "ca" }, { "bodyId": "cb" }, { "bodyId": "cc" }] }),
        ),
        on_x(
            "2015-04-01",
            "approvalRulesAdopted",
            json!({ "ruleSetId": "r", "rules": [{ "ruleId": "any", "title": "Every party",
                "requirement": { "everyParty": {} } }] }),
        ),
    ]);
    given.record(&[
        body("cn", "2019-04-01", "COUNCIL", ""),
        followed("cb", "2019-04-01", "cn"),
        followed("cc", "2019-04-01", "cn"),
    ]);
    given
}

#[test]
fn two_bodies_that_merge_are_one_party() {
    let given = councils();
    let view = x(&given, "2019-04-01");
    assert_eq!(
        ids(view.parties.iter().map(|party| &party.body)),
        ["ca", "cn"]
    );
    assert_eq!(view.former_parties.len(), 2);
    let heir = the_body(&given, "cn", "2019-04-01");
    assert_eq!(heir.predecessors.len(), 2);
    assert_eq!(heir.seats.len(), 2, "it holds the seats of both");
    let old = the_body(&given, "cb", "2019-04-01");
    assert!(old.seats.is_empty());
    // Nobody approves that a body which is no more has left.
    let left = on_x(
        "2019-04-01",
        "partyWithdrew",
        json!({ "bodyId": "cb", "reason": "Followed by the new council" }),
    );
    let really = on_x(
        "2019-04-01",
        "partyWithdrew",
        json!({ "bodyId": "ca", "reason": "r" }),
    );
    judged(
        &given,
        &[
            ("it has left by ceasing", left.clone(), &[]),
            ("a living party", really, &["APPROVAL_REQUIRED"]),
        ],
    );
    let mut given = given;
    given.record(&[left]);
    let breaches = views::breaches::list(&at(&given, "2019-04-01"), None);
    assert!(breaches.is_empty(), "{breaches:?}");
}

#[test]
fn one_body_that_is_divided_is_followed_by_several_and_in_parts_by_others() {
    let mut given = Given::recorded(&[
        body("county", "1974-04-01", "COUNCIL", ""),
        body("city", "1974-04-01", "COUNCIL", ""),
        on_x(
            "2015-04-01",
            "collaborationEstablished",
            json!({ "name": "X", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["county", "city"] }),
        ),
        event(
            "collaborations/fire",
            "2015-04-01",
            "collaborationEstablished",
            json!({ "name": "Fire", "kind": "COLLABORATION_KIND_OTHER", "partyIds": ["county", "city"],
                "leadId": "county" }),
        ),
    ]);
    given.record(&[
        body("east", "2023-04-01", "COUNCIL", ""),
        body("west", "2023-04-01", "COUNCIL", ""),
        body("pfcc", "2023-04-01", "FIRE_AUTHORITY", ""),
        event(
            "bodies/county",
            "2023-04-01",
            "bodySucceeded",
            json!({ "successorId": "east", "alsoSuccessorIds": ["west"], "whatPasses": "By area",
                "parts": [{ "subject": "collaborations/fire", "successorIds": ["pfcc"] }] }),
        ),
    ]);
    let view = x(&given, "2023-04-01");
    assert_eq!(
        ids(view.parties.iter().map(|party| &party.body)),
        ["city", "east", "west"]
    );
    let fire = views::collaboration::get(&at(&given, "2023-04-01"), &"fire".parse().unwrap());
    let fire = fire.expect("fire");
    assert_eq!(
        ids(fire.parties.iter().map(|party| &party.body)),
        ["city", "pfcc"]
    );
    assert_eq!(ids([&fire.summary.unwrap().lead]), ["pfcc"]);
    let old = the_body(&given, "county", "2023-04-01");
    assert_eq!(old.successors.len(), 2);
    assert_eq!(old.succession_parts[0].subject, "collaborations/fire");
    assert_eq!(old.what_passed, "By area");
    assert_eq!(the_body(&given, "pfcc", "2023-04-01").predecessors.len(), 1);
}

#[test]
fn a_mayor_who_takes_over_in_the_middle_of_a_year_pays_from_then_on() {
    let mut given = authorities();
    given.record(&[on_x(
        "2012-04-01",
        "budgetApproved",
        json!({ "figures": { "financialYear": "2012/13", "contributions": [
            { "serviceId": "s", "bodyId": "a-pa", "amountPence": "1200" },
            { "serviceId": "s", "bodyId": "b-cc", "amountPence": "800" }] } }),
    )]);
    given.record(&[
        body("mayor", "2012-11-22", "POLICING_BODY", "a"),
        followed("a-pa", "2012-11-22", "mayor"),
    ]);
    let paid = the_body(&given, "mayor", "2012-11-22").pays;
    assert_eq!(paid[0].total_pence, 1200);
    assert_eq!(ids([&paid[0].in_place_of]), ["a-pa"]);
    assert_eq!(
        the_body(&given, "a-pa", "2012-11-22").pays[0].total_pence,
        1200
    );
}

#[test]
fn what_is_known_only_to_the_month_may_be_the_succession() {
    let mut given = with_commissioner();
    given.record(&[on_x(
        "2012-11",
        "partyWithdrew",
        json!({ "bodyId": "a-pa", "noticeId": "", "reason": "r" }),
    )]);
    let view = x(&given, "2012-11-22");
    assert_eq!(
        ids(view.parties.iter().map(|party| &party.body)),
        ["a-cc", "a-pcc", "b-cc", "b-pa"]
    );
    assert_eq!(ids([&view.summary.unwrap().lead]), ["a-pcc"]);
}

#[test]
fn a_succession_that_is_voided_never_was() {
    let mut given = with_commissioner();
    let position = given.register.tail().get();
    given.record(&[event(
        "bodies/a-pa",
        "2012-12-01",
        "entryCorrected",
        json!({ "position": position.to_string(), "reason": "The order was quashed" }),
    )]);
    let view = x(&given, "2013-01-01");
    assert_eq!(
        ids(view.parties.iter().map(|party| &party.body)),
        ["a-cc", "a-pa", "b-cc", "b-pa"]
    );
    let register = Arc::new(given.register.clone());
    let then = RegisterView::new(
        register,
        "2013-01-01".parse().unwrap(),
        Position::new(position),
    );
    let view = views::collaboration::get(&then, &"x".parse().unwrap()).expect("x");
    assert_eq!(
        ids(view.parties.iter().map(|party| &party.body)),
        ["a-cc", "a-pcc", "b-cc", "b-pa"]
    );
}

#[test]
fn a_body_that_takes_a_place_later_is_not_followed_before() {
    let given = with_commissioner();
    let mayor = body("mayor", "2012", "POLICING_BODY", "a");
    let mut given = given;
    given.record(&[mayor]);
    judged(
        &given,
        &[
            (
                "before",
                followed("a-pcc", "2012-11-22", "mayor"),
                &["FOLLOWS_LATER"],
            ),
            ("afterwards", followed("a-pcc", "2012-11-23", "mayor"), &[]),
        ],
    );
}
