//! Given / when / then: events as recorders write them (proto3 JSON), admitted and
//! folded without a server.

use std::sync::Arc;

use jiff::Timestamp;
use minutebook::domain::admit::{Admission, Context, Refusal, admit};
use minutebook::domain::caller::Caller;
use minutebook::domain::date::PartialDate;
use minutebook::domain::entry::Entry;
use minutebook::domain::register::Register;
use minutebook::wire::json;
use minutebook::wire::{proto, request};
use serde_json::{Value, json};
use uuid::Uuid;

/// A register under test, and its entries.
#[derive(Clone, Default)]
pub struct Given {
    pub register: Register,
    pub entries: Vec<Arc<Entry>>,
}

/// An event about `subject`, effective from `on` (empty: from the day it is
/// recorded).
pub fn event(subject: &str, on: &str, kind: &str, payload: Value) -> Value {
    let mut event = json!({ "subject": subject, kind: payload });
    if !on.is_empty() {
        event["effectiveOn"] = date(on);
    }
    event
}

/// A date in JSON, whole or partial.
pub fn date(text: &str) -> Value {
    let date: PartialDate = text.parse().expect("a date");
    let mut parts = json!({ "year": date.year() });
    if let Some(month) = date.month() {
        parts["month"] = month.into();
    }
    if let Some(day) = date.day() {
        parts["day"] = day.into();
    }
    parts
}

/// A request with these events; each `tag` makes another request id.
pub fn append(tag: u128, events: &[Value]) -> proto::AppendRequest {
    json::from_value(json!({
        "requestId": Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + tag).to_string(),
        "recordedBy": "Regional collaboration team",
        "events": events,
    }))
    .expect("an append request")
}

/// The instant at which every test records.
pub fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().expect("an instant")
}

/// Short, because the events are printed beside it.
impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} entries", self.entries.len())
    }
}

impl Given {
    /// A register with these events, each recorded in its own request.
    pub fn recorded(events: &[Value]) -> Self {
        let mut given = Self::default();
        for event in events {
            given.record(std::slice::from_ref(event));
        }
        given
    }

    /// Records events that must be admitted, in one request.
    pub fn record(&mut self, events: &[Value]) {
        let admission = self.judge(events).unwrap_or_else(|refusal| {
            panic!(
                "refused: {refusal:#?}\nof {}",
                serde_json::to_string_pretty(events).unwrap()
            )
        });
        self.entries.extend(admission.entries);
        self.register = admission.register;
    }

    /// The answer of admission to these events in one request.
    pub fn judge(&self, events: &[Value]) -> Result<Admission, Refusal> {
        let tag = u128::from(self.register.tail().get());
        let command =
            request::append_command(&append(tag, events)).expect("fields that can be read");
        admit(&self.register, &command, &Context::at(now()))
    }

    /// The answer of admission to these events of a caller in one request.
    pub fn judge_by(&self, caller: &Caller, events: &[Value]) -> Result<Admission, Refusal> {
        let tag = u128::from(self.register.tail().get());
        let mut append = append(tag, events);
        if matches!(caller, Caller::Known(_)) {
            append.recorded_by.clear();
        }
        let command = request::append_command_of(&append, caller.clone());
        let command = command.expect("fields that can be read");
        admit(&self.register, &command, &Context::at(now()))
    }

    /// Records events of a caller that must be admitted, in one request.
    #[track_caller]
    pub fn record_by(&mut self, caller: &Caller, events: &[Value]) {
        let admission = self.judge_by(caller, events).unwrap_or_else(|refusal| {
            panic!(
                "refused: {refusal:#?}\nof {}",
                serde_json::to_string_pretty(events).unwrap()
            )
        });
        self.entries.extend(admission.entries);
        self.register = admission.register;
    }

    /// The reasons for which events in one request are refused, with their fields.
    pub fn faults(&self, events: &[Value]) -> Vec<(String, &'static str)> {
        match self.judge(events) {
            Ok(_) => Vec::new(),
            Err(Refusal::Rules(findings)) => findings
                .into_iter()
                .map(|finding| {
                    let field = format!("{}:{}", finding.index, finding.field);
                    (field, finding.fault.reason())
                })
                .collect(),
            Err(Refusal::Stale(stale)) => panic!("stale: {stale:?}"),
        }
    }
}

/// Judges each event alone against `given`, and demands exactly these reasons; no
/// reasons mean that it is admitted.
#[track_caller]
pub fn judged(given: &Given, table: &[(&str, Value, &[&str])]) {
    let mut wrong = Vec::new();
    for (name, when, reasons) in table {
        let faults = given.faults(std::slice::from_ref(when));
        let found: Vec<&str> = faults.iter().map(|(_, reason)| *reason).collect();
        if found != *reasons {
            wrong.push(format!("{name}: expected {reasons:?}, found {faults:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Bodies for tests: forces `a`, `b`, `c`, each with a commissioner (`a-pcc`) and a
/// chief constable (`a-cc`), a fire authority, an ambulance trust and a council,
/// all since 2012-11-22; `late-pcc` since 2020; `old-pa`, succeeded by `a-pcc` on
/// 2012-11-22.
pub fn bodies() -> Vec<Value> {
    let body = |id: &str, on: &str, kind: &str, force: &str| {
        let mut payload =
            json!({ "name": format!("The {id}"), "kind": format!("BODY_KIND_{kind}") });
        if !force.is_empty() {
            payload["force"] = force.into();
        }
        event(&format!("bodies/{id}"), on, "bodyRegistered", payload)
    };
    let mut events = Vec::new();
    for force in ["a", "b", "c"] {
        events.push(body(
            &format!("{force}-pcc"),
            "2012-11-22",
            "POLICING_BODY",
            force,
        ));
        events.push(body(
            &format!("{force}-cc"),
            "2012-11-22",
            "CHIEF_OFFICER",
            force,
        ));
    }
    events.push(body("fire", "2012-11-22", "FIRE_AUTHORITY", ""));
    events.push(body("ambulance", "2012-11-22", "AMBULANCE_TRUST", ""));
    events.push(body("council", "2012-11-22", "COUNCIL", ""));
    events.push(body("late-pcc", "2020", "POLICING_BODY", "late"));
    events.push(body("old-pa", "2000", "POLICING_BODY", "a"));
    events.push(event(
        "bodies/old-pa",
        "2012-11-22",
        "bodySucceeded",
        json!({ "successorId": "a-pcc" }),
    ));
    events
}

/// A collaboration `x` of these bodies since 2013.
pub fn collaboration(parties: &[&str]) -> Value {
    event(
        "collaborations/x",
        "2013",
        "collaborationEstablished",
        json!({ "name": "Xshire", "kind": "COLLABORATION_KIND_ALLIANCE", "partyIds": parties }),
    )
}

/// An event about the collaboration `x`.
pub fn on_x(on: &str, kind: &str, payload: Value) -> Value {
    event("collaborations/x", on, kind, payload)
}
