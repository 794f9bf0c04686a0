//! A reader's terminal: one shell in its own folder, and the servers that are
//! started in it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::program::program;

/// The marker after the output of a command, before its exit code.
const END: &str = "=== the command has ended: ";

/// The time limit for a server to print its address.
const START_MAX: Duration = Duration::from_secs(60);

/// The time limit for a page: a command that never ends is killed.
const PAGE_MAX: Duration = Duration::from_secs(300);

pub struct Session {
    dir: tempfile::TempDir,
    shell: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    servers: usize,
    /// When this is dropped, the thread with the time limit ends.
    _ended: mpsc::Sender<()>,
}

/// The result of a command.
pub struct Done {
    pub output: String,
    pub is_success: bool,
}

impl Session {
    /// A terminal in a new folder, with these books in `books/`.
    pub fn with_books(books: &[impl AsRef<Path>]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let own = dir.path().join("books");
        std::fs::create_dir(&own).expect("a folder");
        for book in books {
            let book = book.as_ref();
            let name = book.file_name().expect("a name");
            std::fs::copy(book, own.join(name)).expect("a book");
        }
        let program = program();
        let folder = Path::new(program.get_program()).parent().expect("a folder");
        let mut command = Command::new("sh");
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut shell = command
            .current_dir(dir.path())
            .env("PATH", format!("{}:{}", folder.display(), env!("PATH")))
            .env("MINUTEBOOK_LISTEN", "127.0.0.1:0")
            .env("COLUMNS", "110")
            .env("MINUTEBOOK_TOKENS", dir.path().join("tokens.json"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // In its own group, so that everything it starts can be killed.
            .process_group(0)
            .spawn()
            .expect("a shell");
        let input = shell.stdin.take().expect("its input");
        let output = BufReader::new(shell.stdout.take().expect("its output"));
        let (ended, end) = mpsc::channel();
        let group = shell.id();
        std::thread::spawn(move || {
            if end.recv_timeout(PAGE_MAX) == Err(mpsc::RecvTimeoutError::Timeout) {
                kill(group);
            }
        });
        Self {
            dir,
            shell,
            input,
            output,
            servers: 0,
            _ended: ended,
        }
    }

    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Types a command and waits until it has ended.
    pub fn run(&mut self, command: &str) -> Done {
        // In braces, so that it changes this shell: its folder, its variables.
        let typed =
            format!("{{ {command}\n}} </dev/null 2>&1\nended=$?; echo; echo \"{END}$ended\"\n");
        self.input.write_all(typed.as_bytes()).expect("to type");
        let mut output = String::new();
        loop {
            let mut line = Vec::new();
            let length = self.output.read_until(b'\n', &mut line).expect("output");
            assert!(length > 0, "the shell ended after {command}\n{output}");
            let line = String::from_utf8_lossy(&line);
            if let Some(code) = line.strip_prefix(END) {
                // Without the line end that was typed after the command.
                let is_success = code.trim() == "0";
                let output = output.strip_suffix('\n').unwrap_or(&output).to_owned();
                return Done { output, is_success };
            }
            output.push_str(&line);
        }
    }

    /// Types a command that starts a server, and waits until it serves; later commands
    /// use that server.
    pub fn serve(&mut self, command: &str) {
        self.servers += 1;
        let output = format!("server-{}.txt", self.servers);
        let output = self.folder().join(output);
        let started = format!("{command} > '{}' 2>&1 &", output.display());
        assert!(self.run(&started).is_success, "{command}");
        let start = Instant::now();
        loop {
            let text = std::fs::read_to_string(&output).unwrap_or_default();
            let url = text
                .split_once("Listening on ")
                .and_then(|(_, rest)| rest.split_once(", data in"));
            if let Some((url, _)) = url {
                let export = format!("export MINUTEBOOK_SERVER={url}");
                assert!(self.run(&export).is_success);
                return;
            }
            assert!(
                start.elapsed() < START_MAX,
                "{command} does not serve: {text}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether a server was started.
    pub fn is_served(&self) -> bool {
        self.servers > 0
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        kill(self.shell.id());
        let _ = self.shell.wait();
    }
}

/// Kills a shell, and everything that was started in it.
fn kill(group: u32) {
    let group = format!("-{group}");
    let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
}
