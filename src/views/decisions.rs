//! The decision log: what was decided, and what awaits decision.

use super::names;
use crate::domain::date::PartialDate;
use crate::domain::dossier::{Decided, Decision, Proposal, Put};
use crate::domain::entry::Entry;
use crate::domain::event::{Actor, Outcome};
use crate::domain::fact::{Fact, Place};
use crate::domain::ids::{BodyId, ProposalId, SubjectId};
use crate::domain::instrument::last_day;
use crate::domain::outlook::Outlook;
use crate::domain::subject::Subject;
use crate::wire::proto::{DecisionStanding, DecisionView};
use crate::wire::reply;

/// The lines, oldest first: of one subject where it is named, and only what
/// awaits decision where that is asked for.
pub fn list(
    outlook: &Outlook,
    subject: Option<&SubjectId>,
    pending_only: bool,
) -> Vec<DecisionView> {
    let mut lines: Vec<(Place, DecisionView)> = Vec::new();
    for (id, of) in outlook
        .subjects()
        .filter(|(id, _)| subject.is_none_or(|only| only == *id))
    {
        let name = of.name().unwrap_or_default();
        for decision in of.dossier.decisions.values() {
            lines.push(decided(outlook, id, name, &of, decision));
        }
        for (proposal_id, proposal) in &of.dossier.proposals {
            lines.extend(undecided(outlook, id, name, *proposal_id, proposal));
        }
    }
    if pending_only {
        lines.retain(|(_, line)| {
            matches!(
                line.standing(),
                DecisionStanding::Pending | DecisionStanding::Deferred | DecisionStanding::Referred
            )
        });
    }
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// What every line says of the entry it comes from.
fn line(outlook: &Outlook, id: &SubjectId, name: &str, entry: &Entry) -> DecisionView {
    DecisionView {
        subject: id.to_string(),
        subject_name: name.to_owned(),
        on: Some(reply::date(entry.effective_on())),
        by: entry
            .event
            .acted_by
            .as_ref()
            .map(|by| names::actor(outlook, by)),
        sources: reply::sources(&entry.event.sources),
        position: entry.position.get(),
        ..DecisionView::default()
    }
}

/// A decision. One that put a matter off, or referred it, is pending until
/// something later settles the matter.
fn decided(
    outlook: &Outlook,
    id: &SubjectId,
    name: &str,
    of: &Subject,
    decision: &Decision,
) -> (Place, DecisionView) {
    let day = outlook.as_at();
    let published = decision.published.at(day);
    let withheld = decision.withheld.at(day);
    let (place, mut view) = match &decision.made {
        Decided::Made(made) => {
            let (standing, awaited) = match &made.outcome {
                Outcome::Approved => (DecisionStanding::Approved, None),
                Outcome::Rejected => (DecisionStanding::Rejected, None),
                Outcome::Noted => (DecisionStanding::Noted, None),
                Outcome::Supported => (DecisionStanding::Supported, None),
                Outcome::Deferred => (DecisionStanding::Deferred, None),
                Outcome::Referred(to) => (DecisionStanding::Referred, Some(to)),
            };
            let answered = made
                .proposal
                .and_then(|proposal| of.dossier.proposals.get(&proposal))
                .is_some_and(|proposal| settled(proposal, made.place()));
            let mut view = DecisionView {
                decision_id: made.decision.to_string(),
                proposal_id: reply::optional(made.proposal.as_ref()),
                title: made.title.to_string(),
                board: made
                    .board
                    .as_ref()
                    .map(|board| names::board(outlook, board)),
                reasons: made.reasons.to_string(),
                conditions: made.conditions.to_string(),
                ..line(outlook, id, name, &made.told.entry)
            };
            view.set_standing(standing);
            if let (Some(awaited), false) = (awaited, answered) {
                await_(outlook, &mut view, awaited, made.on());
            }
            (made.place(), view)
        }
        Decided::Virement(approved) => {
            let title = of.dossier.proposals.get(&approved.proposal).map(title);
            let mut view = DecisionView {
                decision_id: approved.decision.to_string(),
                proposal_id: approved.proposal.to_string(),
                title: title.unwrap_or_else(|| "Virement".to_owned()),
                board: approved
                    .board
                    .as_ref()
                    .map(|board| names::board(outlook, board)),
                conditions: approved.conditions.to_string(),
                ..line(outlook, id, name, &approved.told.entry)
            };
            view.set_standing(DecisionStanding::Approved);
            (approved.place(), view)
        }
    };
    view.published_on = reply::optional_date(published.map(Fact::on));
    view.withheld_ground = withheld
        .map(|withheld| withheld.ground.to_string())
        .unwrap_or_default();
    (place, view)
}

/// A proposal that no decision settles: withdrawn, answered from outside,
/// lapsed, or awaited.
fn undecided(
    outlook: &Outlook,
    id: &SubjectId,
    name: &str,
    proposal_id: ProposalId,
    proposal: &Proposal,
) -> Option<(Place, DecisionView)> {
    let (place, entry) = match &proposal.put {
        Put::Matter(put) => (put.place(), &put.told.entry),
        Put::Virement(put) => (put.place(), &put.told.entry),
    };
    let mut view = DecisionView {
        proposal_id: proposal_id.to_string(),
        title: title(proposal),
        board: proposal.board().map(|board| names::board(outlook, board)),
        reasons: match &proposal.put {
            Put::Matter(put) => put.summary.to_string(),
            Put::Virement(put) => put.reason.to_string(),
        },
        ..line(outlook, id, name, entry)
    };
    if let Some(answer) = proposal.external.latest() {
        let standing = if answer.approved {
            DecisionStanding::Approved
        } else {
            DecisionStanding::Rejected
        };
        view.set_standing(standing);
        view.on = Some(reply::date(answer.on()));
        let decider = Actor::Body {
            body: answer.decider.clone(),
            office: None,
        };
        view.by = Some(names::actor(outlook, &decider));
        view.sources = reply::sources(&answer.told.entry.event.sources);
        view.position = answer.position().get();
        return Some((answer.place(), view));
    }
    if let Some(withdrawn) = proposal.withdrawn.latest() {
        view.set_standing(DecisionStanding::Withdrawn);
        view.on = Some(reply::date(withdrawn.on()));
        view.reasons = withdrawn.reason.to_string();
        view.position = withdrawn.position().get();
        return Some((withdrawn.place(), view));
    }
    // Its decisions have lines of their own, and say whether it is still open.
    if proposal.decisions.latest().is_some() || proposal.virement_approvals.latest().is_some() {
        return None;
    }
    if proposal
        .lapses_on()
        .is_some_and(|on| last_day(on) < outlook.as_at())
    {
        view.set_standing(DecisionStanding::Lapsed);
        return Some((place, view));
    }
    view.set_standing(DecisionStanding::Pending);
    match proposal.decider() {
        Some(decider) => await_(outlook, &mut view, decider, proposal.on()),
        None => view.awaited_days = days_since(outlook, proposal.on()),
    }
    Some((place, view))
}

/// Whether anything after that place settles the proposal.
fn settled(proposal: &Proposal, after: Place) -> bool {
    let final_decision = |decision: &Fact<crate::domain::event::DecisionMade>| {
        decision.place() > after
            && !matches!(decision.outcome, Outcome::Deferred | Outcome::Referred(_))
    };
    proposal
        .external
        .iter()
        .any(|answer| answer.place() > after)
        || proposal
            .withdrawn
            .iter()
            .any(|withdrawn| withdrawn.place() > after)
        || proposal.decisions.iter().any(final_decision)
}

fn await_(outlook: &Outlook, view: &mut DecisionView, awaited: &BodyId, since: PartialDate) {
    view.awaited = Some(names::body(outlook, awaited));
    view.awaited_days = days_since(outlook, since);
}

/// Whole days since a date's first day, on the day the answer speaks for.
pub(super) fn days_since(outlook: &Outlook, since: PartialDate) -> u32 {
    let days = (outlook.as_at() - since.first_day()).get_days();
    u32::try_from(days).unwrap_or_default()
}

fn title(proposal: &Proposal) -> String {
    match &proposal.put {
        Put::Matter(put) => put.title.to_string(),
        Put::Virement(put) => match &put.title {
            Some(title) => title.to_string(),
            None => format!("Virement in {}", put.virement.year),
        },
    }
}
