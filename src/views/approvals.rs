//! Approvals: every proposal with its standing, who is awaited and since when.

use super::decisions::days;
use super::proposal_cache::title;
use super::{course, names, reasoning, sittings};
use minutebook_domain::approval::{
    ApprovalContext, Approver, OpinionEffect, ProposalStatus, board_on,
};
use minutebook_domain::date::PartialDate;
use minutebook_domain::dossier::Proposal;
use minutebook_domain::event::Requirement;
use minutebook_domain::ids::{BoardId, BodyId, ProposalId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::ApprovalView;
use minutebook_wire::{reply, summary};

/// The lines, oldest first. The filters select one subject, one awaited body, and open
/// proposals.
pub fn list(
    register_view: &RegisterView,
    subject: Option<&SubjectId>,
    body: Option<&BodyId>,
    outstanding_only: bool,
) -> Vec<ApprovalView> {
    let mut lines = Vec::new();
    for (id, subject) in register_view.subjects_or(subject) {
        for (proposal_id, proposal) in &subject.dossier.proposals {
            let about = ProposalContext {
                register_view,
                id,
                subject: &subject,
                proposal_id: *proposal_id,
                proposal,
            };
            let status = about.status();
            if outstanding_only && !status.is_open() {
                continue;
            }
            if body.is_some_and(|body| !awaits(&status.awaited(), body)) {
                continue;
            }
            lines.push((proposal.effective_order(), about.line(&status)));
        }
    }
    lines.sort_by_cached_key(|(order, _)| *order);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn awaits(awaited: &[Approver], body: &BodyId) -> bool {
    awaited
        .iter()
        .any(|approver| approver.actor.as_ref().and_then(|who| who.body()) == Some(body))
}

/// A proposal and the register view in which it is seen.
pub(super) struct ProposalContext<'a> {
    pub register_view: &'a RegisterView,
    pub id: &'a SubjectId,
    pub subject: &'a Subject,
    pub proposal_id: ProposalId,
    pub proposal: &'a Proposal,
}

impl<'a> ProposalContext<'a> {
    pub const fn context(&self) -> ApprovalContext<'a> {
        ApprovalContext {
            lookup: self.register_view,
            id: self.id,
            subject: self.subject,
        }
    }

    pub fn status(&self) -> ProposalStatus<'a> {
        let day = self.register_view.as_at();
        self.context().status(self.proposal_id, self.proposal, day)
    }

    pub fn line(&self, status: &ProposalStatus<'_>) -> ApprovalView {
        let register_view = self.register_view;
        let is_open = status.is_open();
        let interruption = status
            .interruption()
            .filter(|_| !is_open || status.is_suspended());
        let act = self.proposal.act();
        let board = deciding_board(register_view, status, self.proposal);
        let board = board.as_ref();
        let need = status.requirement.as_ref();
        ApprovalView {
            currency: reply::currency(self.subject.dossier.currency),
            subject: self.id.to_string(),
            subject_name: self.subject.name().unwrap_or_default().to_owned(),
            proposal_id: self.proposal_id.to_string(),
            title: title(self.proposal),
            matter_kind: reply::matter_kind(act.kind()),
            matter: summary::proposed(&self.proposal.entry().event),
            standing: reasoning::standing(status).into(),
            proposed_on: Some(reply::date(self.proposal.on())),
            proposed_on_is: reply::date_is(self.proposal.entry().event.effective_on_is),
            proposed_by: self
                .proposal
                .proposer()
                .map(|proposer| names::actor(register_view, proposer)),
            since_on: Some(reply::date(status.since)),
            age_days: if is_open {
                days(status.since, register_view.as_at().into())
            } else {
                0
            },
            settled_on: reply::optional_date(status.settled.as_ref().map(|settled| settled.on)),
            rule: Some(reasoning::rule(&status.regime)),
            agreed: need
                .map(|need| reasoning::approvers(register_view, &need.agreed))
                .unwrap_or_default(),
            against: need
                .map(|need| reasoning::approvers(register_view, &need.against))
                .unwrap_or_default(),
            awaited: reasoning::awaited(register_view, status),
            board: board.map(|board| names::board(register_view, board)),
            next_meeting_on: board
                .filter(|_| is_open)
                .and_then(|board| sittings::next(register_view, board))
                .map(reply::date),
            lapses_on: reply::optional_date(self.proposal.lapses_on()),
            amount_pence: reply::optional_pence(act.amount()),
            position: self.proposal.entry().position.get(),
            conditions: course::awaited_conditions(register_view, status),
            put_to: names::bodies(register_view, self.proposal.put_to()),
            put_to_offices: self
                .proposal
                .put_to_offices()
                .iter()
                .map(|office| names::actor(register_view, office))
                .collect(),
            conditions_in_words: self.conditions_in_words(status),
            rejected_without_quorum_on: reply::optional_date(
                undecided_on(status).filter(|_| is_open),
            ),
            interruption: interruption
                .map(|(cause, _)| course::interruption(cause))
                .unwrap_or_default(),
            interrupted_on: reply::optional_date(interruption.map(|(_, on)| on)),
        }
    }
}

impl ProposalContext<'_> {
    /// The conditions in words alone of the approvals that count.
    fn conditions_in_words(&self, status: &ProposalStatus<'_>) -> Vec<String> {
        let counting = status.opinions.iter().filter(|opinion| {
            let counts = opinion.effect == OpinionEffect::Counts;
            counts && opinion.approves()
        });
        let decisions = &self.subject.dossier.decisions;
        let decided = counting.filter_map(|opinion| decisions.get(opinion.decision?));
        let words = decided.filter_map(|decision| decision.conditions_in_words_alone());
        words.map(ToString::to_string).collect()
    }
}

/// The date of the last rejection by a board without a quorum.
fn undecided_on(status: &ProposalStatus<'_>) -> Option<PartialDate> {
    let undecided = status.opinions.iter();
    let undecided = undecided.filter(|opinion| opinion.effect == OpinionEffect::WithoutQuorum);
    let last = undecided.max_by_key(|opinion| opinion.order)?;
    Some(last.entry.effective_on())
}

/// The board that is to decide: the one that the proposal was put to, or else the first
/// whose vote the rule asks for; the board that has followed it, where it has ended.
pub(super) fn deciding_board(
    register_view: &RegisterView,
    status: &ProposalStatus<'_>,
    proposal: &Proposal,
) -> Option<BoardId> {
    let wanted = status.requirement.as_ref().map(|need| &need.requirement);
    match (proposal.board(), status.is_open()) {
        (Some(_), true) => status.board.clone(),
        (None, true) => board_on(register_view, deciding(wanted?)?, register_view.as_at()),
        (board, false) => board.or_else(|| wanted.and_then(deciding)).cloned(),
    }
}

/// The first board whose vote a requirement needs.
fn deciding(wanted: &Requirement) -> Option<&BoardId> {
    match wanted {
        Requirement::Board(vote) => Some(&vote.board),
        Requirement::AnyOf(of) | Requirement::AllOf(of) => of.iter().find_map(deciding),
        _ => None,
    }
}
