//! The replacement of the key that signs the checkpoints of a store.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{OfflineError, open_notary, open_replayed};
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::merkle::{Frontier, Hash, leaf_hash};
use crate::audit::replacement;
use crate::clock::{Clock, ClockWatch};
use crate::domain::entry::RecordedCaller;
use crate::domain::ids::{Position, RequestId, SubjectId};
use crate::log::Batch;
use crate::notary::key::KeyFiles;
use crate::notary::{self, CheckpointFile, KeyChain, NotaryError};
use crate::server::log_keys::key_chain;
use crate::wire::entry::{EntryEnvelope, encode};
use crate::wire::proto;

/// The key that is replaced.
enum OldKey {
    Signs(SigningKey),
    Lost(VerifierKey),
}

impl OldKey {
    fn name(&self) -> &str {
        match self {
            Self::Signs(key) => key.name(),
            Self::Lost(key) => key.name(),
        }
    }

    /// The event by which a new key replaces this one, in a log of this size and root.
    fn replaced_by(&self, new: &SigningKey, size: u64, root: Hash) -> proto::Event {
        let replaced = proto::CheckpointKeyReplaced {
            verifier_key: new.verifier().to_string(),
            statement: match self {
                Self::Signs(old) => replacement::statement(old, new, size, root),
                Self::Lost(old) => replacement::lost_statement(old, new, size, root),
            },
        };
        proto::Event {
            subject: SubjectId::Register.to_string(),
            kind: Some(proto::event::Kind::CheckpointKeyReplaced(replaced)),
            ..proto::Event::default()
        }
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

/// Replaces the key that signs the checkpoints of a store, and records that in an
/// entry that the old key and the new one sign; where the old key is lost, only the new
/// one. Returns the position of the entry.
pub fn rotate(
    data: &Path,
    key: Option<PathBuf>,
    lost: Option<VerifierKey>,
    clock: &Clock,
) -> Result<(u64, VerifierKey), OfflineError> {
    let mut leaves = Vec::new();
    let (mut log, replay) = open_replayed(data, |record| leaves.push(leaf_hash(&record.bytes)))?;
    let register = &replay.register;
    let chain = key_chain(register)?;
    let dir = data.join(notary::DIRECTORY);
    let files = KeyFiles::new(&dir, key.clone());
    let is_recorded = |key: &SigningKey| chain.last() == Some(&key.verifier());
    let new = match files.prepared()?.filter(is_recorded) {
        // An earlier attempt recorded the entry, and only the file is left to replace.
        Some(new) => new,
        None => {
            let size = leaves.len() as u64;
            let (root, old) = match lost {
                Some(lost) => {
                    if files.read()?.is_some() {
                        return Err(OfflineError::KeyThere(files.path().to_owned()));
                    }
                    let root = check_lost_key(data, &chain, &lost, &leaves)?;
                    (root, OldKey::Lost(lost))
                }
                None => {
                    let notary = open_notary(data, key, &log, chain.clone(), leaves)?;
                    let (_, root) = notary.tree().head();
                    (root, OldKey::Signs(notary.key().clone()))
                }
            };
            let new = files.prepare(old.name())?;
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
            let record = encode(&stamp, &old.replaced_by(&new, size, root));
            let batch = Batch::new(vec![record]).expect("one short record");
            let tail = log.appender.tail();
            log.appender.append(&batch, tail)?;
            new
        }
    };
    files.replace()?;
    let published = CheckpointFile::new(&dir);
    let stored = published.store_verifier(&new.verifier());
    stored.map_err(|source| OfflineError::File { path: dir, source })?;
    Ok((log.appender.tail().get(), new.verifier()))
}
