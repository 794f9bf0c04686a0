//! A meeting that is recorded after what was done there is held to it, as a vote or a
//! decision is that is recorded after its meeting.

use minutebook::views;
use serde_json::{Value, json};

use super::*;
use crate::given::date;

/// Six members with a quorum of two, on whose matters a rule asks for a majority (or none
/// does); a meeting is called, and a matter is before them.
fn six(is_ruled: bool, serves: bool) -> Given {
    let seats = |body: &'static str| (1..=3).map(move |n| seat(body, &format!("Member {n}")));
    let members: Vec<Value> = seats("ash").chain(seats("bram")).collect();
    let mut orders = json!({ "quorum": 3, "votingRule": "VOTING_RULE_MAJORITY",
        "castingVote": "CASTING_VOTE_PRESIDING" });
    if serves {
        orders["collaborationIds"] = json!(["shared"]);
    }
    let called = json!({ "meetingId": "m", "meetsOn": date("2022-06-10") });
    let mut proposed = matter("2022-06-01", 1);
    proposed["subject"] = "collaborations/shared".into();
    let mut events = vec![
        council("ash", "1974-04-01"),
        council("bram", "1974-04-01"),
        crate::given::event(
            "collaborations/shared",
            "2012-01-01",
            "collaborationEstablished",
            json!({ "name": "Shared", "kind": "COLLABORATION_KIND_PARTNERSHIP",
                "partyIds": ["ash", "bram"] }),
        ),
        board(&members, orders),
        on_joint("2022-06-01", "meetingCalled", called),
    ];
    if is_ruled {
        let mut adopted = rules(by_vote("MAJORITY", json!({})));
        adopted["subject"] = "collaborations/shared".into();
        events.push(adopted);
    }
    events.push(proposed);
    Given::recorded(&events)
}

fn of_shared(kind: &str, mut event: Value) -> Value {
    event["subject"] = "collaborations/shared".into();
    event[kind]["meeting"] = json!({ "boardId": "joint", "meetingId": "m" });
    event
}

fn tallied(tally: Value) -> Value {
    of_shared("decisionMade", approved("2022-06-10", 1, tally))
}

fn silent() -> Value {
    of_shared(
        "decisionMade",
        decision("2022-06-10", 1, "APPROVED", json!({})),
    )
}

fn there(body: &str, n: u32, how: &str) -> Value {
    json!({ "who": seat(body, &format!("Member {n}")),
        "attendance": format!("ATTENDANCE_KIND_{how}") })
}

fn held_on(on: &str, attendance: Value) -> Value {
    on_joint(
        on,
        "meetingHeld",
        json!({ "meetingId": "m", "attendance": attendance }),
    )
}

/// Judges each of two events after the other: whichever is recorded last is refused.
#[track_caller]
fn in_both_orders(given: &Given, meeting: &Value, done: &Value, reasons_of: [&str; 2]) {
    let first = recorded(given, std::slice::from_ref(meeting));
    assert_eq!(reasons(&first, done), [reasons_of[0]], "the meeting first");
    let done_first = recorded(given, std::slice::from_ref(done));
    assert_eq!(
        reasons(&done_first, meeting),
        [reasons_of[1]],
        "the meeting after"
    );
}

#[test]
fn an_attendance_of_two_contradicts_a_tally_of_three() {
    let two = held_on(
        "2022-06-10",
        json!([there("ash", 1, "PRESENT"), there("bram", 1, "PRESENT")]),
    );
    let away: Value = (1..=3)
        .map(|n| there("ash", n, "APOLOGIES"))
        .chain([there("bram", 1, "ABSENT")])
        .collect();
    let away = held_on("2022-06-10", away);
    for (is_ruled, serves) in [(true, true), (true, false), (false, true)] {
        let given = six(is_ruled, serves);
        for meeting in [&two, &away] {
            let both = ["TALLY_CONTRADICTED"; 2];
            let by_presence = tallied(json!({ "present": 3, "votesFor": 2 }));
            in_both_orders(&given, meeting, &by_presence, both);
            let three = tallied(json!({ "present": 3, "votesFor": 3 }));
            in_both_orders(&given, meeting, &three, both);
            let after = recorded(&given, std::slice::from_ref(&three));
            let why = sentence(&after, meeting);
            let entry = after.register.tail();
            assert!(why.contains(&format!("(entry {entry})")), "{why}");
        }
    }
}

#[test]
fn an_attendance_below_the_quorum_contradicts_a_decision() {
    let two = held_on(
        "2022-06-10",
        json!([there("ash", 1, "PRESENT"), there("bram", 1, "PRESENT")]),
    );
    for is_ruled in [true, false] {
        let given = six(is_ruled, true);
        let both = ["QUORUM_NOT_MET", "DECIDED_THERE"];
        in_both_orders(&given, &two, &silent(), both);
        let three = held_on(
            "2022-06-10",
            json!([
                there("ash", 1, "PRESENT"),
                there("ash", 2, "PRESENT"),
                there("bram", 1, "PRESENT")
            ]),
        );
        let decided = recorded(&given, &[silent()]);
        assert_eq!(reasons(&decided, &three), [""; 0]);
    }
}

#[test]
fn a_voter_and_a_casting_vote_are_held_to_the_minutes() {
    let given = six(true, true);
    let own = of_shared("voteCast", vote("2022-06-10", 1, "+ash/Member 1"));
    let absent = held_on("2022-06-10", json!([there("ash", 1, "ABSENT")]));
    in_both_orders(&given, &absent, &own, ["LISTED_ABSENT"; 2]);
    let casting = json!({ "by": seat("ash", "Member 1"), "choice": "VOTE_CHOICE_APPROVE" });
    let level = tallied(json!({ "votesFor": 2, "votesAgainst": 2, "castingVote": casting }));
    let mut presided = held_on("2022-06-10", json!([]));
    presided["meetingHeld"]["presiding"] =
        json!({ "who": seat("bram", "Member 2"), "presidedAs": "PRESIDING_AS_OTHER" });
    in_both_orders(&given, &presided, &level, ["NOT_PRESIDING"; 2]);
}

#[test]
fn a_meeting_on_another_day_than_its_decisions_is_refused() {
    let given = six(true, true);
    let other_day = held_on("2022-06-11", json!([]));
    let first = recorded(&given, std::slice::from_ref(&other_day));
    assert_eq!(reasons(&first, &silent()), ["NOT_ON_MEETING_DAY"]);
    let decided = recorded(&given, &[silent()]);
    assert_eq!(reasons(&decided, &other_day), ["NOT_ON_MEETING_DAY"]);
}

#[test]
fn a_vote_that_names_no_meeting_is_shown_beside_the_attendance() {
    let mut own = vote("2022-06-10", 1, "+ash/Member 1");
    own["subject"] = "collaborations/shared".into();
    let mut three = approved("2022-06-10", 1, json!({ "votesFor": 3 }));
    three["subject"] = "collaborations/shared".into();
    let attendance = json!([
        there("ash", 1, "APOLOGIES"),
        there("ash", 2, "PRESENT"),
        there("bram", 1, "PRESENT")
    ]);
    let meeting = held_on("2022-06-10", attendance);
    for order in [
        [&own, &three, &meeting],
        [&meeting, &own, &three],
        [&own, &meeting, &three],
    ] {
        let events: Vec<Value> = order.into_iter().cloned().collect();
        let given = recorded(&six(true, true), &events);
        let (board, id) = ("joint".parse().unwrap(), "m".parse().unwrap());
        let shown = views::meeting::get(&view(&given, "2022-06-11"), &board, &id);
        let remarks = shown.expect("the meeting").remarks.join("; ");
        assert!(
            remarks.contains("differ: Member 1 of Council ash voted on A matter, and is listed"),
            "{remarks}"
        );
        assert!(remarks.contains("differ: 3 for, 0 against"), "{remarks}");
    }
}

#[test]
fn votes_on_an_earlier_decision_make_no_quorum_of_a_later_meeting() {
    let members: Vec<Value> = (1..=8).map(|n| seat("a", &format!("Member {n}"))).collect();
    let orders = json!({ "quorum": 4, "votingRule": "VOTING_RULE_MAJORITY" });
    let mut given = Given::recorded(&[
        council("a", "1974-04-01"),
        board(&members, orders),
        matter("2022-11-30", 1),
    ]);
    // Four vote, and the board defers the matter; it approves it at a meeting of three others.
    let votes = (5..=8).map(|n| vote("2022-12-01", 1, &format!("+a/Member {n}")));
    given = recorded(&given, &votes.collect::<Vec<_>>());
    let called = json!({ "meetingId": "m", "meetsOn": crate::given::date("2022-12-20") });
    let deferred = decision("2022-12-01", 1, "DEFERRED", json!({}));
    let at = json!({ "boardId": "joint", "meetingId": "m" });
    let approved = json!({ "decisionId": "later", "meeting": at });
    let approved = decision("2022-12-20", 1, "APPROVED", approved);
    let came = (1..=3).map(|n| seat("a", &format!("Member {n}")));
    let came = came.map(|who| json!({ "who": who, "attendance": "ATTENDANCE_KIND_PRESENT" }));
    let held = json!({ "meetingId": "m", "attendance": came.collect::<Vec<_>>() });
    let held = on_joint("2022-12-20", "meetingHeld", held);
    let called = on_joint("2022-12-01", "meetingCalled", called);
    let given = recorded(&given, &[deferred, called]);
    let met = recorded(&given, std::slice::from_ref(&held));
    assert_eq!(reasons(&met, &approved), ["QUORUM_NOT_MET"]);
    let decided = recorded(&given, &[approved]);
    assert_eq!(reasons(&decided, &held), ["DECIDED_THERE"]);
}
