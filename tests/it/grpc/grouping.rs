//! Groups of requests: judged, stored and answered together.

use std::sync::Arc;
use std::time::Duration;

use minutebook::log::memory::{InjectedFault, MemoryMedium};
use minutebook::wire::proto::ReadHistoryRequest;
use tokio::task::JoinSet;
use tonic::Code;
use tonic_types::StatusExt;

use super::test_server::{TestServer, Turn, alias, body, options, refused, registered};
use crate::given::append;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_turns_callers_away() {
    let mut options = options();
    options.queue_len = 2;
    let (server, valve) = TestServer::with_valve(options, &MemoryMedium::new()).await;
    let mut waiting = JoinSet::new();
    let send = |tag| {
        let mut record = server.record.clone();
        async move { record.append(body(tag)).await }
    };
    waiting.spawn(send(1));
    valve.arrival().await;
    // One request is being written, and two may wait.
    waiting.spawn(send(2));
    waiting.spawn(send(3));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let status = refused(send(9).await, Code::ResourceExhausted, "OVERLOADED");
    assert!(
        status
            .get_error_details()
            .retry_info()
            .unwrap()
            .retry_delay
            .is_some()
    );
    drop(valve);
    while let Some(answer) = waiting.join_next().await {
        answer.unwrap().expect("those who waited are served");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_served_and_positions_have_no_gap() {
    let mut server = TestServer::open().await;
    let mut clients = JoinSet::new();
    for tag in 0..256 {
        let mut record = server.record.clone();
        clients.spawn(async move {
            let mut positions = Vec::new();
            for round in 0..4 {
                let answer = record.append(body(1_000 * round + tag)).await.unwrap();
                positions.push(answer.into_inner().receipts[0].position);
            }
            assert!(positions.is_sorted(), "{positions:?}");
            positions
        });
    }
    let mut positions: Vec<_> = clients.join_all().await.into_iter().flatten().collect();
    positions.sort_unstable();
    assert!(positions.iter().copied().eq(1..=1_024));
    let history = server.history(ReadHistoryRequest::default()).await;
    let positions = history
        .iter()
        .map(|item| item.entry.as_ref().unwrap().position);
    assert!(positions.eq(1..=1_024));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_refuses_only_the_request_at_fault() {
    let (mut server, valve) = TestServer::with_valve(options(), &MemoryMedium::new()).await;
    let send = |request| {
        let mut record = server.record.clone();
        tokio::spawn(async move { record.append(request).await })
    };
    let first = send(body(1));
    valve.arrival().await;
    // These wait together and become one group.
    let good = send(body(2));
    let bad = send(append(3, &[alias("nobody", "N", 0)]));
    let twice = send(body(4));
    let again = send(body(4));
    let other = send(append(5, &[registered("body-2")]));
    tokio::time::sleep(Duration::from_millis(200)).await;
    valve.turn(Turn::Go);
    assert_eq!(valve.arrival().await, 2, "two of five are recorded");
    valve.turn(Turn::Go);
    first.await.unwrap().unwrap();
    refused(
        bad.await.unwrap(),
        Code::FailedPrecondition,
        "UNKNOWN_SUBJECT",
    );
    // Either of two conflicting requests may come first.
    let claims = [good.await.unwrap(), other.await.unwrap()];
    assert_eq!(claims.iter().filter(|claim| claim.is_ok()).count(), 1);
    let answers = [twice.await.unwrap().unwrap(), again.await.unwrap().unwrap()];
    let repeats = answers
        .iter()
        .filter(|a| a.get_ref().already_recorded)
        .count();
    assert_eq!(repeats, 1);
    assert_eq!(answers[0].get_ref().receipts, answers[1].get_ref().receipts);
    assert_eq!(server.history(ReadHistoryRequest::default()).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_entry_is_shown_before_it_is_durable() {
    let medium = MemoryMedium::new();
    let (server, valve) = TestServer::with_valve(options(), &medium).await;
    let send = |request| {
        let mut record = server.record.clone();
        tokio::spawn(async move { record.append(request).await })
    };
    let first = send(body(1));
    valve.arrival().await;
    let new = send(body(2));
    tokio::time::sleep(Duration::from_millis(100)).await;
    // A repeat of it, a refusal that depends on it, and a validation beside it.
    let repeat = send(body(2));
    let resting = send(append(3, &[registered("body-2")]));
    tokio::time::sleep(Duration::from_millis(100)).await;
    valve.turn(Turn::Go);
    valve.arrival().await;
    first.await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(
        !repeat.is_finished() && !resting.is_finished(),
        "answered before it was durable"
    );

    medium.switch().fail_next(InjectedFault::Failed);
    valve.turn(Turn::Go);
    refused(new.await.unwrap(), Code::Unavailable, "OUTCOME_UNKNOWN");
    refused(repeat.await.unwrap(), Code::Unavailable, "OUTCOME_UNKNOWN");
    refused(resting.await.unwrap(), Code::Unavailable, "WRITER_STOPPED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_and_stops_nothing() {
    let (mut server, valve) = TestServer::with_valve(options(), &MemoryMedium::new()).await;
    for (outcome, tag) in [
        (Turn::Go, 1),
        (Turn::NoSpace, 2),
        (Turn::Go, 2),
        (Turn::Go, 3),
    ] {
        valve.turn(outcome);
        let answer = server.record.append(body(tag)).await;
        match outcome {
            Turn::NoSpace => drop(refused(answer, Code::ResourceExhausted, "DISK_FULL")),
            Turn::Go | Turn::Panic => {
                let answer = answer.unwrap().into_inner();
                assert!(!answer.already_recorded);
                assert_eq!(u128::from(answer.receipts[0].position), tag);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_never_runs_back() {
    let mut options = options();
    let instants = [
        "2026-11-23T10:00:02.1234567Z",
        "2026-11-23T10:00:01Z",
        "2026-11-23T10:00:03Z",
    ];
    let turn = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let read = Arc::clone(&turn);
    options.clock = minutebook::clock::Clock::new(move || {
        let index = read.load(std::sync::atomic::Ordering::SeqCst);
        instants[index].parse().unwrap()
    });
    let mut server = TestServer::on(options, &MemoryMedium::new()).await;
    let mut recorded = Vec::new();
    for tag in 1..=3 {
        turn.store(tag as usize - 1, std::sync::atomic::Ordering::SeqCst);
        let answer = server.record.append(body(tag)).await.unwrap().into_inner();
        let at = answer.recorded_at.unwrap();
        recorded.push((at.seconds % 60, at.nanos));
    }
    assert_eq!(recorded, [(2, 123_456_000), (2, 123_456_000), (3, 0)]);
}
