//! Events about collaborations.

use crate::domain::date::PartialDate;
use crate::domain::ids::{BodyId, CollaborationId, InstrumentId, ItemId, ServiceId};
use crate::domain::text::{Name, Text};

/// What form a collaboration takes.
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
    /// Any other form.
    Other,
}

/// A collaboration begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollaborationEstablished {
    /// Its name.
    pub name: Name,
    /// Its form.
    pub kind: CollaborationKind,
    /// Its first parties.
    pub parties: Vec<BodyId>,
    /// The party that leads it.
    pub lead: Option<BodyId>,
    /// What it is for.
    pub purpose: Text,
    /// The power it rests on.
    pub legal_basis: Option<Name>,
    /// The collaboration it is part of.
    pub part_of: Option<CollaborationId>,
}

/// A body becomes a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyJoined {
    /// The body.
    pub body: BodyId,
    /// The instrument by which it joins.
    pub instrument: Option<InstrumentId>,
}

/// A body ceases to be a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyWithdrew {
    /// The party.
    pub body: BodyId,
    /// The notice it rests on.
    pub notice: Option<ItemId>,
    /// Why.
    pub reason: Text,
}

/// A party leads the whole collaboration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadAppointed {
    /// The party.
    pub body: BodyId,
}

/// What became of an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpportunityOutcome {
    /// Taken up.
    Pursued,
    /// Declined.
    Declined,
    /// Still being looked into.
    UnderConsideration,
}

/// A chance to collaborate was considered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpportunityConsidered {
    /// Its id.
    pub opportunity: ItemId,
    /// What it is.
    pub title: Name,
    /// The bodies it concerns.
    pub bodies: Vec<BodyId>,
    /// What became of it.
    pub outcome: OpportunityOutcome,
    /// Why.
    pub reasons: Text,
}

/// The subject cannot go on without something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DependencyNoted {
    /// Its id.
    pub dependency: ItemId,
    /// What depends.
    pub what: Name,
    /// On what.
    pub depends_on: Name,
    /// The collaboration depended on.
    pub collaboration: Option<CollaborationId>,
    /// The service that depends.
    pub service: Option<ServiceId>,
    /// The consequence.
    pub consequence: Text,
}

/// As what a notice is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeCapacity {
    /// To leave as a party.
    Party,
    /// To stop leading.
    Lead,
}

/// A party gives notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeGiven {
    /// Its id.
    pub notice: ItemId,
    /// The party that gives it.
    pub body: BodyId,
    /// As party or as lead.
    pub capacity: NoticeCapacity,
    /// The instrument whose clause is used.
    pub instrument: Option<InstrumentId>,
    /// The service it is about.
    pub service: Option<ServiceId>,
    /// The full day it takes effect.
    pub takes_effect_on: PartialDate,
    /// The parties that waive the period.
    pub waived_by: Vec<BodyId>,
    /// Why.
    pub reason: Text,
}

/// A notice will take effect on a later day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeExtended {
    /// The notice.
    pub notice: ItemId,
    /// The new full day.
    pub takes_effect_on: PartialDate,
    /// Why.
    pub reason: Text,
}

/// A notice is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRevoked {
    /// The notice.
    pub notice: ItemId,
    /// Why.
    pub reason: Text,
}

/// What the Secretary of State does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectionKind {
    /// Requires a function to be carried out in collaboration (s.23FA).
    Mandate,
    /// Lifts an earlier mandate.
    MandateLifted(ItemId),
    /// Directs about an agreement (s.23G).
    Direct,
    /// Ends an agreement by notice (s.23H).
    Terminate,
}

/// The Secretary of State directs or mandates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectionIssued {
    /// Its id.
    pub direction: ItemId,
    /// What it does.
    pub kind: DirectionKind,
    /// The notice whose day it sets, and that full day.
    pub notice: Option<(ItemId, PartialDate)>,
    /// What it says.
    pub terms: Text,
}

/// How a collaboration or instrument came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndCause {
    /// All parties agreed.
    Agreement,
    /// Notice took effect.
    Notice,
    /// The Secretary of State directed it.
    Direction,
    /// Something took its place.
    Replacement,
    /// Its term ran out.
    Expiry,
}

/// A collaboration is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollaborationEnded {
    /// How.
    pub cause: EndCause,
    /// What takes its place; given for a replacement alone.
    pub replaced_by: Option<CollaborationId>,
    /// Why.
    pub reason: Text,
}
