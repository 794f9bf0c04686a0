//! Callers: who asks the register to record or to answer, as far as the transport and
//! the sign-in know.
//!
//! A caller is never a person: it is the groups and clients that an identity provider
//! vouches for, or a certificate, and a pseudonym that only the keeper of its key can
//! tell whose it is.

use std::fmt;
use std::sync::Arc;

use super::text::{Name, TextError};

/// A group, an application role, a client or a certificate, as its issuer names it.
///
/// The issuer is part of it: two providers may each have a group `finance`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Principal {
    /// An OpenID Connect issuer, by its URL; `certificate` for client certificates,
    /// `unix` for a Unix socket.
    pub issuer: Name,
    pub kind: PrincipalKind,
    /// The name or id that the issuer gives it.
    pub value: Name,
}

impl Principal {
    pub fn new(issuer: &str, kind: PrincipalKind, value: &str) -> Result<Self, TextError> {
        Ok(Self {
            issuer: Name::new(issuer)?,
            kind,
            value: Name::new(value)?,
        })
    }
}

/// `group finance of https://login.example.gov.uk`
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            issuer,
            kind,
            value,
        } = self;
        write!(f, "{kind} {value} of {issuer}")
    }
}

/// The sort of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalKind {
    /// A group of the issuer, by its name or object id; of a Unix socket, by its number.
    Group,
    /// A role that the issuer gives within this application.
    AppRole,
    /// A system with a credential of its own; of a Unix socket, the number of its user.
    Client,
    /// A client certificate, by the URI or DNS name in it.
    Certificate,
}

impl PrincipalKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::AppRole => "role",
            Self::Client => "client",
            Self::Certificate => "certificate",
        }
    }
}

impl fmt::Display for PrincipalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The subject of a token or certificate, hidden: it says nothing of the person, as a keyed hash (HMAC
/// with SHA-256, the first 16 bytes). Once its key is destroyed, nobody can tell whose
/// it was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub [u8; 16]);

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Who calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Caller {
    /// Nobody asked: an open register, on its own machine.
    #[default]
    Local,
    /// Nobody is signed in, at a server that asks callers to sign in and shows everybody what
    /// is not marked.
    Public,
    /// A command at the store itself, which no server has open.
    Store,
    /// Signed in.
    Known(Arc<KnownCaller>),
}

/// A caller who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCaller {
    /// Its issuers vouch for these; at least one.
    pub principals: Vec<Principal>,
    /// By which the register tells callers apart, systems too.
    pub pseudonym: Pseudonym,
}
