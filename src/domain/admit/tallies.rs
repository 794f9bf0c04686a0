//! Rule 4: what minutes say of a board's vote: its result, a casting vote, interests.

use super::event_check::EventCheck;
use crate::domain::approval::{Ballot, Electorate, RequirementStatus};
use crate::domain::board::Board;
use crate::domain::dossier::Proposal;
use crate::domain::event::{
    Actor, CastingVote, InterestCourse, InterestKind, MeetingRef, Requirement, Tally, VoteCast,
    VoteChoice,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BoardId, ItemId, SubjectId};

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

fn check_ballot(ballot: &Ballot, approval_rule: &ItemId) -> Result<(), Fault> {
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
    if !ballot.carried {
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
    check_casting_vote(check, board_id, board, tally);
    let electorate = Electorate::new(register, board_id, board, check.day);
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
    let held = held.and_then(|at| board.meeting(&at.meeting));
    let attended = held.and_then(|meeting| electorate.present_at(&meeting));
    let attended = attended.map(|attended| attended.len());
    // Of a board whose members are not on record, any number may have voted.
    let most_votes = tally.present.unwrap_or_else(|| match members {
        0 => u32::MAX,
        members => u32::try_from(attended.unwrap_or(members)).unwrap_or(u32::MAX),
    });
    let record = match approves {
        _ if attended.is_some_and(|attended| is_over(tally.votes(), attended)) => {
            attended.map(|attended| format!("{attended} members with a vote attended the meeting"))
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
) {
    let Some(given) = &tally.casting_vote else {
        return;
    };
    check.require_actor("tally.casting_vote.by", Some(&given.by));
    let orders = board.standing_orders(check.day);
    if orders.casting_vote != Some(CastingVote::Presiding) {
        let (board, on) = (board_id.clone(), check.on);
        check.report("tally.casting_vote", Fault::NoCastingVote { board, on });
    }
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
    let mut named = std::collections::BTreeMap::new();
    let before = check.effective_order();
    let votes = proposal.votes.iter();
    for vote in votes.filter(|vote| vote.effective_order() < before) {
        if vote.board.as_ref() == Some(board) {
            for index in electorate.votes_of(&vote.voter) {
                named.insert(index, vote);
            }
        }
    }
    let excluded = |vote: &VoteCast| {
        !vote.conflict_declared.is_empty()
            || vote
                .interest
                .as_ref()
                .is_some_and(|interest| interest.excludes())
    };
    let count_of = |choice| {
        let votes = named.values();
        let count = votes
            .filter(|vote| vote.choice == choice && !excluded(vote))
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
pub(super) fn check_voter(check: &mut EventCheck<'_>, event: &VoteCast) {
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
