//! Chairs and vice-chairs: until when they are, and what follows from it.

use minutebook::views::{self, attention::Asker};
use minutebook::wire::proto::{AttentionKind, BoardPlace, BoardView, MeetingInFullView};
use serde_json::{Value, json};

use super::*;
use crate::given::{date, event};

/// A committee of two members of each of two councils.
fn committee() -> Given {
    let seats = |body: &'static str| (1..=2).map(move |n| seat(body, &format!("Member {n}")));
    let members: Vec<Value> = seats("ash").chain(seats("bram")).collect();
    let orders = json!({ "quorum": 2, "castingVote": "CASTING_VOTE_PRESIDING" });
    Given::recorded(&[
        council("ash", "1974-04-01"),
        council("bram", "1974-04-01"),
        council("north", "2023-01-01"),
        council("south", "2023-01-01"),
        board(&members, orders),
    ])
}

fn chair(on: &str, body: &str, office: &str, more: Value) -> Value {
    let mut payload = json!({ "bodyId": body, "office": office });
    for (name, value) in more.as_object().expect("fields") {
        payload[name] = value.clone();
    }
    on_joint(on, "chairAppointed", payload)
}

fn left(on: &str, body: &str, office: &str) -> Value {
    let left = json!({ "left": [seat(body, office)] });
    on_joint(on, "boardMembershipChanged", left)
}

fn succeeded(body: &str, on: &str, by: &str, also: &[&str]) -> Value {
    let payload = json!({ "successorId": by, "alsoSuccessorIds": also });
    event(&format!("bodies/{body}"), on, "bodySucceeded", payload)
}

fn shown(given: &Given, day: &str) -> BoardView {
    views::board::get(&view(given, day), &"joint".parse().unwrap()).expect("the board")
}

/// The chair as `body/office`; empty if there is none.
fn chair_on(given: &Given, day: &str) -> String {
    let chair = shown(given, day).summary.expect("it").chair;
    chair.map_or_else(String::new, |chair| {
        let body = chair.body.expect("a body").body_id;
        format!("{body}/{}", chair.office)
    })
}

fn lapsed(given: &Given, day: &str) -> Vec<String> {
    let register_view = view(given, day);
    let asker = Asker::default();
    let until = views::attention::looks_ahead_until(&register_view, &asker);
    let lines = views::attention::list(&register_view, &asker, until).into_iter();
    let lines = lines.filter(|line| line.kind() == AttentionKind::OfficeLapsed);
    lines.map(|line| line.what).collect()
}

fn presided(on: &str, body: &str, office: &str, how: &str) -> Value {
    let presiding = json!({ "who": seat(body, office),
        "presidedAs": format!("PRESIDING_AS_{how}") });
    let payload = json!({ "meetingId": format!("m-{on}"), "presiding": presiding });
    on_joint(on, "meetingHeld", payload)
}

fn meeting(given: &Given, on: &str, day: &str) -> MeetingInFullView {
    let id = format!("m-{on}").parse().unwrap();
    views::meeting::get(&view(given, day), &"joint".parse().unwrap(), &id).expect("the meeting")
}

#[test]
fn a_chair_whose_seat_ended_is_chair_no_more() {
    let given = recorded(
        &committee(),
        &[
            chair("2022-05-01", "bram", "Member 1", json!({})),
            left("2022-06-01", "bram", "Member 1"),
        ],
    );
    assert_eq!(chair_on(&given, "2022-05-31"), "bram/Member 1");
    assert_eq!(chair_on(&given, "2022-06-01"), "");
    let lines = lapsed(&given, "2022-06-02");
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("the chair, Member 1 of Council bram, has no seat on the board any more"),
        "{lines:?}"
    );
    let terms = shown(&given, "2022-06-02").terms_of_office;
    let term = terms.iter().find(|term| term.place() == BoardPlace::Chair);
    let term = term.expect("the term");
    assert!(term.is_past);
    assert_eq!(term.until_on.map(|on| on.month), Some(6));
    assert_eq!(term.end_cause, "its seat on the board ended");
    // Nor is it so in the view of its body, which has another member there.
    let bram = views::body::get(&view(&given, "2022-06-02"), &"bram".parse().unwrap());
    assert!(bram.expect("it").seats.iter().all(|seat| !seat.chairs));
    // It presides no more, in whatever capacity; somebody of the same body may.
    for how in ["CHAIR", "OTHER"] {
        let event = presided("2022-07-01", "bram", "Member 1", how);
        assert_eq!(reasons(&given, &event), ["NOT_A_MEMBER"]);
    }
    let other = presided("2022-07-01", "bram", "Member 2", "OTHER");
    assert_eq!(reasons(&given, &other), [""; 0]);
    let before = presided("2022-05-20", "bram", "Member 1", "CHAIR");
    assert_eq!(reasons(&given, &before), [""; 0]);
    // A member who left is not appointed.
    let again = chair("2022-07-01", "bram", "Member 1", json!({}));
    assert_eq!(reasons(&given, &again), ["NOT_A_MEMBER"]);
    // A seat that is taken up again does not bring back the office.
    let joined = json!({ "joined": [seat("bram", "Member 1")] });
    let back = on_joint("2022-09-01", "boardMembershipChanged", joined);
    let given = recorded(&given, &[back]);
    assert_eq!(chair_on(&given, "2022-09-02"), "");
    let given = recorded(
        &given,
        &[chair("2022-09-02", "bram", "Member 1", json!({}))],
    );
    assert_eq!(chair_on(&given, "2022-09-02"), "bram/Member 1");
    assert_eq!(lapsed(&given, "2022-09-02"), [""; 0]);
}

#[test]
fn a_chair_who_never_had_a_seat_on_record_remains() {
    let given = Given::recorded(&[
        council("ash", "1974-04-01"),
        council("bram", "1974-04-01"),
        council("north", "1974-04-01"),
        board(&[member("ash"), member("bram")], json!({ "quorum": 1 })),
        chair("2022-05-01", "north", "Independent chair", json!({})),
        on_joint(
            "2022-06-01",
            "boardMembershipChanged",
            json!({ "left": [member("bram")] }),
        ),
        presided("2022-07-01", "north", "Independent chair", "CHAIR"),
    ]);
    assert_eq!(chair_on(&given, "2022-07-01"), "north/Independent chair");
    assert_eq!(meeting(&given, "2022-07-01", "2022-07-02").remarks, [""; 0]);
}

#[test]
fn a_chair_of_its_body_lapses_with_the_last_seat_of_it() {
    let given = recorded(
        &committee(),
        &[
            chair("2022-05-01", "bram", "Leader", json!({})),
            left("2022-06-01", "bram", "Member 1"),
        ],
    );
    assert_eq!(chair_on(&given, "2022-06-02"), "bram/Leader");
    let given = recorded(&given, &[left("2022-07-01", "bram", "Member 2")]);
    assert_eq!(chair_on(&given, "2022-07-01"), "");
}

#[test]
fn the_successor_of_a_body_has_its_chair() {
    let given = recorded(
        &committee(),
        &[
            chair("2022-05-01", "bram", "Member 1", json!({})),
            succeeded("bram", "2023-04-01", "north", &[]),
        ],
    );
    assert_eq!(chair_on(&given, "2023-03-31"), "bram/Member 1");
    assert_eq!(chair_on(&given, "2023-04-01"), "north/Member 1");
    assert_eq!(lapsed(&given, "2023-04-01"), [""; 0]);
    let north = views::body::get(&view(&given, "2023-04-01"), &"north".parse().unwrap());
    assert!(north.expect("it").seats.iter().any(|seat| seat.chairs));
    let presides = presided("2023-05-01", "north", "Member 1", "CHAIR");
    let given = recorded(&given, &[presides]);
    assert_eq!(meeting(&given, "2023-05-01", "2023-05-02").remarks, [""; 0]);
}

#[test]
fn who_follows_a_divided_body_in_the_chair_is_to_be_settled() {
    let given = recorded(
        &committee(),
        &[
            chair("2022-05-01", "bram", "Member 1", json!({})),
            succeeded("bram", "2023-04-01", "north", &["south"]),
        ],
    );
    assert_eq!(chair_on(&given, "2023-03-31"), "bram/Member 1");
    assert_eq!(chair_on(&given, "2023-04-01"), "");
    let summary = shown(&given, "2023-04-01").summary.expect("it");
    let heirs = summary.chair_to_be_settled.into_iter();
    let heirs: Vec<String> = heirs.filter_map(|who| Some(who.body?.body_id)).collect();
    assert_eq!(heirs, ["north", "south"]);
    let lines = lapsed(&given, "2023-04-01");
    assert!(
        lines[0].starts_with("Council north and Council south follow the body of the chair"),
        "{lines:?}"
    );
    for body in ["north", "south"] {
        let own = views::body::get(&view(&given, "2023-04-01"), &body.parse().unwrap());
        assert!(own.expect("it").seats.iter().all(|seat| !seat.chairs));
    }
    let settled = chair("2023-05-20", "south", "Member 1", json!({}));
    let given = recorded(&given, &[settled]);
    assert_eq!(chair_on(&given, "2023-05-20"), "south/Member 1");
    assert_eq!(lapsed(&given, "2023-05-20"), [""; 0]);
}

#[test]
fn a_vice_chair_who_took_the_chair_is_vice_chair_no_more() {
    let vice = json!({ "vice": true });
    let given = recorded(
        &committee(),
        &[
            chair("2022-05-20", "bram", "Member 1", vice),
            chair(
                "2023-06-12",
                "bram",
                "Member 1",
                json!({ "untilOn": date("2024-05-19") }),
            ),
        ],
    );
    let vice = |day: &str| shown(&given, day).vice_chair.is_some();
    assert!(vice("2023-06-11"));
    assert!(!vice("2023-06-12"));
    // Nor after the term as chair.
    assert!(!vice("2024-06-01"));
    let terms = shown(&given, "2024-06-01").terms_of_office;
    let mut terms = terms.iter();
    let term = terms.find(|term| term.place() == BoardPlace::ViceChair);
    let term = term.expect("the term");
    assert!(term.is_past);
    let until = term.until_on.expect("a day");
    assert_eq!((until.year, until.month, until.day), (2023, 6, 12));
    assert_eq!(term.end_cause, "it took the chair");
}

#[test]
fn a_meeting_says_who_was_in_the_chair_and_who_presided_without_being() {
    let term = json!({ "untilOn": date("2023-05-19") });
    let given = recorded(
        &committee(),
        &[
            chair("2022-05-20", "ash", "Member 1", term),
            chair("2022-05-20", "bram", "Member 1", json!({ "vice": true })),
            presided("2023-05-10", "ash", "Member 1", "CHAIR"),
            presided("2023-06-10", "ash", "Member 1", "CHAIR"),
            presided("2023-05-11", "bram", "Member 2", "CHAIR"),
            presided("2023-06-11", "bram", "Member 1", "VICE_CHAIR"),
        ],
    );
    let on = |day: &str| meeting(&given, day, "2023-12-31");
    let chair = on("2023-05-10").chair.expect("a chair");
    assert_eq!(chair.body.expect("a body").body_id, "ash");
    assert!(on("2023-05-10").vice_chair.is_some());
    assert_eq!(on("2023-05-10").remarks, [""; 0]);
    assert!(on("2023-06-10").chair.is_none());
    assert_eq!(
        on("2023-06-10").remarks,
        [
            "Member 1 of Council ash presided as chair, and was chair no more: the term ended on \
          2023-05-19"
        ]
    );
    assert_eq!(
        on("2023-05-11").remarks,
        [
            "Member 2 of Council bram presided as chair, and the chair on record was Member 1 of \
          Council ash"
        ]
    );
    assert_eq!(on("2023-06-11").remarks, [""; 0]);
    // Somebody from outside.
    let outside = recorded(
        &given,
        &[presided("2023-06-12", "north", "Leader", "OTHER")],
    );
    assert_eq!(
        meeting(&outside, "2023-06-12", "2023-12-31").remarks,
        ["Leader of Council north presided, and has no seat on the board on record"]
    );
    // A departure before that is refused. One of that day may have come after the meeting.
    assert_eq!(
        reasons(&given, &left("2023-05-01", "ash", "Member 1")),
        ["CONTRADICTS_LATER"; 2]
    );
    let left = recorded(&given, &[left("2023-06-10", "ash", "Member 1")]);
    let remarks = meeting(&left, "2023-06-10", "2023-12-31").remarks;
    assert_eq!(remarks, on("2023-06-10").remarks);
}
