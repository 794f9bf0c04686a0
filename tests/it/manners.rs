//! The program among other people: other users, other programs, terminals and
//! spreadsheets, web pages, and clients that are frozen.

mod access_log;
mod private_files;
mod reading;
mod web;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::program::program;

/// A server that was started with these arguments, and its address.
struct Started {
    child: Child,
    address: String,
}

impl Started {
    /// Starts a server with `front` before the program, and waits for its address.
    fn behind(front: &[&str], data: &Path, arguments: &[&str]) -> Self {
        let program = program();
        let mut command = match front {
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program.get_program());
                command
            }
            [] => program,
        };
        let mut child = command
            .args(["serve", "--data"])
            .arg(data)
            .args(arguments)
            .env_remove("MINUTEBOOK_LISTEN")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.split([',', ' ', '\n']).next())
            .unwrap_or_else(|| panic!("no address in {line:?}"));
        Self {
            address: address.to_owned(),
            child,
        }
    }

    fn on(data: &Path, arguments: &[&str]) -> Self {
        Self::behind(&[], data, arguments)
    }

    /// Asks it to stop; returns its exit code and its log.
    fn stop(mut self) -> (Option<i32>, String) {
        signal("TERM", self.child.id());
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().expect("its log");
        stderr.read_to_string(&mut log).expect("text");
        let status = self.child.wait().expect("its end");
        (status.code(), log)
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(name: &str, process: u32) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), process.to_string()])
        .status()
        .expect("kill");
    assert!(sent.success());
}

const QUIET: [&str; 2] = ["--log-level", "off"];

#[test]
fn a_name_and_a_port_alone_are_addresses_to_listen_on() {
    for listen in ["localhost:0", "0"] {
        let dir = tempfile::tempdir().expect("a folder");
        let data = dir.path().join("register");
        let arguments = ["--listen", listen, QUIET[0], QUIET[1]];
        let started = Started::on(&data, &arguments);
        assert!(
            started.address.starts_with("127.0.0.1:"),
            "{}",
            started.address
        );
        assert_eq!(started.stop().0, Some(0));
    }
    let wrong = program()
        .args(["serve", "--listen", ":7878"])
        .output()
        .expect("the program");
    crate::program::fails(&wrong, 2, "127.0.0.1:7878");
}

/// A client that was stopped by its user, in the middle of nothing.
#[test]
fn a_frozen_client_does_not_hold_up_the_end() {
    use crate::hostile::raw::{PREFACE, SETTINGS, frame};
    use std::io::Write as _;

    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("register");
    let started = Started::on(&data, &["--listen", "0", "--log-level", "off"]);
    // A connection without a call, whose client neither reads nor closes it.
    let mut idle = std::net::TcpStream::connect(&started.address).expect("a connection");
    idle.write_all(PREFACE).expect("sent");
    idle.write_all(&frame(SETTINGS, 0, 0, &[])).expect("sent");
    // One that follows the log, and is frozen.
    let mut follower = program()
        .args([
            "history",
            "--follow",
            "--format",
            "json",
            "--server",
            &started.url(),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let recorded = crate::given::append(1, &[crate::grpc::test_server::registered("frozen")]);
    let file = dir.path().join("one.json");
    let text = minutebook::wire::json::to_string(&recorded);
    std::fs::write(&file, text).expect("written");
    let record = program()
        .args(["record", "--server", &started.url()])
        .arg(&file)
        .output()
        .expect("the program");
    assert!(record.status.success());
    let mut line = String::new();
    let stdout = follower.stdout.take().expect("its output");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    assert!(line.contains("bodies/frozen"), "{line}");
    signal("STOP", follower.id());
    let (code, _) = started.stop();
    follower.kill().expect("killed");
    follower.wait().expect("its end");
    assert_eq!(code, Some(0));
    drop(idle);
}
