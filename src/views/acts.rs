//! Acts, in published form.

use super::proposal_cache::ProposalCache;
use super::reasoning;
use minutebook_domain::approval::{LedgerAct, Verdict, recorded_delegation};
use minutebook_domain::dossier::Dossier;
use minutebook_domain::entry::Entry;
use minutebook_domain::event::Kind;
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_wire::proto::{ActView, FaultView};
use minutebook_wire::{reply, summary};

/// The judgement of an act, in short.
#[derive(Clone, Copy, Default)]
pub(super) struct ActStanding {
    is_breach: bool,
    rests_on_unknown_day: bool,
}

impl ActStanding {
    pub const BREACH: Self = Self {
        is_breach: true,
        rests_on_unknown_day: false,
    };
}

impl From<&Verdict> for ActStanding {
    fn from(verdict: &Verdict) -> Self {
        Self {
            is_breach: verdict.is_breach(),
            rests_on_unknown_day: verdict.rests_on_unknown_day,
        }
    }
}

impl From<&LedgerAct> for ActStanding {
    fn from(act: &LedgerAct) -> Self {
        Self {
            is_breach: act.is_breach(),
            rests_on_unknown_day: act.rests_on_unknown_day,
        }
    }
}

pub(super) fn act(dossier: &Dossier, entry: &Entry, standing: ActStanding) -> ActView {
    let approvable = entry.event.kind.act();
    let (item_id, reversed) = match &entry.event.kind {
        Kind::VirementMade(event) => {
            let made = dossier.virements.get(&event.id);
            let reversed = made.and_then(|made| made.reversed.latest().map(Fact::on));
            (event.id.to_string(), reversed)
        }
        Kind::UnderspendDisposed(event) => (event.id.to_string(), None),
        _ => (String::new(), None),
    };
    ActView {
        currency: reply::currency(entry.event.currency),
        what: summary::summary(&entry.event),
        matter_kind: approvable
            .map(|approvable| reply::matter_kind(approvable.kind()))
            .unwrap_or_default(),
        on: Some(reply::date(entry.effective_on())),
        on_is: reply::date_is(entry.event.effective_on_is),
        recorded_on: Some(reply::day(entry.recorded_on)),
        amount_pence: approvable
            .and_then(|approvable| approvable.amount())
            .map(reply::pence),
        reversed_on: reply::optional_date(reversed),
        is_breach: standing.is_breach,
        rests_on_unknown_day: standing.rests_on_unknown_day,
        position: entry.position.get(),
        item_id,
        not_covered: before_first_rules(dossier, entry),
        delegation_id: recorded_delegation(entry)
            .map(|cited| cited.delegation.to_string())
            .unwrap_or_default(),
    }
}

/// Why no approval rule covers an entry although rules were on record when it was
/// recorded: it is dated before the first of them. Empty otherwise.
pub(super) fn before_first_rules(dossier: &Dossier, entry: &Entry) -> String {
    let sets = || {
        dossier
            .rule_sets
            .iter()
            .filter(|set| !set.acknowledges_breach())
    };
    let Some(first) = sets().next() else {
        return String::new();
    };
    let recorded_first = sets().map(Fact::position).min();
    let is_before = entry.effective_on().first_day() < first.day();
    if !is_before || recorded_first.is_none_or(|first| entry.position < first) {
        return String::new();
    }
    format!(
        "not covered: before the first rules ({}, adopted {}), and recorded after them",
        first.rule_set,
        first.on()
    )
}

/// Why the proposal that an entry rests on, which is no act, does not carry it.
pub(super) fn resting_faults(
    cache: &ProposalCache<'_>,
    entry: &Entry,
    order: EffectiveOrder,
) -> Vec<FaultView> {
    let cited = entry.relies_on().filter(|_| entry.rests_on_proposal());
    let proposals = &cache.subject.dossier.proposals;
    let found = cited.and_then(|id| Some((id, proposals.get(&id)?)));
    let ledger = found.map(|(id, proposal)| cache.ledger(id, proposal));
    let acts = ledger.iter().flat_map(|ledger| &ledger.acts);
    let own = acts.filter(|act| act.order == order);
    own.flat_map(|act| &act.faults)
        .map(|fault| reasoning::fault(fault, entry))
        .collect()
}
