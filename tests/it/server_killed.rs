//! The server is killed under load, again and again. After each restart, without
//! any help, every acknowledged request is there exactly once.
//!
//! `MINUTEBOOK_TEST_SERVER_KILLS` sets the number of kills (default 8).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use minutebook::archive::verify::TrustAnchors;
use minutebook::server::offline;
use minutebook::wire::json;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{AppendRequest, AppendResponse};
use serde_json::json;
use uuid::Uuid;

use crate::given::event;
use crate::program::Serving;

/// A request of two events with its own id.
fn request(recorder: usize, n: usize) -> AppendRequest {
    let id = Uuid::now_v7();
    let subject = format!("bodies/b-{recorder}-{n}-{}", id.simple());
    let subject = &subject[..subject.len().min(60)];
    let events = [
        event(
            subject,
            "2013",
            "bodyRegistered",
            json!({ "name": "A body", "kind": "BODY_KIND_OTHER" }),
        ),
        event(subject, "2014", "aliasAdded", json!({ "alias": "B" })),
    ];
    json::from_value(json!({ "requestId": id.to_string(), "recordedBy": "Load", "events": events }))
        .expect("an append request")
}

type Acknowledged = Arc<Mutex<Vec<(AppendRequest, AppendResponse)>>>;

/// A request of one recorder without an answer: it is sent again, unchanged, after
/// the restart.
type Unanswered = Option<AppendRequest>;

/// Records until the server is gone, and keeps every receipt.
async fn record_until_it_dies(
    url: String,
    recorder: usize,
    acknowledged: Acknowledged,
    mut unanswered: Unanswered,
) -> Unanswered {
    let Ok(mut client) = RecordServiceClient::connect(url).await else {
        return unanswered;
    };
    for n in 0.. {
        let request = unanswered.take().unwrap_or_else(|| request(recorder, n));
        match client.append(request.clone()).await {
            Ok(receipt) => acknowledged
                .lock()
                .unwrap()
                .push((request, receipt.into_inner())),
            Err(_) => return Some(request),
        }
    }
    None
}

/// The views that must be the same live and after a replay.
fn views(serving: &Serving) -> Vec<String> {
    let shown = [
        "bodies",
        "boards",
        "collaborations",
        "approvals",
        "virements",
        "breaches",
        "notices",
    ];
    shown
        .into_iter()
        .map(|list| serving.prints(&["show", list, "--format", "json"]))
        .chain([serving.prints(&["history", "--format", "json"])])
        .collect()
}

/// Demands that a server shows the same after appends and after a replay, and that
/// the store verifies in between.
async fn live_is_as_replayed(data: &Path) {
    let serving = Serving::on(data);
    let mut client = RecordServiceClient::connect(serving.url.clone())
        .await
        .expect("a connection");
    for n in 0..40 {
        client.append(request(99, n)).await.expect("a receipt");
    }
    let live = views(&serving);
    drop(serving);
    let report = offline::verify(data, &TrustAnchors::default(), |_| {}).expect("it can be read");
    assert_eq!(report.faults, Vec::<String>::new());
    let replayed = views(&Serving::on(data));
    for (live, replayed) in live.iter().zip(&replayed) {
        let lines = live.lines().zip(replayed.lines());
        for (live, replayed) in lines {
            assert_eq!(live, replayed, "what was live is not what is replayed");
        }
        assert_eq!(live.lines().count(), replayed.lines().count());
    }
}

/// Records the walkthrough, which has an entry in every list; returns the number of
/// entries.
fn walkthrough_of(data: &Path) -> usize {
    let serving = Serving::on(data);
    serving.record(&[crate::program::walkthrough()]);
    serving
        .prints(&["history", "--format", "json"])
        .lines()
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_requests_survive_every_kill() {
    let kills: u64 = std::env::var("MINUTEBOOK_TEST_SERVER_KILLS")
        .map_or(8, |kills| kills.parse().expect("a number"));
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("register");
    let acknowledged = Acknowledged::default();
    let mut unanswered: Vec<Unanswered> = vec![None; 16];
    let mut again = 0;
    let known = walkthrough_of(&data);
    for kill in 0..kills {
        let mut serving = Serving::on(&data);
        again += unanswered.iter().flatten().count();
        let recorders: Vec<_> = unanswered
            .drain(..)
            .enumerate()
            .map(|(recorder, before)| {
                let (url, acknowledged) = (serving.url.clone(), Arc::clone(&acknowledged));
                tokio::spawn(record_until_it_dies(url, recorder, acknowledged, before))
            })
            .collect();
        // Moments are spread, and differ from run to run.
        let spread = u64::from(Uuid::now_v7().as_bytes()[15]);
        tokio::time::sleep(Duration::from_millis(40 + (kill * 37 + spread) % 160)).await;
        serving.child.kill().expect("SIGKILL");
        serving.child.wait().expect("its end");
        for recorder in recorders {
            unanswered.push(recorder.await.expect("a recorder"));
        }
        if kill % 200 == 199 {
            live_is_as_replayed(&data).await;
        }
    }
    assert!(again > 0, "something was sent twice");
    live_is_as_replayed(&data).await;

    let serving = Serving::on(&data);
    let history = serving.prints(&["history", "--format", "json"]);
    let mut by_request: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (line, expected) in history.lines().zip(1_u64..).skip(known) {
        let item: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let position = item["entry"]["position"]
            .as_str()
            .expect("a position")
            .parse()
            .expect("it");
        assert_eq!(position, expected, "positions have no gap");
        let id = item["entry"]["requestId"]
            .as_str()
            .expect("a request")
            .to_owned();
        by_request.entry(id).or_default().push(position);
    }
    assert!(
        by_request.values().all(|positions| positions.len() == 2),
        "each whole, and once"
    );

    let acknowledged = std::mem::take(&mut *acknowledged.lock().unwrap());
    println!(
        "{kills} kills, {} acknowledged, {} recorded, {again} sent again",
        acknowledged.len(),
        by_request.len()
    );
    assert!(acknowledged.len() > kills as usize, "there was load");
    let mut client = RecordServiceClient::connect(serving.url.clone())
        .await
        .expect("a connection");
    for (request, receipt) in acknowledged {
        let again = client
            .append(request)
            .await
            .expect("it is known")
            .into_inner();
        assert!(again.already_recorded, "acknowledged, and recorded");
        assert_eq!(again.receipts, receipt.receipts);
    }
}
