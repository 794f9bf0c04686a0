//! A server under test, its clients, and a log whose writes a test can delay.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use minutebook::clock::Clock;
use minutebook::log::memory::{MemoryAppender, MemoryMedium};
use minutebook::log::{AppendError, Appender, Batch, Position, Reader};
use minutebook::notary::key::KeyFiles;
use minutebook::server::{RunningServer, ServerOptions, start_on};
use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use minutebook::wire::proto::{AppendRequest, ReadHistoryRequest, ReadHistoryResponse};
use serde_json::{Value, json};
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::given::{append, event, now};

/// Any free port of this machine.
pub const ANYWHERE: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// Options for a test: a fixed clock and short timeouts.
pub fn options() -> ServerOptions {
    // The log is in memory; the notary's files are not.
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join(Uuid::new_v4().to_string());
    let mut options = ServerOptions::new(data, ANYWHERE);
    options.clock = Clock::new(now);
    options.heartbeat = Duration::from_millis(50);
    // Most tests have all their clients at one address, and mean the limits of all.
    options.peer_share = 100;
    options
}

/// A server on a log in memory, and its clients.
pub struct TestServer {
    pub running: RunningServer,
    pub record: RecordServiceClient<Channel>,
    pub register: RegisterServiceClient<Channel>,
    pub audit: AuditServiceClient<Channel>,
    pub channel: Channel,
}

impl TestServer {
    pub async fn open() -> Self {
        Self::on(options(), &MemoryMedium::new()).await
    }

    pub async fn on(options: ServerOptions, medium: &MemoryMedium) -> Self {
        let (appender, reader) = medium.restart();
        give_key(&options);
        let running = start_on(options, Box::new(appender), Arc::new(reader));
        Self::connect_to(running.await.expect("a start")).await
    }

    /// A server whose appends wait for the valve.
    pub async fn with_valve(options: ServerOptions, medium: &MemoryMedium) -> (Self, Valve) {
        let (appender, reader, valve) = held(medium);
        give_key(&options);
        let running = start_on(options, appender, reader);
        let server = Self::connect_to(running.await.expect("a start")).await;
        (server, valve)
    }

    pub async fn connect_to(running: RunningServer) -> Self {
        let channel = channel(running.address()).await;
        Self::by(running, channel)
    }

    /// The server, and clients that call it by this channel.
    pub fn by(running: RunningServer, channel: Channel) -> Self {
        Self {
            record: RecordServiceClient::new(channel.clone()),
            register: RegisterServiceClient::new(channel.clone()),
            audit: AuditServiceClient::new(channel.clone()),
            channel,
            running,
        }
    }

    /// Records a request that must be admitted; returns its last position.
    pub async fn record(&mut self, request: AppendRequest) -> u64 {
        let response = self.record.append(request).await.expect("an admission");
        response
            .into_inner()
            .receipts
            .last()
            .expect("a receipt")
            .position
    }

    /// Every entry that a history request selects.
    pub async fn history(&mut self, request: ReadHistoryRequest) -> Vec<ReadHistoryResponse> {
        let mut stream = self
            .audit
            .read_history(request)
            .await
            .expect("a stream")
            .into_inner();
        let mut entries = Vec::new();
        while let Some(entry) = stream.message().await.expect("an entry") {
            entries.push(entry);
        }
        entries
    }
}

/// Makes the key of a register, whose log may have entries already.
pub fn give_key(options: &ServerOptions) {
    let dir = options.data.join("notary");
    std::fs::create_dir_all(&dir).expect("a directory");
    KeyFiles::new(&dir, options.key.clone())
        .open(options.origin.as_deref())
        .expect("a key");
}

/// A log whose appends wait for the valve.
pub fn held(medium: &MemoryMedium) -> (Box<dyn Appender>, Arc<dyn Reader>, Valve) {
    let (inner, reader) = medium.restart();
    let (turns, awaited) = mpsc::channel();
    let (arrives, arrived) = mpsc::channel();
    let appender = Held {
        inner,
        awaited,
        arrives,
    };
    (
        Box::new(appender),
        Arc::new(reader),
        Valve { turns, arrived },
    )
}

pub async fn channel(address: impl std::fmt::Display) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{address}")).expect("an address");
    endpoint.connect().await.expect("a connection")
}

/// Request number `tag`, which registers the body with that number.
pub fn body(tag: u128) -> AppendRequest {
    append(tag, &[registered(&format!("body-{tag}"))])
}

pub fn registered(id: &str) -> Value {
    let payload = json!({ "kind": "BODY_KIND_COUNCIL", "name": format!("The body {id}") });
    event(
        &format!("bodies/{id}"),
        "2012-11-22",
        "bodyRegistered",
        payload,
    )
}

/// An alias of a body, padded with a note of `len` characters.
pub fn alias(id: &str, name: &str, len: usize) -> Value {
    let mut event = event(
        &format!("bodies/{id}"),
        "",
        "aliasAdded",
        json!({ "alias": name }),
    );
    event["note"] = "x".repeat(len).into();
    event
}

/// The reason code of a status; every status has exactly one.
pub fn reason(status: &Status) -> String {
    let details = status.get_error_details();
    let info = details
        .error_info()
        .unwrap_or_else(|| panic!("no ErrorInfo: {status:?}"));
    assert_eq!(info.domain, "minutebook.v1");
    info.reason.clone()
}

/// The fact `name` of a status.
pub fn fact(status: &Status, name: &str) -> String {
    let details = status.get_error_details();
    let info = details.error_info().expect("an ErrorInfo");
    info.metadata
        .get(name)
        .unwrap_or_else(|| panic!("no fact {name}: {:?}", info.metadata))
        .clone()
}

#[track_caller]
pub fn refused<T: std::fmt::Debug>(
    result: Result<T, Status>,
    code: Code,
    expected: &str,
) -> Status {
    let status = result.expect_err("a refusal");
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (code, expected),
        "{status:?}"
    );
    status
}

/// The outcome of the next append.
#[derive(Debug, Clone, Copy)]
pub enum Turn {
    Go,
    NoSpace,
    Panic,
}

/// Lets appends through, one for each turn. When dropped, it lets all of them
/// through.
pub struct Valve {
    turns: mpsc::Sender<Turn>,
    arrived: mpsc::Receiver<usize>,
}

impl Valve {
    /// Waits until an append has begun; returns its number of records.
    pub async fn arrival(&self) -> usize {
        loop {
            match self.arrived.try_recv() {
                Ok(records) => return records,
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        }
    }

    pub fn turn(&self, turn: Turn) {
        self.turns.send(turn).expect("a writer");
    }
}

struct Held {
    inner: MemoryAppender,
    awaited: mpsc::Receiver<Turn>,
    arrives: mpsc::Sender<usize>,
}

impl Appender for Held {
    fn tail(&self) -> Position {
        self.inner.tail()
    }

    fn append(&mut self, batch: &Batch, expected_tail: Position) -> Result<Position, AppendError> {
        let _ = self.arrives.send(batch.records().len());
        match self.awaited.recv() {
            Ok(Turn::Go) | Err(_) => self.inner.append(batch, expected_tail),
            Ok(Turn::NoSpace) => Err(AppendError::NoSpace {
                available: 1,
                needed: 2,
            }),
            Ok(Turn::Panic) => panic!("a test has the appender panic"),
        }
    }
}
