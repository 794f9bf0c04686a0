//! The days on which boards met, as far as their votes and decisions say.

use std::collections::{BTreeMap, BTreeSet};

use super::{RegisterView, get_or_compute};
use crate::date::PartialDate;
use crate::dossier::DecisionSource;
use crate::fact::Fact;
use crate::ids::BoardId;

/// The days on which boards met, by id.
pub type BoardDays = BTreeMap<BoardId, BTreeSet<PartialDate>>;

impl RegisterView {
    /// The days on which the votes and decisions of each board are dated, on whatever
    /// subject: it met on them. They are looked up once, in all subjects: each meeting that
    /// is past asks for them.
    pub fn board_days(&self) -> &BoardDays {
        get_or_compute(&self.board_days, || {
            let mut days = BoardDays::new();
            let mut note = |board: &BoardId, on| {
                if let Some(of_board) = days.get_mut(board) {
                    of_board.insert(on);
                } else {
                    days.insert(board.clone(), BTreeSet::from([on]));
                }
            };
            for (_, subject) in self.subjects() {
                let votes = subject.dossier.proposals.values();
                for vote in votes.flat_map(|proposal| proposal.votes.iter()) {
                    if let Some(board) = &vote.board {
                        note(board, Fact::on(vote));
                    }
                }
                for decision in subject.dossier.decisions.values() {
                    let (board, on) = match &decision.made {
                        DecisionSource::Made(fact) => (&fact.board, fact.on()),
                        DecisionSource::Virement(fact) => (&fact.board, fact.on()),
                        DecisionSource::External(_) => continue,
                    };
                    if let Some(board) = board {
                        note(board, on);
                    }
                }
            }
            days
        })
    }
}
