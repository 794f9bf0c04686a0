//! A store at rest: verified, restored, and with any single bit flipped.

use std::fs;
use std::path::{Path, PathBuf};

use minutebook::archive::verify::{StoredTrust, TrustAnchors};
use minutebook::audit::checkpoint::SignedCheckpoint;
use minutebook::audit::key::VerifierKey;
use minutebook::domain::register_view::RegisterView;
use minutebook::log::{Batch, Limit, OpenError, Position, Reader};
use minutebook::projection::Replay;
use minutebook::server::offline::{
    OfflineError, OfflineStore, StoreKey, StoreRestore, rotate, verify,
};
use minutebook::views;

use super::fixture::{SIZE, key, log, stranger};
use crate::deterministic_log::{self, Random, open_store};

/// Writes a store with the log and a published checkpoint.
pub fn store(data: &Path) {
    let (mut appender, _reader) = open_store(data).expect("a store");
    for records in log().records.chunks(100) {
        let tail = appender.tail();
        let batch = Batch::new(records.to_vec()).expect("a batch");
        appender.append(&batch, tail).expect("appended");
    }
    drop(appender);
    publish(data, SIZE);
}

/// Writes a checkpoint, and the key that signed it.
fn publish(data: &Path, size: u64) {
    use std::os::unix::fs::PermissionsExt;
    let notary = data.join("notary");
    fs::create_dir_all(&notary).expect("a directory");
    let signed = log().signed(size, &key());
    fs::write(notary.join("checkpoint"), signed.note.to_string()).expect("written");
    let path = notary.join("checkpoint.key");
    fs::write(&path, key().to_text()).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
}

fn faults(data: &Path) -> Vec<String> {
    match verify(data, &TrustAnchors::default(), |_| {}) {
        Ok(report) => report.faults,
        Err(error) => vec![format!("not read: {error}")],
    }
}

#[test]
fn a_store_is_verified_exported_and_restored() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    store(&data);
    assert_eq!(faults(&data), Vec::<String>::new());
    let stored = OfflineStore::open(&data, StoreKey::default()).expect("a store");
    assert_eq!(stored.checkpoint, log().signed(SIZE, &key()));
    let back = parent.path().join("back");
    let mut restoring = StoreRestore::open(&back).expect("an empty directory");
    let copied: Result<(), OfflineError> = stored.records(0, |record| restoring.push(record));
    copied.expect("records");
    let checkpoint = &stored.checkpoint.checkpoint;
    assert_eq!(restoring.head(), (checkpoint.size, checkpoint.root));
    restoring
        .finish(&stored.checkpoint, &stored.key, &[])
        .expect("a store");
    drop(stored);
    // The log is the same byte for byte, and so are the views.
    let views = |data: &Path| {
        let (_appender, reader) = open_store(data).expect("a store");
        let register = Replay::of(&*reader).expect("a register").register;
        let day = "2026-11-23".parse().expect("a day");
        let tail = register.tail();
        let view = RegisterView::new(register.into(), day, tail);
        let lists = (
            views::collaborations::list(&view, None, false),
            views::breaches::list(&view, None),
            views::virements::list(&view, None),
        );
        assert!(lists.0.len() > 1);
        (data_of(&*reader), lists)
    };
    assert_eq!(views(&data), views(&back));
    assert!(matches!(
        StoreRestore::open(&back),
        Err(OfflineError::NotEmpty(_))
    ));
    let nowhere = parent.path().join("nowhere");
    drop(StoreRestore::open(&nowhere).expect("an empty directory"));
    assert!(!nowhere.exists(), "what is not finished goes away");
    assert!(matches!(
        verify(&nowhere, &TrustAnchors::default(), |_| {}),
        Err(OfflineError::Open(OpenError::Missing { .. }))
    ));
    assert!(!nowhere.exists(), "to verify makes no store");
}

fn data_of(reader: &dyn Reader) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let from = Position::new(all.len() as u64 + 1);
        let records = reader.read(from, Limit::PAGE).expect("records");
        if records.is_empty() {
            return all;
        }
        all.extend(records.iter().map(|record| record.bytes.to_vec()));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory").flatten() {
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("copied");
        }
    }
}

fn every_file(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a directory").flatten() {
        if entry.file_type().expect("a type").is_dir() {
            every_file(&entry.path(), found);
        } else if entry.metadata().expect("its length").len() > 0 {
            found.push(entry.path());
        }
    }
}

/// A flipped bit that is not reported must be harmless: the whole log then reads
/// back byte for byte, with the signed root.
#[test]
fn a_bit_flipped_anywhere_in_a_store_is_found_or_touches_nothing_that_is_read() {
    let mut random = Random::seeded("bits of a store");
    let parent = tempfile::tempdir().expect("a directory");
    let original = parent.path().join("store");
    store(&original);
    let (mut found, mut nothing) = (0, 0);
    for round in 0..120 {
        let data = parent.path().join(format!("copy-{round}"));
        copy(&original, &data);
        let mut files = Vec::new();
        every_file(&data, &mut files);
        files.sort();
        let path = &files[random.below(files.len() as u64) as usize];
        let mut bytes = fs::read(path).expect("a file");
        let at = random.below(bytes.len() as u64) as usize;
        let bit = random.below(8);
        bytes[at] ^= 1 << bit;
        fs::write(path, &bytes).expect("written");
        let name = path
            .strip_prefix(&data)
            .expect("within")
            .display()
            .to_string();
        if faults(&data).is_empty() {
            nothing += 1;
            let engine = minutebook::server::engine(&data);
            let (_appender, reader) = deterministic_log::open(&*engine).expect("a store");
            assert!(
                data_of(&*reader) == log().records,
                "not found, and read: bit {bit} of byte {at} of {name}"
            );
        } else {
            found += 1;
        }
        fs::remove_dir_all(&data).expect("removed");
    }
    println!("{found} found, {nothing} touched nothing that is read");
    assert!(found > 20, "{found} of 120");
}

#[test]
fn entries_altered_beneath_the_store_s_own_checksums_are_found() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    let (mut appender, reader) = open_store(&data).expect("a store");
    let mut records = log().records.clone();
    // Another word in an entry, as a person with the right tools could write it.
    let at = records[300].len() - 3;
    records[300][at] ^= 1;
    for records in records.chunks(100) {
        let tail = appender.tail();
        let batch = Batch::new(records.to_vec()).expect("a batch");
        appender.append(&batch, tail).expect("appended");
    }
    drop((appender, reader));
    publish(&data, SIZE);
    let found = faults(&data);
    let root = "do not have the root of the published checkpoint";
    assert!(found.iter().any(|fault| fault.contains(root)), "{found:#?}");
}

#[test]
fn a_log_shorter_than_its_published_checkpoint_is_found() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    let (mut appender, reader) = open_store(&data).expect("a store");
    let batch = Batch::new(log().records[..100].to_vec()).expect("a batch");
    appender.append(&batch, Position::ZERO).expect("appended");
    drop((appender, reader));
    publish(&data, SIZE);
    let found = faults(&data);
    assert!(
        found.iter().any(|fault| fault.contains("cut off")),
        "{found:#?}"
    );
}

#[test]
fn trust_in_one_key_of_a_chain_extends_to_the_log() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    store(&data);
    let clock = minutebook::clock::Clock::new(crate::given::now);
    let (first, middle) = rotate(&data, None, None, &clock).expect("another key");
    assert_eq!(first, SIZE + 1);
    // The published checkpoint is signed by the old key, and still valid.
    assert_eq!(faults(&data), Vec::<String>::new());
    let (second, last) = rotate(&data, None, None, &clock).expect("another key");
    assert_eq!(second, SIZE + 2);
    let stored = OfflineStore::open(&data, StoreKey::default()).expect("a store");
    assert_eq!(stored.key, last);
    let mut records = Vec::new();
    let read: Result<(), OfflineError> = stored.records(0, |record| {
        records.push(record.to_vec());
        Ok(())
    });
    read.expect("records");
    for (name, trusted) in [
        ("first", key().verifier()),
        ("middle", middle),
        ("last", last),
    ] {
        let trust = TrustAnchors {
            key: Some(trusted),
            ..TrustAnchors::default()
        };
        let report = minutebook::archive::verify::verify_records(
            &trust,
            StoredTrust {
                checkpoint: Some(stored.checkpoint.clone()),
                ..StoredTrust::default()
            },
            |visit| {
                for (position, record) in (1..).zip(&records) {
                    visit(position, record);
                }
                Ok(())
            },
        );
        assert_eq!(report.faults, Vec::<String>::new(), "{name}");
        assert_eq!(report.key, Some(stored.key.clone()));
    }
    // A later checkpoint signed by the replaced key is not valid.
    let checkpoint = &stored.checkpoint.checkpoint;
    let note = checkpoint.sign(&key());
    let stale = minutebook::audit::checkpoint::SignedCheckpoint {
        checkpoint: checkpoint.clone(),
        note,
    };
    let report = minutebook::archive::verify::verify_records(
        &TrustAnchors {
            key: Some(key().verifier()),
            ..TrustAnchors::default()
        },
        StoredTrust {
            checkpoint: Some(stale),
            ..StoredTrust::default()
        },
        |visit| {
            for (position, record) in (1..).zip(&records) {
                visit(position, record);
            }
            Ok(())
        },
    );
    assert!(!report.faults.is_empty());
}

/// A restore that was cut short left a part of a store, and nothing in its place.
#[test]
fn a_restore_that_was_cut_short_leaves_nothing_to_be_taken_for_the_register() {
    let parent = tempfile::tempdir().expect("a directory");
    let (original, restored) = (parent.path().join("store"), parent.path().join("restored"));
    store(&original);
    let stored = OfflineStore::open(&original, StoreKey::default()).expect("a store");
    let records = log().records.iter();
    let mut restoring = StoreRestore::open(&restored).expect("an empty directory");
    for record in records.clone().take(2_000) {
        restoring.push(record).expect("restored");
    }
    assert!(!restored.exists(), "not before it is whole");
    // As a kill leaves it: a folder beside, without its owner.
    let aside = parent.path().join(".restored.restoring");
    let left = parent.path().join("left");
    copy(&aside, &left);
    drop(restoring);
    assert!(!aside.exists(), "removed where that was possible");
    fs::rename(&left, &aside).expect("renamed");

    let mut restoring = StoreRestore::open(&restored).expect("another attempt");
    let twice = StoreRestore::open(&restored);
    assert!(
        matches!(
            twice.err(),
            Some(OfflineError::Open(OpenError::Locked { .. }))
        ),
        "one at a time"
    );
    for record in records {
        restoring.push(record).expect("restored");
    }
    restoring
        .finish(&stored.checkpoint, &stored.key, &[])
        .expect("a store");
    assert!(!aside.exists());
    assert_eq!(faults(&restored), Vec::<String>::new());
}

/// Without the published checkpoint, only one that the auditor kept says what the log was.
#[test]
fn a_missing_checkpoint_proves_nothing_and_a_kept_one_is_compared_with_the_log() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    store(&data);
    fs::remove_file(data.join("notary/checkpoint")).expect("removed");
    let (own, stranger) = (key().verifier(), stranger());
    let checked = |since: Option<SignedCheckpoint>, witnesses: &[VerifierKey]| {
        let trust = TrustAnchors {
            key: Some(own.clone()),
            since,
            witnesses: witnesses.to_vec(),
            ..TrustAnchors::default()
        };
        verify(&data, &trust, |_| {}).expect("a store")
    };
    let report = checked(None, &[]);
    assert_eq!(report.faults, Vec::<String>::new());
    assert!(
        report.unchecked[0].contains("there is no checkpoint"),
        "{report:?}"
    );
    let sound = checked(Some(log().signed(SIZE - 5, &key())), &[]);
    let found = (sound.faults.len(), sound.unchecked.len());
    assert_eq!(found, (0, 0), "{sound:?}");
    assert!(
        sound.remarks[0].contains("no signature covers them"),
        "{sound:?}"
    );
    let kept = log().signed(SIZE, &key());
    let report = checked(Some(kept), &[stranger.verifier()]);
    assert_eq!(report.unchecked.len(), 1, "{report:?}");
    let mut other = log().clone();
    other.records.swap(3, 4);
    let mut longer = log().clone();
    longer.records.push(log().records[0].clone());
    for (case, since) in [
        ("other entries", other.signed(SIZE - 5, &key())),
        ("cut off", longer.signed(SIZE + 1, &key())),
        ("another key", log().signed(SIZE, &stranger)),
    ] {
        let report = checked(Some(since), &[]);
        assert_eq!(report.faults.len(), 1, "{case}: {report:?}");
    }
}
