//! Measures: the quantities that the conditions of a rule compare.

use std::collections::BTreeMap;

use super::budget_lines::BudgetLines;
use super::regime::ApprovalCase;
use super::subject_lookup::successor_on;
use crate::budget::balance::Holder;
use crate::dossier::Dossier;
use crate::event::ApprovableAct;
use crate::event::{Band, Crossing, Head, Permanence, Place, RuleConditions, Scope, Virement};
use crate::fact::EffectiveOrder;
use crate::ids::{ProposalId, ServiceId};
use crate::money::Pence;

/// A measure of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity<T> {
    /// The act cannot have it: a condition on it fails.
    None,
    /// It is not known: it counts as above every bound.
    Unknown,
    Known(T),
}

impl<T: PartialOrd> Quantity<T> {
    fn is_within(&self, band: &Band<T>) -> bool {
        match (self, band) {
            (
                _,
                Band {
                    over: None,
                    up_to: None,
                },
            ) => true,
            (Self::None, _) => false,
            (Self::Unknown, band) => band.up_to.is_none(),
            (Self::Known(value), band) => {
                band.over.as_ref().is_none_or(|over| value > over)
                    && band.up_to.as_ref().is_none_or(|up_to| value <= up_to)
            }
        }
    }
}

impl Quantity<Pence> {
    /// The same beside the bounds of a rule: not known where they are in another currency.
    fn beside(self, band: &Band<Pence>) -> Self {
        let mut bounds = band.over.iter().chain(&band.up_to);
        match self {
            Self::Known(amount) if !bounds.all(|bound| amount.has_currency_of(*bound)) => {
                Self::Unknown
            }
            other => other,
        }
    }
}

impl ApprovalCase<'_> {
    pub(super) fn amount(&self) -> Quantity<Pence> {
        match &self.act {
            ApprovableAct::MakeVirement(_)
            | ApprovableAct::DisposeUnderspend(_)
            | ApprovableAct::SetBudget(..) => {
                self.act.amount().map_or(Quantity::Unknown, Quantity::Known)
            }
            _ => Quantity::None,
        }
    }

    /// The largest share of a service's main budget for the year that the act moves
    /// away, in millionths.
    fn budget_share(&self, at: EffectiveOrder) -> Quantity<u32> {
        let mut leaving: BTreeMap<&ServiceId, Option<Pence>> = BTreeMap::new();
        match &self.act {
            ApprovableAct::MakeVirement(virement) => {
                if virement.is_schedule() {
                    return Quantity::Unknown;
                }
                for side in &virement.sources {
                    let Place::Head(head) = &side.place else {
                        continue;
                    };
                    let Some(service) = &head.service else {
                        // A head without a service is in no service's budget.
                        return Quantity::Unknown;
                    };
                    let sum = leaving.entry(service).or_insert(Some(Pence::ZERO));
                    *sum = sum.zip(side.amount).map(|(sum, amount)| sum + amount);
                }
            }
            ApprovableAct::DisposeUnderspend(disposal) => match &disposal.service {
                Some(service) => {
                    leaving.insert(service, self.act.amount());
                }
                None => return Quantity::Unknown,
            },
            _ => return Quantity::None,
        }
        let Some(year) = self.act.year() else {
            return Quantity::None;
        };
        let budgets = self.subject.dossier.budgets.get(&(None, year));
        let Some(budget) = budgets.and_then(|budgets| budgets.before(at)) else {
            return Quantity::Unknown;
        };
        let mut largest = None;
        for (service, amount) in leaving {
            let whole = service_budget(budget, service);
            let Some(share) = amount
                .zip(whole)
                .and_then(|(amount, whole)| amount.share_of(whole))
            else {
                return Quantity::Unknown;
            };
            largest = largest.max(Some(share));
        }
        largest.map_or(Quantity::None, Quantity::Known)
    }

    /// The largest total that virements of the year take from one of the heads: this
    /// virement as a whole, and those made before that do not rely on its proposal.
    fn running_total(&self, at: EffectiveOrder) -> Quantity<Pence> {
        let ApprovableAct::MakeVirement(virement) = &self.act else {
            return Quantity::None;
        };
        // A schedule does not name the heads that its money comes from.
        if virement.is_schedule() {
            return Quantity::Unknown;
        }
        let dossier = &self.subject.dossier;
        let lines = BudgetLines::of(dossier, virement.year);
        let mut own: BTreeMap<Holder, Pence> = BTreeMap::new();
        for side in &virement.sources {
            if let Place::Head(head) = &side.place {
                let Some(amount) = side.amount else {
                    return Quantity::Unknown;
                };
                *own.entry(lines.line(head)).or_default() += amount;
            }
        }
        let mut largest = Quantity::None;
        for (line, amount) in own {
            let Some(taken) = amount_taken(dossier, &lines, &line, at, self.proposal) else {
                return Quantity::Unknown;
            };
            largest = match largest {
                Quantity::Known(so_far) => Quantity::Known((amount + taken).max(so_far)),
                _ => Quantity::Known(amount + taken),
            };
        }
        largest
    }

    /// Whether the conditions of a rule hold at `at`, with the running total of the year
    /// at `total_at`.
    pub(super) fn meets(
        &self,
        conditions: &RuleConditions,
        at: EffectiveOrder,
        total_at: EffectiveOrder,
    ) -> bool {
        let RuleConditions {
            matters,
            amount,
            budget_share_ppm,
            running_total,
            permanence,
            crossings,
            basis,
            proposers,
        } = conditions;
        if !(matters.is_empty() || matters.contains(&self.act.kind())) {
            return false;
        }
        let unbounded = |over: bool, up_to: bool| !over && !up_to;
        self.amount().beside(amount).is_within(amount)
            && basis.is_none_or(|basis| self.act.basis() == Some(basis))
            && permanence.is_none_or(|wanted| self.permanence() == Some(wanted))
            && (crossings.is_empty() || self.crosses(crossings))
            && (proposers.is_empty()
                || self.proposer.is_none_or(|proposer| {
                    let current = |body| successor_on(self.lookup, self.id, body, at.day);
                    let body = proposer.body().map(current);
                    body.is_some_and(|body| proposers.iter().any(|other| current(other) == body))
                }))
            && (unbounded(
                budget_share_ppm.over.is_some(),
                budget_share_ppm.up_to.is_some(),
            ) || self.budget_share(at).is_within(budget_share_ppm))
            && (unbounded(running_total.over.is_some(), running_total.up_to.is_some())
                || self
                    .running_total(total_at)
                    .beside(running_total)
                    .is_within(running_total))
    }

    /// A virement that does not state it counts as permanent, the stricter case.
    fn permanence(&self) -> Option<Permanence> {
        match &self.act {
            ApprovableAct::MakeVirement(virement) => {
                Some(virement.permanence.unwrap_or(Permanence::Permanent))
            }
            _ => None,
        }
    }

    fn crosses(&self, crossings: &[Crossing]) -> bool {
        let ApprovableAct::MakeVirement(virement) = &self.act else {
            return false;
        };
        // A schedule may cross any line.
        virement.is_schedule() || crossings.iter().any(|crossing| virement.crosses(*crossing))
    }
}

impl Virement {
    fn crosses(&self, crossing: Crossing) -> bool {
        let heads = |sides: &'_ [crate::event::VirementSide]| {
            sides
                .iter()
                .filter_map(|side| match &side.place {
                    Place::Head(head) => Some(head.clone()),
                    Place::ReturnedTo(_) => None,
                })
                .collect::<Vec<Head>>()
        };
        let (from, to) = (heads(&self.sources), heads(&self.targets));
        let any = |differ: fn(&Head, &Head) -> bool| {
            from.iter().any(|from| to.iter().any(|to| differ(from, to)))
        };
        match crossing {
            Crossing::Heads => any(|from, to| from != to),
            Crossing::Services => any(|from, to| from.service != to.service),
            Crossing::CapitalRevenue => any(|from, to| from.fund != to.fund),
            Crossing::ReturnedToBodies => self
                .targets
                .iter()
                .any(|side| matches!(side.place, Place::ReturnedTo(_))),
        }
    }
}

/// The amount that virements before a point in the order took from a line, without
/// those reversed by then and those that rely on this same proposal; `None` if one of
/// them does not state its amount. A virement that names the proposal and is another
/// act counts.
fn amount_taken(
    dossier: &Dossier,
    lines: &BudgetLines<'_>,
    line: &Holder,
    at: EffectiveOrder,
    proposal: Option<ProposalId>,
) -> Option<Pence> {
    let own = proposal.and_then(|id| {
        Some((
            dossier.acts_by_proposal.get(&id)?,
            dossier.proposals.get(&id)?,
        ))
    });
    let is_own = |order: &EffectiveOrder, made: &Virement| {
        own.is_some_and(|(acts, proposal)| {
            let proposed = proposal.act();
            acts.contains(order)
                && proposed
                    .difference(&ApprovableAct::MakeVirement(made))
                    .is_none()
        })
    };
    lines
        .virements()
        .take_while(|(order, _)| **order < at)
        .filter(|(order, made)| !is_own(order, &made.made.virement))
        .filter(|(_, made)| made.reversed.before(at).is_none())
        .flat_map(|(_, made)| made.made.virement.sources.iter())
        .filter(|side| lines.is_in(&side.place, line))
        .map(|side| side.amount)
        .sum()
}

/// The budget of a service: its lines, or else its contributions, or else its printed
/// total.
fn service_budget(budget: &crate::event::BudgetApproved, service: &ServiceId) -> Option<Pence> {
    let figures = &budget.figures;
    let mut lines = figures
        .lines
        .iter()
        .filter(|line| line.head.service.as_ref() == Some(service))
        .map(|line| line.amount)
        .peekable();
    if lines.peek().is_some() {
        return Some(lines.sum());
    }
    let mut cells = figures
        .contributions
        .iter()
        .filter(|cell| cell.service == *service)
        .map(|cell| cell.amount)
        .peekable();
    if cells.peek().is_some() {
        return Some(cells.sum());
    }
    let stated = |total: &&crate::event::StatedTotal| matches!(&total.scope, Scope::Service(other) if other == service);
    figures.stated.iter().find(stated).map(|total| total.amount)
}
