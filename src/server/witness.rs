//! A witness server, as C2SP tlog-witness specifies: it signs the checkpoints of
//! other registers, and never two that contradict each other.
//!
//! For every log that it watches it stores the last checkpoint that it signed, and
//! nothing else. It stores a checkpoint durably before it answers with a signature.

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
use axum::serve::Listener;
use sha2::{Digest, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::tls::{CurrentTls, LazyTlsStream, TlsError, TlsOptions, TlsReload};
use minutebook_kernel::audit::checkpoint::SignedCheckpoint;
use minutebook_kernel::audit::key::{SigningKey, VerifierKey};
use minutebook_kernel::audit::witnessing::{
    AddCheckpoint, CosignRefusal, LastCosigned, REQUEST_BYTES_MAX, answer, decide,
};
use minutebook_kernel::clock::Clock;
use minutebook_kernel::durable_file::{self, DurableFileError};
use minutebook_kernel::notary::key::{KeyFileError, KeyFiles};

/// The settings of a witness server.
#[derive(Debug, Clone)]
pub struct WitnessOptions {
    /// The directory of its key and of the checkpoints it signed; made if missing.
    pub state: PathBuf,
    pub listen: SocketAddr,
    /// The files of TLS. Client certificates are not asked for.
    pub tls: Option<TlsOptions>,
    /// The name of a new key.
    pub name: Option<String>,
    /// The keys of the logs that it watches; a log may have several.
    pub logs: Vec<VerifierKey>,
    pub clock: Clock,
}

#[derive(Debug, thiserror::Error)]
pub enum WitnessServerError {
    #[error(transparent)]
    Key(#[from] KeyFileError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("{path}: {source}", path = path.display())]
    State { path: PathBuf, source: io::Error },
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
}

/// A witness that is bound to its address.
#[derive(Debug)]
pub struct WitnessServer {
    cosigner: Arc<Cosigner>,
    listener: TcpListener,
    tls: Option<WitnessTls>,
}

#[derive(Debug)]
struct WitnessTls {
    current: CurrentTls,
    files: TlsOptions,
    reload: TlsReload,
}

#[derive(Debug)]
struct Cosigner {
    key: SigningKey,
    logs: Vec<VerifierKey>,
    /// The folder of the last checkpoint signed for each log.
    signed: PathBuf,
    clock: Clock,
    /// Held while a checkpoint is signed, so that signed sizes never decrease.
    signing: Mutex<()>,
}

impl WitnessServer {
    /// Opens the key and the state, and binds the address.
    pub async fn open(options: WitnessOptions) -> Result<Self, WitnessServerError> {
        let signed = options.state.join("seen");
        fs::create_dir_all(&signed).map_err(|source| WitnessServerError::State {
            path: options.state.clone(),
            source,
        })?;
        let key = KeyFiles::witness(&options.state).open(options.name.as_deref())?;
        let tls = match options.tls {
            Some(files) => Some(WitnessTls {
                current: CurrentTls::load(&files)?,
                files,
                reload: TlsReload::default(),
            }),
            None => None,
        };
        let address = options.listen;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| WitnessServerError::Listen { address, source })?;
        let cosigner = Cosigner {
            key,
            logs: options.logs,
            signed,
            clock: options.clock,
            signing: Mutex::new(()),
        };
        Ok(Self {
            cosigner: Arc::new(cosigner),
            listener,
            tls,
        })
    }

    /// The key by which its signatures are verified.
    pub fn key(&self) -> VerifierKey {
        self.cosigner.key.verifier()
    }

    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` resolves.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let app = Router::new()
            .route("/add-checkpoint", post(add_checkpoint))
            .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
            .with_state(self.cosigner);
        let Some(tls) = self.tls else {
            return axum::serve(self.listener, app)
                .with_graceful_shutdown(stop)
                .await;
        };
        // Dropped when serving ends, which ends the following of the files too.
        let (_serving, ended) = watch::channel(false);
        let following = tls.reload.follow(tls.current.clone(), tls.files, ended);
        let listener = TlsListener {
            listener: self.listener,
            tls: tls.current,
        };
        let served = axum::serve(listener, app)
            .with_graceful_shutdown(stop)
            .await;
        following.abort();
        served
    }

    /// Asks for the files of TLS to be read again; `None` without TLS.
    pub fn tls(&self) -> Option<&TlsReload> {
        self.tls.as_ref().map(|tls| &tls.reload)
    }
}

/// Connections with TLS. Each makes its handshake when it is first read from.
struct TlsListener {
    listener: TcpListener,
    tls: CurrentTls,
}

impl Listener for TlsListener {
    type Io = LazyTlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let tls = self.tls.get();
        let judge = {
            let tls = Arc::clone(&tls);
            move |ended: io::Result<&_>| {
                let ended = ended.map(|_| ());
                ended.inspect_err(|error| tls.log().failed(address.into(), error))
            }
        };
        let stream = LazyTlsStream::new(tls.config(), stream, Box::new(judge));
        (stream, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

async fn add_checkpoint(State(cosigner): State<Arc<Cosigner>>, body: String) -> Response {
    let signed = tokio::task::spawn_blocking(move || cosigner.sign(&body)).await;
    match signed {
        Ok(Ok(line)) => (StatusCode::OK, line).into_response(),
        Ok(Err(Declined::Refused(refusal))) => {
            tracing::info!(%refusal, "not signed");
            refused(&refusal)
        }
        Ok(Err(Declined::State(error))) => {
            tracing::error!(%error, "the checkpoint cannot be stored, and is not signed");
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

impl Cosigner {
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
        let last = self.last_cosigned(origin)?;
        decide(&request, &keys, last).map_err(Declined::Refused)?;
        self.store(origin, &request.checkpoint)
            .map_err(io::Error::from)?;
        let now = self.clock.now().as_second();
        // A clock that is set shows a time after 1970.
        let time = u64::try_from(now).unwrap_or(0);
        Ok(format!("{}\n", answer(&request, &self.key, time)))
    }

    /// The file of a log. Its name is a hash, because an origin may have any
    /// characters.
    fn file(&self, origin: &str) -> PathBuf {
        let name: String = Sha256::digest(origin)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        self.signed.join(name)
    }

    fn last_cosigned(&self, origin: &str) -> io::Result<LastCosigned> {
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
