//! Events about bodies.

use crate::domain::date::PartialDate;
use crate::domain::ids::{BodyId, ForceId, ServiceId};
use crate::domain::text::Name;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyKind {
    /// A PCC, PFCC, police authority or mayor.
    PolicingBody,
    /// A chief constable, as corporation sole.
    ChiefOfficer,
    /// A fire and rescue authority or service.
    FireAuthority,
    AmbulanceTrust,
    Council,
    CombinedAuthority,
    /// A department or minister of the Crown.
    Government,
    /// An inspectorate, auditor or regulator.
    Inspectorate,
    Scrutiny,
    Other,
}

/// A body enters the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyRegistered {
    pub name: Name,
    pub kind: BodyKind,
    /// The force it maintains or heads; only for policing bodies and chief officers.
    pub force: Option<ForceId>,
    pub area: Option<Name>,
    /// Identifiers in the schemes of others.
    pub identifiers: Vec<Identifier>,
}

/// Another body takes over from this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodySucceeded {
    pub successor: BodyId,
}

/// An identifier in a scheme that others keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    pub scheme: Name,
    pub value: Name,
    /// The first day on which it is valid.
    pub valid_from_on: Option<PartialDate>,
    /// The last day on which it is valid.
    pub valid_to_on: Option<PartialDate>,
}

/// A body has an identifier in the scheme of another organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierAdded {
    pub identifier: Identifier,
}

/// Another name for the subject, or for one of its services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasAdded {
    pub alias: Name,
    /// The service that has the name; `None` for the subject itself.
    pub service: Option<ServiceId>,
}
