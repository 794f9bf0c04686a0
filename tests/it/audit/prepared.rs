//! An export into a folder that somebody prepared: no link is followed, no pipe is
//! waited for, nothing foreign is replaced or removed, and no claimed size is believed.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use minutebook::archive::export::{Export, ExportError};
use minutebook::archive::folder::{FileError, Folder};
use minutebook::archive::verify::{TrustAnchors, VerificationReport, verify};
use minutebook::audit::checkpoint::{Checkpoint, SignedCheckpoint};
use minutebook::audit::merkle::{Frontier, leaf_hash};

use super::fixture::{ORIGIN, SIZE, key, log};

/// Runs what could wait for ever.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = mpsc::channel();
    std::thread::spawn(move || done.send(work()));
    let limit = Duration::from_secs(60);
    result.recv_timeout(limit).expect("an end, and no panic")
}

/// Exports the whole log into a folder.
fn export(folder: &Path) -> Result<(), ExportError> {
    let mut export = Export::open(Folder::new(folder))?;
    let signed = log().signed(SIZE, &key());
    export.require_continues(&signed.checkpoint)?;
    for record in &log().records[export.size() as usize..] {
        export.push(record)?;
    }
    export.finish(&signed, &key().verifier().to_string(), &[])
}

fn check(folder: &Path) -> VerificationReport {
    let folder = Folder::new(folder);
    in_time(move || verify(&folder, &TrustAnchors::default(), |_| {})).expect("it can be read")
}

/// Every file below a folder, by its path, without following links.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            all.extend(contents(&entry.path()));
        } else if kind.is_file() {
            all.insert(entry.path(), fs::read(entry.path()).expect("read"));
        } else {
            all.insert(entry.path(), Vec::new());
        }
    }
    all
}

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo").success());
}

/// A link wherever an export writes, into a folder that is not its own.
#[test]
fn no_link_leads_an_export_out_of_its_folder() {
    let parent = tempfile::tempdir().expect("a folder");
    let outside = parent.path().join("outside");
    fs::create_dir(&outside).expect("made");
    for name in ["000", "000.jsonl", "letter"] {
        fs::write(outside.join(name), "Dear").expect("written");
    }
    let before = contents(&outside);
    let places = [
        ("tile", &outside),
        ("entries", &outside),
        ("tile/entries", &outside),
        ("tile/0", &outside),
        ("entries/000.jsonl", &outside.join("letter")),
        ("tile/entries/000", &outside.join("letter")),
        ("checkpoint", &outside.join("letter")),
        ("verifier-key", &outside.join("letter")),
        ("README.txt", &outside.join("letter")),
        ("entries/.002.jsonl.new", &outside.join("letter")),
        (".checkpoint.new", &outside.join("letter")),
        // A link to nothing makes a file there, where it is followed.
        ("tile/0/001", &outside.join("new")),
    ];
    // Into a folder that is prepared for the first export, and into an archive.
    for (number, (place, target)) in places.into_iter().enumerate() {
        for size in [0, 100] {
            let folder = parent.path().join(format!("prepared-{number}-{size}"));
            if size > 0 {
                log().export(&folder, size, &key());
            }
            let link = folder.join(place);
            fs::create_dir_all(link.parent().expect("a parent")).expect("made");
            if fs::symlink_metadata(&link).is_ok_and(|found| found.is_dir()) {
                fs::remove_dir_all(&link).expect("removed");
            } else {
                let _ = fs::remove_file(&link);
            }
            symlink(target, &link).expect("a link");
            match export(&folder) {
                Err(ExportError::File(FileError::NotPlain { .. }) | ExportError::Foreign(_)) => {}
                // Nothing was to be staged under that name.
                Ok(()) if place.ends_with(".jsonl.new") && size > 0 => {}
                other => panic!("{place}, {size}: {other:?}"),
            }
            assert_eq!(contents(&outside), before, "{place}, {size}");
            assert!(
                fs::read_link(&link).is_ok(),
                "{place}: the link was removed"
            );
        }
    }
}

#[test]
fn the_folder_itself_may_be_a_link() {
    let parent = tempfile::tempdir().expect("a folder");
    let real = parent.path().join("real");
    fs::create_dir(&real).expect("made");
    let named = parent.path().join("named");
    symlink(&real, &named).expect("a link");
    export(&named).expect("an export");
    assert_eq!(check(&real).faults, Vec::<String>::new());
}

#[test]
fn foreign_files_are_neither_replaced_nor_removed() {
    // Names that look like those of an archive, and those that an archive has.
    for foreign in [
        "entries/notes.jsonl",
        "entries-of-mine/000.jsonl",
        "entries/deep/000.jsonl",
        "tile/grass.png",
        ".letter.new",
        "tile/.grass.new",
        "tile/0/007.p/3",
        "tile/0/000.p/3",
        "tile/9/000",
        "entries/000.jsonl",
        "entries/009.jsonl",
        "tile/entries/000",
        "tile/0/001",
        "tile/1/000.p/2",
    ] {
        for size in [0, 100] {
            let parent = tempfile::tempdir().expect("a folder");
            let folder = parent.path().join("prepared");
            if size > 0 {
                log().export(&folder, size, &key());
            }
            let path = folder.join(foreign);
            if path.exists() {
                // Of the archive itself.
                continue;
            }
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(&path, "Dear reader").expect("written");
            let done = export(&folder);
            assert_eq!(
                fs::read(&path).expect("it is still there"),
                b"Dear reader",
                "{foreign}, {size}: {done:?}"
            );
            if let Err(error) = done {
                assert!(
                    matches!(error, ExportError::Foreign(_) | ExportError::ForeignFile(_)),
                    "{foreign}: {error}"
                );
            }
        }
    }
}

/// A forged checkpoint makes an archive of any folder.
#[test]
fn a_forged_checkpoint_makes_no_file_the_archive_s_own() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("prepared");
    fs::create_dir_all(folder.join("entries")).expect("made");
    let empty = log().signed(0, &key());
    fs::write(folder.join("checkpoint"), empty.note.to_string()).expect("written");
    let mine = ["entries/000.jsonl", "entries/accounts.jsonl"].map(|name| folder.join(name));
    for path in &mine {
        fs::write(path, "Dear reader").expect("written");
    }
    let refused = export(&folder).expect_err("a foreign file");
    assert!(matches!(refused, ExportError::ForeignFile(_)), "{refused}");
    for path in &mine {
        assert_eq!(fs::read(path).expect("still there"), b"Dear reader");
    }
}

#[test]
fn an_interrupted_export_is_still_completed() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("archive");
    export(&folder).expect("an export");
    let whole = contents(&folder);
    // As a power cut left it: no checkpoint, one file cut, one with zeros, one empty.
    fs::remove_file(folder.join("checkpoint")).expect("removed");
    for (file, len, zeros) in [
        ("entries/000.jsonl", 700, 0),
        ("tile/entries/001", 90, 30),
        ("tile/0/001", 0, 0),
    ] {
        let mut bytes = fs::read(folder.join(file)).expect("read");
        bytes.truncate(len);
        bytes.resize(len + zeros, 0);
        fs::write(folder.join(file), bytes).expect("written");
    }
    fs::create_dir_all(folder.join("tile/0/002.p")).expect("made");
    let part = fs::read(folder.join("tile/0/002.p/5")).expect("the last part");
    fs::write(folder.join("tile/0/002.p/3"), &part[..96]).expect("written");
    fs::write(folder.join("entries/.000.jsonl.new"), "{").expect("written");
    export(&folder).expect("an export");
    assert_eq!(contents(&folder), whole);
}

#[test]
fn a_pipe_in_an_archive_is_a_fault_and_nobody_waits_for_it() {
    for file in [
        "checkpoint",
        "verifier-key",
        "README.txt",
        "tile/entries/000",
        "tile/0/000",
        "entries/000.jsonl",
    ] {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("archive");
        export(&folder).expect("an export");
        fs::remove_file(folder.join(file)).expect("removed");
        pipe(&folder.join(file));
        let found = check(&folder).faults;
        assert!(
            found.iter().any(|fault| fault.contains("is a pipe")),
            "{file}: {found:#?}"
        );
        let own = folder.clone();
        let done = in_time(move || export(&own));
        if ["checkpoint", "verifier-key", "README.txt"].contains(&file) {
            let refused = done.expect_err("a pipe");
            assert!(
                matches!(refused, ExportError::File(FileError::NotPlain { .. })),
                "{refused}"
            );
        }
    }
}

/// The largest sizes that a checkpoint can state, alone and with the one tile that
/// they need to look complete.
#[test]
fn a_claim_of_any_size_ends_at_once() {
    for size in [1 << 62, 1 << 63, u64::MAX] {
        for with_tile in [false, true] {
            let parent = tempfile::tempdir().expect("a folder");
            let folder = parent.path().join("archive");
            fs::create_dir(&folder).expect("made");
            // 2^62 entries are 64 full subtrees of 2^56: one tile.
            let hashes: Vec<_> = (0..64_u8).map(|n| leaf_hash(&[n])).collect();
            let mut tree = Frontier::new();
            for hash in &hashes {
                tree.push(*hash);
            }
            if with_tile {
                let bytes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
                fs::create_dir_all(folder.join("tile/7/000.p")).expect("made");
                fs::write(folder.join("tile/7/000.p/64"), bytes).expect("written");
            }
            let checkpoint = Checkpoint {
                origin: ORIGIN.to_owned(),
                size,
                root: tree.root(),
                extensions: Vec::new(),
            };
            let note = checkpoint.sign(&key());
            let signed = SignedCheckpoint { checkpoint, note };
            fs::write(folder.join("checkpoint"), signed.note.to_string()).expect("written");
            let own = folder.clone();
            let refused = in_time(move || export(&own)).expect_err("no such log");
            assert!(
                matches!(
                    refused,
                    ExportError::Damaged(_) | ExportError::OtherLog { .. }
                ),
                "{size}: {refused}"
            );
            if with_tile && size == 1 << 62 {
                assert!(matches!(refused, ExportError::OtherLog { .. }), "{refused}");
            }
            assert!(!check(&folder).faults.is_empty());
        }
    }
}
