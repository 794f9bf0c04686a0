//! The log after its process was killed.
//!
//! A child process, which is this test binary run again, appends and prints each
//! acknowledgement; it is killed at a random moment. The page cache survives a
//! kill, so this cannot show a missing sync: `power_cut` does that.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::deterministic_log::{self, Random, open_sled};

/// The directory of the child; if it is unset, the child does nothing.
const DIR: &str = "MINUTEBOOK_TEST_CHILD_DIR";
/// The number of groups after which the child ends.
const GROUPS: &str = "MINUTEBOOK_TEST_CHILD_GROUPS";

/// The child. Ignored, so that it runs only when selected by name.
#[test]
#[ignore = "run by other tests as a child process"]
fn child() {
    let Ok(dir) = std::env::var(DIR) else {
        return;
    };
    let groups = std::env::var(GROUPS).map_or(usize::MAX, |n| n.parse().expect("a number"));
    let mut out = std::io::stdout();
    let mut say = |line: String| {
        out.write_all(line.as_bytes()).expect("stdout");
        out.flush().expect("stdout");
    };
    let (mut appender, reader) = match open_sled(Path::new(&dir)) {
        Ok(opened) => opened,
        Err(error) => return say(format!("refused {error:?}\n")),
    };
    say(format!("open {}\n", appender.tail()));
    for _ in 0..groups {
        let tail = appender.tail();
        match appender.append(&deterministic_log::group(tail), tail) {
            Ok(last) => say(format!("ack {last}\n")),
            Err(error) => {
                say(format!("error {error:?}\n"));
                let again = appender.append(&deterministic_log::group(tail), tail);
                say(format!("again {again:?}\n"));
                say(format!("health {:?}\n", reader.stopped()));
                say(format!("tail {}\n", deterministic_log::check(&*reader)));
                break;
            }
        }
    }
    drop(appender);
    drop(reader);
    say("closed\n".to_owned());
}

/// The command of the child on `dir`, with `front` as the program that runs it.
pub fn child_command(front: &[&str], dir: &Path, groups: Option<usize>) -> Command {
    let exe = std::env::current_exe().expect("this test binary");
    let mut command = match front {
        [] => Command::new(exe),
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).arg(exe);
            command
        }
    };
    command
        .args(["--exact", "log_killed::child", "--ignored", "--nocapture"])
        .env(DIR, dir)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .stdout(Stdio::piped());
    if let Some(groups) = groups {
        command.env(GROUPS, groups.to_string());
    }
    command
}

/// The number after `word`, if the line of the child begins with it.
pub fn number_after(line: &str, word: &str) -> Option<u64> {
    line.strip_prefix(word)?.trim().parse().ok()
}

/// The child is killed while it appends, and every fifth time while it starts on a
/// new directory. `MINUTEBOOK_TEST_KILLS` sets the number of kills.
#[test]
fn a_killed_process_loses_nothing_acknowledged() {
    let rounds = std::env::var("MINUTEBOOK_TEST_KILLS").map_or(50, |n| n.parse().expect("number"));
    let mut random = Random::seeded("kills");
    let parent = tempfile::tempdir().expect("a directory");
    let grown = parent.path().join("log");
    let (mut acknowledged, mut ahead, mut unfinished) = (0, 0, 0);
    for round in 0..rounds {
        let fresh = parent.path().join(format!("fresh-{round}"));
        let starting = round % 5 == 4;
        let dir = if starting { &fresh } else { &grown };
        let mut child = child_command(&[], dir, None)
            .spawn()
            .expect("the child runs");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe"))
            .lines()
            .map_while(Result::ok);
        let mut last = None;
        if !starting {
            last = lines.find_map(|line| number_after(&line, "open "));
        }
        let pause = Duration::from_micros(random.below(if starting { 25_000 } else { 40_000 }));
        let reading = std::thread::spawn(move || {
            let numbers = lines
                .filter_map(|line| number_after(&line, "ack ").or(number_after(&line, "open ")));
            numbers.last().or(last)
        });
        std::thread::sleep(pause);
        child.kill().expect("kill");
        child.wait().expect("wait");
        let last = reading.join().expect("reads");

        let (appender, reader) = open_sled(dir).expect("opens without help");
        let tail = deterministic_log::check(&*reader).get();
        assert_eq!(appender.tail().get(), tail);
        let promised = last.unwrap_or(0);
        assert!(
            tail >= promised,
            "round {round}: {promised} were acknowledged, {tail} are there"
        );
        if starting {
            unfinished += u64::from(last.is_none());
        } else {
            assert!(promised >= acknowledged, "round {round}: the log went back");
            acknowledged = tail;
            ahead += u64::from(tail > promised);
        }
    }
    println!(
        "kills: {rounds}, of which {unfinished} before creation was done; {acknowledged} positions \
         in the log, none lost; {ahead} times a whole group was there that had not been \
         acknowledged"
    );
}
