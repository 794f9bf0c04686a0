//! Matters that a board refers to a body: the body answers by its own decision on the
//! proposal, or that of its board, as by `external_decision_received`.

use minutebook::wire::proto::DecisionStanding::{Approved, CalledIn, Pending, Referred, Rejected};
use serde_json::{Value, json};

use super::course::*;
use crate::given::{Given, event, judged};

fn referred(given: Given, to: &str) -> Given {
    let more = json!({ "referredToId": to });
    with(given, &[decides("2020-02-05", "ash-cab", "REFERRED", more)])
}

fn before(more: Value) -> Given {
    with(stage(), &[proposed("2020-02-03", 1, depot(), more)])
}

fn board(day: &str, id: &str, outcome: &str) -> Value {
    decides(day, id, outcome, json!({}))
}

#[test]
fn the_decision_of_its_own_board_answers_a_referral() {
    let on = "2020-02-20";
    for more in [json!({ "boardId": "ash-cab" }), json!({})] {
        let given = referred(before(more), "bram");
        assert_eq!(standing(&given, on), Referred);
        assert_eq!(awaited(&given, on), ["bram"]);
        for answer in [
            board(on, "bram-cab", "APPROVED"),
            officer(on, "bram", "", "APPROVED", json!({})),
            officer(on, "bram", "Head of Waste", "APPROVED", json!({})),
        ] {
            let given = with(given.clone(), &[answer]);
            assert_eq!(standing(&given, on), Approved);
            assert_eq!(awaited(&given, on), [""; 0]);
            let why = proposal(&given, on).reasoning.join(" ");
            assert!(
                why.contains("bram, which is outside, has approved"),
                "{why}"
            );
        }
        let given = with(given, &[board(on, "bram-cab", "REJECTED")]);
        assert_eq!(standing(&given, on), Rejected);
    }
    let given = referred(before(json!({ "boardId": "ash-cab" })), "bram");
    let others = board(on, "ash-council", "APPROVED");
    judged(&given, &[("no other", others, &["NOT_PUT_TO"])]);
}

#[test]
fn a_cabinet_refers_a_matter_to_its_own_council() {
    let given = referred(before(json!({ "boardId": "ash-cab" })), "ash");
    let again = board("2020-02-10", "ash-cab", "APPROVED");
    let itself = with(given.clone(), &[again]);
    // It does not answer what it asked itself.
    assert_ne!(standing(&itself, "2020-02-10"), Approved);
    let given = with(given, &[board("2020-02-20", "ash-council", "APPROVED")]);
    assert_eq!(standing(&given, "2020-02-20"), Approved);
}

#[test]
fn under_rules_the_answer_is_beside_the_agreement_that_they_ask_for() {
    let asks = rules(json!({ "namedBodies": { "bodyIds": ["ash"] } }));
    let given = with(stage(), &[asks]);
    let given = with(given, &[proposed("2020-02-03", 1, depot(), json!({}))]);
    let given = referred(given, "bram");
    assert_eq!(awaited(&given, "2020-02-05"), ["ash", "bram"]);
    let given = with(given, &[board("2020-02-20", "bram-cab", "APPROVED")]);
    assert_eq!(awaited(&given, "2020-02-20"), ["ash"]);
    let carried = with(given.clone(), &[board("2020-02-25", "ash-cab", "APPROVED")]);
    assert_eq!(standing(&carried, "2020-02-25"), Approved);
    // Called in, the answer counts for nothing meanwhile, and not at all once it is sent back.
    let osc = json!({ "name": "Scrutiny", "powers": ["BOARD_POWER_OVERSEES"],
        "ownerBodyId": "bram" });
    let osc = event("boards/bram-osc", "2010-05-01", "boardConstituted", osc);
    let mut called = call_in("2020-02-26", "bram-cab-2020-02-20");
    called["decisionCalledIn"]["boardId"] = "bram-osc".into();
    let given = with(carried, &[osc, called]);
    assert_eq!(standing(&given, "2020-02-26"), CalledIn);
    let given = with(given, &[call_in_settled("2020-03-05", "BACK_TO_DECIDER")]);
    assert!(matches!(standing(&given, "2020-03-05"), Pending | Referred));
    assert_eq!(awaited(&given, "2020-03-05"), ["bram"]);
    let again = board("2020-03-10", "bram-cab", "APPROVED");
    let given = with(given, &[again]);
    assert_eq!(standing(&given, "2020-03-10"), Approved);
}
