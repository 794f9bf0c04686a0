//! Rule 9, batches and corrections: every reference must be to something that
//! exists.

use minutebook::domain::admit::Refusal;
use minutebook::wire::proto::ExpectedRevision;
use serde_json::{Value, json};

use super::{alliance, memorandum, sign};
use crate::given::{Given, bodies, collaboration, date, event, judged, on_x};

#[test]
fn rule_9_references_must_exist_and_be_possible() {
    let alias = |on: &str| on_x(on, "aliasAdded", json!({ "alias": "X" }));
    let mut decided = alias("2014");
    decided["decidedOn"] = date("2026-11-24");
    let mut today = alias("2014");
    today["decidedOn"] = date("2026-11-23");
    let mut unknown_actor = alias("2014");
    unknown_actor["actedBy"] = json!({ "bodyId": "d-pcc" });
    judged(
        &alliance(),
        &[
            (
                "a subject nobody founded",
                event(
                    "collaborations/y",
                    "2014",
                    "aliasAdded",
                    json!({ "alias": "Y" }),
                ),
                &["UNKNOWN_SUBJECT"],
            ),
            (
                "before its subject",
                alias("2012-12-31"),
                &["BEFORE_SUBJECT"],
            ),
            ("on its first day", alias("2013-01-01"), &[]),
            (
                "before anyone",
                alias("1799"),
                &["DATE_IMPLAUSIBLE", "BEFORE_SUBJECT"],
            ),
            ("a century ahead", alias("2126"), &[]),
            ("more than that", alias("2127"), &["DATE_IMPLAUSIBLE"]),
            ("decided tomorrow", decided, &["DECIDED_IN_FUTURE"]),
            ("decided today", today, &[]),
            ("an unknown actor", unknown_actor, &["UNKNOWN_BODY"]),
            ("founded twice", collaboration(&[]), &["SUBJECT_EXISTS"]),
            (
                "an unknown action",
                on_x(
                    "2014",
                    "actionClosed",
                    json!({ "actionId": "z", "outcome": "Done" }),
                ),
                &["UNKNOWN_ITEM"],
            ),
            (
                "an unknown proposal",
                on_x(
                    "2014",
                    "proposalWithdrawn",
                    json!({ "proposalId": "01930000-0000-7000-8000-000000000001" }),
                ),
                &["UNKNOWN_PROPOSAL"],
            ),
        ],
    );
}

#[test]
fn an_ended_collaboration_takes_no_more_events() {
    let mut given = alliance();
    given.record(&[on_x(
        "2019",
        "collaborationEnded",
        json!({ "cause": "END_CAUSE_AGREEMENT",
            "agreedByIds": ["a-pcc", "a-cc", "b-pcc", "b-cc"] }),
    )]);
    let join = |on: &str| on_x(on, "partyJoined", json!({ "bodyId": "c-pcc" }));
    let service = json!({ "serviceId": "s", "name": "S" });
    let service = on_x("2018-12-31", "serviceAdded", service);
    let audit = on_x(
        "2020",
        "auditReported",
        json!({ "auditId": "last", "title": "The end", "rating": "green" }),
    );
    judged(
        &given,
        &[
            ("before its end", service, &[]),
            // The parties that agreed to the end were others.
            (
                "a party before its end",
                join("2018-12-31"),
                &["CONTRADICTS_LATER"],
            ),
            ("after it", join("2019-01-01"), &["SUBJECT_ENDED"]),
            ("an audit of it", audit, &[]),
        ],
    );
}

#[test]
fn a_batch_is_judged_in_order_and_names_all_its_faults() {
    let given = Given::recorded(&bodies());
    let established = collaboration(&["a-pcc"]);
    let joined = on_x("2014", "partyJoined", json!({ "bodyId": "b-pcc" }));
    assert!(
        given.judge(&[established.clone(), joined.clone()]).is_ok(),
        "each relies on those before it"
    );
    assert_eq!(
        given.faults(&[joined, established.clone()])[0].1,
        "UNKNOWN_SUBJECT"
    );
    let faults = given.faults(&[
        established,
        on_x("2014", "partyJoined", json!({ "bodyId": "d-pcc" })),
        on_x("2014", "partyJoined", json!({ "bodyId": "late-pcc" })),
        on_x("2014", "leadAppointed", json!({ "bodyId": "c-pcc" })),
    ]);
    let expected = [
        ("1:party_joined.body_id", "UNKNOWN_BODY"),
        ("2:party_joined.body_id", "BODY_NOT_IN_BEING"),
        ("3:lead_appointed.body_id", "NOT_A_PARTY"),
    ];
    assert_eq!(
        faults,
        expected.map(|(field, reason)| (field.to_owned(), reason))
    );
}

#[test]
fn a_correction_is_of_an_effective_entry_that_nothing_relies_on() {
    let mut given = memorandum(&["a-pcc", "b-pcc"], &[("a-pcc", "2014-04-02")], json!({}));
    let tail = given.register.tail().get();
    let (drafted, signed) = (tail - 1, tail);
    let correct = |position: u64, replacement: Value| {
        on_x(
            "",
            "entryCorrected",
            json!({ "position": position.to_string(), "reason": "Wrong", "replacement": replacement }),
        )
    };
    let earlier = sign("2014-04-01", "a-pcc");
    judged(
        &given,
        &[
            ("a signature", correct(signed, Value::Null), &[]),
            (
                "a signature, dated otherwise",
                correct(signed, earlier),
                &[],
            ),
            (
                "a signature, by one that cannot",
                correct(signed, sign("2014-04-02", "c-pcc")),
                &["NOT_A_SIGNATORY"],
            ),
            (
                "what the signature relies on",
                correct(drafted, Value::Null),
                &["RELIED_UPON"],
            ),
            (
                "what is not there",
                correct(999, Value::Null),
                &["NO_SUCH_ENTRY"],
            ),
            (
                "another subject's",
                correct(1, Value::Null),
                &["NO_SUCH_ENTRY"],
            ),
            (
                "the founding entry",
                correct(
                    given
                        .register
                        .record(&"collaborations/x".parse().unwrap())
                        .unwrap()
                        .history()[0]
                        .position
                        .get(),
                    Value::Null,
                ),
                &["FOUNDING_ENTRY"],
            ),
        ],
    );
    given.record(&[correct(signed, Value::Null)]);
    let correction = given.register.tail().get();
    judged(
        &given,
        &[
            (
                "twice",
                correct(signed, Value::Null),
                &["ALREADY_CORRECTED"],
            ),
            (
                "the correction itself",
                correct(correction, Value::Null),
                &[],
            ),
            ("signed anew", sign("2014-04-05", "a-pcc"), &[]),
        ],
    );
    given.record(&[sign("2014-04-05", "a-pcc")]);
    judged(
        &given,
        &[(
            "letting the first signature stand again, beside the new one",
            correct(correction, Value::Null),
            &["RELIED_UPON"],
        )],
    );
}

#[test]
fn a_stale_revision_is_distinguished_from_a_broken_rule() {
    let given = alliance();
    let mut request =
        crate::given::append(9, &[on_x("2014", "aliasAdded", json!({ "alias": "X" }))]);
    let expected = |subject: &str, revision| ExpectedRevision {
        subject: subject.into(),
        revision,
    };
    request.expected_revisions = vec![
        expected("collaborations/x", 7),
        expected("collaborations/y", 0),
    ];
    let command = minutebook::wire::request::append_command(&request).unwrap();
    let context = minutebook::domain::admit::Context::at(crate::given::now());
    let refusal =
        minutebook::domain::admit::admit(&given.register, &command, &context).unwrap_err();
    let Refusal::Stale(stale) = refusal else {
        panic!("{refusal:?}")
    };
    assert_eq!(
        stale.len(),
        1,
        "y is where it was taken to be: not in the register"
    );
    assert_eq!((stale[0].expected.get(), stale[0].actual.get()), (7, 2));
}

#[test]
fn rule_9_proposals_and_event_ids_are_unique_in_the_register() {
    let mut given = alliance();
    let id = "01930000-0000-7000-8000-00000000000a";
    let propose = |subject: &str| {
        let payload = json!({ "proposalId": id, "title": "A matter", "matter": { "other": "It" } });
        event(subject, "2015", "matterProposed", payload)
    };
    let withdraw = |subject: &str| {
        event(
            subject,
            "2016",
            "proposalWithdrawn",
            json!({ "proposalId": id, "reason": "No" }),
        )
    };
    let mut named = on_x("2015", "aliasAdded", json!({ "alias": "X" }));
    named["eventId"] = id.into();
    let mut named_too = on_x("2015", "aliasAdded", json!({ "alias": "Y" }));
    named_too["eventId"] = id.into();
    let approve = on_x(
        "2016",
        "virementApproved",
        json!({ "proposalId": id, "decisionId": "d", "boardId": "nowhere" }),
    );
    given.record(&[propose("collaborations/x"), named]);
    judged(
        &given,
        &[
            (
                "proposed again elsewhere",
                propose("bodies/a-pcc"),
                &["PROPOSAL_TAKEN"],
            ),
            (
                "withdrawn elsewhere",
                withdraw("bodies/a-pcc"),
                &["PROPOSAL_ELSEWHERE"],
            ),
            ("withdrawn", withdraw("collaborations/x"), &[]),
            (
                "approved as if it were a virement",
                approve,
                &["UNKNOWN_BOARD", "NOT_A_VIREMENT"],
            ),
            ("an event id in use", named_too, &["EVENT_ID_TAKEN"]),
        ],
    );
}

#[test]
fn rule_9_nothing_depends_on_itself_or_goes_unnamed() {
    let depends = |on: &str| {
        let payload = json!({ "dependencyId": "d", "what": "It", "dependsOn": "That", "collaborationId": on });
        on_x("2015", "dependencyNoted", payload)
    };
    let published = |title: &str| {
        on_x(
            "2015",
            "reviewPublished",
            json!({ "reviewId": "r", "title": title }),
        )
    };
    judged(
        &alliance(),
        &[
            ("on itself", depends("x"), &["SELF_REFERENCE"]),
            ("on the unknown", depends("y"), &["UNKNOWN_COLLABORATION"]),
            ("a review nobody commissioned", published("A review"), &[]),
            ("nor named", published(""), &["REASON_REQUIRED"]),
        ],
    );
}

#[test]
fn every_reason_for_a_refusal_is_tried() {
    let tables = [
        include_str!("parties.rs"),
        include_str!("instruments.rs"),
        include_str!("statute.rs"),
        include_str!("money.rs"),
        include_str!("../money/formulas.rs"),
        include_str!("../money/invoices.rs"),
        include_str!("leaving.rs"),
        include_str!("exits.rs"),
        include_str!("reference.rs"),
        include_str!("rules.rs"),
        include_str!("votes.rs"),
        include_str!("acts.rs"),
        include_str!("breaches.rs"),
        include_str!("course.rs"),
        include_str!("council.rs"),
        include_str!("attack/regimes.rs"),
        include_str!("attack/late.rs"),
        include_str!("../cases/succession.rs"),
        include_str!("../cases/capacities.rs"),
        include_str!("../cases/functions_pass.rs"),
        include_str!("../cases/course.rs"),
        include_str!("../cases/call_ins.rs"),
        include_str!("../cases/settlers.rs"),
        include_str!("../cases/accession.rs"),
        include_str!("../cases/ends.rs"),
        include_str!("../cases/not_given.rs"),
        include_str!("../cases/not_yet.rs"),
        include_str!("../cases/instrument_facts.rs"),
        include_str!("../cases/late_entries.rs"),
        include_str!("../cases/leaving.rs"),
        include_str!("../cases/panels.rs"),
        include_str!("../cases/recommendations.rs"),
        include_str!("../cases/renewals.rs"),
        include_str!("../cases/service_exits.rs"),
        include_str!("../cases/directions.rs"),
        include_str!("../cases/agreed_by_all.rs"),
        include_str!("../cases/terms_and_notice.rs"),
        include_str!("../cases/suspended.rs"),
        include_str!("../cases/other_voices.rs"),
        include_str!("../cases/serving.rs"),
        include_str!("../budgets/heads.rs"),
        include_str!("../budgets/years.rs"),
        include_str!("../minutes/tallies.rs"),
        include_str!("../minutes/majorities.rs"),
        include_str!("../minutes/interests.rs"),
        include_str!("../minutes/meetings.rs"),
        include_str!("../minutes/boards_end.rs"),
        include_str!("../minutes/contradictions.rs"),
        include_str!("../minutes/standing_orders.rs"),
        include_str!("../money/savings/parts.rs"),
        include_str!("../money/currency.rs"),
        include_str!("../money/settlements.rs"),
        include_str!("../mandates/door.rs"),
        include_str!("../mandates/reading.rs"),
    ]
    .concat();
    let untried: Vec<&str> = minutebook::domain::fault::Fault::CATALOGUE
        .iter()
        .map(|fault| fault.reason)
        .filter(|reason| !tables.contains(&format!("\"{reason}\"")))
        .collect();
    assert!(untried.is_empty(), "no table has {untried:?}");
}
