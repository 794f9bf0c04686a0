//! Events about leaving: notices, directions of the Secretary of State, withdrawal.

use crate::date::PartialDate;
use crate::event::{Act, Actor, ApprovableAct};
use crate::ids::{BodyId, InstrumentId, ItemId, ServiceId};
use crate::money::Pence;
use crate::text::{Name, Text};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyWithdrew {
    pub body: BodyId,
    /// The notice that took effect; `None` for a withdrawal without notice.
    pub notice: Option<ItemId>,
    pub reason: Text,
    /// The other parties that release it without notice.
    pub agreed_by: Vec<BodyId>,
    /// The Act or order by which it leaves.
    pub legal_basis: Option<Name>,
}

impl Act for PartyWithdrew {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::Withdraw(&self.body)
    }
}

/// The capacity in which a party gives notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeCapacity {
    /// To leave as a party.
    Party,
    /// To stop leading.
    Lead,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeGiven {
    pub notice: ItemId,
    pub body: BodyId,
    pub capacity: NoticeCapacity,
    /// The instrument whose notice clause is used.
    pub instrument: Option<InstrumentId>,
    pub service: Option<ServiceId>,
    /// A full day.
    pub takes_effect_on: PartialDate,
    /// The parties that waive the notice period.
    pub waived_by: Vec<BodyId>,
    pub reason: Text,
    pub paid_in_lieu: Option<PaymentInLieu>,
}

/// A payment in place of a notice period, or of a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentInLieu {
    /// `None` if it is not stated.
    pub amount: Option<Pence>,
    pub accepted_by: Vec<BodyId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeExtended {
    pub notice: ItemId,
    /// A full day.
    pub takes_effect_on: PartialDate,
    pub reason: Text,
    /// The other parties that agree to an earlier day.
    pub agreed_by: Vec<BodyId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRevoked {
    pub notice: ItemId,
    pub reason: Text,
    /// The other parties that agree, where it has taken effect.
    pub agreed_by: Vec<BodyId>,
}

/// The effect of a direction, by the sections of the Police Act 1996.
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

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectionIssued {
    pub direction: ItemId,
    pub kind: DirectionKind,
    /// The notice whose day it sets, and that full day.
    pub notice: Option<(ItemId, PartialDate)>,
    pub terms: Text,
    pub issuer: Option<Actor>,
    /// The power under which it is issued, as cited.
    pub legal_basis: Option<Name>,
    /// The earlier direction that it revokes or replaces; for the lifting of a mandate,
    /// its kind names that.
    pub revokes: Option<ItemId>,
    /// The services that it concerns; empty for all, or for `functions`.
    pub services: Vec<ServiceId>,
    /// The functions that it concerns, in words.
    pub functions: Text,
    pub addressees: Vec<BodyId>,
    /// The instrument that it puts in force, without the signatures that are missing.
    pub instrument: Option<InstrumentId>,
}

impl DirectionIssued {
    /// Whether only the Secretary of State can issue it.
    pub const fn is_of_the_crown(&self) -> bool {
        match &self.kind {
            DirectionKind::Mandate | DirectionKind::MandateLifted(_) | DirectionKind::Terminate => {
                true
            }
            DirectionKind::Direct => {
                self.notice.is_some() || self.instrument.is_some() && self.legal_basis.is_none()
            }
        }
    }

    /// The earlier direction that it lifts, revokes or replaces.
    pub const fn lifted(&self) -> Option<&ItemId> {
        match &self.kind {
            DirectionKind::MandateLifted(id) => Some(id),
            DirectionKind::Mandate | DirectionKind::Direct | DirectionKind::Terminate => {
                self.revokes.as_ref()
            }
        }
    }

    /// Whether it concerns everything: it names neither services nor functions.
    pub fn is_of_everything(&self) -> bool {
        self.services.is_empty() && self.functions.is_empty()
    }
}
