//! Events about decisions that are called in by scrutiny or challenged in court.

use crate::date::PartialDate;
use crate::event::Majority;
use crate::ids::{BoardId, ItemId};
use crate::text::{Name, Text};

/// Scrutiny calls a decision in; it is suspended until the call-in is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionCalledIn {
    pub decision: ItemId,
    pub call_in: ItemId,
    /// `None` where the actor of the event calls it in.
    pub board: Option<BoardId>,
    pub grounds: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallInOutcome {
    Stands,
    BackToDecider,
    /// The full council objects to the decision, or does not.
    ReferredToCouncil,
    Amended,
    Rescinded,
    /// Nobody dealt with the call-in in time.
    Lapsed,
}

impl CallInOutcome {
    /// Whether the decision counts again.
    pub const fn restores(self) -> bool {
        matches!(self, Self::Stands | Self::Lapsed)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallInSettled {
    pub call_in: ItemId,
    pub outcome: CallInOutcome,
    pub reason: Text,
    /// The majority by which the board must carry it when it decides again.
    pub majority: Option<Majority>,
    /// The full council that it is referred to.
    pub council: Option<BoardId>,
}

/// A decision is challenged in court; it is valid until it is quashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionChallenged {
    pub challenge: ItemId,
    pub decision: ItemId,
    pub court: Name,
    pub reference: Text,
    pub grounds: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChallengeStep {
    PermissionGranted,
    PermissionRefused,
    Stayed,
    StayLifted,
    Upheld,
    Quashed,
    Appealed,
    Withdrawn,
    /// The decider undertakes not to act on the decision, instead of a stay.
    UndertakingGiven,
    UndertakingReleased,
    /// The judgment that was appealed stays as it is.
    AppealDismissed,
    /// The judgment that was appealed is set aside: a quashing ends.
    AppealAllowed,
}

impl ChallengeStep {
    /// Whether the decision is suspended from it on.
    pub const fn suspends(self) -> bool {
        matches!(self, Self::Stayed | Self::UndertakingGiven)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeStepTaken {
    pub challenge: ItemId,
    pub step: ChallengeStep,
    pub reference: Text,
    /// For a quashing: `None` where the decision was never valid.
    pub quashed_from: Option<PartialDate>,
    /// For a quashing from a later day: whether a stay goes on until then.
    pub stay_continues: bool,
}

impl ChallengeStepTaken {
    /// Whether a stay, or an undertaking instead of one, ends with it. Both are until
    /// judgment.
    pub const fn ends_stay(&self) -> bool {
        match self.step {
            ChallengeStep::PermissionRefused
            | ChallengeStep::StayLifted
            | ChallengeStep::UndertakingReleased
            | ChallengeStep::Upheld
            | ChallengeStep::Withdrawn
            | ChallengeStep::AppealDismissed
            | ChallengeStep::AppealAllowed => true,
            ChallengeStep::Quashed => !self.stay_continues,
            ChallengeStep::PermissionGranted
            | ChallengeStep::Stayed
            | ChallengeStep::UndertakingGiven
            | ChallengeStep::Appealed => false,
        }
    }
}
