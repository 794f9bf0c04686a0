//! Rule 2: who signs an instrument, when it is in force, and how it is varied.

use serde_json::{Value, json};

use super::{force, memorandum, sign};
use crate::given::{date, event, judged, on_x};

fn update(on: &str, agreed: Value) -> Value {
    let variation = json!({ "instrumentId": "mou", "agreedByIds": agreed, "summary": "Dogs too" });
    on_x(on, "mouUpdated", json!({ "variation": variation }))
}

#[test]
fn rule_2_each_signatory_signs_once() {
    judged(
        &memorandum(&["a-pcc", "b-pcc"], &[("a-pcc", "2014-04-02")], json!({})),
        &[
            ("the other", sign("2014-04-03", "b-pcc"), &[]),
            ("again", sign("2014-04-03", "a-pcc"), &["ALREADY_SIGNED"]),
            (
                "again, dated earlier",
                sign("2014-04-01", "a-pcc"),
                &["ALREADY_SIGNED"],
            ),
            (
                "a party that need not",
                sign("2014-04-03", "a-cc"),
                &["NOT_A_SIGNATORY"],
            ),
            (
                "before it was drafted",
                sign("2014-02", "b-pcc"),
                &["BEFORE_ITEM"],
            ),
        ],
    );
    let default = memorandum(&[], &[], json!({}));
    judged(
        &default,
        &[("every party by default", sign("2014-04", "b-cc"), &[])],
    );
}

#[test]
fn rule_2_only_an_instrument_in_force_is_varied_and_by_those_that_must_agree() {
    let alone = memorandum(&["a-pcc", "b-pcc"], &[("a-pcc", "2014-04-02")], json!({}));
    judged(
        &alone,
        &[(
            "one has not signed",
            update("2015", json!(["a-pcc", "b-pcc"])),
            &["INSTRUMENT_NOT_IN_FORCE"],
        )],
    );
    let signed: &[(&str, &str)] = &[("a-pcc", "2014-04-02"), ("b-pcc", "2014-05-01")];
    let both = memorandum(&["a-pcc", "b-pcc"], signed, json!({}));
    let varied = on_x(
        "2015",
        "instrumentVaried",
        update("2015", json!(["a-pcc", "b-pcc"]))["mouUpdated"].clone(),
    );
    judged(
        &both,
        &[
            (
                "on the day of the last signature",
                update("2014-05-01", json!(["a-pcc", "b-pcc"])),
                &[],
            ),
            (
                "the day before",
                update("2014-04-30", json!(["a-pcc", "b-pcc"])),
                &["INSTRUMENT_NOT_IN_FORCE"],
            ),
            (
                "one did not agree",
                update("2015", json!(["a-pcc"])),
                &["VARIATION_NOT_AGREED"],
            ),
            (
                "a stranger agreed",
                update("2015", json!(["a-pcc", "b-pcc", "c-pcc"])),
                &["NOT_A_SIGNATORY"],
            ),
            ("by the general event", varied, &["WRONG_VARIATION_EVENT"]),
        ],
    );
    let fewer = memorandum(
        &["a-pcc", "b-pcc"],
        signed,
        json!({ "variationPartyIds": ["a-pcc"] }),
    );
    judged(
        &fewer,
        &[
            (
                "its terms name fewer",
                update("2015", json!(["a-pcc"])),
                &[],
            ),
            (
                "and not that one",
                update("2015", json!(["b-pcc"])),
                &["VARIATION_NOT_AGREED"],
            ),
        ],
    );
    let later = memorandum(
        &["a-pcc", "b-pcc"],
        signed,
        json!({ "commencesOn": date("2015-01-01"), "expiresOn": date("2016") }),
    );
    judged(
        &later,
        &[
            (
                "before it commences",
                update("2014-12-31", json!(["a-pcc", "b-pcc"])),
                &["INSTRUMENT_NOT_IN_FORCE"],
            ),
            (
                "when it commences",
                update("2015-01-01", json!(["a-pcc", "b-pcc"])),
                &[],
            ),
            (
                "on its last day",
                update("2016-12-31", json!(["a-pcc", "b-pcc"])),
                &[],
            ),
            (
                "after it",
                update("2017-01-01", json!(["a-pcc", "b-pcc"])),
                &["INSTRUMENT_OVER"],
            ),
        ],
    );
}

#[test]
fn rule_2_an_instrument_that_is_over_is_left_alone() {
    let signed: &[(&str, &str)] = &[("a-pcc", "2014-04-02")];
    let mut given = memorandum(&["a-pcc", "b-pcc"], signed, json!({}));
    given.record(&[on_x(
        "2016",
        "instrumentEnded",
        json!({ "instrumentId": "mou", "cause": "END_CAUSE_AGREEMENT" }),
    )]);
    let end = |on: &str| {
        on_x(
            on,
            "instrumentEnded",
            json!({ "instrumentId": "mou", "cause": "END_CAUSE_EXPIRY" }),
        )
    };
    let supersede = |by: &str| {
        on_x(
            "2015",
            "instrumentSuperseded",
            json!({ "instrumentId": "mou", "byInstrumentId": by }),
        )
    };
    judged(
        &given,
        &[
            // Its only signatory ended it.
            (
                "signed before",
                sign("2015-12-31", "b-pcc"),
                &["CONTRADICTS_LATER"],
            ),
            (
                "signed after",
                sign("2016-01-01", "b-pcc"),
                &["INSTRUMENT_OVER"],
            ),
            ("ended twice", end("2017"), &["INSTRUMENT_OVER"]),
            (
                "superseded by the unknown",
                supersede("nou"),
                &["UNKNOWN_INSTRUMENT"],
            ),
        ],
    );
}

#[test]
fn rule_2_a_renewal_is_for_longer_and_provisions_are_of_section_22a() {
    let all = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    let given = memorandum(
        &all,
        &all.map(|body| (body, "2014-04-01")),
        json!({ "expiresOn": date("2016-03-31") }),
    );
    let renew = |to: &str| {
        let payload = json!({ "instrumentId": "mou", "expiresOn": date(to), "agreedByIds": all });
        on_x("2015", "instrumentRenewed", payload)
    };
    let plan = on_x(
        "2014",
        "instrumentDrafted",
        json!({ "instrumentId": "plan", "title": "Plan", "kind": "INSTRUMENT_KIND_PLAN",
                "terms": { "provisions": [force(&["a"])] } }),
    );
    judged(
        &given,
        &[
            ("for a day more", renew("2016-04-01"), &[]),
            ("for no more", renew("2016-03-31"), &["RENEWAL_NOT_LATER"]),
            ("provisions of a plan", plan, &["PROVISIONS_NOT_ALLOWED"]),
        ],
    );
}

#[test]
fn rule_2_a_body_that_has_left_has_no_vote_on_a_variation() {
    const ALL: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];
    let leave = |on: &str| {
        let payload = json!({ "bodyId": "b-pcc", "reason": "Leaving" });
        on_x(on, "partyWithdrew", payload)
    };
    let vary = |on: &str, by: &[&str]| {
        on_x(
            on,
            "mouUpdated",
            json!({ "variation": { "instrumentId": "mou", "summary": "Anew", "agreedByIds": by } }),
        )
    };
    let mut given = memorandum(&ALL, &ALL.map(|body| (body, "2014-04-01")), json!({}));
    let rest = ["a-pcc", "a-cc", "b-cc"];
    given.record(&[leave("2016-01-01")]);
    judged(
        &given,
        &[
            (
                "while it is a party",
                vary("2015-12-31", &rest),
                &["VARIATION_NOT_AGREED"],
            ),
            ("once it has left", vary("2016-01-01", &rest), &[]),
            (
                "without one that stays",
                vary("2016-01-01", &["a-pcc", "a-cc"]),
                &["VARIATION_NOT_AGREED"],
            ),
        ],
    );
    given.record(&[on_x("2018", "partyJoined", json!({ "bodyId": "b-pcc" }))]);
    judged(
        &given,
        &[(
            "once it is back",
            vary("2018-01-01", &rest),
            &["VARIATION_NOT_AGREED"],
        )],
    );
    // It signed after it had left: it is bound like every signatory.
    let mut late = memorandum(&ALL, &rest.map(|body| (body, "2014-04-01")), json!({}));
    late.record(&[leave("2015-01-01")]);
    late.record(&[sign("2015-02-01", "b-pcc")]);
    judged(
        &late,
        &[(
            "signed after it left",
            vary("2016-01-01", &rest),
            &["VARIATION_NOT_AGREED"],
        )],
    );
}

#[test]
fn rule_2_the_body_in_the_place_of_a_party_is_asked() {
    let vary = |by: &[&str]| {
        let variation = json!({ "instrumentId": "mou", "summary": "Anew", "agreedByIds": by });
        on_x("2017", "mouUpdated", json!({ "variation": variation }))
    };
    let signed: &[(&str, &str)] = &[("a-pcc", "2014-04-01"), ("b-pcc", "2014-04-01")];
    let mut given = memorandum(&["a-pcc", "b-pcc"], signed, json!({}));
    let mayor = json!({ "name": "The b mayor", "kind": "BODY_KIND_COMBINED_AUTHORITY" });
    given.record(&[event("bodies/b-mayor", "2016", "bodyRegistered", mayor)]);
    let followed = json!({ "successorId": "b-mayor" });
    given.record(&[event("bodies/b-pcc", "2016", "bodySucceeded", followed)]);
    let left = json!({ "bodyId": "b-pcc", "reason": "Followed" });
    given.record(&[on_x("2016", "partyWithdrew", left)]);
    let without = vary(&["a-pcc"]);
    judged(
        &given,
        &[
            (
                "without the body in its place",
                without.clone(),
                &["VARIATION_NOT_AGREED"],
            ),
            ("with it", vary(&["a-pcc", "b-mayor"]), &[]),
        ],
    );
    given.record(&[on_x("2016", "partyJoined", json!({ "bodyId": "b-mayor" }))]);
    judged(
        &given,
        &[
            ("said again by hand", without, &["VARIATION_NOT_AGREED"]),
            (
                "by the body that is no more",
                vary(&["a-pcc", "b-pcc"]),
                &["BODY_SUCCEEDED", "VARIATION_NOT_AGREED"],
            ),
        ],
    );
}
