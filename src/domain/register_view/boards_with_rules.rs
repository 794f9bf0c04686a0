//! The boards that have adopted approval rules.

use std::sync::Arc;

use super::{RegisterView, get_or_compute};
use crate::ids::BoardId;
use crate::subject::Subject;

/// Boards that have adopted approval rules, by id.
pub type BoardsWithRules = Vec<(BoardId, Arc<Subject>)>;

impl RegisterView {
    /// The boards that have adopted approval rules by this day, as known here. They are
    /// looked up once: each act of a subject without rules of its own asks for them.
    pub fn boards_with_rules(&self) -> &Arc<BoardsWithRules> {
        get_or_compute(&self.boards_with_rules, || {
            let boards = self.boards();
            let with_rules = boards.filter_map(|(id, board)| {
                let has_rules = !board.subject().dossier.rule_sets.is_empty();
                has_rules.then(|| (id.clone(), Arc::clone(board.subject())))
            });
            Arc::new(with_rules.collect())
        })
    }
}
