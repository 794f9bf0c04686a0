//! The demo as a newcomer meets it: a screenful with addresses that answer, offices to sign
//! in as, and nothing left behind.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::program::program;

/// A terminal of this size shows all of it at once.
const LINES_MAX: usize = 24;
const COLUMNS_MAX: usize = 80;

/// A demo that goes on until it is stopped.
struct Demo {
    child: Child,
    /// The lines until it waits.
    lines: Vec<String>,
}

impl Demo {
    fn start(temp: &Path, arguments: &[&str]) -> Self {
        let mut child = program()
            .arg("demo")
            .args(arguments)
            .env("TMPDIR", temp)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let stdout = child.stdout.take().expect("its output");
        let mut lines = Vec::new();
        for line in BufReader::new(stdout).lines() {
            lines.push(line.expect("a line"));
            if lines.last().is_some_and(|line| line.starts_with("Ctrl-C")) {
                break;
            }
        }
        Self { child, lines }
    }

    /// The addresses that it prints, with their commands left out.
    fn addresses(&self) -> Vec<&str> {
        let lines = self.lines.iter().map(|line| line.trim());
        let first = lines.filter(|line| line.starts_with("http://"));
        first.filter_map(|line| line.split(' ').next()).collect()
    }

    /// A command that it prints, as a newcomer types it.
    fn printed(&self, verb: &str) -> Command {
        let mut lines = self
            .lines
            .iter()
            .filter_map(|line| line.split_once("minutebook "));
        let words = lines.find(|(_, words)| words.contains(verb));
        let (_, words) = words.expect("a command");
        let mut command = program();
        command.args(words.split(' '));
        command
    }

    fn interrupt(&mut self) -> bool {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::INT).expect("sent");
        self.child.wait().expect("its end").success()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_demo_prints_one_screenful_and_each_address_answers() {
    let temp = tempfile::tempdir().expect("a directory");
    let mut demo = Demo::start(temp.path(), &["--listen", "127.0.0.1:0"]);
    let text = demo.lines.join("\n");
    assert!(demo.lines.len() <= LINES_MAX, "{text}");
    let longest = demo.lines.iter().map(|line| line.chars().count()).max();
    assert!(longest.is_some_and(|long| long <= COLUMNS_MAX), "{text}");
    for says in [
        "5 bodies pay £36,632,705 for 8 services in 2020/21",
        "30 times, by up to £534,000",
        "followed by 2 councils in 2019",
        "£206,000 was moved, £114,000 of it without prior approval",
    ] {
        assert!(text.contains(says), "{says:?} is not in:\n{text}");
    }
    let addresses = demo.addresses();
    assert_eq!(addresses.len(), 8, "{addresses:?}");
    for address in addresses {
        let page = ureq::get(address).call();
        let page = page.unwrap_or_else(|error| panic!("{address}: {error}"));
        let media = page.headers()["content-type"].to_str().expect("text");
        assert!(media.starts_with("text/html"), "{address}");
    }

    let shown = demo.printed("show").output().expect("it runs");
    assert!(shown.status.success(), "{shown:?}");
    let tokens = temp.path().join("tokens.json");
    let signed_in = demo
        .printed("login")
        .env("MINUTEBOOK_TOKENS", &tokens)
        .output()
        .expect("it runs");
    assert!(signed_in.status.success(), "{signed_in:?}");
    std::fs::remove_file(&tokens).expect("signed in");
    let _ = std::fs::remove_file(temp.path().join("tokens.json.lock"));

    assert!(demo.interrupt(), "it ends in good order");
    let left: Vec<_> = std::fs::read_dir(temp.path()).expect("it").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_demo_whose_port_is_in_use_takes_another_and_says_so() {
    let temp = tempfile::tempdir().expect("a directory");
    // It is in use whether this test took it or another program.
    let _taken = TcpListener::bind("127.0.0.1:7878");
    let mut demo = Demo::start(temp.path(), &[]);
    let text = demo.lines.join("\n");
    assert!(
        text.contains("Port 7878 is in use, so this demo takes another."),
        "{text}"
    );
    assert!(demo.lines.len() <= LINES_MAX, "{text}");
    assert!(!text.contains("127.0.0.1:7878"), "{text}");
    assert!(demo.interrupt(), "it ends in good order");
}
