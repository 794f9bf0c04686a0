//! Rejections as minutes state them: a number that they leave out is not 0, and numbers that
//! carry a matter do not reject it.

use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::*;

/// Six members who decide by this rule; a matter is before them.
fn six(requirement: Option<Value>) -> Given {
    let members: Vec<Value> = (1..=6).map(|n| seat("a", &format!("Member {n}"))).collect();
    let orders = json!({ "quorum": 3, "votingRule": "VOTING_RULE_MAJORITY",
        "castingVote": "CASTING_VOTE_PRESIDING" });
    let mut given = Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        board(&members, orders),
    ]);
    if let Some(requirement) = requirement {
        given.record(&[rules(requirement)]);
    }
    given.record(&[matter("2022-11-30", 1)]);
    given
}

fn lost(tally: Value) -> Value {
    decision("2022-11-30", 1, "REJECTED", json!({ "tally": tally }))
}

#[test]
fn a_number_that_a_rejection_leaves_out_is_not_nought() {
    let given = six(Some(by_vote("MAJORITY", json!({}))));
    for (tally, expected) in [
        // At most two of the six were against.
        (json!({ "votesFor": 4 }), &["TALLY_CONTRADICTED"][..]),
        (
            json!({ "votesFor": 4, "votesAgainst": 1 }),
            &["TALLY_CONTRADICTED"][..],
        ),
        (json!({ "votesFor": 3 }), &[][..]),
        (json!({ "votesFor": 3, "votesAgainst": 3 }), &[][..]),
        (json!({ "votesFor": 1, "votesAgainst": 4 }), &[][..]),
        (json!({ "votesAgainst": 4 }), &[][..]),
        (
            json!({ "present": 4, "votesFor": 3 }),
            &["TALLY_CONTRADICTED"][..],
        ),
        (
            json!({ "present": 2, "votesFor": 2 }),
            &["QUORUM_NOT_MET"][..],
        ),
        (json!({ "unanimous": true }), &[][..]),
    ] {
        assert_eq!(reasons(&given, &lost(tally.clone())), expected, "{tally}");
    }
    let casting = |choice: &str| {
        let by = seat("a", "Member 1");
        json!({ "votesFor": 3, "votesAgainst": 3,
            "castingVote": { "by": by, "choice": format!("VOTE_CHOICE_{choice}") } })
    };
    let refused = reasons(&given, &lost(casting("APPROVE")));
    assert_eq!(refused, ["TALLY_CONTRADICTED"]);
    let given = recorded(&given, &[lost(json!({ "votesFor": 3 }))]);
    assert_eq!(
        standing(&given, "2022-11-30", 1),
        DecisionStanding::Rejected
    );
    let why = reasoning(&given, "2022-11-30", 1);
    assert!(why.contains("3 for, number against not given"), "{why}");
    assert!(!why.contains("0 against"), "{why}");
}

#[test]
fn a_larger_majority_is_lost_by_more_for_than_against() {
    let majority = json!({ "majority": { "numerator": 4, "denominator": 5,
        "of": "MAJORITY_OF_VOTING" } });
    let given = six(Some(by_vote("QUALIFIED", majority)));
    let four = json!({ "votesFor": 4, "votesAgainst": 2 });
    assert_eq!(reasons(&given, &lost(four)), [""; 0]);
    let five = json!({ "votesFor": 5, "votesAgainst": 1 });
    assert_eq!(reasons(&given, &lost(five)), ["TALLY_CONTRADICTED"]);
}

#[test]
fn where_no_rule_applies_it_is_a_remark() {
    let given = six(None);
    let event = lost(json!({ "votesFor": 4 }));
    assert_eq!(reasons(&given, &event), [""; 0]);
    let given = recorded(&given, &[event]);
    let why = reasoning(&given, "2022-11-30", 1);
    assert!(why.contains("check the tally and the outcome"), "{why}");
    assert!(why.contains("4 for, number against not given"), "{why}");
}

#[test]
fn a_casting_vote_is_that_of_a_member() {
    let given = six(None);
    let approves = |by: Value| {
        approved(
            "2022-11-30",
            1,
            json!({ "votesFor": 3, "votesAgainst": 3,
                "castingVote": { "by": by, "choice": "VOTE_CHOICE_APPROVE" } }),
        )
    };
    let stranger = reasons(&given, &approves(seat("b", "Leader")));
    assert_eq!(stranger, ["NOT_A_VOTING_MEMBER"]);
    for by in [seat("a", "Member 2"), seat("a", "Chairman"), member("a")] {
        assert_eq!(reasons(&given, &approves(by)), [""; 0]);
    }
}
