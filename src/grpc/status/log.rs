//! The log, or the tree over it, cannot be read or was altered.

use tonic::Status;

use super::builder::StatusBuilder;
use super::{RETRY_LATER, Reason};
use crate::wire::entry::EntryDecodeError;
use minutebook_kernel::log::ReadError;
use minutebook_kernel::notary::tree::TreeError;
use minutebook_kernel::notary::{LogProof, PublishError};
use minutebook_kernel::projection::EntryReadError;

/// An entry that is in the register and cannot be read back.
pub fn log_unreadable(error: &EntryReadError) -> Status {
    let (reason, position) = match error {
        EntryReadError::Read(ReadError::Damaged { position, .. }) => {
            (Reason::LogDamaged, Some(position.get()))
        }
        EntryReadError::Read(ReadError::Storage { position, .. }) => {
            (Reason::LogUnreadable, Some(position.get()))
        }
        EntryReadError::Stored(EntryDecodeError::NotAnEntry) => (Reason::LogDamaged, None),
        EntryReadError::Stored(
            EntryDecodeError::UnknownKind { position }
            | EntryDecodeError::UnknownFields { position }
            | EntryDecodeError::Invalid { position, .. },
        )
        | EntryReadError::Missing { position } => (Reason::LogDamaged, Some(position.get())),
    };
    tracing::error!(%error, "the log could not be read");
    let answer = StatusBuilder::new(reason, error.to_string());
    match position {
        Some(position) => answer.fact("position", position).status(),
        None => answer.status(),
    }
}

pub fn checkpoint_not_kept(error: &PublishError) -> Status {
    tracing::error!(%error, "no checkpoint is published");
    match error {
        PublishError::Altered(error) => tree_error(error),
        PublishError::Unproven => super::unproven(&LogProof::Comparing),
        PublishError::Io(_) | PublishError::Sign(_) => {
            let mut answer = StatusBuilder::new(Reason::CheckpointNotKept, error.to_string());
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
    }
}

/// A proof that cannot be made.
pub fn tree_error(error: &TreeError) -> Status {
    let reason = match error {
        TreeError::NoProof(_) => Reason::NoSuchProof,
        TreeError::Read(_) | TreeError::Altered { .. } => Reason::LogDamaged,
        TreeError::Hashes(_) => Reason::HashesUnreadable,
    };
    if !matches!(error, TreeError::NoProof(_)) {
        tracing::error!(%error, "a proof could not be made");
    }
    StatusBuilder::new(reason, error.to_string()).status()
}
