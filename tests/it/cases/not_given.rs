//! Facts that no source gives: the last day of a renewal, the terms of an agreement, the
//! cause of an end. They are recorded as not given, and are shown so.

use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::proto::{AttentionKind, EndCause, Standing, TermKind};
use serde_json::{Value, json};

use super::{agree, at, councils, drafted, forces, instrument, refusal, signed, x};
use crate::given::{Given, date, judged, on_x};

const ALL: [&str; 4] = ["a-pcc", "a-cc", "b-pcc", "b-cc"];

/// Councils a and b with an agreement `i` of 2011.
fn two_councils(terms: Value) -> Given {
    let mut given = councils(&["a", "b"], "2011");
    let kind = "INTER_AUTHORITY_AGREEMENT";
    agree(&mut given, "i", "2011", kind, terms, &["a", "b"]);
    given
}

fn renewed(on: &str, more: Value) -> Value {
    let mut payload = json!({ "instrumentId": "i", "agreedByIds": ["a", "b"] });
    let fields = payload.as_object_mut().expect("fields");
    fields.extend(more.as_object().expect("fields").clone());
    on_x(on, "instrumentRenewed", payload)
}

fn not_given(terms: &[&str]) -> Value {
    let names = terms.iter().map(|term| format!("TERM_KIND_{term}"));
    json!({ "notGiven": names.collect::<Vec<_>>() })
}

/// An end of the collaboration or of `i`, from a document or none.
fn ended(of: &str, on: &str, cause: &str, from_paper: bool) -> Value {
    let mut payload = json!({ "cause": format!("END_CAUSE_{cause}") });
    if of == "instrumentEnded" {
        payload["instrumentId"] = "i".into();
    }
    let mut event = on_x(on, of, payload);
    if from_paper {
        event["sources"] = json!([{ "title": "Report to the executive", "place": "¶4" }]);
    }
    event
}

fn causes_awaited(given: &Given, day: &str) -> Vec<(String, String)> {
    let view = at(given, day);
    let asker = Asker::default();
    let until = views::attention::looks_ahead_until(&view, &asker);
    let lines = views::attention::list(&view, &asker, until).into_iter();
    let lines = lines.filter(|line| line.kind() == AttentionKind::CauseNotGiven);
    lines.map(|line| (line.subject, line.item_id)).collect()
}

#[test]
fn a_renewal_without_its_term_goes_on_without_an_invented_day() {
    let mut given = two_councils(json!({ "expiresOn": date("2014-03-31") }));
    given.record(&[renewed("2014-03-01", json!({ "expiresOnNotGiven": true }))]);
    let before = instrument(&given, "i", "2014-02-01");
    assert_eq!(before.ends_on.map(|day| day.year), Some(2014));
    assert!(!before.ends_on_not_given);
    let after = instrument(&given, "i", "2020-01-01");
    assert_eq!(after.standing(), Standing::InForce);
    assert!(after.ends_on.is_none() && after.ends_on_not_given);
    let due = views::deadlines::list(&at(&given, "2020-01-01"), None, true);
    assert_eq!(due.len(), 0, "{due:?}");
    // A later renewal gives one again.
    let known = renewed("2021-03-01", json!({ "expiresOn": date("2024-03-31") }));
    given.record(&[known]);
    let known = instrument(&given, "i", "2022-01-01");
    assert_eq!(known.ends_on.map(|day| day.year), Some(2024));
    assert!(!known.ends_on_not_given);
}

#[test]
fn terms_that_a_paper_does_not_give_are_not_the_same_as_none() {
    let missing = ["EXPIRY", "REVIEW", "NOTICE_AS_PARTY", "VALUE"];
    let given = two_councils(not_given(&missing));
    let shown = instrument(&given, "i", "2015-01-01");
    assert_eq!(shown.standing(), Standing::InForce);
    assert!(shown.ends_on_not_given);
    let terms = shown.terms.clone().expect("terms");
    let kinds: Vec<TermKind> = terms.not_given().collect();
    assert_eq!(kinds.len(), 4);
    let report = minutebook::present::reports::collaboration::in_full(&x(&given, "2015-01-01"));
    let mut csv = Vec::new();
    minutebook::present::csv::write(&report, &mut csv).expect("CSV");
    let csv = String::from_utf8(csv).expect("text");
    assert_eq!(csv.matches("not given").count(), 4, "{csv}");
    let none = two_councils(json!({}));
    let none = instrument(&none, "i", "2015-01-01");
    assert!(none.terms.is_none() && !none.ends_on_not_given);
}

#[test]
fn an_agreement_whose_provisions_no_source_gives_is_taken_and_shown_so() {
    let draft = |terms: Value| {
        let kind = "SECTION_22A_AGREEMENT";
        drafted("i", "2011-02", kind, terms)
    };
    let given = forces(&["a", "b"], "2011");
    judged(
        &given,
        &[
            ("says nothing", draft(json!({})), &["PROVISIONS_MISSING"]),
            ("not given", draft(not_given(&["PROVISIONS"])), &[]),
        ],
    );
    assert!(refusal(&given, &draft(json!({}))).contains("terms.not_given"));
    let mut given = given;
    given.record(&[draft(not_given(&["PROVISIONS"]))]);
    for body in ALL {
        given.record(&[signed("i", "2011-03-01", body)]);
    }
    let shown = instrument(&given, "i", "2012-01-01");
    assert_eq!(shown.standing(), Standing::InForce);
    let terms = shown.terms.expect("terms");
    assert_eq!(
        terms.not_given().collect::<Vec<_>>(),
        [TermKind::Provisions]
    );
}

#[test]
fn an_end_whose_cause_is_not_given_rests_on_a_paper_and_stays_in_attention() {
    for of in ["collaborationEnded", "instrumentEnded"] {
        let mut given = two_councils(json!({}));
        judged(
            &given,
            &[
                (
                    "by nobody's word",
                    ended(of, "2020", "NOT_GIVEN", false),
                    &["END_WITHOUT_SOURCE"],
                ),
                (
                    "by agreement of nobody",
                    ended(of, "2020", "AGREEMENT", true),
                    &["END_NOT_AGREED"],
                ),
            ],
        );
        given.record(&[ended(of, "2020", "NOT_GIVEN", true)]);
        let item = if of == "instrumentEnded" { "i" } else { "" };
        let line = ("collaborations/x".to_owned(), item.to_owned());
        assert_eq!(causes_awaited(&given, "2019-12-31"), []);
        assert_eq!(causes_awaited(&given, "2025-01-01"), [line]);
        if of == "collaborationEnded" {
            assert_eq!(x(&given, "2021-01-01").end_cause(), EndCause::NotGiven);
        } else {
            let shown = instrument(&given, "i", "2021-01-01");
            assert_eq!(shown.end_cause(), EndCause::NotGiven);
            assert_eq!(shown.standing(), Standing::Ended);
        }
        // Its cause is given by a correction, which the rule of that cause judges.
        let position = given.entries.len();
        let correct = |cause: Value| {
            let mut replacement = ended(of, "2020", "AGREEMENT", true);
            let fields = replacement[of].as_object_mut().expect("fields");
            fields.extend(cause.as_object().expect("fields").clone());
            let payload = json!({ "position": position, "reason": "Minutes found",
                "replacement": replacement });
            on_x("2020", "entryCorrected", payload)
        };
        judged(
            &given,
            &[
                (
                    "without the parties",
                    correct(json!({})),
                    &["END_NOT_AGREED"],
                ),
                (
                    "with them",
                    correct(json!({ "agreedByIds": ["a", "b"] })),
                    &[],
                ),
            ],
        );
        given.record(&[correct(json!({ "agreedByIds": ["a", "b"] }))]);
        assert_eq!(causes_awaited(&given, "2025-01-01"), []);
    }
}

#[test]
fn an_end_without_a_cause_is_no_way_around_a_mandate_or_a_rule() {
    let mut given = forces(&["a", "b"], "2011");
    let mandate = json!({ "directionId": "m", "kind": "DIRECTION_KIND_MANDATE",
        "terms": "SI 2012/1690" });
    given.record(&[on_x("2012", "directionIssued", mandate)]);
    let end = ended("collaborationEnded", "2020", "NOT_GIVEN", true);
    judged(&given, &[("mandated", end.clone(), &["MANDATE_STANDS"])]);
    let mut ruled = councils(&["a", "b"], "2011");
    let rules = json!({ "ruleSetId": "r", "rules": [{ "ruleId": "any", "title": "Any",
        "requirement": { "everyParty": {} } }] });
    ruled.record(&[on_x("2012", "approvalRulesAdopted", rules)]);
    judged(&ruled, &[("ruled", end, &["APPROVAL_REQUIRED"])]);
}
