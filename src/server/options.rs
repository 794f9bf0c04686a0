//! The settings of a server: every limit, with its default.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::connections::connections_possible;
use super::listener::ListenAddress;
use super::tls::TlsOptions;
use minutebook_grpc::peer::Timeouts;
use minutebook_grpc::quota::{QuotaLimits, Quotas};
use minutebook_grpc::sign_in::{SignInGate, SignInWays};
use minutebook_grpc::socket_users::SocketUsers;
use minutebook_grpc::web_guard::WebAccess;
use minutebook_kernel::clock::Clock;
use minutebook_kernel::notary::witness::WitnessClient;
use minutebook_kernel::notary::{self, DIRECTORY as NOTARY};
use minutebook_kernel::projection::{Projection, Snapshots};
use minutebook_kernel::sign_in::SignIn;
use minutebook_kernel::sign_in::pseudonyms::{PseudonymKeyError, Pseudonyms};
use minutebook_kernel::sign_in::settings::SignInSettings;

/// The settings of a server.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ServerOptions {
    /// The directory of the store, made if it is missing.
    pub data: PathBuf,
    /// The address to listen on. Port 0 takes any free port: see
    /// `RunningServer::address`.
    pub listen: ListenAddress,
    /// The files of TLS. Default: none, and calls are not encrypted.
    pub tls: Option<TlsOptions>,
    /// Whether to listen beyond this machine although there is no TLS or no sign-in.
    /// Default: false.
    pub insecure: bool,
    /// The clock. Default: that of the machine.
    pub clock: Clock,
    /// The most bytes a message from a caller may have. Default: 4 MiB.
    pub message_bytes_max: usize,
    /// The most connections; fewer where the system lets this process open fewer
    /// files. Default: 4,096.
    pub connections_max: usize,
    /// How many calls one connection may have under way. Default: 256.
    pub calls_per_connection_max: u32,
    /// How many calls may be under way in all, and as many of health and reflection.
    /// Default: 4,096.
    pub calls_max: usize,
    /// How many exports may be under way in all. They do not count as calls or streams.
    /// Default: 16.
    pub exports_max: usize,
    /// The part of each limit that one peer address may take while no other address
    /// takes any, in percent; it can always take as much as it leaves free in that
    /// proportion. 100 sets no limit for one address: for a proxy that has limits of
    /// its own. Default: 50.
    pub peer_share: u8,
    /// How many questions are computed at once; the others wait. Default: four for each
    /// processor.
    pub questions_max: usize,
    /// The most bytes of answers that may wait to be read at once, over all calls.
    /// Default: 256 MiB.
    pub unread_bytes_max: usize,
    /// The largest answer to a caller that says that it accepts such. Default: 64 MiB.
    pub answer_bytes_max: usize,
    /// The most bytes of large messages that may arrive at once, over all calls.
    /// Default: 256 MiB.
    pub upload_bytes_max: usize,
    /// How much work one call may do to compute its answer; waiting for others does not
    /// count. Default: 10 s.
    pub work_max: Duration,
    /// How many requests may wait for the writer. Default: 4,096.
    pub queue_len: usize,
    /// How many bytes of events may wait for the writer. Default: 64 MiB.
    pub queue_bytes: usize,
    /// How long an append waits to become durable before its caller gets
    /// `OUTCOME_UNKNOWN`. Default: 30 s.
    pub append_timeout: Duration,
    /// How many requests of a stream of appends are under way. Default: 256.
    pub append_stream_len: usize,
    /// How long such a stream waits for its next request. Default: 60 s.
    pub recorder_timeout: Duration,
    /// The most histories and subscriptions that may be read at once, and the most
    /// streams of appends. Default: 256 of each.
    pub streams_max: usize,
    /// How many messages wait for the reader of such a stream. Default: 64.
    pub stream_len: usize,
    /// How long such a stream waits for its reader. Default: 10 s.
    pub reader_timeout: Duration,
    /// How long a new connection may send nothing at all. Default: 10 s.
    pub hello_timeout: Duration,
    /// How long a caller may leave a message half sent, or an answer unread, before
    /// its connection is closed. Default: 90 s, which is longer than the limits of
    /// streams: they end with a status that gives the reason.
    pub caller_timeout: Duration,
    /// The same, where another call or connection needs the room. Default: 10 s.
    pub give_way_timeout: Duration,
    /// How often a subscriber that has caught up gets a heartbeat. Default: 5 s.
    pub heartbeat: Duration,
    /// After how long without a message a connection is pinged. Default: 20 s.
    pub keepalive_interval: Duration,
    /// How long a connection has to answer a ping. Default: 10 s.
    pub keepalive_timeout: Duration,
    /// The file of the key that signs checkpoints. Default: one in the store's
    /// directory, made at the first start.
    pub key: Option<PathBuf>,
    /// The program that has that key, where it is in no file. Default: none.
    pub key_command: Option<PathBuf>,
    /// The name of this register in checkpoints. Default: the name of the key; a new
    /// key gets a name that no other register has.
    pub origin: Option<String>,
    /// The web pages that may call, and the names of this machine for browsers.
    /// Default: no pages, and no names but its own.
    pub web: WebAccess,
    /// The address of the pages for browsers. Default: the one that a browser called.
    pub page_url: Option<String>,
    /// The issuers whose tokens sign callers in. Default: none, and everybody who can
    /// connect may call.
    pub sign_in: Option<SignInSettings>,
    /// Whether everybody who can connect may read what is not marked, without signing in.
    /// Default: false.
    pub public: bool,
    /// The witnesses that sign checkpoints beside the register. Default: none.
    pub witnesses: Vec<WitnessClient>,
    /// Whether the Merkle tree follows the log. Without it there are no checkpoints and
    /// no proofs of later entries: only for measuring its cost. Default: true.
    pub keep_tree: bool,
    /// How often a checkpoint is published, if the log has grown. Default: 10 s.
    pub checkpoint_interval: Duration,
    /// How many entries a snapshot has; 0 means that none are written or read.
    /// Default: 65,536.
    pub snapshot_every: u64,
    /// How long calls under way may take to finish when the server stops.
    /// Default: 10 s.
    pub drain_timeout: Duration,
}

impl ServerOptions {
    pub fn new(data: impl Into<PathBuf>, listen: impl Into<ListenAddress>) -> Self {
        Self {
            data: data.into(),
            listen: listen.into(),
            tls: None,
            insecure: false,
            clock: Clock::system(),
            message_bytes_max: 4 * 1024 * 1024,
            connections_max: 4_096,
            calls_per_connection_max: 256,
            calls_max: 4_096,
            exports_max: 16,
            peer_share: 50,
            questions_max: 4 * std::thread::available_parallelism().map_or(1, usize::from),
            unread_bytes_max: 256 * 1024 * 1024,
            answer_bytes_max: 64 * 1024 * 1024,
            upload_bytes_max: 256 * 1024 * 1024,
            work_max: Duration::from_secs(10),
            queue_len: 4_096,
            queue_bytes: 64 * 1024 * 1024,
            append_timeout: Duration::from_secs(30),
            append_stream_len: 256,
            recorder_timeout: Duration::from_secs(60),
            streams_max: 256,
            stream_len: 64,
            reader_timeout: Duration::from_secs(10),
            hello_timeout: Duration::from_secs(10),
            caller_timeout: Duration::from_secs(90),
            give_way_timeout: Duration::from_secs(10),
            heartbeat: Duration::from_secs(5),
            keepalive_interval: Duration::from_secs(20),
            keepalive_timeout: Duration::from_secs(10),
            key: None,
            key_command: None,
            origin: None,
            web: WebAccess::default(),
            page_url: None,
            sign_in: None,
            public: false,
            witnesses: Vec::new(),
            keep_tree: true,
            checkpoint_interval: Duration::from_secs(10),
            snapshot_every: 65_536,
            drain_timeout: Duration::from_secs(10),
        }
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        Timeouts {
            hello: self.hello_timeout,
            caller: self.caller_timeout,
            give_way: self.give_way_timeout,
        }
    }

    /// The quotas, with as many connections as there can be.
    pub(super) fn quotas(&self) -> Quotas {
        Quotas::new(&QuotaLimits {
            connections: connections_possible(self.connections_max),
            calls: self.calls_max,
            exports: self.exports_max,
            streams: self.streams_max,
            upload_bytes: self.upload_bytes_max,
            answer_bytes: self.unread_bytes_max,
            work: self.questions_max,
            peer_share: self.peer_share,
        })
    }

    /// The sign-in, with the keys that its issuers give now.
    pub(super) fn start_sign_in(
        &self,
        projection: &Projection,
        stops: watch::Receiver<bool>,
    ) -> Result<(Option<Arc<SignIn>>, SignInGate), PseudonymKeyError> {
        let is_socket = matches!(self.listen, ListenAddress::Unix { .. });
        if !self.asks_to_sign_in() && !is_socket {
            return Ok((None, SignInGate::new(None, None)));
        }
        let pseudonyms = Arc::new(Pseudonyms::open(&self.data)?);
        let socket =
            is_socket.then(|| SocketUsers::new(projection.clone(), Arc::clone(&pseudonyms)));
        let settings = self.sign_in.clone();
        let tokens =
            settings.map(|settings| SignIn::start(settings, Arc::clone(&pseudonyms), stops));
        let ways = self.asks_to_sign_in().then(|| SignInWays {
            tokens: tokens.clone(),
            pseudonyms,
            clock: Clock::system(),
            is_public: self.public,
        });
        Ok((tokens, SignInGate::new(ways, socket)))
    }

    /// Whether callers have to sign in, by token or by certificate.
    pub(super) fn asks_to_sign_in(&self) -> bool {
        self.sign_in.is_some() || self.takes_certificates()
    }

    /// Whether callers can show a certificate.
    pub(super) fn takes_certificates(&self) -> bool {
        let tls = self.tls.as_ref();
        tls.is_some_and(|tls| tls.client_ca.is_some())
    }

    pub(super) fn snapshots(&self) -> Option<Snapshots> {
        let every = self.snapshot_every;
        (every > 0).then(|| Snapshots::of(&self.data, every))
    }

    pub(super) fn notary(&self) -> notary::NotaryOptions {
        notary::NotaryOptions {
            dir: self.data.join(NOTARY),
            key: self.key.clone(),
            key_command: self.key_command.clone(),
            origin: self.origin.clone(),
            witnesses: self.witnesses.clone(),
        }
    }
}
