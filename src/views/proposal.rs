//! One proposal in full: its matter, who must agree and who has, the acts that used it,
//! and the reasons for its standing.

use std::collections::BTreeMap;

use super::acts::{ActStanding, act};
use super::approvals::ProposalContext;
use super::proposal_cache::ProposalCache;
use super::{course, decisions, reasoning};
use minutebook_domain::approval::{
    Ledger, Opinion, OpinionEffect, ProposalStatus, Resolution, describe, has_ended,
};
use minutebook_domain::dossier::{Decision, Proposal, ProposalSource};
use minutebook_domain::event::Target;
use minutebook_domain::fact::{EffectiveEntry, EffectiveOrder};
use minutebook_domain::ids::ProposalId;
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{ActView, ProposalView};
use minutebook_wire::reply;

/// The proposal, if it exists by the day of the view.
pub fn get(register_view: &RegisterView, id: ProposalId) -> Option<ProposalView> {
    let subject_id = register_view.proposal(id)?;
    let subject = register_view.subject(&subject_id)?;
    let proposal = subject.dossier.proposals.get(&id)?;
    let decided = subject.dossier.decisions.values();
    let decided = decided.filter(|decision| decision.proposal() == Some(id));
    let cache = ProposalCache::new(register_view, &subject_id, &subject);
    Some(in_full(&cache, id, proposal, &decided.collect::<Vec<_>>()))
}

/// Every proposal of a subject, oldest first.
pub(super) fn all(cache: &ProposalCache<'_>) -> Vec<ProposalView> {
    let dossier = &cache.subject.dossier;
    let mut proposals: Vec<_> = dossier.proposals.iter().collect();
    proposals.sort_by_cached_key(|(_, proposal)| proposal.effective_order());
    let mut decided = BTreeMap::<ProposalId, Vec<&Decision>>::new();
    for decision in dossier.decisions.values() {
        if let Some(proposal) = decision.proposal() {
            decided.entry(proposal).or_default().push(decision);
        }
    }
    let decided = |id| decided.get(id).map_or(&[][..], Vec::as_slice);
    let proposals = proposals.into_iter();
    let views = proposals.map(|(id, proposal)| in_full(cache, *id, proposal, decided(id)));
    views.collect()
}

/// `decided` are the decisions on it.
fn in_full<'a>(
    cache: &ProposalCache<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    decided: &[&Decision],
) -> ProposalView {
    let ProposalCache {
        register_view,
        subject,
        ..
    } = *cache;
    let context = ProposalContext {
        register_view,
        id: cache.id,
        subject,
        proposal_id: id,
        proposal,
    };
    let (status, ledger) = (cache.status(id, proposal), cache.ledger(id, proposal));
    let acts = ledger.acts.iter();
    let (summary, papers) = match &proposal.source {
        ProposalSource::Matter(put) => (put.summary.to_string(), reply::document(&put.papers)),
        ProposalSource::Virement(put) => (put.reason.to_string(), None),
    };
    ProposalView {
        currency: reply::currency(subject.dossier.currency),
        approval: Some(context.line(&status)),
        summary,
        papers,
        need: status
            .requirement
            .as_ref()
            .map(|need| reasoning::need(register_view, need)),
        reasoning: explain_standing(&context, &status, &ledger),
        words: reasoning::opinions_on(register_view, &status),
        decisions: decisions::of_proposal(cache, id, proposal, decided),
        approved_pence: reply::optional_pence(status.approved.amount),
        made_pence: reply::pence(ledger.made),
        left_pence: reply::pence(ledger.left),
        covers_projected: status.approved.covers_projected,
        acts: acts
            .map(|made| act(&subject.dossier, &made.entry, made.into()))
            .collect(),
        ratifies: proposal
            .ratifies()
            .and_then(|target| ratified(&context, target)),
    }
}

/// The act that a proposal would approve after the fact.
fn ratified(context: &ProposalContext<'_>, target: Target) -> Option<ActView> {
    let dossier = &context.subject.dossier;
    let is_named = |effective: &&EffectiveEntry| {
        context
            .register_view
            .is_named(context.id, target, effective)
    };
    let effective = dossier.acts.values().find(is_named)?;
    Some(act(dossier, &effective.entry, ActStanding::BREACH))
}

/// The reasons for its standing, in sentences.
fn explain_standing(
    context: &ProposalContext<'_>,
    status: &ProposalStatus<'_>,
    ledger: &Ledger,
) -> Vec<String> {
    let mut sentences = Vec::new();
    match status.regime.rules() {
        Some(rules) => {
            let rule = status.regime.rule().map_or_else(
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
        None => sentences.push(capital(&describe::governs(&status.regime))),
    }
    if let Some(need) = &status.requirement {
        let reasoning = describe::reasoning(need);
        if !reasoning.is_empty() {
            sentences.push(capital(&reasoning));
        }
    }
    for asked in &status.external_deciders {
        let day = context.register_view.as_at();
        let successions = context.register_view.successions();
        let present = || describe::listed(successions.holders(context.id, asked.body, day));
        let decider = asked.answered_by.map_or_else(present, ToString::to_string);
        sentences.push(if asked.approved {
            format!("{decider}, which is outside, has approved.")
        } else if status.resolution == Resolution::Rejected {
            format!("{decider}, which is outside, was to decide.")
        } else {
            format!("{decider}, which is outside, is to decide as well.")
        });
    }
    for opinion in &status.opinions {
        sentences.extend(after_settlement(opinion));
        sentences.extend(after_its_end(context, opinion));
        sentences.extend(undecided(opinion));
        sentences.extend(without_numbers(status, opinion));
        sentences.extend(without_quorum(context, opinion));
        sentences.extend(rejected_by_more_for(context, status, opinion));
    }
    sentences.extend(settled_by_document(context, status));
    for awaited in &status.conditions {
        let condition = awaited.condition;
        let due = condition
            .due_on
            .map(|due| format!(", due {due}"))
            .unwrap_or_default();
        sentences.push(format!(
            "The approval {} is subject to {}{due}.",
            awaited.decision,
            condition.what.as_str().trim_end_matches('.')
        ));
    }
    sentences.push(match &status.settled {
        None => format!("It is open; awaited: {}.", describe::awaited(status)),
        Some(settled) if status.resolution == Resolution::Lapsed => {
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
            // A decision that counts only from a later day was made on its own.
            let made_on = settled.by.as_ref().map(|entry| entry.effective_on());
            let later = made_on.filter(|made_on| made_on.last_day() < settled.on.first_day());
            let in_force = later.map(|_| format!(", in force since {}", settled.on));
            format!(
                "It was {} on {}{}{}.",
                describe::resolution(status.first_resolution()),
                later.unwrap_or(settled.on),
                recorded.unwrap_or_default(),
                in_force.unwrap_or_default()
            )
        }
    });
    if let (Some(_), Some((cause, on))) = (&status.settled, status.interruption()) {
        let cause = course::interruption(cause);
        sentences.push(format!("It is not in force since {on}: {cause}."));
    }
    if let Some(step) = status.quashed {
        let from = step.quashed_from.map(|from| format!(", from {from} on"));
        sentences.push(format!(
            "A court quashed a decision on it on {}{} (entry {}).",
            step.on(),
            from.unwrap_or_default(),
            step.position()
        ));
    }
    if context.proposal.ratifies().is_some() {
        sentences.push(
            "It is about an act that was done without approval: no new act can use it.".into(),
        );
    } else if status.resolution == Resolution::Carried && context.proposal.act().is_drawn() {
        let approved = status.approved.amount.unwrap_or(Pence::ZERO);
        sentences.push(format!(
            "{approved} was approved, {} of it drawn, {} is left.",
            ledger.made, ledger.left
        ));
    }
    let opinions = status.opinions.iter();
    sentences.extend(opinions.filter_map(|opinion| with_words_alone(context, opinion)));
    sentences
}

/// A decision that was recorded after the matter was settled.
fn after_settlement(opinion: &Opinion<'_>) -> Option<String> {
    let who = match (opinion.by, opinion.board) {
        (Some(by), _) => by.to_string(),
        (None, board) => format!("boards/{}", board?),
    };
    let (on, position) = (opinion.entry.effective_on(), opinion.entry.position);
    let what = match opinion.effect {
        OpinionEffect::Minute => "minuted the decision that the votes had made",
        OpinionEffect::Agreement => "agreed too",
        OpinionEffect::Objection => "rejected it afterwards",
        _ => return None,
    };
    Some(format!("{who} {what} on {on} (entry {position})."))
}

/// The conditions that another was to decide, and that a document reports as settled.
fn settled_by_document(context: &ProposalContext<'_>, status: &ProposalStatus<'_>) -> Vec<String> {
    let decisions = &context.subject.dossier.decisions;
    let end = EffectiveOrder::end_of(context.register_view.as_at());
    let opinions = status.opinions.iter();
    let decided = opinions.filter_map(|opinion| Some((opinion, decisions.get(opinion.decision?)?)));
    let sentences = decided.flat_map(|(opinion, decision)| {
        opinion.conditions.iter().filter_map(move |condition| {
            let settled = decision.condition_settled(&condition.id, end)?;
            course::is_by_document(condition, settled).then(|| {
                format!(
                    "The condition {} rests on a document: no decision of the one that it names \
                     is on record (entry {}).",
                    condition.id,
                    settled.position()
                )
            })
        })
    });
    sentences.collect()
}

/// An opinion of a board, or of its member, that is dated after the end of the board.
fn after_its_end(context: &ProposalContext<'_>, opinion: &Opinion<'_>) -> Option<String> {
    let board = opinion.board.filter(|_| opinion.decides_for.is_none())?;
    let day = opinion.order.day;
    let is_fallen = opinion.effect == OpinionEffect::Fallen;
    if !is_fallen || !has_ended(context.register_view, board, day) {
        return None;
    }
    let what = if opinion.closes { "decision" } else { "vote" };
    let (on, position) = (opinion.entry.effective_on(), opinion.entry.position);
    Some(format!(
        "boards/{board} had ended before {on}: the {what} of that day (entry {position}) counts \
         for nothing."
    ))
}

/// A rejection that decides nothing, because too few of the board were there.
fn undecided(opinion: &Opinion<'_>) -> Option<String> {
    let board = opinion.board?;
    (opinion.effect == OpinionEffect::WithoutQuorum).then(|| {
        format!(
            "boards/{board} had no quorum when it rejected it on {} (entry {}): nothing was decided. \
             If there was one, correct the tally of that entry, or the attendance of its meeting.",
            opinion.entry.effective_on(),
            opinion.entry.position
        )
    })
}

/// A board's decision that names no meeting, on a day on which the board had no quorum.
fn without_quorum(context: &ProposalContext<'_>, opinion: &Opinion<'_>) -> Option<String> {
    let board = opinion.board.filter(|_| opinion.decides_for.is_none())?;
    if !opinion.closes || opinion.meeting.is_some() {
        return None;
    }
    let on = opinion.entry.effective_on();
    let board_at = context.register_view.board(board)?;
    let held = board_at.inquorate_on(on)?;
    Some(format!(
        "boards/{board} decided on {on} (entry {}) and the meeting is not named; its meeting {} of \
         that day had no quorum (entry {}): the attendance and the vote differ.",
        opinion.entry.position,
        held.meeting,
        held.position()
    ))
}

/// A board's decision without numbers, where no rule says how its vote is counted.
fn without_numbers(status: &ProposalStatus<'_>, opinion: &Opinion<'_>) -> Option<String> {
    let (board, decision) = (opinion.board?, opinion.decision?);
    let is_own = opinion.closes && opinion.decides_for.is_none();
    let numbers = opinion.tally;
    let numbers = numbers.is_some_and(|tally| tally.has_votes() || tally.unanimous);
    let named = status.opinions.iter().any(|other| {
        other.vote.is_some()
            && other.board == Some(board)
            && other.approves()
            && other.order < opinion.order
    });
    if status.regime.rule().is_some() || !is_own || numbers || named {
        return None;
    }
    Some(format!(
        "The decision {decision} of boards/{board} rests on the minutes: no numbers given."
    ))
}

/// An approval with conditions in words alone, which counts though its words may say that it
/// depends on something.
fn with_words_alone(context: &ProposalContext<'_>, opinion: &Opinion<'_>) -> Option<String> {
    let id = opinion.decision?;
    let decision = context.subject.dossier.decisions.get(id)?;
    let counts = opinion.approves() && opinion.effect == OpinionEffect::Counts;
    (counts && decision.conditions_in_words_alone().is_some()).then(|| {
        format!(
            "The approval {id} has conditions in words alone, and counts: if it depends on them, \
             correct its entry with subject_to."
        )
    })
}

/// A board's rejection with votes that its own standing orders would carry: the record may
/// be wrong, or a larger majority was needed.
fn rejected_by_more_for(
    context: &ProposalContext<'_>,
    status: &ProposalStatus<'_>,
    rejection: &Opinion<'_>,
) -> Option<String> {
    let tally = rejection.tally.filter(|_| !rejection.approves())?;
    if status.regime.rule().is_some() || !tally.has_votes() {
        return None;
    }
    let vote =
        context
            .context()
            .standing_vote(rejection.board?, &[*rejection], rejection.order.day)?;
    let is_won = vote.is_carried() == Some(true) && vote.ballot.is_quorate();
    is_won.then(|| {
        format!(
            "boards/{} rejected it by {tally}, which carries it by its standing orders ({}): check \
             the tally and the outcome, unless a larger majority was needed.",
            vote.ballot.board,
            vote.in_words()
        )
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}
