//! Events: from their published form to the domain.
//!
//! All that can be checked without the register is checked here. Whether a body
//! exists or a proposal was carried is judged by `domain::admit`. Each kind of event
//! also has its one-line summary here, beside its reading.

mod approval_rules;
mod assurance;
mod boards;
mod bodies;
mod budget_lines;
mod budgets;
mod challenges;
mod collaborations;
mod conditions;
mod corrections;
mod decisions;
mod delegations;
mod disposals;
mod envelope;
mod funding_formulas;
mod instruments;
mod invoices;
mod keys;
mod mandates;
mod matters;
mod meetings;
mod money;
mod notices;
mod publications;
mod savings;
mod services;
mod settlements;
mod terms;
mod virements;
mod voting;

use prost::Message;

use crate::fields::{
    FromWire, currency, date, list, optional, optional_choice, optional_uuid, subject, text,
};
use crate::proto;
use crate::violation::{EventContext, MessageReader};
use minutebook_domain::event::{AllowedSubject, Event, Kind, event_kinds};

/// The most bytes an event may have, encoded.
pub const EVENT_BYTES_MAX: usize = 32_768;
/// The most sources an event may name.
pub const SOURCES_MAX: usize = 20;

impl FromWire for Event {
    type Wire = proto::Event;

    fn read(r: &mut MessageReader, m: &proto::Event) -> Option<Self> {
        let before = r.fault_count();
        let size = m.encoded_len();
        if size > EVENT_BYTES_MAX {
            r.fault(format!(
                "an event has at most {EVENT_BYTES_MAX} bytes encoded; this one has {size}: point \
                 to a document instead of copying it, or split the event"
            ));
        }
        let about = subject(r, "subject", &m.subject);
        let effective_on = date(r, "effective_on", &m.effective_on);
        let decided_on = date(r, "decided_on", &m.decided_on);
        let acted_by = optional(r, "acted_by", &m.acted_by);
        let authority = envelope::authority(r, "authority", &m.authority);
        let sources = list(r, "sources", &m.sources, SOURCES_MAX);
        let note = text(r, "note", &m.note);
        let event_id = optional_uuid(r, "event_id", &m.event_id);
        let effective_on_is = optional_choice(r, "effective_on_is", &m.effective_on_is);
        if m.effective_on_is != 0 && m.effective_on.is_none() {
            r.fault_in(
                "effective_on_is",
                "this says how effective_on is to be read: give effective_on too, or leave this out",
            );
        }
        let currency = currency(r, &m.currency);
        let marking = optional_choice(r, "marking", &m.marking);
        let outer = std::mem::replace(
            &mut r.event,
            EventContext {
                subject: about.clone(),
                names_actor: m.acted_by.is_some(),
                is_breach: envelope::acknowledges_breach(m),
                currency: currency.unwrap_or_default(),
                has_amounts: false,
                takes_amounts: false,
            },
        );
        let kind = match &m.kind {
            Some(kind) => read_kind(r, kind),
            None => {
                r.fault_in(
                    "kind",
                    "name what happened: exactly one of body_registered, party_joined, \
                     agreement_signed and so on; if you did, the client is newer than the server",
                );
                None
            }
        };
        let own = std::mem::replace(&mut r.event, outer);
        let is_named = !m.currency.is_empty();
        if is_named && !own.takes_amounts && r.fault_count() == before {
            r.fault_in("currency", "no amount is in it: leave the currency out");
        }
        // One that is named holds for amounts of 0 too.
        let has_amounts = own.has_amounts || is_named;
        if r.fault_count() > before {
            return None;
        }
        Some(Self {
            subject: about?,
            effective_on: effective_on?,
            decided_on: decided_on?,
            acted_by: acted_by?,
            authority: authority?,
            sources: sources?,
            note: note?,
            event_id: event_id?,
            effective_on_is: effective_on_is?,
            currency: has_amounts.then_some(currency?),
            marking: marking?,
            kind: kind?,
        })
    }
}

// `event/kinds.rs` says what each column is.
macro_rules! define_read_kind {
    ($($name:ident $kind:ident $noun:ident $subject:ident $role:ident $until:ident;)*) => {
        fn read_kind(r: &mut MessageReader, kind: &proto::event::Kind) -> Option<Kind> {
            match kind {
                $(proto::event::Kind::$kind(m) => {
                    check_subject_kind(r, stringify!($name), AllowedSubject::$subject);
                    r.at(stringify!($name), |r| {
                        <minutebook_domain::event::$kind as FromWire>::read(r, m)
                    })
                    .map(Kind::from)
                })*
            }
        }
    };
}

event_kinds!(define_read_kind);

fn check_subject_kind(r: &mut MessageReader, field: &str, allowed: AllowedSubject) {
    if r.event.subject.as_ref().is_some_and(|s| !allowed.allows(s)) {
        r.fault_in(
            "subject",
            format!("{field} is about {}", allowed.description()),
        );
    }
}
