//! Decisions as minutes have them: results without names, casting votes, majorities,
//! interests, substitutes, seats that pass on, and meetings.

mod adjourned;
mod apologies;
mod boards_end;
mod chairs;
mod contradictions;
mod interests;
mod majorities;
mod meetings;
mod named_after;
mod one_voter;
mod publishing;
mod recorded_after;
mod rejections;
mod renamed;
mod seen;
mod silent;
mod sittings;
mod standing_orders;
mod successors;
mod tallies;
mod unnamed_meeting;

use std::sync::Arc;

use jiff::civil::Date;
use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::{DecisionStanding, ProposalView};
use serde_json::{Value, json};

use crate::decisions::approving::id;
use crate::given::{Given, event};

/// A council.
fn council(id: &str, on: &str) -> Value {
    let payload = json!({ "name": format!("Council {id}"), "kind": "BODY_KIND_COUNCIL" });
    event(&format!("bodies/{id}"), on, "bodyRegistered", payload)
}

/// A board `joint` of these members since 2015, with more of its constitution.
fn board(members: &[Value], more: Value) -> Value {
    let mut payload = json!({ "name": "Joint committee", "powers": ["BOARD_POWER_DECIDES"],
        "members": members });
    for (name, value) in more.as_object().expect("fields") {
        payload[name] = value.clone();
    }
    on_joint("2015-04-01", "boardConstituted", payload)
}

fn on_joint(on: &str, kind: &str, payload: Value) -> Value {
    event("boards/joint", on, kind, payload)
}

fn member(body: &str) -> Value {
    json!({ "bodyId": body })
}

fn seat(body: &str, office: &str) -> Value {
    json!({ "bodyId": body, "office": office })
}

/// A vote of `joint`, with more of the requirement.
fn by_vote(rule: &str, more: Value) -> Value {
    let mut vote = json!({ "boardId": "joint", "votingRule": format!("VOTING_RULE_{rule}") });
    for (name, value) in more.as_object().expect("fields") {
        vote[name] = value.clone();
    }
    json!({ "board": vote })
}

/// The board decides its own matters in this way.
fn rules(requirement: Value) -> Value {
    on_joint(
        "2015-04-01",
        "approvalRulesAdopted",
        json!({ "ruleSetId": "any-matter", "rules": [{ "ruleId": "any",
            "title": "Any matter", "requirement": requirement }] }),
    )
}

/// The n-th proposal, which an officer makes.
fn matter(on: &str, n: u128) -> Value {
    let payload = json!({ "proposalId": id(n), "title": "A matter",
        "matter": { "other": "A matter" }, "boardId": "joint" });
    let mut event = on_joint(on, "matterProposed", payload);
    event["actedBy"] = json!({ "office": "Secretary of the committee" });
    event
}

/// A vote on the board: `+`, `-` or `0`, then the voter as `body` or `body/office`.
fn vote(on: &str, n: u128, with: &str) -> Value {
    let (choice, who) = with.split_at(1);
    let choice = match choice {
        "+" => "VOTE_CHOICE_APPROVE",
        "-" => "VOTE_CHOICE_REJECT",
        _ => "VOTE_CHOICE_ABSTAIN",
    };
    let voter = match who.split_once('/') {
        Some((body, office)) => seat(body, office),
        None => member(who),
    };
    on_joint(
        on,
        "voteCast",
        json!({ "proposalId": id(n), "voter": voter, "choice": choice, "boardId": "joint" }),
    )
}

/// The board's decision on the n-th proposal, with more of it.
fn decision(on: &str, n: u128, outcome: &str, more: Value) -> Value {
    let mut payload = json!({ "decisionId": format!("d-{n}"), "title": "A matter",
        "outcome": format!("OUTCOME_{outcome}"), "proposalId": id(n), "boardId": "joint" });
    for (name, value) in more.as_object().expect("fields") {
        payload[name] = value.clone();
    }
    on_joint(on, "decisionMade", payload)
}

/// The board's approval with a tally.
fn approved(on: &str, n: u128, tally: Value) -> Value {
    decision(on, n, "APPROVED", json!({ "tally": tally }))
}

fn recorded(given: &Given, events: &[Value]) -> Given {
    let mut given = given.clone();
    for event in events {
        given.record(std::slice::from_ref(event));
    }
    given
}

fn view(given: &Given, day: &str) -> RegisterView {
    let day: Date = day.parse().expect("a day");
    RegisterView::new(
        Arc::new(given.register.clone()),
        day,
        Position::new(u64::MAX),
    )
}

fn proposal(given: &Given, day: &str, n: u128) -> ProposalView {
    let id = id(n).parse().expect("an id");
    views::proposal::get(&view(given, day), id).expect("the proposal")
}

fn standing(given: &Given, day: &str, n: u128) -> DecisionStanding {
    let approval = proposal(given, day, n).approval;
    approval.expect("a line").standing()
}

fn awaited(given: &Given, day: &str, n: u128) -> Vec<String> {
    let approval = proposal(given, day, n).approval.expect("a line");
    approval
        .awaited
        .into_iter()
        .map(|awaited| match (awaited.who, awaited.board) {
            (Some(who), _) => {
                let body = who.body.map(|body| body.body_id).unwrap_or_default();
                [body, who.office].join("/").trim_matches('/').to_owned()
            }
            (None, board) => board.expect("a board").board_id,
        })
        .collect()
}

/// The reasons for which an event is refused.
fn reasons(given: &Given, event: &Value) -> Vec<&'static str> {
    let faults = given.faults(std::slice::from_ref(event));
    faults.into_iter().map(|(_, reason)| reason).collect()
}

/// The sentence of the first fault of an event.
fn sentence(given: &Given, event: &Value) -> String {
    match given.judge(std::slice::from_ref(event)) {
        Err(minutebook::domain::admit::Refusal::Rules(findings)) => findings[0].fault.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

/// The sentences about why a proposal has its status.
fn reasoning(given: &Given, day: &str, n: u128) -> String {
    proposal(given, day, n).reasoning.join(" ")
}

/// A report as people read it.
fn printed(report: &minutebook::present::report::Report) -> String {
    use minutebook::present::table::{Layout, render};
    render(report, Layout::plain(400))
}
