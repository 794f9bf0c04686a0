//! The program as a process of its own, and its use of the machine.

use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tonic::transport::Channel;

use crate::process::{busy_of, memory_of};

pub struct Server {
    process: Child,
    url: String,
    _dir: tempfile::TempDir,
}

impl Server {
    /// Starts a program on a new directory, and waits until it serves.
    pub fn start(program: &Path) -> Self {
        let root = env!("CARGO_TARGET_TMPDIR");
        let dir = tempfile::tempdir_in(root).expect("a directory");
        let mut process = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--log-level", "error"])
            .arg("--data")
            .arg(dir.path().join("register"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let stdout = process.stdout.take().expect("its output");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.split_once("http://").map(|(_, rest)| rest);
        let address = address.and_then(|rest| rest.split([',', ' ', '\n']).next());
        let address = address.unwrap_or_else(|| panic!("it says {line:?}"));
        Self {
            url: format!("http://{address}"),
            process,
            _dir: dir,
        }
    }

    pub async fn connect(&self) -> Channel {
        self.connect_from(Ipv4Addr::LOCALHOST.into()).await
    }

    /// A connection from that address of this machine.
    pub async fn connect_from(&self, address: IpAddr) -> Channel {
        let endpoint = Channel::from_shared(self.url.clone()).expect("an address");
        let endpoint = endpoint.tcp_nodelay(true).local_address(Some(address));
        endpoint.connect().await.expect("a connection")
    }

    /// The address and port that it listens on.
    pub fn address(&self) -> String {
        self.url.replace("http://", "")
    }

    /// The most memory that it ever had, in MB.
    pub fn peak(&self) -> u64 {
        memory_of(self.process.id()).1
    }

    /// The processor time that it has used.
    pub fn busy(&self) -> Duration {
        busy_of(self.process.id())
    }

    /// Waits until it has nothing more to do.
    pub async fn rest(&self) {
        loop {
            let before = self.busy();
            tokio::time::sleep(Duration::from_secs(1)).await;
            if self.busy() - before <= Duration::from_millis(30) {
                return;
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
