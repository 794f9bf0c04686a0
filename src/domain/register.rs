//! The register: every subject, folded from every entry.
//!
//! This is the only state there is. The door judges against it and every view
//! reads it. It is cheap to clone (structure is shared), so the writer publishes
//! one after each group and readers keep theirs without a lock.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use jiff::Timestamp;

use super::entry::Entry;
use super::event::{Kind, Target};
use super::fact::EffectiveEntry;
use super::ids::{BoardId, EventId, Position, ProposalId, Revision, SubjectId};
use super::subject::Subject;
use super::subject_fold;
use super::subject_record::LazyEntries;
pub use super::subject_record::SubjectRecord;

/// Everything that is recorded, folded in the order of the log.
#[derive(Clone, Debug, Default)]
pub struct Register {
    tail: Position,
    recorded_at: Option<Timestamp>,
    subjects: OrdMap<SubjectId, Arc<SubjectRecord>>,
    proposals: OrdMap<ProposalId, SubjectId>,
    events: OrdMap<EventId, Position>,
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
    pub fn record(&self, id: &SubjectId) -> Option<&Arc<SubjectRecord>> {
        self.subjects.get(id)
    }

    /// What is kept of a subject, with its id as it is kept.
    pub fn record_of(&self, id: &SubjectId) -> Option<(&SubjectId, &Arc<SubjectRecord>)> {
        self.subjects.get_key_value(id)
    }

    /// What is kept of every subject, by id.
    pub fn records(&self) -> impl Iterator<Item = (&SubjectId, &Arc<SubjectRecord>)> {
        self.subjects.iter()
    }

    /// What is kept of every board, by id.
    pub fn board_records(&self) -> impl Iterator<Item = (&BoardId, &Arc<SubjectRecord>)> {
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
        self.subjects.get(id).map(|record| &**record.subject())
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
    pub fn merge_partitions(parts: impl IntoIterator<Item = Self>) -> Self {
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

    /// A register whose subjects are folded only when somebody first asks for them.
    pub fn from_index(outline: RegisterIndex) -> Self {
        let RegisterIndex {
            tail,
            recorded_at,
            subjects,
            proposals,
            events,
            corrected,
        } = outline;
        let records = subjects.into_iter().map(|(id, later)| {
            let record = SubjectRecord::lazy(&id, later);
            (id, Arc::new(record))
        });
        let mut register = Self {
            tail,
            recorded_at,
            subjects: records.collect(),
            proposals: proposals.into_iter().collect(),
            events: events.into_iter().collect(),
        };
        for id in corrected {
            register.reindex_proposals(&id);
        }
        register
    }

    /// Folds every subject that nobody has asked for yet, from the last to the first:
    /// whoever asks for all of them meanwhile comes from the other end. `goes_on` is
    /// asked between them.
    pub fn materialise_all(&self, mut goes_on: impl FnMut() -> bool) {
        for record in self.subjects.values().rev() {
            if !goes_on() {
                break;
            }
            record.history();
        }
    }

    /// Knows the proposals of a subject by its fold: what was put up about one that
    /// has corrections need not stand, nor need what stands have been put up so.
    fn reindex_proposals(&mut self, id: &SubjectId) {
        let Some(record) = self.subjects.get(id) else {
            return;
        };
        let stand = &record.subject().dossier.proposals;
        let fallen = self.proposals.iter().filter(|(_, subject)| *subject == id);
        let fallen = fallen.filter(|(proposal, _)| !stand.contains_key(*proposal));
        let fallen: Vec<ProposalId> = fallen.map(|(proposal, _)| *proposal).collect();
        for proposal in fallen {
            self.proposals.remove(&proposal);
        }
        for proposal in stand.keys() {
            self.proposals.insert(*proposal, id.clone());
        }
    }

    /// The register as if nothing had been recorded about one subject.
    pub(super) fn excluding(&self, subject: &SubjectId) -> Self {
        let mut register = self.clone();
        if let Some(record) = register.subjects.remove(subject) {
            for id in record
                .history()
                .iter()
                .filter_map(|entry| entry.event.event_id)
            {
                register.events.remove(&id);
            }
            for id in record.subject().dossier.proposals.keys() {
                register.proposals.remove(id);
            }
        }
        register
    }

    /// Folds an entry that stands into its subject, whatever its position: for
    /// judging once more what was admitted before.
    pub(super) fn apply_effective(&mut self, told: EffectiveEntry) {
        let event = &told.entry.event;
        if let Some(id) = event.event_id {
            self.events.insert(id, told.order);
        }
        if let Some(id) = event.kind.opened_proposal() {
            self.proposals.insert(id, event.subject.clone());
        }
        record(&mut self.subjects, &event.subject).apply_effective(told);
    }

    /// Folds the next entry. Never fails; entries come in the order of their
    /// positions, without a gap.
    pub fn apply(&mut self, entry: Arc<Entry>) {
        debug_assert_eq!(entry.position, self.tail.next(), "positions have no gap");
        self.apply_partition(entry);
    }

    /// Folds the next entry of some subjects, where those of others are folded
    /// apart: subjects know nothing of one another here, so several registers can
    /// be made at once and then be joined.
    pub fn apply_partition(&mut self, entry: Arc<Entry>) {
        debug_assert!(entry.position > self.tail, "positions grow");
        self.tail = entry.position;
        self.recorded_at = Some(entry.recorded_at);
        if let Some(id) = entry.event.event_id {
            self.events.insert(id, entry.position);
        }
        let record = record(&mut self.subjects, &entry.event.subject);
        if let Kind::EntryCorrected(_) = &entry.event.kind {
            for id in record.subject().dossier.proposals.keys() {
                self.proposals.remove(id);
            }
            let subject = entry.event.subject.clone();
            record.append(entry);
            for id in record.subject().dossier.proposals.keys() {
                self.proposals.insert(*id, subject.clone());
            }
        } else {
            if let Some(id) = entry.event.kind.opened_proposal() {
                self.proposals.insert(id, entry.event.subject.clone());
            }
            record.append(entry);
        }
    }
}

/// What a register can begin with: everything but its subjects, and of those how
/// to come by their entries.
#[derive(Default)]
pub struct RegisterIndex {
    /// The position of the last entry.
    pub tail: Position,
    /// When that was recorded.
    pub recorded_at: Option<Timestamp>,
    /// Every subject that has an entry.
    pub subjects: Vec<(SubjectId, LazyEntries)>,
    /// The proposals that entries put up, in the order of the log, and about what.
    pub proposals: Vec<(ProposalId, SubjectId)>,
    /// The ids that events carry.
    pub events: Vec<(EventId, Position)>,
    /// The subjects that have corrections.
    pub corrected: Vec<SubjectId>,
}

/// The record of a subject, to be changed.
fn record<'a>(
    subjects: &'a mut OrdMap<SubjectId, Arc<SubjectRecord>>,
    id: &SubjectId,
) -> &'a mut SubjectRecord {
    let record = subjects
        .entry(id.clone())
        .or_insert_with(|| Arc::new(SubjectRecord::new(id)));
    Arc::make_mut(record)
}

/// The entries of one subject that stand, as known at a position: corrections
/// applied and themselves left out, in the order of the log.
///
/// A later correction decides over an earlier one, so they are looked at from
/// the last to the first; one that is itself corrected has no say.
pub fn effective_entries(history: &Vector<Arc<Entry>>, known: Position) -> Vec<EffectiveEntry> {
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
                None => Some(EffectiveEntry {
                    entry: Arc::clone(entry),
                    order,
                }),
                Some(replacement) => Some(EffectiveEntry {
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
pub fn fold(id: &SubjectId, standing: impl IntoIterator<Item = EffectiveEntry>) -> Subject {
    let mut subject = Subject::new(id);
    for told in standing {
        subject_fold::apply(&mut subject, told);
    }
    subject
}
