//! Lists of apologies: who came is not known, and at most how many can have.

use minutebook::views;
use serde_json::{Value, json};

use super::*;

fn six(is_ruled: bool) -> Given {
    let seats = |body: &'static str| (1..=3).map(move |n| seat(body, &format!("Member {n}")));
    let members: Vec<Value> = seats("ash").chain(seats("bram")).collect();
    let orders = json!({ "quorum": 3, "votingRule": "VOTING_RULE_MAJORITY" });
    let mut events = vec![
        council("ash", "1974-04-01"),
        council("bram", "1974-04-01"),
        board(&members, orders),
        matter("2022-02-01", 1),
    ];
    if is_ruled {
        events.push(rules(by_vote("MAJORITY", json!({}))));
    }
    Given::recorded(&events)
}

/// The meeting, with apologies of the first members and a substitute for the last.
fn held(apologies: usize, substitutes: usize) -> Value {
    let seats = |body: &'static str| (1..=3).map(move |n| seat(body, &format!("Member {n}")));
    let members: Vec<Value> = seats("ash").chain(seats("bram")).collect();
    let away = members
        .iter()
        .take(apologies)
        .map(|who| json!({ "who": who, "attendance": "ATTENDANCE_KIND_APOLOGIES" }));
    let in_place = members.iter().rev().take(substitutes).enumerate();
    let in_place = in_place.map(|(n, who)| {
        json!({ "who": who, "attendance": "ATTENDANCE_KIND_SUBSTITUTE",
            "substitute": seat("bram", &format!("Deputy {n}")) })
    });
    let attendance: Vec<Value> = away.chain(in_place).collect();
    let payload = json!({ "meetingId": "m", "attendance": attendance });
    on_joint("2022-02-10", "meetingHeld", payload)
}

fn resolved(more: Value) -> Value {
    let mut event = decision("2022-02-10", 1, "APPROVED", more);
    event["decisionMade"]["meeting"] = json!({ "boardId": "joint", "meetingId": "m" });
    event
}

fn remarks(given: &Given) -> Vec<String> {
    let (board, id) = ("joint".parse().unwrap(), "m".parse().unwrap());
    let shown = views::meeting::get(&view(given, "2022-03-01"), &board, &id);
    shown.expect("the meeting").remarks
}

#[test]
fn apologies_and_a_substitute_do_not_say_who_came() {
    for is_ruled in [true, false] {
        for (apologies, substitutes) in [(1, 0), (1, 1), (3, 0), (3, 1)] {
            let given = recorded(&six(is_ruled), &[held(apologies, substitutes)]);
            assert_eq!(reasons(&given, &resolved(json!({}))), [""; 0]);
            let (board, id) = ("joint".parse().unwrap(), "m".parse().unwrap());
            let shown = views::meeting::get(&view(&given, "2022-03-01"), &board, &id);
            let shown = shown.expect("the meeting");
            assert_eq!(shown.present_count, 0, "not known");
            assert_eq!(shown.remarks, [""; 0]);
        }
        // All are listed: those who came are the substitutes.
        let all = recorded(&six(is_ruled), &[held(3, 3)]);
        let three = resolved(json!({ "tally": { "votesFor": 3 } }));
        let four = resolved(json!({ "tally": { "votesFor": 4 } }));
        assert_eq!(reasons(&all, &three), [""; 0]);
        assert_eq!(reasons(&all, &four), ["TALLY_CONTRADICTED"]);
    }
}

#[test]
fn apologies_of_so_many_that_no_quorum_can_have_come_contradict_a_decision() {
    for is_ruled in [true, false] {
        for (apologies, expected) in [
            (3, &[][..]),
            (4, &["QUORUM_NOT_MET"]),
            (6, &["QUORUM_NOT_MET"]),
        ] {
            let given = recorded(&six(is_ruled), &[held(apologies, 0)]);
            assert_eq!(
                reasons(&given, &resolved(json!({}))),
                expected,
                "{apologies} of six, {is_ruled}"
            );
        }
        // Recorded after it, the meeting is refused.
        let called = on_joint(
            "2022-02-01",
            "meetingCalled",
            json!({ "meetingId": "m",
            "meetsOn": crate::given::date("2022-02-10") }),
        );
        let decided = recorded(&six(is_ruled), &[called, resolved(json!({}))]);
        assert_eq!(reasons(&decided, &held(4, 0)), ["DECIDED_THERE"]);
        assert_eq!(reasons(&decided, &held(3, 0)), [""; 0]);
    }
    let given = recorded(&six(true), &[held(4, 0)]);
    let shown = remarks(&given);
    assert!(
        shown[0].starts_with("at most 2 with a vote can have attended of a quorum of 3"),
        "{shown:?}"
    );
    // A quorum by group.
    let quorums = json!({ "quorum": 1, "groupQuorums": [{ "group": "north", "members": 2 }] });
    let grouped = |body: &str| json!({ "bodyId": body, "group": "north" });
    let grouped = Given::recorded(&[
        council("ash", "1974-04-01"),
        council("bram", "1974-04-01"),
        council("cot", "1974-04-01"),
        board(&[grouped("ash"), grouped("bram"), member("cot")], quorums),
        rules(by_vote("MAJORITY", json!({}))),
        matter("2022-02-01", 1),
        on_joint(
            "2022-02-10",
            "meetingHeld",
            json!({ "meetingId": "m", "attendance": [
                { "who": member("ash"), "attendance": "ATTENDANCE_KIND_APOLOGIES" }] }),
        ),
    ]);
    assert_eq!(
        reasons(&grouped, &resolved(json!({}))),
        ["GROUP_QUORUM_NOT_MET"]
    );
}
