//! Rule 0: what callers who have signed in may record.

mod door;
mod markings;
mod matrix;
mod methods;
mod model;
mod reading;
pub mod secrets;

use std::sync::Arc;

use minutebook::domain::admit::Refusal;
use minutebook::domain::caller::{Caller, KnownCaller, Principal, PrincipalKind, Pseudonym};
use serde_json::{Value, json};

use crate::given::{Given, event};

pub const ISSUER: &str = "https://login.example.gov.uk";

pub const ROLES: [&str; 7] = [
    "registrar",
    "recorder",
    "member",
    "secretary",
    "auditor",
    "reader",
    "keeper",
];

/// A caller in these groups; each number is another caller.
pub fn caller(number: u8, groups: &[&str]) -> Caller {
    let principals = groups.iter();
    let principals =
        principals.map(|group| Principal::new(ISSUER, PrincipalKind::Group, group).unwrap());
    Caller::Known(Arc::new(KnownCaller {
        principals: principals.collect(),
        pseudonym: Pseudonym([number; 16]),
    }))
}

/// The grant of a mandate to a group of the same name; `scope` has what it covers.
pub fn grant(id: &str, role: &str, scope: Value) -> Value {
    let mut granted = json!({
        "mandateId": id,
        "holder": { "issuer": ISSUER, "group": id },
        "role": format!("MANDATE_ROLE_{}", role.to_uppercase()),
        "recordedAs": format!("Office {id}"),
    });
    for (field, value) in scope.as_object().unwrap() {
        granted[field] = value.clone();
    }
    event("register", "2026-11-01", "mandateGranted", granted)
}

/// A caller of the keepers.
pub fn keeper() -> Caller {
    caller(255, &["keepers"])
}

impl Given {
    /// The register with a keeper, set at the store.
    pub fn kept(mut self) -> Self {
        self.record_by(&Caller::Store, &[grant("keepers", "keeper", json!({}))]);
        self
    }

    /// The register with a mandate, granted by the keeper.
    #[track_caller]
    pub fn granting(mut self, id: &str, role: &str, scope: Value) -> Self {
        self.record_by(&keeper(), &[grant(id, role, scope)]);
        self
    }

    /// The reasons for which one event of a caller is refused.
    pub fn reasons(&self, caller: &Caller, event: &Value) -> Vec<&'static str> {
        match self.judge_by(caller, std::slice::from_ref(event)) {
            Ok(_) => Vec::new(),
            Err(Refusal::Rules(findings)) => findings.iter().map(|f| f.fault.reason()).collect(),
            Err(Refusal::Stale(stale)) => panic!("{stale:?}"),
        }
    }

    /// The sentence of the first refusal of an event.
    pub fn sentence(&self, caller: &Caller, event: &Value) -> String {
        match self.judge_by(caller, std::slice::from_ref(event)) {
            Err(Refusal::Rules(findings)) => findings[0].fault.to_string(),
            other => panic!("{other:?}"),
        }
    }
}
