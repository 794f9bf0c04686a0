//! Votes by name that are recorded after the minutes of their day, and rejections by a board
//! without a quorum.

use minutebook::wire::proto::{DecisionStanding, WordEffect};
use serde_json::{Value, json};

use super::*;

const DAY: &str = "2023-09-28";

/// A joint committee of three councils with quorum 2, with or without an approval rule, and a
/// matter before it.
fn three(is_ruled: bool, orders: Value) -> Given {
    let mut more = json!({ "quorum": 2, "votingRule": "VOTING_RULE_MAJORITY" });
    for (name, value) in orders.as_object().expect("fields") {
        more[name] = value.clone();
    }
    let mut given = Given::recorded(&[
        council("ash", "1974-04-01"),
        council("elm", "1974-04-01"),
        council("oak", "1974-04-01"),
        board(&["ash", "elm", "oak"].map(member), more),
    ]);
    if is_ruled {
        given.record(&[rules(by_vote("MAJORITY", json!({})))]);
    }
    given.record(&[matter("2023-09-01", 1)]);
    given
}

fn on_the_day(with: &str) -> Value {
    vote(DAY, 1, with)
}

fn decided(outcome: &str, more: Value) -> Value {
    decision(DAY, 1, outcome, more)
}

fn effects(given: &Given) -> Vec<WordEffect> {
    let words = proposal(given, DAY, 1).words;
    words.iter().map(|word| word.effect()).collect()
}

#[test]
fn a_vote_by_name_after_the_minutes_is_evidence_beside_them() {
    let tally = json!({ "tally": { "votesFor": 2, "votesAgainst": 1, "present": 3 } });
    for is_ruled in [false, true] {
        let given = recorded(
            &three(is_ruled, json!({})),
            &[decided("APPROVED", tally.clone())],
        );
        let refused = ["PROPOSAL_CLOSED"];
        assert_eq!(reasons(&given, &vote("2023-09-29", 1, "+ash")), refused);
        let given = recorded(
            &given,
            &[on_the_day("+ash"), on_the_day("-elm"), on_the_day("+oak")],
        );
        assert_eq!(standing(&given, DAY, 1), DecisionStanding::Approved);
        let by_name = WordEffect::ByName;
        assert_eq!(
            effects(&given),
            [WordEffect::Counts, by_name, by_name, by_name]
        );
        // Each member votes once.
        assert_eq!(reasons(&given, &on_the_day("-ash")), refused);
        // The decision as it is corrected agrees with them.
        let settled = proposal(&given, DAY, 1).approval.expect("a line");
        assert_eq!(settled.settled_on.map(|on| on.day), Some(28));
    }
}

#[test]
fn a_vote_that_contradicts_the_minutes_or_the_outcome_is_refused() {
    let contradicted = &["TALLY_CONTRADICTED"][..];
    let numbers = |votes_for: u32, against: u32| json!({ "tally": { "votesFor": votes_for, "votesAgainst": against } });
    let unanimous = json!({ "tally": { "unanimous": true } });
    let not_carried = |is_ruled| match is_ruled {
        true => &["VOTE_NOT_CARRIED"][..],
        false => &["STANDING_ORDERS_NOT_MET"][..],
    };
    for is_ruled in [false, true] {
        let given = three(is_ruled, json!({}));
        let cases: [(Value, &[&str], &str, &[&str]); 9] = [
            (
                decided("APPROVED", numbers(2, 1)),
                &["-ash"],
                "-elm",
                contradicted,
            ),
            (
                decided("APPROVED", numbers(2, 0)),
                &[],
                "-elm",
                contradicted,
            ),
            (
                decided("APPROVED", unanimous.clone()),
                &["+ash"],
                "-elm",
                contradicted,
            ),
            (
                decided("APPROVED", unanimous.clone()),
                &["+ash"],
                "0elm",
                &[],
            ),
            // Minutes without numbers: two of three cannot be outvoted by one.
            (decided("APPROVED", json!({})), &[], "-elm", &[]),
            (
                decided("APPROVED", json!({})),
                &["-ash"],
                "-elm",
                not_carried(is_ruled),
            ),
            (
                decided("APPROVED", json!({})),
                &["0ash"],
                "-elm",
                not_carried(is_ruled),
            ),
            (decided("REJECTED", json!({})), &["-ash"], "+elm", &[]),
            (
                decided("REJECTED", unanimous.clone()),
                &[],
                "+elm",
                contradicted,
            ),
        ];
        for (minutes, before, last, expected) in cases {
            let mut events = vec![minutes.clone()];
            events.extend(before.iter().map(|with| on_the_day(with)));
            let given = recorded(&given, &events);
            let found = reasons(&given, &on_the_day(last));
            assert_eq!(found, expected, "{is_ruled} {minutes} {before:?} {last}");
        }
    }
    // A rule says by what numbers a rejection is none.
    let given = recorded(
        &three(true, json!({})),
        &[decided("REJECTED", json!({})), on_the_day("+ash")],
    );
    assert_eq!(reasons(&given, &on_the_day("+elm")), contradicted);
}

#[test]
fn interests_and_casting_votes_are_held_against_the_minutes_too() {
    let left = |with: &str| {
        let mut event = on_the_day(with);
        event["voteCast"]["interest"] = json!({ "description": "Owns the site",
            "kind": "INTEREST_KIND_DISCLOSABLE_PECUNIARY",
            "course": "INTEREST_COURSE_LEFT_THE_ROOM" });
        event
    };
    let casting = json!({ "castingVote": "CASTING_VOTE_PRESIDING" });
    let given = three(true, casting);
    let tally = json!({ "tally": { "votesFor": 3 } });
    let three_for = recorded(&given, &[decided("APPROVED", tally)]);
    assert_eq!(reasons(&three_for, &left("0ash")), ["TALLY_CONTRADICTED"]);
    let level = json!({ "tally": { "castingVote": { "by": member("ash"),
        "choice": "VOTE_CHOICE_APPROVE" } } });
    let level = recorded(&given, &[decided("APPROVED", level)]);
    assert_eq!(reasons(&level, &left("0ash")), ["TALLY_CONTRADICTED"]);
    // One by one, they are level in the end.
    let level = recorded(&level, &[on_the_day("+ash"), on_the_day("-elm")]);
    assert_eq!(reasons(&level, &on_the_day("+oak")), ["TALLY_CONTRADICTED"]);
    assert_eq!(reasons(&level, &on_the_day("0oak")), [""; 0]);
    // All are named, and too few took part.
    let silent = recorded(
        &given,
        &[
            decided("APPROVED", json!({})),
            left("0ash"),
            on_the_day("+elm"),
        ],
    );
    assert_eq!(reasons(&silent, &left("0oak")), ["QUORUM_NOT_MET"]);
}

#[test]
fn a_decision_is_not_corrected_against_the_votes_beside_it() {
    let tally = |votes_for: u32, against: u32| json!({ "tally": { "votesFor": votes_for, "votesAgainst": against } });
    let minutes = decided("APPROVED", tally(2, 1));
    let given = recorded(&three(true, json!({})), &[minutes]);
    let position = given.register.tail().get();
    let given = recorded(&given, &[on_the_day("-elm")]);
    let corrected = |to: Value| {
        let with = decided("APPROVED", to);
        let payload = json!({ "position": position.to_string(), "reason": "Misread",
            "replacement": with });
        on_joint("2023-10-02", "entryCorrected", payload)
    };
    let found = reasons(&given, &corrected(tally(3, 0)));
    assert_eq!(found, ["RELIED_UPON"]);
    assert_eq!(
        reasons(&given, &corrected(tally(1, 1))),
        ["VOTE_NOT_CARRIED"]
    );
}

#[test]
fn a_vote_beside_the_minutes_falls_with_the_decision() {
    let tally = json!({ "tally": { "votesFor": 2, "votesAgainst": 1 } });
    let challenge = on_joint(
        "2023-10-10",
        "decisionChallenged",
        json!({ "challengeId": "jr", "decisionId": "d-1", "court": "High Court" }),
    );
    let quashed = on_joint(
        "2024-02-01",
        "challengeStepTaken",
        json!({ "challengeId": "jr", "step": "CHALLENGE_STEP_QUASHED" }),
    );
    let given = recorded(
        &three(true, json!({})),
        &[
            decided("APPROVED", tally),
            on_the_day("+ash"),
            challenge,
            quashed,
        ],
    );
    let view = proposal(&given, "2024-02-02", 1);
    let fallen = WordEffect::Fallen;
    let effects: Vec<_> = view.words.iter().map(|word| word.effect()).collect();
    assert_eq!(effects, [fallen, fallen]);
    assert_eq!(standing(&given, "2024-02-02", 1), DecisionStanding::Quashed);
}

#[test]
fn a_board_without_a_quorum_rejects_nothing_where_a_rule_asks_for_it() {
    let one = json!({ "tally": { "present": 1, "votesAgainst": 1 } });
    let two = json!({ "tally": { "present": 2, "votesAgainst": 2 } });
    let given = three(true, json!({}));
    let refused = ["QUORUM_NOT_MET"];
    assert_eq!(reasons(&given, &decided("REJECTED", one.clone())), refused);
    assert_eq!(reasons(&given, &decided("REJECTED", two)), [""; 0]);
    assert_eq!(reasons(&given, &decided("REJECTED", json!({}))), [""; 0]);
    let why = sentence(&given, &decided("REJECTED", one.clone()));
    assert!(why.contains("nothing was decided either way"), "{why}");
    // By name: two left, and one voted against.
    let mut events = ["0ash", "0elm"].map(|with| {
        let mut event = on_the_day(with);
        event["voteCast"]["conflictDeclared"] = "Owns the site".into();
        event
    });
    events[1]["voteCast"]["conflictDeclared"] = "Owns the site too".into();
    let given = recorded(&given, &events);
    let given = recorded(&given, &[on_the_day("-oak")]);
    assert_eq!(reasons(&given, &decided("REJECTED", json!({}))), refused);
    assert_eq!(standing(&given, DAY, 1), DecisionStanding::Pending);
    // No rule asks for the board.
    let free = three(false, json!({}));
    assert_eq!(reasons(&free, &decided("REJECTED", one)), [""; 0]);
}

#[test]
fn votes_on_a_decision_that_was_deferred_or_fell_are_not_of_the_next_one() {
    let level = ["+ash", "-elm"].map(|with| vote("2023-09-08", 1, with));
    for is_ruled in [false, true] {
        let mut given = recorded(&three(is_ruled, json!({})), &level);
        // The same numbers at once are held against them.
        let all = json!({ "tally": { "votesFor": 3, "present": 3 } });
        let at_once = decision("2023-09-08", 1, "APPROVED", all.clone());
        assert_eq!(reasons(&given, &at_once), ["TALLY_CONTRADICTED"]);
        given.record(&[decision(
            "2023-09-08",
            1,
            "DEFERRED",
            json!({ "decisionId": "put-off" }),
        )]);
        assert_eq!(reasons(&given, &decided("APPROVED", all)), [""; 0]);
        let silent = decided("APPROVED", json!({}));
        assert_eq!(reasons(&given, &silent), [""; 0]);
    }
}

#[test]
fn the_names_of_a_second_decision_are_taken_after_a_call_in() {
    let mut given = three(true, json!({}));
    given.record(&["+ash", "+elm", "-oak"].map(|with| vote("2023-09-08", 1, with)));
    let first = json!({ "decisionId": "first" });
    let first = decision("2023-09-08", 1, "APPROVED", first);
    let mut call_in = on_joint(
        "2023-09-10",
        "decisionCalledIn",
        json!({ "decisionId": "first", "callInId": "call", "grounds": "Costs" }),
    );
    let back = on_joint(
        "2023-09-12",
        "callInSettled",
        json!({ "callInId": "call", "outcome": "CALL_IN_OUTCOME_BACK_TO_DECIDER", "reason": "Heard" }),
    );
    given.record(&[first]);
    call_in["actedBy"] = json!({ "bodyId": "ash", "office": "Chair of Scrutiny" });
    given.record(&[call_in, back]);
    let again = decided("APPROVED", json!({ "tally": { "votesFor": 3 } }));
    given.record(&[again]);
    for with in ["+ash", "+elm", "+oak"] {
        assert_eq!(reasons(&given, &on_the_day(with)), [""; 0], "{with}");
    }
}
