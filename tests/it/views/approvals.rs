//! Approvals on both time axes: the proposals before a meeting as of that day, and
//! as known that day.

use minutebook::domain::ids::{BodyId, SubjectId};
use minutebook::views;
use minutebook::wire::proto::{
    ApprovalView, Awaited, DecisionStanding, NeedState, NeedView, ProposalView,
};
use serde_json::{Value, json};

use super::ALL;
use crate::decisions::approving::*;
use crate::given::{Given, date, event, on_x};

fn list(given: &Given, day: &str, known: u64, outstanding: bool) -> Vec<ApprovalView> {
    views::approvals::list(&given.at(day, known), None, None, outstanding)
}

fn proposal(given: &Given, day: &str, known: u64, n: u128) -> Option<ProposalView> {
    views::proposal::get(&given.at(day, known), id(n).parse().expect("an id"))
}

fn record(given: &mut Given, events: &[Value]) -> u64 {
    for event in events {
        given.record(std::slice::from_ref(event));
    }
    given.register.tail().get()
}

fn who(awaited: &[Awaited]) -> Vec<String> {
    awaited
        .iter()
        .map(|awaited| match (&awaited.who, &awaited.board) {
            (Some(who), board) => {
                let body = who.body.as_ref().map_or("", |body| &body.body_id);
                let on = board.as_ref().map_or("", |_| " on the board");
                format!("{body}{on}")
            }
            (None, Some(_)) => "the board".to_owned(),
            (None, None) => panic!("nobody is awaited"),
        })
        .collect()
}

/// The outstanding proposals: the id, the days waiting, and who is awaited.
fn outstanding(given: &Given, day: &str, known: u64) -> Vec<(String, u32, Vec<String>)> {
    list(given, day, known, true)
        .iter()
        .map(|line| (line.proposal_id.clone(), line.age_days, who(&line.awaited)))
        .collect()
}

fn line(n: u128, age: u32, awaited: &[&str]) -> (String, u32, Vec<String>) {
    (id(n), age, awaited.iter().map(|&who| who.into()).collect())
}

/// Two proposals of June 2020 that need a-pcc and b-pcc. One vote is recorded in
/// time, another only after the meeting of 1 July; returns the positions in
/// between.
fn june() -> (Given, [u64; 4]) {
    let mut given = ruled(&[virements("any", json!({}), named(&["a-pcc", "b-pcc"]))]);
    let put = record(
        &mut given,
        &[
            request("2020-06-01", 1, virement("100")),
            request("2020-06-11", 2, virement("200")),
        ],
    );
    let first = record(&mut given, &[vote("2020-06-15", 1, "+a-pcc")]);
    let second = record(&mut given, &[vote("2020-06-20", 1, "+b-pcc")]);
    let wrong = json!({ "position": second.to_string(), "reason": "It was the other one",
        "replacement": vote("2020-06-20", 2, "+b-pcc") });
    let corrected = record(&mut given, &[on_x("", "entryCorrected", wrong)]);
    (given, [put, first, second, corrected])
}

#[test]
fn outstanding_proposals_are_listed_as_of_a_day_and_as_known_then() {
    let (given, [put, first, second, corrected]) = june();
    let both = ["a-pcc", "b-pcc"];
    assert_eq!(outstanding(&given, "2020-05-31", ALL), []);
    assert_eq!(
        outstanding(&given, "2020-06-10", ALL),
        [line(1, 9, &both)],
        "the second is not proposed yet"
    );
    let meeting = "2020-07-01";
    assert_eq!(
        outstanding(&given, meeting, put),
        [line(1, 30, &both), line(2, 20, &both)]
    );
    assert_eq!(
        outstanding(&given, meeting, first),
        [line(1, 30, &["b-pcc"]), line(2, 20, &both)]
    );
    assert_eq!(
        outstanding(&given, meeting, second),
        [line(2, 20, &both)],
        "carried, as far as was known"
    );
    assert_eq!(
        outstanding(&given, meeting, corrected),
        [line(1, 30, &["b-pcc"]), line(2, 20, &["a-pcc"])],
        "as is known now"
    );
    assert_eq!(
        outstanding(&given, "2020-06-14", corrected),
        [line(1, 13, &both), line(2, 3, &both)],
        "before anybody spoke, whatever is known"
    );
}

#[test]
fn a_line_is_dated_and_counted_from_known_entries() {
    let (mut given, [put, first, second, corrected]) = june();
    let line = |given: &Given, day: &str, known: u64| {
        let lines = list(given, day, known, false);
        let line = lines.into_iter().find(|line| line.proposal_id == id(1));
        line.map(|line| {
            let settled = line.settled_on.as_ref().map(|on| (on.month, on.day));
            (line.standing(), line.age_days, settled, who(&line.agreed))
        })
    };
    use DecisionStanding::{Approved, Pending};
    let a = || vec!["a-pcc".to_owned()];
    let both = || vec!["a-pcc".to_owned(), "b-pcc".to_owned()];
    let day = "2020-07-01";
    assert_eq!(line(&given, day, put - 2), None);
    assert_eq!(line(&given, day, put), Some((Pending, 30, None, vec![])));
    assert_eq!(line(&given, day, first), Some((Pending, 30, None, a())));
    let carried = Some((Approved, 0, Some((6, 20)), both()));
    assert_eq!(line(&given, day, second), carried);
    assert_eq!(
        line(&given, "2020-06-19", second),
        Some((Pending, 18, None, a()))
    );
    assert_eq!(line(&given, day, corrected), Some((Pending, 30, None, a())));
    // Recorded later still, a vote of that very day: carried then, but not as known
    // before.
    let late = record(&mut given, &[vote("2020-06-30", 1, "+b-pcc")]);
    assert_eq!(line(&given, day, corrected), Some((Pending, 30, None, a())));
    assert_eq!(
        line(&given, day, late),
        Some((Approved, 0, Some((6, 30)), both()))
    );
}

#[test]
fn rules_recorded_late_apply_from_their_date() {
    let mut given = stage();
    let put = record(&mut given, &[request("2020-06-01", 1, virement("100"))]);
    let rules = [virements("any", json!({}), named(&["a-pcc"]))];
    let ruled = record(&mut given, &[adopt("2020-01-01", "rules", &rules)]);
    let replaced = [virements("any", json!({}), named(&["b-pcc"]))];
    let again = record(&mut given, &[adopt("2020-07-01", "next", &replaced)]);
    let awaited = |day: &str, known: u64| {
        let line = list(&given, day, known, true).remove(0);
        let rule = line.rule.expect("what governs");
        (rule.rule_set_id, who(&line.awaited))
    };
    let expected = |set: &str, whom: &[&str]| {
        let whom: Vec<String> = whom.iter().map(|&who| who.into()).collect();
        (set.to_owned(), whom)
    };
    assert_eq!(awaited("2020-07-01", put), expected("", &[]));
    assert_eq!(awaited("2020-07-01", ruled), expected("rules", &["a-pcc"]));
    assert_eq!(awaited("2020-06-30", again), expected("rules", &["a-pcc"]));
    assert_eq!(awaited("2020-07-01", again), expected("next", &["b-pcc"]));
}

#[test]
fn the_list_can_be_limited_to_a_subject_or_a_body() {
    let mut given = ruled(&[
        about(&["ADD_SERVICE"], "add", json!({}), named(&["a-pcc"])),
        about(&["OTHER"], "other", json!({}), board("MAJORITY")),
    ]);
    let mut mine = propose("2020-06-01", 3, json!({ "other": "A scheme" }));
    mine["subject"] = "bodies/a-pcc".into();
    record(
        &mut given,
        &[
            propose("2020-06-02", 1, json!({ "addServiceId": "cats" })),
            propose("2020-06-03", 2, json!({ "other": "Lunch" })),
            mine,
            on_board("2020-06-04", 2, "+a-pcc"),
        ],
    );
    let ids = |subject: Option<&str>, body: Option<&str>, day: &str| -> Vec<String> {
        let subject: Option<SubjectId> = subject.map(|id| id.parse().expect("a subject"));
        let body: Option<BodyId> = body.map(|id| id.parse().expect("a body"));
        let register_view = given.at(day, ALL);
        views::approvals::list(&register_view, subject.as_ref(), body.as_ref(), false)
            .into_iter()
            .map(|line| line.proposal_id)
            .collect()
    };
    let day = "2020-06-30";
    assert_eq!(ids(None, None, day), [id(3), id(1), id(2)], "oldest first");
    assert_eq!(ids(Some("collaborations/x"), None, day), [id(1), id(2)]);
    assert_eq!(ids(Some("bodies/a-pcc"), None, day), [id(3)]);
    assert_eq!(ids(Some("bodies/b-pcc"), None, day), [""; 0]);
    assert_eq!(
        ids(None, Some("a-pcc"), day),
        [id(3), id(1)],
        "who has voted is not awaited; the matter of its own is"
    );
    assert_eq!(
        ids(None, Some("a-pcc"), "2020-06-03"),
        [id(3), id(1), id(2)]
    );
    assert_eq!(ids(None, Some("b-pcc"), day), [id(2)]);
    assert_eq!(ids(None, Some("c-pcc"), day), [""; 0], "an observer");
}

#[test]
fn a_board_s_proposal_shows_its_members_and_its_next_meeting() {
    let mut given = ruled(&[virements("any", json!({}), board("MAJORITY"))]);
    let mut asked = request("2020-06-01", 1, virement("100"));
    asked["virementRequested"]["boardId"] = "board".into();
    asked["virementRequested"]["lapsesOn"] = date("2020-09");
    let meeting = |on: &str, meets: &str| {
        let payload = json!({ "meetsOn": date(meets) });
        event("boards/board", on, "meetingCalled", payload)
    };
    record(
        &mut given,
        &[
            asked,
            on_board("2020-06-02", 1, "+a-pcc"),
            on_board("2020-06-02", 1, "-a-cc"),
        ],
    );
    let line = list(&given, "2020-06-02", ALL, true).remove(0);
    assert_eq!(line.board.as_ref().expect("a board").board_id, "board");
    assert_eq!(
        line.lapses_on.as_ref().map(|on| (on.month, on.day)),
        Some((9, 0))
    );
    assert_eq!(line.amount_pence, 100);
    assert_eq!(who(&line.agreed), ["a-pcc on the board"]);
    assert_eq!(who(&line.against), ["a-cc on the board"]);
    assert_eq!(
        who(&line.awaited),
        ["b-cc on the board", "b-pcc on the board"],
        "two of three: it can decide nothing yet"
    );
    assert!(line.next_meeting_on.is_none());
    record(
        &mut given,
        &[
            on_board("2020-06-03", 1, "+b-pcc"),
            meeting("2020-06-10", "2020-07-01"),
            meeting("2020-06-20", "2020-06-30"),
        ],
    );
    let at = |day: &str| {
        let line = list(&given, day, ALL, true).remove(0);
        let meets = line.next_meeting_on.map(|on| (on.month, on.day));
        (who(&line.awaited), meets)
    };
    let awaited = vec!["b-cc on the board".to_owned(), "the board".to_owned()];
    for (day, meets) in [
        ("2020-06-03", None),
        ("2020-06-10", Some((7, 1))),
        ("2020-06-20", Some((6, 30))),
        ("2020-06-30", Some((6, 30))),
        ("2020-07-01", Some((7, 1))),
        ("2020-07-02", None),
    ] {
        assert_eq!(at(day), (awaited.clone(), meets), "{day}");
    }
}

fn state(need: &NeedView) -> NeedState {
    need.state()
}

#[test]
fn a_full_proposal_shows_every_opinion_and_which_of_them_count() {
    let mut given = ruled(&[virements("any", json!({}), named(&["a-pcc", "b-pcc"]))]);
    let put = record(&mut given, &[request("2020-06-01", 1, virement("100"))]);
    record(
        &mut given,
        &[
            vote("2020-06-02", 1, "-a-pcc"),
            vote("2020-06-03", 1, "+a-pcc"),
            vote("2020-06-04", 1, "+b-pcc"),
            vote("2020-06-03", 1, "0b-pcc"),
            make("2020-06-05", 1, "v", virement("60")),
        ],
    );
    assert!(proposal(&given, "2020-05-31", ALL, 1).is_none());
    assert!(proposal(&given, "2020-06-01", put - 1, 1).is_none());
    let at = |day: &str| proposal(&given, day, ALL, 1).expect("a proposal");
    let need = |day: &str| at(day).need.expect("who must agree");
    assert_eq!(state(&need("2020-06-01")), NeedState::Open);
    assert_eq!(state(&need("2020-06-02")), NeedState::Lost);
    assert_eq!(state(&need("2020-06-03")), NeedState::Open);
    assert_eq!(state(&need("2020-06-04")), NeedState::Met);
    let view = at("2020-06-05");
    let words: Vec<(i32, i32, bool, bool)> = view
        .words
        .iter()
        .map(|word| {
            let on = word.on.as_ref().expect("a day");
            (on.day, word.choice, word.replaced, word.too_late)
        })
        .collect();
    assert_eq!(
        words,
        [
            (2, 2, true, false),
            (3, 1, false, false),
            (3, 3, true, false),
            (4, 1, false, false),
        ]
    );
    assert_eq!(
        (view.approved_pence, view.made_pence, view.left_pence),
        (100, 60, 40)
    );
    assert_eq!(view.acts.len(), 1);
    assert!(!view.reasoning.is_empty());
    assert_eq!(at("2020-06-04").made_pence, 0, "not made yet");
}

#[test]
fn a_vote_recorded_late_or_given_too_late_is_shown_as_such() {
    let mut given = ruled(&[virements("any", json!({}), named(&["a-pcc", "b-pcc"]))]);
    record(
        &mut given,
        &[
            request("2020-06-01", 1, virement("100")),
            vote("2020-06-10", 1, "+a-pcc"),
            vote("2020-06-12", 1, "+b-pcc"),
        ],
    );
    let known = given.register.tail().get();
    record(&mut given, &[vote("2020-06-11", 1, "+b-pcc")]);
    let late = |known: u64| -> Vec<(i32, bool)> {
        let view = proposal(&given, "2020-06-30", known, 1).expect("a proposal");
        let words = view.words.iter();
        words
            .map(|word| (word.on.as_ref().expect("a day").day, word.too_late))
            .collect()
    };
    assert_eq!(late(known), [(10, false), (12, false)]);
    assert_eq!(
        late(ALL),
        [(10, false), (11, false), (12, true)],
        "it was carried the day before"
    );
}
