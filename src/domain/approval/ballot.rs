//! Ballots: the votes of a board on a proposal, counted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::opinion::Opinion;
use super::requirement_query::RequirementQuery;
use super::subject_lookup::{SubjectLookup, successor_on};
use crate::domain::board::Board;
use crate::domain::date::FinancialYear;
use crate::domain::event::{
    Actor, BoardPower, BoardVote, MemberCapacity, Seat, VoteChoice, Voting,
};
use crate::domain::ids::{BoardId, BodyId, SubjectId};
use crate::domain::money::Ppm;
use crate::domain::text::Name;

#[derive(Clone, Debug)]
pub struct Ballot {
    pub board: BoardId,
    /// Members with a vote.
    pub members: usize,
    /// Members who voted without a conflict of interest.
    pub took_part: usize,
    pub for_it: usize,
    pub against: usize,
    pub abstained: usize,
    /// Members who declared a conflict of interest.
    pub conflicted: usize,
    /// The number of members who must take part.
    pub quorum: u32,
    /// For a weighted vote.
    pub weights: Option<Weights>,
    /// Whether the vote is carried, without regard to the quorum.
    pub carried: bool,
    /// Whether the vote is over: the board has decided, or every member has voted.
    pub taken: bool,
    /// Whether the board's own decision approves; `None` while there is none.
    pub decided: Option<bool>,
    /// Whether the board has the power to decide.
    pub can_decide: bool,
}

/// The weights of a weighted vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// The weight of the bodies that are for.
    pub for_it: u64,
    /// The weight of all bodies.
    pub total: u64,
    /// The share of the total that must be for.
    pub threshold: Ppm,
}

impl Weights {
    fn carry(self) -> bool {
        let (for_it, total) = (u128::from(self.for_it), u128::from(self.total));
        let threshold = u128::from(self.threshold.get());
        total > 0 && for_it * u128::from(Ppm::WHOLE) >= threshold * total
    }
}

impl Ballot {
    pub fn is_quorate(&self) -> bool {
        u32::try_from(self.took_part).unwrap_or(u32::MAX) >= self.quorum
    }

    /// Whether the votes so far carry the proposal.
    pub fn holds(&self) -> bool {
        self.can_decide && self.is_quorate() && self.carried
    }
}

/// A ballot, with the opinions that were counted.
pub(super) struct Count<'a> {
    pub ballot: Ballot,
    /// The latest vote of each seat that has a vote.
    pub votes: Vec<(Seat, Option<Opinion<'a>>)>,
    /// The board's own decision.
    pub closing: Option<Opinion<'a>>,
}

/// Counts the votes on a board up to its own decision; `None` if the board does not
/// exist.
pub(super) fn count<'a>(query: &RequirementQuery<'a>, vote: &BoardVote) -> Option<Count<'a>> {
    let lookup = query.case.lookup;
    let subject = lookup.subject(&SubjectId::Board(vote.board.clone()))?;
    let board = subject.as_board()?;
    let on_board = || {
        let opinions = query.opinions.iter().copied();
        opinions.filter(|opinion| opinion.board == Some(&vote.board))
    };
    let closing = on_board().rfind(|opinion| opinion.closes);
    // Those who had a seat when the board decided.
    let day = closing.map_or(query.day, |closing| closing.order.day);
    let seats = seats(board, day);
    let members: Vec<&Seat> = voting(&seats).collect();
    let mut votes: BTreeMap<&Seat, Opinion<'_>> = BTreeMap::new();
    for opinion in on_board().filter(|opinion| !opinion.closes) {
        // A vote after the board's decision does not count.
        if closing.is_some_and(|closing| closing.order < opinion.order) {
            continue;
        }
        if let Some(seat) = opinion.by.and_then(|by| seat_of(lookup, &seats, by, day)) {
            votes.insert(seat, opinion);
        }
    }
    let counted = || votes.values().filter(|opinion| !opinion.conflicted);
    let tally = |choice| counted().filter(|opinion| opinion.choice == choice).count();
    let (for_it, against) = (tally(VoteChoice::Approve), tally(VoteChoice::Reject));
    let weights = match &vote.voting {
        Voting::Majority | Voting::Unanimity => None,
        Voting::Weighted { weights, threshold } => {
            let weight_by_body = if weights.is_empty() {
                contributions(query, day)
            } else {
                let mut weight_by_body: BTreeMap<BodyId, u64> = BTreeMap::new();
                for share in weights {
                    let body = successor_on(lookup, &share.body, day);
                    *weight_by_body.entry(body).or_default() += u64::from(share.share.get());
                }
                weight_by_body
            };
            let bodies_for: BTreeSet<BodyId> = counted()
                .filter(|opinion| opinion.approves())
                .filter_map(|opinion| Some(successor_on(lookup, opinion.by?.body()?, day)))
                .collect();
            let weights_for = bodies_for
                .iter()
                .filter_map(|body| weight_by_body.get(body));
            Some(Weights {
                for_it: weights_for.sum(),
                total: weight_by_body.values().sum(),
                threshold: *threshold,
            })
        }
    };
    let carried = match (&vote.voting, weights) {
        (Voting::Majority, _) => for_it > against,
        (Voting::Unanimity, _) => against == 0 && for_it > 0,
        (Voting::Weighted { .. }, weights) => weights.is_some_and(Weights::carry),
    };
    let own_quorum = board.constituted.as_ref().and_then(|c| c.quorum);
    let decided = closing.map(|opinion| opinion.approves());
    let ballot = Ballot {
        board: vote.board.clone(),
        members: members.len(),
        took_part: counted().count(),
        for_it,
        against,
        abstained: tally(VoteChoice::Abstain),
        conflicted: votes.len() - counted().count(),
        quorum: vote.quorum.or(own_quorum).unwrap_or(1).max(1),
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

/// The seats of a board on a day, with the capacity in which each is held.
pub type Seats = BTreeMap<Seat, MemberCapacity>;

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

/// The seat from which an actor votes: the seat of their office, or else of their
/// body, or else, if they name no office, the first that the body has. An office
/// that has a seat without a vote has none.
pub fn seat_of<'s>(
    lookup: &dyn SubjectLookup,
    seats: &'s Seats,
    actor: &Actor,
    day: Date,
) -> Option<&'s Seat> {
    let (body, office) = match actor {
        Actor::Office(office) => {
            return voting(seats)
                .find(|seat| matches!(seat, Seat::Described(name) if name.is_same(office)));
        }
        Actor::Body { body, office } => (successor_on(lookup, body, day), office.as_ref()),
    };
    struct BodySeat<'s> {
        seat: &'s Seat,
        office: Option<&'s Name>,
        has_vote: bool,
    }
    let body_seats: Vec<BodySeat<'_>> = seats
        .iter()
        .filter_map(|(seat, capacity)| match seat {
            Seat::Body {
                body: holder,
                office,
            } if successor_on(lookup, holder, day) == body => Some(BodySeat {
                seat,
                office: office.as_ref(),
                has_vote: *capacity == MemberCapacity::Member,
            }),
            Seat::Body { .. } | Seat::Described(_) => None,
        })
        .collect();
    let own = body_seats.iter().find(|held| match (held.office, office) {
        (Some(held), Some(office)) => held.is_same(office),
        (None, None) => true,
        _ => false,
    });
    if let Some(own) = own {
        return own.has_vote.then_some(own.seat);
    }
    let mut with_vote = body_seats.iter().filter(|held| held.has_vote);
    let whole_body = with_vote.clone().find(|held| held.office.is_none());
    let any = || with_vote.next().filter(|_| office.is_none());
    whole_body.or_else(any).map(|held| held.seat)
}

/// The contributions of each body to the main budget of the year, in pence.
fn contributions(query: &RequirementQuery<'_>, day: Date) -> BTreeMap<BodyId, u64> {
    let mut by_body = BTreeMap::new();
    let year = query.case.act.year();
    let year = year.unwrap_or_else(|| FinancialYear::of(day));
    let budgets = query.case.subject.dossier.budgets.get(&(None, year));
    if let Some(budget) = budgets.and_then(|budgets| budgets.at(day)) {
        for cell in &budget.figures.contributions {
            let body = successor_on(query.case.lookup, &cell.body, day);
            *by_body.entry(body).or_default() += cell.amount.get().unsigned_abs();
        }
    }
    by_body
}
