//! The register as callers of one clearance read it.

use std::collections::VecDeque;
use std::sync::{Arc, MutexGuard, PoisonError};

use super::pinned_view::read_blocking;
use super::{PinnedView, PinnedViewError, Projection};
use minutebook_domain::clearance::Clearance;
use minutebook_domain::ids::Position;
use minutebook_domain::register::Register;
use minutebook_wire::as_of::AsOf;

/// How many registers of a clearance that is not whole are cached.
const CACHED_MAX: usize = 16;

/// The register as one caller may read it. Every answer to a caller is made from one.
#[derive(Clone)]
pub struct ClearedProjection {
    projection: Projection,
    clearance: Arc<Clearance>,
}

impl ClearedProjection {
    pub fn new(projection: Projection, clearance: Clearance) -> Self {
        Self {
            projection,
            clearance: Arc::new(clearance),
        }
    }

    /// The clock, the tail and the log, which are the same for all.
    pub const fn projection(&self) -> &Projection {
        &self.projection
    }

    pub fn clearance(&self) -> &Clearance {
        &self.clearance
    }

    /// The latest register, without what is withheld.
    pub async fn register(&self) -> Arc<Register> {
        self.readable(self.projection.register()).await
    }

    /// A register without what is withheld.
    pub async fn readable(&self, register: Arc<Register>) -> Arc<Register> {
        self.projection.readable(register, &self.clearance).await
    }

    /// The view of it for a query. Default: today, and all entries.
    pub async fn view(&self, as_of: &AsOf) -> Result<Arc<PinnedView>, PinnedViewError> {
        self.projection.view(as_of, &self.clearance).await
    }
}

impl Projection {
    /// A register without what a clearance withholds.
    pub(super) async fn readable(
        &self,
        register: Arc<Register>,
        clearance: &Arc<Clearance>,
    ) -> Arc<Register> {
        if clearance.is_whole() {
            return register;
        }
        if let Some(readable) = self.readables().get(clearance, register.tail()) {
            return readable;
        }
        let tail = register.tail();
        let read_by = Arc::clone(clearance);
        let readable = read_blocking(move || Arc::new(register.readable_by(&read_by))).await;
        self.readables()
            .put(Arc::clone(clearance), tail, Arc::clone(&readable));
        readable
    }

    fn readables(&self) -> MutexGuard<'_, ReadableCache> {
        // Only whole values are inserted and removed, so a panic leaves none half done.
        self.0
            .readables
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The latest readable register of each clearance, that used last first.
#[derive(Debug, Default)]
pub(super) struct ReadableCache(VecDeque<(Arc<Clearance>, Position, Arc<Register>)>);

impl ReadableCache {
    fn get(&mut self, clearance: &Clearance, tail: Position) -> Option<Arc<Register>> {
        let is_it = |(of, at, _): &(Arc<Clearance>, Position, _)| *at == tail && **of == *clearance;
        let index = self.0.iter().position(is_it)?;
        let found = self.0.remove(index)?;
        let register = Arc::clone(&found.2);
        self.0.push_front(found);
        Some(register)
    }

    fn put(&mut self, clearance: Arc<Clearance>, tail: Position, register: Arc<Register>) {
        self.0.retain(|(of, at, _)| *of != clearance || *at > tail);
        self.0.push_front((clearance, tail, register));
        self.0.truncate(CACHED_MAX);
    }
}
