//! Work on a store that no server has open: verify it, copy its log out, restore it,
//! or replace its key.

mod identity;
mod restore;
mod rotate;

use std::convert::Infallible;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

pub use self::restore::StoreRestore;
pub use self::rotate::rotate;

use self::identity::{SigningIdentity, examine};
use super::engine;
use crate::archive::verify::{StoredTrust, TrustAnchors, VerificationReport, verify_records};
use crate::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::audit::key::VerifierKey;
use crate::domain::ids::SubjectId;
use crate::error_chain::describe_chain;
use crate::log::{self, AppendError, Limit, OpenError, OpenLog};
use crate::notary::key::{KeyFileError, KeyFiles};
use crate::notary::{self, CheckpointFile};
use crate::projection::ReplayError;

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
    /// There are entries, and no key.
    #[error(
        "the log has entries, and its signing key is not here: put it in its place \
         (notary/checkpoint.key, mode 600), or give it with --key"
    )]
    NoKeyForEntries,
    /// The key did not sign the published checkpoint, and does not follow from the one
    /// that did.
    #[error(
        "the key here is {key}, and the published checkpoint is not signed by it ({why}): nothing \
         is signed, because a signature would vouch for a log that somebody else signed; put back \
         the key and the checkpoint that belong together"
    )]
    OtherKey { key: String, why: String },
    /// The log is not the one that was signed.
    #[error(
        "the log is not the one whose checkpoint was published: {what}; nothing is signed. Restore \
         the log from an export with `minutebook audit restore`"
    )]
    OtherLog { what: String },
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error(transparent)]
    Read(#[from] log::ReadError),
    #[error(transparent)]
    Append(#[from] AppendError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
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
    pub fn open(data: &Path, key: Option<PathBuf>) -> Result<Self, OfflineError> {
        let dir = data.join(notary::DIRECTORY);
        let held = engine(data).hold_existing()?;
        let mut identity = SigningIdentity::read(&dir)?;
        let opened = held.replay(
            log::Position::ZERO,
            |record| examine(&record),
            |examined| {
                identity.push(examined);
                ControlFlow::<Infallible>::Continue(())
            },
        )?;
        let ControlFlow::Continue(log) = opened;
        fs::create_dir_all(&dir).map_err(|source| OfflineError::File {
            path: dir.clone(),
            source,
        })?;
        let key = identity.signing_key(&KeyFiles::new(&dir, key))?;
        let tree = identity.tree();
        let checkpoint = Checkpoint {
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
