//! Reading for auditors: history in both directions, and the log as it grows.

use std::time::Duration;

use minutebook::log::memory::MemoryMedium;
use minutebook::wire::proto::subscribe_response::Message;
use minutebook::wire::proto::{
    EntryFilter, ReadDirection, ReadHistoryRequest, ReadHistoryResponse, SubscribeRequest,
    SubscribeResponse,
};
use serde_json::json;
use tonic::{Code, Streaming};

use super::test_server::{TestServer, alias, body, fact, options, refused, registered};
use crate::given::{append, event};

fn positions(history: &[ReadHistoryResponse]) -> Vec<u64> {
    history
        .iter()
        .map(|item| item.entry.as_ref().unwrap().position)
        .collect()
}

fn filter(subjects: &[&str], kinds: &[&str]) -> Option<EntryFilter> {
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    Some(EntryFilter {
        subjects: owned(subjects),
        kinds: owned(kinds),
    })
}

/// Records 1 north, 2 south, then aliases of each in turn, `count` entries in all.
async fn record_bodies(server: &mut TestServer, count: usize) {
    server
        .record(append(1, &[registered("north"), registered("south")]))
        .await;
    let aliases: Vec<_> = (2..count)
        .map(|n| {
            alias(
                if n % 2 == 0 { "north" } else { "south" },
                &format!("N{n}"),
                0,
            )
        })
        .collect();
    for (tag, some) in aliases.chunks(100).enumerate() {
        server.record(append(2 + tag as u128, some)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_read_both_ways_and_in_part() {
    let mut server = TestServer::open().await;
    record_bodies(&mut server, 700).await;
    let backward = ReadDirection::Backward.into();
    let all = ReadHistoryRequest::default();
    assert!(
        positions(&server.history(all.clone()).await)
            .into_iter()
            .eq(1..=700)
    );
    let request = ReadHistoryRequest {
        direction: backward,
        ..all.clone()
    };
    assert!(
        positions(&server.history(request).await)
            .into_iter()
            .eq((1..=700).rev())
    );
    for (direction, from, to, limit, expected) in [
        (0, 3, 5, 0, vec![3, 4, 5]),
        (0, 698, 9_999, 0, vec![698, 699, 700]),
        (0, 701, 0, 0, vec![]),
        (0, 0, 0, 2, vec![1, 2]),
        (backward, 5, 3, 0, vec![5, 4, 3]),
        (backward, 9_999, 0, 2, vec![700, 699]),
        (backward, 0, 699, 0, vec![700, 699]),
        (backward, 2, 0, 0, vec![2, 1]),
    ] {
        let request = ReadHistoryRequest {
            direction,
            from_position: from,
            to_position: to,
            limit,
            ..all.clone()
        };
        let found = positions(&server.history(request.clone()).await);
        assert_eq!(found, expected, "{request:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_filtered_by_subject_and_kind() {
    let mut server = TestServer::open().await;
    // More entries of one subject than one chunk holds.
    record_bodies(&mut server, 900).await;
    let backward = ReadDirection::Backward;
    let north: Vec<u64> = (1..=900).filter(|n| n % 2 == 1).collect();
    for (subjects, kinds, expected) in [
        (vec!["bodies/north"], vec![], north.clone()),
        (vec![], vec!["body_registered"], vec![1, 2]),
        (
            vec!["bodies/north"],
            vec!["alias_added"],
            north[1..].to_vec(),
        ),
        (
            vec!["bodies/south", "bodies/north"],
            vec![],
            (1..=900).collect(),
        ),
        (vec!["bodies/nobody"], vec![], vec![]),
        (vec![], vec!["agreement_signed"], vec![]),
    ] {
        for direction in [ReadDirection::Forward, backward] {
            let mut expected = expected.clone();
            if direction == backward {
                expected.reverse();
            }
            let request = ReadHistoryRequest {
                filter: filter(&subjects, &kinds),
                direction: direction.into(),
                ..Default::default()
            };
            assert_eq!(
                positions(&server.history(request.clone()).await),
                expected,
                "{request:?}"
            );
        }
    }
    let request = ReadHistoryRequest {
        filter: filter(&["bodies/north"], &["alias_added"]),
        direction: backward.into(),
        from_position: 600,
        to_position: 500,
        limit: 3,
    };
    assert_eq!(positions(&server.history(request).await), [599, 597, 595]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_makes_no_sense_is_refused_with_every_fault() {
    let mut server = TestServer::open().await;
    let request = ReadHistoryRequest {
        filter: filter(&["forces/north"], &["agreement_singed"]),
        direction: 7,
        from_position: 5,
        to_position: 3,
        limit: 0,
    };
    let status = refused(
        server.audit.read_history(request).await,
        Code::InvalidArgument,
        "INVALID_FIELDS",
    );
    for field in [
        "filter.subjects[0]",
        "filter.kinds[0]",
        "direction",
        "to_position",
    ] {
        assert!(
            status.message().contains(field),
            "{field}: {}",
            status.message()
        );
    }
    let ahead = SubscribeRequest {
        after_position: 1,
        ..Default::default()
    };
    refused(
        server.audit.subscribe(ahead).await,
        Code::InvalidArgument,
        "INVALID_FIELDS",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_names_the_entry_that_corrected_it() {
    let mut server = TestServer::open().await;
    record_bodies(&mut server, 3).await;
    let correct = |position: u64| {
        let payload = json!({ "position": position, "reason": "It was mistyped." });
        event("bodies/north", "", "entryCorrected", payload)
    };
    server.record(append(10, &[correct(3)])).await;
    let by = |history: Vec<ReadHistoryResponse>| -> Vec<_> {
        history
            .iter()
            .map(|item| item.corrected_by_position)
            .collect()
    };
    assert_eq!(
        by(server.history(ReadHistoryRequest::default()).await),
        [0, 0, 4, 0]
    );
    let request = ReadHistoryRequest {
        filter: filter(&["bodies/north"], &["alias_added"]),
        ..Default::default()
    };
    assert_eq!(by(server.history(request).await), [4]);
}

/// The next message of a stream, which must come soon.
async fn next(stream: &mut Streaming<SubscribeResponse>) -> Message {
    let message = tokio::time::timeout(Duration::from_secs(5), stream.message()).await;
    message
        .expect("in time")
        .expect("no error")
        .expect("no end")
        .message
        .expect("a message")
}

/// The next entry, however often the stream says that it has caught up.
async fn next_entry(stream: &mut Streaming<SubscribeResponse>) -> u64 {
    loop {
        if let Message::Entry(item) = next(stream).await {
            return item.entry.unwrap().position;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_catches_up_and_then_follows() {
    let mut server = TestServer::open().await;
    record_bodies(&mut server, 600).await;
    let request = SubscribeRequest {
        after_position: 10,
        ..Default::default()
    };
    let mut stream = server.audit.subscribe(request).await.unwrap().into_inner();
    for position in 11..=600 {
        let Message::Entry(item) = next(&mut stream).await else {
            panic!("caught up before position {position}");
        };
        assert_eq!(item.entry.unwrap().position, position);
    }
    assert_eq!(next(&mut stream).await, Message::CaughtUpToPosition(600));
    // It is sent again every few seconds.
    assert_eq!(next(&mut stream).await, Message::CaughtUpToPosition(600));
    for tag in 100..110 {
        let position = server.record(body(tag)).await;
        assert_eq!(next_entry(&mut stream).await, position);
    }
    let followed = loop {
        if let Message::CaughtUpToPosition(position) = next(&mut stream).await {
            break position;
        }
    };
    assert_eq!(followed, 610);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filtered_subscription_reports_the_position_it_has_reached() {
    let mut server = TestServer::open().await;
    record_bodies(&mut server, 400).await;
    let request = SubscribeRequest {
        filter: filter(&["bodies/south"], &["body_registered"]),
        ..Default::default()
    };
    let mut stream = server.audit.subscribe(request).await.unwrap().into_inner();
    assert_eq!(next_entry(&mut stream).await, 2);
    assert_eq!(next(&mut stream).await, Message::CaughtUpToPosition(400));
    server.record(body(100)).await;
    while next(&mut stream).await != Message::CaughtUpToPosition(401) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_does_not_read_is_cut_off_and_can_go_on() {
    let mut options = options();
    options.reader_timeout = Duration::from_millis(200);
    options.stream_len = 4;
    let mut server = TestServer::on(options, &MemoryMedium::new()).await;
    server.record(append(1, &[registered("north")])).await;
    for tag in 0..12 {
        let events: Vec<_> = (0..100)
            .map(|n| alias("north", &format!("N{tag}-{n}"), 4_000))
            .collect();
        server.record(append(2 + tag, &events)).await;
    }
    let address = server.running.address();
    let endpoint = tonic::transport::Channel::from_shared(format!("http://{address}")).unwrap();
    let narrow = endpoint
        .initial_stream_window_size(65_535)
        .initial_connection_window_size(65_535);
    let mut audit = minutebook::wire::proto::audit_service_client::AuditServiceClient::new(
        narrow.connect().await.unwrap(),
    );
    let mut stream = audit
        .subscribe(SubscribeRequest::default())
        .await
        .unwrap()
        .into_inner();
    tokio::time::sleep(Duration::from_millis(1_000)).await;

    let mut last = 0;
    let status = loop {
        match stream.message().await {
            Ok(Some(message)) => {
                let Some(Message::Entry(item)) = message.message else {
                    continue;
                };
                last += 1;
                assert!(last < 1_201, "it was not cut off");
                assert_eq!(item.entry.unwrap().position, last, "no gap before the cut");
            }
            Ok(None) => panic!("the stream ended without a reason"),
            Err(status) => break status,
        }
    };
    let status = refused(
        Err::<(), _>(status),
        Code::ResourceExhausted,
        "SUBSCRIBER_TOO_SLOW",
    );
    assert_eq!(fact(&status, "next_position"), (last + 1).to_string());
    let request = SubscribeRequest {
        after_position: last,
        ..Default::default()
    };
    let mut stream = server.audit.subscribe(request).await.unwrap().into_inner();
    for position in last + 1..=1_201 {
        assert_eq!(next_entry(&mut stream).await, position);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_only_so_many_streams() {
    let mut options = options();
    options.streams_max = 2;
    let mut server = TestServer::on(options, &MemoryMedium::new()).await;
    let first = server
        .audit
        .subscribe(SubscribeRequest::default())
        .await
        .unwrap();
    let _second = server
        .audit
        .subscribe(SubscribeRequest::default())
        .await
        .unwrap();
    let third = server.audit.subscribe(SubscribeRequest::default()).await;
    refused(third, Code::ResourceExhausted, "OVERLOADED");
    drop(first);
    for _ in 0..100 {
        if server
            .audit
            .subscribe(SubscribeRequest::default())
            .await
            .is_ok()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a stream that was left still counts");
}
