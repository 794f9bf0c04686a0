//! Votes by name that are recorded after the board's decision of their day: they are evidence
//! beside its minutes, and do not contradict them.

use super::action::{At, Choice, ModelTally, Span};
use super::need::{
    Need, Opinion, Votes, board_parts, board_s, count_of, is_quorate, units, units_of,
};
use super::past::{Asked, Past};
use super::replay::Replayed;
use super::tally::contradicts_names;
use super::{BALLOT, Outcome, Reason, TALLY};

/// Whether such a vote is taken, or why it is refused.
pub type Judged = Result<(), Reason>;

impl Past {
    /// The judgement of a vote on the board, if the board has decided on its day before it,
    /// and the voter has no other vote on record.
    pub fn beside_minutes(
        &self,
        asked: &Asked,
        course: &Replayed,
        said: &Opinion,
    ) -> Option<Judged> {
        let decided = self.minuted(course, said)?;
        let mut votes = self.named(asked, &decided, said);
        let own = units_of(said.by?, asked.orders);
        if own.iter().any(|unit| votes.contains_key(unit)) {
            return None;
        }
        votes.extend(own.into_iter().map(|unit| (unit, *said)));
        let fault = self.against_minutes(asked, course, &decided, &votes);
        Some(fault.map_or(Ok(()), Err))
    }

    /// The board's last decision of the day of a vote, recorded before it.
    fn minuted(&self, course: &Replayed, said: &Opinion) -> Option<Opinion> {
        let late = course.late.iter().chain(&course.objections);
        let all = course.live.iter().chain(&course.waiting).chain(late);
        let decided = all.filter(|other| {
            let is_vote = said.board && !said.decides;
            is_vote && other.board && other.decides && self.is_of_day(other, said)
        });
        decided.max_by_key(|decided| decided.at).copied()
    }

    /// Whether a vote is of the day of a decision, as far as that is known, and after it in
    /// the order.
    pub fn is_of_day(&self, decided: &Opinion, vote: &Opinion) -> bool {
        let (first, last) = self.span(decided.at);
        decided.at < vote.at && first <= vote.at.0 && vote.at.0 <= last
    }

    /// The board's last decision of an earlier day: votes until then were on that one.
    pub fn earlier_decision(&self, n: u8, decided: At, span: Span) -> Option<Opinion> {
        let mut all = self.opinions(n);
        all.retain(|other| {
            let is_own = other.board && other.decides;
            is_own && other.at < decided && !self.may_be_one_day(other.at, span)
        });
        all.into_iter().max_by_key(|other| other.at)
    }

    /// Whether a vote was on an earlier decision.
    pub fn is_of(&self, earlier: Option<Opinion>, vote: &Opinion) -> bool {
        earlier.is_some_and(|earlier| {
            vote.at < earlier.at || self.may_be_one_day(earlier.at, self.span(vote.at))
        })
    }

    fn may_be_one_day(&self, one: At, (other_first, other_last): Span) -> bool {
        let (first, last) = self.span(one);
        first <= other_last && other_first <= last
    }

    /// The last vote of each member that belongs to the decision, without the one that is
    /// judged.
    fn named(&self, asked: &Asked, decided: &Opinion, said: &Opinion) -> Votes {
        let mut votes = Votes::new();
        let earlier = self.earlier_decision(asked.n, decided.at, self.span(decided.at));
        for vote in self.opinions(asked.n) {
            let is_before = vote.at < decided.at && !self.is_of(earlier, &vote);
            let belongs = is_before || self.is_of_day(decided, &vote);
            if let Some(by) = vote.by
                && vote.board
                && !vote.decides
                && belongs
                && vote.at != said.at
            {
                let units = units_of(by, asked.orders).into_iter();
                votes.extend(units.map(|unit| (unit, vote)));
            }
        }
        votes
    }

    fn against_minutes(
        &self,
        asked: &Asked,
        course: &Replayed,
        decided: &Opinion,
        votes: &Votes,
    ) -> Option<Reason> {
        let approves = decided.choice == Choice::For;
        let members = units(asked.orders).len();
        let all_named = votes.len() == members;
        if let Some(tally) = decided.tally {
            let excluded = votes.values().filter(|vote| vote.conflicted).count();
            let is_over = excluded > 0 && tally.votes() + excluded > members;
            if is_over || contradicts_names(tally, approves, votes, all_named) {
                return Some(TALLY);
            }
            if tally.votes() > 0 || tally.unanimous || tally.casting.is_some() {
                return None;
            }
        }
        // How many more were of the side that decided is not known, unless all are named.
        let count = |choice, counts: bool| match counts {
            true => count_of(votes, choice),
            false => 0,
        };
        let result = ModelTally {
            present: decided.tally.map_or(0, |tally| tally.present),
            for_it: count(Choice::For, !approves),
            against: count(Choice::Against, approves),
            neither: count(Choice::Neither, true),
            unanimous: false,
            casting: None,
        };
        let result = (result.votes() > 0 && !all_named).then_some(result);
        if result.is_none() && !all_named {
            return None;
        }
        let before = (decided.at.0, 0);
        let mut opinions: Vec<Opinion> = votes
            .values()
            .map(|vote| Opinion {
                at: vote.at.min(before),
                ..*vote
            })
            .collect();
        opinions.push(Opinion {
            tally: result.or(decided.tally),
            ..*decided
        });
        let settled = course.settled.as_ref();
        let need = match settled {
            None => self.need_at(asked, votes.values().map(|vote| vote.at).max()?),
            Some(settled) if settled.outcome == Outcome::Withdrawn => {
                self.need_at(asked, settled.grounds.at)
            }
            Some(settled) => settled.grounds.need.clone(),
        };
        let orders = asked.orders;
        let Some(need) = need.filter(|need| need.is_ruled).map(|need| need.need) else {
            let misses = approves && !is_quorate(&Need::Majority, &opinions, orders);
            return misses.then_some(BALLOT);
        };
        let parts = board_parts(&need);
        let mut weighed = parts.iter().filter(|part| matches!(part, Need::Weight(_)));
        if result.is_some() && weighed.next().is_some() {
            return None;
        }
        match (approves, board_s(&need, &opinions, orders)?) {
            (true, true) => None,
            (true, false) => Some(BALLOT),
            (false, true) => Some(TALLY),
            (false, false) => {
                let mut parts = parts.iter();
                let none = parts.all(|part| !is_quorate(part, &opinions, orders));
                none.then_some(BALLOT)
            }
        }
    }
}
