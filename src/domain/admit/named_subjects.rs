//! The boards and collaborations that an event names: each exists on its day.

use std::fmt::Display;

use super::board_end::{board_over, owner_over};
use super::event_check::EventCheck;
use crate::event::Kind;
use crate::fault::Fault;
use crate::ids::{BoardId, CollaborationId, SubjectId};
use crate::subject::Subject;

impl EventCheck<'_> {
    /// Requires that the board exists on the day.
    pub fn require_board(&mut self, field: impl Display, id: &BoardId) -> bool {
        let subject = self.register.subject(&SubjectId::Board(id.clone()));
        let is_known = subject.is_some_and(|subject| self.may_be_founded(subject));
        if !is_known {
            self.report(
                field,
                Fault::UnknownBoard {
                    board: id.clone(),
                    on: self.on,
                },
            );
            return false;
        }
        let over = board_over(self.register, id, self.on);
        let over = over.or_else(|| {
            let decides = decides_by_board(&self.entry.event.kind);
            decides.then(|| owner_over(self.register, id, self.on, self.day))?
        });
        match over {
            Some(fault) => {
                self.report(field, fault);
                false
            }
            None => true,
        }
    }

    /// Requires that the collaboration exists on the day.
    pub fn require_collaboration(&mut self, field: impl Display, id: &CollaborationId) -> bool {
        let subject = self.register.subject(&SubjectId::Collaboration(id.clone()));
        let is_known = subject.is_some_and(|subject| self.may_be_founded(subject));
        if !is_known {
            let (collaboration, on) = (id.clone(), self.on);
            let since = subject.and_then(Subject::founded_on);
            let way_out = match since {
                Some(since) => format!(
                    "it was established on {since}: name it from that day on (a board that serves \
                     it later records board_collaborations_changed), or check the date"
                ),
                None => "check the id and the date, or record collaboration_established for it \
                         first"
                    .to_owned(),
            };
            self.report(
                field,
                Fault::UnknownCollaboration {
                    collaboration,
                    on,
                    way_out,
                },
            );
        }
        is_known
    }
}

/// Whether a board that an event names decides something, or is to.
const fn decides_by_board(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::MatterProposed(_)
            | Kind::VoteCast(_)
            | Kind::DecisionMade(_)
            | Kind::VirementRequested(_)
            | Kind::VirementApproved(_)
            | Kind::DecisionCalledIn(_)
            | Kind::CallInSettled(_)
            | Kind::DelegationMade(_)
    )
}
