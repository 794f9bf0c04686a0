//! Signatories: the bodies that must sign an instrument, and that it binds.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::collaboration::Collaboration;
use super::date::PartialDate;
use super::event::{InstrumentDrafted, InstrumentKind};
use super::fact::{EffectiveOrder, Fact};
use super::ids::{BodyId, SubjectId};
use super::instrument::Instrument;
use super::subject::Subject;
use super::succession::holders;

/// The bodies that must sign an instrument of this subject: those that it was drafted
/// for. Where one of them is no more by that day and has not signed, its heirs sign in
/// its place.
pub fn required_signatories(
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
    day: Date,
) -> BTreeSet<BodyId> {
    let original = original_signatories(id, subject, instrument);
    if subject.followed.is_none() {
        return original;
    }
    let sign = original.iter().flat_map(|body| {
        if instrument.signatures.contains_key(body) {
            vec![body]
        } else {
            holders(subject.followed.as_ref(), body, day)
        }
    });
    sign.cloned().collect()
}

/// The bodies that an instrument was drafted for, whether or not they are in being.
fn original_signatories(
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
) -> BTreeSet<BodyId> {
    let drafted = &instrument.drafted;
    signatories(id, subject.as_collaboration(), drafted, drafted.day())
}

/// The bodies that an instrument concerns by that day: the signatories and those that
/// have joined by it, or those in their place.
pub fn present_signatories(
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
    day: Date,
) -> BTreeSet<BodyId> {
    let mut bodies = original_signatories(id, subject, instrument);
    bodies.extend(acceded(instrument, EffectiveOrder::end_of(day)));
    in_place_of(subject, &bodies, day)
}

/// The bodies that have joined by an instrument up to `at`.
fn acceded(instrument: &Instrument, at: EffectiveOrder) -> impl Iterator<Item = BodyId> {
    let accessions = instrument.accessions.iter();
    let by_then = accessions.filter(move |joined| joined.effective_order() <= at);
    by_then.map(|joined| joined.body.clone())
}

/// The bodies in the place of these by that day.
pub fn in_place_of(subject: &Subject, bodies: &BTreeSet<BodyId>, day: Date) -> BTreeSet<BodyId> {
    let followed = subject.followed.as_ref();
    let present = bodies.iter().flat_map(|body| holders(followed, body, day));
    present.cloned().collect()
}

/// The bodies that an instrument still binds at a point in the order, or those in their
/// place by `day`: signatories, and bodies that joined by it, which have not left the
/// collaboration since.
pub fn bound_signatories(
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
    at: EffectiveOrder,
    day: Date,
) -> BTreeSet<BodyId> {
    let mut bodies = original_signatories(id, subject, instrument);
    bodies.extend(acceded(instrument, at));
    if let Some(collaboration) = subject.as_collaboration() {
        bodies.retain(|body| is_bound(instrument, body, collaboration, at));
    }
    in_place_of(subject, &bodies, day)
}

/// The day since which an agreement of several parties binds one of them alone, or none;
/// `None` while it binds several. An order needs no parties, and nobody knows when the
/// others that signed an instrument, and are not registered, left it.
pub fn one_party_since(
    id: &SubjectId,
    subject: &Subject,
    instrument: &Instrument,
    day: Date,
) -> Option<PartialDate> {
    let collaboration = subject.as_collaboration()?;
    let drafted = &instrument.drafted;
    let has_others = drafted.other_parties.is_some()
        || drafted.signatories_unknown
        || !instrument.others_signed.is_empty();
    if drafted.kind == InstrumentKind::StatutoryOrder
        || has_others
        || !instrument.directed.is_empty()
        || !collaboration.has_lost_a_party(day)
        || !had_several(id, subject, instrument, day)
    {
        return None;
    }
    let is_alone =
        |at: EffectiveOrder| bound_signatories(id, subject, instrument, at, at.day).len() < 2;
    if !is_alone(EffectiveOrder::end_of(day)) {
        return None;
    }
    let mut since = None;
    for (order, _) in collaboration.moves(day).into_keys() {
        match (is_alone(order), since) {
            (false, _) => since = None,
            (true, None) => since = Some(order),
            (true, Some(_)) => {}
        }
    }
    let since = since?;
    let entry = subject.dossier.acts.get(&since);
    Some(entry.map_or(since.day.into(), |act| act.entry.effective_on()))
}

/// Whether an instrument is, or was by a day, one of several parties.
pub fn had_several(id: &SubjectId, subject: &Subject, instrument: &Instrument, day: Date) -> bool {
    let mut makers = original_signatories(id, subject, instrument);
    makers.extend(acceded(instrument, EffectiveOrder::end_of(day)));
    makers.len() > 1
}

/// The bodies that must sign an instrument drafted on a day: its named parties, or
/// else the parties of the collaboration on that day, or the body that it is about.
/// A board has no default: it is no party to anything.
pub fn signatories(
    id: &SubjectId,
    collaboration: Option<&Collaboration>,
    drafted: &InstrumentDrafted,
    day: Date,
) -> BTreeSet<BodyId> {
    if !drafted.parties.is_empty() {
        return drafted.parties.iter().cloned().collect();
    }
    match id {
        SubjectId::Body(body) => BTreeSet::from([body.clone()]),
        SubjectId::Board(_) | SubjectId::Register => BTreeSet::new(),
        // One drafted before the collaboration began is for those who began it.
        SubjectId::Collaboration(_) => collaboration
            .map(|collaboration| {
                let began = collaboration.established.as_ref().map(Fact::day);
                collaboration.parties(began.map_or(day, |began| began.max(day)))
            })
            .unwrap_or_default(),
    }
}

/// Whether an instrument still binds a signatory at a point in the order: the body, or the
/// one in its place, has not left the collaboration since it signed. Its signature remains,
/// so the instrument stays in force without it. One that returns is bound from then on,
/// though it signs before.
fn is_bound(
    instrument: &Instrument,
    body: &BodyId,
    collaboration: &Collaboration,
    at: EffectiveOrder,
) -> bool {
    let returns = |party: &BodyId| {
        let mut accessions = instrument.accessions.iter();
        accessions.any(|joined| joined.body == *party && joined.effective_order() > at)
    };
    let signed = |party: &BodyId| {
        let signed = instrument.last_signature_by(party, at);
        signed
            .map(Fact::effective_order)
            .filter(|_| !returns(party))
    };
    let mut present = collaboration.holders(body, at.day).into_iter();
    present.any(|holder| match collaboration.last_move(holder, at) {
        Some(last) if !last.joined => {
            let latest = signed(body).max(signed(holder));
            latest.is_some_and(|signed| signed > last.order)
        }
        Some(_) | None => true,
    })
}
