//! Board status: how far a board's vote, and its own decision, meet a requirement.

use std::collections::BTreeSet;

use super::approver::Approver;
use super::ballot::count;
use super::giver::Giver;
use super::opinion::Opinion;
use super::requirement_query::RequirementQuery;
use super::requirement_status::{CountedOpinion, Obstacle, RequirementState, RequirementStatus};
use super::subject_lookup::board_on;
use crate::event::{BoardVote, Requirement, VoteChoice};

/// The status of a board's vote; that of the board which follows it, where the board has
/// ended without a decision.
pub(super) fn evaluate_board_or_successor(
    query: &RequirementQuery<'_>,
    vote: &BoardVote,
) -> RequirementStatus {
    let mut own = evaluate_board(query, vote);
    if own.state != RequirementState::Open {
        return own;
    }
    match board_on(query.case.lookup, &vote.board, query.day) {
        Some(board) if board == vote.board => own,
        Some(board) => {
            let vote = BoardVote {
                board,
                ..vote.clone()
            };
            evaluate_board(query, &vote)
        }
        None => {
            own.state = RequirementState::Lost;
            own.obstacle = Some(Obstacle::BoardEnded);
            own.awaited.clear();
            own
        }
    }
}

/// The vote of a board, and its own decision.
fn evaluate_board(query: &RequirementQuery<'_>, vote: &BoardVote) -> RequirementStatus {
    let requirement = Requirement::Board(vote.clone());
    if let Some(status) = delegated_by_board(query, &requirement, vote) {
        return status;
    }
    let mut status = RequirementStatus::new(&requirement, RequirementState::Lost);
    let Some(count) = count(query, vote) else {
        status.obstacle = Some(Obstacle::NoBoard);
        return status;
    };
    let ballot = count.ballot;
    status.state = match (ballot.taken, ballot.holds(), ballot.decided) {
        (_, _, Some(false)) => RequirementState::Lost,
        (true, true, _) => RequirementState::Met,
        (true, false, None) => RequirementState::Lost,
        _ if !ballot.can_decide => RequirementState::Lost,
        _ => RequirementState::Open,
    };
    if ballot.members == 0 {
        status.obstacle = Some(Obstacle::Nobody);
    }
    for (holders, opinion) in &count.votes {
        // A vote that members share is the voter's.
        let voter = match (holders.as_slice(), opinion.and_then(|opinion| opinion.by)) {
            ([_, _, ..], Some(by)) => Some(by),
            (holders, _) => holders.first(),
        };
        let Some(approver) = voter.map(|who| Approver::on_board(who, &vote.board)) else {
            continue;
        };
        match opinion {
            Some(opinion) if opinion.conflicted => {}
            Some(opinion) if opinion.approves() => {
                // Minutes count others beside those whose votes they name.
                if !ballot.is_minuted {
                    status.counted.push(CountedOpinion {
                        by: opinion.by.cloned(),
                        of_several: false,
                        allows: None,
                    });
                }
                status.agreed.push(approver);
            }
            Some(opinion) if opinion.choice == VoteChoice::Reject => {
                status.against.push(approver);
            }
            Some(_) => {}
            None if status.state == RequirementState::Open => {
                let awaited = holders.iter();
                let awaited = awaited.map(|who| Approver::on_board(who, &vote.board));
                status.awaited.extend(awaited);
            }
            None => {}
        }
    }
    for approvers in [&mut status.agreed, &mut status.against, &mut status.awaited] {
        let mut seen = BTreeSet::new();
        approvers.retain(|approver| seen.insert(approver.clone()));
    }
    if status.state == RequirementState::Met && ballot.is_minuted {
        status.agreed.push(Approver::board(&vote.board));
    }
    if status.state == RequirementState::Open && ballot.holds() {
        status.awaited.push(Approver::board(&vote.board));
    }
    if let Some(closing) = count
        .closing
        .filter(|_| status.state == RequirementState::Met)
    {
        status.counted.push(CountedOpinion {
            by: None,
            of_several: ballot.is_minuted,
            allows: closing.allows,
        });
    }
    status.ballot = Some(ballot);
    status
}

/// The decision of an office or board that the board has delegated the matter to, if that
/// is the last on the board: no votes of the board are counted.
fn delegated_by_board(
    query: &RequirementQuery<'_>,
    requirement: &Requirement,
    vote: &BoardVote,
) -> Option<RequirementStatus> {
    let mut opinions = query.opinions.iter().rev();
    let is_delegated = |opinion: &Opinion<'_>| opinion.also_for == Some(Giver::Board(&vote.board));
    let is_its = |opinion: &&Opinion<'_>| {
        opinion.closes && (opinion.board == Some(&vote.board) || is_delegated(opinion))
    };
    let last = opinions.find(is_its)?;
    if last.decides_for.is_none() && !is_delegated(last) {
        return None;
    }
    let mut status = RequirementStatus::new(requirement, RequirementState::Lost);
    if last.approves() {
        status.state = RequirementState::Met;
        status.agreed.push(Approver::of(last));
        // It is the board's decision, even where the same office proposed it.
        status.counted.push(CountedOpinion {
            by: None,
            of_several: true,
            allows: last.allows,
        });
    } else {
        status.against.push(Approver::of(last));
    }
    Some(status)
}
