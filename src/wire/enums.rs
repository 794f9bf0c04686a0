//! Enumerations: from the published language to the domain, and back.
//!
//! Zero never has a meaning of its own: each field either refuses it or documents
//! a default for it.

use crate::proto;
use minutebook_domain::event as domain;

/// An enumeration of the published language.
pub(crate) trait WireEnum: Copy + TryFrom<i32> + 'static {
    /// Every value except "unspecified".
    const CHOICES: &'static [Self];
    /// The published name of the value.
    fn published_name(self) -> &'static str;
    fn is_unspecified(self) -> bool;
}

macro_rules! choices {
    ($($name:ident { $($choice:ident),* $(,)? })*) => {$(
        impl WireEnum for proto::$name {
            const CHOICES: &'static [Self] = &[$(Self::$choice),*];

            fn published_name(self) -> &'static str {
                self.as_str_name()
            }

            fn is_unspecified(self) -> bool {
                matches!(self, Self::Unspecified)
            }
        }
    )*};
}

macro_rules! enums {
    ($($name:ident { $($choice:ident),* $(,)? })*) => {
        choices! { $($name { $($choice),* })* }

        $(
        impl FromEnum for domain::$name {
            type Wire = proto::$name;

            fn from_wire(choice: proto::$name) -> Option<Self> {
                match choice {
                    proto::$name::Unspecified => None,
                    $(proto::$name::$choice => Some(Self::$choice),)*
                }
            }
        }

        impl From<domain::$name> for proto::$name {
            fn from(choice: domain::$name) -> Self {
                match choice {
                    $(domain::$name::$choice => Self::$choice,)*
                }
            }
        }
        )*
    };
}

/// An enumeration of the domain.
pub(crate) trait FromEnum: Sized {
    type Wire: WireEnum;
    /// `None` for "unspecified".
    fn from_wire(choice: Self::Wire) -> Option<Self>;
}

enums! {
    BodyKind {
        PolicingBody, ChiefOfficer, FireAuthority, AmbulanceTrust, Council, CombinedAuthority,
        Government, Inspectorate, Scrutiny, Other, Health, Company, Court,
    }
    AmountIs { About, AtLeast, AtMost, NotGiven }
    SharesAre { Rounded, Incomplete }
    InvoicedFor { Contribution, Overspend, Adjustment }
    BoardPower { Decides, Oversees, Advises, NoPowerToDirect, NotGiven }
    VotingRule { Majority, Unanimity, Weighted, Qualified }
    MajorityOf { Voting, Present, AllMembers }
    TallyFigure { For, Against, Abstentions }
    TermKind {
        Commencement, Expiry, Review, NoticeAsParty, NoticeAsLead, Withdrawal, Variation,
        Provisions, Accession, Value,
    }
    CastingVote { Presiding, None }
    MergedSeats { Each, One }
    AttendanceKind { Present, Substitute, Apologies, Absent, InAttendance }
    PresidingAs { Chair, ViceChair, Other }
    InterestKind { DisclosablePecuniary, Other }
    InterestCourse { LeftTheRoom, StayedWithoutVote, Voted }
    DispensationGround {
        TooFewLeft, PoliticalBalance, ResidentsInterest, WholeExecutive, OtherwiseAppropriate,
    }
    MemberCapacity { Member, Observer, InAttendance }
    CollaborationKind {
        Alliance, Regional, Programme, Partnership, CoCommissioning, EmergencyServices,
        SharedSystem, Other,
    }
    OpportunityOutcome { Pursued, Declined, UnderConsideration }
    NoticeCapacity { Party, Lead }
    EndCause { Agreement, Notice, Direction, Replacement, Expiry, NotGiven, Law }
    InstrumentKind {
        Section22aAgreement, MemorandumOfUnderstanding, EmergencyServicesAgreement, BusinessCase,
        TermsOfReference, SchemeOfGovernance, CountywideAgreement, Plan, Policy, TransferScheme,
        Other, Section75Agreement, JointCommitteeAgreement, Section113Agreement,
        InterAuthorityAgreement, MutualAidAgreement, HostingAgreement, Contract, AccessionDeed,
        SideLetter, StatutoryOrder,
    }
    PublicationExtent { Whole, FactOnly, Part }
    WithheldExtent { Whole, Text, Part }
    DateIs { About, By, From }
    MatterKind {
        SignInstrument, VaryInstrument, AdmitParty, Withdraw, EndCollaboration, AddService,
        RemoveService, ChangeLead, SetBudget, MakeVirement, DisposeUnderspend, AdoptRules, Other,
        Together,
    }
    Permanence { OneOff, Permanent }
    UnderspendBasis { Actual, Projected }
    FundType { Revenue, Capital }
    AmountBasis { ToDate, Committed }
    LineType { Expenditure, Income }
    VarianceSign { BudgetLessSpent, SpentLessBudget }
    OutturnStatus { Provisional, Final, SubjectToAudit, Audited }
    AdjustmentKind { Supplementary, FromReserve, ToReserve, Grant, BroughtForward, Slippage }
    HeadAnalysis { Subjective, Objective }
    Crossing { Heads, Services, CapitalRevenue, ReturnedToBodies }
    VoteChoice { Approve, Reject, Abstain }
    ConditionResult { Met, NotMet, Waived }
    CallInOutcome { Stands, BackToDecider, ReferredToCouncil, Amended, Rescinded, Lapsed }
    ChallengeStep {
        PermissionGranted, PermissionRefused, Stayed, StayLifted, Upheld, Quashed, Appealed,
        Withdrawn, UndertakingGiven, UndertakingReleased, AppealDismissed, AppealAllowed,
    }
    DisposalDestination { BodyReserves, RegionalReserve, CarriedForward }
    Recurrence { Recurring, OneOff }
    SettlementFor { Dispute, Exit, InLieuOfNotice, Overspend, Other }
    MandateRole { Registrar, Recorder, Member, Secretary, Auditor, Reader, Keeper }
    ProtectiveMarking { Unmarked, Official, OfficialSensitive }
    ResponseChoice { Accepted, PartlyAccepted, Rejected, UnderConsideration }
}

// In the domain these values carry data.
choices! {
    DirectionKind { Mandate, MandateLifted, Direct, Terminate }
    ProvisionKind { Force, PolicingBody, PolicingBodyAndForce }
    Outcome { Approved, Rejected, Noted, Supported, Deferred, Referred }
}

impl From<&domain::DirectionKind> for proto::DirectionKind {
    fn from(kind: &domain::DirectionKind) -> Self {
        match kind {
            domain::DirectionKind::Mandate => Self::Mandate,
            domain::DirectionKind::MandateLifted(_) => Self::MandateLifted,
            domain::DirectionKind::Direct => Self::Direct,
            domain::DirectionKind::Terminate => Self::Terminate,
        }
    }
}

impl From<&domain::Provision> for proto::ProvisionKind {
    fn from(provision: &domain::Provision) -> Self {
        match provision {
            domain::Provision::Force(_) => Self::Force,
            domain::Provision::PolicingBody(_) => Self::PolicingBody,
            domain::Provision::PolicingBodyAndForce(..) => Self::PolicingBodyAndForce,
        }
    }
}

impl From<&domain::Outcome> for proto::Outcome {
    fn from(outcome: &domain::Outcome) -> Self {
        match outcome {
            domain::Outcome::Approved => Self::Approved,
            domain::Outcome::Rejected => Self::Rejected,
            domain::Outcome::Noted => Self::Noted,
            domain::Outcome::Supported => Self::Supported,
            domain::Outcome::Deferred => Self::Deferred,
            domain::Outcome::Referred(_) => Self::Referred,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_round_trip<T: FromEnum>(name: &str)
    where
        T::Wire: From<T> + PartialEq + std::fmt::Debug,
        <T::Wire as TryFrom<i32>>::Error: std::fmt::Debug,
    {
        for choice in T::Wire::CHOICES {
            let value = T::from_wire(*choice).unwrap();
            assert_eq!(T::Wire::from(value), *choice);
            assert!(!choice.is_unspecified());
        }
        // The list has every published value.
        let zero = T::Wire::try_from(0).unwrap();
        assert!(zero.is_unspecified() && T::from_wire(zero).is_none());
        let known = (0..100).filter(|n| T::Wire::try_from(*n).is_ok()).count();
        assert_eq!(known, T::Wire::CHOICES.len() + 1, "{name}");
    }

    #[test]
    fn every_choice_makes_a_round_trip() {
        macro_rules! check_round_trips {
            ($($name:ident)*) => { $(check_round_trip::<domain::$name>(stringify!($name));)* };
        }
        check_round_trips! {
            BodyKind BoardPower VotingRule MemberCapacity CollaborationKind OpportunityOutcome
            NoticeCapacity EndCause InstrumentKind MatterKind Permanence UnderspendBasis FundType
            Crossing VoteChoice DisposalDestination ResponseChoice PublicationExtent
            WithheldExtent DateIs AmountIs SharesAre InvoicedFor
            ConditionResult CallInOutcome ChallengeStep MajorityOf CastingVote MergedSeats
            AttendanceKind PresidingAs InterestKind InterestCourse DispensationGround
            TallyFigure TermKind AmountBasis LineType VarianceSign OutturnStatus AdjustmentKind
            HeadAnalysis Recurrence SettlementFor MandateRole ProtectiveMarking
        }
    }
}
