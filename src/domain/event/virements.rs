//! Events about virements, and about the disposal of underspends.

use std::fmt;

use crate::date::{FinancialYear, PartialDate};
use crate::event::{
    Act, AmountIs, ApprovableAct, Condition, Document, Head, MeetingRef, Tally, Target,
};
use crate::ids::{BoardId, BodyId, ItemId, ProposalId, ServiceId};
use crate::money::Pence;
use crate::text::{Name, Text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permanence {
    /// For this year only.
    OneOff,
    /// In the base budget from now on.
    Permanent,
}

/// The basis of an underspend; a projected one never counts as an actual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnderspendBasis {
    /// Money known not to have been spent.
    Actual,
    /// Money expected not to be spent.
    Projected,
}

/// The source or target of an amount of a virement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A head of the year's budget.
    Head(Head),
    /// Out of the budget, back to this body; only as a target.
    ReturnedTo(BodyId),
}

/// One side of a virement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementSide {
    pub place: Place,
    /// `None`, for not stated, only in an acknowledged breach.
    pub amount: Option<Pence>,
}

/// Budget moved between heads in a year. The sum of the sources equals the sum of
/// the targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Virement {
    pub year: FinancialYear,
    pub sources: Vec<VirementSide>,
    pub targets: Vec<VirementSide>,
    /// The basis of the underspend it uses, where it uses one.
    pub basis: Option<UnderspendBasis>,
    pub permanence: Option<Permanence>,
    /// A schedule of virements that are requested or made as a whole.
    pub schedule: Document,
    /// The total of the schedule, where the sources do not give it.
    pub schedule_total: Option<Pence>,
}

impl Virement {
    /// Whether a schedule takes the place of its heads.
    pub fn is_schedule(&self) -> bool {
        self.sources.is_empty()
    }

    /// The amount that leaves, which is also the amount that arrives; `None` where
    /// any part of it is not stated.
    pub fn amount(&self) -> Option<Pence> {
        if self.is_schedule() {
            return self.schedule_total;
        }
        self.sources.iter().map(|side| side.amount).sum()
    }

    /// The heads that the money leaves.
    pub fn heads_from(&self) -> impl Iterator<Item = &Head> {
        self.sources.iter().filter_map(|side| match &side.place {
            Place::Head(head) => Some(head),
            Place::ReturnedTo(_) => None,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head(head) => write!(f, "{head}"),
            Self::ReturnedTo(body) => write!(f, "{body} (returned)"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementRequested {
    pub proposal: ProposalId,
    pub virement: Virement,
    pub reason: Text,
    /// The board that will decide.
    pub board: Option<BoardId>,
    /// The last day on which the proposal is open.
    pub lapses_on: Option<PartialDate>,
    pub title: Option<Name>,
    /// The virement that it asks to approve after the fact.
    pub ratifies: Option<Target>,
    /// The bodies that each decide it.
    pub put_to: Vec<BodyId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementApproved {
    pub proposal: ProposalId,
    pub decision: ItemId,
    /// The approved amount; `None` for the whole request.
    pub amount: Option<Pence>,
    /// `None` where the actor of the event decided.
    pub board: Option<BoardId>,
    /// Whether the approval states that it covers a projected underspend.
    pub allows_projected: bool,
    pub conditions: Text,
    /// The result of the board's vote, as minuted.
    pub tally: Option<Tally>,
    pub meeting: Option<MeetingRef>,
    /// Conditions on which the approval depends.
    pub subject_to: Vec<Condition>,
    /// `None` for the day on which it was given.
    pub in_force_from: Option<PartialDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementMade {
    pub id: ItemId,
    pub virement: Virement,
}

impl Act for VirementMade {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::MakeVirement(&self.virement)
    }
}

/// A virement is undone, in whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementReversed {
    pub id: ItemId,
    pub reason: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisposalDestination {
    BodyReserves,
    RegionalReserve,
    /// Into the next year.
    CarriedForward,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisposalPart {
    pub destination: DisposalDestination,
    /// Always given for a body's reserves.
    pub body: Option<BodyId>,
    /// Below zero for a part of an overspend; `None` where it is not given.
    pub amount: Option<Pence>,
    /// `None` for an amount as such.
    pub amount_is: Option<AmountIs>,
}

/// The use of the underspend of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposal {
    /// The year of the underspend.
    pub year: FinancialYear,
    /// `None` for all services.
    pub service: Option<ServiceId>,
    pub parts: Vec<DisposalPart>,
    /// As stated; `None` where it is not.
    pub total: Option<Pence>,
    /// The underspend of which the overspend is taken, in a net disposal.
    pub gross_underspend: Option<Pence>,
    pub gross_overspend: Option<Pence>,
    /// `None` for an actual underspend.
    pub basis: Option<UnderspendBasis>,
}

impl Disposal {
    /// Whether a part goes to no body's own reserves, or the split is not given, so that each
    /// party confirms the disposal.
    pub fn is_confirmed_by_all(&self) -> bool {
        let is_common = |part: &DisposalPart| {
            part.body.is_none() || part.destination != DisposalDestination::BodyReserves
        };
        self.is_split_open() || self.parts.iter().any(is_common)
    }

    /// Whether the underspend is only expected.
    pub fn is_projected(&self) -> bool {
        self.basis == Some(UnderspendBasis::Projected)
    }

    /// Whether the amount of a part is not given.
    pub fn is_split_open(&self) -> bool {
        self.parts.iter().any(|part| part.amount.is_none())
    }

    /// The amount that is paid out: parts of an overspend do not make it smaller. `None` if it
    /// may be more than is stated.
    pub fn paid_out(&self) -> Option<Pence> {
        let bounded = |part: &DisposalPart| part.amount_is != Some(AmountIs::AtLeast);
        let given = self.parts.iter().filter_map(|part| part.amount);
        let out: Pence = given.filter(|amount| *amount > Pence::ZERO).sum();
        if !self.is_split_open() && self.parts.iter().all(bounded) {
            return Some(out);
        }
        let total = self.total.filter(|total| *total >= out);
        total.max(self.gross_underspend)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderspendDisposed {
    pub id: ItemId,
    pub disposal: Disposal,
}

impl Act for UnderspendDisposed {
    fn act(&self) -> ApprovableAct<'_> {
        ApprovableAct::DisposeUnderspend(&self.disposal)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisposalConfirmed {
    pub id: ItemId,
    pub body: BodyId,
    /// `None` where it confirms no amount.
    pub amount: Option<Pence>,
    /// `None` for an amount as such.
    pub amount_is: Option<AmountIs>,
}
