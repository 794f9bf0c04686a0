//! The fictional book: prior approval from request to ratification, as the README
//! walks through it; and the one real breach beside it.

use std::path::Path;
use std::sync::Arc;

use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::breach_view::LateApproval;
use minutebook::wire::proto::{
    Awaited, BreachKind, BreachView, DecisionStanding, ProposalView, UnderspendBasis,
};
use serde_json::{Value, json};

use crate::given::{Given, event, judged};
use crate::program::{books, walkthrough};

const X: &str = "collaborations/fictional-three-shires";
const BOARD: &str = "fictional-three-shires-board";
const CFO: &str = "Chief Finance Officer";
const RETURNED: &str = "projected-underspend-returned";
const ALL: u64 = u64::MAX;
const NOW: &str = "2026-11-23";

// The proposals of the book, in order.
const REJECTED: u8 = 1;
const KENNELS: u8 = 2;
const VANS: u8 = 3;
const COURSES: u8 = 4;
const LAPSED: u8 = 5;
const HANDLERS: u8 = 6;
const RATIFYING: u8 = 7;
const POSTS: u8 = 8;
const UNDERSPEND: u8 = 9;
const RULES: u8 = 10;

fn proposal(n: u8) -> String {
    format!("01900000-0000-7000-8000-0000000001{n:02}")
}

/// The events of a book, in order: the first is recorded at position 1.
pub fn events(book: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(book).expect("a book");
    let book: Value = serde_json::from_str(&text).expect("JSON");
    let appends = book["appends"].as_array().expect("appends");
    appends
        .iter()
        .flat_map(|append| append["events"].as_array().expect("events").clone())
        .collect()
}

fn recorded(book: &Path) -> Given {
    Given::recorded(&events(book))
}

fn at(given: &Given, day: &str, known: u64) -> RegisterView {
    let register = Arc::new(given.register.clone());
    RegisterView::new(register, day.parse().expect("a day"), Position::new(known))
}

fn proposal_on(given: &Given, n: u8, day: &str) -> ProposalView {
    let id = proposal(n).parse().expect("an id");
    views::proposal::get(&at(given, day, ALL), id).expect("it is proposed by then")
}

fn who(awaited: &[Awaited]) -> Vec<String> {
    let name = |awaited: &Awaited| match (&awaited.who, &awaited.board) {
        (Some(who), _) => {
            let id = who.body.as_ref().map_or("", |body| &body.body_id);
            id.trim_start_matches("fictional-").to_owned()
        }
        (None, board) => board.as_ref().expect("a board").board_id.clone(),
    };
    awaited.iter().map(name).collect()
}

/// The proposals that await decision on a day, as known at a position: the id, the
/// days waiting, and who is awaited.
fn outstanding(given: &Given, day: &str, known: u64) -> Vec<(String, u32, Vec<String>)> {
    views::approvals::list(&at(given, day, known), None, None, true)
        .into_iter()
        .map(|line| (line.proposal_id, line.age_days, who(&line.awaited)))
        .collect()
}

#[test]
fn an_approval_is_drawn_given_back_and_drawn_again() {
    let given = recorded(&walkthrough());
    let money = |day: &str| {
        let view = proposal_on(&given, KENNELS, day);
        (view.approved_pence, view.made_pence, view.left_pence)
    };
    assert_eq!(money("2024-06-16"), (0, 0, 0), "not approved yet");
    assert_eq!(
        money("2024-06-17"),
        (5_000_000, 0, 5_000_000),
        "£50,000 of the £60,000 asked for"
    );
    assert_eq!(money("2024-07-01"), (5_000_000, 3_333_333, 1_666_667));
    assert_eq!(money("2024-08-01"), (5_000_000, 5_000_000, 0), "exhausted");
    assert_eq!(money("2024-09-02"), (5_000_000, 3_333_333, 1_666_667));
    assert_eq!(money("2024-09-16"), (5_000_000, 5_000_000, 0), "again");

    let (virements, _) = views::virements::list(&at(&given, NOW, ALL), None);
    let lines: Vec<(&str, DecisionStanding, i64, i64, i64)> = virements
        .iter()
        .filter(|line| !line.proposal_id.is_empty())
        .map(|line| {
            (
                &line.proposal_id[34..],
                line.standing(),
                line.requested_pence,
                line.approved_pence,
                line.made_pence,
            )
        })
        .collect();
    use DecisionStanding::{Approved, Lapsed, Pending, Rejected};
    assert_eq!(
        lines,
        [
            ("01", Rejected, 8_000_000, 0, 0),
            ("02", Approved, 6_000_000, 5_000_000, 5_000_000),
            ("03", Approved, 1_200_000, 1_200_000, 1_200_000),
            ("04", Approved, 2_400_000, 2_400_000, 2_400_000),
            ("05", Lapsed, 4_000_000, 0, 0),
            ("06", Approved, 3_000_000, 3_000_000, 3_000_000),
            ("07", Approved, 9_000_000, 9_000_000, 0),
            ("08", Pending, 10_000_000, 0, 0),
        ]
    );
    let line_of = |n: u8| {
        let line = virements
            .iter()
            .find(|virement| virement.proposal_id == proposal(n));
        line.expect("its line")
    };
    let kennels = &line_of(KENNELS).made;
    assert_eq!(kennels.len(), 3);
    assert!(kennels[0].reversed_on.is_none() && kennels[2].reversed_on.is_none());
    assert_eq!(kennels[1].reversed_on.expect("the day").month, 9);
    assert!(line_of(HANDLERS).covers_projected && !line_of(KENNELS).covers_projected);
    let returned = virements.iter().find(|line| {
        line.made
            .iter()
            .any(|virement| virement.item_id == RETURNED)
    });
    let returned = returned.expect("a line of its own");
    assert_eq!(
        (returned.proposal_id.as_str(), returned.made_pence),
        ("", 9_000_000),
        "nobody was asked before, and the ratification allows nothing new"
    );
    assert_eq!(line_of(RATIFYING).left_pence, 0);
}

#[test]
fn the_quorum_is_met_exactly_with_a_conflict_declared() {
    let given = recorded(&walkthrough());
    let view = proposal_on(&given, KENNELS, NOW);
    let approval = view.approval.expect("its line");
    assert_eq!(approval.standing(), DecisionStanding::Approved);
    assert_eq!(approval.rule.expect("a rule").rule_id, "board");
    assert_eq!(view.words.len(), 5, "four votes and the board's approval");
    let declared = view.words.iter().find(|w| !w.conflict_declared.is_empty());
    assert_eq!(
        declared.expect("one").conflict_declared,
        "leads the service that gains"
    );
    // Without the member who abstained, the board could not have approved it.
    let events = events(&walkthrough());
    let before = Given::recorded(&events[..33]);
    judged(
        &before,
        &[("no quorum", events[34].clone(), &["QUORUM_NOT_MET"])],
    );
}

#[test]
fn each_meeting_shows_the_proposals_and_who_was_awaited() {
    let given = recorded(&walkthrough());
    // With the entries recorded before the meeting.
    assert_eq!(
        outstanding(&given, "2024-05-20", 24),
        [(
            proposal(REJECTED),
            13,
            [
                "eastvale-cc",
                "eastvale-pcc",
                "northshire-cc",
                "northshire-pcc",
                "westmoor-cc",
                "westmoor-pcc"
            ]
            .map(String::from)
            .to_vec()
        )]
    );
    let proposals = |day: &str, known: u64| {
        outstanding(&given, day, known)
            .into_iter()
            .map(|(id, age, _)| (id, age))
            .collect::<Vec<_>>()
    };
    assert_eq!(proposals("2024-05-20", ALL), [], "decided that day");
    assert_eq!(proposals("2024-06-17", 30), [(proposal(KENNELS), 14)]);
    // Its approval is not recorded yet; it will be dated ten days before the next
    // meeting.
    assert_eq!(proposals("2024-10-14", 44), [(proposal(COURSES), 7)]);
    assert_eq!(proposals("2024-10-14", ALL), []);
    assert_eq!(proposals("2024-11-18", 47), [(proposal(LAPSED), 14)]);
    assert_eq!(
        proposals("2024-12-31", ALL),
        [(proposal(LAPSED), 43)],
        "from the day it was put off"
    );
    assert_eq!(proposals("2025-01-01", ALL), [], "lapsed");
    let june = outstanding(&given, "2025-06-16", 70);
    assert_eq!(
        june.iter().map(|(id, ..)| id.clone()).collect::<Vec<_>>(),
        [proposal(POSTS), proposal(UNDERSPEND), proposal(RULES)]
    );
    assert_eq!(june[0].2, ["eastvale-pcc", "westmoor-pcc"]);
    assert_eq!(june[2].2, ["westmoor-cc"]);
    let left = outstanding(&given, "2025-07-02", ALL);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].0, proposal(POSTS));
    let eastvale = "fictional-eastvale-pcc".parse().expect("an id");
    let awaits =
        views::approvals::list(&at(&given, "2025-07-02", ALL), None, Some(&eastvale), true);
    assert_eq!(awaits.len(), 1);
}

fn breaches(given: &Given, day: &str, known: u64) -> Vec<BreachView> {
    views::breaches::list(&at(given, day, known), None)
}

#[test]
fn a_breach_is_shown_once_recorded_and_remains_when_ratified() {
    let given = recorded(&walkthrough());
    let ids = |day: &str, known: u64| {
        breaches(&given, day, known)
            .into_iter()
            .map(|breach| breach.act.expect("an act").item_id)
            .collect::<Vec<_>>()
    };
    let both = ["courses", RETURNED];
    assert_eq!(ids("2024-12-31", 53), ["courses"], "before the audit");
    assert_eq!(ids("2024-12-31", 54), both, "with what the audit found");
    assert_eq!(ids("2024-12-01", ALL), ["courses"], "before it happened");
    assert_eq!(ids(NOW, ALL), both, "for ever");

    let returned = |known: u64| breaches(&given, NOW, known).remove(1);
    let first = returned(55);
    assert_eq!(first.kind(), BreachKind::Acknowledged);
    let act = first.act.as_ref().expect("the act");
    assert!(act.is_breach);
    assert_eq!(act.amount_pence, Some(9_000_000));
    assert_eq!(first.rule.as_ref().expect("a rule").rule_id, "projected");
    assert!(first.reason.contains("nobody had been asked"));
    assert!(!first.missing.is_empty());
    assert_eq!(first.late_approvals, []);
    let late = |known: u64| -> LateApproval { returned(known).late_approvals.remove(0) };
    assert_eq!(late(58).standing(), DecisionStanding::Pending);
    assert_eq!(late(58).decided_on, None);
    let ratified = late(ALL);
    assert_eq!(ratified.proposal_id, proposal(RATIFYING));
    assert_eq!(ratified.standing(), DecisionStanding::Approved);
    assert_eq!(ratified.position, 59);
    let on = ratified.decided_on.expect("a day");
    assert_eq!((on.year, on.month, on.day), (2025, 3, 10));
    assert!(!ratified.recorded_late);
}

#[test]
fn an_approval_recorded_late_is_marked_as_late() {
    let given = recorded(&walkthrough());
    let courses = |known: u64| breaches(&given, NOW, known).remove(0);
    let before = &courses(44).late_approvals[0];
    assert_eq!(before.standing(), DecisionStanding::Pending);
    let late = &courses(ALL).late_approvals[0];
    assert_eq!(late.proposal_id, proposal(COURSES));
    assert!(
        late.recorded_late,
        "dated before the act, recorded after it"
    );
    assert_eq!(late.decided_on.expect("a day").day, 9);
    assert_eq!(late.position, 45);
}

#[test]
fn an_underspend_is_disposed_of_and_confirmed_body_by_body() {
    let given = recorded(&walkthrough());
    let disposals = |day: &str| views::virements::list(&at(&given, day, ALL), None).1;
    assert_eq!(disposals("2025-06-22").len(), 0);
    let view = disposals(NOW).remove(0);
    assert_eq!(view.proposal_id, proposal(UNDERSPEND));
    assert!(!view.act.as_ref().expect("the act").is_breach);
    let parts: Vec<(i64, i64)> = view
        .parts
        .iter()
        .map(|part| (part.amount_pence, part.confirmed_pence))
        .collect();
    assert_eq!(
        parts,
        [
            (1_500_000, 1_500_000),
            (900_000, 900_000),
            (600_000, 600_000),
            (2_000_000, 0),
            (1_000_000, 0),
        ]
    );
    let confirmed = |day: &str| {
        let parts = disposals(day).remove(0).parts;
        parts
            .iter()
            .filter(|part| part.confirmed_on.is_some())
            .count()
    };
    assert_eq!(confirmed("2025-06-23"), 0);
    assert_eq!(confirmed("2025-06-27"), 2);
    assert_eq!(confirmed("2025-06-30"), 3);
    let view = proposal_on(&given, RULES, "2025-07-01");
    assert_eq!(view.acts.len(), 1, "the second set, under the first");
}

/// A virement of 2024/25 between two heads.
fn virement(from: Value, to: Value, pounds: &str) -> Value {
    let side = |head: Value| json!([{ "head": head, "amountPence": format!("{pounds}00") }]);
    json!({ "financialYear": "2024/25", "sources": side(from), "targets": side(to),
            "permanence": "PERMANENCE_ONE_OFF" })
}

fn made(on: &str, relies_on: u8, virement: Value) -> Value {
    let payload = json!({ "virementId": "one-more", "virement": virement });
    let mut event = event(X, on, "virementMade", payload);
    if relies_on > 0 {
        event["authority"] = json!({ "proposalId": proposal(relies_on) });
    }
    event
}

/// A vote of a body, for itself or as a member of the board.
fn vote(on: &str, n: u8, voter: Value, board: bool) -> Value {
    let mut payload =
        json!({ "proposalId": proposal(n), "voter": voter, "choice": "VOTE_CHOICE_APPROVE" });
    if board {
        payload["boardId"] = BOARD.into();
    }
    event(X, on, "voteCast", payload)
}

fn budget_line(service: &str, head: &str) -> Value {
    match head {
        "" => json!({ "serviceId": service }),
        head => json!({ "serviceId": service, "head": head }),
    }
}

#[test]
fn events_that_are_refused_after_the_book() {
    let given = recorded(&walkthrough());
    let laboratory = || budget_line("forensics", "Laboratory");
    let kennels = |pounds| virement(laboratory(), budget_line("dogs", "Kennels"), pounds);
    let courses = |pounds| virement(laboratory(), budget_line("training", ""), pounds);
    let with = |mut virement: Value, field: &str, value: &str| {
        virement[field] = value.into();
        virement
    };
    let northshire = json!({ "bodyId": "fictional-northshire-pcc" });
    let confirm = json!({ "disposalId": "training-2024-25", "bodyId": "fictional-northshire-cc",
                          "amountPence": "100" });
    let third = json!({ "ruleSetId": "rules-2026" });
    let returned = events(&walkthrough())[53]["virementMade"]["virement"].clone();
    judged(
        &given,
        &[
            (
                "exhausted",
                made("2024-10-01", KENNELS, kennels("1")),
                &["APPROVAL_SPENT"],
            ),
            (
                "rejected",
                made(
                    "2024-06-01",
                    REJECTED,
                    virement(
                        budget_line("training", ""),
                        budget_line("dogs", "Kennels"),
                        "80000",
                    ),
                ),
                &["NOT_CARRIED"],
            ),
            (
                "lapsed",
                made(
                    "2025-01-06",
                    LAPSED,
                    virement(budget_line("training", ""), laboratory(), "40000"),
                ),
                &["NOT_CARRIED"],
            ),
            (
                "approved, but later",
                made("2024-10-08", COURSES, courses("1")),
                &["DECIDED_LATER"],
            ),
            (
                "more than was left that day",
                made("2024-09-05", KENNELS, kennels("16667")),
                &["OVER_APPROVED"],
            ),
            (
                "what a breach has done already",
                made("2024-11-01", COURSES, courses("1")),
                &["APPROVAL_SPENT"],
            ),
            (
                "on what was approved after the fact",
                made("2025-03-17", RATIFYING, returned),
                &["ANOTHER_ACT"],
            ),
            (
                "another year",
                made(
                    "2024-11-01",
                    COURSES,
                    with(courses("1"), "financialYear", "2025/26"),
                ),
                &["ANOTHER_ACT"],
            ),
            (
                "another head",
                made("2024-11-01", COURSES, kennels("1")),
                &["ANOTHER_ACT"],
            ),
            (
                "on a projected underspend, which was not what was asked",
                made(
                    "2024-11-01",
                    COURSES,
                    with(courses("1"), "basis", "UNDERSPEND_BASIS_PROJECTED"),
                ),
                &["ANOTHER_ACT", "PROJECTED_NOT_APPROVED"],
            ),
            (
                "without a request",
                made("2024-11-01", 0, kennels("1")),
                &["APPROVAL_REQUIRED"],
            ),
            (
                "a vote on what is decided",
                vote("2024-06-18", KENNELS, northshire.clone(), true),
                &["PROPOSAL_CLOSED"],
            ),
            (
                "a vote of one without a seat",
                vote(
                    "2025-07-07",
                    POSTS,
                    json!({ "office": "Head of Internal Audit" }),
                    true,
                ),
                &["NOT_A_VOTING_MEMBER"],
            ),
            (
                "a confirmation by a party, of the part that goes to no body",
                event(X, "2025-07-07", "disposalConfirmed", confirm),
                &[],
            ),
            (
                "a third set that nobody was asked about",
                event(X, "2025-09-01", "approvalRulesAdopted", third),
                &["APPROVAL_REQUIRED"],
            ),
            (
                "and this would be taken",
                vote(
                    "2025-07-07",
                    POSTS,
                    json!({ "bodyId": "fictional-eastvale-pcc" }),
                    false,
                ),
                &[],
            ),
        ],
    );
}

/// The Chief Finance Officer may approve this under the first set and not under the
/// second, and never a request of the same office.
#[test]
fn the_delegation_is_that_of_the_day() {
    let mut given = recorded(&walkthrough());
    let officer = json!({ "bodyId": "fictional-northshire-pcc", "office": CFO });
    let trainer = json!({ "bodyId": "fictional-westmoor-cc", "office": "Head of Training" });
    let courses = virement(
        budget_line("forensics", "Laboratory"),
        budget_line("training", ""),
        "12000",
    );
    let mut request = |n: u8, on: &str, by: &Value| {
        let payload =
            json!({ "proposalId": proposal(n), "virement": courses, "reason": "Courses." });
        let mut asked = event(X, on, "virementRequested", payload);
        asked["actedBy"] = by.clone();
        given.record(&[asked]);
    };
    request(20, "2025-06-23", &trainer);
    request(21, "2025-06-23", &officer);
    let approved = |n: u8, on: &str, decision: &str| {
        let payload = json!({ "proposalId": proposal(n), "decisionId": decision });
        let mut approved = event(X, on, "virementApproved", payload);
        approved["actedBy"] = officer.clone();
        approved
    };
    let nobody = {
        let mut asked = event(
            X,
            "2025-06-23",
            "virementRequested",
            json!({ "proposalId": proposal(22), "virement": courses, "reason": "Courses." }),
        );
        asked["authority"] = json!({ "delegation": "custom" });
        asked
    };
    judged(
        &given,
        &[
            ("up to £25,000", approved(20, "2025-06-30", "a"), &[]),
            (
                "up to £10,000",
                approved(20, "2025-07-02", "b"),
                &["NOT_ENTITLED"],
            ),
            (
                "what it asked for itself",
                approved(21, "2025-06-24", "c"),
                &["OWN_PROPOSAL"],
            ),
            ("asked by nobody", nobody, &["PROPOSER_REQUIRED"]),
        ],
    );
}

#[test]
fn a_projected_underspend_needs_an_approval_that_covers_it() {
    let mut given = recorded(&walkthrough());
    let mut asked = virement(
        budget_line("training", ""),
        budget_line("dogs", "Staff"),
        "1000",
    );
    asked["basis"] = "UNDERSPEND_BASIS_PROJECTED".into();
    let by = |mut event: Value, body: &str| {
        event["actedBy"] = json!({ "bodyId": format!("fictional-{body}") });
        event
    };
    let request =
        json!({ "proposalId": proposal(20), "virement": asked, "reason": "A little more." });
    given.record(&[by(
        event(X, "2025-02-03", "virementRequested", request),
        "northshire-cc",
    )]);
    for (body, says_so) in [
        ("northshire", true),
        ("eastvale", true),
        ("westmoor", false),
    ] {
        let payload = json!({ "proposalId": proposal(20), "decisionId": format!("little-{body}"),
                           "allowsProjected": says_so });
        let approved = event(X, "2025-02-10", "virementApproved", payload);
        given.record(&[by(approved, &format!("{body}-pcc"))]);
    }
    let view = proposal_on(&given, 20, NOW);
    assert_eq!((view.left_pence, view.covers_projected), (100_000, false));
    judged(
        &given,
        &[(
            "two say so and one does not",
            made("2025-02-17", 20, asked),
            &["PROJECTED_NOT_APPROVED"],
        )],
    );
    assert!(proposal_on(&given, HANDLERS, NOW).covers_projected);
    assert_eq!(proposal_on(&given, VANS, NOW).left_pence, 0);
}

#[test]
fn the_breach_of_the_2020_paper_is_shown_as_a_breach() {
    let [_, east_midlands, _] = books();
    let given = recorded(&east_midlands);
    let subject = SubjectId::Collaboration("east-midlands".parse().expect("an id"));
    let found = views::breaches::list(&at(&given, NOW, ALL), Some(&subject));
    let [breach] = &found[..] else {
        panic!("one breach, not {}", found.len());
    };
    assert_eq!(breach.kind(), BreachKind::Acknowledged);
    assert!(
        breach.reason.contains("without a prior approval process"),
        "{}",
        breach.reason
    );
    assert_eq!(breach.sources[0].place, "¶24");
    assert!(breach.sources[0].title.contains("1 October 2020"));
    let act = breach.act.as_ref().expect("the act");
    assert_eq!(act.item_id, RETURNED);
    assert_eq!(act.amount_pence, None, "no amount is stated");
    assert!(breach.late_approvals.is_empty() && breach.acted_by.is_none());

    let (virements, _) = views::virements::list(&at(&given, NOW, ALL), Some(&subject));
    let line = &virements[0];
    assert_eq!(line.basis(), UnderspendBasis::Projected);
    assert_eq!((line.proposal_id.as_str(), line.approved_pence), ("", 0));
    assert_eq!(line.targets.len(), 5);
    let sides = line.sources.iter().chain(&line.targets);
    assert!(sides.clone().all(|side| side.amount_pence.is_none()));
}
