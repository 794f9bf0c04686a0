//! Answers that prove: checkpoints, inclusion and consistency proofs.

use std::sync::Arc;

use tonic::Status;

use super::withheld::readable;
use crate::status;
use crate::wire::entry::message;
use crate::wire::proto::{
    GetCheckpointResponse, GetConsistencyProofRequest, GetConsistencyProofResponse,
    GetInclusionProofRequest, GetInclusionProofResponse,
};
use minutebook_domain::ids::Position;
use minutebook_domain::register::Register;
use minutebook_kernel::audit::checkpoint::SignedCheckpoint;
use minutebook_kernel::audit::merkle::Hash;
use minutebook_kernel::blocking::run_blocking;
use minutebook_kernel::log::{self, Limit, Record};
use minutebook_kernel::notary::Notary;
use minutebook_kernel::notary::tree::TreeError;
use minutebook_kernel::projection::{
    ClearedProjection, PinnedViewError, PositionNotReached, WAIT_MAX,
};

/// A checkpoint that covers a position: the last published one, or a new one.
pub(super) async fn checkpoint(
    notary: &Notary,
    at_least: Position,
) -> Result<Arc<SignedCheckpoint>, Status> {
    if let Some(latest) = notary.latest()
        && latest.checkpoint.size >= at_least.get()
    {
        return Ok(latest);
    }
    let mut sizes = notary.tree().sizes();
    let reached = sizes.wait_for(|size| *size >= at_least.get());
    match tokio::time::timeout(WAIT_MAX, reached).await {
        Ok(Ok(_)) => {}
        Ok(Err(_)) | Err(_) => {
            let not_reached = PositionNotReached {
                asked: at_least,
                tail: Position::new(notary.tree().size()),
            };
            return Err(status::pinned_view(PinnedViewError::NotReached(
                not_reached,
            )));
        }
    }
    let published = notary.publish().await;
    published.map_err(|error| status::checkpoint_not_kept(&error))
}

pub(super) fn published(notary: &Notary, signed: &SignedCheckpoint) -> GetCheckpointResponse {
    GetCheckpointResponse {
        checkpoint: signed.note.to_string(),
        tree_size: signed.checkpoint.size,
        root: bytes(&signed.checkpoint.root),
        verifier_key: notary.verifier().to_string(),
        witness_keys: notary
            .witnesses_of(signed)
            .iter()
            .map(ToString::to_string)
            .collect(),
    }
}

/// Proves that an entry is in the log.
pub(super) async fn inclusion(
    notary: &Notary,
    cleared: &ClearedProjection,
    request: &GetInclusionProofRequest,
) -> Result<GetInclusionProofResponse, Status> {
    let (position, size) = (request.position, request.tree_size);
    let reader = cleared.projection().reader();
    if position == 0 {
        return Err(status::invalid_field(
            "position",
            "an entry's position is required, counted from 1".to_owned(),
        ));
    }
    let tail = reader.tail().get();
    if position > tail.max(size) || (size != 0 && position > size) {
        let size = if size == 0 { tail } else { size };
        return Err(status::invalid_field(
            "position",
            format!("a log of {size} entries has no entry {position}: ask for one of those"),
        ));
    }
    let signed = checkpoint(notary, Position::new(position)).await?;
    let size = tree_size(notary, "tree_size", size, &signed)?;
    let (notary, reader) = (notary.clone(), Arc::clone(reader));
    let register = cleared.register().await;
    prove(move || {
        let tree = notary.tree();
        let records = reader.read(log::Position::new(position), ONE_RECORD)?;
        let record = records.first().filter(|record| may_read(&register, record));
        let record = record.map(|record| record.bytes.to_vec());
        Ok(GetInclusionProofResponse {
            leaf_index: position - 1,
            tree_size: size,
            leaf_hash: bytes(&tree.leaf(position)?),
            hashes: tree.inclusion(position, size)?.iter().map(bytes).collect(),
            root: bytes(&tree.root(size)?),
            record: record.unwrap_or_default(),
            checkpoint: note_of_size(&signed, size),
        })
    })
    .await
}

/// Whether a register that its caller may read has the entry of a record.
fn may_read(register: &Register, record: &Record) -> bool {
    if !register.withholds() {
        return true;
    }
    message(&record.bytes).is_ok_and(|stored| readable(register, &stored).is_some())
}

/// Proves that the log only grew.
pub(super) async fn consistency(
    notary: &Notary,
    request: &GetConsistencyProofRequest,
) -> Result<GetConsistencyProofResponse, Status> {
    let (from, to) = (request.from_size, request.to_size);
    let signed = checkpoint(notary, Position::ZERO).await?;
    let to = tree_size(notary, "to_size", to, &signed)?;
    if from > to {
        return Err(status::invalid_field(
            "from_size",
            format!(
                "a log of {to} entries does not begin with one of {from}: the earlier size comes first"
            ),
        ));
    }
    let notary = notary.clone();
    prove(move || {
        let tree = notary.tree();
        Ok(GetConsistencyProofResponse {
            from_size: from,
            to_size: to,
            hashes: tree.consistency(from, to)?.iter().map(bytes).collect(),
            from_root: bytes(&tree.root(from)?),
            to_root: bytes(&tree.root(to)?),
            checkpoint: note_of_size(&signed, to),
        })
    })
    .await
}

/// The size of the tree to prove: the given one, or by default that of the
/// checkpoint.
fn tree_size(
    notary: &Notary,
    field: &str,
    size: u64,
    signed: &SignedCheckpoint,
) -> Result<u64, Status> {
    let entries = notary.tree().size();
    match size {
        0 => Ok(signed.checkpoint.size),
        size if size <= entries => Ok(size),
        size => Err(status::invalid_field(
            field,
            format!(
                "the log has {entries} entries, so there is no tree of {size}: ask for a smaller one"
            ),
        )),
    }
}

/// The text of the checkpoint, if it is of that size.
fn note_of_size(signed: &SignedCheckpoint, size: u64) -> String {
    if signed.checkpoint.size == size {
        signed.note.to_string()
    } else {
        String::new()
    }
}

/// One record, however long: a reader always returns at least one.
const ONE_RECORD: Limit = Limit {
    records: 1,
    bytes: 1,
};

fn bytes(hash: &Hash) -> Vec<u8> {
    hash.as_bytes().to_vec()
}

/// Reads the tree and the log where it may wait for the disk.
async fn prove<T: Send + 'static>(
    proof: impl FnOnce() -> Result<T, TreeError> + Send + 'static,
) -> Result<T, Status> {
    let proof = run_blocking(proof).await;
    let proof = proof.map_err(|_| status::internal())?;
    proof.map_err(|error| status::tree_error(&error))
}
