//! Requests that are small and cost much: the memory and the processor time of the
//! installed program.

use std::time::Duration;

use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{AppendRequest, StateAtRequest};
use serde_json::json;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::given::{append, bodies, collaboration, on_x};
use crate::grpc::limits::{APPEND, EXPLAIN, empty_messages, send_bare};
use crate::power_cut::not_run;
use crate::program::{Serving, register};

async fn channel(serving: &Serving) -> Channel {
    let endpoint = Channel::from_shared(serving.url.clone()).expect("an address");
    endpoint.connect().await.expect("a connection")
}

/// The most memory that the process ever had, in MiB; `None` where the system does not
/// report it.
fn peak(serving: &Serving) -> Option<u64> {
    let path = format!("/proc/{}/status", serving.child.id());
    let status = std::fs::read_to_string(path).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib >> 10)
}

/// The processor time that the process has used, in hundredths of a second.
fn busy(serving: &Serving) -> Option<u64> {
    let path = format!("/proc/{}/stat", serving.child.id());
    let stat = std::fs::read_to_string(path).ok()?;
    // Fields 12 and 13 after the name in brackets.
    let after = stat.rsplit(')').next()?;
    let ticks = after.split_whitespace().skip(11).take(2);
    ticks.map(|tick| tick.parse::<u64>().ok()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn four_mebibytes_of_empty_messages_take_no_more_than_their_bytes() {
    let (serving, _dir) = register();
    let Some(before) = peak(&serving) else {
        return not_run("the memory of a request", "there is no /proc");
    };
    let channel = channel(&serving).await;
    let mut attacks = Vec::new();
    for n in 0..4 {
        let (path, field) = [(APPEND, 2), (EXPLAIN, 1)][n % 2];
        let message = empty_messages(field, 4 * 1024 * 1024);
        attacks.push(tokio::spawn(send_bare(channel.clone(), path, message)));
    }
    for attack in attacks {
        attack.await.expect("no panic").expect_err("a refusal");
    }
    let grown = peak(&serving).expect("it runs").saturating_sub(before);
    println!("4 × 4 MiB of empty messages: {grown} MiB");
    // The bytes themselves come in twice: as they are received, and put together.
    assert!(grown < 128, "{grown} MiB");
}

/// A collaboration with this many proposals that await decision.
async fn with_proposals(serving: &Serving, count: u32) {
    let mut record = RecordServiceClient::new(channel(serving).await);
    let mut events = bodies();
    events.push(collaboration(&["a-pcc", "b-pcc"]));
    events.extend((0..count).map(|n| {
        let payload = json!({ "proposalId": Uuid::from_u128(u128::from(n) + 1).to_string(),
            "title": format!("Matter {n}"), "matter": { "other": "Something" } });
        let mut event = on_x("2020-06-01", "matterProposed", payload);
        event["actedBy"] = json!({ "bodyId": "a-pcc" });
        event
    }));
    let requests: Vec<AppendRequest> = (0..)
        .zip(events.chunks(100))
        .map(|(tag, events)| append(tag, events))
        .collect();
    for request in requests {
        record.append(request).await.expect("an admission");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_are_cancelled_cost_next_to_nothing() {
    let (serving, _dir) = register();
    if busy(&serving).is_none() {
        return not_run("the work of cancelled questions", "there is no /proc");
    }
    with_proposals(&serving, 2_000).await;
    let question = || StateAtRequest {
        subject: "collaborations/x".into(),
        ..StateAtRequest::default()
    };
    let channel = channel(&serving).await;
    let client = AuditServiceClient::new(channel).max_decoding_message_size(64 << 20);
    // The first answer folds what all others use, too.
    client.clone().state_at(question()).await.expect("a state");
    let before = busy(&serving).expect("it runs");
    client.clone().state_at(question()).await.expect("a state");
    let one = (busy(&serving).expect("it runs") - before).max(1);
    let before = busy(&serving).expect("it runs");
    for _ in 0..60 {
        let mut client = client.clone();
        let asked = tokio::spawn(async move { client.state_at(question()).await.map(drop) });
        tokio::time::sleep(Duration::from_millis(5)).await;
        asked.abort();
    }
    // Until the server rests.
    let mut last = busy(&serving).expect("it runs");
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = busy(&serving).expect("it runs");
        if now <= last + 2 {
            break;
        }
        last = now;
    }
    let cancelled = last - before;
    println!("an answer: {one}0 ms of work; 60 cancelled ones: {cancelled}0 ms");
    assert!(
        cancelled < 20 * one,
        "{cancelled} for sixty, and {one} for one"
    );
}
