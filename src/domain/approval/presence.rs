//! Presence: how many took part in a vote of a board, for its quorum.

use std::collections::BTreeSet;

use super::cast::Cast;
use super::electorate::Electorate;
use crate::event::{BoardVote, Tally};

/// How many took part, and whether the record states it.
pub(super) struct Presence {
    pub took_part: usize,
    pub is_stated: bool,
    /// The votes that the quorum is of.
    pub of: usize,
}

/// The attendance of the meeting at which a board decided, as far as it is recorded.
#[derive(Default)]
pub(super) struct Attended {
    /// `None` if it is not recorded who came.
    pub present: Option<BTreeSet<usize>>,
    /// Those who are recorded as not there.
    pub away: BTreeSet<usize>,
    /// Whether the board had no quorum at any meeting of that day, so that no number in the
    /// minutes of a decision makes one.
    pub is_inquorate: bool,
}

impl Attended {
    /// How many of these were there; where that is not recorded, and too few can have been
    /// there for a quorum, the most that can.
    pub fn count(&self, of: &BTreeSet<usize>, quorum: u32) -> Option<usize> {
        let most = of.difference(&self.away).count();
        let is_short = most < of.len() && u32::try_from(most).is_ok_and(|most| most < quorum);
        match &self.present {
            Some(present) => Some(present.intersection(of).count()),
            None => is_short.then_some(most),
        }
    }
}

pub(super) fn presence(
    electorate: &Electorate,
    vote: &BoardVote,
    cast: &Cast<'_>,
    tally: Option<&Tally>,
    attended: &Attended,
    quorum: u32,
    is_silent: bool,
) -> Presence {
    // The quorum of a rule counts those whom the rule counts; that of the board, all.
    let of = match vote.quorum {
        Some(_) => electorate.votes_in(&vote.groups),
        None => electorate.votes_in(&[]),
    };
    let named = cast.counted(&of).count();
    let whole = vote.groups.is_empty() || vote.quorum.is_none();
    let minuted = tally.filter(|_| whole);
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let stated = minuted.and_then(|tally| tally.present.map(number));
    let stated = stated.filter(|_| !attended.is_inquorate);
    let present = stated.or_else(|| attended.count(&of, quorum));
    let with_votes = minuted.filter(|tally| tally.has_votes());
    let counted = with_votes.map(|tally| number(tally.votes()));
    let is_complete = tally.is_none_or(Tally::is_complete);
    let by_votes = counted.filter(|_| is_complete);
    Presence {
        of: of.len(),
        took_part: present.or(counted).unwrap_or(named).max(named),
        is_stated: present.or(by_votes).is_some()
            || !is_silent && is_complete && tally.is_none_or(|tally| !tally.unanimous),
    }
}
