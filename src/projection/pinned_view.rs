//! Vantages: an outlook together with the instant it knows of, kept for the next
//! time the same question is asked.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::entry_read::{EntryReadError, entry_at};
use super::{PositionNotReached, Projection};
use crate::blocking::run_blocking;
use crate::domain::ids::Position;
use crate::domain::register::Register;
use crate::domain::register_view::RegisterView;
use crate::wire::as_of::Known;

/// How many vantages are kept: the present one, and those of a few people who
/// page through the past.
const KEPT_MAX: usize = 16;

/// The register as one question sees it.
#[derive(Debug)]
pub struct PinnedView {
    register: Arc<Register>,
    outlook: RegisterView,
    known_at: Option<Timestamp>,
}

impl PinnedView {
    pub(super) fn new(
        register: Arc<Register>,
        as_at: Date,
        known: Position,
        known_at: Option<Timestamp>,
    ) -> Self {
        Self {
            outlook: RegisterView::new(Arc::clone(&register), as_at, known),
            register,
            known_at,
        }
    }

    /// When the last entry it knows of was recorded; `None` when it knows none.
    pub const fn known_at(&self) -> Option<Timestamp> {
        self.known_at
    }

    /// Everything recorded when the question was asked, whatever it may know of.
    pub const fn register(&self) -> &Arc<Register> {
        &self.register
    }
}

impl Deref for PinnedView {
    type Target = RegisterView;

    fn deref(&self) -> &RegisterView {
        &self.outlook
    }
}

/// Why a question has no vantage.
#[derive(Debug, thiserror::Error)]
pub enum PinnedViewError {
    /// The position it waits for did not come.
    #[error(transparent)]
    NotReached(#[from] PositionNotReached),
    /// The log would not say when an entry was recorded.
    #[error(transparent)]
    Unreadable(#[from] EntryReadError),
}

/// What tells vantages apart: all that was recorded, the day, what is known.
type Key = (Position, Date, Position);

/// The vantages that were used last, the latest first.
#[derive(Debug, Default)]
pub(super) struct ViewCache(VecDeque<(Key, Arc<PinnedView>)>);

impl ViewCache {
    pub(super) fn get(&mut self, key: &Key) -> Option<Arc<PinnedView>> {
        let index = self.0.iter().position(|(kept, _)| kept == key)?;
        let found = self.0.remove(index)?;
        let vantage = Arc::clone(&found.1);
        self.0.push_front(found);
        Some(vantage)
    }

    pub(super) fn put(&mut self, key: Key, vantage: Arc<PinnedView>) {
        self.0.push_front((key, vantage));
        self.0.truncate(KEPT_MAX);
    }
}

impl Projection {
    /// The last position that may be known of.
    pub async fn resolve_known(
        &self,
        register: &Register,
        known: Known,
    ) -> Result<Position, EntryReadError> {
        let tail = register.tail();
        match known {
            Known::All => Ok(tail),
            Known::Position(position) => Ok(position.min(tail)),
            Known::Instant(instant) if register.recorded_at().is_none_or(|at| at <= instant) => {
                Ok(tail)
            }
            Known::Instant(instant) => {
                let reader = Arc::clone(self.reader());
                read_blocking(move || {
                    // Instants never decrease along the log. The last entry is
                    // later than the one asked for; position zero is not.
                    let (mut by, mut after) = (0, tail.get());
                    while after - by > 1 {
                        let middle = by + (after - by) / 2;
                        let entry = entry_at(&*reader, Position::new(middle))?;
                        if entry.recorded_at <= instant {
                            by = middle;
                        } else {
                            after = middle;
                        }
                    }
                    Ok(Position::new(by))
                })
                .await
            }
        }
    }

    /// When the entry at a position was recorded; `None` before the first.
    pub(super) async fn recorded_at(
        &self,
        position: Position,
    ) -> Result<Option<Timestamp>, EntryReadError> {
        if position == Position::ZERO {
            return Ok(None);
        }
        let reader = Arc::clone(self.reader());
        read_blocking(move || Ok(Some(entry_at(&*reader, position)?.recorded_at))).await
    }
}

/// Reads where it may wait for the disk. A panic goes on in the caller's task.
pub(super) async fn read_blocking<T: Send + 'static>(
    read: impl FnOnce() -> T + Send + 'static,
) -> T {
    run_blocking(read).await.unwrap_or_else(|p| p.resume())
}
