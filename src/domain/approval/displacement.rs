//! Displacement: an act dated before others must not use up the approval that they
//! rely on.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use super::approval_context::ApprovalContext;
use super::budget_lines::BudgetLines;
use super::verdict::VerdictCache;
use crate::budget::balance::Holder;
use crate::entry::Entry;
use crate::event::ApprovableAct;
use crate::fact::{EffectiveEntry, EffectiveOrder};
use crate::fault::Fault;
use crate::ids::ProposalId;
use crate::money::Pence;
use crate::subject_fold;

/// The fault of an act that would use up what later acts rely on: the rest of their
/// approval, or the running total of the year up to the next rule.
pub(super) fn check_displacement(
    context: &ApprovalContext<'_>,
    entry: &Arc<Entry>,
    order: EffectiveOrder,
) -> Option<Fault> {
    let act = entry.event.kind.act()?;
    let mut later: BTreeSet<EffectiveOrder> = BTreeSet::new();
    let dossier = &context.subject.dossier;
    let after = (Bound::Excluded(order), Bound::Unbounded);
    let own = entry.relies_on();
    if let Some(acts) = own.and_then(|id| dossier.acts_by_proposal.get(&id)) {
        later.extend(acts.range(after));
    }
    if let ApprovableAct::MakeVirement(virement) = act {
        let of_year = dossier.virements_by_year.get(&virement.year);
        if of_year.is_some_and(|of_year| of_year.range(after).next().is_some()) {
            let lines = BudgetLines::of(dossier, virement.year);
            let own: Vec<Holder> = virement.heads_from().map(|head| lines.line(head)).collect();
            let made = lines.virements().filter(|(at, _)| **at > order);
            let of_lines =
                made.filter(|(_, made)| own.iter().any(|line| lines.takes_from(made, line)));
            later.extend(of_lines.map(|(at, _)| *at));
        }
    }
    if later.is_empty() {
        return None;
    }
    let mut subject = context.subject.clone();
    let applied = EffectiveEntry {
        entry: Arc::clone(entry),
        original_position: order.position,
    };
    subject_fold::apply(&mut subject, applied);
    let with = VerdictCache::new(ApprovalContext {
        subject: &subject,
        ..*context
    });
    let without = VerdictCache::new(*context);
    later.into_iter().find_map(|at| {
        let later_act = dossier.acts.get(&at)?;
        let faults = |verdicts: &VerdictCache<'_>| {
            let verdict = verdicts.verdict(&later_act.entry, at);
            verdict.filter(|v| !v.acknowledged).map(|v| v.faults)
        };
        if !faults(&without)?.is_empty() {
            return None;
        }
        let fault = faults(&with)?.into_iter().next()?;
        Some(match own.filter(|_| later_act.entry.relies_on() == own) {
            Some(proposal) => approval_spent(proposal, &act, &later_act.entry, &fault),
            None => Fault::CrowdsOut {
                position: later_act.entry.position,
                on: later_act.entry.effective_on(),
                why: fault.to_string(),
            },
        })
    })
}

/// The fault of an act that leaves too little of an approval for a later act.
fn approval_spent(
    proposal: ProposalId,
    act: &ApprovableAct<'_>,
    later: &Entry,
    fault: &Fault,
) -> Fault {
    if act.is_drawn()
        && let Fault::OverApproved {
            amount: later_amount,
            left,
            approved,
            ..
        } = fault
    {
        let amount = act.amount().unwrap_or_default();
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
