//! The decision log: decisions, and matters that await one.

use super::acts::{before_first_rules, resting_faults};
use super::proposal_cache::{AwaitingDecision, DecisionLogStatus, ProposalCache, state, title};
use super::{course, names, reasoning};
use minutebook_domain::approval::{OpinionEffect, ProposalStatus, Resolution, is_inquorate};
use minutebook_domain::date::PartialDate;
use minutebook_domain::dossier::{Decision, DecisionSource, Proposal, ProposalSource};
use minutebook_domain::entry::Entry;
use minutebook_domain::event::{
    DecisionMade, DecisionPublished, ExternalDecisionReceived, Kind, Outcome,
};
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{ProposalId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{DecisionPublicationView, DecisionStanding, DecisionView};
use minutebook_wire::reply;

/// A line of the log. A line that deferred a matter stays unchanged when the matter is
/// settled, except that it is no longer pending.
struct Line {
    order: EffectiveOrder,
    view: DecisionView,
    pending: bool,
}

/// The lines, oldest first. The filters select one subject and pending matters.
pub fn list(
    register_view: &RegisterView,
    subject: Option<&SubjectId>,
    pending_only: bool,
) -> Vec<DecisionView> {
    let mut lines: Vec<Line> = Vec::new();
    for (id, subject) in register_view.subjects_or(subject) {
        lines.extend(DecisionContext(&ProposalCache::new(register_view, id, &subject)).lines());
    }
    lines.retain(|line| line.pending || !pending_only);
    in_order(lines)
}

/// The lines of one subject, oldest first.
pub(super) fn all(cache: &ProposalCache<'_>) -> Vec<DecisionView> {
    in_order(DecisionContext(cache).lines())
}

fn in_order(mut lines: Vec<Line>) -> Vec<DecisionView> {
    lines.sort_by_cached_key(|line| line.order);
    lines.into_iter().map(|line| line.view).collect()
}

/// All decisions on one proposal, oldest first. `decided` are the decisions that name
/// it.
pub(super) fn of_proposal(
    cache: &ProposalCache<'_>,
    proposal_id: ProposalId,
    proposal: &Proposal,
    decided: &[&Decision],
) -> Vec<DecisionView> {
    let context = DecisionContext(cache);
    let decided = decided.iter().filter(|decision| !is_answer(decision));
    let decided = decided.map(|decision| context.decided(decision));
    let mut lines: Vec<Line> = decided.collect();
    let answers = proposal.external.iter();
    lines.extend(answers.map(|fact| context.answered(proposal_id, proposal, fact)));
    lines.extend(context.undecided(proposal_id).filter(|line| !line.pending));
    in_order(lines)
}

/// Whether it is the answer of an outside decider, which has a line anyway.
const fn is_answer(decision: &Decision) -> bool {
    matches!(decision.made, DecisionSource::External(_))
}

/// Builds the lines of one subject.
struct DecisionContext<'a, 'b>(&'b ProposalCache<'a>);

impl DecisionContext<'_, '_> {
    /// All lines, unsorted.
    fn lines(&self) -> Vec<Line> {
        let dossier = &self.0.subject.dossier;
        let decisions = dossier.decisions.values();
        let decisions = decisions.filter(|decision| !is_answer(decision));
        let mut lines: Vec<Line> = decisions.map(|decision| self.decided(decision)).collect();
        for (proposal_id, proposal) in &dossier.proposals {
            let answers = proposal.external.iter();
            lines.extend(answers.map(|fact| self.answered(*proposal_id, proposal, fact)));
            lines.extend(self.undecided(*proposal_id));
        }
        lines
    }

    /// The fields that every line takes from its entry.
    fn line_of(&self, entry: &Entry) -> DecisionView {
        let by = entry.event.acted_by.as_ref();
        DecisionView {
            subject: self.0.id.to_string(),
            subject_name: self.0.subject.name().unwrap_or_default().to_owned(),
            on: Some(reply::date(entry.effective_on())),
            on_is: reply::date_is(entry.event.effective_on_is),
            by: by.map(|by| names::actor(self.0.register_view, by)),
            sources: reply::sources(&entry.event.sources),
            not_covered: before_first_rules(&self.0.subject.dossier, entry),
            authority: course::authority(self.0.id, entry),
            position: entry.position.get(),
            ..DecisionView::default()
        }
    }

    /// A decision. One that deferred or referred a matter is pending until the matter is
    /// settled.
    fn decided(&self, decision: &Decision) -> Line {
        let (order, mut view, pending) = match &decision.made {
            DecisionSource::Made(made) => self.made(made),
            DecisionSource::Virement(approved) => {
                let proposal = self.0.subject.dossier.proposals.get(&approved.proposal);
                let board = approved.board.as_ref();
                let view = DecisionView {
                    decision_id: approved.decision.to_string(),
                    proposal_id: approved.proposal.to_string(),
                    title: proposal.map_or_else(|| "Virement".to_owned(), title),
                    standing: DecisionStanding::Approved.into(),
                    board: board.map(|board| names::board(self.0.register_view, board)),
                    conditions: approved.conditions.to_string(),
                    tally: approved.tally.as_ref().map(reply::voting::tally),
                    meeting: approved.meeting.as_ref().map(reply::voting::meeting),
                    ..self.line_of(&approved.source.entry)
                };
                (approved.effective_order(), view, false)
            }
            DecisionSource::External(received) => (
                received.effective_order(),
                self.line_of(&received.source.entry),
                false,
            ),
        };
        self.add_course(&mut view, decision);
        view.faults = resting_faults(self.0, decision.entry(), order);
        Line {
            order,
            view,
            pending,
        }
    }

    /// Its publication.
    fn add_publication(&self, view: &mut DecisionView, decision: &Decision) {
        let day = self.0.register_view.as_at();
        let published = decision.publication(day);
        view.published_on = reply::optional_date(published.map(Fact::on));
        view.published_on_is = reply::date_is(published.and_then(Fact::is));
        view.published = published.and_then(|published| reply::document(&published.document));
        let publications = decision.published.by(day);
        view.publications = publications.map(publication).collect();
        let withheld = decision.withholding(day);
        view.withheld_on = reply::optional_date(withheld.map(Fact::on));
        view.withheld_ground = reply::optional(withheld.map(|withheld| &withheld.ground));
    }

    /// The course of a decision since it was made. An approval that is not in force is
    /// not shown as approved.
    fn add_course(&self, view: &mut DecisionView, decision: &Decision) {
        let register_view = self.0.register_view;
        let dossier = &self.0.subject.dossier;
        self.add_publication(view, decision);
        let (id, from) = match &decision.made {
            DecisionSource::Made(made) => (&made.decision, made.in_force_from),
            DecisionSource::Virement(approved) => (&approved.decision, approved.in_force_from),
            DecisionSource::External(received) => match &received.decision {
                Some(id) => (id, None),
                None => return,
            },
        };
        let waiver = decision.call_in_waiver();
        view.call_in_waiver = waiver.map(|waiver| course::call_in_waiver(register_view, waiver));
        let end = EffectiveOrder::end_of(register_view.as_at());
        let proposal = decision.proposal();
        let proposal = proposal.and_then(|id| Some((id, dossier.proposals.get(&id)?)));
        let status = proposal.map(|(id, proposal)| self.0.status(id, proposal));
        let awaited = status
            .as_ref()
            .map(|status| course::awaited_conditions(register_view, status))
            .unwrap_or_default();
        let met = status.as_ref().map(|status| &status.met_conditions[..]);
        let met = met.unwrap_or_default();
        view.subject_to = course::conditions(register_view, id, decision, &awaited, met);
        view.in_force_from_on = reply::optional_date(from);
        let call_ins = decision.call_ins.values();
        view.call_ins = call_ins
            .map(|item| course::call_in(register_view, dossier, decision, item))
            .collect();
        let challenges = decision.challenges.values();
        view.challenges = challenges
            .map(|item| course::challenge(register_view, item))
            .collect();
        let own = status.as_ref().and_then(|status| {
            let mut opinions = status.opinions.iter();
            opinions.find(|opinion| opinion.decision == Some(id))
        });
        let effect = own.map(|own| own.effect);
        view.minute = effect == Some(OpinionEffect::Minute);
        view.inquorate |= effect == Some(OpinionEffect::WithoutQuorum);
        view.rests_on_minutes =
            course::rests_on_minutes(decision, proposal.map(|(_, proposal)| proposal));
        let is_later = from.is_some_and(|from| from.first_day() > register_view.as_at());
        let standing = if let Some(since) = course::standing_since(decision, end.day) {
            since
        } else if effect == Some(OpinionEffect::Fallen) {
            DecisionStanding::Fallen
        } else if effect == Some(OpinionEffect::Conditional) || own.is_none() && is_later {
            DecisionStanding::SubjectTo
        } else {
            return;
        };
        view.standing = standing.into();
    }

    fn made(&self, made: &Fact<DecisionMade>) -> (EffectiveOrder, DecisionView, bool) {
        let (standing, referred_to) = match &made.outcome {
            Outcome::Approved => (DecisionStanding::Approved, None),
            Outcome::Rejected => (DecisionStanding::Rejected, None),
            Outcome::Noted => (DecisionStanding::Noted, None),
            Outcome::Supported => (DecisionStanding::Supported, None),
            Outcome::Deferred => (DecisionStanding::Deferred, None),
            Outcome::Referred(to) => (DecisionStanding::Referred, Some(to)),
        };
        let proposal = made
            .proposal
            .and_then(|id| Some((id, self.0.subject.dossier.proposals.get(&id)?)));
        let open = match (&made.outcome, proposal) {
            (Outcome::Deferred | Outcome::Referred(_), Some((id, proposal))) => {
                match state(&self.0.status(id, proposal)) {
                    DecisionLogStatus::Open(open)
                        if open
                            .by
                            .is_some_and(|by| by.effective_order() == made.effective_order()) =>
                    {
                        Some(open)
                    }
                    _ => None,
                }
            }
            // Without a proposal nothing can be recorded that settles it.
            (Outcome::Deferred | Outcome::Referred(_), None) if made.proposal.is_none() => {
                Some(AwaitingDecision {
                    since: made.on(),
                    awaited: referred_to,
                    by: Some(made),
                })
            }
            _ => None,
        };
        let board = made.board.as_ref();
        let mut view = DecisionView {
            decision_id: made.decision.to_string(),
            proposal_id: reply::optional(made.proposal.as_ref()),
            title: made.title.to_string(),
            standing: standing.into(),
            board: board.map(|board| names::board(self.0.register_view, board)),
            reasons: made.reasons.to_string(),
            conditions: made.conditions.to_string(),
            tally: made.tally.as_ref().map(reply::voting::tally),
            meeting: made.meeting.as_ref().map(reply::voting::meeting),
            amendments: made.amendments.to_string(),
            inquorate: is_inquorate(self.0.register_view, made),
            alternatives_rejected: made.alternatives_rejected.to_string(),
            conflicts_declared: made.conflicts_declared.to_string(),
            record: reply::document(&made.record),
            sent_back_to: made
                .sent_back_to
                .as_ref()
                .map(|board| names::board(self.0.register_view, board)),
            ..self.line_of(&made.source.entry)
        };
        let pending = open.is_some();
        if let Some(open) = open {
            self.awaits(&mut view, &open);
            let status = proposal.map(|(id, proposal)| self.0.status(id, proposal));
            let awaited = status.map(|status| reasoning::awaited(self.0.register_view, &status));
            view.awaited_of = awaited.unwrap_or_default();
        }
        (made.effective_order(), view, pending)
    }

    /// The decision of an outside decider.
    fn answered(
        &self,
        proposal_id: ProposalId,
        proposal: &Proposal,
        answer: &Fact<ExternalDecisionReceived>,
    ) -> Line {
        let standing = if answer.approved {
            DecisionStanding::Approved
        } else {
            DecisionStanding::Rejected
        };
        let mut view = DecisionView {
            by: Some(names::office(self.0.register_view, &answer.decider, None)),
            standing: standing.into(),
            reference: answer.reference.to_string(),
            ..self.proposed(proposal_id, proposal, &answer.source.entry)
        };
        let decisions = &self.0.subject.dossier.decisions;
        let id = answer.decision.as_ref();
        if let Some((id, decision)) = id.and_then(|id| decisions.get_key_value(id)) {
            view.decision_id = id.to_string();
            self.add_course(&mut view, decision);
        }
        Line {
            order: answer.effective_order(),
            view,
            pending: false,
        }
    }

    /// A proposal without a decision: withdrawn, lapsed, or pending.
    fn undecided(&self, proposal_id: ProposalId) -> Option<Line> {
        let proposal = self.0.subject.dossier.proposals.get(&proposal_id)?;
        let (order, entry) = match &proposal.source {
            ProposalSource::Matter(put) => (put.effective_order(), &put.source.entry),
            ProposalSource::Virement(put) => (put.effective_order(), &put.source.entry),
        };
        let board = proposal.board();
        let proposed = || DecisionView {
            board: board.map(|board| names::board(self.0.register_view, board)),
            ..self.proposed(proposal_id, proposal, entry)
        };
        let status = self.0.status(proposal_id, proposal);
        let (order, view, pending) = match state(&status) {
            DecisionLogStatus::Decided => {
                let (order, view) = self.carried_by_vote(proposal_id, proposal, &status)?;
                (order, view, false)
            }
            DecisionLogStatus::Open(AwaitingDecision { by: Some(_), .. }) => return None,
            DecisionLogStatus::Withdrawn(withdrawn) => {
                let view = DecisionView {
                    standing: DecisionStanding::Withdrawn.into(),
                    reasons: withdrawn.reason.to_string(),
                    ..self.proposed(proposal_id, proposal, &withdrawn.source.entry)
                };
                (withdrawn.effective_order(), view, false)
            }
            DecisionLogStatus::OutcomeNotKnown(fact) => {
                let view = DecisionView {
                    standing: DecisionStanding::OutcomeNotKnown.into(),
                    reasons: fact.reason.to_string(),
                    ..self.proposed(proposal_id, proposal, &fact.source.entry)
                };
                (fact.effective_order(), view, false)
            }
            DecisionLogStatus::Lapsed => {
                let standing = DecisionStanding::Lapsed.into();
                let view = DecisionView {
                    standing,
                    ..proposed()
                };
                (order, view, false)
            }
            DecisionLogStatus::Open(open) => {
                let standing = match status.resolution {
                    Resolution::Quashed => DecisionStanding::Quashed,
                    _ => DecisionStanding::Pending,
                };
                let mut view = DecisionView {
                    standing: standing.into(),
                    ..proposed()
                };
                self.awaits(&mut view, &open);
                view.awaited_of = reasoning::awaited(self.0.register_view, &status);
                (order, view, true)
            }
        };
        Some(Line {
            order,
            view,
            pending,
        })
    }

    /// A matter that a vote settled, without a decision of its own.
    fn carried_by_vote(
        &self,
        proposal_id: ProposalId,
        proposal: &Proposal,
        status: &ProposalStatus<'_>,
    ) -> Option<(EffectiveOrder, DecisionView)> {
        let settled = status.settled.as_ref()?;
        let by = settled.by.as_ref()?;
        if !matches!(by.event.kind, Kind::VoteCast(_)) {
            return None;
        }
        let board = proposal.board();
        let view = DecisionView {
            standing: reasoning::standing(status).into(),
            board: board.map(|board| names::board(self.0.register_view, board)),
            by: None,
            ..self.proposed(proposal_id, proposal, by)
        };
        Some((settled.order, view))
    }

    /// The fields that a line takes from a proposal and from an entry about it.
    fn proposed(
        &self,
        proposal_id: ProposalId,
        proposal: &Proposal,
        entry: &Entry,
    ) -> DecisionView {
        let reasons = match &proposal.source {
            ProposalSource::Matter(event) => event.summary.to_string(),
            ProposalSource::Virement(event) => event.reason.to_string(),
        };
        DecisionView {
            proposal_id: proposal_id.to_string(),
            title: title(proposal),
            reasons,
            ..self.line_of(entry)
        }
    }

    fn awaits(&self, view: &mut DecisionView, open: &AwaitingDecision<'_>) {
        let (register_view, day) = (self.0.register_view, self.0.register_view.as_at());
        let successions = register_view.successions();
        let present = |body| successions.holders(self.0.id, body, day).into_iter().next();
        let awaited = open.awaited.map(|body| present(body).unwrap_or(body));
        view.awaited = awaited.map(|body| names::body(register_view, body));
        view.awaited_days = days(open.since, self.0.register_view.as_at().into());
    }
}

fn publication(published: &Fact<DecisionPublished>) -> DecisionPublicationView {
    DecisionPublicationView {
        on: Some(reply::date(published.on())),
        on_is: reply::date_is(published.is()),
        document: reply::document(&published.document),
        in_part: published.in_part,
        position: published.position().get(),
    }
}

/// Whole days between the first days of two dates.
pub(super) fn days(since: PartialDate, until: PartialDate) -> u32 {
    let days = (until.first_day() - since.first_day()).get_days();
    u32::try_from(days).unwrap_or_default()
}
