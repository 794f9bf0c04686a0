//! "RESOLVED" on the day of a meeting without a quorum, and no meeting named: a rule counts
//! those who were there, and otherwise the difference is remarked.

use minutebook::views;
use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::*;

fn stage(ruled: bool) -> Given {
    let seats = |body: &'static str| (1..=4).map(move |n| seat(body, &format!("Member {n}")));
    let members: Vec<Value> = seats("a").chain(seats("b")).collect();
    let mut given = Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        board(
            &members,
            json!({ "quorum": 4, "votingRule": "VOTING_RULE_MAJORITY" }),
        ),
    ]);
    if ruled {
        given.record(&[rules(by_vote("MAJORITY", json!({})))]);
    }
    given.record(&[matter("2024-06-01", 1)]);
    given
}

/// A meeting of three of the eight members, or of five.
fn held(id: &str, on: &str, quorate: bool) -> Value {
    let came = if quorate { 5 } else { 3 };
    let all = ["a", "b"].into_iter();
    let all = all.flat_map(|body| (1..=4).map(move |n| seat(body, &format!("Member {n}"))));
    let attendance = all.take(came);
    let attendance: Vec<Value> = attendance
        .map(|who| json!({ "who": who, "attendance": "ATTENDANCE_KIND_PRESENT" }))
        .collect();
    let payload = json!({ "meetingId": id, "attendance": attendance, "inquorate": !quorate });
    on_joint(on, "meetingHeld", payload)
}

fn resolved(tally: Value) -> Value {
    decision("2024-06-10", 1, "APPROVED", tally)
}

#[test]
fn a_rule_counts_those_who_were_there_on_that_day() {
    let six = || json!({ "tally": { "votesFor": 6 } });
    let present = || json!({ "tally": { "present": 6, "votesFor": 6 } });
    for tally in [json!({}), six(), present()] {
        let one = recorded(&stage(true), &[held("m", "2024-06-10", false)]);
        let why = &["QUORUM_NOT_MET"][..];
        assert_eq!(reasons(&one, &resolved(tally.clone())), why, "{tally}");
        // Recorded in the other order.
        let decided = recorded(&stage(true), &[resolved(tally.clone())]);
        let meeting = held("m", "2024-06-10", false);
        assert_eq!(reasons(&decided, &meeting), ["DECIDED_THERE"], "{tally}");
        // Another meeting of that day had a quorum, or the meeting was on another day.
        let two = recorded(&one, &[held("n", "2024-06-10", true)]);
        assert_eq!(reasons(&two, &resolved(tally.clone())), [""; 0], "{tally}");
        let other = recorded(&stage(true), &[held("m", "2024-06-09", false)]);
        assert_eq!(
            reasons(&other, &resolved(tally.clone())),
            [""; 0],
            "{tally}"
        );
    }
    // Two meetings of that day, and neither had one.
    let two = [
        held("m", "2024-06-10", false),
        held("n", "2024-06-10", false),
    ];
    let two = recorded(&stage(true), &two);
    assert_eq!(reasons(&two, &resolved(json!({}))), ["QUORUM_NOT_MET"]);
}

#[test]
fn without_a_rule_the_difference_is_remarked() {
    let meeting = held("m", "2024-06-10", false);
    for events in [
        [meeting.clone(), resolved(json!({}))],
        [resolved(json!({})), meeting],
    ] {
        let given = recorded(&stage(false), &events);
        assert_eq!(
            standing(&given, "2024-06-11", 1),
            DecisionStanding::Approved
        );
        let why = reasoning(&given, "2024-06-11", 1);
        assert!(
            why.contains("its meeting m of that day had no quorum"),
            "{why}"
        );
        let joint = "joint".parse().unwrap();
        let shown = views::meeting::get(&view(&given, "2024-06-11"), &joint, &"m".parse().unwrap());
        let remarks = shown.expect("the meeting").remarks.join(" ");
        assert!(
            remarks.contains("the attendance and the vote differ"),
            "{remarks}"
        );
    }
}
