//! Reading and summaries for events about instruments.

use crate::domain::event::{
    AgreementSigned, ConsultationRecorded, InstrumentDrafted, InstrumentEnded, InstrumentRenewed,
    InstrumentReviewed, InstrumentSuperseded, InstrumentVaried, MouUpdated, Provision, Variation,
};
use crate::domain::ids::{BodyId, ForceId};
use crate::wire::enum_label::EnumLabel;
use crate::wire::event::collaborations::cause;
use crate::wire::event::services::check_disjoint;
use crate::wire::fields::{
    FromWire, ITEMS_MAX, choice, date, flag, id, ids, list, message, months, name, optional,
    optional_id, optional_name, or_default, reads, required_text, some_date, some_ids,
    some_wire_choice, text,
};
use crate::wire::proto;
use crate::wire::summary::{Summary, listed, optional_phrase, quoted};
use crate::wire::violation::MessageReader;

reads! {
    Terms {
        commences_on: date(commences_on),
        expires_on: date(expires_on),
        review_on: date(review_on),
        notice_as_party_months: months(notice_as_party_months),
        notice_as_lead_months: months(notice_as_lead_months),
        has_withdrawal_provision: flag(has_withdrawal_provision),
        variation_parties: ids(variation_party_ids),
        provisions: list(provisions, ITEMS_MAX),
    }
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
    }
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
        body: id(body_id),
        office: optional_name(office),
    }
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
        expires_on: some_date(expires_on),
    }
    InstrumentSuperseded {
        instrument: id(instrument_id),
        by: id(by_instrument_id),
    } => check_successor
    InstrumentEnded {
        instrument: id(instrument_id),
        cause: choice(cause),
        reason: text(reason),
    }
    InstrumentReviewed {
        instrument: id(instrument_id),
        outcome: text(outcome),
        next_review_on: date(next_review_on),
    }
}

impl FromWire for Provision {
    type Wire = proto::Provision;

    fn read(r: &mut MessageReader, m: &proto::Provision) -> Option<Self> {
        let bodies = |r: &mut MessageReader| {
            some_ids::<BodyId>(r, "policing_body_ids", &m.policing_body_ids)
        };
        let forces = |r: &mut MessageReader| some_ids::<ForceId>(r, "forces", &m.forces);
        match some_wire_choice(r, "kind", &m.kind)? {
            proto::ProvisionKind::Unspecified => None,
            proto::ProvisionKind::Force => {
                let fits = require_empty(r, "policing_body_ids", &m.policing_body_ids);
                let forces = forces(r);
                fits.and(forces).map(Self::Force)
            }
            proto::ProvisionKind::PolicingBody => {
                let fits = require_empty(r, "forces", &m.forces);
                let bodies = bodies(r);
                fits.and(bodies).map(Self::PolicingBody)
            }
            proto::ProvisionKind::PolicingBodyAndForce => {
                let (bodies, forces) = (bodies(r), forces(r));
                Some(Self::PolicingBodyAndForce(bodies?, forces?))
            }
        }
    }
}

fn require_empty(r: &mut MessageReader, field: &str, ids: &[String]) -> Option<()> {
    if ids.is_empty() {
        return Some(());
    }
    r.fault_in(
        field,
        "a provision of this kind does not relate to these: leave them out, or choose another kind",
    );
    None
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
    if !m.instrument_id.is_empty() && m.instrument_id == m.by_instrument_id {
        r.fault_in(
            "by_instrument_id",
            "an instrument gives way to another: name that one",
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
        format!(
            "{} signed instrument {}{office}",
            self.body, self.instrument
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
        format!(
            "instrument {} renewed until {}",
            self.instrument, self.expires_on
        )
    }
}

impl Summary for InstrumentSuperseded {
    fn line(&self) -> String {
        format!("instrument {} superseded by {}", self.instrument, self.by)
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
