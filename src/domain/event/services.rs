//! Events about services.

use crate::domain::ids::{BodyId, InstrumentId, ServiceId};
use crate::domain::text::{Name, Text};

/// A service becomes part of a collaboration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAdded {
    /// Its id.
    pub service: ServiceId,
    /// Its name.
    pub name: Name,
    /// What sort of service.
    pub category: Text,
    /// Its units.
    pub units: Vec<Name>,
    /// The party that leads it.
    pub lead: Option<BodyId>,
    /// The parties it is for; empty for all of the collaboration's.
    pub parties: Vec<BodyId>,
    /// The instrument it rests on.
    pub instrument: Option<InstrumentId>,
    /// What it does.
    pub description: Text,
}

/// Units join or leave a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUnitsChanged {
    /// The service.
    pub service: ServiceId,
    /// Units that join.
    pub added: Vec<Name>,
    /// Units that leave.
    pub removed: Vec<Name>,
}

/// Parties join or leave a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePartiesChanged {
    /// The service.
    pub service: ServiceId,
    /// Parties that join.
    pub joined: Vec<BodyId>,
    /// Parties that leave.
    pub left: Vec<BodyId>,
}

/// Another party leads a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceLeadTransferred {
    /// The service.
    pub service: ServiceId,
    /// The lead until now, where one is known.
    pub from: Option<BodyId>,
    /// The lead from now on.
    pub to: BodyId,
}

/// A service is no longer delivered jointly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRemoved {
    /// The service.
    pub service: ServiceId,
    /// Why.
    pub reason: Text,
}
