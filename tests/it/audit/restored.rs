//! A restore from an archive that may be forged, and from a log that carries a fault.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use minutebook::audit::key::SigningKey;
use minutebook::domain::ids::{Position, RequestId, SubjectId};
use minutebook::notary::NotaryError;
use minutebook::server::offline::{OfflineError, OfflineStore, StoreKey};
use minutebook::wire::entry::{EntryEnvelope, encode};
use minutebook::wire::proto;
use prost::Message;
use serde_json::json;
use uuid::Uuid;

use super::fixture::{Log, SIZE, key, log, stranger};
use super::store::store;
use crate::deterministic_log;
use crate::given::{append, event};
use crate::program::{Serving, fails, prints, run, text};

fn install(key: &SigningKey, data: &Path) {
    let path = data.join("notary/checkpoint.key");
    fs::write(&path, key.to_text()).expect("written");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("set");
}

/// The log, with one more entry that the register would have refused.
fn with_fault() -> Log {
    let mut log = log().clone();
    let id = "bodies/leicestershire-pcc";
    let again = event(
        id,
        "2012-11-22",
        "bodyRegistered",
        json!({ "kind": "BODY_KIND_COUNCIL", "name": "Another of that name" }),
    );
    let subject: SubjectId = id.parse().expect("a subject");
    let envelope = EntryEnvelope {
        salt: None,
        position: Position::new(SIZE + 1),
        revision: log.register.revision(&subject).next(),
        recorded_at: log.register.recorded_at().expect("entries"),
        recorded_by: "Somebody",
        request: RequestId::new(Uuid::from_u128(77)),
        request_index: 0,
        request_size: 1,
        caller: &minutebook::domain::entry::RecordedCaller::Local,
    };
    let message = append(77, &[again]);
    log.records.push(encode(&envelope, &message.events[0]));
    log
}

#[test]
fn a_forged_archive_is_restored_for_nobody_who_holds_the_key() {
    let parent = tempfile::tempdir().expect("a directory");
    let archive = parent.path().join("archive");
    // The same name, other entries, and another key.
    let mut forged = log().clone();
    forged.record(&append(
        88,
        &[event(
            "bodies/leicestershire-pcc",
            "",
            "aliasAdded",
            json!({ "alias": "Forged" }),
        )],
    ));
    forged.export(&archive, SIZE + 1, &stranger());
    let data = parent.path().join("restored");
    let restore = ["audit", "restore", text(&archive), "--data", text(&data)];
    fails(&run(&restore), 2, "--trust-archive-key");
    let vkey = key().verifier().to_string();
    let refused = run(&[&restore[..], &["--key", &vkey]].concat());
    fails(&refused, 1, "does not verify");
    assert!(!data.exists());
    let both = run(&[&restore[..], &["--key", &vkey, "--trust-archive-key"]].concat());
    fails(&both, 2, "cannot be used with");
    // Who trusts the archive gets its store, and it names the key that was trusted.
    let restored = prints(&[&restore[..], &["--trust-archive-key"]].concat());
    let its_key = stranger().verifier().to_string();
    assert!(restored.contains(&its_key), "{restored}");
    assert!(prints(&["audit", "verify", "--data", text(&data)]).contains(&its_key));
    // Under the true key nothing of it is ever signed.
    install(&key(), &data);
    let folder = parent.path().join("copy");
    let exported = run(&["audit", "export", "--data", text(&data), text(&folder)]);
    fails(&exported, 5, "is not signed by");
    let rotated = run(&["audit", "rotate-key", "--data", text(&data)]);
    fails(&rotated, 5, "is not signed by");
    assert!(!data.join("notary/checkpoint.key.next").exists());
    let found = run(&["audit", "verify", "--data", text(&data), "--key", &vkey]);
    assert_eq!(found.status.code(), Some(1));
}

#[test]
fn nothing_is_signed_of_a_log_that_was_put_in_place_of_another() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    store(&data);
    // The notary stays; the log is another.
    let other = parent.path().join("other");
    let (mut appender, reader) = deterministic_log::open_store(&other).expect("a store");
    let mut records = log().records.clone();
    let mut altered = proto::Entry::decode(&*records[300]).expect("an entry");
    altered.recorded_by = "Somebody else".to_owned();
    records[300] = altered.encode_to_vec();
    for records in records.chunks(100) {
        let tail = appender.tail();
        let batch = minutebook::log::Batch::new(records.to_vec()).expect("a batch");
        appender.append(&batch, tail).expect("appended");
    }
    drop((appender, reader));
    fs::remove_dir_all(data.join("sled")).expect("removed");
    deterministic_log::copy(&other.join("sled"), &data.join("sled"));
    fs::copy(
        other.join("minutebook.witness"),
        data.join("minutebook.witness"),
    )
    .expect("copied");
    let refused = OfflineStore::open(&data, StoreKey::default())
        .err()
        .expect("another log");
    assert!(
        matches!(refused, OfflineError::Notary(NotaryError::Broken { .. })),
        "{refused}"
    );
}

#[test]
fn no_key_is_made_beside_entries() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    store(&data);
    fs::remove_dir_all(data.join("notary")).expect("removed");
    let refused = OfflineStore::open(&data, StoreKey::default())
        .err()
        .expect("no key");
    assert!(
        matches!(refused, OfflineError::Notary(NotaryError::NoKey { .. })),
        "{refused}"
    );
    assert!(!data.join("notary/checkpoint.key").exists());
}

#[test]
fn a_log_with_a_recorded_fault_is_restored_and_goes_on_with_the_fault_named() {
    let parent = tempfile::tempdir().expect("a directory");
    let archive = parent.path().join("archive");
    with_fault().export(&archive, SIZE + 1, &key());
    let data = parent.path().join("restored");
    let vkey = key().verifier().to_string();
    let restore = ["audit", "restore", text(&archive), "--data", text(&data)];
    let restore = [&restore[..], &["--key", &vkey]].concat();
    let named = format!("--known-fault {}", SIZE + 1);
    fails(&run(&restore), 1, &named);
    assert!(!data.exists());
    // Another entry's number does not help.
    fails(
        &run(&[&restore[..], &["--known-fault", "1"]].concat()),
        1,
        &named,
    );
    let known = named.split(' ').collect::<Vec<_>>();
    let restored = prints(&[&restore[..], &known].concat());
    let fault = format!("KNOWN  entry {}", SIZE + 1);
    assert!(restored.contains(&fault), "{restored}");
    // Every later check names the fault, as a finding or as known.
    let verify = ["audit", "verify", "--data", text(&data)];
    let found = run(&verify);
    assert_eq!(found.status.code(), Some(1));
    let known = prints(&[&verify[..], &known].concat());
    assert!(
        known.contains(&fault) && known.contains("beside the known"),
        "{known}"
    );
    // And the register goes on.
    install(&key(), &data);
    let serving = Serving::on(&data);
    let line = json!({ "requestId": "0193aaaa-0000-7000-8000-000000000001",
        "recordedBy": "Somebody", "events": [
            { "subject": "bodies/leicestershire-pcc", "aliasAdded": { "alias": "Later" } }] });
    let recorded = crate::program::fed(&serving, &["record", "-"], &line.to_string());
    assert!(recorded.status.success(), "{recorded:?}");
}

/// An entry that cannot be read, or a false replacement of the key, is never bearable.
#[test]
fn a_fault_that_ends_all_judgement_cannot_be_named_as_known() {
    let parent = tempfile::tempdir().expect("a directory");
    let archive = parent.path().join("archive");
    let mut broken = log().clone();
    broken.records.truncate(400);
    // Its place is another one.
    broken.records[350] = log().records[100].clone();
    broken.export(&archive, 400, &key());
    let data = parent.path().join("restored");
    let vkey = key().verifier().to_string();
    let restore = ["audit", "restore", text(&archive), "--data", text(&data)];
    let known = ["--key", &vkey, "--known-fault", "351"];
    let refused = run(&[&restore[..], &known].concat());
    fails(&refused, 1, "does not verify");
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("name each"));
    assert!(!data.exists());
}
