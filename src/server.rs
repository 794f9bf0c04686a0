//! A stand-in for the composition root, only as far as the command line needs it
//! to compile.

use std::net::SocketAddr;
use std::path::PathBuf;

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the log is kept.
    pub data: PathBuf,
    /// Where the server listens.
    pub listen: SocketAddr,
}

impl Options {
    /// Options with every limit at its default.
    pub fn new(data: PathBuf, listen: SocketAddr) -> Self {
        Self { data, listen }
    }
}

/// A server that runs.
#[derive(Debug)]
pub struct Running(SocketAddr);

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[error("this build has no server yet")]
pub struct StartError;

/// Why a server stopped badly.
#[derive(Debug, thiserror::Error)]
#[error("the server stopped")]
pub struct ServeError;

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0
    }

    /// Drains and stops.
    pub async fn stop(self) -> Result<(), ServeError> {
        Ok(())
    }

    /// Resolves when the server stops by itself.
    pub async fn failed(&mut self) -> ServeError {
        std::future::pending().await
    }
}

/// Starts a server.
pub async fn start(_options: Options) -> Result<Running, StartError> {
    Err(StartError)
}
