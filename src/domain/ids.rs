//! Names for things: slugs the recorder chooses, UUIDs, positions.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use uuid::Uuid;

/// Why a string is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("an id is required here")]
    Empty,
    /// Longer than [`Slug::LEN_MAX`].
    #[error("an id has at most {max} characters; this one has {len}", max = Slug::LEN_MAX)]
    TooLong {
        /// Its length in characters.
        len: usize,
    },
    /// A character outside `a-z`, `0-9`, `-`.
    #[error("an id is made of a-z, 0-9 and \"-\"; {found:?} is none of these")]
    BadCharacter {
        /// The first offender.
        found: char,
    },
    /// Starts or ends with `-`.
    #[error("an id neither starts nor ends with \"-\"")]
    LooseHyphen,
    /// A subject without a known collection in front.
    #[error("a subject is written bodies/ID, boards/ID or collaborations/ID")]
    NoCollection,
    /// Not a UUID.
    #[error("not a UUID in its usual form, such as 01890a5d-ac96-774b-bcce-b302099a8057")]
    NotUuid,
}

/// A readable id: 1 to 63 characters of `a-z`, `0-9` and `-`, neither starting
/// nor ending with `-`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Arc<str>);

impl Slug {
    /// The most characters an id may have.
    pub const LEN_MAX: usize = 63;

    /// The id as text.
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
            /// The id as text.
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
    /// A budget of a year, where a subject has several.
    BudgetId;
    /// A police force, which a policing body maintains and a chief officer heads.
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
            /// The id of this UUID.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID.
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
    /// An append request; remembered for ever.
    RequestId;
    /// A proposal; unique in the register.
    ProposalId;
    /// An event that another may name; unique in the register.
    EventId;
}

/// What an event is about.
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

/// An entry's number in the log: 1, 2, 3 … without a gap. Zero stands for
/// "before the first".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(u64);

impl Position {
    /// Before the first entry.
    pub const ZERO: Self = Self(0);

    /// The position of this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The position after this one.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The position before this one; none comes before position zero.
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An entry's number within its subject: 1, 2, 3 … Zero stands for "not in the
/// register".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

impl Revision {
    /// Not in the register.
    pub const ZERO: Self = Self(0);

    /// The revision of this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The revision after this one.
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
