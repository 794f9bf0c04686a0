//! Minutes that give no numbers, or only some: a decision is evidence of itself until the
//! contrary is shown (Local Government Act 1972 Sch.12 para 41).

use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::*;

const RESTS: &str = "resting on the minutes: no numbers given";

/// Four councillors of each of two councils, with a quorum of four; a matter is before
/// them.
fn eight(requirement: Value) -> Given {
    let mut members = Vec::new();
    for body in ["ash", "bram"] {
        for n in 1..=4 {
            let mut seat = seat(body, &format!("Seat {n}"));
            seat["group"] = body.into();
            members.push(seat);
        }
    }
    let orders = json!({ "quorum": 4, "castingVote": "CASTING_VOTE_PRESIDING" });
    let mut given = Given::default();
    for event in [
        council("ash", "1974-04-01"),
        council("bram", "1974-04-01"),
        board(&members, orders),
        rules(requirement),
        matter("2022-11-30", 1),
    ] {
        given.record(&[event]);
    }
    given
}

fn resolved() -> Value {
    decision("2022-11-30", 1, "APPROVED", json!({}))
}

fn held(attendance: Value) -> Value {
    on_joint(
        "2022-11-30",
        "meetingHeld",
        json!({ "meetingId": "m", "attendance": attendance }),
    )
}

fn there(body: &str, n: u32, how: &str) -> Value {
    json!({ "who": seat(body, &format!("Seat {n}")),
        "attendance": format!("ATTENDANCE_KIND_{how}") })
}

fn at_the_meeting(mut event: Value) -> Value {
    let kind = match event.get("decisionMade") {
        Some(_) => "decisionMade",
        None => "voteCast",
    };
    event[kind]["meeting"] = json!({ "boardId": "joint", "meetingId": "m" });
    event
}

#[test]
fn resolved_that_without_numbers_is_carried_and_says_that_it_rests_on_the_minutes() {
    let qualified = json!({ "majority": { "numerator": 2, "denominator": 3,
        "of": "MAJORITY_OF_ALL_MEMBERS" } });
    let weighted = json!({ "thresholdPpm": 750_000, "weights": [
        { "bodyId": "ash", "sharePpm": 600_000 }, { "bodyId": "bram", "sharePpm": 400_000 }] });
    for requirement in [
        by_vote("MAJORITY", json!({})),
        by_vote("UNANIMITY", json!({})),
        by_vote("QUALIFIED", qualified),
        by_vote("WEIGHTED", weighted),
        by_vote("MAJORITY", json!({ "groups": ["ash"] })),
        by_vote(
            "MAJORITY",
            json!({ "groupQuorums": [{ "group": "ash", "members": 3 }] }),
        ),
    ] {
        let given = recorded(&eight(requirement.clone()), &[resolved()]);
        assert_eq!(
            standing(&given, "2022-11-30", 1),
            DecisionStanding::Approved,
            "{requirement}"
        );
        let why = reasoning(&given, "2022-11-30", 1);
        assert!(why.contains(RESTS), "{why}");
        assert!(!why.contains("0 for"), "{why}");
    }
}

#[test]
fn a_minute_without_numbers_is_held_to_the_rest_that_it_states() {
    let given = eight(by_vote("MAJORITY", json!({})));
    let three = json!([
        there("ash", 1, "PRESENT"),
        there("ash", 2, "PRESENT"),
        there("bram", 1, "PRESENT"),
    ]);
    let resolved_there = at_the_meeting(resolved());
    let few = recorded(&given, &[held(three.clone())]);
    assert_eq!(reasons(&few, &resolved_there), ["QUORUM_NOT_MET"]);
    let mut more = three;
    let list = more.as_array_mut().expect("a list");
    list.push(there("bram", 2, "PRESENT"));
    let enough = recorded(&given, &[held(more), resolved_there]);
    let why = reasoning(&enough, "2022-11-30", 1);
    assert!(why.contains("4 of 8 took part (quorum 4)"), "{why}");
    assert!(why.contains(RESTS), "{why}");
    // A member had the vote against recorded: the others carried it.
    let dissent = [vote("2022-11-30", 1, "-ash/Seat 1"), resolved()];
    let one = recorded(&given, &dissent);
    assert_eq!(standing(&one, "2022-11-30", 1), DecisionStanding::Approved);
    let why = reasoning(&one, "2022-11-30", 1);
    assert!(why.contains("number for not given, 1 against"), "{why}");
    // The names that are on record cannot have been outvoted.
    let against = (1..=4).map(|n| vote("2022-11-30", 1, &format!("-ash/Seat {n}")));
    let half = recorded(&given, &against.collect::<Vec<_>>());
    assert_eq!(reasons(&half, &resolved()), ["VOTE_NOT_CARRIED"]);
    // Votes for by name are the roll call of those who took part, as before.
    let by_name = recorded(&given, &[vote("2022-11-30", 1, "+ash/Seat 1")]);
    assert_eq!(reasons(&by_name, &resolved()), ["QUORUM_NOT_MET"]);
    // Unanimity is contradicted by one vote against.
    let all = eight(by_vote("UNANIMITY", json!({})));
    let all = recorded(&all, &[vote("2022-11-30", 1, "-ash/Seat 1")]);
    assert_eq!(reasons(&all, &resolved()), ["VOTE_NOT_CARRIED"]);
}

#[test]
fn carried_two_against_leaves_the_number_for_open() {
    let given = eight(by_vote("MAJORITY", json!({})));
    let minuted = |tally: Value| approved("2022-11-30", 1, tally);
    let two = minuted(json!({ "present": 6, "votesAgainst": 2 }));
    let carried = recorded(&given, &[two]);
    assert_eq!(
        standing(&carried, "2022-11-30", 1),
        DecisionStanding::Approved
    );
    let why = reasoning(&carried, "2022-11-30", 1);
    assert!(why.contains("number for not given, 2 against"), "{why}");
    let shown = &proposal(&carried, "2022-11-30", 1).decisions[0];
    let shown = minutebook::present::reports::decisions::tally(shown.tally.as_ref().expect("it"));
    assert_eq!(
        shown,
        "number for not given, 2 against, number abstaining not given, 6 present"
    );
    let abstained = recorded(&given, &[minuted(json!({ "abstentions": 2 }))]);
    assert_eq!(
        standing(&abstained, "2022-11-30", 1),
        DecisionStanding::Approved
    );
    // More against than the rest of those present; and too few present.
    let outvoted = minuted(json!({ "present": 6, "votesAgainst": 4 }));
    assert_eq!(
        reasons(&given, &outvoted),
        ["TALLY_CONTRADICTED", "VOTE_NOT_CARRIED"]
    );
    let few = minuted(json!({ "present": 3, "votesAgainst": 1 }));
    assert_eq!(reasons(&given, &few), ["QUORUM_NOT_MET"]);
    // Nought that is stated beside votes for is nought.
    let none = minuted(json!({ "votesFor": 4 }));
    let none = recorded(&given, &[none]);
    let why = reasoning(&none, "2022-11-30", 1);
    assert!(why.contains("4 for, 0 against"), "{why}");
    assert!(!why.contains("abstained"), "{why}");
}

#[test]
fn a_tally_of_the_whole_board_bounds_the_vote_of_a_group() {
    let rule = json!({ "groups": ["ash"], "majority": { "numerator": 2, "denominator": 3,
        "of": "MAJORITY_OF_ALL_MEMBERS" } });
    let given = eight(by_vote("QUALIFIED", rule));
    let minuted = |tally: Value| approved("2022-11-30", 1, tally);
    // Eight for of eight: all four of the group are among them.
    let all = recorded(&given, &[minuted(json!({ "votesFor": 8 }))]);
    let why = reasoning(&all, "2022-11-30", 1);
    assert!(why.contains("4 for") && !why.contains(RESTS), "{why}");
    // Six for, two against: how the group voted is not given.
    let some = recorded(
        &given,
        &[minuted(json!({ "votesFor": 6, "votesAgainst": 2 }))],
    );
    assert_eq!(standing(&some, "2022-11-30", 1), DecisionStanding::Approved);
    assert!(reasoning(&some, "2022-11-30", 1).contains(RESTS));
    // Six against of eight: two of the group at least, so no two thirds of it.
    let lost = minuted(json!({ "votesFor": 2, "votesAgainst": 6 }));
    assert_eq!(
        reasons(&given, &lost),
        ["TALLY_CONTRADICTED", "VOTE_NOT_CARRIED"]
    );
}

#[test]
fn the_vote_of_a_member_whom_the_rule_does_not_count_is_recorded_as_it_is() {
    let given = eight(by_vote(
        "MAJORITY",
        json!({ "groups": ["ash"], "quorum": 1 }),
    ));
    let other = vote("2022-11-30", 1, "-bram/Seat 1");
    assert_eq!(reasons(&given, &other), [""; 0]);
    let given = recorded(&given, &[other, vote("2022-11-30", 1, "+ash/Seat 1")]);
    let given = recorded(&given, &[resolved()]);
    assert_eq!(
        standing(&given, "2022-11-30", 1),
        DecisionStanding::Approved
    );
    let shown = proposal(&given, "2022-11-30", 1);
    assert_eq!(shown.words.len(), 3, "both votes and the decision");
    let why = reasoning(&given, "2022-11-30", 1);
    assert!(why.contains("1 for, 0 against"), "{why}");
    assert!(
        why.contains("the rule does not count the vote by name of other members"),
        "{why}"
    );
    // A stranger still has no vote.
    let stranger = vote("2022-11-30", 1, "-ash/Seat 9");
    assert_eq!(reasons(&given, &stranger), ["NOT_A_VOTING_MEMBER"]);
}

#[test]
fn apologies_alone_do_not_say_who_came() {
    let given = eight(by_vote("MAJORITY", json!({})));
    let one = json!([there("ash", 1, "APOLOGIES")]);
    let given = recorded(&given, &[held(one)]);
    let tally =
        |number: u32| at_the_meeting(approved("2022-11-30", 1, json!({ "votesFor": number })));
    assert_eq!(reasons(&given, &tally(7)), [""; 0]);
    assert_eq!(reasons(&given, &tally(8)), ["TALLY_CONTRADICTED"]);
    assert!(sentence(&given, &tally(8)).contains("1 of its 8 members"));
    let given = recorded(&given, &[tally(7)]);
    let meeting = minutebook::views::meeting::get(
        &view(&given, "2022-12-01"),
        &"joint".parse().unwrap(),
        &"m".parse().unwrap(),
    );
    assert_eq!(meeting.expect("it").present_count, 0, "not known");
    // Nobody came, where all are listed as not there.
    let all = |how: &str| -> Value {
        let seats = ["ash", "bram"]
            .into_iter()
            .flat_map(|body| (1..=4).map(move |n| (body, n)));
        seats.map(|(body, n)| there(body, n, how)).collect()
    };
    let nobody = eight(by_vote("MAJORITY", json!({})));
    let nobody = recorded(&nobody, &[held(all("APOLOGIES"))]);
    let resolved_there = at_the_meeting(resolved());
    assert_eq!(reasons(&nobody, &resolved_there), ["QUORUM_NOT_MET"]);
}

/// Three councils, of which the first is the district; a matter is before them.
fn three(requirement: Value, orders: Value) -> Given {
    let district = json!({ "bodyId": "a", "group": "districts" });
    Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        council("c", "1974-04-01"),
        board(&[district, member("b"), member("c")], orders),
        rules(requirement),
        matter("2022-11-30", 1),
    ])
}

fn conflicted(with: &str) -> Value {
    let mut event = vote("2022-11-30", 1, with);
    event["voteCast"]["conflictDeclared"] = "Sits on its board".into();
    event
}

#[test]
fn members_with_a_conflict_are_not_among_those_who_may_have_voted() {
    let given = three(by_vote("MAJORITY", json!({})), json!({}));
    // One of three has a conflict and one is against: at best it is level.
    let level = recorded(&given, &[conflicted("+a"), vote("2022-11-30", 1, "-b")]);
    assert_eq!(reasons(&level, &resolved()), ["VOTE_NOT_CARRIED"]);
    let one = recorded(&given, &[conflicted("+a")]);
    assert_eq!(reasons(&one, &resolved()), [""; 0]);
    // Three attended, and two of them took part.
    let given = three(by_vote("MAJORITY", json!({})), json!({ "quorum": 3 }));
    let present =
        |body: &str| json!({ "who": member(body), "attendance": "ATTENDANCE_KIND_PRESENT" });
    let all = held(["a", "b", "c"].map(present).into());
    let resolved_there = at_the_meeting(resolved());
    let came = recorded(&given, std::slice::from_ref(&all));
    assert_eq!(reasons(&came, &resolved_there), [""; 0]);
    let left = recorded(&given, &[all, conflicted("0a")]);
    assert_eq!(reasons(&left, &resolved_there), ["QUORUM_NOT_MET"]);
}

#[test]
fn a_casting_vote_says_that_the_votes_were_level() {
    let orders = || json!({ "castingVote": "CASTING_VOTE_PRESIDING" });
    let casting = |choice: &str, more: Value| {
        let mut tally = more;
        tally["castingVote"] =
            json!({ "by": member("b"), "choice": format!("VOTE_CHOICE_{choice}") });
        approved("2022-11-30", 1, tally)
    };
    let lost = &["VOTE_NOT_CARRIED"][..];
    let some = || json!({ "votesAgainst": 1, "notGiven": ["TALLY_FIGURE_FOR"] });
    for (rule, choice, more, expected) in [
        ("MAJORITY", "APPROVE", json!({}), &[][..]),
        ("MAJORITY", "REJECT", json!({}), lost),
        ("UNANIMITY", "APPROVE", json!({}), lost),
        ("MAJORITY", "APPROVE", some(), &[]),
        ("MAJORITY", "REJECT", some(), lost),
    ] {
        let given = three(by_vote(rule, json!({})), orders());
        let event = casting(choice, more);
        assert_eq!(reasons(&given, &event), expected, "{rule} {event}");
        if expected.is_empty() {
            let why = reasoning(&recorded(&given, &[event]), "2022-11-30", 1);
            assert!(why.contains("the casting vote was for"), "{why}");
            assert!(!why.contains("rest"), "{why}");
        }
    }
}

#[test]
fn a_board_whose_members_are_not_on_record_resolves_too() {
    let given = Given::recorded(&[
        council("a", "1974-04-01"),
        board(&[], json!({})),
        rules(by_vote("MAJORITY", json!({}))),
        matter("2022-11-30", 1),
        resolved(),
    ]);
    assert_eq!(
        standing(&given, "2022-11-30", 1),
        DecisionStanding::Approved
    );
}

#[test]
fn a_roll_call_without_the_quorum_of_a_group_carries_nothing() {
    let orders = json!({ "groupQuorums": [{ "group": "districts", "members": 1 }] });
    let given = three(by_vote("MAJORITY", json!({})), orders);
    let others = ["+b", "+c"].map(|with| vote("2022-11-30", 1, with));
    let without = recorded(&recorded(&given, &[conflicted("+a")]), &others);
    assert_ne!(
        standing(&without, "2022-11-30", 1),
        DecisionStanding::Approved
    );
    let with = recorded(&recorded(&given, &[vote("2022-11-30", 1, "+a")]), &others);
    assert_eq!(standing(&with, "2022-11-30", 1), DecisionStanding::Approved);
}
