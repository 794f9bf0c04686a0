//! The agreement of several bodies to one act: as its recorder names them, as they decided a
//! proposal for it, or as the parties' own approval rules ask.

use std::collections::BTreeSet;

use super::event_check::{EventCheck, missing};
use crate::approval::{Regime, Verdict, judge_new_act, not_agreed_by};
use crate::event::Authority;
use crate::ids::BodyId;

/// The bodies of `needed` whose agreement is not on record: the event does not name them, and
/// they have not decided the proposal on which it rests. Where approval rules cover the act,
/// rule 5 judges the approval; a breach says that it lacked it.
pub(super) fn not_agreed(
    check: &EventCheck<'_>,
    needed: &BTreeSet<BodyId>,
    named: &[BodyId],
) -> BTreeSet<BodyId> {
    let awaited: BTreeSet<BodyId> = missing(needed, named).cloned().collect();
    if awaited.is_empty() || is_ruled(check) {
        return BTreeSet::new();
    }
    match &check.entry.event.authority {
        Some(Authority::AcknowledgedBreach(_)) => BTreeSet::new(),
        Some(Authority::Proposal(_)) => not_decided(check, &awaited).unwrap_or(awaited),
        Some(Authority::Delegation(_) | Authority::RecordedDelegation(_)) | None => awaited,
    }
}

/// Whether approval rules cover the act.
fn is_ruled(check: &EventCheck<'_>) -> bool {
    let is_ruled = |verdict: Verdict| matches!(verdict.regime, Regime::Rule(_));
    let context = check.context();
    context.is_some_and(|context| {
        let verdict = judge_new_act(&context, check.entry, check.effective_order());
        verdict.is_some_and(is_ruled)
    })
}

/// The bodies of `needed` that have not decided the proposal for this act that the event
/// names; `None` if it names none for it.
pub(super) fn not_decided(
    check: &EventCheck<'_>,
    needed: &BTreeSet<BodyId>,
) -> Option<BTreeSet<BodyId>> {
    let Some(Authority::Proposal(id)) = &check.entry.event.authority else {
        return None;
    };
    let context = check.context()?;
    let proposal = context.subject.dossier.proposals.get(id)?;
    let done = check.entry.event.kind.act()?;
    let parts = proposal.act().parts();
    if !parts.iter().any(|part| part.difference(&done).is_none()) {
        return None;
    }
    Some(not_agreed_by(
        &context,
        (*id, proposal),
        (check.entry, check.effective_order()),
        needed,
    ))
}
