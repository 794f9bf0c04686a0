//! Rule 4: who may put up a matter, vote on it, decide it and answer it.

use super::entitlement::{PendingVote, check_entitled, check_vote};
use super::event_check::EventCheck;
use crate::domain::approval::{ProposalStatus, describe, rule_set, seat_of, seats, voting};
use crate::domain::dossier::Proposal;
use crate::domain::event::{
    Actor, ApprovableAct, BoardPower, DecisionMade, ExternalDecisionReceived, Outcome, Target,
    VirementApproved, VoteCast,
};
use crate::domain::fault::Fault;
use crate::domain::ids::{BoardId, ProposalId, SubjectId};
use crate::domain::register::target;

/// A proposal says who puts it up where rules are in force; and a ratification
/// is about an act that was done, exactly as it was done.
pub(super) fn proposed(
    bench: &mut EventCheck<'_>,
    topic: &ApprovableAct<'_>,
    ratifies: Option<Target>,
) {
    let Some(sight) = bench.sight() else { return };
    if bench.entry.event.acted_by.is_none()
        && let Some(rules) = rule_set(
            sight.lookup,
            sight.id,
            sight.subject,
            bench.effective_order(),
        )
    {
        let rule_set = rules.set.rule_set.clone();
        bench.fault_at("acted_by", Fault::ProposerRequired { rule_set });
    }
    if let Some(act) = ratifies {
        ratified(bench, topic, act);
    }
}

fn ratified(bench: &mut EventCheck<'_>, topic: &ApprovableAct<'_>, act: Target) {
    let Some(record) = bench.register.record(bench.id()) else {
        return;
    };
    let (field, named) = match act {
        Target::Position(position) => ("ratifies.position", position.to_string()),
        Target::Event(id) => ("ratifies.event_id", id.to_string()),
    };
    let Some(entry) = target(record.history(), act).and_then(|at| record.entry(at)) else {
        let fault = Fault::NoSuchEntry {
            target: named,
            subject: bench.id().clone(),
        };
        bench.fault(field, fault);
        return;
    };
    let position = entry.position;
    // As it stands now: what was corrected since is what its correction says.
    let acts = &record.subject().dossier.acts;
    let standing = acts
        .values()
        .find(|told| told.order == position || told.entry.position == position);
    let why = match standing.map(|told| told.entry.event.kind.act()) {
        None | Some(None) => Some("no act that an approval is needed for stands there".to_owned()),
        Some(Some(done)) => unlike(topic, &done),
    };
    if let Some(why) = why {
        bench.fault(field, Fault::RatifiesAnotherAct { position, why });
    }
}

/// In what a matter is not the act that was done, its amount included.
fn unlike(topic: &ApprovableAct<'_>, done: &ApprovableAct<'_>) -> Option<String> {
    if let Some(difference) = topic.difference(done) {
        let (what, asked, done) = (difference.aspect, difference.approved, difference.done);
        return Some(format!("another {what}: {asked}, not {done}"));
    }
    let (asked, done) = topic.amount().zip(done.amount())?;
    (asked != done).then(|| format!("{done} was moved, and {asked} is put up"))
}

/// A vote counts only of those who are entitled, while the matter is open.
pub(super) fn voted<'a>(bench: &mut EventCheck<'a>, what: &VoteCast, proposal: &'a Proposal) {
    let Some(course) = open(bench, what.proposal, proposal) else {
        return;
    };
    if let Some(board) = &what.board {
        if !decides(bench, board) {
            return;
        }
        if !has_a_vote(bench, board, &what.voter) {
            return;
        }
    }
    let said = PendingVote {
        id: what.proposal,
        proposal,
        by: Some(&what.voter),
        board: what.board.as_ref(),
        approves: what.choice == crate::domain::event::VoteChoice::Approve,
        closes: false,
        field: "voter",
    };
    check_vote(bench, &said, &course);
}

/// A decision: no advisory board approves or rejects a matter, and under a rule only those decide
/// whose agreement it asks for.
pub(super) fn decided<'a>(
    bench: &mut EventCheck<'a>,
    what: &DecisionMade,
    proposal: Option<(ProposalId, &'a Proposal)>,
) {
    let approves = match what.outcome {
        Outcome::Approved => true,
        Outcome::Rejected => false,
        Outcome::Noted | Outcome::Supported => return,
        Outcome::Deferred | Outcome::Referred(_) => {
            if let Some((id, proposal)) = proposal
                && let Some(course) = open(bench, id, proposal)
            {
                let by = bench.entry.event.acted_by.as_ref();
                let said = PendingVote::decided(id, proposal, by, what.board.as_ref(), false);
                // A board may always put off or refer what came before it.
                if what.board.is_none() {
                    check_entitled(bench, &said, &course);
                }
            }
            return;
        }
    };
    let board = what.board.as_ref();
    // To reject what nobody put up settles nothing.
    let settles = approves || proposal.is_some();
    if settles && board.is_some_and(|board| !decides(bench, board)) {
        return;
    }
    let Some((id, proposal)) = proposal else {
        return;
    };
    if let Some(course) = open_to(bench, id, proposal, board.filter(|_| approves)) {
        let by = bench.entry.event.acted_by.as_ref();
        let said = PendingVote::decided(id, proposal, by, board, approves);
        check_vote(bench, &said, &course);
    }
}

/// The approval of a virement: an approving decision, of no more than was asked.
pub(super) fn virement_approved<'a>(
    bench: &mut EventCheck<'a>,
    what: &VirementApproved,
    proposal: &'a Proposal,
) {
    let requested = proposal.act().amount();
    if let (Some(amount), Some(requested)) = (what.amount, requested)
        && amount > requested
    {
        bench.fault(
            "amount_pence",
            Fault::AmountOverRequest { amount, requested },
        );
    }
    let board = what.board.as_ref();
    if board.is_some_and(|board| !decides(bench, board)) {
        return;
    }
    if let Some(course) = open_to(bench, what.proposal, proposal, board) {
        let by = bench.entry.event.acted_by.as_ref();
        let said = PendingVote::decided(what.proposal, proposal, by, board, true);
        check_vote(bench, &said, &course);
    }
}

/// The answer of the outside decider that is awaited.
pub(super) fn answered<'a>(
    bench: &mut EventCheck<'a>,
    what: &ExternalDecisionReceived,
    proposal: &'a Proposal,
) {
    let Some(course) = open(bench, what.proposal, proposal) else {
        return;
    };
    let Some(sight) = bench.sight() else { return };
    // Whoever has followed the one that was asked answers in its place; whom
    // nobody asked has no say.
    let answers = course.external_deciders.iter().any(|asked| {
        *asked.body == what.decider || sight.current(asked.body, bench.day) == what.decider
    });
    if !answers {
        let body = what.decider.clone();
        let decider = describe::listed(course.external_deciders.iter().map(|asked| asked.body));
        bench.fault("decider_id", Fault::NotTheDecider { body, decider });
    }
}

/// Demands that the matter was not settled just before the event, and gives what
/// had become of it by then.
pub(super) fn open<'a>(
    bench: &mut EventCheck<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
) -> Option<ProposalStatus<'a>> {
    open_to(bench, id, proposal, None)
}

/// The same for a board's own approval: it may still record what the votes of
/// all its members have carried.
fn open_to<'a>(
    bench: &mut EventCheck<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
    board: Option<&BoardId>,
) -> Option<ProposalStatus<'a>> {
    let course = bench
        .sight()?
        .status_before(id, proposal, bench.effective_order());
    let Some(settled) = &course.settled else {
        return Some(course);
    };
    if board.is_some_and(|board| course.awaits_record_of(board)) {
        return Some(course);
    }
    let fault = Fault::ProposalClosed {
        proposal: id,
        settled: describe::resolution(course.resolution),
        on: settled.on,
    };
    bench.fault("proposal_id", fault);
    None
}

/// Demands that the board has power to decide.
fn decides(bench: &mut EventCheck<'_>, id: &BoardId) -> bool {
    let subject = bench.register.subject(&SubjectId::Board(id.clone()));
    let board = subject.and_then(|subject| subject.as_board());
    let can = board.is_some_and(|board| board.has_power(BoardPower::Decides));
    if !can {
        let board = id.clone();
        bench.fault("board_id", Fault::BoardCannotDecide { board });
    }
    can
}

/// Demands that the voter has a seat with a vote on the board on the day.
fn has_a_vote(bench: &mut EventCheck<'_>, id: &BoardId, voter: &Actor) -> bool {
    let subject = bench.register.subject(&SubjectId::Board(id.clone()));
    let Some(board) = subject.and_then(|subject| subject.as_board()) else {
        return false;
    };
    let seats = seats(board, bench.day);
    if seat_of(bench.register, &seats, voter, bench.day).is_some() {
        return true;
    }
    let members: Vec<String> = voting(&seats).map(super::boards::named).collect();
    let fault = Fault::NotAVotingMember {
        voter: describe::actor(voter),
        board: id.clone(),
        on: bench.on,
        members: describe::listed(members),
    };
    bench.fault("voter", fault);
    false
}
