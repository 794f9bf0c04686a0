//! The cost of proving that nothing was altered.
//!
//!     cargo bench --bench audit [-- --entries 1000000] [--quick]
//!
//! Builds a store of `--entries` entries of about 300 bytes under `target/`. The
//! program then exports, verifies and restores it, each in its own process, and the
//! benchmark prints the time and the peak memory of each. After that it measures
//! how long proofs take, and how much the tree slows appends. Read the ratios: they
//! come from one run on one machine.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_arithmetic,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures, prints and stops at the first surprise"
)]

#[path = "../load/actions.rs"]
mod actions;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use jiff::Timestamp;
use minutebook::domain::admit::{Context, admit};
use minutebook::domain::register::Register;
use minutebook::log::{Batch, OpenLog};
use minutebook::notary::tree::Tree;
use minutebook::server::{self, ServerOptions};
use minutebook::wire::entry::{EntryEnvelope, encode};
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::{proto, request};
use tonic::transport::Channel;

use actions::{action, append, stage};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let given = arguments
        .iter()
        .position(|argument| argument == "--entries");
    let entries: u64 = given
        .and_then(|at| arguments.get(at + 1)?.parse().ok())
        .unwrap_or(if quick { 20_000 } else { 1_000_000 });
    let root =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("audit-{}", std::process::id()));
    fs::create_dir_all(&root).expect("a directory under target/");
    evidence(&root, entries);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(cost(&root, if quick { 1 } else { 5 }));
    let _ = fs::remove_dir_all(&root);
}

fn context() -> Context {
    let recorded_at: Timestamp = "2026-11-23T10:00:00Z".parse().expect("an instant");
    Context::at(recorded_at)
}

fn open(data: &Path) -> OpenLog {
    let held = minutebook::server::engine(data).hold();
    held.and_then(|held| held.open()).expect("a store")
}

/// A store of `entries` entries, admitted and encoded as the writer does.
fn build(data: &Path, entries: u64) {
    let OpenLog { mut appender, .. } = open(data);
    let mut register = Register::default();
    let mut records = Vec::new();
    let mut tell = |message: &proto::AppendRequest, records: &mut Vec<Vec<u8>>| {
        let command = request::append_command(message).expect("a command");
        let admission = admit(&register, &command, &context()).expect("admitted");
        for (entry, event) in admission.entries.iter().zip(&message.events) {
            let envelope = EntryEnvelope::of(entry);
            records.push(encode(&envelope, event));
        }
        register = admission.register;
        register.tail().get()
    };
    let mut keep = |records: &mut Vec<Vec<u8>>| {
        let batch = Batch::new(std::mem::take(records)).expect("a batch");
        let tail = appender.tail();
        appender.append(&batch, tail).expect("appended");
    };
    for events in stage().chunks(100) {
        tell(&append(events.to_vec()), &mut records);
        keep(&mut records);
    }
    let mut n = 0;
    while tell(&action(n), &mut records) < entries {
        n += 1;
        if records.len() >= 1_000 {
            keep(&mut records);
        }
    }
    keep(&mut records);
}

/// Runs the program; returns the time it took and its peak memory in MB.
fn run(arguments: &[&str]) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_minutebook"))
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kb = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            peak = peak.max(kb.unwrap_or(0));
        }
        if let Some(ended) = child.try_wait().expect("the program") {
            assert!(ended.success(), "{arguments:?}: {ended}");
            return (start.elapsed(), peak / 1024);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn size_of(dir: &Path) -> u64 {
    let mut total = 0;
    for entry in fs::read_dir(dir).expect("a directory").flatten() {
        let kind = entry.file_type().expect("a type");
        total += if kind.is_dir() {
            size_of(&entry.path())
        } else {
            entry.metadata().map_or(0, |data| data.len())
        };
    }
    total
}

fn evidence(root: &Path, entries: u64) {
    let data = root.join("store");
    let start = Instant::now();
    build(&data, entries);
    println!(
        "{entries} entries of about 300 bytes, built in {:.1} s; the store has {} MB",
        start.elapsed().as_secs_f64(),
        size_of(&data) >> 20
    );
    let text = |path: &Path| path.display().to_string();
    let (store, archive, restored) = (
        text(&data),
        text(&root.join("archive")),
        text(&root.join("restored")),
    );
    println!(
        "{:<44} {:>9} {:>12} {:>12}",
        "", "seconds", "entries/s", "peak MB"
    );
    let steps: [(&str, Vec<&str>); 5] = [
        (
            "export of a store",
            vec!["audit", "export", "--data", &store, &archive],
        ),
        (
            "export once more: nothing is new",
            vec!["audit", "export", "--data", &store, &archive],
        ),
        (
            "verify the archive: hashes, lines, every rule",
            vec!["audit", "verify", &archive],
        ),
        (
            "verify the store: hashes, every rule",
            vec!["audit", "verify", "--data", &store],
        ),
        (
            "restore: verify, and build the store",
            vec!["audit", "restore", &archive, "--data", &restored],
        ),
    ];
    for (step, arguments) in steps {
        let (took, peak) = run(&arguments);
        let rate = entries as f64 / took.as_secs_f64();
        println!(
            "{step:<44} {:>9.2} {rate:>12.0} {peak:>12}",
            took.as_secs_f64()
        );
    }
    println!(
        "the archive has {} MB",
        size_of(&root.join("archive")) >> 20
    );
    proofs(root, &data, entries);
}

fn proofs(root: &Path, data: &Path, entries: u64) {
    let OpenLog { reader, .. } = open(data);
    let tail = reader.tail().get();
    let open = |name: &str| {
        let start = Instant::now();
        let tree = Tree::open(&root.join("hashes"), tail).expect("a tree");
        tree.catch_up(&*reader, tail).expect("hashes");
        println!("{name}: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
        tree
    };
    open("\nthe tree made from the log");
    let tree = open("the tree at a restart, from its tiles");
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut timed = |name: &str, measure: &mut dyn FnMut(u64, u64)| {
        let mut took = Histogram::<u64>::new(3).expect("a histogram");
        for _ in 0..2_000 {
            let (a, b) = (1 + random(entries), 1 + random(entries));
            let start = Instant::now();
            measure(a.min(b), a.max(b));
            took.record(start.elapsed().as_micros() as u64)
                .expect("a duration");
        }
        println!(
            "{name}: p50 {} µs, p99 {} µs, most {} µs",
            took.value_at_quantile(0.5),
            took.value_at_quantile(0.99),
            took.max()
        );
    };
    timed("inclusion proofs, any entry of any size", &mut |a, b| {
        tree.inclusion(a, b).expect("a proof");
    });
    timed("consistency proofs, any two sizes", &mut |a, b| {
        tree.consistency(a, b).expect("a proof");
    });
}

/// How much the tree slows appends.
async fn cost(root: &Path, seconds: u64) {
    println!("\nappends with the tree kept, and without (64 recorders), three runs each in turn:");
    let mut rates = [Vec::new(), Vec::new()];
    for round in 0..3 {
        for (which, keep) in [(0, true), (1, false)] {
            let mut options = ServerOptions::new(
                root.join(format!("cost-{round}-{which}")),
                std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
            );
            options.keep_tree = keep;
            let running = server::start(options).await.expect("a server");
            let endpoint = Channel::from_shared(format!("http://{}", running.address()));
            let endpoint = endpoint.expect("an address").tcp_nodelay(true);
            let mut client =
                RecordServiceClient::new(endpoint.connect().await.expect("to connect"));
            for events in stage().chunks(100) {
                client
                    .append(append(events.to_vec()))
                    .await
                    .expect("the stage");
            }
            let until = Instant::now() + Duration::from_secs(seconds);
            let mut tasks = Vec::new();
            for recorder in 0..64_u32 {
                if recorder % 16 == 0 {
                    client =
                        RecordServiceClient::new(endpoint.connect().await.expect("to connect"));
                }
                let mut client = client.clone();
                tasks.push(tokio::spawn(async move {
                    let (mut n, mut done) = (recorder, 0_u64);
                    while Instant::now() < until {
                        client.append(action(n)).await.expect("appended");
                        n += 64;
                        done += 1;
                    }
                    done
                }));
            }
            let mut done = 0;
            for task in tasks {
                done += task.await.expect("a recorder");
            }
            rates[which].push(done as f64 / seconds as f64);
            running.stop().await.expect("to stop");
        }
    }
    let median = |rates: &mut Vec<f64>| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    let (with, without) = (median(&mut rates[0]), median(&mut rates[1]));
    println!(
        "with {with:.0} events/s, without {without:.0}: ratio {:.3}",
        with / without
    );
}
