//! Every rule of form, broken once: the reported field and its message. Most are
//! lines of `rejections.txt`.

use minutebook::wire::proto;
use minutebook::wire::request::append_command;
use serde_json::{Value, json};

use super::{event, faults, golden, request, sample, with};

const TABLE: &str = include_str!("rejections.txt");

fn check(kind: &str, path: &str, value: Value, field: &str, says: &str) {
    let found = faults(with(sample(kind), path, value.clone()));
    let named = format!("events[0].{field}");
    assert!(
        found
            .iter()
            .any(|v| v.field == named && v.description.contains(says)),
        "{kind} with {path} = {value}: {named} ({says}) is not among {found:#?}"
    );
}

#[test]
fn each_rule_broken_once_is_named() {
    let mut count = 0;
    for line in TABLE
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let [kind, path, value, field, says] = line.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}");
        };
        check(
            kind,
            path,
            serde_json::from_str(value).unwrap(),
            field,
            says,
        );
        count += 1;
    }
    assert!(count > 110, "the table was cut short at {count}");
}

#[test]
fn the_golden_events_have_no_fault() {
    for event in golden::events() {
        assert_eq!(faults(event.clone()), [], "{event}");
    }
}

#[test]
fn a_kind_has_its_subjects() {
    let homes = [
        ("bodyRegistered", "boards/x", "a body"),
        ("bodySucceeded", "collaborations/x", "a body"),
        ("identifierAdded", "boards/x", "a body"),
        ("boardConstituted", "bodies/x", "a board"),
        ("chairAppointed", "bodies/x", "a board"),
        ("boardMembershipChanged", "collaborations/x", "a board"),
        ("meetingCalled", "collaborations/x", "a board"),
        ("collaborationEstablished", "bodies/x", "a collaboration"),
        ("partyJoined", "boards/x", "a collaboration"),
        ("partyWithdrew", "boards/x", "a collaboration"),
        ("leadAppointed", "boards/x", "a collaboration"),
        ("opportunityConsidered", "bodies/x", "a collaboration"),
        ("noticeGiven", "bodies/x", "a collaboration"),
        ("noticeExtended", "bodies/x", "a collaboration"),
        ("noticeRevoked", "bodies/x", "a collaboration"),
        ("directionIssued", "bodies/x", "a collaboration"),
        ("collaborationEnded", "bodies/x", "a collaboration"),
        ("serviceAdded", "bodies/x", "a collaboration"),
        ("serviceUnitsChanged", "bodies/x", "a collaboration"),
        ("servicePartiesChanged", "bodies/x", "a collaboration"),
        ("serviceLeadTransferred", "bodies/x", "a collaboration"),
        ("serviceRemoved", "bodies/x", "a collaboration"),
        ("fundingFormulaSet", "bodies/x", "a collaboration"),
        ("contributionInvoiced", "bodies/x", "a collaboration"),
        ("contributionPaid", "boards/x", "a collaboration"),
        ("settlementAgreed", "bodies/x", "a collaboration"),
        ("settlementPaid", "boards/x", "a collaboration"),
        ("settlementWrittenOff", "bodies/x", "a collaboration"),
    ];
    for (kind, subject, says) in homes {
        check(kind, "subject", json!(subject), "subject", says);
    }
    for kind in [
        "instrumentDrafted",
        "matterProposed",
        "auditReported",
        "virementMade",
    ] {
        for subject in ["bodies/x", "boards/x", "collaborations/x"] {
            assert_eq!(
                faults(with(sample(kind), "subject", json!(subject))),
                [],
                "{kind}"
            );
        }
    }
}

#[test]
fn an_unknown_enum_value_is_refused_with_a_message() {
    let mut newer = event(sample("bodyRegistered"));
    if let Some(proto::event::Kind::BodyRegistered(body)) = &mut newer.kind {
        body.kind = 99;
    }
    let found = append_command(&request(vec![newer])).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].field, "events[0].body_registered.kind");
    assert!(
        found[0]
            .description
            .starts_with("99 is not a choice this server knows")
    );
}

#[test]
fn an_amount_may_be_unknown_only_in_a_breach_and_only_throughout() {
    let breach = golden::events()
        .into_iter()
        .find(|e| e["virementMade"]["virementId"] == "v-2")
        .unwrap();
    assert_eq!(faults(breach.clone()), []);
    let half = with(
        breach.clone(),
        "virementMade.virement.targets.0.amountPence",
        json!("5"),
    );
    assert!(faults(half)[0].description.contains("is known or none is"));
    let approved = with(breach, "authority", json!({"delegation": "¶4"}));
    assert_eq!(faults(approved).len(), 2);
}

#[test]
fn one_fault_never_hides_another() {
    let found = faults(json!({
        "subject": "bodies/x",
        "effectiveOn": {"year": 1},
        "serviceAdded": {
            "serviceId": "A",
            "units": ["", "ok", "\n"],
            "partyIds": ["a", "-", "a"],
        },
    }));
    let fields: Vec<&str> = found.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "events[0].effective_on",
            "events[0].subject",
            "events[0].service_added.service_id",
            "events[0].service_added.name",
            "events[0].service_added.units[0]",
            "events[0].service_added.units[2]",
            "events[0].service_added.party_ids[1]",
        ]
    );
}

#[test]
fn a_renewal_says_who_agreed_or_that_no_source_does() {
    let named = json!(["leicestershire-pcc"]);
    let renewed = with(
        sample("instrumentRenewed"),
        "instrumentRenewed.agreedByIds",
        named,
    );
    let both = with(renewed, "instrumentRenewed.agreedByNotGiven", json!(true));
    let found = faults(both);
    assert_eq!(
        found[0].field,
        "events[0].instrument_renewed.agreed_by_not_given"
    );
}
