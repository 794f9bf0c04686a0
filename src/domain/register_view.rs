//! An outlook: the register as it was in force on a day, as it was known at a
//! position. Every view reads one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use super::board::Board;
use super::body::Body;
use super::collaboration::Collaboration;
use super::entry::Entry;
use super::event::Kind;
use super::fact::EffectiveEntry;
use super::ids::{BoardId, BodyId, CollaborationId, Position, ProposalId, SubjectId};
use super::register::{Register, SubjectRecord, corrected_by, effective_entries, fold};
use super::subject::{Subject, SubjectKind};
use super::subject_fold;

/// The register on one day (valid time), with the knowledge of one position
/// (transaction time).
///
/// Entries that hold by that day and stand as known then are folded in the order
/// (effective date, position); nothing else can be seen through it. Where a
/// subject has nothing later than both, that fold is the one the register keeps
/// ready.
#[derive(Debug)]
pub struct RegisterView {
    register: Arc<Register>,
    as_at: Date,
    known: Position,
    refolded: Arc<Mutex<Refolded>>,
}

/// Subjects that were folded anew for a day: each with how many of its entries
/// were known.
type Refolded = BTreeMap<SubjectId, (usize, Arc<Subject>)>;

impl RegisterView {
    /// The register as at a day, as known at a position.
    pub fn new(register: Arc<Register>, as_at: Date, known: Position) -> Self {
        let known = known.min(register.tail());
        Self {
            register,
            as_at,
            known,
            refolded: Arc::default(),
        }
    }

    /// The same day, as known at another position. A subject about which nothing
    /// was recorded in between is not folded again, and one that was only told
    /// more is folded on from where it was.
    pub fn known_by(&self, known: Position) -> Self {
        Self {
            register: Arc::clone(&self.register),
            as_at: self.as_at,
            known: known.min(self.register.tail()),
            refolded: Arc::clone(&self.refolded),
        }
    }

    /// The day it speaks for.
    pub const fn as_at(&self) -> Date {
        self.as_at
    }

    /// The last position it knows of.
    pub const fn known(&self) -> Position {
        self.known
    }

    /// The subject, if it has begun.
    pub fn subject(&self, id: &SubjectId) -> Option<Arc<Subject>> {
        let record = self.register.record(id)?;
        let subject = self.fold(id, record);
        subject.is_founded(self.as_at).then_some(subject)
    }

    /// The subject a proposal is about, however it is seen from here.
    pub fn proposal(&self, id: ProposalId) -> Option<SubjectId> {
        if let Some(subject) = self.register.proposal(id) {
            return Some(subject.clone());
        }
        // One that was made void since can be seen only from before that.
        self.subjects()
            .find(|(_, subject)| subject.dossier.proposals.contains_key(&id))
            .map(|(id, _)| id.clone())
    }

    /// Every subject that has begun, by id.
    pub fn subjects(&self) -> impl Iterator<Item = (&SubjectId, Arc<Subject>)> {
        self.filter_subjects(|_| true)
    }

    /// Every subject that has begun, by id; only that one where one is named.
    pub fn subjects_or(
        &self,
        only: Option<&SubjectId>,
    ) -> impl Iterator<Item = (&SubjectId, Arc<Subject>)> {
        let all = only.is_none().then(|| self.subjects());
        let one = only.and_then(|id| {
            let (id, record) = self.register.record_of(id)?;
            let subject = self.fold(id, record);
            subject.is_founded(self.as_at).then_some((id, subject))
        });
        all.into_iter().flatten().chain(one)
    }

    /// Those that have begun among the subjects with such ids: no other is folded.
    fn filter_subjects(
        &self,
        wanted: impl Fn(&SubjectId) -> bool,
    ) -> impl Iterator<Item = (&SubjectId, Arc<Subject>)> {
        let records = self.register.records();
        let records = records.filter(move |(id, _)| wanted(id));
        records.filter_map(|(id, record)| {
            let subject = self.fold(id, record);
            subject.is_founded(self.as_at).then_some((id, subject))
        })
    }

    /// The entries of a subject that were recorded by the day it speaks for,
    /// stand, and hold only later, in the order in which they will: a day in the
    /// past knows nothing of what was told after it.
    pub fn coming(&self, id: &SubjectId) -> Vec<Arc<Entry>> {
        let Some(record) = self.register.record(id) else {
            return Vec::new();
        };
        if record.settled_on() <= self.as_at {
            return Vec::new();
        }
        let mut coming: Vec<EffectiveEntry> = effective_entries(record.history(), self.known)
            .into_iter()
            .filter(|told| {
                told.effective_order().0 > self.as_at && told.entry.recorded_on <= self.as_at
            })
            .collect();
        coming.sort_by_key(EffectiveEntry::effective_order);
        coming.into_iter().map(|told| told.entry).collect()
    }

    /// The entries of a subject that said of themselves that they were breaches,
    /// held by the day it speaks for, and were corrected since: each with the
    /// correction.
    pub fn corrected_breaches(&self, id: &SubjectId) -> Vec<(Arc<Entry>, Arc<Entry>)> {
        let Some(record) = self.register.record(id) else {
            return Vec::new();
        };
        let said = record.acknowledged().iter();
        said.filter(|entry| {
            entry.position <= self.known && entry.effective_on().first_day() <= self.as_at
        })
        .filter_map(|entry| {
            let by = corrected_by(record.history(), entry.position, self.known)?;
            Some((Arc::clone(entry), Arc::clone(record.entry(by)?)))
        })
        .collect()
    }

    /// The corrections of a subject that said of themselves that they were
    /// breaches, held by the day it speaks for, and stand.
    pub fn acknowledged_corrections(&self, id: &SubjectId) -> Vec<Arc<Entry>> {
        let Some(record) = self.register.record(id) else {
            return Vec::new();
        };
        let said = record.acknowledged().iter();
        said.filter(|entry| {
            matches!(entry.event.kind, Kind::EntryCorrected(_))
                && entry.position <= self.known
                && entry.effective_on().first_day() <= self.as_at
                && corrected_by(record.history(), entry.position, self.known).is_none()
        })
        .cloned()
        .collect()
    }

    /// The entries of a subject that an earlier outlook does not know of, and those
    /// that hold in this one and not in that, in the order of their positions; the
    /// latter are marked.
    pub fn since(&self, earlier: &Self, id: &SubjectId) -> Vec<(Arc<Entry>, bool)> {
        let Some(record) = self.register.record(id) else {
            return Vec::new();
        };
        let (then, now) = (record.known_by(earlier.known), record.known_by(self.known));
        let stands = effective_entries(record.history(), self.known).into_iter();
        let in_force = stands.filter(|told| {
            let day = told.effective_order().0;
            told.entry.position <= earlier.known && earlier.as_at < day && day <= self.as_at
        });
        let recorded = (then..now).filter_map(|index| record.history().get(index).cloned());
        let in_force = in_force.map(|told| (told.entry, true));
        let mut all: Vec<_> = in_force
            .chain(recorded.map(|entry| (entry, false)))
            .collect();
        all.sort_by_key(|(entry, _)| entry.position);
        all
    }

    fn fold(&self, id: &SubjectId, record: &SubjectRecord) -> Arc<Subject> {
        if record.tail() <= self.known && record.settled_on() <= self.as_at {
            return Arc::clone(record.subject());
        }
        let known = record.known_by(self.known);
        let holds = |told: &EffectiveEntry| told.effective_order().0 <= self.as_at;
        let mut refolded = self.refolded.lock().unwrap_or_else(PoisonError::into_inner);
        let subject = match refolded.get(id) {
            Some((then, subject)) if *then == known => return Arc::clone(subject),
            // The state does not depend on the order of folding, so what was told
            // since comes on top; but a correction changes what was told before.
            Some((then, subject)) if *then < known && !record.corrects(*then..known) => {
                let mut subject = Arc::clone(subject);
                for told in record.effective_in(*then..known).filter(holds) {
                    subject_fold::apply(Arc::make_mut(&mut subject), told);
                }
                subject
            }
            Some(_) | None => {
                let mut stands = effective_entries(record.history(), self.known);
                stands.retain(holds);
                stands.sort_by_key(EffectiveEntry::effective_order);
                Arc::new(fold(id, stands))
            }
        };
        refolded.insert(id.clone(), (known, Arc::clone(&subject)));
        subject
    }
}

/// A subject of one nature, seen through an outlook.
macro_rules! seen {
    ($($(#[$doc:meta])* $At:ident { $Id:ident, $Kind:ident, $one:ident, $many:ident })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $At(Arc<Subject>);

        impl $At {
            /// The subject as a whole.
            pub const fn subject(&self) -> &Arc<Subject> {
                &self.0
            }
        }

        impl std::ops::Deref for $At {
            type Target = $Kind;

            fn deref(&self) -> &$Kind {
                match &self.0.kind {
                    SubjectKind::$Kind(kind) => kind,
                    // One is made only of a subject of that nature.
                    _ => unreachable!("the id of a subject says what it is"),
                }
            }
        }

        impl RegisterView {
            #[doc = concat!("The ", stringify!($one), ", if it has begun.")]
            pub fn $one(&self, id: &$Id) -> Option<$At> {
                self.subject(&SubjectId::$Kind(id.clone())).map($At)
            }

            #[doc = concat!("Every ", stringify!($one), " that has begun, by id.")]
            pub fn $many(&self) -> impl Iterator<Item = (&$Id, $At)> {
                let of_it = self.filter_subjects(|id| matches!(id, SubjectId::$Kind(_)));
                of_it.filter_map(|(id, subject)| match id {
                    SubjectId::$Kind(id) => Some((id, $At(subject))),
                    _ => None,
                })
            }
        }
    )*};
}

seen! {
    /// A body, seen through an outlook.
    BodyAt { BodyId, Body, body, bodies }
    /// A board, seen through an outlook.
    BoardAt { BoardId, Board, board, boards }
    /// A collaboration, seen through an outlook.
    CollaborationAt { CollaborationId, Collaboration, collaboration, collaborations }
}
