//! Meetings: called, held, cancelled, without a quorum, and minuted.

use minutebook::views;
use minutebook::wire::proto::{
    AttendanceKind, MeetingInFullView, MeetingLineKind, MeetingStanding, PresidingAs,
};
use serde_json::{Value, json};

use super::*;
use crate::given::date;

fn called(on: &str, meets_on: &str, id: &str) -> Value {
    on_joint(
        on,
        "meetingCalled",
        json!({ "meetingId": id, "meetsOn": date(meets_on), "agenda": "Shared services",
            "papers": { "title": "Pack" } }),
    )
}

fn held(on: &str, id: &str, more: Value) -> Value {
    let mut payload = json!({ "meetingId": id });
    for (name, value) in more.as_object().expect("fields") {
        payload[name] = value.clone();
    }
    on_joint(on, "meetingHeld", payload)
}

fn cancelled(on: &str, id: &str) -> Value {
    on_joint(
        on,
        "meetingCancelled",
        json!({ "meetingId": id, "reason": "National mourning" }),
    )
}

fn came(body: &str, how: &str) -> Value {
    json!({ "who": member(body), "attendance": format!("ATTENDANCE_KIND_{how}") })
}

fn at(item: &str) -> Value {
    json!({ "meeting": { "boardId": "joint", "meetingId": "november", "agendaItem": item } })
}

/// Three councils, and a meeting called for 30 November 2022 with a matter before it.
fn called_for_november() -> Given {
    Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        council("c", "1974-04-01"),
        board(&["a", "b", "c"].map(member), json!({ "quorum": 2 })),
        rules(by_vote("MAJORITY", json!({}))),
        called("2022-11-01", "2022-11-30", "november"),
        matter("2022-11-20", 1),
    ])
}

fn meeting(given: &Given, day: &str, id: &str) -> MeetingInFullView {
    let (board, id) = ("joint".parse().unwrap(), id.parse().unwrap());
    views::meeting::get(&view(given, day), &board, &id).expect("the meeting")
}

fn standings(given: &Given, day: &str) -> Vec<MeetingStanding> {
    let board = views::board::get(&view(given, day), &"joint".parse().unwrap()).unwrap();
    board.meetings.iter().map(|one| one.standing()).collect()
}

#[test]
fn a_meeting_has_a_standing_on_each_day() {
    let given = called_for_november();
    for (day, standing) in [
        ("2022-11-30", MeetingStanding::Called),
        ("2022-12-01", MeetingStanding::NotRecordedAsHeld),
    ] {
        assert_eq!(standings(&given, day), [standing], "{day}");
    }
    let off = recorded(&given, &[cancelled("2022-11-28", "november")]);
    assert_eq!(standings(&off, "2022-11-27"), [MeetingStanding::Called]);
    assert_eq!(standings(&off, "2023-01-01"), [MeetingStanding::Cancelled]);
    // It is no deadline any more, and no next meeting.
    let deadlines =
        |given: &Given| views::deadlines::list(&view(given, "2022-11-29"), None, false).len();
    assert_eq!((deadlines(&given), deadlines(&off)), (1, 0));
    let next = |given: &Given| {
        let approval = proposal(given, "2022-11-29", 1).approval;
        approval.expect("a line").next_meeting_on
    };
    assert!(next(&given).is_some() && next(&off).is_none());
    let done = recorded(&given, &[held("2022-11-30", "november", json!({}))]);
    assert_eq!(standings(&done, "2023-01-01"), [MeetingStanding::Held]);
    let without = held("2022-11-30", "november", json!({ "inquorate": true }));
    let without = recorded(&given, &[without]);
    assert_eq!(
        standings(&without, "2023-01-01"),
        [MeetingStanding::Inquorate]
    );
}

#[test]
fn a_meeting_without_an_id_means_what_it_meant() {
    let given = Given::recorded(&[
        council("a", "1974-04-01"),
        board(&[member("a")], json!({})),
        on_joint(
            "2022-10-17",
            "meetingCalled",
            json!({ "agenda": "Minutes" }),
        ),
        on_joint(
            "2022-10-17",
            "meetingCalled",
            json!({ "agenda": "Later", "meetsOn": date("2022-12-17") }),
        ),
        on_joint(
            "2022-10-20",
            "meetingCalled",
            json!({ "agenda": "Known later", "meetsOn": date("2022-10-18") }),
        ),
    ]);
    assert_eq!(
        standings(&given, "2022-11-01"),
        [
            MeetingStanding::NotRecordedAsHeld,
            MeetingStanding::Held,
            MeetingStanding::Called
        ]
    );
}

#[test]
fn nothing_is_decided_at_a_meeting_that_was_cancelled_or_had_no_quorum() {
    let given = called_for_november();
    let approval = |on: &str| {
        let mut more = at("4");
        more["tally"] = json!({ "unanimous": true });
        decision(on, 1, "APPROVED", more)
    };
    let action = |on: &str| {
        let mut payload = json!({ "actionId": "write", "what": "Write to the bidders" });
        payload["meeting"] = at("4")["meeting"].clone();
        on_joint(on, "actionAgreed", payload)
    };
    let mut voted = vote("2022-11-30", 1, "+a");
    voted["voteCast"]["meeting"] = at("4")["meeting"].clone();
    for event in [&approval("2022-11-30"), &voted, &action("2022-11-30")] {
        assert_eq!(reasons(&given, event), [""; 0]);
        let off = recorded(&given, &[cancelled("2022-11-28", "november")]);
        assert_eq!(reasons(&off, event), ["MEETING_CANCELLED"]);
    }
    let without = held("2022-11-30", "november", json!({ "inquorate": true }));
    let without = recorded(&given, &[without]);
    assert_eq!(
        reasons(&without, &approval("2022-11-30")),
        ["MEETING_INQUORATE"]
    );
    assert_eq!(reasons(&without, &voted), ["MEETING_INQUORATE"]);
    assert_eq!(reasons(&without, &action("2022-11-30")), [""; 0]);
    // On its day, and of its board.
    let other = board(&[member("a")], json!({}));
    let other = event(
        "boards/other",
        "2015-04-01",
        "boardConstituted",
        other["boardConstituted"].clone(),
    );
    let mut of_other = approval("2022-11-30");
    of_other["decisionMade"]["boardId"] = "other".into();
    of_other["decisionMade"]["proposalId"] = "".into();
    assert_eq!(
        reasons(&recorded(&given, &[other]), &of_other),
        ["ANOTHER_BOARDS_MEETING"]
    );
    assert_eq!(
        reasons(&given, &approval("2022-12-01")),
        ["NOT_ON_MEETING_DAY"]
    );
    assert_eq!(reasons(&given, &action("2022-12")), ["NOT_ON_MEETING_DAY"]);
    assert_eq!(
        reasons(&given, &action("2022-11")),
        [""; 0],
        "it may be that day"
    );
    let mut elsewhere = approval("2022-11-30");
    elsewhere["decisionMade"]["meeting"]["meetingId"] = "december".into();
    assert_eq!(reasons(&given, &elsewhere), ["UNKNOWN_ITEM"]);
    // The other way round: what was decided there contradicts the cancellation.
    let decided = recorded(&given, &[approval("2022-11-30")]);
    assert_eq!(
        reasons(&decided, &cancelled("2022-11-28", "november")),
        ["DECIDED_THERE"]
    );
    let inquorate = held("2022-11-30", "november", json!({ "inquorate": true }));
    assert_eq!(reasons(&decided, &inquorate), ["DECIDED_THERE"]);
}

#[test]
fn the_entries_about_a_meeting_fit_one_another() {
    let given = called_for_november();
    for (name, event, expected) in [
        (
            "twice",
            called("2022-11-02", "2022-12-30", "november"),
            "ID_TAKEN",
        ),
        (
            "never called",
            cancelled("2022-11-28", "october"),
            "UNKNOWN_ITEM",
        ),
        (
            "minutes of a meeting that was not held",
            on_joint(
                "2023-01-10",
                "minutesApproved",
                json!({ "meetingId": "november" }),
            ),
            "UNKNOWN_ITEM",
        ),
        (
            "a stranger as a member",
            held(
                "2022-11-30",
                "november",
                json!({ "attendance": [
                { "who": { "office": "Auditor" }, "attendance": "ATTENDANCE_KIND_PRESENT" }] }),
            ),
            "NOT_A_MEMBER",
        ),
        (
            "a substitute of another body",
            held(
                "2022-11-30",
                "november",
                json!({ "attendance": [
                { "who": member("a"), "attendance": "ATTENDANCE_KIND_SUBSTITUTE",
                  "substitute": seat("b", "Deputy") }] }),
            ),
            "NOT_A_SUBSTITUTE",
        ),
    ] {
        assert_eq!(reasons(&given, &event), [expected], "{name}");
    }
    let off = recorded(&given, &[cancelled("2022-11-28", "november")]);
    assert_eq!(
        reasons(&off, &cancelled("2022-11-29", "november")),
        ["ITEM_CLOSED"]
    );
    let now_held = held("2022-11-30", "november", json!({}));
    assert_eq!(reasons(&off, &now_held), ["MEETING_CANCELLED"]);
    let done = recorded(&given, std::slice::from_ref(&now_held));
    assert_eq!(reasons(&done, &now_held), ["ALREADY_SO"]);
    assert_eq!(
        reasons(&done, &cancelled("2022-11-28", "november")),
        ["ALREADY_SO"]
    );
    let minutes = on_joint(
        "2023-01-10",
        "minutesApproved",
        json!({ "meetingId": "november" }),
    );
    let done = recorded(&done, std::slice::from_ref(&minutes));
    assert_eq!(reasons(&done, &minutes), ["ALREADY_SO"]);
}

#[test]
fn the_attendance_gives_the_quorum_of_a_decision() {
    let given = called_for_november();
    let unanimous = || {
        let mut more = at("4");
        more["tally"] = json!({ "unanimous": true });
        decision("2022-11-30", 1, "APPROVED", more)
    };
    let with = |attendance: Value| {
        let event = held(
            "2022-11-30",
            "november",
            json!({ "attendance": attendance }),
        );
        recorded(&given, &[event])
    };
    let alone = with(json!([came("a", "PRESENT"), came("b", "APOLOGIES")]));
    assert_eq!(reasons(&alone, &unanimous()), ["QUORUM_NOT_MET"]);
    let two = with(json!([
        came("a", "PRESENT"),
        { "who": member("b"), "attendance": "ATTENDANCE_KIND_SUBSTITUTE",
          "substitute": seat("b", "Deputy Leader") },
        came("c", "ABSENT"),
    ]));
    let mut too_many = unanimous();
    too_many["decisionMade"]["tally"] = json!({ "votesFor": 3 });
    assert_eq!(reasons(&two, &too_many), ["TALLY_CONTRADICTED"]);
    let two = recorded(&two, &[unanimous()]);
    let why = reasoning(&two, "2022-11-30", 1);
    assert!(
        why.contains("2 of 3 took part (quorum 2): unanimous"),
        "{why}"
    );
}

#[test]
fn minutes_can_be_drawn_from_a_meeting() {
    let given = called_for_november();
    let collaboration = event(
        "collaborations/shared",
        "2015-04-01",
        "collaborationEstablished",
        json!({ "name": "Shared services", "kind": "COLLABORATION_KIND_OTHER",
            "partyIds": ["a", "b"] }),
    );
    let chair = on_joint("2022-05-01", "chairAppointed", json!({ "bodyId": "a" }));
    let mut vice = on_joint("2022-05-01", "chairAppointed", json!({ "bodyId": "b" }));
    vice["chairAppointed"]["vice"] = true.into();
    let mut decided = at("10");
    decided["tally"] = json!({ "votesFor": 2 });
    decided["amendments"] = "To defer: lost, 1 to 2".into();
    let mut noted = event(
        "collaborations/shared",
        "2022-11-30",
        "decisionMade",
        json!({ "decisionId": "report", "title": "Performance report",
            "outcome": "OUTCOME_NOTED", "boardId": "joint" }),
    );
    noted["decisionMade"]["meeting"] = at("2")["meeting"].clone();
    let mut action = event(
        "collaborations/shared",
        "2022-11-30",
        "actionAgreed",
        json!({ "actionId": "write", "what": "Write to the bidders",
            "owner": { "bodyId": "a", "office": "Secretary" } }),
    );
    action["actionAgreed"]["meeting"] = at("10")["meeting"].clone();
    let mut voted = vote("2022-11-30", 1, "+b");
    voted["voteCast"]["meeting"] = at("10")["meeting"].clone();
    let attendance = json!([
        came("a", "APOLOGIES"),
        came("b", "PRESENT"),
        came("c", "PRESENT"),
        { "who": { "office": "Auditor" }, "attendance": "ATTENDANCE_KIND_IN_ATTENDANCE" },
    ]);
    let meeting_held = held(
        "2022-11-30",
        "november",
        json!({ "attendance": attendance, "minutes": { "title": "Minutes" },
            "presiding": { "who": member("b"), "presidedAs": "PRESIDING_AS_VICE_CHAIR" } }),
    );
    let minutes = on_joint(
        "2023-01-10",
        "minutesApproved",
        json!({ "meetingId": "november", "corrections": "Item 2: noted, not approved" }),
    );
    let given = recorded(
        &given,
        &[
            collaboration,
            chair,
            vice,
            voted,
            decision("2022-11-30", 1, "APPROVED", decided),
            noted,
            action,
            meeting_held,
            minutes,
        ],
    );
    let shown = meeting(&given, "2023-02-01", "november");
    let about = shown.meeting.as_ref().expect("the meeting");
    assert_eq!(about.standing(), MeetingStanding::Held);
    assert_eq!(about.presided_as(), PresidingAs::ViceChair);
    assert_eq!(about.attendance[0].attendance(), AttendanceKind::Apologies);
    assert_eq!(about.corrections, "Item 2: noted, not approved");
    assert_eq!(about.papers.as_ref().expect("papers").title, "Pack");
    assert_eq!(
        (shown.member_count, shown.present_count, shown.quorum),
        (3, 2, 2)
    );
    let lines: Vec<(&str, MeetingLineKind, &str, &str)> = shown
        .lines
        .iter()
        .map(|line| {
            let (item, result) = (line.agenda_item.as_str(), line.result.as_str());
            (item, line.kind(), line.subject.as_str(), result)
        })
        .collect();
    assert_eq!(
        lines,
        [
            (
                "2",
                MeetingLineKind::Decision,
                "collaborations/shared",
                "noted"
            ),
            ("10", MeetingLineKind::Vote, "boards/joint", "for"),
            (
                "10",
                MeetingLineKind::Decision,
                "boards/joint",
                "approved (2 for, 0 against); amendments: To defer: lost, 1 to 2"
            ),
            (
                "10",
                MeetingLineKind::Action,
                "collaborations/shared",
                "open"
            ),
        ]
    );
    // On the day, the minutes were not yet approved.
    let then = meeting(&given, "2022-11-30", "november")
        .meeting
        .expect("it");
    assert_eq!(then.minutes_approved_on, None);
    let board = views::board::get(&view(&given, "2023-02-01"), &"joint".parse().unwrap()).unwrap();
    let vice = board.vice_chair.and_then(|vice| vice.body).expect("a body");
    assert_eq!(vice.body_id, "b");
    let chair = board.summary.and_then(|summary| summary.chair);
    assert_eq!(
        chair.and_then(|chair| chair.body).expect("a body").body_id,
        "a"
    );
}
