//! How fast a log of many entries is read: history, and a subscription that catches
//! up and then follows new entries.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::subscribe_response::Message;
use minutebook::wire::proto::{EntryFilter, ReadHistoryRequest, SubscribeRequest};

use crate::actions::action;
use crate::appends::{drive_until, subject};
use crate::child::Child;
use crate::connect;

/// Prints the rates, on a filled store.
pub async fn rates(data: &Path, entries: u64, seconds: u64) {
    let server = Child::register(data);
    // The work after a start is finished by then.
    tokio::time::sleep(Duration::from_secs(if entries > 100_000 { 15 } else { 2 })).await;
    println!("reading {entries} entries, one stream:");
    let all = ReadHistoryRequest::default();
    println!(
        "{:<44} {:>12.0} entries/s",
        "history",
        history(server.address, all).await
    );
    let request = ReadHistoryRequest {
        filter: Some(EntryFilter {
            subjects: vec![subject(7)],
            kinds: Vec::new(),
        }),
        ..ReadHistoryRequest::default()
    };
    println!(
        "{:<44} {:>12.0} entries/s",
        "history of one collaboration",
        history(server.address, request).await
    );
    println!(
        "{:<44} {:>12.0} entries/s",
        "a subscription that catches up",
        caught_up(server.address, entries).await
    );
    let (rate, recorded) = followed(server.address, entries, seconds).await;
    println!(
        "{:<44} {rate:>12.0} entries/s of {recorded:.0}",
        "one that follows 64 recorders"
    );
    println!();
    server.stop();
}

async fn history(address: SocketAddr, request: ReadHistoryRequest) -> f64 {
    let mut client = AuditServiceClient::new(connect(address).await);
    let (start, mut count) = (Instant::now(), 0_u32);
    let mut entries = client.read_history(request).await.expect("a stream");
    let entries = entries.get_mut();
    while entries.message().await.expect("an entry").is_some() {
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

async fn caught_up(address: SocketAddr, entries: u64) -> f64 {
    let mut client = AuditServiceClient::new(connect(address).await);
    let start = Instant::now();
    let stream = client.subscribe(SubscribeRequest::default()).await;
    let mut stream = stream.expect("a stream").into_inner();
    let mut count = 0;
    while count < entries {
        let message = stream
            .message()
            .await
            .expect("a message")
            .expect("one more");
        count += u64::from(matches!(message.message, Some(Message::Entry(_))));
    }
    count as f64 / start.elapsed().as_secs_f64()
}

/// Entries per second that a subscriber receives during writes, and entries per
/// second written.
async fn followed(address: SocketAddr, after: u64, seconds: u64) -> (f64, f64) {
    let mut client = AuditServiceClient::new(connect(address).await);
    let request = SubscribeRequest {
        after_position: after,
        ..SubscribeRequest::default()
    };
    let stream = client.subscribe(request).await.expect("a stream");
    let mut stream = stream.into_inner();
    let enough = Arc::new(AtomicBool::new(false));
    let recording = tokio::spawn(drive_until(address, 64, Arc::clone(&enough), action));
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < Duration::from_secs(seconds) {
        let message = stream
            .message()
            .await
            .expect("a message")
            .expect("one more");
        count += u32::from(matches!(message.message, Some(Message::Entry(_))));
    }
    let read_rate = f64::from(count) / start.elapsed().as_secs_f64();
    enough.store(true, Ordering::Relaxed);
    let took = recording.await.expect("recorders");
    (read_rate, took.len() as f64 / start.elapsed().as_secs_f64())
}
