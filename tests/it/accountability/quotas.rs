//! A quota is of a caller: neither of the address that several share, nor of the address
//! that one of them happens to have.

use minutebook::wire::proto::SubscribeRequest;
use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::HealthCheckResponse;
use tonic_health::pb::health_client::HealthClient;

use super::Kept;
use crate::grpc::test_server::refused;

type Followed = Streaming<minutebook::wire::proto::SubscribeResponse>;

async fn follow(audit: &mut AuditServiceClient<Channel>) -> Result<Followed, Status> {
    let answer = audit.subscribe(SubscribeRequest::default()).await;
    answer.map(tonic::Response::into_inner)
}

/// Follows the log until that is refused.
async fn follow_all(audit: &mut AuditServiceClient<Channel>, held: &mut Vec<Followed>) -> usize {
    let before = held.len();
    loop {
        match follow(audit).await {
            Ok(stream) => held.push(stream),
            Err(status) => {
                refused(Err::<(), _>(status), Code::ResourceExhausted, "OVERLOADED");
                return held.len() - before;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_has_one_quota_from_two_addresses_and_two_have_two_from_one() {
    let kept = Kept::granting(&[("first", "reader"), ("second", "reader")]).await;
    let server = kept.start(|options| options.streams_max = 16).await;
    let mut held = Vec::new();
    let mut first = kept.audit(&server, "first", 1).await;
    let mut elsewhere = kept.audit(&server, "first", 2).await;
    assert_eq!(follow_all(&mut first, &mut held).await, 8);
    // Elsewhere it is the same caller, who has no more.
    assert_eq!(follow_all(&mut elsewhere, &mut held).await, 0);
    // Another caller at the same address has what any caller would get now.
    let mut second = kept.audit(&server, "second", 1).await;
    assert_eq!(follow_all(&mut second, &mut held).await, 4);
    drop(held);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_others_leaves_auditors_their_streams() {
    let readers = ["first", "second", "third"].map(|holder| (holder, "reader"));
    let kept = Kept::granting(&[&readers[..], &[("auditor", "auditor")]].concat()).await;
    let server = kept.start(|options| options.streams_max = 2).await;
    let mut held = Vec::new();
    for holder in ["first", "second"] {
        let mut audit = kept.audit(&server, holder, 1).await;
        assert_eq!(follow_all(&mut audit, &mut held).await, 1);
    }
    let mut third = kept.audit(&server, "third", 3).await;
    assert_eq!(follow_all(&mut third, &mut held).await, 0);
    let mut auditor = kept.audit(&server, "auditor", 3).await;
    let mut stream = follow(&mut auditor).await.expect("the reserve");
    assert!(stream.message().await.expect("an entry").is_some());
}

type Watched = Streaming<HealthCheckResponse>;

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_others_leaves_a_load_balancer_the_question_of_health() {
    let kept = Kept::granting(&[]).await;
    let server = kept
        .start(|options| {
            options.calls_max = 4;
            options.peer_share = 100;
        })
        .await;
    let mut health = HealthClient::new(server.channel.clone());
    let question = HealthCheckRequest::default;
    let mut watched: Vec<Watched> = Vec::new();
    let refusal = loop {
        match health.watch(question()).await {
            Ok(stream) => watched.push(stream.into_inner()),
            Err(status) => break status,
        }
    };
    refused(Err::<(), _>(refusal), Code::ResourceExhausted, "OVERLOADED");
    assert_eq!(watched.len(), 4);
    health.check(question()).await.expect("a report");
}
