//! Opening a directory: its lock, unfinished creation, and files that do not
//! belong.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use minutebook::log::sled::SledEngine;
use minutebook::log::{Engine, OpenError, Position};

use crate::deterministic_log::{self, open_sled};
use crate::faults::{Outcome, cut, judge, patient, refusal, snapshot, sound};
use crate::log_killed::child_command;

#[test]
fn missing_files_are_refused_or_made_again() {
    for name in ["sled/db", "sled"] {
        let (_parent, store) = patient();
        let path = store.join(name);
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("remove");
        } else {
            fs::remove_file(&path).expect("remove");
        }
        for attempt in ["first", "second"] {
            let error = refusal(&store, name);
            assert!(
                matches!(error, OpenError::Damaged { .. }),
                "{attempt}: {error}"
            );
            assert!(!path.exists(), "{name} was made anew");
        }
    }
    let (_parent, store) = patient();
    fs::remove_file(store.join("sled/conf")).expect("remove");
    assert!(matches!(refusal(&store, "conf"), OpenError::Damaged { .. }));
    let (_parent, store) = patient();
    fs::remove_file(snapshot(&store)).expect("remove");
    assert!(matches!(judge(&store, "snapshot"), Outcome::Identical));
    for name in ["minutebook.format", "minutebook.witness", "minutebook.lock"] {
        let (_parent, store) = patient();
        fs::remove_file(store.join(name)).expect("remove");
        assert!(matches!(judge(&store, name), Outcome::Identical));
        assert!(store.join(name).exists(), "{name} was not made again");
    }
    // Without the lock and the format nothing marks this as a store.
    let (_parent, store) = patient();
    fs::remove_file(store.join("minutebook.lock")).expect("remove");
    fs::remove_file(store.join("minutebook.format")).expect("remove");
    assert!(matches!(
        refusal(&store, "lock"),
        OpenError::NotAStore { .. }
    ));
}

#[test]
fn files_outside_the_engine_file_are_refused() {
    let (_parent, store) = patient();
    fs::write(store.join("sled/blobs/12345"), b"a value").expect("write");
    assert!(matches!(refusal(&store, "blob"), OpenError::Damaged { .. }));
}

#[test]
fn a_later_format_is_refused_by_number() {
    let (_parent, store) = patient();
    fs::write(store.join("minutebook.format"), "minutebook log format 2\n").expect("write");
    let error = refusal(&store, "format 2");
    assert!(
        matches!(
            error,
            OpenError::UnknownFormat {
                found: 2,
                known: 1,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_crash_in_creation_is_finished_by_the_next_open() {
    // A finished store, reduced step by step to each state that creation passes
    // through.
    let parent = tempfile::tempdir().expect("a directory");
    let whole = parent.path().join("whole");
    drop(open_sled(&whole).expect("opens"));
    type Undo = fn(&Path);
    let unreserved: Undo = |s| fs::remove_file(s.join("minutebook.reserve")).expect("remove");
    let unnamed: Undo = |s| fs::remove_file(s.join("minutebook.format")).expect("remove");
    let unrenamed: Undo = |s| fs::rename(s.join("sled"), s.join("sled.creating")).expect("rename");
    let unwitnessed: Undo = |s| fs::remove_file(s.join("minutebook.witness")).expect("remove");
    let half_made: Undo = |s| cut(&s.join("sled.creating/db"), 100);
    let empty: Undo = |s| {
        fs::remove_dir_all(s.join("sled.creating")).expect("remove");
        fs::create_dir(s.join("sled.creating")).expect("create");
    };
    let locked: Undo = |s| fs::remove_dir(s.join("sled.creating")).expect("remove");
    let bare: Undo = |s| fs::remove_file(s.join("minutebook.lock")).expect("remove");
    let steps = [
        unreserved,
        unnamed,
        unrenamed,
        unwitnessed,
        half_made,
        empty,
        locked,
        bare,
    ];
    for undone in 0..=steps.len() {
        let store = parent.path().join(format!("undone-{undone}"));
        deterministic_log::copy(&whole, &store);
        for step in &steps[..undone] {
            step(&store);
        }
        let (mut appender, reader) = open_sled(&store).expect("completed");
        assert_eq!(appender.tail(), Position::ZERO);
        deterministic_log::write(&mut *appender, 3);
        let tail = deterministic_log::check(&*reader);
        drop((appender, reader));
        assert_eq!(
            deterministic_log::check(&*open_sled(&store).expect("opens").1),
            tail
        );
        assert!(!store.join("sled.creating").exists());
    }
}

#[test]
fn a_snapshot_that_was_being_written_is_not_in_the_way() {
    let (_parent, store) = patient();
    let whole = fs::read(snapshot(&store)).expect("read");
    let draft = store.join("sled/snap.00000000FFFFFFFF.generating");
    fs::write(&draft, &whole[..whole.len() / 2]).expect("write");
    assert!(matches!(
        judge(&store, "half a snapshot"),
        Outcome::Identical
    ));
    assert!(!draft.exists());
}

#[test]
fn a_directory_of_something_else_is_left_alone() {
    let parent = tempfile::tempdir().expect("a directory");
    fs::write(parent.path().join("letters.txt"), "dear").expect("write");
    let error = open_sled(parent.path()).err().expect("refused");
    assert!(
        matches!(&error, OpenError::NotAStore { found, .. } if found == "letters.txt"),
        "{error}"
    );
    assert_eq!(fs::read_dir(parent.path()).expect("read").count(), 1);
    let file = parent.path().join("letters.txt");
    assert!(matches!(open_sled(&file), Err(OpenError::Storage { .. })));
}

#[test]
fn directories_above_are_made() {
    let parent = tempfile::tempdir().expect("a directory");
    let deep = parent.path().join("a/b/c");
    drop(open_sled(&deep).expect("opens"));
    drop(open_sled(&deep).expect("opens again"));
}

#[test]
fn a_store_has_one_owner() {
    let parent = tempfile::tempdir().expect("a directory");
    let store = parent.path().join("log");
    let (appender, reader) = open_sled(&store).expect("opens");
    let asked = Instant::now();
    let error = open_sled(&store).err().expect("refused");
    assert!(matches!(error, OpenError::Locked { .. }), "{error}");
    assert!(asked.elapsed() < Duration::from_secs(2), "refused at once");
    let child = |text: &str| {
        let output = child_command(&[], &store, Some(2))
            .stdout(Stdio::piped())
            .output()
            .expect("the child runs");
        let output = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.contains(text), "{output}");
    };
    child("refused Locked");
    drop(appender);
    child("refused Locked");
    drop(reader);
    child("closed");
    let (_, reader) = open_sled(&store).expect("the child let go");
    deterministic_log::check(&*reader);
}

#[test]
fn replay_hands_out_every_record_and_can_give_up() {
    use std::ops::ControlFlow;
    let (_parent, store) = patient();
    let mut count = 0;
    let held = SledEngine::new(&store).hold().expect("holds");
    let outcome = held.replay(
        Position::ZERO,
        |record| record,
        |record| {
            count += 1;
            assert_eq!(record.position.get(), count);
            assert!(record.bytes == deterministic_log::record(count));
            if count == 7 {
                ControlFlow::Break("enough")
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    assert!(matches!(outcome, Ok(ControlFlow::Break("enough"))));
    count = 0;
    let held = SledEngine::new(&store).hold().expect("holds");
    let outcome = held.replay(
        Position::ZERO,
        |record| record,
        |record| {
            count += 1;
            assert!(record.bytes == deterministic_log::record(count));
            ControlFlow::<()>::Continue(())
        },
    );
    assert!(matches!(outcome, Ok(ControlFlow::Continue(_))));
    assert_eq!(count, sound().1.get());
}
