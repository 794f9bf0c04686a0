//! Matters before a board that has ended and that no board follows, that serves the
//! collaboration no more, or whose bodies have become one: each of the bodies in whose name it
//! decided is awaited, and none of them decides for the others.

use minutebook::wire::proto::DecisionStanding::{Approved, Pending, Rejected};
use serde_json::{Value, json};

use super::course::*;
use crate::given::{Given, event, judged};

const REFUSED: &[&str] = &["NOT_PUT_TO"];

fn before(board: &str) -> Given {
    let more = json!({ "boardId": board });
    with(stage(), &[proposed("2020-02-03", 1, depot(), more)])
}

fn ended(board: &str) -> Value {
    let payload = json!({ "reason": "The arrangement ended" });
    event(
        &format!("boards/{board}"),
        "2020-02-29",
        "boardEnded",
        payload,
    )
}

fn board(day: &str, id: &str, outcome: &str) -> Value {
    decides(day, id, outcome, json!({}))
}

fn body(day: &str, id: &str, outcome: &str) -> Value {
    officer(day, id, "", outcome, json!({}))
}

#[test]
fn the_body_whose_cabinet_ended_is_awaited_and_no_other_decides_for_it() {
    let given = with(before("ash-cab"), &[ended("ash-cab")]);
    assert_eq!(awaited(&given, "2020-02-29"), ["ash-cab"]);
    assert_eq!(awaited(&given, "2020-03-01"), ["ash"]);
    let on = "2020-03-10";
    judged(
        &given,
        &[
            ("another's", board(on, "bram-cab", "APPROVED"), REFUSED),
            ("against", board(on, "bram-cab", "REJECTED"), REFUSED),
            ("the other party", body(on, "bram", "APPROVED"), REFUSED),
            ("the committee", board(on, "jc", "APPROVED"), REFUSED),
            (
                "a board of its own",
                board(on, "ash-council", "APPROVED"),
                &[],
            ),
            ("the body", body(on, "ash", "APPROVED"), &[]),
        ],
    );
    let text = super::refusal(&given, &board(on, "bram-cab", "APPROVED"));
    assert!(text.contains("put to ash, and not to"), "{text}");
    for (outcome, expected) in [("APPROVED", Approved), ("REJECTED", Rejected)] {
        let given = with(given.clone(), &[board(on, "ash-council", outcome)]);
        assert_eq!(standing(&given, on), expected);
        assert_eq!(awaited(&given, on), [""; 0]);
    }
    // Put to each of two councils, the one without a cabinet is still awaited.
    let both = proposed(
        "2020-02-03",
        1,
        depot(),
        json!({ "putToIds": ["ash", "bram"] }),
    );
    let events = [both, ended("ash-cab"), board(on, "bram-cab", "APPROVED")];
    let given = with(stage(), &events);
    assert_eq!(standing(&given, on), Pending);
    assert_eq!(awaited(&given, on), ["ash"]);
}

#[test]
fn each_constituent_of_a_joint_committee_that_ended_is_awaited() {
    let vote = |n: u32, body: &str| {
        let office = format!("Councillor {n}");
        let payload = json!({ "proposalId": id(1), "choice": "VOTE_CHOICE_APPROVE",
            "boardId": "jc", "voter": { "bodyId": body, "office": office } });
        super::course::on("2020-02-10", "voteCast", payload)
    };
    // Votes on the committee were on its own decision, which it never made.
    let voted = with(before("jc"), &[vote(1, "ash"), vote(2, "bram")]);
    for given in [before("jc"), voted] {
        let given = with(given, &[ended("jc")]);
        assert_eq!(awaited(&given, "2020-02-29").last().unwrap(), "jc");
        assert_eq!(awaited(&given, "2020-03-01"), ["ash", "bram"]);
        let minister = body("2020-03-10", "minister", "APPROVED");
        judged(&given, &[("nobody else", minister, REFUSED)]);
        let one = with(given.clone(), &[board("2020-03-10", "ash-cab", "APPROVED")]);
        assert_eq!(standing(&one, "2020-03-10"), Pending);
        assert_eq!(awaited(&one, "2020-03-10"), ["bram"]);
        for (outcome, expected) in [("APPROVED", Approved), ("REJECTED", Rejected)] {
            let other = body("2020-03-20", "bram", outcome);
            let given = with(one.clone(), &[other]);
            assert_eq!(standing(&given, "2020-03-20"), expected);
        }
        let against = with(given, &[board("2020-03-10", "bram-cab", "REJECTED")]);
        assert_eq!(standing(&against, "2020-03-10"), Rejected);
    }
}

#[test]
fn what_a_board_decided_before_its_end_goes_on() {
    let condition = json!({ "subjectTo": [{ "conditionId": "c", "what": "The grant" }] });
    let approves = decides("2020-02-10", "jc", "APPROVED", condition);
    let met = settles("2020-03-10", "jc-2020-02-10", "c", "MET");
    let given = with(before("jc"), &[approves, ended("jc"), met]);
    assert_eq!(standing(&given, "2020-03-10"), Approved);
    // A matter that it supported is for another board, whatever became of it.
    let supports = board("2020-02-10", "jc", "SUPPORTED");
    let given = with(before("jc"), &[supports, ended("jc")]);
    let given = with(given, &[board("2020-03-10", "ash-cab", "APPROVED")]);
    assert_eq!(standing(&given, "2020-03-10"), Approved);
}

/// One council follows both, or Bramley alone.
fn merged(given: Given, followed: &[&str]) -> Given {
    let payload = json!({ "name": "One", "kind": "BODY_KIND_COUNCIL" });
    let cabinet = json!({ "name": "Its cabinet", "powers": ["BOARD_POWER_DECIDES"],
        "ownerBodyId": "one" });
    let mut events = vec![
        event("bodies/one", "2020-02-20", "bodyRegistered", payload),
        event("boards/one-cab", "2020-02-20", "boardConstituted", cabinet),
    ];
    events.extend(followed.iter().map(|body| {
        let heir = json!({ "successorId": "one" });
        event(
            &format!("bodies/{body}"),
            "2020-02-20",
            "bodySucceeded",
            heir,
        )
    }));
    with(given, &events)
}

#[test]
fn the_heir_of_all_constituents_decides_in_the_place_of_their_committee() {
    let on = "2020-03-10";
    let heir = |given: &Given, expected: &[&str]| {
        judged(
            given,
            &[
                ("the heir", body(on, "one", "APPROVED"), expected),
                ("its cabinet", board(on, "one-cab", "APPROVED"), expected),
                ("against", board(on, "one-cab", "REJECTED"), expected),
            ],
        );
    };
    let of_both = merged(before("jc"), &["ash", "bram"]);
    heir(&of_both, &[]);
    let given = with(of_both.clone(), &[board(on, "one-cab", "APPROVED")]);
    assert_eq!(standing(&given, on), Approved);
    // The heir of one of them does not speak for the other.
    let of_one = merged(before("jc"), &["bram"]);
    heir(&of_one, REFUSED);
    // Once the committee has ended, it is the one that is awaited.
    let given = with(of_both, &[ended("jc")]);
    assert_eq!(awaited(&given, "2020-03-01"), ["one"]);
    let given = with(given, &[body(on, "one", "APPROVED")]);
    assert_eq!(standing(&given, on), Approved);
    let given = with(of_one, &[ended("jc")]);
    assert_eq!(awaited(&given, "2020-03-01"), ["ash", "one"]);
}

#[test]
fn each_heir_of_a_divided_council_is_awaited_in_the_place_of_its_cabinet() {
    let council = |id: &str| {
        let payload = json!({ "name": id, "kind": "BODY_KIND_COUNCIL" });
        event(
            &format!("bodies/{id}"),
            "2020-02-20",
            "bodyRegistered",
            payload,
        )
    };
    let divided = json!({ "successorId": "east", "alsoSuccessorIds": ["west"] });
    let divided = event("bodies/ash", "2020-03-01", "bodySucceeded", divided);
    let given = with(
        before("ash-cab"),
        &[council("east"), council("west"), divided],
    );
    assert_eq!(awaited(&given, "2020-02-29"), ["ash-cab"]);
    assert_eq!(awaited(&given, "2020-03-01"), ["east", "west"]);
    let given = with(given, &[body("2020-03-10", "west", "APPROVED")]);
    assert_eq!(standing(&given, "2020-03-10"), Pending);
    assert_eq!(awaited(&given, "2020-03-10"), ["east"]);
    let given = with(given, &[body("2020-03-11", "east", "APPROVED")]);
    assert_eq!(standing(&given, "2020-03-11"), Approved);
}

#[test]
fn a_matter_that_a_board_referred_before_its_end_is_for_that_body() {
    let refers = json!({ "referredToId": "bram" });
    let refers = decides("2020-02-10", "ash-cab", "REFERRED", refers);
    let given = with(before("ash-cab"), &[refers, ended("ash-cab")]);
    assert_eq!(awaited(&given, "2020-03-01"), ["bram"]);
    let given = with(given, &[board("2020-03-10", "bram-cab", "APPROVED")]);
    assert_eq!(standing(&given, "2020-03-10"), Approved);
}

#[test]
fn a_board_that_serves_the_collaboration_no_more_is_not_awaited() {
    let ceased = json!({ "removedCollaborationIds": ["waste"],
        "document": { "title": "Minute 4" } });
    let ceased = event(
        "boards/jc",
        "2020-03-01",
        "boardCollaborationsChanged",
        ceased,
    );
    let given = with(before("jc"), &[ceased]);
    let board_of = |day: &str| {
        let line = proposal(&given, day).approval.expect("a line");
        line.board.map(|board| board.board_id)
    };
    assert_eq!(awaited(&given, "2020-02-29"), ["jc"]);
    assert_eq!(board_of("2020-02-29").as_deref(), Some("jc"));
    assert_eq!(awaited(&given, "2020-03-01"), ["ash", "bram"]);
    assert_eq!(board_of("2020-03-01"), None);
    let both = [
        board("2020-03-10", "ash-cab", "APPROVED"),
        board("2020-03-11", "bram-cab", "APPROVED"),
    ];
    let given = with(given, &both);
    assert_eq!(standing(&given, "2020-03-10"), Pending);
    assert_eq!(standing(&given, "2020-03-11"), Approved);
}

#[test]
fn another_board_of_the_body_is_shown_its_own_ways() {
    let given = before("ash-cab");
    let own = board("2020-02-05", "ash-council", "APPROVED");
    let text = super::refusal(&given, &own);
    assert!(text.contains("Local Government Act 2000 s.9D"), "{text}");
    let other = super::refusal(&given, &board("2020-02-05", "bram-cab", "APPROVED"));
    assert!(!other.contains("s.9D"), "{other}");
    // Sent back, the board that is to decide again is named, and no other.
    let back = json!({ "sentBackToBoardId": "ash-council" });
    let back = decides("2020-02-05", "ash-cab", "DEFERRED", back);
    let given = with(given, &[back]);
    let text = super::refusal(&given, &board("2020-02-06", "bram-cab", "APPROVED"));
    assert!(
        text.contains("put to boards/ash-council, and not to"),
        "{text}"
    );
}
