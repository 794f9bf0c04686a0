//! Approvals: every proposal, where it stands, who is awaited and since when.

use jiff::civil::Date;

use super::decisions::days;
use super::proposals::title;
use super::{names, reasoning};
use crate::domain::approval::{ApprovalContext, Approver, ProposalStatus, Resolution};
use crate::domain::dossier::Proposal;
use crate::domain::event::Requirement;
use crate::domain::ids::{BoardId, BodyId, ProposalId, SubjectId};
use crate::domain::register_view::RegisterView;
use crate::domain::subject::Subject;
use crate::wire::proto::ApprovalView;
use crate::wire::{reply, summary};

/// The lines, oldest first: of one subject, awaiting one body, or only what
/// awaits decision, where that is asked for.
pub fn list(
    outlook: &RegisterView,
    subject: Option<&SubjectId>,
    body: Option<&BodyId>,
    outstanding_only: bool,
) -> Vec<ApprovalView> {
    let mut lines = Vec::new();
    for (id, of) in outlook.subjects_or(subject) {
        for (proposal_id, proposal) in &of.dossier.proposals {
            let about = ProposalContext {
                outlook,
                id,
                of: &of,
                proposal_id: *proposal_id,
                proposal,
            };
            let course = about.course();
            if outstanding_only && course.resolution != Resolution::Open {
                continue;
            }
            if body.is_some_and(|body| !awaits(&course.awaited(), body)) {
                continue;
            }
            lines.push((proposal.effective_order(), about.line(&course)));
        }
    }
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn awaits(awaited: &[Approver], body: &BodyId) -> bool {
    awaited
        .iter()
        .any(|voice| voice.actor.as_ref().and_then(|who| who.body()) == Some(body))
}

/// A proposal, seen through an outlook.
pub(super) struct ProposalContext<'a> {
    pub outlook: &'a RegisterView,
    pub id: &'a SubjectId,
    pub of: &'a Subject,
    pub proposal_id: ProposalId,
    pub proposal: &'a Proposal,
}

impl<'a> ProposalContext<'a> {
    pub const fn sight(&self) -> ApprovalContext<'a> {
        ApprovalContext {
            lookup: self.outlook,
            id: self.id,
            subject: self.of,
        }
    }

    pub fn course(&self) -> ProposalStatus<'a> {
        let day = self.outlook.as_at();
        self.sight().status(self.proposal_id, self.proposal, day)
    }

    pub fn line(&self, course: &ProposalStatus<'_>) -> ApprovalView {
        let outlook = self.outlook;
        let is_open = course.resolution == Resolution::Open;
        let topic = self.proposal.act();
        let board = self.proposal.board().or_else(|| {
            let wanted = course.requirement.as_ref().map(|need| &need.requirement);
            wanted.and_then(deciding)
        });
        let need = course.requirement.as_ref();
        ApprovalView {
            subject: self.id.to_string(),
            subject_name: self.of.name().unwrap_or_default().to_owned(),
            proposal_id: self.proposal_id.to_string(),
            title: title(self.proposal),
            matter_kind: reply::matter_kind(topic.kind()),
            matter: summary::proposed(&self.proposal.entry().event),
            standing: reasoning::standing(course).into(),
            proposed_on: Some(reply::date(self.proposal.on())),
            proposed_by: self
                .proposal
                .proposer()
                .map(|proposer| names::actor(outlook, proposer)),
            since_on: Some(reply::date(course.since)),
            age_days: if is_open {
                days(course.since, outlook.as_at().into())
            } else {
                0
            },
            settled_on: reply::optional_date(course.settled.as_ref().map(|settled| settled.on)),
            rule: Some(reasoning::rule(&course.regime)),
            agreed: need
                .map(|need| reasoning::voices(outlook, &need.agreed))
                .unwrap_or_default(),
            against: need
                .map(|need| reasoning::voices(outlook, &need.against))
                .unwrap_or_default(),
            awaited: reasoning::voices(outlook, &course.awaited()),
            board: board.map(|board| names::board(outlook, board)),
            next_meeting_on: board
                .filter(|_| is_open)
                .and_then(|board| next_meeting(outlook, board)),
            lapses_on: reply::optional_date(self.proposal.lapses_on()),
            amount_pence: reply::optional_pence(topic.amount()),
            position: self.proposal.entry().position.get(),
        }
    }
}

/// The first board whose vote a requirement asks for.
fn deciding(wanted: &Requirement) -> Option<&BoardId> {
    match wanted {
        Requirement::Board(vote) => Some(&vote.board),
        Requirement::AnyOf(of) | Requirement::AllOf(of) => of.iter().find_map(deciding),
        _ => None,
    }
}

/// The next meeting of a board that has been called, today's included.
fn next_meeting(outlook: &RegisterView, board: &BoardId) -> Option<crate::wire::proto::Date> {
    let today: Date = outlook.as_at();
    let board = outlook.board(board)?;
    board
        .meetings
        .iter()
        .map(|meeting| meeting.meets_on.unwrap_or_else(|| meeting.on()))
        .filter(|on| on.last_day() >= today)
        .min()
        .map(reply::date)
}
