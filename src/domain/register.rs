//! The register: every subject, folded from every entry.
//!
//! This is the only state there is. The door judges against it and every view
//! reads it. It is cheap to clone (structure is shared), so the writer publishes
//! one after each group and readers keep theirs without a lock.

use std::ops::Range;
use std::sync::Arc;

use imbl::{OrdMap, Vector};
use jiff::Timestamp;
use jiff::civil::Date;

use super::entry::Entry;
use super::event::{Kind, Target};
use super::fact::Standing;
use super::ids::{BoardId, EventId, Position, ProposalId, Revision, SubjectId};
use super::subject::Subject;

/// Everything that is recorded, folded in the order of the log.
#[derive(Clone, Debug, Default)]
pub struct Register {
    tail: Position,
    recorded_at: Option<Timestamp>,
    subjects: OrdMap<SubjectId, Arc<Record>>,
    proposals: OrdMap<ProposalId, SubjectId>,
    events: OrdMap<EventId, Position>,
}

/// What the register keeps of one subject.
#[derive(Clone, Debug)]
pub struct Record {
    history: Vector<Arc<Entry>>,
    subject: Arc<Subject>,
    /// The latest first day of an entry, standing or not: by then, all that is
    /// recorded holds.
    settled_on: Date,
    /// The entries that say of themselves that they are breaches.
    acknowledged: Vector<Arc<Entry>>,
}

impl Record {
    fn new(id: &SubjectId) -> Self {
        Self {
            history: Vector::new(),
            subject: Arc::new(Subject::new(id)),
            settled_on: Date::MIN,
            acknowledged: Vector::new(),
        }
    }

    /// Its entries, in the order of the log, whether they stand or not.
    pub const fn history(&self) -> &Vector<Arc<Entry>> {
        &self.history
    }

    /// The subject as all that is recorded has it, whatever its date.
    pub const fn subject(&self) -> &Arc<Subject> {
        &self.subject
    }

    /// The entries that say of themselves that they are breaches, whether they
    /// stand or not, in the order of the log.
    pub const fn acknowledged(&self) -> &Vector<Arc<Entry>> {
        &self.acknowledged
    }

    /// The day by which all that is recorded holds.
    pub const fn settled_on(&self) -> Date {
        self.settled_on
    }

    /// Its latest revision.
    pub fn revision(&self) -> Revision {
        self.history
            .last()
            .map_or(Revision::ZERO, |entry| entry.revision)
    }

    /// The position of its latest entry.
    pub fn tail(&self) -> Position {
        self.history
            .last()
            .map_or(Position::ZERO, |entry| entry.position)
    }

    /// How many of its entries were recorded by a position.
    pub fn known_by(&self, position: Position) -> usize {
        let at = self
            .history
            .binary_search_by(|entry| entry.position.cmp(&position));
        at.map_or_else(|index| index, |index| index + 1)
    }

    /// Some of its entries, counted from 0, as if none were corrected.
    pub(super) fn told(&self, range: Range<usize>) -> impl Iterator<Item = Standing> {
        let entries = range.filter_map(|index| self.history.get(index));
        entries.map(|entry| Standing {
            order: entry.position,
            entry: Arc::clone(entry),
        })
    }

    /// Whether one of some of its entries is a correction.
    pub(super) fn corrects(&self, mut range: Range<usize>) -> bool {
        range.any(|index| {
            let entry = self.history.get(index);
            entry.is_some_and(|entry| matches!(entry.event.kind, Kind::EntryCorrected(_)))
        })
    }

    /// The entry at that position, if it is this subject's.
    pub fn entry(&self, position: Position) -> Option<&Arc<Entry>> {
        let index = self
            .history
            .binary_search_by(|entry| entry.position.cmp(&position))
            .ok()?;
        self.history.get(index)
    }
}

impl Register {
    /// The position of the last entry.
    pub const fn tail(&self) -> Position {
        self.tail
    }

    /// When the last entry was recorded.
    pub const fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }

    /// What is kept of a subject.
    pub fn record(&self, id: &SubjectId) -> Option<&Arc<Record>> {
        self.subjects.get(id)
    }

    /// What is kept of a subject, with its id as it is kept.
    pub fn record_of(&self, id: &SubjectId) -> Option<(&SubjectId, &Arc<Record>)> {
        self.subjects.get_key_value(id)
    }

    /// What is kept of every subject, by id.
    pub fn records(&self) -> impl Iterator<Item = (&SubjectId, &Arc<Record>)> {
        self.subjects.iter()
    }

    /// What is kept of every board, by id.
    pub fn board_records(&self) -> impl Iterator<Item = (&BoardId, &Arc<Record>)> {
        // Subjects sort by what they are: bodies, boards, collaborations; and no
        // id comes before "0".
        let least = "0".parse().map(SubjectId::Board).ok();
        least
            .into_iter()
            .flat_map(|least| self.subjects.range(least..))
            .map_while(|(id, record)| match id {
                SubjectId::Board(id) => Some((id, record)),
                SubjectId::Body(_) | SubjectId::Collaboration(_) | SubjectId::Register => None,
            })
    }

    /// The subject as all that is recorded has it.
    pub fn subject(&self, id: &SubjectId) -> Option<&Subject> {
        self.subjects.get(id).map(|record| &*record.subject)
    }

    /// The latest revision of a subject; zero when it is not in the register.
    pub fn revision(&self, id: &SubjectId) -> Revision {
        self.record(id)
            .map_or(Revision::ZERO, |record| record.revision())
    }

    /// The subject a proposal is about.
    pub fn proposal(&self, id: ProposalId) -> Option<&SubjectId> {
        self.proposals.get(&id)
    }

    /// The position of the entry whose event carries this id.
    pub fn event(&self, id: EventId) -> Option<Position> {
        self.events.get(&id).copied()
    }

    /// The register that has all that these have. No subject is in two of them, and
    /// together they have every position.
    pub fn joined(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().fold(Self::default(), |one, other| {
            let (early, late) = if one.tail < other.tail {
                (one, other)
            } else {
                (other, one)
            };
            Self {
                tail: late.tail,
                recorded_at: late.recorded_at,
                subjects: late.subjects.union(early.subjects),
                proposals: late.proposals.union(early.proposals),
                events: late.events.union(early.events),
            }
        })
    }

    /// The register as if nothing had been recorded about one subject.
    pub(super) fn without(&self, subject: &SubjectId) -> Self {
        let mut register = self.clone();
        if let Some(record) = register.subjects.remove(subject) {
            for id in record
                .history
                .iter()
                .filter_map(|entry| entry.event.event_id)
            {
                register.events.remove(&id);
            }
            for id in record.subject.dossier.proposals.keys() {
                register.proposals.remove(id);
            }
        }
        register
    }

    /// Folds an entry that stands into its subject, whatever its position: for
    /// judging once more what was admitted before.
    pub(super) fn stand(&mut self, told: Standing) {
        let event = &told.entry.event;
        if let Some(id) = event.event_id {
            self.events.insert(id, told.order);
        }
        if let Some(id) = proposal(&event.kind) {
            self.proposals.insert(id, event.subject.clone());
        }
        let record = record(&mut self.subjects, &event.subject);
        record.history.push_back(Arc::clone(&told.entry));
        Arc::make_mut(&mut record.subject).fold(told);
    }

    /// Folds the next entry. Never fails; entries come in the order of their
    /// positions, without a gap.
    pub fn apply(&mut self, entry: Arc<Entry>) {
        debug_assert_eq!(entry.position, self.tail.next(), "positions have no gap");
        self.apply_apart(entry);
    }

    /// Folds the next entry of some subjects, where those of others are folded
    /// apart: subjects know nothing of one another here, so several registers can
    /// be made at once and then be joined.
    pub fn apply_apart(&mut self, entry: Arc<Entry>) {
        debug_assert!(entry.position > self.tail, "positions grow");
        self.tail = entry.position;
        self.recorded_at = Some(entry.recorded_at);
        if let Some(id) = entry.event.event_id {
            self.events.insert(id, entry.position);
        }
        let subject = &entry.event.subject;
        let record = record(&mut self.subjects, subject);
        record.settled_on = record.settled_on.max(entry.effective_on().first_day());
        record.history.push_back(Arc::clone(&entry));
        if entry.is_breach() {
            record.acknowledged.push_back(Arc::clone(&entry));
        }
        if let Kind::EntryCorrected(correction) = &entry.event.kind {
            if let Some(replacement) = &correction.replacement {
                let on = replacement.effective_on.map(|on| on.first_day());
                record.settled_on = record.settled_on.max(on.unwrap_or(entry.recorded_on));
            }
            let before = record.subject.dossier.proposals.clone();
            record.subject = Arc::new(fold(subject, standing(&record.history, entry.position)));
            for id in before.keys() {
                self.proposals.remove(id);
            }
            for id in record.subject.dossier.proposals.keys() {
                self.proposals.insert(*id, subject.clone());
            }
        } else {
            if let Some(id) = proposal(&entry.event.kind) {
                self.proposals.insert(id, subject.clone());
            }
            let order = entry.position;
            Arc::make_mut(&mut record.subject).fold(Standing { entry, order });
        }
    }
}

/// The record of a subject, to be changed.
fn record<'a>(subjects: &'a mut OrdMap<SubjectId, Arc<Record>>, id: &SubjectId) -> &'a mut Record {
    let record = subjects
        .entry(id.clone())
        .or_insert_with(|| Arc::new(Record::new(id)));
    Arc::make_mut(record)
}

/// The proposal an event puts up.
fn proposal(kind: &Kind) -> Option<ProposalId> {
    match kind {
        Kind::MatterProposed(what) => Some(what.proposal),
        Kind::VirementRequested(what) => Some(what.proposal),
        _ => None,
    }
}

/// The entries of one subject that stand, as known at a position: corrections
/// applied and themselves left out, in the order of the log.
///
/// A later correction decides over an earlier one, so they are looked at from
/// the last to the first; one that is itself corrected has no say.
pub fn standing(history: &Vector<Arc<Entry>>, known: Position) -> Vec<Standing> {
    let known_entries = || history.iter().take_while(|entry| entry.position <= known);
    let mut voided = std::collections::BTreeMap::<Position, Option<Arc<Entry>>>::new();
    let corrections: Vec<_> = known_entries()
        .filter_map(|entry| match &entry.event.kind {
            Kind::EntryCorrected(correction) => Some((entry, correction)),
            _ => None,
        })
        .collect();
    for (entry, correction) in corrections.iter().rev() {
        if voided.contains_key(&entry.position) {
            continue;
        }
        if let Some(target) = target(history, correction.target) {
            let replacement = correction.replacement.as_ref().map(|event| {
                let mut replaced = Entry::clone(entry);
                replaced.event = event.clone();
                Arc::new(replaced)
            });
            voided.insert(target, replacement);
        }
    }
    known_entries()
        .filter_map(|entry| {
            let order = entry.position;
            match voided.get(&order) {
                None if matches!(entry.event.kind, Kind::EntryCorrected(_)) => None,
                None => Some(Standing {
                    entry: Arc::clone(entry),
                    order,
                }),
                Some(replacement) => Some(Standing {
                    entry: Arc::clone(replacement.as_ref()?),
                    order,
                }),
            }
        })
        .collect()
}

/// The correction of an entry that stands as known at a position, if there is one.
pub fn corrected_by(
    history: &Vector<Arc<Entry>>,
    position: Position,
    known: Position,
) -> Option<Position> {
    let mut voided = std::collections::BTreeSet::new();
    let known_entries = history.iter().rev().filter(|entry| entry.position <= known);
    for entry in known_entries.take_while(|entry| entry.position > position) {
        if let Kind::EntryCorrected(correction) = &entry.event.kind
            && !voided.contains(&entry.position)
            && let Some(target) = target(history, correction.target)
        {
            if target == position {
                return Some(entry.position);
            }
            voided.insert(target);
        }
    }
    None
}

/// The position a correction means.
pub fn target(history: &Vector<Arc<Entry>>, target: Target) -> Option<Position> {
    match target {
        Target::Position(position) => Some(position),
        Target::Event(id) => history
            .iter()
            .find(|e| e.event.event_id == Some(id))
            .map(|entry| entry.position),
    }
}

/// Folds entries that stand into the subject they are about.
pub fn fold(id: &SubjectId, standing: impl IntoIterator<Item = Standing>) -> Subject {
    let mut subject = Subject::new(id);
    for told in standing {
        subject.fold(told);
    }
    subject
}
