//! A notice: its day, and the clause it must honour.
//!
//! The door and the views ask the same two questions here: when does it take
//! effect, and which period counts.

use jiff::civil::Date;

use super::date::PartialDate;
use super::event::{DirectionIssued, NoticeCapacity, NoticeExtended, NoticeGiven, NoticeRevoked};
use super::fact::{Fact, Facts};
use super::ids::{BodyId, InstrumentId, ServiceId, SubjectId};
use super::instrument::{InForce, Instrument, last_day, required_signatories};
use super::subject::Subject;

/// A notice, from the day it is given.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How it was given.
    pub given: Fact<NoticeGiven>,
    /// Its extensions.
    pub extended: Facts<NoticeExtended>,
    /// Its revocation.
    pub revoked: Facts<NoticeRevoked>,
    /// Directions that set its day.
    pub directed: Facts<DirectionIssued>,
}

/// What set the day on which a notice takes effect.
#[derive(Clone, Copy, Debug)]
pub enum SetBy<'a> {
    /// The notice itself.
    Notice,
    /// An extension.
    Extension,
    /// A direction of the Secretary of State.
    Direction(&'a DirectionIssued),
}

impl Notice {
    /// A notice just given.
    pub fn new(given: Fact<NoticeGiven>) -> Self {
        Self {
            given,
            extended: Facts::default(),
            revoked: Facts::default(),
            directed: Facts::default(),
        }
    }

    /// The day it takes effect, as it is known by `day`, and what set it: the
    /// last direction, or else the last extension, or else the notice. A
    /// direction overrides what the parties say (Police Act 1996 s.23G), whether
    /// they said it before or after.
    pub fn day_set_by(&self, day: Date) -> (PartialDate, SetBy<'_>) {
        let directed = self.directed.at(day).and_then(|direction| {
            let (_, to) = direction.notice.as_ref()?;
            Some((*to, SetBy::Direction(direction)))
        });
        let extended = || {
            let extension = self.extended.at(day)?;
            Some((extension.takes_effect_on, SetBy::Extension))
        };
        directed
            .or_else(extended)
            .unwrap_or((self.given.takes_effect_on, SetBy::Notice))
    }

    /// The day it takes effect, as it is known by `day`.
    pub fn takes_effect_on(&self, day: Date) -> PartialDate {
        self.day_set_by(day).0
    }

    /// Whether it has been revoked by that day.
    pub fn is_revoked(&self, day: Date) -> bool {
        self.revoked.at(day).is_some()
    }

    /// Whether it runs on that day: given, not revoked, not yet effective.
    pub fn is_running(&self, day: Date) -> bool {
        self.given.day() <= day
            && !self.is_revoked(day)
            && day < self.takes_effect_on(day).first_day()
    }
}

/// What a body gives notice of: to leave, or to stop leading, the whole or a
/// service.
#[derive(Clone, Copy, Debug)]
pub struct Exit<'a> {
    /// The body.
    pub body: &'a BodyId,
    /// As party or as lead.
    pub capacity: NoticeCapacity,
    /// The service, where it is not the whole.
    pub service: Option<&'a ServiceId>,
}

impl<'a> Exit<'a> {
    /// What this notice is of.
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
    /// The instrument.
    pub instrument: &'a InstrumentId,
    /// Its notice period, in months.
    pub months: u32,
}

/// The clause that a notice must honour: of all that bind its giver, and of the
/// instrument it names, the one with the longest period. So naming a kinder
/// instrument, or none, gets around nothing; nor does a notice dated by a month
/// or year alone get around a clause that came into force within it.
pub fn clause<'a>(
    id: &SubjectId,
    of: &'a Subject,
    notice: &NoticeGiven,
    on: PartialDate,
) -> Option<Clause<'a>> {
    let by_then = |day| {
        let named = notice.instrument.as_ref().and_then(|named| {
            let (instrument, has) = of.dossier.instruments.get_key_value(named)?;
            let months = months(has, notice.capacity, day)?;
            Some(Clause { instrument, months })
        });
        // Of two that are equally long, the one that is named: it comes last.
        binding(id, of, Exit::of(notice), day).chain(named)
    };
    let days = [on.first_day(), last_day(on)];
    days.into_iter()
        .flat_map(by_then)
        .max_by_key(|clause| clause.months)
}

/// The clauses that bind a body on that day: those of the instruments in force
/// that it is to sign, and that are about what it leaves.
pub fn binding<'a>(
    id: &SubjectId,
    of: &'a Subject,
    exit: Exit<'_>,
    day: Date,
) -> impl Iterator<Item = Clause<'a>> {
    let instruments = of.dossier.instruments.iter();
    instruments.filter_map(move |(instrument, has)| {
        let months = months(has, exit.capacity, day)?;
        let required = required_signatories(id, &of.kind, has);
        let in_force = matches!(has.standing(&required, day), InForce::Since(_));
        let binds = in_force && required.contains(exit.body) && is_about(of, exit, has, day);
        binds.then_some(Clause { instrument, months })
    })
}

/// Whether an instrument is about what a body leaves. Whoever leaves the whole
/// leaves every service; whoever stops leading the whole goes on leading the
/// services that it leads.
fn is_about(of: &Subject, exit: Exit<'_>, instrument: &Instrument, day: Date) -> bool {
    let covered = instrument.services(day);
    if covered.is_empty() {
        return true;
    }
    match (exit.service, exit.capacity) {
        (Some(service), _) => covered.contains(service),
        (None, NoticeCapacity::Party) => true,
        (None, NoticeCapacity::Lead) => of.as_collaboration().is_some_and(|collaboration| {
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
