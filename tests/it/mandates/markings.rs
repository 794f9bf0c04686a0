//! Clearances: given entries and mandates, when a caller reads, then the register has this
//! and not that.

use std::collections::BTreeSet;

use minutebook::domain::caller::Caller;
use minutebook::domain::clearance::{Clearance, ReadingRefused};
use minutebook::domain::date::day_of;
use minutebook::domain::event::ProtectiveMarking;
use minutebook::domain::ids::Position;
use minutebook::domain::register::Register;
use serde_json::{Value, json};

use super::secrets::{PROPOSAL, drafted, marked, proposed, risk, sensitive, signed, story, vote};
use super::{caller, keeper};
use crate::given::{Given, bodies, collaboration, now, on_x};

/// The register of the story, with mandates.
fn given() -> Given {
    Given::recorded(&story())
        .kept()
        .granting("auditor", "auditor", json!({}))
        .granting("a", "reader", json!({ "bodyIds": ["a-pcc"] }))
        .granting(
            "a-sensitive",
            "reader",
            json!({ "bodyIds": ["a-pcc"], "readsUpTo": "PROTECTIVE_MARKING_OFFICIAL_SENSITIVE" }),
        )
        .granting("member", "member", json!({ "bodyIds": ["a-pcc"] }))
        .granting("c", "member", json!({ "bodyIds": ["c-pcc"] }))
        .granting("all", "reader", json!({ "wholeRegister": true }))
        .granting("x", "recorder", json!({ "collaborationIds": ["x"] }))
}

fn clearance(given: &Given, caller: &Caller, public: bool) -> Result<Clearance, ReadingRefused> {
    Clearance::of(caller, &given.register, day_of(now()), public)
}

fn read(given: &Given, caller: &Caller) -> Register {
    let clearance = clearance(given, caller, false).expect("a mandate");
    given.register.readable_by(&clearance)
}

/// The positions of a subject that a register has.
fn positions(register: &Register, subject: &str) -> Vec<u64> {
    let record = register.record(&subject.parse().unwrap());
    let history = record.into_iter().flat_map(|record| record.history());
    history.map(|entry| entry.position.get()).collect()
}

fn decided() -> Value {
    let mut decided = on_x(
        "2014-03-05",
        "decisionMade",
        json!({ "decisionId": "d", "title": "A matter", "outcome": "OUTCOME_APPROVED",
                "proposalId": PROPOSAL }),
    );
    decided["actedBy"] = json!({ "bodyId": "a-pcc" });
    decided
}

#[test]
fn a_caller_reads_what_their_mandates_cover() {
    let given = given();
    let all = |subject: &str| positions(&given.register, subject).len();
    let x = all("collaborations/x");
    // Protected in x: an agreement and its signature, a proposal and its vote, an entry and
    // its correction; and one risk that is OFFICIAL.
    let unprotected = x - 6;
    // caller, x, hidden, joint, boards/hidden, c-pcc
    let table: [(&str, [usize; 5]); 7] = [
        ("auditor", [x, 1, 3, 1, 2]),
        ("a", [unprotected, 0, 2, 0, 1]),
        ("a-sensitive", [x, 0, 3, 0, 1]),
        ("member", [x, 0, 3, 0, 1]),
        ("c", [0, 1, 0, 1, 2]),
        ("all", [unprotected, 1, 2, 1, 2]),
        ("x", [x, 0, 3, 0, 1]),
    ];
    let subjects = [
        "collaborations/x",
        "collaborations/hidden",
        "boards/joint",
        "boards/hidden",
        "bodies/c-pcc",
    ];
    for (group, expected) in table {
        let register = read(&given, &caller(1, &[group]));
        let found = subjects.map(|subject| positions(&register, subject).len());
        assert_eq!(found, expected, "{group}");
        assert_eq!(register.tail(), given.register.tail(), "{group}");
        assert_eq!(register.withholds(), group != "auditor", "{group}");
    }
}

#[test]
fn what_is_withheld_is_in_no_index_either() {
    let given = given();
    let register = read(&given, &caller(1, &["a"]));
    let proposal = PROPOSAL.parse().unwrap();
    assert!(given.register.proposal(proposal).is_some());
    assert!(register.proposal(proposal).is_none());
    let whole = format!("{:?}", given.register);
    let readable = format!("{register:?}");
    assert!(whole.contains("CANARY"));
    assert!(!readable.contains("CANARY"));
    assert!(readable.contains("The open agreement"));
}

#[test]
fn two_mandates_add_up_and_other_peoples_do_not() {
    let given = given();
    let both = read(&given, &caller(1, &["a", "c"]));
    assert_eq!(positions(&both, "collaborations/hidden").len(), 1);
    assert!(positions(&both, "collaborations/x").len() > 1);
    let nobody = caller(1, &["renamed"]);
    assert_eq!(
        clearance(&given, &nobody, false),
        Err(ReadingRefused::NoMandate)
    );
}

#[test]
fn a_register_without_a_keeper_is_open_but_not_to_the_network() {
    let given = Given::recorded(&story());
    for caller in [Caller::Local, caller(1, &["anybody"])] {
        assert_eq!(clearance(&given, &caller, false), Ok(Clearance::WHOLE));
    }
    assert_eq!(
        clearance(&given, &Caller::Public, false),
        Err(ReadingRefused::NotSignedIn)
    );
    assert_eq!(
        clearance(&given, &Caller::Public, true),
        Ok(Clearance::public())
    );
    let kept = given.kept();
    assert_eq!(
        clearance(&kept, &Caller::Local, false),
        Err(ReadingRefused::NotSignedIn)
    );
    assert_eq!(
        clearance(&kept, &keeper(), false).map(|c| c.is_whole()),
        Ok(false)
    );
}

#[test]
fn the_public_reads_what_is_not_marked_and_no_mandates() {
    let given = given();
    let register = given.register.readable_by(&Clearance::public());
    assert_eq!(positions(&register, "register"), Vec::<u64>::new());
    assert_eq!(positions(&register, "collaborations/hidden").len(), 1);
    let x = positions(&given.register, "collaborations/x").len();
    assert_eq!(positions(&register, "collaborations/x").len(), x - 7);
    // A reader of one body reads what everybody reads, and more of that body.
    let a = caller(1, &["a"]);
    let clearance = clearance(&given, &a, true).unwrap();
    let register = given.register.readable_by(&clearance);
    assert_eq!(positions(&register, "collaborations/hidden").len(), 1);
    assert_eq!(positions(&register, "collaborations/x").len(), x - 6);
    assert!(!positions(&register, "register").is_empty());
}

#[test]
fn a_body_that_has_left_reads_the_collaboration_no_more() {
    let mut events = story();
    events.push(on_x(
        "2020-01-01",
        "partyWithdrew",
        json!({ "bodyId": "a-pcc", "agreedByIds": ["b-pcc"], "reason": "Left" }),
    ));
    let given = Given::recorded(&events)
        .kept()
        .granting("a", "member", json!({ "bodyIds": ["a-pcc"] }))
        .granting("b", "member", json!({ "bodyIds": ["b-pcc"] }));
    let read = |group| positions(&read(&given, &caller(1, &[group])), "collaborations/x").len();
    assert_eq!(read("a"), 0);
    assert!(read("b") > 0);
}

/// The marking of each entry about x after its foundation.
fn markings(events: &[Value]) -> Vec<&'static str> {
    let mut given = Given::recorded(&bodies());
    given.record(&[collaboration(&["a-pcc", "b-pcc"])]);
    for event in events {
        given.record(std::slice::from_ref(event));
    }
    let record = given.register.record(&"collaborations/x".parse().unwrap());
    let record = record.unwrap();
    let of = |position: Position| match record.markings().of_entry(position) {
        ProtectiveMarking::Unmarked => "",
        ProtectiveMarking::Official => "O",
        ProtectiveMarking::OfficialSensitive => "S",
    };
    let history = record.history().iter().skip(1);
    history.map(|entry| of(entry.position)).collect()
}

/// The position of the `n`th entry about x after its foundation.
fn nth(n: usize) -> String {
    (bodies().len() + 1 + n).to_string()
}

fn corrected(n: usize, replacement: Option<Value>) -> Value {
    let mut correction = json!({ "position": nth(n), "reason": "It was wrong" });
    if let Some(replacement) = replacement {
        correction["replacement"] = replacement;
    }
    on_x("2015", "entryCorrected", correction)
}

#[test]
fn an_entry_has_the_marking_of_what_it_is_about() {
    let draft = || drafted("i", "An agreement");
    let sign = || signed("i", "a-pcc", "Commissioner");
    let open = |event| marked(event, "UNMARKED");
    let table: &[(&str, Vec<Value>, &[&str])] = &[
        ("nothing is marked", vec![draft(), sign()], &["", ""]),
        (
            "an agreement",
            vec![sensitive(draft()), sign()],
            &["S", "S"],
        ),
        (
            "it is not read by more than its agreement",
            vec![marked(draft(), "OFFICIAL"), open(sign())],
            &["O", "O"],
        ),
        (
            "a signature protects its agreement, which would look unsigned",
            vec![
                draft(),
                sensitive(sign()),
                signed("i", "b-pcc", "Commissioner"),
            ],
            &["S", "S", "S"],
        ),
        (
            "a proposal and its vote",
            vec![sensitive(proposed("A matter")), vote("")],
            &["S", "S"],
        ),
        (
            "a vote protects its proposal, which would look as if it had failed",
            vec![proposed("A matter"), sensitive(vote(""))],
            &["S", "S"],
        ),
        (
            "a decision protects its proposal, which would look undecided",
            vec![proposed("A matter"), sensitive(decided())],
            &["S", "S"],
        ),
        (
            "another thing",
            vec![sensitive(draft()), risk("r", "A risk")],
            &["S", ""],
        ),
        (
            "a correction protects what was public",
            vec![
                risk("r", "A risk"),
                sensitive(corrected(1, Some(risk("r", "Another")))),
            ],
            &["S", "S"],
        ),
        (
            "its replacement may say so",
            vec![
                risk("r", "A risk"),
                corrected(1, Some(sensitive(risk("r", "Another")))),
            ],
            &["S", "S"],
        ),
        (
            "a correction keeps the marking",
            vec![
                sensitive(risk("r", "A risk")),
                corrected(1, Some(risk("r", "Another"))),
            ],
            &["S", "S"],
        ),
        (
            "a correction publishes",
            vec![
                sensitive(risk("r", "A risk")),
                open(corrected(1, Some(risk("r", "A risk")))),
            ],
            &["", ""],
        ),
        (
            "a withdrawal keeps the marking",
            vec![sensitive(risk("r", "A risk")), corrected(1, None)],
            &["S", "S"],
        ),
        (
            "what it publishes is published with what is about it",
            vec![
                sensitive(draft()),
                sign(),
                open(corrected(1, Some(draft()))),
            ],
            &["", "", ""],
        ),
        (
            "a correction of a correction",
            vec![
                risk("r", "A risk"),
                sensitive(corrected(1, Some(risk("r", "Another")))),
                corrected(2, None),
            ],
            &["S", "S", "S"],
        ),
    ];
    for (name, events, expected) in table {
        assert_eq!(markings(events), *expected, "{name}");
    }
}

#[test]
fn all_that_is_said_of_a_protected_subject_is_protected() {
    let given = Given::recorded(&bodies());
    let mut given = given;
    given.record(&[sensitive(collaboration(&["a-pcc", "b-pcc"]))]);
    given.record(&[risk("r", "A risk")]);
    let id = "collaborations/x".parse().unwrap();
    let record = given.register.record(&id).unwrap();
    let marked: BTreeSet<_> = record
        .history()
        .iter()
        .map(|entry| record.markings().of_entry(entry.position))
        .collect();
    assert_eq!(marked, [ProtectiveMarking::OfficialSensitive].into());
}

#[test]
fn nobody_changes_or_publishes_what_they_may_not_read() {
    let scope = |reads: &str| {
        json!({ "collaborationIds": ["x"], "bodyIds": ["a-pcc", "b-pcc"],
                "readsUpTo": format!("PROTECTIVE_MARKING_{reads}") })
    };
    let given = Given::recorded(&story())
        .kept()
        .granting("junior", "recorder", scope("OFFICIAL"))
        .granting("senior", "recorder", scope("OFFICIAL_SENSITIVE"));
    let record = given.register.record(&"collaborations/x".parse().unwrap());
    let secret = record.unwrap().history().iter().find(|entry| {
        record.unwrap().markings().of_entry(entry.position) == ProtectiveMarking::OfficialSensitive
    });
    let position = secret.unwrap().position.to_string();
    let voided = on_x(
        "2015",
        "entryCorrected",
        json!({ "position": position, "reason": "It was wrong", "replacement": drafted("secret", "Mine") }),
    );
    let ended = on_x(
        "2015",
        "instrumentReviewed",
        json!({ "instrumentId": "secret", "outcome": "Nothing to do" }),
    );
    for event in [marked(voided.clone(), "UNMARKED"), voided, ended] {
        assert_eq!(
            given.reasons(&caller(1, &["junior"]), &event),
            ["NOT_MANDATED"]
        );
        let senior = given.reasons(&caller(1, &["senior"]), &event);
        assert_eq!(senior, Vec::<&str>::new(), "{event}");
    }
    let last = record.unwrap().history().last().unwrap();
    let by_request = on_x(
        "2015",
        "entryCorrected",
        json!({ "targetRequest": { "requestId": last.request.to_string(), "index": last.request_part.index },
                "reason": "It was wrong" }),
    );
    assert_eq!(
        given.reasons(&caller(1, &["junior"]), &by_request),
        ["NOT_MANDATED"]
    );
    let open = risk("another", "Another risk");
    assert_eq!(
        given.reasons(&caller(1, &["junior"]), &open),
        Vec::<&str>::new()
    );
    // It may record an event that it marks itself, and not change it afterwards.
    assert_eq!(
        given.reasons(&caller(1, &["junior"]), &sensitive(open)),
        Vec::<&str>::new()
    );
}
