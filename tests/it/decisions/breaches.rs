//! Breaches: recorded when acknowledged, always shown, found when an approval is
//! corrected, and never removed by a later approval.

use std::sync::Arc;

use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::{BreachKind, BreachView, DecisionStanding};
use serde_json::{Value, json};

use super::approving::*;
use crate::given::{Given, judged, on_x};

pub(super) fn breaches(given: &Given, day: &str, known: u64) -> Vec<BreachView> {
    let register = Arc::new(given.register.clone());
    let view = RegisterView::new(register, day.parse().expect("a day"), Position::new(known));
    views::breaches::list(&view, None)
}

pub(super) fn now(given: &Given) -> Vec<BreachView> {
    breaches(given, "2026-11-23", u64::MAX)
}

pub(super) fn tail(given: &Given) -> u64 {
    given.register.tail().get()
}

pub(super) fn ruled_by_officer() -> Given {
    ruled(&[virements("any", json!({}), officer(None))])
}

pub(super) fn naming(n: u128, mut event: Value) -> Value {
    event["authority"]["acknowledgedBreach"]["proposalId"] = id(n).into();
    event
}

#[test]
fn an_acknowledged_breach_is_recorded_and_always_shown() {
    let mut given = ruled_by_officer();
    let act = make("2020-06-10", 0, "v", virement("100"));
    judged(&given, &[("refused", act.clone(), &["APPROVAL_REQUIRED"])]);
    given.record(&[by("a-cc", "", breach(act))]);
    let shown = now(&given);
    let [line] = shown.as_slice() else {
        panic!("{shown:?}")
    };
    assert_eq!(line.kind(), BreachKind::Acknowledged);
    let act = line.act.as_ref().expect("the act");
    assert_eq!((act.amount_pence, act.position), (Some(100), tail(&given)));
    assert_eq!(line.rule.as_ref().expect("a rule").rule_id, "any");
    assert_eq!(line.reason, "Nobody was asked");
    assert_eq!(line.recorded_by, "Regional collaboration team");
    assert_eq!(line.missing[0].reason, "APPROVAL_REQUIRED");
    assert!(
        breaches(&given, "2020-06-09", u64::MAX).is_empty(),
        "not done yet"
    );
    assert!(
        breaches(&given, "2026-11-23", tail(&given) - 1).is_empty(),
        "not known yet"
    );

    // A ratification is shown beside it and removes nothing.
    let position = tail(&given);
    let mut ratify = request("2020-07-01", 1, virement("100"));
    ratify["virementRequested"]["ratifies"] = json!({ "position": position.to_string() });
    let mut other = ratify.clone();
    other["virementRequested"]["virement"] = virement("99");
    let mut nothing = ratify.clone();
    nothing["virementRequested"]["ratifies"] = json!({ "position": "1000" });
    let mut no_act = ratify.clone();
    no_act["virementRequested"]["ratifies"] = json!({ "position": (position - 1).to_string() });
    judged(
        &given,
        &[
            ("another amount", other, &["RATIFIES_ANOTHER_ACT"]),
            ("no such entry", nothing, &["NO_SUCH_ENTRY"]),
            (
                "an entry that is another act",
                no_act,
                &["RATIFIES_ANOTHER_ACT"],
            ),
        ],
    );
    given.record(&[ratify]);
    given.record(&[approve("2020-07-02", 1)]);
    let line = now(&given).pop().expect("still there");
    let late = line.late_approvals.first().expect("the ratification");
    assert_eq!(
        (late.standing(), late.recorded_late),
        (DecisionStanding::Approved, false)
    );
    assert!(
        breaches(&given, "2020-07-01", u64::MAX)[0].late_approvals[0]
            .decided_on
            .is_none()
    );
    judged(
        &given,
        &[(
            "nothing new relies on it",
            make("2020-07-03", 1, "w", virement("1")),
            &["ANOTHER_ACT"],
        )],
    );
}

#[test]
fn an_approval_recorded_after_the_act_and_dated_before_it_is_marked() {
    let mut given = ruled_by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let act = make("2020-06-10", 0, "v", virement("60"));
    given.record(&[naming(1, breach(act))]);
    given.record(&[approve("2020-06-05", 1)]);
    let line = now(&given).pop().expect("a breach, all the same");
    assert_eq!(line.kind(), BreachKind::Acknowledged);
    let late = &line.late_approvals[0];
    assert!(late.recorded_late);
    let (decided, recorded) = (late.decided_on.as_ref(), late.recorded_on.as_ref());
    assert_eq!(decided.map(|on| (on.month, on.day)), Some((6, 5)));
    assert_eq!(recorded.map(|on| (on.year, on.month)), Some((2026, 11)));
    // The amount of the breach cannot be used again.
    judged(
        &given,
        &[
            ("the rest", make("2020-06-11", 1, "w", virement("40")), &[]),
            (
                "a penny more",
                make("2020-06-11", 1, "w", virement("41")),
                &["OVER_APPROVED"],
            ),
        ],
    );
}

#[test]
fn a_correction_that_voids_an_approval_makes_a_breach_from_there() {
    let mut given = ruled_by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    given.record(&[approve("2020-06-02", 1)]);
    let approval = tail(&given);
    given.record(&[make("2020-06-03", 1, "v", virement("100"))]);
    let act = tail(&given);
    assert!(now(&given).is_empty());
    let void = |position: u64| {
        on_x(
            "",
            "entryCorrected",
            json!({ "position": position.to_string(), "reason": "Wrong meeting" }),
        )
    };
    judged(
        &given,
        &[(
            "the proposal itself",
            void(approval - 1),
            &["RELIED_UPON", "RELIED_UPON"],
        )],
    );
    given.record(&[void(approval)]);
    let correction = tail(&given);
    assert!(
        breaches(&given, "2026-11-23", act).is_empty(),
        "as known before"
    );
    let found = breaches(&given, "2026-11-23", correction);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind(), BreachKind::Found);
    assert_eq!(found[0].missing[0].reason, "NOT_CARRIED");
    assert_eq!(found[0].act.as_ref().map(|act| act.position), Some(act));
    // A later approval is shown beside it.
    let mut again = given.clone();
    let mut approval_again = approve("2020-06-20", 1);
    approval_again["virementApproved"]["decisionId"] = "again".into();
    again.record(&[approval_again]);
    let line = now(&again).pop().expect("still a breach");
    assert_eq!(line.missing[0].reason, "DECIDED_LATER");
    assert!(!line.late_approvals[0].recorded_late);
    // The correction was wrong itself: the act was approved all along.
    given.record(&[void(correction)]);
    assert!(now(&given).is_empty());
    assert_eq!(breaches(&given, "2026-11-23", correction).len(), 1);
}

#[test]
fn rules_recorded_late_and_amounts_corrected_are_known_from_there() {
    let mut given = stage();
    given.record(&[make("2020-06-03", 0, "v", virement("100"))]);
    let act = tail(&given);
    given.record(&[adopt(
        "2020-01-01",
        "rules",
        &[virements("any", json!({}), officer(None))],
    )]);
    assert!(breaches(&given, "2026-11-23", act).is_empty());
    assert_eq!(now(&given)[0].missing[0].reason, "APPROVAL_REQUIRED");

    let mut given = ruled_by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    given.record(&[approve("2020-06-02", 1)]);
    let approval = tail(&given);
    given.record(&[make("2020-06-03", 1, "v", virement("60"))]);
    given.record(&[make("2020-06-04", 1, "w", virement("40"))]);
    let mut less = approve("2020-06-02", 1);
    less["virementApproved"]["amountPence"] = "70".into();
    given.record(&[on_x(
        "",
        "entryCorrected",
        json!({ "position": approval.to_string(),
        "reason": "The minutes say 70", "replacement": less }),
    )]);
    let found = now(&given);
    assert_eq!(found.len(), 1, "only the second goes beyond it");
    assert_eq!(
        found[0].act.as_ref().map(|act| act.item_id.as_str()),
        Some("w")
    );
    assert_eq!(found[0].missing[0].reason, "OVER_APPROVED");
}

#[test]
fn every_acknowledged_breach_is_shown_as_one() {
    let mut given = stage();
    let changed = on_x(
        "2020-06-03",
        "serviceUnitsChanged",
        json!({ "serviceId": "dogs", "added": ["Search"] }),
    );
    given.record(&[breach(changed)]);
    let line = now(&given).pop().expect("a breach");
    assert_eq!(line.kind(), BreachKind::Acknowledged);
    assert!(line.rule.is_none() && line.missing.is_empty());
}

#[test]
fn a_corrected_breach_stays_in_the_list_marked_as_corrected() {
    let mut given = ruled_by_officer();
    given.record(&[breach(make("2020-06-10", 0, "v", virement("100")))]);
    let act = tail(&given);
    given.record(&[on_x(
        "",
        "entryCorrected",
        json!({ "position": act.to_string(), "reason": "It never happened" }),
    )]);
    let correction = tail(&given);
    let line = now(&given).pop().expect("still in the list");
    assert_eq!(line.corrected_by_position, correction);
    assert_eq!(line.correction_reason, "It never happened");
    let before = breaches(&given, "2026-11-23", act)
        .pop()
        .expect("as known before");
    assert_eq!(before.corrected_by_position, 0);
    assert!(breaches(&given, "2020-06-09", u64::MAX).is_empty());
}

#[test]
fn a_proposal_with_votes_is_not_rewritten() {
    let replaced = |position: u64, replacement: Value| {
        on_x(
            "",
            "entryCorrected",
            json!({ "position": position.to_string(), "reason": "Wrong", "replacement": replacement }),
        )
    };
    let void = |position: u64| {
        on_x(
            "",
            "entryCorrected",
            json!({ "position": position.to_string(), "reason": "Wrong" }),
        )
    };
    let mut given = ruled_by_officer();
    given.record(&[request("2020-06-01", 1, virement("100"))]);
    let asked = tail(&given);
    let more = || request("2020-06-01", 1, virement("101"));
    judged(&given, &[("no vote yet", replaced(asked, more()), &[])]);
    let mut retitled = request("2020-06-01", 1, virement("100"));
    retitled["virementRequested"]["title"] = "Vans".into();
    retitled["virementRequested"]["reason"] = "More fuel".into();
    let mut by_another = retitled.clone();
    by_another["actedBy"] = json!({ "bodyId": "a-cc" });
    let mut spoken = given.clone();
    spoken.record(&[approve("2020-06-02", 1)]);
    judged(
        &spoken,
        &[
            ("more", replaced(asked, more()), &["SPOKEN_TO"]),
            ("by another", replaced(asked, by_another), &["SPOKEN_TO"]),
            ("its words", replaced(asked, retitled), &[]),
        ],
    );
    // Nor by voiding the correction that came before their votes.
    given.record(&[replaced(asked, more())]);
    let correction = tail(&given);
    given.record(&[approve("2020-06-02", 1)]);
    judged(
        &given,
        &[("what it said at first", void(correction), &["SPOKEN_TO"])],
    );
}
