//! Events about collaborations.

use crate::event::{Act, ApprovableAct};
use crate::ids::{BodyId, CollaborationId, InstrumentId, ItemId, ServiceId};
use crate::text::{Name, Text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CollaborationKind {
    /// Forces sharing several services.
    Alliance,
    /// Services shared across a region.
    Regional,
    /// A programme of change.
    Programme,
    /// Different public services together.
    Partnership,
    /// Commissioning together.
    CoCommissioning,
    /// Police, fire and ambulance together.
    EmergencyServices,
    /// A system or asset in common.
    SharedSystem,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollaborationEstablished {
    pub name: Name,
    pub kind: CollaborationKind,
    pub parties: Vec<BodyId>,
    pub lead: Option<BodyId>,
    pub purpose: Text,
    /// The power in law, such as "Police Act 1996 s.22A".
    pub legal_basis: Option<Name>,
    /// The collaboration it is part of.
    pub part_of: Option<CollaborationId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyJoined {
    pub body: BodyId,
    /// The instrument to which it accedes.
    pub instrument: Option<InstrumentId>,
    /// The bodies that agreed to the accession.
    pub agreed_by: Vec<BodyId>,
    /// The services that it takes part in, and no others; empty where none is named.
    pub services: Vec<ServiceId>,
}

impl Act for PartyJoined {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::AdmitParty(&self.body)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadAppointed {
    pub body: BodyId,
}

impl Act for LeadAppointed {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::ChangeLead(None, &self.body)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpportunityOutcome {
    Pursued,
    Declined,
    UnderConsideration,
}

/// An opportunity to collaborate was considered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpportunityConsidered {
    pub opportunity: ItemId,
    pub title: Name,
    pub bodies: Vec<BodyId>,
    pub outcome: OpportunityOutcome,
    pub reasons: Text,
}

/// The subject depends on something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DependencyNoted {
    pub dependency: ItemId,
    /// The thing that depends.
    pub what: Name,
    /// The thing it depends on.
    pub depends_on: Name,
    /// The collaboration it depends on.
    pub collaboration: Option<CollaborationId>,
    pub service: Option<ServiceId>,
    pub consequence: Text,
}

/// The cause for which a collaboration or an instrument ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndCause {
    Agreement,
    /// Notice took effect.
    Notice,
    /// The Secretary of State directed it.
    Direction,
    Replacement,
    /// Its term ran out.
    Expiry,
    /// No source gives it.
    NotGiven,
    /// An Act or order ended it.
    Law,
}

impl EndCause {
    /// Whether the parties choose the end: a mandate forbids it.
    pub const fn is_by_choice(self) -> bool {
        match self {
            Self::Agreement | Self::Notice | Self::Expiry | Self::NotGiven => true,
            Self::Direction | Self::Replacement | Self::Law => false,
        }
    }
}

/// The notices, the direction or the agreement by which something ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndBasis {
    pub notices: Vec<ItemId>,
    pub direction: Option<ItemId>,
    /// The parties that agreed.
    pub agreed_by: Vec<BodyId>,
    /// The Act or order; given where the cause is law.
    pub legal_basis: Option<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollaborationEnded {
    pub cause: EndCause,
    /// The collaboration that replaces it; only where the cause is a replacement.
    pub replaced_by: Option<CollaborationId>,
    pub reason: Text,
    /// The instruments that stay in force after it.
    pub surviving: Vec<InstrumentId>,
    pub basis: EndBasis,
}

impl Act for CollaborationEnded {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::EndCollaboration
    }
}
