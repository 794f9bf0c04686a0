//! Enum values whose meaning is more than their name: each is read as itself.

use minutebook::wire::request::append_command;
use serde_json::{Value, json};

use super::{event, request, sample, with};

fn reading(json: Value) -> String {
    format!(
        "{:?}",
        append_command(&request(vec![event(json)])).unwrap().events[0]
    )
}

#[test]
fn each_choice_reads_as_itself() {
    for (word, meant) in [
        ("APPROVED", "Approved"),
        ("REJECTED", "Rejected"),
        ("NOTED", "Noted"),
        ("SUPPORTED", "Supported"),
        ("DEFERRED", "Deferred"),
    ] {
        let decided = with(
            sample("decisionMade"),
            "decisionMade.referredToId",
            json!(""),
        );
        let decided = with(
            decided,
            "decisionMade.outcome",
            json!(format!("OUTCOME_{word}")),
        );
        assert!(
            reading(decided).contains(&format!("outcome: {meant},")),
            "{word}"
        );
    }
    for (word, meant) in [("APPROVED", "true"), ("REJECTED", "false")] {
        let path = "externalDecisionReceived.outcome";
        let word = json!(format!("OUTCOME_{word}"));
        let answer = with(sample("externalDecisionReceived"), path, word);
        assert!(
            reading(answer).contains(&format!("approved: {meant},")),
            "{meant}"
        );
    }
    for (word, meant) in [
        ("MANDATE", "Mandate"),
        ("DIRECT", "Direct"),
        ("TERMINATE", "Terminate"),
    ] {
        let issued = with(
            sample("directionIssued"),
            "directionIssued.liftsDirectionId",
            json!(""),
        );
        let word = json!(format!("DIRECTION_KIND_{word}"));
        let issued = with(issued, "directionIssued.kind", word);
        assert!(
            reading(issued).contains(&format!("kind: {meant},")),
            "{meant}"
        );
    }
    for (word, meant) in [("MAJORITY", "Majority"), ("UNANIMITY", "Unanimity")] {
        let vote = json!({"boardId": "emcjb", "votingRule": format!("VOTING_RULE_{word}")});
        let rules = with(
            sample("approvalRulesAdopted"),
            "approvalRulesAdopted.rules.2.requirement",
            json!({"board": vote}),
        );
        assert!(
            reading(rules).contains(&format!(
                "voting: {meant}, groups: [], group_quorums: [] }}) }}]"
            )),
            "{meant}"
        );
    }
}

#[test]
fn an_omitted_field_reads_as_its_documented_default() {
    for (json, meant) in [
        (
            json!({"subject": "boards/x", "boardMembershipChanged": {"joined": [{"bodyId": "a"}]}}),
            "capacity: Member",
        ),
        (
            json!({"subject": "bodies/x", "outturnReported": {"figures": {
                "financialYear": "2020/21", "lines": [{"head": "Pay"}]}}}),
            "fund: Revenue",
        ),
        (
            json!({"subject": "bodies/x", "savingsPlanned": {"savingsId": "s", "savings": {
                "fromYear": "2020/21", "description": "d"}}}),
            "to_year: Some(2020/21)",
        ),
        (
            json!({"subject": "bodies/x", "grantAwarded": {"grantId": "g", "purpose": "p"}}),
            "amount: None, year: None",
        ),
        (
            json!({"subject": "bodies/x", "authority": {}, "riskRaised": {
                "riskId": "r", "what": "w"}}),
            "authority: None",
        ),
    ] {
        let read = reading(json);
        assert!(read.contains(meant), "{meant} is not in {read}");
    }
}
