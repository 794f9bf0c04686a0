//! Answers to recorders: receipts, repeats and refusals.

use minutebook::wire::proto::{AppendRequest, ExpectedRevision, ReadHistoryRequest};
use serde_json::json;
use tonic::Code;
use tonic_types::StatusExt;

use super::test_server::{TestServer, alias, body, fact, refused, registered};
use crate::given::{append, event};

#[tokio::test(flavor = "multi_thread")]
async fn recorded_entries_are_in_the_history() {
    let mut server = TestServer::open().await;
    let request = append(
        1,
        &[
            registered("north"),
            registered("south"),
            alias("north", "N", 3),
        ],
    );
    let response = server
        .record
        .append(request.clone())
        .await
        .unwrap()
        .into_inner();

    assert_eq!(response.request_id, request.request_id);
    let lines: Vec<_> = response
        .receipts
        .iter()
        .map(|r| (r.position, r.subject.as_str(), r.revision))
        .collect();
    assert_eq!(
        lines,
        [
            (1, "bodies/north", 1),
            (2, "bodies/south", 1),
            (3, "bodies/north", 2)
        ]
    );
    assert!(!response.already_recorded && !response.validated_only);
    assert_eq!(
        response.recorded_at.as_ref().unwrap().seconds,
        1_795_428_000
    );

    let history = server.history(ReadHistoryRequest::default()).await;
    let entries: Vec<_> = history
        .into_iter()
        .map(|item| item.entry.unwrap())
        .collect();
    let events: Vec<_> = entries.iter().map(|e| e.event.clone().unwrap()).collect();
    assert_eq!(events, request.events, "the very events that were sent");
    assert!(
        entries
            .iter()
            .all(|e| e.recorded_at == response.recorded_at)
    );
    assert!(
        entries
            .iter()
            .all(|e| e.recorded_by == request.recorded_by && e.request_size == 3)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_twice_is_one_entry() {
    let mut server = TestServer::open().await;
    let mut request = append(1, &[registered("north"), alias("north", "N", 0)]);
    let first = server
        .record
        .append(request.clone())
        .await
        .unwrap()
        .into_inner();
    server.record(body(2)).await;

    // A precondition is not part of the content: it was checked the first time.
    request.expected_revisions = vec![ExpectedRevision {
        subject: "bodies/north".into(),
        revision: 0,
    }];
    let again = server
        .record
        .append(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert!(again.already_recorded);
    assert_eq!(
        (&again.receipts, &again.recorded_at),
        (&first.receipts, &first.recorded_at)
    );

    let mut judged = request.clone();
    judged.validate_only = true;
    assert!(
        server
            .record
            .append(judged)
            .await
            .unwrap()
            .into_inner()
            .already_recorded
    );

    let mut fewer = request.clone();
    fewer.events.pop();
    let mut other = request.clone();
    other.events[1].note = "different".into();
    let mut someone_else = request;
    someone_else.recorded_by = "Someone else".into();
    for reused in [fewer, other, someone_else] {
        let status = refused(
            server.record.append(reused).await,
            Code::AlreadyExists,
            "REQUEST_ID_REUSED",
        );
        assert_eq!(fact(&status, "position"), "1");
    }
    assert_eq!(server.history(ReadHistoryRequest::default()).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn to_validate_is_to_judge_and_record_nothing() {
    let mut server = TestServer::open().await;
    server.record(body(1)).await;
    let mut request = append(2, &[alias("body-1", "One", 0), registered("two")]);
    request.validate_only = true;
    let judged = server
        .record
        .append(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert!(judged.validated_only && judged.recorded_at.is_none() && !judged.already_recorded);
    let lines: Vec<_> = judged
        .receipts
        .iter()
        .map(|r| (r.position, r.revision))
        .collect();
    assert_eq!(lines, [(0, 2), (0, 1)]);

    let mut faulty = append(3, &[alias("nobody", "N", 0)]);
    faulty.validate_only = true;
    refused(
        server.record.append(faulty).await,
        Code::FailedPrecondition,
        "UNKNOWN_SUBJECT",
    );

    assert_eq!(server.history(ReadHistoryRequest::default()).await.len(), 1);
    // Validation did not use up the request id.
    request.validate_only = false;
    assert_eq!(server.record(request).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_revision_is_refused_with_the_real_one() {
    let mut server = TestServer::open().await;
    server.record(body(1)).await;
    let mut request = append(2, &[alias("body-1", "One", 0)]);
    let expect = |subject: &str, revision| ExpectedRevision {
        subject: subject.into(),
        revision,
    };
    request.expected_revisions = vec![expect("bodies/body-1", 7), expect("bodies/body-2", 1)];
    let status = refused(
        server.record.append(request.clone()).await,
        Code::Aborted,
        "STALE_REVISION",
    );
    assert_eq!(fact(&status, "subject"), "bodies/body-1");
    assert_eq!(fact(&status, "expected_revision"), "7");
    assert_eq!(fact(&status, "actual_revision"), "1");
    assert_eq!(fact(&status, "fault_2_actual_revision"), "0");

    request.expected_revisions = vec![expect("bodies/body-1", 1), expect("bodies/body-2", 0)];
    assert_eq!(server.record(request).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_at_fault_is_named() {
    let mut server = TestServer::open().await;
    let request = AppendRequest {
        request_id: "not a uuid".into(),
        events: append(1, &[alias("North", "", 0)]).events,
        ..Default::default()
    };
    let status = refused(
        server.record.append(request).await,
        Code::InvalidArgument,
        "INVALID_FIELDS",
    );
    let details = status.get_error_details();
    let violations = &details.bad_request().unwrap().field_violations;
    let mut fields: Vec<_> = violations.iter().map(|v| v.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "events[0].alias_added.alias",
            "events[0].subject",
            "recorded_by",
            "request_id"
        ]
    );
    assert!(
        fields.iter().all(|field| status.message().contains(field)),
        "{}",
        status.message()
    );
    assert_eq!(fact(&status, "fault_count"), "4");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_broken_is_named_with_its_facts() {
    let mut server = TestServer::open().await;
    let request = append(1, &[alias("north", "N", 0), alias("south", "S", 0)]);
    let status = refused(
        server.record.append(request).await,
        Code::FailedPrecondition,
        "UNKNOWN_SUBJECT",
    );
    let details = status.get_error_details();
    let violations = &details.precondition_failure().unwrap().violations;
    let places: Vec<_> = violations
        .iter()
        .map(|v| (v.r#type.as_str(), v.subject.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("UNKNOWN_SUBJECT", "events[0].subject"),
            ("UNKNOWN_SUBJECT", "events[1].subject")
        ]
    );
    assert!(
        violations
            .iter()
            .all(|v| status.message().contains(&v.description))
    );
    for (name, value) in [
        ("rule", "9"),
        ("event_index", "0"),
        ("subject", "bodies/north"),
        ("fault_count", "2"),
        ("fault_2_reason", "UNKNOWN_SUBJECT"),
        ("fault_2_subject", "bodies/south"),
        ("fault_2_event_index", "1"),
    ] {
        assert_eq!(fact(&status, name), value, "{name}");
    }
    assert!(
        server
            .history(ReadHistoryRequest::default())
            .await
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn more_faults_than_fit_are_counted() {
    let mut server = TestServer::open().await;
    let events: Vec<_> = (0..100)
        .map(|n| alias(&format!("nobody-{n}"), "N", 0))
        .collect();
    let status = server.record.append(append(1, &events)).await.unwrap_err();
    assert_eq!(fact(&status, "fault_count"), "100");
    let listed: usize = fact(&status, "faults_listed").parse().unwrap();
    assert!((3..100).contains(&listed), "{listed}");
    assert!(status.message().ends_with(&format!(
        "{} more are not listed: mend these first",
        100 - listed
    )));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_too_large_is_refused_with_a_message() {
    let mut server = TestServer::open().await;
    let events: Vec<_> = (0..100)
        .map(|n| {
            let mut event = alias("north", &format!("N{n}"), 4_000);
            event["sources"] = json!([
                { "title": "t", "uri": "u".repeat(2_000) },
                { "title": "t", "uri": "u".repeat(2_000) },
                { "title": "t", "uri": "u".repeat(2_000) },
                { "title": "t", "uri": "u".repeat(2_000) },
            ]);
            event
        })
        .collect();
    let status = refused(
        server.record.append(append(1, &events)).await,
        Code::InvalidArgument,
        "INVALID_FIELDS",
    );
    assert!(
        status
            .message()
            .starts_with("events: the entries of one request have at most")
    );

    let mut huge = append(1, &[registered("north")]);
    huge.events[0].note = "x".repeat(5 * 1024 * 1024);
    refused(
        server.record.append(huge).await,
        Code::ResourceExhausted,
        "MESSAGE_TOO_LARGE",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_every_sort_are_stored_as_they_were_sent() {
    let mut server = TestServer::open().await;
    let request = append(
        1,
        &[
            registered("north"),
            registered("south"),
            event(
                "collaborations/ns",
                "2014-05",
                "collaborationEstablished",
                json!({
                    "name": "North and South",
                    "kind": "COLLABORATION_KIND_REGIONAL",
                    "partyIds": ["north", "south"],
                }),
            ),
        ],
    );
    server.record(request.clone()).await;
    let history = server.history(ReadHistoryRequest::default()).await;
    assert_eq!(
        history[2].entry.as_ref().unwrap().event.as_ref(),
        request.events.last()
    );
    assert!(!history[2].summary.is_empty());
}

/// An append from a newer client, with a field that this server does not know.
#[derive(Clone, PartialEq, prost::Message)]
struct Newer {
    #[prost(string, tag = "1")]
    request_id: String,
    #[prost(message, repeated, tag = "2")]
    events: Vec<minutebook::wire::proto::Event>,
    #[prost(string, tag = "4")]
    recorded_by: String,
    #[prost(uint32, tag = "77")]
    urgency: u32,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_not_known_is_refused_and_not_dropped() {
    let server = TestServer::open().await;
    let append = append(1, &[registered("north")]);
    let send = |urgency| {
        let request = Newer {
            request_id: append.request_id.clone(),
            events: append.events.clone(),
            recorded_by: append.recorded_by.clone(),
            urgency,
        };
        let mut client = tonic::client::Grpc::new(server.channel.clone());
        async move {
            client.ready().await.unwrap();
            let path = "/minutebook.v1.RecordService/Append".parse().unwrap();
            let codec =
                tonic_prost::ProstCodec::<Newer, minutebook::wire::proto::AppendResponse>::default(
                );
            client
                .unary(tonic::Request::new(request), path, codec)
                .await
        }
    };
    let status = send(3).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(
        status.message().contains("field number 77"),
        "{}",
        status.message()
    );
    let receipt = send(0)
        .await
        .expect("without it, it is an ordinary append")
        .into_inner();
    assert!(!receipt.already_recorded, "nothing of the first was kept");
}
