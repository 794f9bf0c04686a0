//! Matters of boards for the attention of a chair: offices whose term is over, and records
//! that a board left open when it ended.

use super::{left_over as open_records, names};
use crate::domain::event::ChairAppointed;
use crate::domain::fact::{Fact, Facts};
use crate::domain::ids::SubjectId;
use crate::domain::register_view::RegisterView;
use crate::wire::proto::{AttentionKind, AttentionView};
use crate::wire::reply;

/// The chairs and vice-chairs whose term is over, and whom nobody on record has followed.
pub(super) fn lapsed_offices(register_view: &RegisterView) -> Vec<AttentionView> {
    let day = register_view.as_at();
    let mut lines = Vec::new();
    for (id, board) in register_view.boards() {
        if board.ended(day).is_some() {
            continue;
        }
        let offices: [(&Facts<ChairAppointed>, &str); 2] =
            [(&board.chairs, "chair"), (&board.vice_chairs, "vice-chair")];
        for (appointments, office) in offices {
            let Some(last) = appointments.at(day) else {
                continue;
            };
            let Some(until) = last.until_on.filter(|until| until.last_day() < day) else {
                continue;
            };
            let who = names::office(register_view, &last.body, last.office.as_ref());
            let who = names::in_words(&who);
            lines.push(AttentionView {
                kind: AttentionKind::OfficeLapsed.into(),
                subject: SubjectId::Board(id.clone()).to_string(),
                subject_name: names::board(register_view, id).name,
                what: format!("the term of the {office}, {who}, is over, and nobody follows"),
                since_on: Some(reply::date(until)),
                board: Some(names::board(register_view, id)),
                position: Fact::position(last).get(),
                ..AttentionView::default()
            });
        }
    }
    lines
}

/// The open records of boards that have ended.
pub(super) fn left_over(register_view: &RegisterView) -> Vec<AttentionView> {
    let day = register_view.as_at();
    let mut lines = Vec::new();
    for (id, board) in register_view.boards() {
        let Some(ended) = board.ended(day) else {
            continue;
        };
        let subject_id = SubjectId::Board(id.clone());
        for open in open_records::list(register_view, &subject_id, board.subject()) {
            lines.push(AttentionView {
                kind: AttentionKind::LeftOver.into(),
                subject: subject_id.to_string(),
                subject_name: names::board(register_view, id).name,
                what: format!("{} left open by the board: {}", open.kind, open.what),
                since_on: Some(reply::date(ended.on())),
                item_id: open.item_id,
                board: Some(names::board(register_view, id)),
                position: ended.position().get(),
                ..AttentionView::default()
            });
        }
    }
    lines
}
