//! One peer address takes everything it can: the others are served all the same.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use minutebook::log::memory::MemoryMedium;
use minutebook::server::ServerOptions;
use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{ExportLogRequest, SubscribeRequest};
use tokio::net::TcpSocket;
use tonic::Code;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::raw::{APPEND, DATA, END_STREAM, HEADERS, Raw, frame, frames, long, message};
use crate::grpc::test_server::{TestServer, body, options, refused};

/// Longer than any step here takes.
const SOON: Duration = Duration::from_secs(20);

const EXPORT: &str = "/minutebook.v1.AuditService/ExportLog";
const WATCH: &str = "/grpc.health.v1.Health/Watch";

/// The default share of one address.
const SHARE: u8 = 50;

async fn start_server(with: impl FnOnce(&mut ServerOptions)) -> TestServer {
    let mut options = options();
    options.peer_share = SHARE;
    options.hello_timeout = Duration::from_secs(60);
    options.caller_timeout = Duration::from_secs(60);
    options.give_way_timeout = Duration::from_secs(60);
    with(&mut options);
    TestServer::on(options, &MemoryMedium::new()).await
}

/// An address of this machine.
fn ip(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, last)
}

/// A connection from that address, with its settings sent.
async fn raw_from(server: &TestServer, last: u8) -> Raw {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from((ip(last), 0))).expect("bound");
    let stream = socket
        .connect(server.running.address().socket().expect("TCP"))
        .await;
    Raw::speak(stream.expect("a connection"), 65_535)
        .await
        .expect("sent")
}

/// A channel from that address.
fn channel_from(server: &TestServer, last: u8) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{}", server.running.address()));
    let endpoint = endpoint.expect("an address");
    endpoint
        .local_address(Some(IpAddr::V4(ip(last))))
        .connect_lazy()
}

/// Begins `count` calls on one connection, and sends `data` of each message.
async fn begin_calls(raw: &mut Raw, path: &str, count: u32, data: &[u8]) {
    for number in 0..count {
        raw.begin(2 * number + 1, path, data).await.expect("sent");
    }
}

/// The answers that have come: how many calls were given headers, and how many of
/// these a message.
async fn answers(raw: &mut Raw, patience: Duration) -> (usize, usize) {
    let (read, _) = raw.until_closed(patience).await;
    let frames = frames(&read);
    let of = |kind: u8| frames.iter().filter(|frame| frame.0 == kind).count();
    (of(HEADERS), of(DATA))
}

/// Demands that an address is served: recording, exporting, the health check.
async fn is_served(server: &TestServer, last: u8, tag: u128) {
    let served = async {
        let channel = channel_from(server, last);
        let mut record = RecordServiceClient::new(channel.clone());
        record.append(body(tag)).await.expect("recorded");
        is_watched_and_exported(channel).await;
    };
    tokio::time::timeout(SOON, served).await.expect("in time");
}

async fn is_watched_and_exported(channel: Channel) {
    let mut audit = AuditServiceClient::new(channel.clone());
    let export = audit.export_log(ExportLogRequest::default()).await;
    let mut export = export.expect("a stream").into_inner();
    while export.message().await.expect("whole").is_some() {}
    let mut health = HealthClient::new(channel);
    let check = HealthCheckRequest::default();
    health.check(check).await.expect("a report");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_sent_calls_of_one_address_shut_nobody_out() {
    let server = start_server(|options| options.calls_max = 64).await;
    is_served(&server, 2, 1).await;
    let half = &long(10_000)[..100];
    let mut hostile = raw_from(&server, 1).await;
    begin_calls(&mut hostile, APPEND, 100, half).await;
    let (refused_calls, _) = answers(&mut hostile, Duration::from_secs(1)).await;
    assert_eq!(refused_calls, 100 - 32, "half of them stay");
    is_served(&server, 2, 2).await;
    // And when every address that comes is greedy.
    let mut crowd = Vec::new();
    for last in 11..15 {
        let mut raw = raw_from(&server, last).await;
        begin_calls(&mut raw, APPEND, 64, half).await;
        answers(&mut raw, Duration::from_millis(300)).await;
        crowd.push(raw);
    }
    is_served(&server, 3, 3).await;
    // The greedy address has what is beside its calls: exports and health.
    let own = is_watched_and_exported(channel_from(&server, 1));
    tokio::time::timeout(SOON, own).await.expect("in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_streams_of_one_address_leave_streams_and_exports_to_others() {
    let server = start_server(|options| options.streams_max = 8).await;
    is_served(&server, 2, 1).await;
    let mut subscribed = Vec::new();
    let mut audit = AuditServiceClient::new(channel_from(&server, 1));
    let refusal = loop {
        match audit.subscribe(SubscribeRequest::default()).await {
            Ok(stream) => subscribed.push(stream),
            Err(status) => break status,
        }
    };
    refused(Err::<(), _>(refusal), Code::ResourceExhausted, "OVERLOADED");
    assert_eq!(subscribed.len(), 4);
    let mut other = AuditServiceClient::new(channel_from(&server, 2));
    let stream = other.subscribe(SubscribeRequest::default()).await;
    let mut stream = stream.expect("a stream").into_inner();
    assert!(stream.message().await.expect("an entry").is_some());
    is_served(&server, 1, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_exports_have_room_whatever_one_address_holds_of_them() {
    let server = start_server(|options| {
        options.calls_max = 16;
        options.exports_max = 4;
    })
    .await;
    is_served(&server, 2, 1).await;
    let mut hostile = raw_from(&server, 1).await;
    begin_calls(&mut hostile, WATCH, 50, &[]).await;
    let mut exporting = raw_from(&server, 1).await;
    begin_calls(&mut exporting, EXPORT, 50, &[]).await;
    let (ended, _) = answers(&mut hostile, Duration::from_secs(1)).await;
    assert_eq!(ended, 50 - 8);
    let (ended, _) = answers(&mut exporting, Duration::from_secs(1)).await;
    assert_eq!(ended, 50 - 2);
    is_served(&server, 2, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn busy_connections_of_one_address_leave_connections_to_others() {
    let server = start_server(|options| options.connections_max = 16).await;
    let mut busy = Vec::new();
    for _ in 0..40 {
        let mut raw = raw_from(&server, 1).await;
        // None of these is idle. One for which there is no place is closed.
        let _ = raw.begin(1, APPEND, &[0]).await;
        busy.push(raw);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut open = 0;
    for raw in &mut busy {
        let (_, is_closed) = raw.until_closed(Duration::from_millis(50)).await;
        open += usize::from(!is_closed);
    }
    // One is the connection of the test server.
    assert!((6..=8).contains(&open), "{open}");
    is_served(&server, 2, 1).await;
    is_served(&server, 3, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_messages_of_one_address_leave_room_for_those_of_others() {
    let server = start_server(|options| options.upload_bytes_max = 2 << 20).await;
    let bytes = long(500_000);
    let mut halves = Vec::new();
    for _ in 0..8 {
        let mut half = raw_from(&server, 1).await;
        half.agree().await.expect("settings");
        let sent = half.begin(1, APPEND, &bytes[..400_000]);
        let _ = tokio::time::timeout(Duration::from_millis(300), sent).await;
        halves.push(half);
    }
    let mut other = RecordServiceClient::new(channel_from(&server, 2));
    let mut large = body(1);
    large.recorded_by = "x".repeat(900_000);
    // It is received whole, and then refused for what it says.
    let status = tokio::time::timeout(SOON, other.append(large)).await;
    refused(
        status.expect("in time"),
        Code::InvalidArgument,
        "INVALID_FIELDS",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_call_gives_way_to_another_of_the_same_address() {
    let server = start_server(|options| {
        options.peer_share = 100;
        options.calls_max = 4;
        options.give_way_timeout = Duration::from_millis(100);
    })
    .await;
    let mut hostile = raw_from(&server, 1).await;
    begin_calls(&mut hostile, APPEND, 4, &[0, 0]).await;
    let mut record = RecordServiceClient::new(channel_from(&server, 1));
    let (mut read, mut ended) = (Vec::new(), Vec::new());
    let served = async {
        loop {
            let answer = record.append(body(1)).await;
            if answer.is_ok() && !ended.is_empty() {
                return;
            }
            if let Err(status) = answer {
                refused(Err::<(), _>(status), Code::ResourceExhausted, "OVERLOADED");
            }
            // The server may not have seen all four yet. Later, one of them is answered,
            // and the connection that they share goes on.
            let (some, is_closed) = hostile.until_closed(Duration::from_millis(20)).await;
            assert!(!is_closed);
            read.extend(some);
            let answers = frames(&read).into_iter().filter(|frame| frame.0 == HEADERS);
            ended = answers.map(|(_, stream, _)| stream).collect();
        }
    };
    tokio::time::timeout(SOON, served).await.expect("in time");
    let next = [1, 3, 5, 7]
        .into_iter()
        .find(|stream| !ended.contains(stream));
    let next = next.expect("no more than is needed");
    let rest = message(&body(2));
    let rest = [frame(DATA, END_STREAM, next, &rest[2..])];
    hostile.send(&rest).await.expect("still open");
    let (_, messages) = answers(&mut hostile, Duration::from_secs(1)).await;
    assert_eq!(messages, 1, "the next one was sent in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_call_is_stalled_gives_way_to_another() {
    let server = start_server(|options| {
        options.peer_share = 100;
        options.connections_max = 5;
        options.give_way_timeout = Duration::from_millis(100);
    })
    .await;
    let mut stalled = Vec::new();
    for _ in 0..5 {
        let mut raw = raw_from(&server, 1).await;
        let _ = raw.begin(1, APPEND, &[0, 0]).await;
        stalled.push(raw);
    }
    let served = async {
        let mut record = RecordServiceClient::new(channel_from(&server, 1));
        while record.append(body(1)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, served).await.expect("in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_its_end_is_not_waited_for() {
    let server = start_server(|options| {
        options.caller_timeout = Duration::from_millis(500);
    })
    .await;
    // The message is whole. The call is not: its caller may still send another one,
    // which this method does not take.
    let mut endless = raw_from(&server, 1).await;
    let whole = message(&body(1));
    endless.begin(1, APPEND, &whole).await.expect("sent");
    assert!(endless.until_closed(SOON).await.1, "it was waited for");
    is_served(&server, 1, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_wait_as_long_as_they_like() {
    let server = start_server(|options| {
        options.caller_timeout = Duration::from_millis(300);
        options.give_way_timeout = Duration::from_millis(1);
        options.streams_max = 2;
        options.peer_share = 100;
    })
    .await;
    let mut audit = AuditServiceClient::new(channel_from(&server, 1));
    let first = audit.subscribe(SubscribeRequest::default()).await;
    let mut first = first.expect("a stream").into_inner();
    let _second = audit.subscribe(SubscribeRequest::default()).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let third = audit.subscribe(SubscribeRequest::default()).await;
    refused(third.map(|_| ()), Code::ResourceExhausted, "OVERLOADED");
    assert!(first.message().await.expect("a heartbeat").is_some());
}
