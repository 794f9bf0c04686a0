//! The program as its users run it: a server process and commands against it.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// The paths of the three books written from papers.
pub fn books() -> [PathBuf; 3] {
    ["bch-2018", "east-midlands-2020", "leicestershire-2013"]
        .map(|book| Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("books/{book}.json")))
}

/// The path of the book of the councils.
pub fn councils() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("books/councils-2016.json")
}

/// The path of the book of budget monitoring.
pub fn monitoring() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("books/monitoring-2004.json")
}

/// The path of the fictional book.
pub fn walkthrough() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("books/virement-walkthrough.json")
}

/// The program, without environment variables that would affect it.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minutebook"));
    for name in [
        "MINUTEBOOK_SERVER",
        "MINUTEBOOK_DATA",
        "MINUTEBOOK_LISTEN",
        "MINUTEBOOK_KEY",
        "MINUTEBOOK_KEY_COMMAND",
        "MINUTEBOOK_ORIGIN",
        "MINUTEBOOK_CA",
        "MINUTEBOOK_CLIENT_CERT",
        "MINUTEBOOK_CLIENT_KEY",
        "MINUTEBOOK_TLS_CERT",
        "MINUTEBOOK_TLS_KEY",
        "MINUTEBOOK_CLIENT_CA",
        "MINUTEBOOK_CLIENT_CRL",
        "ALL_PROXY",
        "all_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "NO_PROXY",
        "no_proxy",
        "MINUTEBOOK_SIGN_IN",
        "MINUTEBOOK_TOKEN",
        "MINUTEBOOK_CLIENT_ID",
        "MINUTEBOOK_CLIENT_SECRET",
        "MINUTEBOOK_CLIENT_SECRET_FILE",
        "MINUTEBOOK_CLIENT_ISSUER",
        "MINUTEBOOK_ISSUER_CA",
        "RUST_LOG",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    // Nobody has signed in.
    command.env("MINUTEBOOK_TOKENS", "/dev/null/tokens.json");
    command
}

fn serve(front: &[&str], data: &Path, arguments: &[&str]) -> Command {
    let mut command = program();
    if let [first, rest @ ..] = front {
        let program = command.get_program().to_owned();
        command = Command::new(first);
        command.args(rest).arg(program);
    }
    command.args(["serve", "--data"]).arg(data).args(arguments);
    for (name, usual) in [("--listen", "127.0.0.1:0"), ("--log-level", "error")] {
        if !arguments.contains(&name) {
            command.args([name, usual]);
        }
    }
    // Often enough that tests start from snapshots.
    if !arguments.contains(&"--snapshot-every") {
        command.args(["--snapshot-every", "100"]);
    }
    command
}

/// A server process on a directory; killed when it is dropped.
pub struct Serving {
    pub child: Child,
    pub url: String,
}

impl Serving {
    /// Starts a server and waits until it prints its address.
    pub fn on(data: &Path) -> Self {
        Self::with(data, &[])
    }

    /// The same, with more arguments.
    pub fn with(data: &Path, arguments: &[&str]) -> Self {
        Self::behind(&[], data, arguments)
    }

    /// The same, with `front` as the program that runs it.
    pub fn behind(front: &[&str], data: &Path, arguments: &[&str]) -> Self {
        let command = serve(front, data, arguments);
        Self::started(command).unwrap_or_else(|error| panic!("it starts, and says {error:?}"))
    }

    /// The same, if it starts; otherwise its error output.
    pub fn try_on(data: &Path) -> Result<Self, String> {
        Self::try_with(data, &[])
    }

    /// The same, with more arguments.
    pub fn try_with(data: &Path, arguments: &[&str]) -> Result<Self, String> {
        let mut command = serve(&[], data, arguments);
        command.stderr(Stdio::piped());
        Self::started(command)
    }

    fn started(mut command: Command) -> Result<Self, String> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let url = line
            .split_once("Listening on ")
            .and_then(|(_, rest)| rest.split([',', ' ', '\n']).next());
        let Some(url) = url else {
            let output = child.wait_with_output().expect("its end");
            return Err(line + &String::from_utf8_lossy(&output.stderr));
        };
        Ok(Self {
            url: url.to_owned(),
            child,
        })
    }

    /// Runs a command against this server.
    pub fn run(&self, arguments: &[&str]) -> Output {
        program()
            .args(arguments)
            .args(["--server", &self.url])
            .output()
            .expect("the program runs")
    }

    /// The output of a command that must succeed.
    #[track_caller]
    pub fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    }

    #[track_caller]
    pub fn record(&self, files: &[PathBuf]) -> String {
        let files: Vec<&str> = files
            .iter()
            .map(|file| file.to_str().expect("a path"))
            .collect();
        self.prints(&[&["record"], &files[..]].concat())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server on a new directory, which is removed when dropped.
pub fn register() -> (Serving, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a directory");
    let serving = Serving::on(&dir.path().join("register"));
    (serving, dir)
}

/// Runs a command with this standard input.
pub fn fed(serving: &Serving, arguments: &[&str], text: &str) -> Output {
    let mut child = program()
        .args(arguments)
        .args(["--server", &serving.url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    child
        .stdin
        .take()
        .expect("stdin")
        .write_all(text.as_bytes())
        .expect("to feed it");
    child.wait_with_output().expect("its end")
}

/// Runs a command that needs no server.
pub fn run(arguments: &[&str]) -> Output {
    program()
        .args(arguments)
        .output()
        .expect("the program runs")
}

/// Runs a command that needs no server and must succeed; returns what it prints.
#[track_caller]
pub fn prints(arguments: &[&str]) -> String {
    let output = run(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    String::from_utf8(output.stdout).expect("text")
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// Demands that a command failed with this exit code and this message in plain
/// text.
#[track_caller]
pub fn fails(output: &Output, code: i32, says: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(output.stdout.is_empty(), "nothing on stdout");
    assert!(stderr.contains(says), "{says:?} is not in {stderr}");
    for noise in ["panicked", "Status {", "RUST_BACKTRACE", "Err("] {
        assert!(!stderr.contains(noise), "{noise}: {stderr}");
    }
}
