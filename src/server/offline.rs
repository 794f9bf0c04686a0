//! Work on a store that no server has open: verify it, copy its log out, restore it,
//! or replace its key.

use std::convert::Infallible;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use uuid::Uuid;

use super::engine;
use crate::archive::verify::{TrustAnchors, VerificationReport, verify_records};
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::merkle::{Frontier, Hash, leaf_hash};
use crate::audit::replacement;
use crate::clock::{Clock, ClockFault, ClockWatch};
use crate::domain::ids::{Position, RequestId, SubjectId};
use crate::error_chain::describe_chain;
use crate::log::{
    self, AppendError, Appender, BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Batch, Limit, OpenError,
    OpenLog, Record,
};
use crate::notary::key::{KeyFileError, KeyFiles};
use crate::notary::{self, CheckpointFile};
use crate::projection::{Replay, ReplayError};
use crate::wire::entry::{EntryEnvelope, encode};
use crate::wire::proto;

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
    /// The key that signed the published checkpoint is missing.
    #[error(
        "checkpoints of this log were signed as {origin}, and that key is not here: put it in \
         its place (notary/checkpoint.key, mode 600), or give it with --key"
    )]
    NoKey { origin: String },
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error(transparent)]
    Read(#[from] log::ReadError),
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The clock cannot date an entry.
    #[error(transparent)]
    Clock(#[from] ClockFault),
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

/// Verifies a store that no server has open.
pub fn verify(
    data: &Path,
    trust: &TrustAnchors,
    mut progress: impl FnMut(u64),
) -> Result<VerificationReport, OfflineError> {
    let engine = engine(data);
    let dir = data.join(notary::DIRECTORY);
    let published = CheckpointFile::new(&dir);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| OfflineError::File { path, source }
    };
    let signed = published.read().map_err(failed(published.path()))?;
    let witnesses = published.witnesses().map_err(failed(&dir))?;
    // A key file that the operator keeps elsewhere is not needed to verify.
    let own = match KeyFiles::new(&dir, None).read()? {
        Some(key) if signed.is_some() => Some(key.verifier()),
        _ => None,
    };
    // These errors are no fault of the stored log.
    let mut unavailable = None;
    let report = verify_records(trust, own, witnesses, signed, |visit| {
        let scanned = engine.verify(&mut |record| {
            let position = record.position.get();
            visit(position, &record.bytes);
            progress(position);
        });
        scanned.map(drop).map_err(|error| {
            let sentence = describe_chain(&error);
            if matches!(error, OpenError::Missing { .. } | OpenError::Locked { .. }) {
                unavailable = Some(error);
            }
            sentence
        })
    });
    match unavailable {
        Some(error) => Err(error.into()),
        None => Ok(report),
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
    pub fn open(data: &Path, key: Option<PathBuf>) -> Result<Self, OfflineError> {
        let mut tree = Frontier::new();
        let hash = |record: Record| leaf_hash(&record.bytes);
        let held = engine(data).hold_existing()?;
        let opened = held.replay(log::Position::ZERO, hash, |hash| {
            tree.push(hash);
            ControlFlow::<Infallible>::Continue(())
        })?;
        let ControlFlow::Continue(log) = opened;
        let dir = data.join(notary::DIRECTORY);
        fs::create_dir_all(&dir).map_err(|source| OfflineError::File {
            path: dir.clone(),
            source,
        })?;
        let key = own_key(&dir, &KeyFiles::new(&dir, key))?;
        let checkpoint = crate::audit::checkpoint::Checkpoint {
            origin: key.name().to_owned(),
            size: tree.size(),
            root: tree.root(),
            extensions: Vec::new(),
        };
        let note = checkpoint.sign(&key);
        Ok(Self {
            log,
            checkpoint: SignedCheckpoint { checkpoint, note },
            key: key.verifier(),
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

/// A store that is being restored. Dropped before it is finished, it is removed
/// again.
pub struct StoreRestore {
    data: PathBuf,
    appender: Box<dyn Appender>,
    tree: Frontier,
    records: Vec<Vec<u8>>,
    bytes: usize,
    is_finished: bool,
}

impl StoreRestore {
    /// Makes a store in an empty or missing directory.
    pub fn open(data: &Path) -> Result<Self, OfflineError> {
        let failed = |source| OfflineError::File {
            path: data.to_owned(),
            source,
        };
        match fs::read_dir(data) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    return Err(OfflineError::NotEmpty(data.to_owned()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let appender = engine(data).hold()?.open()?.appender;
        Ok(Self {
            data: data.to_owned(),
            appender,
            tree: Frontier::new(),
            records: Vec::new(),
            bytes: 0,
            is_finished: false,
        })
    }

    /// Restores the next record.
    pub fn push(&mut self, record: &[u8]) -> Result<(), OfflineError> {
        if self.records.len() >= BATCH_RECORDS_MAX.min(1_000)
            || self.bytes + record.len() > BATCH_BYTES_MAX
        {
            self.flush()?;
        }
        self.tree.push(leaf_hash(record));
        self.bytes += record.len();
        self.records.push(record.to_vec());
        Ok(())
    }

    fn flush(&mut self) -> Result<(), OfflineError> {
        if self.records.is_empty() {
            return Ok(());
        }
        self.bytes = 0;
        let records = std::mem::take(&mut self.records);
        let batch = Batch::new(records).expect("records of a log, within the limits of a batch");
        let tail = self.appender.tail();
        self.appender.append(&batch, tail)?;
        Ok(())
    }

    /// How many records were restored, and their root.
    pub fn head(&self) -> (u64, Hash) {
        (self.tree.size(), self.tree.root())
    }

    /// Completes the store, which continues from the checkpoint.
    pub fn finish(
        mut self,
        signed: &SignedCheckpoint,
        witnesses: &[VerifierKey],
    ) -> Result<(), OfflineError> {
        self.flush()?;
        let dir = self.data.join(notary::DIRECTORY);
        let store_checkpoint = || -> io::Result<()> {
            fs::create_dir_all(&dir)?;
            let published = CheckpointFile::new(&dir);
            published.add_witnesses(witnesses)?;
            published.store(signed)?;
            Ok(())
        };
        store_checkpoint().map_err(|source| OfflineError::File {
            path: dir.clone(),
            source,
        })?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for StoreRestore {
    fn drop(&mut self) {
        if !self.is_finished {
            let _ = fs::remove_dir_all(&self.data);
        }
    }
}

/// The key that signs for a store. One is made only where nothing was signed yet: a
/// new key could not replace the one that others trust.
fn own_key(dir: &Path, files: &KeyFiles) -> Result<SigningKey, OfflineError> {
    let published = CheckpointFile::new(dir);
    let signed = published.read().map_err(|source| OfflineError::File {
        path: published.path().to_owned(),
        source,
    })?;
    if let Some(signed) = signed {
        let origin = signed.checkpoint.origin;
        return match files.read()? {
            Some(key) if key.name() == origin => Ok(key),
            _ => Err(OfflineError::NoKey { origin }),
        };
    }
    Ok(files.open(None)?)
}

/// Replaces the key that signs the checkpoints of a store, and records that in an
/// entry that the old key and the new one sign. Returns the position of the entry.
pub fn rotate(
    data: &Path,
    key: Option<PathBuf>,
    clock: &Clock,
) -> Result<(u64, VerifierKey), OfflineError> {
    let mut replay = Replay::default();
    let mut tree = Frontier::new();
    let held = engine(data).hold_existing()?;
    let opened = held.replay(
        log::Position::ZERO,
        |record| record,
        |record| {
            tree.push(leaf_hash(&record.bytes));
            match replay.record(&record) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error),
            }
        },
    )?;
    let mut log = match opened {
        ControlFlow::Continue(log) => log,
        ControlFlow::Break(error) => return Err(error.into()),
    };
    let dir = data.join(notary::DIRECTORY);
    let files = KeyFiles::new(&dir, key);
    let old = own_key(&dir, &files)?;
    let new = files.prepare(old.name())?;
    let register = &replay.register;
    // Where an earlier attempt recorded the entry, only the file is left to replace.
    let recorded = last_key(register);
    if recorded.as_deref() != Some(new.verifier().to_string().as_str()) {
        let (size, root) = (tree.size(), tree.root());
        let event = proto::Event {
            subject: SubjectId::Register.to_string(),
            kind: Some(proto::event::Kind::CheckpointKeyReplaced(
                proto::CheckpointKeyReplaced {
                    verifier_key: new.verifier().to_string(),
                    statement: replacement::statement(&old, &new, size, root),
                },
            )),
            ..proto::Event::default()
        };
        let last = register.recorded_at();
        let time = ClockWatch::new(clock.clone(), last).date(last)?;
        let stamp = EntryEnvelope {
            position: Position::new(size + 1),
            revision: register.revision(&SubjectId::Register).next(),
            recorded_at: time.recorded_at,
            recorded_by: "register",
            request: RequestId::new(Uuid::now_v7()),
            request_index: 0,
            request_size: 1,
        };
        let record = encode(&stamp, &event);
        let batch = Batch::new(vec![record]).expect("one short record");
        let tail = log.appender.tail();
        log.appender.append(&batch, tail)?;
    }
    files.replace()?;
    Ok((log.appender.tail().get(), new.verifier()))
}

/// The verifier key that the log names last.
pub(super) fn last_key(register: &crate::domain::register::Register) -> Option<String> {
    let subject = register.subject(&SubjectId::Register)?;
    match &subject.kind {
        crate::domain::subject::SubjectKind::Register(keys) => {
            Some(keys.at(Date::MAX)?.verifier_key.to_string())
        }
        _ => None,
    }
}
