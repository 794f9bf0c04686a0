//! The rules at the door, by number.
//!
//! `docs/rules.md` explains each rule and gives its source. The numbers are part
//! of the published interface and never change.

use std::fmt;

/// A rule that every event is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    Mandates = 0,
    Existence = 1,
    Instruments = 2,
    StatutoryParties = 3,
    Entitlement = 4,
    PriorApproval = 5,
    ProjectedUnderspend = 6,
    Money = 7,
    Notice = 8,
    References = 9,
}

impl Rule {
    /// All rules, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Mandates,
        Self::Existence,
        Self::Instruments,
        Self::StatutoryParties,
        Self::Entitlement,
        Self::PriorApproval,
        Self::ProjectedUnderspend,
        Self::Money,
        Self::Notice,
        Self::References,
    ];

    /// The published number, from 0.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Whether it judges proposals, votes, decisions or the acts that rely on them.
    pub const fn is_about_approval(self) -> bool {
        matches!(self, Self::Entitlement) || self.is_about_acts()
    }

    /// Whether it judges an act against its prior approval. Such a fault can be
    /// acknowledged as a breach.
    pub const fn is_about_acts(self) -> bool {
        matches!(self, Self::PriorApproval | Self::ProjectedUnderspend)
    }

    /// The rule with a number, as a status prints it.
    pub fn numbered(number: &str) -> Option<Self> {
        let number: u8 = number.parse().ok()?;
        Self::ALL.into_iter().find(|rule| rule.number() == number)
    }

    /// The name, as `docs/rules.md` heads its section.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mandates => "a caller says what a mandate covers",
            Self::Existence => "who and what must exist",
            Self::Instruments => "instruments",
            Self::StatutoryParties => "who may make an agreement under statute",
            Self::Entitlement => "who may agree",
            Self::PriorApproval => "an act relies on its prior approval",
            Self::ProjectedUnderspend => "a projected underspend",
            Self::Money => "money",
            Self::Notice => "notice and mandate",
            Self::References => "nothing refers to what does not exist, or not yet",
        }
    }

    /// The rule in one sentence.
    pub const fn statement(self) -> &'static str {
        match self {
            Self::Mandates => {
                "Once a register has a keeper, a caller records only what a mandate in force allows, \
                 speaks only for those whom it covers, and does not approve what the same caller \
                 proposed for another."
            }
            Self::Existence => {
                "Bodies, boards, collaborations, parties, services, units and seats exist on the \
                 day of the event."
            }
            Self::Instruments => {
                "An instrument is in force once every party that must sign has signed, and it is \
                 varied only with the agreement of those parties."
            }
            Self::StatutoryParties => {
                "The parties and terms of an instrument satisfy the statute it is made under."
            }
            Self::Entitlement => {
                "A vote or a decision counts only if the approval rule in force asks for that \
                 voter, and nobody agrees alone to their own proposal."
            }
            Self::PriorApproval => {
                "An act that an approval rule covers needs a proposal that was carried on or \
                 before the day of the act, for that act and that amount."
            }
            Self::ProjectedUnderspend => {
                "A virement on a projected underspend needs an approval that says so."
            }
            Self::Money => "The shares of a funding formula total exactly 100 %.",
            Self::Notice => {
                "A party leaves on the notice that the instruments in force ask for, and not while \
                 a mandate of the Secretary of State applies."
            }
            Self::References => {
                "Subjects, items, proposals and entries exist before anything refers to them, and \
                 nothing that a later entry depends on is corrected."
            }
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {}", self.number())
    }
}
