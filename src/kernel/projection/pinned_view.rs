//! Views that are pinned to a register, cached for the next time that the same query
//! arrives.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::answer_cache::AnswerCache;
use super::entry_read::{EntryReadError, entry_at};
use super::{PositionNotReached, Projection};
use crate::blocking::run_blocking;
use minutebook_domain::clearance::Clearance;
use minutebook_domain::ids::Position;
use minutebook_domain::register::Register;
use minutebook_domain::register_view::RegisterView;

/// How many views are cached: the present one, and those of a few clients that page
/// through the past.
const CACHED_MAX: usize = 32;

/// A view of the register, with the register it was made from.
#[derive(Debug)]
pub struct PinnedView {
    register: Arc<Register>,
    view: RegisterView,
    known_at: Option<Timestamp>,
    answers: AnswerCache,
}

impl PinnedView {
    pub(super) fn new(
        register: Arc<Register>,
        as_at: Date,
        known: Position,
        known_at: Option<Timestamp>,
    ) -> Self {
        Self {
            view: RegisterView::new(Arc::clone(&register), as_at, known),
            register,
            known_at,
            answers: AnswerCache::default(),
        }
    }

    /// When the last entry in the view was recorded; `None` for an empty view.
    pub const fn known_at(&self) -> Option<Timestamp> {
        self.known_at
    }

    /// The answers that were computed from this view.
    pub const fn answers(&self) -> &AnswerCache {
        &self.answers
    }

    /// Everything recorded when the query arrived that its caller may read, including entries
    /// after the view's position.
    pub const fn register(&self) -> &Arc<Register> {
        &self.register
    }
}

impl Deref for PinnedView {
    type Target = RegisterView;

    fn deref(&self) -> &RegisterView {
        &self.view
    }
}

/// Why there is no view for a query.
#[derive(Debug, thiserror::Error)]
pub enum PinnedViewError {
    #[error(transparent)]
    NotReached(#[from] PositionNotReached),
    /// The log cannot be read.
    #[error(transparent)]
    Unreadable(#[from] EntryReadError),
}

/// The identity of a cached view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ViewKey {
    /// The tail of the register.
    pub tail: Position,
    pub as_at: Date,
    pub known: Position,
    pub clearance: Arc<Clearance>,
}

/// The views used last, the latest first.
#[derive(Debug, Default)]
pub(super) struct ViewCache(VecDeque<(ViewKey, Arc<PinnedView>)>);

impl ViewCache {
    pub(super) fn get(&mut self, key: &ViewKey) -> Option<Arc<PinnedView>> {
        let index = self.0.iter().position(|(cached, _)| cached == key)?;
        let found = self.0.remove(index)?;
        let view = Arc::clone(&found.1);
        self.0.push_front(found);
        Some(view)
    }

    pub(super) fn put(&mut self, key: ViewKey, view: Arc<PinnedView>) {
        self.0.push_front((key, view));
        self.0.truncate(CACHED_MAX);
    }
}

impl Projection {
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

/// Runs a read that may wait for the disk. A panic of it continues in the caller's task.
pub(super) async fn read_blocking<T: Send + 'static>(
    read: impl FnOnce() -> T + Send + 'static,
) -> T {
    run_blocking(read)
        .await
        .unwrap_or_else(|panic| panic.resume())
}
