//! How fast appends are answered, by number of recorders and by events in a
//! request, beside the ceiling.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use minutebook::wire::proto;
use minutebook::wire::proto::record_service_client::RecordServiceClient;

use crate::actions::{COLLABORATIONS, action, agreed, append, stage};
use crate::child::Child;
use crate::{connect, ms};

/// Numbers of concurrent recorders.
pub const RECORDERS: [u32; 4] = [1, 8, 64, 256];

/// Each measurement has this many request numbers; streams use the first range.
const NUMBERS: u32 = 10_000_000;

/// The server and its ceiling are measured alternately, this many times, so that
/// other work on the machine affects both.
const TURNS: u32 = 3;

/// Prints the rate for each number of recorders, with one event in each request.
///
/// `synced` is the number of appends per second of the bare disk.
pub async fn by_recorders(root: &Path, seconds: u64, recorders: &[u32], synced: f64) {
    println!("appends, one event of about 300 bytes a request, every rule on; beside it the");
    println!("ceiling: the same request answered at once, nothing read, judged or stored; and how");
    println!("long the server of each keeps a processor busy for a request. By turns, {TURNS} of");
    println!("each: medians, the share that was reached in the same turn among them; last, the");
    println!("share of what the bare disk reaches, which several recorders get past together.");
    println!(
        "{:>9} {:>10} {:>8} {:>8} {:>8} {:>8} {:>11} {:>8} {:>8} {:>8}",
        "recorders",
        "events/s",
        "p50 ms",
        "p99 ms",
        "p99.9",
        "µs busy",
        "ceiling/s",
        "µs busy",
        "reached",
        "of disk"
    );
    for &recorders in recorders {
        let (mut of_server, mut of_echo) = (Turns::default(), Turns::default());
        for run in 0..TURNS {
            let server = staged(&root.join(format!("appends-{recorders}-{run}"))).await;
            of_server.take(server, recorders, seconds).await;
            of_echo.take(Child::echo(), recorders, seconds).await;
        }
        let shares = of_server.rates.iter().zip(&of_echo.rates);
        let shares = shares.map(|(rate, ceiling)| 100.0 * rate / ceiling);
        println!(
            "{recorders:>9} {:>10.0} {} {:>8.1} {:>11.0} {:>8.1} {:>7.0}% {:>7.0}%",
            median(of_server.rates.clone()),
            quantiles(&of_server.took),
            median(of_server.busy),
            median(of_echo.rates.clone()),
            median(of_echo.busy),
            median(shares.collect()),
            100.0 * median(of_server.rates) / synced,
        );
    }
    println!();
}

/// The results of the alternating runs of one server.
struct Turns {
    rates: Vec<f64>,
    busy: Vec<f64>,
    took: Histogram<u64>,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            rates: Vec::new(),
            busy: Vec::new(),
            took: histogram(),
        }
    }
}

impl Turns {
    /// Measures one run, with one event in each request.
    async fn take(&mut self, server: Child, recorders: u32, seconds: u64) {
        let before = server.busy();
        let (rate, took) = driven(server.address, recorders, seconds, action).await;
        self.rates.push(rate);
        self.busy.push(per_request(server.busy() - before, &took));
        self.took.add(took).expect("to add");
        server.stop();
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Prints the rates of requests with several events.
pub async fn by_batch(root: &Path, seconds: u64, recorders: &[u32]) {
    println!("appends, so many events a request:");
    println!(
        "{:>9} {:>9} {:>12} {:>8} {:>8} {:>8}",
        "recorders", "events", "events/s", "p50 ms", "p99 ms", "p99.9"
    );
    for &recorders in recorders {
        for events in [10, 100] {
            let server = staged(&root.join(format!("batches-{recorders}-{events}"))).await;
            let make = move |n| append((0..events).map(|index| agreed(n, index)).collect());
            let (rate, took) = driven(server.address, recorders, seconds, make).await;
            server.stop();
            let rate = rate * f64::from(events);
            println!(
                "{recorders:>9} {events:>9} {rate:>12.0} {}",
                quantiles(&took)
            );
        }
    }
    println!();
}

/// Prints the rates of streams, with one event in each request.
pub async fn by_stream(root: &Path, seconds: u64) {
    println!("streams of appends, one event a request:");
    println!("{:>9} {:>12}", "streams", "events/s");
    for streams in [1, 4, 16] {
        let server = staged(&root.join(format!("streams-{streams}"))).await;
        let start = Instant::now();
        let until = start + Duration::from_secs(seconds);
        let count = streamed(server.address, streams, move |_| Instant::now() < until).await;
        let rate = f64::from(count) / start.elapsed().as_secs_f64();
        println!("{streams:>9} {rate:>12.0}");
        server.stop();
    }
    println!();
}

/// Records on `streams` streams while `goes_on` accepts the number of the next
/// action; returns how many actions were recorded.
pub async fn streamed(
    address: SocketAddr,
    streams: u32,
    goes_on: impl Fn(u32) -> bool + Copy + Send + 'static,
) -> u32 {
    let mut tasks = Vec::new();
    for stream in 0..streams {
        let mut client = RecordServiceClient::new(connect(address).await);
        let numbers = (0..).map(move |n| stream + n * streams);
        let requests = numbers.take_while(move |n| goes_on(*n)).map(action);
        let requests = tokio_stream::iter(requests);
        tasks.push(tokio::spawn(async move {
            let answers = client.append_stream(requests).await.expect("a stream");
            let (mut answers, mut count) = (answers.into_inner(), 0_u32);
            while answers.message().await.expect("appended").is_some() {
                count += 1;
            }
            count
        }));
    }
    let mut count = 0;
    for task in tasks {
        count += task.await.expect("a recorder");
    }
    count
}

fn per_request(busy: Duration, took: &Histogram<u64>) -> f64 {
    busy.as_secs_f64() * 1e6 / took.len() as f64
}

fn quantiles(took: &Histogram<u64>) -> String {
    let ms = |quantile| ms(took, quantile);
    format!("{:>8.2} {:>8.2} {:>8.2}", ms(0.5), ms(0.99), ms(0.999))
}

/// A server in a directory that has recorded the stage.
pub async fn staged(data: &Path) -> Child {
    let server = Child::register(data);
    set_stage(server.address).await;
    server
}

/// Records the subjects that later requests are about.
pub async fn set_stage(address: SocketAddr) {
    let mut client = RecordServiceClient::new(connect(address).await);
    for events in stage().chunks(100) {
        let answer = client.append(append(events.to_vec())).await;
        answer.expect("the stage");
    }
}

/// Requests answered per second at this address, and the time that each takes.
async fn driven(
    address: SocketAddr,
    recorders: u32,
    seconds: u64,
    make: impl Fn(u32) -> proto::AppendRequest + Copy + Send + 'static,
) -> (f64, Histogram<u64>) {
    let start = Instant::now();
    let took = drive(address, recorders, seconds, make).await;
    (took.len() as f64 / start.elapsed().as_secs_f64(), took)
}

/// The time of each request with this many concurrent recorders; `make` builds the
/// n-th request.
pub async fn drive(
    address: SocketAddr,
    recorders: u32,
    seconds: u64,
    make: impl Fn(u32) -> proto::AppendRequest + Copy + Send + 'static,
) -> Histogram<u64> {
    let enough = Arc::new(AtomicBool::new(false));
    let timer = Arc::clone(&enough);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        timer.store(true, Ordering::Relaxed);
    });
    drive_until(address, recorders, enough, make).await
}

/// The same, until `enough` is set.
pub async fn drive_until(
    address: SocketAddr,
    recorders: u32,
    enough: Arc<AtomicBool>,
    make: impl Fn(u32) -> proto::AppendRequest + Copy + Send + 'static,
) -> Histogram<u64> {
    // No two measurements share a request number.
    static NUMBERED: AtomicU32 = AtomicU32::new(NUMBERS);
    let first = NUMBERED.fetch_add(NUMBERS, Ordering::Relaxed);
    // One connection for every 16 recorders, as if they were several processes.
    let mut channels = Vec::new();
    for _ in 0..recorders.div_ceil(16) {
        channels.push(connect(address).await);
    }
    let tasks: Vec<_> = (0..recorders)
        .map(|recorder| {
            let channel = channels[recorder as usize / 16].clone();
            let enough = Arc::clone(&enough);
            tokio::spawn(async move {
                let mut client = RecordServiceClient::new(channel);
                let mut took = histogram();
                let mut n = first + recorder;
                while !enough.load(Ordering::Relaxed) {
                    let request = make(n);
                    let sent = Instant::now();
                    client.append(request).await.expect("appended");
                    let us = sent.elapsed().as_micros();
                    took.record(us as u64).expect("a duration");
                    n += recorders;
                }
                took
            })
        })
        .collect();
    let mut took = histogram();
    for task in tasks {
        took.add(task.await.expect("a recorder")).expect("to add");
    }
    took
}

/// Keeps three significant digits.
pub fn histogram() -> Histogram<u64> {
    static EMPTY: LazyLock<Histogram<u64>> =
        LazyLock::new(|| Histogram::new(3).expect("a histogram"));
    EMPTY.clone()
}

/// The n-th subject of the requests, for readers.
pub fn subject(n: u32) -> String {
    format!("collaborations/c-{}", n % COLLABORATIONS)
}
