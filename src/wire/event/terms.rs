//! Reading the terms of instruments.

use crate::fields::{
    FromWire, ITEMS_MAX, choices, count_to, date, flag, ids, list, months, optional,
    optional_pence, reads, some_ids, some_wire_choice,
};
use crate::proto;
use crate::violation::MessageReader;
use minutebook_domain::event::{DayOfYear, ExtensionOption, Provision};
use minutebook_domain::ids::{BodyId, ForceId};

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
        notice_ends_agreement: flag(notice_ends_agreement),
    } => check_terms
}

/// The most options to extend a term.
const EXTENSIONS_MAX: usize = 20;
/// The most months by which an option extends a term.
const EXTENSION_MONTHS_MAX: u32 = 240;

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
        let holders = ids(r, "holder_ids", &m.holder_ids);
        if months.is_none() {
            r.fault_in(
                "months",
                "an option extends the term by some months: give them",
            );
        }
        Some(Self {
            months: months?,
            exercise_by: exercise_by?,
            holders: holders?,
            up_to: m.up_to,
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
