//! The cost of one call is limited: in memory before it is decoded, on the writer's thread,
//! and in work for its answer. Deadlines reach streams.

use std::time::Duration;

use bytes::Bytes;
use minutebook::log::memory::MemoryMedium;
use minutebook::wire::proto::{
    AppendRequest, DiffRequest, ExplainRequest, ExportLogRequest, GetBodyRequest,
    ListBodiesRequest, Moment, ReadHistoryRequest, ReplayRequest, StateAtRequest, SubscribeRequest,
    moment,
};
use serde_json::{Value, json};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use super::test_server::{TestServer, Turn, alias, body, fact, options, refused, registered};
use crate::bare_codec::Bare;
use crate::given::{append, event};

/// Longer than anything here takes, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// Calls a method with these bytes as the message.
pub async fn send_bare(channel: Channel, path: &str, message: Bytes) -> Result<Bytes, Status> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.expect("a connection");
    let path = path.parse().expect("a path");
    let answer = client.unary(Request::new(message), path, Bare).await?;
    Ok(answer.into_inner())
}

pub const APPEND: &str = "/minutebook.v1.RecordService/Append";
pub const EXPLAIN: &str = "/minutebook.v1.RecordService/Explain";

/// `bytes` bytes of empty messages in field `number`.
pub fn empty_messages(number: u8, bytes: usize) -> Bytes {
    [number << 3 | 2, 0].repeat(bytes / 2).into()
}

/// Field `number` with this content.
fn inside(number: u8, content: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        field.push(length as u8 | 0x80);
        length >>= 7;
    }
    field.push(length as u8);
    field.extend(content);
    field
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_refused_for_its_memory_before_it_is_decoded() {
    let server = TestServer::open().await;
    let most = 4 * 1024 * 1024;
    let cases = [
        (APPEND, empty_messages(2, most), "events", "2000 items"),
        (
            APPEND,
            empty_messages(3, most),
            "expected_revisions",
            "2000 items",
        ),
        (EXPLAIN, empty_messages(1, most), "events", "2000 items"),
        // One event with too many sources.
        (
            APPEND,
            inside(2, &empty_messages(6, most - 8)).into(),
            "events[0].sources",
            "2000 items",
        ),
        // Many events, each within the limit of a list.
        (
            APPEND,
            inside(2, &empty_messages(6, 4_000)).repeat(1_000).into(),
            "events[",
            "in memory",
        ),
        (
            "/minutebook.v1.AuditService/Diff",
            empty_messages(5, most),
            "subjects",
            "2000 items",
        ),
    ];
    for (path, message, field, rule) in cases {
        let answer = send_bare(server.channel.clone(), path, message).await;
        let status = refused(answer, Code::InvalidArgument, "INVALID_FIELDS");
        assert!(fact(&status, "field").starts_with(field), "{status:?}");
        assert!(status.message().contains(rule), "{status:?}");
        assert_eq!(fact(&status, "fault_count"), "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_a_hundred_faults_are_reported() {
    let mut server = TestServer::open().await;
    // Field 999, which nobody knows.
    let unknown = [0xba, 0x3e, 0].repeat(3_000);
    let answer = send_bare(server.channel.clone(), APPEND, unknown.into()).await;
    let status = refused(answer, Code::InvalidArgument, "INVALID_FIELDS");
    assert_eq!(fact(&status, "fault_count"), "101");
    // Bodies that nobody knows.
    server.record(append(1, &[registered("north")])).await;
    let events: Vec<Value> = (0..3)
        .map(|n| {
            let parties: Vec<String> = (0..200).map(|m| format!("nobody-{n}-{m}")).collect();
            event(
                &format!("collaborations/c-{n}"),
                "2013",
                "collaborationEstablished",
                json!({ "name": format!("C {n}"), "kind": "COLLABORATION_KIND_ALLIANCE",
                    "partyIds": parties }),
            )
        })
        .collect();
    let answer = server.record.append(append(2, &events)).await;
    let status = refused(answer, Code::FailedPrecondition, "UNKNOWN_BODY");
    assert_eq!(fact(&status, "fault_count"), "100");
    let explained = server
        .record
        .explain(ExplainRequest {
            events: append(3, &events).events,
        })
        .await
        .expect("an explanation")
        .into_inner();
    let counts = explained.explanations.iter().map(|it| it.findings.len());
    assert_eq!(counts.collect::<Vec<_>>(), [100, 1, 1]);
    let mut explanations = explained.explanations.iter();
    assert!(explanations.all(|explanation| !explanation.would_be_taken));
}

fn judged(mut request: AppendRequest) -> AppendRequest {
    request.validate_only = true;
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_waits_for_no_writer_and_the_writer_for_no_dry_run() {
    let mut options = options();
    options.queue_len = 1;
    let (mut server, valve) = TestServer::with_valve(options, &MemoryMedium::new()).await;
    let recorder = server.record.clone();
    let send = |request| {
        let mut record = recorder.clone();
        tokio::spawn(async move { record.append(request).await })
    };
    let writing = send(body(1));
    valve.arrival().await;
    // The writer is busy, and its queue is full.
    let waiting = send(body(2));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let third = server.record.append(body(3)).await;
    refused(third, Code::ResourceExhausted, "OVERLOADED");
    let dry_run = tokio::time::timeout(PATIENCE, server.record.append(judged(body(4)))).await;
    let dry_run = dry_run.expect("in time").expect("an answer").into_inner();
    assert!(dry_run.validated_only);
    assert_eq!(dry_run.explanations.len(), 1);
    // It is judged on what is published, and nothing of these is.
    let early = judged(append(5, &[alias("body-1", "One", 0)]));
    let early = tokio::time::timeout(PATIENCE, server.record.append(early)).await;
    refused(
        early.expect("in time"),
        Code::FailedPrecondition,
        "UNKNOWN_SUBJECT",
    );
    // A request that is being recorded is found, once that is over.
    let same = send(judged(body(1)));
    valve.turn(Turn::Go);
    drop(valve);
    let same = same
        .await
        .expect("no panic")
        .expect("an answer")
        .into_inner();
    assert!(same.already_recorded);
    assert_eq!(same.receipts[0].position, 1);
    for recorded in [writing, waiting] {
        recorded.await.expect("no panic").expect("recorded");
    }
}

/// Corrects the wording of the entry at a position.
fn correction(position: u64, name: &str) -> Value {
    event(
        "bodies/north",
        "",
        "entryCorrected",
        json!({ "position": position.to_string(), "reason": "Misspelt",
            "replacement": alias("north", name, 0) }),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_does_not_judge_a_long_history_again_and_again() {
    let mut server = TestServer::open().await;
    server.record(append(1, &[registered("north")])).await;
    let aliases: Vec<Value> = (0..2_500)
        .map(|n| alias("north", &format!("North {n}"), 0))
        .collect();
    for (tag, some) in (2..).zip(aliases.chunks(100)) {
        server.record(append(tag, some)).await;
    }
    let corrections: Vec<Value> = (0..10)
        .map(|n| correction(10 + n, &format!("The North {n}")))
        .collect();
    for request in [judged(append(100, &corrections)), append(100, &corrections)] {
        let answer = server.record.append(request.clone()).await;
        let status = refused(answer, Code::ResourceExhausted, "TOO_COSTLY");
        assert!(status.message().contains("a request of its own"));
        // On a stream, too.
        let answers = server
            .record
            .append_stream(tokio_stream::iter([request]))
            .await;
        let mut answers = answers.expect("a stream").into_inner();
        refused(
            answers.message().await,
            Code::ResourceExhausted,
            "TOO_COSTLY",
        );
    }
    // Nothing was recorded, and one at a time they are all taken.
    for (tag, one) in (200..).zip(corrections.chunks(1)) {
        assert_eq!(server.record(append(tag, one)).await, tag as u64 + 2_302);
    }
    // So are several about a short history.
    server.record(append(300, &[registered("south")])).await;
    let few: Vec<Value> = (0..20)
        .map(|n| alias("south", &format!("South {n}"), 0))
        .collect();
    let first = server.record(append(301, &few)).await - 19;
    let corrected: Vec<Value> = (0..20)
        .map(|n| {
            let mut event = correction(first + n, "x");
            event["subject"] = "bodies/south".into();
            event["entryCorrected"]["replacement"] = alias("south", &format!("The South {n}"), 0);
            event
        })
        .collect();
    server.record(append(302, &corrected)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_a_limit_of_work_and_says_so() {
    let mut options = options();
    options.work_max = Duration::ZERO;
    let mut server = TestServer::on(options, &MemoryMedium::new()).await;
    server.record(append(1, &[registered("north")])).await;
    let subject = || "bodies/north".to_owned();
    let too_costly = |answer: Result<(), Status>| {
        let status = refused(answer, Code::ResourceExhausted, "TOO_COSTLY");
        assert!(status.message().contains("more work than one call may do"));
    };
    let get = GetBodyRequest {
        body_id: "north".into(),
        ..GetBodyRequest::default()
    };
    too_costly(server.register.get_body(get).await.map(drop));
    let list = ListBodiesRequest::default();
    too_costly(server.register.list_bodies(list).await.map(drop));
    let state = StateAtRequest {
        subject: subject(),
        ..StateAtRequest::default()
    };
    too_costly(server.audit.state_at(state).await.map(drop));
    let diff = DiffRequest {
        from: Some(Moment {
            moment: Some(moment::Moment::Position(0)),
        }),
        ..DiffRequest::default()
    };
    too_costly(server.audit.diff(diff).await.map(drop));
    let replay = ReplayRequest {
        subject: subject(),
        ..ReplayRequest::default()
    };
    let steps = server.audit.replay(replay).await.expect("a stream");
    too_costly(steps.into_inner().message().await.map(drop));
    // Recording needs no such work.
    assert_eq!(server.record(body(2)).await, 2);
    assert_eq!(server.history(ReadHistoryRequest::default()).await.len(), 2);
}

fn within<T>(message: T, timeout: &'static str) -> Request<T> {
    let mut request = Request::new(message);
    request
        .metadata_mut()
        .insert("grpc-timeout", timeout.parse().expect("a header"));
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deadline_of_a_call_ends_its_stream() {
    let mut server = TestServer::open().await;
    server.record(body(1)).await;
    let ended = async {
        let stream = server
            .audit
            .subscribe(within(SubscribeRequest::default(), "300m"));
        let mut stream = stream.await.expect("a stream").into_inner();
        loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it ends with a status"),
                Err(status) => break status,
            }
        }
    };
    let status = tokio::time::timeout(PATIENCE, ended).await;
    let status = status.expect("the deadline is kept");
    refused(
        Err::<(), _>(status),
        Code::DeadlineExceeded,
        "DEADLINE_PASSED",
    );
    // A recorder who sends nothing more is answered up to the deadline.
    let (sender, requests) = tokio::sync::mpsc::channel(1);
    let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
    sender.send(body(2)).await.expect("sent");
    let answers = server.record.append_stream(within(requests, "2S")).await;
    let mut answers = answers.expect("a stream").into_inner();
    let receipt = answers.message().await.expect("an answer");
    assert_eq!(receipt.expect("a receipt").receipts[0].position, 2);
    let end = tokio::time::timeout(PATIENCE, answers.message()).await;
    refused(
        end.expect("the deadline is kept"),
        Code::DeadlineExceeded,
        "DEADLINE_PASSED",
    );
    // Streams that end before it do not notice.
    let export = server
        .audit
        .export_log(within(ExportLogRequest::default(), "1H"));
    let mut export = export.await.expect("a stream").into_inner();
    while export.message().await.expect("a chunk").is_some() {}
}
