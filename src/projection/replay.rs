//! Reading the log from its first entry when the server starts.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::request_index::RequestIndex;
use crate::domain::entry::Entry;
use crate::domain::ids::Position;
use crate::domain::register::Register;
use crate::log::{self, Limit, ReadError, Reader, Record};
use crate::wire::entry::{EntryDecodeError, decode};

/// How often progress is told, in entries.
const PROGRESS_EVERY: u64 = 100_000;

/// What the entries read so far leave behind.
#[derive(Debug, Default)]
pub struct Replay {
    /// The register folded from them.
    pub register: Register,
    /// The requests that brought them.
    pub requests: RequestIndex,
}

/// Why the log cannot be replayed. Nothing is ever skipped: the server does not
/// start on a register that lacks an entry.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// An entry that this program cannot read.
    #[error("the entry at position {position} cannot be read")]
    Stored {
        /// Where it is.
        position: Position,
        /// Why.
        source: EntryDecodeError,
    },
    /// An entry that says it belongs elsewhere.
    #[error(
        "the entry at position {position} says that it is at position {says}: the log was put \
         together from other logs; restore it from a backup, or from an export with `minutebook \
         audit restore`"
    )]
    Misplaced {
        /// Where it is.
        position: Position,
        /// Where it says it is.
        says: Position,
    },
    /// The log would not be read.
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

    /// Folds the next record.
    pub fn record(&mut self, record: &Record) -> Result<(), ReplayError> {
        let entry = read(record)?;
        self.requests.note(&entry);
        self.register.apply(Arc::new(entry));
        Ok(())
    }
}

/// Reads a record. Records that follow one another give entries that do.
pub fn read(record: &Record) -> Result<Entry, ReplayError> {
    let position = Position::new(record.position.get());
    let entry = decode(&record.bytes).map_err(|source| ReplayError::Stored { position, source })?;
    if entry.position == position {
        return Ok(entry);
    }
    Err(ReplayError::Misplaced {
        position,
        says: entry.position,
    })
}

/// A replay by several threads: subjects are folded apart and joined at the end.
#[derive(Debug)]
pub struct ParallelReplay {
    requests: RequestIndex,
    folders: Vec<FoldWorker>,
    hasher: RandomState,
}

/// A thread that folds some of the subjects.
#[derive(Debug)]
struct FoldWorker {
    waiting: Vec<Arc<Entry>>,
    entries: SyncSender<Vec<Arc<Entry>>>,
    thread: JoinHandle<Register>,
}

/// How many entries a folder is handed at a time.
const FOLDED_AT_ONCE: usize = 512;

/// How many such handfuls wait for a folder.
const HANDFULS: usize = 8;

impl ParallelReplay {
    /// A folding by as many threads as there are processors.
    pub fn start() -> Self {
        let count = std::thread::available_parallelism().map_or(1, |all| all.get().clamp(1, 8));
        Self {
            requests: RequestIndex::default(),
            folders: (0..count).map(|_| FoldWorker::start()).collect(),
            hasher: RandomState::new(),
        }
    }

    /// Folds the next entry.
    pub fn entry(&mut self, entry: Entry) {
        let position = entry.position.get();
        if position.is_multiple_of(PROGRESS_EVERY) {
            tracing::info!(position, "replaying the log");
        }
        self.requests.note(&entry);
        let hash = self.hasher.hash_one(&entry.event.subject);
        let index = usize::try_from(hash % self.folders.len() as u64).unwrap_or(0);
        if let Some(folder) = self.folders.get_mut(index) {
            folder.waiting.push(Arc::new(entry));
            if folder.waiting.len() >= FOLDED_AT_ONCE {
                folder.send_waiting();
            }
        }
    }

    /// What was folded.
    pub fn finish(self) -> Replay {
        let parts = self.folders.into_iter().map(FoldWorker::finish);
        Replay {
            register: Register::merge_partitions(parts),
            requests: self.requests,
        }
    }
}

impl FoldWorker {
    fn start() -> Self {
        let (entries, handed) = sync_channel::<Vec<Arc<Entry>>>(HANDFULS);
        let thread = std::thread::spawn(move || {
            let mut register = Register::default();
            for entry in handed.into_iter().flatten() {
                register.apply_partition(entry);
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
        // A folder that does not listen has panicked: `finish` says so.
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
