//! Events about bodies.

use crate::domain::date::PartialDate;
use crate::domain::ids::{BodyId, ForceId, ServiceId};
use crate::domain::text::Name;

/// What sort of body this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyKind {
    /// A PCC, PFCC, police authority or mayor.
    PolicingBody,
    /// A chief constable, as corporation sole.
    ChiefOfficer,
    /// A fire and rescue authority or service.
    FireAuthority,
    /// An ambulance trust.
    AmbulanceTrust,
    /// A council.
    Council,
    /// A combined authority.
    CombinedAuthority,
    /// A department or minister of the Crown.
    Government,
    /// An inspectorate, auditor or regulator.
    Inspectorate,
    /// A scrutiny body.
    Scrutiny,
    /// Any other body.
    Other,
}

/// A body comes under the register's eye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyRegistered {
    /// Its name.
    pub name: Name,
    /// Its kind.
    pub kind: BodyKind,
    /// The force it maintains or heads; given for policing bodies and chief officers alone.
    pub force: Option<ForceId>,
    /// The area it serves.
    pub area: Option<Name>,
    /// Identifiers it holds elsewhere.
    pub identifiers: Vec<Identifier>,
}

/// A body is followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodySucceeded {
    /// The body that follows.
    pub successor: BodyId,
}

/// An identifier in somebody else's scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// The scheme.
    pub scheme: Name,
    /// The value.
    pub value: Name,
    /// First day it holds.
    pub valid_from_on: Option<PartialDate>,
    /// Last day it holds.
    pub valid_to_on: Option<PartialDate>,
}

/// A body is known elsewhere by an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierAdded {
    /// The identifier.
    pub identifier: Identifier,
}

/// Another name for the subject, or for one of its services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasAdded {
    /// The name.
    pub alias: Name,
    /// The service it names.
    pub service: Option<ServiceId>,
}
