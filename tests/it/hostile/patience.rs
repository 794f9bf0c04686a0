//! Connections that hold resources without using them lose them.

use std::time::Duration;

use minutebook::log::memory::MemoryMedium;
use minutebook::server::ServerOptions;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{ListBodiesRequest, SubscribeRequest, subscribe_response};
use tonic::Code;

use super::raw::{APPEND, DATA, Raw, call, frame, frames, long, message};
use super::raw::{END_HEADERS, END_STREAM, HEADERS, RST_STREAM};
use crate::given::append;
use crate::grpc::test_server::{TestServer, alias, body, channel, options, refused, registered};

/// Longer than any step here takes.
const SOON: Duration = Duration::from_secs(20);

/// Long enough for a fault to show.
const A_WHILE: Duration = Duration::from_millis(1_500);

async fn start_server(with: impl FnOnce(&mut ServerOptions)) -> (TestServer, String) {
    let mut options = options();
    options.hello_timeout = Duration::from_secs(60);
    options.caller_timeout = Duration::from_secs(60);
    with(&mut options);
    let server = TestServer::on(options, &MemoryMedium::new()).await;
    let address = server.running.address().to_string();
    (server, address)
}

async fn recorder(server: &TestServer) -> RecordServiceClient<tonic::transport::Channel> {
    RecordServiceClient::new(channel(server.running.address()).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_speaks_is_disconnected() {
    let (mut server, address) =
        start_server(|options| options.hello_timeout = Duration::from_millis(300)).await;
    let mut silent = Raw::silent(&address).await.expect("a connection");
    let mut speaking = Raw::open(&address, 65_535).await.expect("a connection");
    assert!(silent.until_closed(SOON).await.1, "it was not let go");
    assert!(!speaking.until_closed(A_WHILE).await.1, "it was let go");
    server.record(body(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_by_drops_is_not_waited_for() {
    let (mut server, address) =
        start_server(|options| options.caller_timeout = Duration::from_millis(700)).await;
    // Between two messages of a stream the client is not late.
    let mut stream = Raw::open(&address, 65_535).await.expect("a connection");
    let path = "/minutebook.v1.RecordService/AppendStream";
    stream
        .begin(1, path, &message(&body(5)))
        .await
        .expect("sent");
    // Nor while it awaits an answer, however long.
    let subscribed = server.audit.subscribe(SubscribeRequest::default()).await;
    let mut subscribed = subscribed.expect("a stream").into_inner();

    let mut slow = Raw::open(&address, 65_535).await.expect("a connection");
    slow.begin(1, APPEND, &[]).await.expect("sent");
    let bytes = long(10_000);
    let dropping = async {
        for byte in bytes {
            if slow.send(&[frame(DATA, 0, 1, &[byte])]).await.is_err() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    };
    let was_cut = tokio::time::timeout(SOON, dropping).await;
    assert!(was_cut.expect("soon"), "it was waited for to the end");
    assert!(
        !stream.until_closed(A_WHILE).await.1,
        "a stream was cut off"
    );
    server.record(body(1)).await;
    // The heartbeats come first.
    loop {
        let message = subscribed.message().await.expect("not cut off");
        let message = message.expect("no end").message;
        if matches!(message, Some(subscribe_response::Message::Entry(_))) {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_read_is_not_kept() {
    let (mut server, address) = start_server(|options| {
        options.caller_timeout = Duration::from_millis(1_500);
        options.calls_max = 8;
    })
    .await;
    server.record(body(1)).await;
    let list = message(&ListBodiesRequest::default());
    let path = "/minutebook.v1.RegisterService/ListBodies";
    let mut unread = Raw::open(&address, 0).await.expect("a connection");
    for n in 0..8 {
        let stream = 2 * n + 1;
        let frames = [
            frame(HEADERS, END_HEADERS, stream, &call(path)),
            frame(DATA, END_STREAM, stream, &list),
        ];
        unread.send(&frames).await.expect("sent");
    }
    // Each has received its headers, and no more.
    let (read, _) = unread.until_closed(Duration::from_millis(500)).await;
    let headers = frames(&read)
        .iter()
        .filter(|frame| frame.0 == HEADERS)
        .count();
    assert_eq!(headers, 8);
    assert!(frames(&read).iter().all(|(kind, ..)| *kind != DATA));
    // They count until they are read, and are not waited for after that.
    let mut was_refused = false;
    let served = async {
        loop {
            let answer = server.record.append(body(2)).await;
            match answer {
                Ok(_) if was_refused => return,
                Ok(_) => {}
                Err(status) => {
                    refused(Err::<(), _>(status), Code::ResourceExhausted, "OVERLOADED");
                    was_refused = true;
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let served = tokio::time::timeout(SOON, served).await;
    served.expect("refused, and then served");
    assert!(unread.until_closed(SOON).await.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn large_messages_on_their_way_leave_room_for_small_ones() {
    let (mut server, address) = start_server(|options| options.upload_bytes_max = 1 << 20).await;
    let bytes = long(600_000);
    let mut halves = Vec::new();
    for _ in 0..12 {
        let mut half = Raw::open(&address, 65_535).await.expect("a connection");
        half.agree().await.expect("settings");
        let sent = half.begin(1, APPEND, &bytes[..400_000]);
        let _ = tokio::time::timeout(A_WHILE, sent).await;
        halves.push(half);
    }
    let mut large = append(700, &[registered("large")]);
    large.events.extend((0..60).map(|n| {
        let mut event = append(701, &[alias("large", &format!("A{n}"), 0)])
            .events
            .remove(0);
        event.note = "x".repeat(4_000);
        event
    }));
    let served = async {
        // Three fit, and the budget of the refused ones is returned.
        for tag in 0..50 {
            server.record(body(tag)).await;
        }
    };
    tokio::time::timeout(SOON, served).await.expect("in time");
    let mut refusals = 0;
    for half in &mut halves {
        let (read, _) = half.until_closed(Duration::from_millis(300)).await;
        let found = frames(&read);
        refusals += found.iter().filter(|frame| frame.0 == HEADERS).count();
        assert!(
            found
                .iter()
                .all(|frame| frame.0 != RST_STREAM || frame.1 == 1)
        );
    }
    assert!((1..12).contains(&refusals), "{refusals}");
    // After they have gone, large ones are accepted again.
    drop(halves);
    let taken = async {
        let mut other = recorder(&server).await;
        while let Err(status) = other.append(large.clone()).await {
            assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, taken).await.expect("in time");
}
