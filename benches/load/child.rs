//! Servers in their own processes, as in production: each is this program, started
//! again. So their memory is measured apart from the load generator's.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use minutebook::server::{self, ServerOptions};

use crate::echo::Echo;
use crate::process::{busy_of, memory_of};
use crate::{NO_PORT, fill};

/// Environment variable: the role of the child process.
const AS: &str = "MINUTEBOOK_LOAD_AS";
const DATA: &str = "MINUTEBOOK_LOAD_DATA";

pub struct Child {
    process: std::process::Child,
    pub address: SocketAddr,
    /// The time until it served.
    pub started_in: Duration,
}

impl Child {
    pub fn register(data: &Path) -> Self {
        Self::start("register", data)
    }

    /// The ceiling: a server that answers the same call at once.
    pub fn echo() -> Self {
        Self::start("echo", Path::new("."))
    }

    fn start(role: &str, data: &Path) -> Self {
        let start = Instant::now();
        let mut process = command(role, data).spawn().expect("a process");
        let stdout = process.stdout.take().expect("its output");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        Self {
            address: line.trim().parse().expect("an address"),
            started_in: start.elapsed(),
            process,
        }
    }

    /// Its memory now and at its peak, in MB.
    pub fn memory(&self) -> (u64, u64) {
        memory_of(self.process.id())
    }

    /// The processor time that it has used.
    pub fn busy(&self) -> Duration {
        busy_of(self.process.id())
    }

    pub fn stop(mut self) {
        drop(self.process.stdin.take());
        assert!(self.process.wait().expect("an end").success());
    }
}

/// The memory of a register of this many entries that is stored nowhere, measured
/// in its own process.
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

fn command(role: &str, data: &Path) -> Command {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command
        .env(AS, role)
        .env(DATA, data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// If this process was started as a server, serves until its parent closes the
/// pipe.
pub fn served() -> bool {
    let Ok(role) = std::env::var(AS) else {
        return false;
    };
    let data = std::env::var_os(DATA).expect("a directory");
    let data = Path::new(&data);
    if let Some(entries) = role.strip_prefix("fold ") {
        let register = fill::made(entries.parse().expect("a number"));
        println!("folded");
        wait();
        drop(register);
        return true;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        if role == "echo" {
            let echo = Echo::start().await;
            print_address(echo.address);
            wait_off_thread().await;
            echo.stop().await;
        } else {
            let listen: SocketAddr = NO_PORT.parse().expect("an address");
            let running = server::start(ServerOptions::new(data.to_owned(), listen));
            let running = running.await.expect("a server");
            print_address(running.address().socket().expect("TCP"));
            wait_off_thread().await;
            running.stop().await.expect("to stop");
        }
    });
    true
}

fn print_address(address: SocketAddr) {
    println!("{address}");
    std::io::stdout().flush().expect("a reader");
}

fn wait() {
    let _ = std::io::stdin().read(&mut [0]);
}

async fn wait_off_thread() {
    let _ = tokio::task::spawn_blocking(wait).await;
}
