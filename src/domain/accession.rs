//! Accessions: a body becomes a party by an instrument that others have made, and those
//! whom the instrument names agree.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::collaboration::Collaboration;
use super::event::{AgreementSigned, InstrumentKind, PartyJoined, Terms};
use super::fact::{EffectiveOrder, Fact};
use super::ids::{BodyId, Position, SubjectId};
use super::instrument::Instrument;
use super::signatories::{bound_signatories, in_place_of};
use super::subject::Subject;
use super::succession::holders;

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

/// The signature of a body that joined, of the instrument or of a deed of accession: not one
/// from before it left.
pub fn signature<'a>(
    subject: &'a Subject,
    instrument: &'a Instrument,
    accession: &Fact<PartyJoined>,
) -> Option<&'a Fact<AgreementSigned>> {
    let left = left_before(subject, accession);
    let of = |signed: &'a Instrument| {
        let signed = signed.last_signature(&accession.body);
        signed.filter(|signed| Some(signed.effective_order()) > left)
    };
    of(instrument).or_else(|| deed(subject, accession).and_then(of))
}

/// The deed of accession that a body signed, where it is an instrument of its own.
fn deed<'a>(subject: &'a Subject, accession: &Fact<PartyJoined>) -> Option<&'a Instrument> {
    let left = left_before(subject, accession);
    let mut instruments = subject.dossier.instruments.values();
    instruments.find(|one| {
        let signed = one
            .last_signature(&accession.body)
            .map(Fact::effective_order);
        one.drafted.kind == InstrumentKind::AccessionDeed && signed > left
    })
}

/// Whether the signature of a body that joined is awaited on a day: it has neither signed,
/// nor agreed to a variation since, and is a party still.
pub fn awaits_signature(
    subject: &Subject,
    instrument: &Instrument,
    accession: &Fact<PartyJoined>,
    day: Date,
) -> bool {
    let body = &accession.body;
    let is_party = |collaboration: &Collaboration| {
        let order = accession.effective_order();
        // An heir that only says so by hand is in the place of another.
        collaboration.is_party(body, day) && collaboration.joined_at(body, order)
    };
    let mut variations = instrument.variations.by(day);
    let mut directed = instrument.directed.by(day);
    instrument.drafted.kind != InstrumentKind::StatutoryOrder
        && subject.as_collaboration().is_some_and(is_party)
        && signature(subject, instrument, accession).is_none_or(|signed| signed.day() > day)
        && !directed.any(|one| one.addressees.is_empty() || one.addressees.contains(body))
        && !variations.any(|variation| {
            variation.day() >= accession.day() && variation.agreed_by.contains(body)
        })
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
    if let Some(deed) = deed(subject, accession) {
        let signatures = deed.signatures.iter().filter(|(_, one)| one.day() <= day);
        let signed = signatures.map(|(body, _)| body);
        agreed.extend(signed.filter(|body| awaited.contains(*body)).cloned());
    }
    awaited.retain(|body| !agreed.contains(body));
    let variations = instrument.variations.by(day);
    for variation in variations.filter(|variation| variation.day() >= accession.day()) {
        // A deed is the agreement of those that had to agree, or of those in their place: it
        // may be about other things as well.
        let agrees = |awaited: &BodyId| {
            let present = holders(subject.followed.as_ref(), awaited, variation.day());
            let mut present = std::iter::once(awaited).chain(present);
            present
                .find(|body| variation.agreed_by.contains(body))
                .cloned()
        };
        awaited.retain(|body| match agrees(body) {
            Some(agreeing) => {
                agreed.insert(agreeing);
                false
            }
            None => true,
        });
    }
    agreed.remove(&accession.body);
    let awaited = in_place_of(subject, &awaited, day);
    AccessionAgreement { agreed, awaited }
}
