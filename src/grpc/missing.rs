//! Items that a query names and that its view of the register does not have.

use tonic::Status;

use super::status::{self, NotFound, Reason};
use minutebook_domain::ids::{BoardId, ItemId, ProposalId, SubjectId};
use minutebook_kernel::projection::PinnedView;

/// Says why the view does not have a subject: it was never recorded, it was
/// recorded later than the query knows, or it did not exist on that day.
pub fn subject_not_found(view: &PinnedView, id: &SubjectId) -> Status {
    let (reason, kind, founding_event) = match id {
        SubjectId::Body(_) => (Reason::BodyNotFound, "body", "body_registered"),
        SubjectId::Board(_) => (Reason::BoardNotFound, "board", "board_constituted"),
        SubjectId::Collaboration(_) => (
            Reason::CollaborationNotFound,
            "collaboration",
            "collaboration_established",
        ),
        SubjectId::Register => (
            Reason::RegisterNotFound,
            "register",
            "checkpoint_key_replaced",
        ),
    };
    let (as_at, known) = (view.as_at(), view.known());
    let sentence = match view.register().record(id) {
        None => format!(
            "no {kind} {id} is in the register: check the id, or record {founding_event} for it"
        ),
        Some(record) => {
            let first = record.history().front().map(|entry| entry.position);
            let founded_on = record.subject().founded_on();
            match (first, founded_on) {
                (Some(first), _) if first > known => format!(
                    "{id} was first recorded at position {first}, and the question is as known at \
                     position {known}: ask as known later"
                ),
                (_, Some(founded_on)) if founded_on.first_day() > as_at => format!(
                    "{id} begins on {founded_on}, and the question is about {as_at}: ask about a \
                     later day"
                ),
                _ => format!(
                    "{id} is recorded, but did not exist on {as_at} as known at position {known}: \
                     its history says why"
                ),
            }
        }
    };
    let name = id.to_string();
    status::not_found(NotFound {
        reason,
        kind,
        name,
        sentence,
    })
}

/// Refuses a subject that the view does not have.
pub fn require_subject(view: &PinnedView, id: &SubjectId) -> Result<(), Status> {
    match view.subject(id) {
        Some(_) => Ok(()),
        None => Err(subject_not_found(view, id)),
    }
}

/// A budget, or its contributions, that a subject does not have. If the view does
/// not have the subject either, the status says that instead.
pub fn budget_not_found(
    view: &PinnedView,
    subject: &SubjectId,
    reason: Reason,
    sentence: String,
) -> Status {
    if view.subject(subject).is_none() {
        return subject_not_found(view, subject);
    }
    status::not_found(NotFound {
        reason,
        kind: "budget",
        name: subject.to_string(),
        sentence,
    })
}

/// A meeting that a board does not have. If the view does not have the board either, the
/// status says that instead.
pub fn meeting_not_found(view: &PinnedView, board: &BoardId, meeting: &ItemId) -> Status {
    let subject = SubjectId::Board(board.clone());
    if view.subject(&subject).is_none() {
        return subject_not_found(view, &subject);
    }
    let sentence = format!(
        "boards/{board} has no meeting {meeting} as at {} as known at position {}: `show board \
         {board}` lists its meetings; record meeting_called or meeting_held with this meeting_id, \
         or ask about a later day",
        view.as_at(),
        view.known()
    );
    status::not_found(NotFound {
        reason: Reason::MeetingNotFound,
        kind: "meeting",
        name: format!("{board}/{meeting}"),
        sentence,
    })
}

pub fn proposal_not_found(view: &PinnedView, id: ProposalId) -> Status {
    let (as_at, known) = (view.as_at(), view.known());
    let sentence = match view.register().proposal(id) {
        None => format!(
            "no proposal {id} is in the register: `show approvals` lists them, or record \
             matter_proposed or virement_requested for it"
        ),
        Some(subject) => format!(
            "the proposal {id} about {subject} had not been made by {as_at} as known at position \
             {known}: ask about a later day, or as known later"
        ),
    };
    status::not_found(NotFound {
        reason: Reason::ProposalNotFound,
        kind: "proposal",
        name: id.to_string(),
        sentence,
    })
}
