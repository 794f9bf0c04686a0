//! The rules of admission: for each, the case just inside and just outside.

mod acts;
pub mod approving;
mod attack;
mod breaches;
mod council;
mod counting;
mod course;
mod drawing;
mod exits;
mod instruments;
mod interruptions;
mod leaving;
mod measures;
mod money;
mod own_proposals;
mod parties;
mod reference;
mod regimes;
mod rules;
mod schedules;
mod settling;
mod statute;
mod voided;
mod votes;

use serde_json::{Value, json};

use crate::given::{Given, bodies, collaboration, on_x};

/// Forces a and b in collaboration `x` since 2013, with a service led by `a-cc`.
pub fn alliance() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]));
    events.push(on_x(
        "2014",
        "serviceAdded",
        json!({ "serviceId": "dogs", "name": "Dogs", "units": ["Search"], "leadId": "a-cc",
                "partyIds": ["a-cc", "b-cc"] }),
    ));
    Given::recorded(&events)
}

/// The alliance with a memorandum drafted for `parties` in 2014, signed by `signed`.
fn memorandum(parties: &[&str], signed: &[(&str, &str)], terms: Value) -> Given {
    let mut given = alliance();
    given.record(&[on_x(
        "2014-03",
        "instrumentDrafted",
        json!({ "instrumentId": "mou", "title": "MoU", "partyIds": parties, "terms": terms,
                "kind": "INSTRUMENT_KIND_MEMORANDUM_OF_UNDERSTANDING" }),
    )]);
    for (body, on) in signed {
        given.record(&[sign(on, body)]);
    }
    given
}

fn sign(on: &str, body: &str) -> Value {
    on_x(
        on,
        "agreementSigned",
        json!({ "instrumentId": "mou", "bodyId": body }),
    )
}

fn force(forces: &[&str]) -> Value {
    json!({ "kind": "PROVISION_KIND_FORCE", "forces": forces })
}
