//! Rule 4: what minutes say of a board's vote: its result, a casting vote, interests.

use std::sync::Arc;

use jiff::civil::Date;

use super::attendances::{may_be_one, tally_over_attendance};
use super::event_check::EventCheck;
use super::named_votes::{NamedVotes, Round};
use crate::approval::{ApprovalContext, Ballot, Electorate, Opinion, RequirementStatus, describe};
use crate::board::Board;
use crate::dossier::Proposal;
use crate::event::{
    Actor, CastingVote, InterestCourse, InterestKind, Kind, MeetingRef, Requirement, Tally,
    VoteCast,
};
use crate::fact::{EffectiveEntry, Fact};
use crate::fault::Fault;
use crate::ids::{BoardId, ItemId, SubjectId};

/// Requires, where no approval rule asks for a board, that its decision keeps to its own
/// standing orders as far as they are on record: its quorum, its majority, its casting
/// vote.
///
/// A rejection is not held to their majority: a larger one may be needed by law, as where a
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
    let votes = proposal.into_iter().flat_map(|proposal| {
        let round = Round::of(proposal, board, own.order, check.on);
        let votes = proposal.votes.iter();
        votes.filter(move |vote| round.has(vote))
    });
    let mut opinions: Vec<Opinion<'_>> = votes.map(Opinion::vote).collect();
    opinions.push(own);
    let states_votes = own.tally.is_some_and(Tally::has_votes);
    if let Some(fault) = standing_orders_fault(&context, board, &opinions, check.day) {
        let field = if states_votes { "tally" } else { "board_id" };
        check.report(field, fault);
    }
}

/// Why votes on a board, its own approval among them, do not keep to its standing orders.
pub(super) fn standing_orders_fault<'a>(
    context: &ApprovalContext<'a>,
    board: &BoardId,
    opinions: &[Opinion<'a>],
    day: Date,
) -> Option<Fault> {
    let vote = context.standing_vote(board, opinions, day)?;
    let ballot = &vote.ballot;
    let is_lost = vote.is_carried() == Some(false);
    check_presence(ballot).err().or_else(|| {
        is_lost.then(|| Fault::StandingOrdersNotMet {
            board: board.clone(),
            for_it: in_words(ballot.for_it, ballot.gaps.for_it),
            against: in_words(ballot.against, ballot.gaps.against),
            needs: vote.in_words(),
        })
    })
}

/// Why too few took part in the vote of a board for each of the requirements that ask for it:
/// it decides nothing then, either way (Local Government Act 1972 Sch.12 paras 6, 45).
pub(super) fn quorum_fault(status: &RequirementStatus, board: &BoardId) -> Option<Fault> {
    let ballots = status.ballots().into_iter();
    let ballots = ballots.filter(|ballot| ballot.board == *board);
    let mut faults = ballots.map(|ballot| check_presence(ballot).err());
    let first = faults.next()??;
    faults.all(|fault| fault.is_some()).then_some(first)
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
    let named = proposal.map(|proposal| NamedVotes::before(check, &electorate, board_id, proposal));
    let excluded = named.as_ref().map_or(0, NamedVotes::excluded);
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
        _ => named.and_then(|named| named.contradiction(tally, approves)),
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
    let named = NamedVotes::before(check, electorate, board, proposal);
    if named.has_left(by) {
        let fault = Fault::TallyContradicted {
            board: board.clone(),
            tally: tally.to_string(),
            record: format!("{by} declared an interest and took no part in the vote"),
        };
        check.report("tally.casting_vote.by", fault);
    }
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
