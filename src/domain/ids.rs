//! Ids: slugs that recorders choose, UUIDs, positions and revisions.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use uuid::Uuid;

/// Why an id is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("an id is required here")]
    Empty,
    #[error("an id has at most {max} characters; this one has {len}", max = Slug::LEN_MAX)]
    TooLong {
        /// In characters.
        len: usize,
    },
    #[error("an id is made of a-z, 0-9 and \"-\"; {found:?} is none of these")]
    BadCharacter {
        /// The first such character.
        found: char,
    },
    #[error("an id neither starts nor ends with \"-\"")]
    LooseHyphen,
    #[error("a subject is written bodies/ID, boards/ID or collaborations/ID")]
    NoCollection,
    #[error("not a UUID in its usual form, such as 01890a5d-ac96-774b-bcce-b302099a8057")]
    NotUuid,
}

/// A readable id: 1 to 63 characters of `a-z`, `0-9` and `-`, neither starting
/// nor ending with `-`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Arc<str>);

impl Slug {
    /// The most characters of an id.
    pub const LEN_MAX: usize = 63;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if let Some(found) = text
            .chars()
            .find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-'))
        {
            return Err(IdError::BadCharacter { found });
        }
        if text.len() > Self::LEN_MAX {
            return Err(IdError::TooLong { len: text.len() });
        }
        if text.starts_with('-') || text.ends_with('-') {
            return Err(IdError::LooseHyphen);
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! slug_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Slug);

        impl $name {
                    pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().map(Self)
            }
        }

        impl From<Slug> for $name {
            fn from(slug: Slug) -> Self {
                Self(slug)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    )*};
}

slug_ids! {
    /// A body; unique in the register.
    BodyId;
    /// A board; unique in the register.
    BoardId;
    /// A collaboration; unique in the register.
    CollaborationId;
    /// A service; unique within its collaboration.
    ServiceId;
    /// An instrument; unique within its subject.
    InstrumentId;
    /// One of several budgets that a subject has for a year.
    BudgetId;
    /// A police force: a policing body maintains it and a chief officer heads it.
    ForceId;
    /// A notice, action, risk, review … ; unique within its subject and kind.
    ItemId;
}

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Reads the hyphenated form only, so that one id has one spelling.
            fn from_str(text: &str) -> Result<Self, IdError> {
                if text.is_empty() {
                    return Err(IdError::Empty);
                }
                let uuid = Uuid::try_parse(text).map_err(|_| IdError::NotUuid)?;
                if text.len() != 36 || uuid.is_nil() {
                    return Err(IdError::NotUuid);
                }
                Ok(Self(uuid))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.hyphenated(), f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}

uuid_ids! {
    /// An append request; kept for ever.
    RequestId;
    /// A proposal; unique in the register.
    ProposalId;
    /// An event that others can name; unique in the register.
    EventId;
}

/// The subject of an event.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectId {
    /// `bodies/{id}`.
    Body(BodyId),
    /// `boards/{id}`.
    Board(BoardId),
    /// `collaborations/{id}`.
    Collaboration(CollaborationId),
    /// `register`: the register itself.
    Register,
}

impl FromStr for SubjectId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        match text.split_once('/') {
            Some(("bodies", id)) => id.parse().map(Self::Body),
            Some(("boards", id)) => id.parse().map(Self::Board),
            Some(("collaborations", id)) => id.parse().map(Self::Collaboration),
            None if text == "register" => Ok(Self::Register),
            _ => Err(IdError::NoCollection),
        }
    }
}

impl fmt::Display for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(id) => write!(f, "bodies/{id}"),
            Self::Board(id) => write!(f, "boards/{id}"),
            Self::Collaboration(id) => write!(f, "collaborations/{id}"),
            Self::Register => f.write_str("register"),
        }
    }
}

impl fmt::Debug for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The number of an entry in the log: 1, 2, 3 … without a gap. Zero is before the first
/// entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(u64);

impl Position {
    /// Before the first entry.
    pub const ZERO: Self = Self(0);

    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    pub const fn get(self) -> u64 {
        self.0
    }

    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Saturates at zero.
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of an entry within its subject: 1, 2, 3 … Zero is a subject that is not in
/// the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

impl Revision {
    pub const ZERO: Self = Self(0);

    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    pub const fn get(self) -> u64 {
        self.0
    }

    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_read_or_refused_with_the_cause() {
        for good in ["a", "emsou-soc", "7-force", &"x".repeat(63)] {
            assert_eq!(good.parse::<Slug>().unwrap().as_str(), good);
        }
        for (bad, why) in [
            ("", IdError::Empty),
            ("Emsou", IdError::BadCharacter { found: 'E' }),
            ("a b", IdError::BadCharacter { found: ' ' }),
            ("-a", IdError::LooseHyphen),
            ("a-", IdError::LooseHyphen),
            (&"x".repeat(64), IdError::TooLong { len: 64 }),
        ] {
            assert_eq!(bad.parse::<Slug>(), Err(why), "{bad:?}");
        }
    }

    #[test]
    fn a_subject_reads_back_as_it_prints() {
        for text in [
            "bodies/leicestershire-pcc",
            "boards/emcjb",
            "collaborations/bch",
        ] {
            assert_eq!(text.parse::<SubjectId>().unwrap().to_string(), text);
        }
        for bad in ["bch", "forces/bch", "bodies/", "bodies/a/b", "/bodies"] {
            assert!(bad.parse::<SubjectId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_uuid_has_one_spelling() {
        assert!(
            "01890a5d-ac96-774b-bcce-b302099a8057"
                .parse::<RequestId>()
                .is_ok()
        );
        for bad in [
            "",
            "01890a5dac96774bbcceb302099a8057",
            "{01890a5d-ac96-774b-bcce-b302099a8057}",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert!(bad.parse::<RequestId>().is_err(), "{bad}");
        }
    }
}
