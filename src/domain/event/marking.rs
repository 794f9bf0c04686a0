//! Protective markings: who needs to know what an event says.

/// The protective marking of an event, the lowest first (Government Security
/// Classifications Policy: OFFICIAL-SENSITIVE is a marking within OFFICIAL, for those who
/// need to know).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProtectiveMarking {
    /// For everybody, where the operator opens the register to the public.
    #[default]
    Unmarked,
    Official,
    OfficialSensitive,
}

impl ProtectiveMarking {
    /// As documents are marked.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unmarked => "not marked",
            Self::Official => "OFFICIAL",
            Self::OfficialSensitive => "OFFICIAL-SENSITIVE",
        }
    }
}
