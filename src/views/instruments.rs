//! The instruments of a subject: standing, signatures and versions.

use std::collections::BTreeSet;

use super::{names, party_matrix};
use crate::domain::date::PartialDate;
use crate::domain::fact::Fact;
use crate::domain::ids::{BodyId, SubjectId};
use crate::domain::instrument::{InForce, Instrument};
use crate::domain::register_view::RegisterView;
use crate::domain::signatories::required_signatories;
use crate::domain::subject::Subject;
use crate::domain::succession::holders;
use crate::wire::proto::{
    InstrumentReviewView, InstrumentView, SignatureView, Standing, VersionView,
};
use crate::wire::reply;

/// The instruments, in the order in which they were drafted.
pub fn list(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
) -> Vec<InstrumentView> {
    let mut instruments: Vec<&Instrument> = subject.dossier.instruments.values().collect();
    instruments.sort_by_cached_key(|instrument| instrument.drafted.effective_order());
    instruments
        .into_iter()
        .map(|instrument| view(register_view, id, subject, instrument))
        .collect()
}

/// The number of instruments in force.
pub(super) fn in_force(register_view: &RegisterView, id: &SubjectId, subject: &Subject) -> usize {
    let stands = |instrument: &&Instrument| {
        let required = required_signatories(id, subject, instrument, register_view.as_at());
        matches!(
            instrument.standing(&required, register_view.as_at()),
            InForce::Since(_)
        )
    };
    subject.dossier.instruments.values().filter(stands).count()
}

/// The bodies whose signature an instrument awaits.
pub(super) fn awaited(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
) -> BTreeSet<BodyId> {
    let mut required = required_signatories(id, subject, instrument, register_view.as_at());
    match instrument.standing(&required, register_view.as_at()) {
        InForce::AwaitingSignature => {
            required.retain(|body| !instrument.signatures.contains_key(body));
            required
        }
        InForce::Since(_)
        | InForce::From(_)
        | InForce::Expired(_)
        | InForce::Superseded(_)
        | InForce::Ended(_) => BTreeSet::new(),
    }
}

fn view(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
) -> InstrumentView {
    let day = register_view.as_at();
    let drafted = &instrument.drafted;
    let required = required_signatories(id, subject, instrument, register_view.as_at());
    let stands = instrument.standing(&required, day);
    let (standing, over_on) = match stands {
        InForce::Since(_) => (Standing::InForce, None),
        InForce::AwaitingSignature => (Standing::AwaitingSignature, None),
        InForce::From(_) => (Standing::NotYetCommenced, None),
        InForce::Expired(on) => (Standing::Expired, Some(on)),
        InForce::Superseded(on) => (Standing::Superseded, Some(on)),
        InForce::Ended(on) => (Standing::Ended, Some(on)),
    };
    // Not the day it would have come into force, had it not been over by then.
    let had_force =
        |on: &PartialDate| on.first_day() <= over_on.map_or(day, |over| over.last_day().min(day));
    let in_force_on = instrument.in_force_on(&required, day).filter(had_force);
    InstrumentView {
        faults: party_matrix::broken(register_view, id, subject, instrument)
            .into_iter()
            .map(|(_, fault)| fault)
            .collect(),
        instrument_id: drafted.instrument.to_string(),
        title: drafted.title.to_string(),
        kind: reply::instrument_kind(drafted.kind),
        standing: standing.into(),
        in_force_on: reply::optional_date(in_force_on),
        ends_on: reply::optional_date(over_on.or_else(|| instrument.expires_on(day))),
        review_on: reply::optional_date(instrument.review_on(day)),
        signatures: signatures(register_view, subject, instrument, &required),
        other_parties: reply::optional(drafted.other_parties.as_ref()),
        versions: versions(instrument, in_force_on.map(reply::date)),
        service_ids: reply::strings(&instrument.services(day)),
        terms: reply::terms(instrument.terms(day)),
        superseded_by_id: reply::optional(instrument.superseded.at(day).map(|s| &s.by)),
        summary: drafted.summary.to_string(),
        reviews: instrument
            .reviews
            .iter()
            .map(|reviewed| InstrumentReviewView {
                reviewed_on: Some(reply::date(reviewed.on())),
                outcome: reviewed.outcome.to_string(),
                next_review_on: reply::optional_date(reviewed.next_review_on),
            })
            .collect(),
    }
}

/// The required signatories, in the order of their signatures; then those that have not
/// signed.
fn signatures(
    register_view: &RegisterView,
    subject: &Subject,
    instrument: &Instrument,
    required: &BTreeSet<BodyId>,
) -> Vec<SignatureView> {
    let followed_by = |body| {
        let mut heirs = holders(subject.followed.as_ref(), body, register_view.as_at());
        heirs.retain(|heir| *heir != body);
        names::bodies(register_view, heirs)
    };
    let mut signatures: Vec<_> = required
        .iter()
        .map(|body| (body, instrument.signatures.get(body)))
        .collect();
    signatures.sort_by_key(|(_, signed)| (signed.is_none(), signed.map(Fact::effective_order)));
    signatures
        .into_iter()
        .map(|(body, signed)| SignatureView {
            body: Some(names::body(register_view, body)),
            office: reply::office(signed.and_then(|signed| signed.office.as_ref())),
            signed_on: reply::optional_date(signed.map(Fact::on)),
            followed_by: followed_by(body),
        })
        .collect()
}

fn versions(
    instrument: &Instrument,
    in_force_on: Option<crate::wire::proto::Date>,
) -> Vec<VersionView> {
    let drafted = &instrument.drafted;
    let original = VersionView {
        number: 1,
        effective_on: in_force_on,
        summary: drafted.summary.to_string(),
        document: reply::document(&drafted.document),
        position: drafted.position().get(),
    };
    let varied = instrument
        .variations
        .iter()
        .zip(2..)
        .map(|(variation, number)| VersionView {
            number,
            effective_on: Some(reply::date(variation.on())),
            summary: variation.summary.to_string(),
            document: reply::document(&variation.document),
            position: variation.position().get(),
        });
    std::iter::once(original).chain(varied).collect()
}
