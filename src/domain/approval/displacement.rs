//! Crowding: an act dated before others takes nothing that they rest on.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use super::proposal_status::ApprovalContext;
use super::verdict::VerdictCache;
use crate::domain::entry::Entry;
use crate::domain::event::ApprovableAct;
use crate::domain::fact::{EffectiveEntry, EffectiveOrder};
use crate::domain::fault::Fault;
use crate::domain::ids::ProposalId;
use crate::domain::money::Pence;
use crate::domain::subject_fold;

/// An act, dated before others, that would take what they rest on: what is left
/// of their approval, or the room that the year's running total leaves them.
pub(super) fn check_displacement(
    sight: &ApprovalContext<'_>,
    entry: &Arc<Entry>,
    place: EffectiveOrder,
) -> Option<Fault> {
    let topic = entry.event.kind.act()?;
    let mut later: BTreeSet<EffectiveOrder> = BTreeSet::new();
    let dossier = &sight.subject.dossier;
    let after = (Bound::Excluded(place), Bound::Unbounded);
    let own = entry.rests_on();
    if let Some(resting) = own.and_then(|id| dossier.acts_by_proposal.get(&id)) {
        later.extend(resting.range(after));
    }
    if let ApprovableAct::MakeVirement(virement) = topic {
        for head in virement.heads_from() {
            if let Some(taken) = dossier
                .virements_by_head
                .get(&(virement.year, head.clone()))
            {
                later.extend(taken.range(after).map(|(place, _)| place));
            }
        }
    }
    if later.is_empty() {
        return None;
    }
    let mut subject = sight.subject.clone();
    let applied = EffectiveEntry {
        entry: Arc::clone(entry),
        order: place.1,
    };
    subject_fold::apply(&mut subject, applied);
    let with = VerdictCache::new(ApprovalContext {
        subject: &subject,
        ..*sight
    });
    let without = VerdictCache::new(*sight);
    later.into_iter().find_map(|at| {
        let told = dossier.acts.get(&at)?;
        let faults = |accounts: &VerdictCache<'_>| {
            let verdict = accounts.verdict(&told.entry, at);
            verdict.filter(|v| !v.acknowledged).map(|v| v.faults)
        };
        if !faults(&without)?.is_empty() {
            return None;
        }
        let fault = faults(&with)?.into_iter().next()?;
        Some(match own.filter(|_| told.entry.rests_on() == own) {
            Some(proposal) => spent_on(proposal, &topic, &told.entry, &fault),
            None => Fault::CrowdsOut {
                position: told.entry.position,
                on: told.entry.effective_on(),
                why: fault.to_string(),
            },
        })
    })
}

/// What is left of an approval before a later act on it.
fn spent_on(
    proposal: ProposalId,
    topic: &ApprovableAct<'_>,
    later: &Entry,
    fault: &Fault,
) -> Fault {
    if topic.is_drawn()
        && let Fault::OverApproved {
            amount: later_amount,
            left,
            approved,
            ..
        } = fault
    {
        let amount = topic.amount().unwrap_or_default();
        let left = *left + amount - *later_amount;
        if left > Pence::ZERO {
            return Fault::OverApproved {
                proposal,
                of: format!("in all, before entry {}", later.position),
                amount,
                left,
                approved: *approved,
            };
        }
    }
    Fault::ApprovalSpent {
        proposal,
        spent_on: later.effective_on(),
        position: later.position,
    }
}
