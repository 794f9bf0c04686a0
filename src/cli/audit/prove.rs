//! `minutebook audit prove`: that an entry is in the log, as a C2SP tlog-proof.

use clap::Args;

use super::checkpoint::NoteFormat;
use crate::client::Client;
use crate::dates;
use crate::failure::Failure;
use crate::screen::Screen;
use minutebook_grpc::wire::proto::{GetInclusionProofRequest, GetInclusionProofResponse};
use minutebook_kernel::audit::checkpoint::SignedCheckpoint;
use minutebook_kernel::audit::merkle::{Hash, leaf_hash};
use minutebook_kernel::audit::proof::verify_inclusion;
use minutebook_kernel::audit::proof_file::proof_file;
use minutebook_present::json;

/// `audit prove`.
#[derive(Debug, Args)]
pub struct ProveArgs {
    /// The entry
    #[arg(value_name = "POSITION", value_parser = dates::parse_position)]
    position: u64,

    /// How to write the proof: note is a C2SP tlog-proof
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: NoteFormat,
}

/// Asks for a proof, checks it and prints it.
pub async fn run(args: &ProveArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let request = GetInclusionProofRequest {
        position: args.position,
        tree_size: 0,
    };
    let answer = client.audit().get_inclusion_proof(request).await?;
    let answer = answer.into_inner();
    check(&answer).map_err(|why| {
        Failure::Broken(format!(
            "The server's proof of entry {} proves nothing: {why}.",
            args.position
        ))
    })?;
    if args.format == NoteFormat::Json {
        return screen.line(&json::render(&answer));
    }
    let hashes = hashes(&answer.hashes).unwrap_or_default();
    screen.verbatim(&proof_file(answer.leaf_index, &hashes, &answer.checkpoint))
}

fn hashes(bytes: &[Vec<u8>]) -> Option<Vec<Hash>> {
    let hashes = bytes.iter().map(|hash| hash.as_slice().try_into());
    let hashes: Result<Vec<[u8; 32]>, _> = hashes.collect();
    Some(hashes.ok()?.into_iter().map(Hash::from_bytes).collect())
}

/// Whether the record, the hashes and the checkpoint are of one log.
fn check(answer: &GetInclusionProofResponse) -> Result<(), String> {
    let signed = SignedCheckpoint::parse(&answer.checkpoint).map_err(|error| error.to_string())?;
    let proof = hashes(&answer.hashes).ok_or("its hashes are not 32 bytes each")?;
    let leaf = match answer.record.as_slice() {
        // A withheld entry is proved by its hash.
        [] => {
            hashes(std::slice::from_ref(&answer.leaf_hash)).and_then(|leaf| leaf.first().copied())
        }
        record => Some(leaf_hash(record)),
    };
    let leaf = leaf.ok_or("its leaf is not 32 bytes")?;
    let checkpoint = &signed.checkpoint;
    verify_inclusion(
        leaf,
        answer.leaf_index,
        checkpoint.size,
        &proof,
        checkpoint.root,
    )
    .map_err(|error| error.to_string())
}
