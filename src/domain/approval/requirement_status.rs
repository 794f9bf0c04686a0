//! Requirement status: who must agree to an act, who has agreed, and who is
//! awaited.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::ballot::{Ballot, count};
use super::entitled_bodies::{entitled_bodies, is_office};
use super::measure::Quantity;
use super::opinion::{Allowance, same_office};
use super::regime::ApprovalCase;
use super::requirement_query::RequirementQuery;
use super::subject_lookup::{board_owner, successor_on};
use crate::domain::event::{Actor, Condition, OfficeDelegation, Requirement, VoteChoice};
use crate::domain::ids::{BoardId, BodyId};
use crate::domain::money::Pence;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementState {
    Met,
    /// It can still be met.
    Open,
    /// It cannot be met unless a voter changes their vote.
    Lost,
}

/// An approver: a body, an office, a member of a board, or the board itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Approver {
    /// `None` for the board's own decision.
    pub actor: Option<Actor>,
    pub board: Option<BoardId>,
}

impl Approver {
    /// A body, in its own right.
    pub fn body(body: &BodyId) -> Self {
        Self {
            actor: Some(Actor::Body {
                body: body.clone(),
                office: None,
            }),
            board: None,
        }
    }

    /// A board, by its own decision.
    pub fn board(board: &BoardId) -> Self {
        Self {
            actor: None,
            board: Some(board.clone()),
        }
    }

    /// The body or board whose decision meets a condition.
    pub fn of_condition(condition: &Condition) -> Option<Self> {
        let board = condition.decided_by_board.as_ref().map(Self::board);
        board.or_else(|| condition.decided_by.as_ref().map(Self::body))
    }

    /// Whether both are the same approver, however their offices are written.
    fn is_same(&self, other: &Self) -> bool {
        self.board == other.board
            && match (&self.actor, &other.actor) {
                (Some(one), Some(other)) => one.is_same(other),
                (one, other) => one.is_none() && other.is_none(),
            }
    }

    fn on_board(actor: &Actor, board: &BoardId) -> Self {
        Self {
            actor: Some(actor.clone()),
            board: Some(board.clone()),
        }
    }
}

/// What prevents agreement, other than a missing vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody exists who could agree.
    Nobody,
    /// The board is not in the register, or not on that day.
    NoBoard,
    /// The office may agree only up to this amount.
    BeyondDelegation(Pence),
    /// Only the proposer's own office has agreed.
    OwnProposal,
}

/// An opinion that counts towards a requirement that is met.
#[derive(Clone, Debug)]
pub struct CountedOpinion {
    /// `None` for a board's own decision.
    pub by: Option<Actor>,
    /// For the approval of a virement: the virement that it allows.
    pub allows: Option<Allowance>,
}

#[derive(Clone, Debug)]
pub struct RequirementStatus {
    pub requirement: Requirement,
    pub state: RequirementState,
    pub agreed: Vec<Approver>,
    pub against: Vec<Approver>,
    pub awaited: Vec<Approver>,
    /// For a requirement of a board's vote.
    pub ballot: Option<Ballot>,
    pub obstacle: Option<Obstacle>,
    /// For a requirement of several parts.
    pub parts: Vec<RequirementStatus>,
    /// The opinions that count, if it is met.
    pub counted: Vec<CountedOpinion>,
}

impl RequirementStatus {
    fn new(requirement: &Requirement, state: RequirementState) -> Self {
        Self {
            requirement: requirement.clone(),
            state,
            agreed: Vec::new(),
            against: Vec::new(),
            awaited: Vec::new(),
            ballot: None,
            obstacle: None,
            parts: Vec::new(),
            counted: Vec::new(),
        }
    }

    /// Its ballots, and those of its parts.
    pub fn ballots(&self) -> Vec<&Ballot> {
        let own = self.ballot.iter();
        own.chain(self.parts.iter().flat_map(Self::ballots))
            .collect()
    }

    /// Its obstacles, and those of its parts.
    pub fn obstacles(&self) -> Vec<&Obstacle> {
        let own = self.obstacle.iter();
        own.chain(self.parts.iter().flat_map(Self::obstacles))
            .collect()
    }
}

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
        // A board's own decision is more than the one vote on record.
        let by_a_board = counted.iter().any(|opinion| opinion.by.is_none());
        let proposer = match self.proposer {
            Some(proposer) => proposer,
            None if by_a_board => return false,
            None => first,
        };
        actors
            .iter()
            .all(|actor| same_office(self.lookup, actor, proposer, day))
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
        Requirement::Board(vote) => {
            let mut status = RequirementStatus::new(requirement, RequirementState::Lost);
            let Some(count) = count(query, vote) else {
                status.obstacle = Some(Obstacle::NoBoard);
                return status;
            };
            let ballot = count.ballot;
            status.state = match (ballot.taken, ballot.holds(), ballot.decided) {
                (_, _, Some(false)) => RequirementState::Lost,
                (true, true, _) => RequirementState::Met,
                (true, false, None) => RequirementState::Lost,
                _ if !ballot.can_decide => RequirementState::Lost,
                _ => RequirementState::Open,
            };
            if ballot.members == 0 {
                status.obstacle = Some(Obstacle::Nobody);
            }
            for (holders, opinion) in &count.votes {
                // A vote that members share is the voter's.
                let voter = match (holders.as_slice(), opinion.and_then(|opinion| opinion.by)) {
                    ([_, _, ..], Some(by)) => Some(by),
                    (holders, _) => holders.first(),
                };
                let Some(approver) = voter.map(|who| Approver::on_board(who, &vote.board)) else {
                    continue;
                };
                match opinion {
                    Some(opinion) if opinion.conflicted => {}
                    Some(opinion) if opinion.approves() => {
                        // Minutes count others beside those whose votes they name.
                        if !ballot.is_minuted {
                            status.counted.push(CountedOpinion {
                                by: opinion.by.cloned(),
                                allows: None,
                            });
                        }
                        status.agreed.push(approver);
                    }
                    Some(opinion) if opinion.choice == VoteChoice::Reject => {
                        status.against.push(approver);
                    }
                    Some(_) => {}
                    None if status.state == RequirementState::Open => {
                        let awaited = holders.iter();
                        let awaited = awaited.map(|who| Approver::on_board(who, &vote.board));
                        status.awaited.extend(awaited);
                    }
                    None => {}
                }
            }
            for approvers in [&mut status.agreed, &mut status.against, &mut status.awaited] {
                let mut seen = BTreeSet::new();
                approvers.retain(|approver| seen.insert(approver.clone()));
            }
            if status.state == RequirementState::Met && ballot.is_minuted {
                status.agreed.push(Approver {
                    actor: None,
                    board: Some(vote.board.clone()),
                });
            }
            if status.state == RequirementState::Open && ballot.holds() {
                status.awaited.push(Approver {
                    actor: None,
                    board: Some(vote.board.clone()),
                });
            }
            if let Some(closing) = count
                .closing
                .filter(|_| status.state == RequirementState::Met)
            {
                status.counted.push(CountedOpinion {
                    by: None,
                    allows: closing.allows,
                });
            }
            status.ballot = Some(ballot);
            status
        }
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
    status.parts = parts;
    status
}

/// The agreement of each of these bodies, in its own right.
fn evaluate_bodies(query: &RequirementQuery<'_>, requirement: &Requirement) -> RequirementStatus {
    let bodies = entitled_bodies(query, requirement);
    let is_put_to = matches!(requirement, Requirement::PutTo(_));
    let mut status = RequirementStatus::new(requirement, RequirementState::Met);
    if bodies.is_empty() {
        status.state = RequirementState::Lost;
        status.obstacle = Some(Obstacle::Nobody);
        return status;
    }
    for body in &bodies {
        let latest = query.opinions.iter().rev().find(|opinion| {
            let own = opinion
                .by
                .and_then(Actor::body)
                .filter(|_| opinion.is_in_own_right());
            // A board decides for its body where a proposal was put to that body.
            let owned = opinion
                .board
                .filter(|_| is_put_to && opinion.closes)
                .and_then(|board| board_owner(query.case.lookup, board));
            own.or(owned.as_ref()).is_some_and(|by| {
                by == body || successor_on(query.case.lookup, by, query.day) == *body
            })
        });
        let approver = Approver::body(body);
        // An opinion with a conflict of interest does not count, for or against.
        match latest.filter(|opinion| !opinion.conflicted) {
            Some(opinion) if opinion.approves() => {
                // Its board's decision is the body's own agreement.
                let by = opinion.by.or(approver.actor.as_ref()).cloned();
                status.counted.push(CountedOpinion {
                    by,
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
    let body = successor_on(lookup, &delegation.body, day);
    let approver = Approver {
        actor: Some(Actor::Body {
            body: body.clone(),
            office: Some(delegation.office.clone()),
        }),
        board: None,
    };
    if let Some(up_to) = delegation.up_to {
        let within = match query.case.amount() {
            Quantity::None => true,
            Quantity::Known(amount) => amount <= up_to,
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
                .is_some_and(|by| is_office(lookup, by, delegation, day))
    });
    match latest.filter(|opinion| !opinion.conflicted) {
        Some(opinion) if opinion.approves() => {
            status.state = RequirementState::Met;
            status.counted.push(CountedOpinion {
                by: opinion.by.cloned(),
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
