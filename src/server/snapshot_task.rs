//! The background task for snapshots: it compares the register that was started from
//! snapshots with the log, and writes more snapshots as the log grows.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use minutebook_domain::ids::Position;
use minutebook_kernel::log::Reader;
use minutebook_kernel::notary::{LogProof, Notary};
use minutebook_kernel::projection::{
    Projection, SNAPSHOT_PURPOSE, Snapshots, VerificationError, verify_against_log,
};
use minutebook_kernel::writer::Handle;

/// The pause between looks at the log.
const PAUSE: Duration = Duration::from_millis(500);

/// The pause after a folder could not be written.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(60);

/// The background task that verifies the register and writes snapshots.
#[derive(Clone)]
pub(super) struct SnapshotTask {
    pub snapshots: Snapshots,
    /// The last position that the register took from snapshots.
    pub begun: Position,
    pub notary: Notary,
    pub projection: Projection,
    pub writer: Handle,
    pub reader: Arc<dyn Reader>,
    pub stops: watch::Receiver<bool>,
}

impl SnapshotTask {
    /// Runs until `stops` is true. The receiver gets an error if the register differs
    /// from the log: then it must no longer be served.
    pub fn start(
        self,
    ) -> (
        JoinHandle<()>,
        watch::Receiver<Option<Arc<VerificationError>>>,
    ) {
        let (failed, failure) = watch::channel(None);
        let task = tokio::spawn(async move {
            let mut proof = self.notary.proof();
            if let LogProof::Altered(_) = proof.wait_for(LogProof::is_compared).await {
                // The next start reads the whole log, and reports the alteration.
                self.snapshots.discard();
                return;
            }
            match self.verify().await {
                Ok(()) => self.write_as_log_grows().await,
                Err(why) => {
                    // The next start reads the whole log, and reports damage.
                    self.snapshots.discard();
                    failed.send_replace(Some(Arc::new(why)));
                }
            }
        });
        (task, failure)
    }

    /// Folds the entries from snapshots, and compares the register with the log.
    async fn verify(&self) -> Result<(), VerificationError> {
        if self.begun == Position::ZERO {
            return Ok(());
        }
        let task = self.clone();
        let register = self.projection.register();
        let verified = tokio::task::spawn_blocking(move || {
            let goes_on = || !*task.stops.borrow();
            register.materialise_all(goes_on);
            let recorded = |request| task.writer.find(request);
            verify_against_log(&register, recorded, &*task.reader, goes_on)
        });
        verified.await.unwrap_or(Err(VerificationError::Panicked))
    }

    /// Makes snapshots as the log grows.
    async fn write_as_log_grows(self) {
        let (mut tail, mut stops) = (self.projection.tail(), self.stops.clone());
        let mut covered = self.begun;
        let mut hashed = self.notary.tree().sizes();
        loop {
            // A snapshot names the root of the log up to its end.
            let log_len = tail.borrow_and_update().get();
            tokio::select! {
                hashed = hashed.wait_for(|size| *size >= log_len) => if hashed.is_err() { return },
                _ = stops.wait_for(|stopping| *stopping) => return,
            }
            let task = self.clone();
            let written = tokio::task::spawn_blocking(move || {
                let goes_on = || !*task.stops.borrow();
                let (tree, secret) = (
                    task.notary.tree(),
                    task.notary.derive_secret(SNAPSHOT_PURPOSE),
                );
                let root_at = |position: Position| tree.root(position.get()).ok();
                task.snapshots
                    .write_missing(&*task.reader, &secret, root_at, covered, goes_on)
            });
            let pause = match written.await {
                Ok(Ok(until)) => {
                    covered = until;
                    PAUSE
                }
                Ok(Err(error)) => {
                    tracing::warn!(%error, "no snapshot is made: the next start takes longer");
                    PAUSE_AFTER_FAILURE
                }
                // The panic was logged already.
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
