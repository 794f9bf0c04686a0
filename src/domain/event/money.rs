//! Events about money.

use std::cmp::Ordering;

use crate::domain::date::{FinancialYear, PartialDate};
use crate::domain::event::Target;
use crate::domain::ids::{BoardId, BodyId, BudgetId, ItemId, ProposalId, ServiceId};
use crate::domain::money::{Pence, Ppm};
use crate::domain::text::{Name, Text};

/// What a body bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The body.
    pub body: BodyId,
    /// Its share.
    pub share: Ppm,
}

/// Who bears which share in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingFormulaSet {
    /// The service; `None` for the whole.
    pub service: Option<ServiceId>,
    /// The year it is for.
    pub year: FinancialYear,
    /// What it rests on.
    pub basis: Name,
    /// The shares.
    pub shares: Vec<Share>,
}

/// Whether money is for running costs or for assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FundType {
    /// Running costs.
    Revenue,
    /// Assets.
    Capital,
}

/// The figures of a year, as a document prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The year.
    pub year: FinancialYear,
    /// Cost lines.
    pub lines: Vec<BudgetLine>,
    /// What each body pays for each service.
    pub contributions: Vec<Contribution>,
    /// Totals as printed.
    pub stated: Vec<StatedTotal>,
    /// The unit they were printed in.
    pub printed_unit: Option<Pence>,
}

/// A line of a budget: a service, a head within it, or a head without a service.
/// Two are one however their names are capitalised.
#[derive(Debug, Clone)]
pub struct Head {
    /// The service.
    pub service: Option<ServiceId>,
    /// The head; given where there is no service.
    pub head: Option<Name>,
    /// Revenue or capital.
    pub fund: FundType,
}

impl Head {
    fn name(&self) -> &str {
        self.head.as_ref().map_or("", |head| head.as_str())
    }
}

/// Names as they count: how they are capitalised says nothing.
fn compared(one: &str, other: &str) -> Ordering {
    // Running totals compare names more often than anything else is done, and
    // nearly all of them are plain.
    if one.is_ascii() && other.is_ascii() {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        return one.bytes().map(lower).cmp(other.bytes().map(lower));
    }
    let one = one.chars().flat_map(char::to_lowercase);
    one.cmp(other.chars().flat_map(char::to_lowercase))
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        let names = || compared(self.name(), other.name());
        let services = self.service.cmp(&other.service);
        services
            .then_with(names)
            .then_with(|| self.fund.cmp(&other.fund))
    }
}

/// One cost line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetLine {
    /// Which line.
    pub head: Head,
    /// The amount.
    pub amount: Pence,
}

/// What one body pays for one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// The service.
    pub service: ServiceId,
    /// The body.
    pub body: BodyId,
    /// The amount, not negative.
    pub amount: Pence,
}

/// What a printed total totals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// A body's row.
    Body(BodyId),
    /// A service's column or line.
    Service(ServiceId),
    /// A body's payment for a service.
    Cell(BodyId, ServiceId),
    /// The whole.
    Whole,
}

/// A total as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedTotal {
    /// What it totals.
    pub scope: Scope,
    /// The amount as printed.
    pub amount: Pence,
    /// Where it is printed.
    pub place: Text,
}

/// A budget is set for a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetApproved {
    /// The figures.
    pub figures: Figures,
    /// Which budget; `None` for the main one.
    pub budget: Option<BudgetId>,
    /// What it is called.
    pub title: Option<Name>,
}

/// What a year is expected to cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastReported {
    /// The figures.
    pub figures: Figures,
    /// What it rests on.
    pub basis: Option<Name>,
}

/// What a year has cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutturnReported {
    /// The figures.
    pub figures: Figures,
}

/// Money from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantAwarded {
    /// Its id.
    pub grant: ItemId,
    /// What it is for.
    pub purpose: Name,
    /// Who gives it.
    pub from: Option<BodyId>,
    /// Who receives it; `None` for the subject as a whole.
    pub to: Option<BodyId>,
    /// The service it is for.
    pub service: Option<ServiceId>,
    /// The amount, where it is stated.
    pub amount: Option<Pence>,
    /// The year it is for.
    pub year: Option<FinancialYear>,
}

/// Savings that are expected, or were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Savings {
    /// The amount.
    pub amount: Pence,
    /// First year.
    pub from_year: FinancialYear,
    /// Last year.
    pub to_year: FinancialYear,
    /// The service.
    pub service: Option<ServiceId>,
    /// What they come from.
    pub description: Name,
}

/// Savings that are expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsPlanned {
    /// Its id.
    pub plan: ItemId,
    /// The savings.
    pub savings: Savings,
    /// The plan it is part of.
    pub part_of: Option<ItemId>,
}

/// Savings that were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsRealised {
    /// Its id.
    pub realised: ItemId,
    /// The savings.
    pub savings: Savings,
    /// The plan it answers.
    pub plan: Option<ItemId>,
}

/// Whether a change is for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permanence {
    /// For this year only.
    OneOff,
    /// In the base from now on.
    Permanent,
}

/// What an underspend rests on; the two are never the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnderspendBasis {
    /// Money that is known not to have been spent.
    Actual,
    /// Money that is expected not to be spent.
    Projected,
}

/// Where one side of a virement is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A head of the year's budget.
    Head(Head),
    /// Out of the budget, back to this body.
    ReturnedTo(BodyId),
}

/// One side of a virement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementSide {
    /// Where it is.
    pub place: Place,
    /// The amount; `None`, not stated, only in an acknowledged breach.
    pub amount: Option<Pence>,
}

/// Budget moved between heads in a year. What leaves equals what arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Virement {
    /// The year.
    pub year: FinancialYear,
    /// Where the money comes from.
    pub sources: Vec<VirementSide>,
    /// Where it goes.
    pub targets: Vec<VirementSide>,
    /// What underspend it rests on.
    pub basis: Option<UnderspendBasis>,
    /// For this year or for good, where it is said.
    pub permanence: Option<Permanence>,
}

/// Leave is asked to move budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementRequested {
    /// Its id.
    pub proposal: ProposalId,
    /// What is asked.
    pub virement: Virement,
    /// Why.
    pub reason: Text,
    /// The board that is to decide.
    pub board: Option<BoardId>,
    /// The day after which it lapses.
    pub lapses_on: Option<PartialDate>,
    /// What it is called.
    pub title: Option<Name>,
    /// The virement it asks to approve after the fact.
    pub ratifies: Option<Target>,
}

/// That leave is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementApproved {
    /// The request.
    pub proposal: ProposalId,
    /// The id of the decision.
    pub decision: ItemId,
    /// How much is allowed; `None` for all of it.
    pub amount: Option<Pence>,
    /// The board that decided.
    pub board: Option<BoardId>,
    /// That it covers a projected underspend, said outright.
    pub allows_projected: bool,
    /// Conditions.
    pub conditions: Text,
}

/// Budget is moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementMade {
    /// Its id.
    pub id: ItemId,
    /// What was moved.
    pub virement: Virement,
}

/// A move is undone, in whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirementReversed {
    /// The virement.
    pub id: ItemId,
    /// Why.
    pub reason: Text,
}

/// Where an underspend goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DisposalDestination {
    /// To the reserves of a body.
    BodyReserves,
    /// To a regional reserve.
    RegionalReserve,
    /// Into the next year.
    CarriedForward,
}

/// One part of a disposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisposalPart {
    /// Where it goes.
    pub destination: DisposalDestination,
    /// The body; given for a body's reserves.
    pub body: Option<BodyId>,
    /// The amount, above nothing.
    pub amount: Pence,
}

/// What becomes of the underspend of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposal {
    /// The year whose underspend it is.
    pub year: FinancialYear,
    /// The service; `None` for the whole.
    pub service: Option<ServiceId>,
    /// The parts.
    pub parts: Vec<DisposalPart>,
}

/// An outturn underspend is disposed of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderspendDisposed {
    /// Its id.
    pub id: ItemId,
    /// What becomes of it.
    pub disposal: Disposal,
}

/// A body confirms its part of a disposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisposalConfirmed {
    /// The disposal.
    pub id: ItemId,
    /// The body.
    pub body: BodyId,
    /// The amount it confirms.
    pub amount: Pence,
}
