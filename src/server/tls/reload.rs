//! Reads the files of TLS again when they change, or when somebody asks.
//!
//! Programs that renew certificates write several files, one after the other. So files that
//! changed are read once they have rested, and files that do not go together leave the old
//! settings in force.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::{CurrentTls, TlsError, TlsOptions, TlsSettings};
use minutebook_kernel::error_chain::describe_chain;

/// The interval between looks at the files.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Asks for the files to be read now. Clones ask the same task.
#[derive(Debug, Clone, Default)]
pub struct TlsReload(Arc<Notify>);

/// The device, the inode and the size of a file, and when it last changed, in seconds and
/// nanoseconds: another content has another. `None` if there is no file.
pub(super) type FileVersion = Option<(u64, u64, u64, i64, i64)>;

pub(super) fn versions(options: &TlsOptions) -> Vec<FileVersion> {
    let version = |path| {
        let file = fs::metadata(path).ok()?;
        // The change time moves with the mode too, which may be what was wrong.
        let changed = (file.ctime(), file.ctime_nsec());
        Some((file.dev(), file.ino(), file.size(), changed.0, changed.1))
    };
    options.files().map(version).collect()
}

async fn on_thread<T: Send + 'static>(
    options: &TlsOptions,
    act: fn(&TlsOptions) -> T,
) -> Option<T> {
    let options = options.clone();
    tokio::task::spawn_blocking(move || act(&options))
        .await
        .ok()
}

impl TlsReload {
    /// Reads the files now, even if they look the same.
    pub fn ask(&self) {
        self.0.notify_one();
    }

    /// Follows the files until `stops`.
    pub(crate) fn follow(
        &self,
        current: CurrentTls,
        options: TlsOptions,
        mut stops: watch::Receiver<bool>,
    ) -> JoinHandle<()> {
        let asked = self.clone();
        tokio::spawn(async move {
            let following = follow(asked, current, options);
            tokio::select! {
                () = following => {}
                _ = stops.wait_for(|stopping| *stopping) => {}
            }
        })
    }
}

async fn follow(asked: TlsReload, current: CurrentTls, options: TlsOptions) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut read = current.get().versions.clone();
    let mut seen = read.clone();
    loop {
        let is_asked = tokio::select! {
            () = asked.0.notified() => true,
            _ = ticks.tick() => false,
        };
        let Some(now) = on_thread(&options, versions).await else {
            continue;
        };
        let has_rested = now == seen;
        seen.clone_from(&now);
        if is_asked || (has_rested && now != read) {
            read = now;
            match on_thread(&options, TlsSettings::load).await {
                Some(Ok(settings)) => {
                    current.replace(settings);
                    tracing::info!("new connections use the certificates that were read again");
                }
                Some(Err(error)) => log_kept(&error),
                None => {}
            }
        }
    }
}

fn log_kept(error: &TlsError) {
    let why = describe_chain(error);
    tracing::error!(
        why,
        "the certificates could not be read again: the old ones stay in force"
    );
}
