//! Deciders: who is to decide a proposal that no approval rule covers.

use jiff::civil::Date;

use super::approver::Approver;
use super::opinion::Opinion;
use super::proposal_replay::ProposalReplay;
use super::resolution::Resolution;
use super::subject_lookup::{board_on, deciding_board_on, has_ended, successor_on};
use crate::event::{DecisionMade, Outcome};
use crate::fact::Fact;
use crate::ids::{BoardId, SubjectId};

impl ProposalReplay<'_> {
    /// The board that is to decide, or the one that has followed it. One that has ended and
    /// that none follows decides nothing more, nor one that serves the collaboration no more or whose body is no more.
    pub(super) fn board(&self, day: Date) -> Option<BoardId> {
        self.present_board(self.proposal.board(), day)
    }

    /// The same of any board.
    pub(super) fn present_board(&self, board: Option<&BoardId>, day: Date) -> Option<BoardId> {
        deciding_board_on(self.case.lookup, self.case.id, board?, day)
    }

    /// Whether an opinion is that of a board, or of its member, after the board had ended:
    /// the end was recorded later. A delegation passes to the board that follows.
    pub(super) fn is_after_end(&self, opinion: &Opinion<'_>) -> bool {
        let board = opinion.board.filter(|_| opinion.decides_for.is_none());
        board.is_some_and(|board| has_ended(self.case.lookup, board, opinion.order.day))
    }

    /// Whether a board made a decision after its end.
    pub(super) fn is_made_after_end(&self, fact: &Fact<DecisionMade>) -> bool {
        let board = fact.board.as_ref();
        board.is_some_and(|board| has_ended(self.case.lookup, board, fact.day()))
    }

    /// The board, or the body or the one in its place, whose own matter it is.
    pub(super) fn owner(&self, day: Date) -> Option<Approver> {
        match self.case.id {
            SubjectId::Body(body) => {
                let present = successor_on(self.case.lookup, self.case.id, body, day);
                Some(Approver::body(&present))
            }
            SubjectId::Board(board) => self.present(&Approver::board(board), day),
            SubjectId::Collaboration(_) | SubjectId::Register => None,
        }
    }

    /// An approver; in the place of a board that has ended, the one that has followed it.
    pub(super) fn present(&self, approver: &Approver, day: Date) -> Option<Approver> {
        match (&approver.actor, &approver.board) {
            (None, Some(board)) => {
                let present = board_on(self.case.lookup, board, day)?;
                Some(Approver::board(&present))
            }
            _ => Some(approver.clone()),
        }
    }

    /// Whether the board that is to decide is another than one that notes or supports the
    /// matter.
    pub(super) fn awaits_another_board(&self, fact: &Fact<DecisionMade>) -> bool {
        let awaited = self.state.sent_back_to.or_else(|| self.proposal.board());
        let present = self.present_board(awaited, fact.day());
        present.is_some() && present.as_ref() != fact.board.as_ref()
    }

    /// Whether a matter that one board supported is now decided by another.
    pub(super) fn is_decided_after_support(&self, opinion: &Opinion<'_>) -> bool {
        let settled = self.state.settled.as_ref();
        let is_supported =
            settled.is_some_and(|settled| settled.resolution == Resolution::Supported);
        let decisions = self.proposal.decisions.iter();
        let mut supports = decisions.filter(|decision| {
            matches!(decision.outcome, Outcome::Supported)
                && decision.effective_order() < opinion.order
        });
        is_supported
            && opinion.decision.is_some()
            && opinion.board.is_some()
            && !supports.any(|support| support.board.as_ref() == opinion.board)
    }
}
