//! The client of a witness, as C2SP tlog-witness specifies: another organisation that
//! signs the checkpoints of this register, and never two that contradict each other.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio_rustls::rustls::pki_types::CertificateDer;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::tree::Tree;
use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::{Algorithm, VerifierKey};
use crate::audit::note::Signature;
use crate::audit::witnessing::AddCheckpoint;

/// The time limit for one request to a witness.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How often the witness is asked again after it reported another last size.
const ATTEMPTS: usize = 3;

/// The most bytes of an answer that are read.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;

/// A client of one witness: its address and its key.
#[derive(Debug, Clone)]
pub struct WitnessClient {
    url: String,
    key: VerifierKey,
    /// The CAs that it is trusted by over https; `None` for the public ones.
    roots: Option<RootCerts>,
    /// The size that the witness signed last, as far as this client knows.
    last_size: Arc<AtomicU64>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessUrlError {
    #[error("a witness is written URL#KEY: where it listens, and its verifier key")]
    Form,
    #[error("the key of the witness: {0}")]
    Key(#[from] crate::audit::key::KeyError),
    /// The key is that of a register, not of a witness.
    #[error("the key is not that of a witness: a witness prints its key when it starts")]
    Algorithm,
}

#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    #[error("it answered {status}: {why}")]
    Refused { status: u16, why: String },
    /// It has signed a longer log, or another one, under this name.
    #[error("it {0}")]
    Disputed(String),
    #[error("its answer is not its signature: {0}")]
    Answer(String),
    /// The tree cannot make the proof that the witness needs.
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
            roots: None,
            last_size: Arc::default(),
        })
    }
}

impl fmt::Display for WitnessClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.url, self.key)
    }
}

impl WitnessClient {
    /// Trusts it over https by these CAs, and by no others.
    #[must_use]
    pub fn with_roots(mut self, cas: &[CertificateDer<'_>]) -> Self {
        let cas: Vec<_> = cas
            .iter()
            .map(|ca| Certificate::from_der(ca).to_owned())
            .collect();
        self.roots = Some(RootCerts::from(cas));
        self
    }

    pub fn name(&self) -> &str {
        self.key.name()
    }

    /// The key by which its signatures are verified.
    pub const fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// Asks the witness to sign a checkpoint of the tree.
    pub(super) async fn cosign(
        &self,
        tree: &Tree,
        signed: &SignedCheckpoint,
    ) -> Result<Signature, CosignError> {
        let (client, tree, signed) = (self.clone(), tree.clone(), signed.clone());
        let request = tokio::task::spawn_blocking(move || client.request_signature(&tree, &signed));
        request
            .await
            .map_err(|error| CosignError::Unreachable(error.to_string()))?
    }

    fn request_signature(
        &self,
        tree: &Tree,
        signed: &SignedCheckpoint,
    ) -> Result<Signature, CosignError> {
        let size = signed.checkpoint.size;
        let mut config = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false);
        if let Some(roots) = &self.roots {
            let tls = TlsConfig::builder().root_certs(roots.clone()).build();
            config = config.tls_config(tls);
        }
        let agent: ureq::Agent = config.build().into();
        let mut refused = None;
        for _ in 0..ATTEMPTS {
            let old = self.last_size.load(Ordering::Relaxed).min(size);
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
                    Ok(last) if last <= size => self.last_size.store(last, Ordering::Relaxed),
                    Ok(last) => {
                        return Err(CosignError::Disputed(format!(
                            "has signed {last} entries, and the log has {size}: entries were lost, or \
                             the whole store was put back to an earlier state"
                        )));
                    }
                    Err(_) => return Err(CosignError::Answer(brief(&body))),
                },
                // It has signed other entries: no proof leads from them to this log.
                422 => {
                    return Err(CosignError::Disputed(format!(
                        "has signed {old} entries that are not those of the log ({})",
                        brief(&body)
                    )));
                }
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

    /// Finds the signature of the witness among the lines of its answer.
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
                self.last_size.store(size, Ordering::Relaxed);
                return Ok(signature);
            }
        }
        Err(CosignError::Answer(brief(body)))
    }
}

/// The text of another server, on one line of at most 200 characters.
fn brief(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(200).collect()
}
