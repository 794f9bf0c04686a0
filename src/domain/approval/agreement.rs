//! Agreement by a proposal: which of the bodies that must agree to an act have decided it,
//! each by itself, by its board or office, or by a board on which all of them sit.

use std::collections::BTreeSet;

use super::approval_context::ApprovalContext;
use super::electorate::Electorate;
use super::opinion::{Opinion, OpinionEffect};
use super::proposal_status::ProposalStatus;
use super::subject_lookup::board_owner;
use crate::dossier::Proposal;
use crate::entry::Entry;
use crate::event::{BoardPower, VoteChoice};
use crate::fact::EffectiveOrder;
use crate::ids::{BoardId, BodyId, ProposalId, SubjectId};
use crate::subject::Subject;

/// The bodies of `needed` that have not agreed to a proposal by a date. What one of them
/// decides for itself binds none of the others.
/// None are missing while the approval is not in force: rule 5 refuses the act then.
pub fn not_agreed_by<'a>(
    context: &ApprovalContext<'a>,
    (id, proposal): (ProposalId, &'a Proposal),
    (act, order): (&Entry, EffectiveOrder),
    needed: &BTreeSet<BodyId>,
) -> BTreeSet<BodyId> {
    let status = context.status_before(id, proposal, EffectiveOrder::LAST);
    if !status.is_in_force(act.into(), order) {
        return BTreeSet::new();
    }
    let on = act.effective_on();
    let is_in_time = |opinion: &&Opinion<'_>| {
        let counts = matches!(
            opinion.effect,
            OpinionEffect::Counts | OpinionEffect::Minute | OpinionEffect::Agreement
        );
        counts && !opinion.conflicted && opinion.entry.effective_on().is_by(on).may_be()
    };
    let opinions: Vec<&Opinion<'_>> = status.opinions.iter().filter(is_in_time).collect();
    let mut awaited = needed.clone();
    awaited.retain(|body| {
        let of_body = |opinion: &&&Opinion<'_>| is_of(context, opinion, body);
        let own = opinions.iter().rev().find(of_body);
        let has_agreed = match own {
            Some(own) => own.approves(),
            None => {
                has_answered(context, &status, body)
                    || opinions
                        .iter()
                        .any(|opinion| is_by_all(context, &opinions, opinion, body))
            }
        };
        !has_agreed
    });
    awaited
}

/// Whether an opinion is that of a body: of itself or one of its offices, or of a board that
/// belongs to it.
fn is_of(context: &ApprovalContext<'_>, opinion: &Opinion<'_>, body: &BodyId) -> bool {
    let own = opinion.body().filter(|_| opinion.is_in_own_right());
    let board = opinion.board.filter(|_| opinion.closes);
    let owned = board.and_then(|board| board_owner(context.lookup, board));
    let by = own.or(owned.as_ref());
    by.is_some_and(|by| is_or_was(context, body, by, opinion))
}

/// Whether a body is another, or in its place, on the day of an opinion.
fn is_or_was(
    context: &ApprovalContext<'_>,
    body: &BodyId,
    by: &BodyId,
    opinion: &Opinion<'_>,
) -> bool {
    let successions = context.lookup.successions();
    by == body
        || successions
            .holders(context.id, by, opinion.order.day)
            .contains(&body)
}

/// Whether a body was asked as one outside the rules, and approved.
fn has_answered(context: &ApprovalContext<'_>, status: &ProposalStatus<'_>, body: &BodyId) -> bool {
    let successions = context.lookup.successions();
    let mut approved = status.external_deciders.iter().filter(|one| one.approved);
    approved.any(|one| {
        let day = status.settled.as_ref().map(|settled| settled.order.day);
        one.body == body
            || day.is_some_and(|day| {
                let holders = successions.holders(context.id, one.body, day);
                holders.contains(&body)
            })
    })
}

/// Whether an opinion is the decision of a board of the parties on which a body has a vote,
/// and nobody there is known to have been against. A majority binds the others only where
/// approval rules let the board decide, and then the rule judges the approval.
fn is_by_all(
    context: &ApprovalContext<'_>,
    opinions: &[&Opinion<'_>],
    opinion: &Opinion<'_>,
    body: &BodyId,
) -> bool {
    let Some(id) = opinion.board.filter(|_| opinion.closes) else {
        return false;
    };
    let against = opinion.tally.and_then(|tally| tally.votes_against);
    let votes_against = |other: &&&Opinion<'_>| {
        other.board == Some(id) && other.vote.is_some() && other.choice == VoteChoice::Reject
    };
    if !opinion.approves()
        || against.is_some_and(|against| against > 0)
        || opinions.iter().any(|other| votes_against(&other))
    {
        return false;
    }
    has_vote(context, id, opinion, body)
}

/// Whether a body has a vote on a board that decides for the subject.
fn has_vote(
    context: &ApprovalContext<'_>,
    id: &BoardId,
    opinion: &Opinion<'_>,
    body: &BodyId,
) -> bool {
    let subject = context.lookup.subject(&SubjectId::Board(id.clone()));
    let Some(board) = subject.as_deref().and_then(Subject::as_board) else {
        return false;
    };
    let Some(constituted) = &board.constituted else {
        return false;
    };
    let is_of_another = match context.id {
        SubjectId::Collaboration(own) => {
            let served = board.serves(opinion.order.day);
            !served.is_empty() && !served.contains(&own)
        }
        SubjectId::Body(_) | SubjectId::Board(_) | SubjectId::Register => false,
    };
    if is_of_another || !constituted.powers.contains(&BoardPower::Decides) {
        return false;
    }
    let electorate = Electorate::new(context.lookup, id, board, opinion.order.day);
    let mut seats = electorate.voting_seats();
    seats.any(|seat| {
        let holders = electorate.holders(seat).into_iter();
        let mut bodies = holders.filter_map(|holder| holder.body().cloned());
        bodies.any(|holder| holder == *body)
    })
}
