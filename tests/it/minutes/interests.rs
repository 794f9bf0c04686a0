//! Interests that members declare, dispensations, and substitutes.

use minutebook::wire::proto::{DecisionStanding, InterestCourse};
use serde_json::{Value, json};

use super::*;
use crate::given::date;

/// A joint committee of three councils with quorum 2 and a matter before it.
fn three() -> Given {
    Given::recorded(&[
        council("fa", "1974-04-01"),
        council("fb", "1974-04-01"),
        council("fc", "1974-04-01"),
        board(&["fa", "fb", "fc"].map(member), json!({ "quorum": 2 })),
        rules(by_vote("MAJORITY", json!({}))),
        matter("2015-04-01", 1),
    ])
}

fn interest(kind: &str, course: &str) -> Value {
    json!({ "description": "Sits on the board of the association that bids",
        "kind": format!("INTEREST_KIND_{kind}"), "course": format!("INTEREST_COURSE_{course}") })
}

fn dispensation(granted_on: &str, expires_on: &str) -> Value {
    json!({ "grantedOn": date(granted_on), "expiresOn": date(expires_on),
        "ground": "DISPENSATION_GROUND_TOO_FEW_LEFT", "reference": "Monitoring Officer 12" })
}

fn with_interest(with: &str, interest: Value) -> Value {
    let mut event = vote("2015-04-02", 1, with);
    event["voteCast"]["interest"] = interest;
    event
}

fn approval() -> Value {
    decision("2015-04-02", 1, "APPROVED", json!({}))
}

#[test]
fn a_dispensation_makes_the_vote_of_a_member_with_an_interest_count() {
    let conflicted = |with: &str| {
        let mut event = vote("2015-04-02", 1, with);
        event["voteCast"]["conflictDeclared"] = "Sits on its board; has a dispensation".into();
        event
    };
    let against = vote("2015-04-02", 1, "-fc");
    // The old field keeps its meaning, and the refusal names the new one.
    let old = recorded(
        &three(),
        &[conflicted("+fa"), conflicted("+fb"), against.clone()],
    );
    assert_eq!(reasons(&old, &approval()), ["QUORUM_NOT_MET"]);
    assert!(sentence(&old, &approval()).contains("vote_cast.interest"));
    let allowed = |with: &str| {
        let mut interest = interest("DISCLOSABLE_PECUNIARY", "VOTED");
        interest["dispensation"] = dispensation("2014-05-01", "2018-04-30");
        with_interest(with, interest)
    };
    let given = recorded(&three(), &[allowed("+fa"), allowed("+fb"), against]);
    let given = recorded(&given, &[approval()]);
    assert_eq!(
        standing(&given, "2015-04-02", 1),
        DecisionStanding::Approved
    );
    let word = proposal(&given, "2015-04-02", 1).words.remove(0);
    let shown = word.interest.expect("the interest");
    assert_eq!(shown.course(), InterestCourse::Voted);
    assert_eq!(
        shown.dispensation.expect("it").reference,
        "Monitoring Officer 12"
    );
}

#[test]
fn a_disclosable_pecuniary_interest_bars_the_vote_without_a_dispensation_in_force() {
    let given = three();
    let barred = with_interest("+fa", interest("DISCLOSABLE_PECUNIARY", "VOTED"));
    assert_eq!(reasons(&given, &barred), ["INTEREST_BARS_VOTE"]);
    assert!(sentence(&given, &barred).contains("interest.dispensation"));
    for (granted_on, expires_on, in_force) in [
        ("2014-05-01", "2015-04-02", true),
        ("2015-04-02", "2019-04-02", true),
        ("2014-05-01", "2015-04-01", false),
        ("2015-04-03", "2016-04-01", false),
        // Granted in April: it may have been in force on the second.
        ("2015-04", "2016-04", true),
    ] {
        let mut interest = interest("DISCLOSABLE_PECUNIARY", "VOTED");
        interest["dispensation"] = dispensation(granted_on, expires_on);
        let expected = if in_force {
            &[][..]
        } else {
            &["INTEREST_BARS_VOTE"][..]
        };
        let event = with_interest("+fa", interest);
        assert_eq!(
            reasons(&given, &event),
            expected,
            "{granted_on} to {expires_on}"
        );
    }
    assert_eq!(
        reasons(&given, &with_interest("+fa", interest("OTHER", "VOTED"))),
        [""; 0],
        "any other interest does not"
    );
}

#[test]
fn who_left_or_stayed_without_a_vote_counts_as_the_course_says() {
    let for_it = vote("2015-04-02", 1, "+fb");
    for (kind, course, expected) in [
        ("OTHER", "LEFT_THE_ROOM", &["QUORUM_NOT_MET"][..]),
        ("OTHER", "STAYED_WITHOUT_VOTE", &[][..]),
        ("OTHER", "VOTED", &[][..]),
        (
            "DISCLOSABLE_PECUNIARY",
            "LEFT_THE_ROOM",
            &["QUORUM_NOT_MET"][..],
        ),
        (
            "DISCLOSABLE_PECUNIARY",
            "STAYED_WITHOUT_VOTE",
            &["QUORUM_NOT_MET"][..],
        ),
    ] {
        let declared = with_interest("0fa", interest(kind, course));
        let given = recorded(&three(), &[declared, for_it.clone()]);
        assert_eq!(reasons(&given, &approval()), expected, "{kind} {course}");
    }
}

#[test]
fn a_substitute_is_of_the_body_that_holds_the_seat() {
    let given = three();
    let cast_by = |by: Value| {
        let mut event = vote("2015-04-02", 1, "+fa");
        event["voteCast"]["castBy"] = by;
        event
    };
    assert_eq!(
        reasons(&given, &cast_by(seat("fb", "Deputy Leader"))),
        ["NOT_A_SUBSTITUTE"]
    );
    assert_eq!(
        reasons(&given, &cast_by(json!({ "office": "Deputy Leader" }))),
        ["NOT_A_SUBSTITUTE"]
    );
    let given = recorded(&given, &[cast_by(seat("fa", "Deputy Leader"))]);
    let word = proposal(&given, "2015-04-02", 1).words.remove(0);
    assert_eq!(
        word.cast_by.expect("the substitute").office,
        "Deputy Leader"
    );
}

#[test]
fn a_dispensation_whose_days_the_source_does_not_give_is_taken() {
    let with = |dispensation: Value| {
        let mut interest = interest("DISCLOSABLE_PECUNIARY", "VOTED");
        interest["dispensation"] = dispensation;
        with_interest("+fa", interest)
    };
    // At most four years (Localism Act 2011 s.33(3)); the vote is of 2 April 2015.
    for (days, expected) in [
        (json!({}), &[][..]),
        (json!({ "grantedOn": date("2014-05-01") }), &[]),
        (json!({ "grantedOn": date("2011-04-02") }), &[]),
        (
            json!({ "grantedOn": date("2011-04-01") }),
            &["INTEREST_BARS_VOTE"],
        ),
        (
            json!({ "grantedOn": date("2015-04-03") }),
            &["INTEREST_BARS_VOTE"],
        ),
        (json!({ "expiresOn": date("2019-04-01") }), &[]),
        (
            json!({ "expiresOn": date("2015-04-01") }),
            &["INTEREST_BARS_VOTE"],
        ),
        (
            json!({ "expiresOn": date("2019-04-03") }),
            &["INTEREST_BARS_VOTE"],
        ),
    ] {
        assert_eq!(reasons(&three(), &with(days.clone())), expected, "{days}");
    }
    let given = recorded(&three(), &[with(json!({}))]);
    let shown = proposal(&given, "2015-04-03", 1);
    let table = printed(&minutebook::present::reports::proposal::in_full(&shown));
    assert!(
        table.contains("dispensation, its days not given"),
        "{table}"
    );
}

#[test]
fn the_meeting_says_who_left_for_an_interest_and_who_voted_by_dispensation() {
    let mut voted = interest("DISCLOSABLE_PECUNIARY", "VOTED");
    voted["dispensation"] = dispensation("2014-05-01", "2018-04-30");
    let left = interest("DISCLOSABLE_PECUNIARY", "LEFT_THE_ROOM");
    let at_it = |mut event: Value| {
        event["voteCast"]["meeting"] = json!({ "boardId": "joint", "meetingId": "m" });
        event
    };
    let held = on_joint("2015-04-02", "meetingHeld", json!({ "meetingId": "m" }));
    let given = recorded(
        &three(),
        &[
            held,
            at_it(with_interest("+fa", voted)),
            at_it(with_interest("0fb", left)),
        ],
    );
    let (board, id) = ("joint".parse().unwrap(), "m".parse().unwrap());
    let shown = minutebook::views::meeting::get(&view(&given, "2015-04-02"), &board, &id);
    let lines = shown.expect("the meeting").lines.into_iter();
    let results: Vec<String> = lines.map(|line| line.result).collect();
    let about = "Sits on the board of the association that bids";
    assert_eq!(
        results,
        [
            format!("for; interest declared, with a dispensation: {about}"),
            format!("left the room; interest declared: {about}"),
        ]
    );
}
