//! An executive and its full council: one approves "subject to" the other, recommends to
//! it, or has a matter sent back by it (Local Authorities (Standing Orders) (England)
//! Regulations 2001, SI 2001/3384, Sch.2).

use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::DecisionStanding::{self, Approved, Fallen, Rejected, SubjectTo};
use minutebook::wire::proto::{Awaited, DecisionView, WordEffect};
use serde_json::{Value, json};

use super::approving::*;
use super::votes::{CARRIED, OPEN, awaited, on_day, recorded, standing_on};
use crate::given::{Given, event, judged, on_x};

const CLOSED: &[&str] = &["PROPOSAL_CLOSED"];

/// The stage with two boards of the council, and a proposal with these fields.
fn proposed(more: Value) -> Given {
    let mut given = stage();
    for id in ["cabinet", "full-council"] {
        let board = json!({ "name": id, "powers": ["BOARD_POWER_DECIDES"],
            "ownerBodyId": "council", "members": [{ "description": "Councillors" }] });
        given.record(&[event(
            &format!("boards/{id}"),
            "2013",
            "boardConstituted",
            board,
        )]);
    }
    let mut matter = propose("2020-06-01", 1, json!({ "other": "A matter" }));
    let fields = matter["matterProposed"].as_object_mut().expect("fields");
    fields.extend(more.as_object().expect("fields").clone());
    recorded(given, &[matter])
}

fn decides(on: &str, board: &str, outcome: &str, more: Value) -> Value {
    let mut payload = json!({ "decisionId": format!("{board}-{on}"), "title": "It",
        "proposalId": id(1), "outcome": format!("OUTCOME_{outcome}"), "boardId": board });
    let fields = payload.as_object_mut().expect("fields");
    fields.extend(more.as_object().expect("fields").clone());
    on_x(on, "decisionMade", payload)
}

/// The cabinet's approval of 2 June, subject to the full council; the condition names the
/// council, or is words alone.
fn subject_to_council(names_it: bool) -> Value {
    let mut condition = json!({ "conditionId": "council", "what": "Agreement by Council" });
    if names_it {
        condition["decidedByBoardId"] = "full-council".into();
    }
    let more = json!({ "subjectTo": [condition] });
    decides("2020-06-02", "cabinet", "APPROVED", more)
}

fn council(on: &str, outcome: &str) -> Value {
    decides(on, "full-council", outcome, json!({}))
}

fn met(on: &str) -> Value {
    let payload = json!({ "proposalId": id(1), "decisionId": "cabinet-2020-06-02",
        "conditionId": "council", "result": "CONDITION_RESULT_MET" });
    on_x(on, "conditionSettled", payload)
}

fn at(given: &Given, day: &str) -> RegisterView {
    let register = std::sync::Arc::new(given.register.clone());
    RegisterView::new(
        register,
        day.parse().expect("a day"),
        Position::new(u64::MAX),
    )
}

fn decision_on(given: &Given, day: &str, id: &str) -> DecisionView {
    let lines = views::decisions::list(&at(given, day), None, false);
    let mut lines = lines.into_iter();
    lines
        .find(|line| line.decision_id == id)
        .expect("the decision")
}

fn decided(given: &Given, day: &str, id: &str) -> DecisionStanding {
    decision_on(given, day, id).standing()
}

fn effects(given: &Given, day: &str) -> Vec<WordEffect> {
    let id = id(1).parse().expect("an id");
    let proposal = views::proposal::get(&at(given, day), id).expect("the proposal");
    proposal.words.iter().map(|word| word.effect()).collect()
}

#[test]
fn a_council_meets_the_condition_of_its_executive() {
    let given = recorded(proposed(json!({})), &[subject_to_council(true)]);
    assert_eq!(standing_on(&given, "2020-06-02"), SubjectTo);
    assert_eq!(awaited(&given, "2020-06-02"), ["full-council"]);
    let approved = recorded(given.clone(), &[council("2020-06-10", "APPROVED")]);
    assert_eq!(standing_on(&approved, "2020-06-09"), SubjectTo);
    assert_eq!(standing_on(&approved, "2020-06-10"), CARRIED);
    for id in ["cabinet-2020-06-02", "full-council-2020-06-10"] {
        assert_eq!(decided(&approved, "2020-06-10", id), Approved, "{id}");
    }
    let refused = recorded(given, &[council("2020-06-10", "REJECTED")]);
    assert_eq!(standing_on(&refused, "2020-06-10"), Rejected);
    assert_eq!(
        decided(&refused, "2020-06-10", "cabinet-2020-06-02"),
        Fallen
    );
    judged(
        &refused,
        &[(
            "after it",
            decides("2020-06-11", "cabinet", "APPROVED", json!({})),
            CLOSED,
        )],
    );
}

#[test]
fn a_condition_in_words_may_be_settled_before_or_after_the_council_decides() {
    let given = recorded(proposed(json!({})), &[subject_to_council(false)]);
    let orders = [
        vec![council("2020-06-10", "APPROVED")],
        vec![council("2020-06-10", "APPROVED"), met("2020-06-10")],
        vec![met("2020-06-10"), council("2020-06-10", "APPROVED")],
        vec![met("2020-06-10"), council("2020-06-12", "APPROVED")],
    ];
    for events in orders {
        let given = recorded(given.clone(), &events);
        let is_settled = events.len() > 1;
        // Nothing says yet that it is the condition that the council has met.
        let standing = if is_settled { CARRIED } else { SubjectTo };
        assert_eq!(standing_on(&given, "2020-06-20"), standing, "{events:?}");
        let cabinet = decided(&given, "2020-06-20", "cabinet-2020-06-02");
        let expected = if is_settled { Approved } else { SubjectTo };
        assert_eq!(cabinet, expected, "{events:?}");
        let fallen = effects(&given, "2020-06-20");
        assert!(!fallen.contains(&WordEffect::Fallen), "{events:?}");
        assert!(!fallen.contains(&WordEffect::TooLate), "{events:?}");
    }
    // Where the condition was recorded as met, the council cannot have refused.
    let settled = recorded(given.clone(), &[met("2020-06-10")]);
    judged(
        &settled,
        &[("refuses", council("2020-06-10", "REJECTED"), CLOSED)],
    );
    let refused = recorded(given, &[council("2020-06-10", "REJECTED")]);
    assert_eq!(standing_on(&refused, "2020-06-10"), Rejected);
    assert_eq!(
        decided(&refused, "2020-06-10", "cabinet-2020-06-02"),
        Fallen
    );
}

#[test]
fn a_council_sends_a_matter_back_and_the_executive_decides_again() {
    let back = decides(
        "2020-06-10",
        "full-council",
        "DEFERRED",
        json!({ "sentBackToBoardId": "cabinet", "reasons": "Options" }),
    );
    let given = recorded(
        proposed(json!({})),
        &[subject_to_council(true), back.clone()],
    );
    assert_eq!(decided(&given, "2020-06-10", "cabinet-2020-06-02"), Fallen);
    assert_eq!(awaited(&given, "2020-06-10"), ["cabinet"]);
    let shown = decision_on(&given, "2020-06-10", "full-council-2020-06-10");
    assert_eq!(shown.sent_back_to.expect("a board").board_id, "cabinet");
    let mut again = subject_to_council(true);
    again["effectiveOn"] = crate::given::date("2020-06-15");
    again["decisionMade"]["decisionId"] = "cabinet-again".into();
    let given = recorded(given, &[again]);
    assert_eq!(standing_on(&given, "2020-06-15"), SubjectTo);
    assert_eq!(awaited(&given, "2020-06-15"), ["full-council"]);
    let amended = decides(
        "2020-06-20",
        "full-council",
        "APPROVED",
        json!({ "amendments": "The savings are reported each quarter: carried." }),
    );
    let given = recorded(given, &[amended]);
    assert_eq!(standing_on(&given, "2020-06-20"), CARRIED);
    assert_eq!(decided(&given, "2020-06-20", "cabinet-again"), Approved);
    assert_eq!(decided(&given, "2020-06-20", "cabinet-2020-06-02"), Fallen);
    let amendments = decision_on(&given, "2020-06-20", "full-council-2020-06-20").amendments;
    assert!(amendments.contains("each quarter"), "{amendments}");
    // A matter is sent back to another board, and is not decided by that.
    let with = |field: &str, value: Value| {
        let mut event = back.clone();
        event["decisionMade"][field] = value;
        event
    };
    judged(
        &proposed(json!({})),
        &[
            (
                "to itself",
                with("sentBackToBoardId", "full-council".into()),
                &["SELF_REFERENCE"],
            ),
            (
                "to nobody known",
                with("sentBackToBoardId", "nobody".into()),
                &["UNKNOWN_BOARD"],
            ),
        ],
    );
}

#[test]
fn under_rules_each_board_of_a_body_decides_for_itself() {
    let vote = |board: &str| json!({ "board": { "boardId": board, "votingRule": "VOTING_RULE_MAJORITY", "quorum": 1 } });
    let both = json!({ "allOf": { "of": [vote("cabinet"), vote("full-council")] } });
    let unanimous = |mut event: Value| {
        event["decisionMade"]["tally"] = json!({ "unanimous": true });
        event
    };
    let mut given = proposed(json!({}));
    let mut rules = adopt(
        "2020-01-01",
        "rules",
        &[about(&["OTHER"], "any", json!({}), both)],
    );
    rules["actedBy"] = json!({ "bodyId": "a-pcc" });
    given.record(&[rules]);
    let given = recorded(given, &[unanimous(subject_to_council(true))]);
    let given = recorded(given, &[unanimous(council("2020-06-10", "APPROVED"))]);
    assert_eq!(standing_on(&given, "2020-06-09"), OPEN);
    assert_eq!(standing_on(&given, "2020-06-10"), CARRIED);
}

#[test]
fn what_an_executive_recommends_awaits_its_council() {
    let recommends = || decides("2020-06-02", "cabinet", "SUPPORTED", json!({}));
    let named = recorded(
        proposed(json!({ "boardId": "full-council" })),
        &[recommends()],
    );
    assert_eq!(standing_on(&named, "2020-06-02"), OPEN);
    assert_eq!(awaited(&named, "2020-06-02"), ["full-council"]);
    // Where the proposal names no board, the recommendation is its outcome until then.
    let unnamed = recorded(proposed(json!({})), &[recommends()]);
    assert_eq!(
        standing_on(&unnamed, "2020-06-02"),
        DecisionStanding::Supported
    );
    for given in [named, unnamed] {
        for (outcome, standing) in [("APPROVED", CARRIED), ("REJECTED", Rejected)] {
            let given = recorded(given.clone(), &[council("2020-06-10", outcome)]);
            assert_eq!(standing_on(&given, "2020-06-10"), standing);
        }
    }
}

#[test]
fn another_board_of_a_body_agrees_later_and_does_not_object() {
    let given = recorded(
        proposed(json!({})),
        &[decides("2020-06-02", "cabinet", "APPROVED", json!({}))],
    );
    judged(
        &given,
        &[
            ("refuses", council("2020-06-10", "REJECTED"), CLOSED),
            (
                "the same again",
                decides("2020-06-10", "cabinet", "APPROVED", json!({})),
                CLOSED,
            ),
        ],
    );
    let agreed = recorded(given, &[council("2020-06-10", "APPROVED")]);
    assert_eq!(
        effects(&agreed, "2020-06-10"),
        [WordEffect::Counts, WordEffect::Agreement]
    );
}

#[test]
fn a_condition_names_a_body_or_another_board() {
    let given = proposed(json!({}));
    let mut itself = subject_to_council(true);
    itself["decisionMade"]["subjectTo"][0]["decidedByBoardId"] = "cabinet".into();
    let mut unknown = subject_to_council(true);
    unknown["decisionMade"]["subjectTo"][0]["decidedByBoardId"] = "nobody".into();
    judged(
        &given,
        &[
            ("itself", itself, &["SELF_REFERENCE"]),
            ("nobody known", unknown, &["UNKNOWN_BOARD"]),
        ],
    );
}

#[test]
fn who_is_awaited_in_another_capacity_says_in_which() {
    let fields = json!({ "deciderId": "council", "putToIds": ["council", "a-pcc"] });
    let given = recorded(proposed(fields), &[council("2020-06-10", "APPROVED")]);
    let line = on_day(&given, "2020-06-10");
    let name = |who: &Awaited| {
        let body = who.who.as_ref().and_then(|who| who.body.as_ref());
        body.map(|body| body.body_id.clone()).unwrap_or_default()
    };
    assert_eq!(
        line.agreed.iter().map(name).collect::<Vec<_>>(),
        ["council"]
    );
    let awaited = line.awaited.iter();
    let awaited: Vec<_> = awaited.map(|who| (name(who), who.duty.as_str())).collect();
    assert_eq!(
        awaited,
        [
            ("a-pcc".to_owned(), ""),
            ("council".to_owned(), "as outside decider")
        ]
    );
    let waits = recorded(proposed(json!({})), &[subject_to_council(true)]);
    let duty = &on_day(&waits, "2020-06-02").awaited[0].duty;
    assert_eq!(duty, "to meet the condition council");
    let act = on_x(
        "2020-06-11",
        "collaborationEnded",
        json!({ "cause": "END_CAUSE_AGREEMENT" }),
    );
    let said = format!("{:?}", given.judge(&[resting(1, act)]).err());
    assert!(said.contains("council (as outside decider)"), "{said}");
}

#[test]
fn a_board_does_not_meet_its_own_condition() {
    let mut waits = subject_to_council(false);
    waits["decisionMade"]["subjectTo"][0]["decidedById"] = "council".into();
    let given = recorded(proposed(json!({})), &[waits]);
    assert_eq!(standing_on(&given, "2020-06-02"), SubjectTo);
    let given = recorded(given, &[council("2020-06-10", "APPROVED")]);
    assert_eq!(standing_on(&given, "2020-06-10"), CARRIED);
}

#[test]
fn a_later_recommendation_does_not_undo_a_decision() {
    let supports =
        |on: &str, board: &str| decides(on, board, "SUPPORTED", json!({ "decisionId": on }));
    let events = [
        supports("2020-06-02", "cabinet"),
        council("2020-06-10", "APPROVED"),
        supports("2020-06-12", "full-council"),
    ];
    let given = recorded(proposed(json!({})), &events);
    assert_eq!(standing_on(&given, "2020-06-12"), CARRIED);
}

#[test]
fn rules_adopted_after_a_recommendation_say_who_decides() {
    let recommends = decides("2020-06-02", "cabinet", "SUPPORTED", json!({}));
    let a_pcc = about(&["OTHER"], "any", json!({}), named(&["a-pcc"]));
    let mut rules = adopt("2020-06-03", "rules", &[a_pcc]);
    rules["actedBy"] = json!({ "bodyId": "a-pcc" });
    let given = recorded(proposed(json!({})), &[recommends, rules]);
    let refused = (
        "the council",
        council("2020-06-10", "APPROVED"),
        &["NOT_ENTITLED"][..],
    );
    judged(&given, &[refused]);
}

#[test]
fn what_is_sent_back_awaits_its_board_though_an_outside_decider_approves() {
    let answer =
        json!({ "proposalId": id(1), "deciderId": "c-pcc", "outcome": "OUTCOME_APPROVED" });
    let back = json!({ "sentBackToBoardId": "cabinet" });
    let events = [
        decides("2020-06-02", "cabinet", "APPROVED", json!({})),
        decides("2020-06-03", "full-council", "DEFERRED", back),
        on_x("2020-06-04", "externalDecisionReceived", answer),
    ];
    let given = recorded(proposed(json!({ "deciderId": "c-pcc" })), &events);
    assert_eq!(
        standing_on(&given, "2020-06-04"),
        DecisionStanding::Deferred
    );
    let again = decides("2020-06-05", "cabinet", "APPROVED", json!({}));
    let given = recorded(given, &[again]);
    assert_eq!(standing_on(&given, "2020-06-05"), CARRIED);
}

#[test]
fn a_body_agrees_by_its_board_beside_the_proposer() {
    let mut given = proposed(json!({ "putToIds": ["b-cc", "council"] }));
    let mut rules = adopt(
        "2020-01-01",
        "rules",
        &[about(&["OTHER"], "any", json!({}), named(&["b-cc"]))],
    );
    rules["actedBy"] = json!({ "bodyId": "b-cc" });
    given.record(&[rules]);
    let own = super::course::decides("2020-06-02", "b-cc", "APPROVED");
    let given = recorded(given, &[own, council("2020-06-10", "APPROVED")]);
    assert_eq!(standing_on(&given, "2020-06-10"), CARRIED);
}

#[test]
fn a_recommendation_fails_no_approval_that_waits() {
    let supports = decides("2020-06-05", "full-council", "SUPPORTED", json!({}));
    let given = recorded(proposed(json!({})), &[subject_to_council(false), supports]);
    let waits = decided(&given, "2020-06-05", "cabinet-2020-06-02");
    assert_eq!(waits, SubjectTo);
}
