//! One proposal in full: what it asks, who must agree and has, what was done on
//! it, and why it stands where it does.

use std::collections::BTreeMap;

use super::acts::act;
use super::approvals::ProposalContext;
use super::proposals::ProposalCache;
use super::{decisions, reasoning};
use crate::domain::approval::{Ledger, ProposalStatus, Resolution, describe};
use crate::domain::dossier::{Decision, Proposal, ProposalSource};
use crate::domain::event::Target;
use crate::domain::ids::ProposalId;
use crate::domain::money::Pence;
use crate::domain::register_view::RegisterView;
use crate::wire::proto::{ActView, ProposalView};
use crate::wire::reply;

/// The proposal, if it is put up by then.
pub fn get(outlook: &RegisterView, id: ProposalId) -> Option<ProposalView> {
    let subject_id = outlook.proposal(id)?;
    let of = outlook.subject(&subject_id)?;
    let proposal = of.dossier.proposals.get(&id)?;
    let decided = of.dossier.decisions.values();
    let decided = decided.filter(|decision| decision.proposal() == Some(id));
    let courses = ProposalCache::new(outlook, &subject_id, &of);
    Some(in_full(
        &courses,
        id,
        proposal,
        &decided.collect::<Vec<_>>(),
    ))
}

/// Every proposal of a subject, oldest first.
pub(super) fn all(courses: &ProposalCache<'_>) -> Vec<ProposalView> {
    let dossier = &courses.of.dossier;
    let mut proposals: Vec<_> = dossier.proposals.iter().collect();
    proposals.sort_by_key(|(_, proposal)| proposal.effective_order());
    let mut decided = BTreeMap::<ProposalId, Vec<&Decision>>::new();
    for decision in dossier.decisions.values() {
        if let Some(proposal) = decision.proposal() {
            decided.entry(proposal).or_default().push(decision);
        }
    }
    let decided = |id| decided.get(id).map_or(&[][..], Vec::as_slice);
    let proposals = proposals.into_iter();
    let views = proposals.map(|(id, proposal)| in_full(courses, *id, proposal, decided(id)));
    views.collect()
}

/// `decided` are the decisions on it.
fn in_full<'a>(
    courses: &ProposalCache<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    decided: &[&Decision],
) -> ProposalView {
    let ProposalCache { outlook, of, .. } = *courses;
    let about = ProposalContext {
        outlook,
        id: courses.id,
        of,
        proposal_id: id,
        proposal,
    };
    let (course, ledger) = (courses.status(id, proposal), courses.ledger(id, proposal));
    let acts = ledger.acts.iter();
    let (summary, papers) = match &proposal.source {
        ProposalSource::Matter(put) => (put.summary.to_string(), reply::document(&put.papers)),
        ProposalSource::Virement(put) => (put.reason.to_string(), None),
    };
    ProposalView {
        approval: Some(about.line(&course)),
        summary,
        papers,
        need: course
            .requirement
            .as_ref()
            .map(|need| reasoning::need(outlook, need)),
        reasoning: explain_standing(&about, &course, &ledger),
        words: reasoning::words_on(outlook, &course),
        decisions: decisions::of_proposal(courses, id, proposal, decided),
        approved_pence: reply::optional_pence(course.approved.amount),
        made_pence: reply::pence(ledger.made),
        left_pence: reply::pence(ledger.left),
        covers_projected: course.approved.covers_projected,
        acts: acts
            .map(|rested| act(&of.dossier, &rested.entry, rested.is_breach()))
            .collect(),
        ratifies: proposal
            .ratifies()
            .and_then(|target| ratified(&about, target)),
    }
}

/// The act a proposal asks to approve after the fact.
fn ratified(about: &ProposalContext<'_>, target: Target) -> Option<ActView> {
    let dossier = &about.of.dossier;
    let told = dossier.acts.values().find(|told| match target {
        Target::Position(position) => {
            told.original_position == position || told.entry.position == position
        }
        Target::Event(id) => told.entry.event.event_id == Some(id),
    })?;
    Some(act(dossier, &told.entry, true))
}

/// Why it stands where it does, in sentences.
fn explain_standing(
    about: &ProposalContext<'_>,
    course: &ProposalStatus<'_>,
    ledger: &Ledger,
) -> Vec<String> {
    let mut sentences = Vec::new();
    match course.regime.rules() {
        Some(rules) => {
            let rule = course.regime.rule().map_or_else(
                || "None of them covers it: it is unregulated.".to_owned(),
                |rule| {
                    format!(
                        "\"{}\" ({}) applies and asks for {}.",
                        rule.title,
                        rule.id,
                        describe::requirement(&rule.requirement)
                    )
                },
            );
            sentences.push(format!(
                "The approval rules {} of {}, in force since {}, govern it. {rule}",
                rules.set.rule_set,
                rules.adopted_by,
                rules.set.on()
            ));
        }
        None => sentences.push(capital(&describe::governs(&course.regime))),
    }
    if let Some(need) = &course.requirement {
        let reasoning = describe::reasoning(need);
        if !reasoning.is_empty() {
            sentences.push(capital(&reasoning));
        }
    }
    for asked in &course.external_deciders {
        let decider = asked.body;
        sentences.push(if asked.approved {
            format!("{decider}, which is outside, has approved.")
        } else if course.resolution == Resolution::Rejected {
            format!("{decider}, which is outside, was to decide.")
        } else {
            format!("{decider}, which is outside, is to decide as well.")
        });
    }
    sentences.push(match &course.settled {
        None => format!("It is open; awaited: {}.", describe::awaited(course)),
        Some(settled) if course.resolution == Resolution::Lapsed => {
            format!("It lapsed after {}.", settled.on)
        }
        Some(settled) => {
            let recorded = settled.by.as_ref().map(|entry| {
                let late = entry.recorded_on > settled.on.first_day();
                let when = if late {
                    format!(", recorded on {}", entry.recorded_on)
                } else {
                    String::new()
                };
                format!(" by entry {}{when}", entry.position)
            });
            format!(
                "It was {} on {}{}.",
                describe::resolution(course.resolution),
                settled.on,
                recorded.unwrap_or_default()
            )
        }
    });
    if about.proposal.ratifies().is_some() {
        sentences.push(
            "It is about what had been done without approval: nothing new can rest on it.".into(),
        );
    } else if course.resolution == Resolution::Carried && about.proposal.act().is_drawn() {
        let approved = course.approved.amount.unwrap_or(Pence::ZERO);
        sentences.push(format!(
            "{approved} was approved, {} of it drawn, {} is left.",
            ledger.made, ledger.left
        ));
    }
    sentences
}

/// As a sentence.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}
