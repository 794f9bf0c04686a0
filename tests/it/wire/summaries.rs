//! History's one-line summaries.

use minutebook::wire::request::append_command;
use minutebook::wire::summary::summary;
use serde_json::{Value, json};

use super::{event, golden, request, sample};

fn line(json: Value) -> String {
    summary(&append_command(&request(vec![event(json)])).unwrap().events[0])
}

#[test]
fn every_kind_has_a_line_of_its_own() {
    for event in golden::events() {
        let line = line(event);
        assert!(!line.is_empty() && !line.contains('\n'), "{line:?}");
        assert!(line.chars().count() < 1_000, "{line}");
    }
}

#[test]
fn lines_read_as_a_clerk_would_write_them() {
    for (kind, summary) in [
        (
            "agreementSigned",
            "leicestershire-pcc signed instrument s22a-2013 by its Commissioner",
        ),
        (
            "serviceAdded",
            "service soc added: Serious and Organised Crime (2 units), led by leicestershire-pcc",
        ),
        (
            "budgetApproved",
            "budget 2020/21 of capital approved: 2 lines, £6,129,323; 1 contribution, \
             £1,673,307",
        ),
        (
            "noticeGiven",
            "derbyshire-pcc gave notice n-1 to leave service soc on 2016-04-01",
        ),
        (
            "virementMade",
            "virement v-1 made, 2020/21: £300,000 from soc / Pay to 2 places",
        ),
        (
            "serviceUnitsChanged",
            "units of service soc changed: Fraud joined, Cyber left",
        ),
        (
            "entryCorrected",
            "entry 12 corrected: derbyshire-pcc appointed to lead",
        ),
        (
            "decisionMade",
            "decision 2020-1, referred to home-office by emcjb: Budget",
        ),
        (
            "contributionInvoiced",
            "invoice elm-1 of £40,000 to elm for 2019/20 for service gritting, in 2 instalments",
        ),
        (
            "contributionPaid",
            "payment bank-1 of £10,000 by elm for 2019/20 for service gritting on invoice elm-1",
        ),
        (
            "fundingFormulaSet",
            "funding formula 2020/21 for service soc set: leicestershire-pcc 27.3%, \
             derbyshire-pcc 72.7%",
        ),
    ] {
        assert_eq!(line(sample(kind)), summary);
    }
}

#[test]
fn a_proposal_to_ratify_names_the_act() {
    let proposed = |ratifies: Value| {
        line(json!({
            "subject": "collaborations/x",
            "matterProposed": {
                "proposalId": "0193aaaa-0000-7000-8000-000000000001",
                "title": "Dogs",
                "matter": { "other": "Dogs" },
                "ratifies": ratifies,
            },
        }))
    };
    assert_eq!(
        proposed(json!({ "position": "57" })),
        "proposed, to ratify entry 57: Dogs"
    );
    let id = "0193aaaa-0000-7000-8000-000000000002";
    assert_eq!(
        proposed(json!({ "eventId": id })),
        format!("proposed, to ratify the entry of event {id}: Dogs")
    );
}
