//! Contradictions between the minutes of a meeting and what is on record as done there: a
//! meeting that is recorded after the votes and decisions is held to the same rules as
//! they are when they are recorded after it.

use std::sync::Arc;

use super::attendances::{may_be_one, tally_over_attendance};
use super::event_check::EventCheck;
use super::named_votes::Round;
use crate::approval::{ApprovalContext, Ballot, Electorate, Opinion, SubjectLookup};
use crate::board::Board;
use crate::date::PartialDate;
use crate::dossier::{Decision, DecisionSource};
use crate::event::{MeetingHeld, MeetingRef, VoteCast};
use crate::fact::{EffectiveOrder, Fact};
use crate::fault::Fault;
use crate::ids::{BoardId, BodyId, SubjectId};
use crate::meeting::{Meeting, may_be_same_day};
use crate::register::Register;
use crate::register_view::BoardsWithRules;
use crate::subject::Subject;
use crate::succession::Successions;

/// Requires that the votes and decisions on record of a meeting are of its days, and those
/// of a sitting of members who were there, with a quorum and with the casting vote of the
/// person who presided. The matters of the board and of those that it serves are searched;
/// of a board that serves none, those of everybody.
pub(super) fn check_done_there(
    check: &mut EventCheck<'_>,
    board: &Board,
    electorate: &Electorate,
    held: &Fact<MeetingHeld>,
    meeting: &Meeting<'_>,
) {
    let SubjectId::Board(id) = check.id() else {
        return;
    };
    let there = SittingCheck {
        id,
        board,
        electorate,
        held,
        meeting,
    };
    let with_meeting = with_meeting(check, held);
    for (subject_id, subject) in searched(check, board, held) {
        let proposals = subject.dossier.proposals.values();
        for vote in proposals.flat_map(|proposal| proposal.votes.iter()) {
            if there.is_on_its_days(check, vote.meeting.as_ref(), vote.on()) {
                there.check_vote(check, vote);
            }
        }
        for decision in subject.dossier.decisions.values() {
            if held.inquorate
                && decision.meeting().is_none()
                && decision.on() == check.on
                && let Some(with_meeting) = &with_meeting
                && there.is_inquorate_by(check, with_meeting, (subject_id, &*subject), decision)
            {
                let (meeting, position) = (held.meeting.clone(), decision.position());
                check.report("inquorate", Fault::DecidedThere { meeting, position });
            }
            if there.is_on_its_days(check, decision.meeting(), decision.on()) {
                there.check_decision(check, decision);
                let about = (subject_id, &*subject);
                // That none had a quorum is found beside this.
                let is_bare = held.inquorate && held.attendance.is_empty();
                if let Some(with_meeting) = &with_meeting
                    && !is_bare
                    && there.is_inquorate_by(check, with_meeting, about, decision)
                {
                    let meeting = held.meeting.clone();
                    let position = decision.position();
                    let fault = Fault::DecidedThere { meeting, position };
                    check.report("attendance", fault);
                }
            }
        }
    }
}

/// The subjects on which something may have been done at the meeting.
fn searched<'a>(
    check: &EventCheck<'a>,
    board: &Board,
    held: &MeetingHeld,
) -> Vec<(&'a SubjectId, Arc<Subject>)> {
    let register = check.register;
    // Nothing names a meeting before it is called or held; but a decision of that day which
    // names none may be of it.
    let before = board.meeting(&held.meeting);
    let on = before.as_ref().and_then(Meeting::on);
    let is_on_its_day = on.is_some_and(|on| may_be_same_day(on, check.on));
    let says_nothing = held.attendance.is_empty() && held.presiding.is_none();
    if !held.inquorate && (before.is_none() || is_on_its_day && says_nothing) {
        return Vec::new();
    }
    let owner = board.constituted.iter().flat_map(|made| &made.owner);
    let owner = owner.cloned().map(SubjectId::Body);
    let served = board.ever_served().cloned();
    let serves: Vec<SubjectId> = owner.chain(served.map(SubjectId::Collaboration)).collect();
    if serves.is_empty() {
        let all = register.records();
        return all
            .map(|(id, record)| (id, Arc::clone(record.subject())))
            .collect();
    }
    let own = serves.iter().chain([check.id()]);
    own.filter_map(|id| {
        let (id, _) = register.record_of(id)?;
        Some((id, register.followed_subject(id)?))
    })
    .collect()
}

/// The sitting that is recorded.
struct SittingCheck<'s> {
    id: &'s BoardId,
    board: &'s Board,
    electorate: &'s Electorate,
    held: &'s Fact<MeetingHeld>,
    meeting: &'s Meeting<'s>,
}

impl SittingCheck<'_> {
    /// Whether something was done at this sitting. At another day than those of its
    /// meeting, nothing was.
    fn is_on_its_days(
        &self,
        check: &mut EventCheck<'_>,
        at: Option<&MeetingRef>,
        on: PartialDate,
    ) -> bool {
        let is_here = |at: &&MeetingRef| at.board == *self.id && at.meeting == self.held.meeting;
        if at.filter(is_here).is_none() {
            return false;
        }
        let sittings = self.meeting.sittings();
        if let Some(first) = sittings.first()
            && !sittings.iter().any(|one| may_be_same_day(one.on, on))
        {
            let (board, meeting) = (self.id.clone(), self.held.meeting.clone());
            let fault = Fault::NotOnMeetingDay {
                board,
                meeting,
                meets_on: first.on,
                on,
            };
            check.report_at("effective_on", fault);
            return false;
        }
        let sitting = self.meeting.sitting(on);
        sitting.is_some_and(|held| std::ptr::eq(held, self.held))
    }

    fn check_vote(&self, check: &mut EventCheck<'_>, vote: &Fact<VoteCast>) {
        let mut listed = self.held.attendance.iter().enumerate();
        let absent =
            listed.find(|(_, one)| one.attendance.is_away() && one.who.is_same(&vote.voter));
        if let Some((i, _)) = absent.filter(|_| vote.cast_by.is_none()) {
            let fault = Fault::ListedAbsent {
                voter: vote.voter.to_string(),
                meeting: self.held.meeting.clone(),
                position: vote.position(),
            };
            check.report(format_args!("attendance[{i}].attendance"), fault);
        }
    }

    fn check_decision(&self, check: &mut EventCheck<'_>, decision: &Decision) {
        let Some(tally) = decision.tally() else {
            return;
        };
        if let Some(record) = tally_over_attendance(self.electorate, tally, self.held) {
            let position = decision.position();
            let fault = Fault::TallyContradicted {
                board: self.id.clone(),
                tally: format!("{tally} (entry {position})"),
                record,
            };
            check.report("attendance", fault);
        }
        let given = tally.casting_vote.as_ref();
        if let Some((given, presiding)) = given.zip(self.held.presiding.as_ref())
            && !may_be_one(check, self.board, &given.by, &presiding.who)
        {
            let fault = Fault::NotPresiding {
                voter: given.by.to_string(),
                meeting: self.held.meeting.clone(),
                presided: presiding.who.to_string(),
                position: decision.position(),
            };
            check.report("presiding.who", fault);
        }
    }

    /// Whether a decision had its quorum before, and has none by the attendance of the
    /// meeting.
    fn is_inquorate_by(
        &self,
        check: &EventCheck<'_>,
        with_meeting: &WithMeeting<'_>,
        (id, subject): (&SubjectId, &Subject),
        decision: &Decision,
    ) -> bool {
        let had_quorum = |lookup: &dyn SubjectLookup| {
            let context = ApprovalContext {
                lookup,
                id,
                subject,
            };
            is_quorate(&context, self.id, decision)
        };
        had_quorum(check.register) == Some(true) && had_quorum(with_meeting) == Some(false)
    }
}

/// Whether enough took part in the approval of a board, or in a rejection for which a rule
/// asks; `None` for any other decision.
fn is_quorate(context: &ApprovalContext<'_>, board: &BoardId, decision: &Decision) -> Option<bool> {
    let own = match &decision.made {
        DecisionSource::Made(made) => Opinion::decision(made)?,
        DecisionSource::Virement(approved) => Opinion::virement(approved),
        DecisionSource::External(_) => return None,
    };
    if own.board != Some(board) {
        return None;
    }
    let proposals = &context.subject.dossier.proposals;
    let proposal = decision
        .proposal()
        .and_then(|id| Some((id, proposals.get(&id)?)));
    let votes = proposal.iter();
    let votes = votes.flat_map(|(_, proposal)| {
        let round = Round::of(proposal, board, own.order, decision.on());
        proposal.votes.iter().filter(move |vote| round.has(vote))
    });
    let votes = votes.filter(|vote| vote.board.as_ref() == Some(board));
    let mut opinions: Vec<Opinion<'_>> = votes.map(Opinion::vote).collect();
    opinions.push(own);
    if let Some((id, proposal)) = proposal {
        let status = context.status_before(id, proposal, EffectiveOrder::LAST);
        let requirement = status.requirement.as_ref();
        let ballots = requirement.map(|asked| asked.ballots()).unwrap_or_default();
        let own = ballots.into_iter().find(|ballot| ballot.board == *board);
        if let Some(ballot) = own.filter(|ballot| ballot.decided.is_some()) {
            return Some(ballot.is_quorate());
        }
    }
    // Where no rule asks for the board, a rejection is not held to its standing orders.
    if !own.approves() {
        return None;
    }
    let standing = context.standing_vote(board, &opinions, own.order.day);
    let ballot: Option<Ballot> = standing.map(|vote| vote.ballot);
    ballot.map(|ballot| ballot.is_quorate())
}

/// The register with the meeting that is being recorded.
struct WithMeeting<'a> {
    register: &'a Register,
    id: &'a SubjectId,
    board: Arc<Subject>,
}

fn with_meeting<'a>(check: &EventCheck<'a>, held: &Fact<MeetingHeld>) -> Option<WithMeeting<'a>> {
    let mut subject = check.subject()?.clone();
    subject.as_board_mut()?.meetings_held.insert(held.clone());
    Some(WithMeeting {
        register: check.register,
        id: check.id(),
        board: Arc::new(subject),
    })
}

impl SubjectLookup for WithMeeting<'_> {
    fn subject(&self, id: &SubjectId) -> Option<Arc<Subject>> {
        match id == self.id {
            true => Some(Arc::clone(&self.board)),
            false => SubjectLookup::subject(self.register, id),
        }
    }

    fn successions(&self) -> Arc<Successions> {
        SubjectLookup::successions(self.register)
    }

    fn bodies(&self) -> Vec<(BodyId, Arc<Subject>)> {
        SubjectLookup::bodies(self.register)
    }

    fn boards_with_rules(&self) -> Arc<BoardsWithRules> {
        SubjectLookup::boards_with_rules(self.register)
    }
}
