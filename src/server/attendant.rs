//! What is done about snapshots while the server serves: what a start took from them
//! is folded and held against the log; and as the log grows, more are made.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::domain::ids::Position;
use crate::domain::register::Register;
use crate::log::Reader;
use crate::projection::{Projection, Snapshots, Unproven, prove};
use crate::writer::Handle;

/// How long the log is let grow before it is looked at again.
const PAUSE: Duration = Duration::from_millis(500);

/// Who does it.
pub(super) struct Attendant {
    pub snapshots: Snapshots,
    /// The last position in a snapshot; whether the register began with them.
    pub kept: Position,
    pub projection: Projection,
    pub writer: Handle,
    pub reader: Arc<dyn Reader>,
    pub stops: watch::Receiver<bool>,
}

impl Attendant {
    /// Attends until `stops` says so. Tells why the register must not be served any
    /// longer, if that turns out.
    pub fn start(self) -> (JoinHandle<()>, watch::Receiver<Option<Arc<Unproven>>>) {
        let (unproven, told) = watch::channel(None);
        let task = tokio::spawn(async move {
            match self.attend().await {
                Ok(()) => {}
                Err(why) => {
                    unproven.send_replace(Some(Arc::new(why)));
                }
            }
            // Whoever waits to be told waits for as long as the server is there.
            std::future::pending::<()>().await;
        });
        (task, told)
    }

    async fn attend(mut self) -> Result<(), Unproven> {
        let register = self.projection.register();
        if self.kept > Position::ZERO {
            self = self.off_thread(move |this| this.prove(&register)).await?;
        }
        let (mut tail, mut stops) = (self.projection.tail(), self.stops.clone());
        loop {
            let kept = self.off_thread(|this| {
                this.keep_up();
                Ok(())
            });
            self = kept.await?;
            tokio::select! {
                changed = tail.changed() => if changed.is_err() { return Ok(()) },
                _ = stops.wait_for(|stopping| *stopping) => return Ok(()),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn off_thread(
        mut self,
        work: impl FnOnce(&mut Self) -> Result<(), Unproven> + Send + 'static,
    ) -> Result<Self, Unproven> {
        let done = tokio::task::spawn_blocking(move || work(&mut self).map(|()| self));
        done.await.unwrap_or(Err(Unproven::Panicked))
    }

    fn prove(&mut self, register: &Register) -> Result<(), Unproven> {
        let goes_on = || !*self.stops.borrow();
        let proven = catch_unwind(AssertUnwindSafe(|| {
            register.tell_all(goes_on);
            tracing::info!("every subject is folded");
            let recorded = |request| self.writer.find(request);
            prove(register, recorded, &*self.reader, goes_on)
        }));
        match proven {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => {
                self.snapshots.discard();
                Err(why)
            }
            Err(_) => {
                self.snapshots.discard();
                Err(Unproven::Panicked)
            }
        }
    }

    fn keep_up(&mut self) {
        let goes_on = || !*self.stops.borrow();
        match self.snapshots.keep_up(&*self.reader, self.kept, goes_on) {
            Ok(kept) => self.kept = kept,
            Err(error) => {
                tracing::warn!(%error, "no snapshot is made: the next start takes longer")
            }
        }
    }
}
