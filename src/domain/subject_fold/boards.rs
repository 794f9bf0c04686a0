//! The fold of events about boards.

use crate::event::{
    BoardCollaborationsChanged, BoardConstituted, BoardEnded, BoardMembershipChanged,
    ChairAppointed, MeetingCalled, StandingOrdersAdopted,
};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn board_constituted(subject: &mut Subject, fact: Fact<BoardConstituted>) {
    if let Some(board) = subject.as_board_mut() {
        board.constituted = Some(fact);
    }
}

pub(super) fn chair_appointed(subject: &mut Subject, fact: Fact<ChairAppointed>) {
    if let Some(board) = subject.as_board_mut() {
        let chairs = if fact.vice {
            &mut board.vice_chairs
        } else {
            &mut board.chairs
        };
        chairs.insert(fact);
    }
}

pub(super) fn board_membership_changed(subject: &mut Subject, fact: Fact<BoardMembershipChanged>) {
    if let Some(board) = subject.as_board_mut() {
        board.membership.insert(fact);
    }
}

pub(super) fn standing_orders_adopted(subject: &mut Subject, fact: Fact<StandingOrdersAdopted>) {
    if let Some(board) = subject.as_board_mut() {
        board.standing_orders.insert(fact);
    }
}

pub(super) fn board_ended(subject: &mut Subject, fact: Fact<BoardEnded>) {
    if let Some(board) = subject.as_board_mut() {
        board.ended.insert(fact);
    }
}

pub(super) fn board_collaborations_changed(
    subject: &mut Subject,
    fact: Fact<BoardCollaborationsChanged>,
) {
    if let Some(board) = subject.as_board_mut() {
        board.collaborations_changed.insert(fact);
    }
}

pub(super) fn meeting_called(subject: &mut Subject, fact: Fact<MeetingCalled>) {
    if let Some(board) = subject.as_board_mut() {
        board.meetings.insert(fact);
    }
}
