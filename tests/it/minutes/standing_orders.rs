//! A board that no approval rule asks for keeps to its own standing orders.

use serde_json::{Value, json};

use super::*;

/// Eight seats without approval rules; a matter is before the board.
fn unruled(orders: Value) -> Given {
    let members: Vec<Value> = (1..=8).map(|n| seat("ash", &format!("Seat {n}"))).collect();
    Given::recorded(&[
        council("ash", "1974-04-01"),
        board(&members, orders),
        matter("2022-11-30", 1),
    ])
}

fn by_majority() -> Value {
    json!({ "quorum": 4, "votingRule": "VOTING_RULE_MAJORITY",
        "castingVote": "CASTING_VOTE_PRESIDING" })
}

fn minuted(outcome: &str, tally: Value) -> Value {
    decision("2022-11-30", 1, outcome, json!({ "tally": tally }))
}

#[test]
fn a_tally_that_fails_the_standing_orders_is_refused() {
    let given = unruled(by_majority());
    let casting = json!({ "by": seat("ash", "Seat 1"), "choice": "VOTE_CHOICE_APPROVE" });
    let none: &[&str] = &[];
    for (outcome, tally, expected) in [
        (
            "APPROVED",
            json!({ "present": 2, "votesFor": 2 }),
            &["QUORUM_NOT_MET"][..],
        ),
        (
            "APPROVED",
            json!({ "votesFor": 3 }),
            &["QUORUM_NOT_MET"][..],
        ),
        (
            "APPROVED",
            json!({ "votesFor": 3, "votesAgainst": 3 }),
            &["STANDING_ORDERS_NOT_MET"][..],
        ),
        (
            "APPROVED",
            json!({ "votesFor": 3, "votesAgainst": 3, "castingVote": casting }),
            none,
        ),
        (
            "APPROVED",
            json!({ "votesFor": 5, "votesAgainst": 1 }),
            none,
        ),
        ("APPROVED", json!({ "unanimous": true }), none),
        (
            "REJECTED",
            json!({ "votesFor": 5, "votesAgainst": 1 }),
            none,
        ),
        (
            "REJECTED",
            json!({ "votesFor": 1, "votesAgainst": 5 }),
            none,
        ),
        (
            "REJECTED",
            json!({ "votesFor": 3, "votesAgainst": 3 }),
            none,
        ),
        ("NOTED", json!({ "votesFor": 2 }), none),
    ] {
        let event = minuted(outcome, tally.clone());
        assert_eq!(reasons(&given, &event), expected, "{outcome} {tally}");
        // A decision on nothing that was proposed is held to them too.
        let mut alone = event;
        alone["decisionMade"]["proposalId"] = "".into();
        assert_eq!(
            reasons(&given, &alone),
            expected,
            "alone: {outcome} {tally}"
        );
    }
    let level = minuted("APPROVED", json!({ "votesFor": 3, "votesAgainst": 3 }));
    let says = sentence(&given, &level);
    assert!(
        says.contains("3 for, 3 against") && says.contains("by majority"),
        "{says}"
    );
}

#[test]
fn a_rejection_by_more_for_than_against_is_shown_as_such() {
    let given = unruled(by_majority());
    let lost = minuted("REJECTED", json!({ "votesFor": 5, "votesAgainst": 1 }));
    let why = reasoning(&recorded(&given, &[lost]), "2022-11-30", 1);
    assert!(
        why.contains("boards/joint rejected it by 5 for, 1 against, which carries it"),
        "{why}"
    );
    let lost = minuted("REJECTED", json!({ "votesFor": 1, "votesAgainst": 5 }));
    let why = reasoning(&recorded(&given, &[lost]), "2022-11-30", 1);
    assert!(!why.contains("which carries it"), "{why}");
}

#[test]
fn votes_by_name_that_fail_the_standing_orders_are_refused() {
    let given = unruled(by_majority());
    let bare = decision("2022-11-30", 1, "APPROVED", json!({}));
    assert_eq!(
        reasons(&given, &bare),
        [""; 0],
        "the minute is evidence of itself"
    );
    let two = [1, 2].map(|n| vote("2022-11-30", 1, &format!("+ash/Seat {n}")));
    let two = recorded(&given, &two);
    assert_eq!(reasons(&two, &bare), ["QUORUM_NOT_MET"]);
    let level = (1..=6).map(|n| {
        let choice = if n > 3 { '-' } else { '+' };
        vote("2022-11-30", 1, &format!("{choice}ash/Seat {n}"))
    });
    let level = recorded(&given, &level.collect::<Vec<_>>());
    assert_eq!(reasons(&level, &bare), ["STANDING_ORDERS_NOT_MET"]);
    let rejected = decision("2022-11-30", 1, "REJECTED", json!({}));
    assert_eq!(reasons(&level, &rejected), [""; 0]);
}

#[test]
fn only_what_the_standing_orders_say_is_asked_for() {
    // No voting rule is on record: only the quorum counts.
    let unknown = unruled(json!({ "quorum": 4 }));
    let level = minuted("APPROVED", json!({ "votesFor": 3, "votesAgainst": 3 }));
    assert_eq!(reasons(&unknown, &level), [""; 0]);
    let few = minuted("APPROVED", json!({ "votesFor": 3 }));
    assert_eq!(reasons(&unknown, &few), ["QUORUM_NOT_MET"]);
    // Three quarters of all members.
    let qualified = unruled(json!({ "votingRule": "VOTING_RULE_QUALIFIED",
        "majority": { "numerator": 3, "denominator": 4, "of": "MAJORITY_OF_ALL_MEMBERS" } }));
    let five = minuted("APPROVED", json!({ "votesFor": 5 }));
    assert_eq!(reasons(&qualified, &five), ["STANDING_ORDERS_NOT_MET"]);
    let lost = minuted("REJECTED", json!({ "votesFor": 5, "votesAgainst": 1 }));
    assert_eq!(reasons(&qualified, &lost), [""; 0]);
    let six = minuted("APPROVED", json!({ "votesFor": 6 }));
    assert_eq!(reasons(&qualified, &six), [""; 0]);
    // Where a rule asks for the board, the rule says how it votes.
    let ruled = recorded(
        &unruled(by_majority()),
        &[rules(by_vote("UNANIMITY", json!({ "quorum": 2 })))],
    );
    let lost = minuted("REJECTED", json!({ "votesFor": 5, "votesAgainst": 1 }));
    assert_eq!(reasons(&ruled, &lost), [""; 0]);
    let three = minuted("APPROVED", json!({ "votesFor": 3 }));
    assert_eq!(reasons(&ruled, &three), [""; 0]);
}
