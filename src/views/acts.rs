//! Acts, in published form.

use crate::domain::dossier::Dossier;
use crate::domain::entry::Entry;
use crate::domain::event::Kind;
use crate::domain::fact::Fact;
use crate::wire::proto::ActView;
use crate::wire::{reply, summary};

/// An act.
pub(super) fn act(dossier: &Dossier, entry: &Entry, is_breach: bool) -> ActView {
    let topic = entry.event.kind.act();
    let (item_id, reversed) = match &entry.event.kind {
        Kind::VirementMade(what) => {
            let made = dossier.virements.get(&what.id);
            let reversed = made.and_then(|made| made.reversed.latest().map(Fact::on));
            (what.id.to_string(), reversed)
        }
        Kind::UnderspendDisposed(what) => (what.id.to_string(), None),
        _ => (String::new(), None),
    };
    ActView {
        what: summary::summary(&entry.event),
        matter_kind: topic
            .map(|topic| reply::matter_kind(topic.kind()))
            .unwrap_or_default(),
        on: Some(reply::date(entry.effective_on())),
        recorded_on: Some(reply::day(entry.recorded_on)),
        amount_pence: topic.and_then(|topic| topic.amount()).map(reply::pence),
        reversed_on: reply::optional_date(reversed),
        is_breach,
        position: entry.position.get(),
        item_id,
    }
}
