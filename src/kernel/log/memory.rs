//! The log in memory: the reference for every other engine, and a log for tests.
//!
//! It has no disk, so "durable" means "kept by the [`MemoryMedium`]", which outlives
//! its appender and readers as a disk outlives a process. Faults are simulated
//! here too: a [`MemorySwitch`] makes the next append fail in one of the two ways
//! in which a disk fails, so that everything above the log can be tested against
//! both.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;

use super::{
    AppendError, Batch, Engine, FoldGroup, HeldLog, Limit, LogStopped, OpenError, OpenLog,
    Position, ReadError, ReadGroup, Reader, Record,
};

/// The engine, and what keeps the records: the counterpart of a disk.
///
/// Clones are the same medium. Open it again after a fault to see what a
/// restart would see.
#[derive(Debug, Clone, Default)]
pub struct MemoryMedium {
    stored: Arc<Mutex<Stored>>,
    switch: MemorySwitch,
}

#[derive(Debug, Default)]
struct Stored {
    exists: bool,
    records: Vec<Bytes>,
    holder: Weak<Hold>,
}

/// Lives as long as the log has a holder.
#[derive(Debug)]
struct Hold;

impl MemoryMedium {
    /// An empty medium: no log was made on it yet.
    pub fn new() -> MemoryMedium {
        MemoryMedium::default()
    }

    /// Opens the log as a restart after a crash does, and takes it from its holder.
    ///
    /// Later appends of the earlier holder reach the medium, but not the new reader.
    pub fn restart(&self) -> (MemoryAppender, MemoryReader) {
        let hold = Arc::new(Hold);
        let mut stored = lock(&self.stored);
        stored.exists = true;
        stored.holder = Arc::downgrade(&hold);
        let shared = Arc::new(Mutex::new(Published {
            tail: Position::new(stored.records.len() as u64),
            stop: None,
        }));
        let appender = MemoryAppender {
            medium: self.clone(),
            published: shared.clone(),
            _hold: hold.clone(),
        };
        let reader = MemoryReader {
            stored: self.stored.clone(),
            published: shared,
            _hold: hold,
        };
        (appender, reader)
    }

    /// The switch that makes appends to this medium fail.
    pub fn switch(&self) -> MemorySwitch {
        self.switch.clone()
    }
}

impl Engine for MemoryMedium {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn exists(&self) -> Result<bool, OpenError> {
        Ok(lock(&self.stored).exists)
    }

    fn hold(&self) -> Result<Box<dyn HeldLog>, OpenError> {
        if lock(&self.stored).holder.strong_count() > 0 {
            return Err(OpenError::Locked {
                place: self.place(),
            });
        }
        let (appender, reader) = self.restart();
        Ok(Box::new(HeldMemory { appender, reader }))
    }
}

/// A medium that is held and not yet replayed.
struct HeldMemory {
    appender: MemoryAppender,
    reader: MemoryReader,
}

impl HeldLog for HeldMemory {
    fn record(&self, position: Position) -> Result<Record, ReadError> {
        let one = Limit {
            records: 1,
            bytes: usize::MAX,
        };
        let found = match position {
            Position::ZERO => None,
            position => self.reader.read(position, one)?.pop(),
        };
        found.ok_or_else(|| ReadError::Damaged {
            position,
            what: "there is no such record".to_owned(),
        })
    }

    fn replay_groups(
        self: Box<Self>,
        after: Position,
        read: ReadGroup<'_>,
        fold: FoldGroup<'_>,
    ) -> Result<Option<OpenLog>, OpenError> {
        let mut next = after.next();
        loop {
            let page = self.reader.read(next, Limit::PAGE);
            let page = page.map_err(|error| OpenError::Damaged {
                place: self.appender.medium.place(),
                what: error.to_string(),
            })?;
            let Some(last) = page.last() else {
                break;
            };
            next = last.position.next();
            if fold(read(&mut page.into_iter())).is_break() {
                return Ok(None);
            }
        }
        Ok(Some(OpenLog {
            appender: Box::new(self.appender),
            reader: Arc::new(self.reader),
        }))
    }
}

/// How the next append fails.
///
/// In both flavours the caller sees [`AppendError::OutcomeUnknown`] and cannot
/// tell which it was before the log is opened again. That is the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InjectedFault {
    /// The append fails and the batch is gone.
    Failed,
    /// The append fails and yet the batch was kept.
    FailedButPersisted,
}

/// A fault switch: set it, and the next append fails once.
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

/// The state that the appender shows its readers.
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
    _hold: Arc<Hold>,
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
            lock(&self.medium.stored)
                .records
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

/// A view of the acknowledged records of a [`MemoryMedium`].
#[derive(Debug, Clone)]
pub struct MemoryReader {
    stored: Arc<Mutex<Stored>>,
    published: Arc<Mutex<Published>>,
    _hold: Arc<Hold>,
}

impl MemoryReader {
    /// Takes the records at `positions` for as long as `limit` admits them.
    fn take(&self, positions: impl Iterator<Item = u64>, limit: Limit) -> Vec<Record> {
        let stored = lock(&self.stored);
        let mut taken = Vec::new();
        let mut bytes = 0;
        for number in positions {
            let Some(found) = usize::try_from(number - 1)
                .ok()
                .and_then(|index| stored.records.get(index))
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

impl Reader for MemoryReader {
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

/// Locks, and goes on if another thread panicked: no change made under these locks
/// can be left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
