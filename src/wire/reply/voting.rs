//! Majorities, tallies, interests and meetings in their published form.

use super::{actor, optional, optional_date};
use crate::proto;
use minutebook_domain::event;

pub fn majority(majority: event::Majority) -> proto::Majority {
    proto::Majority {
        numerator: majority.numerator,
        denominator: majority.denominator,
        more_than: majority.more_than,
        of: proto::MajorityOf::from(majority.of).into(),
    }
}

pub fn group_quorum(quorum: &event::GroupQuorum) -> proto::GroupQuorum {
    proto::GroupQuorum {
        group: quorum.group.to_string(),
        members: quorum.members,
    }
}

pub fn tally(tally: &event::Tally) -> proto::Tally {
    proto::Tally {
        present: tally.present.unwrap_or_default(),
        votes_for: tally.votes_for.unwrap_or_default(),
        votes_against: tally.votes_against.unwrap_or_default(),
        abstentions: tally.abstentions.unwrap_or_default(),
        not_given: tally
            .not_given()
            .into_iter()
            .map(|figure| proto::TallyFigure::from(figure).into())
            .collect(),
        unanimous: tally.unanimous,
        casting_vote: tally
            .casting_vote
            .as_ref()
            .map(|given| proto::CastingVoteGiven {
                by: Some(actor(&given.by)),
                choice: super::vote_choice(given.choice),
            }),
    }
}

pub fn interest(interest: &event::Interest) -> proto::Interest {
    proto::Interest {
        description: interest.description.to_string(),
        kind: proto::InterestKind::from(interest.kind).into(),
        course: proto::InterestCourse::from(interest.course).into(),
        dispensation: interest.dispensation.as_ref().map(|dispensation| {
            let ground = dispensation.ground.map(proto::DispensationGround::from);
            proto::Dispensation {
                granted_on: optional_date(dispensation.granted_on),
                expires_on: optional_date(dispensation.expires_on),
                ground: ground.unwrap_or_default().into(),
                reference: dispensation.reference.to_string(),
            }
        }),
    }
}

pub fn meeting(meeting: &event::MeetingRef) -> proto::MeetingRef {
    proto::MeetingRef {
        board_id: optional(Some(&meeting.board)),
        meeting_id: optional(Some(&meeting.meeting)),
        agenda_item: meeting.agenda_item.to_string(),
    }
}
