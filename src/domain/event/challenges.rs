//! Events about decisions that are called in by scrutiny or challenged in court.

use crate::domain::date::PartialDate;
use crate::domain::ids::{BoardId, ItemId};
use crate::domain::text::{Name, Text};

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
}

impl ChallengeStep {
    /// Whether a stay ends with it.
    pub const fn ends_stay(self) -> bool {
        matches!(
            self,
            Self::PermissionRefused | Self::StayLifted | Self::Upheld | Self::Withdrawn
        )
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeStepTaken {
    pub challenge: ItemId,
    pub step: ChallengeStep,
    pub reference: Text,
    /// For a quashing: `None` where the decision was never valid.
    pub quashed_from: Option<PartialDate>,
}
