//! The replacement of the key that signs the checkpoints of a store.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::identity::{SigningIdentity, examine};
use super::{OfflineError, last_key};
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::replacement;
use crate::clock::Clock;
use crate::domain::ids::{Position, RequestId, SubjectId};
use crate::log::{self, Batch};
use crate::notary::key::KeyFiles;
use crate::notary::{self, CheckpointFile};
use crate::projection::Replay;
use crate::server::engine;
use crate::wire::entry::{EntryEnvelope, encode};
use crate::wire::proto;

/// Replaces the key that signs the checkpoints of a store, and records that in an
/// entry that the old key and the new one sign. Returns the position of the entry.
pub fn rotate(
    data: &Path,
    key: Option<PathBuf>,
    clock: &Clock,
) -> Result<(u64, VerifierKey), OfflineError> {
    let mut replay = Replay::default();
    let dir = data.join(notary::DIRECTORY);
    let held = engine(data).hold_existing()?;
    let mut identity = SigningIdentity::read(&dir)?;
    let opened = held.replay(
        log::Position::ZERO,
        |record| record,
        |record| {
            identity.push(examine(&record));
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
    let files = KeyFiles::new(&dir, key);
    let register = &replay.register;
    // Where an earlier attempt recorded the entry, only the file is left to replace.
    let recorded = last_key(register);
    let is_recorded = |key: &SigningKey| recorded == Some(key.verifier().to_string());
    let (old, new) = match files.prepared()?.filter(is_recorded) {
        Some(new) => (None, new),
        None => {
            let old = identity.signing_key(&files)?;
            let new = files.prepare(old.name())?;
            (Some(old), new)
        }
    };
    if let Some(old) = old {
        let (size, root) = (identity.tree().size(), identity.tree().root());
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
        let now = clock.now();
        let stamp = EntryEnvelope {
            position: Position::new(size + 1),
            revision: register.revision(&SubjectId::Register).next(),
            recorded_at: register.recorded_at().map_or(now, |at| at.max(now)),
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
    let published = CheckpointFile::new(&dir);
    published
        .store_verifier(&new.verifier())
        .map_err(|source| OfflineError::File { path: dir, source })?;
    Ok((log.appender.tail().get(), new.verifier()))
}
