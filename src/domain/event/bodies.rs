//! Events about bodies.

use crate::date::PartialDate;
use crate::ids::{BodyId, ForceId, ServiceId, SubjectId};
use crate::money::{Pence, Ppm};
use crate::text::{Name, Text};

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
    /// A body of the health service other than an ambulance trust.
    Health,
    Company,
    /// A court or tribunal.
    Court,
}

impl BodyKind {
    /// Whether the law ties it to a police force.
    pub const fn has_force(self) -> bool {
        matches!(self, Self::PolicingBody | Self::ChiefOfficer)
    }
}

/// A capacity in which a body acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    pub kind: BodyKind,
    /// The force it maintains or heads; only for policing bodies and chief officers.
    pub force: Option<ForceId>,
    pub area: Option<Name>,
}

impl Capacity {
    /// Whether `named` is this capacity: of the same kind, for the same force and, if it
    /// names one, the same area.
    pub fn is_named_by(&self, named: &Self) -> bool {
        let is_area = |area: &Name| self.area.as_ref().is_some_and(|own| own.is_same_item(area));
        self.kind == named.kind
            && self.force == named.force
            && named.area.as_ref().is_none_or(is_area)
    }
}

/// A body has a further capacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapacityGained {
    pub capacity: Capacity,
    pub legal_basis: Option<Name>,
}

/// A body no longer has a capacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapacityLost {
    pub capacity: Capacity,
    pub legal_basis: Option<Name>,
}

/// An office has another name; it is the same office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRenamed {
    /// By the name that it had.
    pub office: Name,
    pub name: Name,
}

impl BodyKind {
    /// The kind as a noun, such as `policing body`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::PolicingBody => "policing body",
            Self::ChiefOfficer => "chief officer",
            Self::FireAuthority => "fire authority",
            Self::AmbulanceTrust => "ambulance trust",
            Self::Council => "council",
            Self::CombinedAuthority => "combined authority",
            Self::Government => "government body",
            Self::Inspectorate => "inspectorate",
            Self::Scrutiny => "scrutiny body",
            Self::Other => "other body",
            Self::Health => "health body",
            Self::Company => "company",
            Self::Court => "court",
        }
    }
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
    /// The capacities it has besides that of its kind.
    pub capacities: Vec<Capacity>,
}

/// Other bodies take over from this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodySucceeded {
    pub successor: BodyId,
    /// Bodies that follow it in everything as well.
    pub also: Vec<BodyId>,
    /// Collaborations and boards in which others follow it.
    pub parts: Vec<SuccessionPart>,
    /// The functions, property, rights and liabilities that pass, in words.
    pub what_passes: Text,
    /// The part that passes, where the body goes on; `None` for everything.
    pub scope: Option<SuccessionScope>,
    /// The shares of those that follow it in everything; empty where none are stated.
    pub shares: Vec<SuccessionShare>,
}

/// The part that passes from a body that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessionScope {
    /// Collaborations and boards.
    pub subjects: Vec<SubjectId>,
    pub capacities: Vec<Capacity>,
}

/// The share of one successor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessionShare {
    pub successor: BodyId,
    pub share: Ppm,
}

/// A body goes on under another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyRenamed {
    pub name: Name,
    /// The order, Act or resolution that changes it, as cited.
    pub legal_basis: Option<Name>,
}

/// A subject in which a body is followed by bodies of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessionPart {
    pub subject: SubjectId,
    pub successors: Vec<BodyId>,
}

impl BodySucceeded {
    /// The bodies that take its place in a subject.
    pub fn heirs(&self, subject: &SubjectId) -> Vec<&BodyId> {
        let part = self.parts.iter().find(|part| part.subject == *subject);
        match part {
            Some(part) => part.successors.iter().collect(),
            None => self.named().collect(),
        }
    }

    /// The bodies that take its place where no part says otherwise.
    pub fn named(&self) -> impl Iterator<Item = &BodyId> {
        std::iter::once(&self.successor).chain(&self.also)
    }

    /// Whether it is about the place of the body in a subject.
    pub fn concerns(&self, subject: &SubjectId) -> bool {
        let scope = self.scope.as_ref();
        scope.is_none_or(|scope| scope.subjects.contains(subject))
    }

    /// The share of an amount that passes to one of the bodies that follow it; `None`
    /// where the shares are not stated. The parts make up the whole to the penny.
    pub fn part_of(&self, amount: Pence, heir: &BodyId) -> Option<Pence> {
        let up_to = |ppm: i128| {
            let part = i128::from(amount.get()) * ppm / i128::from(Ppm::WHOLE);
            i64::try_from(part).unwrap_or(i64::MAX)
        };
        let mut before = 0;
        for share in &self.shares {
            let after = before + i128::from(share.share.get());
            if share.successor == *heir {
                return Pence::new(up_to(after) - up_to(before));
            }
            before = after;
        }
        None
    }

    /// Every body that follows it in something.
    pub fn all(&self) -> impl Iterator<Item = &BodyId> {
        let parts = self.parts.iter().flat_map(|part| &part.successors);
        self.named().chain(parts)
    }
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
