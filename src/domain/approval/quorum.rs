//! Rejections of a board without a quorum, where no approval rule asks for the board: nothing
//! is decided, and the matter goes on awaiting (Local Government Act 1972 Sch.12 paragraphs 6
//! and 45).

use super::opinion::{Opinion, OpinionEffect};
use super::proposal_replay::ProposalReplay;
use crate::ids::BoardId;

impl<'a> ProposalReplay<'a> {
    /// Whether a board rejects without the quorum of its standing orders, and no rule asks for
    /// the board. Minutes say how many were there: votes by name may be those of a few who
    /// wished to be named.
    pub(super) fn lacks_quorum(&self, opinion: &Opinion<'a>) -> bool {
        let own = opinion.closes && opinion.decides_for.is_none();
        let Some(board) = opinion.board.filter(|_| own && !opinion.approves()) else {
            return false;
        };
        let (context, day) = (self.context(), opinion.order.day);
        let ballot = |opinions: &[Opinion<'a>]| {
            let vote = context.standing_vote(board, opinions, day);
            vote.map(|vote| vote.ballot)
        };
        if !ballot(&[*opinion]).is_some_and(|minuted| minuted.states_quorum) {
            return false;
        }
        let votes = self.opinions.iter().filter(|vote| vote.vote.is_some());
        let mut opinions: Vec<Opinion<'a>> = votes.copied().collect();
        opinions.push(*opinion);
        let is_quorate = ballot(&opinions).is_none_or(|ballot| ballot.is_quorate());
        !is_quorate && !self.is_asked_by_rule(board, opinion)
    }

    /// The rejection decides nothing, and the votes on the board end with it: the board votes
    /// anew.
    pub(super) fn leave_undecided(&mut self, opinion: Opinion<'a>) {
        if let Some(board) = opinion.board {
            self.end_vote(board);
        }
        self.others.push(Opinion {
            effect: OpinionEffect::WithoutQuorum,
            ..opinion
        });
    }

    fn is_asked_by_rule(&self, board: &BoardId, opinion: &Opinion<'a>) -> bool {
        let evaluation = self.evaluate_at(opinion.order);
        let asked = evaluation.requirement.as_ref();
        evaluation.regime.rule().is_some() && asked.is_some_and(|status| status.asks_for(board))
    }
}
