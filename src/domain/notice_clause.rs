//! Notice clauses: the notice that instruments ask for.
//!
//! The door and the views both ask here which notice period applies.

use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{NoticeCapacity, NoticeGiven};
use super::ids::{BodyId, InstrumentId, ServiceId, SubjectId};
use super::instrument::{InForce, Instrument};
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
    /// The notice period.
    pub months: u32,
}

/// The clause that applies to a notice: the one with the longest period, of all that
/// bind the body and of the instrument that the notice names. So naming a more
/// generous instrument, or none, does not help; nor does a notice dated only to a
/// month or year avoid a clause that came into force within it.
pub fn clause<'a>(
    id: &SubjectId,
    subject: &'a Subject,
    notice: &NoticeGiven,
    on: PartialDate,
) -> Option<Clause<'a>> {
    let clauses_on = |day| {
        let named = notice.instrument.as_ref().and_then(|named| {
            let (id, instrument) = subject.dossier.instruments.get_key_value(named)?;
            let months = months(instrument, notice.capacity, day)?;
            Some(Clause {
                instrument: id,
                months,
            })
        });
        // Of two equal periods, the named instrument wins: it comes last.
        binding(id, subject, Exit::of(notice), day).chain(named)
    };
    let days = [on.first_day(), on.last_day()];
    days.into_iter()
        .flat_map(clauses_on)
        .max_by_key(|clause| clause.months)
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
        let months = months(instrument, exit.capacity, day)?;
        let required = required_signatories(id, subject, instrument, day);
        let in_force = matches!(instrument.standing(&required, day), InForce::Since(_));
        let present = || present_signatories(id, subject, instrument, day);
        let binds =
            in_force && present().contains(exit.body) && covers(subject, exit, instrument, day);
        binds.then_some(Clause {
            instrument: instrument_id,
            months,
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

fn months(instrument: &Instrument, capacity: NoticeCapacity, day: Date) -> Option<u32> {
    let terms = instrument.terms(day);
    match capacity {
        NoticeCapacity::Party => terms.notice_as_party_months,
        NoticeCapacity::Lead => terms.notice_as_lead_months,
    }
}
