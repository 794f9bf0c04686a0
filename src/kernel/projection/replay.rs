//! Folds the log from its first entry when the server starts.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::request_index::RequestIndex;
use crate::log::{self, Limit, ReadError, Reader, Record};
use minutebook_domain::entry::Entry;
use minutebook_domain::event::Kind;
use minutebook_domain::ids::{Position, SubjectId};
use minutebook_domain::register::Register;
use minutebook_wire::entry::{EntryDecodeError, decode};

/// How often progress is logged, in entries.
const PROGRESS_EVERY: u64 = 100_000;

/// The result of the entries folded so far.
#[derive(Debug, Default)]
pub struct Replay {
    pub register: Register,
    /// The requests that recorded the entries.
    pub requests: RequestIndex,
}

/// Why the log cannot be replayed. Nothing is ever skipped: the server does not
/// start on a register that lacks an entry.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("the entry at position {position} cannot be read")]
    Stored {
        position: Position,
        source: EntryDecodeError,
    },
    /// An entry that states another position.
    #[error(
        "the entry at position {position} states position {stated}: the log was put \
         together from other logs; restore it from a backup, or from an export with `minutebook \
         audit restore`"
    )]
    Misplaced {
        position: Position,
        stated: Position,
    },
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Replay {
    /// Replays a log from its first record to its tail.
    pub fn of(reader: &dyn Reader) -> Result<Self, ReplayError> {
        let mut replay = Self::default();
        loop {
            let from = log::Position::new(replay.register.tail().next().get());
            let records = reader.read(from, Limit::PAGE)?;
            if records.is_empty() {
                return Ok(replay);
            }
            for record in &records {
                replay.record(record)?;
            }
        }
    }

    pub fn record(&mut self, record: &Record) -> Result<(), ReplayError> {
        let entry = read(record)?;
        self.requests.note(&entry);
        self.register.apply(Arc::new(entry));
        Ok(())
    }
}

/// Reads a record, and checks that its entry has the position of the record.
pub fn read(record: &Record) -> Result<Entry, ReplayError> {
    let position = Position::new(record.position.get());
    let entry = decode(&record.bytes).map_err(|source| ReplayError::Stored { position, source })?;
    if entry.position == position {
        return Ok(entry);
    }
    Err(ReplayError::Misplaced {
        position,
        stated: entry.position,
    })
}

/// A replay by several threads: each folds some of the subjects, and `finish` merges
/// them.
#[derive(Debug)]
pub struct ParallelReplay {
    requests: RequestIndex,
    workers: Vec<FoldWorker>,
    hasher: RandomState,
}

/// A thread that folds some of the subjects.
#[derive(Debug)]
struct FoldWorker {
    waiting: Vec<Arc<Entry>>,
    entries: SyncSender<Vec<Arc<Entry>>>,
    thread: JoinHandle<Register>,
}

/// How many entries a worker receives at a time.
const BATCH_LEN: usize = 512;

/// How many such batches wait for a worker.
const BATCHES_WAITING: usize = 8;

impl ParallelReplay {
    /// Starts as many threads as there are processors, at most eight.
    pub fn start() -> Self {
        let count = std::thread::available_parallelism().map_or(1, |all| all.get().clamp(1, 8));
        Self {
            requests: RequestIndex::default(),
            workers: (0..count).map(|_| FoldWorker::start()).collect(),
            hasher: RandomState::new(),
        }
    }

    pub fn entry(&mut self, entry: Entry) {
        let position = entry.position.get();
        if position.is_multiple_of(PROGRESS_EVERY) {
            tracing::info!(position, "replaying the log");
        }
        self.requests.note(&entry);
        let hash = self.hasher.hash_one(&entry.event.subject);
        let index = usize::try_from(hash % self.workers.len() as u64).unwrap_or(0);
        if let Some(worker) = self.workers.get_mut(index) {
            worker.waiting.push(Arc::new(entry));
            if worker.waiting.len() >= BATCH_LEN {
                worker.send_waiting();
            }
        }
    }

    pub fn finish(self) -> Replay {
        let parts = self.workers.into_iter().map(FoldWorker::finish);
        Replay {
            register: Register::merge_partitions(parts),
            requests: self.requests,
        }
    }
}

impl FoldWorker {
    fn start() -> Self {
        let (entries, received) = sync_channel::<Vec<Arc<Entry>>>(BATCHES_WAITING);
        let thread = std::thread::spawn(move || {
            let mut register = Register::default();
            // From the first correction of a subject on: each correction would fold the
            // subject again.
            let mut corrected = BTreeMap::<SubjectId, Vec<Arc<Entry>>>::new();
            for entry in received.into_iter().flatten() {
                let subject = &entry.event.subject;
                if let Some(entries) = corrected.get_mut(subject) {
                    entries.push(entry);
                } else if matches!(entry.event.kind, Kind::EntryCorrected(_)) {
                    corrected.insert(subject.clone(), vec![entry]);
                } else {
                    register.apply_partition(entry);
                }
            }
            for (subject, entries) in corrected {
                register.apply_rest_of(&subject, entries);
            }
            register
        });
        Self {
            waiting: Vec::new(),
            entries,
            thread,
        }
    }

    fn send_waiting(&mut self) {
        // A worker that does not receive has panicked: `finish` passes the panic on.
        let _ = self.entries.send(std::mem::take(&mut self.waiting));
    }

    fn finish(mut self) -> Register {
        self.send_waiting();
        drop(self.entries);
        match self.thread.join() {
            Ok(register) => register,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}
