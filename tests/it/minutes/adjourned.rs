//! Meetings that are adjourned: each sitting has its own attendance, presence and quorum.

use minutebook::present::reports;
use minutebook::views;
use minutebook::wire::proto::{
    BoardView, DeadlineKind, DecisionStanding, MeetingInFullView, MeetingStanding, PresidingAs,
};
use serde_json::{Value, json};

use super::*;
use crate::given::date;

/// Three councillors of each of two councils with a quorum of three; a matter is before
/// them, and a meeting is called.
fn six() -> Given {
    let seats = |body: &'static str| (1..=3).map(move |n| seat(body, &format!("Member {n}")));
    let members: Vec<Value> = seats("ash").chain(seats("bram")).collect();
    let orders = json!({ "quorum": 3, "castingVote": "CASTING_VOTE_PRESIDING" });
    let called = json!({ "meetingId": "m", "meetsOn": date("2022-06-10") });
    Given::recorded(&[
        council("ash", "1974-04-01"),
        council("bram", "1974-04-01"),
        board(&members, orders),
        rules(by_vote("MAJORITY", json!({}))),
        on_joint("2022-06-01", "meetingCalled", called),
        matter("2022-06-01", 1),
        matter("2022-06-01", 2),
    ])
}

fn held(on: &str, more: Value) -> Value {
    let mut payload = more;
    payload["meetingId"] = "m".into();
    on_joint(on, "meetingHeld", payload)
}

/// The attendance of `ash` 1 to 3 and `bram` 1 to 3: `+` there, `-` apologies, `.` not
/// listed.
fn came(who: &str) -> Value {
    let all = (0..6).map(|n| {
        let body = if n < 3 { "ash" } else { "bram" };
        (body, n % 3 + 1)
    });
    let listed = all.zip(who.chars()).filter(|(_, how)| *how != '.');
    let listed = listed.map(|((body, n), how)| {
        let how = match how {
            '+' => "PRESENT",
            _ => "APOLOGIES",
        };
        json!({ "who": seat(body, &format!("Member {n}")),
            "attendance": format!("ATTENDANCE_KIND_{how}") })
    });
    listed.collect()
}

fn at_m(kind: &str, mut event: Value) -> Value {
    event[kind]["meeting"] = json!({ "boardId": "joint", "meetingId": "m" });
    event
}

fn decided(on: &str, n: u128, more: Value) -> Value {
    at_m("decisionMade", decision(on, n, "APPROVED", more))
}

fn voted(on: &str, with: &str) -> Value {
    at_m("voteCast", vote(on, 1, with))
}

fn meeting(given: &Given, day: &str) -> MeetingInFullView {
    let (board, id) = ("joint".parse().unwrap(), "m".parse().unwrap());
    views::meeting::get(&view(given, day), &board, &id).expect("the meeting")
}

fn board_view(given: &Given, day: &str) -> BoardView {
    views::board::get(&view(given, day), &"joint".parse().unwrap()).expect("the board")
}

#[test]
fn a_quorum_that_came_on_the_later_day_decides() {
    let without = held(
        "2022-06-10",
        json!({ "inquorate": true, "adjournedToOn": [date("2022-06-17")] }),
    );
    let given = recorded(&six(), std::slice::from_ref(&without));
    let early = decided("2022-06-10", 1, json!({}));
    assert_eq!(reasons(&given, &early), ["MEETING_INQUORATE"]);
    let later = decided("2022-06-17", 1, json!({}));
    assert_eq!(reasons(&given, &later), [""; 0]);
    for given in [
        recorded(&given, std::slice::from_ref(&later)),
        // As far as the order of recording can be another: the second day first.
        recorded(
            &six(),
            &[
                held("2022-06-17", json!({ "attendance": came("+++...") })),
                later.clone(),
                without.clone(),
            ],
        ),
    ] {
        assert_eq!(
            standing(&given, "2022-06-17", 1),
            DecisionStanding::Approved
        );
        let shown = board_view(&given, "2022-06-20").meetings.remove(0);
        assert_eq!(shown.standing(), MeetingStanding::Inquorate);
        assert_eq!(shown.held_on.map(|on| on.day), Some(10));
        assert_eq!(shown.sittings.len(), 1);
        assert_eq!(shown.sittings[0].on.map(|on| on.day), Some(17));
        assert_ne!(shown.sittings[0].standing(), MeetingStanding::Inquorate);
    }
    // A later day without a quorum decides nothing either, and bars nothing on the first.
    let both = recorded(
        &six(),
        &[
            held(
                "2022-06-10",
                json!({ "adjournedToOn": [date("2022-06-17")] }),
            ),
            held("2022-06-17", json!({ "inquorate": true })),
        ],
    );
    assert_eq!(reasons(&both, &later), ["MEETING_INQUORATE"]);
    assert_eq!(reasons(&both, &early), [""; 0]);
    let decided = recorded(
        &six(),
        &[
            held(
                "2022-06-10",
                json!({ "adjournedToOn": [date("2022-06-17")] }),
            ),
            later,
        ],
    );
    let lost = held("2022-06-17", json!({ "inquorate": true }));
    assert_eq!(reasons(&decided, &lost), ["DECIDED_THERE"]);
}

#[test]
fn a_later_day_has_its_own_attendance() {
    let first = held(
        "2022-06-10",
        json!({ "adjournedToOn": [date("2022-06-17")], "attendance": came("+++.--") }),
    );
    let given = recorded(&six(), std::slice::from_ref(&first));
    // Apologies of the 10th say nothing of the 17th.
    let early = voted("2022-06-10", "+bram/Member 2");
    let later = voted("2022-06-17", "+bram/Member 2");
    assert_eq!(reasons(&given, &early), ["LISTED_ABSENT"]);
    assert_eq!(reasons(&given, &later), [""; 0]);
    let four = json!({ "tally": { "votesFor": 4 } });
    assert_eq!(
        reasons(&given, &decided("2022-06-10", 1, four.clone())),
        ["TALLY_CONTRADICTED"]
    );
    assert_eq!(
        reasons(&given, &decided("2022-06-17", 1, four.clone())),
        [""; 0]
    );
    // The attendance of the 17th, once it is recorded.
    let second = held(
        "2022-06-17",
        json!({ "attendance": came("-++.+."), "presiding": {
            "who": seat("ash", "Member 2"), "presidedAs": "PRESIDING_AS_OTHER" },
            "minutes": { "title": "Minutes of the 17th" } }),
    );
    let given = recorded(&given, std::slice::from_ref(&second));
    assert_eq!(reasons(&given, &later), [""; 0]);
    let absent = voted("2022-06-17", "+ash/Member 1");
    assert_eq!(reasons(&given, &absent), ["LISTED_ABSENT"]);
    assert_eq!(
        reasons(&given, &decided("2022-06-17", 1, four)),
        ["TALLY_CONTRADICTED"]
    );
    let level = |by: &str| {
        let casting = json!({ "by": seat("ash", by), "choice": "VOTE_CHOICE_APPROVE" });
        let tally = json!({ "votesFor": 1, "votesAgainst": 1, "abstentions": 1,
            "castingVote": casting });
        decided("2022-06-17", 1, json!({ "tally": tally }))
    };
    assert_eq!(reasons(&given, &level("Member 3")), ["NOT_PRESIDING"]);
    assert_eq!(reasons(&given, &level("Member 2")), [""; 0]);

    let shown = meeting(&given, "2022-06-20");
    assert_eq!((shown.present_count, shown.quorum), (3, 3));
    let sitting = &shown.meeting.as_ref().expect("it").sittings[0];
    assert_eq!((sitting.present_count, sitting.member_count), (3, 6));
    assert_eq!(sitting.quorum, 3);
    assert_eq!(sitting.attendance.len(), 4);
    assert_eq!(sitting.presided_as(), PresidingAs::Other);
    assert_eq!(sitting.standing(), MeetingStanding::Held);
    let table = printed(&reports::meeting::in_full(&shown));
    assert!(table.contains("Minutes of the 17th"), "{table}");
}

#[test]
fn a_second_entry_is_of_a_day_to_which_it_was_adjourned() {
    let once = recorded(&six(), &[held("2022-06-10", json!({}))]);
    let again = held("2022-06-17", json!({}));
    assert_eq!(reasons(&once, &again), ["ALREADY_SO"]);
    assert!(sentence(&once, &again).contains("adjourned_to_on"));
    let adjourned = json!({ "adjournedToOn": [date("2022-06-17")] });
    let given = recorded(&six(), &[held("2022-06-10", adjourned)]);
    assert_eq!(reasons(&given, &again), [""; 0]);
    let twice = recorded(&given, std::slice::from_ref(&again));
    assert_eq!(reasons(&twice, &again), ["ALREADY_SO"]);
    let other = held("2022-06-18", json!({}));
    assert_eq!(reasons(&given, &other), ["ALREADY_SO"]);
    let says = sentence(&given, &other);
    assert!(
        says.contains("correct that entry") && says.contains("adjourned_to_on here"),
        "{says}"
    );
    // It may be adjourned again.
    let further = held(
        "2022-06-17",
        json!({ "adjournedToOn": [date("2022-06-24")] }),
    );
    let given = recorded(&given, &[further, held("2022-06-24", json!({}))]);
    let days: Vec<i32> = meeting(&given, "2022-06-25")
        .meeting
        .expect("it")
        .sittings
        .iter()
        .filter_map(|sitting| Some(sitting.on?.day))
        .collect();
    assert_eq!(days, [17, 24]);
}

#[test]
fn a_matter_is_passed_over_at_the_last_sitting_alone() {
    let mut put = matter("2022-06-02", 3);
    put["matterProposed"]["meeting"] = json!({ "boardId": "joint", "meetingId": "m" });
    let adjourned = json!({ "adjournedToOn": [date("2022-06-17")] });
    let given = recorded(&six(), &[put, held("2022-06-10", adjourned)]);
    let missed = |given: &Given, day: &str| {
        let lines = views::deadlines::list(&view(given, day), None, false).into_iter();
        let missed = lines.filter(|line| line.kind() == DeadlineKind::Decision);
        missed.count()
    };
    assert_eq!(missed(&given, "2022-06-12"), 0);
    assert_eq!(missed(&given, "2022-06-17"), 0);
    assert_eq!(missed(&given, "2022-06-18"), 3);
    // Nor are its minutes approved before, or at a meeting before.
    let minutes = |on: &str, at: &str| {
        let mut event = on_joint(on, "minutesApproved", json!({ "meetingId": "m" }));
        if !at.is_empty() {
            event["minutesApproved"]["atMeetingId"] = at.into();
        }
        event
    };
    assert_eq!(reasons(&given, &minutes("2022-06-12", "")), ["BEFORE_ITEM"]);
    assert_eq!(reasons(&given, &minutes("2022-06-17", "")), [""; 0]);
    let between = on_joint("2022-06-13", "meetingHeld", json!({ "meetingId": "b" }));
    let given = recorded(&given, &[between]);
    let early = minutes("2022-06-20", "b");
    assert_eq!(reasons(&given, &early), ["BEFORE_ITEM"]);
    // Recorded in the other order, it is the same.
    let approved = recorded(
        &six(),
        &[
            held(
                "2022-06-10",
                json!({ "adjournedToOn": [date("2022-06-17")] }),
            ),
            minutes("2022-06-18", ""),
        ],
    );
    let further = held(
        "2022-06-17",
        json!({ "adjournedToOn": [date("2022-06-24")] }),
    );
    assert_eq!(reasons(&approved, &further), ["BEFORE_ITEM"]);
    assert_eq!(reasons(&approved, &held("2022-06-17", json!({}))), [""; 0]);
}

#[test]
fn the_view_says_on_which_day_a_decision_was_made() {
    let adjourned = json!({ "adjournedToOn": [date("2022-06-17")] });
    let given = recorded(
        &six(),
        &[
            held("2022-06-10", adjourned),
            decided("2022-06-10", 1, json!({})),
            decided("2022-06-17", 2, json!({})),
        ],
    );
    let lines = meeting(&given, "2022-06-20").lines;
    let days: Vec<Option<i32>> = lines.iter().map(|line| Some(line.on?.day)).collect();
    assert_eq!(days, [Some(10), Some(17)]);
}
