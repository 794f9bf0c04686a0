//! Ballots: the votes of a board on a proposal, counted: by name, as minutes give their
//! number, or both.

use std::collections::BTreeSet;

use super::ballot_gaps::BallotGaps;
use super::cast::Cast;
use super::electorate::Electorate;
use super::opinion::Opinion;
use super::presence::{Attended, presence};
use super::requirement_query::RequirementQuery;
use super::weights::{Weights, weights};
use crate::board::{Board, StandingOrders};
use crate::date::PartialDate;
use crate::event::{
    Actor, BoardPower, BoardVote, CastingVote, GroupQuorum, Majority, MajorityOf, MeetingHeld,
    Tally, VoteChoice, Voting,
};
use crate::fact::Fact;
use crate::ids::{BoardId, SubjectId};

/// More members than any board has.
const MEMBERS_MAX: usize = 10_000;

#[derive(Clone, Debug)]
pub struct Ballot {
    pub board: BoardId,
    /// Votes on the board that the rule counts.
    pub members: usize,
    /// Those who took part without a conflict of interest: present, where that is
    /// recorded, or else voting.
    pub took_part: usize,
    pub for_it: usize,
    pub against: usize,
    pub abstained: usize,
    /// The numbers that the minutes do not give; those above are then the least that they
    /// can have been.
    pub gaps: BallotGaps,
    /// Whether the minutes give no numbers that say how those whom the rule counts voted,
    /// and no vote for it by name: the decision is evidence of itself.
    pub is_silent: bool,
    /// Votes by name of members whom the rule does not count.
    pub uncounted: usize,
    /// Members who declared a conflict of interest.
    pub conflicted: usize,
    /// The number of members who must take part.
    pub quorum: u32,
    /// The votes that the quorum is of.
    pub quorum_of: usize,
    /// Whether the record states how many took part.
    pub states_quorum: bool,
    /// The groups of whom too few took part.
    pub missing_groups: Vec<GroupQuorum>,
    /// For a weighted vote.
    pub weights: Option<Weights>,
    /// For a qualified vote; `None` if the board's majority is not known.
    pub majority: Option<NeededMajority>,
    /// Whether the minutes give numbers, or say that it was unanimous.
    pub is_minuted: bool,
    /// Whether the minutes say that it was unanimous.
    pub is_unanimous: bool,
    /// The casting vote that decided between as many for as against.
    pub casting_vote: Option<VoteChoice>,
    /// Whether the vote is carried, without regard to the quorum.
    pub carried: bool,
    /// Whether the numbers that are not given would decide that, so that it is taken as
    /// minuted.
    pub rests_on_gap: bool,
    /// Whether the vote is over: the board has decided, or every member has voted.
    pub taken: bool,
    /// Whether the board's own decision approves; `None` while there is none.
    pub decided: Option<bool>,
    /// Whether the board has the power to decide.
    pub can_decide: bool,
}

/// A majority, and the number of members that it is a fraction of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeededMajority {
    pub majority: Majority,
    pub whole: usize,
}

impl Ballot {
    pub fn is_quorate(&self) -> bool {
        let is_met = u32::try_from(self.took_part).unwrap_or(u32::MAX) >= self.quorum;
        (is_met || !self.states_quorum) && self.missing_groups.is_empty()
    }

    /// Whether the votes so far carry the proposal.
    pub fn holds(&self) -> bool {
        self.can_decide && self.is_quorate() && self.carried
    }

    /// The ballot if all further votes, up to `most`, were as good, or as bad, for the
    /// proposal as the numbers given leave open. `whole` gives the members of whom a
    /// majority is a fraction, where the record states them.
    fn filled(&self, most: usize, well: bool, whole: impl Fn(MajorityOf) -> Option<usize>) -> Self {
        let rest = most.saturating_sub(self.for_it + self.against + self.abstained);
        let mut filled = self.clone();
        match (well, self.gaps.for_it, self.gaps.against) {
            (true, true, _) => filled.for_it += rest,
            (false, _, true) => filled.against += rest,
            (false, _, false) if self.gaps.abstained => filled.abstained += rest,
            _ => {}
        }
        if let Some(needed) = &mut filled.majority {
            let of = needed.majority.of;
            needed.whole = match of {
                MajorityOf::AllMembers => needed.whole,
                MajorityOf::Voting => filled.for_it + filled.against,
                MajorityOf::Present => {
                    whole(of).unwrap_or(filled.for_it + filled.against + filled.abstained)
                }
            };
        }
        filled
    }

    /// Whether as many votes are for as against.
    pub const fn is_level(&self) -> bool {
        self.for_it == self.against && !self.is_unanimous
    }
}

/// A ballot, with the opinions that were counted.
pub(super) struct Count<'a> {
    pub ballot: Ballot,
    /// The latest vote of each member, with the holders of its seats.
    pub votes: Vec<(Vec<Actor>, Option<Opinion<'a>>)>,
    /// The board's own decision.
    pub closing: Option<Opinion<'a>>,
}

/// Counts the votes on a board up to its own decision, as a rule asks for them; `None` if the
/// board does not exist.
pub(super) fn count<'a>(query: &RequirementQuery<'a>, vote: &BoardVote) -> Option<Count<'a>> {
    count_of_day(query, vote, |board, on| board.inquorate_on(on))
}

/// Counts them, with the meeting that a decision is of which names none.
pub(super) fn count_of_day<'a>(
    query: &RequirementQuery<'a>,
    vote: &BoardVote,
    unnamed: impl Fn(&Board, PartialDate) -> Option<&Fact<MeetingHeld>>,
) -> Option<Count<'a>> {
    let lookup = query.case.lookup;
    let subject = lookup.subject(&SubjectId::Board(vote.board.clone()))?;
    let board = subject.as_board()?;
    let on_board = || {
        let opinions = query.opinions.iter().copied();
        opinions.filter(|opinion| opinion.board == Some(&vote.board))
    };
    let closing = on_board().rfind(|opinion| opinion.closes);
    // Those who had a seat when the board decided; of a board that has ended, on its last
    // day.
    let day = closing.map_or(query.day, |closing| closing.order.day);
    let day = board.ended(day).map_or(day, |ended| ended.on().last_day());
    let orders = board.standing_orders(day);
    let electorate = Electorate::new(lookup, &vote.board, board, day);
    let asked = electorate.votes_in(&vote.groups);
    let cast = Cast::new(on_board(), closing, &electorate);
    let tally = closing.and_then(|closing| closing.tally);
    let is_unanimous = tally.is_some_and(|tally| tally.unanimous);
    // Numbers in minutes do not say of which group the voters were.
    let whole_board = tally.filter(|tally| tally.has_votes());
    let numbers = whole_board.filter(|_| vote.groups.is_empty());
    let figure = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let is_roll_call = !asked.is_empty() && asked.iter().all(|vote| cast.has_voted(*vote));
    let is_silent = closing.is_some()
        && !is_roll_call
        && numbers.is_none()
        && !is_unanimous
        && cast.count(&asked, VoteChoice::Approve) == 0;
    // Of those whom the rule counts, at least so many as the others cannot have been.
    let others = electorate.votes.len() - asked.len();
    let least = whole_board.filter(|_| is_silent);
    // Those that are not given are at least as many as voted by name.
    let minuted = |number: fn(&Tally) -> Option<u32>, choice| match numbers.and_then(number) {
        Some(number) => figure(number),
        None => {
            let least = least.and_then(number).map_or(0, figure);
            cast.count(&asked, choice).max(least.saturating_sub(others))
        }
    };
    let for_it = minuted(|tally| tally.votes_for, VoteChoice::Approve);
    let against = minuted(|tally| tally.votes_against, VoteChoice::Reject);
    let abstained = minuted(|tally| tally.abstentions, VoteChoice::Abstain);
    let gaps = match is_silent {
        true => BallotGaps::ALL,
        false => numbers.map(BallotGaps::of).unwrap_or_default(),
    };
    let attended = attended(board, closing, &electorate, &cast, unnamed);
    let quorum = vote.quorum.or(orders.quorum).unwrap_or(1).max(1);
    let presence = presence(
        &electorate,
        vote,
        &cast,
        tally,
        &attended,
        quorum,
        is_silent,
    );
    let quorums = match vote.group_quorums.as_slice() {
        [] => orders.group_quorums.as_slice(),
        own => own,
    };
    let is_by_name = !is_silent && tally.is_none_or(|tally| !tally.has_votes() && !tally.unanimous);
    let missing_groups = quorums.iter().filter(|quorum| {
        let group = electorate.votes_in(std::slice::from_ref(&quorum.group));
        let attended = attended.count(&group, quorum.members);
        let present = attended.unwrap_or_else(|| cast.counted(&group).count());
        // Where no names are minuted, it is taken as minuted.
        (is_by_name || attended.is_some()) && present < figure(quorum.members)
    });
    let weights = weights(query, vote, day, cast.counted(&asked));
    let majority = match &vote.voting {
        Voting::Qualified(majority) => majority.or(orders.majority).map(|majority| {
            let whole = match majority.of {
                MajorityOf::Voting => for_it + against,
                MajorityOf::Present if vote.groups.is_empty() => presence.took_part,
                MajorityOf::Present => match &attended.present {
                    Some(attended) => attended.intersection(&asked).count(),
                    None => cast.counted(&asked).count(),
                },
                MajorityOf::AllMembers => asked.len(),
            };
            NeededMajority { majority, whole }
        }),
        Voting::Majority | Voting::Unanimity | Voting::Weighted { .. } => None,
    };
    let may_be_level = for_it == against || gaps.for_it || gaps.against;
    let casting_vote = casting_vote(&orders, tally).filter(|_| may_be_level);
    let votes: Vec<usize> = asked.iter().copied().collect();
    let voted = votes.iter().filter(|vote| cast.has_voted(**vote)).count();
    let decided = closing.map(|closing| closing.approves());
    let mut ballot = Ballot {
        board: vote.board.clone(),
        members: asked.len(),
        took_part: presence.took_part,
        for_it,
        against,
        abstained,
        gaps,
        is_silent,
        uncounted: cast.voters().filter(|vote| !asked.contains(vote)).count(),
        conflicted: votes
            .iter()
            .filter(|vote| cast.is_conflicted(**vote))
            .count(),
        quorum,
        quorum_of: presence.of,
        states_quorum: presence.is_stated,
        missing_groups: missing_groups.cloned().collect(),
        weights,
        majority,
        is_minuted: numbers.is_some() || is_unanimous || is_silent,
        is_unanimous: is_unanimous && against == 0,
        casting_vote,
        carried: false,
        rests_on_gap: false,
        taken: decided.is_some() || (!votes.is_empty() && voted == votes.len()),
        decided,
        can_decide: board.has_power(BoardPower::Decides),
    };
    let present = tally.and_then(|tally| tally.present).map(figure);
    let present = present.or_else(|| attended.present.as_ref().map(BTreeSet::len));
    (ballot.carried, ballot.rests_on_gap) = judge(&ballot, &vote.voting, present);
    let holders = |vote: usize| {
        let seats = electorate.votes[vote].seats.iter();
        let mut holders: Vec<Actor> = Vec::new();
        for holder in seats.flat_map(|seat| electorate.holders(seat)) {
            if !holders.iter().any(|other| other.is_same(&holder)) {
                holders.push(holder);
            }
        }
        holders
    };
    let votes = votes.into_iter();
    let votes = votes.map(|vote| (holders(vote), cast.vote(vote)));
    Some(Count {
        ballot,
        votes: votes.collect(),
        closing,
    })
}

/// Whether the votes carry a proposal, and whether that rests on a number that is not
/// given: it is then taken as minuted.
fn judge(ballot: &Ballot, voting: &Voting, present: Option<usize>) -> (bool, bool) {
    if ballot.gaps == BallotGaps::default() {
        return (is_carried(ballot, voting), false);
    }
    // A casting vote says that the votes were level.
    if let Some(choice) = ballot.casting_vote {
        let is_simple = match voting {
            Voting::Majority => true,
            Voting::Qualified(_) => ballot
                .majority
                .is_some_and(|needed| needed.majority.is_simple()),
            Voting::Unanimity | Voting::Weighted { .. } => false,
        };
        return (is_simple && choice == VoteChoice::Approve, false);
    }
    if ballot.is_silent && matches!(voting, Voting::Weighted { .. }) {
        return (ballot.decided == Some(true), true);
    }
    // Of a board whose members are not on record, any number may have voted.
    let members = match ballot.members {
        0 => MEMBERS_MAX,
        members => members.saturating_sub(ballot.conflicted),
    };
    let most = present.map_or(members, |present| present.min(members));
    let whole = |of| present.filter(|_| of == MajorityOf::Present);
    let at_worst = is_carried(&ballot.filled(most, false, whole), voting);
    let at_best = is_carried(&ballot.filled(most, true, whole), voting);
    match at_worst == at_best {
        true => (at_worst, false),
        false => (ballot.decided == Some(true), true),
    }
}

/// Whether the votes carry a proposal, without regard to the quorum.
fn is_carried(ballot: &Ballot, voting: &Voting) -> bool {
    let (for_it, against) = (ballot.for_it, ballot.against);
    let is_cast_for = ballot.casting_vote == Some(VoteChoice::Approve);
    if ballot.is_unanimous {
        return true;
    }
    match voting {
        Voting::Majority => for_it > against || is_cast_for,
        Voting::Unanimity => against == 0 && for_it > 0,
        Voting::Weighted { .. } => ballot.weights.is_some_and(Weights::carry),
        Voting::Qualified(_) => ballot.majority.is_some_and(|needed| {
            needed.majority.is_reached(for_it, needed.whole)
                || (needed.majority.is_simple() && is_cast_for)
        }),
    }
}

/// The casting vote in the minutes, where the standing orders give one.
fn casting_vote(orders: &StandingOrders, tally: Option<&Tally>) -> Option<VoteChoice> {
    let given = tally?.casting_vote.as_ref()?;
    (orders.casting_vote == Some(CastingVote::Presiding)).then_some(given.choice)
}

/// The attendance of the sitting of the board's decision, without those who had a
/// conflict of interest.
fn attended(
    board: &Board,
    closing: Option<Opinion<'_>>,
    electorate: &Electorate,
    cast: &Cast<'_>,
    unnamed: impl Fn(&Board, PartialDate) -> Option<&Fact<MeetingHeld>>,
) -> Attended {
    let held = closing.and_then(|closing| {
        let on = closing.entry.effective_on();
        match closing.meeting {
            Some(at) if closing.board == Some(&at.board) => board.meeting(&at.meeting)?.sitting(on),
            Some(_) => None,
            None => unnamed(board, on),
        }
    });
    let Some(held) = held else {
        return Attended::default();
    };
    // A decision that does not name the meeting had no quorum there, whether the minutes list
    // who came or not.
    let is_unnamed = closing.is_some_and(|closing| closing.meeting.is_none());
    let nobody = || is_unnamed.then(BTreeSet::new);
    let mut attended = Attended {
        present: electorate.present_at(held).or_else(nobody),
        away: electorate.away_from(held),
        is_inquorate: is_unnamed,
    };
    if let Some(present) = &mut attended.present {
        present.extend(cast.voters());
        present.retain(|vote| !cast.is_conflicted(*vote));
    }
    attended
}
