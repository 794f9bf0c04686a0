//! Rule 4: whether an approval rule asks for a vote or a decision, and what its effect
//! would be.

use std::sync::Arc;

use super::event_check::EventCheck;
use super::named_board::check_named_board;
use super::submitted_opinion::SubmittedOpinion;
use super::tallies::{check_ballots, quorum_fault};
use crate::approval::{
    ApprovalContext, Giver, Obstacle, OpinionEffect, ProposalStatus, Regime, RequirementStatus,
    Resolution, Ruling, board_on, board_owner, describe,
};
use crate::dossier::Proposal;
use crate::event::{ApprovalRule, Kind, Requirement};
use crate::fault::Fault;
use crate::money::Pence;

/// Requires that the proposal is open to a decision, and returns its status. After it was
/// carried, the minute of the votes and, where no rule applies, the agreement or objection
/// of another may still be recorded; those need no further check.
pub(super) fn require_open_to_decision<'a>(
    check: &mut EventCheck<'a>,
    vote: &SubmittedOpinion<'_>,
    proposal: &'a Proposal,
) -> Option<ProposalStatus<'a>> {
    let (context, order) = (check.context()?, check.effective_order());
    let status = context.status_before(vote.id, proposal, order);
    let Some(settled) = &status.settled else {
        return Some(status);
    };
    let board = vote.board.filter(|_| vote.approves);
    if board.is_some_and(|board| status.awaits_board_record(board)) {
        return Some(status);
    }
    let mut with_vote = proposal.clone();
    vote.add_to(&mut with_vote, check);
    let after = context.status_after(vote.id, &with_vote, order);
    let mut opinions = after.opinions.iter();
    let own = opinions.find(|opinion| Arc::ptr_eq(opinion.entry, check.entry));
    // A board whose own votes did not carry it has no minute of them to record.
    let ballots = status.requirement.iter();
    let mut ballots = ballots.flat_map(RequirementStatus::ballots);
    let asked = ballots.any(|ballot| Some(&ballot.board) == vote.board);
    let proposal = vote.id;
    let fault = match own.map(|own| own.effect) {
        Some(OpinionEffect::Agreement | OpinionEffect::Objection) => return None,
        // A matter that a board only supported is decided by another, and by the rules of
        // that day.
        Some(OpinionEffect::Counts | OpinionEffect::Conditional | OpinionEffect::WithoutQuorum)
            if status.resolution == Resolution::Supported =>
        {
            let open = ProposalStatus {
                resolution: Resolution::Open,
                settled: None,
                regime: after.regime,
                requirement: after.requirement,
                ..status
            };
            return Some(open);
        }
        // The rejection of a board without a quorum is no objection.
        Some(OpinionEffect::WithoutQuorum) => return None,
        // An agreement that awaits a condition.
        Some(OpinionEffect::Conditional) if after.settled.is_some() => return None,
        Some(OpinionEffect::Minute) if !asked => return None,
        Some(OpinionEffect::Contradiction) => Fault::MinuteContradicts {
            proposal,
            carried_on: settled.on,
            position: settled
                .by
                .as_ref()
                .map(|by| by.position)
                .unwrap_or_default(),
            decided: match vote.approves {
                true => format!("{} approves something else here", vote.voter()),
                false => format!("{} rejects it here", vote.voter()),
            },
        },
        _ => Fault::ProposalClosed {
            proposal,
            settled: describe::resolution(status.resolution),
            on: settled.on,
        },
    };
    check.report("proposal_id", fault);
    None
}

/// Requires that the rule, if one applies, asks for this vote, that the votes of a board
/// carry its decision, and that the proposer does not agree alone.
pub(super) fn check_opinion(
    check: &mut EventCheck<'_>,
    vote: &SubmittedOpinion<'_>,
    status: &ProposalStatus<'_>,
) {
    let Some(RuledVote {
        context,
        ruling,
        entitlement,
    }) = ruled_vote(check, vote, status)
    else {
        check_put_to(check, vote, status);
        return;
    };
    let fault = match entitlement {
        Entitlement::Yes => effect_fault(&context, check, vote, status),
        // It says nothing of what the rule asks: if only the proposer has agreed to that,
        // the matter stays open.
        Entitlement::MeetsCondition => None,
        Entitlement::BeyondDelegation(up_to) => Some(Fault::BeyondDelegation {
            voter: vote.voter(),
            up_to,
            approval_rule: ruling.rule().id.clone(),
        }),
        Entitlement::No => Some(not_entitled(vote, ruling)),
    };
    if let Some(fault) = fault {
        vote.report(check, fault);
    }
}

/// Requires, where no rule applies, that a proposal that was put to certain bodies is
/// decided by them, or by one on whose decision an approval depends.
fn check_put_to(
    check: &mut EventCheck<'_>,
    vote: &SubmittedOpinion<'_>,
    status: &ProposalStatus<'_>,
) {
    let (Some(context), Some(requirement)) = (check.context(), &status.requirement) else {
        check_named_board(check, vote, status);
        return;
    };
    let parts = leaf_parts(requirement);
    let entitlement = entitlement(&context, vote, &parts, check);
    if matches!(entitlement, Entitlement::No) && !vote.is_awaited(&context, status, check) {
        let is_put_to =
            !vote.proposal.put_to().is_empty() || !vote.proposal.put_to_offices().is_empty();
        let fault = Fault::NotPutTo {
            voter: vote.voter(),
            proposal: vote.id,
            bodies: match &requirement.requirement {
                _ if is_put_to => describe::put_to(vote.proposal),
                // Its board is no more, and left it to those in whose name it decided.
                Requirement::PutTo(bodies) => describe::listed(bodies),
                // A call-in may have put it to a board that decides it again.
                asked => describe::requirement(asked),
            },
            way_out: "each of those decides it: record the decision of one of them, in acted_by or \
                      by a board that belongs to it",
        };
        vote.report(check, fault);
    }
}

/// Requires that the rule, if one applies, asks for this voter: an office may refer a
/// proposal beyond its delegation, and an office that is not asked may not.
pub(super) fn check_entitled(
    check: &mut EventCheck<'_>,
    vote: &SubmittedOpinion<'_>,
    status: &ProposalStatus<'_>,
) {
    if let Some(RuledVote {
        ruling,
        entitlement: Entitlement::No,
        ..
    }) = ruled_vote(check, vote, status)
    {
        vote.report(check, not_entitled(vote, ruling));
    }
}

/// A vote to which an approval rule applies.
struct RuledVote<'a, 's> {
    context: ApprovalContext<'a>,
    ruling: &'s Ruling,
    entitlement: Entitlement,
}

/// `None` if the subject is not in the register, or no rule applies.
fn ruled_vote<'a, 's>(
    check: &EventCheck<'a>,
    vote: &SubmittedOpinion<'_>,
    status: &'s ProposalStatus<'_>,
) -> Option<RuledVote<'a, 's>> {
    let context = check.context()?;
    let (Regime::Rule(ruling), Some(requirement)) = (&status.regime, &status.requirement) else {
        return None;
    };
    let mut entitlement = entitlement(&context, vote, &leaf_parts(requirement), check);
    if matches!(entitlement, Entitlement::No) && vote.is_awaited(&context, status, check) {
        entitlement = Entitlement::MeetsCondition;
    }
    Some(RuledVote {
        context,
        ruling,
        entitlement,
    })
}

fn not_entitled(vote: &SubmittedOpinion<'_>, ruling: &Ruling) -> Fault {
    let rule = ruling.rule();
    Fault::NotEntitled {
        voter: vote.voter(),
        approval_rule: rule.id.clone(),
        rule_set: ruling.rule_set.set.rule_set.clone(),
        needs: describe::requirement(&ruling.requirement()),
        way_out: match (vote.board, vote.closes) {
            (Some(_), true) => "take the proposal to those whom it asks",
            (Some(_), false) => "record the votes of those whom it asks",
            (None, _) => "record their votes; for a vote on a board, or its decision, set board_id",
        },
    }
}

enum Entitlement {
    Yes,
    /// The rule does not ask for it, and a condition of an approval does.
    MeetsCondition,
    No,
    /// The office may agree only up to this amount.
    BeyondDelegation(Pence),
}

/// The parts of a requirement that have no parts themselves.
fn leaf_parts(status: &RequirementStatus) -> Vec<&RequirementStatus> {
    if status.parts.is_empty() {
        return vec![status];
    }
    status.parts.iter().flat_map(leaf_parts).collect()
}

/// Whether the rule asks for this vote.
fn entitlement(
    context: &ApprovalContext<'_>,
    vote: &SubmittedOpinion<'_>,
    parts: &[&RequirementStatus],
    check: &EventCheck<'_>,
) -> Entitlement {
    // A body whose place passed speaks for itself no more there, though it goes on.
    let own = vote.body().filter(|_| vote.board.is_none());
    let passed = own.and_then(|body| check.passed(body));
    if passed.is_some_and(|succeeded| succeeded.scope.is_some()) {
        return Entitlement::No;
    }
    let mut beyond = None;
    for part in parts {
        match (&part.requirement, vote.board, vote.by) {
            (Requirement::Board(wanted), Some(board), _)
                // Each vote of a member is recorded, whether the rule counts it or not. A
                // delegation passes to the board that follows its giver.
                if wanted.board == *board
                    || board_on(context.lookup, board, check.day).as_ref()
                        == Some(&wanted.board) =>
            {
                return Entitlement::Yes;
            }
            (Requirement::Office(delegation), _, Some(by))
                if vote.is_in_own_right(check) && context.is_office(by, delegation, check.day) =>
            {
                match &part.obstacle {
                    Some(Obstacle::BeyondDelegation(up_to)) => beyond = Some(*up_to),
                    _ => return Entitlement::Yes,
                }
            }
            (Requirement::Board(wanted), Some(_), _)
                if vote.also_for == Some(Giver::Board(&wanted.board)) =>
            {
                return Entitlement::Yes;
            }
            (Requirement::Board(_) | Requirement::Office(_), ..) => {}
            // A board decides for the body that it belongs to.
            (_, Some(board), _) if vote.closes => {
                let owner = board_owner(context.lookup, board);
                let owner = owner.map(|owner| context.successor_on(&owner, check.day));
                // And for one that has delegated the matter to it.
                let giver = match vote.also_for {
                    Some(Giver::Body(giver)) => Some(context.successor_on(giver, check.day)),
                    Some(Giver::Board(_)) | None => None,
                };
                let approvers = part.agreed.iter().chain(&part.against).chain(&part.awaited);
                let mut bodies = approvers.filter_map(|approver| approver.actor.as_ref()?.body());
                if bodies.any(|entitled| {
                    Some(entitled) == owner.as_ref() || Some(entitled) == giver.as_ref()
                }) {
                    return Entitlement::Yes;
                }
            }
            (_, _, Some(_)) if vote.is_in_own_right(check) => {
                let body = vote
                    .body()
                    .map(|body| context.successor_on(body, check.day));
                let approvers = part.agreed.iter().chain(&part.against).chain(&part.awaited);
                let mut bodies = approvers.filter_map(|approver| approver.actor.as_ref()?.body());
                if bodies.any(|entitled| Some(entitled) == body.as_ref()) {
                    return Entitlement::Yes;
                }
            }
            _ => {}
        }
    }
    beyond.map_or(Entitlement::No, Entitlement::BeyondDelegation)
}

/// The fault of a decision that its own effect contradicts: a board's votes do not carry
/// it, or carry what it rejects, or the proposer agrees alone.
fn effect_fault(
    context: &ApprovalContext<'_>,
    check: &EventCheck<'_>,
    vote: &SubmittedOpinion<'_>,
    status: &ProposalStatus<'_>,
) -> Option<Fault> {
    let mut with_vote = vote.proposal.clone();
    vote.add_to(&mut with_vote, check);
    let after = context.status_after(vote.id, &with_vote, check.effective_order());
    // A decision that awaits a condition is judged as if it counted.
    let waits = after.opinions.iter().any(|opinion| {
        opinion.effect == OpinionEffect::Conditional && Arc::ptr_eq(opinion.entry, check.entry)
    });
    let requirement = match waits {
        true => after.with_latest_pending.as_ref(),
        false => after.requirement.as_ref(),
    };
    if !vote.approves {
        return rejection_fault(check, vote, requirement?, after.regime.rule()?);
    }
    if let Some(board) = vote.board.filter(|_| vote.closes) {
        // A record of what the votes carried before does not count them again.
        let (requirement, regime) = match &status.settled {
            Some(_) => (status.requirement.as_ref(), &status.regime),
            None => (requirement, &after.regime),
        };
        let (requirement, rule) = (requirement?, regime.rule()?);
        if let Some(Err(fault)) = check_ballots(requirement, board, &rule.id) {
            return Some(fault);
        }
    }
    let is_open = waits || after.resolution == Resolution::Open;
    let is_alone = is_open
        && requirement
            .iter()
            .copied()
            .flat_map(RequirementStatus::obstacles)
            .any(|obstacle| *obstacle == Obstacle::OwnProposal);
    is_alone.then(|| Fault::OwnProposal {
        proposer: vote
            .proposal
            .proposer()
            .map_or_else(|| "nobody".to_owned(), ToString::to_string),
    })
}

/// The fault of a board's rejection without a quorum, or by numbers that carry the proposal,
/// whatever those that the minutes do not give were.
fn rejection_fault(
    check: &EventCheck<'_>,
    vote: &SubmittedOpinion<'_>,
    requirement: &RequirementStatus,
    rule: &ApprovalRule,
) -> Option<Fault> {
    let board = vote.board.filter(|_| vote.closes)?;
    if let Some(fault) = quorum_fault(requirement, board) {
        return Some(fault);
    }
    let Kind::DecisionMade(decision) = &check.entry.event.kind else {
        return None;
    };
    let tally = decision.tally.as_ref();
    let tally = tally.filter(|tally| tally.has_votes() && !tally.unanimous)?;
    let is_carried = matches!(check_ballots(requirement, board, &rule.id), Some(Ok(())));
    is_carried.then(|| Fault::TallyContradicted {
        board: board.clone(),
        tally: tally.to_string(),
        record: format!(
            "it was rejected, and by the rule {} these votes carry it",
            rule.id
        ),
    })
}
