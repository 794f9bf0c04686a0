//! The numbers of a ballot that minutes leave out.

use crate::event::Tally;

/// The numbers of a ballot that the minutes do not give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BallotGaps {
    pub for_it: bool,
    pub against: bool,
    pub abstained: bool,
}

impl BallotGaps {
    /// No number is given.
    pub const ALL: Self = Self {
        for_it: true,
        against: true,
        abstained: true,
    };

    pub(super) fn of(tally: &Tally) -> Self {
        Self {
            for_it: tally.votes_for.is_none(),
            against: tally.votes_against.is_none(),
            abstained: tally.abstentions.is_none(),
        }
    }
}
