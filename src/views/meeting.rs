//! Meetings of a board: each in the view of the board, and one in full, from which minutes
//! can be drawn.

mod remarks;

use super::{boards, course, names};
use std::collections::BTreeSet;

use crate::meeting::remarks::SittingRemarks;
use crate::proposal_cache::title;
use minutebook_domain::approval::{ApprovalContext, Electorate, describe, is_inquorate};
use minutebook_domain::board::{Board, ChairOffice};
use minutebook_domain::date::PartialDate;
use minutebook_domain::dossier::{Decision, DecisionSource, Proposal, ProposalSource};
use minutebook_domain::event::{
    ActionAgreed, InterestCourse, MeetingHeld, MeetingRef, Tally, VirementApproved, VoteCast,
    VoteChoice,
};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BoardId, ItemId, ProposalId, SubjectId};
use minutebook_domain::meeting::{Meeting, Sitting, by_agenda, meets_on};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::enum_label::EnumLabel as _;
use minutebook_wire::proto::{
    AttendanceView, MeetingInFullView, MeetingLineKind, MeetingLineView, MeetingStanding,
    MeetingView, SittingView,
};
use minutebook_wire::reply;

/// One meeting, if an entry calls it or says that it was held by the day of the view.
pub fn get(
    register_view: &RegisterView,
    id: &BoardId,
    meeting: &ItemId,
) -> Option<MeetingInFullView> {
    let board = register_view.board(id)?;
    let found = board.meeting(meeting)?;
    let on = found.on()?;
    let day = on.last_day();
    let electorate = Electorate::new(register_view, id, &board, day);
    let present = found.held.and_then(|held| electorate.present_at(held));
    let own = MeetingContext {
        register_view,
        id,
        board: &board,
        meeting: &found,
    };
    let sittings = found.all_held();
    let mut sittings: Vec<SittingRemarks<'_>> = sittings
        .map(|held| SittingRemarks::new(&own, held))
        .collect();
    let mut lines = Vec::new();
    for (subject_id, subject) in register_view.subjects() {
        for sitting in &mut sittings {
            sitting.compare(&subject);
        }
        let context = LineContext {
            register_view,
            board: id,
            meeting,
            subject_id,
            subject: &subject,
        };
        context.add(&mut lines);
    }
    // A matter that the meeting decided is there with its decision.
    let decided: BTreeSet<String> = lines
        .iter()
        .filter(|line| line.kind() == MeetingLineKind::Decision)
        .map(|line| line.proposal_id.clone())
        .collect();
    lines.retain(|line| {
        line.kind() != MeetingLineKind::Matter || !decided.contains(&line.proposal_id)
    });
    lines.sort_by(|one, other| {
        let items = by_agenda(&one.agenda_item, &other.agenda_item);
        items.then(one.position.cmp(&other.position))
    });
    let orders = board.standing_orders(day);
    let is_adjourned = sittings.len() > 1;
    let remarks = sittings.into_iter();
    let remarks = remarks.flat_map(|sitting| sitting.list(is_adjourned));
    let followed = super::boards::followed(register_view, id);
    let office = |office: Option<ChairOffice<'_>>| {
        let office = office?;
        let name = office.appointed.office.as_ref();
        Some(names::office(register_view, office.holder()?, name))
    };
    Some(MeetingInFullView {
        board: Some(names::board(register_view, id)),
        meeting: Some(own.view()),
        member_count: super::collaborations::count(electorate.votes.len()),
        present_count: super::collaborations::count(present.map_or(0, |present| present.len())),
        quorum: orders.quorum.unwrap_or_default(),
        lines,
        remarks: remarks.collect(),
        chair: office(board.chair(&followed, day)),
        vice_chair: office(board.vice_chair(&followed, day)),
    })
}

/// A meeting, and the board whose it is.
pub(super) struct MeetingContext<'a> {
    pub register_view: &'a RegisterView,
    pub id: &'a BoardId,
    pub board: &'a Board,
    pub meeting: &'a Meeting<'a>,
}

impl MeetingContext<'_> {
    /// The meeting as the entries about it describe it.
    pub fn view(&self) -> MeetingView {
        let (register_view, meeting) = (self.register_view, self.meeting);
        let called = meeting.called;
        let held = meeting.held;
        let on = meeting.on();
        let called_for = called.map(meets_on).filter(|day| Some(*day) != on);
        let positions = [
            called.map(Fact::position),
            meeting.all_held().map(Fact::position).max(),
            meeting.cancelled.map(Fact::position),
            meeting.minutes.map(Fact::position),
        ];
        let id = held.map(|held| &held.meeting);
        let id = id.or_else(|| called.and_then(|called| called.meeting.as_ref()));
        let presiding = held.and_then(|held| held.presiding.as_ref());
        let adjourned_to = meeting.all_held().flat_map(|held| &held.adjourned_to);
        let sittings = meeting.sittings();
        let later = sittings.iter().skip(1);
        MeetingView {
            held_on: reply::optional_date(on),
            held_on_is: reply::date_is(held.and_then(Fact::is)),
            agenda: reply::optional(called.map(|called| &called.agenda)),
            meeting_id: reply::optional(id),
            standing: standing(register_view, meeting).into(),
            called_on: reply::optional_date(called.map(Fact::on)),
            called_for_on: reply::optional_date(called_for),
            papers: called.and_then(|called| reply::document(&called.papers)),
            attendance: held.map(|held| self.attendance(held)).unwrap_or_default(),
            presided_by: presiding.map(|presiding| names::actor(register_view, &presiding.who)),
            presided_as: presiding
                .map(|presiding| reply::presiding_as(presiding.presided_as))
                .unwrap_or_default(),
            minutes: held.and_then(|held| reply::document(&held.minutes)),
            minutes_approved_on: reply::optional_date(meeting.minutes.map(Fact::on)),
            minutes_approved_at_id: reply::optional(
                meeting
                    .minutes
                    .and_then(|minutes| minutes.at_meeting.as_ref()),
            ),
            minutes_approved_at_board: meeting
                .minutes
                .and_then(|minutes| minutes.at_meeting.as_ref())
                .and_then(|at| boards::next_with_meeting(register_view, self.id, at))
                .map(|board| names::board(register_view, &board)),
            corrections: reply::optional(meeting.minutes.map(|minutes| &minutes.corrections)),
            inquorate_from_item: reply::optional(held.map(|held| &held.inquorate_from_item)),
            adjourned_to_on: adjourned_to.copied().map(reply::date).collect(),
            cancelled_on: reply::optional_date(meeting.cancelled.map(Fact::on)),
            cancelled_reason: reply::optional(meeting.cancelled.map(|cancelled| &cancelled.reason)),
            position: positions
                .into_iter()
                .flatten()
                .max()
                .map(|position| position.get())
                .unwrap_or_default(),
            sittings: later.map(|sitting| self.sitting(sitting)).collect(),
        }
    }

    /// A later sitting, with a presence and a quorum of its own.
    fn sitting(&self, sitting: &Sitting<'_>) -> SittingView {
        let register_view = self.register_view;
        let day = sitting.on.last_day();
        let held = sitting.held;
        let standing = match held {
            Some(held) if held.inquorate => MeetingStanding::Inquorate,
            Some(_) => MeetingStanding::Held,
            None if day < register_view.as_at() => MeetingStanding::NotRecordedAsHeld,
            None => MeetingStanding::Called,
        };
        let electorate = Electorate::new(register_view, self.id, self.board, day);
        let present = held.and_then(|held| electorate.present_at(held));
        let presiding = held.and_then(|held| held.presiding.as_ref());
        SittingView {
            on: Some(reply::date(sitting.on)),
            on_is: reply::date_is(held.and_then(Fact::is)),
            standing: standing.into(),
            attendance: held.map(|held| self.attendance(held)).unwrap_or_default(),
            presided_by: presiding.map(|presiding| names::actor(register_view, &presiding.who)),
            presided_as: presiding
                .map(|presiding| reply::presiding_as(presiding.presided_as))
                .unwrap_or_default(),
            minutes: held.and_then(|held| reply::document(&held.minutes)),
            inquorate_from_item: reply::optional(held.map(|held| &held.inquorate_from_item)),
            member_count: super::collaborations::count(electorate.votes.len()),
            present_count: super::collaborations::count(present.map_or(0, |all| all.len())),
            quorum: self.board.standing_orders(day).quorum.unwrap_or_default(),
            position: held.map(|held| held.position().get()).unwrap_or_default(),
        }
    }

    fn attendance(&self, held: &MeetingHeld) -> Vec<AttendanceView> {
        let attendance = held.attendance.iter();
        attendance
            .map(|one| AttendanceView {
                who: Some(names::actor(self.register_view, &one.who)),
                attendance: reply::attendance_kind(one.attendance),
                substitute: one
                    .substitute
                    .as_ref()
                    .map(|by| names::actor(self.register_view, by)),
            })
            .collect()
    }
}

fn standing(register_view: &RegisterView, meeting: &Meeting<'_>) -> MeetingStanding {
    let is_past =
        |day: minutebook_domain::date::PartialDate| day.last_day() < register_view.as_at();
    match (meeting.held, meeting.cancelled, meeting.called) {
        (Some(held), _, _) if held.inquorate => MeetingStanding::Inquorate,
        (Some(_), _, _) => MeetingStanding::Held,
        (None, Some(_), _) => MeetingStanding::Cancelled,
        // Without an id, an entry that names a day before its own says that it was held.
        (None, None, Some(called))
            if called.meeting.is_none()
                && called
                    .meets_on
                    .is_some_and(|day| day.last_day() <= called.day()) =>
        {
            MeetingStanding::Held
        }
        (None, None, Some(called)) if is_past(meets_on(called)) => {
            MeetingStanding::NotRecordedAsHeld
        }
        (None, None, Some(_)) => MeetingStanding::Called,
        (None, None, None) => MeetingStanding::Unspecified,
    }
}

/// Collects the lines of one subject.
struct LineContext<'a> {
    register_view: &'a RegisterView,
    board: &'a BoardId,
    meeting: &'a ItemId,
    subject_id: &'a SubjectId,
    subject: &'a Subject,
}

impl LineContext<'_> {
    fn add(&self, lines: &mut Vec<MeetingLineView>) {
        let dossier = &self.subject.dossier;
        lines.extend(
            dossier
                .decisions
                .values()
                .filter_map(|one| self.decision(one)),
        );
        for (id, proposal) in &dossier.proposals {
            let title = title(proposal);
            lines.extend(self.matter(*id, &title, proposal));
            let votes = proposal.votes.iter();
            lines.extend(votes.filter_map(|vote| self.vote(*id, &title, vote)));
        }
        for (id, action) in &dossier.actions {
            let closed = action.closed.at(self.register_view.as_at());
            let result = closed.map_or_else(
                || "open".to_owned(),
                |closed| format!("closed {}: {}", closed.on(), closed.outcome),
            );
            lines.extend(self.action(id, &action.agreed, result));
        }
    }

    /// A line of the meeting; `None` for whatever was done elsewhere.
    fn line(
        &self,
        at: Option<&MeetingRef>,
        kind: MeetingLineKind,
        on: Option<PartialDate>,
    ) -> Option<MeetingLineView> {
        let at = at.filter(|at| at.board == *self.board && at.meeting == *self.meeting)?;
        Some(MeetingLineView {
            agenda_item: at.agenda_item.to_string(),
            kind: kind.into(),
            subject: self.subject_id.to_string(),
            subject_name: self.subject.name().unwrap_or_default().to_owned(),
            on: reply::optional_date(on),
            ..MeetingLineView::default()
        })
    }

    fn decision(&self, decision: &Decision) -> Option<MeetingLineView> {
        let line = self.line(
            decision.meeting(),
            MeetingLineKind::Decision,
            Some(decision.on()),
        )?;
        Some(match &decision.made {
            DecisionSource::Made(made) => {
                let outcome = match is_inquorate(self.register_view, made) {
                    true => format!("{} (no quorum: it decides nothing)", made.outcome),
                    false => made.outcome.to_string(),
                };
                let by = made.source.entry.event.acted_by.as_ref();
                MeetingLineView {
                    what: made.title.to_string(),
                    result: with_tally(outcome, made.tally.as_ref(), made.amendments.as_str()),
                    by: by.map(|by| names::actor(self.register_view, by)),
                    item_id: made.decision.to_string(),
                    proposal_id: reply::optional(made.proposal.as_ref()),
                    position: made.position().get(),
                    ..line
                }
            }
            DecisionSource::Virement(approved) => self.virement(line, approved),
            DecisionSource::External(_) => return None,
        })
        .map(|line| self.since_then(line, decision))
    }

    /// The line with the present standing of its decision, where a call-in or a court has
    /// changed it.
    fn since_then(&self, mut line: MeetingLineView, decision: &Decision) -> MeetingLineView {
        if let Some(since) = course::standing_since(decision, self.register_view.as_at()) {
            line.result.push_str("; since then: ");
            line.result.push_str(&since.label());
        }
        line
    }

    fn virement(
        &self,
        line: MeetingLineView,
        approved: &Fact<VirementApproved>,
    ) -> MeetingLineView {
        let proposal = self.subject.dossier.proposals.get(&approved.proposal);
        let amount = approved.amount.map(|amount| format!(" for {amount}"));
        let outcome = format!("approved{}", amount.unwrap_or_default());
        let by = approved.source.entry.event.acted_by.as_ref();
        MeetingLineView {
            what: proposal.map_or_else(|| "Virement".to_owned(), title),
            result: with_tally(outcome, approved.tally.as_ref(), ""),
            by: by.map(|by| names::actor(self.register_view, by)),
            item_id: approved.decision.to_string(),
            proposal_id: approved.proposal.to_string(),
            position: approved.position().get(),
            ..line
        }
    }

    /// A matter on the agenda of the meeting.
    fn matter(&self, id: ProposalId, title: &str, proposal: &Proposal) -> Option<MeetingLineView> {
        let ProposalSource::Matter(put) = &proposal.source else {
            return None;
        };
        let line = self.line(put.meeting.as_ref(), MeetingLineKind::Matter, None)?;
        let context = ApprovalContext {
            lookup: self.register_view,
            id: self.subject_id,
            subject: self.subject,
        };
        let status = context.status(id, proposal, self.register_view.as_at());
        let proposer = proposal.proposer();
        Some(MeetingLineView {
            what: title.to_owned(),
            result: describe::resolution(status.resolution).to_owned(),
            by: proposer.map(|by| names::actor(self.register_view, by)),
            proposal_id: id.to_string(),
            position: proposal.entry().position.get(),
            ..line
        })
    }

    fn vote(&self, id: ProposalId, title: &str, vote: &Fact<VoteCast>) -> Option<MeetingLineView> {
        let line = self.line(
            vote.meeting.as_ref(),
            MeetingLineKind::Vote,
            Some(vote.on()),
        )?;
        let choice = match vote.choice {
            VoteChoice::Approve => "for",
            VoteChoice::Reject => "against",
            VoteChoice::Abstain => "abstained",
        };
        let course = vote.interest.as_ref().map(|interest| interest.course);
        // One who left did not abstain.
        let choice = match course {
            Some(InterestCourse::LeftTheRoom) => "left the room",
            Some(InterestCourse::StayedWithoutVote) => "stayed without a vote",
            Some(InterestCourse::Voted) | None => choice,
        };
        let interest = match (&vote.interest, vote.conflict_declared.as_str()) {
            (Some(interest), _) => {
                let by = match interest.dispensation {
                    Some(_) => ", with a dispensation",
                    None => "",
                };
                format!("; interest declared{by}: {}", interest.description)
            }
            (None, "") => String::new(),
            (None, declared) => format!("; conflict declared: {declared}"),
        };
        Some(MeetingLineView {
            what: title.to_owned(),
            result: format!("{choice}{interest}"),
            by: Some(names::actor(self.register_view, &vote.voter)),
            proposal_id: id.to_string(),
            position: vote.position().get(),
            ..line
        })
    }

    fn action(
        &self,
        id: &ItemId,
        agreed: &Fact<ActionAgreed>,
        result: String,
    ) -> Option<MeetingLineView> {
        let line = self.line(
            agreed.meeting.as_ref(),
            MeetingLineKind::Action,
            Some(agreed.on()),
        )?;
        let owner = agreed.owner.as_ref();
        Some(MeetingLineView {
            what: agreed.what.to_string(),
            result,
            by: owner.map(|owner| names::actor(self.register_view, owner)),
            item_id: id.to_string(),
            due_on: reply::optional_date(agreed.due_on),
            position: agreed.position().get(),
            ..line
        })
    }
}

fn with_tally(outcome: String, tally: Option<&Tally>, amendments: &str) -> String {
    let tally = tally.map(|tally| format!(" ({tally})")).unwrap_or_default();
    let amendments = match amendments {
        "" => String::new(),
        moved => format!("; amendments: {moved}"),
    };
    format!("{outcome}{tally}{amendments}")
}
