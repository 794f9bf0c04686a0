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

    /// Whether a stay applies at a point in the order.
    pub fn is_stayed_at(&self, at: EffectiveOrder) -> bool {
        let steps = self.steps.iter();
        let before = steps.take_while(|step| step.effective_order() < at);
        before
            .filter(|step| step.step == ChallengeStep::Stayed || step.step.ends_stay())
            .last()
            .is_some_and(|step| step.step == ChallengeStep::Stayed)
    }

    /// The step that quashed the decision, unless a higher court has upheld it since.
    pub fn quashed_before(&self, until: EffectiveOrder) -> Option<&Fact<ChallengeStepTaken>> {
        let steps = self.steps.iter();
        let steps = steps.take_while(|step| step.effective_order() < until);
        steps
            .filter(|step| matches!(step.step, ChallengeStep::Quashed | ChallengeStep::Upheld))
            .last()
            .filter(|step| step.step == ChallengeStep::Quashed)
    }
}
