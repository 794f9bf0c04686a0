//! The log in memory: the reference that other engines are measured against.
//!
//! It has no disk, so "durable" means "kept by the [`MemoryMedium`]", which outlives
//! its appender and readers the way a disk outlives a process. It is also where
//! faults are simulated: a [`MemorySwitch`] makes the next append fail in either of
//! the two ways in which a disk fails, so that everything above the log can be
//! tested against both.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::{AppendError, Batch, Limit, LogStopped, Position, ReadError, Record};

/// What keeps the records: the stand-in for a disk.
///
/// Clones are the same medium. Open it again after a fault to see what a
/// restart would see.
#[derive(Debug, Clone, Default)]
pub struct MemoryMedium {
    records: Arc<Mutex<Vec<Bytes>>>,
    switch: MemorySwitch,
}

impl MemoryMedium {
    /// An empty medium.
    pub fn new() -> MemoryMedium {
        MemoryMedium::default()
    }

    /// Starts again on what the medium kept.
    ///
    /// A medium is opened by one test at a time: unlike an engine with a disk
    /// it does not lock.
    pub fn open(&self) -> (MemoryAppender, MemoryReader) {
        let shared = Arc::new(Mutex::new(Published {
            tail: Position::new(lock(&self.records).len() as u64),
            stop: None,
        }));
        let appender = MemoryAppender {
            medium: self.clone(),
            published: shared.clone(),
        };
        let reader = MemoryReader {
            records: self.records.clone(),
            published: shared,
        };
        (appender, reader)
    }

    /// The switch that makes appends to this medium fail.
    pub fn switch(&self) -> MemorySwitch {
        self.switch.clone()
    }
}

/// How the next append fails.
///
/// In both flavours the caller sees [`AppendError::OutcomeUnknown`] and can not
/// tell which it was before the log is opened again. That is the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InjectedFault {
    /// The append fails and the batch is gone.
    Failed,
    /// The append fails and yet the batch was kept.
    FailedButPersisted,
}

/// A fault switch: set it and the next append fails, once.
#[derive(Debug, Clone, Default)]
pub struct MemorySwitch {
    next: Arc<Mutex<Option<InjectedFault>>>,
}

impl MemorySwitch {
    /// Makes the next append fail as `fault` says.
    pub fn fail_next(&self, fault: InjectedFault) {
        *lock(&self.next) = Some(fault);
    }
}

/// The error behind an append that a [`MemorySwitch`] made fail.
#[derive(Debug, thiserror::Error)]
#[error("a fault switch made this append fail")]
pub struct SwitchedOff;

/// What readers may know.
#[derive(Debug)]
struct Published {
    tail: Position,
    stop: Option<LogStopped>,
}

/// The one writer of a [`MemoryMedium`].
#[derive(Debug)]
pub struct MemoryAppender {
    medium: MemoryMedium,
    published: Arc<Mutex<Published>>,
}

impl super::Appender for MemoryAppender {
    fn tail(&self) -> Position {
        lock(&self.published).tail
    }

    fn append(&mut self, batch: &Batch, expected_tail: Position) -> Result<Position, AppendError> {
        let mut published = lock(&self.published);
        if let Some(reason) = &published.stop {
            return Err(AppendError::Stopped {
                reason: reason.clone(),
            });
        }
        let tail = published.tail;
        if expected_tail != tail {
            return Err(AppendError::Conflict {
                expected: expected_tail,
                actual: tail,
            });
        }
        let fault = lock(&self.medium.switch.next).take();
        if fault != Some(InjectedFault::Failed) {
            lock(&self.medium.records)
                .extend(batch.records().iter().map(|r| Bytes::copy_from_slice(r)));
        }
        let last = tail.plus(batch.count());
        if fault.is_some() {
            published.stop = Some(LogStopped::OutcomeUnknown {
                after: tail,
                what: SwitchedOff.to_string(),
            });
            return Err(AppendError::OutcomeUnknown {
                first: tail.next(),
                last,
                source: Box::new(SwitchedOff),
            });
        }
        published.tail = last;
        Ok(last)
    }
}

/// A view of a [`MemoryMedium`], as far as appends were acknowledged.
#[derive(Debug, Clone)]
pub struct MemoryReader {
    records: Arc<Mutex<Vec<Bytes>>>,
    published: Arc<Mutex<Published>>,
}

impl MemoryReader {
    /// Takes the records at `positions` for as long as `limit` admits them.
    fn take(&self, positions: impl Iterator<Item = u64>, limit: Limit) -> Vec<Record> {
        let records = lock(&self.records);
        let mut taken = Vec::new();
        let mut bytes = 0;
        for number in positions {
            let Some(found) = usize::try_from(number - 1)
                .ok()
                .and_then(|index| records.get(index))
            else {
                break;
            };
            if !limit.admits(taken.len(), bytes, found.len()) {
                break;
            }
            bytes += found.len();
            taken.push(Record {
                position: Position::new(number),
                bytes: found.clone(),
            });
        }
        taken
    }
}

impl super::Reader for MemoryReader {
    fn tail(&self) -> Position {
        lock(&self.published).tail
    }

    fn read(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError> {
        let tail = self.tail();
        Ok(self.take(from.get().max(1)..=tail.get(), limit))
    }

    fn read_back(&self, from: Position, limit: Limit) -> Result<Vec<Record>, ReadError> {
        let from = from.min(self.tail());
        Ok(self.take((1..=from.get()).rev(), limit))
    }

    fn stopped(&self) -> Option<LogStopped> {
        lock(&self.published).stop.clone()
    }
}

/// Locks, and goes on if another thread panicked: every change made under
/// these locks is a single assignment or a single `extend`.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
