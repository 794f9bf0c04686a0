//! The instruments of a subject: standing, signatures and versions.

use std::collections::BTreeSet;

use super::known_instruments::{self, KnownInstrument};
use super::{names, party_matrix, publications, successions};
use minutebook_domain::accession;
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::{EndBasis, ProtectiveMarking};
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{BodyId, SubjectId};
use minutebook_domain::instrument::{Force, InForce, Instrument};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::signatories::{self, present_signatories};
use minutebook_domain::subject::Subject;
use minutebook_domain::succession::holders;
use minutebook_wire::proto::{
    InstrumentReviewView, InstrumentView, RenewalView, SignatureView, Standing, VersionView,
};
use minutebook_wire::reply;

/// The instruments, in the order in which they were drafted.
pub fn list(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
) -> Vec<InstrumentView> {
    let mut instruments = known_instruments::list(register_view, id, subject);
    instruments.sort_by_cached_key(|known| known.instrument.drafted.effective_order());
    instruments
        .iter()
        .map(|known| view(register_view, id, subject, known))
        .collect()
}

/// The number of instruments in force.
pub(super) fn in_force(register_view: &RegisterView, id: &SubjectId, subject: &Subject) -> usize {
    let instruments = known_instruments::list(register_view, id, subject);
    let in_force = instruments.iter();
    in_force
        .filter(|known| known.is_in_force(register_view))
        .count()
}

/// The bodies whose signature an instrument awaits.
pub(super) fn awaited(
    register_view: &RegisterView,
    known: &KnownInstrument<'_>,
) -> BTreeSet<BodyId> {
    match known.standing(register_view) {
        // Nobody knows who must sign.
        InForce::AwaitingSignature if known.instrument.drafted.signatories_unknown => {
            BTreeSet::new()
        }
        InForce::AwaitingSignature => {
            let mut required = known.required.clone();
            required.retain(|body| {
                !known.instrument.signatures.contains_key(body)
                    && known.instrument.directed_for(body).is_none()
            });
            required
        }
        InForce::Since(_)
        | InForce::From(_)
        | InForce::Expired(_)
        | InForce::Superseded(_)
        | InForce::Ended(_)
        | InForce::EndedWith(_) => BTreeSet::new(),
    }
}

fn view(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    known: &KnownInstrument<'_>,
) -> InstrumentView {
    let day = register_view.as_at();
    let KnownInstrument {
        instrument,
        required,
    } = known;
    let drafted = &instrument.drafted;
    let stands = known.standing(register_view);
    let (standing, over_on) = match stands {
        InForce::Since(_) => (Standing::InForce, None),
        InForce::AwaitingSignature => (Standing::AwaitingSignature, None),
        InForce::From(_) => (Standing::NotYetCommenced, None),
        InForce::Expired(on) => (Standing::Expired, Some(on)),
        InForce::Superseded(on) => (Standing::Superseded, Some(on)),
        InForce::Ended(on) | InForce::EndedWith(on) => (Standing::Ended, Some(on)),
    };
    // Not the day it would have come into force, had it not been over by then.
    let until = over_on.map_or(day, |over| over.last_day().min(day));
    let force = instrument.force(required, day);
    let force = force.filter(|force| force.on.first_day() <= until);
    let superseded = instrument.superseded.at(day);
    let ended = instrument.ended.at(day);
    let none = EndBasis::default();
    let basis = ended.map_or(&none, |ended| &ended.basis);
    let makers = present_signatories(id, subject, instrument, day);
    InstrumentView {
        currency: reply::currency(subject.dossier.currency),
        marking: marking(register_view, id, instrument),
        faults: party_matrix::broken(register_view, id, subject, instrument),
        instrument_id: drafted.instrument.to_string(),
        title: drafted.title.to_string(),
        kind: reply::instrument_kind(drafted.kind),
        standing: standing.into(),
        in_force_on: reply::optional_date(force.map(|force| force.on)),
        ends_on: reply::optional_date(over_on.or_else(|| instrument.expires_on(day))),
        review_on: reply::optional_date(instrument.review_on(day)),
        signatures: signatures(register_view, (id, subject), instrument, required, force),
        other_parties: reply::optional(drafted.other_parties.as_ref()),
        versions: versions(register_view, (id, subject), instrument, force),
        service_ids: reply::strings(&instrument.services(day)),
        terms: reply::terms(instrument.terms(day)),
        superseded_by_id: reply::optional(superseded.and_then(|s| s.by.as_ref())),
        summary: drafted.summary.to_string(),
        reviews: instrument
            .reviews
            .by(day)
            .map(|reviewed| InstrumentReviewView {
                reviewed_on: Some(reply::date(reviewed.on())),
                outcome: reviewed.outcome.to_string(),
                next_review_on: reply::optional_date(reviewed.next_review_on),
            })
            .collect(),
        is_retrospective: force.is_some_and(|force| force.is_retrospective),
        in_force_on_is: last_signature_is(instrument, required, force),
        legal_basis: reply::optional(drafted.legal_basis.as_ref()),
        superseded_by: superseded
            .map(|superseded| {
                superseded
                    .all(id)
                    .iter()
                    .map(reply::instrument_ref)
                    .collect()
            })
            .unwrap_or_default(),
        accessions: publications::accessions(register_view, id, subject, instrument, required),
        publications: publications::publications(
            register_view,
            instrument,
            &makers,
            force.is_some(),
        ),
        signatories_unknown: drafted.signatories_unknown,
        ended_with_collaboration: matches!(stands, InForce::EndedWith(_)),
        end_cause: ended.map_or(0, |ended| reply::end_cause(ended.cause)),
        end_reason: reply::optional(ended.map(|ended| &ended.reason)),
        end_agreed_by: names::bodies(register_view, &basis.agreed_by),
        end_notice_ids: reply::strings(&basis.notices),
        end_direction_id: reply::optional(basis.direction.as_ref()),
        end_legal_basis: reply::optional(basis.legal_basis.as_ref()),
        extensions_left: instrument
            .extensions_left(day)
            .iter()
            .map(reply::extension)
            .collect(),
        rolled_count: instrument.rolled_count(day),
        ends_on_not_given: over_on.is_none() && instrument.end_is_not_given(day),
        renewals: renewals(register_view, (id, subject), instrument, makers.len()),
        one_party_since_on: reply::optional_date(
            signatories::one_party_since(id, subject, instrument, day)
                .filter(|_| standing == Standing::InForce),
        ),
    }
}

/// The renewals that have effect by the day of the view, oldest first.
fn renewals(
    register_view: &RegisterView,
    about: (&SubjectId, &Subject),
    instrument: &Instrument,
    makers: usize,
) -> Vec<RenewalView> {
    let day = register_view.as_at();
    let in_effect = instrument.renewals_in_effect(day);
    in_effect
        .map(|renewal| {
            let from = renewal.with_effect_from;
            let names_nobody = renewal.agreed_by.is_empty() && renewal.exercised_by.is_none();
            let rests_on_nothing = renewal.source.entry.event.authority.is_none();
            RenewalView {
                renewed_on: Some(reply::date(renewal.on())),
                renewed_on_is: reply::date_is(renewal.is()),
                expires_on: reply::optional_date(renewal.expires_on),
                agreed_by: names::bodies(register_view, &renewal.agreed_by),
                exercised_by: renewal
                    .exercised_by
                    .as_ref()
                    .map(|body| names::body(register_view, body)),
                with_effect_from_on: reply::optional_date(from),
                is_retrospective: from.is_some_and(|from| from.last_day() < renewal.day()),
                agreed_by_not_given: renewal.agreed_by_not_given,
                rests_on_no_agreement: makers > 1 && names_nobody && rests_on_nothing,
                position: renewal.position().get(),
                remarks: remarks(
                    about,
                    instrument,
                    &renewal.agreed_by,
                    renewal.effective_order(),
                ),
            }
        })
        .collect()
}

/// How the day on which it came into force is to be read, where a signature set it.
fn last_signature_is(
    instrument: &Instrument,
    required: &BTreeSet<BodyId>,
    force: Option<Force>,
) -> i32 {
    if !force.is_some_and(|force| force.is_by_signature) {
        return 0;
    }
    let signatures = instrument.signatures.iter();
    let counted = signatures
        .filter(|(body, _)| instrument.drafted.signatories_unknown || required.contains(body));
    let last = counted.max_by_key(|(_, signed)| signed.on());
    reply::date_is(last.and_then(|(_, signed)| signed.is()))
}

/// The required signatories and those that joined by it, in the order of their
/// signatures; then those that have not signed.
fn signatures(
    register_view: &RegisterView,
    (id, subject): (&SubjectId, &Subject),
    instrument: &Instrument,
    required: &BTreeSet<BodyId>,
    force: Option<Force>,
) -> Vec<SignatureView> {
    let day = register_view.as_at();
    let followed_by = |body| {
        let mut heirs = holders(subject.followed.as_ref(), body, day);
        heirs.retain(|heir| *heir != body);
        names::bodies(register_view, heirs)
    };
    let signed_by = instrument.signatures.keys();
    let joined = instrument.accessions.by(day).map(|joined| &joined.body);
    let bodies: BTreeSet<&BodyId> = required.iter().chain(signed_by).chain(joined).collect();
    let makers = signatories::in_place_of(subject, required, day);
    let mut signatures: Vec<_> = bodies
        .into_iter()
        .map(|body| (body, instrument.signatures.get(body)))
        // Where nobody knows who must sign, no body is awaited. An heir that only says
        // that it joined is in the place of a signatory.
        .filter(|(body, signed)| {
            let awaited = match required.contains(body) {
                true => !instrument.drafted.signatories_unknown,
                false => !makers.contains(body),
            };
            signed.is_some() || awaited
        })
        // Terms that reach back bind nobody that joined only later.
        .filter(|(body, signed)| {
            let end = EffectiveOrder::end_of(day);
            required.contains(*body)
                || instrument.accession(body, end).is_some()
                || accession::after(instrument, body, end).is_none()
                || signed.is_some_and(|signed| signed.day() <= day)
        })
        .collect();
    signatures.sort_by_key(|(_, signed)| (signed.is_none(), signed.map(Fact::effective_order)));
    let bodies = signatures.into_iter();
    let mut views: Vec<SignatureView> = bodies
        .map(|(body, signed)| {
            let directed = instrument.directed_for(body);
            let directed = directed.filter(|_| signed.is_none());
            let joined = instrument.accession(body, EffectiveOrder::end_of(day));
            let joined = joined.filter(|joined| {
                !required.contains(body) || accession::left_before(subject, joined).is_some()
            });
            // It may have signed a deed of accession instead.
            let deed = joined.and_then(|joined| accession::signature(subject, instrument, joined));
            let signed = signed.or(deed);
            let again = instrument.signed_again.by(day);
            let again = again.filter(|again| again.bodies().any(|signatory| signatory == body));
            let again = again
                .filter(|again| Some(again.effective_order()) != signed.map(Fact::effective_order));
            SignatureView {
                body: Some(names::body(register_view, body)),
                office: reply::office(signed.and_then(|signed| signed.office.as_ref())),
                signed_on: reply::optional_date(signed.map(Fact::on)),
                followed_by: followed_by(body),
                signed_on_is: reply::date_is(signed.and_then(Fact::is)),
                on_behalf_by: signed
                    .and_then(|signed| signed.on_behalf_by.as_ref())
                    .map(|actor| names::actor(register_view, actor)),
                acceded_on: reply::optional_date(joined.map(Fact::on)),
                signed_again_on: again.map(|again| reply::date(again.on())).collect(),
                no_more_since_on: signed
                    .and_then(|signed| successions::no_more_since(register_view, id, body, signed))
                    .map(reply::date),
                by_direction_id: reply::optional(directed.map(|one| &one.direction)),
                others: String::new(),
                exists_from_on: reply::optional_date(exists_later(register_view, body, force)),
            }
        })
        .collect();
    views.extend(instrument.others_signed.by(day).map(|signed| {
        SignatureView {
            others: reply::optional(signed.others.as_ref()),
            office: reply::office(signed.office.as_ref()),
            signed_on: Some(reply::date(signed.on())),
            signed_on_is: reply::date_is(signed.is()),
            on_behalf_by: signed
                .on_behalf_by
                .as_ref()
                .map(|actor| names::actor(register_view, actor)),
            ..SignatureView::default()
        }
    }));
    views
}

/// The day from which a body exists, where an instrument has force from before it.
fn exists_later(
    register_view: &RegisterView,
    body: &BodyId,
    force: Option<Force>,
) -> Option<PartialDate> {
    let force = force?;
    let begins = register_view.begins_on(&SubjectId::Body(body.clone()))?;
    (force.is_retrospective && force.on.last_day() < begins.first_day()).then_some(begins)
}

fn versions(
    register_view: &RegisterView,
    (id, subject): (&SubjectId, &Subject),
    instrument: &Instrument,
    force: Option<Force>,
) -> Vec<VersionView> {
    let drafted = &instrument.drafted;
    let original = VersionView {
        number: 1,
        effective_on: reply::optional_date(force.map(|force| force.on)),
        summary: drafted.summary.to_string(),
        document: reply::document(&drafted.document),
        position: drafted.position().get(),
        agreed_by: Vec::new(),
        effective_on_is: 0,
        remarks: Vec::new(),
    };
    let varied = instrument.variations.by(register_view.as_at()).zip(2..);
    let varied = varied.map(|(variation, number)| {
        let at = variation.effective_order();
        VersionView {
            number,
            effective_on: Some(reply::date(variation.on())),
            summary: variation.summary.to_string(),
            document: reply::document(&variation.document),
            position: variation.position().get(),
            agreed_by: names::bodies(register_view, &variation.agreed_by),
            effective_on_is: reply::date_is(variation.is()),
            remarks: remarks((id, subject), instrument, &variation.agreed_by, at),
        }
    });
    std::iter::once(original).chain(varied).collect()
}

/// Remarks on those that agreed to a variation or renewal: they had left by then, or no other
/// was bound.
fn remarks(
    (id, subject): (&SubjectId, &Subject),
    instrument: &Instrument,
    agreed_by: &[BodyId],
    at: EffectiveOrder,
) -> Vec<String> {
    let Some(collaboration) = subject.as_collaboration() else {
        return Vec::new();
    };
    let day = at.day;
    let end = EffectiveOrder::end_of(day);
    let left = agreed_by.iter().filter_map(|body| {
        let last = collaboration.last_move(body, end)?;
        // One that leaves on that day may be a party of the deed.
        let has_left = !last.joined && !last.by_succession && last.order.day < day;
        has_left.then(|| format!("{body} had left on {}", last.order.day))
    });
    let mut remarks: Vec<String> = left.collect();
    if let [alone] = agreed_by
        && remarks.is_empty()
        && signatories::had_several(id, subject, instrument, day)
    {
        // Another may leave, or join, on that day.
        let is_alone =
            |at| signatories::bound_signatories(id, subject, instrument, at, day).len() < 2;
        if is_alone(at) && is_alone(end) {
            remarks.push(format!("{alone} alone: no other party was bound by it"));
        }
    }
    remarks
}

/// The marking of the entry that opened the instrument; 0 if it is not marked.
fn marking(register_view: &RegisterView, id: &SubjectId, instrument: &Instrument) -> i32 {
    let position = instrument.drafted.source.original_position;
    match register_view.marking(id, position) {
        ProtectiveMarking::Unmarked => 0,
        marking => reply::protective_marking(marking),
    }
}
