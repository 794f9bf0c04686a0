//! Servers as processes of their own, as their users have them: this program,
//! started again. What they take of memory is theirs alone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use minutebook::server::{self, ServerOptions};

use crate::echo::Echo;
use crate::{NO_PORT, fill};

/// Says in the environment which server a process is to be.
const AS: &str = "MINUTEBOOK_LOAD_AS";
/// Its directory.
const DATA: &str = "MINUTEBOOK_LOAD_DATA";

/// A server process.
pub struct Child {
    process: std::process::Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// How long it took to serve.
    pub started_in: Duration,
}

impl Child {
    /// A register in a directory.
    pub fn register(data: &Path) -> Self {
        Self::start("register", data)
    }

    /// The ceiling: the same call, answered at once.
    pub fn echo() -> Self {
        Self::start("echo", Path::new("."))
    }

    fn start(what: &str, data: &Path) -> Self {
        let start = Instant::now();
        let mut process = command(what, data).spawn().expect("a process");
        let stdout = process.stdout.take().expect("its output");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        Self {
            address: line.trim().parse().expect("an address"),
            started_in: start.elapsed(),
            process,
        }
    }

    /// How much memory it has now, and had at most, in MB.
    pub fn memory(&self) -> (u64, u64) {
        memory_of(self.process.id())
    }

    /// How long it has kept processors busy.
    pub fn busy(&self) -> Duration {
        let path = format!("/proc/{}/stat", self.process.id());
        let stat = std::fs::read_to_string(path).unwrap_or_default();
        // After the name in brackets, the 12th and 13th: a hundredth of a second each.
        let after = stat.rsplit(')').next().unwrap_or_default();
        let ticks = after.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.filter_map(|tick| tick.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Ends it in order.
    pub fn stop(mut self) {
        drop(self.process.stdin.take());
        assert!(self.process.wait().expect("an end").success());
    }
}

/// What memory a register of so many entries takes that is kept nowhere else: made in
/// a process of its own.
pub fn folded(entries: u64) -> u64 {
    let mut process = command(&format!("fold {entries}"), Path::new("."))
        .spawn()
        .expect("a process");
    let stdout = process.stdout.take().expect("its output");
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let (now, _) = memory_of(process.id());
    drop(process.stdin.take());
    assert!(process.wait().expect("an end").success());
    now
}

fn command(what: &str, data: &Path) -> Command {
    let this = std::env::current_exe().expect("this program");
    let mut command = Command::new(this);
    command
        .env(AS, what)
        .env(DATA, data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

fn memory_of(process: u32) -> (u64, u64) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mb = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kb = line.and_then(|line| line.trim_matches([':', ' ', '\t', 'k', 'B']).parse().ok());
        kb.unwrap_or(0_u64) / 1024
    };
    (mb("VmRSS"), mb("VmHWM"))
}

/// Serves until nobody holds this process any more, if it was started for that.
pub fn served() -> bool {
    let Ok(what) = std::env::var(AS) else {
        return false;
    };
    let data = std::env::var_os(DATA).expect("a directory");
    let data = Path::new(&data);
    if let Some(entries) = what.strip_prefix("fold ") {
        let register = fill::made(entries.parse().expect("a number"));
        println!("folded");
        wait();
        drop(register);
        return true;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        if what == "echo" {
            let echo = Echo::start().await;
            tell(echo.address);
            wait_off_thread().await;
            echo.stop().await;
        } else {
            let listen = NO_PORT.parse().expect("an address");
            let running = server::start(ServerOptions::new(data.to_owned(), listen));
            let running = running.await.expect("a server");
            tell(running.address());
            wait_off_thread().await;
            running.stop().await.expect("to stop");
        }
    });
    true
}

fn tell(address: SocketAddr) {
    println!("{address}");
    std::io::stdout().flush().expect("a reader");
}

fn wait() {
    let _ = std::io::stdin().read(&mut [0]);
}

async fn wait_off_thread() {
    let _ = tokio::task::spawn_blocking(wait).await;
}
