//! How a vote is counted and how minutes state it: majorities, tallies, interests.

use jiff::civil::Date;

use crate::date::PartialDate;
use crate::event::{Actor, VoteChoice};
use crate::text::{Name, Text};

/// The members of whom a majority is a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MajorityOf {
    /// Those who vote for or against.
    Voting,
    Present,
    AllMembers,
}

/// A majority as a fraction, compared exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Majority {
    pub numerator: u32,
    /// Not zero, and not less than the numerator.
    pub denominator: u32,
    /// Whether the fraction itself is not enough.
    pub more_than: bool,
    pub of: MajorityOf,
}

impl Majority {
    /// Whether so many votes for reach it, where the fraction is of `whole` members.
    pub fn is_reached(self, for_it: usize, whole: usize) -> bool {
        let votes = for_it as u128 * u128::from(self.denominator);
        let needed = whole as u128 * u128::from(self.numerator);
        for_it > 0 && (votes > needed || (votes == needed && !self.more_than))
    }

    /// Whether it is no more than "more for than against", so that a casting vote can
    /// decide it.
    pub fn is_simple(self) -> bool {
        self.of == MajorityOf::Voting && self.more_than && self.numerator * 2 == self.denominator
    }
}

/// How many of a group of members must take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupQuorum {
    pub group: Name,
    pub members: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InterestKind {
    DisclosablePecuniary,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InterestCourse {
    LeftTheRoom,
    StayedWithoutVote,
    Voted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DispensationGround {
    TooFewLeft,
    PoliticalBalance,
    ResidentsInterest,
    WholeExecutive,
    OtherwiseAppropriate,
}

/// The longest dispensation, in years (Localism Act 2011 s.33(3)).
pub const DISPENSATION_YEARS_MAX: i64 = 4;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispensation {
    /// `None` if the source does not give it.
    pub granted_on: Option<PartialDate>,
    /// The last day, at most four years later; `None` if the source does not give it.
    pub expires_on: Option<PartialDate>,
    pub ground: Option<DispensationGround>,
    pub reference: Text,
}

impl Dispensation {
    /// Whether it is in force on a date, or may be where a date is partial or not given.
    pub fn may_be_in_force(&self, on: PartialDate) -> bool {
        let years = |day: Date, years: i64| {
            let span = jiff::Span::new().years(years);
            day.checked_add(span).unwrap_or(day)
        };
        let granted = self.granted_on.map(PartialDate::first_day);
        let expires = self.expires_on.map(PartialDate::last_day);
        let granted_on = granted.or(expires.map(|day| years(day, -DISPENSATION_YEARS_MAX)));
        let last = self.granted_on.map(PartialDate::last_day);
        let expires_on = expires.or(last.map(|day| years(day, DISPENSATION_YEARS_MAX)));
        granted_on.is_none_or(|granted| granted <= on.last_day())
            && expires_on.is_none_or(|expires| on.first_day() <= expires)
    }
}

/// An interest that a member declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    pub description: Text,
    pub kind: InterestKind,
    pub course: InterestCourse,
    pub dispensation: Option<Dispensation>,
}

impl Interest {
    /// Whether the member counts neither in the vote nor in the quorum.
    pub fn excludes(&self) -> bool {
        match (self.course, self.kind) {
            (InterestCourse::LeftTheRoom, _)
            | (InterestCourse::StayedWithoutVote, InterestKind::DisclosablePecuniary) => true,
            (InterestCourse::StayedWithoutVote, InterestKind::Other)
            | (InterestCourse::Voted, _) => false,
        }
    }
}

/// The vote of the person presiding when the votes are level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastingVoteGiven {
    pub by: Actor,
    /// For or against.
    pub choice: VoteChoice,
}

/// A number of a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TallyFigure {
    For,
    Against,
    Abstentions,
}

/// The result of a vote as minutes state it, without the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// `None` if it is not stated.
    pub present: Option<u32>,
    /// `None` if the minutes do not give it, as for the next two.
    pub votes_for: Option<u32>,
    pub votes_against: Option<u32>,
    pub abstentions: Option<u32>,
    pub unanimous: bool,
    pub casting_vote: Option<CastingVoteGiven>,
}

impl Tally {
    /// The tally of an approval. Where it states votes and none for, the minutes leave
    /// that number out ("carried, two against"), and the others that it does not state.
    pub fn of_approval(self) -> Self {
        let leaves_out = self.votes_for == Some(0);
        self.without_noughts(leaves_out)
    }

    /// The tally of a rejection. Where it states votes and none against, the minutes leave
    /// that number out ("lost, four for"), and the others that it does not state.
    pub fn of_rejection(self) -> Self {
        let leaves_out = self.votes_against == Some(0);
        self.without_noughts(leaves_out)
    }

    /// A result that leaves out the number which decided it leaves out every nought.
    fn without_noughts(mut self, leaves_out: bool) -> Self {
        if leaves_out && self.votes() > 0 && !self.unanimous {
            let figures = [
                &mut self.votes_for,
                &mut self.votes_against,
                &mut self.abstentions,
            ];
            for figure in figures {
                *figure = figure.filter(|number| *number > 0);
            }
        }
        self
    }

    /// The number of votes that it gives, with abstentions.
    pub fn votes(&self) -> u32 {
        let figures = [self.votes_for, self.votes_against, self.abstentions];
        let given = figures.into_iter().flatten();
        given.fold(0, u32::saturating_add)
    }

    /// Whether it states a number of votes.
    pub fn has_votes(&self) -> bool {
        self.votes() > 0 || !self.is_complete()
    }

    /// Whether no number is missing.
    pub fn is_complete(&self) -> bool {
        self.not_given().is_empty()
    }

    /// The numbers that the minutes do not give.
    pub fn not_given(&self) -> Vec<TallyFigure> {
        let figures = [
            (self.votes_for, TallyFigure::For),
            (self.votes_against, TallyFigure::Against),
            (self.abstentions, TallyFigure::Abstentions),
        ];
        let missing = figures.into_iter().filter(|(number, _)| number.is_none());
        missing.map(|(_, figure)| figure).collect()
    }

    /// Whether as many votes may be for as against.
    pub fn may_be_level(&self) -> bool {
        match (self.votes_for, self.votes_against) {
            (Some(for_it), Some(against)) => for_it == against,
            _ => true,
        }
    }

    /// Whether there were more against than for, whatever the numbers that are not given
    /// were, among at most so many votes.
    pub fn is_lost_among(&self, votes: u32) -> bool {
        let rest = votes.saturating_sub(self.votes());
        let most_for = self.votes_for.unwrap_or(rest);
        most_for < self.votes_against.unwrap_or_default()
    }
}

/// `11 for, number against not given, 2 abstained`. No abstention is not mentioned, as
/// minutes do.
pub fn vote_figures(figures: [Option<usize>; 3]) -> String {
    if figures == [None; 3] {
        return "no numbers given".to_owned();
    }
    let names = [
        ("for", "for"),
        ("against", "against"),
        ("abstained", "abstaining"),
    ];
    let parts = figures.into_iter().zip(names);
    let parts: Vec<String> = parts
        .filter(|(number, (did, _))| *number != Some(0) || *did != "abstained")
        .map(|(number, (did, doing))| match number {
            Some(number) => format!("{number} {did}"),
            None => format!("number {doing} not given"),
        })
        .collect();
    parts.join(", ")
}

/// `7 for, 0 against, 20 present`, `unanimously`.
impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        if self.unanimous {
            parts.push("unanimously".to_owned());
        }
        if self.has_votes() {
            let figures = [self.votes_for, self.votes_against, self.abstentions];
            let figures = figures
                .map(|number| number.map(|number| usize::try_from(number).unwrap_or(usize::MAX)));
            parts.push(vote_figures(figures));
        }
        if let Some(present) = self.present {
            parts.push(format!("{present} present"));
        }
        if let Some(casting) = &self.casting_vote {
            let choice = match casting.choice {
                VoteChoice::Approve => "for",
                VoteChoice::Reject => "against",
                VoteChoice::Abstain => "neither way",
            };
            parts.push(format!("casting vote of {} {choice}", casting.by));
        }
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_is_compared_exactly() {
        let majority = |numerator, denominator, more_than| Majority {
            numerator,
            denominator,
            more_than,
            of: MajorityOf::Voting,
        };
        // Two thirds of three are two, and of four are three.
        assert!(majority(2, 3, false).is_reached(2, 3));
        assert!(!majority(2, 3, false).is_reached(2, 4));
        assert!(majority(2, 3, false).is_reached(3, 4));
        // 80 %, rounded up: six of seven, four of five, nine of eleven.
        for (needed, of) in [(6, 7), (4, 5), (9, 11), (8, 10)] {
            assert!(majority(4, 5, false).is_reached(needed, of));
            assert!(!majority(4, 5, false).is_reached(needed - 1, of));
        }
        // More than half of ten is six.
        assert!(!majority(1, 2, true).is_reached(5, 10));
        assert!(majority(1, 2, true).is_reached(6, 10));
        assert!(
            !majority(1, 2, false).is_reached(0, 0),
            "nobody is no majority"
        );
    }
}
