//! One party's own decision is not the agreement of the others: for an end, a renewal, a
//! release, a replacement or a change of a service.

use serde_json::{Value, json};

use super::{agree, councils, drafted, forces, instrument, provisions, refusal, signed};
use crate::given::{Given, date, event, judged, on_x};
use minutebook::wire::proto::Standing;

const ALL: [&str; 3] = ["p", "q", "r"];
const ID: &str = "0193aaaa-0000-7000-8000-0000000000a1";

/// Three councils under one agreement of 2015 with twelve months' notice.
fn three() -> Given {
    let mut given = councils(&ALL, "2015-01-01");
    let terms = json!({ "noticeAsPartyMonths": 12, "expiresOn": date("2020-12-31") });
    agree(&mut given, "i", "2015-01-02", "CONTRACT", terms, &ALL);
    given.record(&[on_x(
        "2015-02-01",
        "serviceAdded",
        json!({ "serviceId": "s", "name": "S" }),
    )]);
    given
}

fn by(body: &str, mut event: Value) -> Value {
    event["actedBy"] = json!({ "bodyId": body });
    event
}

fn proposed(matter: Value, with: Value) -> Value {
    let mut payload = json!({ "proposalId": ID, "title": "A matter", "matter": matter });
    for (field, value) in with.as_object().unwrap() {
        payload[field] = value.clone();
    }
    by("p", on_x("2016-01-01", "matterProposed", payload))
}

fn decided(body: &str, outcome: &str) -> Value {
    let payload = json!({ "decisionId": format!("d-{body}"), "title": "Decided",
        "proposalId": ID, "outcome": format!("OUTCOME_{outcome}") });
    by(body, on_x("2016-02-01", "decisionMade", payload))
}

fn resting(mut event: Value) -> Value {
    event["authority"] = json!({ "proposalId": ID });
    event
}

fn ended(with: Value) -> Value {
    let mut payload = json!({ "cause": "END_CAUSE_AGREEMENT" });
    for (field, value) in with.as_object().unwrap() {
        payload[field] = value.clone();
    }
    resting(on_x("2016-03-01", "collaborationEnded", payload))
}

#[test]
fn what_one_party_decided_ends_nothing_for_the_others() {
    let mut given = three();
    given.record(&[proposed(json!({ "endCollaboration": {} }), json!({}))]);
    given.record(&[decided("p", "APPROVED")]);
    let alone = ended(json!({}));
    judged(
        &given,
        &[
            ("by one", alone.clone(), &["END_NOT_AGREED"]),
            (
                "with one of the others named",
                ended(json!({ "agreedByIds": ["q"] })),
                &["END_NOT_AGREED"],
            ),
            (
                "with both of them named",
                ended(json!({ "agreedByIds": ["q", "r"] })),
                &[],
            ),
        ],
    );
    let text = refusal(&given, &alone);
    assert!(text.contains("that of q, r is missing"), "{text}");
    given.record(&[decided("q", "APPROVED")]);
    judged(&given, &[("by two", alone.clone(), &["END_NOT_AGREED"])]);
    let mut against = given.clone();
    against.record(&[decided("r", "REJECTED")]);
    assert_ne!(against.faults(std::slice::from_ref(&alone)), []);
    given.record(&[decided("r", "APPROVED")]);
    judged(&given, &[("by all", alone, &[])]);
}

#[test]
fn the_decision_of_an_office_or_own_board_is_that_of_its_body() {
    let mut given = three();
    let board = json!({ "name": "Cabinet of q", "ownerBodyId": "q",
        "powers": ["BOARD_POWER_DECIDES"], "members": [{ "bodyId": "q", "office": "Leader" }] });
    given.record(&[event("boards/cabinet", "2015", "boardConstituted", board)]);
    given.record(&[proposed(
        json!({ "endCollaboration": {} }),
        json!({ "putToIds": ALL }),
    )]);
    given.record(&[decided("p", "APPROVED")]);
    let mut of_q = decided("q", "APPROVED");
    of_q["decisionMade"]["boardId"] = "cabinet".into();
    given.record(&[of_q]);
    let mut of_r = decided("r", "APPROVED");
    of_r["actedBy"]["office"] = "Chief Executive".into();
    given.record(&[of_r]);
    judged(&given, &[("each in its way", ended(json!({})), &[])]);
}

/// A joint committee of p, q and, if asked, r.
fn committee(members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({ "bodyId": id })).collect();
    let board = json!({ "name": "Joint committee", "powers": ["BOARD_POWER_DECIDES"],
        "collaborationIds": ["x"], "members": members });
    event("boards/jc", "2015-01-01", "boardConstituted", board)
}

fn of_committee(tally: Value) -> Value {
    let mut event = decided("p", "APPROVED");
    event["decisionMade"]["boardId"] = "jc".into();
    if !tally.is_null() {
        event["decisionMade"]["tally"] = tally;
    }
    event
}

#[test]
fn a_board_decides_for_those_who_sit_on_it_and_were_not_outvoted() {
    let judge = |members: &[&str], tally: Value| {
        let mut given = three();
        given.record(&[committee(members)]);
        given.record(&[proposed(
            json!({ "endCollaboration": {} }),
            json!({ "boardId": "jc" }),
        )]);
        given.record(&[of_committee(tally)]);
        let faults = given.faults(&[ended(json!({}))]);
        faults.iter().map(|(_, why)| *why).collect::<Vec<_>>()
    };
    assert_eq!(judge(&ALL, Value::Null), [""; 0], "RESOLVED");
    assert_eq!(
        judge(&ALL, json!({ "votesFor": 3, "votesAgainst": 0 })),
        [""; 0]
    );
    assert_eq!(
        judge(&ALL, json!({ "votesFor": 2, "votesAgainst": 1 })),
        ["END_NOT_AGREED"],
        "no rule lets a majority end it for all"
    );
    assert_eq!(judge(&["p", "q"], Value::Null), ["END_NOT_AGREED"]);
}

#[test]
fn rules_of_the_parties_let_a_board_decide_by_a_majority() {
    let mut given = three();
    given.record(&[committee(&ALL)]);
    let rule = json!({ "ruleId": "r", "title": "All",
        "requirement": { "board": { "boardId": "jc", "votingRule": "VOTING_RULE_MAJORITY" } } });
    let rules = json!({ "ruleSetId": "rules", "rules": [rule] });
    given.record(&[on_x("2015-03-01", "approvalRulesAdopted", rules)]);
    given.record(&[proposed(
        json!({ "endCollaboration": {} }),
        json!({ "boardId": "jc" }),
    )]);
    given.record(&[of_committee(json!({ "votesFor": 2, "votesAgainst": 1 }))]);
    judged(&given, &[("two of three", ended(json!({})), &[])]);
}

#[test]
fn a_party_releases_itself_from_no_notice() {
    let leaves = |with: Value| {
        let mut payload = json!({ "bodyId": "p", "reason": "Leaves" });
        for (field, value) in with.as_object().unwrap() {
            payload[field] = value.clone();
        }
        resting(on_x("2016-03-01", "partyWithdrew", payload))
    };
    let mut given = three();
    given.record(&[proposed(json!({ "withdrawBodyId": "p" }), json!({}))]);
    let mut by_stranger = given.clone();
    by_stranger.record(&[decided("other", "APPROVED")]);
    given.record(&[decided("p", "APPROVED")]);
    for given in [&by_stranger, &given] {
        let event = leaves(json!({}));
        judged(given, &[("alone", event.clone(), &["NOTICE_REQUIRED"])]);
        let text = refusal(given, &event);
        assert!(text.contains("only once q, r decide it too"), "{text}");
    }
    judged(
        &given,
        &[(
            "released by one and by nobody else",
            leaves(json!({ "agreedByIds": ["q"] })),
            &["NOTICE_REQUIRED"],
        )],
    );
    given.record(&[decided("q", "APPROVED")]);
    judged(
        &given,
        &[(
            "one decided it, the other is named",
            leaves(json!({ "agreedByIds": ["r"] })),
            &[],
        )],
    );
    given.record(&[decided("r", "APPROVED")]);
    judged(&given, &[("both decided it", leaves(json!({})), &[])]);
}

#[test]
fn a_renewal_and_the_removal_of_a_service_under_notice_are_of_all() {
    let renewed = resting(on_x(
        "2016-03-01",
        "instrumentRenewed",
        json!({ "instrumentId": "i", "expiresOn": date("2035-01-01") }),
    ));
    let mut given = three();
    given.record(&[proposed(json!({ "varyInstrumentId": "i" }), json!({}))]);
    given.record(&[decided("p", "APPROVED")]);
    judged(
        &given,
        &[("by one", renewed.clone(), &["RENEWAL_NOT_AGREED"])],
    );
    let text = refusal(&given, &renewed);
    assert!(text.contains("the agreement of q, r is missing"), "{text}");
    given.record(&[decided("q", "APPROVED")]);
    given.record(&[decided("r", "APPROVED")]);
    judged(&given, &[("by all", renewed, &[])]);

    let mut given = three();
    let notice = json!({ "noticeId": "n", "bodyId": "q", "serviceId": "s",
        "capacity": "NOTICE_CAPACITY_PARTY", "takesEffectOn": date("2017-06-01") });
    given.record(&[on_x("2015-06-01", "noticeGiven", notice)]);
    given.record(&[proposed(json!({ "removeServiceId": "s" }), json!({}))]);
    given.record(&[decided("p", "APPROVED")]);
    let removed = on_x("2016-03-01", "serviceRemoved", json!({ "serviceId": "s" }));
    let removed = resting(removed);
    judged(
        &given,
        &[("by one", removed.clone(), &["NOTICE_STILL_RUNNING"])],
    );
    given.record(&[decided("q", "APPROVED")]);
    given.record(&[decided("r", "APPROVED")]);
    judged(&given, &[("by all", removed, &[])]);
}

fn superseded(on: &str, by: &str) -> Value {
    let payload = json!({ "instrumentId": "i", "byInstrumentId": by });
    on_x(on, "instrumentSuperseded", payload)
}

#[test]
fn what_is_not_in_force_replaces_nothing() {
    let mut given = three();
    let over = json!({ "instrumentId": "i", "cause": "END_CAUSE_REPLACEMENT" });
    let over = on_x("2016-01-01", "instrumentEnded", over);
    judged(
        &given,
        &[("by nothing", over.clone(), &["END_WITHOUT_REPLACEMENT"])],
    );
    assert!(refusal(&given, &over).contains("instrument_superseded"));
    given.record(&[drafted("j", "2016-01-01", "CONTRACT", json!({}))]);
    given.record(&[signed("j", "2016-02-01", "p")]);
    let by_j = superseded("2016-03-01", "j");
    judged(
        &given,
        &[("half signed", by_j.clone(), &["REPLACEMENT_NOT_IN_FORCE"])],
    );
    let text = refusal(&given, &by_j);
    assert!(text.contains("the signature of q, r"), "{text}");
    given.record(&[signed("j", "2016-02-01", "q")]);
    given.record(&[signed("j", "2016-03-15", "r")]);
    judged(
        &given,
        &[
            ("before its day", by_j, &["REPLACEMENT_NOT_IN_FORCE"]),
            ("on it", superseded("2016-03-15", "j"), &[]),
            ("in its month", superseded("2016-03", "j"), &[]),
        ],
    );
    // A draft binds nobody, and another draft takes its place.
    let mut drafts = three();
    drafts.record(&[drafted("j", "2016-01-01", "CONTRACT", json!({}))]);
    drafts.record(&[drafted("k", "2016-01-01", "CONTRACT", json!({}))]);
    let payload = json!({ "instrumentId": "j", "byInstrumentId": "k" });
    drafts.record(&[on_x("2016-02-01", "instrumentSuperseded", payload)]);
}

#[test]
fn a_paper_of_one_party_replaces_no_agreement_of_three() {
    let mut given = three();
    let plan = json!({ "instrumentId": "plan", "title": "Plan", "partyIds": ["p"],
        "kind": "INSTRUMENT_KIND_PLAN" });
    given.record(&[on_x("2015-07-01", "instrumentDrafted", plan)]);
    let by_plan = superseded("2016-01-01", "plan");
    judged(
        &given,
        &[("unsigned", by_plan.clone(), &["REPLACEMENT_NOT_IN_FORCE"])],
    );
    given.record(&[signed("plan", "2015-07-02", "p")]);
    judged(
        &given,
        &[("signed", by_plan.clone(), &["REPLACEMENT_NOT_AGREED"])],
    );
    assert!(refusal(&given, &by_plan).contains("q, r must agree"));
    // Those who left are not asked, and two papers may take the place of one together.
    let mut left = given.clone();
    for body in ["q", "r"] {
        let law = json!({ "bodyId": body, "reason": "By law", "legalBasis": "SI 2015/1" });
        left.record(&[on_x("2015-12-01", "partyWithdrew", law)]);
    }
    judged(&left, &[("p goes on alone", by_plan, &[])]);
    let other = json!({ "instrumentId": "rest", "title": "Rest", "partyIds": ["q", "r"],
        "kind": "INSTRUMENT_KIND_CONTRACT" });
    given.record(&[on_x("2015-07-01", "instrumentDrafted", other)]);
    given.record(&[signed("rest", "2015-07-02", "q")]);
    given.record(&[signed("rest", "2015-07-02", "r")]);
    let mut both = superseded("2016-01-01", "plan");
    both["instrumentSuperseded"]["by"] =
        json!([{ "subject": "collaborations/x", "instrumentId": "rest" }]);
    given.record(&[both]);
    assert_eq!(
        instrument(&given, "i", "2016-01-01").standing(),
        Standing::Superseded
    );
}

#[test]
fn under_a_mandate_all_whom_it_keeps_make_the_replacement() {
    let all = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    let mut given = forces(&["a", "b"], "2015");
    let terms = json!({ "provisions": provisions(&["a", "b"]), "variationPartyIds": ["a-pcc"] });
    agree(
        &mut given,
        "i",
        "2015",
        "SECTION_22A_AGREEMENT",
        terms,
        &all,
    );
    let two = json!({ "instrumentId": "j", "title": "J", "partyIds": ["a-pcc", "b-pcc"],
        "kind": "INSTRUMENT_KIND_INTER_AUTHORITY_AGREEMENT" });
    given.record(&[on_x("2015", "instrumentDrafted", two)]);
    given.record(&[signed("j", "2015", "a-pcc")]);
    given.record(&[signed("j", "2015", "b-pcc")]);
    judged(
        &given,
        &[("as it is varied", superseded("2016-01-01", "j"), &[])],
    );
    let mandate = json!({ "directionId": "m", "kind": "DIRECTION_KIND_MANDATE", "terms": "SI" });
    given.record(&[on_x("2015-06-01", "directionIssued", mandate)]);
    judged(
        &given,
        &[(
            "without the chief officers",
            superseded("2016-01-01", "j"),
            &["MANDATE_STANDS"],
        )],
    );
    let terms = json!({ "provisions": provisions(&["a", "b"]) });
    agree(
        &mut given,
        "k",
        "2015-07",
        "SECTION_22A_AGREEMENT",
        terms,
        &all,
    );
    judged(&given, &[("with all", superseded("2016-01-01", "k"), &[])]);
}

#[test]
fn a_collaboration_is_replaced_by_one_of_its_parties_or_with_their_agreement() {
    let given_with = |parties: &[&str]| {
        let mut given = three();
        let other = json!({ "name": "Y", "kind": "COLLABORATION_KIND_OTHER",
            "partyIds": parties });
        given.record(&[event(
            "collaborations/y",
            "2015-07-01",
            "collaborationEstablished",
            other,
        )]);
        given
    };
    let replaced = |agreed: &[&str]| {
        let payload = json!({ "cause": "END_CAUSE_REPLACEMENT", "replacedById": "y",
            "agreedByIds": agreed });
        on_x("2016-01-01", "collaborationEnded", payload)
    };
    let given = given_with(&["p", "other"]);
    judged(
        &given,
        &[
            ("of one of them", replaced(&[]), &["END_NOT_AGREED"]),
            ("with one more", replaced(&["q"]), &["END_NOT_AGREED"]),
            ("with the others", replaced(&["q", "r"]), &[]),
        ],
    );
    judged(
        &given_with(&["p", "q", "r", "other"]),
        &[("of all", replaced(&[]), &[])],
    );
    // Under a mandate it needs an agreement in force between all of them.
    let all = ["a-pcc", "b-pcc"];
    let mut given = forces(&["a", "b"], "2015");
    let other = json!({ "name": "Y", "kind": "COLLABORATION_KIND_OTHER",
        "partyIds": ["a-pcc", "a-cc", "b-pcc", "b-cc"] });
    let y = |kind: &str, payload| event("collaborations/y", "2015-07-01", kind, payload);
    given.record(&[y("collaborationEstablished", other)]);
    let mandate = json!({ "directionId": "m", "kind": "DIRECTION_KIND_MANDATE", "terms": "SI" });
    given.record(&[on_x("2015-06-01", "directionIssued", mandate)]);
    judged(
        &given,
        &[("no agreement", replaced(&[]), &["MANDATE_STANDS"])],
    );
    let mou = json!({ "instrumentId": "j", "title": "J",
        "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" });
    given.record(&[y("instrumentDrafted", mou)]);
    for body in all.into_iter().chain(["a-cc", "b-cc"]) {
        let payload = json!({ "instrumentId": "j", "bodyId": body });
        given.record(&[y("agreementSigned", payload)]);
    }
    judged(&given, &[("an agreement of all", replaced(&[]), &[])]);
}

#[test]
fn what_a_party_directs_is_no_direction_to_the_others() {
    let issued = |by: &str| {
        let payload = json!({ "directionId": "d", "kind": "DIRECTION_KIND_DIRECT",
            "terms": "It ends", "legalBasis": "A resolution of p", "issuer": { "bodyId": by } });
        on_x("2016-01-01", "directionIssued", payload)
    };
    let by_it = [
        on_x(
            "2016-03-01",
            "collaborationEnded",
            json!({ "cause": "END_CAUSE_DIRECTION", "directionId": "d" }),
        ),
        on_x(
            "2016-03-01",
            "instrumentEnded",
            json!({ "instrumentId": "i", "cause": "END_CAUSE_DIRECTION", "directionId": "d" }),
        ),
        on_x(
            "2016-03-01",
            "serviceRemoved",
            json!({ "serviceId": "s", "directionId": "d" }),
        ),
    ];
    let mut given = three();
    let mut of_another = given.clone();
    given.record(&[issued("p")]);
    of_another.record(&[issued("other")]);
    for event in by_it {
        judged(
            &given,
            &[("of a party", event.clone(), &["DIRECTION_OF_A_PARTY"])],
        );
        judged(&of_another, &[("of one with the power", event, &[])]);
    }
}
