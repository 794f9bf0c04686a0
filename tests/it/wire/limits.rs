//! Limits: the largest value that is accepted, and the smallest that is refused.

use minutebook::wire::proto;
use minutebook::wire::request::append_command;
use serde_json::{Value, json};

use super::{event, faults, request, sample, with};

/// The only fault, if there is one.
fn only(json: Value) -> Option<String> {
    let found = faults(json);
    assert!(found.len() <= 1, "{found:?}");
    found.first().map(ToString::to_string)
}

fn ids(number: usize) -> Value {
    (0..number).map(|i| json!(format!("b{i}"))).collect()
}

#[test]
fn each_limit_is_met_and_not_passed() {
    let text = |len: usize| json!("é".repeat(len));
    let sources = |len: usize| json!(vec![json!({"title": "002"}); len]);
    let lines = |len: usize| json!(vec![json!({"serviceId": "soc"}); len]);
    let stated = |len: usize| json!(vec![json!({}); len]);
    // One pays what is left of £40,000.
    let instalments = |len: usize| {
        (0..len)
            .map(|i| {
                let pence = if i == 0 { 4_000_001 - len as i64 } else { 1 };
                json!({"dueOn": {"year": 2020}, "amountPence": pence.to_string()})
            })
            .collect::<Value>()
    };
    let limits = |len: usize| json!(vec![json!({"minimumPence": "1"}); len]);
    let contributions = |len: usize| {
        (0..len)
            .map(|i| json!({"serviceId": "s", "bodyId": format!("b{i}")}))
            .collect::<Value>()
    };
    let rules = |len: usize| {
        (0..len)
            .map(|i| json!({"ruleId": format!("r{i}"), "title": "t", "requirement": {"everyParty": {}}}))
            .collect::<Value>()
    };
    let pence = |amount: i64| json!(amount.to_string());
    for (kind, path, kept, refused, field) in [
        ("leadAppointed", "note", text(4_000), text(4_001), "note"),
        (
            "leadAppointed",
            "sources",
            sources(20),
            sources(21),
            "sources",
        ),
        (
            "partyJoined",
            "partyJoined.bodyId",
            json!("b".repeat(63)),
            json!("b".repeat(64)),
            "party_joined.body_id",
        ),
        (
            "agreementSigned",
            "agreementSigned.office",
            text(200),
            text(201),
            "agreement_signed.office",
        ),
        (
            "bodyRegistered",
            "sources.0.uri",
            text(2_000),
            text(2_001),
            "sources[0].uri",
        ),
        (
            "bodyRegistered",
            "sources.0.place",
            text(200),
            text(201),
            "sources[0].place",
        ),
        (
            "externalDecisionReceived",
            "externalDecisionReceived.reference",
            text(200),
            text(201),
            "external_decision_received.reference",
        ),
        (
            "disputeRaised",
            "disputeRaised.bodyIds",
            ids(200),
            ids(201),
            "dispute_raised.body_ids",
        ),
        (
            "fundingFormulaSet",
            "fundingFormulaSet.limits",
            limits(1),
            limits(201),
            "funding_formula_set.limits",
        ),
        (
            "contributionInvoiced",
            "contributionInvoiced.instalments",
            instalments(60),
            instalments(61),
            "contribution_invoiced.instalments",
        ),
        (
            "contributionPaid",
            "contributionPaid.reference",
            text(200),
            text(201),
            "contribution_paid.reference",
        ),
        (
            "outturnReported",
            "outturnReported.figures.lines",
            lines(1_000),
            lines(1_001),
            "outturn_reported.figures.lines",
        ),
        (
            "outturnReported",
            "outturnReported.figures.stated",
            stated(500),
            stated(501),
            "outturn_reported.figures.stated",
        ),
        (
            "outturnReported",
            "outturnReported.figures.contributions",
            contributions(2_000),
            contributions(2_001),
            "outturn_reported.figures.contributions",
        ),
        (
            "approvalRulesAdopted",
            "approvalRulesAdopted.rules",
            rules(1_000),
            rules(1_001),
            "approval_rules_adopted.rules",
        ),
        (
            "disposalConfirmed",
            "disposalConfirmed.amountPence",
            pence(1_000_000_000_000_000),
            pence(1_000_000_000_000_001),
            "disposal_confirmed.amount_pence",
        ),
        (
            "disposalConfirmed",
            "disposalConfirmed.amountPence",
            pence(-1_000_000_000_000_000),
            pence(-1_000_000_000_000_001),
            "disposal_confirmed.amount_pence",
        ),
        (
            "fundingFormulaSet",
            "fundingFormulaSet.shares.0.sharePpm",
            json!(1_000_000),
            json!(1_000_001),
            "funding_formula_set.shares[0].share_ppm",
        ),
        (
            "fundingFormulaSet",
            "fundingFormulaSet.shares.0.sharePpm",
            json!(1),
            json!(0),
            "funding_formula_set.shares[0].share_ppm",
        ),
        (
            "instrumentDrafted",
            "instrumentDrafted.terms.noticeAsLeadMonths",
            json!(120),
            json!(121),
            "instrument_drafted.terms.notice_as_lead_months",
        ),
        (
            "benefitMeasured",
            "benefitMeasured.value",
            json!("-123456789012.345678"),
            json!("-1234567890123.345678"),
            "benefit_measured.value",
        ),
        (
            "benefitMeasured",
            "benefitMeasured.value",
            json!("0.123456"),
            json!("0.1234567"),
            "benefit_measured.value",
        ),
    ] {
        assert_eq!(only(with(sample(kind), path, kept)), None, "{path}");
        let fault = only(with(sample(kind), path, refused)).unwrap_or_default();
        assert!(
            fault.starts_with(&format!("events[0].{field}: ")),
            "{path}: {fault}"
        );
    }
}

#[test]
fn an_event_is_bounded_in_bytes() {
    let padded = |len: usize| {
        let statement = json!({"place": "p", "says": "x".repeat(4_000)});
        let mut statements = vec![statement; 8];
        statements[0]["says"] = json!("x".repeat(len));
        with(
            sample("discrepancyNoted"),
            "discrepancyNoted.statements",
            json!(statements),
        )
    };
    let size = |json: &Value| prost::Message::encoded_len(&event(json.clone()));
    let room = 32_768 - size(&padded(4_000)) + 4_000;
    // Lengths from 128 to 16,383 take the same two bytes, so the sum is exact.
    let fits = with(padded(4_000), "note", json!("n".repeat(room - 4_000 - 3)));
    assert_eq!(size(&fits), 32_768);
    assert_eq!(only(fits.clone()), None);
    let over = with(fits, "note", json!("n".repeat(room - 4_000 - 2)));
    let fault = only(over).unwrap();
    assert!(
        fault.starts_with("events[0]: an event has at most 32768 bytes"),
        "{fault}"
    );
}

#[test]
fn requirements_nest_four_deep() {
    let nested = |depth: usize| {
        let mut requirement = json!({"everyParty": {}});
        for _ in 1..depth {
            requirement = json!({"anyOf": {"of": [requirement]}});
        }
        with(
            sample("approvalRulesAdopted"),
            "approvalRulesAdopted.rules.2.requirement",
            requirement,
        )
    };
    assert_eq!(only(nested(4)), None);
    let fault = only(nested(5)).unwrap();
    assert!(
        fault.starts_with(
            "events[0].approval_rules_adopted.rules[2].requirement.any_of.of[0].any_of.of[0]\
             .any_of.of[0].any_of.of[0]: requirements nest at most 4 deep"
        ),
        "{fault}"
    );
}

#[test]
fn a_request_is_bounded_and_every_fault_in_it_is_named() {
    let lead = event(sample("leadAppointed"));
    assert!(append_command(&request(vec![lead.clone(); 100])).is_ok());
    let found = append_command(&proto::AppendRequest {
        request_id: "01890a5dac96774bbcceb302099a8057".into(),
        recorded_by: " ".into(),
        events: vec![lead.clone(); 101],
        expected_revisions: ["bodies/a", "b", "bodies/a"]
            .map(|subject| proto::ExpectedRevision {
                subject: subject.into(),
                revision: 0,
            })
            .into(),
        validate_only: false,
    })
    .unwrap_err();
    let fields: Vec<&str> = found.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "request_id",
            "recorded_by",
            "events",
            "expected_revisions[1].subject"
        ]
    );

    let mut empty = request(vec![]);
    empty.expected_revisions = ["bodies/a", "bodies/a"]
        .map(|subject| proto::ExpectedRevision {
            subject: subject.into(),
            revision: 1,
        })
        .into();
    let found = append_command(&empty).unwrap_err();
    assert_eq!(found[0].field, "events");
    assert_eq!(found[1].field, "expected_revisions[1]");
}
