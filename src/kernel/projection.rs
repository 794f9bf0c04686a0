//! The projection: the log folded into a register, for all readers.
//!
//! A start folds the stored entries, on several threads ([`ParallelReplay`]) or from
//! snapshots ([`SnapshotReplay`]), and the writer folds each entry as it judges it, all
//! with `domain::subject_fold`; so the register after a restart equals the register
//! before it. The writer alone holds the [`Publisher`], and publishes a register once
//! its last entry is durable. Readers take the latest register without a lock and keep
//! it for as long as they like: it never changes under them.

mod answer_cache;
mod cleared;
mod correction;
mod entry_read;
mod pinned_view;
mod replay;
mod request_index;
mod resolve;
mod snapshot;
mod snapshot_replay;
mod snapshots;
mod verification;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::watch;

pub use self::cleared::ClearedProjection;
pub use self::correction::{Corrections, corrections};
pub use self::entry_read::{EntryReadError, entry_at, messages};
pub use self::pinned_view::{PinnedView, PinnedViewError};
pub use self::replay::{ParallelReplay, Replay, ReplayError, read};
pub use self::request_index::{RequestIndex, RequestLocation};
pub use self::resolve::{ResolveError, ResolvedMoment};
pub use self::snapshot::{SNAPSHOT_PURPOSE, Snapshot, SnapshotBuilder, SnapshotError};
pub use self::snapshot_replay::SnapshotReplay;
pub use self::snapshots::{SnapshotWriteError, Snapshots};
pub use self::verification::{VerificationError, verify_against_log};

use self::cleared::ReadableCache;
use self::pinned_view::{ViewCache, ViewKey};
use crate::clock::{Clock, is_behind};
use crate::log::Reader;
use minutebook_domain::clearance::Clearance;
use minutebook_domain::date::day_of;
use minutebook_domain::ids::Position;
use minutebook_domain::register::Register;
use minutebook_wire::as_of::AsOf;

/// The longest time that a query waits for a position.
pub const WAIT_MAX: Duration = Duration::from_secs(2);

/// Gives readers the latest register. Clones share it.
#[derive(Clone)]
pub struct Projection(Arc<Shared>);

/// Publishes registers. There is one, and the writer holds it.
pub struct Publisher(Arc<Shared>);

struct Shared {
    register: ArcSwap<Register>,
    tail: watch::Sender<Position>,
    reader: Arc<dyn Reader>,
    clock: Clock,
    views: Mutex<ViewCache>,
    readables: Mutex<ReadableCache>,
}

/// The register did not reach a position in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the register has reached position {tail}, and the query waits for {asked}: \
     check the position, or ask again"
)]
pub struct PositionNotReached {
    pub asked: Position,
    pub tail: Position,
}

impl Projection {
    /// Begins with the register of a replay, and the log it was read from.
    pub fn new(
        register: Arc<Register>,
        reader: Arc<dyn Reader>,
        clock: Clock,
    ) -> (Self, Publisher) {
        let shared = Arc::new(Shared {
            tail: watch::Sender::new(register.tail()),
            register: ArcSwap::new(register),
            reader,
            clock,
            views: Mutex::default(),
            readables: Mutex::default(),
        });
        (Self(Arc::clone(&shared)), Publisher(shared))
    }

    /// The latest register. Everything in it is durable.
    pub fn register(&self) -> Arc<Register> {
        self.0.register.load_full()
    }

    /// The present instant, never before that of the last entry.
    pub fn now(&self) -> Timestamp {
        let now = self.0.clock.now();
        self.register().recorded_at().map_or(now, |at| at.max(now))
    }

    /// The day that a query is about if it names none. If the last entry is in the
    /// future, that is the day of the clock: the future has not begun.
    fn shown_day(&self) -> Date {
        let now = self.0.clock.now();
        match self.register().recorded_at() {
            Some(last) if is_behind(now, last) => day_of(now),
            Some(_) | None => self.today(),
        }
    }

    /// The log that the register is folded from.
    pub fn reader(&self) -> &Arc<dyn Reader> {
        &self.0.reader
    }

    /// A receiver of the last published position.
    pub fn tail(&self) -> watch::Receiver<Position> {
        self.0.tail.subscribe()
    }

    /// Waits until `position` is published, for at most [`WAIT_MAX`].
    pub async fn reach(&self, position: Position) -> Result<(), PositionNotReached> {
        if self.register().tail() >= position {
            return Ok(());
        }
        let mut tail = self.tail();
        let reached = tail.wait_for(|tail| *tail >= position);
        match tokio::time::timeout(WAIT_MAX, reached).await {
            Ok(Ok(_)) => Ok(()),
            // The sender lives as long as this projection.
            Ok(Err(_)) | Err(_) => Err(PositionNotReached {
                asked: position,
                tail: self.register().tail(),
            }),
        }
    }

    /// The view of the register for a query of one clearance. Default: today, and all
    /// entries.
    ///
    /// The same query gets the same view as long as nothing else is recorded, so that
    /// subjects that were folded again for it are not folded once more.
    async fn view(
        &self,
        as_of: &AsOf,
        clearance: &Arc<Clearance>,
    ) -> Result<Arc<PinnedView>, PinnedViewError> {
        self.reach(as_of.at_least).await?;
        let register = self.register();
        let as_at = as_of
            .as_at
            .map_or_else(|| self.shown_day(), |on| on.first_day());
        let known = self.resolve_known(&register, as_of.known).await?;
        let key = ViewKey {
            tail: register.tail(),
            as_at,
            known,
            clearance: Arc::clone(clearance),
        };
        if let Some(view) = self.views().get(&key) {
            return Ok(view);
        }
        let known_at = if known == register.tail() {
            register.recorded_at()
        } else {
            self.recorded_at(known).await?
        };
        let register = self.readable(register, clearance).await;
        let view = Arc::new(PinnedView::new(register, as_at, known, known_at));
        self.views().put(key, Arc::clone(&view));
        Ok(view)
    }

    fn views(&self) -> std::sync::MutexGuard<'_, ViewCache> {
        // Only whole values are inserted and removed, so a panic leaves none half done.
        self.0.views.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Publisher {
    /// Shows readers a register. Every entry in it must be durable.
    pub fn publish(&self, register: Arc<Register>) {
        let tail = register.tail();
        self.0.register.store(register);
        self.0.tail.send_replace(tail);
    }
}
