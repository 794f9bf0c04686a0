//! Damage that the engine itself cannot detect.
//!
//! The engine's checksums catch a flipped bit, but not a forgotten page, a swapped
//! value or an edit with other tools. Here the contents of the store are changed
//! *through* the engine, so that every checksum of the engine is right and only the
//! log's own checks remain. The keys and values of the documented format are
//! written out again here, which also pins them.

use std::fs;
use std::path::Path;

use minutebook::log::{Batch, OpenError, Position};

use crate::deterministic_log::open_sled;

/// The key of one piece of the group that starts at `first`.
fn key(first: u64, piece: u16) -> Vec<u8> {
    [first.to_be_bytes().as_slice(), &piece.to_be_bytes()].concat()
}

/// A store of three groups: 1, 2 (of three pieces) and 3 to 4.
fn forge(change: impl FnOnce(&::sled::Db), keep_witness: bool) -> Result<Position, OpenError> {
    let parent = tempfile::tempdir().expect("a directory");
    let store = parent.path().join("log");
    let (mut appender, reader) = open_sled(&store).expect("opens");
    for group in [
        vec![vec![1; 10]],
        vec![vec![2; 10_000]],
        vec![vec![3; 10], vec![4; 10]],
    ] {
        let tail = appender.tail();
        let batch = Batch::new(group).expect("a batch");
        appender.append(&batch, tail).expect("append");
    }
    drop((appender, reader));
    let db = engine(&store);
    change(&db);
    db.flush().expect("flush");
    drop(db);
    if !keep_witness {
        fs::remove_file(store.join("minutebook.witness")).expect("remove");
    }
    open_sled(&store).map(|(appender, _)| appender.tail())
}

fn engine(store: &Path) -> ::sled::Db {
    let config = ::sled::Config::new()
        .path(store.join("sled"))
        .flush_every_ms(None);
    // Threads of the store that was just closed may keep its file for a moment.
    for _ in 0..200 {
        if let Ok(db) = config.open() {
            return db;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    config.open().expect("opens")
}

#[track_caller]
fn damaged(change: impl FnOnce(&::sled::Db), because: &str) {
    match forge(change, true) {
        Err(error @ OpenError::Damaged { .. }) => {
            let message = error.to_string();
            assert!(message.contains(because), "{message}");
            assert!(message.contains("restore it from a backup"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

/// Changes one byte of one value.
fn edit(db: &::sled::Db, key: Vec<u8>, at: usize, to: u8) {
    let mut value = db.get(&key).expect("get").expect("is there").to_vec();
    value[at] = to;
    db.insert(key, value).expect("insert");
}

#[test]
fn nothing_changed_is_nothing_noticed() {
    assert_eq!(forge(|_| {}, true).expect("opens"), Position::new(4));
    assert_eq!(forge(|_| {}, false).expect("opens"), Position::new(4));
}

#[test]
fn another_byte_in_a_record() {
    damaged(
        |db| edit(db, key(1, 0), 45, 9),
        "at position 1, the bytes of the group",
    );
    damaged(
        |db| edit(db, key(2, 2), 7, 9),
        "at position 2, the bytes of the group",
    );
}

#[test]
fn impossible_group_headers_are_refused() {
    damaged(|db| edit(db, key(1, 0), 0, 2), "format tag 2");
    damaged(|db| edit(db, key(3, 0), 4, 0), "0 records");
    damaged(|db| edit(db, key(3, 0), 1, 255), "which cannot be");
    damaged(|db| edit(db, key(3, 0), 5, 255), "which cannot be");
    damaged(|db| edit(db, key(3, 0), 8, 1), "and says it has");
    damaged(
        |db| drop(db.insert(key(1, 0), vec![1; 7])),
        "fewer than its header",
    );
}

#[test]
fn a_group_in_another_place() {
    let swap = |db: &::sled::Db| {
        let value = db.get(key(1, 0)).expect("get").expect("is there");
        db.insert(key(2, 0), value).expect("insert");
    };
    damaged(swap, "at position 2");
}

#[test]
fn missing_pieces_and_groups() {
    damaged(
        |db| drop(db.remove(key(2, 1))),
        "piece 1 of the group is missing",
    );
    damaged(|db| drop(db.remove(key(2, 0))), "position 2 is missing");
    damaged(|db| drop(db.remove(key(1, 0))), "position 1 is missing");
}

#[test]
fn something_after_the_end() {
    damaged(
        |db| drop(db.insert(key(5, 1), b"a piece")),
        "something after it",
    );
    damaged(
        |db| drop(db.insert(key(9, 0), b"a group")),
        "position 5 is missing",
    );
}

#[test]
fn a_missing_last_group_is_lost_entries_by_either_record() {
    // Only the tail record is lost, as after a power cut that left an old durable mark.
    let lost = forge(|db| drop(db.remove(key(3, 0))), false);
    assert!(
        matches!(&lost, Err(OpenError::LostEntries { have, promised, .. })
            if *have == Position::new(2) && *promised == Position::new(4)),
        "{lost:?}"
    );
    // Only the durable mark shows the loss: the tail record went back as well.
    let back = |db: &::sled::Db| {
        let older = db.get(key(2, 0)).expect("get").expect("is there");
        let tail = [2_u64.to_be_bytes().as_slice(), &older[9..41]].concat();
        db.remove(key(3, 0)).expect("remove");
        db.insert(key(0, 1), tail).expect("insert");
    };
    let lost = forge(back, true);
    assert!(
        matches!(lost, Err(OpenError::LostEntries { .. })),
        "{lost:?}"
    );
    // Without either, a clean cut looks like a log that ends there.
    assert_eq!(forge(back, false).expect("opens"), Position::new(2));
}

#[test]
fn a_log_head_that_does_not_fit_is_refused() {
    damaged(
        |db| drop(db.insert(key(0, 0), b"minutebook log 2")),
        "format 1",
    );
    damaged(|db| drop(db.remove(key(0, 0))), "format 1");
    damaged(|db| drop(db.remove(key(0, 1))), "tail record is missing");
    damaged(|db| edit(db, key(0, 1), 7, 3), "its tail record says 3");
    damaged(|db| edit(db, key(0, 1), 20, 0), "its tail record says 4");
}
