//! Attacks: the cost that one caller can cause, and its effect on others.
//!
//!     cargo bench --bench attacks [-- [--quick] [--before=PROGRAM] [SECTION…]]
//!
//! Each section starts the program on a fresh directory, attacks it over its socket, and
//! prints a line: the peak of its memory, the processor time that it used, how long the
//! appends of others took. `--before` names a program of another version, which gets the
//! same attack and a line of its own. The sections are `messages` (empty messages by the
//! million), `unread` (large answers that nobody reads), `dry-runs` (corrections of a long
//! history that are only judged), `cancelled` (lists whose callers go away), `quiet`
//! (streams and calls that are only held) and `readers` (costly questions, while 64
//! recorders write). Compare the lines with each other, not with those of another machine.

#![allow(
    clippy::cast_possible_truncation,
    clippy::float_arithmetic,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures, prints and stops at the first surprise"
)]

#[path = "../load/arguments.rs"]
mod arguments;
mod bare;
mod book;
mod holding;
#[path = "../load/process.rs"]
mod process;
#[path = "../../tests/it/hostile/raw.rs"]
#[allow(dead_code, reason = "tests of hostile clients use the rest")]
mod raw;
mod server;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use minutebook::wire::proto::{AsOf, ListBodiesRequest, as_of};
use tokio::task::JoinSet;

use arguments::Arguments;
use server::Server;

/// A program to attack, and how hard.
struct Run {
    /// Such as "before".
    name: &'static str,
    program: PathBuf,
    seconds: u64,
    /// Entries of a long history.
    entries: u32,
}

fn main() {
    let all = [
        "messages",
        "unread",
        "dry-runs",
        "cancelled",
        "quiet",
        "readers",
    ];
    let arguments = Arguments::read(&all);
    let (seconds, entries) = if arguments.quick {
        (3, 1_000)
    } else {
        (10, 10_000)
    };
    let before = arguments.value("--before=");
    let before = before.map(|program| ("before", PathBuf::from(program)));
    let this = ("now", PathBuf::from(env!("CARGO_BIN_EXE_minutebook")));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for section in all {
        if !arguments.wants(section) {
            continue;
        }
        println!("{section}:");
        for (name, program) in before.iter().cloned().chain([this.clone()]) {
            let run = Run {
                name,
                program,
                seconds,
                entries,
            };
            runtime.block_on(async {
                match section {
                    "messages" => messages(&run).await,
                    "unread" => holding::unread(&run).await,
                    "quiet" => holding::quiet(&run).await,
                    "dry-runs" => dry_runs(&run).await,
                    "cancelled" => cancelled(&run).await,
                    _ => readers(&run).await,
                }
            });
        }
        println!();
    }
}

/// Four messages of 4 MiB at once, each of two million empty messages.
async fn messages(run: &Run) {
    let server = Server::start(&run.program);
    let (memory, busy, began) = (server.peak(), server.busy(), Instant::now());
    let mut attacks = JoinSet::new();
    for n in 0..4 {
        let channel = server.connect().await;
        attacks.spawn(bare::send_empty_messages(channel, n % 2 == 0));
    }
    let refused = attacks.join_all().await;
    println!(
        "  {:<7} {:>6} MB more at the peak, {:>6.2} s of work, answered in {:>6.2} s: {}",
        run.name,
        server.peak() - memory,
        (server.busy() - busy).as_secs_f64(),
        began.elapsed().as_secs_f64(),
        refused.first().map_or("", String::as_str),
    );
}

/// Twelve callers have corrections of a long history judged, over and over; one recorder
/// appends.
async fn dry_runs(run: &Run) {
    let server = Server::start(&run.program);
    let mut record = RecordServiceClient::new(server.connect().await);
    book::long_history(&mut record, run.entries).await;
    let quiet = appends(&server, 1, run.seconds).await;
    let enough = Arc::new(AtomicBool::new(false));
    let mut attackers = JoinSet::new();
    for _ in 0..12 {
        let mut record = RecordServiceClient::new(server.connect().await);
        let enough = Arc::clone(&enough);
        attackers.spawn(async move {
            while !enough.load(Ordering::Relaxed) {
                let _ = record.append(book::dry_run_of_corrections()).await;
            }
        });
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let attacked = appends(&server, 1, run.seconds).await;
    enough.store(true, Ordering::Relaxed);
    attackers.abort_all();
    println!(
        "  {:<7} appends of another: {} at rest; {} under attack",
        run.name,
        in_words(&quiet),
        in_words(&attacked)
    );
}

/// Lists as known at positions of the past, each cancelled at once.
async fn cancelled(run: &Run) {
    let server = Server::start(&run.program);
    let mut record = RecordServiceClient::new(server.connect().await);
    book::many_bodies(&mut record, run.entries).await;
    let (memory, busy) = (server.peak(), server.busy());
    let client = RegisterServiceClient::new(server.connect().await);
    let count = 3_000;
    for n in 0..count {
        let mut client = client.clone();
        let request = ListBodiesRequest {
            as_of: Some(AsOf {
                known: Some(as_of::Known::AsKnownAtPosition(u64::from(
                    run.entries - n % (run.entries / 2),
                ))),
                ..AsOf::default()
            }),
            ..ListBodiesRequest::default()
        };
        let asked = tokio::spawn(async move { client.list_bodies(request).await.map(drop) });
        tokio::time::sleep(Duration::from_millis(1)).await;
        asked.abort();
    }
    server.rest().await;
    println!(
        "  {:<7} {count} cancelled lists of {} bodies: {:>7.2} s of work, {:>6} MB more at the peak",
        run.name,
        run.entries,
        (server.busy() - busy).as_secs_f64(),
        server.peak() - memory,
    );
}

/// Sixty-four recorders at full load, without and with eight readers who ask what costs
/// most.
async fn readers(run: &Run) {
    let server = Server::start(&run.program);
    let mut record = RecordServiceClient::new(server.connect().await);
    book::many_bodies(&mut record, run.entries).await;
    book::many_proposals(&mut record, run.entries).await;
    let quiet = appends(&server, 64, run.seconds).await;
    let mut hostile = JoinSet::new();
    for n in 0..8 {
        let channel = server.connect().await;
        hostile.spawn(async move {
            loop {
                match n % 3 {
                    0 => book::replay(&mut AuditServiceClient::new(channel.clone())).await,
                    1 => book::compare(&mut AuditServiceClient::new(channel.clone())).await,
                    _ => book::body(&mut RegisterServiceClient::new(channel.clone())).await,
                }
            }
        });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let attacked = appends(&server, 64, run.seconds).await;
    hostile.abort_all();
    let p99 = |took: &Histogram<u64>| took.value_at_quantile(0.99) as f64;
    println!(
        "  {:<7} appends: {} at rest; {} beside the readers: p99 × {:.1}",
        run.name,
        in_words(&quiet),
        in_words(&attacked),
        p99(&attacked) / p99(&quiet),
    );
}

/// The time of each append of `recorders`, in microseconds, for some seconds and at least
/// one append.
async fn appends(server: &Server, recorders: u32, seconds: u64) -> Histogram<u64> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut tasks = JoinSet::new();
    for _ in 0..recorders {
        let mut record = RecordServiceClient::new(server.connect().await);
        tasks.spawn(async move {
            let mut took = Histogram::<u64>::new(3).expect("a histogram");
            while took.is_empty() || Instant::now() < until {
                let request = book::note(NUMBER.fetch_add(1, Ordering::Relaxed));
                let sent = Instant::now();
                // A refusal by an overloaded server counts as well.
                let _ = record.append(request).await;
                took.record(sent.elapsed().as_micros() as u64)
                    .expect("a duration");
            }
            took
        });
    }
    let mut all = Histogram::<u64>::new(3).expect("a histogram");
    for took in tasks.join_all().await {
        all.add(took).expect("to add");
    }
    all
}

fn in_words(took: &Histogram<u64>) -> String {
    let ms = |us: u64| us as f64 / 1_000.0;
    format!(
        "{} in p50 {:.1} p99 {:.1} max {:.1} ms",
        took.len(),
        ms(took.value_at_quantile(0.5)),
        ms(took.value_at_quantile(0.99)),
        ms(took.max())
    )
}
