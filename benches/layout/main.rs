//! The measurements behind the log's layout on disk: the same records, kept in
//! every layout that was considered, on the storage engine itself.
//!
//!     cargo bench --bench layout [-- --quick]
//!
//! Each layout runs in its own process, on a fresh directory under `target/`. It
//! writes groups of 1, 8 and 64 records of 300 bytes and makes each group durable
//! (flush, then fdatasync of the engine's file). Then it opens the store again and
//! reads everything. Each layout prints one line: the rates, the memory of the
//! process, the size of the directory, and the time to open and to read.

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

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use sled::{Batch, Config, Db, Tree};

const RECORD: [u8; 300] = [b'x'; 300];
/// A group header, as long as in the real format.
const HEADER: [u8; 41] = [b'h'; 41];
/// The number of records that are read back.
const FILLED: u64 = 200_000;

/// How records are grouped into values of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    /// A group is cut into pieces of this many bytes.
    Pieces(usize),
    /// A group is one value.
    Whole,
    /// Each record is one value.
    Entries,
}

#[derive(Debug, Clone, Copy)]
struct Layout {
    name: &'static str,
    values: Values,
    /// The tail record has its own tree.
    two_trees: bool,
    segment: usize,
    cache: u64,
    /// Bytes of the file that are allocated in advance.
    room: u64,
}

const CHOSEN: Layout = Layout {
    name: "as it is: pieces of 4 KiB, segments of 512 KiB, cache of 32 MiB",
    values: Values::Pieces(4096),
    two_trees: false,
    segment: 512 * 1024,
    cache: 32 * 1024 * 1024,
    room: 0,
};

fn layouts() -> Vec<Layout> {
    let but = |name, change: fn(&mut Layout)| {
        let mut layout = Layout { name, ..CHOSEN };
        change(&mut layout);
        layout
    };
    vec![
        CHOSEN,
        but("a value for each record", |layout| {
            layout.values = Values::Entries
        }),
        but("a value for each group, whole", |layout| {
            layout.values = Values::Whole
        }),
        but("pieces of 1 KiB", |layout| {
            layout.values = Values::Pieces(1024)
        }),
        but("pieces of 16 KiB", |layout| {
            layout.values = Values::Pieces(16 * 1024)
        }),
        but("the tail record in a tree of its own", |layout| {
            layout.two_trees = true
        }),
        but("segments of 64 KiB", |layout| layout.segment = 64 * 1024),
        but("segments of 2 MiB", |layout| {
            layout.segment = 2 * 1024 * 1024
        }),
        but("segments of 8 MiB", |layout| {
            layout.segment = 8 * 1024 * 1024
        }),
        but("cache of 1 MiB", |layout| layout.cache = 1024 * 1024),
        but("cache of 256 MiB", |layout| {
            layout.cache = 256 * 1024 * 1024
        }),
        but("1 GiB of the file set aside beforehand", |layout| {
            layout.room = 1 << 30
        }),
    ]
}

const CHILD: &str = "MINUTEBOOK_LAYOUT";
const SECONDS: &str = "MINUTEBOOK_LAYOUT_MS";

fn main() {
    if let Ok(index) = std::env::var(CHILD) {
        let layout = layouts()[index.parse::<usize>().expect("a number")];
        let milliseconds = std::env::var(SECONDS).expect("a time");
        return tried(layout, milliseconds.parse().expect("a number"));
    }
    let quick = std::env::args().any(|argument| argument == "--quick");
    println!(
        "{:<66} {:>7} {:>7} {:>8} {:>7} {:>7} {:>8}",
        "", "1", "8", "64 /s", "RSS MB", "disk MB", "read s"
    );
    for (index, layout) in layouts().iter().enumerate() {
        let program = std::env::current_exe().expect("this program");
        let output = Command::new(program)
            .env(CHILD, index.to_string())
            .env(SECONDS, if quick { "300" } else { "3000" })
            .output()
            .expect("a process");
        let line = String::from_utf8_lossy(&output.stdout);
        match line.trim() {
            "" => println!(
                "{:<66} failed: {}",
                layout.name,
                String::from_utf8_lossy(&output.stderr)
                    .lines()
                    .next()
                    .unwrap_or_default()
            ),
            line => println!("{:<66} {line}", layout.name),
        }
    }
}

struct Store {
    layout: Layout,
    db: Db,
    tail: Tree,
    file: File,
    position: u64,
}

impl Store {
    fn open(layout: Layout, dir: &Path) -> Self {
        let config = Config::new()
            .path(dir)
            .segment_size(layout.segment)
            .cache_capacity(layout.cache)
            .flush_every_ms(None);
        let db = config.open().expect("a store");
        let tail = match layout.two_trees {
            true => db.open_tree("tail").expect("a tree"),
            false => Tree::clone(&db),
        };
        let path = dir.join("db");
        let file = File::options().write(true).open(&path).expect("its file");
        if layout.room > 0 {
            let room = format!("{}", layout.room);
            let done = Command::new("fallocate")
                .args(["--keep-size", "--length", &room])
                .arg(&path)
                .status();
            assert!(done.expect("fallocate").success());
        }
        Self {
            layout,
            db,
            tail,
            file,
            position: 1,
        }
    }

    fn append(&mut self, records: u64) {
        let mut batch = Batch::default();
        let first = self.position;
        let key = |piece: u16| [&first.to_be_bytes()[..], &piece.to_be_bytes()].concat();
        let group = || {
            let mut value = HEADER.to_vec();
            for _ in 0..records {
                value.extend_from_slice(&[1, 44]);
                value.extend_from_slice(RECORD.as_slice());
            }
            value
        };
        let mut last = key(0);
        match self.layout.values {
            Values::Pieces(len) => {
                for (piece, bytes) in (0..).zip(group().chunks(len)) {
                    last = key(piece);
                    batch.insert(last.clone(), bytes);
                }
            }
            Values::Whole => batch.insert(last.clone(), group()),
            Values::Entries => {
                for n in 0..records {
                    last = (first + n).to_be_bytes().to_vec();
                    batch.insert(last.clone(), RECORD.as_slice());
                }
            }
        }
        self.position += records;
        let end = [&self.position.to_be_bytes()[..], &HEADER[..32]].concat();
        if self.layout.two_trees {
            self.tail.insert(b"tail", end).expect("to write");
        } else {
            batch.insert(b"\0tail", end);
        }
        self.db.apply_batch(batch).expect("to write");
        self.db.get(last).expect("to read");
        self.db.flush().expect("to flush");
        self.file.sync_data().expect("to sync");
    }
}

fn tried(layout: Layout, milliseconds: u64) {
    let dir =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("layout-{}", std::process::id()));
    let mut line = String::new();
    for records in [1, 8, 64] {
        let dir = dir.join(records.to_string());
        let mut store = Store::open(layout, &dir);
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(milliseconds) {
            store.append(records);
        }
        let rate = (store.position - 1) as f64 / start.elapsed().as_secs_f64();
        line.push_str(&format!("{rate:>7.0} "));
    }
    let filled = dir.join("filled");
    let mut store = Store::open(layout, &filled);
    while store.position < FILLED {
        store.append(64);
    }
    let memory = memory();
    drop(store);
    let disk = bytes_in(&filled) / 1_000_000;
    let start = Instant::now();
    let store = Store::open(layout, &filled);
    let read: usize = store
        .db
        .iter()
        .map(|item| item.expect("a value").1.len())
        .sum();
    assert!(read > 300 * FILLED as usize);
    println!(
        "{line} {memory:>7} {disk:>7} {:>8.2}",
        start.elapsed().as_secs_f64()
    );
    drop(store);
    let _ = fs::remove_dir_all(dir);
}

/// Memory of this process, in MB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|line| line.trim_matches([' ', '\t', 'k', 'B']).parse().ok());
    kb.unwrap_or(0_u64) / 1024
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
