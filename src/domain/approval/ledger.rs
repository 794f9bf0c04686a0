//! Ledgers: the acts that rely on a proposal, in order, and the amount that is left.

use std::sync::Arc;

use super::act_check::ActCheck;
use super::approval_context::ApprovalContext;
use super::drawn::{Direction, Drawn, Use};
use super::proposal_status::ProposalStatus;
use crate::dossier::Proposal;
use crate::entry::Entry;
use crate::event::{ApprovableAct, Kind};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::ProposalId;
use crate::money::Pence;

/// An act that relies on a proposal.
#[derive(Clone, Debug)]
pub struct LedgerAct {
    pub order: EffectiveOrder,
    pub entry: Arc<Entry>,
    /// Why the proposal does not allow it. An act without faults draws on the approval.
    pub faults: Vec<Fault>,
    /// Whether the approval may have come after it, or been interrupted before it, on days
    /// that are not known.
    pub rests_on_unknown_day: bool,
}

impl LedgerAct {
    /// Whether it acknowledges a breach, or the proposal does not allow it.
    pub fn is_breach(&self) -> bool {
        self.entry.acknowledges_breach() || !self.faults.is_empty()
    }
}

/// The acts that rely on a proposal.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// In order.
    pub acts: Vec<LedgerAct>,
    /// The amount that was drawn and not reversed.
    pub made: Pence,
    /// The rest of the approved amount; zero unless the proposal was carried.
    pub left: Pence,
}

/// The ledger of a proposal, with one act more if that is being judged.
pub fn ledger(
    context: &ApprovalContext<'_>,
    id: ProposalId,
    proposal: &Proposal,
    status: &ProposalStatus<'_>,
    judged: Option<(&Arc<Entry>, EffectiveOrder)>,
) -> Ledger {
    let dossier = &context.subject.dossier;
    let mut acts: Vec<(EffectiveOrder, Arc<Entry>)> = dossier
        .acts_by_proposal
        .get(&id)
        .into_iter()
        .flatten()
        .filter_map(|order| Some((*order, Arc::clone(&dossier.acts.get(order)?.entry))))
        .collect();
    if let Some((entry, order)) = judged
        && !acts.iter().any(|(at, _)| *at == order)
    {
        acts.push((order, Arc::clone(entry)));
        acts.sort_by_cached_key(|(order, _)| *order);
    }
    let mut drawn = Drawn::default();
    // Reversals still to come: when, and of which act.
    let mut reversals: Vec<(EffectiveOrder, usize)> = Vec::new();
    let mut faults: Vec<Vec<Fault>> = Vec::with_capacity(acts.len());
    for (index, (order, entry)) in acts.iter().enumerate() {
        for (_, reversed) in reversals.extract_if(.., |(at, _)| *at < *order) {
            let reversed = &acts[reversed].1;
            if let Some(act) = reversed.event.kind.act() {
                drawn.apply(&act, Direction::TakeBack);
            }
            drawn
                .uses
                .retain(|used| used.entry.position != reversed.position);
        }
        let check = ActCheck {
            context,
            id,
            proposal,
            status,
            entry,
            order: *order,
        };
        let Some(act) = entry.event.kind.act() else {
            faults.push(check.check_resting().into_iter().collect());
            continue;
        };
        let found = check.check_act(&act, &drawn);

        // A breach that names the proposal and is the proposed act has used the
        // approval: it cannot be carried out a second time.
        let is_proposed_act = entry.acknowledges_breach() && check.part(&act, &drawn).is_some();
        if found.is_empty() || is_proposed_act {
            let part = check.part(&act, &drawn).map_or(0, |(part, _)| part);
            drawn.apply(&act, Direction::Add);
            drawn.last = Some(entry);
            let by = match act {
                ApprovableAct::SignInstrument(_, by) => by,
                _ => None,
            };
            drawn.uses.push(Use { by, part, entry });
            if let Some(reversed) = reversed_at(context, entry) {
                reversals.push((reversed, index));
            }
        }
        faults.push(found);
    }
    for (_, reversed) in reversals {
        if let Some(act) = acts[reversed].1.event.kind.act() {
            drawn.apply(&act, Direction::TakeBack);
        }
    }
    let made = drawn.total;
    let approved = status.approved.amount.unwrap_or_default();
    // A ratification allows nothing but the act before it.
    let left = match proposal.ratifies() {
        Some(_) => Pence::ZERO,
        None if drawn.unstated > 0 => Pence::ZERO,
        None => (approved - made).max(Pence::ZERO),
    };
    let acts = acts.into_iter().zip(faults);
    let acts = acts.map(|((order, entry), faults)| LedgerAct {
        order,
        rests_on_unknown_day: status.rests_on_unknown_day((&*entry).into(), order),
        entry,
        faults,
    });
    Ledger {
        acts: acts.collect(),
        made,
        left,
    }
}

/// When an act was reversed.
fn reversed_at(context: &ApprovalContext<'_>, entry: &Entry) -> Option<EffectiveOrder> {
    let Kind::VirementMade(event) = &entry.event.kind else {
        return None;
    };
    let made = context.subject.dossier.virements.get(&event.id)?;
    made.reversed
        .iter()
        .next()
        .map(|fact| fact.effective_order())
}
