//! The register: every subject, folded from every entry.
//!
//! There is no other state. The door judges against it and every view reads it. It
//! is cheap to clone (structure is shared), so the writer publishes one after each
//! group, and readers keep theirs without a lock.

mod reach;
mod readable;

use std::sync::Arc;

use imbl::OrdMap;
use jiff::Timestamp;

use super::entry::Entry;
use super::event::{Event, Kind};
use super::fact::EffectiveEntry;
use super::ids::{BoardId, EventId, Position, ProposalId, Revision, SubjectId};
use super::mandate::Mandates;
use super::subject::Subject;
use super::subject_record::LazyEntries;
pub use super::subject_record::SubjectRecord;
use super::succession::Successions;

/// Everything that is recorded, folded in the order of the log.
#[derive(Clone, Debug, Default)]
pub struct Register {
    tail: Position,
    recorded_at: Option<Timestamp>,
    subjects: OrdMap<SubjectId, Arc<SubjectRecord>>,
    proposals: OrdMap<ProposalId, SubjectId>,
    events: OrdMap<EventId, Position>,
    successions: Arc<Successions>,
    /// Whether entries are left out that its reader may not read.
    withholds: bool,
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

    pub fn record(&self, id: &SubjectId) -> Option<&Arc<SubjectRecord>> {
        self.subjects.get(id)
    }

    /// The record of a subject, with the id that the register keeps.
    pub fn record_of(&self, id: &SubjectId) -> Option<(&SubjectId, &Arc<SubjectRecord>)> {
        self.subjects.get_key_value(id)
    }

    /// The record of every subject, by id.
    pub fn records(&self) -> impl Iterator<Item = (&SubjectId, &Arc<SubjectRecord>)> {
        self.subjects.iter()
    }

    /// The record of every board, by id.
    pub fn board_records(&self) -> impl Iterator<Item = (&BoardId, &Arc<SubjectRecord>)> {
        // Subjects sort by kind: bodies, boards, collaborations; and no id sorts before
        // "0".
        let least = "0".parse().map(SubjectId::Board).ok();
        least
            .into_iter()
            .flat_map(|least| self.subjects.range(least..))
            .map_while(|(id, record)| match id {
                SubjectId::Board(id) => Some((id, record)),
                SubjectId::Body(_) | SubjectId::Collaboration(_) | SubjectId::Register => None,
            })
    }

    /// The fold of all entries of a subject, whatever their dates, as they name bodies.
    pub fn subject(&self, id: &SubjectId) -> Option<&Subject> {
        self.subjects.get(id).map(|record| &**record.subject())
    }

    /// The fold of all entries of a subject, with heirs in the place of the bodies that
    /// are no more.
    pub fn followed_subject(&self, id: &SubjectId) -> Option<Arc<Subject>> {
        let (id, record) = self.subjects.get_key_value(id)?;
        Some(record.subject().follow(id, &self.successions))
    }

    /// The successions of all bodies, whatever their dates.
    pub const fn successions(&self) -> &Arc<Successions> {
        &self.successions
    }

    /// Every mandate that was granted; `None` before anything is recorded about the
    /// register itself.
    pub fn mandates(&self) -> Option<&Mandates> {
        let own = self.subject(&SubjectId::Register);
        Some(&own.and_then(Subject::as_register)?.mandates)
    }

    /// The entry by which the register has a keeper; `None` while it is open.
    pub fn kept_since(&self) -> Option<Position> {
        self.mandates().and_then(Mandates::kept_since)
    }

    /// The latest revision of a subject; zero if it is not in the register.
    pub fn revision(&self, id: &SubjectId) -> Revision {
        self.record(id)
            .map_or(Revision::ZERO, |record| record.revision())
    }

    /// The subject that a proposal is about.
    pub fn proposal(&self, id: ProposalId) -> Option<&SubjectId> {
        self.proposals.get(&id)
    }

    /// The position of the entry whose event has this id.
    pub fn event(&self, id: EventId) -> Option<Position> {
        self.events.get(&id).copied()
    }

    /// Merges registers that were folded separately: no subject is in two of them, and
    /// together they have every position.
    pub fn merge_partitions(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().fold(Self::default(), |a, b| {
            let (early, late) = if a.tail < b.tail { (a, b) } else { (b, a) };
            Self {
                tail: late.tail,
                recorded_at: late.recorded_at,
                subjects: late.subjects.union(early.subjects),
                proposals: late.proposals.union(early.proposals),
                events: late.events.union(early.events),
                successions: late.successions.merged_with(&early.successions),
                withholds: false,
            }
        })
    }

    /// A register whose subjects are folded on first use.
    pub fn from_index(index: RegisterIndex) -> Self {
        let RegisterIndex {
            tail,
            recorded_at,
            subjects,
            proposals,
            events,
            folded_first,
        } = index;
        let records = subjects.into_iter().map(|(id, entries)| {
            let record = SubjectRecord::lazy(&id, entries);
            (id, Arc::new(record))
        });
        let mut register = Self {
            tail,
            recorded_at,
            subjects: records.collect(),
            proposals: proposals.into_iter().collect(),
            events: events.into_iter().collect(),
            successions: Arc::default(),
            withholds: false,
        };
        for id in folded_first {
            register.reindex_proposals(&id);
            register.note_succession(&id);
        }
        register
    }

    /// Folds every subject that is not folded yet, from the last to the first: a query
    /// that needs all of them meanwhile starts at the other end. Stops as soon as
    /// `goes_on` returns false.
    pub fn materialise_all(&self, mut goes_on: impl FnMut() -> bool) {
        for record in self.subjects.values().rev() {
            if !goes_on() {
                break;
            }
            record.history();
        }
    }

    /// Sets the proposals of a subject by its fold. If the subject has corrections, its
    /// proposals may differ from those that entries opened.
    fn reindex_proposals(&mut self, id: &SubjectId) {
        let Some(record) = self.subjects.get(id) else {
            return;
        };
        let effective = &record.subject().dossier.proposals;
        let void = self.proposals.iter().filter(|(_, subject)| *subject == id);
        let void = void.filter(|(proposal, _)| !effective.contains_key(*proposal));
        let void: Vec<ProposalId> = void.map(|(proposal, _)| *proposal).collect();
        for proposal in void {
            self.proposals.remove(&proposal);
        }
        for proposal in effective.keys() {
            self.proposals.insert(*proposal, id.clone());
        }
    }

    /// Keeps the successors of a body, by its fold. A body that was followed by an entry
    /// that was corrected later is kept too: earlier views know of it.
    fn note_succession(&mut self, id: &SubjectId) {
        let (SubjectId::Body(body), Some(record)) = (id, self.subjects.get(id)) else {
            return;
        };
        let is_noted = self.successions.contains(body)
            || record
                .history()
                .iter()
                .any(|entry| names_successor(&entry.event));
        if let (true, Some(noted)) = (is_noted, record.subject().as_body()) {
            Arc::make_mut(&mut self.successions).note(body, noted);
        }
    }

    /// The register without the entries of one subject.
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
        if let SubjectId::Body(body) = subject
            && register.successions.contains(body)
        {
            Arc::make_mut(&mut register.successions).forget(body);
        }
        register
    }

    /// Folds an effective entry into its subject, whatever its position: for judging
    /// recorded entries again.
    pub(super) fn apply_effective(&mut self, entry: EffectiveEntry) {
        let event = &entry.entry.event;
        if let Some(id) = event.event_id {
            self.events.insert(id, entry.original_position);
        }
        if let Some(id) = event.kind.opened_proposal() {
            self.proposals.insert(id, event.subject.clone());
        }
        let (subject, kind) = (event.subject.clone(), event.kind.clone());
        record_mut(&mut self.subjects, &subject).apply_effective(entry);
        if decides_succession(&kind) {
            self.note_succession(&subject);
        }
    }

    /// Folds the next entry. Never fails; entries are applied in the order of their
    /// positions, without a gap.
    pub fn apply(&mut self, entry: Arc<Entry>) {
        debug_assert_eq!(entry.position, self.tail.next(), "positions have no gap");
        self.apply_partition(entry);
    }

    /// Folds the next entry of a part of all subjects. The fold of a subject needs no
    /// other, so several registers can be made at once and then merged.
    pub fn apply_partition(&mut self, entry: Arc<Entry>) {
        debug_assert!(entry.position > self.tail, "positions grow");
        self.tail = entry.position;
        self.recorded_at = Some(entry.recorded_at);
        if let Some(id) = entry.event.event_id {
            self.events.insert(id, entry.position);
        }
        let succession = decides_succession(&entry.event.kind).then(|| entry.event.subject.clone());
        let record = record_mut(&mut self.subjects, &entry.event.subject);
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
        if let Some(body) = succession {
            self.note_succession(&body);
        }
    }
}

/// Whether an event says, or corrects an entry to say, who follows a body.
fn names_successor(event: &Event) -> bool {
    match &event.kind {
        Kind::BodySucceeded(_) => true,
        Kind::EntryCorrected(correction) => {
            let replacement = correction.replacement.as_ref();
            replacement.is_some_and(|event| matches!(event.kind, Kind::BodySucceeded(_)))
        }
        _ => false,
    }
}

/// Whether an event may change who follows a body.
const fn decides_succession(kind: &Kind) -> bool {
    matches!(kind, Kind::BodySucceeded(_) | Kind::EntryCorrected(_))
}

impl Register {
    /// Adds the remaining entries of one subject of a part, in order, and folds the subject
    /// once. Entries of other subjects may have been folded before these.
    pub fn apply_rest_of(&mut self, id: &SubjectId, entries: Vec<Arc<Entry>>) {
        let Some(last) = entries.last() else {
            return;
        };
        if last.position > self.tail {
            self.tail = last.position;
            self.recorded_at = Some(last.recorded_at);
        }
        for entry in &entries {
            if let Some(event) = entry.event.event_id {
                self.events.insert(event, entry.position);
            }
        }
        record_mut(&mut self.subjects, id).append_all(id, entries);
        self.reindex_proposals(id);
        self.note_succession(id);
    }
}

/// The index from which a register can start: everything but its subjects, whose
/// entries are read on first use.
#[derive(Default)]
pub struct RegisterIndex {
    /// The position of the last entry.
    pub tail: Position,
    /// When the last entry was recorded.
    pub recorded_at: Option<Timestamp>,
    pub subjects: Vec<(SubjectId, LazyEntries)>,
    /// The proposals that entries opened, in the order of the log, each with its
    /// subject.
    pub proposals: Vec<(ProposalId, SubjectId)>,
    /// The ids of events, each with the position of its entry.
    pub events: Vec<(EventId, Position)>,
    /// Subjects whose fold decides an index: those with corrections, and bodies that
    /// others have followed.
    pub folded_first: Vec<SubjectId>,
}

fn record_mut<'a>(
    subjects: &'a mut OrdMap<SubjectId, Arc<SubjectRecord>>,
    id: &SubjectId,
) -> &'a mut SubjectRecord {
    let record = subjects
        .entry(id.clone())
        .or_insert_with(|| Arc::new(SubjectRecord::new(id)));
    Arc::make_mut(record)
}
