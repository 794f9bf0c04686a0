//! The course of proposals as documents have it: conditions, call-ins and courts where no
//! approval rules are on record, boards and officers that decide for their body, outside
//! deciders, and approvals that are given up.

use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::proto::DecisionStanding::{
    self, Approved, CalledIn, Pending, Quashed, Rejected, Stayed, SubjectTo, Withdrawn,
};
use minutebook::wire::proto::{
    AttentionKind, Awaited, ConditionResult, DecisionView, NeedState, ProposalView,
};
use serde_json::{Value, json};

use super::at;
use crate::given::{Given, date, event, judged};

const X: &str = "collaborations/waste";

pub fn id(n: u32) -> String {
    format!("01900000-0000-7000-8000-00000000{n:04}")
}

pub fn on(day: &str, kind: &str, payload: Value) -> Value {
    event(X, day, kind, payload)
}

pub fn by(body: &str, office: &str, mut event: Value) -> Value {
    event["actedBy"] = json!({ "bodyId": body });
    if !office.is_empty() {
        event["actedBy"]["office"] = office.into();
    }
    event
}

/// Two councils in `waste`, with their cabinets, the council and the scrutiny committee of
/// the one, a joint committee, and a minister.
pub fn stage() -> Given {
    let body = |id: &str, kind: &str| {
        let payload = json!({ "name": id, "kind": format!("BODY_KIND_{kind}") });
        event(
            &format!("bodies/{id}"),
            "1974-04-01",
            "bodyRegistered",
            payload,
        )
    };
    let board = |id: &str, owner: Option<&str>, power: &str| {
        let mut payload = json!({ "name": id, "powers": [format!("BOARD_POWER_{power}")] });
        match owner {
            Some(owner) => payload["ownerBodyId"] = owner.into(),
            None => {
                payload["collaborationIds"] = json!(["waste"]);
                payload["quorum"] = 4.into();
                let seats = (1..=6).map(|n| {
                    let body = if n % 2 == 0 { "bram" } else { "ash" };
                    json!({ "bodyId": body, "office": format!("Councillor {n}") })
                });
                payload["members"] = seats.collect();
            }
        }
        event(
            &format!("boards/{id}"),
            "2010-05-01",
            "boardConstituted",
            payload,
        )
    };
    let established = json!({ "name": "Waste", "kind": "COLLABORATION_KIND_PARTNERSHIP",
        "partyIds": ["ash", "bram"], "leadId": "ash" });
    Given::recorded(&[
        body("ash", "COUNCIL"),
        body("bram", "COUNCIL"),
        body("minister", "GOVERNMENT"),
        on("2009-04-01", "collaborationEstablished", established),
        board("ash-cab", Some("ash"), "DECIDES"),
        board("ash-council", Some("ash"), "DECIDES"),
        board("bram-cab", Some("bram"), "DECIDES"),
        board("ash-osc", Some("ash"), "OVERSEES"),
        board("jc", None, "DECIDES"),
    ])
}

pub fn with(mut given: Given, events: &[Value]) -> Given {
    for event in events {
        given.record(std::slice::from_ref(event));
    }
    given
}

/// A proposal of the head of waste, with these fields besides.
pub fn proposed(day: &str, n: u32, matter: Value, more: Value) -> Value {
    let mut payload = json!({ "proposalId": id(n), "title": "A matter", "matter": matter });
    let fields = payload.as_object_mut().expect("fields");
    fields.extend(more.as_object().expect("fields").clone());
    by("ash", "Waste Manager", on(day, "matterProposed", payload))
}

pub fn depot() -> Value {
    json!({ "other": "Depot" })
}

/// A decision on the first proposal by a board, with the id `BOARD-DAY`.
pub fn decides(day: &str, board: &str, outcome: &str, more: Value) -> Value {
    let mut payload = json!({ "decisionId": format!("{board}-{day}"), "title": "It",
        "outcome": format!("OUTCOME_{outcome}"), "proposalId": id(1), "boardId": board });
    let fields = payload.as_object_mut().expect("fields");
    fields.extend(more.as_object().expect("fields").clone());
    on(day, "decisionMade", payload)
}

/// A decision on the first proposal by a body or one of its offices.
pub fn officer(day: &str, body: &str, office: &str, outcome: &str, more: Value) -> Value {
    let mut event = decides(day, body, outcome, more);
    event["decisionMade"]["boardId"] = "".into();
    by(body, office, event)
}

pub fn call_in(day: &str, decision: &str) -> Value {
    let payload = json!({ "decisionId": decision, "callInId": "call", "boardId": "ash-osc" });
    on(day, "decisionCalledIn", payload)
}

pub fn call_in_settled(day: &str, outcome: &str) -> Value {
    let outcome = format!("CALL_IN_OUTCOME_{outcome}");
    on(
        day,
        "callInSettled",
        json!({ "callInId": "call", "outcome": outcome }),
    )
}

pub fn challenge(day: &str, decision: &str) -> Value {
    let payload = json!({ "challengeId": "jr", "decisionId": decision, "court": "High Court" });
    on(day, "decisionChallenged", payload)
}

pub fn step(day: &str, step: &str, from: Option<&str>) -> Value {
    let step = format!("CHALLENGE_STEP_{step}");
    let mut payload = json!({ "challengeId": "jr", "step": step });
    if let Some(from) = from {
        payload["quashedFromOn"] = date(from);
    }
    on(day, "challengeStepTaken", payload)
}

pub fn settles(day: &str, decision: &str, condition: &str, result: &str) -> Value {
    let payload = json!({ "proposalId": id(1), "decisionId": decision,
        "conditionId": condition, "result": format!("CONDITION_RESULT_{result}") });
    on(day, "conditionSettled", payload)
}

pub fn answers(day: &str, outcome: &str, more: Value) -> Value {
    let mut payload = json!({ "proposalId": id(1), "deciderId": "minister",
        "outcome": format!("OUTCOME_{outcome}") });
    let fields = payload.as_object_mut().expect("fields");
    fields.extend(more.as_object().expect("fields").clone());
    on(day, "externalDecisionReceived", payload)
}

/// An act on the first proposal: bulky waste is added.
pub fn adds(day: &str) -> Value {
    let mut event = on(
        day,
        "serviceAdded",
        json!({ "serviceId": "bulky", "name": "Bulky" }),
    );
    event["authority"] = json!({ "proposalId": id(1) });
    event
}

pub fn proposal(given: &Given, day: &str) -> ProposalView {
    let id = id(1).parse().expect("an id");
    views::proposal::get(&at(given, day), id).expect("the proposal")
}

pub fn standing(given: &Given, day: &str) -> DecisionStanding {
    proposal(given, day).approval.expect("a line").standing()
}

pub fn who(awaited: &Awaited) -> String {
    let board = awaited.board.as_ref().map(|board| board.board_id.clone());
    let actor = awaited.who.as_ref().map(|who| {
        let body = who.body.as_ref().map(|body| body.body_id.clone());
        format!("{} {}", body.unwrap_or_default(), who.office)
            .trim()
            .to_owned()
    });
    let parts: Vec<String> = [actor, board].into_iter().flatten().collect();
    parts.join(" on ")
}

pub fn awaited(given: &Given, day: &str) -> Vec<String> {
    let line = proposal(given, day).approval.expect("a line");
    line.awaited.iter().map(who).collect()
}

fn agreed(given: &Given, day: &str) -> Vec<String> {
    let line = proposal(given, day).approval.expect("a line");
    line.agreed.iter().map(who).collect()
}

/// The proposals that `show approvals --outstanding` lists.
pub fn outstanding(given: &Given, day: &str) -> Vec<String> {
    let lines = views::approvals::list(&at(given, day), None, None, true);
    lines
        .iter()
        .flat_map(|line| line.awaited.iter().map(who))
        .collect()
}

pub fn decided(given: &Given, day: &str, wanted: &str) -> DecisionView {
    let lines = views::decisions::list(&at(given, day), None, false);
    let mut lines = lines.into_iter();
    lines
        .find(|line| line.decision_id == wanted)
        .expect("the decision")
}

/// The lines that await a decision, and whose.
pub fn attention(given: &Given, day: &str) -> Vec<(String, Vec<String>)> {
    let view = at(given, day);
    let asker = Asker::default();
    let until = views::attention::looks_ahead_until(&view, &asker);
    let lines = views::attention::list(&view, &asker, until);
    let lines = lines.into_iter();
    let lines = lines.filter(|line| line.kind() == AttentionKind::AwaitsDecision);
    lines
        .map(|line| (line.what.clone(), line.awaited.iter().map(who).collect()))
        .collect()
}

pub fn on_cabinet() -> Given {
    let matter = json!({ "addServiceId": "bulky" });
    with(
        stage(),
        &[proposed(
            "2020-02-03",
            1,
            matter,
            json!({ "boardId": "ash-cab" }),
        )],
    )
}

/// A matter that names no board.
pub fn before_nobody() -> Given {
    let matter = json!({ "addServiceId": "bulky" });
    with(stage(), &[proposed("2020-02-03", 1, matter, json!({}))])
}

pub fn approved() -> Given {
    with(
        on_cabinet(),
        &[decides("2020-02-03", "ash-cab", "APPROVED", json!({}))],
    )
}

#[test]
fn a_conditional_approval_waits_whoever_else_approves() {
    let conditions = json!({ "subjectTo": [
        { "conditionId": "council", "what": "the agreement of the Council" },
        { "conditionId": "bram", "what": "the agreement of Bramley", "decidedById": "bram" },
    ] });
    let given = with(
        on_cabinet(),
        &[
            decides("2020-02-03", "ash-cab", "APPROVED", conditions),
            decides("2020-02-24", "ash-council", "APPROVED", json!({})),
        ],
    );
    assert_eq!(standing(&given, "2020-02-24"), SubjectTo);
    assert_eq!(awaited(&given, "2020-02-24"), ["bram"]);
    judged(&given, &[("not yet", adds("2020-03-01"), &["NOT_CARRIED"])]);
    let met = settles("2020-02-25", "ash-cab-2020-02-03", "council", "MET");
    let bram = decides("2020-03-02", "bram-cab", "APPROVED", json!({}));
    let given = with(given, &[met, bram]);
    assert_eq!(standing(&given, "2020-03-01"), SubjectTo);
    assert_eq!(standing(&given, "2020-03-02"), Approved);
    judged(&given, &[("then", adds("2020-03-02"), &[])]);
    let cabinet = decided(&given, "2020-03-02", "ash-cab-2020-02-03");
    assert_eq!(cabinet.standing(), Approved);
    let met = cabinet
        .subject_to
        .iter()
        .find(|one| one.condition_id == "bram");
    let met = met.expect("the condition");
    assert_eq!(met.result(), ConditionResult::Met);
    assert_eq!(met.settled_on.map(|day| (day.month, day.day)), Some((3, 2)));
}

#[test]
fn a_condition_that_is_not_met_leaves_nothing_to_the_others() {
    let given = with(
        on_cabinet(),
        &[
            decides(
                "2020-02-03",
                "ash-cab",
                "APPROVED",
                json!({ "subjectTo": [{ "conditionId": "grant", "what": "the grant" }] }),
            ),
            decides("2020-02-24", "ash-council", "APPROVED", json!({})),
            settles("2020-02-28", "ash-cab-2020-02-03", "grant", "NOT_MET"),
        ],
    );
    assert_eq!(standing(&given, "2020-02-28"), Pending);
    assert_eq!(awaited(&given, "2020-02-28"), ["ash-cab"]);
    let given = with(
        given,
        &[decides("2020-03-02", "ash-cab", "APPROVED", json!({}))],
    );
    assert_eq!(standing(&given, "2020-03-02"), Approved);
}

#[test]
fn where_the_board_that_was_asked_has_approved_nobody_else_holds_it_back() {
    let conditions = json!({ "subjectTo": [{ "conditionId": "grant", "what": "the grant" }] });
    let bram = json!({ "subjectTo": [{ "conditionId": "bram", "what": "Bramley agrees",
        "decidedByBoardId": "bram-cab" }] });
    let events = [
        decides("2020-02-03", "ash-cab", "APPROVED", bram),
        decides("2020-02-04", "bram-cab", "APPROVED", conditions),
    ];
    let given = with(on_cabinet(), &events);
    assert_eq!(standing(&given, "2020-02-04"), SubjectTo);
    let given = with(
        given,
        &[decides("2020-02-05", "ash-cab", "APPROVED", json!({}))],
    );
    assert_eq!(standing(&given, "2020-02-05"), Approved);
}

#[test]
fn a_call_in_suspends_an_approval_whichever_other_board_approves() {
    // Within the days of the call-in period, and after the approval was in force.
    for in_force in [Some("2020-02-11"), None] {
        let more = match in_force {
            Some(day) => json!({ "inForceFromOn": date(day) }),
            None => json!({}),
        };
        let events = [
            decides("2020-02-03", "ash-cab", "APPROVED", more),
            call_in("2020-02-10", "ash-cab-2020-02-03"),
        ];
        let given = with(on_cabinet(), &events);
        let other = decides("2020-02-14", "bram-cab", "APPROVED", json!({}));
        let refused = match in_force {
            Some(_) => "NOT_PUT_TO",
            None => "PROPOSAL_CLOSED",
        };
        judged(&given, &[("not asked", other, &[refused])]);
        for day in ["2020-02-10", "2020-02-12", "2020-02-14"] {
            assert_eq!(standing(&given, day), CalledIn, "{in_force:?} {day}");
            assert_eq!(awaited(&given, day), ["ash-osc"], "{in_force:?} {day}");
            assert_eq!(outstanding(&given, day), ["ash-osc"], "{in_force:?} {day}");
            let [(what, whose)] = &attention(&given, day)[..] else {
                panic!("{:?}", attention(&given, day));
            };
            assert!(what.contains("called in (call)"), "{what}");
            assert_eq!(whose, &["ash-osc"]);
        }
        let lasting = &["APPROVAL_SUSPENDED"];
        judged(&given, &[("meanwhile", adds("2020-02-15"), lasting)]);
        let upheld = with(given.clone(), &[call_in_settled("2020-02-20", "STANDS")]);
        assert_eq!(standing(&upheld, "2020-02-20"), Approved, "{in_force:?}");
        assert!(outstanding(&upheld, "2020-02-20").is_empty());
        let back = with(given, &[call_in_settled("2020-02-20", "BACK_TO_DECIDER")]);
        assert_eq!(standing(&back, "2020-02-20"), Pending, "{in_force:?}");
        assert_eq!(awaited(&back, "2020-02-20"), ["ash-cab"]);
        let again = decides("2020-02-21", "ash-cab", "APPROVED", json!({}));
        let again = with(back, &[again]);
        assert_eq!(standing(&again, "2020-02-21"), Approved);
    }
}

#[test]
fn a_stay_ends_with_the_judgment() {
    let given = with(
        approved(),
        &[
            challenge("2021-03-01", "ash-cab-2020-02-03"),
            step("2021-03-05", "STAYED", None),
        ],
    );
    assert_eq!(standing(&given, "2021-03-06"), Stayed);
    assert_eq!(awaited(&given, "2021-03-06"), ["High Court"]);
    assert_eq!(outstanding(&given, "2021-03-06"), ["High Court"]);
    let quashed = step("2021-06-01", "QUASHED", Some("2021-09-01"));
    let after = with(given.clone(), std::slice::from_ref(&quashed));
    assert_eq!(standing(&after, "2021-05-31"), Stayed);
    assert_eq!(standing(&after, "2021-06-01"), Approved);
    let decision = |day| decided(&after, day, "ash-cab-2020-02-03").standing();
    assert_eq!(decision("2021-08-31"), Approved);
    assert_eq!(decision("2021-09-01"), Quashed);
    assert_eq!(standing(&after, "2021-09-01"), Quashed);
    assert_eq!(awaited(&after, "2021-09-01"), ["ash-cab"]);
    assert_eq!(outstanding(&after, "2021-09-01"), ["ash-cab"]);
    let line = proposal(&after, "2021-10-01").approval.expect("a line");
    assert_eq!(line.since_on.map(|day| (day.month, day.day)), Some((9, 1)));
    let reasons = proposal(&after, "2021-10-01").reasoning.join(" ");
    assert!(
        reasons.contains("on 2021-06-01, from 2021-09-01 on"),
        "{reasons}"
    );
    judged(
        &after,
        &[
            ("stayed", adds("2021-04-01"), &["APPROVAL_SUSPENDED"]),
            ("again", adds("2021-07-01"), &[]),
            ("quashed", adds("2021-09-01"), &["APPROVAL_QUASHED"]),
            (
                "no stay",
                step("2021-10-01", "STAY_LIFTED", None),
                &["UNKNOWN_ITEM"],
            ),
        ],
    );
    let again = with(
        after,
        &[decides("2021-10-02", "ash-cab", "APPROVED", json!({}))],
    );
    assert_eq!(standing(&again, "2021-10-02"), Approved);
    // Unless the judgment says that it goes on.
    let mut continues = quashed;
    continues["challengeStepTaken"]["stayContinues"] = true.into();
    let after = with(given, &[continues]);
    assert_eq!(standing(&after, "2021-08-31"), Stayed);
    assert_eq!(standing(&after, "2021-09-01"), Quashed);
    let decision = decided(&after, "2021-08-31", "ash-cab-2020-02-03");
    assert!(decision.challenges[0].steps[1].stay_continues);
}

#[test]
fn an_undertaking_to_the_court_suspends_like_a_stay() {
    let given = with(
        approved(),
        &[
            challenge("2021-03-01", "ash-cab-2020-02-03"),
            step("2021-03-05", "UNDERTAKING_GIVEN", None),
        ],
    );
    assert_eq!(standing(&given, "2021-03-05"), Stayed);
    let line = proposal(&given, "2021-03-05").approval.expect("a line");
    assert!(
        line.interruption.contains("undertaking"),
        "{}",
        line.interruption
    );
    judged(
        &given,
        &[("meanwhile", adds("2021-04-01"), &["APPROVAL_SUSPENDED"])],
    );
    for end in ["UNDERTAKING_RELEASED", "UPHELD"] {
        let given = with(given.clone(), &[step("2021-05-01", end, None)]);
        assert_eq!(standing(&given, "2021-05-01"), Approved, "{end}");
    }
}

#[test]
fn a_decision_without_a_proposal_that_is_called_in_is_in_attention() {
    let mut made = decides("2020-03-25", "ash-cab", "APPROVED", json!({}));
    made["decisionMade"]["proposalId"] = "".into();
    let given = with(
        stage(),
        &[made, call_in("2020-03-30", "ash-cab-2020-03-25")],
    );
    let lines = attention(&given, "2020-04-01");
    let [(what, whose)] = &lines[..] else {
        panic!("{lines:?}")
    };
    assert!(what.contains("called in"), "{what}");
    assert_eq!(whose, &["ash-osc"]);
    let given = with(given, &[call_in_settled("2020-04-02", "STANDS")]);
    assert!(attention(&given, "2020-04-02").is_empty());
    let events = [
        challenge("2020-04-03", "ash-cab-2020-03-25"),
        step("2020-04-04", "STAYED", None),
    ];
    let given = with(given, &events);
    let lines = attention(&given, "2020-04-04");
    assert_eq!(lines[0].1, ["High Court"]);
}

#[test]
fn the_board_that_follows_the_one_that_called_in_is_awaited() {
    let next = json!({ "name": "Scrutiny", "powers": ["BOARD_POWER_OVERSEES"],
        "ownerBodyId": "ash" });
    let follows = json!({ "reason": "Two committees became one", "successorBoardId": "ash-next" });
    let boards = [
        event("boards/ash-next", "2020-01-01", "boardConstituted", next),
        event("boards/ash-osc", "2020-04-30", "boardEnded", follows),
    ];
    for n in ["", &id(1)] {
        let mut made = decides("2020-03-25", "ash-cab", "APPROVED", json!({}));
        made["decisionMade"]["proposalId"] = n.into();
        let events = [
            proposed("2020-02-03", 1, depot(), json!({ "boardId": "ash-cab" })),
            made,
            call_in("2020-03-30", "ash-cab-2020-03-25"),
        ];
        let given = with(with(stage(), &events), &boards);
        let settler = |day: &str| {
            let lines = attention(&given, day).into_iter();
            let mut lines = lines.filter(|(what, _)| what.contains("called in"));
            lines.next().expect("a line").1
        };
        assert_eq!(settler("2020-04-30"), ["ash-osc"], "{n}");
        assert_eq!(settler("2020-05-01"), ["ash-next"], "{n}");
    }
}

#[test]
fn an_approval_of_the_board_that_follows_carries_it_beside_one_that_waits() {
    let next =
        json!({ "name": "Cabinet", "powers": ["BOARD_POWER_DECIDES"], "ownerBodyId": "ash" });
    let follows = json!({ "reason": "A new council", "successorBoardId": "ash-next" });
    let waits = json!({ "subjectTo": [{ "conditionId": "funds", "what": "The grant" }] });
    let bram = json!({ "subjectTo": [{ "conditionId": "bram", "what": "Bramley agrees",
        "decidedByBoardId": "bram-cab" }] });
    let events = [
        event("boards/ash-next", "2020-01-01", "boardConstituted", next),
        proposed("2020-02-03", 1, depot(), json!({ "boardId": "ash-cab" })),
        decides("2020-02-10", "ash-cab", "APPROVED", bram),
        event("boards/ash-cab", "2020-02-29", "boardEnded", follows),
        decides("2020-03-02", "bram-cab", "APPROVED", waits),
    ];
    let given = with(stage(), &events);
    assert_eq!(standing(&given, "2020-03-03"), SubjectTo);
    let approved = decides("2020-03-10", "ash-next", "APPROVED", json!({}));
    let given = with(given, &[approved]);
    assert_eq!(standing(&given, "2020-03-10"), Approved);
}

pub fn rules(requirement: Value) -> Value {
    let rules = json!([{ "ruleId": "r", "title": "R", "requirement": requirement }]);
    on(
        "2019-06-01",
        "approvalRulesAdopted",
        json!({ "ruleSetId": "rs", "rules": rules }),
    )
}

#[test]
fn a_boards_decision_is_the_agreement_of_its_body_under_any_rule() {
    let both = json!(["ash", "bram"]);
    for (requirement, more) in [
        (json!({ "everyParty": {} }), json!({})),
        (json!({ "everyParty": {} }), json!({ "putToIds": both })),
        (json!({ "namedBodies": { "bodyIds": both } }), json!({})),
        (
            json!({ "everyBodyOfKind": { "kinds": ["BODY_KIND_COUNCIL"] } }),
            json!({}),
        ),
    ] {
        let given = with(
            stage(),
            &[
                rules(requirement.clone()),
                proposed("2020-02-03", 1, depot(), more.clone()),
            ],
        );
        judged(
            &given,
            &[(
                "of nobody",
                decides("2020-02-03", "jc", "APPROVED", json!({})),
                &["NOT_ENTITLED"],
            )],
        );
        let given = with(
            given,
            &[decides("2020-02-03", "ash-cab", "APPROVED", json!({}))],
        );
        assert_eq!(standing(&given, "2020-02-03"), Pending, "{requirement}");
        assert_eq!(
            agreed(&given, "2020-02-03"),
            ["ash"],
            "{requirement} {more}"
        );
        assert_eq!(
            awaited(&given, "2020-02-03"),
            ["bram"],
            "{requirement} {more}"
        );
        let refused = decides("2020-02-04", "bram-cab", "REJECTED", json!({}));
        let refused = with(given.clone(), &[refused]);
        assert_eq!(standing(&refused, "2020-02-04"), Rejected, "{requirement}");
        let given = with(
            given,
            &[decides("2020-02-04", "bram-cab", "APPROVED", json!({}))],
        );
        assert_eq!(standing(&given, "2020-02-04"), Approved, "{requirement}");
    }
    // A board is not the office that proposed.
    let named = rules(json!({ "namedBodies": { "bodyIds": ["ash"] } }));
    let given = with(
        stage(),
        &[named, proposed("2020-02-03", 1, depot(), json!({}))],
    );
    let given = with(
        given,
        &[decides("2020-02-03", "ash-cab", "APPROVED", json!({}))],
    );
    assert_eq!(standing(&given, "2020-02-03"), Approved);
}

pub fn delegated(on_subject: &str, more: Value) -> Value {
    let mut payload = json!({ "delegationId": "ops", "what": "add services",
        "to": { "bodyId": "ash", "office": "Head of Waste" },
        "matterKinds": ["MATTER_KIND_ADD_SERVICE"], "untilOn": date("2020-12-31") });
    let fields = payload.as_object_mut().expect("fields");
    fields.extend(more.as_object().expect("fields").clone());
    event(on_subject, "2019-07-01", "delegationMade", payload)
}

pub fn under(subject: &str, mut event: Value) -> Value {
    event["authority"] = json!({ "delegationOnRecord": { "delegationId": "ops",
        "subject": subject } });
    event
}

#[test]
fn an_officer_decides_for_the_board_that_has_delegated_the_matter() {
    let majority = json!({ "board": { "boardId": "jc", "votingRule": "VOTING_RULE_MAJORITY" } });
    let adds_bulky = json!({ "addServiceId": "bulky" });
    let given = with(
        stage(),
        &[
            rules(majority),
            delegated("boards/jc", json!({})),
            proposed("2020-02-03", 1, adds_bulky, json!({ "boardId": "jc" })),
            proposed("2020-02-03", 2, depot(), json!({ "boardId": "jc" })),
        ],
    );
    let head = |day| officer(day, "ash", "Head of Waste", "APPROVED", json!({}));
    let other = by("ash", "Waste Manager", head("2020-02-04"));
    let mut depot = under("boards/jc", head("2020-02-04"));
    depot["decisionMade"]["proposalId"] = id(2).into();
    judged(
        &given,
        &[
            ("without it", head("2020-02-04"), &["NOT_ENTITLED"]),
            (
                "another",
                under("boards/jc", other),
                &["NOT_ENTITLED", "OUTSIDE_DELEGATION"],
            ),
            (
                "another kind",
                depot,
                &["NOT_ENTITLED", "OUTSIDE_DELEGATION"],
            ),
            (
                "after its term",
                under("boards/jc", head("2021-01-01")),
                &["NOT_ENTITLED", "OUTSIDE_DELEGATION"],
            ),
        ],
    );
    let mut rests = by(
        "ash",
        "Head of Waste",
        decides("2020-02-04", "x", "APPROVED", json!({})),
    );
    rests["decisionMade"]["boardId"] = "".into();
    rests["decisionMade"]["proposalId"] = "".into();
    rests["authority"] = json!({ "proposalId": id(1) });
    judged(
        &given,
        &[("on an undecided matter", rests.clone(), &["NOT_CARRIED"])],
    );
    let given = with(given, &[under("boards/jc", head("2020-02-04"))]);
    assert_eq!(standing(&given, "2020-02-04"), Approved);
    assert_eq!(agreed(&given, "2020-02-04"), ["ash Head of Waste on jc"]);
    let decision = decided(&given, "2020-02-04", "ash-2020-02-04");
    assert_eq!(decision.authority, "the delegation ops of boards/jc");
    judged(
        &given,
        &[
            ("in use", adds("2020-02-05"), &[]),
            ("rests on it", rests, &[]),
        ],
    );
}

#[test]
fn an_officer_decides_for_the_body_that_has_delegated_the_matter() {
    let adds_bulky = json!({ "addServiceId": "bulky" });
    let from_bram = delegated("bodies/bram", json!({}));
    let given = with(
        stage(),
        &[
            rules(json!({ "everyParty": {} })),
            from_bram,
            proposed("2020-02-03", 1, adds_bulky, json!({})),
            decides("2020-02-03", "ash-cab", "APPROVED", json!({})),
        ],
    );
    let head = officer("2020-02-04", "ash", "Head of Waste", "APPROVED", json!({}));
    let given = with(given, &[under("bodies/bram", head)]);
    assert_eq!(standing(&given, "2020-02-04"), Approved);
    assert_eq!(agreed(&given, "2020-02-04"), ["ash", "bram"]);
}

#[test]
fn a_call_in_that_does_not_apply_is_refused() {
    let mut urgent = officer(
        "2020-03-25",
        "ash",
        "Chief Executive",
        "APPROVED",
        json!({}),
    );
    urgent["decisionMade"]["proposalId"] = "".into();
    urgent["decisionMade"]["callInWaiver"] = json!({
        "agreedBy": { "bodyId": "ash", "office": "Chair of Scrutiny" },
        "agreedOn": date("2020-03-24"), "reason": "Urgent" });
    let given = with(stage(), &[urgent]);
    let waiver = decided(&given, "2020-03-25", "ash-2020-03-25").call_in_waiver;
    let waiver = waiver.expect("the waiver");
    assert_eq!(
        (waiver.reason.as_str(), waiver.agreed_on.map(|day| day.day)),
        ("Urgent", Some(24))
    );
    let called = call_in("2020-04-22", "ash-2020-03-25");
    judged(&given, &[("later", called.clone(), &["CALL_IN_WAIVED"])]);
    let sentence = super::refusal(&given, &called);
    assert!(sentence.contains("Chair of Scrutiny"), "{sentence}");
}

#[test]
fn the_answer_of_an_outside_decider_can_be_challenged() {
    let asked = json!({ "deciderId": "minister" });
    let adds_bulky = json!({ "addServiceId": "bulky" });
    let given = with(
        stage(),
        &[
            proposed("2020-02-03", 1, adds_bulky, asked),
            answers(
                "2020-03-26",
                "APPROVED",
                json!({ "decisionId": "letter",
                "reference": "letter of 26 March" }),
            ),
        ],
    );
    assert_eq!(standing(&given, "2020-03-26"), Approved);
    let nameless = json!({ "deciderId": "minister" });
    let nameless = with(
        stage(),
        &[
            proposed("2020-02-03", 1, depot(), nameless),
            answers("2020-03-26", "APPROVED", json!({})),
        ],
    );
    let claim = challenge("2020-06-01", "letter");
    judged(
        &nameless,
        &[("no id", claim.clone(), &["ANSWER_WITHOUT_ID"])],
    );
    let sentence = super::refusal(&nameless, &claim);
    assert!(
        sentence.contains("external_decision_received.decision_id"),
        "{sentence}"
    );
    let published = json!({ "decisionId": "letter", "document": { "title": "Decision letter" } });
    let given = with(given, &[on("2020-03-27", "decisionPublished", published)]);
    assert!(
        decided(&given, "2020-04-01", "letter")
            .published_on
            .is_some()
    );
    let given = with(
        given,
        &[
            challenge("2020-06-01", "letter"),
            step("2020-06-05", "STAYED", None),
        ],
    );
    assert_eq!(standing(&given, "2020-06-05"), Stayed);
    assert_eq!(decided(&given, "2020-06-05", "letter").standing(), Stayed);
    judged(
        &given,
        &[("meanwhile", adds("2020-06-06"), &["APPROVAL_SUSPENDED"])],
    );
    let upheld = with(given.clone(), &[step("2020-07-01", "UPHELD", None)]);
    assert_eq!(standing(&upheld, "2020-07-01"), Approved);
    for from in [None, Some("2020-09-01")] {
        let given = with(given.clone(), &[step("2020-07-01", "QUASHED", from)]);
        assert_eq!(standing(&given, "2020-09-01"), Quashed, "{from:?}");
        assert_eq!(awaited(&given, "2020-09-01"), ["minister"], "{from:?}");
        assert_eq!(decided(&given, "2020-09-01", "letter").standing(), Quashed);
        let again = answers("2020-10-01", "APPROVED", json!({ "decisionId": "second" }));
        let given = with(given, &[again]);
        assert_eq!(standing(&given, "2020-10-01"), Approved, "{from:?}");
    }
}

#[test]
fn an_outside_decider_meets_a_condition() {
    let on_minister = json!({ "subjectTo": [
        { "conditionId": "ss", "what": "The minister agrees", "decidedById": "minister" }] });
    for asked in [json!({}), json!({ "deciderId": "minister" })] {
        let given = with(
            stage(),
            &[proposed("2020-02-03", 1, depot(), asked.clone())],
        );
        let early = answers("2020-02-04", "APPROVED", json!({}));
        let refused: &[&str] = match asked.get("deciderId") {
            Some(_) => &[],
            None => &["NOT_THE_DECIDER"],
        };
        judged(&given, &[("nobody asked", early, refused)]);
        let given = with(
            given,
            &[decides(
                "2020-02-05",
                "ash-cab",
                "APPROVED",
                on_minister.clone(),
            )],
        );
        assert_eq!(awaited(&given, "2020-02-05"), ["minister"], "{asked}");
        let no = with(given.clone(), &[answers("2020-03", "REJECTED", json!({}))]);
        assert_eq!(standing(&no, "2020-03-01"), Rejected, "{asked}");
        let given = with(given, &[answers("2020-03", "APPROVED", json!({}))]);
        assert_eq!(standing(&given, "2020-03-01"), Approved, "{asked}");
        assert!(awaited(&given, "2020-03-01").is_empty(), "{asked}");
        let decision = decided(&given, "2020-03-01", "ash-cab-2020-02-05");
        assert_eq!(decision.standing(), Approved, "{asked}");
        assert_eq!(
            decision.subject_to[0].result(),
            ConditionResult::Met,
            "{asked}"
        );
    }
}

#[test]
fn a_decision_under_a_delegation_counts_beside_that_of_its_board() {
    let chair = json!({ "subjectTo": [
        { "conditionId": "board", "what": "The board approves it" },
        { "conditionId": "assurance", "what": "It is assured", "decidedById": "minister" }] });
    let adds_bulky = json!({ "addServiceId": "bulky" });
    let asked = json!({ "boardId": "ash-cab", "deciderId": "minister" });
    let head = officer("2020-02-04", "ash", "Head of Waste", "APPROVED", chair);
    let given = with(
        stage(),
        &[
            delegated("boards/ash-cab", json!({})),
            proposed("2020-02-03", 1, adds_bulky, asked),
            under("boards/ash-cab", head),
            decides("2020-03-01", "ash-cab", "APPROVED", json!({})),
            settles("2020-03-01", "ash-2020-02-04", "board", "MET"),
            answers("2020-04", "APPROVED", json!({})),
        ],
    );
    assert_eq!(standing(&given, "2020-04-01"), Approved);
    assert!(awaited(&given, "2020-04-01").is_empty());
    for decision in ["ash-2020-02-04", "ash-cab-2020-03-01"] {
        assert_eq!(
            decided(&given, "2020-04-01", decision).standing(),
            Approved,
            "{decision}"
        );
    }
}

#[test]
fn what_one_amends_the_other_decides_again() {
    let put = json!({ "putToIds": ["ash", "bram"] });
    let first = json!({ "subjectTo": [
        { "conditionId": "b", "what": "Similar approval by Bramley", "decidedById": "bram" }] });
    let on_ash = |amendments: &str| {
        json!({ "amendments": amendments, "subjectTo": [
            { "conditionId": "a", "what": "Ashby agrees", "decidedById": "ash" }] })
    };
    let adds_bulky = json!({ "addServiceId": "bulky" });
    let given = with(
        stage(),
        &[
            proposed("2020-02-03", 1, adds_bulky, put),
            decides("2020-02-04", "ash-cab", "APPROVED", first),
        ],
    );
    // Each only waits for the other.
    let alike = decides("2020-03-02", "bram-cab", "APPROVED", on_ash(""));
    assert_eq!(
        standing(&with(given.clone(), &[alike]), "2020-03-02"),
        Approved
    );
    let amends = decides(
        "2020-03-02",
        "bram-cab",
        "APPROVED",
        on_ash("Two years: carried."),
    );
    let given = with(given, &[amends]);
    assert_eq!(standing(&given, "2020-03-02"), SubjectTo);
    assert_eq!(awaited(&given, "2020-03-02"), ["ash"]);
    judged(&given, &[("not yet", adds("2020-03-03"), &["NOT_CARRIED"])]);
    let given = with(
        given,
        &[decides("2020-04-02", "ash-cab", "APPROVED", json!({}))],
    );
    assert_eq!(standing(&given, "2020-04-02"), Approved);
    judged(&given, &[("then", adds("2020-04-02"), &[])]);
}

#[test]
fn an_approval_that_is_not_used_can_be_given_up() {
    let up = |day| {
        let payload = json!({ "proposalId": id(1), "reason": "No longer wanted" });
        on(day, "proposalWithdrawn", payload)
    };
    let given = with(approved(), &[up("2020-05")]);
    assert_eq!(standing(&given, "2020-04-30"), Approved);
    assert_eq!(standing(&given, "2020-05-01"), Withdrawn);
    let lines = views::decisions::list(&at(&given, "2020-05-01"), None, false);
    assert!(lines.iter().any(|line| line.reasons == "No longer wanted"));
    judged(
        &given,
        &[
            ("before", adds("2020-04-01"), &[]),
            ("after", adds("2020-06-01"), &["APPROVAL_ENDED"]),
            ("twice", up("2020-06-01"), &["PROPOSAL_CLOSED"]),
        ],
    );
    let used = with(approved(), &[adds("2020-04-01")]);
    judged(&used, &[("in use", up("2020-05-01"), &["APPROVAL_USED"])]);
}

#[test]
fn an_office_that_decides_together_is_the_same_under_its_new_name() {
    let office = |name: &str| json!({ "bodyId": "ash", "office": name });
    let offices = json!({ "putToOffices": [office("Member for Finance"), office("Leader")] });
    let renamed = json!({ "office": "Member for Finance", "name": "Member for Resources" });
    let events = [
        proposed("2020-02-03", 1, depot(), offices),
        event("bodies/ash", "2020-02-05", "officeRenamed", renamed),
    ];
    let given = with(stage(), &events);
    assert_eq!(
        awaited(&given, "2020-02-05"),
        ["ash Leader", "ash Member for Resources"]
    );
    let approves = |office: &str, id: &str| {
        let mut event = officer("2020-02-10", "ash", office, "APPROVED", json!({}));
        event["decisionMade"]["decisionId"] = id.into();
        event
    };
    let given = with(given, &[approves("Member for Resources", "one")]);
    assert_eq!(awaited(&given, "2020-02-10"), ["ash Leader"]);
    let given = with(given, &[approves("Leader", "two")]);
    assert_eq!(standing(&given, "2020-02-10"), Approved);
}

#[test]
fn offices_that_decide_together_each_approve() {
    let offices = json!({ "putToOffices": [
        { "bodyId": "ash", "office": "Cabinet Member for Finance" },
        { "bodyId": "ash", "office": "Cabinet Member for Waste" }] });
    let given = with(stage(), &[proposed("2020-02-03", 1, depot(), offices)]);
    let member = |day, office: &str| {
        let mut event = officer(day, "ash", office, "APPROVED", json!({}));
        event["decisionMade"]["decisionId"] = day.into();
        event
    };
    assert_eq!(
        awaited(&given, "2020-02-03"),
        [
            "ash Cabinet Member for Finance",
            "ash Cabinet Member for Waste"
        ]
    );
    judged(
        &given,
        &[(
            "another",
            member("2020-02-04", "Chief Executive"),
            &["NOT_PUT_TO"],
        )],
    );
    let given = with(given, &[member("2020-02-10", "Cabinet Member for Finance")]);
    assert_eq!(standing(&given, "2020-02-10"), Pending);
    assert_eq!(
        awaited(&given, "2020-02-10"),
        ["ash Cabinet Member for Waste"]
    );
    let given = with(given, &[member("2020-02-11", "cabinet member for waste")]);
    assert_eq!(standing(&given, "2020-02-11"), Approved);
    let need = proposal(&given, "2020-02-11").need.expect("the need");
    assert_eq!(need.state(), NeedState::Met);
}

#[test]
fn an_approval_of_its_own_day_that_names_its_minutes_is_not_behind_later_rules() {
    let majority = json!({ "board": { "boardId": "jc", "votingRule": "VOTING_RULE_MAJORITY" } });
    let every = json!([{ "ruleId": "all", "title": "Every", "requirement": { "everyParty": {} } }]);
    let mut newer = on(
        "2020-06-01",
        "approvalRulesAdopted",
        json!({ "ruleSetId": "r2", "rules": every }),
    );
    newer["authority"] = json!({ "proposalId": id(2) });
    let mut adopts = decides(
        "2020-05-04",
        "jc",
        "APPROVED",
        json!({ "tally": { "votesFor": 6 } }),
    );
    adopts["decisionMade"]["proposalId"] = id(2).into();
    let adds_bulky = json!({ "addServiceId": "bulky" });
    let given = with(
        stage(),
        &[
            rules(majority),
            proposed(
                "2020-05-01",
                2,
                json!({ "adoptRules": { "ruleSetId": "r2" } }),
                json!({}),
            ),
            adopts,
            newer,
            proposed("2020-02-03", 1, adds_bulky, json!({})),
        ],
    );
    let late = |more: Value| {
        let mut all = json!({ "tally": { "votesFor": 6 } });
        let fields = all.as_object_mut().expect("fields");
        fields.extend(more.as_object().expect("fields").clone());
        decides("2020-02-10", "jc", "APPROVED", all)
    };
    let bare = with(given.clone(), &[late(json!({}))]);
    judged(
        &bare,
        &[("no minutes", adds("2020-07-01"), &["BEHIND_THE_RULES"])],
    );
    let sentence = super::refusal(&bare, &adds("2020-07-01"));
    assert!(
        sentence.contains("name the minutes in the decision"),
        "{sentence}"
    );
    let minuted = with(
        given,
        &[late(json!({ "record": { "title": "Minutes, item 4" } }))],
    );
    judged(&minuted, &[("with minutes", adds("2020-07-01"), &[])]);
}

#[test]
fn what_is_decided_again_needs_the_majority_that_the_call_in_states() {
    let majority = json!({ "board": { "boardId": "jc", "votingRule": "VOTING_RULE_MAJORITY" } });
    let vote = |day, votes_for: u32, against: u32| {
        let tally = json!({ "votesFor": votes_for, "votesAgainst": against });
        decides(day, "jc", "APPROVED", json!({ "tally": tally }))
    };
    let mut back = call_in_settled("2020-02-10", "BACK_TO_DECIDER");
    back["callInSettled"]["majority"] = json!({ "numerator": 80, "denominator": 100 });
    let given = with(
        stage(),
        &[
            rules(majority),
            proposed("2020-02-03", 1, depot(), json!({ "boardId": "jc" })),
            vote("2020-02-03", 4, 2),
            call_in("2020-02-05", "jc-2020-02-03"),
            back,
        ],
    );
    let view = decided(&given, "2020-02-11", "jc-2020-02-03");
    assert_eq!(
        view.call_ins[0].majority.map(|majority| majority.numerator),
        Some(80)
    );
    judged(
        &given,
        &[(
            "four of six",
            vote("2020-02-12", 4, 2),
            &["VOTE_NOT_CARRIED"],
        )],
    );
    let given = with(given, &[vote("2020-02-12", 5, 1)]);
    assert_eq!(standing(&given, "2020-02-12"), Approved);
}

#[test]
fn a_board_decides_while_the_decision_that_it_delegated_waits() {
    let majority = json!({ "board": { "boardId": "jc", "votingRule": "VOTING_RULE_MAJORITY" } });
    let waits = json!({ "subjectTo": [{ "conditionId": "grant", "what": "The grant" }] });
    let adds_bulky = json!({ "addServiceId": "bulky" });
    let head = officer("2020-02-04", "ash", "Head of Waste", "APPROVED", waits);
    let given = with(
        stage(),
        &[
            rules(majority),
            delegated("boards/jc", json!({})),
            proposed("2020-02-03", 1, adds_bulky, json!({ "boardId": "jc" })),
            under("boards/jc", head),
        ],
    );
    assert_eq!(standing(&given, "2020-02-04"), SubjectTo);
    let tally = json!({ "tally": { "votesFor": 5, "votesAgainst": 1 } });
    let board = decides("2020-02-05", "jc", "APPROVED", tally);
    let carried = with(given.clone(), std::slice::from_ref(&board));
    assert_eq!(standing(&carried, "2020-02-05"), Approved);
    // A condition that is not met takes the delegate's decision with it, and not the board's.
    let unmet = settles("2020-02-06", "ash-2020-02-04", "grant", "NOT_MET");
    let carried = with(carried, std::slice::from_ref(&unmet));
    assert_eq!(standing(&carried, "2020-02-06"), Approved);
    let open = with(given, &[unmet]);
    assert_eq!(standing(&open, "2020-02-06"), Pending);
}

#[test]
fn the_body_that_follows_an_outside_decider_is_awaited_in_its_place() {
    let body = json!({ "name": "The new ministry", "kind": "BODY_KIND_GOVERNMENT" });
    let followed = json!({ "successorId": "ministry" });
    let asked = json!({ "deciderId": "minister" });
    let given = with(
        stage(),
        &[
            event("bodies/ministry", "2020-01-01", "bodyRegistered", body),
            proposed("2020-02-03", 1, depot(), asked),
            event("bodies/minister", "2020-03-01", "bodySucceeded", followed),
        ],
    );
    let words = |given: &Given, day: &str| proposal(given, day).reasoning.join(" ");
    assert_eq!(awaited(&given, "2020-02-29"), ["minister"]);
    assert_eq!(awaited(&given, "2020-03-01"), ["ministry"]);
    assert_eq!(outstanding(&given, "2020-03-01"), ["ministry"]);
    assert!(words(&given, "2020-03-01").contains("ministry, which is outside, is to decide"));
    let mut answer = answers("2020-04-01", "APPROVED", json!({}));
    answer["externalDecisionReceived"]["deciderId"] = "ministry".into();
    let given = with(given, &[answer]);
    assert!(words(&given, "2020-04-01").contains("ministry, which is outside, has approved"));
}
