//! A log whose every byte is known in advance.
//!
//! Group sizes and record bytes are functions of the position alone. So a test can
//! check a log that another process wrote, or that was cut, copied or killed,
//! without knowing what was written.

use std::path::Path;
use std::sync::Arc;

use minutebook::log::sled::SledEngine;
use minutebook::log::{
    Appender, Batch, Engine, Limit, OpenError, Position, RECORD_BYTES_MAX, Reader,
};
use minutebook::notary::key::KeyFiles;

/// A small generator with a printable seed, so that every fault can be replayed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A seed from `MINUTEBOOK_TEST_SEED`, or a new one; printed either way, so
    /// that a failure names it.
    pub fn seeded(purpose: &str) -> Random {
        let seed = std::env::var("MINUTEBOOK_TEST_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok())
            .unwrap_or_else(|| {
                std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .map_or(0, |since| since.as_nanos() as u64)
            });
        println!("{purpose}: MINUTEBOOK_TEST_SEED={seed}");
        Random(seed)
    }

    /// SplitMix64.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// The record at `position`: usually short, sometimes the longest allowed.
pub fn record(position: u64) -> Vec<u8> {
    let mut random = Random::new(position);
    let len = match random.below(200) {
        0 => RECORD_BYTES_MAX as u64,
        1..=3 => 1 + random.below(20_000),
        _ => 1 + random.below(600),
    };
    (0..len.div_ceil(8))
        .flat_map(|_| random.next().to_le_bytes())
        .take(len as usize)
        .collect()
}

/// The group directly after `tail`: usually one record.
pub fn group(tail: Position) -> Batch {
    let first = tail.get() + 1;
    let mut random = Random::new(!first);
    let count = match random.below(8) {
        0 => 1 + random.below(64),
        1..=2 => 1 + random.below(5),
        _ => 1,
    };
    Batch::new((first..first + count).map(record).collect()).expect("within the limits")
}

pub type Opened = (Box<dyn Appender>, Arc<dyn Reader>);

pub fn open(engine: &dyn Engine) -> Result<Opened, OpenError> {
    let log = engine.hold()?.open()?;
    Ok((log.appender, log.reader))
}

/// Opens a log that sled keeps: for tests that look at its files.
pub fn open_sled(dir: &Path) -> Result<Opened, OpenError> {
    open(&SledEngine::new(dir))
}

/// Opens the log of a store with the engine that a server uses.
pub fn open_store(data: &Path) -> Result<Opened, OpenError> {
    let opened = open(&*minutebook::server::engine(data))?;
    // A register has a key before it has entries.
    let dir = data.join("notary");
    std::fs::create_dir_all(&dir).expect("a directory");
    KeyFiles::new(&dir, None).open(None).expect("a key");
    Ok(opened)
}

/// Appends the next `groups` groups and returns the tail.
pub fn write(appender: &mut dyn Appender, groups: usize) -> Position {
    for _ in 0..groups {
        let tail = appender.tail();
        appender.append(&group(tail), tail).expect("append");
    }
    appender.tail()
}

/// Reads everything and demands that every byte is right; returns the tail.
pub fn check(reader: &dyn Reader) -> Position {
    let tail = reader.tail();
    let mut at = Position::new(1);
    while at <= tail {
        let page = reader.read(at, Limit::PAGE).expect("read");
        assert!(!page.is_empty(), "nothing at {at} of {tail}");
        for found in page {
            assert_eq!(found.position, at);
            assert!(found.bytes == record(at.get()), "wrong bytes at {at}");
            at = at.next();
        }
    }
    assert_eq!(at, tail.next());
    tail
}

/// Copies a store, or any directory, file by file.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("create");
    for entry in std::fs::read_dir(from).expect("read") {
        let entry = entry.expect("entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copy");
        }
    }
}
