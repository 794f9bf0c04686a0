//! Rules for events about proposals, votes, decisions and actions: that what
//! they name is there. Who must agree to what is judged by the approval rules.

use super::event_check::EventCheck;
use super::votes;
use crate::domain::event::{
    ActionAgreed, ActionClosed, Actor, ApprovableAct, DecisionMade, DecisionPublished,
    DecisionWithheld, ExternalDecisionReceived, Matter, MatterProposed, Outcome, ProposalWithdrawn,
    VoteCast,
};
use crate::domain::fault::Fault;
use crate::domain::ids::ItemId;

pub(super) fn matter_proposed(bench: &mut EventCheck<'_>, what: &MatterProposed) {
    bench.free_proposal("proposal_id", what.proposal);
    votes::proposed(bench, &ApprovableAct::matter(&what.matter), what.ratifies);
    if let Some(board) = &what.board {
        bench.known_board("board_id", board);
    }
    if let Some(decider) = &what.decider {
        bench.body("decider_id", decider);
    }
    match &what.matter {
        Matter::SignInstrument(id) => {
            super::instruments::known(bench, "matter.sign_instrument_id", id);
        }
        Matter::VaryInstrument(id) => {
            super::instruments::known(bench, "matter.vary_instrument_id", id);
        }
        Matter::AdmitParty(id) => {
            bench.body("matter.admit_body_id", id);
        }
        Matter::Withdraw(id) => {
            bench.party("matter.withdraw_body_id", id);
        }
        Matter::RemoveService(id) => {
            bench.service("matter.remove_service_id", id);
        }
        Matter::ChangeLead { service, to } => {
            bench.optional_service("matter.change_lead.service_id", service.as_ref());
            bench.body("matter.change_lead.to_id", to);
        }
        Matter::MakeVirement(virement) => {
            super::virements::virement(bench, "matter.make_virement.", virement);
        }
        Matter::DisposeUnderspend(disposal) => {
            super::virements::disposal(bench, "matter.dispose_underspend.", disposal);
        }
        Matter::EndCollaboration
        | Matter::AddService(_)
        | Matter::SetBudget { .. }
        | Matter::AdoptRules(_)
        | Matter::Other(_) => {}
    }
}

pub(super) fn vote_cast(bench: &mut EventCheck<'_>, what: &VoteCast) {
    let proposal = bench.proposal("proposal_id", what.proposal);
    actor(bench, "voter", Some(&what.voter));
    let board = what.board.as_ref();
    if board.is_none_or(|board| bench.known_board("board_id", board))
        && let Some(proposal) = proposal
    {
        votes::voted(bench, what, proposal);
    }
}

pub(super) fn decision_made(bench: &mut EventCheck<'_>, what: &DecisionMade) {
    free_decision(bench, &what.decision);
    let proposal = what
        .proposal
        .and_then(|id| Some((id, bench.proposal("proposal_id", id)?)));
    let board = what.board.as_ref();
    if board.is_none_or(|board| bench.known_board("board_id", board)) {
        votes::decided(bench, what, proposal);
    }
    if let Outcome::Referred(to) = &what.outcome {
        bench.body("referred_to_id", to);
    }
}

pub(super) fn free_decision(bench: &mut EventCheck<'_>, id: &ItemId) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.decisions.get(id));
    bench.free("decision_id", "decision", id, taken);
}

pub(super) fn external_decision_received(
    bench: &mut EventCheck<'_>,
    what: &ExternalDecisionReceived,
) {
    bench.body("decider_id", &what.decider);
    if let Some(proposal) = bench.proposal("proposal_id", what.proposal) {
        votes::answered(bench, what, proposal);
    }
}

pub(super) fn proposal_withdrawn(bench: &mut EventCheck<'_>, what: &ProposalWithdrawn) {
    if let Some(proposal) = bench.proposal("proposal_id", what.proposal) {
        votes::open(bench, what.proposal, proposal);
    }
}

pub(super) fn action_agreed(bench: &mut EventCheck<'_>, what: &ActionAgreed) {
    let taken = bench
        .dossier()
        .and_then(|dossier| dossier.actions.get(&what.action));
    bench.free("action_id", "action", &what.action, taken);
    actor(bench, "owner", what.owner.as_ref());
    if let Some(decision) = &what.decision {
        known_decision(bench, decision);
    }
}

pub(super) fn action_closed(bench: &mut EventCheck<'_>, what: &ActionClosed) {
    let found = bench
        .dossier()
        .and_then(|dossier| dossier.actions.get(&what.action));
    let found = found.map(|action| (action, action.agreed.on()));
    let Some(action) = bench.item("action_id", "action", &what.action, found) else {
        return;
    };
    if let Some(before) = action.closed.latest() {
        let (id, closed_on) = (what.action.to_string(), before.on());
        bench.fault(
            "action_id",
            Fault::ItemClosed {
                what: "action",
                id,
                closed_on,
            },
        );
    }
}

pub(super) fn decision_published(bench: &mut EventCheck<'_>, what: &DecisionPublished) {
    known_decision(bench, &what.decision);
}

pub(super) fn decision_withheld(bench: &mut EventCheck<'_>, what: &DecisionWithheld) {
    known_decision(bench, &what.decision);
}

/// Demands that the decision is there.
fn known_decision(bench: &mut EventCheck<'_>, id: &ItemId) {
    let found = bench
        .dossier()
        .and_then(|dossier| dossier.decisions.get(id));
    bench.item(
        "decision_id",
        "decision",
        id,
        found.map(|decision| ((), decision.on())),
    );
}

/// Demands that the body of an actor is in being.
pub(super) fn actor(bench: &mut EventCheck<'_>, field: &str, actor: Option<&Actor>) {
    if let Some(body) = actor.and_then(Actor::body) {
        bench.body(format_args!("{field}.body_id"), body);
    }
}
