//! What this machine does with a real server on a real disk.
//!
//!     cargo bench --bench load [-- --quick] [--appends | --approvals]
//!
//! Starts the server in this process on a fresh directory under `target/`, and
//! prints: the bare rate of the disk, the rate of the door alone, appends by 1,
//! 8, 64 and 256 concurrent recorders with every rule on, and how long views
//! take with the three books loaded, in the server and over gRPC; then what
//! approval rules cost (with `--approvals` only that). Read the ratios, not the figures: they are taken in one
//! run, on one machine.

mod actions;
mod approvals;
mod echo;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use minutebook::domain::admit::{Context, admit};
use minutebook::domain::ids::{BodyId, CollaborationId, Position, SubjectId};
use minutebook::domain::outlook::Outlook;
use minutebook::domain::register::Register;
use minutebook::server::{self, Options};
use minutebook::views;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use minutebook::wire::{proto, request};
use tonic::transport::Channel;

use actions::{action, append, stage};

const BOOKS: [&str; 3] = ["bch-2018", "east-midlands-2020", "leicestershire-2013"];
const NO_PORT: &str = "127.0.0.1:0";

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let only_appends = std::env::args().any(|argument| argument == "--appends");
    let only_approvals = std::env::args().any(|argument| argument == "--approvals");
    let seconds = if quick { 1 } else { 5 };
    let root =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("load-{}", std::process::id()));
    fs::create_dir_all(&root).expect("a directory under target/");
    warn_of_tmpfs(&root);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "{cores} cores, {} s a figure, server and recorders in one process\n",
        seconds
    );

    if !only_approvals {
        disk(&root, seconds);
        door(seconds);
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        if !only_approvals {
            appends(&root, seconds).await;
        }
        if !only_approvals && !only_appends {
            queries(&root, seconds).await;
        }
        if !only_appends {
            approvals::cost(&root, seconds).await;
        }
    });
    let _ = fs::remove_dir_all(&root);
}

/// fsync costs nothing on tmpfs: no figure from there means anything.
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

/// The ceiling for one recorder: appending 512 bytes and syncing them.
fn disk(root: &Path, seconds: u64) {
    let mut file = File::create(root.join("bare")).expect("a file");
    let (mut count, start) = (0_u32, Instant::now());
    while start.elapsed() < Duration::from_secs(seconds) {
        file.write_all(&[b'x'; 512]).expect("to write");
        file.sync_data().expect("to sync");
        count += 1;
    }
    println!(
        "the bare disk: {:.0} appends of 512 bytes a second, each synced",
        rate(count, start)
    );
}

/// Parsing, judging and folding, with nothing stored.
fn door(seconds: u64) {
    let mut register = founded();
    let (mut count, start) = (0_u32, Instant::now());
    while start.elapsed() < Duration::from_secs(seconds) {
        let request = action(count);
        let draft = request::draft(&request).expect("a draft");
        let context = Context {
            recorded_at: "2026-11-23T10:00:00Z".parse().expect("an instant"),
        };
        register = admit(&register, &draft, &context)
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
        let draft = request::draft(&append(events.to_vec())).expect("a draft");
        let context = Context {
            recorded_at: "2026-11-23T10:00:00Z".parse().expect("an instant"),
        };
        register = admit(&register, &draft, &context)
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

async fn appends(root: &Path, seconds: u64) {
    println!(
        "appends, one event of about 300 bytes a request, every rule on; and the ceiling: the"
    );
    println!("same request answered at once, nothing read, judged or stored:");
    println!(
        "{:>9} {:>12} {:>9} {:>9} {:>9} {:>12} {:>9}",
        "recorders", "events/s", "p50 ms", "p99 ms", "p99.9 ms", "ceiling/s", "reached"
    );
    for recorders in [1_u32, 8, 64, 256] {
        let data = root.join(format!("appends-{recorders}"));
        let listen = NO_PORT.parse().expect("an address");
        let running = server::start(Options::new(data, listen))
            .await
            .expect("a server");
        let address = running.address();
        let mut client = RecordServiceClient::new(connect(address).await);
        for events in stage().chunks(100) {
            client
                .append(append(events.to_vec()))
                .await
                .expect("the stage");
        }
        let (rate, took) = driven(address, recorders, seconds).await;
        running.stop().await.expect("to stop");
        let echo = echo::Echo::start().await;
        let (ceiling, _) = driven(echo.address, recorders, seconds).await;
        echo.stop().await;
        let ms = |quantile| took.value_at_quantile(quantile) as f64 / 1_000.0;
        println!(
            "{recorders:>9} {rate:>12.0} {:>9.2} {:>9.2} {:>9.2} {ceiling:>12.0} {:>8.0}%",
            ms(0.5),
            ms(0.99),
            ms(0.999),
            100.0 * rate / ceiling
        );
    }
    println!();
}

/// How many actions a second are answered there, and how long each takes.
async fn driven(
    address: std::net::SocketAddr,
    recorders: u32,
    seconds: u64,
) -> (f64, Histogram<u64>) {
    let start = Instant::now();
    let took = drive(address, recorders, seconds, action).await;
    (took.len() as f64 / start.elapsed().as_secs_f64(), took)
}

/// How long each request takes of so many recorders at once, the n-th request
/// made by `make`.
async fn drive(
    address: std::net::SocketAddr,
    recorders: u32,
    seconds: u64,
    make: impl Fn(u32) -> proto::AppendRequest + Copy + Send + 'static,
) -> Histogram<u64> {
    // One connection for every 16 recorders, as several processes would have.
    let mut channels = Vec::new();
    for _ in 0..recorders.div_ceil(16) {
        channels.push(connect(address).await);
    }
    let until = Instant::now() + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..recorders)
        .map(|recorder| {
            let channel = channels[recorder as usize / 16].clone();
            tokio::spawn(async move {
                let mut client = RecordServiceClient::new(channel);
                let mut took = Histogram::<u64>::new(3).expect("a histogram");
                let mut n = recorder;
                while Instant::now() < until {
                    let request = make(n);
                    let sent = Instant::now();
                    client.append(request).await.expect("appended");
                    took.record(sent.elapsed().as_micros() as u64)
                        .expect("a duration");
                    n += recorders;
                }
                took
            })
        })
        .collect();
    let mut took = Histogram::<u64>::new(3).expect("a histogram");
    for task in tasks {
        took.add(task.await.expect("a recorder")).expect("to add");
    }
    took
}

fn books() -> Vec<proto::AppendRequest> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("books");
    BOOKS
        .iter()
        .flat_map(|book| {
            let text = fs::read_to_string(root.join(format!("{book}.json"))).expect("a book");
            serde_json::from_str::<proto::Book>(&text)
                .expect("a book")
                .appends
        })
        .collect()
}

async fn queries(root: &Path, seconds: u64) {
    let listen = NO_PORT.parse().expect("an address");
    let running = server::start(Options::new(root.join("queries"), listen))
        .await
        .expect("a server");
    let channel = connect(running.address()).await;
    let mut record = RecordServiceClient::new(channel.clone());
    let mut register = Register::default();
    let mut entries = 0;
    for request in books() {
        let receipt = record
            .append(request.clone())
            .await
            .expect("recorded")
            .into_inner();
        if receipt.already_recorded {
            continue;
        }
        entries += receipt.receipts.len();
        let draft = request::draft(&request).expect("a draft");
        let context = Context {
            recorded_at: "2026-11-23T10:00:00Z".parse().expect("an instant"),
        };
        register = admit(&register, &draft, &context)
            .expect("admitted")
            .register;
    }
    println!("views, the three books loaded ({entries} entries), median (p99), µs:");
    println!("{:<34} {:>18} {:>18}", "", "in the server", "over gRPC");

    let register = Arc::new(register);
    let today = "2026-11-23".parse().expect("a day");
    let then = "2016-01-01".parse().expect("a day");
    let now = Outlook::new(Arc::clone(&register), today, Position::new(u64::MAX));
    let bch: CollaborationId = "bch".parse().expect("an id");
    let region: CollaborationId = "east-midlands".parse().expect("an id");
    let pcc: BodyId = "leicestershire-pcc".parse().expect("an id");
    let year = "2020/21".parse().expect("a year");
    let budget_of = SubjectId::Collaboration(bch.clone());
    let client = RegisterServiceClient::new(channel);
    let as_of = |on: &str| {
        let date = serde_json::from_value(match on {
            "" => serde_json::Value::Null,
            _ => serde_json::json!({ "year": 2016, "month": 1, "day": 1 }),
        });
        Some(proto::AsOf {
            as_at: date.expect("a date"),
            ..Default::default()
        })
    };

    macro_rules! view {
        ($name:literal, $inside:expr, $method:ident, $request:expr) => {{
            let inside = inside(seconds, || {
                std::hint::black_box($inside);
            });
            let over = over(seconds, || {
                let mut client = client.clone();
                let request = $request;
                async move {
                    client.$method(request).await.expect("an answer");
                }
            })
            .await;
            println!("{:<34} {:>18} {:>18}", $name, inside, over);
        }};
    }
    view!(
        "register of collaborations",
        views::collaborations::list(&now, None, false),
        list_collaborations,
        proto::ListCollaborationsRequest {
            as_of: as_of(""),
            ..Default::default()
        }
    );
    view!(
        "one collaboration in full",
        views::collaboration::get(&now, &bch),
        get_collaboration,
        proto::GetCollaborationRequest {
            collaboration_id: "bch".into(),
            as_of: as_of("")
        }
    );
    view!(
        "the same, as at 2016-01-01",
        views::collaboration::get(
            &Outlook::new(Arc::clone(&register), then, Position::new(u64::MAX)),
            &bch
        ),
        get_collaboration,
        proto::GetCollaborationRequest {
            collaboration_id: "bch".into(),
            as_of: as_of("2016-01-01")
        }
    );
    view!(
        "one body in full",
        views::body::get(&now, &pcc),
        get_body,
        proto::GetBodyRequest {
            body_id: "leicestershire-pcc".into(),
            as_of: as_of("")
        }
    );
    view!(
        "decision log",
        views::decisions::list(&now, None, false),
        list_decisions,
        proto::ListDecisionsRequest {
            as_of: as_of(""),
            ..Default::default()
        }
    );
    view!(
        "contributions",
        views::contributions::get(&now, &region, year),
        get_contributions,
        proto::GetContributionsRequest {
            collaboration_id: "east-midlands".into(),
            financial_year: "2020/21".into(),
            as_of: as_of("")
        }
    );
    view!(
        "budget by line and year",
        views::budget::get(&now, &budget_of, None),
        get_budget,
        proto::GetBudgetRequest {
            subject: "collaborations/bch".into(),
            as_of: as_of(""),
            ..Default::default()
        }
    );
    view!(
        "deadlines",
        views::deadlines::list(&now, None, false),
        list_deadlines,
        proto::ListDeadlinesRequest {
            as_of: as_of(""),
            ..Default::default()
        }
    );
    view!(
        "differences",
        views::differences::list(&now, None),
        list_differences,
        proto::ListDifferencesRequest {
            as_of: as_of(""),
            ..Default::default()
        }
    );
    running.stop().await.expect("to stop");
}

/// How long `ask` takes, asked over and over for a fifth of the time.
fn inside(seconds: u64, ask: impl Fn()) -> String {
    let mut took = Histogram::<u64>::new(3).expect("a histogram");
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(seconds * 200) {
        let asked = Instant::now();
        ask();
        took.record(asked.elapsed().as_nanos() as u64)
            .expect("a duration");
    }
    summary(&took, 1_000.0)
}

async fn over<F: Future<Output = ()>>(seconds: u64, ask: impl Fn() -> F) -> String {
    let mut took = Histogram::<u64>::new(3).expect("a histogram");
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(seconds * 200) {
        let asked = Instant::now();
        ask().await;
        took.record(asked.elapsed().as_nanos() as u64)
            .expect("a duration");
    }
    summary(&took, 1_000.0)
}

fn summary(took: &Histogram<u64>, unit: f64) -> String {
    let at = |quantile| took.value_at_quantile(quantile) as f64 / unit;
    format!("{:.1} ({:.1})", at(0.5), at(0.99))
}
