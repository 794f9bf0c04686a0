//! A private register for the time that a command runs: the server of `serve`, on a log
//! in a new temporary directory that is removed afterwards.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::demo_identities::DemoIdentities;
use super::failure::{Failure, chain};
use minutebook_server::{self, RunningServer, ServerOptions};

pub struct EphemeralServer {
    running: RunningServer,
    // Dropped after the server that uses it.
    _scratch: Scratch,
}

impl EphemeralServer {
    /// With `insecure`, others than this machine may call.
    pub async fn start(listen: SocketAddr, insecure: bool) -> Result<Self, Failure> {
        let scratch = Scratch::new().map_err(|error| cannot_start(&error))?;
        let mut options = ServerOptions::new(scratch.path.clone(), listen);
        options.insecure = insecure;
        Self::open(scratch, options).await
    }

    /// A register of fiction that everybody at this machine may read, and in which they
    /// record as the offices of [`DemoIdentities`].
    pub async fn start_with_identities(
        listen: SocketAddr,
    ) -> Result<(Self, DemoIdentities), Failure> {
        let scratch = Scratch::new().map_err(|error| cannot_start(&error))?;
        let mut options = ServerOptions::new(scratch.path.clone(), listen);
        options.public = true;
        let identities = DemoIdentities::prepare(&mut options).await?;
        let register = Self::open(scratch, options).await?;
        match identities.grant(&register.url()).await {
            Ok(()) => Ok((register, identities)),
            Err(why) => register.stop().await.and(Err(why)),
        }
    }

    async fn open(scratch: Scratch, options: ServerOptions) -> Result<Self, Failure> {
        let running = minutebook_server::start(options).await;
        Ok(Self {
            running: running.map_err(|error| cannot_start(&error))?,
            _scratch: scratch,
        })
    }

    /// Starts on a store that `fill` makes in the folder that it is given. Everybody who
    /// reaches the server may read all that is not marked; only this machine can.
    pub async fn start_on(
        fill: impl FnOnce(&Path) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let cannot = |why: &dyn std::error::Error| {
            Failure::Broken(format!(
                "A private register cannot be started: {}",
                chain(why)
            ))
        };
        let scratch = Scratch::new().map_err(|error| cannot(&error))?;
        let data = scratch.path.join("register");
        fill(&data)?;
        let mut options = ServerOptions::new(data, SocketAddr::from(([127, 0, 0, 1], 0)));
        options.public = true;
        let running = minutebook_server::start(options)
            .await
            .map_err(|error| cannot(&error))?;
        Ok(Self {
            running,
            _scratch: scratch,
        })
    }

    pub fn url(&self) -> String {
        self.running.url()
    }

    /// A warning, if others than this machine can call.
    pub fn insecure(&self) -> Option<String> {
        self.running.insecure().map(ToString::to_string)
    }

    /// Resolves when the server stops by itself, and says why.
    pub async fn failed(&mut self) -> Failure {
        Failure::Broken(chain(&self.running.failed().await))
    }

    /// Stops it and removes its log.
    pub async fn stop(self) -> Result<(), Failure> {
        let stopped = self.running.stop().await;
        stopped.map_err(|error| {
            Failure::Broken(format!(
                "The private register did not stop in good order: {}",
                chain(&error)
            ))
        })
    }
}

fn cannot_start(why: &dyn std::error::Error) -> Failure {
    Failure::Broken(format!(
        "A private register cannot be started: {}",
        chain(why)
    ))
}

/// A temporary directory, removed when it is dropped.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// Makes a directory that only this user can enter.
    fn new() -> io::Result<Self> {
        let name = format!("minutebook-{}", uuid::Uuid::new_v4());
        let path = std::env::temp_dir().join(name);
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // If it cannot be removed, the system cleans its temporary directory.
        let _ = fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_goes_with_all_that_is_in_it() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.path.clone();
        fs::write(path.join("db"), "x").unwrap();
        drop(scratch);
        assert!(!path.exists());
    }
}
