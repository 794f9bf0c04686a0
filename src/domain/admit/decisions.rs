//! Rules for events about proposals, votes, decisions and actions: the bodies and items
//! that they name exist. Whether a vote or a decision counts is checked in `votes.rs`.

use super::event_check::EventCheck;
use super::{acts, attendances, conditions, meetings, publications, tallies, votes};
use crate::dossier::Decision;
use crate::event::{
    ActionAgreed, ActionClosed, Actor, ApprovableAct, ConditionSettled, DecisionMade,
    DecisionPublished, DecisionWithheld, ExternalDecisionReceived, Matter, MatterProposed, Outcome,
    OutcomeNotKnown, ProposalWithdrawn, VoteCast,
};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::ItemId;

pub(super) fn matter_proposed(check: &mut EventCheck<'_>, event: &MatterProposed) {
    check.require_free_proposal("proposal_id", event.proposal);
    votes::check_proposal(check, &ApprovableAct::matter(&event.matter), event.ratifies);
    if let Some(board) = &event.board {
        check.require_board("board_id", board);
    }
    if let Some(decider) = &event.decider {
        check.require_body("decider_id", decider);
    }
    check.require_bodies("put_to_ids", &event.put_to);
    meetings::check_agenda(check, event);
    for (i, office) in event.put_to_offices.iter().enumerate() {
        require_actor(check, &format!("put_to_offices[{i}]"), Some(office));
    }
    check_matter(check, "matter", &event.matter);
}

fn check_matter(check: &mut EventCheck<'_>, field: &str, matter: &Matter) {
    let at = |name: &str| format!("{field}.{name}");
    match matter {
        Matter::SignInstrument(id) => {
            super::instrument_checks::require_instrument(check, &at("sign_instrument_id"), id);
        }
        Matter::VaryInstrument(id) => {
            super::instrument_checks::require_instrument(check, &at("vary_instrument_id"), id);
        }
        Matter::AdmitParty(id) => {
            check.require_body(at("admit_body_id"), id);
        }
        Matter::Withdraw(id) => {
            check.require_party(at("withdraw_body_id"), id);
        }
        Matter::RemoveService(id) => {
            check.require_service(at("remove_service_id"), id);
        }
        Matter::ChangeLead { service, to } => {
            check.require_optional_service(&at("change_lead.service_id"), service.as_ref());
            check.require_body(at("change_lead.to_id"), to);
        }
        Matter::MakeVirement(virement) => {
            super::virements::check_virement(check, &at("make_virement."), virement);
        }
        Matter::DisposeUnderspend(disposal) => {
            super::virements::check_disposal(check, &at("dispose_underspend."), disposal);
        }
        Matter::Together(parts) => {
            for (i, part) in parts.iter().enumerate() {
                check_matter(check, &at(&format!("together.of[{i}]")), part);
            }
        }
        Matter::EndCollaboration
        | Matter::AddService(_)
        | Matter::SetBudget { .. }
        | Matter::AdoptRules(_)
        | Matter::Other(_) => {}
    }
}

pub(super) fn vote_cast(check: &mut EventCheck<'_>, event: &VoteCast) {
    let proposal = check.require_proposal("proposal_id", event.proposal);
    require_actor(check, "voter", Some(&event.voter));
    tallies::check_voter(check, event, proposal);
    let board = event.board.as_ref();
    meetings::check_meeting(check, event.meeting.as_ref(), board, true);
    attendances::check_voter_was_there(check, event);
    if board.is_none_or(|board| check.require_board("board_id", board))
        && let Some(proposal) = proposal
    {
        votes::check_vote_cast(check, event, proposal);
    }
}

pub(super) fn decision_made(check: &mut EventCheck<'_>, event: &DecisionMade) {
    check.require_free_decision(&event.decision);
    let proposal = event
        .proposal
        .and_then(|id| Some((id, check.require_proposal("proposal_id", id)?)));
    let board = event.board.as_ref();
    // A meeting without a quorum may recommend: that decides nothing.
    let decides = matches!(event.outcome, Outcome::Approved | Outcome::Rejected);
    meetings::check_meeting(check, event.meeting.as_ref(), board, decides);
    if board.is_none_or(|board| check.require_board("board_id", board)) {
        if let (Some(board), Some(tally)) = (board, &event.tally) {
            let approves = match event.outcome {
                Outcome::Approved => Some(true),
                Outcome::Rejected => Some(false),
                Outcome::Noted | Outcome::Supported | Outcome::Deferred | Outcome::Referred(_) => {
                    None
                }
            };
            let proposal = proposal.map(|(_, proposal)| proposal);
            let meeting = event.meeting.as_ref();
            tallies::check_tally(check, board, tally, approves, proposal, meeting);
        }
        votes::check_decision(check, event, proposal);
    }
    if let Outcome::Referred(to) = &event.outcome {
        check.require_body("referred_to_id", to);
    }
    if let Some(board) = &event.sent_back_to {
        check.require_board("sent_back_to_board_id", board);
        if event.board.as_ref() == Some(board) {
            let id = format!("boards/{board}");
            check.report("sent_back_to_board_id", Fault::SelfReference { id });
        }
    }
    conditions::check_waiver(check, event);
    // One that rests on another proposal than it decides.
    if check.entry.rests_on_proposal() {
        acts::require_in_force(check);
    }
    conditions::check_conditions(
        check,
        event.board.as_ref(),
        &event.subject_to,
        event.in_force_from,
    );
}

pub(super) fn condition_settled(check: &mut EventCheck<'_>, event: &ConditionSettled) {
    let Some(proposal) = check.require_proposal("proposal_id", event.proposal) else {
        return;
    };
    let of_proposal = check
        .dossier()
        .and_then(|dossier| dossier.decisions.get(&event.decision))
        .filter(|decision| decision.proposal() == Some(event.proposal));
    let found = of_proposal.map(|decision| (decision, decision.on()));
    let what = "decision on that proposal";
    let Some(decision) = check.require_item("decision_id", what, &event.decision, found) else {
        return;
    };
    let condition = &event.condition;
    let mut conditions = decision.conditions().iter();
    match conditions.find(|other| other.id == *condition) {
        Some(condition) => conditions::check_settler(check, condition, proposal),
        None => {
            let (id, of) = (condition.to_string(), check.id().clone());
            let what = "condition of that decision";
            check.report("condition_id", Fault::UnknownItem { what, id, of });
        }
    }
    if let Some(before) = decision.condition_settled(condition, EffectiveOrder::LAST) {
        let (id, closed_on) = (condition.to_string(), before.on());
        let what = "condition";
        check.report(
            "condition_id",
            Fault::ItemClosed {
                what,
                id,
                closed_on,
            },
        );
    }
}

pub(super) fn outcome_not_known(check: &mut EventCheck<'_>, event: &OutcomeNotKnown) {
    if let Some(proposal) = check.require_proposal("proposal_id", event.proposal) {
        votes::require_open(check, event.proposal, proposal);
    }
}

pub(super) fn external_decision_received(
    check: &mut EventCheck<'_>,
    event: &ExternalDecisionReceived,
) {
    check.require_body("decider_id", &event.decider);
    if let Some(decision) = &event.decision {
        check.require_free_decision(decision);
    }
    if let Some(proposal) = check.require_proposal("proposal_id", event.proposal) {
        votes::check_external_answer(check, event, proposal);
    }
}

pub(super) fn proposal_withdrawn(check: &mut EventCheck<'_>, event: &ProposalWithdrawn) {
    if let Some(proposal) = check.require_proposal("proposal_id", event.proposal) {
        votes::check_withdrawal(check, event.proposal, proposal);
    }
}

pub(super) fn action_agreed(check: &mut EventCheck<'_>, event: &ActionAgreed) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.actions.get(&event.action));
    check.require_free("action_id", "action", &event.action, taken);
    require_actor(check, "owner", event.owner.as_ref());
    if let Some(due) = event.due_on.filter(|due| due.last_day() < check.day) {
        let (than, on) = (check.on, due);
        check.report("due_on", Fault::NotLater { than, on });
    }
    if let Some(decision) = &event.decision {
        require_decision(check, decision);
    }
    if let Some(id) = &event.recommendation {
        check.require_recommendation(id);
    }
    meetings::check_meeting(check, event.meeting.as_ref(), None, false);
}

pub(super) fn action_closed(check: &mut EventCheck<'_>, event: &ActionClosed) {
    let found = check
        .dossier()
        .and_then(|dossier| dossier.actions.get(&event.action));
    let found = found.map(|action| (action, action.agreed.on()));
    let Some(action) = check.require_item("action_id", "action", &event.action, found) else {
        return;
    };
    if let Some(before) = action.closed.latest() {
        let (id, closed_on) = (event.action.to_string(), before.on());
        check.report(
            "action_id",
            Fault::ItemClosed {
                what: "action",
                id,
                closed_on,
            },
        );
    }
}

pub(super) fn decision_published(check: &mut EventCheck<'_>, event: &DecisionPublished) {
    if let Some(decision) = require_decision(check, &event.decision) {
        publications::check_extent(check, event, decision);
    }
}

pub(super) fn decision_withheld(check: &mut EventCheck<'_>, event: &DecisionWithheld) {
    require_decision(check, &event.decision);
}

/// Requires that the decision exists, and returns it.
pub(super) fn require_decision<'a>(
    check: &mut EventCheck<'a>,
    id: &ItemId,
) -> Option<&'a Decision> {
    let found = check
        .dossier()
        .and_then(|dossier| dossier.decisions.get(id));
    let is_instrument = check.dossier().is_some_and(|dossier| {
        let mut instruments = dossier.instruments.keys();
        instruments.any(|instrument| instrument.as_str() == id.as_str())
    });
    if found.is_none() && is_instrument {
        let (id, of) = (id.to_string(), check.id().clone());
        check.report("decision_id", Fault::NotADecision { id, of });
        return None;
    }
    if found.is_none()
        && let Some(fault) = answer_without_id(check, id)
    {
        check.report("decision_id", fault);
        return None;
    }
    let found = found.map(|decision| (decision, decision.on()));
    check.require_item("decision_id", "decision", id, found)
}

/// The answer of an outside decider that has no id, and so may be the decision meant.
fn answer_without_id(check: &EventCheck<'_>, id: &ItemId) -> Option<Fault> {
    let proposals = check.dossier()?.proposals.values();
    let mut answers = proposals.flat_map(|proposal| proposal.external.iter());
    let answer = answers.find(|answer| answer.decision.is_none())?;
    Some(Fault::AnswerWithoutId {
        decision: id.clone(),
        decider: answer.decider.clone(),
        position: answer.position(),
    })
}

/// Requires that the body of an actor exists.
pub(super) fn require_actor(check: &mut EventCheck<'_>, field: &str, actor: Option<&Actor>) {
    check.require_actor(field, actor);
}
