//! The server is killed under load, again and again: what it acknowledged is
//! there when it starts again, once, and nobody has to help.
//!
//! `MINUTEBOOK_TEST_SERVER_KILLS` says how often (default 8).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{AppendRequest, AppendResponse};
use serde_json::json;
use uuid::Uuid;

use crate::given::event;
use crate::program::Serving;

/// A request of two events, under an id of its own.
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
    serde_json::from_value(
        json!({ "requestId": id.to_string(), "recordedBy": "Load", "events": events }),
    )
    .expect("an append request")
}

type Acknowledged = Arc<Mutex<Vec<(AppendRequest, AppendResponse)>>>;

/// Records until the server is gone, and notes every receipt.
async fn record_until_it_dies(url: String, recorder: usize, acknowledged: Acknowledged) {
    let Ok(mut client) = RecordServiceClient::connect(url).await else {
        return;
    };
    for n in 0.. {
        let request = request(recorder, n);
        match client.append(request.clone()).await {
            Ok(receipt) => acknowledged
                .lock()
                .unwrap()
                .push((request, receipt.into_inner())),
            Err(_) => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_every_kill() {
    let kills: u64 = std::env::var("MINUTEBOOK_TEST_SERVER_KILLS")
        .map_or(8, |kills| kills.parse().expect("a number"));
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("register");
    let acknowledged = Acknowledged::default();
    for kill in 0..kills {
        let mut serving = Serving::on(&data);
        let recorders: Vec<_> = (0..16)
            .map(|recorder| {
                let (url, acknowledged) = (serving.url.clone(), Arc::clone(&acknowledged));
                tokio::spawn(record_until_it_dies(url, recorder, acknowledged))
            })
            .collect();
        // No moment is special; these are spread, and differ from run to run.
        let spread = u64::from(Uuid::now_v7().as_bytes()[15]);
        tokio::time::sleep(Duration::from_millis(40 + (kill * 37 + spread) % 160)).await;
        serving.child.kill().expect("SIGKILL");
        serving.child.wait().expect("its end");
        for recorder in recorders {
            recorder.await.expect("a recorder");
        }
    }

    let serving = Serving::on(&data);
    let history = serving.prints(&["history", "--format", "json"]);
    let mut by_request: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (line, expected) in history.lines().zip(1_u64..) {
        let told: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let position = told["entry"]["position"]
            .as_str()
            .expect("a position")
            .parse()
            .expect("it");
        assert_eq!(position, expected, "positions have no gap");
        let id = told["entry"]["requestId"]
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
        "{kills} kills, {} acknowledged, {} recorded",
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
