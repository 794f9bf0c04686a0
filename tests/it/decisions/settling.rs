//! Votes and decisions that settle a proposal or leave it open, and votes that may
//! still follow.

use minutebook::wire::proto::DecisionStanding::{
    self, Deferred, Lapsed, Noted, Referred, Rejected, Supported, Withdrawn,
};
use serde_json::{Value, json};

use super::approving::*;
use super::breaches::now;
use super::votes::{CARRIED, OPEN, awaited, on_day, put, recorded, standing_on};
use crate::given::{Given, date, event, judged, on_x};

/// A proposal of 100 pence while no rules are in force.
fn free(more: &Value) -> Given {
    let mut proposed = propose("2020-06-01", 1, json!({ "makeVirement": virement("100") }));
    for (key, value) in more.as_object().expect("fields") {
        proposed["matterProposed"][key] = value.clone();
    }
    recorded(stage(), &[proposed])
}

/// A proposal of 100 pence under one rule.
fn bound(requirement: Value, more: &Value) -> Given {
    let rules = [virements("any", json!({}), requirement)];
    let mut proposed = propose("2020-06-01", 1, json!({ "makeVirement": virement("100") }));
    for (key, value) in more.as_object().expect("fields") {
        proposed["matterProposed"][key] = value.clone();
    }
    recorded(ruled(&rules), &[proposed])
}

fn answer(on: &str, body: &str, outcome: &str) -> Value {
    let payload = json!({ "proposalId": id(1), "deciderId": body,
        "outcome": format!("OUTCOME_{outcome}") });
    on_x(on, "externalDecisionReceived", payload)
}

fn refer(on: &str, to: &str) -> Value {
    let mut event = decision(on, 1, "REFERRED");
    event["decisionMade"]["referredToId"] = to.into();
    event
}

fn take_back(on: &str) -> Value {
    on_x(on, "proposalWithdrawn", json!({ "proposalId": id(1) }))
}

/// A body's own decision.
fn decides(on: &str, body: &str, outcome: &str) -> Value {
    let mut event = decision(on, 1, outcome);
    event["decisionMade"]["boardId"] = "".into();
    event["decisionMade"]["decisionId"] = format!("own-{body}-{on}").into();
    by(body, "", event)
}

const CLOSED: &[&str] = &["PROPOSAL_CLOSED"];

#[test]
fn without_a_rule_the_first_decision_settles_a_proposal() {
    let given = recorded(
        free(&json!({})),
        &[
            vote("2020-06-02", 1, "+a-pcc"),
            vote("2020-06-02", 1, "+b-pcc"),
            vote("2020-06-02", 1, "-council"),
        ],
    );
    assert_eq!(
        standing_on(&given, "2020-06-02"),
        OPEN,
        "votes settle nothing"
    );
    for (outcome, standing) in [
        ("APPROVED", CARRIED),
        ("REJECTED", Rejected),
        ("NOTED", Noted),
        ("SUPPORTED", Supported),
    ] {
        let given = recorded(given.clone(), &[decision("2020-06-03", 1, outcome)]);
        assert_eq!(standing_on(&given, "2020-06-03"), standing);
        judged(
            &given,
            &[
                ("a vote", vote("2020-06-04", 1, "+a-pcc"), CLOSED),
                ("rejected", decision("2020-06-04", 1, "REJECTED"), CLOSED),
                ("put off", decision("2020-06-04", 1, "DEFERRED"), CLOSED),
                ("referred", refer("2020-06-04", "council"), CLOSED),
                ("before it", vote("2020-06-02", 1, "+fire"), &[]),
            ],
        );
        // A party may agree beside the board, and objects to nothing but an approval.
        let agreed: &[&str] = if outcome == "APPROVED" { &[] } else { CLOSED };
        judged(
            &given,
            &[
                ("agreed", decides("2020-06-04", "a-pcc", "APPROVED"), agreed),
                ("given up", take_back("2020-06-04"), agreed),
                ("allowed", approve("2020-06-04", 1), agreed),
                (
                    "no party",
                    decides("2020-06-04", "fire", "APPROVED"),
                    CLOSED,
                ),
            ],
        );
        // Noting or supporting a settled proposal does not reopen it.
        for late in ["NOTED", "SUPPORTED"] {
            let given = recorded(given.clone(), &[decides("2020-06-04", "fire", late)]);
            assert_eq!(standing_on(&given, "2020-06-05"), standing, "{late}");
        }
    }
}

#[test]
fn under_a_rule_noting_supporting_and_deferring_settle_nothing() {
    for (outcome, standing) in [("NOTED", OPEN), ("SUPPORTED", OPEN), ("DEFERRED", Deferred)] {
        let given = recorded(
            put(named(&["a-pcc"])),
            &[decides("2020-06-03", "a-pcc", outcome)],
        );
        assert_eq!(standing_on(&given, "2020-06-03"), standing);
        let given = recorded(given, &[vote("2020-06-04", 1, "+a-pcc")]);
        assert_eq!(standing_on(&given, "2020-06-04"), CARRIED);
    }
}

#[test]
fn only_those_who_are_asked_decide() {
    let not: &[&str] = &["NOT_ENTITLED"];
    judged(
        &put(named(&["a-pcc"])),
        &[
            ("asked", decides("2020-06-03", "a-pcc", "APPROVED"), &[]),
            (
                "asked, against",
                decides("2020-06-03", "a-pcc", "REJECTED"),
                &[],
            ),
            ("not asked", decides("2020-06-03", "fire", "APPROVED"), not),
            (
                "not asked, against",
                decides("2020-06-03", "fire", "REJECTED"),
                not,
            ),
            (
                "a board not asked",
                decision("2020-06-03", 1, "APPROVED"),
                not,
            ),
        ],
    );
}

#[test]
fn an_outside_decider_comes_on_top_of_the_rule() {
    let named_one = bound(named(&["a-pcc"]), &json!({ "deciderId": "council" }));
    let referred = recorded(
        bound(named(&["a-pcc"]), &json!({})),
        &[refer("2020-06-01", "council")],
    );
    for given in [named_one, referred] {
        let (vote, yes) = (
            vote("2020-06-05", 1, "+a-pcc"),
            answer("2020-06-10", "council", "APPROVED"),
        );
        judged(
            &given,
            &[
                (
                    "another",
                    answer("2020-06-10", "fire", "APPROVED"),
                    &["NOT_THE_DECIDER"],
                ),
                ("the one", yes.clone(), &[]),
            ],
        );
        let voted = recorded(given.clone(), std::slice::from_ref(&vote));
        assert_ne!(standing_on(&voted, "2020-06-09"), CARRIED);
        assert_eq!(awaited(&voted, "2020-06-09"), ["council"]);
        let both = recorded(voted.clone(), &[yes]);
        assert_ne!(standing_on(&both, "2020-06-09"), CARRIED);
        assert_eq!(standing_on(&both, "2020-06-10"), CARRIED);
        let early = recorded(given, &[answer("2020-06-02", "council", "APPROVED"), vote]);
        assert_ne!(standing_on(&early, "2020-06-04"), CARRIED);
        assert_eq!(standing_on(&early, "2020-06-05"), CARRIED);
        let no = recorded(voted, &[answer("2020-06-10", "council", "REJECTED")]);
        assert_eq!(standing_on(&no, "2020-06-10"), Rejected);
        judged(
            &no,
            &[
                (
                    "answered again",
                    answer("2020-06-11", "council", "APPROVED"),
                    CLOSED,
                ),
                (
                    "an act",
                    make("2020-06-11", 1, "v", virement("100")),
                    &["NOT_CARRIED"],
                ),
            ],
        );
    }
}

#[test]
fn under_no_rule_the_outside_decider_decides() {
    let given = free(&json!({ "deciderId": "council" }));
    for outcome in ["APPROVED", "NOTED", "SUPPORTED"] {
        let given = recorded(given.clone(), &[decision("2020-06-03", 1, outcome)]);
        assert_eq!(standing_on(&given, "2020-06-03"), OPEN, "{outcome}");
        assert_eq!(awaited(&given, "2020-06-03"), ["council"], "{outcome}");
        let given = recorded(given, &[answer("2020-06-10", "council", "APPROVED")]);
        assert_eq!(standing_on(&given, "2020-06-10"), CARRIED, "{outcome}");
    }
    let given = recorded(given, &[answer("2020-06-10", "council", "REJECTED")]);
    assert_eq!(standing_on(&given, "2020-06-10"), Rejected);
}

#[test]
fn age_counts_from_the_last_deferral_or_referral() {
    let given = recorded(
        put(named(&["a-pcc"])),
        &[
            decision("2020-06-10", 1, "DEFERRED"),
            refer("2020-06-20", "council"),
        ],
    );
    let age = |day: &str| {
        let line = on_day(&given, day);
        (line.standing(), line.age_days)
    };
    assert_eq!(age("2020-06-01"), (OPEN, 0));
    assert_eq!(age("2020-06-09"), (OPEN, 8));
    assert_eq!(age("2020-06-19"), (Deferred, 9));
    assert_eq!(age("2020-06-21"), (Referred, 1));
    let settled = recorded(
        given.clone(),
        &[
            vote("2020-06-22", 1, "+a-pcc"),
            answer("2020-06-23", "council", "APPROVED"),
        ],
    );
    let line = on_day(&settled, "2020-07-01");
    assert_eq!((line.standing(), line.age_days), (CARRIED, 0));
    assert!(line.awaited.is_empty() && line.settled_on.is_some());
}

#[test]
fn a_proposal_lapses_after_its_last_day() {
    let lapses = json!({ "lapsesOn": date("2020-06") });
    for given in [bound(named(&["a-pcc"]), &lapses), free(&lapses)] {
        assert_eq!(standing_on(&given, "2020-06-30"), OPEN);
        assert_eq!(standing_on(&given, "2020-07-01"), Lapsed);
        judged(
            &given,
            &[
                (
                    "on its last day",
                    decides("2020-06-30", "a-pcc", "APPROVED"),
                    &[],
                ),
                ("a vote", vote("2020-07-01", 1, "+a-pcc"), CLOSED),
                (
                    "approved",
                    decides("2020-07-01", "a-pcc", "APPROVED"),
                    CLOSED,
                ),
                ("put off", decision("2020-07-01", 1, "DEFERRED"), CLOSED),
                ("referred", refer("2020-07-01", "council"), CLOSED),
                ("taken back", take_back("2020-07-01"), CLOSED),
                ("noted", decision("2020-07-01", 1, "NOTED"), &[]),
                (
                    "an act",
                    make("2020-07-01", 1, "v", virement("100")),
                    &["NOT_CARRIED"],
                ),
            ],
        );
        // Decided in time and recorded late.
        let given = recorded(given, &[decides("2020-06-30", "a-pcc", "APPROVED")]);
        assert_eq!(standing_on(&given, "2020-07-01"), CARRIED);
    }
    // A deferred proposal lapses too.
    let given = recorded(
        bound(named(&["a-pcc"]), &lapses),
        &[decision("2020-06-29", 1, "DEFERRED")],
    );
    assert_eq!(standing_on(&given, "2020-07-01"), Lapsed);
}

#[test]
fn a_withdrawn_proposal_is_settled_from_that_day() {
    let given = recorded(put(named(&["a-pcc", "b-pcc"])), &[take_back("2020-06-10")]);
    assert_eq!(standing_on(&given, "2020-06-09"), OPEN);
    assert_eq!(standing_on(&given, "2020-06-10"), Withdrawn);
    judged(
        &given,
        &[
            ("again", take_back("2020-06-11"), CLOSED),
            ("a word after it", vote("2020-06-10", 1, "+a-pcc"), CLOSED),
            ("a word before it", vote("2020-06-09", 1, "+a-pcc"), &[]),
        ],
    );
    // All had agreed before; one vote was recorded late. It was carried, and given up.
    let given = recorded(
        given,
        &[
            vote("2020-06-08", 1, "+a-pcc"),
            vote("2020-06-09", 1, "+b-pcc"),
        ],
    );
    assert_eq!(standing_on(&given, "2020-06-09"), CARRIED);
    assert_eq!(standing_on(&given, "2020-06-10"), Withdrawn);
}

#[test]
fn a_vote_recorded_late_counts_from_its_date() {
    let carried = recorded(
        put(named(&["a-pcc", "b-pcc"])),
        &[
            vote("2020-06-05", 1, "+a-pcc"),
            vote("2020-06-10", 1, "+b-pcc"),
            make("2020-06-12", 1, "v", virement("100")),
        ],
    );
    assert!(now(&carried).is_empty());
    let missing = |given: &Given| -> Vec<String> {
        let lines = now(given);
        let missing = lines.into_iter().flat_map(|line| line.missing);
        missing.map(|fault| fault.reason).collect()
    };
    // Dated before the body's later vote: replaced by it.
    let given = recorded(carried.clone(), &[vote("2020-06-04", 1, "-a-pcc")]);
    assert_eq!(standing_on(&given, "2020-06-10"), CARRIED);
    assert_eq!(missing(&given), [""; 0]);
    // Dated after it: their last vote is no.
    let given = recorded(carried.clone(), &[vote("2020-06-06", 1, "-a-pcc")]);
    assert_eq!(standing_on(&given, "2020-06-10"), OPEN);
    assert_eq!(missing(&given), ["NOT_CARRIED"]);
    // Withdrawn before: no later vote counts.
    let given = recorded(carried.clone(), &[take_back("2020-06-06")]);
    assert_eq!(standing_on(&given, "2020-06-10"), Withdrawn);
    assert_eq!(missing(&given), ["NOT_CARRIED"]);
    // Agreed earlier than recorded: later acts are unaffected.
    let given = recorded(carried, &[vote("2020-06-06", 1, "+b-pcc")]);
    assert_eq!(standing_on(&given, "2020-06-06"), CARRIED);
    assert_eq!(missing(&given), [""; 0]);
}

#[test]
fn every_party_is_every_party_of_the_day() {
    let three = |on: &str| ["+a-pcc", "+a-cc", "+b-cc"].map(|v| vote(on, 1, v));
    let given = recorded(put(every_party()), &three("2020-06-02"));
    assert_eq!(awaited(&given, "2020-06-02"), ["b-pcc"]);
    let left = json!({ "bodyId": "b-pcc", "reason": "Gone" });
    let left = recorded(given.clone(), &[on_x("2020-06-10", "partyWithdrew", left)]);
    judged(
        &left,
        &[
            ("the day before", vote("2020-06-09", 1, "+b-pcc"), &[]),
            (
                "a party no more",
                vote("2020-06-10", 1, "+b-pcc"),
                &["NOT_ENTITLED"],
            ),
        ],
    );
    let again = recorded(left, &[vote("2020-06-11", 1, "+a-pcc")]);
    assert_eq!(
        standing_on(&again, "2020-06-11"),
        CARRIED,
        "all who are left"
    );
    let joined = on_x("2020-06-10", "partyJoined", json!({ "bodyId": "council" }));
    let joined = recorded(given, &[joined, vote("2020-06-11", 1, "+b-pcc")]);
    assert_eq!(standing_on(&joined, "2020-06-11"), OPEN);
    assert_eq!(awaited(&joined, "2020-06-11"), ["council"]);
}

#[test]
fn the_latest_vote_of_any_office_is_the_vote_of_its_body() {
    let office = |on: &str, with: &str, office: &str| {
        let mut event = vote(on, 1, with);
        event["voteCast"]["voter"]["office"] = office.into();
        event
    };
    let given = recorded(
        put(named(&["a-pcc", "b-pcc"])),
        &[
            office("2020-06-02", "+a-pcc", "Chief Executive"),
            office("2020-06-03", "-a-pcc", "Commissioner"),
            vote("2020-06-04", 1, "+b-pcc"),
        ],
    );
    assert_eq!(standing_on(&given, "2020-06-04"), OPEN);
    let given = recorded(given, &[office("2020-06-05", "+a-pcc", "Deputy")]);
    assert_eq!(standing_on(&given, "2020-06-05"), CARRIED);
    // If an office must agree, no other can vote for it.
    let given = recorded(
        put(json!({ "anyOf": { "of": [officer(None), named(&["a-pcc", "b-pcc"])] } })),
        &[office("2020-06-02", "+a-pcc", "Chief Executive")],
    );
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
    let given = recorded(
        given,
        &[office("2020-06-03", "+a-pcc", "Chief Finance Officer")],
    );
    assert_eq!(standing_on(&given, "2020-06-03"), CARRIED);
}

#[test]
fn where_no_party_is_a_policing_body_nobody_can_be_asked() {
    let chiefs = event(
        "collaborations/y",
        "2013",
        "collaborationEstablished",
        json!({ "name": "Y", "kind": "COLLABORATION_KIND_ALLIANCE", "partyIds": ["a-cc", "fire"] }),
    );
    let on_y = |mut event: Value| {
        event["subject"] = "collaborations/y".into();
        event
    };
    let rule =
        json!({ "ruleId": "all", "title": "All", "requirement": { "everyPolicingBody": {} } });
    let matter = json!({ "other": "Something" });
    let given = recorded(
        stage(),
        &[
            chiefs,
            on_y(adopt("2020-01-01", "rules", &[rule])),
            on_y(propose("2020-06-01", 1, matter)),
        ],
    );
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
    judged(
        &given,
        &[
            (
                "a party",
                on_y(vote("2020-06-02", 1, "+a-cc")),
                &["NOT_ENTITLED"],
            ),
            (
                "none",
                on_y(vote("2020-06-02", 1, "+a-pcc")),
                &["NOT_ENTITLED"],
            ),
        ],
    );
}

#[test]
fn the_lead_is_that_of_the_service_else_of_the_whole() {
    let put_up = |matter: Value| {
        let rule = json!({ "ruleId": "all", "title": "All", "requirement": { "theLead": {} } });
        let proposed = by("council", "", propose("2020-06-01", 1, matter));
        recorded(ruled(&[rule]), &[proposed])
    };
    let dogs = json!({ "serviceId": "dogs", "toId": "a-pcc" });
    for (matter, lead, other) in [
        (json!({ "removeServiceId": "dogs" }), "b-cc", "a-cc"),
        (json!({ "changeLead": dogs }), "b-cc", "a-cc"),
        (json!({ "changeLead": { "toId": "b-pcc" } }), "a-cc", "b-cc"),
        (json!({ "addServiceId": "cats" }), "a-cc", "b-cc"),
        (json!({ "other": "Something" }), "a-cc", "b-cc"),
    ] {
        let given = put_up(matter.clone());
        judged(
            &given,
            &[
                (
                    "another",
                    vote("2020-06-02", 1, &format!("+{other}")),
                    &["NOT_ENTITLED"],
                ),
                ("the lead", vote("2020-06-02", 1, &format!("+{lead}")), &[]),
            ],
        );
    }
    // The lead is the one of that day.
    let given = put_up(json!({ "addServiceId": "cats" }));
    let appointed = breach(on_x(
        "2020-06-10",
        "leadAppointed",
        json!({ "bodyId": "b-pcc" }),
    ));
    let given = recorded(given, &[vote("2020-06-02", 1, "-a-cc"), appointed]);
    let given = recorded(given, &[vote("2020-06-10", 1, "+b-pcc")]);
    assert_eq!(
        standing_on(&given, "2020-06-10"),
        DecisionStanding::Approved
    );
}

#[test]
fn an_office_beyond_its_limit_is_not_asked_and_others_may_be() {
    let requirement = json!({ "anyOf": { "of": [officer(Some("100")), named(&["b-pcc"])] } });
    for (amount, reasons) in [("100", &[][..]), ("101", &["BEYOND_DELEGATION"])] {
        let given = recorded(
            ruled(&[virements("any", json!({}), requirement.clone())]),
            &[request("2020-06-01", 1, virement(amount))],
        );
        judged(
            &given,
            &[
                ("the office", approve("2020-06-02", 1), reasons),
                ("the other", vote("2020-06-02", 1, "+b-pcc"), &[]),
            ],
        );
    }
    let unstated = propose(
        "2020-06-01",
        1,
        json!({ "setBudget": { "financialYear": "2021/22" } }),
    );
    let budgets = about(&["SET_BUDGET"], "any", json!({}), officer(Some("100")));
    let mut decided = decides("2020-06-02", "a-pcc", "APPROVED");
    decided["actedBy"]["office"] = "Chief Finance Officer".into();
    judged(
        &recorded(ruled(&[budgets]), &[unstated]),
        &[(
            "of an amount that is not stated",
            decided,
            &["BEYOND_DELEGATION"],
        )],
    );
}
