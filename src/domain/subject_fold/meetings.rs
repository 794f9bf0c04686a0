//! The fold of events about the meetings of boards.

use crate::event::{MeetingCancelled, MeetingHeld, MinutesApproved};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn meeting_held(subject: &mut Subject, fact: Fact<MeetingHeld>) {
    if let Some(board) = subject.as_board_mut() {
        board.meetings_held.insert(fact);
    }
}

pub(super) fn meeting_cancelled(subject: &mut Subject, fact: Fact<MeetingCancelled>) {
    if let Some(board) = subject.as_board_mut() {
        board.meetings_cancelled.insert(fact);
    }
}

pub(super) fn minutes_approved(subject: &mut Subject, fact: Fact<MinutesApproved>) {
    if let Some(board) = subject.as_board_mut() {
        board.minutes_approved.insert(fact);
    }
}
