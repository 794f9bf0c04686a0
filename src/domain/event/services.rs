//! Events about services.

use crate::domain::event::{Act, ApprovableAct};
use crate::domain::ids::{BodyId, InstrumentId, ServiceId};
use crate::domain::text::{Name, Text};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAdded {
    pub service: ServiceId,
    pub name: Name,
    pub category: Text,
    pub units: Vec<Name>,
    pub lead: Option<BodyId>,
    /// The parties it is for; empty for all parties of the collaboration.
    pub parties: Vec<BodyId>,
    pub instrument: Option<InstrumentId>,
    pub description: Text,
}

impl Act for ServiceAdded {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::AddService(&self.service)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUnitsChanged {
    pub service: ServiceId,
    pub added: Vec<Name>,
    pub removed: Vec<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePartiesChanged {
    pub service: ServiceId,
    pub joined: Vec<BodyId>,
    pub left: Vec<BodyId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceLeadTransferred {
    pub service: ServiceId,
    /// The lead before; `None` where the register knows none.
    pub from: Option<BodyId>,
    pub to: BodyId,
}

impl Act for ServiceLeadTransferred {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::ChangeLead(Some(&self.service), &self.to)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRemoved {
    pub service: ServiceId,
    pub reason: Text,
}

impl Act for ServiceRemoved {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::RemoveService(&self.service)
    }
}
