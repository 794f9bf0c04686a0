//! The system calls of the store, and its behaviour when they fail.
//!
//! The child of `log_killed` runs under `strace`, which shows every system call,
//! and can make the n-th one fail or kill the process at it. Where `strace` is
//! missing the tests pass, and report on standard error that they did not run.

use std::path::Path;
use std::process::Command;

use minutebook::log::Position;

use crate::deterministic_log::{self, open_sled};
use crate::log_killed::{child_command, number_after};
use crate::power_cut::not_run;

pub fn strace_is_missing(test: &str) -> bool {
    let found = Command::new("strace")
        .args(["-qq", "-e", "trace=none", "true"])
        .output();
    match found {
        Ok(output) if output.status.success() => false,
        Ok(output) => {
            not_run(test, String::from_utf8_lossy(&output.stderr).trim());
            true
        }
        Err(error) => {
            not_run(test, &format!("strace: {error}"));
            true
        }
    }
}

/// Runs the child under `strace` with `options`; returns its lines.
fn traced(options: &[&str], dir: &Path, groups: usize) -> Vec<String> {
    // A child that hangs is killed, and then lines are missing.
    let front = ["timeout", "-s", "KILL", "30", "strace", "-f", "-qq"];
    let front = [&front, options].concat();
    let output = child_command(&front, dir, Some(groups))
        .output()
        .expect("strace runs");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}

/// The last position that the child reported as durable.
fn acknowledged(said_by_child: &[String]) -> u64 {
    said_by_child
        .iter()
        .filter_map(|line| number_after(line, "ack ").or(number_after(line, "open ")))
        .next_back()
        .unwrap_or(0)
}

#[test]
fn a_sync_comes_before_every_acknowledgement() {
    if strace_is_missing("sync order test") {
        return;
    }
    let parent = tempfile::tempdir().expect("a directory");
    let trace = parent.path().join("trace");
    let file = trace.to_string_lossy();
    let calls = "trace=write,pwrite64,fdatasync";
    let options = ["-y", "-s", "16", "-e", calls, "-o", &file];
    let heard = traced(&options, &parent.path().join("log"), 100);
    assert!(heard.iter().any(|line| line == "closed"), "{heard:?}");

    let text = std::fs::read_to_string(&trace).expect("a trace");
    // Whether every write to the file so far is covered by a finished sync, and
    // whether it will be once the sync under way has finished.
    let (mut covered, mut will_cover) = (false, false);
    let (mut writes, mut acks) = (0, 0);
    for line in text.lines() {
        if line.contains("pwrite64(") && line.contains("/sled/db>") {
            (covered, will_cover) = (false, false);
            writes += 1;
        } else if line.contains("fdatasync(") && line.contains("/sled/db>") {
            covered = line.ends_with("= 0");
            will_cover = !covered;
        } else if line.contains("fdatasync resumed") {
            covered |= will_cover && line.ends_with("= 0");
        } else if line.contains("write(1<") && line.contains("\"ack ") {
            acks += 1;
            assert!(covered, "acknowledged without a sync: {line}");
            // The next acknowledgement needs a sync of its own.
            covered = false;
        }
    }
    assert_eq!(acks, 100);
    println!("sync order: {writes} writes, {acks} acknowledgements, each after its own sync");
}

#[test]
fn a_failed_call_stops_the_log_and_loses_nothing() {
    if strace_is_missing("failing calls test") {
        return;
    }
    let parent = tempfile::tempdir().expect("a directory");
    let base = parent.path().join("base");
    traced(&["-e", "trace=none"], &base, 30);
    let mut unknown = 0;
    for call in ["fdatasync", "pwrite64", "sync_file_range"] {
        for error in ["EIO", "ENOSPC"] {
            for when in ["1", "2", "5", "9", "3+"] {
                let dir = parent.path().join(format!("{call}-{error}-{when}"));
                deterministic_log::copy(&base, &dir);
                let target = dir.join("sled/db");
                let target = target.to_string_lossy();
                let inject = format!("inject={call}:error={error}:when={when}");
                let trace = format!("trace={call}");
                let options = [
                    "-P",
                    &target,
                    "-e",
                    &trace,
                    "-e",
                    &inject,
                    "-o",
                    "/dev/null",
                ];
                let heard = traced(&options, &dir, 120);
                let case = format!("{inject}: {heard:?}");
                if heard
                    .iter()
                    .any(|line| line.starts_with("error OutcomeUnknown"))
                {
                    unknown += 1;
                    let again = heard.iter().find(|line| line.starts_with("again "));
                    assert!(again.is_some_and(|l| l.contains("Err(Stopped")), "{case}");
                    let health = heard.iter().find(|line| line.starts_with("health "));
                    assert!(
                        health.is_some_and(|l| l.contains("OutcomeUnknown")),
                        "{case}"
                    );
                } else {
                    // The call failed during open, or was made less often.
                    let quiet = heard
                        .iter()
                        .any(|l| l == "closed" || l.starts_with("refused Storage"));
                    assert!(quiet, "{case}");
                }
                let (_, reader) = open_sled(&dir).expect("opens without help");
                assert!(
                    deterministic_log::check(&*reader).get() >= acknowledged(&heard),
                    "{case}"
                );
            }
        }
    }
    assert!(unknown >= 10, "only {unknown} appends met the fault");
    println!("failing calls: {unknown} of 30 runs ended in an unknown outcome; nothing lost");
}

#[test]
fn killed_at_any_call_of_its_creation_a_store_opens() {
    if strace_is_missing("killed creation test") {
        return;
    }
    let parent = tempfile::tempdir().expect("a directory");
    let calls = [
        "mkdir",
        "openat",
        "rename",
        "fsync",
        "fdatasync",
        "pwrite64",
        "write",
        "flock",
    ];
    let (mut kills, mut finished) = (0, 0);
    for call in calls {
        // `openat` is also called a few dozen times before the store exists.
        let (step, most) = if call == "openat" { (5, 120) } else { (1, 12) };
        for when in (1..=most).step_by(step) {
            let dir = parent.path().join(format!("{call}-{when}"));
            let inject = format!("inject={call}:signal=KILL:when={when}");
            let trace = format!("trace={call}");
            let options = ["-e", &trace, "-e", &inject, "-o", "/dev/null"];
            let heard = traced(&options, &dir, 2);
            kills += 1;
            finished += usize::from(heard.iter().any(|line| line == "closed"));
            let (mut appender, reader) =
                open_sled(&dir).unwrap_or_else(|error| panic!("{inject}: {error}"));
            assert!(deterministic_log::check(&*reader).get() >= acknowledged(&heard));
            assert!(deterministic_log::write(&mut *appender, 2) > Position::ZERO);
            deterministic_log::check(&*reader);
            if heard.iter().any(|line| line == "closed") {
                break;
            }
        }
    }
    println!("killed creation: {kills} runs, {finished} of them got to the end");
}
