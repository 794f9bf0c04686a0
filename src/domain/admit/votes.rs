//! Rule 4: who may make a proposal, vote on it, decide it and answer it.

use jiff::civil::Date;

use super::date_from::date_from;
use super::entitlement::{check_entitled, check_opinion, require_open_to_decision};
use super::event_check::EventCheck;
use super::minuted_vote::MinutedVote;
use super::submitted_opinion::SubmittedOpinion;
use super::tallies::check_standing_orders;
use crate::approval::{
    Electorate, Giver, ProposalStatus, can_decide, decides_for, describe, ledger, rule_set,
};
use crate::board::Board;
use crate::dossier::Proposal;
use crate::effective_entries::corrected_position;
use crate::event::{
    Actor, ApprovableAct, DecisionMade, ExternalDecisionReceived, Outcome, Target,
    VirementApproved, VoteCast, VoteChoice,
};
use crate::fault::Fault;
use crate::ids::{BoardId, ItemId, ProposalId, SubjectId};

/// Checks a proposal: it names its proposer if rules are in force, and a ratification
/// proposes exactly the act that was carried out.
pub(super) fn check_proposal(
    check: &mut EventCheck<'_>,
    act: &ApprovableAct<'_>,
    ratifies: Option<Target>,
) {
    let Some(context) = check.context() else {
        return;
    };
    if check.entry.event.acted_by.is_none()
        && let Some(rules) = rule_set(
            context.lookup,
            context.id,
            context.subject,
            check.effective_order(),
        )
    {
        let rule_set = rules.set.rule_set.clone();
        check.report_at("acted_by", Fault::ProposerRequired { rule_set });
    }
    if let Some(ratified) = ratifies {
        check_ratification(check, act, ratified);
    }
}

fn check_ratification(check: &mut EventCheck<'_>, act: &ApprovableAct<'_>, ratified: Target) {
    let Some(record) = check.register.record(check.id()) else {
        return;
    };
    let (field, name) = match ratified {
        Target::Position(_) => ("ratifies.position", ratified.to_string()),
        Target::Event(_) => ("ratifies.event_id", ratified.to_string()),
        Target::Request(..) => ("ratifies.request_entry", ratified.to_string()),
    };
    let position = corrected_position(record.history(), ratified);
    let Some(entry) = position.and_then(|position| record.entry(position)) else {
        let fault = Fault::NoSuchEntry {
            target: name,
            subject: check.id().clone(),
        };
        check.report(field, fault);
        return;
    };
    let position = entry.position;
    // The act with its corrections.
    let acts = &record.subject().dossier.acts;
    let effective = acts.values().find(|effective| {
        effective.original_position == position || effective.entry.position == position
    });
    let why = match effective.map(|effective| effective.entry.event.kind.act()) {
        None | Some(None) => Some("that entry is no act that may need approval".to_owned()),
        Some(Some(done)) => difference(act, &done),
    };
    if let Some(why) = why {
        check.report(field, Fault::RatifiesAnotherAct { position, why });
    }
}

/// The difference between a proposed act and the act that was carried out, including
/// its amount.
fn difference(proposed: &ApprovableAct<'_>, done: &ApprovableAct<'_>) -> Option<String> {
    if let Some(difference) = proposed.difference(done) {
        let (aspect, proposed) = (difference.aspect, difference.approved);
        let done = difference.done;
        return Some(format!("another {aspect}: {proposed}, not {done}"));
    }
    let (proposed, done) = proposed.amount().zip(done.amount())?;
    (proposed != done).then(|| format!("{done} was moved, and {proposed} is proposed"))
}

/// Checks a vote: the voter is entitled, and the proposal is open.
pub(super) fn check_vote_cast<'a>(
    check: &mut EventCheck<'a>,
    event: &VoteCast,
    proposal: &'a Proposal,
) {
    if repeats_for_a_seat(check, event, proposal) {
        return;
    }
    let Some(context) = check.context() else {
        return;
    };
    let id = event.proposal;
    let status = context.status_before(id, proposal, check.effective_order());
    if let Some(board) = &event.board {
        let minuted = MinutedVote {
            context,
            id,
            proposal,
            status: &status,
            board,
        };
        let is_minuted = minuted.is_minuted(check);
        let is_asked = is_minuted || status.settled.is_none();
        if is_asked
            && !(require_power_to_decide(check, board)
                && require_voting_seat(check, board, &event.voter))
        {
            return;
        }
        match is_minuted.then(|| minuted.judge(check)).flatten() {
            Some(Err(fault)) => {
                check.report("choice", fault);
                return;
            }
            // It is evidence beside the minutes.
            Some(Ok(())) if status.settled.is_some() => return,
            Some(Ok(())) | None => {}
        }
    }
    if let Some(fault) = closed_fault(id, &status) {
        check.report("proposal_id", fault);
        return;
    }
    let vote = SubmittedOpinion {
        id,
        proposal,
        by: Some(&event.voter),
        board: event.board.as_ref(),
        on_behalf_of: None,
        also_for: None,
        approves: event.choice == VoteChoice::Approve,
        closes: false,
        field: "voter",
    };
    check_opinion(check, &vote, &status);
}

/// Whether a vote only repeats one that was cast before the proposal was carried, for
/// another of the seats that its voter holds: the first counted for all of them.
fn repeats_for_a_seat(check: &EventCheck<'_>, event: &VoteCast, proposal: &Proposal) -> bool {
    let Some(board_id) = &event.board else {
        return false;
    };
    let subject = check.register.subject(&SubjectId::Board(board_id.clone()));
    let Some(board) = subject.and_then(|subject| subject.as_board()) else {
        return false;
    };
    let order = check.effective_order();
    let votes = proposal.votes.iter();
    let before = votes.filter(|vote| {
        vote.effective_order() < order
            && vote.board.as_ref() == Some(board_id)
            && vote.choice == event.choice
            && vote.voter.is_same(&event.voter)
    });
    let before = before.count();
    let electorate = || Electorate::new(check.register, board_id, board, check.day);
    before > 0
        && before < electorate().votes_of(&event.voter).len()
        && check.context().is_some_and(|context| {
            let status = context.status_before(event.proposal, proposal, order);
            status.is_carried()
        })
}

/// Checks a decision: an advisory board neither approves nor rejects, and under a rule
/// only those whose agreement it asks for decide.
pub(super) fn check_decision<'a>(
    check: &mut EventCheck<'a>,
    event: &DecisionMade,
    proposal: Option<(ProposalId, &'a Proposal)>,
) {
    let approves = match event.outcome {
        Outcome::Approved => true,
        Outcome::Rejected => false,
        Outcome::Noted | Outcome::Supported => return,
        Outcome::Deferred | Outcome::Referred(_) => {
            if let Some((id, proposal)) = proposal
                && let Some(status) = require_open(check, id, proposal)
            {
                let by = check.entry.event.acted_by.as_ref();
                let vote =
                    SubmittedOpinion::decision(id, proposal, by, event.board.as_ref(), false);
                // A board may always defer or refer a proposal.
                if event.board.is_none() {
                    check_entitled(check, &vote, &status);
                }
            }
            return;
        }
    };
    let board = event.board.as_ref();
    // A rejection without a proposal settles nothing.
    let settles = approves || proposal.is_some();
    if settles && board.is_some_and(|board| !require_power_to_decide(check, board)) {
        return;
    }
    let Some((id, proposal)) = proposal else {
        if approves {
            check_standing_orders(check, None);
        }
        return;
    };
    if let Some(board) = board
        && let Some(call_in) = referred_to(check, board, proposal)
    {
        let (call_in, board) = (call_in.clone(), board.clone());
        check.report("board_id", Fault::AnswersCallIn { call_in, board });
        return;
    }
    let by = check.entry.event.acted_by.as_ref();
    let vote = SubmittedOpinion::decision(id, proposal, by, board, approves);
    let vote = vote.delegated(giver(check, proposal));
    decide(check, &vote, proposal);
}

/// The open call-in of a decision on the proposal that was referred to this board.
fn referred_to<'a>(
    check: &EventCheck<'a>,
    board: &BoardId,
    proposal: &'a Proposal,
) -> Option<&'a ItemId> {
    let decisions = &check.dossier()?.decisions;
    let made = proposal.decisions.iter().map(|fact| &fact.decision);
    let approved = proposal.virement_approvals.iter();
    let all = made.chain(approved.map(|fact| &fact.decision));
    let mut call_ins = all
        .filter_map(|id| decisions.get(id))
        .flat_map(|decision| &decision.call_ins);
    let day = check.day;
    let found = call_ins.find(|(_, call_in)| {
        let referral = call_in.referral(day);
        call_in.is_open(day) && referral.is_some_and(|fact| fact.council.as_ref() == Some(board))
    });
    found.map(|(id, _)| id)
}

/// Checks the decision of a proposal that is open to it.
fn decide<'a>(check: &mut EventCheck<'a>, vote: &SubmittedOpinion<'_>, proposal: &'a Proposal) {
    let Some(status) = require_open_to_decision(check, vote, proposal) else {
        return;
    };
    let faults = check.fault_count();
    check_opinion(check, vote, &status);
    // The rule counts the votes of the board that it asks for, and of one that decides for
    // its body, the standing orders of the board do.
    let is_ruled = status.regime.rule().is_some() && vote.also_for.is_none();
    let is_asked = vote.board.is_none_or(|board| {
        let asked = status.requirement.as_ref();
        asked.is_some_and(|asked| asked.asks_for(board))
    });
    let is_judged = is_ruled && (is_asked || check.fault_count() > faults);
    if vote.approves && !is_judged {
        check_standing_orders(check, Some(proposal));
    }
}

/// Checks the approval of a virement: an approving decision, for no more than was
/// requested.
pub(super) fn check_virement_approval<'a>(
    check: &mut EventCheck<'a>,
    event: &VirementApproved,
    proposal: &'a Proposal,
) {
    let requested = proposal.act().amount();
    if let (Some(amount), Some(requested)) = (event.amount, requested)
        && amount > requested
    {
        check.report(
            "amount_pence",
            Fault::AmountOverRequest { amount, requested },
        );
    }
    let board = event.board.as_ref();
    if board.is_some_and(|board| !require_power_to_decide(check, board)) {
        return;
    }
    let by = check.entry.event.acted_by.as_ref();
    let vote = SubmittedOpinion::decision(event.proposal, proposal, by, board, true);
    let vote = vote.delegated(giver(check, proposal));
    decide(check, &vote, proposal);
}

/// Whom an office, or the board that holds it, decides for under the delegation that it
/// cites.
fn giver<'a>(check: &EventCheck<'a>, proposal: &'a Proposal) -> Option<Giver<'a>> {
    let context = check.context()?;
    decides_for(&context, proposal, check.entry, check.effective_order())
}

/// Checks an external answer: it comes from a decider that is awaited.
pub(super) fn check_external_answer<'a>(
    check: &mut EventCheck<'a>,
    event: &ExternalDecisionReceived,
    proposal: &'a Proposal,
) {
    let Some(status) = require_open(check, event.proposal, proposal) else {
        return;
    };
    let Some(context) = check.context() else {
        return;
    };
    // The successor of an external decider answers in its place.
    let successions = context.lookup.successions();
    let is_awaited = status.external_deciders.iter().any(|awaited| {
        let holders = successions.holders(context.id, awaited.body, check.day);
        *awaited.body == event.decider || holders.contains(&&event.decider)
    });
    // So does a body outside on whose decision an approval depends.
    let mut conditions = status.conditions.iter();
    let meets_condition = conditions.any(|awaited| {
        let wanted = awaited.condition.decided_by.as_ref();
        wanted.is_some_and(|wanted| {
            *wanted == event.decider || context.successor_on(wanted, check.day) == event.decider
        })
    });
    if !is_awaited && !meets_condition {
        let body = event.decider.clone();
        let decider = describe::listed(status.external_deciders.iter().map(|awaited| awaited.body));
        check.report("decider_id", Fault::NotTheDecider { body, decider });
    }
}

/// Requires that the proposal was open just before the event, and returns its status.
pub(super) fn require_open<'a>(
    check: &mut EventCheck<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
) -> Option<ProposalStatus<'a>> {
    let status = check
        .context()?
        .status_before(id, proposal, check.effective_order());
    match closed_fault(id, &status) {
        None => Some(status),
        Some(fault) => {
            check.report("proposal_id", fault);
            None
        }
    }
}

fn closed_fault(id: ProposalId, status: &ProposalStatus<'_>) -> Option<Fault> {
    let settled = status.settled.as_ref()?;
    Some(Fault::ProposalClosed {
        proposal: id,
        settled: describe::resolution(status.resolution),
        on: settled.on,
    })
}

/// Requires that a proposal that is withdrawn was open, or carried and not used yet.
pub(super) fn check_withdrawal<'a>(
    check: &mut EventCheck<'a>,
    id: ProposalId,
    proposal: &'a Proposal,
) {
    let Some(context) = check.context() else {
        return;
    };
    let status = context.status_before(id, proposal, check.effective_order());
    if status.is_carried() {
        let acts = ledger(&context, id, proposal, &status, None).acts;
        if let Some(used) = acts.first() {
            let fault = Fault::ApprovalUsed {
                proposal: id,
                used_on: used.entry.effective_on(),
                position: used.entry.position,
            };
            check.report("proposal_id", fault);
        }
        return;
    }
    require_open(check, id, proposal);
}

/// Requires that the board has the power to decide.
fn require_power_to_decide(check: &mut EventCheck<'_>, id: &BoardId) -> bool {
    let can = can_decide(check.register, id);
    if !can {
        let board = id.clone();
        check.report("board_id", Fault::BoardCannotDecide { board });
    }
    can
}

/// Requires that the voter has a seat with a vote on the board on the day.
fn require_voting_seat(check: &mut EventCheck<'_>, id: &BoardId, voter: &Actor) -> bool {
    let subject = check.register.subject(&SubjectId::Board(id.clone()));
    let Some(board) = subject.and_then(|subject| subject.as_board()) else {
        return false;
    };
    let electorate = Electorate::new(check.register, id, board, check.day);
    if !electorate.seats_of(voter).is_empty() {
        return true;
    }
    let members = electorate.voting_seats().map(super::boards::seat_name);
    let members: Vec<String> = members.collect();
    let fault = Fault::NotAVotingMember {
        voter: voter.to_string(),
        board: id.clone(),
        on: check.on,
        members: describe::listed(members),
        way_out: date_from(check.on, seated_since(check, id, board, voter)),
    };
    check.report("voter", fault);
    false
}

/// The day within the date of a vote since which the voter has a seat; `None` if it has none
/// at the end of it either.
fn seated_since(
    check: &EventCheck<'_>,
    id: &BoardId,
    board: &Board,
    voter: &Actor,
) -> Option<Date> {
    let is_seated = |day| {
        let electorate = Electorate::new(check.register, id, board, day);
        !electorate.seats_of(voter).is_empty()
    };
    let (mut before, mut since) = (check.day, check.on.last_day());
    if !is_seated(since) {
        return None;
    }
    while (since - before).get_days() > 1 {
        let half = (since - before).get_days() / 2;
        let middle = before.checked_add(jiff::Span::new().days(half)).ok()?;
        match is_seated(middle) {
            true => since = middle,
            false => before = middle,
        }
    }
    Some(since)
}
