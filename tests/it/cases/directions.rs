//! Directions and mandates of some services, to somebody, revoked, and in place of a
//! signature; and agreements that lose a party that the law requires.

use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::proto::{AttentionKind, Standing};
use serde_json::{Value, json};

use super::{agree, at, body, councils, drafted, forces, ids, instrument, provisions, signed, x};
use crate::given::{Given, event, judged, on_x};

const ALL: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];

fn issued(on: &str, id: &str, kind: &str, with: Value) -> Value {
    let mut payload = json!({ "directionId": id, "kind": format!("DIRECTION_KIND_{kind}"),
        "terms": "As ordered" });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(with.as_object().unwrap().clone());
    on_x(on, "directionIssued", payload)
}

/// Forces with air support, in which b takes no part, and dogs.
fn air_and_dogs() -> Given {
    let mut given = forces(&["a", "b"], "2011");
    for id in ["air-agreement", "dogs-agreement"] {
        let terms = json!({ "provisions": provisions(&["a", "b"]) });
        let mut agreement = drafted(id, "2011", "SECTION_22A_AGREEMENT", terms);
        if id == "air-agreement" {
            agreement["instrumentDrafted"]["title"] = "Air".into();
        }
        given.record(&[agreement]);
        for party in ALL {
            given.record(&[signed(id, "2011", party)]);
        }
    }
    for (id, parties) in [("air", &ALL[..2]), ("dogs", &ALL[..])] {
        let payload = json!({ "serviceId": id, "name": id, "partyIds": parties,
            "instrumentId": format!("{id}-agreement") });
        given.record(&[on_x("2012", "serviceAdded", payload)]);
    }
    given
}

#[test]
fn a_mandate_of_one_service_keeps_that_service() {
    let removed = |id: &str| on_x("2015-04-01", "serviceRemoved", json!({ "serviceId": id }));
    let left = |id: &str| {
        let payload = json!({ "serviceId": id, "leftIds": ["a-cc"] });
        on_x("2015-04-01", "servicePartiesChanged", payload)
    };
    let withdraws = |body: &str| {
        let payload = json!({ "bodyId": body, "reason": "Leaves" });
        on_x("2015-04-01", "partyWithdrew", payload)
    };
    let over = |id: &str| {
        let payload = json!({ "instrumentId": id, "cause": "END_CAUSE_AGREEMENT",
            "agreedByIds": ALL });
        on_x("2015-04-01", "instrumentEnded", payload)
    };
    let ended = || {
        let payload = json!({ "cause": "END_CAUSE_AGREEMENT", "agreedByIds": ALL });
        on_x("2015-04-01", "collaborationEnded", payload)
    };
    let stands: &[&str] = &["MANDATE_STANDS"];
    let mandated = |with: Value| {
        let mut given = air_and_dogs();
        given.record(&[issued("2014-05-01", "m", "MANDATE", with)]);
        given
    };
    let air = mandated(json!({ "serviceIds": ["air"], "functions": "Air support" }));
    judged(
        &air,
        &[
            ("the service", removed("air"), stands),
            ("a party of it", left("air"), stands),
            ("another service", removed("dogs"), &[]),
            ("a party of another", left("dogs"), &[]),
            ("one that takes part in it", withdraws("a-cc"), stands),
            ("one that takes no part", withdraws("b-cc"), &[]),
            ("its agreement", over("air-agreement"), stands),
            ("another agreement", over("dogs-agreement"), &[]),
            ("the whole", ended(), stands),
        ],
    );
    let all = mandated(json!({}));
    judged(
        &all,
        &[
            ("another service", removed("dogs"), stands),
            ("one that takes no part", withdraws("b-cc"), stands),
            ("another agreement", over("dogs-agreement"), stands),
        ],
    );
    // Nobody can tell which service is a function, so it keeps none of them.
    let functions = mandated(json!({ "functions": "Air support" }));
    judged(
        &functions,
        &[
            ("a service", removed("dogs"), &[]),
            ("a party", withdraws("b-cc"), stands),
            ("an agreement", over("dogs-agreement"), stands),
            ("the whole", ended(), stands),
        ],
    );
    let shown = &x(&air, "2015-01-01").directions[0];
    assert_eq!(shown.service_ids, ["air"]);
    assert_eq!(shown.functions, "Air support");
}

#[test]
fn a_direction_requires_a_change_of_the_services_that_it_names() {
    let mut given = air_and_dogs();
    let removed = |id: &str, direction: &str| {
        let payload = json!({ "serviceId": id, "directionId": direction });
        on_x("2015-04-01", "serviceRemoved", payload)
    };
    given.record(&[issued("2014-05-01", "m", "MANDATE", json!({}))]);
    given.record(&[issued(
        "2015-01-01",
        "d",
        "DIRECT",
        json!({ "serviceIds": ["air"] }),
    )]);
    judged(
        &given,
        &[
            ("it", removed("air", "d"), &[]),
            ("another", removed("dogs", "d"), &["DIRECTION_DOES_NOT_FIT"]),
            (
                "of a service that nobody knows",
                issued(
                    "2015-01-01",
                    "e",
                    "DIRECT",
                    json!({ "serviceIds": ["cats"] }),
                ),
                &["UNKNOWN_SERVICE"],
            ),
        ],
    );
}

#[test]
fn a_direction_has_addressees_and_is_revoked_by_a_later_one() {
    let mut given = councils(&["a", "b"], "2015");
    let under = json!("Public Bodies (Joint Working) (Scotland) Act 2014 s.26");
    let direct = |on: &str, id: &str, revokes: &str| {
        let mut with = json!({ "issuer": { "bodyId": "other" }, "legalBasis": under,
            "addresseeIds": ["a"] });
        if !revokes.is_empty() {
            with["liftsDirectionId"] = revokes.into();
        }
        issued(on, id, "DIRECT", with)
    };
    given.record(&[direct("2016-04-01", "one", "")]);
    judged(
        &given,
        &[
            ("one that follows", direct("2017-04-01", "two", "one"), &[]),
            (
                "of none",
                direct("2017-04-01", "two", "none"),
                &["UNKNOWN_ITEM"],
            ),
            (
                "before it",
                direct("2016-03-01", "two", "one"),
                &["BEFORE_ITEM"],
            ),
        ],
    );
    given.record(&[direct("2017-04-01", "two", "one")]);
    judged(
        &given,
        &[(
            "revoked twice",
            direct("2018-04-01", "three", "one"),
            &["ITEM_CLOSED"],
        )],
    );
    let shown = x(&given, "2018-01-01").directions;
    assert_eq!(ids(&shown[0].addressees), ["a"]);
    assert_eq!(shown[0].revoked_by_id, "two");
    assert_eq!(shown[0].revoked_on.unwrap().year, 2017);
    assert_eq!(shown[1].revokes_id, "one");
    assert!(
        x(&given, "2017-01-01").directions[0]
            .revoked_by_id
            .is_empty()
    );
    // A mandate is lifted, or replaced by another.
    let mut police = forces(&["a", "b"], "2011");
    police.record(&[issued("2014-05-01", "m", "MANDATE", json!({}))]);
    let lifts = json!({ "liftsDirectionId": "m" });
    judged(
        &police,
        &[
            (
                "by a direction",
                issued("2015", "d", "DIRECT", lifts.clone()),
                &["UNKNOWN_ITEM"],
            ),
            (
                "by a mandate",
                issued("2015", "d", "MANDATE", lifts.clone()),
                &[],
            ),
            ("lifted", issued("2015", "d", "MANDATE_LIFTED", lifts), &[]),
        ],
    );
}

#[test]
fn a_scheme_is_in_force_by_direction_without_a_signature() {
    let mut events = vec![
        body("f1", "FIRE_AUTHORITY"),
        body("f2", "FIRE_AUTHORITY"),
        body("ss", "GOVERNMENT"),
    ];
    events.push(super::established(&["f1", "f2"], "2010"));
    let mut given = Given::recorded(&events);
    let kind = "MUTUAL_AID_AGREEMENT";
    given.record(&[drafted("scheme", "2010", kind, json!({}))]);
    given.record(&[signed("scheme", "2010", "f1")]);
    let directed = |with: Value| {
        let mut fields = json!({ "issuer": { "bodyId": "ss" }, "instrumentId": "scheme",
            "addresseeIds": ["f2"] });
        let all = fields.as_object_mut().unwrap();
        all.extend(with.as_object().unwrap().clone());
        issued("2012-01-01", "d", "DIRECT", fields)
    };
    let under = json!({ "legalBasis": "Fire and Rescue Services Act 2004 s.14" });
    judged(
        &given,
        &[
            ("under no power", directed(json!({})), &["NO_POLICE_POWER"]),
            ("under its power", directed(under.clone()), &[]),
            (
                "of no instrument",
                directed(json!({ "instrumentId": "other", "legalBasis": "FRSA 2004 s.14" })),
                &["UNKNOWN_INSTRUMENT"],
            ),
        ],
    );
    given.record(&[directed(under)]);
    let before = instrument(&given, "scheme", "2011-12-31");
    assert_eq!(before.standing(), Standing::AwaitingSignature);
    let after = instrument(&given, "scheme", "2012-01-01");
    assert_eq!(after.standing(), Standing::InForce);
    assert_eq!(after.in_force_on.unwrap().year, 2012);
    let signature = |id: &str| {
        let mut all = after.signatures.iter();
        all.find(|one| one.body.as_ref().is_some_and(|body| body.body_id == id))
            .unwrap()
    };
    assert_eq!(signature("f2").by_direction_id, "d");
    assert!(signature("f2").signed_on.is_none());
    assert!(signature("f1").by_direction_id.is_empty());
    assert_eq!(
        x(&given, "2012-01-01").directions[0].instrument_id,
        "scheme"
    );
    let f2 = views::body::get(&at(&given, "2013-01-01"), &"f2".parse().unwrap()).unwrap();
    assert!(f2.awaited_signatures.is_empty());
}

#[test]
fn others_as_described_sign_on_a_day() {
    let mut given = councils(&["a", "b"], "2015");
    let mut countywide = drafted("cw", "2017-03", "COUNTYWIDE_AGREEMENT", json!({}));
    countywide["instrumentDrafted"]["signatoriesUnknown"] = true.into();
    countywide["instrumentDrafted"]["otherParties"] = "Members of the board".into();
    given.record(&[countywide]);
    assert_eq!(
        instrument(&given, "cw", "2017-06-01").standing(),
        Standing::AwaitingSignature
    );
    let sign = json!({ "instrumentId": "cw", "others": "Its members" });
    given.record(&[on_x("2017-04", "agreementSigned", sign)]);
    let shown = instrument(&given, "cw", "2017-06-01");
    assert_eq!(shown.standing(), Standing::InForce);
    assert_eq!(shown.signatures.len(), 1);
    assert_eq!(shown.signatures[0].others, "Its members");
    assert_eq!(shown.signatures[0].signed_on.unwrap().month, 4);
}

fn lacking(given: &Given, day: &str) -> Vec<String> {
    let view = at(given, day);
    let asker = Asker::default();
    let until = views::attention::looks_ahead_until(&view, &asker);
    let lines = views::attention::list(&view, &asker, until).into_iter();
    assert!(views::breaches::list(&view, None).is_empty());
    let lines = lines.filter(|line| line.kind() == AttentionKind::LacksAParty);
    lines.map(|line| line.what).collect()
}

#[test]
fn an_emergency_agreement_left_with_one_service_is_shown() {
    let mut events = vec![body("amb", "AMBULANCE_TRUST"), body("cty", "COUNCIL")];
    let fire = json!({ "capacity": { "kind": "BODY_KIND_FIRE_AUTHORITY" } });
    events.push(event("bodies/cty", "2011", "capacityGained", fire.clone()));
    events.push(super::established(&["cty", "amb"], "2018"));
    let mut given = Given::recorded(&events);
    let terms = json!({ "hasWithdrawalProvision": true });
    let kind = "EMERGENCY_SERVICES_AGREEMENT";
    agree(&mut given, "e", "2018", kind, terms, &["cty", "amb"]);
    assert!(instrument(&given, "e", "2019-01-01").faults.is_empty());
    given.record(&[event(
        "bodies/cty",
        "2020-01-01",
        "capacityLost",
        fire.clone(),
    )]);
    assert!(instrument(&given, "e", "2019-12-31").faults.is_empty());
    let faults = instrument(&given, "e", "2020-01-01").faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].reason, "TOO_FEW_EMERGENCY_SERVICES");
    assert!(
        faults[0].what.starts_with("since cty lost a capacity"),
        "{faults:?}"
    );
    assert_eq!(faults[0].since_on.unwrap().year, 2020);
    let lines = lacking(&given, "2020-01-01");
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("The e: since cty lost"), "{lines:?}");
    // Mended when it has the capacity again.
    given.record(&[event("bodies/cty", "2021-01-01", "capacityGained", fire)]);
    assert!(instrument(&given, "e", "2021-06-01").faults.is_empty());
    assert!(lacking(&given, "2021-06-01").is_empty());
}

#[test]
fn an_agreement_whose_party_is_followed_by_another_kind_of_body_is_shown() {
    let mut events = vec![
        body("amb", "AMBULANCE_TRUST"),
        body("fire", "FIRE_AUTHORITY"),
        body("cty", "COUNCIL"),
    ];
    events.push(super::established(&["fire", "amb"], "2018"));
    let mut given = Given::recorded(&events);
    let terms = json!({ "hasWithdrawalProvision": true });
    let kind = "EMERGENCY_SERVICES_AGREEMENT";
    agree(&mut given, "e", "2018", kind, terms, &["fire", "amb"]);
    let followed = json!({ "successorId": "cty" });
    given.record(&[event(
        "bodies/fire",
        "2020-01-01",
        "bodySucceeded",
        followed,
    )]);
    let faults = instrument(&given, "e", "2020-06-01").faults;
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(
        faults[0].what.starts_with("since cty followed fire"),
        "{faults:?}"
    );
}

#[test]
fn the_statute_says_who_may_make_an_agreement_of_councils() {
    let mut events: Vec<Value> = ["a", "b"].iter().map(|id| body(id, "COUNCIL")).collect();
    events.push(body("firm", "COMPANY"));
    events.push(body("nhs", "HEALTH"));
    events.push(super::established(&["a", "b"], "2015"));
    let given = Given::recorded(&events);
    let between = |kind: &str, parties: &[&str], others: &str| {
        let mut event = drafted("i", "2019-04-02", kind, json!({}));
        event["instrumentDrafted"]["partyIds"] = json!(parties);
        if !others.is_empty() {
            event["instrumentDrafted"]["otherParties"] = others.into();
        }
        event
    };
    let company: &[&str] = &["COMPANY_IS_NO_AUTHORITY"];
    let lacks: &[&str] = &["SECTION_PARTIES_NOT_MET"];
    let s113 = "SECTION_113_AGREEMENT";
    let s75 = "SECTION_75_AGREEMENT";
    let joint = "JOINT_COMMITTEE_AGREEMENT";
    judged(
        &given,
        &[
            (
                "staff to a company",
                between(s113, &["a", "firm"], ""),
                company,
            ),
            ("staff to a council", between(s113, &["a", "b"], ""), &[]),
            ("staff to the NHS", between(s113, &["a", "nhs"], ""), &[]),
            (
                "a committee with a company",
                between(joint, &["a", "firm"], ""),
                company,
            ),
            ("a committee", between(joint, &["a", "b"], ""), &[]),
            ("without the NHS", between(s75, &["a", "b"], ""), lacks),
            ("without a council", between(s75, &["nhs"], ""), lacks),
            ("with both", between(s75, &["a", "nhs"], ""), &[]),
            (
                "with a trust as described",
                between(s75, &["a"], "The trust"),
                &[],
            ),
            ("a contract", between("CONTRACT", &["a", "firm"], ""), &[]),
        ],
    );
}

#[test]
fn a_mandate_keeps_nothing_of_a_collaboration_that_has_ended() {
    let mut given = air_and_dogs();
    given.record(&[
        issued("2013", "m", "MANDATE", json!({})),
        issued("2016-03-01", "t", "TERMINATE", json!({})),
    ]);
    let payload = json!({ "cause": "END_CAUSE_DIRECTION", "directionId": "t" });
    given.record(&[on_x("2016-04-01", "collaborationEnded", payload)]);
    let stands = |on: &str| {
        let directions = x(&given, on).directions;
        let mut mandate = directions.iter().filter(|one| one.direction_id == "m");
        mandate.next().unwrap().stands
    };
    assert!(stands("2016-03-31"));
    assert!(!stands("2016-04-01"));
}
