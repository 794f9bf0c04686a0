//! How the server ends: in order, or because its log fails.

use std::sync::Arc;
use std::time::Duration;

use minutebook::log::memory::{InjectedFault, MemoryMedium};
use minutebook::projection::{Projection, Replay};
use minutebook::wire::proto::subscribe_response::Message;
use minutebook::wire::proto::{ListBodiesRequest, ReadHistoryRequest, SubscribeRequest};
use minutebook::writer::{AppendFailure, Request, Writer, WriterLimits, WriterStopped};
use tonic::Code;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::test_server::{TestServer, Turn, body, held, options, refused};

pub async fn health(server: &TestServer, service: &str) -> ServingStatus {
    let mut client = HealthClient::new(server.channel.clone());
    let request = HealthCheckRequest {
        service: service.into(),
    };
    match client
        .check(request)
        .await
        .expect("an answer")
        .into_inner()
        .status
    {
        1 => ServingStatus::Serving,
        2 => ServingStatus::NotServing,
        other => panic!("status {other} of {service:?}"),
    }
}

async fn until_unhealthy(server: &TestServer, service: &str) {
    until_health(server, service, ServingStatus::NotServing).await;
}

pub async fn until_health(server: &TestServer, service: &str, expected: ServingStatus) {
    for _ in 0..500 {
        if health(server, service).await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{service:?} is never {expected:?}");
}

/// What must hold once the writer has stopped, for any reason.
async fn nothing_more_is_recorded_but_reading_goes_on(server: &mut TestServer) {
    until_unhealthy(server, "").await;
    until_unhealthy(server, "minutebook.v1.RecordService").await;
    for service in [
        "minutebook.v1.RegisterService",
        "minutebook.v1.AuditService",
    ] {
        assert_eq!(health(server, service).await, ServingStatus::Serving);
    }
    for tag in [1, 2, 3] {
        let status = refused(
            server.record.append(body(tag)).await,
            Code::Unavailable,
            "WRITER_STOPPED",
        );
        assert!(status.message().contains("until the server is restarted"));
    }
    let history = server.history(ReadHistoryRequest::default()).await;
    assert_eq!(history.len(), 1, "what was acknowledged, and nothing else");
    server
        .register
        .list_bodies(ListBodiesRequest::default())
        .await
        .expect("an answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_outcome_is_reported_and_settled_after_a_restart() {
    for (fault, was_kept) in [
        (InjectedFault::Failed, false),
        (InjectedFault::FailedButPersisted, true),
    ] {
        let medium = MemoryMedium::new();
        let mut server = TestServer::on(options(), &medium).await;
        assert_eq!(health(&server, "").await, ServingStatus::Serving);
        server.record(body(1)).await;
        medium.switch().fail_next(fault);
        refused(
            server.record.append(body(2)).await,
            Code::Unavailable,
            "OUTCOME_UNKNOWN",
        );
        nothing_more_is_recorded_but_reading_goes_on(&mut server).await;
        server.running.stop().await.expect("a stop");

        let mut server = TestServer::on(options(), &medium).await;
        let answer = server.record.append(body(2)).await.unwrap().into_inner();
        assert_eq!(
            answer.already_recorded, was_kept,
            "recorded once, whichever it was"
        );
        assert_eq!(answer.receipts[0].position, 2);
        assert_eq!(server.history(ReadHistoryRequest::default()).await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_of_the_writer_hangs_nobody() {
    let (mut server, valve) = TestServer::with_valve(options(), &MemoryMedium::new()).await;
    valve.turn(Turn::Go);
    server.record(body(1)).await;
    valve.turn(Turn::Panic);
    refused(
        server.record.append(body(2)).await,
        Code::Unavailable,
        "OUTCOME_UNKNOWN",
    );
    nothing_more_is_recorded_but_reading_goes_on(&mut server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_that_does_not_come_back_is_not_waited_for_for_ever() {
    let mut options = options();
    options.append_timeout = Duration::from_millis(100);
    options.drain_timeout = Duration::from_millis(100);
    let (mut server, valve) = TestServer::with_valve(options, &MemoryMedium::new()).await;
    refused(
        server.record.append(body(1)).await,
        Code::Unavailable,
        "OUTCOME_UNKNOWN",
    );
    let error = server.running.stop().await.expect_err("the writer hangs");
    assert!(
        error.to_string().contains("the disk does not answer"),
        "{error}"
    );
    drop(valve);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_work_in_progress_and_takes_nothing_new() {
    let medium = MemoryMedium::new();
    let (server, valve) = TestServer::with_valve(options(), &medium).await;
    let TestServer {
        running,
        record,
        mut audit,
        channel,
        ..
    } = server;
    let send = |tag| {
        let mut record = record.clone();
        tokio::spawn(async move { record.append(body(tag)).await })
    };
    let mut followed = audit
        .subscribe(SubscribeRequest::default())
        .await
        .unwrap()
        .into_inner();
    let caught_up = followed.message().await.unwrap().unwrap().message;
    assert_eq!(caught_up, Some(Message::CaughtUpToPosition(0)));
    let written = send(1);
    valve.arrival().await;
    let waiting = send(2);
    tokio::time::sleep(Duration::from_millis(100)).await;

    let stop = tokio::spawn(running.stop());
    let status = loop {
        match followed.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the stream ended without a reason"),
            Err(status) => break status,
        }
    };
    refused(Err::<(), _>(status), Code::Unavailable, "SERVER_STOPPING");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(send(3).await.unwrap().is_err(), "a new call while it stops");
    assert!(!stop.is_finished(), "it waits for the append under way");
    drop(valve);
    written.await.unwrap().expect("the one being written");
    waiting.await.unwrap().expect("the one that waited");
    stop.await.unwrap().expect("a stop in order");
    drop(channel);

    let mut server = TestServer::on(options(), &medium).await;
    assert_eq!(server.history(ReadHistoryRequest::default()).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_stopped_server_stays_behind() {
    let medium = MemoryMedium::new();
    let clock = options().clock;
    let watched = Arc::new(());
    let kept = Arc::downgrade(&watched);
    let mut options = options();
    options.clock = minutebook::clock::Clock::new(move || {
        let _ = &watched;
        clock.now()
    });
    let mut server = TestServer::on(options, &medium).await;
    server.record(body(1)).await;
    let TestServer { running, .. } = server;
    running.stop().await.expect("a stop");
    assert_eq!(
        kept.strong_count(),
        0,
        "something still holds the clock, and the store"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_writer_finishes_earlier_requests() {
    let (appender, reader, valve) = held(&MemoryMedium::new());
    let clock = options().clock;
    let replay = Replay::of(&*reader).unwrap();
    let (projection, publisher) = Projection::new(Arc::new(replay.register), reader, clock.clone());
    let limits = WriterLimits {
        queue_len: 8,
        queue_bytes: 1_048_576,
        answer_within: Duration::from_secs(5),
    };
    let (writer, handle) = Writer::start(
        appender,
        &projection,
        publisher,
        replay.requests,
        clock,
        limits,
    )
    .unwrap();
    let send = |tag| {
        let handle = handle.clone();
        tokio::spawn(async move { handle.append(Request::read(body(tag)).unwrap()).await })
    };
    let first = send(1);
    valve.arrival().await;
    let waiting = [send(2), send(3)];
    tokio::time::sleep(Duration::from_millis(100)).await;
    let stop = tokio::spawn(writer.stop());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let late = send(4);
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(valve);
    first.await.unwrap().expect("the one being written");
    for waited in waiting {
        waited.await.unwrap().expect("one that came before");
    }
    assert!(matches!(
        late.await.unwrap(),
        Err(AppendFailure::Stopped(WriterStopped::Asked))
    ));
    stop.await.unwrap();
}
