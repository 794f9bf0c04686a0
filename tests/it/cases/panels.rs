//! Boards: a panel that may veto, and a seat in the chair that deputises for itself.

use minutebook::views;
use minutebook::wire::proto::DecisionStanding;
use serde_json::{Value, json};

use super::at;
use crate::given::{Given, date, event, judged};

fn panel(on: &str, kind: &str, payload: Value) -> Value {
    event("boards/panel", on, kind, payload)
}

fn of_pcc(on: &str, kind: &str, payload: Value) -> Value {
    let mut event = event("bodies/pcc", on, kind, payload);
    event["actedBy"] = json!({ "bodyId": "pcc" });
    event
}

/// A commissioner who has set a precept, and a panel of twelve that may veto it by two
/// thirds of all its members (Police Reform and Social Responsibility Act 2011 s.5, Sch.5
/// para 4).
fn precept() -> Given {
    let members: Vec<Value> = (1..=12)
        .map(|number| json!({ "bodyId": "panel-body", "office": format!("Member {number}") }))
        .collect();
    let veto = json!({ "numerator": 2, "denominator": 3, "of": "MAJORITY_OF_ALL_MEMBERS" });
    let matter = json!({ "proposalId": PRECEPT, "title": "Precept 2024/25",
        "matter": { "other": "Precept 2024/25" }, "putToIds": ["pcc"] });
    let set = json!({ "decisionId": "set", "title": "£13 more", "proposalId": PRECEPT,
        "outcome": "OUTCOME_APPROVED" });
    let called = json!({ "decisionId": "set", "callInId": "review", "boardId": "panel",
        "grounds": "The panel reviews it, and may veto it until 8 February" });
    let vetoes = json!({ "proposalId": VETO, "title": "Veto the precept 2024/25",
        "matter": { "other": "Veto" }, "boardId": "panel", "lapsesOn": date("2024-02-08") });
    let mut proposed = panel("2024-01-26", "matterProposed", vetoes);
    proposed["actedBy"] = json!({ "bodyId": "panel-body", "office": "Clerk" });
    Given::recorded(&[
        event(
            "bodies/pcc",
            "2012-11-22",
            "bodyRegistered",
            json!({ "name": "PCC", "kind": "BODY_KIND_POLICING_BODY", "force": "shire" }),
        ),
        event(
            "bodies/panel-body",
            "2012-11-22",
            "bodyRegistered",
            json!({ "name": "Panel", "kind": "BODY_KIND_SCRUTINY" }),
        ),
        panel(
            "2012-11-22",
            "boardConstituted",
            json!({ "name": "Panel", "powers": ["BOARD_POWER_DECIDES"], "members": members,
                "ownerBodyId": "panel-body" }),
        ),
        panel(
            "2012-11-22",
            "approvalRulesAdopted",
            json!({ "ruleSetId": "sch5", "rules": [{ "ruleId": "veto",
                "title": "Veto", "requirement": { "board": { "boardId": "panel",
                    "votingRule": "VOTING_RULE_QUALIFIED", "majority": veto } } }] }),
        ),
        of_pcc("2024-01-25", "matterProposed", matter),
        of_pcc("2024-01-25", "decisionMade", set),
        event("bodies/pcc", "2024-01-26", "decisionCalledIn", called),
        proposed,
    ])
}

const PRECEPT: &str = "0193aaaa-0000-7000-8000-000000000001";
const VETO: &str = "0193aaaa-0000-7000-8000-000000000002";

fn vote(on: &str, outcome: &str, votes_for: u32, against: u32) -> Value {
    let tally = json!({ "present": 12, "votesFor": votes_for, "votesAgainst": against,
        "abstentions": 12 - votes_for - against });
    let payload = json!({ "decisionId": "veto", "title": "The veto", "proposalId": VETO,
        "boardId": "panel", "outcome": format!("OUTCOME_{outcome}"), "tally": tally });
    panel(on, "decisionMade", payload)
}

fn standing(given: &Given, day: &str) -> DecisionStanding {
    let approvals = views::approvals::list(&at(given, day), None, None, false);
    let mut precept = approvals.iter().filter(|one| one.proposal_id == PRECEPT);
    precept.next().expect("the precept").standing()
}

#[test]
fn a_panel_vetoes_a_precept_by_two_thirds_of_all_its_members() {
    let given = precept();
    judged(
        &given,
        &[
            ("eight of twelve", vote("2024-02-02", "APPROVED", 8, 3), &[]),
            (
                "seven of twelve are no veto",
                vote("2024-02-02", "APPROVED", 7, 3),
                &["VOTE_NOT_CARRIED"],
            ),
            (
                "the veto is lost",
                vote("2024-02-02", "REJECTED", 7, 5),
                &[],
            ),
            (
                "too late",
                vote("2024-02-09", "APPROVED", 8, 3),
                &["PROPOSAL_CLOSED"],
            ),
        ],
    );
    let settled = |outcome: &str| {
        let outcome = format!("CALL_IN_OUTCOME_{outcome}");
        let payload = json!({ "callInId": "review", "outcome": outcome, "reason": "Reviewed" });
        event("bodies/pcc", "2024-02-08", "callInSettled", payload)
    };
    assert_ne!(standing(&given, "2024-02-01"), DecisionStanding::Approved);
    let mut vetoed = given.clone();
    vetoed.record(&[vote("2024-02-02", "APPROVED", 8, 3)]);
    vetoed.record(&[settled("BACK_TO_DECIDER")]);
    assert_ne!(standing(&vetoed, "2024-03-01"), DecisionStanding::Approved);
    let mut stands = given;
    stands.record(&[vote("2024-02-02", "REJECTED", 7, 5)]);
    stands.record(&[settled("STANDS")]);
    assert_eq!(standing(&stands, "2024-03-01"), DecisionStanding::Approved);
}

#[test]
fn nobody_deputises_for_themselves() {
    let appointed = |on: &str, office: &str, vice: bool| {
        let mut payload = json!({ "bodyId": "panel-body", "vice": vice });
        if !office.is_empty() {
            payload["office"] = office.into();
        }
        panel(on, "chairAppointed", payload)
    };
    let mut given = precept();
    given.record(&[appointed("2023-06-01", "Member 1", false)]);
    judged(
        &given,
        &[
            (
                "the chair as vice",
                appointed("2023-07-01", "Member 1", true),
                &["CHAIR_IS_NO_VICE"],
            ),
            ("another", appointed("2023-07-01", "Member 2", true), &[]),
            (
                "a member who is not named",
                appointed("2023-07-01", "", true),
                &[],
            ),
        ],
    );
    given.record(&[appointed("2023-07-01", "Member 2", true)]);
    let vice = |given: &Given, day: &str| {
        let panel = "panel".parse().expect("an id");
        let view = views::board::get(&at(given, day), &panel).expect("the panel");
        view.vice_chair.map(|vice| vice.office)
    };
    assert_eq!(vice(&given, "2023-08-01").as_deref(), Some("Member 2"));
    // The vice-chair who takes the chair leaves that place.
    given.record(&[appointed("2023-09-01", "Member 2", false)]);
    assert_eq!(vice(&given, "2023-10-01"), None);
    given.record(&[appointed("2023-11-01", "Member 1", true)]);
    assert_eq!(vice(&given, "2023-12-01").as_deref(), Some("Member 1"));
}
