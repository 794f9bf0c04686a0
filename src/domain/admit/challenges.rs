//! Rules for decisions that are called in or challenged in court: they exist, and nothing
//! is opened or closed twice.

use super::decisions::require_decision;
use super::event_check::EventCheck;
use super::scrutiny::check_caller;
use crate::approval::board_owner;
use crate::call_in::CallIn;
use crate::dossier::{Decision, Dossier};
use crate::event::{
    Actor, CallInOutcome, CallInSettled, ChallengeStep, ChallengeStepTaken, DecisionCalledIn,
    DecisionChallenged,
};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::ids::{BoardId, BodyId, ItemId};

pub(super) fn decision_called_in(check: &mut EventCheck<'_>, event: &DecisionCalledIn) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.call_ins.get(&event.call_in));
    check.require_free("call_in_id", "call-in", &event.call_in, taken);
    if let Some(board) = &event.board {
        check.require_board("board_id", board);
    }
    let Some(decision) = require_decision(check, &event.decision) else {
        return;
    };
    if let Some(waiver) = decision.call_in_waiver() {
        let decision = event.decision.clone();
        let agreed_by = match &waiver.agreed_by {
            Some(by) => format!("{by} agreed to that"),
            None => "who agreed to that is not stated".to_owned(),
        };
        check.report(
            "decision_id",
            Fault::CallInWaived {
                decision,
                agreed_by,
            },
        );
    }
    check_caller(check, event, decision);
    let day = check.day;
    let mut open = decision.call_ins.iter();
    // The scrutiny of each body calls in a joint decision for itself.
    let is_same = |call_in: &CallIn| !is_of_another_body(check, call_in, event);
    if let Some((id, _)) = open.find(|(_, call_in)| call_in.is_open(day) && is_same(call_in)) {
        let what = format!("the call-in {id} of the decision {}", event.decision);
        check.report("decision_id", Fault::AlreadySo { what });
        return;
    }
    let mut before = decision.call_ins.iter();
    let again = before.find(|(_, call_in)| {
        let outcome = call_in.final_outcome();
        outcome.is_some_and(|outcome| !outcome.outcome.restores())
            || is_of_one_caller(check, call_in, event)
    });
    if let Some((id, call_in)) = again {
        let outcome = call_in.final_outcome();
        let (decision, call_in) = (event.decision.clone(), id.clone());
        let way_out = match outcome.map(|fact| fact.outcome.restores()) {
            Some(true) => {
                "it has counted again since, and those of one body call a decision in once; a \
                 challenge in court is another matter (decision_challenged)"
            }
            Some(false) => "it fell, and what is decided again can be called in",
            None => "check the dates of both",
        };
        let fault = Fault::CalledInBefore {
            decision,
            call_in,
            way_out,
        };
        check.report("decision_id", fault);
    }
}

/// Whether a call-in was made by the same board or office, or by a board of the same body:
/// the scrutiny of each body calls in a joint decision for itself.
fn is_of_one_caller(check: &EventCheck<'_>, before: &CallIn, event: &DecisionCalledIn) -> bool {
    let one = before.called.source.entry.event.acted_by.as_ref();
    let other = check.entry.event.acted_by.as_ref();
    if before.called.board.is_some() && before.called.board == event.board {
        return true;
    }
    match bodies_of_callers(check, before, event) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one
            .zip(other)
            .is_some_and(|(one, other)| one.is_same(other)),
        _ => false,
    }
}

/// Whether two call-ins are known to be of two bodies.
fn is_of_another_body(check: &EventCheck<'_>, before: &CallIn, event: &DecisionCalledIn) -> bool {
    matches!(bodies_of_callers(check, before, event), (Some(one), Some(other)) if one != other)
}

/// The bodies of those who called a decision in, before and now.
fn bodies_of_callers(
    check: &EventCheck<'_>,
    before: &CallIn,
    event: &DecisionCalledIn,
) -> (Option<BodyId>, Option<BodyId>) {
    let body = |board: Option<&BoardId>, actor: Option<&Actor>| match board {
        Some(board) => board_owner(check.register, board),
        None => actor.and_then(Actor::body).cloned(),
    };
    let one = before.called.source.entry.event.acted_by.as_ref();
    let other = check.entry.event.acted_by.as_ref();
    (
        body(before.called.board.as_ref(), one),
        body(event.board.as_ref(), other),
    )
}

pub(super) fn call_in_settled(check: &mut EventCheck<'_>, event: &CallInSettled) {
    let found = find(check, &event.call_in, |dossier| &dossier.call_ins);
    let found = found.and_then(|decision| decision.call_ins.get(&event.call_in));
    let found = found.map(|call_in: &CallIn| (call_in, call_in.called.on()));
    let Some(call_in) = check.require_item("call_in_id", "call-in", &event.call_in, found) else {
        return;
    };
    check_council(check, event);
    let is_referral = event.outcome == CallInOutcome::ReferredToCouncil;
    let referred = call_in.any_referral();
    // The answer of the full council follows its referral.
    if let Some(referral) = referred.filter(|_| !is_referral) {
        let what = "referral of the call-in";
        check.require_not_before("call_in_id", what, &event.call_in, referral.on());
    }
    let closed = call_in.final_outcome();
    if let Some(before) = closed.or(referred.filter(|_| is_referral)) {
        let (id, closed_on) = (event.call_in.to_string(), before.on());
        let what = "call-in";
        check.report(
            "call_in_id",
            Fault::ItemClosed {
                what,
                id,
                closed_on,
            },
        );
    }
}

/// Requires that the full council that a call-in is referred to is a board, and not the
/// one that decided.
fn check_council(check: &mut EventCheck<'_>, event: &CallInSettled) {
    let Some(council) = &event.council else {
        return;
    };
    check.require_board("council_board_id", council);
    let decision = find(check, &event.call_in, |dossier| &dossier.call_ins);
    if decision.and_then(Decision::board) == Some(council) {
        let id = format!("boards/{council}");
        check.report("council_board_id", Fault::SelfReference { id });
    }
}

/// The decision that a call-in or a challenge is about.
fn find<'a>(
    check: &EventCheck<'a>,
    id: &ItemId,
    index: impl Fn(&'a Dossier) -> &'a imbl::OrdMap<ItemId, ItemId>,
) -> Option<&'a Decision> {
    let dossier = check.dossier()?;
    dossier.decisions.get(index(dossier).get(id)?)
}

pub(super) fn decision_challenged(check: &mut EventCheck<'_>, event: &DecisionChallenged) {
    let taken = check
        .dossier()
        .and_then(|dossier| dossier.challenges.get(&event.challenge));
    check.require_free("challenge_id", "challenge", &event.challenge, taken);
    require_decision(check, &event.decision);
}

pub(super) fn challenge_step_taken(check: &mut EventCheck<'_>, event: &ChallengeStepTaken) {
    let Some(decision) = find(check, &event.challenge, |dossier| &dossier.challenges) else {
        let none: Option<((), _)> = None;
        check.require_item("challenge_id", "challenge", &event.challenge, none);
        return;
    };
    let found = decision.challenges.get(&event.challenge);
    let found = found.map(|challenge| (challenge, challenge.made.on()));
    let id = &event.challenge;
    let Some(challenge) = check.require_item("challenge_id", "challenge", id, found) else {
        return;
    };
    let steps = || challenge.steps.iter();
    let withdrawn = steps().find(|step| step.step == ChallengeStep::Withdrawn);
    if let Some(withdrawn) = withdrawn {
        let (id, closed_on) = (id.to_string(), withdrawn.on());
        let what = "challenge";
        check.report(
            "challenge_id",
            Fault::ItemClosed {
                what,
                id,
                closed_on,
            },
        );
    }
    let refused = challenge.permission_refused(check.effective_order());
    if let Some(refused) = refused.filter(|_| event.step == ChallengeStep::Quashed) {
        let (challenge, refused_on) = (id.clone(), refused.on());
        let fault = Fault::PermissionRefused {
            challenge,
            refused_on,
        };
        check.report("step", fault);
    }
    match event.step {
        ChallengeStep::StayLifted | ChallengeStep::UndertakingReleased
            if !challenge.is_stayed_at(check.effective_order()) =>
        {
            let what = "stay, or undertaking, that still applies in the challenge";
            let (id, of) = (id.to_string(), check.id().clone());
            check.report("step", Fault::UnknownItem { what, id, of });
        }
        ChallengeStep::AppealDismissed | ChallengeStep::AppealAllowed
            if !challenge.is_appealed(check.effective_order()) =>
        {
            let what = "appeal that is still open in the challenge";
            let (id, of) = (id.to_string(), check.id().clone());
            check.report("step", Fault::UnknownItem { what, id, of });
        }
        ChallengeStep::Quashed if challenge.quashed_before(EffectiveOrder::LAST).is_some() => {
            let what = format!(
                "that the decision was quashed in the challenge {id} (that an appeal against it \
                 was dismissed is CHALLENGE_STEP_APPEAL_DISMISSED)"
            );
            check.report("step", Fault::AlreadySo { what });
        }
        _ => {}
    }
    let early = event.quashed_from;
    if let Some(on) = early.filter(|from| from.last_day() < decision.on().first_day()) {
        let (what, since) = ("decision", decision.on());
        let id = challenge.made.decision.to_string();
        check.report(
            "quashed_from_on",
            Fault::BeforeItem {
                what,
                id,
                since,
                on,
                way_out: "",
            },
        );
    }
}
