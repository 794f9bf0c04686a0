//! The fold of one entry into the state of its subject, by the kind of its event.
//!
//! A fold never fails. Whatever does not fit the known state was refused at the
//! door, or lost its ground through a correction, and leaves the state as it is:
//! that is why an item that does not exist is passed over here.

mod approval_rules;
mod assurance;
mod boards;
mod bodies;
mod budgets;
mod challenges;
mod collaborations;
mod corrections;
mod decisions;
mod delegations;
mod funding_formulas;
mod instruments;
mod invoices;
mod keys;
mod mandates;
mod meetings;
mod money;
mod notices;
mod publications;
mod savings;
mod services;
mod settlements;
mod virements;

use std::sync::Arc;

use imbl::OrdMap;

use super::dossier::{Dossier, Proposal};
use super::event::{Kind, event_kinds};
use super::fact::{EffectiveEntry, Fact};
use super::ids::SubjectId;
use super::proposal::OnProposal;
use super::subject::Subject;

/// Folds one effective entry into its subject.
pub(super) fn apply(subject: &mut Subject, entry: EffectiveEntry) {
    index_act(&mut subject.dossier, &entry);
    let event = &entry.entry.event;
    if event.effective_on_is.is_some() || !entry.entry.effective_on().is_full() {
        let order = entry.effective_order();
        subject.dossier.inexact.insert(order, entry.clone());
    }
    if event.currency.is_some() {
        subject.dossier.currency = event.currency;
    }
    let kind = entry.entry.event.kind.clone();
    apply_kind(subject, kind, entry);
}

/// The subject that results from folding these entries.
pub(super) fn fold(id: &SubjectId, entries: impl IntoIterator<Item = EffectiveEntry>) -> Subject {
    let mut subject = Subject::new(id);
    for entry in entries {
        apply(&mut subject, entry);
    }
    subject
}

// `event/kinds.rs` says what each column is.
macro_rules! define_folds {
    ($($name:ident $kind:ident $noun:ident $subject:ident $role:ident $until:ident;)*) => {
        fn apply_kind(subject: &mut Subject, kind: Kind, entry: EffectiveEntry) {
            match kind {
                $(Kind::$kind(event) => $noun::$name(subject, Fact::new(entry, event)),)*
            }
        }

        /// Adds the vote, decision or answer of an entry to a proposal, as the fold of
        /// the entry would; an entry of any other kind adds nothing.
        pub(super) fn add_opinion(proposal: &mut Proposal, entry: EffectiveEntry) {
            match &entry.entry.event.kind {
                $(Kind::$kind(_event) => add_if_opinion!($role proposal entry _event),)*
            }
        }
    };
}

macro_rules! add_if_opinion {
    (opinion $proposal:ident $entry:ident $event:ident) => {{
        let event = Arc::clone($event);
        OnProposal::add(Fact::new($entry, event), $proposal)
    }};
    (act $proposal:ident $entry:ident $event:ident) => {{}};
    (proposal $proposal:ident $entry:ident $event:ident) => {{}};
    (statement $proposal:ident $entry:ident $event:ident) => {{}};
}

event_kinds!(define_folds);

/// Indexes an act, and an entry of any kind that rests on a proposal or is recorded as a
/// breach, for the rules on prior approval.
fn index_act(dossier: &mut Dossier, entry: &EffectiveEntry) {
    let is_act = entry.entry.event.kind.act().is_some() || entry.entry.rests_on_proposal();
    if !is_act && !entry.entry.acknowledges_breach() {
        return;
    }
    let order = entry.effective_order();
    if let Some(id) = entry.entry.relies_on() {
        dossier
            .acts_by_proposal
            .entry(id)
            .or_default()
            .insert(order);
    }
    dossier.acts.insert(order, entry.clone());
}

/// Changes the item under `id`, where there is one.
fn with<K: Ord + Clone, V: Clone>(map: &mut OrdMap<K, V>, id: &K, change: impl FnOnce(&mut V)) {
    if let Some(item) = map.get_mut(id) {
        change(item);
    }
}
