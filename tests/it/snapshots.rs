//! A start from snapshots gives the same register as a replay of the log; and a
//! snapshot that differs from the log is not served for long.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use minutebook::audit::derived_secret::DerivedSecret;
use minutebook::audit::merkle::{Frontier, Hash, leaf_hash};
use minutebook::domain::ids::Position;
use minutebook::log::memory::MemoryMedium;
use minutebook::log::{self, Appender, Batch, Record};
use minutebook::notary::NotaryError;
use minutebook::notary::key::KeyFiles;
use minutebook::notary::tree::TreeError;
use minutebook::projection::{
    self, Replay, RequestIndex, SNAPSHOT_PURPOSE, Snapshot, SnapshotBuilder, SnapshotError,
    SnapshotReplay, VerificationError,
};
use minutebook::server::{self, ServeError, ServerOptions, StartError};
use minutebook::wire::entry::{EntryEnvelope, encode};
use minutebook::wire::json;
use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::register_service_client::RegisterServiceClient;
use minutebook::wire::proto::{self, GetBodyRequest, ListBodiesRequest, ReadHistoryRequest};
use proptest::prelude::*;
use prost::Message as _;
use serde_json::{Value, json};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::audit::fixture;
use crate::deterministic_log::{self, Random, open_store};
use crate::given::{append, event};
use crate::grpc::test_server::{ANYWHERE, channel, registered};
use crate::program::{self, Serving};
use crate::properties::histories;

fn records(stored: &[Vec<u8>]) -> Vec<Record> {
    (1..)
        .zip(stored)
        .map(|(position, bytes)| Record {
            position: log::Position::new(position),
            bytes: Bytes::copy_from_slice(bytes),
        })
        .collect()
}

/// The secret of the register whose store is in `data`.
fn secret_of(data: &Path) -> DerivedSecret {
    let files = KeyFiles::new(&data.join("notary"), None);
    let key = files.read().expect("readable").expect("a key");
    key.derive_secret(SNAPSHOT_PURPOSE)
}

fn secret() -> DerivedSecret {
    fixture::key().derive_secret(SNAPSHOT_PURPOSE)
}

/// The root of these records.
fn root(records: &[Record]) -> Hash {
    let mut tree = Frontier::new();
    for record in records {
        tree.push(leaf_hash(&record.bytes));
    }
    tree.root()
}

fn snapshot(records: &[Record]) -> Vec<u8> {
    written(records, root(records), &secret())
}

fn written(records: &[Record], root: Hash, secret: &DerivedSecret) -> Vec<u8> {
    let mut builder = SnapshotBuilder::default();
    for record in records {
        builder.add(record).expect("an entry");
    }
    let mut bytes = Vec::new();
    builder.write(root, secret, &mut bytes).expect("written");
    bytes
}

fn replayed(records: &[Record]) -> Replay {
    let mut replay = Replay::default();
    for record in records {
        replay.record(record).expect("an entry");
    }
    replay
}

/// Starts from `count` snapshots of `every` entries each.
fn resumed(records: &[Record], every: usize, count: usize) -> Replay {
    let snapshots: Vec<Snapshot> = records
        .chunks_exact(every)
        .take(count)
        .map(|part| Snapshot::read(snapshot(part), &secret()).expect("whole"))
        .collect();
    let mut resumption = SnapshotReplay::new(&snapshots, RequestIndex::of(&snapshots));
    for record in &records[snapshots.len() * every..] {
        resumption.entry(projection::read(record).expect("an entry"));
    }
    resumption.finish()
}

/// The register as text, with every subject folded.
fn printed(replay: &Replay) -> String {
    format!("{:?}", replay.register)
}

fn are_one(records: &[Record], first: &Replay, second: &Replay) {
    assert_eq!(printed(first), printed(second));
    assert_eq!(first.requests.len(), second.requests.len());
    for record in records {
        let request = projection::read(record).expect("an entry").request;
        assert_eq!(first.requests.get(request), second.requests.get(request));
    }
}

#[test]
fn snapshots_of_the_books_are_as_good_as_the_log() {
    let records = records(&fixture::log().records);
    let whole = replayed(&records);
    for (every, count) in [(1, 517), (7, 30), (100, 5), (100, 1), (517, 1), (600, 1)] {
        are_one(&records, &whole, &resumed(&records, every, count));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Also with corrections in the snapshots or after them, of entries before or
    /// after.
    #[test]
    fn snapshots_of_any_history_are_as_good_as_the_log(
        (mut given, mut events) in histories(),
        chosen in proptest::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..6),
        every in 1..40_usize,
        count in 0..8_usize,
    ) {
        for (wrong, replaced) in chosen {
            let wrong = wrong.index(events.len());
            // A correction can be voided, but not replaced by another.
            let replacement = match events[wrong].get("entryCorrected") {
                None if replaced => events[wrong].clone(),
                _ => Value::Null,
            };
            let subject = events[wrong]["subject"].as_str().expect("a subject").to_owned();
            let correction = event(&subject, "", "entryCorrected",
                json!({ "position": (wrong + 1).to_string(), "reason": "Wrong", "replacement": replacement }));
            if let Ok(admission) = given.judge(std::slice::from_ref(&correction)) {
                given.register = admission.register;
                given.entries.extend(admission.entries);
                events.push(correction);
            }
        }
        let stored: Vec<Vec<u8>> = given.entries.iter().zip(&events).map(|(entry, event)| {
            encode(&EntryEnvelope::of(entry), &json::from_value(event.clone()).unwrap())
        }).collect();
        let records = records(&stored);
        are_one(&records, &replayed(&records), &resumed(&records, every, count));
    }
}

#[test]
fn a_damaged_snapshot_is_not_used() {
    let records = records(&fixture::log().records[..60]);
    let whole = snapshot(&records);
    assert!(Snapshot::read(whole.clone(), &secret()).is_ok());
    let mut random = Random::seeded("snapshots");
    for len in [0, 10, 22, 54, 62, 66, 100, whole.len() - 1] {
        assert!(
            Snapshot::read(whole[..len].to_vec(), &secret()).is_err(),
            "{len}"
        );
    }
    for _ in 0..2_000 {
        let at = random.below(whole.len() as u64) as usize;
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << random.below(8);
        let error = Snapshot::read(bytes, &secret()).expect_err("a flipped bit");
        let of_a_version = at < 54;
        assert_eq!(error == SnapshotError::OtherVersion, of_a_version, "{at}");
    }
}

/// A store with the walkthrough, and snapshots of 20 entries each.
fn store(parent: &Path) -> (PathBuf, Vec<String>) {
    let data = parent.join("store");
    let serving = Serving::with(&data, &["--snapshot-every", "20"]);
    serving.record(&[program::walkthrough()]);
    let shown = shown(&serving);
    wait_for_four(&data, "as it was recorded");
    drop(serving);
    (data, shown)
}

/// Waits until a server has written every snapshot of the walkthrough.
fn wait_for_four(data: &Path, case: &str) {
    let start = std::time::Instant::now();
    while files(data).len() < 4 {
        let kept = files(data);
        let waited = start.elapsed();
        assert!(waited < Duration::from_secs(20), "{case}: {kept:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(files(data).len(), 4, "{case}");
}

fn files(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data.join("snapshots")).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "snapshot")
    });
    files.sort();
    files
}

fn shown(serving: &Serving) -> Vec<String> {
    [
        "collaborations",
        "bodies",
        "approvals",
        "virements",
        "breaches",
    ]
    .map(|view| serving.prints(&["show", view, "--format", "json"]))
    .into_iter()
    .chain([serving.prints(&["history", "--format", "json"])])
    .collect()
}

/// The position at which a start begins, as the server reports it.
fn begins_with(data: &Path) -> Option<u64> {
    let folder = projection::Snapshots::of(data, 20);
    let opening = minutebook::server::engine(data).hold().expect("a store");
    let usable = folder.retain_matching_log(folder.read(&secret_of(data)), |position| {
        opening.record(position)
    });
    usable.last().map(|last| last.last().get())
}

#[test]
fn a_start_begins_with_the_snapshots_that_are_whole_and_go_with_the_log() {
    let parent = tempfile::tempdir().expect("a directory");
    let (data, before) = store(parent.path());
    assert_eq!(begins_with(&data), Some(80));
    let serving = Serving::with(&data, &["--snapshot-every", "20"]);
    assert_eq!(shown(&serving), before);
    drop(serving);

    type Harm = fn(&[PathBuf]);
    let harms: [(&str, Option<u64>, Harm); 6] = [
        ("the third is torn", Some(40), |files| {
            let bytes = fs::read(&files[2]).expect("bytes");
            fs::write(&files[2], &bytes[..bytes.len() / 2]).expect("written");
        }),
        ("the second is missing", Some(20), |files| {
            fs::remove_file(&files[1]).expect("removed");
        }),
        ("the first is empty, as after a power cut", None, |files| {
            fs::write(&files[0], b"").expect("written");
        }),
        ("the last replaced the third", Some(40), |files| {
            fs::rename(&files[3], &files[2]).expect("renamed");
        }),
        ("a draft was left behind", Some(80), |files| {
            let leftover = files[0].with_extension("draft");
            fs::write(leftover, b"half").expect("written");
        }),
        ("another version wrote the second", Some(20), |files| {
            let mut bytes = fs::read(&files[1]).expect("bytes");
            bytes[30] ^= 1;
            fs::write(&files[1], bytes).expect("written");
        }),
    ];
    for (case, begins, harm) in harms {
        let hurt = parent.path().join("hurt");
        let _ = fs::remove_dir_all(&hurt);
        deterministic_log::copy(&data, &hurt);
        harm(&files(&hurt));
        assert_eq!(begins_with(&hurt), begins, "{case}");
        let serving = Serving::with(&hurt, &["--snapshot-every", "20"]);
        assert_eq!(shown(&serving), before, "{case}");
        wait_for_four(&hurt, case);
        drop(serving);
        assert_eq!(begins_with(&hurt), Some(80), "{case}: made again");
    }
    // Snapshots that are not needed are removed.
    let serving = Serving::with(&data, &["--snapshot-every", "0"]);
    assert_eq!(shown(&serving), before);
}

#[test]
fn snapshots_of_another_log_are_not_used() {
    let parent = tempfile::tempdir().expect("a directory");
    let (data, _) = store(parent.path());
    let other = parent.path().join("other");
    let serving = Serving::with(&other, &["--snapshot-every", "1000"]);
    serving.record(&program::books());
    let before = shown(&serving);
    drop(serving);
    fs::create_dir_all(other.join("snapshots")).expect("a folder");
    for file in files(&data) {
        let name = file.file_name().expect("a name");
        fs::copy(&file, other.join("snapshots").join(name)).expect("copied");
    }
    assert_eq!(begins_with(&other), None);
    assert_eq!(shown(&Serving::on(&other)), before);
}

fn log_of_bodies(count: u64) -> fixture::Log {
    let mut log = fixture::Log::default();
    for n in 0..count {
        log.record(&append(
            u128::from(n + 1),
            &[registered(&format!("body-{n}"))],
        ));
    }
    log
}

/// Writes a store with a log, in groups of ten.
fn keep(data: &Path, log: &fixture::Log) {
    let (mut appender, _reader) = open_store(data).expect("a store");
    for group in log.records.chunks(10) {
        let batch = Batch::new(group.to_vec()).expect("a batch");
        let tail = appender.tail();
        appender.append(&batch, tail).expect("appended");
    }
}

/// A store with `count` bodies.
fn bodies(data: &Path, count: u64) -> Vec<Record> {
    let log = log_of_bodies(count);
    keep(data, &log);
    records(&log.records)
}

fn options(data: &Path) -> ServerOptions {
    let mut options = ServerOptions::new(data, ANYWHERE);
    options.snapshot_every = 50;
    options
}

/// The error with which a server on this store stops; demands that no snapshot is
/// left.
async fn unproven(data: &Path) -> Arc<VerificationError> {
    let mut running = server::start(options(data)).await.expect("it starts");
    let failed = tokio::time::timeout(Duration::from_secs(20), running.failed());
    let failed = failed.await.expect("it ends by itself");
    let ServeError::Unverified(why) = failed else {
        panic!("{failed}");
    };
    let _ = running.stop().await;
    assert_eq!(files(data), Vec::<PathBuf>::new());
    why
}

/// Writes a snapshot that this register could have written of another history: it
/// names the root of the log and has the register's authentication code.
fn forge(data: &Path, first: u64, root: Hash, forged: &[Record]) {
    put(data, first, &written(forged, root, &secret_of(data)));
}

fn put(data: &Path, first: u64, snapshot: &[u8]) {
    fs::create_dir_all(data.join("snapshots")).expect("a folder");
    let path = data.join("snapshots").join(format!("{first:020}.snapshot"));
    fs::write(path, snapshot).expect("written");
}

/// A forged snapshot whose contents differ from the log, with a right checksum and
/// the log's tail.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_snapshot_is_found_while_it_is_served() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    let mut records = bodies(&data, 120);
    let mut bytes = records[6].bytes.to_vec();
    let at = bytes
        .windows(10)
        .position(|window| window == b"The body b")
        .expect("a name");
    bytes[at] = b'A';
    let root = root(&records[..50]);
    records[6].bytes = bytes.into();
    forge(&data, 1, root, &records[..50]);

    let why = unproven(&data).await;
    let VerificationError::Differs { position } = &*why else {
        panic!("{why}");
    };
    assert_eq!(*position, Position::new(7));

    let running = server::start(options(&data)).await.expect("it starts");
    let mut register = RegisterServiceClient::new(channel(running.address()).await);
    let asked = GetBodyRequest {
        body_id: "body-6".into(),
        as_of: None,
    };
    let body = register.get_body(asked).await.expect("a body").into_inner();
    let name = json::to_string(&body);
    assert!(name.contains("The body body-6"), "{name}");
    running.stop().await.expect("to stop");
}

/// A snapshot with an entry twice, one with another entry than the log, and one
/// with an unreadable entry.
#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_has_the_entries_of_the_log_and_no_others() {
    for case in ["twice", "another", "unreadable"] {
        let parent = tempfile::tempdir().expect("a directory");
        let data = parent.path().join("store");
        let records = bodies(&data, 100);
        let mut forged: Vec<Record> = records[..50].to_vec();
        match case {
            // One body twice in place of another: the number of entries is right.
            "twice" => forged[20] = forged[19].clone(),
            "another" => {
                // An entry that the log does not have, at a position that it has.
                forged.insert(21, fixture_entry(21));
                let last = forged.pop().expect("one");
                *forged.last_mut().expect("one") = last;
            }
            _ => {
                let mut entry = proto::Entry::decode(&*forged[20].bytes).expect("an entry");
                let event = entry.event.as_mut().expect("an event");
                event.effective_on = Some(proto::Date {
                    year: -7,
                    ..proto::Date::default()
                });
                forged[20].bytes = entry.encode_to_vec().into();
            }
        }
        forge(&data, 1, root(&records[..50]), &forged);
        let why = unproven(&data).await;
        let is_unreadable = matches!(&*why, VerificationError::Panicked);
        assert_eq!(is_unreadable, case == "unreadable", "{case}: {why}");
        let running = server::start(options(&data)).await.expect("it starts");
        running.stop().await.expect("to stop");
    }
}

fn fixture_entry(position: u64) -> Record {
    let mut log = fixture::Log::default();
    for n in 0..position {
        let id = format!("stranger-{n}");
        log.record(&append(u128::from(n + 1_000), &[registered(&id)]));
    }
    records(&log.records).pop().expect("one")
}

/// Every entry of the log, and one that the log does not have.
#[test]
fn a_register_with_more_than_the_log_is_not_proven() {
    let log = log_of_bodies(60);
    let (mut appender, reader) = MemoryMedium::new().restart();
    let batch = Batch::new(log.records.clone()).expect("a batch");
    let tail = appender.tail();
    appender.append(&batch, tail).expect("appended");
    let begun = |stranger: Option<&Record>| {
        let mut resumption = SnapshotReplay::new(&[], RequestIndex::default());
        let all = records(&log.records);
        for record in all[..30].iter().chain(stranger).chain(&all[30..]) {
            resumption.entry(projection::read(record).expect("an entry"));
        }
        resumption.finish()
    };
    let proven = |replay: &Replay| {
        let recorded = |request| replay.requests.get(request);
        projection::verify_against_log(&replay.register, recorded, &reader, || true)
    };
    assert!(proven(&begun(None)).is_ok());
    let more = proven(&begun(Some(&fixture_entry(30)))).expect_err("one more");
    assert!(matches!(more, VerificationError::Differs { .. }), "{more}");
    // And one without a request.
    let Replay { register, .. } = begun(None);
    let less = projection::verify_against_log(&register, |_| None, &reader, || true);
    assert!(matches!(less, Err(VerificationError::Differs { .. })));
}

/// The log is damaged where a start from snapshots does not read: its root is not that
/// of the snapshot, so the whole log is read. (Flipped bits are found by the engine when
/// it opens its file, or by the log when it is read.)
#[tokio::test(flavor = "multi_thread")]
async fn a_fault_before_a_snapshot_is_found_before_anything_is_served() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    let mut log = log_of_bodies(100);
    let right = records(&log.records);
    log.records[12] = log.records[13].clone();
    keep(&data, &log);
    forge(&data, 1, root(&right[..50]), &right[..50]);

    for _ in 0..2 {
        let error = server::start(options(&data)).await.expect_err("damaged");
        let StartError::Replay { source, .. } = &error else {
            panic!("{error}");
        };
        let message = source.to_string();
        assert!(
            message.contains("position 13") && message.contains("audit restore"),
            "{message}"
        );
        assert_eq!(files(&data), Vec::<PathBuf>::new());
    }
}

/// Queries and appends at once, before any subject is folded.
#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_is_being_folded_answers_and_records() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    let records = bodies(&data, 1_030);
    for part in records.chunks_exact(50) {
        let (first, last) = (part[0].position.get(), part[49].position.get());
        forge(&data, first, root(&records[..last as usize]), part);
    }
    let running = server::start(options(&data)).await.expect("it starts");
    let channel = channel(running.address()).await;
    let mut recorders = Vec::new();
    for n in 0..8_u32 {
        let mut record = RecordServiceClient::new(channel.clone());
        recorders.push(tokio::spawn(async move {
            for k in 0..40_u32 {
                let subject = format!("bodies/body-{}", (n * 131 + k * 17) % 1_030);
                let alias = json!({ "alias": format!("Alias {n}.{k}") });
                let aliased = event(&subject, "2014", "aliasAdded", alias);
                let request = append(u128::from(900_000 + n * 1_000 + k), &[aliased]);
                record.append(request).await.expect("recorded");
            }
            // Requests recorded before the start are known.
            let again = append(u128::from(n + 1), &[registered(&format!("body-{n}"))]);
            let response = record.append(again).await.expect("known").into_inner();
            assert!(response.already_recorded);
        }));
    }
    let mut register = RegisterServiceClient::new(channel);
    let listed = register.list_bodies(ListBodiesRequest::default()).await;
    assert!(!listed.expect("a list").into_inner().bodies.is_empty());
    for recorder in recorders {
        recorder.await.expect("a recorder");
    }
    running.stop().await.expect("to stop");
    // The whole register, from the log alone and from the snapshots.
    let live = |every| {
        let mut options = options(&data);
        options.snapshot_every = every;
        server::start(options)
    };
    let mut answers = Vec::new();
    for every in [0, 50] {
        let running = live(every).await.expect("it starts");
        let channel = crate::grpc::test_server::channel(running.address()).await;
        let mut register = RegisterServiceClient::new(channel);
        let asked = ListBodiesRequest {
            page_size: 1_000,
            ..ListBodiesRequest::default()
        };
        let listed = register.list_bodies(asked).await.expect("a list");
        answers.push(listed.into_inner());
        running.stop().await.expect("to stop");
    }
    assert_eq!(answers[0], answers[1]);
}

/// A snapshot that somebody wrote who does not have the key: an entry of it would admit
/// what the log does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_without_the_secret_is_not_used() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    let mut records = bodies(&data, 120);
    let root = root(&records[..50]);
    records[6] = fixture_entry(7);
    put(&data, 1, &written(&records[..50], root, &secret()));
    let mut running = server::start(options(&data)).await.expect("it starts");
    let channel = channel(running.address()).await;
    let mut register = RegisterServiceClient::new(channel.clone());
    let asked = |id: &str| GetBodyRequest {
        body_id: id.into(),
        as_of: None,
    };
    register.get_body(asked("body-6")).await.expect("a body");
    let stranger = register.get_body(asked("stranger-6")).await;
    assert_eq!(stranger.expect_err("none").code(), tonic::Code::NotFound);
    // Nothing is recorded on it either: the alias of a body that the log does not have.
    let alias = event(
        "bodies/stranger-6",
        "2014",
        "aliasAdded",
        json!({ "alias": "S" }),
    );
    let mut record = RecordServiceClient::new(channel);
    let refused = record.append(append(900_000, &[alias])).await;
    assert_eq!(
        refused.expect_err("refused").code(),
        tonic::Code::FailedPrecondition
    );
    let failed = tokio::time::timeout(Duration::from_millis(200), running.failed());
    assert!(failed.await.is_err());
    running.stop().await.expect("to stop");
}

/// The files of the log are exchanged for those of a log that differs in one entry;
/// its checkpoint, its hashes and its snapshots are left alone.
#[tokio::test(flavor = "multi_thread")]
async fn an_exchanged_log_is_neither_served_nor_recorded_on() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("store");
    bodies(&data, 1_030);
    let running = server::start(options(&data)).await.expect("it starts");
    for _ in 0..1_000 {
        if files(&data).len() == 20 && data.join("notary/checkpoint").exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(files(&data).len(), 20);
    running.stop().await.expect("to stop");

    let mut forged = log_of_bodies(1_030);
    let name = forged.records[6].windows(10);
    let at = name.clone().position(|window| window == b"The body b");
    forged.records[6][at.expect("a name")] = b'A';
    let other = parent.path().join("other");
    keep(&other, &forged);
    fs::remove_dir_all(data.join("sled")).expect("removed");
    for name in ["sled", "minutebook.witness"] {
        fs::rename(other.join(name), data.join(name)).expect("exchanged");
    }

    let mut running = server::start(options(&data)).await.expect("it starts");
    let channel = channel(running.address()).await;
    let mut health = HealthClient::new(channel.clone());
    for service in ["", "minutebook.v1.RecordService"] {
        let request = HealthCheckRequest {
            service: service.into(),
        };
        let answer = health.check(request).await.expect("an answer").into_inner();
        assert_eq!(answer.status, 2, "{service:?} is not serving");
    }
    let mut record = RecordServiceClient::new(channel.clone());
    let alias = event(
        "bodies/body-6",
        "2014",
        "aliasAdded",
        json!({ "alias": "S" }),
    );
    let refused = record.append(append(900_000, &[alias])).await;
    let refused = refused.expect_err("refused");
    assert_eq!(refused.code(), tonic::Code::DataLoss, "{refused}");
    let mut audit = AuditServiceClient::new(channel.clone());
    let history = audit.read_history(ReadHistoryRequest::default()).await;
    assert_eq!(history.expect_err("refused").code(), tonic::Code::DataLoss);
    // The register is that of the snapshots, which the log once had.
    let mut register = RegisterServiceClient::new(channel);
    let asked = GetBodyRequest {
        body_id: "body-6".into(),
        as_of: None,
    };
    let body = register.get_body(asked).await.expect("a body").into_inner();
    assert!(json::to_string(&body).contains("The body body-6"));
    let failed = tokio::time::timeout(Duration::from_secs(20), running.failed());
    let failed = failed.await.expect("it ends by itself");
    assert!(
        matches!(
            failed,
            ServeError::Altered(TreeError::Altered { position: 7 })
        ),
        "{failed}"
    );
    let _ = running.stop().await;
    // From then on the start refuses.
    for _ in 0..2 {
        let error = server::start(options(&data)).await.expect_err("refused");
        assert!(
            matches!(error, StartError::Notary(NotaryError::Broken { .. })),
            "{error}"
        );
    }
}
