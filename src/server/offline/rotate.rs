//! The replacement of the key that signs the checkpoints of a store.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{OfflineError, StoreKey, open_notary, open_replayed};
use crate::log_keys::key_chain;
use minutebook_domain::entry::RecordedCaller;
use minutebook_domain::ids::{Position, RequestId, SubjectId};
use minutebook_grpc::wire::entry::{EntryEnvelope, encode};
use minutebook_grpc::wire::proto;
use minutebook_kernel::audit::key::{SigningKey, VerifierKey};
use minutebook_kernel::audit::merkle::{Frontier, Hash, leaf_hash};
use minutebook_kernel::audit::note::Note;
use minutebook_kernel::audit::replacement;
use minutebook_kernel::clock::{Clock, ClockWatch};
use minutebook_kernel::log::Batch;
use minutebook_kernel::notary::key::KeyFiles;
use minutebook_kernel::notary::key_command::KeyCommand;
use minutebook_kernel::notary::{self, CheckpointFile, CheckpointSigner, KeyChain, NotaryError};

/// How a key is replaced.
#[derive(Debug, Default)]
pub struct KeyRotation {
    /// Where the present key is, and where the file of a new one goes.
    pub key: StoreKey,
    /// The program that has the new key. Default: one is made, in a file.
    pub new_command: Option<PathBuf>,
    /// The present key, if it is lost for good.
    pub lost: Option<VerifierKey>,
}

/// The key that is replaced.
enum OldKey {
    Signs(CheckpointSigner),
    Lost(VerifierKey),
}

impl OldKey {
    fn verifier(&self) -> VerifierKey {
        match self {
            Self::Signs(signer) => signer.verifier(),
            Self::Lost(key) => key.clone(),
        }
    }

    /// The event by which a new key replaces this one, in a log of this size and root.
    fn replaced_by(
        &self,
        new: &CheckpointSigner,
        size: u64,
        root: Hash,
    ) -> Result<proto::Event, OfflineError> {
        let (old, verifier) = (self.verifier(), new.verifier());
        let statement = match self {
            Self::Signs(signer) => {
                let statement = replacement::unsigned(&old, &verifier, size, root);
                let mut note = Note::new(statement.to_string());
                signer.sign(&mut note)?;
                new.sign(&mut note)?;
                note
            }
            Self::Lost(_) => {
                let statement = replacement::unsigned_lost(&old, &verifier, size, root);
                let mut note = Note::new(statement.to_string());
                new.sign(&mut note)?;
                note
            }
        };
        let replaced = proto::CheckpointKeyReplaced {
            verifier_key: verifier.to_string(),
            statement: statement.to_string(),
        };
        Ok(proto::Event {
            subject: SubjectId::Register.to_string(),
            kind: Some(proto::event::Kind::CheckpointKeyReplaced(replaced)),
            ..proto::Event::default()
        })
    }
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

/// Replaces a key in a file by another: see [`rotate_key`].
pub fn rotate(
    data: &Path,
    key: Option<PathBuf>,
    lost: Option<VerifierKey>,
    clock: &Clock,
) -> Result<(u64, VerifierKey), OfflineError> {
    let rotation = KeyRotation {
        key: StoreKey {
            file: key,
            command: None,
        },
        new_command: None,
        lost,
    };
    rotate_key(data, rotation, clock)
}

/// Replaces the key that signs the checkpoints of a store, and records that in an
/// entry that the old key and the new one sign; where the old key is lost, only the new
/// one. Returns the position of the entry.
pub fn rotate_key(
    data: &Path,
    rotation: KeyRotation,
    clock: &Clock,
) -> Result<(u64, VerifierKey), OfflineError> {
    let KeyRotation {
        key,
        new_command,
        lost,
    } = rotation;
    let mut leaves = Vec::new();
    let (mut log, replay) = open_replayed(data, |record| leaves.push(leaf_hash(&record.bytes)))?;
    let register = &replay.register;
    let chain = key_chain(register)?;
    let dir = data.join(notary::DIRECTORY);
    let files = KeyFiles::new(&dir, key.file.clone());
    let is_recorded = |key: &SigningKey| chain.last() == Some(&key.verifier());
    let new = match files.prepared()?.filter(is_recorded) {
        // An earlier attempt recorded the entry, and only the file is left to replace.
        Some(new) => new.verifier(),
        None => {
            let size = leaves.len() as u64;
            let (root, old) = match lost {
                Some(lost) => {
                    if key.command.is_none() && files.read()?.is_some() {
                        return Err(OfflineError::KeyThere(files.path().to_owned()));
                    }
                    let root = check_lost_key(data, &chain, &lost, &leaves)?;
                    (root, OldKey::Lost(lost))
                }
                None => {
                    let notary = open_notary(data, key, &log, chain.clone(), leaves)?;
                    let (_, root) = notary.tree().head();
                    (root, OldKey::Signs(notary.signer().clone()))
                }
            };
            let name = old.verifier().name().to_owned();
            let new = match &new_command {
                Some(program) => CheckpointSigner::Command(KeyCommand::open(program, &name)?),
                None => CheckpointSigner::Key(files.prepare(&name)?),
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
                caller: &RecordedCaller::Local,
                salt: None,
            };
            let record = encode(&stamp, &old.replaced_by(&new, size, root)?);
            let batch = Batch::new(vec![record]).expect("one short record");
            let tail = log.appender.tail();
            log.appender.append(&batch, tail)?;
            new.verifier()
        }
    };
    // A key that a program has is in no file. The old file, if there is one, stays.
    if new_command.is_none() {
        files.replace()?;
    }
    let published = CheckpointFile::new(&dir);
    let stored = published.store_verifier(&new);
    stored.map_err(|source| OfflineError::File { path: dir, source })?;
    Ok((log.appender.tail().get(), new))
}
