//! "It could not be checked" is never a finding.
//!
//! Each test takes something from the system or from a sound store that an open used to
//! need, and demands that `audit verify --data` still finds the store sound, or ends
//! with the exit code for "could not be checked"; never with that for a fault.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::deterministic_log;
use crate::power_cut::{Mounted, not_run, run};
use crate::program::{Serving, program, register, walkthrough};

/// The exit code for "could not be checked".
const UNCHECKED: i32 = 6;

/// A sound store with entries and a checkpoint, which no server has open.
fn store() -> (tempfile::TempDir, PathBuf) {
    let (serving, dir) = register();
    serving.record(&[walkthrough()]);
    serving.prints(&["audit", "checkpoint", "--covering", "87"]);
    stop(serving);
    let data = dir.path().join("register");
    (dir, data)
}

/// Stops a server in order, and waits for its end.
fn stop(mut serving: Serving) {
    let pid = serving.child.id().to_string();
    run("kill", &[&pid]).expect("a signal");
    serving.child.wait().expect("its end");
}

fn verify(data: &Path) -> Command {
    let mut command = program();
    command.args(["audit", "verify", "--data"]).arg(data);
    command
}

/// The output of a command that must end.
fn ended(command: &mut Command) -> Output {
    use std::process::Stdio;
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let start = Instant::now();
    while child.try_wait().expect("its state").is_none() {
        if start.elapsed() > Duration::from_secs(120) {
            child.kill().expect("killed");
            panic!("it does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("its output")
}

#[track_caller]
fn sound(output: &Output) {
    let (out, err) = texts(output);
    assert!(output.status.success(), "{out}{err}");
    assert!(out.contains("Nothing is wrong"), "{out}");
}

/// No finding, and a sentence that says so.
#[track_caller]
fn unchecked(output: &Output, says: &str) {
    let (out, err) = texts(output);
    assert_eq!(output.status.code(), Some(UNCHECKED), "{out}{err}");
    assert!(!out.contains("FAULT"), "{out}");
    assert!(err.contains(says), "{says:?} is not in {err}");
    assert!(!err.contains("panicked"), "{err}");
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// Everything in a folder: names, bytes, modes and times.
fn state(folder: &Path) -> Vec<(PathBuf, Vec<u8>, u32, std::time::SystemTime)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let found = entry.metadata().expect("metadata");
            let bytes = if found.is_dir() {
                folders.push(entry.path());
                Vec::new()
            } else {
                fs::read(entry.path()).expect("read")
            };
            let modified = found.modified().expect("a time");
            all.push((entry.path(), bytes, found.permissions().mode(), modified));
        }
    }
    all.sort();
    all
}

#[test]
fn a_check_changes_nothing_and_needs_no_private_key() {
    let (_dir, data) = store();
    let before = state(&data);
    sound(&ended(&mut verify(&data)));
    assert!(state(&data) == before, "something was changed");
    fs::remove_file(data.join("notary/checkpoint.key")).expect("removed");
    sound(&ended(&mut verify(&data)));
    // Without any key the signature is open, and nothing else.
    fs::remove_file(data.join("notary/verifier-key")).expect("removed");
    let output = ended(&mut verify(&data));
    unchecked(&output, "not everything could be checked");
    assert!(texts(&output).0.contains("give it with --key"));
}

#[test]
fn a_store_of_a_read_only_file_system_is_checked() {
    let (dir, data) = store();
    let at = dir.path().join("mounted");
    fs::create_dir(&at).expect("made");
    let (from, to) = (data.to_string_lossy(), at.to_string_lossy());
    let mounted = run("mount", &["--bind", &from, &to])
        .and_then(|()| run("mount", &["-o", "remount,ro,bind", &to]));
    if let Err(why) = mounted {
        return not_run("read-only store", &why);
    }
    let mounted = Mounted(at.clone());
    assert!(fs::write(at.join("new"), "").is_err(), "it is read-only");
    sound(&ended(&mut verify(&at)));
    // The lock too can be missing there.
    drop(mounted);
    fs::remove_file(data.join("minutebook.lock")).expect("removed");
    run("mount", &["--bind", &from, &to])
        .and_then(|()| run("mount", &["-o", "remount,ro,bind", &to]))
        .expect("mounted again");
    let _mounted = Mounted(at.clone());
    sound(&ended(&mut verify(&at)));
}

#[test]
fn a_store_without_its_lock_file_is_checked_and_served() {
    let (_dir, data) = store();
    let lock = data.join("minutebook.lock");
    fs::remove_file(&lock).expect("removed");
    sound(&ended(&mut verify(&data)));
    assert!(!lock.exists(), "a check makes no file");
    let serving = Serving::on(&data);
    assert!(lock.exists(), "a server needs it");
    // While it serves, a check waits for nobody, and finds nothing.
    unchecked(&ended(&mut verify(&data)), "in use");
    fs::remove_file(&lock).expect("removed");
    unchecked(&ended(&mut verify(&data)), "in use");
    stop(serving);
}

/// Every file of the store in turn, and what is in its place.
#[test]
fn an_empty_or_cut_engine_snapshot_is_made_again() {
    let (_dir, data) = store();
    let snapshot = crate::faults::snapshot(&data);
    let whole = fs::read(&snapshot).expect("read");
    let mut flipped = whole.clone();
    flipped[3] ^= 1;
    for damaged in [&[][..], &whole[..whole.len() / 2], &whole[..12], &flipped] {
        fs::write(&snapshot, damaged).expect("written");
        sound(&ended(&mut verify(&data)));
        assert_eq!(fs::read(&snapshot).expect("read"), damaged);
        let serving = Serving::on(&data);
        let shown = serving.prints(&["history", "--backward", "--limit", "1"]);
        assert!(shown.contains("87"), "{shown}");
        stop(serving);
    }
}

#[test]
fn few_open_files_are_no_finding() {
    let (_dir, data) = store();
    let mut least = None;
    for files in 3..40 {
        let mut limited = Command::new("sh");
        limited.args(["-c", "ulimit -n $0 && exec \"$@\"", &files.to_string()]);
        let command = verify(&data);
        limited.arg(command.get_program()).args(command.get_args());
        let output = ended(&mut limited);
        let (out, err) = texts(&output);
        assert_ne!(output.status.code(), Some(1), "{files}: {out}{err}");
        assert!(!out.contains("FAULT"), "{files}: {out}{err}");
        if output.status.success() {
            sound(&output);
            least.get_or_insert(files);
        }
    }
    println!("the least number of open files: {least:?}");
    assert!(least.is_some_and(|files| files < 40));
}

#[test]
fn files_that_cannot_be_read_are_no_finding() {
    let (dir, data) = store();
    // A pipe where a file was.
    for name in [
        "minutebook.format",
        "minutebook.witness",
        "minutebook.lock",
        "sled/db",
        "notary/checkpoint",
        "notary/verifier-key",
        "notary/witness-keys",
    ] {
        let copy = dir.path().join("copy");
        deterministic_log::copy(&data, &copy);
        let path = copy.join(name);
        let _ = fs::remove_file(&path);
        run("mkfifo", &[&path.to_string_lossy()]).expect("a pipe");
        unchecked(&ended(&mut verify(&copy)), "pipe");
        fs::remove_dir_all(&copy).expect("removed");
    }
    // Nowhere to copy to.
    let missing = dir.path().join("nowhere");
    let output = ended(verify(&data).env("TMPDIR", &missing));
    unchecked(&output, "TMPDIR");
    // No permission: for root there is none.
    fs::set_permissions(data.join("sled/db"), Permissions::from_mode(0o000)).expect("set");
    if fs::File::open(data.join("sled/db")).is_err() {
        unchecked(&ended(&mut verify(&data)), "sled/db");
    }
}

/// A file system with a limit on files and space, mounted; `None` where this cannot be
/// done here.
fn small(at: &Path, options: &str) -> Option<Mounted> {
    fs::create_dir(at).expect("made");
    let mounted = run(
        "mount",
        &["-t", "tmpfs", "-o", options, "tmpfs", &at.to_string_lossy()],
    );
    match mounted {
        Ok(()) => Some(Mounted(at.to_owned())),
        Err(why) => {
            not_run("small file system", &why);
            None
        }
    }
}

#[test]
fn a_store_on_a_disk_without_a_file_left_is_checked_and_served() {
    let (dir, data) = store();
    let at = dir.path().join("disk");
    let Some(_mounted) = small(&at, "nr_inodes=200,size=256m") else {
        return;
    };
    let own = at.join("store");
    deterministic_log::copy(&data, &own);
    fs::set_permissions(
        own.join("notary/checkpoint.key"),
        Permissions::from_mode(0o600),
    )
    .expect("set");
    let fill = || {
        let mut made = 0;
        while fs::write(at.join(format!("file-{made}")), "").is_ok() {
            made += 1;
        }
        assert!(
            fs::write(at.join("one-more"), "").is_err(),
            "no file is left"
        );
    };
    fill();
    sound(&ended(&mut verify(&own)));
    // Where the copy has no place either, nothing is found.
    let output = ended(verify(&own).env("TMPDIR", &at));
    unchecked(&output, "TMPDIR");
    // A server gives up what it set aside, and then what the engine makes again.
    for attempt in ["with the reserve", "without it"] {
        let serving = Serving::on(&own);
        let shown = serving.prints(&["history", "--backward", "--limit", "1"]);
        assert!(shown.contains("87"), "{attempt}: {shown}");
        stop(serving);
        let _ = fs::remove_file(own.join("minutebook.reserve"));
        // Whatever became free is taken by somebody else.
        for made in 200.. {
            if fs::write(at.join(format!("file-{made}")), "").is_err() {
                break;
            }
        }
    }
    sound(&ended(&mut verify(&own)));
}

#[test]
fn a_copy_without_room_is_no_finding() {
    let (dir, data) = store();
    let at = dir.path().join("small");
    let Some(_mounted) = small(&at, "size=64k") else {
        return;
    };
    let output = ended(verify(&data).env("TMPDIR", &at));
    unchecked(&output, "bytes are needed there");
    assert_eq!(fs::read_dir(&at).expect("a folder").count(), 0);
}
