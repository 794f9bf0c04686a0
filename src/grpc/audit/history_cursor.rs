//! A walk along the log: a chunk at a time, never all of it.

use std::collections::HashMap;
use std::sync::Arc;

use super::filter::Filter;
use crate::domain::entry::Entry;
use crate::domain::ids::{Position, Revision, SubjectId};
use crate::domain::register::Register;
use crate::log::{self, Limit, Reader, Record};
use crate::projection::{Corrections, EntryReadError, corrections};
use crate::wire::entry::{decode, message};
use crate::wire::proto::{self, ReadHistoryResponse};
use crate::wire::summary::summary;

/// How much is read at once.
const CHUNK: Limit = Limit {
    records: 256,
    bytes: 262_144,
};

/// Of how many subjects the corrections are kept.
const SUBJECTS_KEPT_MAX: usize = 1_000;

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOrder {
    /// From the first entry to the last.
    Forward,
    /// From the last entry to the first.
    Backward,
}

/// A walk from one position to another.
pub struct HistoryCursor {
    filter: Filter,
    direction: ReadOrder,
    /// The next position to look at; `None` at the end.
    next: Option<Position>,
    /// The last position to look at.
    last: Position,
    register: Arc<Register>,
    corrections: HashMap<SubjectId, (Revision, Corrections)>,
}

impl HistoryCursor {
    /// A walk that looks at `from`, `last` and every position between them, as
    /// far as the register has them.
    pub fn new(
        register: Arc<Register>,
        filter: Filter,
        direction: ReadOrder,
        from: Position,
        last: Position,
    ) -> Self {
        let mut walk = Self {
            filter,
            direction,
            next: None,
            last,
            register,
            corrections: HashMap::new(),
        };
        let from = match direction {
            ReadOrder::Forward => from.max(Position::new(1)),
            ReadOrder::Backward => from.min(walk.register.tail()),
        };
        walk.next = walk.within(from);
        walk
    }

    /// Goes on with a later register, up to its tail: for those who follow.
    pub fn go_on(&mut self, register: Arc<Register>) {
        let next = match self.direction {
            ReadOrder::Forward => self.last.next().max(Position::new(1)),
            ReadOrder::Backward => return,
        };
        let next = self.next.unwrap_or(next);
        self.last = register.tail();
        self.register = register;
        self.next = self.within(next);
    }

    /// The next position to look at; `None` at the end.
    pub const fn next(&self) -> Option<Position> {
        self.next
    }

    /// The last position to look at.
    pub const fn last(&self) -> Position {
        self.last
    }

    /// Looks at the next entries, and returns those that are wanted. It may be
    /// none although there are more: ask until [`Walk::next`] is `None`.
    pub fn chunk(
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
                records.push(one(reader, position)?);
            }
            records
        };
        let mut told = Vec::new();
        for record in records {
            let message = message(&record.bytes)?;
            let entry = self.entry(&message, &record)?;
            if self.filter.wants(&entry) {
                told.push(ReadHistoryResponse {
                    entry: Some(message),
                    summary: summary(&entry.event),
                    corrected_by_position: self.corrected_by(&entry).get(),
                });
            }
        }
        Ok(told)
    }

    /// The position after `position`, if the walk gets there.
    fn after(&self, position: Position) -> Option<Position> {
        self.within(match self.direction {
            ReadOrder::Forward => position.next(),
            ReadOrder::Backward => Position::new(position.get().checked_sub(1)?),
        })
    }

    /// `position`, if the walk gets there.
    fn within(&self, position: Position) -> Option<Position> {
        let is_within = match self.direction {
            ReadOrder::Forward => position <= self.last && position <= self.register.tail(),
            ReadOrder::Backward => position >= self.last && position > Position::ZERO,
        };
        is_within.then_some(position)
    }

    /// The next entries of the subjects that are wanted, at most a chunk.
    fn positions(&self, from: Position) -> Vec<Position> {
        let mut found = Vec::new();
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
            // Each subject by itself gives a chunk at most; the nearest are kept.
            match self.direction {
                ReadOrder::Forward => {
                    let indices = at.unwrap_or_else(|index| index)..history.len();
                    found.extend(indices.filter_map(wanted).take(CHUNK.records));
                }
                ReadOrder::Backward => {
                    let indices = 0..at.map_or_else(|index| index, |index| index + 1);
                    found.extend(indices.rev().filter_map(wanted).take(CHUNK.records));
                }
            }
        }
        found.retain(|position| self.within(*position).is_some());
        match self.direction {
            ReadOrder::Forward => found.sort_unstable(),
            ReadOrder::Backward => found.sort_unstable_by(|a, b| b.cmp(a)),
        }
        found.truncate(CHUNK.records);
        found
    }

    /// The entry that the register has of a record.
    fn entry(&self, message: &proto::Entry, record: &Record) -> Result<Arc<Entry>, EntryReadError> {
        let subject = message.event.as_ref().and_then(|e| e.subject.parse().ok());
        let known = subject
            .and_then(|subject| self.register.record(&subject))
            .and_then(|kept| kept.entry(Position::new(message.position)));
        match known {
            Some(entry) => Ok(Arc::clone(entry)),
            None => Ok(Arc::new(decode(&record.bytes)?)),
        }
    }

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
            let found = corrections(record.history());
            self.corrections.insert(subject.clone(), (revision, found));
        }
        self.corrections
            .get(subject)
            .and_then(|(_, found)| found.get(&entry.position))
            .copied()
            .unwrap_or_default()
    }
}

fn one(reader: &dyn Reader, position: Position) -> Result<Record, EntryReadError> {
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
