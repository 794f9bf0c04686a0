//! The names of enumeration values, as people read them.
//!
//! Names are made from the published ones, `BODY_KIND_POLICING_BODY` → `policing
//! body`, so they cannot drift from the protocol.

use crate::proto;

/// The name of a value, from its published name and that of the enumeration's zero;
/// empty for the zero, which has no meaning.
pub fn enum_label(published: &str, unspecified: &str) -> String {
    if published == unspecified {
        return String::new();
    }
    let prefix = unspecified.trim_end_matches("UNSPECIFIED");
    let name = published.strip_prefix(prefix).unwrap_or(published);
    let words = name.to_lowercase().replace('_', " ");
    // A section of an Act keeps its capital.
    words.replace("22a", "22A")
}

/// An enumeration of the protocol.
pub trait EnumLabel: Default {
    fn published_name(&self) -> &'static str;

    /// The name that people read; empty for the zero.
    fn label(&self) -> String {
        enum_label(self.published_name(), Self::default().published_name())
    }
}

macro_rules! published {
    ($($name:ident),* $(,)?) => {$(
        impl EnumLabel for proto::$name {
            fn published_name(&self) -> &'static str {
                self.as_str_name()
            }
        }
    )*};
}

published!(
    AdjustmentKind,
    AmountBasis,
    AmountIs,
    AttendanceKind,
    AttentionKind,
    BoardPlace,
    BoardPower,
    BudgetChangeKind,
    BodyKind,
    BreachKind,
    CallInOutcome,
    CastingVote,
    ChallengeStep,
    CheckKind,
    CollaborationKind,
    ConcernKind,
    ConditionResult,
    DateIs,
    DeadlineKind,
    DecisionStanding,
    DifferenceKind,
    DirectionKind,
    DisposalDestination,
    EndCause,
    TermKind,
    FundType,
    HeadAnalysis,
    LineType,
    OutturnStatus,
    VarianceSign,
    InstrumentKind,
    InterestCourse,
    InterestKind,
    InvoicedFor,
    MandateRole,
    MatterKind,
    MeetingLineKind,
    MeetingStanding,
    MemberCapacity,
    MergedSeats,
    NeedState,
    NoticeCapacity,
    NoticeDay,
    NoticeStanding,
    OpportunityOutcome,
    OutstandingKind,
    Permanence,
    PresidingAs,
    ProtectiveMarking,
    PublicationExtent,
    Recurrence,
    Regime,
    ResponseChoice,
    SavingsStep,
    SettlementFor,
    SharesAre,
    Standing,
    UnderspendBasis,
    VoteChoice,
    VotingRule,
    WithheldExtent,
    WordEffect,
);

impl EnumLabel for proto::caller_principal::Kind {
    fn published_name(&self) -> &'static str {
        self.as_str_name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{BoardPower, BodyKind, InstrumentKind};

    #[test]
    fn labels_come_from_the_published_names() {
        assert_eq!(BodyKind::PolicingBody.label(), "policing body");
        assert_eq!(BodyKind::Unspecified.label(), "");
        assert_eq!(BoardPower::NoPowerToDirect.label(), "no power to direct");
        assert_eq!(
            InstrumentKind::Section22aAgreement.label(),
            "section 22A agreement"
        );
    }
}
