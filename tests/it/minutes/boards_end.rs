//! Boards that end, and boards whose powers no paper states.

use minutebook::views::{self, attention::Asker};
use minutebook::wire::proto::{AttentionKind, BoardPower};
use serde_json::{Value, json};

use super::*;
use crate::given::date;

fn two_boards() -> Given {
    let mut other = board(&[member("a"), member("b")], json!({}));
    other["subject"] = "boards/next".into();
    Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        board(&[member("a"), member("b")], json!({})),
        other,
        matter("2019-01-10", 1),
    ])
}

fn ended(on: &str, more: Value) -> Value {
    let mut payload = json!({ "reason": "The arrangement ended" });
    for (name, value) in more.as_object().expect("fields") {
        payload[name] = value.clone();
    }
    on_joint(on, "boardEnded", payload)
}

fn meeting_called(on: &str, meets_on: &str) -> Value {
    let payload = json!({ "meetingId": "m", "meetsOn": date(meets_on) });
    on_joint(on, "meetingCalled", payload)
}

#[test]
fn a_board_that_has_ended_does_nothing_more() {
    let given = recorded(&two_boards(), &[ended("2019-03-31", json!({}))]);
    let chair = |on: &str| on_joint(on, "chairAppointed", json!({ "bodyId": "a" }));
    let joins = |on: &str| {
        let joined = json!({ "joined": [seat("a", "Deputy")] });
        on_joint(on, "boardMembershipChanged", joined)
    };
    let held = |on: &str| on_joint(on, "meetingHeld", json!({ "meetingId": "h" }));
    let decided = |on: &str| decision(on, 1, "APPROVED", json!({}));
    let over = &["BOARD_ENDED"][..];
    for event in [chair, joins, held, decided] {
        assert_eq!(
            reasons(&given, &event("2019-03-31")),
            [""; 0],
            "its last day"
        );
        assert_eq!(reasons(&given, &event("2019-04-01")), over);
        // In March or in April: the day is not known.
        assert_eq!(reasons(&given, &event("2019-04")), over);
    }
    assert_eq!(reasons(&given, &held("2019-03")), [""; 0]);
    let called = meeting_called("2019-03-01", "2019-04-10");
    assert_eq!(reasons(&given, &called), over);
    let voted = vote("2019-04-02", 1, "+a");
    assert_eq!(reasons(&given, &voted), over);
    // Minutes of its last meeting may be approved later, by others.
    let last = recorded(&given, &[held("2019-03-20")]);
    let minutes = on_joint("2019-06-01", "minutesApproved", json!({ "meetingId": "h" }));
    assert_eq!(reasons(&last, &minutes), [""; 0]);
    // It ends once, and not before it last met.
    assert_eq!(
        reasons(&given, &ended("2019-05-01", json!({}))),
        ["ALREADY_SO"]
    );
    let met = recorded(&two_boards(), &[held("2019-05-20")]);
    assert_eq!(
        reasons(&met, &ended("2019-03-31", json!({}))),
        ["BEFORE_ITEM"]
    );
    let itself = ended("2019-03-31", json!({ "successorBoardId": "joint" }));
    assert_eq!(reasons(&two_boards(), &itself), ["SELF_REFERENCE"]);
}

#[test]
fn a_day_that_may_be_before_or_after_the_end_is_taken() {
    let given = recorded(&two_boards(), &[ended("2019-03", json!({}))]);
    let held = |on: &str| on_joint(on, "meetingHeld", json!({ "meetingId": "h" }));
    assert_eq!(reasons(&given, &held("2019-03-30")), [""; 0]);
    assert_eq!(reasons(&given, &held("2019")), [""; 0]);
    assert_eq!(reasons(&given, &held("2019-04-01")), ["BOARD_ENDED"]);
}

#[test]
fn the_board_that_follows_is_awaited_in_its_place() {
    for ruled in [true, false] {
        let mut given = two_boards();
        if ruled {
            given = recorded(&given, &[rules(by_vote("MAJORITY", json!({})))]);
        }
        let follows = json!({ "successorBoardId": "next" });
        let given = recorded(&given, &[ended("2019-03-31", follows)]);
        let boards = |day: &str| -> Vec<String> {
            let approval = proposal(&given, day, 1).approval.expect("a line");
            let boards = approval.awaited.into_iter().filter_map(|one| one.board);
            let mut boards: Vec<String> = boards.map(|board| board.board_id).collect();
            boards.dedup();
            boards
        };
        assert_eq!(boards("2019-03-31"), ["joint"], "{ruled}");
        assert_eq!(boards("2019-04-01"), ["next"], "{ruled}");
        let mut by_next = decision("2019-05-01", 1, "APPROVED", json!({}));
        assert!(sentence(&given, &by_next).contains("name boards/next"));
        by_next["decisionMade"]["boardId"] = "next".into();
        assert_eq!(reasons(&given, &by_next), [""; 0], "{ruled}");
        let shown = views::board::get(&view(&given, "2019-04-01"), &"joint".parse().unwrap());
        let shown = shown.expect("the board");
        let summary = shown.summary.expect("a summary");
        assert_eq!(summary.ended_on.map(|on| on.month), Some(3));
        assert_eq!(summary.followed_by.expect("it").board_id, "next");
        assert_eq!(summary.member_count, 0);
        assert_eq!(shown.end_reason, "The arrangement ended");
        assert!(shown.terms_of_office.iter().all(|term| term.is_past));
    }
}

#[test]
fn what_a_board_left_open_asks_for_attention() {
    for ruled in [true, false] {
        let mut given = two_boards();
        if ruled {
            given = recorded(&given, &[rules(by_vote("MAJORITY", json!({})))]);
        }
        let given = recorded(&given, &[ended("2019-03-31", json!({}))]);
        // Where a rule asks for the board, nobody can give what it asks for.
        let constituents = if ruled { vec![] } else { vec!["a", "b"] };
        assert_eq!(awaited(&given, "2019-04-01", 1), constituents, "{ruled}");
        let lines = attention(&given, "2019-04-01");
        let left: Vec<&str> = lines
            .iter()
            .filter(|(kind, _)| *kind == AttentionKind::LeftOver)
            .map(|(_, what)| what.as_str())
            .collect();
        assert_eq!(left, ["proposal left open by the board: A matter"]);
    }
}

fn attention(given: &Given, day: &str) -> Vec<(AttentionKind, String)> {
    let register_view = view(given, day);
    let until = views::attention::looks_ahead_until(&register_view, &Asker::default());
    let lines = views::attention::list(&register_view, &Asker::default(), until);
    let lines = lines.into_iter();
    lines.map(|line| (line.kind(), line.what)).collect()
}

#[test]
fn a_chair_whose_term_is_over_asks_for_attention() {
    let chair = json!({ "bodyId": "a", "office": "Leader", "untilOn": date("2020-05-18") });
    let given = recorded(
        &two_boards(),
        &[on_joint("2019-05-20", "chairAppointed", chair)],
    );
    let lapsed = |given: &Given, day: &str| {
        let lines = attention(given, day).into_iter();
        let mut lines = lines.filter(|(kind, _)| *kind == AttentionKind::OfficeLapsed);
        lines.next().map(|(_, what)| what)
    };
    assert_eq!(lapsed(&given, "2020-05-18"), None);
    let what = lapsed(&given, "2020-05-19").expect("a line");
    assert!(
        what.contains("the chair, Leader of Council a, is over"),
        "{what}"
    );
    let next = on_joint("2020-06-01", "chairAppointed", json!({ "bodyId": "b" }));
    let followed = recorded(&given, &[next]);
    assert_eq!(lapsed(&followed, "2020-06-01"), None);
    let board = views::board::get(&view(&given, "2020-01-01"), &"joint".parse().unwrap());
    let until = board.expect("it").chair_until_on.expect("a day");
    assert_eq!((until.year, until.month, until.day), (2020, 5, 18));
}

#[test]
fn a_board_may_have_powers_that_no_paper_states() {
    let mut group = board(&[member("a")], json!({}));
    group["boardConstituted"]["powers"] = json!(["BOARD_POWER_NOT_GIVEN"]);
    let given = Given::recorded(&[council("a", "1974-04-01"), group, matter("2019-01-10", 1)]);
    let shown = views::board::get(&view(&given, "2019-01-10"), &"joint".parse().unwrap());
    let summary = shown.expect("it").summary.expect("a summary");
    assert_eq!(summary.powers, [BoardPower::NotGiven as i32]);
    let decided = decision("2019-01-11", 1, "APPROVED", json!({}));
    assert_eq!(reasons(&given, &decided), ["BOARD_CANNOT_DECIDE"]);
}

#[test]
fn votes_count_as_of_their_day_though_the_end_is_recorded_later() {
    let votes = |on: &str| [vote(on, 1, "+a"), vote(on, 1, "+b")];
    for ruled in [true, false] {
        let mut given = two_boards();
        if ruled {
            given = recorded(&given, &[rules(by_vote("MAJORITY", json!({})))]);
        }
        let decided = |on: &str| decision(on, 1, "APPROVED", json!({}));
        let late = ended("2019-03-31", json!({}));
        // Before its end: as if it were in being still.
        let before = recorded(&given, &votes("2019-03-01"));
        let before = recorded(&before, &[decided("2019-03-01"), late.clone()]);
        let why = reasoning(&before, "2019-06-01", 1);
        assert_eq!(
            standing(&before, "2019-06-01", 1),
            DecisionStanding::Approved
        );
        if ruled {
            assert!(why.contains("2 of 2 took part"), "{why}");
        }
        // After it: they contradict the end, where the register has taken them.
        let after = recorded(&given, &votes("2019-04-02"));
        let after = recorded(&after, &[decided("2019-04-02")]);
        if !reasons(&after, &late).is_empty() {
            continue;
        }
        let after = recorded(&after, &[late]);
        assert_ne!(
            standing(&after, "2019-06-01", 1),
            DecisionStanding::Approved
        );
        let why = reasoning(&after, "2019-06-01", 1);
        assert!(
            why.contains("boards/joint had ended before 2019-04-02"),
            "{why}"
        );
        let shown = &proposal(&after, "2019-06-01", 1).decisions[0];
        assert_eq!(shown.standing(), DecisionStanding::Fallen);
        let deferred = recorded(&given, &[decision("2019-04-02", 1, "DEFERRED", json!({}))]);
        let deferred = recorded(&deferred, &[ended("2019-03-31", json!({}))]);
        assert_eq!(
            standing(&deferred, "2019-06-01", 1),
            DecisionStanding::Pending
        );
        // Those that voted before and had not all voted by then leave it undecided.
        let open = recorded(&given, &votes("2019-03-01")[..1]);
        let open = recorded(&open, &[ended("2019-03-31", json!({}))]);
        assert_eq!(standing(&open, "2019-06-01", 1), DecisionStanding::Pending);
        if ruled {
            let why = reasoning(&open, "2019-06-01", 1);
            assert!(why.contains("1 of 2 took part"), "{why}");
        }
    }
}

#[test]
fn the_board_that_follows_need_exist_on_the_day_after_alone() {
    let mut new = board(&[member("a"), member("b")], json!({}));
    new["subject"] = "boards/new".into();
    new["effectiveOn"] = date("2019-04-01");
    let given = recorded(&two_boards(), &[new]);
    let follows = json!({ "successorBoardId": "new" });
    assert_eq!(
        reasons(&given, &ended("2019-03-31", follows.clone())),
        [""; 0]
    );
    assert_eq!(reasons(&given, &ended("2019-03", follows.clone())), [""; 0]);
    for early in ["2019-03-30", "2019-02"] {
        assert_eq!(
            reasons(&given, &ended(early, follows.clone())),
            ["UNKNOWN_BOARD"]
        );
    }
    let given = recorded(&given, &[ended("2019-03-31", follows)]);
    assert_eq!(awaited(&given, "2019-03-31", 1), ["joint"]);
    assert_eq!(awaited(&given, "2019-04-01", 1), ["new"]);
    // A board does not end before it is set up.
    for early in ["2015-03-31", "2014"] {
        assert_eq!(
            reasons(&two_boards(), &ended(early, json!({}))),
            ["BEFORE_SUBJECT"]
        );
    }
    let joint = board(&[member("a"), member("b")], json!({}));
    let alone = Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        joint,
    ]);
    assert_eq!(reasons(&alone, &ended("2015", json!({}))), [""; 0]);
    // A matter was put to it later.
    assert_eq!(
        reasons(&two_boards(), &ended("2015", json!({}))),
        ["CONTRADICTS_LATER"]
    );
}

#[test]
fn a_committee_of_a_collaboration_that_ended_is_left_over() {
    let shared = |on: &str, kind: &str, payload: Value| {
        crate::given::event("collaborations/shared", on, kind, payload)
    };
    let serves = json!({ "collaborationIds": ["shared"] });
    let given = Given::recorded(&[
        council("a", "1974-04-01"),
        council("b", "1974-04-01"),
        council("ab", "2019-04-01"),
        shared(
            "2010-01-01",
            "collaborationEstablished",
            json!({ "name": "Shared", "kind": "COLLABORATION_KIND_PARTNERSHIP",
                "partyIds": ["a", "b"] }),
        ),
        board(&[member("a"), member("b")], serves),
    ]);
    let follow = |body: &str| {
        let payload = json!({ "successorId": "ab" });
        crate::given::event(
            &format!("bodies/{body}"),
            "2019-04-01",
            "bodySucceeded",
            payload,
        )
    };
    let over = shared(
        "2019-06-01",
        "collaborationEnded",
        json!({ "cause": "END_CAUSE_LAW", "reason": "One council", "legalBasis": "SI 2019/1" }),
    );
    let given = recorded(&given, &[follow("a"), follow("b")]);
    let left = |given: &Given, day: &str| -> Vec<String> {
        let lines = attention(given, day).into_iter();
        let lines = lines.filter(|(kind, _)| *kind == AttentionKind::LeftOver);
        lines.map(|(_, what)| what).collect()
    };
    let given = recorded(&given, &[over]);
    assert_eq!(left(&given, "2019-03-31"), [""; 0]);
    let one = &left(&given, "2019-05-31")[0];
    assert!(one.contains("have become those of Council ab"), "{one}");
    assert_eq!(
        left(&given, "2019-06-01"),
        [
            "what the board serves has ended, all its seats are of Council ab, and no entry ends the \
          board"
        ]
    );
    // Two seats of one council are none of a committee of two.
    let board = |day: &str| {
        let shown = views::board::get(&view(&given, day), &"joint".parse().unwrap());
        let shown = shown.expect("the board");
        let ab = views::body::get(&view(&given, day), &"ab".parse().unwrap());
        let of_body = ab.expect("the council").seats.len();
        let count = shown.summary.expect("a summary").member_count;
        (count, shown.seats.len(), of_body)
    };
    assert_eq!(board("2019-05-31"), (2, 2, 2));
    assert_eq!(board("2019-06-01"), (1, 1, 1));
    let given = recorded(&given, &[ended("2019-07-01", json!({}))]);
    assert_eq!(left(&given, "2019-07-02"), [""; 0]);
}
