//! Money as a treasurer reads it.

mod disposals;
mod savings;
mod settlements;

use std::sync::Arc;

use minutebook::domain::ids::Position;
use minutebook::domain::register_view::RegisterView;

use crate::given::Given;

/// The register on a day, with everything known.
fn at(given: &Given, day: &str) -> RegisterView {
    let day = day.parse().expect("a day");
    let known = Position::new(u64::MAX);
    RegisterView::new(Arc::new(given.register.clone()), day, known)
}
