//! Streams of appends: judged and answered in order; nothing is recorded after the
//! first refusal.

use std::time::Duration;

use minutebook::log::memory::MemoryMedium;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{AppendRequest, AppendResponse, ReadHistoryRequest};
use serde_json::json;
use tokio_stream::StreamExt as _;
use tonic::transport::Channel;
use tonic::{Code, Status};

use super::test_server::{TestServer, Turn, alias, body, options, refused, registered};
use crate::given::{append, event};

/// Sends a stream of these requests; returns every answer, and how the stream ends.
async fn streamed(
    record: &mut RecordServiceClient<Channel>,
    requests: Vec<AppendRequest>,
) -> (Vec<AppendResponse>, Option<Status>) {
    let stream = record.append_stream(tokio_stream::iter(requests)).await;
    let mut stream = stream.expect("a stream").into_inner();
    let mut answers = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(answer)) => answers.push(answer),
            Ok(None) => return (answers, None),
            Err(status) => return (answers, Some(status)),
        }
    }
}

impl TestServer {
    async fn streamed(
        &self,
        requests: Vec<AppendRequest>,
    ) -> (Vec<AppendResponse>, Option<Status>) {
        streamed(&mut self.record.clone(), requests).await
    }

    async fn entries(&mut self) -> usize {
        self.history(ReadHistoryRequest::default()).await.len()
    }
}

fn bodies(tags: std::ops::Range<u128>) -> Vec<AppendRequest> {
    tags.map(body).collect()
}

fn positions(answers: &[AppendResponse]) -> Vec<u64> {
    let receipts = answers.iter().flat_map(|answer| &answer.receipts);
    receipts.map(|receipt| receipt.position).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_answered_in_order_and_twice_records_nothing_new() {
    let mut server = TestServer::open().await;
    // Each depends on the one before it.
    let mut requests = vec![append(1, &[registered("north")])];
    for tag in 2..2_000 {
        requests.push(append(tag, &[alias("north", &format!("N{tag}"), 0)]));
    }
    let (answers, end) = server.streamed(requests.clone()).await;
    assert!(end.is_none(), "{end:?}");
    assert!(positions(&answers).into_iter().eq(1..2_000));
    assert!(answers.iter().all(|answer| !answer.already_recorded));
    let (again, end) = server.streamed(requests).await;
    assert!(end.is_none(), "{end:?}");
    assert_eq!(positions(&again), positions(&answers));
    assert!(again.iter().all(|answer| answer.already_recorded));
    assert_eq!(server.entries().await, 1_999);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_after_the_first_refusal_is_recorded() {
    let mut server = TestServer::open().await;
    let mut bad = body(700);
    bad.recorded_by.clear();
    let reused = append(3, &[registered("another")]);
    let table = [
        (
            append(600, &[alias("nobody", "N", 0)]),
            Code::FailedPrecondition,
            "UNKNOWN_SUBJECT",
        ),
        (bad, Code::InvalidArgument, "INVALID_FIELDS"),
        (reused, Code::AlreadyExists, "REQUEST_ID_REUSED"),
    ];
    server.streamed(bodies(1..10)).await;
    for (round, (wrong, code, reason)) in (1..).zip(table) {
        let before = server.entries().await;
        let first = 1_000 * round;
        let mut requests = bodies(first..first + 20);
        requests.push(wrong);
        requests.extend(bodies(first + 20..first + 900));
        let (answers, end) = server.streamed(requests).await;
        assert_eq!(answers.len(), 20, "{reason}");
        refused(Err::<(), _>(end.expect("a refusal")), code, reason);
        // Neither at once nor later.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(server.entries().await, before + 20, "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_repeats_one_in_its_own_stream_is_the_same_one() {
    let mut server = TestServer::open().await;
    // Repeats at every distance, so that some find the original in progress and some
    // find it durable; the requests after them are taken in the same stream.
    let (mut requests, mut expected) = (Vec::new(), Vec::new());
    for n in 1..=200 {
        requests.push(body(n));
        expected.push(n as u64);
        if n % 3 == 0 {
            let before = n - n % 7;
            requests.push(body(before.max(1)));
            expected.push(before.max(1) as u64);
        }
    }
    let (answers, end) = server.streamed(requests).await;
    assert!(end.is_none(), "{end:?}");
    assert_eq!(positions(&answers), expected);
    assert_eq!(server.entries().await, 200);
    let already = answers
        .iter()
        .filter(|receipt| receipt.already_recorded)
        .count();
    assert_eq!(already, 66);
    // Another request with the same id is refused, and nothing after it is recorded.
    let mut other = body(201);
    other.request_id = body(300).request_id;
    let (answers, end) = server.streamed(vec![body(300), other, body(301)]).await;
    assert_eq!(positions(&answers), [201]);
    refused(
        Err::<(), _>(end.expect("a refusal")),
        Code::AlreadyExists,
        "REQUEST_ID_REUSED",
    );
    assert_eq!(server.entries().await, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_recorders_of_the_same_book_are_both_answered() {
    let mut server = TestServer::open().await;
    let book = || (1..=400).map(body).collect::<Vec<_>>();
    let mut left: Vec<_> = (0..4).map(|_| book()).collect();
    // Like a client, send again the requests that were not taken.
    for round in 0.. {
        assert!(round < 100, "they hold each other up");
        let mut streams = Vec::new();
        for book in &left {
            let mut record = server.record.clone();
            let book = book.clone();
            streams.push(tokio::spawn(
                async move { streamed(&mut record, book).await },
            ));
        }
        for (book, stream) in left.iter_mut().zip(streams) {
            let (answers, end) = stream.await.expect("no panic");
            book.drain(..answers.len());
            if let Some(end) = end {
                refused(Err::<(), _>(end), Code::Unavailable, "OVERTAKEN");
            }
        }
        if left.iter().all(Vec::is_empty) {
            break;
        }
    }
    assert_eq!(server.entries().await, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validated_request_is_explained_in_order() {
    let mut server = TestServer::open().await;
    let mut judged = body(2);
    judged.validate_only = true;
    let (answers, end) = server.streamed(vec![body(1), judged, body(3)]).await;
    assert!(end.is_none(), "{end:?}");
    assert_eq!(positions(&answers), [1, 0, 2]);
    assert!(answers[1].validated_only);
    assert_eq!(answers[1].explanations.len(), 1);
    assert_eq!(server.entries().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_ends_a_stream_and_nothing_after_it_is_recorded() {
    let (mut server, valve) = TestServer::with_valve(options(), &MemoryMedium::new()).await;
    let record = server.record.clone();
    let mut other = server.record.clone();
    let streaming = tokio::spawn(async move {
        let mut record = record;
        let answers = record
            .append_stream(tokio_stream::iter(bodies(1..50)))
            .await;
        let answers = answers.expect("a stream").into_inner();
        answers.collect::<Vec<_>>().await
    });
    let first = valve.arrival().await;
    // The rest of the stream is judged meanwhile.
    tokio::time::sleep(Duration::from_millis(200)).await;
    valve.turn(Turn::NoSpace);
    let answers = streaming.await.expect("an end");
    refused(
        answers.into_iter().next().expect("an end"),
        Code::ResourceExhausted,
        "DISK_FULL",
    );
    drop(valve);
    other.append(body(99)).await.expect("others go on");
    assert_eq!(
        server.entries().await,
        1,
        "of the {first} and the rest nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_sends_or_reads_nothing_is_disconnected() {
    let mut options = options();
    options.recorder_timeout = Duration::from_millis(200);
    options.reader_timeout = Duration::from_millis(500);
    options.streams_max = 1;
    let server = TestServer::on(options, &MemoryMedium::new()).await;
    let (sender, requests) = tokio::sync::mpsc::channel(4);
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let mut record = server.record.clone();
    let answers = record.append_stream(requests).await.expect("a stream");
    let mut answers = answers.into_inner();
    sender.send(body(1)).await.expect("sent");
    assert_eq!(positions(&[answers.message().await.unwrap().unwrap()]), [1]);
    let another = record.append_stream(tokio_stream::iter([])).await;
    refused(another.map(|_| ()), Code::ResourceExhausted, "OVERLOADED");
    let ended = answers.message().await.map(|_| ());
    refused(ended, Code::DeadlineExceeded, "NOTHING_SENT");
    drop(sender);

    // Answers large enough to fill the buffers of the transport, which are small here.
    let endpoint = Channel::from_shared(format!("http://{}", server.running.address()));
    let endpoint = endpoint.expect("an address");
    let channel = endpoint.initial_stream_window_size(65_535).connect().await;
    let mut record = RecordServiceClient::new(channel.expect("a connection"));
    let long = |tag: u128| {
        let name = format!("bodies/b{tag}-{}", "x".repeat(40));
        let payload = json!({ "kind": "BODY_KIND_COUNCIL", "name": "A body" });
        let mut events = vec![event(&name, "2012-11-22", "bodyRegistered", payload)];
        events.extend(
            (0..99).map(|n| event(&name, "", "aliasAdded", json!({ "alias": format!("A{n}") }))),
        );
        append(tag, &events)
    };
    // Built in advance: building one takes longer than the server waits for the next.
    let unread: Vec<_> = (1_000..1_400).map(long).collect();
    let unread = tokio_stream::iter(unread);
    let answers = record.append_stream(unread).await;
    let mut answers = answers.expect("a stream").into_inner();
    // Nothing is read before the server has ended the stream. There is room for one
    // stream, so another can start only after that.
    let mut another = record.append_stream(tokio_stream::iter([])).await;
    while another.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        another = record.append_stream(tokio_stream::iter([])).await;
    }
    let mut last = None;
    while last.is_none() {
        match answers.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it was cut off"),
            Err(status) => last = Some(status),
        }
    }
    refused(
        Err::<(), _>(last.expect("a status")),
        Code::ResourceExhausted,
        "RECEIPTS_UNREAD",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_answers_the_requests_it_took() {
    let server = TestServer::open().await;
    let (sender, requests) = tokio::sync::mpsc::channel(4);
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    let mut record = server.record.clone();
    let answers = record.append_stream(requests).await.expect("a stream");
    let mut answers = answers.into_inner();
    sender.send(body(1)).await.expect("sent");
    assert!(answers.message().await.expect("an answer").is_some());
    let stopping = tokio::spawn(server.running.stop());
    let ended = answers.message().await.map(|_| ());
    refused(ended, Code::Unavailable, "SERVER_STOPPING");
    drop((
        sender,
        answers,
        record,
        server.record,
        server.register,
        server.audit,
        server.channel,
    ));
    stopping.await.expect("no panic").expect("an end in order");
}
