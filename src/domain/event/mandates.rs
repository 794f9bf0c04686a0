//! Events about mandates: what a caller who has signed in may say in the register.

use crate::caller::Principal;
use crate::date::PartialDate;
use crate::event::{Actor, ProtectiveMarking};
use crate::ids::{BoardId, BodyId, CollaborationId, ItemId};
use crate::money::Pence;
use crate::text::{Name, Text};

/// The things that a mandate allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MandateRole {
    Registrar,
    Recorder,
    Member,
    Secretary,
    Auditor,
    Reader,
    Keeper,
}

impl MandateRole {
    pub const ALL: [Self; 7] = [
        Self::Registrar,
        Self::Recorder,
        Self::Member,
        Self::Secretary,
        Self::Auditor,
        Self::Reader,
        Self::Keeper,
    ];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Registrar => "registrar",
            Self::Recorder => "recorder",
            Self::Member => "member",
            Self::Secretary => "secretary",
            Self::Auditor => "auditor",
            Self::Reader => "reader",
            Self::Keeper => "keeper",
        }
    }
}

/// Callers of the holder may say what it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateGranted {
    pub mandate: ItemId,
    pub holder: Principal,
    pub role: MandateRole,
    /// The recorder that entries name.
    pub recorded_as: Name,
    /// Each with all its offices.
    pub bodies: Vec<BodyId>,
    pub offices: Vec<Actor>,
    pub boards: Vec<BoardId>,
    pub collaborations: Vec<CollaborationId>,
    pub whole_register: bool,
    /// Names of kinds; empty for all that the role allows.
    pub kinds: Vec<&'static str>,
    pub up_to: Option<Pence>,
    /// The last day of its term.
    pub until: Option<PartialDate>,
    /// The highest marking that it reads, where it says so.
    pub reads: Option<ProtectiveMarking>,
}

impl MandateGranted {
    /// The highest marking that it reads. Those who record or audit need to know; of a reader
    /// and a keeper, a mandate must say so.
    pub fn reads_up_to(&self) -> ProtectiveMarking {
        self.reads.unwrap_or(match self.role {
            MandateRole::Registrar
            | MandateRole::Recorder
            | MandateRole::Member
            | MandateRole::Secretary
            | MandateRole::Auditor => ProtectiveMarking::OfficialSensitive,
            MandateRole::Reader | MandateRole::Keeper => ProtectiveMarking::Official,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateRevoked {
    pub mandate: ItemId,
    pub reason: Text,
}
