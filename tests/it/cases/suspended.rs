//! Services that are suspended: who leads them meanwhile, and when they are resumed.

use minutebook::views;
use serde_json::{Value, json};

use super::{at, councils, refusal, x};
use crate::given::{Given, judged, on_x};

/// Councils p, q and r, and a service that p leads, suspended on 1 January 2022.
fn suspended() -> Given {
    let mut given = councils(&["p", "q", "r"], "2012-01-01");
    given.record(&[on_x(
        "2012-01-01",
        "serviceAdded",
        json!({ "serviceId": "legal", "name": "Legal", "leadId": "p" }),
    )]);
    given.record(&[on_x(
        "2022-01-01",
        "serviceRemoved",
        json!({ "serviceId": "legal", "reason": "Suspended" }),
    )]);
    given
}

fn transferred(on: &str) -> Value {
    let payload = json!({ "serviceId": "legal", "fromId": "p", "toId": "q" });
    on_x(on, "serviceLeadTransferred", payload)
}

fn resumed(on: &str) -> Value {
    on_x(on, "serviceResumed", json!({ "serviceId": "legal" }))
}

#[test]
fn a_service_whose_lead_has_left_is_resumed_under_another_or_under_nobody() {
    let mut given = suspended();
    judged(&given, &[("a party", resumed("2022-02-01"), &[])]);
    given.record(&[on_x(
        "2022-03-01",
        "partyWithdrew",
        json!({ "bodyId": "p", "reason": "Left" }),
    )]);
    judged(
        &given,
        &[
            ("with it", resumed("2022-04-01"), &["LEAD_HAS_LEFT"]),
            // A lead does not leave.
            (
                "before it left",
                resumed("2022-02-01"),
                &["CONTRADICTS_LATER"],
            ),
        ],
    );
    let text = refusal(&given, &resumed("2022-04-01"));
    assert!(text.contains("service_lead_transferred first"), "{text}");
    let mut led = given.clone();
    led.record(&[transferred("2022-03-15"), resumed("2022-04-01")]);
    let service = &x(&led, "2022-04-01").services[0];
    assert_eq!(service.lead.as_ref().unwrap().body_id, "q");
    let ended = on_x("2022-03-15", "leadEnded", json!({ "serviceId": "legal" }));
    given.record(&[ended, resumed("2022-04-01")]);
    assert!(x(&given, "2022-04-01").services[0].lead.is_none());
}

#[test]
fn the_lead_of_a_suspended_service_may_change_and_nothing_else_of_it() {
    let mut given = suspended();
    let units = json!({ "serviceId": "legal", "added": ["U"] });
    let units = on_x("2022-02-01", "serviceUnitsChanged", units);
    judged(
        &given,
        &[
            ("its lead", transferred("2022-02-01"), &[]),
            ("its units", units.clone(), &["UNKNOWN_SERVICE"]),
        ],
    );
    let text = refusal(&given, &units);
    assert!(
        text.contains("suspended, on 2022-01-01: record service_resumed first"),
        "{text}"
    );
    given.record(&[transferred("2022-02-01")]);
    given.record(&[resumed("2022-04-01")]);
    let view = views::body::get(&at(&given, "2022-04-01"), &"q".parse().unwrap()).unwrap();
    assert_eq!(view.party_to[0].leads_services.len(), 1);
}
