//! Notice clauses: the notice that instruments ask for.
//!
//! The door and the views both ask here which notice period applies.

use jiff::civil::Date;

use super::certainty::Certainty;
use super::date::PartialDate;
use super::event::{DateIs, NoticeCapacity, NoticeGiven};
use super::ids::{BodyId, InstrumentId, ServiceId, SubjectId};
use super::instrument::{InForce, Instrument};
use super::notice_period::NoticePeriod;
use super::signatories::{present_signatories, required_signatories};
use super::subject::Subject;

/// An exit: a body leaves, or stops leading, the collaboration or one service.
#[derive(Clone, Copy, Debug)]
pub struct Exit<'a> {
    pub body: &'a BodyId,
    pub capacity: NoticeCapacity,
    /// `None` for the whole collaboration.
    pub service: Option<&'a ServiceId>,
}

impl<'a> Exit<'a> {
    pub const fn of(notice: &'a NoticeGiven) -> Self {
        Self {
            body: &notice.body,
            capacity: notice.capacity,
            service: notice.service.as_ref(),
        }
    }
}

/// A notice clause of an instrument.
#[derive(Clone, Copy, Debug)]
pub struct Clause<'a> {
    pub instrument: &'a InstrumentId,
    pub period: NoticePeriod,
}

/// The clause that applies to a notice given on a day: the one by which it takes effect
/// last, of all that bind the body and of the instrument that the notice names. So naming
/// a more generous instrument, or none, does not help.
pub fn clause<'a>(
    id: &SubjectId,
    subject: &'a Subject,
    notice: &NoticeGiven,
    day: Date,
) -> Option<Clause<'a>> {
    let named = notice.instrument.as_ref().and_then(|named| {
        let (instrument_id, instrument) = subject.dossier.instruments.get_key_value(named)?;
        let required = required_signatories(id, subject, instrument, day);
        let period = NoticePeriod::of(instrument, &required, notice.capacity, day)?;
        Some(Clause {
            instrument: instrument_id,
            period,
        })
    });
    // Of two equal periods, the named instrument wins: it comes last.
    binding(id, subject, Exit::of(notice), day)
        .chain(named)
        .max_by_key(|clause| clause.period.earliest(day))
}

/// Whether a notice is as long as its clauses ask. One dated only to a month or year may
/// be long enough on some days and not on others; so may one that was given by a day, or not
/// before it.
pub fn is_long_enough(
    id: &SubjectId,
    subject: &Subject,
    notice: &NoticeGiven,
    (on, is): (PartialDate, Option<DateIs>),
) -> Certainty {
    let asks = |day| clause(id, subject, notice, day);
    let enough = on.holds(|day| {
        asks(day).is_none_or(|clause| {
            let takes_effect = notice.takes_effect_on.first_day();
            clause.period.allows(day, takes_effect)
        })
    });
    match (is, enough) {
        (Some(DateIs::By), Certainty::Impossible) => Certainty::Possible,
        (Some(DateIs::From), Certainty::Certain) if asks(on.last_day()).is_some() => {
            Certainty::Possible
        }
        _ => enough,
    }
}

/// The clauses that bind a body on a day: those of the instruments in force that it
/// must sign, and that cover its exit.
pub fn binding<'a>(
    id: &SubjectId,
    subject: &'a Subject,
    exit: Exit<'_>,
    day: Date,
) -> impl Iterator<Item = Clause<'a>> {
    let instruments = subject.dossier.instruments.iter();
    instruments.filter_map(move |(instrument_id, instrument)| {
        let required = required_signatories(id, subject, instrument, day);
        let period = NoticePeriod::of(instrument, &required, exit.capacity, day)?;
        let in_force = matches!(instrument.standing(&required, day), InForce::Since(_));
        let present = || present_signatories(id, subject, instrument, day);
        let binds =
            in_force && present().contains(exit.body) && covers(subject, exit, instrument, day);
        binds.then_some(Clause {
            instrument: instrument_id,
            period,
        })
    })
}

/// Whether an instrument covers an exit. A body that leaves the collaboration leaves
/// every service; a body that stops leading the collaboration goes on leading its
/// services.
fn covers(subject: &Subject, exit: Exit<'_>, instrument: &Instrument, day: Date) -> bool {
    let covered = instrument.services(day);
    if covered.is_empty() {
        return true;
    }
    match (exit.service, exit.capacity) {
        (Some(service), _) => covered.contains(service),
        (None, NoticeCapacity::Party) => true,
        (None, NoticeCapacity::Lead) => subject.as_collaboration().is_some_and(|collaboration| {
            let mut services = collaboration.services.iter();
            services.all(|(id, service)| !service.in_place(day) || covered.contains(id))
        }),
    }
}
