//! Decisions that are called in before they are in force, acts on them, entries that rest on
//! what a court quashes later, and appeals.

use minutebook::views;
use minutebook::wire::proto::DecisionStanding::{Approved, Quashed};
use serde_json::{Value, json};

use super::at;
use super::course::*;
use crate::given::{Given, date, event, judged};

const D: &str = "ash-cab-2020-02-09";

/// Before the cabinet since 1 February, decided on the 9th at its meeting, in force from the
/// 17th.
fn standstill() -> Given {
    let held = event(
        "boards/ash-cab",
        "2020-02-09",
        "meetingHeld",
        json!({ "meetingId": "c9" }),
    );
    let more = json!({ "inForceFromOn": date("2020-02-17"),
        "meeting": { "boardId": "ash-cab", "meetingId": "c9" } });
    let matter = json!({ "addServiceId": "bulky" });
    with(
        stage(),
        &[
            held,
            proposed("2020-02-01", 1, matter, json!({ "boardId": "ash-cab" })),
            decides("2020-02-09", "ash-cab", "APPROVED", more),
        ],
    )
}

/// A decision of an office that rests on the first proposal.
fn resting(day: &str) -> Value {
    let mut event = officer(day, "ash", "Head of Waste", "APPROVED", json!({}));
    event["decisionMade"]["proposalId"] = "".into();
    event["decisionMade"]["title"] = "Depot closed".into();
    event["authority"] = json!({ "proposalId": id(1) });
    event
}

fn since(given: &Given, day: &str) -> (u32, u32) {
    let line = proposal(given, day).approval.expect("a line");
    let on = line.since_on.expect("a day");
    let part = |number: i32| u32::try_from(number).expect("a part");
    (part(on.month), part(on.day))
}

fn deadlines(given: &Given, day: &str) -> Vec<(String, bool)> {
    let lines = views::deadlines::list(&at(given, day), None, true);
    lines
        .into_iter()
        .map(|line| (line.what, line.missed))
        .collect()
}

#[test]
fn an_act_while_a_decision_is_called_in_before_it_is_in_force_waits_for_that() {
    let given = with(standstill(), &[call_in("2020-02-13", D)]);
    let suspended = &["APPROVAL_SUSPENDED"][..];
    judged(
        &given,
        &[
            ("an act", adds("2020-02-20"), suspended),
            ("a decision", resting("2020-02-20"), suspended),
            ("before the call-in", adds("2020-02-12"), &["NOT_CARRIED"]),
        ],
    );
    let text = super::refusal(&given, &adds("2020-02-20"));
    assert!(
        text.contains("since 2020-02-13 by the call-in call"),
        "{text}"
    );
    assert!(text.contains("until call_in_settled"), "{text}");
    // Upheld later, an act of that time is late-recorded and still suspended.
    let upheld = with(given, &[call_in_settled("2020-02-25", "STANDS")]);
    judged(
        &upheld,
        &[
            ("meanwhile", adds("2020-02-20"), suspended),
            ("then", adds("2020-02-25"), &[]),
        ],
    );
}

#[test]
fn an_act_on_a_rejected_matter_needs_a_new_proposal() {
    let rejects = decides("2020-02-03", "ash-cab", "REJECTED", json!({}));
    let given = with(on_cabinet(), &[rejects]);
    let text = super::refusal(&given, &adds("2020-02-20"));
    assert!(text.contains("is rejected on 2020-02-20"), "{text}");
    assert!(text.contains("make a new one (matter_proposed"), "{text}");
    assert!(!text.contains("awaited"), "{text}");
    let open = super::refusal(&on_cabinet(), &adds("2020-02-20"));
    assert!(
        open.contains("awaited first (the decision of boards/ash-cab)"),
        "{open}"
    );
}

#[test]
fn it_waits_since_the_decision_and_again_since_it_was_sent_back() {
    let given = with(
        standstill(),
        &[
            call_in("2020-02-13", D),
            call_in_settled("2020-02-25", "BACK_TO_DECIDER"),
        ],
    );
    assert_eq!(since(&given, "2020-02-08"), (2, 1));
    assert_eq!(since(&given, "2020-02-12"), (2, 9));
    assert_eq!(since(&given, "2020-02-14"), (2, 13));
    assert_eq!(since(&given, "2020-02-26"), (2, 25));
    let lines = views::decisions::list(&at(&given, "2020-02-12"), None, true);
    let pending = lines.iter().find(|line| line.awaited_days > 0);
    assert_eq!(pending.expect("it is pending").awaited_days, 3);
    let lines = attention(&given, "2020-02-26");
    assert_eq!(lines, [("A matter".to_owned(), vec!["ash-cab".to_owned()])]);
    for day in ["2020-02-12", "2020-02-26"] {
        let missed = deadlines(&given, day);
        assert!(
            !missed.iter().any(|(_, missed)| *missed),
            "{day}: {missed:?}"
        );
    }
}

#[test]
fn the_decision_log_names_all_that_are_awaited() {
    let offices = json!([{ "bodyId": "ash", "office": "Leader" },
        { "bodyId": "bram", "office": "Leader" }]);
    for (more, expected) in [
        (json!({ "boardId": "ash-cab" }), vec!["ash-cab"]),
        (json!({ "putToIds": ["ash", "bram"] }), vec!["ash", "bram"]),
        (
            json!({ "putToOffices": offices }),
            vec!["ash Leader", "bram Leader"],
        ),
        (json!({ "deciderId": "minister" }), vec!["minister"]),
    ] {
        let given = with(stage(), &[proposed("2020-02-03", 1, depot(), more.clone())]);
        let log = views::decisions::list(&at(&given, "2020-02-10"), None, true);
        let [line] = &log[..] else { panic!("{log:?}") };
        let named: Vec<String> = line.awaited_of.iter().map(who).collect();
        assert_eq!(named, expected, "{more}");
    }
    let later = decides("2020-02-05", "ash-cab", "DEFERRED", json!({}));
    let given = with(on_cabinet(), &[later]);
    let log = views::decisions::list(&at(&given, "2020-02-10"), None, true);
    assert_eq!(
        log[0].awaited_of.iter().map(who).next().as_deref(),
        Some("ash-cab")
    );
}

#[test]
fn a_decision_that_rests_on_what_a_court_quashes_is_marked() {
    let delegated = |day: &str| {
        let payload = json!({ "delegationId": "scheme", "fromBoardId": "ash-cab",
            "to": { "bodyId": "ash", "office": "Head of Waste" }, "what": "Closing depots" });
        let mut event = on(day, "delegationMade", payload);
        event["authority"] = json!({ "proposalId": id(1) });
        event
    };
    let given = with(
        approved(),
        &[
            resting("2020-02-20"),
            delegated("2020-02-21"),
            challenge("2020-03-01", "ash-cab-2020-02-03"),
        ],
    );
    let used = |given: &Given, day: &str| -> Vec<bool> {
        let acts = proposal(given, day).acts;
        acts.iter().map(|act| act.is_breach).collect()
    };
    let breaches = |given: &Given, day: &str| -> Vec<Vec<String>> {
        let lines = views::breaches::list(&at(given, day), None);
        let missing = lines.into_iter().map(|line| line.missing);
        let reasons = missing.map(|all| all.into_iter().map(|fault| fault.reason));
        reasons.map(Iterator::collect).collect()
    };
    let rests = |given: &Given, day: &str| {
        let lines = views::decisions::list(&at(given, day), None, false);
        let line = lines.into_iter().find(|line| line.title == "Depot closed");
        let faults = line.expect("the decision").faults;
        faults
            .into_iter()
            .map(|fault| fault.reason)
            .collect::<Vec<_>>()
    };
    assert_eq!(used(&given, "2020-06-01"), [false, false]);
    assert!(rests(&given, "2020-06-01").is_empty());
    let given = with(given, &[step("2020-06-02", "QUASHED", None)]);
    let quashed = ["APPROVAL_QUASHED".to_owned()];
    assert_eq!(used(&given, "2020-06-02"), [true, true]);
    assert_eq!(breaches(&given, "2020-06-01"), [[""; 0]; 0]);
    assert_eq!(
        breaches(&given, "2020-06-02"),
        [quashed.clone(), quashed.clone()]
    );
    assert_eq!(rests(&given, "2020-06-02"), quashed);
    // Restored on appeal, they have it again.
    let events = [
        step("2020-07-01", "APPEALED", None),
        step("2020-09-01", "APPEAL_ALLOWED", None),
    ];
    let given = with(given, &events);
    assert_eq!(used(&given, "2020-09-01"), [false, false]);
    assert!(breaches(&given, "2020-09-01").is_empty());
    // An approval is not given up once a decision rests on it.
    let withdrawn = on(
        "2020-03-01",
        "proposalWithdrawn",
        json!({ "proposalId": id(1) }),
    );
    let given = with(approved(), &[resting("2020-02-20")]);
    judged(&given, &[("used", withdrawn, &["APPROVAL_USED"])]);
}

#[test]
fn an_appeal_is_dismissed_or_allowed() {
    let given = with(
        approved(),
        &[
            challenge("2020-02-10", "ash-cab-2020-02-03"),
            step("2020-05-14", "QUASHED", None),
        ],
    );
    let dismissed = step("2020-07-06", "APPEAL_DISMISSED", None);
    let allowed = step("2020-07-06", "APPEAL_ALLOWED", None);
    judged(
        &given,
        &[
            ("no appeal", dismissed.clone(), &["UNKNOWN_ITEM"]),
            ("none to allow", allowed.clone(), &["UNKNOWN_ITEM"]),
        ],
    );
    let appealed = with(given, &[step("2020-06-14", "APPEALED", None)]);
    let again = step("2020-07-06", "QUASHED", None);
    let text = super::refusal(&appealed, &again);
    assert!(text.contains("CHALLENGE_STEP_APPEAL_DISMISSED"), "{text}");
    let steps = |given: &Given| -> Vec<String> {
        let made = decided(given, "2020-07-06", "ash-cab-2020-02-03");
        let steps = made.challenges[0].steps.iter();
        let steps = steps.map(|step| step.step().as_str_name().to_owned());
        steps
            .map(|name| name.trim_start_matches("CHALLENGE_STEP_").to_owned())
            .collect()
    };
    let given = with(appealed.clone(), std::slice::from_ref(&dismissed));
    assert_eq!(steps(&given), ["QUASHED", "APPEALED", "APPEAL_DISMISSED"]);
    assert_eq!(standing(&given, "2020-07-06"), Quashed);
    judged(&given, &[("twice", dismissed, &["UNKNOWN_ITEM"])]);
    let given = with(appealed, &[allowed]);
    assert_eq!(steps(&given), ["QUASHED", "APPEALED", "APPEAL_ALLOWED"]);
    assert_eq!(standing(&given, "2020-07-06"), Approved);
}

#[test]
fn conditions_in_words_alone_are_said_to_make_nothing_conditional() {
    let words = json!({ "conditions": "Only if Bramley approves too" });
    let approves = |more: Value| {
        let decides = decides("2020-02-03", "ash-cab", "APPROVED", more);
        let given = with(on_cabinet(), &[decides]);
        proposal(&given, "2020-02-10").reasoning.join(" ")
    };
    assert!(approves(words.clone()).contains("correct its entry with subject_to"));
    let mut both = words;
    both["subjectTo"] = json!([{ "conditionId": "c", "what": "Bramley approves",
        "decidedById": "bram" }]);
    assert!(!approves(both).contains("in words alone"));
}

#[test]
fn an_action_is_due_no_earlier_than_it_was_agreed() {
    let action = |due: &str| {
        let payload = json!({ "actionId": "a", "what": "Report back", "dueOn": date(due) });
        on("2020-02-10", "actionAgreed", payload)
    };
    judged(
        &stage(),
        &[
            ("before", action("2020-02-09"), &["NOT_LATER"]),
            ("the month before", action("2020-01"), &["NOT_LATER"]),
            ("that day", action("2020-02-10"), &[]),
            ("that month", action("2020-02"), &[]),
        ],
    );
}

#[test]
fn a_signature_before_the_consultation_closed_is_remarked() {
    let draft = json!({ "instrumentId": "deed", "title": "Deed", "partyIds": ["ash", "bram"],
        "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" });
    let consultation = json!({ "consultationId": "c", "about": "The deed", "instrumentId": "deed",
        "consultedIds": ["minister"], "closesOn": date("2020-04-15") });
    let signs = |day: &str, body: &str| {
        let payload = json!({ "instrumentId": "deed", "bodyId": body });
        on(day, "agreementSigned", payload)
    };
    let given = with(
        stage(),
        &[
            on("2020-03-01", "instrumentDrafted", draft),
            on("2020-03-02", "consultationRecorded", consultation),
            signs("2020-04-02", "ash"),
            signs("2020-04-15", "bram"),
        ],
    );
    let remark = |day: &str| {
        let x = "waste".parse().expect("an id");
        let view = views::collaboration::get(&at(&given, day), &x).expect("it");
        view.consultations[0].remark.clone()
    };
    assert_eq!(remark("2020-04-01"), "");
    let text = remark("2020-05-01");
    assert!(
        text.starts_with("signed before it closed: ash on 2020-04-02"),
        "{text}"
    );
    assert!(!text.contains("bram"), "{text}");
}
