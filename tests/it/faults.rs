//! Damage of every kind a disk, a crash or a hand can do to a store at rest.
//!
//! One rule: a damaged store is refused with a reason, or it reads back
//! everything, identical. It never panics, never hangs, and never has fewer
//! records than were acknowledged. Random damage prints its seed; set
//! `MINUTEBOOK_TEST_SEED` to see the same damage again, and
//! `MINUTEBOOK_TEST_DAMAGE` for more than the default of 120 rounds.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use minutebook::log::memory::{InjectedFault, MemoryMedium};
use minutebook::log::{AppendError, Appender, LogStopped, OpenError, Position, Reader};
use tempfile::TempDir;

use crate::deterministic_log::{self, Random, open_sled};

/// How often random damage is done.
fn rounds() -> usize {
    std::env::var("MINUTEBOOK_TEST_DAMAGE").map_or(120, |n| n.parse().expect("a number"))
}

/// A closed store that was opened and written several times, and its tail.
pub fn sound() -> &'static (PathBuf, Position) {
    static STORE: OnceLock<(TempDir, PathBuf, Position)> = OnceLock::new();
    static ANSWER: OnceLock<(PathBuf, Position)> = OnceLock::new();
    let (_, path, tail) = STORE.get_or_init(|| {
        let parent = tempfile::tempdir().expect("a directory");
        let path = parent.path().join("log");
        let mut tail = Position::ZERO;
        for _ in 0..4 {
            let (mut appender, _reader) = open_sled(&path).expect("opens");
            tail = deterministic_log::write(&mut *appender, 60);
        }
        (parent, path, tail)
    });
    ANSWER.get_or_init(|| (path.clone(), *tail))
}

/// A copy of the sound store, to be damaged.
pub fn patient() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().expect("a directory");
    let path = parent.path().join("log");
    deterministic_log::copy(&sound().0, &path);
    (parent, path)
}

/// The engine's snapshot file.
pub fn snapshot(store: &Path) -> PathBuf {
    fs::read_dir(store.join("sled"))
        .expect("read")
        .map(|entry| entry.expect("entry").path())
        .find(|path| path.to_string_lossy().contains("snap."))
        .expect("a snapshot")
}

#[derive(Debug)]
pub enum Outcome {
    Refused(OpenError),
    Identical,
}

/// Opens a damaged store and holds it to the one rule.
///
/// In a thread of its own, so that an engine that hangs is a failure and not a
/// test run that never ends.
pub fn judge(store: &Path, damage: &str) -> Outcome {
    judge_by(sound().1, store, damage)
}

/// The same for a store of which `whole` was the tail.
fn judge_by(whole: Position, store: &Path, damage: &str) -> Outcome {
    let (verdict, wait) = mpsc::channel();
    let path = store.to_owned();
    std::thread::spawn(move || {
        let outcome = match open_sled(&path) {
            Err(error) => Outcome::Refused(error),
            Ok((mut appender, reader)) => {
                assert_eq!(
                    deterministic_log::check(&*reader),
                    whole,
                    "records are missing"
                );
                // It must also go on from here.
                deterministic_log::write(&mut *appender, 3);
                deterministic_log::check(&*reader);
                Outcome::Identical
            }
        };
        let _ = verdict.send(outcome);
    });
    match wait.recv_timeout(Duration::from_secs(60)) {
        Ok(outcome) => outcome,
        Err(error) => panic!("{damage}: the store panicked, lied or hung ({error})"),
    }
}

pub fn refusal(store: &Path, damage: &str) -> OpenError {
    match judge(store, damage) {
        Outcome::Refused(error) => error,
        Outcome::Identical => panic!("{damage}: not noticed"),
    }
}

fn flip(file: &Path, offset: u64, bit: u8) {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(file)
        .expect("open");
    let mut byte = [0];
    file.read_exact_at(&mut byte, offset).expect("read");
    byte[0] ^= 1 << bit;
    file.write_all_at(&byte, offset).expect("write");
}

pub fn cut(file: &Path, len: u64) {
    OpenOptions::new()
        .write(true)
        .open(file)
        .and_then(|file| file.set_len(len))
        .expect("cut");
}

fn len(file: &Path) -> u64 {
    fs::metadata(file).expect("metadata").len()
}

#[test]
fn a_copied_store_is_the_same_store() {
    let (_parent, store) = patient();
    assert!(matches!(judge(&store, "none"), Outcome::Identical));
}

#[test]
fn flipped_bits_are_found() {
    let mut random = Random::seeded("flipped bits");
    let mut refused = 0;
    for _ in 0..rounds() {
        let (_parent, store) = patient();
        let file = match random.below(10) {
            0 => snapshot(&store),
            1 => store.join("sled/conf"),
            2 => store.join("minutebook.witness"),
            3 => store.join("minutebook.format"),
            _ => store.join("sled/db"),
        };
        let (offset, bit) = (random.below(len(&file)), random.below(8) as u8);
        flip(&file, offset, bit);
        let damage = format!("bit {bit} of byte {offset} of {}", file.display());
        if let Outcome::Refused(error) = judge(&store, &damage) {
            assert!(
                !matches!(error, OpenError::NotAStore { .. }),
                "{damage}: {error}"
            );
            refused += 1;
        }
    }
    println!(
        "flipped bits: {refused} of {} refused, the others harmless",
        rounds()
    );
}

#[test]
fn overwritten_blocks_are_found() {
    let mut random = Random::seeded("overwritten blocks");
    let mut refused = 0;
    for _ in 0..rounds() / 4 {
        let (_parent, store) = patient();
        let file = store.join("sled/db");
        let offset = random.below(len(&file)) / 512 * 512;
        let block = if random.below(2) == 0 {
            [0; 512]
        } else {
            [0xFF; 512]
        };
        let open = OpenOptions::new().write(true).open(&file).expect("open");
        open.write_all_at(&block, offset).expect("write");
        if let Outcome::Refused(_) = judge(&store, &format!("block at {offset}")) {
            refused += 1;
        }
    }
    println!(
        "overwritten blocks: {refused} of {} refused, the others harmless",
        rounds() / 4
    );
}

#[test]
fn a_cut_file_is_never_a_shorter_log() {
    let mut random = Random::seeded("cuts");
    let whole = len(&sound().0.join("sled/db"));
    let mut lens = vec![
        0,
        1,
        19,
        20,
        511,
        512,
        4_096,
        524_288,
        524_289,
        whole - 1,
        whole,
    ];
    lens.extend((0..rounds() / 3).map(|_| random.below(whole)));
    let (mut refused, mut count) = (0, 0);
    for len in lens {
        for also_snapshot in [false, true] {
            let (_parent, store) = patient();
            cut(&store.join("sled/db"), len);
            if also_snapshot {
                // Without it the engine cannot know that anything is missing.
                fs::remove_file(snapshot(&store)).expect("remove");
            }
            let damage = format!("cut to {len} of {whole}, snapshot removed: {also_snapshot}");
            count += 1;
            if let Outcome::Refused(_) = judge(&store, &damage) {
                refused += 1;
                // A refusal must not make a loss look like order: the next open
                // is held to the same rule.
                judge(&store, &format!("{damage}, opened again"));
            }
        }
    }
    println!("cuts: {refused} of {count} refused, the others harmless");
}

#[test]
fn a_cut_that_took_only_padding_is_no_loss() {
    // The engine's recovery panics over this once, and then finds everything.
    // Opening pads the segment in use to its end; then more is written into it.
    // Several segments, because the recovery of one never panicked.
    let parent = tempfile::tempdir().expect("a directory");
    let padded = parent.path().join("padded");
    let mut whole = Position::ZERO;
    for groups in [60, 60, 60, 60, 4, 4] {
        let (mut appender, _reader) = open_sled(&padded).expect("opens");
        whole = deterministic_log::write(&mut *appender, groups);
    }
    // Now and then, on a busy machine, the last group ends with its segment: then
    // one more begins the next.
    let (bytes, used) = (0..10)
        .find_map(|_| {
            let bytes = fs::read(padded.join("sled/db")).expect("read");
            let last = bytes.iter().rposition(|byte| *byte != 0);
            let used = last.expect("not empty") + 1;
            if used + 64 < bytes.len() {
                return Some((bytes, used));
            }
            let (mut appender, _reader) = open_sled(&padded).expect("opens");
            whole = deterministic_log::write(&mut *appender, 1);
            None
        })
        .expect("a last segment that is padded");
    for (kept, snapshot_too) in [(1, 2), (1, 4), (3, 4)]
        .into_iter()
        .flat_map(|part| [(part, false), (part, true)])
    {
        let parent = tempfile::tempdir().expect("a directory");
        let store = parent.path().join("log");
        deterministic_log::copy(&padded, &store);
        let len = used + (bytes.len() - used) * kept.0 / kept.1;
        cut(&store.join("sled/db"), len as u64);
        if snapshot_too {
            fs::remove_file(snapshot(&store)).expect("remove");
        }
        let damage = format!("cut to {len}, {used} in use, snapshot removed: {snapshot_too}");
        let outcome = judge_by(whole, &store, &damage);
        if snapshot_too {
            assert!(
                matches!(outcome, Outcome::Identical),
                "{damage}: {outcome:?}"
            );
        }
    }
}

#[test]
fn an_older_state_of_the_file_is_lost_entries() {
    let (_parent, store) = patient();
    let witness = fs::read(store.join("minutebook.witness")).expect("read");
    let parent = tempfile::tempdir().expect("a directory");
    let newer = parent.path().join("log");
    deterministic_log::copy(&store, &newer);
    let (mut appender, reader) = open_sled(&newer).expect("opens");
    let promised = deterministic_log::write(&mut *appender, 5);
    drop((appender, reader));
    fs::copy(
        newer.join("minutebook.witness"),
        store.join("minutebook.witness"),
    )
    .expect("copy");
    let error = refusal(&store, "an older file");
    let have = sound().1;
    assert!(
        matches!(&error, OpenError::LostEntries { have: h, promised: p, .. }
            if *h == have && *p == promised),
        "{error}"
    );
    assert!(
        error.to_string().contains("restore it from a backup"),
        "{error}"
    );
    // The other way round is what a crash between sync and witness leaves.
    fs::write(newer.join("minutebook.witness"), witness).expect("write");
    let (_, reader) = open_sled(&newer).expect("opens");
    assert_eq!(deterministic_log::check(&*reader), promised);
}

#[test]
fn the_witness_of_another_history_is_refused() {
    let parent = tempfile::tempdir().expect("a directory");
    let (a, b) = (parent.path().join("a"), parent.path().join("b"));
    for (path, text) in [(&a, b"a"), (&b, b"b")] {
        let (mut appender, _reader) = open_sled(path).expect("opens");
        let batch = minutebook::log::Batch::new(vec![text.to_vec()]).expect("a batch");
        appender.append(&batch, Position::ZERO).expect("append");
    }
    fs::copy(a.join("minutebook.witness"), b.join("minutebook.witness")).expect("copy");
    let error = open_sled(&b).err().expect("refused");
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains("different stores"), "{error}");
}

#[test]
fn a_witness_is_believed_if_either_slot_is_whole() {
    for slot in [0, 512] {
        let (_parent, store) = patient();
        flip(&store.join("minutebook.witness"), slot + 20, 3);
        assert!(matches!(judge(&store, "one slot"), Outcome::Identical));
    }
    for garbage in [
        vec![],
        vec![0; 1_024],
        vec![0xFF; 40],
        b"hello\n".repeat(300),
    ] {
        let (_parent, store) = patient();
        fs::write(store.join("minutebook.witness"), garbage).expect("write");
        let error = refusal(&store, "both slots");
        assert!(error.to_string().contains("delete that file"), "{error}");
        // The remedy works.
        fs::remove_file(store.join("minutebook.witness")).expect("remove");
        assert!(matches!(judge(&store, "no witness"), Outcome::Identical));
    }
}

#[test]
fn both_flavours_of_failure_stop_the_memory_log() {
    for (fault, kept) in [
        (InjectedFault::Failed, false),
        (InjectedFault::FailedButPersisted, true),
    ] {
        let medium = MemoryMedium::new();
        let (mut appender, reader) = medium.restart();
        let before = deterministic_log::write(&mut appender, 4);
        medium.switch().fail_next(fault);
        let batch = deterministic_log::group(before);
        let unknown = appender.append(&batch, before);
        assert!(matches!(unknown, Err(AppendError::OutcomeUnknown { .. })));
        let stopped = appender.append(&batch, before);
        assert!(matches!(
            stopped,
            Err(AppendError::Stopped {
                reason: LogStopped::OutcomeUnknown { .. }
            })
        ));
        assert!(reader.stopped().is_some());
        assert_eq!(
            deterministic_log::check(&reader),
            before,
            "an unknown outcome is not shown"
        );
        let (mut appender, reader) = medium.restart();
        let after = if kept {
            before.plus(batch.count())
        } else {
            before
        };
        assert_eq!(deterministic_log::check(&reader), after);
        deterministic_log::write(&mut appender, 4);
        deterministic_log::check(&reader);
    }
}
