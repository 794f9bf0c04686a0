//! Attacks on prior approval. Each attempt to evade it is refused or shown as a
//! breach; if one is allowed on purpose, its test says why.

mod late;
mod money;
mod names;
mod regimes;
mod rewriting;
mod words;

use std::sync::Arc;

use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::BreachView;
use serde_json::{Value, json};

use super::approving::*;
use super::breaches::naming;
use crate::given::{Given, event, judged, on_x};

fn breaches(given: &Given) -> Vec<BreachView> {
    let register = Arc::new(given.register.clone());
    let day = "2026-11-23".parse().expect("a day");
    let view = RegisterView::new(register, day, Position::new(u64::MAX));
    views::breaches::list(&view, None)
}

fn tail(given: &Given) -> u64 {
    given.register.tail().get()
}

fn correct(position: u64, replacement: Option<Value>) -> Value {
    let mut payload = json!({ "position": position.to_string(), "reason": "Wrong" });
    if let Some(replacement) = replacement {
        payload["replacement"] = replacement;
    }
    on_x("2020-06-20", "entryCorrected", payload)
}

fn by_officer() -> Given {
    ruled(&[virements("any", json!({}), officer(None))])
}

/// Demands that admission refuses the events, or that a breach is shown after them.
#[track_caller]
fn caught(given: &mut Given, act: Value) {
    let before = breaches(given).len();
    if given.faults(std::slice::from_ref(&act)).is_empty() {
        given.record(&[act]);
        let after = breaches(given).len();
        assert!(after > before, "admitted, and no breach is shown");
    }
}

#[track_caller]
fn refused(given: &Given, act: Value) {
    assert!(!given.faults(&[act]).is_empty(), "admitted");
}

#[track_caller]
fn admitted(given: &Given, act: Value) {
    let faults = given.faults(&[act]);
    assert!(faults.is_empty(), "{faults:?}");
}

fn from(head: Value, to: Value, amount: &str) -> Value {
    let side = |mut place: Value| {
        place["amountPence"] = amount.into();
        place
    };
    json!({ "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
        "sources": [side(head)], "targets": [side(to)] })
}

fn answer(on: &str, body: &str, outcome: &str) -> Value {
    on_x(
        on,
        "externalDecisionReceived",
        json!({ "proposalId": id(1), "deciderId": body, "outcome": format!("OUTCOME_{outcome}") }),
    )
}

fn asked_and_approved(given: &mut Given, n: u128, payload: Value) {
    given.record(&[request("2020-06-01", n, payload)]);
    given.record(&[approve("2020-06-02", n)]);
}
