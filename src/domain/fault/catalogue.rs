//! The catalogue of faults: the enum of all of them, from one list.

use crate::rule::Rule;

/// A line of the catalogue of faults.
#[derive(Debug, Clone, Copy)]
pub struct FaultInfo {
    pub reason: &'static str,
    pub rule: Rule,
    /// The names of its facts, in order.
    pub facts: &'static [&'static str],
    /// The sentence, with the names of facts in braces where it quotes them.
    pub sentence: &'static str,
}

macro_rules! faults {
    ($($Rule:ident { $(
        $Fault:ident = $reason:literal, { $($fact:ident: $Type:ty),* $(,)? }, $sentence:literal;
    )* })*) => {
        /// Why an event is not taken.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum Fault {
            $($(#[error($sentence)] $Fault { $($fact: $Type),* },)*)*
        }

        impl Fault {
            /// Every fault, in the order of the rules.
            pub const CATALOGUE: &'static [FaultInfo] = &[$($(FaultInfo {
                reason: $reason,
                rule: Rule::$Rule,
                facts: &[$(stringify!($fact)),*],
                sentence: $sentence,
            },)*)*];

            /// The reason code. Codes are part of the published interface.
            pub const fn reason(&self) -> &'static str {
                match self {
                    $($(Self::$Fault { .. } => $reason,)*)*
                }
            }

            /// The rule it comes from.
            pub const fn rule(&self) -> Rule {
                match self {
                    $($(Self::$Fault { .. } => Rule::$Rule,)*)*
                }
            }

            /// The facts, by name.
            pub fn facts(&self) -> Vec<(&'static str, String)> {
                match self {
                    $($(Self::$Fault { $($fact),* } => vec![$((stringify!($fact), $fact.to_string())),*],)*)*
                }
            }
        }
    };
}
pub(super) use faults;
