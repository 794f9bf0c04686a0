//! A body: a corporate party, from the day it is registered to the day another
//! follows it.

use jiff::civil::Date;

use super::event::{BodyKind, BodyRegistered, BodySucceeded, IdentifierAdded};
use super::fact::{Fact, Facts};
use super::ids::ForceId;

/// What is known of a body.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Its registration; `None` only while its founding entry is not folded.
    pub registered: Option<Fact<BodyRegistered>>,
    /// Its succession.
    pub succeeded: Facts<BodySucceeded>,
    /// Identifiers added since.
    pub identifiers: Facts<IdentifierAdded>,
}

impl Body {
    /// Whether it is in being on that day: registered by then, and not succeeded.
    pub fn in_being(&self, day: Date) -> bool {
        self.registered.as_ref().is_some_and(|r| r.day() <= day) && self.succeeded.at(day).is_none()
    }

    /// The force it maintains or heads, with the kind that says which.
    pub fn force(&self) -> Option<(BodyKind, &ForceId)> {
        let registered = self.registered.as_ref()?;
        Some((registered.kind, registered.force.as_ref()?))
    }
}
