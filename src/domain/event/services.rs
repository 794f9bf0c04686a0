//! Events about services.

use crate::event::{Act, ApprovableAct};
use crate::ids::{BodyId, InstrumentId, ItemId, ServiceId};
use crate::text::{Name, Text};

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
    /// The body that hosts it, which need not be a party.
    pub host: Option<BodyId>,
}

impl Act for ServiceAdded {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::AddService(&self.service)
    }
}

/// The service rests on this instrument, whichever of the two was recorded first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceInstrumentNamed {
    pub service: ServiceId,
    pub instrument: InstrumentId,
}

/// A body employs the staff or holds the contracts. It need not be a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostAppointed {
    pub body: BodyId,
    /// `None` for the whole collaboration.
    pub service: Option<ServiceId>,
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
    /// The direction that requires it.
    pub direction: Option<ItemId>,
    /// The other parties that release those that leave from their notice.
    pub agreed_by: Vec<BodyId>,
    /// The Act or order by which they leave.
    pub legal_basis: Option<Name>,
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
    /// The direction that requires it.
    pub direction: Option<ItemId>,
    /// The parties that agreed.
    pub agreed_by: Vec<BodyId>,
}

/// A service that was removed is delivered jointly again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceResumed {
    pub service: ServiceId,
    pub reason: Text,
}

impl Act for ServiceResumed {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::AddService(&self.service)
    }
}

/// Nobody leads the whole (`None`) or a service any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadEnded {
    pub service: Option<ServiceId>,
    pub reason: Text,
}

impl Act for ServiceRemoved {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::RemoveService(&self.service)
    }
}
