//! The memory, disk and start time of a register with many entries.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use minutebook::wire::proto::ListCollaborationsRequest;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;

use crate::actions::COLLABORATIONS;
use crate::appends::{staged, streamed};
use crate::child::{Child, folded};
use crate::{connect, reading};

/// Prints them for each size, and the reading rates of the largest.
pub async fn sizes(root: &Path, seconds: u64, sizes: &[u64]) {
    println!("a register of so many entries, recorded over gRPC by 16 streams, then started");
    println!("from the log alone, and from snapshots; the register alone for comparison:");
    println!(
        "{:>9} {:>10} {:>10} {:>9} {:>11} {:>13} {:>10} {:>11} {:>7} {:>9}",
        "entries",
        "recorded/s",
        "server MB",
        "folded MB",
        "from log s",
        "from snaps s",
        "folding s",
        "serving MB",
        "log MB",
        "all MB"
    );
    for &entries in sizes {
        let data = root.join(format!("growth-{entries}"));
        let server = staged(&data).await;
        let start = Instant::now();
        let left = u32::try_from(entries).expect("not that many") - COLLABORATIONS - 1;
        let answered = streamed(server.address, 16, move |n| n < left).await;
        let recorded = f64::from(answered) / start.elapsed().as_secs_f64();
        let (_, recording) = server.memory();
        server.stop();
        let folded = folded(entries);
        let log = bytes_in(&data.join("sled")) / 1_000_000;

        let _ = fs::remove_dir_all(data.join("snapshots"));
        let from_log = Child::register(&data);
        settle(&data);
        let from_log_in = from_log.started_in;
        from_log.stop();
        let all = bytes_in(&data) / 1_000_000;

        let start = Instant::now();
        let from_snapshots = Child::register(&data);
        // This list covers the whole register, so every subject is folded.
        let mut client = RegisterServiceClient::new(connect(from_snapshots.address).await);
        let listed = client.list_collaborations(ListCollaborationsRequest::default());
        listed.await.expect("a list");
        let folding = start.elapsed();
        let from_snapshots_in = from_snapshots.started_in;
        std::thread::sleep(Duration::from_secs(10));
        let (serving, _) = from_snapshots.memory();
        from_snapshots.stop();
        println!(
            "{entries:>9} {recorded:>10.0} {recording:>10} {folded:>9} {:>11.2} {:>13.2} {:>10.2} {serving:>11} {log:>7} {all:>9}",
            from_log_in.as_secs_f64(),
            from_snapshots_in.as_secs_f64(),
            folding.as_secs_f64(),
        );
    }
    println!();
    if let Some(&entries) = sizes.last() {
        reading::rates(&root.join(format!("growth-{entries}")), entries, seconds).await;
    }
}

/// Waits until the files of a directory stop growing.
fn settle(data: &Path) {
    let start = Instant::now();
    let mut before = 0;
    while start.elapsed().as_secs() < 30 {
        let now = bytes_in(data);
        if now == before {
            return;
        }
        before = now;
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}

fn bytes_in(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_in(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}
