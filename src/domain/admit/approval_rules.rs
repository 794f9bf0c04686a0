//! Rules for the event that adopts approval rules: that the bodies and boards
//! they name exist.

use super::event_check::EventCheck;
use crate::domain::event::{ApprovalRulesAdopted, Requirement, Voting};

pub(super) fn approval_rules_adopted(bench: &mut EventCheck<'_>, what: &ApprovalRulesAdopted) {
    let taken = bench
        .dossier()
        .is_some_and(|d| d.rule_sets.iter().any(|r| r.rule_set == what.rule_set));
    bench.free(
        "rule_set_id",
        "set of approval rules",
        &what.rule_set,
        taken.then_some(()),
    );
    for (i, rule) in what.rules.iter().enumerate() {
        for (j, proposer) in rule.conditions.proposers.iter().enumerate() {
            bench.body(
                format_args!("rules[{i}].conditions.proposer_ids[{j}]"),
                proposer,
            );
        }
        requirement(bench, &format!("rules[{i}].requirement"), &rule.requirement);
    }
}

fn requirement(bench: &mut EventCheck<'_>, field: &str, wanted: &Requirement) {
    match wanted {
        Requirement::EveryParty
        | Requirement::EveryPolicingBody
        | Requirement::EveryCorporationSole
        | Requirement::Lead => {}
        Requirement::NamedBodies(bodies) => {
            for (i, body) in bodies.iter().enumerate() {
                bench.body(format_args!("{field}.named_bodies.body_ids[{i}]"), body);
            }
        }
        Requirement::Board(vote) => {
            bench.known_board(format_args!("{field}.board.board_id"), &vote.board);
            if let Voting::Weighted { weights, .. } = &vote.voting {
                for (i, weight) in weights.iter().enumerate() {
                    bench.body(
                        format_args!("{field}.board.weights[{i}].body_id"),
                        &weight.body,
                    );
                }
            }
        }
        Requirement::Office(office) => {
            bench.body(format_args!("{field}.office.body_id"), &office.body);
        }
        Requirement::AnyOf(of) => {
            for (i, one) in of.iter().enumerate() {
                requirement(bench, &format!("{field}.any_of.of[{i}]"), one);
            }
        }
        Requirement::AllOf(of) => {
            for (i, one) in of.iter().enumerate() {
                requirement(bench, &format!("{field}.all_of.of[{i}]"), one);
            }
        }
    }
}
