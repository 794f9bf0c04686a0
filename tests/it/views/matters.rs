//! Proposals that await decision and those that no longer do; deadlines and their
//! days.

use minutebook::views;
use minutebook::wire::proto::{DeadlineKind, DecisionStanding, DecisionView};
use serde_json::{Value, json};

use super::{ALL, alliance};
use crate::given::{Given, date, on_x};

const MATTER: &str = "01930000-0000-7000-8000-000000000001";

/// The alliance, with a matter proposed on 2 October 2017.
fn proposed(more: Value) -> Given {
    let mut given = alliance();
    let mut payload =
        json!({ "proposalId": MATTER, "title": "The matter", "matter": { "other": "It" } });
    payload
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let mut event = on_x("2017-10-02", "matterProposed", payload);
    event["actedBy"] = json!({ "bodyId": "a-pcc" });
    given.record(&[event]);
    given
}

fn decide(given: &mut Given, on: &str, outcome: &str, referred_to: &str) {
    let mut event = on_x(
        on,
        "decisionMade",
        json!({ "decisionId": format!("d-{on}"), "title": "Decided", "proposalId": MATTER,
                "outcome": format!("OUTCOME_{outcome}"), "referredToId": referred_to }),
    );
    event["actedBy"] = json!({ "bodyId": "a-pcc" });
    given.record(&[event]);
}

fn answer(given: &mut Given, on: &str) {
    given.record(&[on_x(
        on,
        "externalDecisionReceived",
        json!({ "proposalId": MATTER, "deciderId": "fire", "outcome": "OUTCOME_APPROVED" }),
    )]);
}

fn log(given: &Given, day: &str, pending_only: bool) -> Vec<DecisionView> {
    views::decisions::list(&given.at(day, ALL), None, pending_only)
}

/// The proposals that await decision: standing, who is awaited, and the days
/// waiting.
fn pending(given: &Given, day: &str) -> Vec<(DecisionStanding, String, u32)> {
    log(given, day, true)
        .iter()
        .map(|line| {
            let awaited = line.awaited.as_ref().map(|body| body.body_id.clone());
            (
                line.standing(),
                awaited.unwrap_or_default(),
                line.awaited_days,
            )
        })
        .collect()
}

use DecisionStanding::{Approved, Deferred, Lapsed, Noted, Pending, Referred, Withdrawn};

#[test]
fn a_referral_awaits_until_it_is_answered() {
    let mut given = proposed(json!({}));
    decide(&mut given, "2017-11-01", "REFERRED", "fire");
    answer(&mut given, "2018-03-01");
    assert_eq!(
        pending(&given, "2018-02-28"),
        [(Referred, "fire".into(), 119)]
    );
    assert_eq!(pending(&given, "2018-03-01"), []);
    let standings: Vec<_> = log(&given, "2018-03-01", false)
        .iter()
        .map(DecisionView::standing)
        .collect();
    assert_eq!(standings, [Referred, Approved], "both stay in the log");
}

#[test]
fn a_deferred_matter_is_listed_once_from_its_last_deferral() {
    let mut given = proposed(json!({}));
    decide(&mut given, "2017-11-01", "DEFERRED", "");
    decide(&mut given, "2017-12-01", "DEFERRED", "");
    decide(&mut given, "2018-01-01", "APPROVED", "");
    assert_eq!(
        pending(&given, "2017-11-30"),
        [(Deferred, String::new(), 29)]
    );
    assert_eq!(
        pending(&given, "2017-12-31"),
        [(Deferred, String::new(), 30)]
    );
    assert_eq!(pending(&given, "2018-01-01"), []);
    assert_eq!(log(&given, "2018-01-01", false).len(), 3);
}

#[test]
fn a_deferred_matter_still_lapses() {
    let mut given = proposed(json!({ "lapsesOn": date("2018-01") }));
    decide(&mut given, "2017-11-01", "DEFERRED", "");
    assert_eq!(pending(&given, "2018-01-31").len(), 1);
    assert_eq!(pending(&given, "2018-02-01"), []);
    let lapsed = log(&given, "2018-02-01", false);
    assert!(lapsed.iter().any(|line| line.standing() == Lapsed));
}

#[test]
fn to_note_a_matter_does_not_decide_it_for_the_outside_decider() {
    for outcome in ["NOTED", "SUPPORTED"] {
        let mut given = proposed(json!({ "deciderId": "fire" }));
        decide(&mut given, "2017-11-01", outcome, "");
        assert_eq!(
            pending(&given, "2017-11-02"),
            [(Pending, "fire".into(), 31)],
            "{outcome}"
        );
        answer(&mut given, "2018-03-01");
        assert_eq!(pending(&given, "2018-03-01"), []);
    }
    let mut given = proposed(json!({}));
    decide(&mut given, "2017-11-01", "NOTED", "");
    assert_eq!(
        pending(&given, "2017-11-02"),
        [],
        "nobody else is to decide"
    );
    assert_eq!(log(&given, "2017-11-02", false)[0].standing(), Noted);
}

#[test]
fn a_virement_deferred_and_then_approved_is_decided() {
    let mut given = alliance();
    let side = |head: &str| json!([{ "head": { "head": head }, "amountPence": "100" }]);
    given.record(&[on_x(
        "2017-10-02",
        "virementRequested",
        json!({ "proposalId": MATTER, "reason": "Fuel", "virement":
                { "financialYear": "2017/18", "sources": side("Kit"), "targets": side("Fuel") } }),
    )]);
    decide(&mut given, "2017-11-01", "DEFERRED", "");
    let mut event = on_x(
        "2017-12-01",
        "virementApproved",
        json!({ "proposalId": MATTER, "decisionId": "v" }),
    );
    event["actedBy"] = json!({ "bodyId": "a-pcc" });
    given.record(&[event]);
    assert_eq!(pending(&given, "2017-11-30").len(), 1);
    assert_eq!(pending(&given, "2017-12-01"), []);
}

#[test]
fn a_line_describes_the_entry_it_names() {
    let mut given = proposed(json!({}));
    let mut event = on_x(
        "2017-12-01",
        "proposalWithdrawn",
        json!({ "proposalId": MATTER, "reason": "No money" }),
    );
    event["actedBy"] = json!({ "bodyId": "b-pcc" });
    event["sources"] = json!([{ "title": "The letter" }]);
    given.record(&[event]);
    let line = &log(&given, "2017-12-01", false)[0];
    assert_eq!(line.standing(), Withdrawn);
    assert_eq!(line.position, given.register.tail().get());
    assert_eq!(line.sources[0].title, "The letter");
    let by = line.by.as_ref().unwrap().body.as_ref().unwrap();
    assert_eq!(by.body_id, "b-pcc");
}

/// The deadlines of one kind, with the days left.
fn due(given: &Given, day: &str, kind: DeadlineKind) -> Vec<(String, i32)> {
    views::deadlines::list(&given.at(day, ALL), None, false)
        .into_iter()
        .filter(|line| line.kind() == kind)
        .map(|line| (line.what, line.days_left))
        .collect()
}

#[test]
fn a_lapse_is_named_and_survives_a_deferral() {
    let mut given = proposed(json!({ "lapsesOn": date("2018-01-31") }));
    decide(&mut given, "2017-11-01", "DEFERRED", "");
    let lapse = |day: &str| due(&given, day, DeadlineKind::Lapse);
    assert_eq!(lapse("2018-01-30"), [("The matter lapses".into(), 1)]);
    assert_eq!(lapse("2018-02-01"), []);
    decide(&mut given, "2018-01-10", "REJECTED", "");
    assert_eq!(due(&given, "2018-01-30", DeadlineKind::Lapse), []);
}

#[test]
fn a_month_is_not_past_before_its_last_day() {
    let mut given = proposed(json!({ "lapsesOn": date("2018-01") }));
    given.record(&[on_x(
        "2017-10-03",
        "actionAgreed",
        json!({ "actionId": "act", "what": "Do it", "dueOn": date("2018-01") }),
    )]);
    let days = |day: &str, kind| {
        let lines = due(&given, day, kind);
        lines.first().map(|(_, days_left)| *days_left)
    };
    assert_eq!(days("2017-12-31", DeadlineKind::Lapse), Some(1));
    assert_eq!(days("2018-01-15", DeadlineKind::Lapse), Some(0));
    assert_eq!(days("2018-01-31", DeadlineKind::Lapse), Some(0));
    assert_eq!(days("2018-02-01", DeadlineKind::Lapse), None);
    assert_eq!(days("2018-01-31", DeadlineKind::Action), Some(0));
    assert_eq!(days("2018-02-01", DeadlineKind::Action), Some(-1));
}

#[test]
fn an_action_is_open_only_until_it_is_closed() {
    let mut given = alliance();
    let agreed = json!({ "actionId": "act", "what": "Do it" });
    given.record(&[on_x("2018-01-01", "actionAgreed", agreed)]);
    let closed = json!({ "actionId": "act", "outcome": "Done" });
    given.record(&[on_x("2018-01-11", "actionClosed", closed)]);
    let days = |day: &str| {
        let lines = views::recommendations::list(&given.at(day, ALL), None, true);
        lines[0].open_days
    };
    assert_eq!(days("2018-01-10"), 9);
    assert_eq!(days("2018-01-11"), 10);
    assert_eq!(days("2026-01-11"), 10);
}
