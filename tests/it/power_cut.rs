//! What a power cut leaves behind, and what a full disk does.
//!
//! Killing a process cannot show a missing sync, because the page cache lives
//! on. Here the store runs on a file system inside an image file, and the image
//! is copied while the store runs: the copy holds what was forced to the disk
//! and nothing else. That is the state after a power cut, and every position
//! acknowledged before it must be there.
//!
//! Needs root, `mkfs.ext4` and loop devices. Where these are missing the tests
//! pass and say on standard error that they did not run, and why.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use minutebook::log::{AppendError, Position};

use crate::deterministic_log::{self, Random, open_sled};
use crate::log_killed::{child_command, said};

/// Runs a system command; says what went wrong.
pub fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(format!("{program} {}: {said}", arguments.join(" ")))
}

/// Says so past the test harness, which swallows what a passing test prints.
pub fn not_run(what: &str, why: &str) {
    let line = format!("{what} NOT RUN: {why}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// A mounted image; unmounted when dropped.
pub struct Mounted(pub PathBuf);

impl Mounted {
    pub fn mount(image: &Path, at: PathBuf) -> Result<Mounted, String> {
        std::fs::create_dir_all(&at).map_err(|error| error.to_string())?;
        let (image, point) = (image.to_string_lossy(), at.to_string_lossy());
        run("mount", &["-o", "loop", &image, &point])?;
        Ok(Mounted(at))
    }

    pub fn store(&self) -> PathBuf {
        self.0.join("log")
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Threads of a store that was just closed may hold its file a moment
        // longer.
        let mut unmounted = Ok(());
        for _ in 0..100 {
            unmounted = run("umount", &[&self.0.to_string_lossy()]);
            if unmounted.is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        if let Err(why) = unmounted {
            not_run("unmounting", &why);
        }
    }
}

/// A new file system of `bytes` bytes in an image file, mounted.
pub fn disk(parent: &Path, bytes: u64) -> Result<(PathBuf, Mounted), String> {
    let image = parent.join("disk.img");
    let file = std::fs::File::create(&image).map_err(|error| error.to_string())?;
    file.set_len(bytes).map_err(|error| error.to_string())?;
    run("mkfs.ext4", &["-q", "-F", &image.to_string_lossy()])?;
    let mounted = Mounted::mount(&image, parent.join("disk"))?;
    Ok((image, mounted))
}

/// Cuts the power: copies the image as it is. Returns the tail of the log that
/// is found on the copy, after checking every byte of it.
fn after_power_cut(parent: &Path, image: &Path) -> Position {
    let copy = parent.join("after.img");
    let (from, to) = (image.to_string_lossy(), copy.to_string_lossy());
    run("cp", &["--sparse=always", &from, &to]).expect("copies");
    let mounted = Mounted::mount(&copy, parent.join("after")).expect("mounts");
    let (mut appender, reader) = open_sled(&mounted.store()).expect("opens without help");
    let tail = deterministic_log::check(&*reader);
    // It must also go on from here.
    deterministic_log::write(&mut *appender, 2);
    deterministic_log::check(&*reader);
    tail
}

#[test]
fn what_was_acknowledged_survives_a_power_cut() {
    let parent = tempfile::tempdir().expect("a directory");
    let (image, mounted) = match disk(parent.path(), 256 << 20) {
        Ok(disk) => disk,
        Err(why) => return not_run("power cut test", &why),
    };
    let mut lost = Vec::new();
    let mut cuts = 0;
    for run in 0..3 {
        let (mut appender, reader) = open_sled(&mounted.store()).expect("opens");
        for group in 0..50 {
            let acknowledged = deterministic_log::write(&mut *appender, 1);
            // After the first acknowledgements, and after the 50th.
            if group < 2 || group == 20 + run || group == 49 {
                cuts += 1;
                let found = after_power_cut(parent.path(), &image);
                if found < acknowledged {
                    lost.push(format!("{found} of {acknowledged}"));
                }
            }
        }
        drop((appender, reader));
    }
    assert!(lost.is_empty(), "survived a power cut: {}", lost.join(", "));
    println!("power cuts: {cuts}, each directly after an acknowledgement; nothing lost");
}

#[test]
fn a_power_cut_at_any_moment_leaves_a_log_that_opens() {
    let mut random = Random::seeded("power cuts");
    let parent = tempfile::tempdir().expect("a directory");
    let (image, mounted) = match disk(parent.path(), 256 << 20) {
        Ok(disk) => disk,
        Err(why) => return not_run("power cut test", &why),
    };
    let rounds = std::env::var("MINUTEBOOK_TEST_CUTS").map_or(12, |n| n.parse().expect("number"));
    let mut acknowledged_in_all = 0;
    for round in 0..rounds {
        let mut child = child_command(&[], &mounted.store(), None)
            .spawn()
            .expect("the child runs");
        let acknowledged = Arc::new(AtomicU64::new(0));
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe"))
            .lines()
            .map_while(Result::ok);
        let opened = lines.find_map(|line| said(&line, "open ")).expect("opens");
        acknowledged.store(opened, Ordering::Release);
        let heard = acknowledged.clone();
        let reading = std::thread::spawn(move || {
            for last in lines.filter_map(|line| said(&line, "ack ")) {
                heard.store(last, Ordering::Release);
            }
        });
        std::thread::sleep(Duration::from_micros(random.below(60_000)));
        // Stopped, the process writes nothing more while the image is copied;
        // what it had not forced out by now is not in the copy.
        let pid = child.id().to_string();
        run("kill", &["-STOP", &pid]).expect("stops");
        std::thread::sleep(Duration::from_millis(20));
        let promised = acknowledged.load(Ordering::Acquire);
        let found = after_power_cut(parent.path(), &image).get();
        child.kill().expect("kill");
        child.wait().expect("wait");
        reading.join().expect("reads");
        assert!(
            found >= promised,
            "round {round}: {promised} were acknowledged, {found} are there"
        );
        acknowledged_in_all = promised;
    }
    println!("power cuts: {rounds} at any moment, {acknowledged_in_all} positions, nothing lost");
}

#[test]
fn a_full_disk_is_refused_and_nothing_is_lost() {
    let parent = tempfile::tempdir().expect("a directory");
    let (_image, mounted) = match disk(parent.path(), 64 << 20) {
        Ok(disk) => disk,
        Err(why) => return not_run("full disk test", &why),
    };
    let ballast = mounted.0.join("ballast");
    std::fs::write(&ballast, vec![1; 20 << 20]).expect("write");
    let (mut appender, reader) = open_sled(&mounted.store()).expect("opens");
    let mut go_on = || loop {
        let tail = appender.tail();
        match appender.append(&deterministic_log::group(tail), tail) {
            Ok(_) => {}
            Err(error) => return (tail, error),
        }
    };
    let (full_at, error) = go_on();
    assert!(matches!(error, AppendError::NoSpace { .. }), "{error:?}");
    assert_eq!(
        reader.stopped(),
        None,
        "a refusal before writing stops nothing"
    );
    std::fs::remove_file(ballast).expect("remove");
    let (tail, error) = go_on();
    assert!(tail > full_at, "there was space again");
    assert!(matches!(error, AppendError::NoSpace { .. }), "{error:?}");
    assert_eq!(deterministic_log::check(&*reader), tail);
    drop((appender, reader));
    let (_, reader) = open_sled(&mounted.store()).expect("opens on a full disk");
    assert_eq!(deterministic_log::check(&*reader), tail);
}
