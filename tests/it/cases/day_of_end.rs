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
