//! The proof of the log after a start: whether it is the log whose checkpoint was
//! published, and whether the witnesses of the register know it so.
//!
//! A start reads only the end of a long log. Until the rest was compared with its
//! hashes, nothing is recorded, signed or read from it.

use std::sync::Arc;

use tokio::sync::watch;

use super::tree::TreeError;

/// How far the log is proven.
#[derive(Debug, Clone)]
pub enum LogProof {
    /// The log is being compared with the hashes of its entries.
    Comparing,
    /// The log is as it was signed. The witnesses are asked for the last size that
    /// they signed.
    AskingWitnesses,
    /// The log is as it was signed, and no witness objects.
    Proven,
    /// A witness has signed another log, or a longer one. The log can be read;
    /// nothing is recorded, until the witness signs it after all.
    Disputed(Arc<str>),
    /// An entry differs from the one that was hashed. The server must end.
    Altered(TreeError),
}

impl LogProof {
    /// Whether the log can be read and signed.
    pub const fn is_compared(&self) -> bool {
        match self {
            Self::AskingWitnesses | Self::Proven | Self::Disputed(_) => true,
            Self::Comparing | Self::Altered(_) => false,
        }
    }

    /// Whether entries can be recorded on the log.
    pub const fn is_proven(&self) -> bool {
        matches!(self, Self::Proven)
    }

    /// Whether waiting for a change is in vain, unless a witness changes its mind.
    pub const fn is_settled(&self) -> bool {
        match self {
            Self::Proven | Self::Disputed(_) | Self::Altered(_) => true,
            Self::Comparing | Self::AskingWitnesses => false,
        }
    }
}

/// The reader of a log's proof. Clones follow the same log.
#[derive(Debug, Clone)]
pub struct LogProofReader(watch::Receiver<LogProof>);

impl LogProofReader {
    pub(super) const fn new(proof: watch::Receiver<LogProof>) -> Self {
        Self(proof)
    }

    /// Waits until no witness disputes the log any more.
    pub async fn wait_for_end_of_dispute(&mut self) {
        let settled = self
            .0
            .wait_for(|proof| !matches!(proof, LogProof::Disputed(_)));
        if settled.await.is_err() {
            // The notary is gone: the server stops.
            std::future::pending::<()>().await;
        }
    }

    pub fn get(&self) -> LogProof {
        self.0.borrow().clone()
    }

    /// Waits until the proof is as asked for, or settled.
    pub async fn wait_for(&mut self, is_wanted: impl Fn(&LogProof) -> bool) -> LogProof {
        let found = self
            .0
            .wait_for(|proof| is_wanted(proof) || proof.is_settled());
        match found.await.map(|proof| proof.clone()) {
            Ok(proof) => proof,
            // The notary is gone: the server stops.
            Err(_) => self.get(),
        }
    }
}
