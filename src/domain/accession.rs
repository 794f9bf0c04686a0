//! Accessions: a body becomes a party by an instrument that others have made, and those
//! whom the instrument names agree.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::event::{AgreementSigned, InstrumentKind, PartyJoined, Terms};
use super::fact::{EffectiveOrder, Fact};
use super::ids::{BodyId, Position, SubjectId};
use super::instrument::Instrument;
use super::signatories::{bound_signatories, in_place_of};
use super::subject::Subject;

/// The agreement to an accession, as far as it is on record.
#[derive(Clone, Debug, Default)]
pub struct AccessionAgreement {
    pub agreed: BTreeSet<BodyId>,
    /// Those that must agree, and have not.
    pub awaited: BTreeSet<BodyId>,
}

/// The bodies that must agree before `body` becomes a party by an instrument on a day:
/// those that its terms name, or else those that must agree to vary it. Bodies that
/// accede on the same day do not wait for each other.
pub fn must_agree(
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
    body: &BodyId,
    day: Date,
) -> BTreeSet<BodyId> {
    let before = EffectiveOrder {
        day,
        position: Position::default(),
    };
    let mut bound = bound_signatories(id, subject, instrument, before, day);
    let named = named(instrument.drafted.kind, instrument.terms(day));
    if !named.is_empty() {
        let named = in_place_of(subject, &named.iter().cloned().collect(), day);
        bound.retain(|party| named.contains(party));
    }
    bound.remove(body);
    bound
}

/// The first accession of a body by an instrument after `at`: one that is on record, and
/// still to come then.
pub fn after<'a>(
    instrument: &'a Instrument,
    body: &BodyId,
    at: EffectiveOrder,
) -> Option<&'a Fact<PartyJoined>> {
    let mut accessions = instrument.accessions.iter();
    accessions.find(|joined| joined.body == *body && joined.effective_order() > at)
}

fn named(kind: InstrumentKind, terms: &Terms) -> &[BodyId] {
    match (&terms.accession_parties[..], kind) {
        // Varied only by all its parties (Policing and Crime Act 2017 s.4(8)).
        ([], InstrumentKind::EmergencyServicesAgreement) => &[],
        ([], _) => &terms.variation_parties,
        (named, _) => named,
    }
}

/// The signature of a body that joined: not one from before it left.
pub fn signature<'a>(
    subject: &Subject,
    instrument: &'a Instrument,
    accession: &Fact<PartyJoined>,
) -> Option<&'a Fact<AgreementSigned>> {
    let left = left_before(subject, accession);
    let signed = instrument.last_signature(&accession.body);
    signed.filter(|signed| Some(signed.effective_order()) > left)
}

/// When a body that joined had left before; `None` if it joined for the first time.
pub fn left_before(subject: &Subject, accession: &Fact<PartyJoined>) -> Option<EffectiveOrder> {
    let collaboration = subject.as_collaboration()?;
    collaboration.left_before(&accession.body, accession.effective_order())
}

/// The agreement to an accession by `day`: stated with it or with the signature of the
/// body, or given with a variation since.
pub fn agreement(
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
    accession: &Fact<PartyJoined>,
    day: Date,
) -> AccessionAgreement {
    let mut agreed: BTreeSet<BodyId> = accession.agreed_by.iter().cloned().collect();
    let signed = signature(subject, instrument, accession);
    if let Some(signed) = signed.filter(|signed| signed.day() <= day) {
        agreed.extend(signed.agreed_by.iter().cloned());
    }
    let mut awaited = must_agree(id, subject, instrument, &accession.body, accession.day());
    awaited.retain(|body| !agreed.contains(body));
    let variations = instrument.variations.by(day);
    for variation in variations.filter(|variation| variation.day() >= accession.day()) {
        // An accession to which all have agreed needs no later deed.
        if awaited.is_empty() {
            break;
        }
        agreed.extend(variation.agreed_by.iter().cloned());
        awaited.retain(|body| !agreed.contains(body));
    }
    agreed.remove(&accession.body);
    AccessionAgreement { agreed, awaited }
}
