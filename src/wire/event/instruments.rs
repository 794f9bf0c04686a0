//! Reading and summaries for events about instruments.

use crate::domain::event::{
    AgreementSigned, ConsultationRecorded, DayOfYear, ExtensionOption, InstrumentDrafted,
    InstrumentEnded, InstrumentRenewed, InstrumentReviewed, InstrumentSuperseded, InstrumentVaried,
    MouUpdated, Provision, Variation,
};
use crate::domain::ids::{BodyId, ForceId};
use crate::wire::enum_label::EnumLabel;
use crate::wire::event::collaborations::{NamedBasis, cause, end_basis};
use crate::wire::event::services::check_disjoint;
use crate::wire::fields::{
    FromWire, ITEMS_MAX, choice, choices, count_to, date, flag, id, ids, list, message, months,
    name, optional, optional_id, optional_name, optional_pence, or_default, reads, required_text,
    some_ids, some_wire_choice, subject, text,
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
        accession_parties: ids(accession_party_ids),
        notice_as_party_days: count_to(notice_as_party_days, 3_660, "days"),
        notice_as_lead_days: count_to(notice_as_lead_days, 3_660, "days"),
        notice_ends_on: optional(notice_ends_on),
        no_exit_before: date(no_exit_before_on),
        minimum_term_months: count_to(minimum_term_months, 600, "months"),
        rolling_months: count_to(rolling_months, 240, "months"),
        extensions: list(extensions, EXTENSIONS_MAX),
        value: optional_pence(value_pence),
        not_given: choices(not_given),
    } => check_terms
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
        body: id(body_id),
        office: optional_name(office),
        on_behalf_by: optional(on_behalf_by),
        also: ids(also_body_ids),
        agreed_by: ids(agreed_by_ids),
    } => check_also
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

/// The most options to extend a term.
const EXTENSIONS_MAX: usize = 20;
/// The most instruments that replace one.
const SUPERSEDING_MAX: usize = 20;
/// The most months by which an option extends a term.
const EXTENSION_MONTHS_MAX: u32 = 240;

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

impl FromWire for DayOfYear {
    type Wire = proto::DayOfYear;

    fn read(r: &mut MessageReader, m: &proto::DayOfYear) -> Option<Self> {
        // Not a leap year: a day of any year.
        let day = i8::try_from(m.month).ok().zip(i8::try_from(m.day).ok());
        let day = day.filter(|(month, day)| jiff::civil::Date::new(2001, *month, *day).is_ok());
        let Some((month, day)) = day else {
            r.fault("a day that every year has is required here: month 3 and day 31, for 31 March");
            return None;
        };
        Some(Self { month, day })
    }
}

impl FromWire for ExtensionOption {
    type Wire = proto::ExtensionOption;

    fn read(r: &mut MessageReader, m: &proto::ExtensionOption) -> Option<Self> {
        let months = count_to(r, "months", &m.months, EXTENSION_MONTHS_MAX, "months")?;
        let exercise_by = date(r, "exercise_by_on", &m.exercise_by_on);
        if months.is_none() {
            r.fault_in(
                "months",
                "an option extends the term by some months: give them",
            );
        }
        Some(Self {
            months: months?,
            exercise_by: exercise_by?,
        })
    }
}

fn check_terms(r: &mut MessageReader, m: &proto::Terms) {
    for (index, kind) in m.not_given().enumerate() {
        let (field, is_given) = match kind {
            proto::TermKind::Unspecified => continue,
            proto::TermKind::Commencement => ("commences_on", m.commences_on.is_some()),
            proto::TermKind::Expiry => ("expires_on", m.expires_on.is_some()),
            proto::TermKind::Review => ("review_on", m.review_on.is_some()),
            proto::TermKind::NoticeAsParty => (
                "notice_as_party_months or notice_as_party_days",
                m.notice_as_party_months > 0 || m.notice_as_party_days > 0,
            ),
            proto::TermKind::NoticeAsLead => (
                "notice_as_lead_months or notice_as_lead_days",
                m.notice_as_lead_months > 0 || m.notice_as_lead_days > 0,
            ),
            proto::TermKind::Withdrawal => ("has_withdrawal_provision", m.has_withdrawal_provision),
            proto::TermKind::Variation => {
                ("variation_party_ids", !m.variation_party_ids.is_empty())
            }
            proto::TermKind::Provisions => ("provisions", !m.provisions.is_empty()),
            proto::TermKind::Accession => {
                ("accession_party_ids", !m.accession_party_ids.is_empty())
            }
            proto::TermKind::Value => ("value_pence", m.value_pence != 0),
        };
        if is_given {
            r.at_item("not_given", index, |r| {
                r.fault(format!(
                    "{field} gives this term: leave it out there, or out of not_given"
                ));
            });
        }
    }
    if m.rolling_months > 0 && m.expires_on.is_none() {
        r.fault_in(
            "rolling_months",
            "a term that renews itself has an end at which it does: give expires_on",
        );
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
}

fn check_signatories(r: &mut MessageReader, m: &proto::InstrumentDrafted) {
    if m.signatories_unknown && !m.party_ids.is_empty() {
        r.fault_in(
            "signatories_unknown",
            "party_ids says who must sign: leave one of the two out",
        );
    }
}

fn check_also(r: &mut MessageReader, m: &proto::AgreementSigned) {
    for (index, also) in m.also_body_ids.iter().enumerate() {
        if *also == m.body_id {
            r.at_item("also_body_ids", index, |r| {
                r.fault("this body signs already, in body_id: leave the repeat out");
            });
        }
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
        format!(
            "{} signed instrument {}{office}{behalf}",
            listed(&bodies),
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
        format!("instrument {} renewed {until}", self.instrument)
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
