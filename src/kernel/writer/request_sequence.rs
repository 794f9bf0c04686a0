//! Sequences: requests in order, none of which is recorded after one that was not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A sequence of requests, such as those of one stream. Clones are the same
/// sequence.
///
/// Its requests are judged in the order in which they are enqueued. Once one is not
/// recorded, none of the later ones is, since they may depend on it.
#[derive(Debug, Clone, Default)]
pub struct RequestSequence(Arc<AtomicBool>);

impl RequestSequence {
    /// Accepts no further request.
    pub(super) fn break_off(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_broken_off(&self) -> bool {
        // The threads that read and write it share a lock besides.
        self.0.load(Ordering::Relaxed)
    }
}
