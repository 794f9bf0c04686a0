//! The choice of the log engine: the only place outside `log` that names one.

use std::path::Path;

use minutebook_kernel::log::Engine;
use minutebook_kernel::log::sled::SledEngine;

/// The engine of the log of the store in `data`.
pub fn engine(data: &Path) -> Box<dyn Engine> {
    Box::new(SledEngine::new(data))
}
