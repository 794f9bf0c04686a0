//! The composition root: opens the log, replays it, serves, drains.
//!
//! It knows all parts, and chooses the engine of the log. The port is taken first,
//! so that a server that cannot serve leaves no store behind; it accepts no call
//! before the register is complete.

mod connections;
mod engine;
mod errors;
mod health;
mod incoming;
mod log_keys;
pub mod offline;
mod opened_store;
mod options;
mod reflection;
mod snapshot_task;
pub mod witness;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::transport::Server;
use tonic_web::GrpcWebLayer;

pub use self::engine::engine;
pub use self::errors::{ServeError, StartError, StopError};
pub use self::options::ServerOptions;

use self::connections::Connections;
use self::incoming::incoming;
use self::opened_store::{OpenedStore, open};
use self::snapshot_task::SnapshotTask;
use crate::audit::key::VerifierKey;
use crate::domain::ids::Position;
use crate::grpc::access_log::AccessLog;
use crate::grpc::audit::{self, AuditHandler};
use crate::grpc::caller::CallerHandler;
use crate::grpc::gate::{Gate, GateLimits};
use crate::grpc::peer::Peers;
use crate::grpc::proof_gate::ProofGate;
use crate::grpc::record::{self, RecordHandler};
use crate::grpc::register::RegisterHandler;
use crate::grpc::sign_in::SignInGate;
use crate::grpc::web_guard::WebGuard;
use crate::grpc::workers::Workers;
use crate::log::{Appender, Reader};
use crate::notary::key::KeyFiles;
use crate::notary::{LogProof, LogProofReader, Notary, NotaryError};
use crate::projection::{Projection, Replay, SNAPSHOT_PURPOSE, Snapshots, VerificationError};
use crate::wire::proto::audit_service_server::AuditServiceServer;
use crate::wire::proto::caller_service_server::CallerServiceServer;
use crate::wire::proto::record_service_server::RecordServiceServer;
use crate::wire::proto::register_service_server::RegisterServiceServer;
use crate::writer::{self, Writer};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// When the server stops, a connection without calls is closed after it was quiet for
/// this long.
const IDLE_GRACE: Duration = Duration::from_secs(1);

/// The most bytes that the headers of a call may have.
const HEADER_BYTES_MAX: u32 = 16 * 1024;

/// A running server.
///
/// Dropping it stops it too, without an order and without a result: see
/// [`RunningServer::stop`].
pub struct RunningServer {
    address: SocketAddr,
    stopping: watch::Sender<bool>,
    serving: Option<JoinHandle<Result<(), tonic::transport::Error>>>,
    writer: Option<Writer>,
    notary: Notary,
    /// Extends the notary's tree; holds the reader.
    notary_task: Option<JoinHandle<()>>,
    /// Writes snapshots; holds the reader.
    snapshot_task: Option<JoinHandle<()>>,
    verification: watch::Receiver<Option<Arc<VerificationError>>>,
    proof: LogProofReader,
    /// Completes the proof; holds the reader.
    proof_task: Option<JoinHandle<()>>,
    projection: Option<Projection>,
    /// The last holder of the store: see [`RunningServer::stop`].
    reader: Arc<dyn Reader>,
    connections: Connections,
    drain_timeout: Duration,
}

impl fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningServer")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Opens the store, replays it, and serves.
///
/// When this returns, calls are answered, and the register holds every acknowledged
/// entry.
pub async fn start(options: ServerOptions) -> Result<RunningServer, StartError> {
    let (socket, address) = bind(options.listen)?;
    let (engine, notary) = (engine(&options.data), options.notary());
    let snapshots = options.snapshots();
    let opening = {
        let snapshots = snapshots.clone();
        move || {
            let key = KeyFiles::new(&notary.dir, notary.key.clone()).read()?;
            // Without a key there was no register to write snapshots.
            let secret = key.as_ref().map(|key| key.derive_secret(SNAPSHOT_PURPOSE));
            let usable = snapshots.as_ref().zip(secret.as_ref());
            let opened = open(&*engine, usable)?.with_notary(notary.clone());
            match (opened, snapshots) {
                (Err(StartError::Notary(NotaryError::OtherSnapshots)), Some(snapshots)) => {
                    tracing::warn!("the snapshots are not of this log: the whole log is read");
                    snapshots.discard();
                    open(&*engine, None)?.with_notary(notary)
                }
                (opened, _) => opened,
            }
        }
    };
    let opened = tokio::task::spawn_blocking(opening).await;
    let opened = opened.map_err(|_| {
        // The snapshots may be the reason: the next start does without them.
        snapshots.inspect(Snapshots::discard);
        StartError::Panicked
    })??;
    let listener = listen(socket, address)?;
    serve(options, listener, address, opened).await
}

/// Serves a log that is open already, whatever its engine: for tests.
pub async fn start_on(
    options: ServerOptions,
    appender: Box<dyn Appender>,
    reader: Arc<dyn Reader>,
) -> Result<RunningServer, StartError> {
    let (socket, address) = bind(options.listen)?;
    let replay = Replay::of(&*reader).map_err(|source| StartError::Replay {
        place: options.data.display().to_string(),
        source,
    })?;
    let opened = OpenedStore {
        appender,
        reader,
        replay,
        begun: Position::ZERO,
        root: None,
        leaves: Vec::new(),
    };
    let opened = opened.with_notary(options.notary())?;
    // Snapshots need the directory of a store.
    let options = ServerOptions {
        snapshot_every: 0,
        ..options
    };
    let listener = listen(socket, address)?;
    serve(options, listener, address, opened).await
}

/// Binds an address without listening yet: while the log is replayed, callers are
/// refused instead of left waiting.
fn bind(address: SocketAddr) -> Result<(TcpSocket, SocketAddr), StartError> {
    let bind = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }?;
        // A restart need not wait until the connections of the last run are closed.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let address = socket.local_addr()?;
        Ok((socket, address))
    };
    bind().map_err(|source| StartError::Listen { address, source })
}

fn listen(socket: TcpSocket, address: SocketAddr) -> Result<TcpListener, StartError> {
    let listener = socket.listen(BACKLOG);
    listener.map_err(|source| StartError::Listen { address, source })
}

async fn serve(
    options: ServerOptions,
    listener: TcpListener,
    address: SocketAddr,
    (opened, notary): (OpenedStore, Notary),
) -> Result<RunningServer, StartError> {
    let OpenedStore {
        appender,
        reader,
        replay,
        begun,
        root: _,
        leaves: _,
    } = opened;
    let register = Arc::new(replay.register);
    tracing::info!(tail = %register.tail(), requests = replay.requests.len(), "replayed the log");
    let clock = options.clock.clone();
    let log_reader = Arc::clone(&reader);
    tracing::info!(key = %notary.verifier(), "checkpoints are signed");
    let (projection, publisher) = Projection::new(register, reader, clock.clone());
    let limits = writer::WriterLimits {
        queue_len: options.queue_len,
        queue_bytes: options.queue_bytes,
        answer_within: options.append_timeout,
    };
    let (writer, handle) = Writer::start(
        appender,
        &projection,
        publisher,
        replay.requests,
        clock,
        limits,
    )
    .map_err(StartError::Thread)?;
    let (stopping, stops) = watch::channel(false);
    let sign_in = options.start_sign_in(stops.clone())?;
    let proof = notary.proof();
    let health = health::service(
        handle.clone(),
        projection.clone(),
        proof.clone(),
        stops.clone(),
    )
    .await;

    let bytes_max = options.message_bytes_max;
    let limits = record::RecordLimits {
        stream_len: options.append_stream_len,
        reader_timeout: options.reader_timeout,
        recorder_timeout: options.recorder_timeout,
    };
    let snapshot_task = options.snapshots().map(|snapshots| {
        let task = SnapshotTask {
            snapshots,
            begun,
            notary: notary.clone(),
            projection: projection.clone(),
            writer: handle.clone(),
            reader: Arc::clone(&log_reader),
            stops: stops.clone(),
        };
        task.start()
    });
    let (snapshot_task, verification) = snapshot_task.unzip();
    let workers = Workers::new(options.work_max);
    let record = RecordHandler::new(
        handle,
        projection.clone(),
        workers.clone(),
        stops.clone(),
        limits,
    );
    let record = RecordServiceServer::new(record).max_decoding_message_size(bytes_max);
    let register = RegisterHandler::new(projection.clone(), workers.clone(), notary.clone());
    let register = RegisterServiceServer::new(register).max_decoding_message_size(bytes_max);
    let limits = audit::AuditLimits {
        stream_len: options.stream_len,
        reader_timeout: options.reader_timeout,
        heartbeat: options.heartbeat,
    };
    let proof_task = notary.prove(Arc::clone(&log_reader), stops.clone());
    let notary_task = options.keep_tree.then(|| {
        notary.follow(
            Arc::clone(&log_reader),
            projection.tail(),
            stops.clone(),
            options.checkpoint_interval,
        )
    });
    let audit = AuditHandler::new(
        projection.clone(),
        workers,
        notary.clone(),
        stops.clone(),
        limits,
    );
    let audit = AuditServiceServer::new(audit).max_decoding_message_size(bytes_max);
    let caller = CallerServiceServer::new(CallerHandler::new(sign_in.clone()));

    let (quotas, peers, timeouts) = (options.quotas(), Peers::default(), options.timeouts());
    let limits = GateLimits {
        answer_bytes_max: options.answer_bytes_max,
        give_way: timeouts.give_way,
    };
    let router = Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(options.calls_per_connection_max)
        .http2_keepalive_interval(Some(options.keepalive_interval))
        .http2_keepalive_timeout(Some(options.keepalive_timeout))
        .http2_max_header_list_size(HEADER_BYTES_MAX)
        .layer(options.web.cors())
        .layer(WebGuard::new(options.web.clone()))
        .layer(GrpcWebLayer::new())
        .layer(AccessLog)
        .layer(SignInGate::new(sign_in))
        .layer(Gate::new(
            quotas.clone(),
            peers.clone(),
            limits,
            stops.clone(),
        ))
        .layer(ProofGate::new(proof.clone()))
        .add_service(record)
        .add_service(register)
        .add_service(audit)
        .add_service(health)
        .add_service(caller)
        .add_service(reflection::version_1())
        .add_service(reflection::version_1_alpha());
    let connections = Connections::new(peers, quotas, timeouts);
    let incoming = incoming(listener, connections.clone());
    let stopped = async move {
        let mut stops = stops;
        // An error means that `RunningServer` was dropped, which stops it too.
        let _ = stops.wait_for(|stopping| *stopping).await;
    };
    let serving = router.serve_with_incoming_shutdown(incoming, stopped);
    tracing::info!(%address, "serving");
    Ok(RunningServer {
        address,
        stopping,
        serving: Some(tokio::spawn(serving)),
        writer: Some(writer),
        notary,
        notary_task,
        snapshot_task,
        verification: verification.unwrap_or_else(|| watch::channel(None).1),
        proof,
        proof_task: Some(proof_task),
        projection: Some(projection),
        reader: log_reader,
        connections,
        drain_timeout: options.drain_timeout,
    })
}

impl RunningServer {
    /// The key by which its checkpoints are verified.
    pub fn verifier_key(&self) -> VerifierKey {
        self.notary.verifier()
    }

    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts no new calls, lets those under way finish, and closes the store.
    ///
    /// Subscriptions end with the status that the server stops; every other call is
    /// answered, if that takes no longer than `ServerOptions::drain_timeout`.
    pub async fn stop(mut self) -> Result<(), StopError> {
        tracing::info!("stopping");
        self.stopping.send_replace(true);
        let waited = self.drain_timeout;
        let mut result = Ok(());
        // Clients close their connections when they are asked to; one that is frozen does
        // not, and holds up nobody.
        let closing = tokio::spawn(self.connections.clone().close_quiet(IDLE_GRACE, waited / 2));
        if let Some(mut serving) = self.serving.take() {
            result = match tokio::time::timeout(waited, &mut serving).await {
                Ok(Ok(Ok(()))) => Ok(()),
                Ok(Ok(Err(error))) => Err(ServeError::Transport(error).into()),
                Ok(Err(_)) => Err(ServeError::Ended.into()),
                Err(_) => {
                    serving.abort();
                    Err(StopError::Unfinished { waited })
                }
            };
        }
        closing.abort();
        if let Some(writer) = self.writer.take()
            && tokio::time::timeout(waited, writer.stop()).await.is_err()
        {
            result = Err(StopError::Writer { waited });
        }
        for task in [
            self.notary_task.take(),
            self.snapshot_task.take(),
            self.proof_task.take(),
        ] {
            task.inspect(JoinHandle::abort);
        }
        if let Some(projection) = self.projection.take() {
            // Dropping a large register takes seconds, and mostly the process ends now:
            // the system gets the memory back then.
            std::mem::forget(projection.register());
        }
        // The last tasks release the store in their own time. The next process that
        // opens it must find it closed, so only this function closes it.
        let began = Instant::now();
        while result.is_ok() && Arc::strong_count(&self.reader) > 1 {
            if began.elapsed() > waited {
                result = Err(StopError::Unfinished { waited });
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let reader = self.reader;
        let closed = tokio::task::spawn_blocking(move || drop(reader));
        if tokio::time::timeout(waited, closed).await.is_err() {
            result = Err(StopError::Writer { waited });
        }
        tracing::info!("stopped");
        result
    }

    /// Resolves when the server has failed by itself.
    ///
    /// A writer that has stopped is no such failure: queries are still answered, and
    /// the health check reports the rest.
    pub async fn failed(&mut self) -> ServeError {
        let Some(serving) = self.serving.as_mut() else {
            return ServeError::Ended;
        };
        let unverified = async {
            match self.verification.wait_for(Option::is_some).await {
                Ok(why) => why.clone(),
                Err(_) => None,
            }
        };
        let proof = &mut self.proof;
        let altered = async {
            match proof.wait_for(|_| false).await {
                LogProof::Altered(error) => Some(error),
                _ => None,
            }
        };
        let ended = tokio::select! {
            Some(why) = unverified => return ServeError::Unverified(why),
            Some(error) = altered => return ServeError::Altered(error),
            ended = serving => ended,
        };
        self.serving = None;
        match ended {
            Ok(Err(error)) => ServeError::Transport(error),
            Ok(Ok(())) | Err(_) => ServeError::Ended,
        }
    }
}
