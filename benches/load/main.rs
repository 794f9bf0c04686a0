//! The load test: a real server on a real disk.
//!
//!     cargo bench --bench load [-- [--quick] [--recorders=N] [--program=PROGRAM] [SECTION…]]
//!
//! Servers run in their own processes, on fresh directories under `target/`;
//! recorders and readers run in this one, on the same machine. The sections are
//! `ceilings` (the bare disk, and admission alone), `appends` (1, 8, 64 and 256
//! recorders, beside an echo of the same message), `batches` (and streams), `views`
//! (at rest and during writes), `growth` (memory, disk, start and reading at a
//! hundred thousand and a million entries), `approvals` (the cost of rules), `pages`
//! (the time and size of each page at a hundred thousand entries, and what browsers cost
//! recorders) and `secured` (TLS, and TLS with tokens, beside plain connections; `--program` names another version
//! of the program for it). The default is all of them. Read the ratios, not the figures: they come from one run
//! on one machine.

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

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod actions;
mod appends;
mod approvals;
mod arguments;
mod child;
mod copies;
mod echo;
mod fill;
mod growth;
mod pages;
mod process;
mod program;
mod reading;
mod secured;
mod views;

use std::cell::LazyCell;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use minutebook::domain::admit::{Context, admit};
use minutebook::domain::register::Register;
use minutebook::wire::request;
use tonic::transport::Channel;

use actions::{action, append, stage};
use arguments::Arguments;

const NO_PORT: &str = "127.0.0.1:0";

fn main() {
    if child::served() {
        return;
    }
    let arguments = Arguments::read(&[
        "ceilings",
        "appends",
        "batches",
        "views",
        "growth",
        "approvals",
        "pages",
        "secured",
    ]);
    let quick = arguments.quick;
    let recorders = arguments
        .value("--recorders=")
        .and_then(|count| count.parse().ok());
    let recorders = recorders.map_or_else(|| appends::RECORDERS.to_vec(), |count| vec![count]);
    let wanted = |section: &str| arguments.wants(section);
    let seconds = if quick { 1 } else { 5 };
    let sizes: &[u64] = if quick {
        &[20_000]
    } else {
        &[100_000, 1_000_000]
    };
    let root =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("load-{}", std::process::id()));
    fs::create_dir_all(&root).expect("a directory under target/");
    warn_of_tmpfs(&root);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("{cores} cores, {seconds} s a figure\n");

    // Measured once, and only if a section needs it.
    let synced = LazyCell::new(|| disk(&root, seconds));
    if wanted("ceilings") {
        println!(
            "the bare disk: {:.0} appends of 512 bytes a second, each synced",
            *synced
        );
        door(seconds);
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        if wanted("appends") {
            appends::by_recorders(&root, seconds, &recorders, *synced).await;
        }
        if wanted("batches") {
            appends::by_batch(&root, seconds, &recorders).await;
            appends::by_stream(&root, seconds).await;
        }
        if wanted("views") {
            views::queries(&root, seconds).await;
        }
        if wanted("growth") {
            growth::sizes(&root, seconds, sizes).await;
        }
        if wanted("approvals") {
            approvals::cost(&root, seconds).await;
        }
        if wanted("pages") {
            let entries = if quick { 10_000 } else { 100_000 };
            pages::measured(&root, entries, seconds).await;
        }
        if wanted("secured") {
            let program = arguments.value("--program=").unwrap_or(program::PROGRAM);
            secured::by_way(&root, seconds, Path::new(program)).await;
        }
    });
    let _ = fs::remove_dir_all(&root);
}

/// On tmpfs fsync costs nothing, so figures from it mean nothing.
fn warn_of_tmpfs(root: &Path) {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let on = mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ').skip(1);
            Some((words.next()?, words.next()?))
        })
        .filter(|(at, _)| root.starts_with(at))
        .max_by_key(|(at, _)| at.len());
    match on {
        Some((at, kind @ ("tmpfs" | "ramfs"))) => {
            println!(
                "WARNING: {at} is {kind}: syncing is free there and these figures mean nothing"
            );
        }
        Some((at, kind)) => println!("on {kind} at {at}"),
        None => println!("on an unknown file system"),
    }
}

/// A quantile of durations, in milliseconds.
fn ms(took: &hdrhistogram::Histogram<u64>, quantile: f64) -> f64 {
    took.value_at_quantile(quantile) as f64 / 1_000.0
}

/// The ceiling for one recorder: appending 512 bytes and syncing them.
fn disk(root: &Path, seconds: u64) -> f64 {
    let mut file = File::create(root.join("bare")).expect("a file");
    let (mut count, start) = (0_u32, Instant::now());
    while start.elapsed() < Duration::from_secs(seconds) {
        file.write_all(&[b'x'; 512]).expect("to write");
        file.sync_data().expect("to sync");
        count += 1;
    }
    rate(count, start)
}

/// Parsing, admission and folding; nothing is stored.
fn door(seconds: u64) {
    let mut register = founded();
    let (mut count, start) = (0_u32, Instant::now());
    while start.elapsed() < Duration::from_secs(seconds) {
        let request = action(count);
        let command = request::append_command(&request).expect("a command");
        let context = Context::at("2026-11-23T10:00:00Z".parse().expect("an instant"));
        register = admit(&register, &command, &context)
            .expect("admitted")
            .register;
        count += 1;
    }
    println!(
        "the door alone: {:.0} requests a second on one core, none stored\n",
        rate(count, start)
    );
}

fn rate(count: u32, since: Instant) -> f64 {
    f64::from(count) / since.elapsed().as_secs_f64()
}

fn founded() -> Register {
    let mut register = Register::default();
    for events in stage().chunks(100) {
        let command = request::append_command(&append(events.to_vec())).expect("a command");
        let context = Context::at("2026-11-23T10:00:00Z".parse().expect("an instant"));
        register = admit(&register, &command, &context)
            .expect("admitted")
            .register;
    }
    register
}

async fn connect(address: std::net::SocketAddr) -> Channel {
    let endpoint = Channel::from_shared(format!("http://{address}")).expect("an address");
    endpoint
        .tcp_nodelay(true)
        .connect()
        .await
        .expect("to connect")
}
