//! A cursor that reads the log a chunk at a time, never all of it.

use std::collections::HashMap;
use std::sync::Arc;

use super::filter::Filter;
use super::withheld::{readable, withheld};
use crate::wire::entry::message;
use crate::wire::proto::{self, ReadHistoryResponse};
use crate::wire::reply::protective_marking;
use crate::wire::summary::summary;
use minutebook_domain::entry::Entry;
use minutebook_domain::event::ProtectiveMarking;
use minutebook_domain::ids::{Position, Revision, SubjectId};
use minutebook_domain::register::Register;
use minutebook_kernel::log::{self, Limit, Reader, Record};
use minutebook_kernel::projection::{Corrections, EntryReadError, corrections};

/// The most that is read at once.
const CHUNK: Limit = Limit {
    records: 256,
    bytes: 262_144,
};

/// Subjects whose corrections are kept.
const SUBJECTS_KEPT_MAX: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOrder {
    Forward,
    Backward,
}

/// Reads the entries that a filter wants, from one position to another.
pub struct HistoryCursor {
    filter: Filter,
    direction: ReadOrder,
    /// The next position to read; `None` at the end.
    next: Option<Position>,
    last: Position,
    register: Arc<Register>,
    corrections: HashMap<SubjectId, (Revision, Corrections)>,
}

impl HistoryCursor {
    /// Reads `from`, `last` and every position between them, as far as the
    /// register has them.
    pub fn new(
        register: Arc<Register>,
        filter: Filter,
        direction: ReadOrder,
        from: Position,
        last: Position,
    ) -> Self {
        let mut cursor = Self {
            filter,
            direction,
            next: None,
            last,
            register,
            corrections: HashMap::new(),
        };
        let from = match direction {
            ReadOrder::Forward => from.max(Position::new(1)),
            ReadOrder::Backward => from.min(cursor.register.tail()),
        };
        cursor.next = cursor.within(from);
        cursor
    }

    /// Goes on to the tail of a later register. Only for reading forward.
    pub fn extend(&mut self, register: Arc<Register>) {
        let next = match self.direction {
            ReadOrder::Forward => self.last.next().max(Position::new(1)),
            ReadOrder::Backward => return,
        };
        let next = self.next.unwrap_or(next);
        self.last = register.tail();
        self.register = register;
        self.next = self.within(next);
    }

    /// The next position to read; `None` at the end.
    pub const fn next_position(&self) -> Option<Position> {
        self.next
    }

    /// The last position to read.
    pub const fn last(&self) -> Position {
        self.last
    }

    /// Reads the next chunk and returns the entries that the filter wants. These
    /// may be none although more follow: read until [`Self::next_position`] is
    /// `None`.
    pub fn read_chunk(
        &mut self,
        reader: &dyn Reader,
    ) -> Result<Vec<ReadHistoryResponse>, EntryReadError> {
        let Some(from) = self.next else {
            return Ok(Vec::new());
        };
        let records = if self.filter.subjects.is_empty() {
            let from = log::Position::new(from.get());
            let mut records = match self.direction {
                ReadOrder::Forward => reader.read(from, CHUNK)?,
                ReadOrder::Backward => reader.read_back(from, CHUNK)?,
            };
            let Some(end) = records.last() else {
                return Err(EntryReadError::Missing {
                    position: Position::new(from.get()),
                });
            };
            self.next = self.after(Position::new(end.position.get()));
            records.retain(|r| self.within(Position::new(r.position.get())).is_some());
            records
        } else {
            let positions = self.positions(from);
            self.next = match positions.last() {
                Some(end) if positions.len() == CHUNK.records => self.after(*end),
                Some(_) | None => None,
            };
            let mut records = Vec::with_capacity(positions.len());
            for position in positions {
                records.push(read_record(reader, position)?);
            }
            records
        };
        let mut entries = Vec::new();
        for record in records {
            let message = message(&record.bytes)?;
            let Some((entry, marking)) = self.entry(&message) else {
                if self.filter.wants_all() {
                    entries.push(withheld(&record));
                }
                continue;
            };
            if self.filter.wants(&entry) {
                entries.push(ReadHistoryResponse {
                    entry: Some(message),
                    summary: summary(&entry.event),
                    corrected_by_position: self.corrected_by(&entry).get(),
                    withheld: None,
                    marking,
                });
            }
        }
        Ok(entries)
    }

    /// The position read after `position`, if that is within the range.
    fn after(&self, position: Position) -> Option<Position> {
        self.within(match self.direction {
            ReadOrder::Forward => position.next(),
            ReadOrder::Backward => Position::new(position.get().checked_sub(1)?),
        })
    }

    /// `position`, if it is within the range.
    fn within(&self, position: Position) -> Option<Position> {
        let is_within = match self.direction {
            ReadOrder::Forward => position <= self.last && position <= self.register.tail(),
            ReadOrder::Backward => position >= self.last && position > Position::ZERO,
        };
        is_within.then_some(position)
    }

    /// The positions of the next wanted entries of the filter's subjects, one
    /// chunk at most.
    fn positions(&self, from: Position) -> Vec<Position> {
        let mut positions = Vec::new();
        for subject in &self.filter.subjects {
            let Some(record) = self.register.record(subject) else {
                continue;
            };
            let history = record.history();
            let at = history.binary_search_by(|entry| entry.position.cmp(&from));
            let wanted = |index| {
                let entry: &Arc<Entry> = history.get(index)?;
                self.filter.wants(entry).then_some(entry.position)
            };
            // A chunk of each subject is enough: the nearest of all are kept.
            match self.direction {
                ReadOrder::Forward => {
                    let indices = at.unwrap_or_else(|index| index)..history.len();
                    positions.extend(indices.filter_map(wanted).take(CHUNK.records));
                }
                ReadOrder::Backward => {
                    let indices = 0..at.map_or_else(|index| index, |index| index + 1);
                    positions.extend(indices.rev().filter_map(wanted).take(CHUNK.records));
                }
            }
        }
        positions.retain(|position| self.within(*position).is_some());
        match self.direction {
            ReadOrder::Forward => positions.sort_unstable(),
            ReadOrder::Backward => positions.sort_unstable_by(|a, b| b.cmp(a)),
        }
        positions.truncate(CHUNK.records);
        positions
    }

    /// The register's own entry of a record, and its marking; `None` if it is withheld.
    fn entry(&self, message: &proto::Entry) -> Option<(Arc<Entry>, i32)> {
        let (record, entry) = readable(&self.register, message)?;
        let marking = match record.markings().of_entry(entry.position) {
            ProtectiveMarking::Unmarked => 0,
            marked => protective_marking(marked),
        };
        Some((Arc::clone(entry), marking))
    }

    /// The position of the entry that corrected this one; zero if none has.
    fn corrected_by(&mut self, entry: &Entry) -> Position {
        let subject = &entry.event.subject;
        let Some(record) = self.register.record(subject) else {
            return Position::ZERO;
        };
        let revision = record.revision();
        if self
            .corrections
            .get(subject)
            .is_none_or(|(at, _)| *at != revision)
        {
            if self.corrections.len() >= SUBJECTS_KEPT_MAX {
                self.corrections.clear();
            }
            let corrections = corrections(record.history());
            self.corrections
                .insert(subject.clone(), (revision, corrections));
        }
        self.corrections
            .get(subject)
            .and_then(|(_, corrections)| corrections.get(&entry.position))
            .copied()
            .unwrap_or_default()
    }
}

fn read_record(reader: &dyn Reader, position: Position) -> Result<Record, EntryReadError> {
    let limit = Limit {
        records: 1,
        bytes: usize::MAX,
    };
    let mut records = reader.read(log::Position::new(position.get()), limit)?;
    match records.pop() {
        Some(record) if record.position.get() == position.get() => Ok(record),
        Some(_) | None => Err(EntryReadError::Missing { position }),
    }
}
