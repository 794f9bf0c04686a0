//! Rules for decisions that are called in or challenged in court: they exist, and nothing
//! is opened or closed twice.

use super::decisions::require_decision;
use super::event_check::EventCheck;
use crate::domain::dossier::{CallIn, Decision, Dossier};
use crate::domain::event::{
    CallInSettled, ChallengeStep, ChallengeStepTaken, DecisionCalledIn, DecisionChallenged,
};
use crate::domain::fact::EffectiveOrder;
use crate::domain::fault::Fault;
use crate::domain::ids::ItemId;

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
    let day = check.day;
    let mut open = decision.call_ins.iter();
    if let Some((id, _)) = open.find(|(_, call_in)| call_in.is_open(day)) {
        let what = format!("the call-in {id} of the decision {}", event.decision);
        check.report("decision_id", Fault::AlreadySo { what });
    }
}

pub(super) fn call_in_settled(check: &mut EventCheck<'_>, event: &CallInSettled) {
    let found = find(check, &event.call_in, |dossier| &dossier.call_ins);
    let found = found.and_then(|decision| decision.call_ins.get(&event.call_in));
    let found = found.map(|call_in: &CallIn| (call_in, call_in.called.on()));
    let Some(call_in) = check.require_item("call_in_id", "call-in", &event.call_in, found) else {
        return;
    };
    if let Some(before) = call_in.settled.latest() {
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
    match event.step {
        ChallengeStep::StayLifted | ChallengeStep::UndertakingReleased
            if !challenge.is_stayed_at(check.effective_order()) =>
        {
            let what = "stay, or undertaking, that still applies in the challenge";
            let (id, of) = (id.to_string(), check.id().clone());
            check.report("step", Fault::UnknownItem { what, id, of });
        }
        ChallengeStep::Quashed if challenge.quashed_before(EffectiveOrder::LAST).is_some() => {
            let what = format!("that the decision was quashed in the challenge {id}");
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
            },
        );
    }
}
