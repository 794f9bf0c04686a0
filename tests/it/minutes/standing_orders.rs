//! A board that no approval rule asks for keeps to its own standing orders.

use minutebook::views;
use minutebook::wire::proto::{DecisionStanding, WordEffect};
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
    // Its quorum is that of the rule, for a rejection too.
    let three = minuted("REJECTED", json!({ "present": 3, "votesAgainst": 3 }));
    let lost = recorded(&ruled, &[three]);
    assert_eq!(standing(&lost, "2022-12-01", 1), DecisionStanding::Rejected);
}

#[test]
fn a_rejection_without_a_quorum_settles_nothing() {
    let given = unruled(by_majority());
    let is_open = |given: &Given, day: &str| standing(given, day, 1) == DecisionStanding::Pending;
    for (tally, open) in [
        (json!({ "present": 2, "votesAgainst": 2 }), true),
        (json!({ "present": 3, "unanimous": true }), true),
        (json!({ "present": 4, "unanimous": true }), false),
        (json!({ "votesFor": 1, "votesAgainst": 2 }), true),
        (json!({ "votesFor": 1, "votesAgainst": 3 }), false),
        // Numbers that are not given may have made a quorum.
        (json!({ "votesFor": 2 }), false),
        (json!({ "unanimous": true }), false),
        (Value::Null, false),
    ] {
        let event = match tally.is_null() {
            true => decision("2022-11-30", 1, "REJECTED", json!({})),
            false => minuted("REJECTED", tally.clone()),
        };
        let given = recorded(&given, &[event]);
        assert_eq!(is_open(&given, "2022-12-01"), open, "{tally}");
        let shown = proposal(&given, "2022-12-01", 1);
        let undecided = shown.words[0].effect() == WordEffect::WithoutQuorum;
        assert_eq!(undecided, open, "{tally}");
        let lines = views::decisions::list(&view(&given, "2022-12-01"), None, false);
        let mut lines = lines.into_iter();
        let line = lines.find(|line| line.decision_id == "d-1").expect("it");
        assert_eq!(line.inquorate, open, "{tally}");
        let approval = shown.approval.expect("a line");
        let on = approval.rejected_without_quorum_on.map(|on| on.day);
        assert_eq!(on, open.then_some(30), "{tally}");
        let register_view = view(&given, "2022-12-01");
        let until = register_view.as_at();
        let lines = views::attention::list(&register_view, &Default::default(), until);
        let listed = lines
            .iter()
            .any(|line| line.what.contains("without a quorum"));
        assert_eq!(listed, open, "{tally}");
        let why = shown.reasoning.join(" ");
        assert_eq!(why.contains("nothing was decided"), open, "{why}");
        let names = awaited(&given, "2022-12-01", 1);
        assert_eq!(names, if open { vec!["joint"] } else { vec![] }, "{tally}");
        // It is put to the board again.
        let mut again = minuted("APPROVED", json!({ "votesFor": 5, "votesAgainst": 1 }));
        again["effectiveOn"] = crate::given::date("2022-12-10");
        again["decisionMade"]["decisionId"] = "again".into();
        let expected = if open { &[][..] } else { &["PROPOSAL_CLOSED"] };
        assert_eq!(reasons(&given, &again), expected, "{tally}");
    }
    // A vote for it that somebody wished to have named says nothing of a quorum.
    let named = [vote("2022-11-30", 1, "+ash/Seat 1")];
    let named = recorded(&given, &named);
    let rejected = decision("2022-11-30", 1, "REJECTED", json!({}));
    let named = recorded(&named, std::slice::from_ref(&rejected));
    assert!(!is_open(&named, "2022-12-01"));
    // The attendance of its meeting counts where no numbers do, in either order.
    let came = |came: usize| {
        let came = (1..=came).map(|n| seat("ash", &format!("Seat {n}")));
        let came = came.map(|who| json!({ "who": who, "attendance": "ATTENDANCE_KIND_PRESENT" }));
        let payload = json!({ "meetingId": "m", "attendance": came.collect::<Vec<_>>() });
        on_joint("2022-11-30", "meetingHeld", payload)
    };
    let called = json!({ "meetingId": "m", "meetsOn": crate::given::date("2022-11-30") });
    let called = on_joint("2022-11-30", "meetingCalled", called);
    let mut there = rejected;
    there["decisionMade"]["meeting"] = json!({ "boardId": "joint", "meetingId": "m" });
    let given = recorded(&given, &[called]);
    for (attended, open) in [(3, true), (4, false)] {
        for events in [
            [came(attended), there.clone()],
            [there.clone(), came(attended)],
        ] {
            let given = recorded(&given, &events);
            assert_eq!(is_open(&given, "2022-12-01"), open, "{attended}");
        }
    }
}

#[test]
fn a_rejection_without_a_quorum_is_no_objection_and_ends_the_votes_before_it() {
    let given = unruled(by_majority());
    let votes = (1..=3).map(|n| vote("2022-11-30", 1, &format!("-ash/Seat {n}")));
    let given = recorded(&given, &votes.collect::<Vec<_>>());
    let lost = minuted("REJECTED", json!({ "present": 3, "votesAgainst": 3 }));
    let given = recorded(&given, &[lost]);
    let effects = |given: &Given| -> Vec<WordEffect> {
        let words = proposal(given, "2022-12-31", 1).words.into_iter();
        words.map(|word| word.effect()).collect()
    };
    let fallen = [WordEffect::Fallen; 3];
    assert_eq!(
        effects(&given),
        [&fallen[..], &[WordEffect::WithoutQuorum]].concat()
    );
    // Four others are a majority of those who vote anew.
    let votes = (4..=7).map(|n| vote("2022-12-10", 1, &format!("+ash/Seat {n}")));
    let given = recorded(&given, &votes.collect::<Vec<_>>());
    let mut again = decision("2022-12-10", 1, "APPROVED", json!({}));
    again["decisionMade"]["decisionId"] = "again".into();
    let given = recorded(&given, &[again]);
    assert_eq!(
        standing(&given, "2022-12-10", 1),
        DecisionStanding::Approved
    );
}

#[test]
fn a_board_that_decides_for_its_body_under_a_rule_keeps_to_its_standing_orders() {
    let mut orders = by_majority();
    orders["ownerBodyId"] = "ash".into();
    let given = unruled(orders);
    let names = rules(json!({ "namedBodies": { "bodyIds": ["ash"] } }));
    let given = recorded(&given, &[names]);
    let two = || json!({ "present": 2, "votesFor": 2 });
    assert_eq!(
        reasons(&given, &minuted("APPROVED", two())),
        ["QUORUM_NOT_MET"]
    );
    let five = json!({ "votesFor": 5, "votesAgainst": 1 });
    assert_eq!(reasons(&given, &minuted("APPROVED", five)), [""; 0]);
    let lost = minuted("REJECTED", json!({ "present": 2, "votesAgainst": 2 }));
    let given = recorded(&given, &[lost]);
    assert_eq!(standing(&given, "2022-12-01", 1), DecisionStanding::Pending);
    assert_eq!(awaited(&given, "2022-12-01", 1), ["ash"]);
}
