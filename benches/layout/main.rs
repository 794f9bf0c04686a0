//! What decided how the log lies on disk: the same records kept in every layout
//! that was thought of, on the engine itself.
//!
//!     cargo bench --bench layout [-- --quick]
//!
//! Each layout is tried in a process of its own, on a fresh directory under
//! `target/`: groups of 1, 8 and 64 records of 300 bytes, each group made durable
//! (flush, then fdatasync of the engine's file); then the store is opened again and
//! everything is read. One line a layout: the rates, what memory the process had,
//! what the directory takes, and how long opening and reading took.

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

/// A record.
const RECORD: [u8; 300] = [b'x'; 300];
/// What a group says of itself, as long as in the real format.
const HEADER: [u8; 41] = [b'h'; 41];
/// How many records there are for reading back.
const FILLED: u64 = 200_000;

/// What holds a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    /// A group, cut into pieces of so many bytes.
    Pieces(usize),
    /// A group, whole.
    Whole,
    /// Each record has a value of its own.
    Entries,
}

/// A way to lay the log out.
#[derive(Debug, Clone, Copy)]
struct Layout {
    name: &'static str,
    values: Values,
    /// Whether the tail record has a tree of its own.
    two_trees: bool,
    segment: usize,
    cache: u64,
    /// Whether room for the file is set aside beforehand.
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
        but("a value for each record", |it| it.values = Values::Entries),
        but("a value for each group, whole", |it| {
            it.values = Values::Whole
        }),
        but("pieces of 1 KiB", |it| it.values = Values::Pieces(1024)),
        but("pieces of 16 KiB", |it| {
            it.values = Values::Pieces(16 * 1024)
        }),
        but("the tail record in a tree of its own", |it| {
            it.two_trees = true
        }),
        but("segments of 64 KiB", |it| it.segment = 64 * 1024),
        but("segments of 2 MiB", |it| it.segment = 2 * 1024 * 1024),
        but("segments of 8 MiB", |it| it.segment = 8 * 1024 * 1024),
        but("cache of 1 MiB", |it| it.cache = 1024 * 1024),
        but("cache of 256 MiB", |it| it.cache = 256 * 1024 * 1024),
        but("1 GiB of the file set aside beforehand", |it| {
            it.room = 1 << 30
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
        let this = std::env::current_exe().expect("this program");
        let output = Command::new(this)
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

/// A store of one layout.
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
    let read: usize = store.db.iter().map(|it| it.expect("a value").1.len()).sum();
    assert!(read > 300 * FILLED as usize);
    println!(
        "{line} {memory:>7} {disk:>7} {:>8.2}",
        start.elapsed().as_secs_f64()
    );
    drop(store);
    let _ = fs::remove_dir_all(dir);
}

/// What memory this process has, in MB.
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
