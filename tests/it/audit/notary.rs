//! The notary across restarts: its key, its tree and its log.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use minutebook::archive::verify::TrustAnchors;
use minutebook::audit::key::VerifierKey;
use minutebook::audit::merkle::Hash;
use minutebook::audit::replacement;
use minutebook::clock::Clock;
use minutebook::log::Batch;
use minutebook::notary::key::{KeyFileError, KeyFiles};
use minutebook::notary::{KeyChain, Notary, NotaryError, NotaryOptions, ReplayedLog};
use minutebook::server::offline::{rotate, verify};
use minutebook::server::{self, StartError};
use sha2::Digest as _;

use super::fixture::{Log, SIZE, log};
use crate::deterministic_log::{open, open_store};

const ANYWHERE: &str = "127.0.0.1:0";

fn options(data: &Path) -> server::ServerOptions {
    server::ServerOptions::new(
        data,
        ANYWHERE
            .parse::<std::net::SocketAddr>()
            .expect("an address"),
    )
}

fn write(data: &Path, records: &[Vec<u8>]) {
    let (mut appender, reader) = open_store(data).expect("a store");
    for records in records.chunks(100) {
        let tail = appender.tail();
        let batch = Batch::new(records.to_vec()).expect("a batch");
        appender.append(&batch, tail).expect("appended");
    }
    drop((appender, reader));
}

/// Opens the notary of a store as a server does.
fn notary(data: &Path, change: impl FnOnce(&mut NotaryOptions)) -> Result<Notary, NotaryError> {
    notary_of(data, &ReplayedLog::default(), change)
}

fn notary_of(
    data: &Path,
    log: &ReplayedLog,
    change: impl FnOnce(&mut NotaryOptions),
) -> Result<Notary, NotaryError> {
    let (_appender, reader) = open(&*server::engine(data)).expect("a store");
    let mut options = NotaryOptions {
        dir: data.join("notary"),
        key: None,
        key_command: None,
        origin: None,
        witnesses: Vec::new(),
    };
    change(&mut options);
    Notary::open(options, log, &*reader)
}

fn store() -> (tempfile::TempDir, PathBuf) {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    write(&data, &log().records);
    (parent, data)
}

fn root(log: &Log) -> minutebook::audit::merkle::Hash {
    log.signed(log.records.len() as u64, &super::fixture::key())
        .checkpoint
        .root
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notary_keeps_its_key_its_name_and_its_tree() {
    let (_parent, data) = store();
    fs::remove_file(data.join("notary/checkpoint.key")).expect("removed");
    let files = KeyFiles::new(&data.join("notary"), None);
    files.open(Some("register.example/a")).expect("a key");
    let first = notary(&data, |_| {}).expect("one");
    assert_eq!(first.tree().head(), (SIZE, root(log())));
    let signed = first.publish().await.expect("a checkpoint");
    let key = data.join("notary/checkpoint.key");
    let mode = fs::metadata(&key).expect("a key").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let again = notary(&data, |_| {}).expect("one");
    assert_eq!(again.verifier(), first.verifier());
    assert_eq!(again.verifier().name(), "register.example/a");
    assert_eq!(again.latest().as_deref(), Some(&*signed));
    // A published checkpoint is not signed again until there are new entries.
    assert_eq!(again.publish().await.expect("a checkpoint"), signed);
    let another = notary(&data, |o| o.origin = Some("register.example/b".into()));
    assert!(
        matches!(
            &another,
            Err(NotaryError::Key(KeyFileError::OtherOrigin { .. }))
        ),
        "{another:?}"
    );
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).expect("set");
    let exposed = notary(&data, |_| {});
    assert!(
        matches!(
            &exposed,
            Err(NotaryError::Key(KeyFileError::Exposed { mode: 0o640, .. }))
        ),
        "{exposed:?}"
    );
}

#[test]
fn two_registers_that_are_not_named_have_different_names() {
    let (_one, a) = store();
    let (_two, b) = store();
    let name = |data: &Path| {
        notary(data, |_| {})
            .expect("one")
            .verifier()
            .name()
            .to_owned()
    };
    assert_ne!(name(&a), name(&b));
    assert_eq!(name(&a), name(&a));
}

#[test]
fn a_given_key_is_used_and_none_is_made_beside_it() {
    let (_parent, data) = store();
    let elsewhere = data.parent().expect("a parent").join("key");
    let missing = notary(&data, |o| o.key = Some(elsewhere.clone()));
    assert!(
        matches!(&missing, Err(NotaryError::Key(KeyFileError::Io { .. }))),
        "{missing:?}"
    );
    fs::write(&elsewhere, super::fixture::key().to_text() + "\n").expect("written");
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o600)).expect("set");
    let given = notary(&data, |o| o.key = Some(elsewhere.clone())).expect("one");
    assert_eq!(given.verifier(), super::fixture::key().verifier());
    assert_ne!(
        given.verifier(),
        KeyFiles::new(&data.join("notary"), None)
            .open(None)
            .expect("its own")
            .verifier()
    );
    fs::write(&elsewhere, "PRIVATE+KEY+x").expect("written");
    let malformed = notary(&data, |o| o.key = Some(elsewhere));
    assert!(
        matches!(
            &malformed,
            Err(NotaryError::Key(KeyFileError::Malformed { .. }))
        ),
        "{malformed:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_or_missing_hashes_are_computed_again() {
    let (_parent, data) = store();
    notary(&data, |_| {})
        .expect("one")
        .publish()
        .await
        .expect("one");
    let hashes = data.join("notary/hashes");
    let whole = fs::read(&hashes).expect("hashes");
    assert_eq!(whole.len() as u64, SIZE / 256 * (256 * 32 + 32));
    let with = |bytes: &[u8]| {
        fs::write(&hashes, bytes).expect("written");
        let again = notary(&data, |_| {}).expect("one");
        assert_eq!(again.tree().head(), (SIZE, root(log())));
        assert_eq!(fs::read(&hashes).expect("hashes"), whole);
    };
    with(&[]);
    with(&whole[..9_000]);
    let mut flipped = whole.clone();
    flipped[100] ^= 4;
    with(&flipped);
    // Their checksum is right, but they belong to another log.
    let (_other, another) = {
        let parent = tempfile::tempdir().expect("a directory");
        let data = parent.path().join("store");
        write(&data, &vec![b"another".to_vec(); SIZE as usize]);
        (parent, data)
    };
    notary(&another, |_| {}).expect("one");
    with(&fs::read(another.join("notary/hashes")).expect("hashes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_not_the_one_it_signed_is_not_served() {
    let (_parent, data) = store();
    notary(&data, |_| {})
        .expect("one")
        .publish()
        .await
        .expect("one");
    let notary_of = |data: &Path, records: &[Vec<u8>]| {
        fs::rename(data.join("notary"), data.with_extension("notary")).expect("kept");
        fs::remove_dir_all(data).expect("removed");
        write(data, records);
        fs::remove_dir_all(data.join("notary")).expect("removed");
        fs::rename(data.with_extension("notary"), data.join("notary")).expect("put back");
    };
    // A changed or shortened log is refused.
    let mut altered = log().records.clone();
    altered[SIZE as usize / 2].push(0);
    notary_of(&data, &altered);
    fs::remove_file(data.join("notary/hashes")).expect("removed");
    let broken = notary(&data, |_| {});
    assert!(
        matches!(&broken, Err(NotaryError::Broken { .. })),
        "{broken:?}"
    );
    notary_of(&data, &log().records[..SIZE as usize - 1]);
    let cut = notary(&data, |_| {});
    assert!(matches!(&cut, Err(NotaryError::Broken { .. })), "{cut:?}");
    let started = server::start(options(&data)).await;
    assert!(
        matches!(
            &started,
            Err(StartError::Notary(NotaryError::Broken { .. }))
        ),
        "{started:?}"
    );
    notary_of(&data, &log().records);
    notary(&data, |_| {}).expect("the log it signed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_that_was_cut_short_is_finished() {
    let (_parent, data) = store();
    let started = server::start(options(&data)).await.expect("a server");
    let old = started.verifier_key();
    started.stop().await.expect("to stop");
    let key = data.join("notary/checkpoint.key");
    let before = fs::read(&key).expect("a key");
    let (position, new) =
        rotate(&data, None, None, &Clock::new(crate::given::now)).expect("another key");
    assert_eq!(position, SIZE + 1);
    assert_ne!(old, new);
    // The state after the entry is recorded and before the file is renamed.
    let next = data.join("notary/checkpoint.key.next");
    fs::rename(&key, &next).expect("renamed");
    fs::write(&key, before).expect("written");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("set");
    let started = server::start(options(&data)).await.expect("a server");
    assert_eq!(started.verifier_key(), new);
    started.stop().await.expect("to stop");
    assert!(!next.exists());
    // The notary does not sign with a key that the log does not name.
    fs::write(&key, super::fixture::key().to_text()).expect("written");
    let started = server::start(options(&data)).await;
    assert!(
        matches!(
            &started,
            Err(StartError::Notary(NotaryError::OtherKey { .. }))
        ),
        "{started:?}"
    );
}

/// The log is exchanged and everything else is left alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_altered_beneath_its_hashes_is_not_served() {
    let (_parent, data) = store();
    notary(&data, |_| {})
        .expect("one")
        .publish()
        .await
        .expect("one");
    let keep = data.with_extension("notary");
    fs::rename(data.join("notary"), &keep).expect("kept");
    fs::remove_dir_all(&data).expect("removed");
    let mut altered = log().records.clone();
    let last = altered[99].len() - 2;
    altered[99][last] ^= 1;
    write(&data, &altered);
    fs::remove_dir_all(data.join("notary")).expect("removed");
    fs::rename(&keep, data.join("notary")).expect("put back");
    for _ in 0..2 {
        let broken = notary(&data, |_| {});
        assert!(
            matches!(&broken, Err(NotaryError::Broken { .. })),
            "{broken:?}"
        );
    }
}

/// A key that is missing or exchanged is named, and none is made in its place.
#[tokio::test(flavor = "multi_thread")]
async fn a_register_does_not_change_its_key_by_itself() {
    let (_parent, data) = store();
    let key = data.join("notary/checkpoint.key");
    let own = fs::read(&key).expect("a key");
    // Before any checkpoint was published.
    fs::remove_file(&key).expect("removed");
    let missing = notary(&data, |_| {});
    assert!(
        matches!(&missing, Err(NotaryError::NoKey { .. })),
        "{missing:?}"
    );
    assert!(!key.exists());
    fs::write(&key, &own).expect("put back");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("set");
    notary(&data, |_| {})
        .expect("one")
        .publish()
        .await
        .expect("one");
    let checkpoint = fs::read(data.join("notary/checkpoint")).expect("a checkpoint");
    fs::remove_file(&key).expect("removed");
    for started in [
        notary(&data, |_| {}).map(drop),
        notary(&data, |o| o.origin = Some("register.example/b".into())).map(drop),
    ] {
        let Err(NotaryError::NoKey { signed, .. }) = &started else {
            panic!("{started:?}");
        };
        assert!(signed.contains("a checkpoint was published as"), "{signed}");
    }
    let error = rotate(&data, None, None, &Clock::system()).expect_err("no key");
    assert!(error.to_string().contains("is missing"), "{error}");
    // Another register's key.
    fs::write(&key, super::fixture::key().to_text() + "\n").expect("written");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("set");
    let other = notary(&data, |_| {});
    assert!(
        matches!(&other, Err(NotaryError::NotSigned { .. })),
        "{other:?}"
    );
    let error = rotate(&data, None, None, &Clock::system()).expect_err("another key");
    assert!(error.to_string().contains("is not signed by"), "{error}");
    assert_eq!(
        fs::read(data.join("notary/checkpoint")).expect("there"),
        checkpoint
    );
}

/// Without a checkpoint, the hashes of an earlier run are not believed.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_tile_is_not_signed() {
    let (_parent, data) = store();
    drop(notary(&data, |_| {}).expect("one"));
    let path = data.join("notary/hashes");
    let mut tile = fs::read(&path).expect("hashes");
    tile[40] ^= 1;
    let sum = sha2::Sha256::new()
        .chain_update(b"minutebook tile 1")
        .chain_update(0_u64.to_be_bytes())
        .chain_update(&tile[..8_192])
        .finalize();
    tile[8_192..8_224].copy_from_slice(&sum);
    fs::write(&path, tile).expect("written");
    let signed = notary(&data, |_| {}).expect("one").publish().await;
    assert_eq!(signed.expect("signed").checkpoint.root, root(log()));
}

/// A lost key is replaced by an entry that says so; who trusts the old key is not led to
/// the new one by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_is_replaced_by_an_entry_that_says_so() {
    let (_parent, data) = store();
    let first = notary(&data, |_| {}).expect("one");
    first.publish().await.expect("a checkpoint");
    let lost = first.verifier();
    drop(first);
    let key = data.join("notary/checkpoint.key");
    let clock = Clock::system();
    let there = rotate(&data, None, Some(lost.clone()), &clock).expect_err("it is there");
    assert!(there.to_string().contains("is not lost"), "{there}");
    fs::remove_file(&key).expect("removed");
    let stranger = super::fixture::key().verifier();
    let other = rotate(&data, None, Some(stranger), &clock).expect_err("another key");
    assert!(other.to_string().contains("is not signed by"), "{other}");
    let (position, new) = rotate(&data, None, Some(lost.clone()), &clock).expect("another key");
    assert_eq!(position, SIZE + 1);
    // The state after the entry is recorded and before the file is renamed.
    fs::rename(&key, data.join("notary/checkpoint.key.next")).expect("renamed");
    let again = rotate(&data, None, Some(lost.clone()), &clock).expect("the same key");
    assert_eq!(again, (position, new.clone()));
    let started = server::start(options(&data)).await.expect("a server");
    assert_eq!(started.verifier_key(), new);
    started.stop().await.expect("to stop");
    let verified = |key: &VerifierKey| {
        let trust = TrustAnchors {
            key: Some(key.clone()),
            ..TrustAnchors::default()
        };
        verify(&data, &trust, |_| {}).expect("a store").faults
    };
    assert_eq!(verified(&new), Vec::<String>::new());
    let faults = verified(&lost);
    assert!(
        faults[0].contains("is lost, and only the new key signed"),
        "{faults:?}"
    );
}

/// A statement that two keys signed for another log, put into this one.
#[test]
fn a_replacement_stated_for_another_log_is_refused() {
    let (old, new) = (super::fixture::key(), super::fixture::stranger());
    let (_parent, data) = store();
    let of_this_log = |size: u64| log().signed(size, &old).checkpoint.root;
    let opened = |size: u64, root: Hash| {
        let statement = replacement::statement(&old, &new, size, root);
        fs::create_dir_all(data.join("notary")).expect("a directory");
        fs::write(data.join("notary/checkpoint.key"), new.to_text()).expect("written");
        let log = ReplayedLog {
            keys: KeyChain::of([statement.as_str()]).expect("signed by both"),
            ..ReplayedLog::default()
        };
        notary_of(&data, &log, |_| {})
    };
    for (size, root) in [
        (SIZE - 1, of_this_log(SIZE - 2)),
        (SIZE, of_this_log(SIZE)),
        (SIZE + 7, of_this_log(SIZE)),
    ] {
        let refused = opened(size, root);
        assert!(
            matches!(&refused, Err(NotaryError::Broken { what, .. }) if what.contains("another log")),
            "{refused:?}"
        );
    }
    opened(SIZE - 1, of_this_log(SIZE - 1)).expect("of this log");
}

/// The hashes are written, so they are not sought through a link; nobody waits for a pipe.
#[test]
fn hashes_that_are_no_file_are_refused_and_what_a_link_names_is_not_touched() {
    let (parent, data) = store();
    drop(notary(&data, |_| {}).expect("one"));
    let path = data.join("notary/hashes");
    let precious = parent.path().join("precious");
    fs::write(&precious, "of somebody else").expect("written");
    fs::remove_file(&path).expect("removed");
    std::os::unix::fs::symlink(&precious, &path).expect("a link");
    assert!(notary(&data, |_| {}).is_err());
    assert_eq!(fs::read(&precious).expect("there"), b"of somebody else");
    fs::remove_file(&path).expect("removed");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo").success());
    assert!(notary(&data, |_| {}).is_err());
}
