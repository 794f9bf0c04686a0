//! A requirement query: a case, a day, and the opinions on it by then.

use jiff::civil::Date;

use super::opinion::Opinion;
use super::regime::ApprovalCase;

pub(super) struct RequirementQuery<'a> {
    pub case: ApprovalCase<'a>,
    /// Parties, seats and leads are those of this day.
    pub day: Date,
    /// In the order in which they hold.
    pub opinions: &'a [Opinion<'a>],
}
