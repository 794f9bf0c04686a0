//! Whom the lines for attention concern: a board, or a body.

use std::collections::BTreeSet;

use super::attention::Asker;
use super::body as bodies_view;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{AttentionView, Awaited};

/// The lines that concern an asker.
#[derive(Default)]
pub(super) struct AttentionScope {
    board: Option<BoardScope>,
    body: Option<BodyScope>,
}

struct BoardScope {
    id: String,
    /// The board itself, and the collaborations that it serves.
    subjects: BTreeSet<String>,
}

struct BodyScope {
    id: String,
    subject: String,
    /// The boards on which it has a seat.
    boards: BTreeSet<String>,
    /// The collaborations that it is a party to, and those boards.
    subjects: BTreeSet<String>,
}

impl AttentionScope {
    pub fn new(register_view: &RegisterView, asker: &Asker) -> Self {
        let board = asker.board.as_ref().map(|id| {
            let board = register_view.board(id);
            let serves = board
                .iter()
                .flat_map(|board| board.serves(register_view.as_at()));
            let mut subjects: BTreeSet<String> = serves
                .map(|id| SubjectId::Collaboration(id.clone()).to_string())
                .collect();
            subjects.insert(SubjectId::Board(id.clone()).to_string());
            let id = id.to_string();
            BoardScope { id, subjects }
        });
        let body = asker.body.as_ref().map(|id| {
            let view = bodies_view::get(register_view, id).unwrap_or_default();
            let party_to = view.party_to.iter().filter(|of| of.left_on.is_none());
            let party_to = party_to.filter_map(|of| of.collaboration.as_ref());
            let mut subjects: BTreeSet<String> = party_to
                .map(|of| format!("collaborations/{}", of.collaboration_id))
                .collect();
            let seats = view.seats.iter().filter_map(|seat| seat.board.as_ref());
            let boards: BTreeSet<String> = seats.map(|board| board.board_id.clone()).collect();
            subjects.extend(boards.iter().map(|id| format!("boards/{id}")));
            BodyScope {
                id: id.to_string(),
                subject: SubjectId::Body(id.clone()).to_string(),
                boards,
                subjects,
            }
        });
        Self { board, body }
    }

    pub fn concerns(&self, line: &AttentionView) -> bool {
        let board = self.board.as_ref();
        let body = self.body.as_ref();
        board.is_none_or(|board| board.concerns(line))
            && body.is_none_or(|body| body.concerns(line))
    }
}

impl BoardScope {
    fn concerns(&self, line: &AttentionView) -> bool {
        let awaited = line.awaited.iter().filter_map(|one| one.board.as_ref());
        let mut boards = awaited.chain(&line.board);
        self.subjects.contains(&line.subject) || boards.any(|board| board.board_id == self.id)
    }
}

impl BodyScope {
    fn concerns(&self, line: &AttentionView) -> bool {
        line.subject == self.subject
            || line.awaited.iter().any(|one| self.is_awaited(one))
            || line.awaited.is_empty() && self.subjects.contains(&line.subject)
    }

    /// Whether it is the body that is awaited, or has a seat on the board that is.
    fn is_awaited(&self, awaited: &Awaited) -> bool {
        match (&awaited.who, &awaited.board) {
            (Some(who), _) => who
                .body
                .as_ref()
                .is_some_and(|body| body.body_id == self.id),
            (None, Some(board)) => self.boards.contains(&board.board_id),
            (None, None) => false,
        }
    }
}
