//! Matters of boards for the attention of a chair: offices that nobody holds any more,
//! committees whose collaboration has ended or whose bodies are one, boards of a body that
//! is no more, and records that a board left open when it
//! ended.

use super::{left_over as open_records, names};
use minutebook_domain::board::{Board, LapseCause};
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::Seat;
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BoardId, BodyId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{AttentionKind, AttentionView};
use minutebook_wire::reply;

/// The chairs and vice-chairs who are so no more, and whom nobody on record has followed.
pub(super) fn lapsed_offices(register_view: &RegisterView) -> Vec<AttentionView> {
    let day = register_view.as_at();
    let mut lines = Vec::new();
    for (id, board) in register_view.boards() {
        let followed = super::boards::followed(register_view, id);
        let offices = [
            (board.chair(&followed, day), "chair"),
            (board.vice_chair(&followed, day), "vice-chair"),
        ];
        for (office, name) in offices {
            let Some((office, lapse)) = office.and_then(|one| Some((one.clone(), one.lapse?)))
            else {
                continue;
            };
            let appointed = office.appointed;
            let who = names::office(register_view, &appointed.body, appointed.office.as_ref());
            let who = names::in_words(&who);
            let what = match lapse.cause {
                LapseCause::TermOver => {
                    format!("the term of the {name}, {who}, is over, and nobody follows")
                }
                LapseCause::SeatEnded => format!(
                    "the {name}, {who}, has no seat on the board any more, and nobody follows"
                ),
                LapseCause::Divided => {
                    let heirs = names::bodies(register_view, office.holders.iter().copied());
                    let heirs: Vec<String> = heirs.into_iter().map(|body| body.name).collect();
                    format!(
                        "{} follow the body of the {name}, {who}: who holds the office is to be \
                         settled",
                        heirs.join(" and ")
                    )
                }
                LapseCause::TookTheChair => continue,
            };
            lines.push(AttentionView {
                kind: AttentionKind::OfficeLapsed.into(),
                subject: SubjectId::Board(id.clone()).to_string(),
                subject_name: names::board(register_view, id).name,
                what,
                since_on: Some(reply::date(lapse.on)),
                board: Some(names::board(register_view, id)),
                position: Fact::position(appointed).get(),
                ..AttentionView::default()
            });
        }
    }
    lines
}

/// The committees whose collaborations have all ended.
pub(super) fn without_collaboration(register_view: &RegisterView) -> Vec<AttentionView> {
    let day = register_view.as_at();
    let mut lines = Vec::new();
    for (id, board) in register_view.boards() {
        let Some(last) = super::boards::ended_with(register_view, &board) else {
            continue;
        };
        if board.ended(day).is_some() {
            continue;
        }
        let made = board.constituted.as_ref();
        let subject_id = SubjectId::Board(id.clone());
        let sole = super::boards::sole_holder(register_view, id, &board.seats(day));
        let alone = match sole {
            Some(body) => format!(
                ", all its seats are of {}",
                names::body(register_view, &body).name
            ),
            None => String::new(),
        };
        lines.push(AttentionView {
            kind: AttentionKind::LeftOver.into(),
            subject: subject_id.to_string(),
            subject_name: names::board(register_view, id).name,
            what: format!("what the board serves has ended{alone}, and no entry ends the board"),
            since_on: Some(reply::date(last)),
            board: Some(names::board(register_view, id)),
            position: made.map(Fact::position).unwrap_or_default().get(),
            ..AttentionView::default()
        });
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

/// The boards of bodies that are no more, and the joint committees whose seats have all
/// become those of one body, while what they serve goes on.
pub(super) fn without_body(register_view: &RegisterView) -> Vec<AttentionView> {
    let day = register_view.as_at();
    let mut lines = Vec::new();
    for (id, board) in register_view.boards() {
        if board.ended(day).is_some() {
            continue;
        }
        let Some((what, since)) = left_by_its_body(register_view, id, &board) else {
            continue;
        };
        let made = board.constituted.as_ref();
        lines.push(AttentionView {
            kind: AttentionKind::LeftOver.into(),
            subject: SubjectId::Board(id.clone()).to_string(),
            subject_name: names::board(register_view, id).name,
            what,
            since_on: Some(reply::date(since)),
            board: Some(names::board(register_view, id)),
            position: made.map(Fact::position).unwrap_or_default().get(),
            ..AttentionView::default()
        });
    }
    lines
}

fn left_by_its_body(
    register_view: &RegisterView,
    id: &BoardId,
    board: &Board,
) -> Option<(String, PartialDate)> {
    let (subject_id, day) = (SubjectId::Board(id.clone()), register_view.as_at());
    let successions = register_view.successions();
    let name = |body: &BodyId| names::body(register_view, body).name;
    if let Some(owner) = &board.constituted.as_ref()?.owner {
        let (body, followed) = successions.end_of(&subject_id, owner, day)?;
        let heirs: Vec<String> = followed.heirs(&subject_id).into_iter().map(name).collect();
        let what = format!(
            "the board belongs to {}, which {} followed, and no entry ends the board",
            name(body),
            heirs.join(" and ")
        );
        return Some((what, followed.on()));
    }
    if super::boards::ended_with(register_view, board).is_some() {
        return None;
    }
    let seats = board.seats(day);
    let sole = super::boards::sole_holder(register_view, id, &seats)?;
    let followed = super::boards::followed(register_view, id);
    let bodies = seats.keys().filter_map(|seat| match seat {
        Seat::Body { body, .. } => Some(body),
        Seat::Described(_) => None,
    });
    let since = bodies.filter_map(|body| followed.succession_to(body, &sole, day));
    let since = since.map(Fact::on).max_by_key(|on| on.first_day())?;
    let what = format!(
        "all seats of the board have become those of {}: a joint committee is one of several \
         bodies, and no entry ends the board",
        name(&sole)
    );
    Some((what, since))
}
