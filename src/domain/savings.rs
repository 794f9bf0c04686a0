//! Savings plans: the amounts planned, given up, made and left, with the parts of each.
//!
//! A plan counts its parts. Giving up all of a plan gives up all of its parts, and takes
//! what is left on that day, so a saving that is recorded late changes it.

use std::collections::{BTreeMap, BTreeSet};

use super::date::FinancialYear;
use super::dossier::{Dossier, SavingsPlan};
use super::event::{Savings, SavingsDropped, SavingsRealised};
use super::fact::{EffectiveOrder, Fact};
use super::ids::ItemId;
use super::known_amount::KnownAmount;
use super::money::Pence;

/// The most plans that a plan is part of, one of the other.
pub const WHOLES_MAX: usize = 10;

/// Corrections can join plans below with plans above; nothing goes further than this.
const DEPTH_MAX: usize = 4 * WHOLES_MAX;

impl SavingsPlan {
    /// The savings as they are planned before a point in the order.
    pub fn before(&self, order: EffectiveOrder) -> &Savings {
        let changed = self.changed.before(order);
        changed.map_or(&self.planned.savings, |changed| &changed.savings)
    }

    /// The savings as they are planned last.
    pub fn now(&self) -> &Savings {
        self.before(EffectiveOrder::LAST)
    }

    /// The first entry by which all that is left was given up.
    fn given_up_whole(&self) -> Option<&Fact<SavingsDropped>> {
        self.dropped.iter().find(|dropped| dropped.amount.is_none())
    }
}

impl Dossier {
    /// The savings plans that a plan is part of, the nearest first.
    pub fn savings_wholes(&self, id: &ItemId) -> Vec<&ItemId> {
        let mut wholes: Vec<&ItemId> = Vec::new();
        let mut next = self.savings_plans.get(id);
        while let Some(whole) = next.and_then(|plan| plan.planned.part_of.as_ref()) {
            if wholes.contains(&whole) || wholes.len() == DEPTH_MAX {
                break;
            }
            wholes.push(whole);
            next = self.savings_plans.get(whole);
        }
        wholes
    }

    /// The first entry by which all that is left of a savings plan, or of one that it is part
    /// of, was given up.
    pub fn savings_given_up(&self, id: &ItemId) -> Option<&Fact<SavingsDropped>> {
        let plan = |id: &ItemId| self.savings_plans.get(id);
        let wholes = self.savings_wholes(id).into_iter();
        let plans = plan(id).into_iter().chain(wholes.filter_map(plan));
        let dropped = plans.filter_map(SavingsPlan::given_up_whole);
        dropped.min_by_key(|dropped| dropped.effective_order())
    }
}

/// The amounts of a plan, with those of its parts.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlanAmounts {
    pub planned: KnownAmount,
    pub given_up: KnownAmount,
    pub made: KnownAmount,
}

impl PlanAmounts {
    /// Below zero if more was made than planned.
    pub fn left(&self) -> KnownAmount {
        self.planned.less(self.given_up).less(self.made)
    }
}

/// The savings plans of a subject, each with its parts and the savings made of it.
pub struct SavingsPlans<'a> {
    dossier: &'a Dossier,
    parts: BTreeMap<&'a ItemId, Vec<&'a ItemId>>,
    made: BTreeMap<&'a ItemId, Vec<&'a Fact<SavingsRealised>>>,
}

impl<'a> SavingsPlans<'a> {
    pub fn of(dossier: &'a Dossier) -> Self {
        let mut parts: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (id, plan) in &dossier.savings_plans {
            if let Some(whole) = &plan.planned.part_of {
                parts.entry(whole).or_default().push(id);
            }
        }
        let mut made: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for realised in dossier.savings_realised.values() {
            if let Some(plan) = &realised.plan {
                made.entry(plan).or_default().push(realised);
            }
        }
        for made in made.values_mut() {
            made.sort_by_key(|made: &&Fact<SavingsRealised>| made.effective_order());
        }
        Self {
            dossier,
            parts,
            made,
        }
    }

    fn plan(&self, id: &ItemId) -> Option<&'a SavingsPlan> {
        self.dossier.savings_plans.get(id)
    }

    /// The parts of a plan, by id.
    pub fn parts(&self, id: &ItemId) -> &[&'a ItemId] {
        self.parts.get(id).map_or(&[], Vec::as_slice)
    }

    /// The savings made of a plan itself, in order.
    pub fn made(&self, id: &ItemId) -> &[&'a Fact<SavingsRealised>] {
        self.made.get(id).map_or(&[], Vec::as_slice)
    }

    /// The savings made of a plan and of its parts.
    pub fn made_in_all(&self, id: &ItemId) -> Vec<&'a Fact<SavingsRealised>> {
        let plans = self.with_parts(id).into_iter();
        plans.flat_map(|plan| self.made(plan)).copied().collect()
    }

    /// A plan, its parts, theirs, and so on.
    fn with_parts<'i>(&'i self, id: &'i ItemId) -> Vec<&'i ItemId> {
        let (mut all, mut seen) = (vec![id], BTreeSet::from([id]));
        let mut next = 0;
        while let Some(plan) = all.get(next) {
            let parts = self.parts(plan).iter().copied();
            let new: Vec<_> = parts.filter(|part| seen.insert(*part)).collect();
            all.extend(new);
            next += 1;
        }
        all
    }

    /// The amounts of a plan before a point in the order.
    pub fn amounts(&self, id: &ItemId, before: EffectiveOrder) -> PlanAmounts {
        self.amounts_below(id, before, &mut Vec::new())
    }

    /// `above` has the plans that this one is part of.
    fn amounts_below<'i>(
        &'i self,
        id: &'i ItemId,
        before: EffectiveOrder,
        above: &mut Vec<&'i ItemId>,
    ) -> PlanAmounts {
        let is_known = !above.contains(&id) && above.len() < DEPTH_MAX;
        let Some(plan) = self.plan(id).filter(|_| is_known) else {
            return PlanAmounts::default();
        };
        let whole = self.dossier.savings_given_up(id).map(Fact::effective_order);
        let whole = whole.filter(|order| *order < before);
        above.push(id);
        let parts_at = |order, above: &mut Vec<&'i ItemId>| -> Vec<PlanAmounts> {
            let parts = self.parts(id).iter();
            parts
                .map(|part| self.amounts_below(part, order, above))
                .collect()
        };
        // Once all is given up, giving up a part takes nothing more.
        let cut = whole.unwrap_or(before);
        let at_cut = self.at(plan, cut, &parts_at(cut, above));
        let amounts = match whole {
            None => at_cut,
            Some(_) => {
                let left = at_cut.left();
                let is_over = left.amount.is_some_and(|left| left < Pence::ZERO);
                // More was made than planned: nothing is left to give up.
                let rest = match is_over {
                    true => KnownAmount::exact(Pence::ZERO),
                    false => left,
                };
                let rest = Some(rest);
                let given_up = rest.into_iter().chain([at_cut.given_up]);
                PlanAmounts {
                    given_up: given_up.collect(),
                    made: self.at(plan, before, &parts_at(before, above)).made,
                    ..at_cut
                }
            }
        };
        above.pop();
        amounts
    }

    /// The amounts before a point in the order, where not all was given up before.
    fn at(&self, plan: &SavingsPlan, order: EffectiveOrder, parts: &[PlanAmounts]) -> PlanAmounts {
        let savings = plan.before(order);
        let own = savings.known_amount();
        // One that states what it saves each year is more than its parts.
        let is_by_parts = own.is_not_given() && savings.annual.is_none();
        let of_parts: KnownAmount = parts.iter().map(|part| part.planned).collect();
        let dropped = plan.dropped.iter();
        let dropped = dropped.filter(|dropped| dropped.effective_order() < order);
        let dropped = dropped.filter_map(|dropped| dropped.amount.map(KnownAmount::exact));
        let made = self.made(&plan.planned.plan).iter();
        let made = made.filter(|made| made.effective_order() < order);
        let made = made.map(|made| made.savings.known_amount());
        PlanAmounts {
            planned: match is_by_parts && of_parts.amount.is_some() {
                true => of_parts,
                false => own,
            },
            given_up: dropped
                .chain(parts.iter().map(|part| part.given_up))
                .collect(),
            made: made.chain(parts.iter().map(|part| part.made)).collect(),
        }
    }

    /// The planned amounts by year; those of the parts where the plan itself gives none. Those
    /// without a known end go on until the year `until`.
    pub fn planned_years(&self, id: &ItemId, until: FinancialYear) -> YearAmounts {
        let mut years = YearAmounts::new();
        let Some(plan) = self.plan(id) else {
            return years;
        };
        add_years(&mut years, plan.now(), until);
        if years.is_empty() {
            let parts = self.with_parts(id).into_iter().skip(1);
            // A part that is itself given by its parts counts by them.
            let leaves = parts.filter(|part| self.counts_itself(part, id, until));
            let leaves = leaves.filter_map(|part| self.plan(part));
            leaves.for_each(|part| add_years(&mut years, part.now(), until));
        }
        years
    }

    /// Whether a part counts by its own years: no plan between it and `whole` has some.
    fn counts_itself(&self, part: &ItemId, whole: &ItemId, until: FinancialYear) -> bool {
        let wholes = self.dossier.savings_wholes(part).into_iter();
        let mut between = wholes.take_while(|above| *above != whole);
        between.all(|above| {
            let plan = self.plan(above);
            plan.is_none_or(|plan| plan.now().years(until).is_empty())
        })
    }

    /// The amount of each year; that of the parts where the plan itself gives none.
    pub fn annual(&self, id: &ItemId) -> Option<Pence> {
        self.annual_below(id, DEPTH_MAX)
    }

    fn annual_below(&self, id: &ItemId, depth: usize) -> Option<Pence> {
        let own = self.plan(id)?.now().annual;
        let of_parts = || {
            let depth = depth.checked_sub(1)?;
            let parts = self.parts(id).iter();
            let parts = parts.filter(|part| self.dossier.savings_given_up(part).is_none());
            let parts = parts.filter_map(|part| self.annual_below(part, depth));
            parts.reduce(|one, other| one + other)
        };
        own.or_else(of_parts)
    }
}

/// Amounts by year.
pub type YearAmounts = BTreeMap<FinancialYear, Pence>;

/// Adds the amounts of savings by year, as far as they are known by year.
pub fn add_years(years: &mut YearAmounts, savings: &Savings, until: FinancialYear) {
    for of_year in savings.years(until) {
        *years.entry(of_year.year).or_default() += of_year.amount;
    }
}
