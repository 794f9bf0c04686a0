//! Rule 4: what minutes say of a board's vote: its result, a casting vote, interests.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::attendances::{may_be_one, tally_over_attendance};
use super::event_check::EventCheck;
use crate::domain::approval::{Ballot, Electorate, Opinion, RequirementStatus, describe};
use crate::domain::board::Board;
use crate::domain::dossier::Proposal;
use crate::domain::event::{
    Actor, CastingVote, InterestCourse, InterestKind, Kind, MeetingRef, Requirement, Tally,
    VoteCast, VoteChoice,
};
use crate::domain::fact::{EffectiveEntry, Fact};
use crate::domain::fault::Fault;
use crate::domain::ids::{BoardId, ItemId, SubjectId};

/// Requires, where no approval rule asks for a board, that its decision keeps to its own
/// standing orders as far as they are on record: its quorum, its majority, its casting
/// vote.
///
/// A rejection is not held to them: a larger majority may be needed by law, as where a
/// council reconsiders a decision that was called in.
pub(super) fn check_standing_orders(check: &mut EventCheck<'_>, proposal: Option<&Proposal>) {
    let Some(context) = check.context() else {
        return;
    };
    let source = EffectiveEntry {
        entry: Arc::clone(check.entry),
        original_position: check.effective_order().position,
    };
    let (made, approved);
    let own = match &check.entry.event.kind {
        Kind::DecisionMade(event) => {
            made = Fact::new(source, Arc::clone(event));
            Opinion::decision(&made)
        }
        Kind::VirementApproved(event) => {
            approved = Fact::new(source, Arc::clone(event));
            Some(Opinion::virement(&approved))
        }
        _ => None,
    };
    let Some((own, board)) = own.and_then(|own| Some((own, own.board?))) else {
        return;
    };
    let votes = proposal
        .into_iter()
        .flat_map(|proposal| proposal.votes.iter());
    let votes = votes.filter(|vote| vote.effective_order() < own.order);
    let mut opinions: Vec<Opinion<'_>> = votes.map(Opinion::vote).collect();
    opinions.push(own);
    let Some(vote) = context.standing_vote(board, &opinions, check.day) else {
        return;
    };
    let ballot = &vote.ballot;
    let states_votes = own.tally.is_some_and(Tally::has_votes);
    let is_lost = vote.is_carried() == Some(false);
    let fault = check_presence(ballot).err().or_else(|| {
        is_lost.then(|| Fault::StandingOrdersNotMet {
            board: board.clone(),
            for_it: in_words(ballot.for_it, ballot.gaps.for_it),
            against: in_words(ballot.against, ballot.gaps.against),
            needs: vote.in_words(),
        })
    });
    if let Some(fault) = fault {
        let field = if states_votes { "tally" } else { "board_id" };
        check.report(field, fault);
    }
}

/// Whether the votes of a board carry its part of a requirement; `None` if the
/// requirement does not ask for the board.
pub(super) fn check_ballots(
    status: &RequirementStatus,
    board: &BoardId,
    approval_rule: &ItemId,
) -> Option<Result<(), Fault>> {
    if let Some(ballot) = &status.ballot {
        return (ballot.board == *board).then(|| check_ballot(ballot, approval_rule));
    }
    let parts = status.parts.iter();
    let mut parts = parts.filter_map(|part| check_ballots(part, board, approval_rule));
    let first = parts.next()?;
    let is_any = matches!(status.requirement, Requirement::AnyOf(_));
    Some(parts.fold(first, |so_far, part| match (&so_far, &part) {
        (Ok(()), Err(_)) if !is_any => part,
        (Err(_), Ok(())) if is_any => part,
        _ => so_far,
    }))
}

/// Whether enough took part.
fn check_presence(ballot: &Ballot) -> Result<(), Fault> {
    let board = ballot.board.clone();
    if let Some(missing) = ballot.missing_groups.first() {
        let (group, members) = (missing.group.clone(), missing.members);
        return Err(Fault::GroupQuorumNotMet {
            board,
            group,
            members,
        });
    }
    if !ballot.is_quorate() {
        return Err(Fault::QuorumNotMet {
            board,
            took_part: ballot.took_part,
            quorum: ballot.quorum,
        });
    }
    Ok(())
}

fn check_ballot(ballot: &Ballot, approval_rule: &ItemId) -> Result<(), Fault> {
    check_presence(ballot)?;
    if !ballot.carried {
        let board = ballot.board.clone();
        return Err(Fault::VoteNotCarried {
            board,
            for_it: in_words(ballot.for_it, ballot.gaps.for_it),
            against: in_words(ballot.against, ballot.gaps.against),
            approval_rule: approval_rule.clone(),
            way_out: if ballot.is_level() {
                "where the person presiding gave a casting vote, record it in the decision's \
                 tally.casting_vote, and in standing_orders_adopted that there is one; otherwise \
                 record the votes that were cast, or the decision that was made"
            } else {
                "record the votes that were cast, or the decision that was made; where the minutes \
                 give numbers without names, record them in the decision's tally"
            },
        });
    }
    Ok(())
}

/// A number of votes, or that the minutes do not give it.
fn in_words(number: usize, is_missing: bool) -> String {
    match is_missing {
        true => "a number not given".to_owned(),
        false => number.to_string(),
    }
}

/// Checks the tally of a decision: it is of no more than the board's members, no vote by
/// name contradicts it, and the standing orders give a casting vote.
pub(super) fn check_tally(
    check: &mut EventCheck<'_>,
    board_id: &BoardId,
    tally: &Tally,
    approves: Option<bool>,
    proposal: Option<&Proposal>,
    meeting: Option<&MeetingRef>,
) {
    let register = check.register;
    let subject = register.subject(&SubjectId::Board(board_id.clone()));
    let Some(board) = subject.and_then(|subject| subject.as_board()) else {
        return;
    };
    check_casting_vote(check, board_id, board, tally, meeting);
    let electorate = Electorate::new(register, board_id, board, check.day);
    if let Some((given, proposal)) = tally.casting_vote.as_ref().zip(proposal) {
        check_casting_interest(check, &electorate, board_id, tally, &given.by, proposal);
    }
    let (members, seats) = (electorate.votes.len(), electorate.voting_seats().count());
    let is_over = |number: u32, most: usize| usize::try_from(number).unwrap_or(usize::MAX) > most;
    let is_too_large = is_over(tally.votes(), members)
        || tally.present.is_some_and(|present| is_over(present, seats));
    if members > 0 && is_too_large {
        let fault = Fault::TallyTooLarge {
            board: board_id.clone(),
            tally: tally.to_string(),
            members,
        };
        check.report("tally", fault);
    }
    let held = meeting.filter(|at| at.board == *board_id);
    let held = held.and_then(|at| board.meeting(&at.meeting)?.sitting(check.on));
    let attended = held.and_then(|held| electorate.present_at(held));
    let attended = attended.map(|attended| attended.len());
    let over_attendance = held.and_then(|held| tally_over_attendance(&electorate, tally, held));
    let excluded = proposal.map_or(0, |proposal| {
        excluded(check, &electorate, board_id, proposal)
    });
    // Of a board whose members are not on record, any number may have voted.
    let most_votes = tally.present.unwrap_or_else(|| match members {
        0 => u32::MAX,
        members => u32::try_from(attended.unwrap_or(members)).unwrap_or(u32::MAX),
    });
    let record = match approves {
        _ if over_attendance.is_some() => over_attendance,
        _ if excluded > 0
            && is_over(
                tally.votes(),
                attended.unwrap_or(members).saturating_sub(excluded),
            ) =>
        {
            let of = match attended {
                Some(attended) => format!("the {attended} who were there"),
                None => format!("its {members} members"),
            };
            Some(format!(
                "{excluded} of {of} declared an interest and took no part in the vote"
            ))
        }
        Some(true) if tally.has_votes() && tally.is_lost_among(most_votes) => {
            Some("it was approved".to_owned())
        }
        Some(false) if tally.unanimous && tally.votes_for.is_some_and(|number| number > 0) => {
            Some("it was rejected".to_owned())
        }
        _ => proposal.and_then(|proposal| {
            contradiction(check, &electorate, board_id, tally, approves, proposal)
        }),
    };
    if let Some(record) = record {
        let (board, tally) = (board_id.clone(), tally.to_string());
        let fault = Fault::TallyContradicted {
            board,
            tally,
            record,
        };
        check.report("tally", fault);
    }
}

fn check_casting_vote(
    check: &mut EventCheck<'_>,
    board_id: &BoardId,
    board: &Board,
    tally: &Tally,
    meeting: Option<&MeetingRef>,
) {
    let Some(given) = &tally.casting_vote else {
        return;
    };
    check.require_actor("tally.casting_vote.by", Some(&given.by));
    let orders = board.standing_orders(check.day);
    if orders.casting_vote != Some(CastingVote::Presiding) {
        let (board, on) = (board_id.clone(), check.on);
        check.report("tally.casting_vote", Fault::NoCastingVote { board, on });
        return;
    }
    let electorate = Electorate::new(check.register, board_id, board, check.day);
    if !electorate.may_have_seat(&given.by) {
        let members = electorate.voting_seats().map(super::boards::seat_name);
        let fault = Fault::NotAVotingMember {
            voter: given.by.to_string(),
            board: board_id.clone(),
            on: check.on,
            members: describe::listed(members),
            way_out: String::new(),
        };
        check.report("tally.casting_vote.by", fault);
    }
    let at = meeting.filter(|at| at.board == *board_id);
    let held = at.and_then(|at| board.meeting(&at.meeting)?.sitting(check.on));
    if let Some((held, presiding)) = held.and_then(|held| Some((held, held.presiding.as_ref()?)))
        && !may_be_one(check, board, &presiding.who, &given.by)
    {
        let fault = Fault::NotPresiding {
            voter: given.by.to_string(),
            meeting: held.meeting.clone(),
            presided: presiding.who.to_string(),
            position: held.position(),
        };
        check.report("tally.casting_vote.by", fault);
    }
}

/// The members who, before this, declared an interest that keeps them from the vote.
fn excluded(
    check: &EventCheck<'_>,
    electorate: &Electorate,
    board: &BoardId,
    proposal: &Proposal,
) -> usize {
    let named = named_votes(check, electorate, board, proposal);
    named.values().filter(|vote| excludes(vote)).count()
}

/// Requires that nobody who left the room for an interest gives the casting vote
/// (Localism Act 2011 s.31(4)).
fn check_casting_interest(
    check: &mut EventCheck<'_>,
    electorate: &Electorate,
    board: &BoardId,
    tally: &Tally,
    by: &Actor,
    proposal: &Proposal,
) {
    let named = named_votes(check, electorate, board, proposal);
    let mut left = named.values().filter(|vote| excludes(vote));
    if left.any(|vote| vote.voter.is_same(by)) {
        let fault = Fault::TallyContradicted {
            board: board.clone(),
            tally: tally.to_string(),
            record: format!("{by} declared an interest and took no part in the vote"),
        };
        check.report("tally.casting_vote.by", fault);
    }
}

fn excludes(vote: &VoteCast) -> bool {
    let interest = vote.interest.as_ref();
    !vote.conflict_declared.is_empty() || interest.is_some_and(|interest| interest.excludes())
}

/// The last vote by name of each member before this.
fn named_votes<'p>(
    check: &EventCheck<'_>,
    electorate: &Electorate,
    board: &BoardId,
    proposal: &'p Proposal,
) -> BTreeMap<usize, &'p Fact<VoteCast>> {
    let mut named = BTreeMap::new();
    let before = check.effective_order();
    let votes = proposal.votes.iter();
    for vote in votes.filter(|vote| vote.effective_order() < before) {
        if vote.board.as_ref() == Some(board) {
            for index in electorate.votes_of(&vote.voter) {
                named.insert(index, vote);
            }
        }
    }
    named
}

/// The votes by name that contradict a tally: more of a kind than it has, or one against
/// a unanimous result.
fn contradiction(
    check: &EventCheck<'_>,
    electorate: &Electorate,
    board: &BoardId,
    tally: &Tally,
    approves: Option<bool>,
    proposal: &Proposal,
) -> Option<String> {
    let named = named_votes(check, electorate, board, proposal);
    let count_of = |choice| {
        let votes = named.values();
        let count = votes
            .filter(|vote| vote.choice == choice && !excludes(vote))
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let for_it = count_of(VoteChoice::Approve);
    let against = count_of(VoteChoice::Reject);
    let abstained = count_of(VoteChoice::Abstain);
    let is_more = tally.has_votes()
        && [
            (for_it, tally.votes_for),
            (against, tally.votes_against),
            (abstained, tally.abstentions),
        ]
        .iter()
        .any(|(named, minuted)| minuted.is_some_and(|minuted| *named > minuted));
    let is_divided = tally.unanimous
        && match approves {
            Some(true) => against > 0,
            Some(false) => for_it > 0,
            None => for_it > 0 && against > 0,
        };
    let is_not_level = tally.casting_vote.is_some() && !tally.has_votes() && for_it != against;
    let is_absent = tally
        .present
        .is_some_and(|present| for_it + against + abstained > present);
    (is_more || is_divided || is_not_level || is_absent)
        .then(|| format!("by name: {for_it} for, {against} against, {abstained} abstained"))
}

/// Checks the interest of a voter, and the substitute who cast the vote.
pub(super) fn check_voter(
    check: &mut EventCheck<'_>,
    event: &VoteCast,
    proposal: Option<&Proposal>,
) {
    if let Some(interest) = &event.interest
        && interest.kind == InterestKind::DisclosablePecuniary
        && interest.course == InterestCourse::Voted
        && !interest
            .dispensation
            .as_ref()
            .is_some_and(|dispensation| dispensation.may_be_in_force(check.on))
    {
        let (voter, on) = (event.voter.to_string(), check.on);
        check.report("interest", Fault::InterestBarsVote { voter, on });
    }
    check.require_actor("cast_by", event.cast_by.as_ref());
    if let Some(substitute) = &event.cast_by {
        check_substitute(check, "cast_by", substitute, &event.voter);
    }
    let (before, day) = (check.effective_order(), check.day);
    let others = proposal
        .into_iter()
        .flat_map(|proposal| proposal.votes.iter());
    let mut others = others.filter(|other| {
        other.effective_order() < before
            && other.day() == day
            && other.board == event.board
            && !other.voter.is_same(&event.voter)
    });
    let caster = |vote: &VoteCast| vote.cast_by.clone().unwrap_or_else(|| vote.voter.clone());
    let is_for_another = |vote: &VoteCast| vote.cast_by.is_some();
    let own = caster(event);
    let other = others.find(|other| {
        (is_for_another(event) || is_for_another(other)) && caster(other).is_same(&own)
    });
    if let Some(other) = other {
        let fault = Fault::OneForTwo {
            substitute: own.to_string(),
            one: other.voter.to_string(),
            other: event.voter.to_string(),
        };
        check.report("cast_by", fault);
    }
}

/// Requires that a substitute is an office of the body that holds the seat.
pub(super) fn check_substitute(
    check: &mut EventCheck<'_>,
    field: impl std::fmt::Display,
    substitute: &Actor,
    member: &Actor,
) {
    let (Some(context), Some(body)) = (check.context(), member.body()) else {
        return;
    };
    let own = context.successor_on(body, check.day);
    let of = substitute
        .body()
        .map(|of| context.successor_on(of, check.day));
    if of.as_ref() != Some(&own) {
        let (substitute, member) = (substitute.to_string(), member.to_string());
        check.report(field, Fault::NotASubstitute { substitute, member });
    }
}
