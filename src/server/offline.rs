//! Work on a store that no server has open: verify it, copy its log out, restore it,
//! replace its key, or set a keeper.

mod keeper;
mod restore;
mod rotate;
mod who;

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub use self::keeper::{StoredKeeper, keepers, set_keeper};
pub use self::restore::StoreRestore;
pub use self::rotate::{KeyRotation, rotate, rotate_key};
pub use self::who::{readings, told_entries};

use super::engine;
use minutebook_domain::event::Kind;
use minutebook_kernel::archive::verify::{
    StoredTrust, TrustAnchors, VerificationReport, verify_records,
};
use minutebook_kernel::audit::checkpoint::SignedCheckpoint;
use minutebook_kernel::audit::key::VerifierKey;
use minutebook_kernel::audit::merkle::{Hash, leaf_hash};
use minutebook_kernel::clock::ClockFault;
use minutebook_kernel::error_chain::describe_chain;
use minutebook_kernel::log::{self, AppendError, Limit, OpenError, OpenLog, Record};
use minutebook_kernel::notary::key::{KeyFileError, KeyFiles};
use minutebook_kernel::notary::key_command::KeyCommandError;
use minutebook_kernel::notary::{
    self, CheckpointFile, KeyChain, KeyChainError, Notary, NotaryError, NotaryOptions, ReplayedLog,
};
use minutebook_kernel::projection::{self, EntryReadError, Replay, ReplayError};

/// Where the key of a store is.
#[derive(Debug, Clone, Default)]
pub struct StoreKey {
    /// Its file. Default: the one in the directory of the store.
    pub file: Option<PathBuf>,
    /// The program that has it, if it is in no file.
    pub command: Option<PathBuf>,
}

/// Whether there is a store in a folder, as far as that can be seen.
pub fn is_store(folder: &Path) -> bool {
    engine(folder).exists().unwrap_or(false)
}

/// Why work on a store failed.
#[derive(Debug, thiserror::Error)]
pub enum OfflineError {
    /// There is no store, or it cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A restore needs an empty directory, or none.
    #[error("{0} is not empty: restore into a directory that does not exist yet")]
    NotEmpty(PathBuf),
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The program that has the key did not sign.
    #[error(transparent)]
    KeyCommand(#[from] KeyCommandError),
    /// The key that was called lost is there.
    #[error("the key is not lost: {0} holds it; leave out --lost-key")]
    KeyThere(PathBuf),
    #[error(transparent)]
    KeyChain(#[from] KeyChainError),
    /// The key did not sign the checkpoint, or the log is not the signed one.
    #[error(transparent)]
    Notary(#[from] NotaryError),
    #[error(transparent)]
    Read(#[from] log::ReadError),
    /// An entry cannot be read.
    #[error(transparent)]
    Entry(EntryReadError),
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The clock cannot date an entry.
    #[error(transparent)]
    Clock(#[from] ClockFault),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The rules at the door do not take the entry.
    #[error("{0}")]
    Refused(String),
}

/// Verifies a store that no server has open. Reads it, and changes nothing; the private
/// key is not needed.
pub fn verify(
    data: &Path,
    trust: &TrustAnchors,
    mut progress: impl FnMut(u64),
) -> Result<VerificationReport, OfflineError> {
    let engine = engine(data);
    let stored = stored_trust(&data.join(notary::DIRECTORY))?;
    // These errors are no fault of the stored log.
    let mut unavailable = None;
    let report = verify_records(trust, stored, |visit| {
        let scanned = engine.verify(&mut |record| {
            let position = record.position.get();
            visit(position, &record.bytes);
            progress(position);
        });
        scanned.map(drop).map_err(|error| {
            let sentence = describe_chain(&error);
            unavailable = Some(error).filter(|error| !error.is_finding());
            sentence
        })
    });
    match unavailable {
        Some(error) => Err(error.into()),
        None => Ok(report),
    }
}

/// Reads the keys and the checkpoint of a store.
fn stored_trust(dir: &Path) -> Result<StoredTrust, OfflineError> {
    let published = CheckpointFile::new(dir);
    let mut faults = Vec::new();
    let checkpoint = readable(published.read(), published.path(), &mut faults)?;
    let witnesses = readable(published.witnesses(), dir, &mut faults)?;
    let key = readable(published.verifier(), dir, &mut faults)?.flatten();
    Ok(StoredTrust {
        // An earlier version kept the private key alone. It need not be readable.
        key: key.or_else(|| {
            let signing = KeyFiles::new(dir, None).read().ok().flatten();
            signing.map(|key| key.verifier())
        }),
        witnesses: witnesses.unwrap_or_default(),
        checkpoint: checkpoint.flatten(),
        faults,
    })
}

/// The content of a file; `None` and a fault if it is not what it should be.
fn readable<T>(
    read: io::Result<T>,
    path: &Path,
    faults: &mut Vec<String>,
) -> Result<Option<T>, OfflineError> {
    match read {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            faults.push(format!("{}: {error}", path.display()));
            Ok(None)
        }
        Err(source) => Err(OfflineError::File {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The log of a store that no server has open, to be copied out.
pub struct OfflineStore {
    /// Its appender is held, so that no other process writes meanwhile.
    log: OpenLog,
    /// A checkpoint of the whole log, signed when it was opened.
    pub checkpoint: SignedCheckpoint,
    pub key: VerifierKey,
}

impl OfflineStore {
    /// Opens a store, and signs a checkpoint of its whole log.
    pub fn open(data: &Path, key: StoreKey) -> Result<Self, OfflineError> {
        let mut leaves = Vec::new();
        let mut statements = Vec::new();
        let read = |record: Record| (leaf_hash(&record.bytes), projection::read(&record));
        let held = engine(data).hold_existing()?;
        let opened = held.replay(log::Position::ZERO, read, |(leaf, entry)| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return ControlFlow::Break(error),
            };
            leaves.push(leaf);
            if let Kind::CheckpointKeyReplaced(replaced) = &entry.event.kind {
                statements.push(replaced.statement.to_string());
            }
            ControlFlow::Continue(())
        })?;
        let log = match opened {
            ControlFlow::Continue(log) => log,
            ControlFlow::Break(error) => return Err(error.into()),
        };
        let keys = KeyChain::of(statements.iter().map(String::as_str))?;
        let notary = open_notary(data, key, &log, keys, leaves)?;
        Ok(Self {
            log,
            checkpoint: notary.head_checkpoint()?,
            key: notary.verifier(),
        })
    }

    /// Shows every record after a position, in order, until `visit` returns an error.
    pub fn records<E: From<log::ReadError>>(
        &self,
        after: u64,
        mut visit: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut next = after + 1;
        loop {
            let records = self
                .log
                .reader
                .read(log::Position::new(next), Limit::PAGE)?;
            if records.is_empty() {
                return Ok(());
            }
            for record in &records {
                visit(&record.bytes)?;
                next += 1;
            }
        }
    }
}

/// Opens the log of a store that no server has open, and folds it; `visit` sees each
/// record.
fn open_replayed(
    data: &Path,
    mut visit: impl FnMut(&Record),
) -> Result<(OpenLog, Replay), OfflineError> {
    let mut replay = Replay::default();
    let held = engine(data).hold_existing()?;
    let opened = held.replay(
        log::Position::ZERO,
        |record| record,
        |record| {
            visit(&record);
            match replay.record(&record) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error),
            }
        },
    )?;
    match opened {
        ControlFlow::Continue(log) => Ok((log, replay)),
        ControlFlow::Break(error) => Err(error.into()),
    }
}

/// Opens the notary of a store that no server has open: so its key, its log and its
/// checkpoint are compared with each other before anything is signed.
fn open_notary(
    data: &Path,
    key: StoreKey,
    log: &OpenLog,
    keys: KeyChain,
    leaves: Vec<Hash>,
) -> Result<Notary, OfflineError> {
    let options = NotaryOptions {
        dir: data.join(notary::DIRECTORY),
        key: key.file,
        key_command: key.command,
        origin: None,
        witnesses: Vec::new(),
    };
    let replayed = ReplayedLog {
        keys,
        snapshots: None,
        leaves,
    };
    Ok(Notary::open(options, &replayed, &*log.reader)?)
}
