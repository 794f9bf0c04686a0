//! Minutes that contradict themselves.

use serde_json::{Value, json};

use super::*;

/// Four councillors of each of two councils, with a quorum of four; a matter is before
/// them.
fn eight() -> Given {
    let seats = |body: &'static str| (1..=4).map(move |n| seat(body, &format!("Seat {n}")));
    let members: Vec<Value> = seats("ash").chain(seats("bram")).collect();
    let orders = json!({ "quorum": 4, "castingVote": "CASTING_VOTE_PRESIDING" });
    Given::recorded(&[
        council("ash", "1974-04-01"),
        council("bram", "1974-04-01"),
        board(&members, orders),
        rules(by_vote("MAJORITY", json!({}))),
        matter("2022-11-30", 1),
    ])
}

fn held(more: Value) -> Value {
    held_on("2022-11-30", "m", more)
}

fn held_on(on: &str, id: &str, more: Value) -> Value {
    let mut payload = more;
    payload["meetingId"] = id.into();
    on_joint(on, "meetingHeld", payload)
}

fn there(body: &str, n: u32, how: &str) -> Value {
    json!({ "who": seat(body, &format!("Seat {n}")),
        "attendance": format!("ATTENDANCE_KIND_{how}") })
}

fn at_the_meeting(kind: &str, mut event: Value) -> Value {
    event[kind]["meeting"] = json!({ "boardId": "joint", "meetingId": "m" });
    event
}

#[test]
fn a_member_who_left_the_room_for_an_interest_is_not_among_the_votes() {
    let mut left = vote("2022-11-30", 1, "0ash/Seat 1");
    left["voteCast"]["interest"] = json!({ "description": "Lives beside the depot",
        "kind": "INTEREST_KIND_DISCLOSABLE_PECUNIARY",
        "course": "INTEREST_COURSE_LEFT_THE_ROOM" });
    let given = recorded(&eight(), &[left]);
    let all = approved("2022-11-30", 1, json!({ "votesFor": 8 }));
    assert_eq!(reasons(&given, &all), ["TALLY_CONTRADICTED"]);
    assert!(sentence(&given, &all).contains("1 of its 8 members declared an interest"));
    let others = approved("2022-11-30", 1, json!({ "votesFor": 7 }));
    assert_eq!(reasons(&given, &others), [""; 0]);
    // Six came, and one of them took no part.
    let names = (1..=3).flat_map(|n| ["ash", "bram"].map(|body| there(body, n, "PRESENT")));
    let attendance: Vec<Value> = names.collect();
    let mut apart = vote("2022-11-30", 1, "0ash/Seat 1");
    apart["voteCast"]["interest"] = json!({ "description": "Lives beside the depot",
        "kind": "INTEREST_KIND_DISCLOSABLE_PECUNIARY",
        "course": "INTEREST_COURSE_LEFT_THE_ROOM" });
    let six = recorded(
        &eight(),
        &[held(json!({ "attendance": attendance })), apart],
    );
    let at = |votes: u32| {
        let tally = json!({ "votesFor": votes });
        at_the_meeting("decisionMade", approved("2022-11-30", 1, tally))
    };
    assert_eq!(reasons(&six, &at(6)), ["TALLY_CONTRADICTED"]);
    assert!(sentence(&six, &at(6)).contains("1 of the 6 who were there"));
    assert_eq!(reasons(&six, &at(5)), [""; 0]);
    // Nor does that member give the casting vote.
    let level = |by: &str| {
        let casting = json!({ "by": seat("ash", by), "choice": "VOTE_CHOICE_APPROVE" });
        let tally = json!({ "votesFor": 2, "votesAgainst": 2, "castingVote": casting });
        at_the_meeting("decisionMade", approved("2022-11-30", 1, tally))
    };
    assert_eq!(reasons(&six, &level("Seat 1")), ["TALLY_CONTRADICTED"]);
    assert_eq!(reasons(&six, &level("Seat 2")), [""; 0]);
}

#[test]
fn a_member_who_sent_apologies_does_not_vote() {
    let absent = held(json!({ "attendance": [there("ash", 1, "APOLOGIES")] }));
    let given = recorded(&eight(), std::slice::from_ref(&absent));
    let own = at_the_meeting("voteCast", vote("2022-11-30", 1, "+ash/Seat 1"));
    assert_eq!(reasons(&given, &own), ["LISTED_ABSENT"]);
    assert!(sentence(&given, &own).contains("para 39(1)"));
    let other = at_the_meeting("voteCast", vote("2022-11-30", 1, "+ash/Seat 2"));
    assert_eq!(reasons(&given, &other), [""; 0]);
    let mut by_substitute = own.clone();
    by_substitute["voteCast"]["castBy"] = seat("ash", "Deputy");
    assert_eq!(reasons(&given, &by_substitute), [""; 0]);
    // The other way round.
    let voted = recorded(&eight(), &[held_call(), own]);
    assert_eq!(reasons(&voted, &absent), ["LISTED_ABSENT"]);
}

#[test]
fn the_casting_vote_is_that_of_the_person_presiding() {
    let presided = held(json!({ "presiding": { "who": seat("bram", "Seat 1"),
        "presidedAs": "PRESIDING_AS_VICE_CHAIR" } }));
    let level = |by: Value| {
        let casting = json!({ "by": by, "choice": "VOTE_CHOICE_APPROVE" });
        let tally = json!({ "votesFor": 3, "votesAgainst": 3, "castingVote": casting });
        at_the_meeting("decisionMade", approved("2022-11-30", 1, tally))
    };
    let given = recorded(&eight(), std::slice::from_ref(&presided));
    for other in [seat("ash", "Seat 1"), seat("bram", "Seat 2")] {
        assert_eq!(reasons(&given, &level(other)), ["NOT_PRESIDING"]);
    }
    for own in [
        seat("bram", "Seat 1"),
        seat("bram", "Chairman"),
        member("bram"),
    ] {
        assert_eq!(reasons(&given, &level(own)), [""; 0]);
    }
    let decided = recorded(&eight(), &[held_call(), level(seat("ash", "Seat 1"))]);
    assert_eq!(reasons(&decided, &presided), ["NOT_PRESIDING"]);
}

/// The meeting is called, and not yet on record as held.
fn held_call() -> Value {
    let payload = json!({ "meetingId": "m", "meetsOn": crate::given::date("2022-11-30") });
    on_joint("2022-11-01", "meetingCalled", payload)
}

#[test]
fn one_person_fills_one_seat() {
    let substitute = |n: u32, by: Value| {
        let mut one = there("ash", n, "SUBSTITUTE");
        one["substitute"] = by;
        one
    };
    let deputy = || seat("ash", "Deputy");
    for (attendance, expected) in [
        (
            json!([
                there("ash", 2, "PRESENT"),
                substitute(1, seat("ash", "Seat 2"))
            ]),
            &["ONE_FOR_TWO"][..],
        ),
        (
            json!([substitute(1, deputy()), substitute(2, deputy())]),
            &["ONE_FOR_TWO"][..],
        ),
        (
            json!([
                substitute(1, deputy()),
                substitute(2, seat("ash", "Another"))
            ]),
            &[][..],
        ),
        (
            json!([there("ash", 2, "APOLOGIES"), substitute(1, deputy())]),
            &[][..],
        ),
    ] {
        let event = held(json!({ "attendance": attendance }));
        assert_eq!(reasons(&eight(), &event), expected, "{event}");
    }
    let cast = |n: u32, by: Value| {
        let mut event = vote("2022-11-30", 1, &format!("+ash/Seat {n}"));
        event["voteCast"]["castBy"] = by;
        event
    };
    let given = recorded(&eight(), &[cast(1, deputy())]);
    assert_eq!(reasons(&given, &cast(2, deputy())), ["ONE_FOR_TWO"]);
    assert_eq!(reasons(&given, &cast(2, seat("ash", "Another"))), [""; 0]);
    let own = recorded(&eight(), &[vote("2022-11-30", 1, "+ash/Seat 2")]);
    assert_eq!(
        reasons(&own, &cast(1, seat("ash", "Seat 2"))),
        ["ONE_FOR_TWO"]
    );
}

#[test]
fn a_meeting_with_a_quorum_by_its_own_attendance_is_not_inquorate() {
    let came = |number: u32| -> Value {
        let ash = (1..=4).map(|n| there("ash", n, "PRESENT"));
        let bram = (1..=4).map(|n| there("bram", n, "PRESENT"));
        let number = usize::try_from(number).expect("a few");
        ash.chain(bram).take(number).collect()
    };
    for (number, expected) in [
        (8, &["QUORUM_WAS_THERE"][..]),
        (4, &["QUORUM_WAS_THERE"]),
        (3, &[]),
    ] {
        let event = held(json!({ "inquorate": true, "attendance": came(number) }));
        assert_eq!(reasons(&eight(), &event), expected, "{number}");
    }
    let lost = held(json!({ "inquorateFromItem": "6", "attendance": came(8) }));
    assert_eq!(reasons(&eight(), &lost), [""; 0]);
    // Too few by its own attendance, and not said to be inquorate: shown.
    let given = recorded(&eight(), &[held(json!({ "attendance": came(1) }))]);
    let shown = minutebook::views::meeting::get(
        &view(&given, "2022-12-01"),
        &"joint".parse().unwrap(),
        &"m".parse().unwrap(),
    );
    let remarks = shown.expect("it").remarks;
    assert!(
        remarks[0].contains("1 with a vote attended of a quorum of 4"),
        "{remarks:?}"
    );
}

#[test]
fn minutes_are_approved_at_a_meeting_after_their_own_and_on_its_day() {
    let given = recorded(
        &eight(),
        &[
            held_on("2020-05-08", "may", json!({})),
            held_on("2020-06-08", "june", json!({})),
        ],
    );
    let minutes = |on: &str, of: &str, at: &str| {
        on_joint(
            on,
            "minutesApproved",
            json!({ "meetingId": of, "atMeetingId": at }),
        )
    };
    for (event, expected) in [
        (
            minutes("2020-06-01", "may", "june"),
            &["NOT_ON_MEETING_DAY"][..],
        ),
        (minutes("2020-06-08", "may", "june"), &[]),
        (minutes("2020-06", "may", "june"), &[]),
        (minutes("2020-07-01", "june", "may"), &["BEFORE_ITEM"]),
        (minutes("2020-05-08", "may", "may"), &[]),
    ] {
        assert_eq!(reasons(&given, &event), expected, "{event}");
    }
}

#[test]
fn whoever_presided_and_is_not_listed_is_counted_as_present_with_a_remark() {
    let attendance = json!([
        there("ash", 1, "PRESENT"),
        there("ash", 2, "PRESENT"),
        there("bram", 1, "PRESENT"),
    ]);
    let event = held(json!({ "attendance": attendance, "presiding": {
        "who": seat("bram", "Seat 2"), "presidedAs": "PRESIDING_AS_CHAIR" } }));
    let given = recorded(&eight(), &[event]);
    let shown = minutebook::views::meeting::get(
        &view(&given, "2022-12-01"),
        &"joint".parse().unwrap(),
        &"m".parse().unwrap(),
    );
    let shown = shown.expect("the meeting");
    assert_eq!(shown.present_count, 4);
    assert!(
        shown.remarks[0].contains("Seat 2 of Council bram presided"),
        "{:?}",
        shown.remarks
    );
    let four = at_the_meeting(
        "decisionMade",
        approved("2022-11-30", 1, json!({ "votesFor": 4 })),
    );
    assert_eq!(reasons(&given, &four), [""; 0]);
    let five = at_the_meeting(
        "decisionMade",
        approved("2022-11-30", 1, json!({ "votesFor": 5 })),
    );
    assert_eq!(reasons(&given, &five), ["TALLY_CONTRADICTED"]);
}
