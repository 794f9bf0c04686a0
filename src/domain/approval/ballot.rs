//! A ballot: the votes of a board on a proposal, counted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::opinion::{Opinion, same_name};
use super::requirement_status::RequirementQuery;
use super::subject_lookup::{SubjectLookup, successor_on};
use crate::domain::board::Board;
use crate::domain::date::FinancialYear;
use crate::domain::event::{
    Actor, BoardPower, BoardVote, MemberCapacity, Seat, VoteChoice, Voting,
};
use crate::domain::ids::{BoardId, BodyId, SubjectId};

/// The votes of a board, counted.
#[derive(Clone, Debug)]
pub struct Ballot {
    /// The board.
    pub board: BoardId,
    /// How many members have a vote.
    pub members: usize,
    /// How many took part: voted, without a conflict of interest.
    pub took_part: usize,
    /// How many were for.
    pub for_it: usize,
    /// How many were against.
    pub against: usize,
    /// How many abstained.
    pub abstained: usize,
    /// How many declared a conflict of interest.
    pub conflicted: usize,
    /// How many must take part.
    pub quorum: u32,
    /// For a weighted vote: the weight of those for, all weight, and the share
    /// that must be for, in millionths.
    pub weights: Option<(u64, u64, u32)>,
    /// Whether the vote is carried, quorum aside.
    pub carried: bool,
    /// Whether the vote has been taken: the board has decided, or everybody has
    /// voted.
    pub taken: bool,
    /// What the board decided, where it has.
    pub decided: Option<bool>,
    /// Whether the board can decide at all.
    pub can_decide: bool,
}

impl Ballot {
    /// Whether enough took part.
    pub fn is_quorate(&self) -> bool {
        u32::try_from(self.took_part).unwrap_or(u32::MAX) >= self.quorum
    }

    /// Whether the votes, as they stand, carry it.
    pub fn holds(&self) -> bool {
        self.can_decide && self.is_quorate() && self.carried
    }
}

/// The votes of a board, and whose they are.
pub(super) struct Count<'a> {
    pub ballot: Ballot,
    /// The latest vote of each seat that has a vote.
    pub votes: Vec<(Seat, Option<Opinion<'a>>)>,
    /// The board's own decision.
    pub closing: Option<Opinion<'a>>,
}

/// Counts the votes that were cast on a board up to its decision.
pub(super) fn count<'a>(question: &RequirementQuery<'a>, wanted: &BoardVote) -> Option<Count<'a>> {
    let world = question.case.lookup;
    let subject = world.subject(&SubjectId::Board(wanted.board.clone()))?;
    let board = subject.as_board()?;
    let on_board = || {
        let words = question.opinions.iter().copied();
        words.filter(|word| word.board == Some(&wanted.board))
    };
    let closing = on_board().rfind(|word| word.closes);
    // What a board has decided is decided by those who sat on it then.
    let day = closing.map_or(question.day, |closing| closing.place.0);
    let seats = seats(board, day);
    let members: Vec<&Seat> = voting(&seats).collect();
    let mut votes: BTreeMap<&Seat, Opinion<'_>> = BTreeMap::new();
    for word in on_board().filter(|word| !word.closes) {
        // What is said after the board has decided is no vote any more.
        if closing.is_some_and(|closing| closing.place < word.place) {
            continue;
        }
        if let Some(seat) = word.by.and_then(|by| seat_of(world, &seats, by, day)) {
            votes.insert(seat, word);
        }
    }
    let counted = || votes.values().filter(|word| !word.conflicted);
    let of = |choice| counted().filter(|word| word.choice == choice).count();
    let (for_it, against) = (of(VoteChoice::Approve), of(VoteChoice::Reject));
    let weights = match &wanted.voting {
        Voting::Majority | Voting::Unanimity => None,
        Voting::Weighted { weights, threshold } => {
            let mut weigh: BTreeMap<BodyId, u64> = BTreeMap::new();
            if weights.is_empty() {
                contributions(question, day, &mut weigh);
            } else {
                for share in weights {
                    let body = successor_on(world, &share.body, day);
                    *weigh.entry(body).or_default() += u64::from(share.share.get());
                }
            }
            let for_them: BTreeSet<BodyId> = counted()
                .filter(|word| word.approves())
                .filter_map(|word| Some(successor_on(world, word.by?.body()?, day)))
                .collect();
            let of_those = for_them.iter().filter_map(|body| weigh.get(body)).sum();
            Some((of_those, weigh.values().sum(), threshold.get()))
        }
    };
    let carried = match (&wanted.voting, weights) {
        (Voting::Majority, _) => for_it > against,
        (Voting::Unanimity, _) => against == 0 && for_it > 0,
        (Voting::Weighted { .. }, Some((of_those, all, threshold))) => {
            all > 0 && u128::from(of_those) * 1_000_000 >= u128::from(threshold) * u128::from(all)
        }
        (Voting::Weighted { .. }, None) => false,
    };
    let own_quorum = board.constituted.as_ref().and_then(|c| c.quorum);
    let decided = closing.map(|word| word.approves());
    let ballot = Ballot {
        board: wanted.board.clone(),
        members: members.len(),
        took_part: counted().count(),
        for_it,
        against,
        abstained: of(VoteChoice::Abstain),
        conflicted: votes.len() - counted().count(),
        quorum: wanted.quorum.or(own_quorum).unwrap_or(1).max(1),
        weights,
        carried,
        taken: decided.is_some() || (!members.is_empty() && votes.len() == members.len()),
        decided,
        can_decide: board.has_power(BoardPower::Decides),
    };
    let votes = members
        .into_iter()
        .map(|seat| (seat.clone(), votes.get(seat).copied()))
        .collect();
    Some(Count {
        ballot,
        votes,
        closing,
    })
}

/// The seats of a board on a day, and in what capacity they are held.
pub type Seats = BTreeMap<Seat, MemberCapacity>;

/// Who sits on a board on that day.
pub fn seats(board: &Board, day: Date) -> Seats {
    let seats = board.seats(day).into_iter();
    seats
        .map(|(seat, (capacity, _))| (seat, capacity))
        .collect()
}

/// The seats that have a vote.
pub fn voting(seats: &Seats) -> impl Iterator<Item = &Seat> {
    seats
        .iter()
        .filter(|(_, capacity)| **capacity == MemberCapacity::Member)
        .map(|(seat, _)| seat)
}

/// The seat with a vote that somebody speaks from: their office's own, or else
/// the body's, or else, where they name no office, the first that the body has.
/// An office that sits there without a vote has none.
pub fn seat_of<'s>(
    world: &dyn SubjectLookup,
    seats: &'s Seats,
    by: &Actor,
    day: Date,
) -> Option<&'s Seat> {
    let (body, office) = match by {
        Actor::Office(office) => {
            return voting(seats).find(|seat| {
                matches!(seat, Seat::Described(what) if same_name(what.as_str(), office.as_str()))
            });
        }
        Actor::Body { body, office } => (successor_on(world, body, day), office.as_ref()),
    };
    let of_body: Vec<(&Seat, Option<&str>, MemberCapacity)> = seats
        .iter()
        .filter_map(|(seat, capacity)| match seat {
            Seat::Body { body: of, office } if successor_on(world, of, day) == body => {
                let office = office.as_ref().map(|office| office.as_str());
                Some((seat, office, *capacity))
            }
            Seat::Body { .. } | Seat::Described(_) => None,
        })
        .collect();
    let own = of_body.iter().find(|(_, of, _)| match (of, office) {
        (Some(of), Some(office)) => same_name(of, office.as_str()),
        (None, None) => true,
        _ => false,
    });
    if let Some((seat, _, capacity)) = own {
        return (*capacity == MemberCapacity::Member).then_some(*seat);
    }
    let mut with_a_vote = of_body
        .iter()
        .filter(|(_, _, capacity)| *capacity == MemberCapacity::Member);
    let whole = with_a_vote.clone().find(|(_, of, _)| of.is_none());
    let any = || with_a_vote.next().filter(|_| office.is_none());
    whole.or_else(any).map(|(seat, ..)| *seat)
}

/// What each body pays in the main budget of the year.
fn contributions(question: &RequirementQuery<'_>, day: Date, weigh: &mut BTreeMap<BodyId, u64>) {
    let year = question.case.act.year();
    let year = year.unwrap_or_else(|| FinancialYear::of(day));
    let budgets = question.case.subject.dossier.budgets.get(&(None, year));
    let Some(budget) = budgets.and_then(|budgets| budgets.at(day)) else {
        return;
    };
    for cell in &budget.figures.contributions {
        let body = successor_on(question.case.lookup, &cell.body, day);
        *weigh.entry(body).or_default() += cell.amount.get().unsigned_abs();
    }
}
