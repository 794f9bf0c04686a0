//! Matters that the board which was to decide them left undecided, where no rule applies: it
//! has ended and no board follows it, it serves the collaboration no more, or the body that it
//! belongs to is no more. Each of the bodies in whose name it decided, or their heirs, is then
//! to agree.

use std::borrow::Cow;

use jiff::civil::Date;

use super::constituents::{Constituents, can_decide};
use super::opinion::Opinion;
use super::proposal_replay::ProposalReplay;
use super::subject_lookup::{SUCCESSORS_MAX, SubjectLookup, deciding_board_on};
use crate::event::{Outcome, Requirement};
use crate::ids::{BoardId, SubjectId};

impl<'a> ProposalReplay<'a> {
    /// Who is to agree in the place of a board that left the matter undecided, and the
    /// opinions that count for that: votes on the board were on its decision alone.
    pub(super) fn left_undecided<'o>(
        &self,
        day: Date,
        opinions: &'o [Opinion<'a>],
    ) -> Option<(Requirement, Cow<'o, [Opinion<'a>]>)> {
        let named = self.state.sent_back_to.or_else(|| self.proposal.board())?;
        let boards = gone(self.case.lookup, self.case.id, named, day)?;
        let is_of = |board: Option<&BoardId>| board.is_some_and(|board| boards.contains(board));
        let mut decided = self.opinions.iter().chain(&self.state.pending);
        let has_decided = decided.any(|opinion| opinion.closes && is_of(opinion.board));
        let mut decisions = self.proposal.decisions.iter();
        let has_left_it = decisions.any(|decision| {
            let left_it = matches!(decision.outcome, Outcome::Supported | Outcome::Referred(_));
            left_it && is_of(decision.board.as_ref()) && decision.day() <= day
        });
        let last = boards.last()?;
        if has_decided || has_left_it || !can_decide(self.case.lookup, last) {
            return None;
        }
        let constituents = Constituents::new(self.case.lookup, self.case.id, last, day)?;
        let bodies: Vec<_> = constituents.bodies.into_iter().collect();
        if bodies.is_empty() {
            return None;
        }
        let is_on_board = |opinion: &Opinion<'_>| opinion.vote.is_some() && is_of(opinion.board);
        let opinions = match opinions.iter().any(is_on_board) {
            true => opinions
                .iter()
                .filter(|one| !is_on_board(one))
                .copied()
                .collect(),
            false => Cow::Borrowed(opinions),
        };
        Some((Requirement::PutTo(bodies), opinions))
    }
}

/// The board, and those that followed it, if none of them is there to decide by a day.
fn gone(
    lookup: &dyn SubjectLookup,
    about: &SubjectId,
    board: &BoardId,
    day: Date,
) -> Option<Vec<BoardId>> {
    let mut boards = vec![board.clone()];
    // Boards that follow each other in a circle are followed once round at most.
    while boards.len() <= SUCCESSORS_MAX {
        let last = boards.last()?;
        let subject = lookup.subject(&SubjectId::Board(last.clone()))?;
        let Some(ended) = subject.as_board()?.ended(day) else {
            let is_there = deciding_board_on(lookup, about, last, day).is_some();
            return (!is_there).then_some(boards);
        };
        match &ended.successor {
            Some(next) => boards.push(next.clone()),
            None => return Some(boards),
        }
    }
    None
}
