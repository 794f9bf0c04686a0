//! Evaluation: how far the opinions so far meet a requirement.

use jiff::civil::Date;

use super::approver::Approver;
use super::board_status::evaluate_board_or_successor;
use super::entitled_bodies::{entitled_bodies, is_office};
use super::giver::Giver;
use super::measure::Quantity;
use super::opinion::same_office;
use super::regime::ApprovalCase;
use super::requirement_query::RequirementQuery;
use super::requirement_status::{CountedOpinion, Obstacle, RequirementState, RequirementStatus};
use super::subject_lookup::{board_owner, office_on, successor_on};
use crate::event::{Actor, OfficeDelegation, Requirement, VoteChoice};
use crate::ids::BodyId;

/// The status of a requirement, given the opinions so far. The agreement of the
/// proposer's own office alone is not enough (rule 4).
pub(super) fn evaluate(
    query: &RequirementQuery<'_>,
    requirement: &Requirement,
) -> RequirementStatus {
    let mut status = evaluate_part(query, requirement);
    if status.state == RequirementState::Met
        && query.case.is_proposers_alone(&status.counted, query.day)
    {
        status.state = RequirementState::Open;
        status.obstacle = Some(Obstacle::OwnProposal);
    }
    status
}

impl ApprovalCase<'_> {
    /// Whether every counted opinion is, or may be, that of the proposer's office. An
    /// unnamed proposer may be any one office.
    fn is_proposers_alone(&self, counted: &[CountedOpinion], day: Date) -> bool {
        let actors: Vec<&Actor> = counted
            .iter()
            .filter_map(|opinion| opinion.by.as_ref())
            .collect();
        let Some(first) = actors.first() else {
            return false;
        };
        if counted.iter().any(|opinion| opinion.of_several) {
            return false;
        }
        // A board's own decision is more than the one vote on record.
        let by_a_board = counted.iter().any(|opinion| opinion.by.is_none());
        let proposer = match self.proposer {
            Some(proposer) => proposer,
            None if by_a_board => return false,
            None => first,
        };
        actors
            .iter()
            .all(|actor| same_office(self.lookup, self.id, actor, proposer, day))
    }
}

/// The same without a rule: nothing keeps a proposer from deciding then.
pub(super) fn evaluate_part(
    query: &RequirementQuery<'_>,
    requirement: &Requirement,
) -> RequirementStatus {
    match requirement {
        Requirement::EveryParty
        | Requirement::EveryPolicingBody
        | Requirement::EveryCorporationSole
        | Requirement::EveryBodyOfKind(_)
        | Requirement::NamedBodies(_)
        | Requirement::PutTo(_)
        | Requirement::Lead => evaluate_bodies(query, requirement),
        Requirement::Board(vote) => evaluate_board_or_successor(query, vote),
        Requirement::Office(delegation) => evaluate_office(query, requirement, delegation),
        Requirement::AnyOf(parts) => {
            let parts = evaluate_parts(query, parts);
            let any = |state| parts.iter().any(|part| part.state == state);
            let state = if any(RequirementState::Met) {
                RequirementState::Met
            } else if any(RequirementState::Open) {
                RequirementState::Open
            } else {
                RequirementState::Lost
            };
            merge_parts(RequirementStatus::new(requirement, state), parts)
        }
        Requirement::AllOf(parts) => {
            let parts = evaluate_parts(query, parts);
            let any = |state| parts.iter().any(|part| part.state == state);
            let state = if any(RequirementState::Lost) {
                RequirementState::Lost
            } else if any(RequirementState::Open) {
                RequirementState::Open
            } else {
                RequirementState::Met
            };
            merge_parts(RequirementStatus::new(requirement, state), parts)
        }
    }
}

fn evaluate_parts(query: &RequirementQuery<'_>, parts: &[Requirement]) -> Vec<RequirementStatus> {
    parts
        .iter()
        .map(|part| evaluate_part(query, part))
        .collect()
}

/// The status of a requirement with the approvers of its parts.
fn merge_parts(mut status: RequirementStatus, parts: Vec<RequirementStatus>) -> RequirementStatus {
    for part in &parts {
        status.agreed.extend(part.agreed.iter().cloned());
        status.against.extend(part.against.iter().cloned());
        if status.state == RequirementState::Open {
            status.awaited.extend(part.awaited.iter().cloned());
        }
        if part.state == RequirementState::Met {
            status.counted.extend(part.counted.iter().cloned());
        }
    }
    for approvers in [&mut status.agreed, &mut status.against, &mut status.awaited] {
        approvers.sort();
        approvers.dedup_by(|one, other| one.is_same(other));
    }
    // Whom one part still awaits has not agreed to all that is asked.
    let awaited = std::mem::take(&mut status.awaited);
    let has_agreed = |approver: &Approver| awaited.iter().any(|other| other.is_same(approver));
    status.agreed.retain(|approver| !has_agreed(approver));
    status.awaited = awaited;
    status.parts = parts;
    status
}

/// The agreement of each of these bodies, in its own right.
fn evaluate_bodies(query: &RequirementQuery<'_>, requirement: &Requirement) -> RequirementStatus {
    let bodies = entitled_bodies(query, requirement);
    let successions = query.case.lookup.successions();
    let mut status = RequirementStatus::new(requirement, RequirementState::Met);
    if bodies.is_empty() {
        status.state = RequirementState::Lost;
        status.obstacle = Some(Obstacle::Nobody);
        return status;
    }
    for body in &bodies {
        let latest = query.opinions.iter().rev().find(|opinion| {
            let own = opinion.body().filter(|_| opinion.is_in_own_right());
            // A board decides for the body that it belongs to.
            let owned = opinion
                .board
                .filter(|_| opinion.closes)
                .and_then(|board| board_owner(query.case.lookup, board));
            // A body that was divided has agreed, or not, for each of its heirs.
            let is_by = |by: &BodyId| {
                by == body
                    || successions
                        .holders(query.case.id, by, query.day)
                        .contains(&body)
            };
            // So does one to which the body has delegated the matter.
            let also_for = match opinion.also_for {
                Some(Giver::Body(giver)) => Some(giver),
                Some(Giver::Board(_)) | None => None,
            };
            own.or(owned.as_ref()).is_some_and(is_by) || also_for.is_some_and(is_by)
        });
        let approver = Approver::body(body);
        // An opinion with a conflict of interest does not count, for or against.
        match latest.filter(|opinion| !opinion.conflicted) {
            Some(opinion) if opinion.approves() => {
                // Its board's decision is the body's own agreement, and so is that of an office
                // to which it has delegated the matter.
                let by = opinion.by.or(approver.actor.as_ref()).cloned();
                status.counted.push(CountedOpinion {
                    by,
                    of_several: opinion.decides_for.is_some()
                        || opinion.board.is_some() && opinion.closes,
                    allows: opinion.allows,
                });
                status.agreed.push(approver);
            }
            Some(opinion) if opinion.choice == VoteChoice::Reject => {
                status.against.push(approver);
            }
            _ => status.awaited.push(approver),
        }
    }
    if !status.against.is_empty() {
        status.state = RequirementState::Lost;
    } else if !status.awaited.is_empty() {
        status.state = RequirementState::Open;
    }
    status
}

/// The agreement of an office, within its delegation.
fn evaluate_office(
    query: &RequirementQuery<'_>,
    requirement: &Requirement,
    delegation: &OfficeDelegation,
) -> RequirementStatus {
    let mut status = RequirementStatus::new(requirement, RequirementState::Open);
    let (lookup, day) = (query.case.lookup, query.day);
    let body = successor_on(lookup, query.case.id, &delegation.body, day);
    let approver = Approver {
        actor: Some(Actor::Body {
            body: body.clone(),
            office: Some(office_on(lookup, &body, &delegation.office, day)),
        }),
        board: None,
    };
    if let Some(up_to) = delegation.up_to {
        let within = match query.case.amount() {
            Quantity::None => true,
            Quantity::Known(amount) => amount.is_within(up_to),
            Quantity::Unknown => false,
        };
        if !within {
            status.state = RequirementState::Lost;
            status.obstacle = Some(Obstacle::BeyondDelegation(up_to));
            return status;
        }
    }
    let latest = query.opinions.iter().rev().find(|opinion| {
        opinion.is_in_own_right()
            && opinion
                .by
                .is_some_and(|by| is_office(lookup, query.case.id, by, delegation, day))
    });
    match latest.filter(|opinion| !opinion.conflicted) {
        Some(opinion) if opinion.approves() => {
            status.state = RequirementState::Met;
            status.counted.push(CountedOpinion {
                by: opinion.by.cloned(),
                of_several: false,
                allows: opinion.allows,
            });
            status.agreed.push(approver);
        }
        Some(opinion) if opinion.choice == VoteChoice::Reject => {
            status.state = RequirementState::Lost;
            status.against.push(approver);
        }
        _ => status.awaited.push(approver),
    }
    status
}
