//! Ends: of what, by what, and what they leave behind; and what a mandate forbids.

use minutebook::views;
use minutebook::wire::proto::{NoticeStanding, OpportunityOutcome, Standing};
use serde_json::{Value, json};

use super::{
    agree, councils, forces, ids, instrument, notice_view, provisions, refusal, signed, view, x,
};
use crate::given::{Given, date, judged, on_x};

const ALL: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];

/// Forces a and b under a section 22A agreement of 2011, with a service.
fn two_forces(terms: Value) -> Given {
    let mut given = forces(&["a", "b"], "2011");
    let mut terms = terms;
    terms["provisions"] = provisions(&["a", "b"]);
    agree(
        &mut given,
        "i",
        "2011",
        "SECTION_22A_AGREEMENT",
        terms,
        &ALL,
    );
    given.record(&[on_x(
        "2011",
        "serviceAdded",
        json!({ "serviceId": "s", "name": "S" }),
    )]);
    given
}

fn ended(on: &str, cause: &str, extra: Value) -> Value {
    let mut payload = json!({ "cause": format!("END_CAUSE_{cause}") });
    let fields = payload.as_object_mut().unwrap();
    fields.extend(extra.as_object().unwrap().clone());
    on_x(on, "collaborationEnded", payload)
}

fn over(on: &str, cause: &str, extra: Value) -> Value {
    let mut event = ended(on, cause, extra);
    let mut payload = event["collaborationEnded"].take();
    payload["instrumentId"] = "i".into();
    on_x(on, "instrumentEnded", payload)
}

fn direction(on: &str, id: &str, kind: &str) -> Value {
    let payload = json!({ "directionId": id, "kind": format!("DIRECTION_KIND_{kind}"),
        "terms": "SI 2012/1690" });
    on_x(on, "directionIssued", payload)
}

fn notice(id: &str, on: &str, body: &str, to: &str) -> Value {
    let payload = json!({ "noticeId": id, "bodyId": body, "takesEffectOn": date(to),
        "capacity": "NOTICE_CAPACITY_PARTY" });
    on_x(on, "noticeGiven", payload)
}

#[test]
fn an_end_by_agreement_names_all_parties_that_agreed() {
    let given = two_forces(json!({ "expiresOn": date("2023-02-28") }));
    let by = |agreed: &[&str]| json!({ "agreedByIds": agreed });
    judged(
        &given,
        &[
            (
                "nobody named",
                ended("2023-03", "AGREEMENT", json!({})),
                &["END_NOT_AGREED"],
            ),
            (
                "three of four",
                ended("2023-03", "AGREEMENT", by(&ALL[1..])),
                &["END_NOT_AGREED"],
            ),
            ("all", ended("2023-03", "AGREEMENT", by(&ALL)), &[]),
            (
                "its term ran out",
                ended("2023-03", "EXPIRY", json!({})),
                &[],
            ),
            (
                "the instrument alike",
                over("2023-03", "AGREEMENT", json!({})),
                &["END_NOT_AGREED"],
            ),
            (
                "by all it binds",
                over("2023-03", "AGREEMENT", by(&ALL)),
                &[],
            ),
        ],
    );
    let text = refusal(&given, &ended("2023-03", "AGREEMENT", json!({})));
    assert!(text.contains("agreed_by_ids"), "{text}");
}

#[test]
fn what_the_collaboration_alone_carried_ends_with_it() {
    let mut given = two_forces(json!({ "noticeAsPartyMonths": 12 }));
    agree(&mut given, "lease", "2012", "OTHER", json!({}), &ALL);
    given.record(&[notice("n", "2022-06-01", "b-pcc", "2023-06-30")]);
    given.record(&[on_x(
        "2022-09",
        "actionAgreed",
        json!({ "actionId": "exit-plan", "what": "Write an exit plan", "owner": { "bodyId": "a-pcc" } }),
    )]);
    let end = json!({ "agreedByIds": ALL, "survivingInstrumentIds": ["lease"] });
    given.record(&[ended("2023-03", "AGREEMENT", end)]);
    let before = x(&given, "2023-02-28");
    assert!(before.left_over.is_empty() && before.services.len() == 1);
    let after = x(&given, "2023-03-01");
    assert_eq!(
        ids(&after.end_agreed_by),
        ["a-pcc", "a-cc", "b-pcc", "b-cc"]
    );
    assert_eq!(after.surviving_instrument_ids, ["lease"]);
    let shown = instrument(&given, "i", "2023-03-01");
    assert_eq!(shown.standing(), Standing::Ended);
    assert!(shown.ended_with_collaboration);
    let ends_on = shown.ends_on.unwrap();
    assert_eq!((ends_on.year, ends_on.month, ends_on.day), (2023, 3, 0));
    let lease = instrument(&given, "lease", "2023-03-01");
    assert_eq!(lease.standing(), Standing::InForce);
    assert_eq!(
        after.summary.as_ref().unwrap().instruments_in_force_count,
        1
    );
    assert!(after.services.is_empty());
    assert!(after.former_services[0].ended_with_collaboration);
    assert_eq!(after.summary.as_ref().unwrap().service_count, 0);
    let running = notice_view(&given, "n", "2023-03-01");
    assert_eq!(running.standing(), NoticeStanding::EndedWithCollaboration);
    let left: Vec<_> = after
        .left_over
        .iter()
        .map(|l| (&*l.kind, &*l.item_id))
        .collect();
    assert_eq!(left, [("action", "exit-plan")]);
    // An instrument that is recorded only after the end, and dated before, ends alike.
    let mut late = given.clone();
    late.record(&[super::drafted("old", "2013", "OTHER", json!({}))]);
    for party in ALL {
        late.record(&[signed("old", "2013", party)]);
    }
    assert_eq!(
        instrument(&late, "old", "2023-02-28").standing(),
        Standing::InForce
    );
    assert!(instrument(&late, "old", "2023-03-01").ended_with_collaboration);
    judged(
        &given,
        &[("said again", over("2023-04", "AGREEMENT", json!({})), &[])],
    );
}

#[test]
fn an_end_by_notice_rests_on_a_notice_that_has_taken_effect() {
    let mut given = two_forces(json!({ "noticeEndsAgreement": true }));
    let by_notice = |on, ids: &[&str]| ended(on, "NOTICE", json!({ "noticeIds": ids }));
    judged(
        &given,
        &[(
            "none on record",
            by_notice("2016", &[]),
            &["END_WITHOUT_NOTICE"],
        )],
    );
    given.record(&[notice("n", "2015-01-01", "b-pcc", "2016-01-01")]);
    judged(
        &given,
        &[
            (
                "it runs",
                by_notice("2015-12-31", &[]),
                &["END_WITHOUT_NOTICE"],
            ),
            (
                "it runs, named",
                by_notice("2015-12-31", &["n"]),
                &["NOTICE_STILL_RUNNING"],
            ),
            (
                "unknown",
                by_notice("2016-01-01", &["m"]),
                &["UNKNOWN_ITEM"],
            ),
            ("in effect", by_notice("2016-01-01", &["n"]), &[]),
            ("in effect, not named", by_notice("2016-01-01", &[]), &[]),
        ],
    );
    given.record(&[by_notice("2016-01-01", &[])]);
    assert_eq!(x(&given, "2016-01-01").end_notice_ids, ["n"]);
}

#[test]
fn an_end_by_direction_rests_on_a_direction() {
    let mut given = two_forces(json!({}));
    let end = |on| ended(on, "DIRECTION", json!({}));
    judged(&given, &[("none", end("2016"), &["END_WITHOUT_DIRECTION"])]);
    given.record(&[direction("2015", "t", "TERMINATE")]);
    judged(
        &given,
        &[
            ("before it", end("2014"), &["END_WITHOUT_DIRECTION"]),
            ("after it", end("2016"), &[]),
            ("the instrument", over("2016", "DIRECTION", json!({})), &[]),
        ],
    );
    given.record(&[over("2016", "DIRECTION", json!({ "directionId": "t" }))]);
    assert_eq!(instrument(&given, "i", "2016-02-01").end_direction_id, "t");
    given.record(&[end("2016-06")]);
    assert_eq!(x(&given, "2016-07-01").end_direction_id, "t");
}

#[test]
fn a_mandate_has_no_side_door() {
    let mut given = two_forces(json!({ "noticeAsPartyMonths": 12 }));
    given.record(&[direction("2012-06-29", "m", "MANDATE")]);
    let leaves = |on: &str, directed: &str| {
        let payload = json!({ "serviceId": "s", "leftIds": ["a-cc"], "directionId": directed });
        on_x(on, "servicePartiesChanged", payload)
    };
    let removed = |on: &str, directed: &str| {
        on_x(
            on,
            "serviceRemoved",
            json!({ "serviceId": "s", "directionId": directed }),
        )
    };
    let all = json!({ "agreedByIds": ALL });
    const MANDATED: &[&str] = &["MANDATE_STANDS"];
    judged(
        &given,
        &[
            ("a party out of the service", leaves("2013", ""), MANDATED),
            ("the service removed", removed("2014", ""), MANDATED),
            (
                "the agreement ended",
                over("2015", "AGREEMENT", all.clone()),
                MANDATED,
            ),
            ("all of it ended", ended("2016", "AGREEMENT", all), MANDATED),
            (
                "by a direction nobody gave",
                ended("2016", "DIRECTION", json!({})),
                &["END_WITHOUT_DIRECTION"],
            ),
            (
                "removed by the mandate itself",
                removed("2014", "m"),
                &["UNKNOWN_ITEM"],
            ),
            ("before the mandate", removed("2012-06-28", ""), &[]),
        ],
    );
    given.record(&[direction("2014-06", "d", "DIRECT")]);
    judged(
        &given,
        &[
            ("a direction named", removed("2015", "d"), &[]),
            ("a party out by it", leaves("2015", "d"), &[]),
            ("before it", removed("2014-01", "d"), &["BEFORE_ITEM"]),
            ("not named", removed("2015", ""), MANDATED),
        ],
    );
}

#[test]
fn a_lawful_exit_is_no_breach_and_the_provision_is_a_fault_of_the_agreement() {
    let mut given = forces(&["a", "b", "c"], "2015");
    let all = ["a-pcc", "a-cc", "b-pcc", "b-cc", "c-pcc", "c-cc"];
    let terms = json!({ "provisions": provisions(&["a", "b", "c"]) });
    agree(
        &mut given,
        "i",
        "2015",
        "SECTION_22A_AGREEMENT",
        terms,
        &all,
    );
    for body in ["c-pcc", "c-cc"] {
        let payload = json!({ "bodyId": body, "reason": "The board agreed" });
        given.record(&[on_x("2018-05-01", "partyWithdrew", payload)]);
    }
    let breaches = views::breaches::list(&view(&given, "2018-06-01", u64::MAX), None);
    assert!(breaches.is_empty(), "{breaches:?}");
    let shown = instrument(&given, "i", "2018-06-01");
    assert_eq!(shown.faults.len(), 1);
    let fault = &shown.faults[0];
    assert!(fault.what.contains("since c-pcc left"), "{fault:?}");
    assert!(fault.what.contains("to be varied"), "{fault:?}");
}

#[test]
fn an_opportunity_goes_on_until_it_is_taken_up_or_declined() {
    let mut given = councils(&["a", "b"], "2011-09");
    let considered = |on: &str, outcome: &str| {
        let payload = json!({ "opportunityId": "o", "title": "A joint control room",
            "outcome": format!("OPPORTUNITY_OUTCOME_{outcome}"), "reasons": on });
        on_x(on, "opportunityConsidered", payload)
    };
    given.record(&[considered("2011-09", "UNDER_CONSIDERATION")]);
    given.record(&[considered("2011-11", "UNDER_CONSIDERATION")]);
    given.record(&[considered("2012", "PURSUED")]);
    let shown = &x(&given, "2012-01-01").opportunities;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].outcome(), OpportunityOutcome::Pursued);
    let steps: Vec<_> = shown[0]
        .steps
        .iter()
        .map(|s| (&*s.reasons, s.outcome()))
        .collect();
    assert_eq!(
        steps,
        [
            ("2011-09", OpportunityOutcome::UnderConsideration),
            ("2011-11", OpportunityOutcome::UnderConsideration),
            ("2012", OpportunityOutcome::Pursued),
        ]
    );
    let before = x(&given, "2011-10-01").opportunities;
    assert_eq!(before[0].outcome(), OpportunityOutcome::UnderConsideration);
    judged(
        &given,
        &[
            (
                "it is closed",
                considered("2013", "DECLINED"),
                &["ITEM_CLOSED"],
            ),
            (
                "a step before the close",
                considered("2011-10", "UNDER_CONSIDERATION"),
                &[],
            ),
        ],
    );
}
