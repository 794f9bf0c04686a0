//! Call-ins of decisions: open until they are settled, by those who called the decision in
//! or by the full council that they referred it to.

use jiff::civil::Date;

use super::event::{CallInOutcome, CallInSettled, DecisionCalledIn, Majority};
use super::fact::{Fact, Facts};

/// A call-in of a decision.
#[derive(Clone, Debug)]
pub struct CallIn {
    pub called: Fact<DecisionCalledIn>,
    /// A referral to the full council, and the outcome.
    pub settled: Facts<CallInSettled>,
}

impl CallIn {
    /// A call-in that nobody has dealt with.
    pub fn new(called: Fact<DecisionCalledIn>) -> Self {
        Self {
            called,
            settled: Facts::default(),
        }
    }

    pub fn is_open(&self, day: Date) -> bool {
        self.called.day() <= day && self.outcome(day).is_none()
    }

    /// The outcome, if there is one by a day.
    pub fn outcome(&self, day: Date) -> Option<&Fact<CallInSettled>> {
        self.settled.by(day).find(|fact| !is_referral(fact))
    }

    /// The outcome, whatever its day.
    pub fn final_outcome(&self) -> Option<&Fact<CallInSettled>> {
        self.settled.iter().find(|fact| !is_referral(fact))
    }

    /// The referral to the full council, if there is one by a day.
    pub fn referral(&self, day: Date) -> Option<&Fact<CallInSettled>> {
        self.settled.by(day).find(|fact| is_referral(fact))
    }

    /// The referral to the full council, whatever its day.
    pub fn any_referral(&self) -> Option<&Fact<CallInSettled>> {
        self.settled.iter().find(|fact| is_referral(fact))
    }

    /// The majority by which the decision must be made again.
    pub fn majority(&self) -> Option<Majority> {
        let referred = || self.any_referral().and_then(|fact| fact.majority);
        let outcome = self.final_outcome()?;
        outcome.majority.or_else(referred)
    }
}

fn is_referral(fact: &Fact<CallInSettled>) -> bool {
    fact.outcome == CallInOutcome::ReferredToCouncil
}
