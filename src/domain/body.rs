//! Bodies: corporate parties, from the day of registration to the day of succession.

use jiff::civil::Date;

use super::event::{BodyKind, BodyRegistered, BodySucceeded, IdentifierAdded};
use super::fact::{Fact, Facts};
use super::ids::ForceId;

#[derive(Clone, Debug, Default)]
pub struct Body {
    /// `None` only until its founding entry is folded.
    pub registered: Option<Fact<BodyRegistered>>,
    pub succeeded: Facts<BodySucceeded>,
    /// Identifiers added since its registration.
    pub identifiers: Facts<IdentifierAdded>,
}

impl Body {
    /// Whether it is registered by that day, and not succeeded.
    pub fn in_being(&self, day: Date) -> bool {
        self.registered.as_ref().is_some_and(|r| r.day() <= day) && self.succeeded.at(day).is_none()
    }

    /// The force that it maintains (a policing body) or heads (a chief officer).
    pub fn force(&self) -> Option<(BodyKind, &ForceId)> {
        let registered = self.registered.as_ref()?;
        Some((registered.kind, registered.force.as_ref()?))
    }
}
