//! Clearances: what a caller may read, as their mandates give it.
//!
//! A register without a keeper is open: everybody who can call reads everything. From the
//! first keeper on, a caller reads what their mandates cover, up to a protective marking.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::caller::{Caller, KnownCaller};
use super::event::{MandateGranted, MandateRole, ProtectiveMarking};
use super::ids::SubjectId;
use super::mandate::Mandates;
use super::register::Register;

/// The entries that a caller may read. Two callers of the same clearance read the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clearance {
    /// The day on which it is asked who takes part in what.
    day: Date,
    /// Whether the entries about the register itself are read: who has which mandate.
    mandates: bool,
    unmarked: ReadScope,
    official: ReadScope,
    sensitive: ReadScope,
}

/// The subjects of which a caller may read entries of one marking.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum ReadScope {
    Whole,
    /// These, and the collaborations and boards that they take part in.
    Named(BTreeSet<SubjectId>),
}

/// Why a caller may read nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingRefused {
    NotSignedIn,
    /// The caller holds no mandate that is in force.
    NoMandate,
}

impl Clearance {
    /// Everything: in an open register, and for an auditor.
    pub const WHOLE: Self = Self {
        day: Date::MIN,
        mandates: true,
        unmarked: ReadScope::Whole,
        official: ReadScope::Whole,
        sensitive: ReadScope::Whole,
    };

    /// That of everybody, where the register is public: all that is not marked.
    pub const fn public() -> Self {
        Self {
            day: Date::MIN,
            mandates: false,
            unmarked: ReadScope::Whole,
            official: ReadScope::NOTHING,
            sensitive: ReadScope::NOTHING,
        }
    }

    /// Of somebody who may read nothing: who has which mandate, to say what is lacking.
    pub const fn mandates_alone() -> Self {
        Self {
            day: Date::MIN,
            mandates: true,
            unmarked: ReadScope::NOTHING,
            official: ReadScope::NOTHING,
            sensitive: ReadScope::NOTHING,
        }
    }

    /// The clearance of a caller on a day. `is_public` says that what is not marked is for
    /// everybody.
    pub fn of(
        caller: &Caller,
        register: &Register,
        day: Date,
        is_public: bool,
    ) -> Result<Self, ReadingRefused> {
        let kept = register
            .mandates()
            .filter(|_| register.kept_since().is_some());
        let by_mandate = match (kept, caller) {
            (None, Caller::Local | Caller::Known(_)) | (_, Caller::Store) => {
                return Ok(Self::WHOLE);
            }
            (_, Caller::Public) | (Some(_), Caller::Local) => Err(ReadingRefused::NotSignedIn),
            (Some(mandates), Caller::Known(known)) => Self::by_mandates(mandates, known, day),
        };
        match by_mandate {
            Err(_) if is_public => Ok(Self::public()),
            Ok(mut clearance) if is_public => {
                clearance.unmarked = ReadScope::Whole;
                Ok(clearance)
            }
            refused_or_not => refused_or_not,
        }
    }

    fn by_mandates(
        mandates: &Mandates,
        known: &KnownCaller,
        day: Date,
    ) -> Result<Self, ReadingRefused> {
        let held = mandates.held_by(known, day);
        if held.is_empty() {
            return Err(ReadingRefused::NoMandate);
        }
        let mut clearance = Self {
            day,
            mandates: true,
            unmarked: ReadScope::NOTHING,
            official: ReadScope::NOTHING,
            sensitive: ReadScope::NOTHING,
        };
        for mandate in held {
            let granted = &mandate.granted;
            let reads = granted.reads_up_to();
            clearance.unmarked.add(granted);
            if reads >= ProtectiveMarking::Official {
                clearance.official.add(granted);
            }
            if reads >= ProtectiveMarking::OfficialSensitive {
                clearance.sensitive.add(granted);
            }
        }
        let is_named = |(_, scope): &(_, &ReadScope)| matches!(scope, ReadScope::Named(subjects) if !subjects.is_empty());
        if !clearance.scopes().iter().any(is_named) {
            // Nobody's part in anything matters, so the same is read on every day.
            clearance.day = Date::MIN;
        }
        Ok(clearance)
    }

    /// The same, and who has which mandate: to say what is lacking.
    pub fn with_mandates(mut self) -> Self {
        self.mandates = true;
        self
    }

    /// Whether nothing is withheld.
    pub fn is_whole(&self) -> bool {
        *self == Self::WHOLE
    }

    /// Whether it has the entries about the register itself, whatever their marking.
    pub(super) const fn has_mandates(&self) -> bool {
        self.mandates
    }

    pub(super) const fn day(&self) -> Date {
        self.day
    }

    /// The scopes, from the lowest marking to the highest.
    pub(super) const fn scopes(&self) -> [(ProtectiveMarking, &ReadScope); 3] {
        [
            (ProtectiveMarking::Unmarked, &self.unmarked),
            (ProtectiveMarking::Official, &self.official),
            (ProtectiveMarking::OfficialSensitive, &self.sensitive),
        ]
    }
}

impl ReadScope {
    pub(super) const NOTHING: Self = Self::Named(BTreeSet::new());

    fn add(&mut self, granted: &MandateGranted) {
        let has_whole = granted.whole_register
            || matches!(granted.role, MandateRole::Auditor | MandateRole::Keeper);
        match self {
            Self::Whole => {}
            Self::Named(_) if has_whole => *self = Self::Whole,
            Self::Named(subjects) => subjects.extend(subjects_of(granted)),
        }
    }
}

/// The subjects that a mandate names; for an office, its body.
fn subjects_of(granted: &MandateGranted) -> impl Iterator<Item = SubjectId> {
    let offices = granted.offices.iter().filter_map(|office| office.body());
    let bodies = granted.bodies.iter().chain(offices);
    let boards = granted.boards.iter().cloned().map(SubjectId::Board);
    let collaborations = granted.collaborations.iter().cloned();
    let collaborations = collaborations.map(SubjectId::Collaboration);
    let bodies = bodies.cloned().map(SubjectId::Body);
    bodies.chain(boards).chain(collaborations)
}
