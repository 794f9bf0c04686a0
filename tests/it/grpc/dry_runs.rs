//! Dry runs: requests judged each after those before it, and not recorded.

use minutebook::wire::proto::dry_run_response::Outcome;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{AppendRequest, DryRunResponse, ExpectedRevision};
use prost::Message as _;
use serde_json::{Value, json};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Code, Status};

use super::test_server::{TestServer, reason};
use crate::given::{append, collaboration, event, on_x};

/// The answers to a dry run, all of them.
pub async fn dry_run(
    record: &mut RecordServiceClient<Channel>,
    requests: Vec<AppendRequest>,
) -> Vec<DryRunResponse> {
    try_dry_run(record, requests).await.expect("answers")
}

async fn try_dry_run(
    record: &mut RecordServiceClient<Channel>,
    requests: Vec<AppendRequest>,
) -> Result<Vec<DryRunResponse>, Status> {
    let mut answers = record
        .dry_run(tokio_stream::iter(requests))
        .await?
        .into_inner();
    let mut all = Vec::new();
    while let Some(answer) = answers.message().await? {
        all.push(answer);
    }
    Ok(all)
}

/// The status with which a request would be refused.
pub fn refused_as(answer: DryRunResponse) -> Option<Status> {
    match answer.outcome.expect("an outcome") {
        Outcome::Answer(_) => None,
        Outcome::Refusal(refusal) => {
            let details = refusal.encode_to_vec().into();
            let code = Code::from_i32(refusal.code);
            Some(Status::with_details(code, refusal.message, details))
        }
    }
}

/// The outcome of each request, in a word.
async fn outcomes(server: &mut TestServer, requests: Vec<AppendRequest>) -> Vec<String> {
    let answers = dry_run(&mut server.record, requests).await;
    let outcome = |answer: DryRunResponse| match &answer.outcome {
        Some(Outcome::Answer(answer)) if answer.already_recorded => "already".to_owned(),
        Some(Outcome::Answer(_)) => "taken".to_owned(),
        _ => reason(&refused_as(answer).expect("a refusal")),
    };
    answers.into_iter().map(outcome).collect()
}

fn body(id: &str) -> Value {
    let payload = json!({ "name": id, "kind": "BODY_KIND_POLICING_BODY", "force": id });
    event(
        &format!("bodies/{id}"),
        "2012-11-22",
        "bodyRegistered",
        payload,
    )
}

fn alias(tag: u128, alias: &str) -> AppendRequest {
    append(
        tag,
        &[on_x("2014", "aliasAdded", json!({ "alias": alias }))],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_judged_after_those_that_would_be_recorded_and_none_is() {
    let mut server = TestServer::open().await;
    server.record(append(1, &[body("a-pcc")])).await;
    let founding = append(2, &[body("b-pcc"), collaboration(&["a-pcc", "b-pcc"])]);
    let mut stale = alias(5, "Y");
    stale.expected_revisions = vec![ExpectedRevision {
        subject: "collaborations/x".into(),
        revision: 1,
    }];
    let mut asked = alias(6, "Only asked");
    asked.validate_only = true;
    let mut unread = alias(7, "Y");
    unread.events[0].subject = "x".into();
    let requests = vec![
        append(1, &[body("a-pcc")]),
        alias(3, "X"),
        founding.clone(),
        founding.clone(),
        alias(4, "X"),
        stale,
        asked,
        unread,
        alias(4, "Z"),
        append(1, &[body("other")]),
    ];
    let expected = [
        "already",
        "UNKNOWN_SUBJECT",
        "taken",
        "already",
        "taken",
        "STALE_REVISION",
        "taken",
        "INVALID_FIELDS",
        "REQUEST_ID_REUSED",
        "REQUEST_ID_REUSED",
    ];
    assert_eq!(outcomes(&mut server, requests.clone()).await, expected);
    // Another dry run sees nothing of it.
    assert_eq!(outcomes(&mut server, requests).await, expected);
    assert_eq!(server.history(Default::default()).await.len(), 1);
    // Recorded, they are judged in the same way.
    server.record(founding.clone()).await;
    assert_eq!(outcomes(&mut server, vec![founding]).await, ["already"]);
    server.running.stop().await.expect("to stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_has_the_revisions_and_the_explanations() {
    let mut server = TestServer::open().await;
    server
        .record(append(1, &[body("a-pcc"), body("b-pcc")]))
        .await;
    let requests = vec![
        append(2, &[collaboration(&["a-pcc", "b-pcc"])]),
        alias(3, "X"),
    ];
    let answers = dry_run(&mut server.record, requests).await;
    let [_, second] = answers.as_slice() else {
        panic!("{answers:?}")
    };
    let Some(Outcome::Answer(answer)) = &second.outcome else {
        panic!("{second:?}")
    };
    let receipt = &answer.receipts[0];
    assert_eq!((receipt.position, receipt.revision), (0, 2));
    assert!(answer.validated_only && answer.recorded_at.is_none());
    assert_eq!(
        second.answered_from.as_ref().map(|from| from.position),
        Some(2)
    );
    assert!(second.explanations[0].would_be_taken);
    server.running.stop().await.expect("to stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_has_a_limit_and_so_has_their_number() {
    let mut server = TestServer::open().await;
    let long = |tag| {
        let mut bodies = Vec::new();
        for n in 0..10 {
            let mut body = body(&format!("b-{tag}-{n}"));
            body["note"] = json!("n".repeat(3_900));
            bodies.push(body);
        }
        append(tag, &bodies)
    };
    let requests = (1..200).map(long).collect();
    let refused = try_dry_run(&mut server.record, requests).await;
    let refused = refused.expect_err("too much");
    assert_eq!(reason(&refused), "TOO_COSTLY");
    assert_eq!(refused.code(), Code::ResourceExhausted);

    let mut open = Vec::new();
    let refused = loop {
        let (send, requests) = tokio::sync::mpsc::channel(1);
        send.send(append(1, &[body("a-pcc")])).await.expect("room");
        match server.record.dry_run(ReceiverStream::new(requests)).await {
            Ok(answers) => open.push((send, answers.into_inner())),
            Err(status) => break status,
        }
        assert!(open.len() <= 8, "a limit");
    };
    assert_eq!((open.len(), &*reason(&refused)), (8, "OVERLOADED"));
    // Those who go make room.
    open.clear();
    let again = loop {
        let again = try_dry_run(&mut server.record, vec![append(1, &[body("a-pcc")])]).await;
        match again {
            Err(status) if reason(&status) == "OVERLOADED" => tokio::task::yield_now().await,
            again => break again,
        }
    };
    assert_eq!(again.expect("room").len(), 1);
    server.running.stop().await.expect("to stop");
}
