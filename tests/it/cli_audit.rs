//! The auditor's commands of the real program: export, verify, prove, restore, key
//! rotation and a witness.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use minutebook::audit::checkpoint::SignedCheckpoint;
use minutebook::audit::key::VerifierKey;
use serde_json::Value;

use crate::program::{Serving, fails, prints, program, register, run, text, walkthrough};

/// A command that finds faults: exit code 1, and the faults on stdout.
#[track_caller]
fn finds(arguments: &[&str], text: &str) {
    let output = run(arguments);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    assert!(stdout.contains(text), "{text:?} is not in {stdout}");
}

#[test]
fn an_export_is_verified_anywhere_and_can_be_extended() {
    let (serving, dir) = register();
    let folder = dir.path().join("archive");
    let folder = text(&folder);
    let first = serving.prints(&["audit", "export", folder]);
    assert!(first.contains("0 entries, 0 of them new"), "{first}");
    let kept = dir.path().join("kept");
    serving.record(&[walkthrough()]);
    let checkpoint = serving.prints(&["audit", "checkpoint", "--covering", "30"]);
    let signed = SignedCheckpoint::parse(&checkpoint).expect("a checkpoint");
    assert!(signed.checkpoint.size >= 30);
    fs::write(&kept, &checkpoint).expect("written");
    let second = serving.prints(&["audit", "export", folder, "--json"]);
    let done: Value = serde_json::from_str(&second).expect("JSON");
    assert_eq!(done["entries"], done["added"]);
    assert_eq!(done["entries"].as_u64(), Some(signed.checkpoint.size));
    // The alias of the command, on the same folder.
    let again = serving.prints(&["audit", "backup", folder]);
    assert!(again.contains(" 0 of them new"), "{again}");
    let vkey = done["verifierKey"].as_str().expect("a key");
    drop(serving);

    let output = prints(&[
        "audit",
        "verify",
        folder,
        "--key",
        vkey,
        "--since",
        text(&kept),
    ]);
    assert!(output.contains("Nothing is wrong"), "{output}");
    assert!(!output.contains("with the data that it signed"), "{output}");
    let output = prints(&["audit", "verify", folder]);
    assert!(output.contains("with the data that it signed"), "{output}");
    let report: Value =
        serde_json::from_str(&prints(&["audit", "verify", folder, "--json"])).expect("JSON");
    assert_eq!(report["isSound"], true);
    assert_eq!(report["faults"].as_array().map(Vec::len), Some(0));
    let other = "register.example/north+6bff06eb+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    finds(&["audit", "verify", folder, "--key", other], "FAULT");

    let entries = Path::new(folder).join("entries/000.jsonl");
    let lines = fs::read_to_string(&entries).expect("lines");
    let altered = lines.replacen("Northshire", "Southshire", 1);
    assert_ne!(
        lines, altered,
        "the book of fiction has changed: alter something else"
    );
    fs::write(&entries, altered).expect("written");
    finds(&["audit", "verify", folder], "entries/000.jsonl");
    let nowhere = dir.path().join("restored");
    let refused = run(&[
        "audit",
        "restore",
        folder,
        "--data",
        text(&nowhere),
        "--key",
        vkey,
    ]);
    fails(&refused, 1, "does not verify");
    assert!(!nowhere.exists());
    fs::write(&entries, lines).expect("written");
    prints(&["audit", "verify", folder]);
}

/// A request with another alias for the body of the walkthrough.
fn named(n: u32) -> String {
    serde_json::json!({ "requestId": format!("0193aaaa-0000-7000-8000-{n:012}"),
        "recordedBy": "Somebody else", "events": [
            { "subject": "bodies/fictional-northshire-pcc",
              "aliasAdded": { "alias": format!("Name {n}") } }] })
    .to_string()
}

#[test]
fn a_backup_is_taken_while_others_record() {
    let (serving, dir) = register();
    serving.record(&[walkthrough()]);
    let folder = dir.path().join("archive");
    let mut has = 0;
    std::thread::scope(|scope| {
        let recording = scope.spawn(|| {
            let lines: Vec<String> = (1..=600).map(named).collect();
            let output = crate::program::fed(&serving, &["record", "-"], &lines.join("\n"));
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{stderr}");
        });
        for _ in 0..5 {
            let done = serving.prints(&["audit", "backup", text(&folder), "--json"]);
            let done: Value = serde_json::from_str(&done).expect("JSON");
            let entries = done["entries"].as_u64().expect("a number");
            assert!(entries >= has);
            has = entries;
            prints(&["audit", "verify", text(&folder)]);
        }
        recording.join().expect("recorded");
    });
    let done = serving.prints(&["audit", "backup", text(&folder), "--json"]);
    let done: Value = serde_json::from_str(&done).expect("JSON");
    assert_eq!(done["entries"].as_u64(), Some(687));
    prints(&["audit", "verify", text(&folder)]);
}

/// Copies an archive without some of its files.
fn put(from: &Path, to: &Path, without: &[&str]) {
    crate::deterministic_log::copy(from, to);
    for file in without {
        fs::remove_file(to.join(file)).expect("it was there");
    }
}

#[test]
fn an_interrupted_export_spoils_nothing_and_resumes() {
    let (serving, dir) = register();
    let at = |name: &str| dir.path().join(name);
    let archive = at("archive");
    serving.record(&[walkthrough()]);
    serving.prints(&["audit", "export", text(&archive)]);
    let before = at("before");
    put(&archive, &before, &[]);
    let lines: Vec<String> = (1..=300).map(named).collect();
    crate::program::fed(&serving, &["record", "-"], &lines.join("\n"));
    serving.prints(&["audit", "export", text(&archive)]);
    let goes_on = |folder: &Path| {
        serving.prints(&["audit", "export", text(folder)]);
        prints(&["audit", "verify", text(folder)]);
        for file in ["entries/000.jsonl", "entries/001.jsonl", "README.txt"] {
            let read = |from: &Path| fs::read(from.join(file)).expect("read");
            assert!(read(folder) == read(&archive), "{file}");
        }
    };

    // New files beside the old, and one that is to replace an old one.
    let cut = at("cut");
    put(&before, &cut, &[]);
    fs::copy(
        archive.join("tile/entries/000"),
        cut.join("tile/entries/000"),
    )
    .expect("copied");
    fs::write(cut.join("entries/.000.jsonl.new"), "{\"posi").expect("written");
    finds(
        &["audit", "verify", text(&cut)],
        "export again, or remove it",
    );
    goes_on(&cut);
    assert!(!cut.join("entries/.000.jsonl.new").exists());
    // All but the last step.
    let late = at("late");
    put(&archive, &late, &[]);
    crate::deterministic_log::copy(&before.join("tile"), &late.join("tile"));
    fs::copy(before.join("checkpoint"), late.join("checkpoint")).expect("copied");
    goes_on(&late);
    // The first export, before its checkpoint; one file is incomplete.
    let first = at("first");
    put(&archive, &first, &["checkpoint"]);
    fs::write(first.join("verifier-key"), "").expect("written");
    goes_on(&first);
    let only = at("only");
    fs::create_dir(&only).expect("made");
    fs::copy(archive.join("README.txt"), only.join("README.txt")).expect("copied");
    goes_on(&only);
    // A folder of other files is not mistaken for an interrupted export.
    put(&archive, &at("foreign"), &["checkpoint"]);
    fs::write(at("foreign").join("README.txt"), "Dear").expect("written");
    let refused = serving.run(&["audit", "export", text(&at("foreign"))]);
    fails(&refused, 2, "not an archive");
}

#[test]
fn a_store_is_restored_and_serves_the_same() {
    let (serving, dir) = register();
    serving.record(&[walkthrough()]);
    let folder = dir.path().join("archive");
    serving.prints(&["audit", "export", text(&folder)]);
    let breaches = serving.prints(&[
        "show",
        "breaches",
        "--format",
        "json",
        "--as-at",
        "2026-11-23",
    ]);
    let history = serving.prints(&["history", "--format", "json"]);
    drop(serving);
    let restored = dir.path().join("restored");
    let restore = ["audit", "restore", text(&folder), "--data", text(&restored)];
    fails(&run(&restore), 2, "Say whose signature you trust");
    assert!(!restored.exists());
    let vkey = fs::read_to_string(folder.join("verifier-key")).expect("a key");
    let restore = [&restore[..], &["--key", vkey.trim_end()]].concat();
    let output = prints(&restore);
    assert!(output.contains("checkpoint.key"), "{output}");
    fails(&run(&restore), 5, "not empty");
    // It is verified without a flag, and without the private key.
    let output = prints(&["audit", "verify", "--data", text(&restored)]);
    assert!(output.contains("Nothing is wrong"), "{output}");
    assert!(output.contains(vkey.trim_end()), "{output}");
    // A new key cannot replace the missing one.
    let rotated = run(&["audit", "rotate-key", "--data", text(&restored)]);
    fails(&rotated, 5, "is missing");
    // With its key it continues as the same register.
    let key = dir.path().join("register/notary/checkpoint.key");
    fs::copy(key, restored.join("notary/checkpoint.key")).expect("copied");
    let output = prints(&["audit", "verify", "--data", text(&restored)]);
    assert!(output.contains("Nothing is wrong"), "{output}");
    let serving = Serving::on(&restored);
    assert_eq!(serving.prints(&["history", "--format", "json"]), history);
    let same = serving.prints(&[
        "show",
        "breaches",
        "--format",
        "json",
        "--as-at",
        "2026-11-23",
    ]);
    let without_answered = |text: &str| {
        let mut value: Value = serde_json::from_str(text).expect("JSON");
        value
            .as_object_mut()
            .expect("an object")
            .remove("answeredFrom");
        value
    };
    assert_eq!(without_answered(&same), without_answered(&breaches));
    let added = serving.prints(&["audit", "export", text(&folder)]);
    assert!(added.contains(" 0 of them new"), "{added}");
}

#[test]
fn a_proof_is_a_tlog_proof() {
    let (serving, _dir) = register();
    serving.record(&[walkthrough()]);
    let proof = serving.prints(&["audit", "prove", "7"]);
    let mut lines = proof.lines();
    assert_eq!(lines.next(), Some("c2sp.org/tlog-proof@v1"));
    assert_eq!(lines.next(), Some("index 6"));
    let (_, checkpoint) = proof
        .split_once("\n\n")
        .expect("a checkpoint after the hashes");
    SignedCheckpoint::parse(checkpoint).expect("a checkpoint");
    let json: Value =
        serde_json::from_str(&serving.prints(&["audit", "prove", "7", "--format", "json"]))
            .expect("JSON");
    assert_eq!(json["leafIndex"], "6");
    fails(
        &serving.run(&["audit", "prove", "9999"]),
        2,
        "has no entry 9999",
    );
    fails(&serving.run(&["audit", "prove", "0"]), 2, "0");
}

#[test]
fn an_export_or_check_that_fails_reports_why() {
    let (serving, dir) = register();
    serving.record(&[walkthrough()]);
    let full = dir.path().join("full");
    fs::create_dir(&full).expect("a directory");
    fs::write(full.join("letter.txt"), "Dear").expect("written");
    let foreign = serving.run(&["audit", "export", text(&full)]);
    fails(&foreign, 2, "not an archive");
    assert_eq!(fs::read_dir(&full).expect("there").count(), 1);
    let (another, elsewhere) = register();
    let folder = elsewhere.path().join("archive");
    another.record(&[walkthrough()]);
    another.prints(&["audit", "export", text(&folder)]);
    let other = serving.run(&["audit", "export", text(&folder)]);
    fails(&other, 1, "the log is another");
    prints(&["audit", "verify", text(&folder)]);
    finds(&["audit", "verify", text(&full)], "there is no checkpoint");
    fails(&run(&["audit", "verify"]), 2, "FOLDER");
    let nothing = run(&["audit", "verify", "--data", text(&full)]);
    fails(&nothing, 6, "there is no store");
    let busy = dir.path().join("register");
    let in_use = run(&["audit", "verify", "--data", text(&busy)]);
    fails(&in_use, 6, "in use");
    assert!(in_use.stdout.is_empty(), "what is in use is not at fault");
    fails(
        &run(&["audit", "verify", "nowhere"]),
        6,
        "no folder nowhere",
    );
    let since = run(&[
        "audit",
        "verify",
        text(&folder),
        "--since",
        text(&full.join("letter.txt")),
    ]);
    fails(&since, 6, "letter.txt");
    let key = run(&["audit", "verify", text(&folder), "--key", "mine"]);
    fails(&key, 2, "name+hash+base64");
}

#[test]
fn the_old_key_leads_to_the_new_one() {
    let (serving, dir) = register();
    serving.record(&[walkthrough()]);
    let checkpoint =
        serving.prints(&["audit", "checkpoint", "--format", "json", "--covering", "9"]);
    let checkpoint: Value = serde_json::from_str(&checkpoint).expect("JSON");
    let old = checkpoint["verifierKey"]
        .as_str()
        .expect("a key")
        .to_owned();
    drop(serving);
    let data = dir.path().join("register");
    let output = prints(&["audit", "rotate-key", "--data", text(&data)]);
    let new = output.lines().nth(1).expect("the new key");
    let _: VerifierKey = new.parse().expect("a key");
    assert_ne!(new, old);
    let serving = Serving::on(&data);
    let folder = dir.path().join("archive");
    serving.prints(&["audit", "export", text(&folder)]);
    let history = serving.prints(&["history", "--backward", "--limit", "1"]);
    assert!(
        history.contains("another key signs the checkpoints"),
        "{history}"
    );
    drop(serving);
    for key in [&*old, new] {
        prints(&["audit", "verify", text(&folder), "--key", key]);
        prints(&["audit", "verify", "--data", text(&data), "--key", key]);
    }
}

#[test]
fn a_witness_signs_published_checkpoints() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("register");
    // The witness needs the register's key, and the register the witness's.
    let serving = Serving::on(&data);
    let checkpoint = serving.prints(&["audit", "checkpoint", "--format", "json"]);
    let checkpoint: Value = serde_json::from_str(&checkpoint).expect("JSON");
    let vkey = checkpoint["verifierKey"]
        .as_str()
        .expect("a key")
        .to_owned();
    drop(serving);
    let mut witness = program()
        .args([
            "audit",
            "witness",
            "--listen",
            "127.0.0.1:0",
            "--log",
            &vkey,
            "--state",
        ])
        .arg(dir.path().join("witness"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let stdout = witness.stdout.take().expect("its output");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let at = line
        .trim()
        .strip_prefix("Witnessing at ")
        .expect("where it is");
    let (_, witness_key) = at.split_once('#').expect("its key");

    let serving = Serving::with(&data, &["--witness", at]);
    serving.record(&[walkthrough()]);
    let checkpoint = serving.prints(&["audit", "checkpoint", "--covering", "35"]);
    assert_eq!(checkpoint.matches('\u{2014}').count(), 2, "{checkpoint}");
    let folder = dir.path().join("archive");
    serving.prints(&["audit", "export", text(&folder)]);
    drop(serving);
    let output = prints(&[
        "audit",
        "verify",
        text(&folder),
        "--key",
        &vkey,
        "--witness",
        witness_key,
    ]);
    assert!(output.contains("Witness "), "{output}");
    let output = prints(&["audit", "verify", "--data", text(&data)]);
    assert!(output.contains("Witness "), "{output}");
    let stranger = "witness.example/one+c718abff+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";
    finds(
        &["audit", "verify", text(&folder), "--witness", stranger],
        "FAULT  witness witness.example/one",
    );
    let terminated = Command::new("kill")
        .arg(witness.id().to_string())
        .status()
        .expect("kill");
    assert!(terminated.success());
    assert!(witness.wait().expect("its end").success());
}

fn rows(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.expect("a row as wide as its heading");
        row.iter().map(str::to_owned).collect()
    });
    rows.collect()
}

#[test]
fn a_subject_is_replayed_as_text_as_rows_and_as_json() {
    let (serving, _dir) = register();
    serving.record(&[walkthrough()]);
    let replay = |more: &[&str]| {
        let command = ["audit", "replay", "fictional-three-shires"];
        let on = ["--as-at", "2025-04-01", "--until", "#41"];
        serving.prints(&[&command, &on[..], more].concat())
    };
    let json = replay(&["--format", "json", "--with-state"]);
    let steps: Vec<Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let positions: Vec<&str> = steps
        .iter()
        .map(|step| step["told"]["entry"]["position"].as_str().expect("one"))
        .collect();
    assert_eq!(positions.last(), Some(&"41"));
    let left = |step: &Value| {
        let changes = step["changes"].as_array().expect("changes").clone();
        let change = changes.into_iter().find(|change| {
            let path = change["path"].as_str().expect("a path");
            path.starts_with("proposals[") && path.ends_with("leftPence")
                || path.ends_with("].left_pence")
        });
        change.map(|change| (change["before"].clone(), change["after"].clone()))
    };
    let reversed = steps.last().expect("a step");
    assert_eq!(left(reversed), Some(("£0".into(), "£16,666.67".into())));
    assert_eq!(
        reversed["state"]["subject"],
        "collaborations/fictional-three-shires"
    );

    // The rows have every change, or the reason why there is none.
    let rows = rows(&replay(&["--format", "csv"]));
    let changes = |step: &Value| {
        let count = |name: &str| step[name].as_array().map_or(0, Vec::len);
        count("changes").max(1) + count("meanwhile")
    };
    assert_eq!(rows.len(), steps.iter().map(changes).sum::<usize>());
    assert!(rows.iter().all(|row| row.len() == 13));

    // As text, and only part of it.
    let words = replay(&["--from", "40", "--limit", "1"]);
    assert!(words.contains("made: £33,333.33 → £50,000"), "{words}");
    assert!(!words.contains("reversed:"), "{words}");
    let command = ["audit", "replay", "fictional-three-shires"];
    let wrong = serving.run(&[&command[..], &["--with-state"]].concat());
    fails(&wrong, 2, "--format json");
    fails(&serving.run(&["audit", "replay", "nobody"]), 1, "nobody");
    let beyond = serving.run(&[&command[..], &["--until", "#88"]].concat());
    fails(&beyond, 2, "until.position");
}

#[test]
fn two_meetings_are_compared_as_text_as_rows_and_as_json() {
    let (serving, _dir) = register();
    serving.record(&[walkthrough()]);
    let diff = |more: &[&str]| {
        let days = ["--from", "2024-06-16", "--to", "2024-07-02"];
        let known = ["--as-known-at", "#80"];
        serving.prints(&[&["audit", "diff"], &days[..], &known[..], more].concat())
    };
    let words = diff(&[]);
    for line in [
        "Fictional Three Shires (collaborations/fictional-three-shires)",
        "    made: £0 → £33,333.33",
        "    entry 36, 2024-07-01, recorded before and in force since: virement",
        "to   2024-07-02, as known at position 80.",
    ] {
        assert!(words.contains(line), "{line:?} is not in {words}");
    }
    let json: Value = serde_json::from_str(&diff(&["--format", "json"])).expect("JSON");
    let differences = json["differences"].as_array().expect("differences");
    let count = |step: &Value, name: &str| step[name].as_array().map_or(0, Vec::len);
    let lines: usize = differences
        .iter()
        .map(|change| {
            count(change, "changes") + count(change, "entries") + count(change, "otherEntries")
        })
        .sum();
    assert_eq!(rows(&diff(&["--format", "csv"])).len(), lines);
    let none = diff(&["bodies/fictional-northshire-pcc"]);
    assert!(none.contains("Nothing is different."), "{none}");

    let fails = |arguments: &[&str], code: i32, says: &str| {
        let output = serving.run(&[&["audit", "diff"], arguments].concat());
        fails(&output, code, says);
    };
    fails(&[], 2, "--from");
    fails(&["--from", "2024-06"], 2, "2024-06-01");
    fails(&["--from", "#60", "--to", "#40"], 2, "swap them");
    fails(&["--from", "#88"], 2, "from.position");
    fails(&["--from", "#1", "nobody"], 1, "COLLABORATION_NOT_FOUND");
}

#[test]
fn the_state_of_a_subject_has_every_view_of_it() {
    let (serving, _dir) = register();
    serving.record(&[walkthrough()]);
    let command = ["audit", "state", "fictional-three-shires"];
    let on = ["--as-at", "2024-07-02"];
    let state = serving.prints(&[&command[..], &on[..], &["--format", "json"]].concat());
    let state: Value = serde_json::from_str(&state).expect("JSON");
    let show = |verb: &str, list: &str| {
        let id = "collaborations/fictional-three-shires";
        let subject = if verb == "virements" { &id[15..] } else { id };
        let shown = serving.prints(&["show", verb, subject, on[0], on[1], "--format", "json"]);
        let shown: Value = serde_json::from_str(&shown).expect("JSON");
        shown[list].clone()
    };
    assert_eq!(state["state"]["virements"], show("virements", "virements"));
    let table = serving.prints(&[&command[..], &on[..]].concat());
    for heading in ["Virements", "Fictional Three Shires"] {
        assert!(table.contains(heading), "{table}");
    }
}

/// Passes connections on to a server that can be replaced. The address stays.
fn relay() -> (String, std::sync::Arc<std::sync::Mutex<String>>) {
    use std::net::{TcpListener, TcpStream};
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let target = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let now = std::sync::Arc::clone(&target);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let url = now.lock().expect("the target").clone();
            let Ok(server) = TcpStream::connect(url.trim_start_matches("http://")) else {
                continue;
            };
            for (mut from, mut to) in [
                (client.try_clone(), server.try_clone()),
                (server.try_clone(), client.try_clone()),
            ]
            .map(|(from, to)| (from.expect("a socket"), to.expect("a socket")))
            {
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Both);
                });
            }
        }
    });
    (format!("http://{address}"), target)
}

#[test]
fn a_follower_does_not_go_on_in_another_log_after_a_restore() {
    let (serving, dir) = register();
    serving.record(&[walkthrough()]);
    let archive = dir.path().join("archive");
    serving.prints(&["audit", "export", text(&archive)]);
    let (url, target) = relay();
    target.lock().expect("the target").clone_from(&serving.url);
    let mut follower = program()
        .args(["history", "--follow", "--from", "86", "--format", "json"])
        .args(["--server", &url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(follower.stdout.take().expect("its output")).lines();
    let mut next = || lines.next().map(|line| line.expect("a line"));
    for position in ["86", "87"] {
        let line = next().expect("an entry");
        assert!(
            line.contains(&format!("\"position\":\"{position}\"")),
            "{line}"
        );
    }
    // After the export, and lost by the restore.
    crate::program::fed(&serving, &["record", "-"], &named(1));
    assert!(next().expect("an entry").contains("Name 1"));
    drop(serving);
    let data = dir.path().join("restored");
    let key = fs::read_to_string(archive.join("verifier-key")).expect("a key");
    let key = ["--key", key.trim_end()];
    let restore = ["audit", "restore", text(&archive), "--data", text(&data)];
    prints(&[&restore[..], &key].concat());
    let secret = dir.path().join("register/notary/checkpoint.key");
    fs::copy(secret, data.join("notary/checkpoint.key")).expect("copied");
    let serving = Serving::on(&data);
    // Another entry at the same position, and one after it.
    for n in [2, 3] {
        crate::program::fed(&serving, &["record", "-"], &named(n));
    }
    target.lock().expect("the target").clone_from(&serving.url);
    assert_eq!(next(), None, "nothing of another log is printed");
    let output = follower.wait_with_output().expect("its end");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("another log"), "{stderr}");
}

#[test]
fn a_mistyped_subject_is_not_an_empty_history() {
    let (serving, _dir) = register();
    serving.record(&[walkthrough()]);
    let server = ["--server", &serving.url];
    for subject in ["nobody", "bodies/nobody"] {
        let output = run(&[&["history", subject][..], &server].concat());
        fails(&output, 1, "Nothing is recorded of");
    }
    let narrowed = ["history", "nobody", "--kind", "agreement_signed"];
    prints(&[&narrowed[..], &server].concat());
}
