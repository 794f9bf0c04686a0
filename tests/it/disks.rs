//! The whole server on disks that lose power, fill up, fail and rot.
//!
//! `power_cut`, `system_calls` and `faults` test the log alone. These tests run
//! everything above it too: many recorders, the register, the notary and exports.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use minutebook::archive::verify::TrustAnchors;
use minutebook::log::sled::SledEngine;
use minutebook::log::{Engine, Limit, Position};
use minutebook::server::offline;
use minutebook::wire::entry;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{AppendRequest, AppendResponse};
use serde_json::json;
use tonic::Code;

use crate::deterministic_log::{self, Random, open_sled};
use crate::given::{append, event};
use crate::grpc::test_server::{reason, registered};
use crate::power_cut::{Mounted, disk, not_run, run};
use crate::program::Serving;
use crate::system_calls::strace_is_missing;

type Acknowledged = Arc<Mutex<Vec<(AppendRequest, AppendResponse)>>>;

/// A request of two events, which are recorded together or not at all.
fn pair(tag: u128) -> AppendRequest {
    let id = format!("body-{tag}");
    let alias = json!({ "alias": format!("Alias {tag}") });
    let subject = format!("bodies/{id}");
    append(
        tag,
        &[registered(&id), event(&subject, "", "aliasAdded", alias)],
    )
}

/// Records until the server is gone or `count` requests are done; keeps every
/// receipt.
async fn record(url: String, recorder: u128, count: u128, acknowledged: Acknowledged) {
    let Ok(mut client) = RecordServiceClient::connect(url).await else {
        return;
    };
    for n in 0..count {
        let request = pair(recorder * 10_000 + n);
        match client.append(request.clone()).await {
            Ok(receipt) => {
                let mut acknowledged = acknowledged.lock().expect("not poisoned");
                acknowledged.push((request, receipt.into_inner()));
            }
            Err(_) => return,
        }
    }
}

/// Demands that a store has everything that was acknowledged, and that a server
/// starts on it.
fn is_whole(store: &Path, acknowledged: &[(AppendRequest, AppendResponse)], when: &str) {
    if acknowledged.is_empty() && !SledEngine::new(store).exists().expect("an answer") {
        // The power was cut before the store existed.
        drop(Serving::on(store));
        return;
    }
    let report = offline::verify(store, &TrustAnchors::default(), |_| {}).expect("it can be read");
    assert_eq!(report.faults, Vec::<String>::new(), "{when}");
    let mut of_request = BTreeMap::<String, Vec<u64>>::new();
    let (appender, reader) = open_sled(store).expect("it opens");
    let mut next = 1;
    loop {
        let page = reader
            .read(Position::new(next), Limit::PAGE)
            .expect("a page");
        if page.is_empty() {
            break;
        }
        for record in page {
            let entry = entry::decode(&record.bytes).expect("an entry");
            let positions = of_request.entry(entry.request.to_string()).or_default();
            positions.push(record.position.get());
            next += 1;
        }
    }
    drop((appender, reader));
    assert!(
        of_request.values().all(|positions| positions.len() == 2),
        "{when}: in part"
    );
    for (request, receipt) in acknowledged {
        let promised: Vec<u64> = receipt
            .receipts
            .iter()
            .map(|receipt| receipt.position)
            .collect();
        let found = of_request.get(&request.request_id);
        assert_eq!(
            found,
            Some(&promised),
            "{when}: {} is lost",
            request.request_id
        );
    }
    let serving = Serving::on(store);
    let bodies = serving.prints(&["show", "bodies", "--format", "csv"]);
    assert_eq!(bodies.lines().count(), of_request.len() + 1, "{when}");
}

/// Suspends every process that writes, copies the disk, and resumes them after
/// `looked_at`.
fn cut(writing: &[u32], image: &Path, copy: &Path, looked_at: impl FnOnce()) {
    let writing: Vec<String> = writing.iter().map(u32::to_string).collect();
    let send = |signal| {
        for process in &writing {
            run("kill", &[signal, process]).expect("it is there, or not waited for yet");
        }
    };
    send("-STOP");
    let (from, to) = (image.to_string_lossy(), copy.to_string_lossy());
    run("cp", &["--sparse=always", &from, &to]).expect("copies");
    looked_at();
    send("-CONT");
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// 500 appends by eight recorders. The power is cut at every
/// `MINUTEBOOK_TEST_EVERY`-th acknowledgement (default: every 100th; 1 for all) and
/// at moments in between.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_loses_nothing_in_a_power_cut() {
    let parent = tempfile::tempdir().expect("a directory");
    let (image, mounted) = match disk(parent.path(), 256 << 20) {
        Ok(disk) => disk,
        Err(why) => return not_run("server power cut test", &why),
    };
    let every = number("MINUTEBOOK_TEST_EVERY", 100) as usize;
    let mut random = Random::seeded("server power cuts");
    let store = mounted.store();
    // Snapshots are written all the while, too.
    let serving = Serving::with(&store, &["--snapshot-every", "20"]);
    let acknowledged = Acknowledged::default();
    // Some 500 in all; the last recorders continue after the others.
    let recorders: Vec<_> = (1..=8)
        .map(|recorder| {
            let (url, acknowledged) = (serving.url.clone(), Arc::clone(&acknowledged));
            tokio::spawn(record(url, recorder, 63, acknowledged))
        })
        .collect();
    let copy = parent.path().join("after.img");
    let (mut next, mut cuts) = (1, 0);
    loop {
        let is_over = recorders.iter().all(tokio::task::JoinHandle::is_finished);
        let known = acknowledged.lock().expect("not poisoned").clone();
        if known.len() >= next || is_over {
            // At once after an acknowledgement, or a little later.
            if random.below(2) == 0 {
                std::thread::sleep(Duration::from_micros(random.below(3_000)));
            }
            cuts += 1;
            next = known.len() + every;
            // No request is answered meanwhile, so no acknowledgement is missed.
            cut(&[serving.child.id()], &image, &copy, || {
                let after = Mounted::mount(&copy, parent.path().join("after")).expect("mounts");
                is_whole(&after.store(), &known, &format!("cut {cuts}"));
            });
        }
        if is_over {
            break;
        }
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    let known = acknowledged.lock().expect("not poisoned").len();
    assert_eq!(known, 8 * 63, "everybody was answered");
    println!("{cuts} power cuts among {known} acknowledgements, nothing lost");

    // While an export is written to the disk, and again when it is extended. Every
    // second export extends the one before.
    let folder = mounted.0.join("archive");
    for round in 0..number("MINUTEBOOK_TEST_CUTS", 4) {
        if round % 2 == 0 {
            let _ = std::fs::remove_dir_all(&folder);
        } else {
            let more = 9 + u128::from(round);
            record(serving.url.clone(), more, 40, Acknowledged::default()).await;
        }
        let mut export = crate::program::program()
            .args(["audit", "export"])
            .arg(&folder)
            .args(["--server", &serving.url])
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(Duration::from_micros(random.below(40_000)));
        cut(&[export.id(), serving.child.id()], &image, &copy, || {});
        export.wait().expect("an end");
        let after = Mounted::mount(&copy, parent.path().join("after")).expect("mounts");
        let again = after.0.join("archive");
        let again = again.to_str().expect("a path");
        let serving = Serving::on(&after.store());
        serving.prints(&["audit", "export", again]);
        serving.prints(&["audit", "verify", again]);
        drop(serving);
    }
}

#[test]
fn a_server_that_is_cut_off_while_it_makes_its_store_starts_the_next_time() {
    let parent = tempfile::tempdir().expect("a directory");
    let (image, mounted) = match disk(parent.path(), 64 << 20) {
        Ok(disk) => disk,
        Err(why) => return not_run("first creation power cut test", &why),
    };
    let mut random = Random::seeded("first creations");
    let copy = parent.path().join("after.img");
    for round in 0..number("MINUTEBOOK_TEST_CUTS", 6) {
        let store = mounted.0.join(format!("store-{round}"));
        let mut child = crate::program::program()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&store)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_micros(random.below(60_000)));
        cut(&[child.id()], &image, &copy, || {});
        child.kill().expect("killed");
        child.wait().expect("its end");
        let after = Mounted::mount(&copy, parent.path().join("after")).expect("mounts");
        drop(Serving::on(&after.0.join(format!("store-{round}"))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_reported_and_recording_resumes_when_there_is_room() {
    let parent = tempfile::tempdir().expect("a directory");
    let (_image, mounted) = match disk(parent.path(), 128 << 20) {
        Ok(disk) => disk,
        Err(why) => return not_run("server on a full disk test", &why),
    };
    let store = mounted.store();
    let serving = Serving::on(&store);
    let ballast = mounted.0.join("ballast");
    let left = || fs2::available_space(&mounted.0).expect("it is known");
    let len = left().saturating_sub(20 << 20) as usize;
    std::fs::write(&ballast, vec![1; len]).expect("written");
    let mut client = RecordServiceClient::connect(serving.url.clone())
        .await
        .expect("one");
    let long = |tag: u128| {
        let mut request = append(tag, &[registered(&format!("body-{tag}"))]);
        request.events[0].note = "x".repeat(4_000);
        request
    };
    let mut recorded = 0;
    let status = loop {
        match client.append(long(recorded)).await {
            Ok(_) => recorded += 1,
            Err(status) => break status,
        }
    };
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::ResourceExhausted, "DISK_FULL")
    );
    assert!(recorded > 10, "{recorded}");
    // Recorded requests are answered, and an export without room reports it.
    let count = |serving: &Serving| {
        let bodies = serving.prints(&["show", "bodies", "--format", "csv"]);
        bodies.lines().count() as u128 - 1
    };
    assert_eq!(count(&serving), recorded);
    // To the last byte.
    let more = mounted.0.join("more");
    std::fs::write(&more, vec![1; 20 << 20]).expect_or_full();
    assert!(left() < 1 << 20, "{}", left());
    let folder = mounted.0.join("archive");
    let folder = folder.to_str().expect("a path");
    let export = serving.run(&["audit", "export", folder]);
    let stderr = String::from_utf8_lossy(&export.stderr).into_owned();
    assert!(
        export.status.success() || stderr.contains("No space"),
        "{stderr}"
    );
    // The server starts on a full disk, and refuses as before.
    drop(serving);
    let serving = Serving::on(&store);
    assert_eq!(count(&serving), recorded);
    let mut client = RecordServiceClient::connect(serving.url.clone())
        .await
        .expect("one");
    let status = client.append(long(recorded)).await.expect_err("still full");
    assert_eq!(reason(&status), "DISK_FULL");
    // It recovers by itself once there is room.
    std::fs::remove_file(&ballast).expect("removed");
    let _ = std::fs::remove_file(&more);
    client.append(long(recorded)).await.expect("there is room");
    assert_eq!(count(&serving), recorded + 1);
    serving.prints(&["audit", "export", folder]);
    serving.prints(&["audit", "verify", folder]);
}

/// A write for which a full disk is no failure.
trait ExpectOrFull {
    fn expect_or_full(self);
}

impl ExpectOrFull for std::io::Result<()> {
    fn expect_or_full(self) {
        if let Err(error) = self {
            assert_eq!(error.kind(), std::io::ErrorKind::StorageFull, "{error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fails_stops_recording_and_nothing_else() {
    if strace_is_missing("server on a failing disk test") {
        return;
    }
    let parent = tempfile::tempdir().expect("a directory");
    for (call, when) in [
        ("fdatasync", "30+"),
        ("fdatasync", "41"),
        ("pwrite64", "60+"),
    ] {
        let store = parent.path().join(format!("{call}-{when}"));
        drop(Serving::on(&store));
        let target = store.join("sled/db");
        let inject = format!("inject={call}:error=EIO:when={when}");
        let target = target.to_str().expect("a path");
        let front = [
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-P",
            target,
            "-e",
            &inject,
        ];
        let serving = Serving::behind(&front, &store, &[]);
        let mut client = RecordServiceClient::connect(serving.url.clone())
            .await
            .expect("one");
        let mut acknowledged = Vec::new();
        let status = loop {
            let request = pair(acknowledged.len() as u128);
            match client.append(request.clone()).await {
                Ok(receipt) => acknowledged.push((request, receipt.into_inner())),
                Err(status) => break status,
            }
            assert!(acknowledged.len() < 2_000, "{call}: it never failed");
        };
        assert_eq!(
            reason(&status),
            "OUTCOME_UNKNOWN",
            "{call} {when}: {status:?}"
        );
        // From here on it refuses at once, and still answers queries.
        let began = Instant::now();
        let status = client.append(pair(5_000)).await.expect_err("stopped");
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
        assert!(began.elapsed() < Duration::from_secs(5));
        let bodies = serving.prints(&["show", "bodies", "--format", "csv"]);
        assert_eq!(bodies.lines().count(), acknowledged.len() + 1);
        // The server outlives the strace that started it.
        let path = store.to_str().expect("a path");
        run("pkill", &["-KILL", "-f", "--", &format!("--data {path}")]).expect("killed");
        drop(serving);
        is_whole_but_for_one(&store, &acknowledged);
    }
}

/// A request with an unknown outcome may be there or not.
fn is_whole_but_for_one(store: &Path, acknowledged: &[(AppendRequest, AppendResponse)]) {
    let report = offline::verify(store, &TrustAnchors::default(), |_| {}).expect("it can be read");
    assert_eq!(report.faults, Vec::<String>::new());
    let entries = report.entries as usize;
    let least = acknowledged.len() * 2;
    assert!(
        (least..=least + 2).contains(&entries),
        "{entries} of {least}"
    );
    let serving = Serving::on(store);
    let runtime = tokio::runtime::Handle::current();
    let url = serving.url.clone();
    let again = acknowledged.to_vec();
    tokio::task::block_in_place(|| {
        runtime.block_on(async {
            let mut client = RecordServiceClient::connect(url).await.expect("one");
            for (request, receipt) in again {
                let answer = client.append(request).await.expect("known").into_inner();
                assert!(answer.already_recorded);
                assert_eq!(answer.receipts, receipt.receipts);
            }
            client.append(pair(9_000)).await.expect("it goes on");
        });
    });
}

/// Every flipped bit is found when the server starts, or changes nothing that is
/// served; and an exported register can be restored.
#[test]
fn bytes_that_rot_are_never_served() {
    let parent = tempfile::tempdir().expect("a directory");
    let store = parent.path().join("store");
    let serving = Serving::on(&store);
    serving.record(&[crate::program::walkthrough()]);
    let folder = parent.path().join("archive");
    let folder = folder.to_str().expect("a path");
    serving.prints(&["audit", "export", folder]);
    let history = serving.prints(&["history", "--format", "json"]);
    drop(serving);
    let mut random = Random::seeded("rot");
    let mut files = Vec::new();
    for dir in ["sled", ".", "notary"] {
        for file in std::fs::read_dir(store.join(dir)).expect("a directory") {
            let path = file.expect("a file").path();
            let len = path.metadata().expect("a length").len();
            if path.is_file() && len > 0 {
                files.push(path.strip_prefix(&store).expect("in it").to_owned());
            }
        }
    }
    let (mut refused, mut harmless) = (0, 0);
    let hurt = parent.path().join("hurt");
    for round in 0..number("MINUTEBOOK_TEST_DAMAGE", 24) {
        let _ = std::fs::remove_dir_all(&hurt);
        deterministic_log::copy(&store, &hurt);
        // The log is by far the largest file, so half of the rounds are for it.
        let file = match random.below(2) {
            0 => Path::new("sled/db"),
            _ => files[random.below(files.len() as u64) as usize].as_path(),
        };
        let mut bytes = std::fs::read(hurt.join(file)).expect("read");
        let used = bytes
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(1, |at| at + 1);
        let at = random.below(used as u64) as usize;
        bytes[at] ^= 1 << random.below(8);
        std::fs::write(hurt.join(file), bytes).expect("written");
        let case = format!("round {round}: byte {at} of {}", file.display());
        let output = crate::program::program()
            .args(["audit", "verify", "--data"])
            .arg(&hurt)
            .output()
            .expect("the program runs");
        let is_sound = output.status.success();
        match Serving::try_on(&hurt) {
            Ok(serving) => {
                harmless += 1;
                let served = serving.prints(&["history", "--format", "json"]);
                assert_eq!(served, history, "{case}: something else is served");
            }
            Err(error) => {
                refused += 1;
                assert!(!is_sound || file.starts_with("notary"), "{case}: {error}");
                let names = [
                    "audit restore",
                    "minutebook.",
                    "checkpoint",
                    "key",
                    "format",
                    "sled",
                ];
                assert!(
                    names.iter().any(|name| error.contains(name)),
                    "{case}: {error}"
                );
            }
        }
    }
    println!("{refused} were refused, {harmless} changed nothing that is served");
    assert!(refused > 0 && harmless > 0);
    let restored = parent.path().join("restored");
    let output = crate::program::program()
        .args(["audit", "restore", folder, "--trust-archive-key", "--data"])
        .arg(&restored)
        .output()
        .expect("the program runs");
    assert!(output.status.success());
    let key = "notary/checkpoint.key";
    std::fs::copy(store.join(key), restored.join(key)).expect("the key is put back");
    let served = Serving::on(&restored).prints(&["history", "--format", "json"]);
    assert_eq!(served, history, "the way back");
}
