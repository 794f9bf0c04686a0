//! The composition root: opens the log, replays it, serves, drains.
//!
//! It knows all parts, and chooses the engine of the log. The port is taken first,
//! so that a server that cannot serve leaves no store behind; it accepts no call
//! before the register is complete.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]

mod connections;
mod engine;
mod entrance;
mod errors;
mod exposure;
mod health;
mod incoming;
mod listener;
mod log_keys;
pub mod offline;
mod opened_store;
mod options;
mod reflection;
mod running;
mod snapshot_task;
mod socket_file;
mod tls;
pub mod witness;

use std::sync::Arc;

use tokio::sync::watch;
use tonic::body::Body;
use tonic::transport::Server;
use tonic_web::GrpcWebLayer;
use tower::ServiceBuilder;
use tower::util::BoxCloneSyncService;

pub use self::engine::engine;
pub use self::errors::{ServeError, StartError, StopError};
pub use self::exposure::{Exposed, Insecure};
pub use self::health::INSECURE_SERVICE;
pub use self::listener::{ListenAddress, SOCKET_MODE};
pub use self::options::ServerOptions;
pub use self::running::RunningServer;
pub use self::socket_file::SocketFileError;
pub use self::tls::{TlsError, TlsOptions, TlsReload};

use self::connections::Connections;
use self::entrance::ClosedEntrance;
use self::incoming::incoming;
use self::opened_store::{OpenedStore, open};
use self::snapshot_task::SnapshotTask;
use minutebook_domain::ids::Position;
use minutebook_grpc::access_log::AccessLog;
use minutebook_grpc::audit::{self, AuditHandler};
use minutebook_grpc::caller::CallerHandler;
use minutebook_grpc::gate::{Gate, GateLimits};
use minutebook_grpc::peer::Peers;
use minutebook_grpc::proof_gate::ProofGate;
use minutebook_grpc::query::Questions;
use minutebook_grpc::record::{self, RecordHandler};
use minutebook_grpc::register::RegisterHandler;
use minutebook_grpc::web_guard::WebGuard;
use minutebook_grpc::wire::proto::audit_service_server::AuditServiceServer;
use minutebook_grpc::wire::proto::caller_service_server::CallerServiceServer;
use minutebook_grpc::wire::proto::record_service_server::RecordServiceServer;
use minutebook_grpc::wire::proto::register_service_server::RegisterServiceServer;
use minutebook_grpc::workers::Workers;
use minutebook_kernel::log::{Appender, Reader};
use minutebook_kernel::notary::{Notary, NotaryError};
use minutebook_kernel::projection::{Projection, Replay, SNAPSHOT_PURPOSE, Snapshots};
use minutebook_kernel::readings::Readings;
use minutebook_kernel::writer::{self, Writer};
use minutebook_web::{PageDoor, PageSignIn, PageSite, Web};

/// The most bytes that the headers of a call may have.
const HEADER_BYTES_MAX: u32 = 16 * 1024;

/// Opens the store, replays it, and serves.
///
/// When this returns, calls are answered, and the register holds every acknowledged
/// entry.
pub async fn start(options: ServerOptions) -> Result<RunningServer, StartError> {
    let entrance = ClosedEntrance::of(&options)?;
    let (engine, notary) = (engine(&options.data), options.notary());
    let snapshots = options.snapshots();
    let opening = {
        let snapshots = snapshots.clone();
        move || {
            let key = notary.secret_files().read()?;
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
    serve(options, entrance, opened).await
}

/// Serves a log that is open already, whatever its engine: for tests.
pub async fn start_on(
    options: ServerOptions,
    appender: Box<dyn Appender>,
    reader: Arc<dyn Reader>,
) -> Result<RunningServer, StartError> {
    let entrance = ClosedEntrance::of(&options)?;
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
    serve(options, entrance, opened).await
}

async fn serve(
    options: ServerOptions,
    entrance: ClosedEntrance,
    (opened, notary): (OpenedStore, Notary),
) -> Result<RunningServer, StartError> {
    let (stopping, stops) = watch::channel(false);
    let (entrance, listener, tls) = entrance.open(&stops)?;
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
    let (sign_in, sign_in_gate) = options.start_sign_in(&projection, stops.clone())?;
    let proof = notary.proof();
    let health = health::service(
        handle.clone(),
        projection.clone(),
        proof.clone(),
        entrance.insecure.is_some(),
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
    let questions = Questions {
        projection: projection.clone(),
        workers: Workers::new(options.work_max),
        is_public: options.public,
    };
    let record = RecordHandler::new(handle, questions.clone(), stops.clone(), limits);
    let pages_record = record.clone();
    let record = RecordServiceServer::new(record).max_decoding_message_size(bytes_max);
    let register = RegisterHandler::new(questions.clone(), notary.clone());
    let pages_register = register.clone();
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
    let readings = Readings::open(&options.data)?;
    let audit = AuditHandler::new(
        questions.clone(),
        notary.clone(),
        readings,
        stops.clone(),
        limits,
    );
    let caller = CallerHandler::new(sign_in.clone(), options.asks_to_sign_in(), questions);
    let site = PageSite {
        url: options.page_url.clone(),
        has_tls: options.tls.is_some(),
    };
    let page_sign_in = sign_in.and_then(|sign_in| PageSignIn::new(sign_in, site.clone()));
    let web = Web {
        register: pages_register,
        audit: audit.clone(),
        record: pages_record,
        caller: caller.clone(),
        sign_in: page_sign_in.clone(),
        stopping: stops.clone(),
    };
    let audit = AuditServiceServer::new(audit).max_decoding_message_size(bytes_max);
    let caller = CallerServiceServer::new(caller);

    let (quotas, peers, timeouts) = (options.quotas(), Peers::default(), options.timeouts());
    let limits = GateLimits {
        answer_bytes_max: options.answer_bytes_max,
        give_way: timeouts.give_way,
    };
    let gate = Gate::new(
        quotas.clone(),
        peers.clone(),
        limits,
        projection.clone(),
        stops.clone(),
    );
    let web_guard = WebGuard::new(options.web.clone());
    let pages = ServiceBuilder::new()
        .layer(web_guard.clone())
        .layer(AccessLog)
        .layer(sign_in_gate.clone())
        .layer(gate.clone())
        .layer(ProofGate::new(proof.clone()))
        .map_response(|page: axum::response::Response| page.map(Body::new))
        .service(minutebook_web::router(web));
    let router = Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(options.calls_per_connection_max)
        .http2_keepalive_interval(Some(options.keepalive_interval))
        .http2_keepalive_timeout(Some(options.keepalive_timeout))
        .http2_max_header_list_size(HEADER_BYTES_MAX)
        .layer(PageDoor::new(
            BoxCloneSyncService::new(pages),
            page_sign_in,
            site,
        ))
        .layer(options.web.cors())
        .layer(web_guard)
        .layer(GrpcWebLayer::new())
        .layer(AccessLog)
        .layer(sign_in_gate)
        .layer(gate)
        .layer(ProofGate::new(proof.clone()))
        .add_service(record)
        .add_service(register)
        .add_service(audit)
        .add_service(health)
        .add_service(caller)
        .add_service(reflection::version_1())
        .add_service(reflection::version_1_alpha());
    let connections = Connections::new(peers, quotas, timeouts);
    let incoming = incoming(listener, tls, connections.clone());
    let stopped = async move {
        let mut stops = stops;
        // An error means that `RunningServer` was dropped, which stops it too.
        let _ = stops.wait_for(|stopping| *stopping).await;
    };
    let serving = router.serve_with_incoming_shutdown(incoming, stopped);
    tracing::info!(address = %entrance.address, "serving");
    Ok(RunningServer {
        entrance,
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
