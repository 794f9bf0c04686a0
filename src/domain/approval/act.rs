//! A verdict: what the approval rules say of an act.

use std::sync::Arc;

use super::course::Sight;
use super::ledger::{ledger, not_projected};
use super::regime::{Case, Regime, regime};
use super::topic::{Topic, kind_in_words};
use super::words::needs;
use crate::domain::date::PartialDate;
use crate::domain::entry::Entry;
use crate::domain::event::{Authority, UnderspendBasis};
use crate::domain::fact::Place;
use crate::domain::fault::Fault;
use crate::domain::ids::{Position, ProposalId};
use crate::domain::instrument::last_day;
use crate::domain::money::Pence;

/// What the rules say of an act.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What governs it, as an act of its own.
    pub regime: Regime,
    /// What governs the proposal it rests on; where it rests on none, the act.
    pub governing: Regime,
    /// The proposal it rests on, or, for a breach, that was to allow it.
    pub proposal: Option<ProposalId>,
    /// Whether whoever recorded it says that it lacked its approval.
    pub acknowledged: bool,
    /// What it lacks (rules 5 and 6), whether that was acknowledged or not.
    pub faults: Vec<Fault>,
    /// For an act with an amount on a proposal: what was left for it.
    pub left: Option<Pence>,
}

impl Verdict {
    /// Whether it is a breach: it says so itself, or it lacks what it needs.
    pub fn is_breach(&self) -> bool {
        self.acknowledged || !self.faults.is_empty()
    }
}

/// What the rules say of the act at a place; `None` where the entry is no act
/// that an approval may be needed for.
pub fn act(sight: &Sight<'_>, entry: &Arc<Entry>, place: Place) -> Option<Verdict> {
    let topic = Topic::of(&entry.event.kind)?;
    let (cited, acknowledged) = match &entry.event.authority {
        Some(Authority::Proposal(id)) => (Some(*id), false),
        Some(Authority::AcknowledgedBreach(breach)) => (breach.proposal, true),
        Some(Authority::Delegation(_)) | None => (None, false),
    };
    let dossier = &sight.subject.dossier;
    let proposal = cited.and_then(|id| Some((id, dossier.proposals.get(&id)?)));
    let case = Case {
        world: sight.world,
        id: sight.id,
        subject: sight.subject,
        topic,
        proposer: proposal.and_then(|(_, proposal)| proposal.proposer()),
        proposal: cited,
    };
    let regime = governed(&case, entry.effective_on(), place);
    let mut faults = Vec::new();
    let (mut left, mut covered, mut governing) = (None, false, None);
    match proposal {
        Some((id, proposal)) => {
            let everything = (jiff::civil::Date::MAX, Position::new(u64::MAX));
            let course = sight.course_to(id, proposal, everything);
            let with = ledger(sight, id, proposal, &course, Some((entry, place)));
            let own = with.rested.iter().find(|act| act.place == place);
            faults.extend(own.into_iter().flat_map(|act| act.faults.iter().cloned()));
            let is_last = with.rested.last().is_some_and(|act| act.place == place);
            if faults.is_empty() && !is_last {
                let without = ledger(sight, id, proposal, &course, None);
                faults.extend(crowds_out(id, &topic, place, &without.rested, &with.rested));
            }
            let taken = topic
                .amount()
                .filter(|_| own.is_some_and(|own| !own.is_breach()));
            left = topic
                .is_drawn()
                .then(|| with.left + taken.unwrap_or_default());
            let is_carried = course.is_carried_by(entry.effective_on());
            covered = is_carried && course.approved.covers_projected;
            governing = Some(if is_carried {
                course.regime
            } else {
                sight.course(id, proposal, place.0).regime
            });
        }
        None => {
            if let Some(rule) = regime.rule()
                && let Some(rules) = regime.rules()
            {
                faults.push(Fault::ApprovalRequired {
                    act: kind_in_words(topic.kind()),
                    approval_rule: rule.id.clone(),
                    title: rule.title.clone(),
                    rule_set: rules.set.rule_set.clone(),
                    needs: needs(&rule.requirement),
                });
            }
        }
    }
    // Whatever else it lacks, a projected underspend needs an approval that says so.
    let is_said = |fault: &Fault| matches!(fault, Fault::ProjectedNotApproved { .. });
    if topic.basis() == Some(UnderspendBasis::Projected)
        && let Some(year) = topic.year()
        && !covered
        && !faults.iter().any(is_said)
    {
        faults.push(match cited {
            Some(id) => not_projected(year, id),
            None => Fault::ProjectedNotApproved {
                year,
                why: "none is named in authority.proposal_id".to_owned(),
            },
        });
    }
    if let Topic::DisposeUnderspend(disposal) = topic {
        let outturns = dossier.outturns.get(&disposal.year);
        if outturns.is_none_or(|outturns| outturns.at(place.0).is_none()) {
            let (year, on) = (disposal.year, entry.effective_on());
            faults.push(Fault::NoOutturn { year, on });
        }
    }
    Some(Verdict {
        governing: governing.unwrap_or_else(|| regime.clone()),
        regime,
        proposal: cited,
        acknowledged,
        faults,
        left,
    })
}

/// What governs an act. One dated by a month or year alone gets around no rule
/// that came into force within it.
fn governed(case: &Case<'_>, on: PartialDate, place: Place) -> Regime {
    let first = regime(case, place);
    if first.rule().is_some() || on.is_full() {
        return first;
    }
    let last = regime(case, (last_day(on), place.1));
    if last.rule().is_some() { last } else { first }
}

/// An act that would take what a later one rests on: what is dated in between
/// is drawn before it.
fn crowds_out(
    proposal: ProposalId,
    topic: &Topic<'_>,
    place: Place,
    without: &[super::ledger::Rested],
    with: &[super::ledger::Rested],
) -> Option<Fault> {
    let later = with.iter().find(|act| {
        act.place > place
            && !act.faults.is_empty()
            && without
                .iter()
                .any(|other| other.place == act.place && other.faults.is_empty())
    })?;
    if topic.is_drawn()
        && let Some(Fault::OverApproved {
            amount: later_amount,
            left,
            approved,
            ..
        }) = later.faults.first()
    {
        let amount = topic.amount().unwrap_or_default();
        let left = &(*left + amount - *later_amount);
        if *left > Pence::ZERO {
            return Some(Fault::OverApproved {
                proposal,
                of: format!("in all, before entry {}", later.entry.position),
                amount,
                left: *left,
                approved: *approved,
            });
        }
    }
    Some(Fault::ApprovalSpent {
        proposal,
        spent_on: later.entry.effective_on(),
        position: later.entry.position,
    })
}
