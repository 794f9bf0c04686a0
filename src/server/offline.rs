//! Work on a store that no server has open: verify it, copy its log out, restore it,
//! or replace its key.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::engine;
use super::log_keys::key_chain;
use crate::archive::verify::{TrustAnchors, VerificationReport, verify_records};
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::merkle::{Frontier, Hash, leaf_hash};
use crate::audit::replacement;
use crate::clock::{Clock, ClockFault, ClockWatch};
use crate::domain::event::Kind;
use crate::domain::ids::{Position, RequestId, SubjectId};
use crate::error_chain::describe_chain;
use crate::log::{
    self, AppendError, Appender, BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Batch, Limit, OpenError,
    OpenLog, Record,
};
use crate::notary::key::{KeyFileError, KeyFiles};
use crate::notary::{
    self, CheckpointFile, KeyChain, KeyChainError, Notary, NotaryError, NotaryOptions, ReplayedLog,
};
use crate::projection::{self, Replay, ReplayError};
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
    #[error(transparent)]
    Key(#[from] KeyFileError),
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
            checkpoint: notary.sign_head(),
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

/// Opens the notary of a store that no server has open: so its key, its log and its
/// checkpoint are compared with each other before anything is signed.
fn open_notary(
    data: &Path,
    key: Option<PathBuf>,
    log: &OpenLog,
    keys: KeyChain,
    leaves: Vec<Hash>,
) -> Result<Notary, OfflineError> {
    let options = NotaryOptions {
        dir: data.join(notary::DIRECTORY),
        key,
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

/// The key that is replaced.
enum OldKey {
    Signs(SigningKey),
    Lost(VerifierKey),
}

/// Requires that the lost key signed the published checkpoint, and that the log begins
/// with the signed entries. Returns the root of the log.
fn check_lost_key(
    data: &Path,
    chain: &KeyChain,
    lost: &VerifierKey,
    leaves: &[Hash],
) -> Result<Hash, OfflineError> {
    if let Some(named) = chain.last().filter(|named| *named != lost) {
        return Err(OfflineError::Notary(NotaryError::OtherKey {
            named: named.to_string(),
            key: lost.to_string(),
        }));
    }
    let published = CheckpointFile::new(&data.join(notary::DIRECTORY));
    let signed = published.read().map_err(|source| OfflineError::File {
        path: published.path().to_owned(),
        source,
    })?;
    if let Some(signed) = &signed
        && !chain.has_signed(lost, signed)
    {
        return Err(OfflineError::Notary(NotaryError::NotSigned {
            path: published.path().to_owned(),
            key: lost.to_string(),
        }));
    }
    let mut tree = Frontier::new();
    let mut is_signed_log = signed
        .as_ref()
        .is_none_or(|signed| signed.checkpoint.size == 0);
    for leaf in leaves {
        tree.push(*leaf);
        if let Some(signed) = &signed
            && signed.checkpoint.size == tree.size()
        {
            is_signed_log = signed.checkpoint.root == tree.root();
        }
    }
    if !is_signed_log {
        return Err(OfflineError::Notary(NotaryError::Broken {
            what: "it does not begin with the entries that were signed".to_owned(),
            path: published.path().to_owned(),
        }));
    }
    Ok(tree.root())
}

/// Replaces the key that signs the checkpoints of a store, and records that in an
/// entry that the old key and the new one sign; where the old key is lost, only the new
/// one. Returns the position of the entry.
pub fn rotate(
    data: &Path,
    key: Option<PathBuf>,
    lost: Option<VerifierKey>,
    clock: &Clock,
) -> Result<(u64, VerifierKey), OfflineError> {
    let mut replay = Replay::default();
    let mut leaves = Vec::new();
    let held = engine(data).hold_existing()?;
    let opened = held.replay(
        log::Position::ZERO,
        |record| record,
        |record| {
            leaves.push(leaf_hash(&record.bytes));
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
    let register = &replay.register;
    let chain = key_chain(register)?;
    let files = KeyFiles::new(&data.join(notary::DIRECTORY), key.clone());
    let size = leaves.len() as u64;
    let (root, old) = match lost {
        Some(lost) => {
            if files.read()?.is_some() {
                return Err(OfflineError::KeyThere(files.path().to_owned()));
            }
            let signed = check_lost_key(data, &chain, &lost, &leaves)?;
            (signed, OldKey::Lost(lost))
        }
        None => {
            let notary = open_notary(data, key, &log, chain.clone(), leaves)?;
            let (_, root) = notary.tree().head();
            (root, OldKey::Signs(notary.key().clone()))
        }
    };
    let new = files.prepare(match &old {
        OldKey::Signs(old) => old.name(),
        OldKey::Lost(old) => old.name(),
    })?;
    // Where an earlier attempt recorded the entry, only the file is left to replace.
    if chain.last() != Some(&new.verifier()) {
        let event = proto::Event {
            subject: SubjectId::Register.to_string(),
            kind: Some(proto::event::Kind::CheckpointKeyReplaced(
                proto::CheckpointKeyReplaced {
                    verifier_key: new.verifier().to_string(),
                    statement: match &old {
                        OldKey::Signs(old) => replacement::statement(old, &new, size, root),
                        OldKey::Lost(old) => replacement::lost_statement(old, &new, size, root),
                    },
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
