//! Everything happens on 1 April: who leaves, gives up or signs on the day of an end does so
//! before it, in whichever order the entries are recorded.

use serde_json::{Value, json};

use super::{councils, drafted, signed, x};
use crate::given::{Given, judged, on_x};

fn ended(on: &str) -> Value {
    let mut event = on_x(
        on,
        "collaborationEnded",
        json!({ "cause": "END_CAUSE_NOT_GIVEN" }),
    );
    event["sources"] = json!([{ "title": "Annual report" }]);
    event
}

fn withdrew(on: &str) -> Value {
    on_x(
        on,
        "partyWithdrew",
        json!({ "bodyId": "oak", "reason": "left" }),
    )
}

fn parties() -> Given {
    councils(&["ash", "elm", "oak"], "2010-04-01")
}

#[test]
fn a_departure_on_the_day_of_the_end_is_taken_in_either_order() {
    let one = [withdrew("2012-04-01"), ended("2012-04-01")];
    let other = [ended("2012-04-01"), withdrew("2012-04-01")];
    let views = [one, other].map(|events| {
        let mut given = parties();
        for event in events {
            given.record(&[event]);
        }
        let mut shown = x(&given, "2012-04-02");
        let parties = shown.parties.len();
        let left = shown.former_parties.remove(0);
        (
            parties,
            left.body,
            left.left_on,
            shown.summary.unwrap().ended_on,
        )
    });
    assert_eq!(views[0], views[1]);
    let mut given = parties();
    given.record(&[ended("2012-04-01")]);
    let later = withdrew("2012-04-02");
    judged(&given, &[("a day later", later, &["SUBJECT_ENDED"])]);
}

#[test]
fn a_signature_found_late_is_taken_beside_a_replacement_and_a_departure_of_one_day() {
    let old = |body: &str| signed("old", "2010-05-01", body);
    let new = |body: &str| signed("new", "2016-03-20", body);
    let mut given = parties();
    let terms = || json!({ "hasWithdrawalProvision": true });
    given.record(&[drafted("old", "2010-04-01", "OTHER", terms())]);
    given.record(&[old("ash"), old("elm")]);
    let payload = json!({ "instrumentId": "new", "title": "The new", "terms": terms(),
        "kind": "INSTRUMENT_KIND_OTHER", "partyIds": ["ash", "elm"] });
    given.record(&[on_x("2016-03-01", "instrumentDrafted", payload)]);
    given.record(&[new("ash"), new("elm")]);
    let superseded = json!({ "instrumentId": "old", "byInstrumentId": "new" });
    given.record(&[on_x("2016-04-01", "instrumentSuperseded", superseded)]);
    given.record(&[withdrew("2016-04-01")]);
    given.record(&[old("oak")]);
}

#[test]
fn whatever_winds_it_up_on_the_day_of_the_end_is_taken_after_the_end_was_recorded() {
    let day = "2012-04-01";
    let mut given = parties();
    let terms = || json!({ "hasWithdrawalProvision": true });
    let service = json!({ "serviceId": "s", "name": "S", "leadId": "ash" });
    given.record(&[
        drafted("old", "2010-04-01", "OTHER", terms()),
        drafted("unsigned", "2010-04-01", "OTHER", terms()),
    ]);
    given.record(&["ash", "elm", "oak"].map(|body| signed("old", "2010-05-01", body)));
    given.record(&[
        on_x("2010-04-01", "leadAppointed", json!({ "bodyId": "ash" })),
        on_x("2010-04-01", "serviceAdded", service),
        ended(day),
    ]);
    let varied = |on: &str, instrument: &str| {
        let variation = json!({ "instrumentId": instrument, "summary": "Who keeps what",
            "agreedByIds": ["ash", "elm", "oak"] });
        on_x(on, "instrumentVaried", json!({ "variation": variation }))
    };
    let budget = |on: &str| {
        let line = json!({ "head": "Run-off", "amountPence": "100" });
        let figures = json!({ "financialYear": "2012/13", "lines": [line] });
        on_x(on, "budgetApproved", json!({ "figures": figures }))
    };
    let lead = |on: &str| on_x(on, "leadAppointed", json!({ "bodyId": "elm" }));
    let service_lead = |on: &str| {
        let payload = json!({ "serviceId": "s", "fromId": "ash", "toId": "oak" });
        on_x(on, "serviceLeadTransferred", payload)
    };
    let after = "2012-04-02";
    let over = &["SUBJECT_ENDED"][..];
    judged(
        &given,
        &[
            ("a variation", varied(day, "old"), &[]),
            (
                "of what nobody signed",
                varied(day, "unsigned"),
                &["INSTRUMENT_NOT_IN_FORCE"],
            ),
            ("a budget", budget(day), &[]),
            ("its lead", lead(day), &[]),
            ("the lead of a service", service_lead(day), &[]),
            ("a second end", ended(day), over),
            (
                "a variation a day later",
                varied(after, "old"),
                &["SUBJECT_ENDED", "INSTRUMENT_OVER"],
            ),
            ("a budget a day later", budget(after), over),
            ("a lead a day later", lead(after), over),
            ("a service a day later", service_lead(after), over),
        ],
    );
    // In whichever order they are recorded, the register shows the same.
    let shown = |events: [Value; 2]| {
        let mut given = parties();
        given.record(&[on_x(
            "2010-04-01",
            "leadAppointed",
            json!({ "bodyId": "ash" }),
        )]);
        for event in events {
            given.record(&[event]);
        }
        let shown = x(&given, after);
        let summary = shown.summary.unwrap();
        (summary.lead.map(|lead| lead.body_id), summary.ended_on)
    };
    assert_eq!(
        shown([lead(day), ended(day)]),
        shown([ended(day), lead(day)])
    );
}
