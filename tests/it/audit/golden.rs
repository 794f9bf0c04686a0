//! The golden archive, as version 1 exported it. It is never written again. If a
//! test here fails, auditors would be told that a sound archive was altered: fix
//! the change that broke it.

use std::fs;
use std::path::{Path, PathBuf};

use minutebook::archive::export::Export;
use minutebook::archive::folder::Folder;
use minutebook::archive::names::README;
use minutebook::archive::read::{bundles, entries};
use minutebook::archive::verify::{TrustAnchors, verify};
use minutebook::archive::{EARLIER_INSTRUCTIONS, INSTRUCTIONS};
use minutebook::audit::checkpoint::SignedCheckpoint;

use super::fixture::{key, log};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/archive-v1")
}

#[test]
#[ignore = "made the golden archive, once"]
fn make_the_golden_archive() {
    assert!(!golden().exists(), "a golden archive is never made again");
    log().export(&golden(), 6, &key());
}

#[test]
fn an_archive_of_version_1_verifies() {
    let trust = TrustAnchors {
        key: Some(key().verifier()),
        ..TrustAnchors::default()
    };
    let report = verify(&Folder::new(&golden()), &trust, |_| {}).expect("files");
    assert_eq!(report.faults, Vec::<String>::new());
    assert_eq!(report.entries, 6);
}

#[test]
fn an_archive_is_exported_as_it_always_was() {
    let text = fs::read_to_string(golden().join("checkpoint")).expect("a checkpoint");
    let signed = SignedCheckpoint::parse(&text).expect("a checkpoint");
    let parent = tempfile::tempdir().expect("a directory");
    let folder = parent.path().join("archive");
    let mut export = Export::open(Folder::new(&folder)).expect("a folder");
    for tile in bundles(signed.checkpoint.size) {
        entries(&Folder::new(&golden()), &tile, |_, record| {
            export.push(record).expect("an entry");
        })
        .expect("entries");
    }
    let vkey = key().verifier().to_string();
    export.finish(&signed, &vkey, &[]).expect("an export");
    let files = Folder::new(&golden()).files().expect("files");
    assert_eq!(Folder::new(&folder).files().expect("files"), files);
    for file in files {
        let read = |folder: &Path| fs::read(folder.join(&file)).expect("a file");
        // Later versions improve the instructions; those of version 1 are still
        // accepted.
        if file == README {
            assert!(read(&folder) == INSTRUCTIONS.as_bytes());
            assert!(read(&golden()) == EARLIER_INSTRUCTIONS[0].as_bytes());
        } else {
            assert!(read(&folder) == read(&golden()), "{file}");
        }
    }
}

#[test]
fn an_export_into_an_archive_of_version_1_brings_its_instructions_up_to_date() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("archive");
    log().export(&folder, 6, &key());
    let readme = folder.join(README);
    fs::write(&readme, EARLIER_INSTRUCTIONS[0]).expect("written");
    let faults = |folder: &Path| {
        let report = verify(&Folder::new(folder), &TrustAnchors::default(), |_| {}).expect("files");
        report.faults
    };
    assert_eq!(faults(&folder), Vec::<String>::new());
    let torn = &EARLIER_INSTRUCTIONS[0][1..];
    fs::write(&readme, torn).expect("written");
    assert_eq!(faults(&folder).len(), 1, "no text that any version wrote");
    fs::write(&readme, EARLIER_INSTRUCTIONS[0]).expect("written");
    log().export(&folder, 6, &key());
    assert_eq!(fs::read_to_string(&readme).expect("read"), INSTRUCTIONS);
    assert_eq!(faults(&folder), Vec::<String>::new());
}
