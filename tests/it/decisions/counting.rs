//! How a board's votes are counted: who is a member, who takes part, what a vote
//! weighs, and the effect of the board's own decision.

use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::approving::*;
use super::votes::{CARRIED, OPEN, put, recorded, standing_on};
use crate::given::{Given, event, judged, on_x};

fn conflicted(on: &str, with: &str) -> Value {
    let mut vote = on_board(on, 1, with);
    vote["voteCast"]["conflictDeclared"] = "Gains by it".into();
    vote
}

/// A board's requirement with its own quorum.
fn quorate(rule: &str, quorum: u32) -> Value {
    let mut requirement = board(rule);
    requirement["board"]["quorum"] = quorum.into();
    requirement
}

fn votes(requirement: Value, votes: &[&str]) -> Given {
    let votes: Vec<Value> = votes.iter().map(|v| on_board("2020-06-02", 1, v)).collect();
    recorded(put(requirement), &votes)
}

/// The reasons for which the board's approval is refused.
fn approving(given: &Given) -> Vec<&'static str> {
    let faults = given.faults(&[decision("2020-06-03", 1, "APPROVED")]);
    faults.into_iter().map(|(_, reason)| reason).collect()
}

#[test]
fn a_member_with_a_conflict_counts_on_neither_side() {
    let given = recorded(
        votes(quorate("MAJORITY", 2), &["+a-pcc", "-b-pcc"]),
        &[conflicted("2020-06-02", "+a-cc")],
    );
    assert_eq!(approving(&given), ["VOTE_NOT_CARRIED"], "one to one");
    let given = recorded(
        votes(quorate("UNANIMITY", 2), &["+a-pcc", "0b-pcc"]),
        &[conflicted("2020-06-02", "-a-cc")],
    );
    assert_eq!(approving(&given), [""; 0], "nobody who counts is against");
    // Their weight still counts in the total.
    let weights = [("a-pcc", 600_000), ("b-pcc", 400_000)];
    for (threshold, reasons) in [(400_000, &[][..]), (400_001, &["VOTE_NOT_CARRIED"])] {
        let given = recorded(
            votes(weighted(threshold, &weights), &["+b-pcc", "0b-cc", "0a-cc"]),
            &[conflicted("2020-06-02", "+a-pcc")],
        );
        assert_eq!(approving(&given), reasons, "{threshold}");
    }
    // A member withdraws a conflict by voting again without one.
    let given = recorded(
        votes(board("MAJORITY"), &["+a-pcc", "+b-pcc"]),
        &[
            conflicted("2020-06-02", "+a-cc"),
            on_board("2020-06-02", 1, "+a-cc"),
        ],
    );
    assert_eq!(approving(&given), [""; 0]);
}

#[test]
fn the_vote_is_taken_once_all_have_voted_with_a_conflict_or_without() {
    let given = recorded(
        votes(board("MAJORITY"), &["+a-pcc", "+b-pcc", "0a-cc"]),
        &[conflicted("2020-06-03", "-b-cc")],
    );
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
    assert_eq!(standing_on(&given, "2020-06-03"), CARRIED);
    // Neither quorate nor carried: open until a member changes its vote.
    let given = recorded(
        votes(board("MAJORITY"), &["+a-pcc", "-b-pcc", "0a-cc", "0b-cc"]),
        &[],
    );
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
    let given = recorded(given, &[on_board("2020-06-04", 1, "+b-cc")]);
    assert_eq!(standing_on(&given, "2020-06-04"), CARRIED);
}

#[test]
fn the_rule_s_quorum_then_the_board_s_then_one() {
    let three = ["+a-pcc", "+b-pcc", "+a-cc"];
    assert_eq!(
        approving(&votes(quorate("MAJORITY", 4), &three)),
        ["QUORUM_NOT_MET"]
    );
    assert_eq!(approving(&votes(quorate("MAJORITY", 3), &three)), [""; 0]);
    let small = json!({ "name": "Small", "powers": ["BOARD_POWER_DECIDES"],
        "members": [{ "bodyId": "a-pcc" }, { "bodyId": "b-pcc" }] });
    let mut requirement = board("MAJORITY");
    requirement["board"]["boardId"] = "small".into();
    let given = recorded(
        stage(),
        &[
            event("boards/small", "2014", "boardConstituted", small),
            adopt(
                "2020-01-01",
                "rules",
                &[virements("any", json!({}), requirement)],
            ),
            request("2020-06-01", 1, virement("100")),
        ],
    );
    let of_small = |mut event: Value, kind: &str| {
        event[kind]["boardId"] = "small".into();
        event
    };
    let approval = of_small(decision("2020-06-03", 1, "APPROVED"), "decisionMade");
    judged(&given, &[("nobody by name", approval.clone(), &[])]);
    let given = recorded(
        given,
        &[of_small(on_board("2020-06-02", 1, "+a-pcc"), "voteCast")],
    );
    judged(&given, &[("one did", approval, &[])]);
}

#[test]
fn weights_are_the_shares_of_the_matter_s_year_else_of_the_day_s() {
    let budget = |year: &str, a: &str, b: &str| {
        let cell = |body: &str, amount: &str| json!({ "serviceId": "dogs", "bodyId": body, "amountPence": amount });
        let figures =
            json!({ "financialYear": year, "contributions": [cell("a-pcc", a), cell("b-pcc", b)] });
        on_x("2019", "budgetApproved", json!({ "figures": figures }))
    };
    let with = |budgets: &[Value], matter: &str, vote: &str| {
        let mut asked = virement("100");
        asked["financialYear"] = matter.into();
        let rule =
            json!({ "ruleId": "any", "title": "any", "requirement": weighted(600_000, &[]) });
        let mut given = recorded(stage(), budgets);
        given = recorded(given, &[adopt("2020-01-01", "rules", &[rule])]);
        let put_up = if matter.is_empty() {
            propose("2020-06-01", 1, json!({ "addServiceId": "cats" }))
        } else {
            request("2020-06-01", 1, asked)
        };
        let votes = [vote, "0a-cc", "0b-cc"].map(|v| on_board("2020-06-02", 1, v));
        approving(&recorded(recorded(given, &[put_up]), &votes))
    };
    let lost = ["VOTE_NOT_CARRIED"];
    // The stage has 60 and 40 per cent for 2020/21, the year of the vote.
    let next = [budget("2021/22", "10", "90")];
    assert_eq!(with(&next, "2020/21", "+a-pcc"), [""; 0]);
    assert_eq!(with(&next, "2021/22", "+a-pcc"), lost);
    assert_eq!(with(&next, "2021/22", "+b-pcc"), [""; 0]);
    assert_eq!(
        with(&[], "2021/22", "+a-pcc"),
        lost,
        "nothing is known of the matter's year"
    );
    assert_eq!(with(&next, "", "+a-pcc"), [""; 0], "a matter of no year");
    assert_eq!(with(&next, "2020/21", "+b-pcc"), lost);
    // A later budget of a year replaces the earlier.
    let mended = [budget("2020/21", "10", "90")];
    assert_eq!(with(&mended, "2020/21", "+b-pcc"), [""; 0]);
}

#[test]
fn where_no_contributions_are_known_nothing_weighs_anything() {
    let given = recorded(
        put(weighted(1, &[])),
        &[
            on_board("2022-06-02", 1, "+a-pcc"),
            on_board("2022-06-02", 1, "+b-pcc"),
            on_board("2022-06-02", 1, "+a-cc"),
        ],
    );
    // The matter's own year has a budget, so the day does not matter.
    judged(
        &given,
        &[("in its year", decision("2022-06-03", 1, "APPROVED"), &[])],
    );
    let mut asked = virement("100");
    asked["financialYear"] = "2023/24".into();
    let given = recorded(
        ruled(&[virements("any", json!({}), weighted(1, &[]))]),
        &[request("2022-06-01", 1, asked)],
    );
    let given = recorded(
        given,
        &["+a-pcc", "+b-pcc", "+a-cc", "+b-cc"].map(|v| on_board("2022-06-02", 1, v)),
    );
    assert_eq!(standing_on(&given, "2022-06-02"), OPEN);
    judged(
        &given,
        &[(
            "in no year",
            decision("2022-06-03", 1, "APPROVED"),
            &["VOTE_NOT_CARRIED"],
        )],
    );
}

fn membership(on: &str, payload: Value) -> Value {
    event("boards/board", on, "boardMembershipChanged", payload)
}

#[test]
fn a_vote_counts_while_its_seat_lasts() {
    let left = json!({ "left": [{ "bodyId": "a-pcc" }] });
    let given = recorded(
        votes(board("MAJORITY"), &["+a-pcc", "+b-pcc", "+a-cc"]),
        &[membership("2020-06-10", left)],
    );
    judged(
        &given,
        &[
            (
                "the day before it ends",
                decision("2020-06-09", 1, "APPROVED"),
                &[],
            ),
            (
                "on the day",
                decision("2020-06-10", 1, "APPROVED"),
                &["QUORUM_NOT_MET"],
            ),
        ],
    );
    // With one member fewer, this vote is the last one missing.
    let given = recorded(given, &[on_board("2020-06-11", 1, "0b-cc")]);
    assert_eq!(standing_on(&given, "2020-06-11"), CARRIED);
    // With one member more, it is not.
    let joined =
        json!({ "joined": [{ "bodyId": "council", "capacity": "MEMBER_CAPACITY_MEMBER" }] });
    let given = recorded(
        votes(board("MAJORITY"), &["+a-pcc", "+b-pcc", "+a-cc"]),
        &[
            membership("2020-06-10", joined),
            on_board("2020-06-11", 1, "0b-cc"),
        ],
    );
    assert_eq!(standing_on(&given, "2020-06-11"), OPEN);
    let given = recorded(given, &[on_board("2020-06-12", 1, "-council")]);
    assert_eq!(standing_on(&given, "2020-06-12"), CARRIED);
}

#[test]
fn an_observer_who_becomes_a_member_has_a_vote_from_then() {
    let seat = json!({ "bodyId": "c-pcc" });
    let change = json!({ "left": [seat], "joined": [{ "bodyId": "c-pcc", "capacity": "MEMBER_CAPACITY_MEMBER" }] });
    let given = recorded(put(board("MAJORITY")), &[membership("2020-06-10", change)]);
    judged(
        &given,
        &[
            (
                "the day before",
                on_board("2020-06-09", 1, "+c-pcc"),
                &["NOT_A_VOTING_MEMBER"],
            ),
            ("on the day", on_board("2020-06-10", 1, "+c-pcc"), &[]),
        ],
    );
}

#[test]
fn a_rejection_by_the_board_settles_a_proposal() {
    let given = votes(board("MAJORITY"), &["+a-pcc", "-b-pcc", "-a-cc"]);
    assert_eq!(standing_on(&given, "2020-06-02"), OPEN);
    let rejected = recorded(given, &[decision("2020-06-03", 1, "REJECTED")]);
    assert_eq!(
        standing_on(&rejected, "2020-06-03"),
        DecisionStanding::Rejected
    );
    judged(
        &rejected,
        &[
            (
                "a vote after it",
                on_board("2020-06-04", 1, "+b-cc"),
                &["PROPOSAL_CLOSED"],
            ),
            (
                "approved after all",
                decision("2020-06-04", 1, "APPROVED"),
                &["PROPOSAL_CLOSED"],
            ),
        ],
    );
    // If another body may decide instead, the proposal stays open.
    let either = json!({ "anyOf": { "of": [board("MAJORITY"), named(&["a-pcc"])] } });
    let given = recorded(put(either), &[decision("2020-06-03", 1, "REJECTED")]);
    assert_eq!(standing_on(&given, "2020-06-03"), OPEN);
    let given = recorded(given, &[vote("2020-06-04", 1, "+a-pcc")]);
    assert_eq!(standing_on(&given, "2020-06-04"), CARRIED);
}

#[test]
fn a_board_without_power_to_decide_can_only_say_so() {
    let panel = |mut event: Value, kind: &str| {
        event[kind]["boardId"] = "panel".into();
        event
    };
    let decided = |outcome: &str, on_proposal: bool| {
        let mut event = panel(decision("2020-06-03", 1, outcome), "decisionMade");
        if !on_proposal {
            event["decisionMade"]["proposalId"] = "".into();
        }
        event
    };
    let cannot: &[&str] = &["BOARD_CANNOT_DECIDE"];
    let mut allowed = panel(approve("2020-06-03", 1), "virementApproved");
    allowed.as_object_mut().expect("an event").remove("actedBy");
    for rules in [true, false] {
        let given = if rules {
            put(board("MAJORITY"))
        } else {
            recorded(stage(), &[request("2020-06-01", 1, virement("100"))])
        };
        judged(
            &given,
            &[
                (
                    "votes",
                    panel(on_board("2020-06-03", 1, "-a-pcc"), "voteCast"),
                    cannot,
                ),
                ("approves", decided("APPROVED", true), cannot),
                ("rejects", decided("REJECTED", true), cannot),
                ("allows a virement", allowed.clone(), cannot),
                (
                    "approves a matter without a proposal",
                    decided("APPROVED", false),
                    cannot,
                ),
                (
                    "rejects a matter without a proposal",
                    decided("REJECTED", false),
                    &[],
                ),
                ("notes", decided("NOTED", true), &[]),
                ("supports", decided("SUPPORTED", true), &[]),
                ("puts off", decided("DEFERRED", true), &[]),
            ],
        );
    }
}

#[test]
fn a_board_the_rule_does_not_ask_decides_nothing() {
    let other = json!({ "name": "Other", "powers": ["BOARD_POWER_DECIDES"],
        "members": [{ "bodyId": "a-pcc" }] });
    let mut given = put(board("MAJORITY"));
    given.record(&[event("boards/other", "2014", "boardConstituted", other)]);
    let of_other = |mut event: Value, kind: &str| {
        event[kind]["boardId"] = "other".into();
        event
    };
    let not: &[&str] = &["NOT_ENTITLED"];
    judged(
        &given,
        &[
            (
                "a vote on it",
                of_other(on_board("2020-06-03", 1, "+a-pcc"), "voteCast"),
                not,
            ),
            (
                "its approval",
                of_other(decision("2020-06-03", 1, "APPROVED"), "decisionMade"),
                not,
            ),
            (
                "its rejection",
                of_other(decision("2020-06-03", 1, "REJECTED"), "decisionMade"),
                not,
            ),
            (
                "a body's approval",
                by(
                    "a-pcc",
                    "",
                    on_x(
                        "2020-06-03",
                        "virementApproved",
                        json!({ "proposalId": id(1), "decisionId": "d" }),
                    ),
                ),
                not,
            ),
        ],
    );
}

#[test]
fn a_board_where_only_the_proposer_votes_agrees_to_nothing() {
    let given = recorded(
        put(quorate("MAJORITY", 1)),
        &[on_board("2020-06-02", 1, "+b-cc")],
    );
    assert_eq!(approving(&given), ["OWN_PROPOSAL"]);
    let given = recorded(given, &[on_board("2020-06-02", 1, "+a-cc")]);
    assert_eq!(approving(&given), [""; 0]);
}
