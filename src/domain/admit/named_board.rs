//! Rule 4: where no approval rule applies, the board that a proposal names decides it, or the
//! one that it was sent back to.

use super::event_check::EventCheck;
use super::submitted_opinion::SubmittedOpinion;
use crate::approval::{
    ApprovalContext, Constituents, Giver, Opinion, OpinionEffect, ProposalStatus, board_on,
    board_owner, can_decide,
};
use crate::event::{Actor, Authority, Condition, Kind, Outcome};
use crate::fault::Fault;
use crate::ids::{BoardId, BodyId};

/// Requires that a proposal which names a board that decides is decided by it, or by the body
/// that the board belongs to; by one on whose decision an approval depends; or by one that
/// decided it before. A matter that the board supported is for others to decide, and so is,
/// for the other boards of its body, one that it approved on conditions in words.
pub(super) fn check_named_board(
    check: &mut EventCheck<'_>,
    vote: &SubmittedOpinion<'_>,
    status: &ProposalStatus<'_>,
) {
    let Some(context) = check.context() else {
        return;
    };
    if let Kind::VoteCast(_) = check.entry.event.kind {
        return;
    }
    let named = NamedBoards::of(&context, status);
    let is_entitled = named.0.is_empty()
        || named.is_one(&context, vote, check)
        || named.has_left_it(vote, check)
        || named.awaits_another(&context, vote, status)
        || has_decided(vote, status)
        || vote.is_awaited(&context, status, check);
    if !is_entitled {
        // Sent back, it awaits that board alone.
        let back = status.sent_back_to.as_ref();
        let awaited = named
            .0
            .iter()
            .filter(|id| back.is_none_or(|back| back == *id));
        let boards: Vec<String> = awaited.map(|id| format!("boards/{id}")).collect();
        let fault = Fault::NotPutTo {
            voter: vote.voter(),
            proposal: vote.id,
            bodies: boards.join(" and "),
            way_out: if named.is_of_same_body(&context, vote) {
                SAME_BODY
            } else {
                ANOTHER_VOICE
            },
        };
        vote.report(check, fault);
    }
}

/// A full council does not take what is its executive's to decide (Local Government Act 2000
/// s.9D), nor an executive what is its council's.
const SAME_BODY: &str = "another board of the same body does not decide that in its place (a full \
     council leaves its executive's functions to the executive, Local Government Act 2000 s.9D): \
     where the decision of that board is subject to this one, name this board in its subject_to; \
     where that board only recommends, record OUTCOME_SUPPORTED of it first; where this board sends \
     it back, record OUTCOME_DEFERRED with sent_back_to_board_id; where the matter is this board's \
     to decide, withdraw the proposal and make it with the board_id of this one; where the minutes \
     say that the body itself decided, name the body in acted_by, without board_id";

const ANOTHER_VOICE: &str = "record the decision of that board (board_id); an office or board \
     that decides for it cites the delegation in authority, or holds it by delegation_made; the \
     body that it belongs to decides in acted_by, without board_id; a body to which it referred \
     the matter decides by a board of its own, or answers with external_decision_received; \
     where it only recommends, record OUTCOME_SUPPORTED of it first; where its decision is \
     subject to this one, name that in subject_to of it; where each body decides for itself, \
     name them in put_to_ids of a proposal; where the board is no more, record board_ended of \
     it, with the board that follows";

/// The boards with power to decide that a proposal was put to, or was sent back to.
struct NamedBoards(Vec<BoardId>);

impl NamedBoards {
    fn of(context: &ApprovalContext<'_>, status: &ProposalStatus<'_>) -> Self {
        let named = status.board.iter().chain(&status.sent_back_to);
        let decides = |id: &&BoardId| can_decide(context.lookup, id);
        Self(named.filter(decides).cloned().collect())
    }

    /// Whether a decision is that of another board of a body to which such a board belongs.
    fn is_of_same_body(&self, context: &ApprovalContext<'_>, vote: &SubmittedOpinion<'_>) -> bool {
        let owner = vote
            .board
            .and_then(|board| board_owner(context.lookup, board));
        owner.is_some() && self.owners(context).any(|own| Some(own) == owner)
    }

    fn owners<'s>(&'s self, context: &'s ApprovalContext<'_>) -> impl Iterator<Item = BodyId> + 's {
        let owners = self.0.iter();
        owners.filter_map(|board| board_owner(context.lookup, board))
    }

    fn has_owner(
        &self,
        context: &ApprovalContext<'_>,
        body: &BodyId,
        check: &EventCheck<'_>,
    ) -> bool {
        let successions = context.lookup.successions();
        let mut owners = self.owners(context);
        owners.any(|owner| successions.are_one(context.id, &owner, body, check.day))
    }

    /// Whether a decision is that of such a board, of one that holds its delegation, or of the
    /// body that it belongs to: itself, or through an office that cites its delegation in
    /// words.
    fn is_one(
        &self,
        context: &ApprovalContext<'_>,
        vote: &SubmittedOpinion<'_>,
        check: &EventCheck<'_>,
    ) -> bool {
        if let Some(board) = vote.board {
            let present = board_on(context.lookup, board, check.day);
            let is_delegated = match vote.also_for {
                Some(Giver::Board(giver)) => self.0.contains(giver),
                Some(Giver::Body(giver)) => self.has_owner(context, giver, check),
                None => false,
            };
            let is_own = self.0.contains(board) || is_delegated;
            let in_words = matches!(check.entry.event.authority, Some(Authority::Delegation(_)));
            return is_own
                || in_words
                || present.is_some_and(|own| self.0.contains(&own))
                || self.is_heir(context, board, check)
                || board_owner(context.lookup, board)
                    .is_some_and(|owner| self.has_every_vote(context, &owner, check));
        }
        let Some(body) = vote.body() else {
            return true;
        };
        // An office that decides for the board says by which delegation.
        if matches!(check.entry.event.authority, Some(Authority::Delegation(_))) {
            return true;
        }
        let names_office = vote.by.and_then(Actor::office).is_some() && vote.on_behalf_of.is_none();
        !names_office
            && (self.has_owner(context, body, check) || self.has_every_vote(context, body, check))
    }

    /// Whether a body has all the votes of such a board: it has followed every other.
    fn has_every_vote(
        &self,
        context: &ApprovalContext<'_>,
        body: &BodyId,
        check: &EventCheck<'_>,
    ) -> bool {
        // The other boards of a body do not decide what is before one of them.
        let mut boards = self.0.iter();
        boards.any(|board| {
            if board_owner(context.lookup, board).is_some() {
                return false;
            }
            let of_board = Constituents::new(context.lookup, context.id, board, check.day);
            of_board.is_some_and(|of_board| of_board.sole() == Some(body))
        })
    }

    /// Whether a board is in the place of a named one that has ended, or whose body was
    /// followed: any, where that one belonged to no body, or else one of the body that
    /// follows.
    fn is_heir(
        &self,
        context: &ApprovalContext<'_>,
        board: &BoardId,
        check: &EventCheck<'_>,
    ) -> bool {
        let successions = context.lookup.successions();
        let by = board_owner(context.lookup, board);
        self.0.iter().any(|named| {
            let has_ended = board_on(context.lookup, named, check.day).is_none();
            let Some(owner) = board_owner(context.lookup, named) else {
                return has_ended;
            };
            let holders = successions.holders(context.id, &owner, check.day);
            let is_followed = !holders.contains(&&owner);
            (has_ended || is_followed)
                && by
                    .as_ref()
                    .is_some_and(|by| successions.are_one(context.id, by, &owner, check.day))
        })
    }

    /// Whether such a board has supported the matter, and left the decision to another.
    fn has_left_it(&self, vote: &SubmittedOpinion<'_>, check: &EventCheck<'_>) -> bool {
        let before = check.effective_order();
        let decisions = vote.proposal.decisions.iter();
        let mut supports = decisions.filter(|decision| {
            matches!(decision.outcome, Outcome::Supported) && decision.effective_order() < before
        });
        supports.any(|decision| {
            decision
                .board
                .as_ref()
                .is_some_and(|by| self.0.contains(by))
        })
    }

    /// Whether such a board has approved it on conditions in words, and another board of its
    /// body decides.
    fn awaits_another(
        &self,
        context: &ApprovalContext<'_>,
        vote: &SubmittedOpinion<'_>,
        status: &ProposalStatus<'_>,
    ) -> bool {
        let names_nobody = |condition: &Condition| {
            condition.decided_by.is_none() && condition.decided_by_board.is_none()
        };
        let waits = |opinion: &Opinion<'_>| {
            opinion.effect == OpinionEffect::Conditional
                && opinion.board.is_some_and(|board| self.0.contains(board))
                && opinion.conditions.iter().any(names_nobody)
        };
        self.is_of_same_body(context, vote) && status.opinions.iter().any(waits)
    }
}

/// Whether the same board, or the same body, has decided the proposal before.
fn has_decided(vote: &SubmittedOpinion<'_>, status: &ProposalStatus<'_>) -> bool {
    let mut opinions = status.opinions.iter();
    opinions.any(|opinion| {
        opinion.decision.is_some()
            && match (opinion.board, vote.board) {
                (Some(one), Some(other)) => one == other,
                (None, None) => opinion.body().is_some() && opinion.body() == vote.body(),
                _ => false,
            }
    })
}
