//! The values of the protocol's enumerations as lower-case words.
//!
//! The words are made from the published names, `BODY_KIND_POLICING_BODY` →
//! `policing body`, so they cannot drift from the protocol.

use super::cell::Cell;
use crate::wire::proto;

/// An enumeration of the protocol.
pub trait EnumLabel: Default {
    /// The name in the protocol.
    fn published_name(&self) -> &'static str;
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
    BoardPower,
    BodyKind,
    BreachKind,
    CollaborationKind,
    ConcernKind,
    DeadlineKind,
    DecisionStanding,
    DifferenceKind,
    DirectionKind,
    DisposalDestination,
    EndCause,
    FundType,
    InstrumentKind,
    MatterKind,
    MemberCapacity,
    NeedState,
    NoticeCapacity,
    NoticeDay,
    NoticeStanding,
    OpportunityOutcome,
    OutstandingKind,
    Permanence,
    Regime,
    ResponseChoice,
    Standing,
    UnderspendBasis,
    VoteChoice,
    VotingRule,
);

/// A value in words; empty for the one that says nothing.
pub fn word<E: EnumLabel>(value: E) -> Cell {
    let nothing = E::default().published_name();
    let name = value.published_name();
    if name == nothing {
        return Cell::Empty;
    }
    let prefix = nothing.trim_end_matches("UNSPECIFIED");
    let word = name.strip_prefix(prefix).unwrap_or(name);
    Cell::Word(word.to_lowercase().replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::proto::{BoardPower, BodyKind, InstrumentKind};

    #[test]
    fn words_come_from_the_published_names() {
        assert_eq!(word(BodyKind::PolicingBody).for_people(), "policing body");
        assert_eq!(word(BodyKind::Unspecified), Cell::Empty);
        assert_eq!(
            word(BoardPower::NoPowerToDirect).for_programs(),
            "no power to direct"
        );
        let agreement = word(InstrumentKind::Section22aAgreement);
        assert_eq!(agreement.for_people(), "section 22A agreement");
        assert_eq!(agreement.for_programs(), "section 22a agreement");
    }
}
