//! Reading and summaries for events about instruments.

use crate::enum_label::EnumLabel;
use crate::event::collaborations::{NamedBasis, cause, end_basis};
use crate::event::services::check_disjoint;
use crate::fields::{
    FromWire, choice, date, flag, id, ids, list, message, name, optional, optional_id,
    optional_name, or_default, reads, required_text, some_ids, subject, text,
};
use crate::proto;
use crate::summary::{Summary, listed, optional_phrase, quoted};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    AgreementSigned, ConsultationRecorded, InstrumentDrafted, InstrumentEnded, InstrumentRenewed,
    InstrumentReviewed, InstrumentSuperseded, InstrumentVaried, MouUpdated, Variation,
};

reads! {
    InstrumentDrafted {
        instrument: id(instrument_id),
        title: name(title),
        kind: choice(kind),
        parties: ids(party_ids),
        services: ids(service_ids),
        terms: or_default(terms),
        document: or_default(document),
        summary: text(summary),
        other_parties: optional_name(other_parties),
        legal_basis: optional_name(legal_basis),
        signatories_unknown: flag(signatories_unknown),
    } => check_signatories
    ConsultationRecorded {
        consultation: id(consultation_id),
        about: name(about),
        instrument: optional_id(instrument_id),
        consulted: ids(consulted_ids),
        others_consulted: optional_name(others_consulted),
        closes_on: date(closes_on),
        outcome: text(outcome),
    }
    AgreementSigned {
        instrument: id(instrument_id),
        body: optional_id(body_id),
        office: optional_name(office),
        on_behalf_by: optional(on_behalf_by),
        also: ids(also_body_ids),
        agreed_by: ids(agreed_by_ids),
        others: optional_name(others),
    } => check_signature
    Variation {
        instrument: id(instrument_id),
        agreed_by: some_ids(agreed_by_ids),
        summary: required_text(summary),
        terms: optional(terms),
        document: or_default(document),
        services_added: ids(services_added_ids),
        services_removed: ids(services_removed_ids),
    } => check_services
    MouUpdated {
        variation: message(variation),
    }
    InstrumentVaried {
        variation: message(variation),
    }
    InstrumentRenewed {
        instrument: id(instrument_id),
        expires_on: date(expires_on),
        agreed_by: ids(agreed_by_ids),
        exercised_by: optional_id(exercised_by_id),
        with_effect_from: date(with_effect_from_on),
        agreed_by_not_given: flag(agreed_by_not_given),
    } => check_renewal
    InstrumentSuperseded {
        instrument: id(instrument_id),
        by: optional_id(by_instrument_id),
        by_others: list(by, SUPERSEDING_MAX),
    } => check_successor
    InstrumentRef {
        subject: subject(subject),
        instrument: id(instrument_id),
    }
    InstrumentReviewed {
        instrument: id(instrument_id),
        outcome: text(outcome),
        next_review_on: date(next_review_on),
    }
}

/// The most instruments that replace one.
const SUPERSEDING_MAX: usize = 20;

impl FromWire for InstrumentEnded {
    type Wire = proto::InstrumentEnded;

    fn read(r: &mut MessageReader, m: &proto::InstrumentEnded) -> Option<Self> {
        let instrument = id(r, "instrument_id", &m.instrument_id);
        let cause = choice(r, "cause", &m.cause);
        let reason = text(r, "reason", &m.reason);
        let named = NamedBasis {
            notices: &m.notice_ids,
            direction: &m.direction_id,
            agreed_by: &m.agreed_by_ids,
            legal_basis: &m.legal_basis,
        };
        let basis = end_basis(r, m.cause(), &named);
        Some(Self {
            instrument: instrument?,
            cause: cause?,
            reason: reason?,
            basis: basis?,
        })
    }
}

fn check_renewal(r: &mut MessageReader, m: &proto::InstrumentRenewed) {
    match (m.expires_on.is_some(), m.expires_on_not_given) {
        (false, false) => r.fault_in(
            "expires_on",
            "required here: give its new last day, or set expires_on_not_given where the source \
             does not give it",
        ),
        (true, true) => r.fault_in(
            "expires_on_not_given",
            "expires_on gives the new last day: leave one of the two out",
        ),
        (true, false) | (false, true) => {}
    }
    if m.agreed_by_not_given && !m.agreed_by_ids.is_empty() {
        r.fault_in(
            "agreed_by_not_given",
            "agreed_by_ids says who agreed: leave one of the two out",
        );
    }
}

fn check_signatories(r: &mut MessageReader, m: &proto::InstrumentDrafted) {
    if m.signatories_unknown && !m.party_ids.is_empty() {
        r.fault_in(
            "signatories_unknown",
            "party_ids says who must sign: leave one of the two out",
        );
    }
}

fn check_signature(r: &mut MessageReader, m: &proto::AgreementSigned) {
    match (m.body_id.is_empty(), m.others.is_empty()) {
        (true, true) => r.fault_in(
            "body_id",
            "an id is required here: name the party that signs, or, where others sign that are no \
             registered bodies, describe them in others",
        ),
        (false, false) => r.fault_in(
            "others",
            "body_id names the party that signs: record those that are described in another event",
        ),
        (true, false) if !m.also_body_ids.is_empty() => r.fault_in(
            "also_body_ids",
            "these sign beside the party in body_id: name the first of them there",
        ),
        (true, false) | (false, true) => {}
    }
    for (index, also) in m.also_body_ids.iter().enumerate() {
        if *also == m.body_id {
            r.at_item("also_body_ids", index, |r| {
                r.fault("this body signs already, in body_id: leave the repeat out");
            });
        }
    }
}

fn check_services(r: &mut MessageReader, m: &proto::Variation) {
    check_disjoint(
        r,
        "services_added_ids",
        &m.services_added_ids,
        &m.services_removed_ids,
    );
}

fn check_successor(r: &mut MessageReader, m: &proto::InstrumentSuperseded) {
    if m.by_instrument_id.is_empty() && m.by.is_empty() {
        r.fault_in(
            "by_instrument_id",
            "an id is required here: name the instrument that replaces it, or, for one of another \
             subject or for several, name them in by",
        );
    }
    for (index, by) in m.by.iter().enumerate() {
        if m.by[..index].contains(by) {
            r.at_item("by", index, |r| {
                r.fault("this instrument is in this list already: leave the repeat out");
            });
        }
    }
    if !m.instrument_id.is_empty() && m.instrument_id == m.by_instrument_id {
        r.fault_in(
            "by_instrument_id",
            "an instrument does not replace itself: name the one that replaces it",
        );
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for InstrumentDrafted {
    fn line(&self) -> String {
        let kind = proto::InstrumentKind::from(self.kind).label();
        format!(
            "instrument {} drafted: {} ({kind})",
            self.instrument, self.title
        )
    }
}

impl Summary for ConsultationRecorded {
    fn line(&self) -> String {
        let whom = match (&self.consulted[..], &self.others_consulted) {
            ([], None) => String::new(),
            ([], Some(others)) => format!(" of {others}"),
            (bodies, None) => format!(" of {}", listed(bodies)),
            (bodies, Some(others)) => format!(" of {}, with {others}", listed(bodies)),
        };
        format!("consultation {}{whom}: {}", self.consultation, self.about)
    }
}

impl Summary for AgreementSigned {
    fn line(&self) -> String {
        let office = optional_phrase(self.office.as_ref(), "by its");
        let behalf = optional_phrase(self.on_behalf_by.as_ref(), "by delegation through");
        let bodies: Vec<_> = self.bodies().collect();
        let who = match &self.others {
            Some(others) => others.to_string(),
            None => listed(&bodies),
        };
        format!(
            "{who} signed instrument {}{office}{behalf}",
            self.instrument
        )
    }
}

impl Summary for MouUpdated {
    fn line(&self) -> String {
        varied("memorandum", &self.variation)
    }
}

impl Summary for InstrumentVaried {
    fn line(&self) -> String {
        varied("instrument", &self.variation)
    }
}

impl Summary for InstrumentRenewed {
    fn line(&self) -> String {
        let until = match self.expires_on {
            Some(on) => format!("until {on}"),
            None => "(last day not given)".to_owned(),
        };
        let from = optional_phrase(self.with_effect_from.as_ref(), "with effect from");
        format!("instrument {} renewed {until}{from}", self.instrument)
    }
}

impl Summary for InstrumentSuperseded {
    fn line(&self) -> String {
        let own = self.by.iter().map(ToString::to_string);
        let others = self.by_others.iter();
        let others = others.map(|other| format!("{} of {}", other.instrument, other.subject));
        let by: Vec<String> = own.chain(others).collect();
        format!(
            "instrument {} superseded by {}",
            self.instrument,
            listed(&by)
        )
    }
}

impl Summary for InstrumentEnded {
    fn line(&self) -> String {
        format!("instrument {} ended {}", self.instrument, cause(self.cause))
    }
}

impl Summary for InstrumentReviewed {
    fn line(&self) -> String {
        let next = self
            .next_review_on
            .map(|day| format!(", next review {day}"))
            .unwrap_or_default();
        format!("instrument {} reviewed{next}", self.instrument)
    }
}

fn varied(noun: &str, v: &Variation) -> String {
    format!(
        "{noun} {} varied, agreed by {}: {}",
        v.instrument,
        listed(&v.agreed_by),
        quoted(v.summary.as_str())
    )
}
