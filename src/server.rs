//! The composition root: opens the log, replays it, serves, drains.
//!
//! The only place that knows which engine the log has and which parts there
//! are. The port is taken first, so that a server that cannot serve leaves no
//! store behind; but nobody is listened to before the register is complete.

mod connections;
mod health;
mod incoming;
pub mod offline;
mod opened_store;
mod options;
mod snapshot_task;
pub mod witness;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::transport::Server;
use tonic_web::GrpcWebLayer;

pub use self::options::ServerOptions;

use self::connections::Connections;
use self::incoming::incoming;
use self::opened_store::{OpenedStore, open};
use self::snapshot_task::SnapshotTask;
use crate::audit::key::VerifierKey;
use crate::domain::ids::Position;
use crate::grpc::audit::{self, AuditHandler};
use crate::grpc::gate::Gate;
use crate::grpc::peer::Timeouts;
use crate::grpc::record::{self, RecordHandler};
use crate::grpc::register::RegisterHandler;
use crate::log::sled::OpenError;
use crate::log::{Appender, Reader};
use crate::notary::{Notary, NotaryError};
use crate::projection::{Projection, Replay, ReplayError, Snapshots, VerificationError};
use crate::wire::proto::DESCRIPTORS;
use crate::wire::proto::audit_service_server::AuditServiceServer;
use crate::wire::proto::record_service_server::RecordServiceServer;
use crate::wire::proto::register_service_server::RegisterServiceServer;
use crate::writer::{self, Writer};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// The most bytes that the headers of a call may have.
const HEADER_BYTES_MAX: u32 = 16 * 1024;

/// A server at work.
///
/// Dropping it stops it too, but says neither when nor how: see [`RunningServer::stop`].
pub struct RunningServer {
    address: SocketAddr,
    stopping: watch::Sender<bool>,
    serving: Option<JoinHandle<Result<(), tonic::transport::Error>>>,
    writer: Option<Writer>,
    notary: Notary,
    /// Keeps the notary's tree up; holds the reader while it does.
    following: Option<JoinHandle<()>>,
    /// Keeps snapshots; holds the reader while it does.
    attending: Option<JoinHandle<()>>,
    unproven: watch::Receiver<Option<Arc<VerificationError>>>,
    projection: Option<Projection>,
    /// Kept to be the last that holds the store: see [`RunningServer::stop`].
    reader: Arc<dyn Reader>,
    drain_timeout: Duration,
}

impl fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be had.
    #[error("cannot listen on {address}: is another server running there?")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store holds something that cannot be replayed.
    #[error("the log in {data} cannot be replayed", data = data.display())]
    Replay {
        /// The directory of the store.
        data: PathBuf,
        /// What is wrong with it.
        source: ReplayError,
    },
    /// The log cannot be notarised.
    #[error(transparent)]
    Notary(#[from] NotaryError),
    /// The writer's thread cannot be had.
    #[error("cannot start the writer's thread")]
    Thread(#[source] io::Error),
    /// A fault in this program.
    #[error("a fault in the program ended the start")]
    Panicked,
}

/// Why a server did not stop in order. Everything that was acknowledged is
/// durable all the same.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// Calls were still under way when the time was over.
    #[error("calls were still under way after {waited:?}; they were cut off")]
    Unfinished {
        /// How long they had.
        waited: Duration,
    },
    /// The writer did not end in time: the disk does not answer.
    #[error("the writer did not end within {waited:?}: the disk does not answer")]
    Writer {
        /// How long it had.
        waited: Duration,
    },
    /// It had failed before.
    #[error(transparent)]
    Failed(#[from] ServeError),
}

/// Why a server that was at work no longer is.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The transport failed.
    #[error("the server failed")]
    Transport(#[source] tonic::transport::Error),
    /// What it served was not what the log says, or the log is damaged.
    #[error("what a start took from snapshots cannot be held against the log")]
    Unproven(#[source] Arc<VerificationError>),
    /// A fault in this program, or nobody is left to serve.
    #[error("the server ended by itself")]
    Ended,
}

/// Opens the store, replays it, and serves.
///
/// When this returns, calls are answered, and the register holds everything that
/// was ever acknowledged.
pub async fn start(options: ServerOptions) -> Result<RunningServer, StartError> {
    let (socket, address) = take(options.listen)?;
    let (data, notary) = (options.data.clone(), options.notary());
    let snapshots = options.snapshots();
    let opening = {
        let snapshots = snapshots.clone();
        move || open(data, snapshots.as_ref())?.with_notary(notary)
    };
    let opened = tokio::task::spawn_blocking(opening).await;
    let opened = opened.map_err(|_| {
        // Should they be the reason, the next start does without them.
        snapshots.inspect(Snapshots::discard);
        StartError::Panicked
    })??;
    let listener = listen(socket, address)?;
    serve(options, listener, address, opened)
}

/// Serves a log that is open already, whatever keeps it: for tests.
pub async fn start_on(
    options: ServerOptions,
    appender: Box<dyn Appender>,
    reader: Arc<dyn Reader>,
) -> Result<RunningServer, StartError> {
    let (socket, address) = take(options.listen)?;
    let replay = Replay::of(&*reader).map_err(|source| StartError::Replay {
        data: options.data.clone(),
        source,
    })?;
    let opened = OpenedStore {
        appender,
        reader,
        replay,
        begun: Position::ZERO,
    };
    let opened = opened.with_notary(options.notary())?;
    // There is no store for them to be in.
    let options = ServerOptions {
        snapshot_every: 0,
        ..options
    };
    let listener = listen(socket, address)?;
    serve(options, listener, address, opened)
}

/// Takes an address without listening yet: callers are turned away, not left to
/// wait, while the log is replayed.
fn take(address: SocketAddr) -> Result<(TcpSocket, SocketAddr), StartError> {
    let taken = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }?;
        // A restart need not wait for the connections of the last run to fade.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let address = socket.local_addr()?;
        Ok((socket, address))
    };
    taken().map_err(|source| StartError::Listen { address, source })
}

fn listen(socket: TcpSocket, address: SocketAddr) -> Result<TcpListener, StartError> {
    let listener = socket.listen(BACKLOG);
    listener.map_err(|source| StartError::Listen { address, source })
}

fn serve(
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
    } = opened;
    let register = Arc::new(replay.register);
    tracing::info!(tail = %register.tail(), requests = replay.requests.len(), "replayed the log");
    let clock = options.clock.clone();
    let kept = Arc::clone(&reader);
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
    let health = health::service(handle.clone(), projection.clone(), stops.clone());

    let bytes_max = options.message_bytes_max;
    let limits = record::RecordLimits {
        streams_max: options.streams_max,
        stream_len: options.append_stream_len,
        reader_timeout: options.reader_timeout,
        recorder_timeout: options.recorder_timeout,
    };
    let attending = options.snapshots().map(|snapshots| {
        let attendant = SnapshotTask {
            snapshots,
            begun,
            projection: projection.clone(),
            writer: handle.clone(),
            reader: Arc::clone(&kept),
            stops: stops.clone(),
        };
        attendant.start()
    });
    let (attending, unproven) = attending.unzip();
    let record = RecordHandler::new(handle, projection.clone(), stops.clone(), limits);
    let record = RecordServiceServer::new(record).max_decoding_message_size(bytes_max);
    let register = RegisterServiceServer::new(RegisterHandler::new(projection.clone()))
        .max_decoding_message_size(bytes_max);
    let limits = audit::AuditLimits {
        streams_max: options.streams_max,
        stream_len: options.stream_len,
        reader_timeout: options.reader_timeout,
        heartbeat: options.heartbeat,
    };
    let following = options.keep_tree.then(|| {
        notary.follow(
            Arc::clone(&kept),
            projection.tail(),
            stops.clone(),
            options.checkpoint_interval,
        )
    });
    let audit = AuditHandler::new(projection.clone(), notary.clone(), stops.clone(), limits);
    let audit = AuditServiceServer::new(audit).max_decoding_message_size(bytes_max);
    let descriptors = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    // The descriptors were compiled with the program, so they are sound.
    let reflection = descriptors().build_v1().expect("sound descriptors");
    let reflection_alpha = descriptors().build_v1alpha().expect("sound descriptors");

    let router = Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(options.calls_per_connection_max)
        .http2_keepalive_interval(Some(options.keepalive_interval))
        .http2_keepalive_timeout(Some(options.keepalive_timeout))
        .http2_max_header_list_size(HEADER_BYTES_MAX)
        .layer(GrpcWebLayer::new())
        .layer(Gate::new(
            options.calls_max,
            options.upload_bytes_max,
            stops.clone(),
        ))
        .add_service(record)
        .add_service(register)
        .add_service(audit)
        .add_service(health)
        .add_service(reflection)
        .add_service(reflection_alpha);
    let patience = Timeouts {
        hello: options.hello_timeout,
        caller: options.caller_timeout,
    };
    let connections = Connections::new(options.connections_max);
    let incoming = incoming(listener, connections, patience);
    let stopped = async move {
        let mut stops = stops;
        // An error means that `Running` was dropped, which stops it too.
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
        following,
        attending,
        unproven: unproven.unwrap_or_else(|| watch::channel(None).1),
        projection: Some(projection),
        reader: kept,
        drain_timeout: options.drain_timeout,
    })
}

impl RunningServer {
    /// The key by which its checkpoints are verified.
    pub fn verifier_key(&self) -> VerifierKey {
        self.notary.verifier()
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new calls, lets those under way finish, and lets go of the store.
    ///
    /// Subscribers are told that the server stops; everyone else is answered, if
    /// that can be done within `Options::drain_timeout`.
    pub async fn stop(mut self) -> Result<(), StopError> {
        tracing::info!("stopping");
        self.stopping.send_replace(true);
        let waited = self.drain_timeout;
        let mut result = Ok(());
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
        if let Some(writer) = self.writer.take()
            && tokio::time::timeout(waited, writer.stop()).await.is_err()
        {
            result = Err(StopError::Writer { waited });
        }
        for task in [self.following.take(), self.attending.take()] {
            task.inspect(JoinHandle::abort);
        }
        if let Some(projection) = self.projection.take() {
            // Taking a large register apart takes seconds, and what stops a server
            // mostly ends the process: the memory goes back with that.
            std::mem::forget(projection.register());
        }
        // The last tasks let go of the store in their own time. Whoever opens it
        // next must find it closed, so it is closed here and by nobody else.
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
    /// A writer that has stopped is no such failure: what is recorded is still
    /// answered, and the health check says the rest.
    pub async fn failed(&mut self) -> ServeError {
        let Some(serving) = self.serving.as_mut() else {
            return ServeError::Ended;
        };
        let unproven = async {
            match self.unproven.wait_for(Option::is_some).await {
                Ok(why) => why.clone(),
                Err(_) => None,
            }
        };
        let ended = tokio::select! {
            Some(why) = unproven => return ServeError::Unproven(why),
            ended = serving => ended,
        };
        self.serving = None;
        match ended {
            Ok(Err(error)) => ServeError::Transport(error),
            Ok(Ok(())) | Err(_) => ServeError::Ended,
        }
    }
}
