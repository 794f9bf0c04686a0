//! Challenges of decisions in court: stays and quashings, step by step.

use super::event::{ChallengeStep, ChallengeStepTaken, DecisionChallenged};
use super::fact::{EffectiveOrder, Fact, Facts};

/// A challenge of a decision in court, and its steps.
#[derive(Clone, Debug)]
pub struct Challenge {
    pub made: Fact<DecisionChallenged>,
    pub steps: Facts<ChallengeStepTaken>,
}

impl Challenge {
    /// A challenge without a step.
    pub fn new(made: Fact<DecisionChallenged>) -> Self {
        Self {
            made,
            steps: Facts::default(),
        }
    }

    /// Whether a stay, or an undertaking instead of one, applies at a point in the order.
    pub fn is_stayed_at(&self, at: EffectiveOrder) -> bool {
        let steps = self.steps.iter();
        let before = steps.take_while(|step| step.effective_order() < at);
        before
            .filter(|step| step.step.suspends() || step.ends_stay())
            .last()
            .is_some_and(|step| step.step.suspends())
    }

    /// The step that quashed the decision, unless a higher court has upheld it since.
    pub fn quashed_before(&self, until: EffectiveOrder) -> Option<&Fact<ChallengeStepTaken>> {
        let steps = self.steps.iter();
        let steps = steps.take_while(|step| step.effective_order() < until);
        steps
            .filter(|step| {
                matches!(
                    step.step,
                    ChallengeStep::Quashed | ChallengeStep::Upheld | ChallengeStep::AppealAllowed
                )
            })
            .last()
            .filter(|step| step.step == ChallengeStep::Quashed)
    }

    /// Whether an appeal is open at a point in the order: no higher court has decided it.
    pub fn is_appealed(&self, at: EffectiveOrder) -> bool {
        let steps = self.steps.iter();
        let before = steps.take_while(|step| step.effective_order() < at);
        let last = before.filter(|step| {
            matches!(
                step.step,
                ChallengeStep::Appealed
                    | ChallengeStep::AppealDismissed
                    | ChallengeStep::AppealAllowed
                    | ChallengeStep::Upheld
                    | ChallengeStep::Quashed
            )
        });
        last.last()
            .is_some_and(|step| step.step == ChallengeStep::Appealed)
    }

    /// The step that refused permission for the claim, unless permission was granted since,
    /// on renewal or on appeal.
    pub fn permission_refused(&self, until: EffectiveOrder) -> Option<&Fact<ChallengeStepTaken>> {
        let steps = self.steps.iter();
        let steps = steps.take_while(|step| step.effective_order() < until);
        steps
            .filter(|step| {
                matches!(
                    step.step,
                    ChallengeStep::PermissionGranted | ChallengeStep::PermissionRefused
                )
            })
            .last()
            .filter(|step| step.step == ChallengeStep::PermissionRefused)
    }

    /// Whether the decision is quashed at a point in the order: from the beginning, or from
    /// a day that is here.
    pub fn is_quashed_at(&self, at: EffectiveOrder) -> bool {
        self.quashed_before(at).is_some_and(|step| {
            step.quashed_from
                .is_none_or(|from| from.first_day() <= at.day)
        })
    }
}
