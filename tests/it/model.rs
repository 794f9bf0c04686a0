//! Prior approval against a naive model. Random proposals, votes, acts and
//! corrections are offered to admission, and so are conditions, call-ins, challenges in
//! court and delegations. The model keeps the admitted ones in one list and searches it
//! from the start for every question; it shares no code with the register. Both must
//! agree on what is carried, approved, made and left, what is a breach, and what is
//! refused and why.
//!
//! `MINUTEBOOK_TEST_MODEL_CASES` makes it run longer.

mod histories;
mod matters;
mod membership;
mod naive;
mod recorded;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use minutebook::domain::admit::{Admission, Refusal};
use minutebook::domain::ids::{Position, SubjectId};
use minutebook::domain::register_view::RegisterView;
use minutebook::views;
use minutebook::wire::proto::DecisionStanding;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::json;

use crate::decisions::approving::{id, stage};
use crate::given::{Given, date, event as record_event};
use histories::trials;
use naive::{Answer, Authority, Fact, Model, ModelAction, Outcome};

/// The stage of the tests of approval, where the two chiefs share a vote, and m has
/// followed two other members.
fn merged_stage() -> Given {
    let mut given = stage();
    let council = |id: &str, on: &str| {
        let payload = json!({ "name": id, "kind": "BODY_KIND_COUNCIL" });
        record_event(&format!("bodies/{id}"), on, "bodyRegistered", payload)
    };
    let followed = |id: &str| {
        let payload = json!({ "successorId": "m" });
        record_event(&format!("bodies/{id}"), "2016", "bodySucceeded", payload)
    };
    let chief = |id: &str| json!({ "bodyId": id, "group": "Chiefs", "sharesVoteAs": "the chiefs" });
    let change = json!({
        "left": [{ "bodyId": "a-cc" }, { "bodyId": "b-cc" }],
        "joined": [chief("a-cc"), chief("b-cc"), { "bodyId": "m1" }, { "bodyId": "m2" }],
    });
    let board = |id: &str| {
        let payload = json!({ "name": id, "powers": ["BOARD_POWER_DECIDES"],
            "ownerBodyId": "council", "members": [{ "description": "Councillors" }] });
        record_event(&format!("boards/{id}"), "2013", "boardConstituted", payload)
    };
    let scrutiny = json!({ "name": "scrutiny", "kind": "BODY_KIND_SCRUTINY" });
    let committee = json!({ "name": "scrutiny", "powers": ["BOARD_POWER_OVERSEES"],
        "ownerBodyId": "scrutiny" });
    for event in [
        record_event("bodies/scrutiny", "2013", "bodyRegistered", scrutiny),
        record_event("boards/scrutiny", "2013", "boardConstituted", committee),
        board("cabinet"),
        board("full"),
        council("m1", "2013"),
        council("m2", "2013"),
        council("m", "2016"),
        followed("m1"),
        followed("m2"),
        record_event("boards/board", "2015", "boardMembershipChanged", change),
    ] {
        given.record(&[event]);
    }
    given
}

/// The answer of the views.
fn shown(given: &Given, as_at: Date, known: u64) -> Answer {
    let x: SubjectId = "collaborations/x".parse().expect("an id");
    let view = RegisterView::new(
        Arc::new(given.register.clone()),
        as_at,
        Position::new(known),
    );
    let (virements, _) = views::virements::list(&view, Some(&x));
    let proposals = virements
        .iter()
        .filter_map(|line| {
            let n = (1..=naive::PROPOSALS).find(|n| line.proposal_id == id(u128::from(*n)))?;
            let outcome = match line.standing() {
                DecisionStanding::Pending => Outcome::Open,
                DecisionStanding::Approved => Outcome::Carried,
                DecisionStanding::Rejected => Outcome::Rejected,
                DecisionStanding::Withdrawn => Outcome::Withdrawn,
                DecisionStanding::NotAgreed => Outcome::NotAgreed,
                DecisionStanding::Deferred => Outcome::Deferred,
                DecisionStanding::Supported => Outcome::Supported,
                DecisionStanding::SubjectTo => Outcome::SubjectTo,
                DecisionStanding::CalledIn => Outcome::CalledIn,
                DecisionStanding::Stayed => Outcome::Stayed,
                DecisionStanding::Quashed => Outcome::Quashed,
                other => panic!("{other:?}"),
            };
            Some((
                n,
                (
                    outcome,
                    line.approved_pence,
                    line.made_pence,
                    line.left_pence,
                ),
            ))
        })
        .collect();
    // A corrected breach stays in the list, marked as corrected.
    let mut breaches: Vec<u64> = views::breaches::list(&view, Some(&x))
        .iter()
        .filter(|line| line.corrected_by_position == 0)
        .map(|line| line.act.as_ref().expect("an act").position)
        .collect();
    breaches.sort_unstable();
    (proposals, breaches)
}

fn agree(given: &Given, model: &Model, as_at: Date, known: u64) -> Result<(), TestCaseError> {
    let (proposals, breaches) = model.answer(as_at, known);
    let register = shown(given, as_at, known);
    prop_assert_eq!(
        &register,
        &(proposals.clone(), breaches),
        "as at {}, as known at {}: {:#?}",
        as_at,
        known,
        model
    );
    // Where nothing was approved twice, the amount made within an approval never exceeds
    // it.
    let may_exceed = model.has(|action| {
        matches!(
            action,
            ModelAction::CallIn(_)
                | ModelAction::Challenge(_)
                | ModelAction::Make {
                    authority: Authority::Breach(Some(_)),
                    ..
                }
        )
    });
    for (outcome, approved, made, _) in proposals.values() {
        prop_assert!(*outcome != Outcome::Carried || made <= approved || may_exceed);
    }
    Ok(())
}

/// The reasons of the register, in the families of the model.
fn families(admitted: &Result<Admission, Refusal>) -> BTreeSet<&'static str> {
    let Err(Refusal::Rules(findings)) = admitted else {
        return BTreeSet::new();
    };
    let reasons = findings.iter().map(|finding| finding.fault.reason());
    let reasons = reasons.map(|reason| match reason {
        "TALLY_TOO_LARGE" | "TALLY_CONTRADICTED" | "NO_CASTING_VOTE" => naive::TALLY,
        "QUORUM_NOT_MET" | "VOTE_NOT_CARRIED" | "GROUP_QUORUM_NOT_MET" => naive::BALLOT,
        reason => reason,
    });
    reasons.collect()
}

/// Whether both refuse for the same reasons. Crowding out a later act is also named as
/// what that act would lack; of a vote or decision on nothing, the register may
/// find more.
fn same_reasons(found: &BTreeSet<&str>, expected: &BTreeSet<&str>) -> bool {
    if expected.contains(naive::CROWDS_OUT) {
        let crowds = ["CROWDS_OUT", "APPROVAL_SPENT", "OVER_APPROVED"];
        return found.len() == 1 && found.iter().all(|reason| crowds.contains(reason));
    }
    if expected.contains("UNKNOWN_PROPOSAL") {
        return expected.is_subset(found);
    }
    found == expected
}

fn cases() -> u32 {
    std::env::var("MINUTEBOOK_TEST_MODEL_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(150)
}

#[test]
fn the_register_agrees_with_a_naive_model() {
    let config = ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&trials(), |(steps, moments)| {
        let mut given = merged_stage();
        let mut model = Model::new(given.register.tail().get());
        for (days, known, action) in steps {
            let (on, last) = known.span(naive::day(days));
            let serial = given.register.tail().get() + 1;
            let action = model.resolve(&action);
            let Some(mut event) = recorded::event(&model, on, &action, serial) else {
                continue;
            };
            event["effectiveOn"] = date(&known.written(on));
            let fact = Fact {
                on,
                last,
                position: serial,
                action,
            };
            let admitted = given.judge(std::slice::from_ref(&event));
            let found = families(&admitted);
            let expected = model.refusals(&fact);
            prop_assert!(
                same_reasons(&found, &expected),
                "{:#?}\nregister {:?}, model {:?}\nwith {:#?}",
                fact,
                found,
                expected,
                model
            );
            if let Ok(admission) = admitted {
                given.entries.extend(admission.entries);
                given.register = admission.register;
                model.keep(fact);
            }
        }
        let tail = given.register.tail().get();
        agree(&given, &model, naive::day(365), tail)?;
        for (days, back) in moments {
            agree(&given, &model, naive::day(days), tail)?;
            agree(
                &given,
                &model,
                naive::day(365),
                tail.saturating_sub(back as u64).max(model.first),
            )?;
            agree(
                &given,
                &model,
                naive::day(days),
                tail.saturating_sub(back as u64).max(model.first),
            )?;
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Counts the outcomes and events of a history.
fn reached(model: &Model, seen: &mut BTreeMap<&'static str, usize>) {
    let (proposals, _) = model.answer(naive::day(365), u64::MAX);
    let outcomes = proposals.values().map(|(outcome, ..)| match outcome {
        Outcome::Open => "open",
        Outcome::Carried => "carried",
        Outcome::Rejected => "rejected",
        Outcome::Withdrawn => "withdrawn",
        Outcome::NotAgreed => "not agreed",
        Outcome::Supported => "supported",
        Outcome::Deferred => "deferred",
        Outcome::SubjectTo => "subject to a condition",
        Outcome::CalledIn => "called in",
        Outcome::Stayed => "stayed",
        Outcome::Quashed => "quashed",
    });
    for event in outcomes.chain(model.reached()) {
        *seen.entry(event).or_default() += 1;
    }
}

#[test]
fn the_histories_reach_everything() {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let first = merged_stage().register.tail().get();
    let mut seen = BTreeMap::new();
    for _ in 0..300 {
        let tree = trials().new_tree(&mut runner).expect("a history");
        let (steps, _) = tree.current();
        let mut model = Model::new(first);
        let mut position = first;
        for (days, known, action) in steps {
            let action = model.resolve(&action);
            let (on, last) = known.span(naive::day(days));
            let fact = Fact {
                on,
                last,
                position: position + 1,
                action,
            };
            let refusals = model.refusals(&fact);
            if refusals.is_empty() {
                position += 1;
                model.keep(fact);
            }
            for reason in refusals {
                *seen.entry(reason).or_default() += 1;
            }
        }
        reached(&model, &mut seen);
    }
    for wanted in REACHED {
        assert!(seen.contains_key(wanted), "{wanted} of {seen:#?}");
    }
}

/// The outcomes, events and reasons that random histories have to reach.
const REACHED: &[&str] = &[
    "open",
    "carried",
    "rejected",
    "withdrawn",
    "not agreed",
    "supported",
    "deferred",
    "subject to a condition",
    "called in",
    "stayed",
    "quashed",
    "carried when put to several",
    "carried once a condition was met",
    "fallen with a condition",
    "upheld after a call-in",
    "set aside by a call-in",
    "quashed from a day",
    "restored by a higher court",
    "made within a delegation",
    "made on a day that is not known",
    "minute",
    "agreement after an objection",
    "decided again by the board that it was sent back to",
    "decided after a recommendation",
    "agreed by two boards of one body",
    "named beside the minutes",
    "NOT_PUT_TO",
    "MINUTE_CONTRADICTS",
    "PROPOSAL_CLOSED",
    "NOT_ENTITLED",
    "BEYOND_DELEGATION",
    "OWN_PROPOSAL",
    "APPROVAL_SUSPENDED",
    "APPROVAL_ENDED",
    "APPROVAL_QUASHED",
    "APPROVAL_REQUIRED",
    "APPROVAL_SPENT",
    "OVER_APPROVED",
    "DECIDED_LATER",
    "NOT_CARRIED",
    "ANOTHER_ACT",
    "TIER_PASSED",
    "BEHIND_THE_RULES",
    "OUTSIDE_DELEGATION",
    "DELEGATION_BARRED",
    "PROJECTED_NOT_APPROVED",
    "UNKNOWN_ITEM",
    "ITEM_CLOSED",
    "APPROVAL_USED",
    "ALREADY_SO",
    "BEFORE_ITEM",
    "NOT_LATER",
    "SELF_REFERENCE",
    "RELIED_UPON",
    naive::CROWDS_OUT,
    naive::TALLY,
    naive::BALLOT,
];
