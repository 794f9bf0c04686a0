//! Rules for the event that adopts approval rules: the bodies and boards that they
//! name exist.

use super::event_check::EventCheck;
use crate::event::{ApprovalRulesAdopted, Requirement, Voting};

pub(super) fn approval_rules_adopted(check: &mut EventCheck<'_>, event: &ApprovalRulesAdopted) {
    let taken = check
        .dossier()
        .is_some_and(|d| d.rule_sets.iter().any(|r| r.rule_set == event.rule_set));
    check.require_free(
        "rule_set_id",
        "set of approval rules",
        &event.rule_set,
        taken.then_some(()),
    );
    for (i, rule) in event.rules.iter().enumerate() {
        for (j, proposer) in rule.conditions.proposers.iter().enumerate() {
            check.require_body(
                format_args!("rules[{i}].conditions.proposer_ids[{j}]"),
                proposer,
            );
        }
        check_requirement(check, &format!("rules[{i}].requirement"), &rule.requirement);
    }
}

fn check_requirement(check: &mut EventCheck<'_>, field: &str, requirement: &Requirement) {
    match requirement {
        Requirement::EveryParty
        | Requirement::EveryPolicingBody
        | Requirement::EveryCorporationSole
        | Requirement::EveryBodyOfKind(_)
        | Requirement::Lead => {}
        Requirement::NamedBodies(bodies) | Requirement::PutTo(bodies) => {
            for (i, body) in bodies.iter().enumerate() {
                check.require_body(format_args!("{field}.named_bodies.body_ids[{i}]"), body);
            }
        }
        Requirement::Board(vote) => {
            check.require_board(format_args!("{field}.board.board_id"), &vote.board);
            if let Voting::Weighted { weights, .. } = &vote.voting {
                for (i, weight) in weights.iter().enumerate() {
                    check.require_body(
                        format_args!("{field}.board.weights[{i}].body_id"),
                        &weight.body,
                    );
                }
            }
        }
        Requirement::Office(office) => {
            check.require_body(format_args!("{field}.office.body_id"), &office.body);
        }
        Requirement::AnyOf(parts) => {
            for (i, part) in parts.iter().enumerate() {
                check_requirement(check, &format!("{field}.any_of.of[{i}]"), part);
            }
        }
        Requirement::AllOf(parts) => {
            for (i, part) in parts.iter().enumerate() {
                check_requirement(check, &format!("{field}.all_of.of[{i}]"), part);
            }
        }
    }
}
