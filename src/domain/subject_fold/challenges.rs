//! The fold of events about decisions that are called in or challenged in court.

use super::with;
use crate::call_in::CallIn;
use crate::challenge::Challenge;
use crate::event::{CallInSettled, ChallengeStepTaken, DecisionCalledIn, DecisionChallenged};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn decision_called_in(subject: &mut Subject, fact: Fact<DecisionCalledIn>) {
    let (id, call_in) = (fact.decision.clone(), fact.call_in.clone());
    let dossier = &mut subject.dossier;
    dossier.call_ins.insert(call_in.clone(), id.clone());
    with(&mut dossier.decisions, &id, |decision| {
        decision.call_ins.insert(call_in, CallIn::new(fact));
    });
}

pub(super) fn call_in_settled(subject: &mut Subject, fact: Fact<CallInSettled>) {
    let dossier = &mut subject.dossier;
    let id = fact.call_in.clone();
    let Some(decision) = dossier.call_ins.get(&id) else {
        return;
    };
    with(&mut dossier.decisions, decision, |decision| {
        with(&mut decision.call_ins, &id, |call_in| {
            call_in.settled.insert(fact);
        });
    });
}

pub(super) fn decision_challenged(subject: &mut Subject, fact: Fact<DecisionChallenged>) {
    let (id, challenge) = (fact.decision.clone(), fact.challenge.clone());
    let dossier = &mut subject.dossier;
    dossier.challenges.insert(challenge.clone(), id.clone());
    with(&mut dossier.decisions, &id, |decision| {
        decision.challenges.insert(challenge, Challenge::new(fact));
    });
}

pub(super) fn challenge_step_taken(subject: &mut Subject, fact: Fact<ChallengeStepTaken>) {
    let dossier = &mut subject.dossier;
    let id = fact.challenge.clone();
    let Some(decision) = dossier.challenges.get(&id) else {
        return;
    };
    with(&mut dossier.decisions, decision, |decision| {
        with(&mut decision.challenges, &id, |challenge| {
            challenge.steps.insert(fact);
        });
    });
}
