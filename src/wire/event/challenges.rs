//! Reading and summaries for events about decisions that are called in or challenged in
//! court.

use crate::event::envelope::require_decider;
use crate::fields::{choice, date, flag, id, name, optional, optional_id, reads, remark, text};
use crate::proto;
use crate::summary::{Summary, decided_by};
use crate::violation::MessageReader;
use minutebook_domain::event::{
    Actor, CallInOutcome, CallInSettled, ChallengeStep, ChallengeStepTaken, DecisionCalledIn,
    DecisionChallenged,
};

reads! {
    DecisionCalledIn {
        decision: id(decision_id),
        call_in: id(call_in_id),
        board: optional_id(board_id),
        grounds: text(grounds),
    } => check_caller
    CallInSettled {
        call_in: id(call_in_id),
        outcome: choice(outcome),
        reason: text(reason),
        majority: optional(majority),
        council: optional_id(council_board_id),
    } => check_settled
    DecisionChallenged {
        challenge: id(challenge_id),
        decision: id(decision_id),
        court: name(court),
        reference: remark(reference),
        grounds: text(grounds),
    }
    ChallengeStepTaken {
        challenge: id(challenge_id),
        step: choice(step),
        reference: remark(reference),
        quashed_from: date(quashed_from_on),
        stay_continues: flag(stay_continues),
    } => check_step
}

fn check_caller(r: &mut MessageReader, m: &proto::DecisionCalledIn) {
    // The fault is noted; the reader counts it.
    let _ = require_decider(r, &m.board_id);
}

fn check_settled(r: &mut MessageReader, m: &proto::CallInSettled) {
    let is_referral = m.outcome() == proto::CallInOutcome::ReferredToCouncil;
    if !m.council_board_id.is_empty() && !is_referral {
        r.fault_in(
            "council_board_id",
            "only a referral names the full council: leave it out, or make the outcome \
             CALL_IN_OUTCOME_REFERRED_TO_COUNCIL",
        );
    }
    let decided_again = matches!(
        m.outcome(),
        proto::CallInOutcome::BackToDecider
            | proto::CallInOutcome::ReferredToCouncil
            | proto::CallInOutcome::Amended
    );
    if m.majority.is_some() && !decided_again {
        r.fault_in(
            "majority",
            "only what is decided again needs a majority: leave it out, or make the outcome \
             CALL_IN_OUTCOME_BACK_TO_DECIDER",
        );
    }
}

fn check_step(r: &mut MessageReader, m: &proto::ChallengeStepTaken) {
    if m.quashed_from_on.is_some() && m.step() != proto::ChallengeStep::Quashed {
        r.fault_in(
            "quashed_from_on",
            "only a quashing has such a day: leave it out, or make the step \
             CHALLENGE_STEP_QUASHED",
        );
    }
    if m.stay_continues && m.quashed_from_on.is_none() {
        r.fault_in(
            "stay_continues",
            "a stay ends with the judgment, unless it quashes the decision from a later day: fill \
             in quashed_from_on, or leave this out",
        );
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for DecisionCalledIn {
    fn line(&self) -> String {
        self.line_by(None)
    }

    fn line_by(&self, actor: Option<&Actor>) -> String {
        let by = decided_by(self.board.as_ref(), actor);
        format!(
            "decision {} called in{by} ({})",
            self.decision, self.call_in
        )
    }
}

impl Summary for CallInSettled {
    fn line(&self) -> String {
        let outcome = match self.outcome {
            CallInOutcome::Stands => "the decision is upheld",
            CallInOutcome::BackToDecider => "back to those who decided",
            CallInOutcome::ReferredToCouncil => "referred to the full council",
            CallInOutcome::Amended => "the decision is amended",
            CallInOutcome::Rescinded => "the decision is rescinded",
            CallInOutcome::Lapsed => "it lapsed",
        };
        if self.outcome == CallInOutcome::ReferredToCouncil {
            let council = self.council.as_ref();
            let council = council.map_or_else(String::new, |id| format!(" (boards/{id})"));
            return format!("call-in {} {outcome}{council}", self.call_in);
        }
        format!("call-in {} settled: {outcome}", self.call_in)
    }
}

impl Summary for DecisionChallenged {
    fn line(&self) -> String {
        format!(
            "decision {} challenged in the {} ({})",
            self.decision, self.court, self.challenge
        )
    }
}

impl Summary for ChallengeStepTaken {
    fn line(&self) -> String {
        let step = match self.step {
            ChallengeStep::PermissionGranted => "permission granted".to_owned(),
            ChallengeStep::PermissionRefused => "permission refused".to_owned(),
            ChallengeStep::Stayed => "the decision is stayed".to_owned(),
            ChallengeStep::StayLifted => "the stay is lifted".to_owned(),
            ChallengeStep::Upheld => "the decision is upheld".to_owned(),
            ChallengeStep::Quashed => match self.quashed_from {
                Some(from) if self.stay_continues => {
                    format!("the decision is quashed from {from}, and stayed until then")
                }
                Some(from) => format!("the decision is quashed from {from}"),
                None => "the decision is quashed".to_owned(),
            },
            ChallengeStep::Appealed => "appealed".to_owned(),
            ChallengeStep::Withdrawn => "withdrawn".to_owned(),
            ChallengeStep::UndertakingGiven => {
                "an undertaking is given not to act on the decision".to_owned()
            }
            ChallengeStep::UndertakingReleased => "the undertaking is released".to_owned(),
            ChallengeStep::AppealDismissed => "the appeal is dismissed".to_owned(),
            ChallengeStep::AppealAllowed => "the appeal is allowed".to_owned(),
        };
        format!("challenge {}: {step}", self.challenge)
    }
}
