//! A witness: signs the checkpoints of other people's logs, and never two that
//! contradict each other. The server of C2SP tlog-witness.
//!
//! It keeps, for every log that it watches, the last checkpoint it signed, and
//! nothing else. What it signs it keeps first.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use sha2::{Digest, Sha256};

use crate::audit::checkpoint::SignedCheckpoint;
use crate::audit::key::{SigningKey, VerifierKey};
use crate::audit::witnessing::{
    AddCheckpoint, CosignRefusal, LastCosigned, REQUEST_BYTES_MAX, answer, decide,
};
use crate::clock::Clock;
use crate::durable_file::{self, DurableFileError};
use crate::notary::key::{KeyFileError, KeyFiles};

/// What a witness is started with.
#[derive(Debug, Clone)]
pub struct WitnessOptions {
    /// The directory of its key and of what it has signed; made when missing.
    pub state: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// What it is called, where its key is made.
    pub name: Option<String>,
    /// The keys of the logs that it watches; a log may have several.
    pub logs: Vec<VerifierKey>,
    /// The clock.
    pub clock: Clock,
}

/// Why a witness does not start.
#[derive(Debug, thiserror::Error)]
pub enum WitnessServerError {
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The directory cannot be used.
    #[error("{path}: {source}", path = path.display())]
    State {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The address cannot be had.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
}

/// A witness, ready to serve.
#[derive(Debug)]
pub struct WitnessServer {
    desk: Arc<Desk>,
    listener: tokio::net::TcpListener,
}

#[derive(Debug)]
struct Desk {
    key: SigningKey,
    logs: Vec<VerifierKey>,
    seen: PathBuf,
    clock: Clock,
    /// One checkpoint at a time: what is signed grows.
    signing: Mutex<()>,
}

impl WitnessServer {
    /// Takes its place: key, state, address.
    pub async fn open(options: WitnessOptions) -> Result<Self, WitnessServerError> {
        let seen = options.state.join("seen");
        fs::create_dir_all(&seen).map_err(|source| WitnessServerError::State {
            path: options.state.clone(),
            source,
        })?;
        let key = KeyFiles::witness(&options.state).open(options.name.as_deref())?;
        let address = options.listen;
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|source| WitnessServerError::Listen { address, source })?;
        let desk = Desk {
            key,
            logs: options.logs,
            seen,
            clock: options.clock,
            signing: Mutex::new(()),
        };
        Ok(Self {
            desk: Arc::new(desk),
            listener,
        })
    }

    /// The key by which its signatures are verified.
    pub fn key(&self) -> VerifierKey {
        self.desk.key.verifier()
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` resolves.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let app = Router::new()
            .route("/add-checkpoint", post(add_checkpoint))
            .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
            .with_state(self.desk);
        axum::serve(self.listener, app)
            .with_graceful_shutdown(stop)
            .await
    }
}

async fn add_checkpoint(State(desk): State<Arc<Desk>>, body: String) -> Response {
    let signed = tokio::task::spawn_blocking(move || desk.sign(&body)).await;
    match signed {
        Ok(Ok(line)) => (StatusCode::OK, line).into_response(),
        Ok(Err(Declined::Refused(refusal))) => {
            tracing::info!(%refusal, "not signed");
            refused(&refusal)
        }
        Ok(Err(Declined::State(error))) => {
            tracing::error!(%error, "what was signed cannot be kept");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn refused(refusal: &CosignRefusal) -> Response {
    let status = match refusal {
        CosignRefusal::Malformed(_) => StatusCode::BAD_REQUEST,
        CosignRefusal::Unsigned => StatusCode::FORBIDDEN,
        CosignRefusal::Unknown => StatusCode::NOT_FOUND,
        CosignRefusal::Elsewhere(size) => {
            let kind = [(header::CONTENT_TYPE, "text/x.tlog.size")];
            return (StatusCode::CONFLICT, kind, format!("{size}\n")).into_response();
        }
        CosignRefusal::Inconsistent(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, format!("{refusal}\n")).into_response()
}

/// Why nothing was signed.
#[derive(Debug)]
enum Declined {
    Refused(CosignRefusal),
    State(io::Error),
}

impl From<io::Error> for Declined {
    fn from(error: io::Error) -> Self {
        Self::State(error)
    }
}

impl Desk {
    fn sign(&self, body: &str) -> Result<String, Declined> {
        let request = AddCheckpoint::parse(body);
        let request = request.map_err(|why| Declined::Refused(CosignRefusal::Malformed(why)))?;
        let origin = &request.checkpoint.checkpoint.origin;
        let keys: Vec<VerifierKey> = self
            .logs
            .iter()
            .filter(|key| key.name() == origin)
            .cloned()
            .collect();
        let _one_at_a_time = self.signing.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = self.seen(origin)?;
        decide(&request, &keys, seen).map_err(Declined::Refused)?;
        self.store(origin, &request.checkpoint)
            .map_err(io::Error::from)?;
        let now = self.clock.now().as_second();
        // After 1970, by any clock that is set.
        let time = u64::try_from(now).unwrap_or(0);
        Ok(format!("{}\n", answer(&request, &self.key, time)))
    }

    /// The file of a log: its origin may have any characters.
    fn file(&self, origin: &str) -> PathBuf {
        let name: String = Sha256::digest(origin)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.seen.join(name)
    }

    fn seen(&self, origin: &str) -> io::Result<LastCosigned> {
        let text = match fs::read_to_string(self.file(origin)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(LastCosigned::nothing());
            }
            Err(error) => return Err(error),
        };
        let signed = SignedCheckpoint::parse(&text);
        let signed = signed
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
        Ok(LastCosigned::of(&signed.checkpoint))
    }

    fn store(&self, origin: &str, signed: &SignedCheckpoint) -> Result<(), DurableFileError> {
        durable_file::replace(&self.file(origin), signed.note.to_string().as_bytes())
    }
}
