//! Who settles a condition, and for whom an office decides: those who are named, and nobody
//! once the board that delegated is no more.

use minutebook::views;
use minutebook::views::attention::Asker;
use minutebook::wire::proto::DecisionStanding::{Approved, SubjectTo};
use minutebook::wire::proto::{AttentionKind, DecisionView};
use serde_json::{Value, json};

use super::at;
use super::course::*;
use crate::given::{Given, event, judged};

const D: &str = "ash-cab-2020-02-03";

/// The cabinet's approval, subject to one condition of this kind.
fn subject_to(more: Value) -> Given {
    let mut condition = json!({ "conditionId": "c", "what": "The other agrees" });
    let fields = condition.as_object_mut().expect("fields");
    fields.extend(more.as_object().expect("fields").clone());
    let conditions = json!({ "subjectTo": [condition] });
    with(
        on_cabinet(),
        &[decides("2020-02-03", "ash-cab", "APPROVED", conditions)],
    )
}

fn met() -> Value {
    settles("2020-02-10", D, "c", "MET")
}

fn reported(mut event: Value) -> Value {
    event["sources"] = json!([{ "title": "Annual report", "place": "p. 4" }]);
    event
}

const ANOTHERS: &[&str] = &["CONDITION_OF_ANOTHER"];

#[test]
fn a_condition_of_a_body_is_settled_by_that_body() {
    let given = subject_to(json!({ "decidedById": "bram" }));
    let waived = settles("2020-02-10", D, "c", "WAIVED");
    judged(
        &given,
        &[
            ("nobody", met(), ANOTHERS),
            ("waived by nobody", waived.clone(), ANOTHERS),
            ("another", by("ash", "Leader", met()), ANOTHERS),
            (
                "another, in a document",
                reported(by("ash", "", met())),
                ANOTHERS,
            ),
            ("itself", by("bram", "Leader", met()), &[]),
            ("waived by itself", by("bram", "", waived), &[]),
            ("a document", reported(met()), &[]),
        ],
    );
    // Those who made it decide again without it.
    let anew = decides("2020-02-12", "ash-cab", "APPROVED", json!({}));
    let anew = with(given.clone(), &[anew]);
    assert_eq!(standing(&anew, "2020-02-12"), Approved);
    let own = with(given.clone(), &[by("bram", "Leader", met())]);
    assert_eq!(standing(&own, "2020-02-10"), Approved);
    let condition = decided(&own, "2020-02-10", D).subject_to.remove(0);
    assert!(!condition.by_document);
    assert_eq!(condition.settled_by.expect("it").office, "Leader");
    let given = with(given, &[reported(met())]);
    assert_eq!(standing(&given, "2020-02-10"), Approved);
    assert!(decided(&given, "2020-02-10", D).subject_to[0].by_document);
    let why = proposal(&given, "2020-02-10").reasoning.join(" ");
    assert!(why.contains("The condition c rests on a document"), "{why}");
}

#[test]
fn a_condition_of_a_board_is_settled_by_its_decision_or_under_its_delegation() {
    let given = subject_to(json!({ "decidedByBoardId": "ash-council" }));
    judged(
        &given,
        &[
            ("nobody", met(), ANOTHERS),
            ("its body", by("ash", "", met()), ANOTHERS),
            ("an office", by("ash", "Head of Waste", met()), ANOTHERS),
            ("a document", reported(met()), &[]),
        ],
    );
    let delegation = delegated("boards/ash-council", json!({}));
    let given = with(given, &[delegation]);
    let settled = under("boards/ash-council", by("ash", "Head of Waste", met()));
    judged(
        &given,
        &[
            ("under its delegation", settled, &[]),
            (
                "another office",
                under("boards/ash-council", by("ash", "Leader", met())),
                &["CONDITION_OF_ANOTHER", "OUTSIDE_DELEGATION"],
            ),
        ],
    );
    let approves = decides("2020-02-10", "ash-council", "APPROVED", json!({}));
    assert_eq!(standing(&with(given, &[approves]), "2020-02-10"), Approved);
}

#[test]
fn a_condition_in_words_is_settled_by_those_who_made_it() {
    let given = subject_to(json!({}));
    judged(
        &given,
        &[
            ("nobody named", met(), &[]),
            ("the body of the cabinet", by("ash", "Leader", met()), &[]),
        ],
    );
}

fn ended(day: &str, more: Value) -> Value {
    let mut payload = json!({ "reason": "The arrangement ended" });
    let fields = payload.as_object_mut().expect("fields");
    fields.extend(more.as_object().expect("fields").clone());
    event("boards/jc", day, "boardEnded", payload)
}

/// The joint committee has delegated the matter to the head of waste.
fn by_delegation() -> Given {
    let majority = json!({ "board": { "boardId": "jc", "votingRule": "VOTING_RULE_MAJORITY" } });
    let asked = json!({ "boardId": "jc" });
    with(
        stage(),
        &[
            rules(majority),
            delegated("boards/jc", json!({})),
            proposed("2020-02-03", 1, json!({ "addServiceId": "bulky" }), asked),
        ],
    )
}

fn head(day: &str) -> Value {
    let decision = officer(day, "ash", "Head of Waste", "APPROVED", json!({}));
    under("boards/jc", decision)
}

#[test]
fn a_delegation_falls_with_the_board_that_gave_it() {
    let given = with(by_delegation(), &[ended("2020-02-29", json!({}))]);
    let mut act = adds("2020-03-01");
    act = under("boards/jc", by("ash", "Head of Waste", act));
    let mut last_day = adds("2020-02-29");
    last_day = under("boards/jc", by("ash", "Head of Waste", last_day));
    judged(
        &given,
        &[
            ("its last day", head("2020-02-29"), &[]),
            (
                "after it",
                head("2020-03-01"),
                &["NOT_ENTITLED", "OUTSIDE_DELEGATION"],
            ),
            ("an act on its last day", last_day, &[]),
            (
                "an act after it",
                act,
                &["APPROVAL_REQUIRED", "OUTSIDE_DELEGATION"],
            ),
        ],
    );
    let shown = |given: &Given, day: &str| {
        let view = views::board::get(&at(given, day), &"jc".parse().expect("an id"));
        view.expect("the board").delegations.remove(0)
    };
    assert!(shown(&given, "2020-02-29").in_force);
    let fallen = shown(&given, "2020-03-01");
    assert!(!fallen.in_force);
    assert!(
        fallen.reason.contains("it fell with that board"),
        "{}",
        fallen.reason
    );
    // A board that follows has it only where the end of the giver says so.
    let follows = json!({ "successorBoardId": "bram-cab" });
    let fallen = with(by_delegation(), &[ended("2020-02-29", follows)]);
    assert!(!shown(&fallen, "2020-03-01").in_force);
    let follows = json!({ "successorBoardId": "bram-cab", "delegationsContinue": true });
    let given = with(by_delegation(), &[ended("2020-02-29", follows)]);
    assert!(shown(&given, "2020-03-01").in_force);
    let given = with(given, &[head("2020-03-01")]);
    assert_eq!(standing(&given, "2020-03-01"), Approved);
}

#[test]
fn under_a_delegation_an_officer_decides_what_the_officer_has_proposed() {
    // The giver has agreed beforehand, so that nobody agrees alone.
    let mut own = proposed(
        "2020-02-03",
        1,
        json!({ "addServiceId": "bulky" }),
        json!({}),
    );
    own["actedBy"]["office"] = "Head of Waste".into();
    let majority = json!({ "board": { "boardId": "jc", "votingRule": "VOTING_RULE_MAJORITY" } });
    let body = json!({ "namedBodies": { "bodyIds": ["ash"] } });
    for (subject, requirement) in [("boards/jc", majority), ("bodies/ash", body)] {
        let events = [
            rules(requirement),
            delegated(subject, json!({})),
            own.clone(),
        ];
        let given = with(stage(), &events);
        let decision = officer("2020-02-04", "ash", "Head of Waste", "APPROVED", json!({}));
        let given = with(given, &[under(subject, decision)]);
        assert_eq!(standing(&given, "2020-02-04"), Approved, "{subject}");
    }
}

#[test]
fn a_policing_body_delegates_to_no_body_with_the_capacity_of_one() {
    let body = |id: &str, kind: &str, more: Value| {
        let mut payload = json!({ "name": id, "kind": format!("BODY_KIND_{kind}") });
        let fields = payload.as_object_mut().expect("fields");
        fields.extend(more.as_object().expect("fields").clone());
        event(&format!("bodies/{id}"), "2012", "bodyRegistered", payload)
    };
    let policing = json!({ "capacities": [{ "kind": "BODY_KIND_POLICING_BODY", "force": "m" }] });
    let given = Given::recorded(&[
        body("pcc", "POLICING_BODY", json!({ "force": "p" })),
        body("mayor", "COMBINED_AUTHORITY", policing),
        body("city", "COUNCIL", json!({})),
    ]);
    let delegates = |from: &str, to: &str| {
        let payload = json!({ "delegationId": "d", "to": { "bodyId": to, "office": "Director" } });
        event(&format!("bodies/{from}"), "2020", "delegationMade", payload)
    };
    judged(
        &given,
        &[
            (
                "to a mayor",
                delegates("pcc", "mayor"),
                &["DELEGATION_BARRED"],
            ),
            (
                "by a mayor",
                delegates("mayor", "pcc"),
                &["DELEGATION_BARRED"],
            ),
            ("to a council", delegates("pcc", "city"), &[]),
            ("to the own office", delegates("mayor", "mayor"), &[]),
        ],
    );
}

fn words(given: &Given) -> Vec<String> {
    let view = at(given, "2020-02-10");
    let asker = Asker::default();
    let lines = views::attention::list(&view, &asker, view.as_at());
    let lines = lines.into_iter();
    let lines = lines.filter(|line| line.kind() == AttentionKind::AwaitsCondition);
    lines.map(|line| line.what).collect()
}

#[test]
fn a_condition_in_words_alone_counts_and_asks_for_attention() {
    let conditions = json!({ "conditions": "Once the grant is awarded" });
    let given = with(
        on_cabinet(),
        &[decides("2020-02-03", "ash-cab", "APPROVED", conditions)],
    );
    assert_eq!(standing(&given, "2020-02-10"), Approved);
    let [line] = &words(&given)[..] else {
        panic!("{:?}", words(&given))
    };
    assert!(line.contains("Once the grant is awarded"), "{line}");
    assert!(line.contains("subject_to"), "{line}");
    let listed = || views::approvals::list(&super::at(&given, "2020-02-10"), None, None, false);
    assert_eq!(
        listed()[0].conditions_in_words,
        ["Once the grant is awarded"]
    );
    let table = minutebook::present::reports::approvals::list(&listed());
    let table =
        minutebook::present::table::render(&table, minutebook::present::table::Layout::plain(400));
    assert!(table.contains("conditions in words alone"), "{table}");
    let given = subject_to(json!({}));
    assert_eq!(standing(&given, "2020-02-10"), SubjectTo);
    assert!(words(&given).iter().all(|line| !line.contains("in words")));
    assert!(words(&approved()).is_empty());
}

#[test]
fn a_resolution_without_numbers_rests_on_the_minutes_where_no_rule_applies() {
    let shown = |given: &Given| -> DecisionView { decided(given, "2020-02-10", D) };
    let given = approved();
    assert!(shown(&given).rests_on_minutes);
    let why = proposal(&given, "2020-02-10").reasoning.join(" ");
    assert!(
        why.contains("rests on the minutes: no numbers given"),
        "{why}"
    );
    let unanimous = json!({ "tally": { "unanimous": true } });
    let given = with(
        on_cabinet(),
        &[decides("2020-02-03", "ash-cab", "APPROVED", unanimous)],
    );
    assert!(!shown(&given).rests_on_minutes);
    let why = proposal(&given, "2020-02-10").reasoning.join(" ");
    assert!(!why.contains("rests on the minutes"), "{why}");
    let head = officer("2020-02-03", "ash", "Head of Waste", "APPROVED", json!({}));
    let given = with(before_nobody(), &[head]);
    assert!(!decided(&given, "2020-02-10", "ash-2020-02-03").rests_on_minutes);
}
