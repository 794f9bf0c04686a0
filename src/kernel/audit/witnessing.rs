//! The request to a witness, and its decision, as C2SP tlog-witness specifies.
//!
//! ```text
//! old size
//! proof hashes, a line each, at most 63
//! (an empty line)
//! signed checkpoint
//! ```

use super::checkpoint::{Checkpoint, SignedCheckpoint};
use super::key::{SigningKey, VerifierKey};
use super::merkle::{Hash, empty_root};
use super::note::Signature;
use super::proof::verify_consistency;

/// The most hashes a proof has.
const HASHES_MAX: usize = 63;

/// The most bytes of a request: more than any valid one has.
pub const REQUEST_BYTES_MAX: usize = 128 * 1024;

/// A request to sign a checkpoint, given the size that was signed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the caller believes the witness signed last; 0 for none.
    pub old: u64,
    /// The proof that the new tree begins with the old one.
    pub proof: Vec<Hash>,
    pub checkpoint: SignedCheckpoint,
}

impl std::fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint.note)
    }
}

impl AddCheckpoint {
    pub fn parse(body: &str) -> Result<Self, String> {
        if body.len() > REQUEST_BYTES_MAX {
            return Err(format!("a request has at most {REQUEST_BYTES_MAX} bytes"));
        }
        let (head, note) = body
            .split_once("\n\n")
            .ok_or("an empty line and a signed checkpoint come after the proof")?;
        let mut lines = head.split('\n');
        let size = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .ok_or("the first line is \"old SIZE\"")?;
        let old: u64 = size.parse().map_err(|_| "the old size is a number")?;
        if old.to_string() != size {
            return Err("the old size has no leading zeros".to_owned());
        }
        let proof: Vec<Hash> = lines
            .map(|line| line.parse().map_err(|_| format!("not a hash: {line:?}")))
            .collect::<Result<_, _>>()?;
        if proof.len() > HASHES_MAX {
            return Err(format!("a proof has at most {HASHES_MAX} hashes"));
        }
        let checkpoint = SignedCheckpoint::parse(note).map_err(|error| error.to_string())?;
        Ok(Self {
            old,
            proof,
            checkpoint,
        })
    }
}

/// The checkpoint that a witness signed last for a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastCosigned {
    pub size: u64,
    pub root: Hash,
}

impl LastCosigned {
    /// The state for a log that was never signed.
    pub fn nothing() -> Self {
        Self {
            size: 0,
            root: empty_root(),
        }
    }

    /// The size and root of a checkpoint.
    pub const fn of(checkpoint: &Checkpoint) -> Self {
        Self {
            size: checkpoint.size,
            root: checkpoint.root,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CosignRefusal {
    /// `400`: the request cannot be read, or is impossible.
    #[error("{0}")]
    Malformed(String),
    /// `403`: none of the log's keys signed it.
    #[error("no key known for this log signed the checkpoint")]
    Unsigned,
    /// `404`: this witness does not watch the log.
    #[error("no log of this origin is watched here")]
    Unknown,
    /// `409`: the size signed last is not the one in the request.
    #[error("the size signed last is {0}")]
    Elsewhere(u64),
    /// `422`: the proof is wrong.
    #[error("the log does not begin with the checkpoint that was signed last: {0}")]
    Inconsistent(String),
}

/// Decides whether to sign: `keys` are those of the log, `last` is the checkpoint that
/// was signed for it last. Store the result durably before the signature is sent.
pub fn decide(
    request: &AddCheckpoint,
    keys: &[VerifierKey],
    last: LastCosigned,
) -> Result<LastCosigned, CosignRefusal> {
    let checkpoint = &request.checkpoint.checkpoint;
    if keys.is_empty() {
        return Err(CosignRefusal::Unknown);
    }
    let is_by = |key: &VerifierKey| {
        key.name() == checkpoint.origin && request.checkpoint.note.verify(key).is_ok()
    };
    if !keys.iter().any(is_by) {
        return Err(CosignRefusal::Unsigned);
    }
    if request.old > checkpoint.size {
        return Err(CosignRefusal::Malformed(format!(
            "the old size {} is larger than that of the checkpoint, {}",
            request.old, checkpoint.size
        )));
    }
    if request.old != last.size {
        return Err(CosignRefusal::Elsewhere(last.size));
    }
    if last.size == checkpoint.size && last.root != checkpoint.root {
        return Err(CosignRefusal::Elsewhere(last.size));
    }
    verify_consistency(
        last.size,
        last.root,
        checkpoint.size,
        checkpoint.root,
        &request.proof,
    )
    .map_err(|error| CosignRefusal::Inconsistent(error.to_string()))?;
    Ok(LastCosigned::of(checkpoint))
}

/// The answer to an accepted request: the line of a signature.
pub fn answer(request: &AddCheckpoint, key: &SigningKey, time: u64) -> Signature {
    super::cosignature::sign(&request.checkpoint.note, key, time)
}
