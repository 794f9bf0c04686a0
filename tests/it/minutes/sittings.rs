//! Meetings that lose their quorum, that sit again on another day, and their agenda.

use minutebook::views;
use minutebook::wire::proto::{DeadlineKind, DecisionStanding, MeetingInFullView, MeetingLineKind};
use serde_json::{Value, json};

use super::*;
use crate::given::date;

fn three() -> Given {
    Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        council("c", "1974-04-01"),
        board(&["a", "b", "c"].map(member), json!({ "quorum": 2 })),
        on_joint(
            "2022-10-01",
            "meetingCalled",
            json!({ "meetingId": "m", "meetsOn": date("2022-10-15") }),
        ),
        matter("2022-10-01", 1),
        matter("2022-10-01", 2),
    ])
}

fn held(more: Value) -> Value {
    let mut payload = more;
    payload["meetingId"] = "m".into();
    on_joint("2022-10-15", "meetingHeld", payload)
}

fn at(on: &str, n: u128, outcome: &str, item: &str) -> Value {
    let meeting = json!({ "boardId": "joint", "meetingId": "m", "agendaItem": item });
    decision(on, n, outcome, json!({ "meeting": meeting }))
}

fn meeting(given: &Given, day: &str) -> MeetingInFullView {
    let (board, id) = ("joint".parse().unwrap(), "m".parse().unwrap());
    views::meeting::get(&view(given, day), &board, &id).expect("the meeting")
}

#[test]
fn a_quorum_lost_at_an_item_leaves_what_was_decided_before() {
    let lost = held(json!({ "inquorateFromItem": "6" }));
    let given = recorded(&three(), &[at("2022-10-15", 1, "APPROVED", "4")]);
    let whole = held(json!({ "inquorate": true }));
    assert_eq!(reasons(&given, &whole), ["DECIDED_THERE"]);
    assert!(sentence(&given, &whole).contains("inquorate_from_item"));
    let given = recorded(&given, std::slice::from_ref(&lost));
    assert_eq!(
        standing(&given, "2022-10-15", 1),
        DecisionStanding::Approved
    );
    for (item, expected) in [
        ("5", &[][..]),
        ("6", &["MEETING_INQUORATE"]),
        ("10(b)", &["MEETING_INQUORATE"]),
        ("", &[]),
    ] {
        let event = at("2022-10-15", 2, "APPROVED", item);
        assert_eq!(reasons(&given, &event), expected, "{item}");
    }
    let late = recorded(&three(), &[at("2022-10-15", 1, "APPROVED", "7")]);
    assert_eq!(reasons(&late, &lost), ["DECIDED_THERE"]);
    assert_eq!(
        meeting(&given, "2022-11-01")
            .meeting
            .expect("it")
            .inquorate_from_item,
        "6"
    );
}

#[test]
fn a_meeting_that_was_adjourned_sits_again() {
    let again = held(json!({ "inquorateFromItem": "6", "adjournedToOn": [date("2022-10-22")] }));
    let once = recorded(&three(), &[held(json!({}))]);
    let event = at("2022-10-22", 1, "NOTED", "");
    assert_eq!(reasons(&once, &event), ["NOT_ON_MEETING_DAY"]);
    assert!(sentence(&once, &event).contains("adjourned_to_on"));
    let given = recorded(&three(), &[again]);
    assert_eq!(reasons(&given, &event), [""; 0]);
    // The later sitting has a quorum of its own.
    let decided = at("2022-10-22", 1, "APPROVED", "7");
    assert_eq!(reasons(&given, &decided), [""; 0]);
    let on_the_first_day = at("2022-10-15", 1, "APPROVED", "7");
    assert_eq!(reasons(&given, &on_the_first_day), ["MEETING_INQUORATE"]);
    let other_day = at("2022-10-23", 1, "NOTED", "");
    assert_eq!(reasons(&given, &other_day), ["NOT_ON_MEETING_DAY"]);
    // It is the next meeting in between.
    let next = |day: &str| {
        let approval = proposal(&given, day, 1).approval.expect("a line");
        approval.next_meeting_on.map(|on| on.day)
    };
    assert_eq!((next("2022-10-16"), next("2022-10-23")), (Some(22), None));
    let due = |day: &str| {
        let lines = views::deadlines::list(&view(&given, day), None, false);
        let meetings = lines
            .into_iter()
            .filter(|line| line.kind() == DeadlineKind::Meeting);
        meetings.map(|line| line.what).collect::<Vec<_>>()
    };
    assert_eq!(due("2022-10-16"), ["meeting, adjourned to this day"]);
    // Its day is past, and no entry describes it.
    assert_eq!(
        due("2022-10-23"),
        ["meeting, adjourned to this day (not recorded as held)"]
    );
    let shown = meeting(&given, "2022-10-16").meeting.expect("it");
    assert_eq!(shown.adjourned_to_on.len(), 1);
    let backwards = held(json!({ "adjournedToOn": [date("2022-10-14")] }));
    assert_eq!(reasons(&three(), &backwards), ["NOT_LATER"]);
}

#[test]
fn a_recommendation_of_a_meeting_without_a_quorum_decides_nothing() {
    let given = recorded(&three(), &[held(json!({ "inquorate": true }))]);
    let supported = at("2022-10-15", 1, "SUPPORTED", "4");
    assert_eq!(reasons(&given, &supported), [""; 0]);
    let approved = at("2022-10-15", 1, "APPROVED", "4");
    assert_eq!(reasons(&given, &approved), ["MEETING_INQUORATE"]);
    let noted = at("2022-10-15", 2, "NOTED", "5");
    let given = recorded(&given, &[supported.clone(), noted]);
    for n in [1, 2] {
        assert_eq!(standing(&given, "2022-10-16", n), DecisionStanding::Pending);
    }
    assert!(proposal(&given, "2022-10-16", 1).decisions[0].inquorate);
    let shown = meeting(&given, "2022-10-16");
    assert_eq!(
        shown.lines[0].result,
        "supported (no quorum: it decides nothing)"
    );
    // Recorded in the other order, it is the same.
    let other = recorded(&three(), &[supported, held(json!({ "inquorate": true }))]);
    assert_eq!(standing(&other, "2022-10-16", 1), DecisionStanding::Pending);
    // With a quorum it settles the matter, as before.
    let quorate = recorded(
        &three(),
        &[held(json!({})), at("2022-10-15", 1, "SUPPORTED", "4")],
    );
    assert_eq!(
        standing(&quorate, "2022-10-16", 1),
        DecisionStanding::Supported
    );
}

#[test]
fn a_matter_is_on_the_agenda_of_a_meeting_until_it_is_decided_there() {
    let mut put = matter("2022-10-02", 3);
    put["matterProposed"]["meeting"] =
        json!({ "boardId": "joint", "meetingId": "m", "agendaItem": "9" });
    let given = recorded(&three(), std::slice::from_ref(&put));
    let lines = meeting(&given, "2022-10-03").lines;
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (
            lines[0].kind(),
            lines[0].agenda_item.as_str(),
            lines[0].result.as_str()
        ),
        (MeetingLineKind::Matter, "9", "open")
    );
    let mut elsewhere = put.clone();
    elsewhere["matterProposed"]["meeting"]["meetingId"] = "x".into();
    elsewhere["matterProposed"]["proposalId"] = id(4).into();
    assert_eq!(reasons(&given, &elsewhere), ["UNKNOWN_ITEM"]);
    let decided = recorded(&given, &[at("2022-10-15", 3, "APPROVED", "9")]);
    let lines = meeting(&decided, "2022-10-16").lines;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].kind(), MeetingLineKind::Decision);
}

#[test]
fn a_decision_of_a_meeting_says_what_became_of_it() {
    let decided = on_joint(
        "2022-11-30",
        "decisionMade",
        json!({ "decisionId": "d", "title": "A shared service", "boardId": "joint",
            "outcome": "OUTCOME_APPROVED",
            "meeting": { "boardId": "joint", "meetingId": "m" } }),
    );
    let called_in = on_joint(
        "2022-12-02",
        "decisionCalledIn",
        json!({ "callInId": "c", "decisionId": "d", "grounds": "No options" }),
    );
    let mut called_in = called_in;
    called_in["actedBy"] = json!({ "office": "Five councillors" });
    let settled = on_joint(
        "2022-12-09",
        "callInSettled",
        json!({ "callInId": "c", "outcome": "CALL_IN_OUTCOME_STANDS", "reason": "Heard" }),
    );
    let given = Given::recorded(&[
        council("a", "1974-04-01"),
        board(&["a"].map(member), json!({})),
        on_joint("2022-11-30", "meetingHeld", json!({ "meetingId": "m" })),
        decided,
        called_in,
        settled,
    ]);
    let result = |day: &str| meeting(&given, day).lines.remove(0).result;
    assert_eq!(result("2022-12-01"), "approved");
    assert_eq!(result("2022-12-02"), "approved; since then: called in");
    assert_eq!(result("2022-12-09"), "approved");
}
