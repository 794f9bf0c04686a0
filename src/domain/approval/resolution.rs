//! Resolutions: the result for a proposal, when it was settled, and the extent of its
//! approval.

use std::sync::Arc;

use crate::certainty::Certainty;
use crate::date::PartialDate;
use crate::entry::Entry;
use crate::event::DateIs;
use crate::fact::EffectiveOrder;
use crate::money::Pence;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    Open,
    Carried,
    Rejected,
    /// Noted, where no rule asks for more.
    Noted,
    /// Supported, where no rule asks for more.
    Supported,
    Withdrawn,
    /// Its last day has passed.
    Lapsed,
    /// Approved, but for conditions that are awaited or a day that is still to come.
    SubjectTo,
    /// Carried, and called in.
    CalledIn,
    /// Carried, and stayed by a court.
    Stayed,
    Quashed,
    /// Carried by one, and rejected later by another of equal standing.
    NotAgreed,
    OutcomeNotKnown,
}

/// When and by which entry a proposal was settled.
#[derive(Clone, Debug)]
pub struct Settlement {
    pub order: EffectiveOrder,
    /// The date, as recorded.
    pub on: PartialDate,
    /// `None` if it lapsed.
    pub by: Option<Arc<Entry>>,
}

impl Settlement {
    /// Whether it was settled on or before a date. One that was settled by a day, or not
    /// before it, may have been on either side.
    pub fn is_by(&self, on: PartialDate) -> Certainty {
        let by = self.by.as_ref().filter(|by| by.effective_on() == self.on);
        let is = by.and_then(|by| by.event.effective_on_is);
        match (is, self.on.is_by(on)) {
            (Some(DateIs::By), Certainty::Impossible) => Certainty::Possible,
            (Some(DateIs::From), Certainty::Certain) => Certainty::Possible,
            (_, is_by) => is_by,
        }
    }
}

/// The amount and basis that were approved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApprovedExtent {
    /// `None` if the act has no amount.
    pub amount: Option<Pence>,
    /// Whether a projected underspend is covered: at least one approval of the virement
    /// counts, and all that count say so (rule 6).
    pub covers_projected: bool,
}

/// The settlement by an entry, at a point in the order.
pub(super) fn settlement(order: EffectiveOrder, by: &Arc<Entry>) -> Settlement {
    let on = by.effective_on();
    Settlement {
        order,
        // A decision may count from a later day than its own.
        on: if on.first_day() == order.day {
            on
        } else {
            order.day.into()
        },
        by: Some(Arc::clone(by)),
    }
}
