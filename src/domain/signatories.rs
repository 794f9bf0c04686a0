//! Signatories: the bodies that must sign an instrument, and that it binds.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::collaboration::Collaboration;
use super::event::InstrumentDrafted;
use super::fact::EffectiveOrder;
use super::ids::{BodyId, SubjectId};
use super::instrument::Instrument;
use super::subject::SubjectKind;

/// The bodies that must sign an instrument of this subject.
pub fn required_signatories(
    id: &SubjectId,
    kind: &SubjectKind,
    instrument: &Instrument,
) -> BTreeSet<BodyId> {
    let collaboration = match kind {
        SubjectKind::Collaboration(collaboration) => Some(&**collaboration),
        SubjectKind::Body(_) | SubjectKind::Board(_) | SubjectKind::Register(_) => None,
    };
    let drafted = &instrument.drafted;
    signatories(id, collaboration, drafted, drafted.day())
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
        SubjectId::Collaboration(_) => collaboration
            .map(|collaboration| collaboration.parties(day))
            .unwrap_or_default(),
    }
}

/// Whether an instrument still binds a signatory: the body has not left the
/// collaboration since it signed. Its signature remains, so the instrument stays in
/// force without it.
pub fn is_bound(
    instrument: &Instrument,
    body: &BodyId,
    collaboration: &Collaboration,
    at: EffectiveOrder,
) -> bool {
    match collaboration.last_move(body, at) {
        Some(last) if !last.joined => {
            let signed = instrument.signatures.get(body);
            signed.is_some_and(|signed| signed.effective_order() > last.order)
        }
        Some(_) | None => true,
    }
}
