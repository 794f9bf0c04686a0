//! What a register of many entries takes: memory, disk, and time to start.

use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::child::{Child, filled, folded};
use crate::reading;

/// Prints it for each size, and on the largest how fast it is read.
pub async fn sizes(root: &Path, seconds: u64, sizes: &[u64]) {
    println!("a register of so many entries, recorded 64 at a time:");
    println!(
        "{:>9} {:>11} {:>9} {:>8} {:>8} {:>11} {:>10} {:>10}",
        "entries",
        "recording",
        "folded MB",
        "peak MB",
        "disk MB",
        "first start",
        "next start",
        "serving MB"
    );
    println!("(folded: the register alone; peak: recording it in one process)");
    for &entries in sizes {
        let data = root.join(format!("growth-{entries}"));
        let (took, (_, peak)) = filled(&data, entries);
        let folded = folded(entries);
        let recording = entries as f64 / took.as_secs_f64();
        // The first start replays the log and makes everything else there is.
        let first = Child::register(&data);
        let first_start = first.started_in;
        settle(&data);
        first.stop();
        let disk = bytes_in(&data) / 1_000_000;
        let next = Child::register(&data);
        let next_start = next.started_in;
        let (serving, _) = next.memory();
        next.stop();
        println!(
            "{entries:>9} {recording:>9.0}/s {folded:>9} {peak:>8} {disk:>8} {:>10.2}s {:>9.2}s {serving:>10}",
            first_start.as_secs_f64(),
            next_start.as_secs_f64(),
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
