//! A line: requests one after the other, of which none is recorded after one that
//! was not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A line of requests. Clones are the same line.
///
/// They are judged in the order in which they are handed over. From the first that
/// is not recorded on, none is: it may rest on that one.
#[derive(Debug, Clone, Default)]
pub struct RequestSequence(Arc<AtomicBool>);

impl RequestSequence {
    /// Takes nothing more.
    pub(super) fn break_off(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether nothing more is taken.
    pub(super) fn is_broken_off(&self) -> bool {
        // Read and written by those who judge and those who answer, who share a
        // lock besides.
        self.0.load(Ordering::Relaxed)
    }
}
