//! How long the server takes for each page on a large register, how large each is, and what
//! people who look at pages cost those who record.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use minutebook::wire::proto::record_service_client::RecordServiceClient;

use crate::actions::action;
use crate::appends::{drive, median, set_stage};
use crate::copies::{record_books, record_copies};
use crate::program::{PROGRAM, Program};
use crate::{connect, ms};

/// A page of each kind; region 7 is one of the copies.
const PAGES: &[&str] = &[
    "/attention",
    "/attention?for=boards%2Fregion-7-three-shires-board",
    "/collaborations",
    "/collaborations/region-7-three-shires",
    "/collaborations/bch",
    "/collaborations/east-midlands/contributions/2020-21",
    "/collaborations/region-7-three-shires/budget",
    "/bodies",
    "/bodies/region-7-eastvale-pcc",
    "/boards",
    "/boards/region-7-three-shires-board",
    "/boards/region-7-three-shires-board/meetings/2024-06-17",
    "/proposals",
    "/proposals/01900007-0000-7000-8000-000000000102",
    "/decisions",
    "/virements",
    "/virements?subject=collaborations%2Fregion-7-three-shires",
    "/breaches",
    "/differences",
    "/deadlines",
    "/notices",
    "/recommendations",
    "/benefits",
    "/settlements",
    "/checks",
    "/sources",
    "/mandates",
    "/search?q=kennels",
    "/history",
    "/history?subject=collaborations%2Fregion-7-three-shires",
    "/entries/700",
    "/changes?from=2024-06-14&to=2024-10-01",
];

/// The limits of issue 18.
const MS_MAX: f64 = 200.0;
const BYTES_MAX: usize = 300_000;

/// Each page is taken this often, each time after something was recorded, so that no kept
/// answer is served.
const ROUNDS: usize = 5;

const BROWSERS: u32 = 16;

/// Each browser opens a page, and reads for so long.
const READING: Duration = Duration::from_secs(1);

/// Recorders beside the browsers.
const RECORDERS: u32 = 8;

/// Turns with and without browsers.
const TURNS: usize = 3;

/// Prints the time and the size of each page, and the latency of appends without and with
/// browsers.
pub async fn measured(root: &Path, entries: usize, seconds: u64) {
    let server = Program::serve(
        Path::new(PROGRAM),
        &root.join("pages"),
        &["--log-level".to_owned(), "error".to_owned()],
    );
    let address = SocketAddr::from(([127, 0, 0, 1], server.port));
    record_books(address).await;
    set_stage(address).await;
    let further = record_copies(address, entries).await;
    println!("pages on the books and {further} further entries; medians of {ROUNDS}, each after");
    println!("something was recorded; limits are {MS_MAX} ms and {BYTES_MAX} bytes:");
    println!("{:>9} {:>9} {:>9}  page", "ms", "most ms", "bytes");
    let mut took = vec![Vec::new(); PAGES.len()];
    let mut bytes = vec![0; PAGES.len()];
    for _ in 0..ROUNDS {
        for (index, path) in PAGES.iter().enumerate() {
            record_one(address).await;
            let (time, size) = opened(address, path);
            took[index].push(time.as_secs_f64() * 1e3);
            bytes[index] = size;
        }
    }
    for ((path, took), bytes) in PAGES.iter().zip(took).zip(bytes) {
        let most = took.iter().copied().fold(0.0, f64::max);
        let median = median(took);
        let is_over = median > MS_MAX || bytes > BYTES_MAX;
        let mark = if is_over { "  OVER" } else { "" };
        println!("{median:>9.1} {most:>9.1} {bytes:>9}  {path}{mark}");
    }
    println!();
    beside_browsers(address, seconds).await;
    server.stop();
}

/// Records something, which makes every kept answer old.
async fn record_one(address: SocketAddr) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let mut client = RecordServiceClient::new(connect(address).await);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    client.append(action(number)).await.expect("appended");
}

/// The time until a page was there, and its size.
fn opened(address: SocketAddr, path: &str) -> (Duration, usize) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let begun = Instant::now();
    let answer = agent.get(format!("http://{address}{path}")).call();
    let mut answer = answer.expect("an answer");
    let text = answer.body_mut().read_to_string().expect("a page");
    let took = begun.elapsed();
    if answer.status() != 200 {
        println!("{:>29}  {path} answers {}", "", answer.status());
    }
    (took, text.len())
}

/// Prints how long appends take while nobody and while many look at pages, by turns.
async fn beside_browsers(address: SocketAddr, seconds: u64) {
    println!(
        "appends of {RECORDERS} recorders while {BROWSERS} browsers open a page a second each,"
    );
    println!("and while none does, by turns:");
    println!(
        "{:>9} {:>9} {:>9} {:>9}",
        "browsers", "p50 ms", "p99 ms", "pages"
    );
    let mut ratios = Vec::new();
    for _ in 0..TURNS {
        let mut p99 = [0.0; 2];
        for (index, browsers) in [0, BROWSERS].into_iter().enumerate() {
            let enough = Arc::new(AtomicBool::new(false));
            let readers: Vec<_> = (0..browsers)
                .map(|number| {
                    let enough = Arc::clone(&enough);
                    std::thread::spawn(move || reader(address, number, &enough))
                })
                .collect();
            let took = drive(address, RECORDERS, seconds, action).await;
            enough.store(true, Ordering::Relaxed);
            let pages: u32 = readers
                .into_iter()
                .map(|reader| reader.join().expect("a reader"))
                .sum();
            p99[index] = ms(&took, 0.99);
            println!(
                "{browsers:>9} {:>9.2} {:>9.2} {pages:>9}",
                ms(&took, 0.5),
                p99[index]
            );
        }
        ratios.push(p99[1] / p99[0]);
    }
    println!(
        "p99 with browsers over p99 without: {:.2}\n",
        median(ratios)
    );
}

/// Somebody at a browser, until `enough`; how many pages they opened.
fn reader(address: SocketAddr, number: u32, enough: &AtomicBool) -> u32 {
    let mut pages = 0;
    // Each begins with another page.
    let first = number as usize * PAGES.len() / BROWSERS as usize;
    for path in PAGES.iter().cycle().skip(first) {
        if enough.load(Ordering::Relaxed) {
            break;
        }
        opened(address, path);
        pages += 1;
        std::thread::sleep(READING);
    }
    pages
}
