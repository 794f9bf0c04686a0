//! What is done about snapshots while the server serves: what a start took from them
//! is folded and held against the log; and as the log grows, more are made.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::domain::ids::Position;
use crate::log::Reader;
use crate::projection::{Projection, Snapshots, VerificationError, verify_against_log};
use crate::writer::Handle;

/// How long the log is let grow before it is looked at again.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a folder that would not be written is left alone.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(60);

/// Who does it.
#[derive(Clone)]
pub(super) struct SnapshotTask {
    pub snapshots: Snapshots,
    /// The last position that the register began with.
    pub begun: Position,
    pub projection: Projection,
    pub writer: Handle,
    pub reader: Arc<dyn Reader>,
    pub stops: watch::Receiver<bool>,
}

impl SnapshotTask {
    /// Attends until `stops` says so. Tells why the register must not be served any
    /// longer, if that turns out.
    pub fn start(
        self,
    ) -> (
        JoinHandle<()>,
        watch::Receiver<Option<Arc<VerificationError>>>,
    ) {
        let (unproven, told) = watch::channel(None);
        let task = tokio::spawn(async move {
            match self.proven().await {
                Ok(()) => self.keep_up().await,
                Err(why) => {
                    // The next start reads the whole log, and says what is wrong.
                    self.snapshots.discard();
                    unproven.send_replace(Some(Arc::new(why)));
                }
            }
        });
        (task, told)
    }

    /// Folds what the register began with, and holds it against the log.
    async fn proven(&self) -> Result<(), VerificationError> {
        if self.begun == Position::ZERO {
            return Ok(());
        }
        let this = self.clone();
        let register = self.projection.register();
        let proven = tokio::task::spawn_blocking(move || {
            let goes_on = || !*this.stops.borrow();
            register.materialise_all(goes_on);
            let recorded = |request| this.writer.find(request);
            verify_against_log(&register, recorded, &*this.reader, goes_on)
        });
        proven.await.unwrap_or(Err(VerificationError::Panicked))
    }

    /// Makes snapshots as the log grows.
    async fn keep_up(self) {
        let (mut tail, mut stops) = (self.projection.tail(), self.stops.clone());
        let mut kept = self.begun;
        loop {
            let this = self.clone();
            let made = tokio::task::spawn_blocking(move || {
                let goes_on = || !*this.stops.borrow();
                this.snapshots.keep_up(&*this.reader, kept, goes_on)
            });
            let pause = match made.await {
                Ok(Ok(until)) => {
                    kept = until;
                    PAUSE
                }
                Ok(Err(error)) => {
                    tracing::warn!(%error, "no snapshot is made: the next start takes longer");
                    PAUSE_AFTER_FAILURE
                }
                // Said by the panic itself.
                Err(_) => return,
            };
            let grown = async {
                tokio::time::sleep(pause).await;
                tail.changed().await
            };
            tokio::select! {
                grown = grown => if grown.is_err() { return },
                _ = stops.wait_for(|stopping| *stopping) => return,
            }
        }
    }
}
