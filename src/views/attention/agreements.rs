//! Collaborations and instruments that need attention: those that ended without a cause on
//! record, await signatures, or lack a party that the law requires.

use std::collections::BTreeMap;

use super::super::instruments;
use super::body;
use minutebook_domain::event::EndCause;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::{AttentionKind, AttentionView, Date, InstrumentView, Standing};
use minutebook_wire::reply;

/// The collaborations that ended without a cause on record.
pub(super) fn ends_without_cause(register_view: &RegisterView) -> Vec<AttentionView> {
    let subjects = register_view.subjects();
    let ended = subjects.into_iter().filter_map(|(id, subject)| {
        let ended = subject.as_collaboration()?.ended(register_view.as_at())?;
        (ended.cause == EndCause::NotGiven).then(|| AttentionView {
            kind: AttentionKind::CauseNotGiven.into(),
            subject: id.to_string(),
            subject_name: subject.name().unwrap_or_default().to_owned(),
            what: "the collaboration ended, and the cause is not given".to_owned(),
            since_on: Some(reply::date(ended.on())),
            position: ended.position().get(),
            ..AttentionView::default()
        })
    });
    ended.collect()
}

/// The instruments that await signatures, ended without a cause on record, or lack a party
/// that the law requires.
pub(super) fn of_instruments(register_view: &RegisterView) -> Vec<AttentionView> {
    let mut lines = Vec::new();
    for (id, subject) in register_view.subjects() {
        if subject.dossier.instruments.is_empty() {
            continue;
        }
        let drafted = subject.dossier.instruments.values();
        let drafted_on: BTreeMap<String, Date> = drafted
            .map(|one| &one.drafted)
            .map(|one| (one.instrument.to_string(), reply::date(one.on())))
            .collect();
        for instrument in instruments::list(register_view, id, &subject) {
            if instrument.end_cause() == minutebook_wire::proto::EndCause::NotGiven {
                lines.push(AttentionView {
                    kind: AttentionKind::CauseNotGiven.into(),
                    subject: id.to_string(),
                    subject_name: subject.name().unwrap_or_default().to_owned(),
                    what: format!("{} ended, and the cause is not given", instrument.title),
                    since_on: instrument.ends_on,
                    item_id: instrument.instrument_id.clone(),
                    ..AttentionView::default()
                });
            }
            lines.extend(instrument.faults.iter().map(|fault| AttentionView {
                kind: AttentionKind::LacksAParty.into(),
                subject: id.to_string(),
                subject_name: subject.name().unwrap_or_default().to_owned(),
                what: format!("{}: {}", instrument.title, fault.what),
                since_on: fault.since_on,
                item_id: instrument.instrument_id.clone(),
                position: fault.position,
                ..AttentionView::default()
            }));
            lines.extend(unagreed_accessions(id, &subject, &instrument));
            lines.extend(unsigned_accessions(id, &subject, &instrument));
            lines.extend(one_party(register_view, id, &subject, &instrument));
            if instrument.standing() != Standing::AwaitingSignature {
                continue;
            }
            let missing = instrument.signatures.iter();
            let missing = missing.filter(|signature| {
                signature.signed_on.is_none() && signature.by_direction_id.is_empty()
            });
            let awaited = missing.filter_map(|signature| signature.body.clone().map(body));
            lines.push(AttentionView {
                kind: AttentionKind::AwaitsSignature.into(),
                subject: id.to_string(),
                subject_name: subject.name().unwrap_or_default().to_owned(),
                what: instrument.title.clone(),
                awaited: awaited.collect(),
                since_on: drafted_on.get(&instrument.instrument_id).copied(),
                item_id: instrument.instrument_id.clone(),
                position: instrument
                    .versions
                    .first()
                    .map_or(0, |first| first.position),
                ..AttentionView::default()
            });
        }
    }
    lines
}

/// The accessions of present parties to an agreement in force, to which not all that must
/// have agreed on record.
fn unagreed_accessions(
    id: &SubjectId,
    subject: &Subject,
    instrument: &InstrumentView,
) -> Vec<AttentionView> {
    if instrument.standing() != Standing::InForce {
        return Vec::new();
    }
    let awaiting = instrument
        .accessions
        .iter()
        .filter(|one| !one.awaited.is_empty());
    let lines = awaiting.map(|acceded| {
        let name = acceded.body.as_ref().map_or("", |body| body.name.as_str());
        AttentionView {
            kind: AttentionKind::AwaitsSignature.into(),
            subject: id.to_string(),
            subject_name: subject.name().unwrap_or_default().to_owned(),
            what: format!(
                "{}: the agreement to the accession of {name} is not on record",
                instrument.title
            ),
            awaited: acceded.awaited.iter().cloned().map(body).collect(),
            since_on: acceded.acceded_on,
            item_id: instrument.instrument_id.clone(),
            ..AttentionView::default()
        }
    });
    lines.collect()
}

/// The accessions to an agreement in force that await the signature of the newcomer.
fn unsigned_accessions<'a>(
    id: &'a SubjectId,
    subject: &'a Subject,
    instrument: &'a InstrumentView,
) -> impl Iterator<Item = AttentionView> + 'a {
    let is_in_force = instrument.standing() == Standing::InForce;
    let accessions = instrument.accessions.iter();
    let unsigned = accessions.filter(move |one| is_in_force && one.signature_awaited);
    unsigned.map(|acceded| AttentionView {
        kind: AttentionKind::AwaitsSignature.into(),
        subject: id.to_string(),
        subject_name: subject.name().unwrap_or_default().to_owned(),
        what: format!(
            "{}: its accession is not signed on record",
            instrument.title
        ),
        awaited: acceded.body.iter().cloned().map(body).collect(),
        since_on: acceded.acceded_on,
        item_id: instrument.instrument_id.clone(),
        ..AttentionView::default()
    })
}

/// An agreement in force that binds one party alone, or none, where its collaboration has
/// several: otherwise that has a line of its own.
fn one_party(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    instrument: &InstrumentView,
) -> Option<AttentionView> {
    let since_on = instrument.one_party_since_on?;
    let collaboration = subject.as_collaboration()?;
    let has_line = collaboration.left_alone(register_view.as_at()).is_some();
    (!has_line).then(|| AttentionView {
        kind: AttentionKind::OneParty.into(),
        subject: id.to_string(),
        subject_name: subject.name().unwrap_or_default().to_owned(),
        what: format!(
            "{}: one party is left at most, and an agreement needs two: it is to be ended, \
             unless another joins",
            instrument.title
        ),
        since_on: Some(since_on),
        item_id: instrument.instrument_id.clone(),
        ..AttentionView::default()
    })
}
