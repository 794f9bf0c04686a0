//! Fixtures for the tests of approval: a collaboration with a board, and a short
//! way to write rules, proposals, votes and acts.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::given::{Given, bodies, collaboration, event, on_x};

/// Forces a and b (commissioners and chiefs) in `x` since 2013, led by `a-cc`;
/// services `dogs` (led by `b-cc`) and `vans`; a board of a-pcc, b-pcc, a-cc and
/// b-cc with quorum 3, where c-pcc observes; an advisory board; a budget.
pub fn stage() -> Given {
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "a-cc", "b-pcc", "b-cc"]));
    events.push(on_x("2013", "leadAppointed", json!({ "bodyId": "a-cc" })));
    for (id, lead) in [("dogs", "b-cc"), ("vans", "a-cc")] {
        let service = json!({ "serviceId": id, "name": id, "leadId": lead });
        events.push(on_x("2013", "serviceAdded", service));
    }
    let member = |body: &str| json!({ "bodyId": body, "capacity": "MEMBER_CAPACITY_MEMBER" });
    let observer = json!({ "bodyId": "c-pcc", "capacity": "MEMBER_CAPACITY_OBSERVER" });
    let board = |power: &str| {
        json!({ "name": "The board", "powers": [power], "quorum": 3,
            "members": [member("a-pcc"), member("b-pcc"), member("a-cc"), member("b-cc"), observer] })
    };
    let decides = board("BOARD_POWER_DECIDES");
    events.push(event("boards/board", "2013", "boardConstituted", decides));
    let advises = board("BOARD_POWER_ADVISES");
    events.push(event("boards/panel", "2013", "boardConstituted", advises));
    let cell = |body: &str, amount: &str| json!({ "serviceId": "dogs", "bodyId": body, "amountPence": amount });
    let budget = json!({ "figures": { "financialYear": "2020/21",
        "contributions": [cell("a-pcc", "60000"), cell("b-pcc", "40000")] } });
    events.push(on_x("2019", "budgetApproved", budget));
    Given::recorded(&events)
}

/// The stage with these rules in force since 2020-01-01.
pub fn ruled(rules: &[Value]) -> Given {
    let mut given = stage();
    given.record(&[adopt("2020-01-01", "rules", rules)]);
    given
}

pub fn adopt(on: &str, id: &str, rules: &[Value]) -> Value {
    on_x(
        on,
        "approvalRulesAdopted",
        json!({ "ruleSetId": id, "rules": rules }),
    )
}

pub fn virements(id: &str, conditions: Value, requirement: Value) -> Value {
    about(&["MAKE_VIREMENT"], id, conditions, requirement)
}

pub fn about(kinds: &[&str], id: &str, conditions: Value, requirement: Value) -> Value {
    let mut conditions = conditions;
    let kinds: Vec<String> = kinds
        .iter()
        .map(|kind| format!("MATTER_KIND_{kind}"))
        .collect();
    conditions["matterKinds"] = json!(kinds);
    json!({ "ruleId": id, "title": id, "conditions": conditions, "requirement": requirement })
}

pub fn every_party() -> Value {
    json!({ "everyParty": {} })
}

pub fn named(bodies: &[&str]) -> Value {
    json!({ "namedBodies": { "bodyIds": bodies } })
}

pub fn board(rule: &str) -> Value {
    json!({ "board": { "boardId": "board", "votingRule": format!("VOTING_RULE_{rule}") } })
}

pub fn weighted(threshold_ppm: u32, weights: &[(&str, u32)]) -> Value {
    let weights: Vec<Value> = weights
        .iter()
        .map(|(body, ppm)| json!({ "bodyId": body, "sharePpm": ppm }))
        .collect();
    json!({ "board": { "boardId": "board", "votingRule": "VOTING_RULE_WEIGHTED",
        "thresholdPpm": threshold_ppm, "weights": weights } })
}

pub fn officer(up_to: Option<&str>) -> Value {
    let mut office = json!({ "bodyId": "a-pcc", "office": "Chief Finance Officer" });
    if let Some(up_to) = up_to {
        office["upToPence"] = up_to.into();
    }
    json!({ "office": office })
}

pub fn id(n: u128) -> String {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n).to_string()
}

pub fn head(service: &str, name: &str) -> Value {
    json!({ "head": { "serviceId": service, "head": name } })
}

/// A one-off virement of 2020/21 from the dogs' pay to the vans' fuel.
pub fn virement(amount: &str) -> Value {
    let side = |mut place: Value| {
        place["amountPence"] = amount.into();
        place
    };
    json!({ "financialYear": "2020/21", "permanence": "PERMANENCE_ONE_OFF",
        "sources": [side(head("dogs", "Pay"))], "targets": [side(head("vans", "Fuel"))] })
}

/// Requested by the chief of force b, unless `by` changes that.
pub fn request(on: &str, n: u128, virement: Value) -> Value {
    let payload = json!({ "proposalId": id(n), "reason": "Needed", "virement": virement });
    by(
        "b-cc",
        "Head of Dogs",
        on_x(on, "virementRequested", payload),
    )
}

pub fn propose(on: &str, n: u128, matter: Value) -> Value {
    let payload = json!({ "proposalId": id(n), "title": "A matter", "matter": matter });
    by("b-cc", "Head of Dogs", on_x(on, "matterProposed", payload))
}

pub fn by(body: &str, office: &str, mut event: Value) -> Value {
    event["actedBy"] = json!({ "bodyId": body });
    if !office.is_empty() {
        event["actedBy"]["office"] = office.into();
    }
    event
}

/// A body's own vote: `+`, `-` or `0`, then the body.
pub fn vote(on: &str, n: u128, vote: &str) -> Value {
    let (choice, body) = vote.split_at(1);
    let choice = match choice {
        "+" => "VOTE_CHOICE_APPROVE",
        "-" => "VOTE_CHOICE_REJECT",
        _ => "VOTE_CHOICE_ABSTAIN",
    };
    let voter = json!({ "bodyId": body });
    let payload = json!({ "proposalId": id(n), "voter": voter, "choice": choice });
    on_x(on, "voteCast", payload)
}

/// A member's vote on the board, written the same way.
pub fn on_board(on: &str, n: u128, with: &str) -> Value {
    let mut event = vote(on, n, with);
    event["voteCast"]["boardId"] = "board".into();
    event
}

/// The board's own decision.
pub fn decision(on: &str, n: u128, outcome: &str) -> Value {
    let payload = json!({ "decisionId": format!("d-{n}-{on}-{}", outcome.to_lowercase()),
        "title": "It", "outcome": format!("OUTCOME_{outcome}"), "proposalId": id(n),
        "boardId": "board" });
    on_x(on, "decisionMade", payload)
}

/// An approval of a virement by the chief finance officer of a-pcc.
pub fn approve(on: &str, n: u128) -> Value {
    let payload = json!({ "decisionId": format!("d-{n}-{on}"), "proposalId": id(n) });
    by(
        "a-pcc",
        "Chief Finance Officer",
        on_x(on, "virementApproved", payload),
    )
}

/// A virement made under the n-th proposal, or under none if `n` is 0.
pub fn make(on: &str, n: u128, id: &str, virement: Value) -> Value {
    let made = on_x(
        on,
        "virementMade",
        json!({ "virementId": id, "virement": virement }),
    );
    resting(n, made)
}

pub fn resting(n: u128, mut event: Value) -> Value {
    if n > 0 {
        event["authority"] = json!({ "proposalId": id(n) });
    }
    event
}

/// The event, acknowledged as a breach.
pub fn breach(mut event: Value) -> Value {
    event["authority"] = json!({ "acknowledgedBreach": { "reason": "Nobody was asked" } });
    event
}
