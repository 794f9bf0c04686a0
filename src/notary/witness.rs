//! A witness, as the register sees one: somebody elsewhere who signs its
//! checkpoints too, and would not sign two that contradict each other.
//!
//! The client of C2SP tlog-witness.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::tree::Tree;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::{Algorithm, VerifierKey};
use crate::audit::note::Signature;
use crate::audit::witnessing::AddCheckpoint;

/// How long a witness may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often it is asked anew when it has seen something else than was thought.
const ATTEMPTS: usize = 3;

/// The most bytes of an answer that are read.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;

/// A witness: where it is asked, and by which key it signs.
#[derive(Debug, Clone)]
pub struct WitnessClient {
    url: String,
    key: VerifierKey,
    /// The size that it signed last, as far as is known.
    seen: Arc<AtomicU64>,
}

/// Not a witness.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessUrlError {
    /// Not written as one.
    #[error("a witness is written URL#KEY: where it listens, and its verifier key")]
    Form,
    /// No key.
    #[error("the key of the witness: {0}")]
    Key(#[from] crate::audit::key::KeyError),
    /// A key that signs notes, and not what a witness has seen.
    #[error("the key is no witness's: that of a witness is printed when it starts")]
    Algorithm,
}

/// Why a witness did not sign.
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// It cannot be reached.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// It refuses.
    #[error("it answered {status}: {why}")]
    Refused {
        /// The status of HTTP.
        status: u16,
        /// What it said.
        why: String,
    },
    /// Its answer is none.
    #[error("its answer is not its signature: {0}")]
    Answer(String),
    /// The tree cannot be proved to it.
    #[error("{0}")]
    Tree(#[from] super::tree::TreeError),
}

impl FromStr for WitnessClient {
    type Err = WitnessUrlError;

    fn from_str(text: &str) -> Result<Self, WitnessUrlError> {
        let (url, key) = text.split_once('#').ok_or(WitnessUrlError::Form)?;
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            return Err(WitnessUrlError::Form);
        }
        let key: VerifierKey = key.parse()?;
        if key.algorithm() != Algorithm::Cosignature {
            return Err(WitnessUrlError::Algorithm);
        }
        Ok(Self {
            url: url.trim_end_matches('/').to_owned(),
            key,
            seen: Arc::default(),
        })
    }
}

impl fmt::Display for WitnessClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.url, self.key)
    }
}

impl WitnessClient {
    /// What it is called.
    pub fn name(&self) -> &str {
        self.key.name()
    }

    /// The key by which its signatures are verified.
    pub const fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// Asks it to sign a checkpoint of the tree.
    pub(super) async fn cosign(
        &self,
        tree: &Tree,
        signed: &SignedCheckpoint,
    ) -> Result<Signature, CosignError> {
        let (this, tree, signed) = (self.clone(), tree.clone(), signed.clone());
        let asked = tokio::task::spawn_blocking(move || this.ask(&tree, &signed));
        asked
            .await
            .map_err(|error| CosignError::Unreachable(error.to_string()))?
    }

    fn ask(&self, tree: &Tree, signed: &SignedCheckpoint) -> Result<Signature, CosignError> {
        let size = signed.checkpoint.size;
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build()
            .into();
        let mut refused = None;
        for _ in 0..ATTEMPTS {
            let old = self.seen.load(Ordering::Relaxed).min(size);
            let request = AddCheckpoint {
                old,
                proof: tree.consistency(old, size)?,
                checkpoint: signed.clone(),
            };
            let sent = agent
                .post(format!("{}/add-checkpoint", self.url))
                .send(request.to_string());
            let mut answer = sent.map_err(|error| CosignError::Unreachable(error.to_string()))?;
            let status = answer.status().as_u16();
            let body = answer
                .body_mut()
                .with_config()
                .limit(ANSWER_BYTES_MAX)
                .read_to_string()
                .map_err(|error| CosignError::Answer(error.to_string()))?;
            match status {
                200 => return self.signature(signed, &body),
                409 => match body.trim_end().parse() {
                    Ok(seen) if seen <= size => self.seen.store(seen, Ordering::Relaxed),
                    Ok(seen) => {
                        let why = format!(
                            "it has signed {seen} entries, and the log has {size}: a log that \
                             grows only forward cannot be behind its witness"
                        );
                        return Err(CosignError::Refused { status, why });
                    }
                    Err(_) => return Err(CosignError::Answer(brief(&body))),
                },
                status => {
                    let why = brief(&body);
                    return Err(CosignError::Refused { status, why });
                }
            }
            refused = Some(CosignError::Refused {
                status,
                why: brief(&body),
            });
        }
        Err(refused.unwrap_or_else(|| CosignError::Answer("nothing".to_owned())))
    }

    /// Its signature among the lines of its answer.
    fn signature(&self, signed: &SignedCheckpoint, body: &str) -> Result<Signature, CosignError> {
        for line in body.lines() {
            let Ok(signature) = Signature::parse(line) else {
                return Err(CosignError::Answer(brief(line)));
            };
            let mut note = signed.note.clone();
            note.add(signature.clone());
            if signature.name == self.key.name()
                && signature.key == self.key.id()
                && note.verify(&self.key).is_ok()
            {
                let size = signed.checkpoint.size;
                self.seen.store(size, Ordering::Relaxed);
                return Ok(signature);
            }
        }
        Err(CosignError::Answer(brief(body)))
    }
}

/// What a stranger said, on one line and not too long.
fn brief(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(200).collect()
}
