//! The savings of a subject: each plan as first made and as it is now, with its parts, what
//! was given up, made and left, and the totals, in which a part counts once.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::names;
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::{Dossier, SavingsPlan};
use minutebook_domain::event::{Savings, SavingsRealised};
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{ItemId, SubjectId};
use minutebook_domain::known_amount::KnownAmount;
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::savings::{PlanAmounts, SavingsPlans, YearAmounts, add_years};
use minutebook_wire::proto::{
    SavingsMadeView, SavingsStep, SavingsStepView, SavingsTotalView, SavingsView, SavingsYearView,
};
use minutebook_wire::reply;

/// After every entry that the view has.
const NOW: EffectiveOrder = EffectiveOrder::LAST;

/// The totals of the subjects that have savings, optionally of one subject.
pub fn totals(register_view: &RegisterView, subject: Option<&SubjectId>) -> Vec<SavingsTotalView> {
    let mut totals = Vec::new();
    for (id, subject) in register_view.subjects_or(subject) {
        let dossier = &subject.dossier;
        if !(dossier.savings_plans.is_empty() && dossier.savings_realised.is_empty()) {
            let name = names::subject(register_view, id);
            let day = register_view.as_at();
            totals.push(SavingsContext::new(id, &name, dossier, day).total());
        }
    }
    totals
}

/// The lines of a subject, plans first.
pub(super) fn lines(
    register_view: &RegisterView,
    subject: &SubjectId,
    name: &str,
    dossier: &Dossier,
) -> Vec<SavingsView> {
    let context = SavingsContext::new(subject, name, dossier, register_view.as_at());
    let planned = dossier.savings_plans.iter();
    let planned = planned.map(|(id, plan)| context.plan(id, plan));
    let unplanned = context.unplanned().map(|made| context.without_plan(made));
    planned.chain(unplanned).collect()
}

/// The savings of one subject.
struct SavingsContext<'a> {
    subject: &'a SubjectId,
    name: &'a str,
    dossier: &'a Dossier,
    plans: SavingsPlans<'a>,
    /// The year of the answer.
    year: FinancialYear,
}

impl<'a> SavingsContext<'a> {
    fn new(subject: &'a SubjectId, name: &'a str, dossier: &'a Dossier, day: Date) -> Self {
        Self {
            subject,
            name,
            dossier,
            plans: SavingsPlans::of(dossier),
            year: dossier.year_of(day),
        }
    }

    /// The savings made without a plan.
    fn unplanned(&self) -> impl Iterator<Item = &'a Fact<SavingsRealised>> {
        let plans = &self.dossier.savings_plans;
        let is_planned = |plan: &ItemId| plans.contains_key(plan);
        let made = self.dossier.savings_realised.values();
        made.filter(move |made| !made.plan.as_ref().is_some_and(is_planned))
    }

    /// The fields that every line takes from its savings.
    fn line(&self, id: &ItemId, savings: &Savings) -> SavingsView {
        SavingsView {
            currency: reply::currency(self.dossier.currency),
            subject: self.subject.to_string(),
            subject_name: self.name.to_owned(),
            savings_id: id.to_string(),
            description: savings.description.to_string(),
            from_year: reply::optional_year(savings.from_year),
            to_year: reply::optional_year(savings.to_year),
            service_id: reply::optional(savings.service.as_ref()),
            recurrence: recurrence(savings),
            ..SavingsView::default()
        }
    }

    fn years_made(&self, made: &[&Fact<SavingsRealised>]) -> YearAmounts {
        let mut years = YearAmounts::new();
        for made in made {
            add_years(&mut years, &made.savings, self.year);
        }
        years
    }

    fn plan(&self, id: &ItemId, plan: &SavingsPlan) -> SavingsView {
        let now = plan.now();
        let amounts = self.plans.amounts(id, NOW);
        let own = self.plans.made(id).iter();
        let own: KnownAmount = own.map(|made| made.savings.known_amount()).collect();
        let parts = self.plans.parts(id);
        let of_parts = parts.iter().map(|part| self.plans.amounts(part, NOW));
        let of_parts: KnownAmount = of_parts.map(|part| part.planned).collect();
        let over = of_parts.exactly().zip(now.known_amount().exactly());
        let made_in_all = self.plans.made_in_all(id);
        let whole = self.dossier.savings_given_up(id);
        // Of a part, all was given up with the whole, and the whole counts it.
        let with_whole = whole.filter(|dropped| dropped.plan != plan.planned.plan);
        let given_up = match with_whole {
            None => amounts.given_up,
            Some(dropped) => self.given_up_with_whole(id, dropped.effective_order()),
        };
        let amounts = PlanAmounts {
            given_up,
            ..amounts
        };
        let (planned_pence, planned_is) = reply::known_amount(now.known_amount());
        let (first_planned_pence, first_planned_is) =
            reply::known_amount(plan.planned.savings.known_amount());
        let (made_pence, made_is) = reply::known_amount(amounts.made);
        let (left_pence, left_is) = reply::known_amount(amounts.left());
        let (parts_pence, parts_is) = reply::known_amount(of_parts);
        SavingsView {
            planned_pence,
            planned_is,
            realised_pence: reply::optional_pence(own.amount),
            realised_is: reply::amount_is(own.is),
            part_of_id: reply::optional(plan.planned.part_of.as_ref()),
            first_planned_pence,
            first_planned_is,
            dropped_pence: given_up.amount.map(reply::pence),
            dropped_on: whole.map(|dropped| reply::date(dropped.on())),
            made_pence,
            made_is,
            left_pence,
            left_is,
            annual_pence: self.plans.annual(id).map(reply::pence),
            years: years(
                &self.plans.planned_years(id, self.year),
                &self.years_made(&made_in_all),
            ),
            part_count: count(parts.len()),
            parts_pence,
            parts_is,
            parts_over_pence: over.map(|(parts, whole)| reply::pence(parts - whole)),
            steps: steps(plan),
            made: self
                .plans
                .made(id)
                .iter()
                .map(|made| made_view(made, whole.map(Fact::effective_order)))
                .collect(),
            not_given_count: not_given(&made_in_all),
            ..self.line(id, now)
        }
    }

    /// The amount given up of a part, together with all that is left when the whole was given
    /// up.
    fn given_up_with_whole(&self, id: &ItemId, at: EffectiveOrder) -> KnownAmount {
        let before = self.plans.amounts(id, at);
        let left = before.left();
        let is_over = left.amount.is_some_and(|left| left < Pence::ZERO);
        let rest = Some(left).filter(|_| !is_over);
        rest.into_iter().chain([before.given_up]).collect()
    }

    fn without_plan(&self, made: &Fact<SavingsRealised>) -> SavingsView {
        let amount = made.savings.known_amount();
        let (made_pence, made_is) = reply::known_amount(amount);
        SavingsView {
            realised_pence: reply::optional_pence(amount.amount),
            realised_is: made_is,
            made_pence,
            made_is,
            annual_pence: made.savings.annual.map(reply::pence),
            years: years(&YearAmounts::new(), &self.years_made(&[made])),
            made: vec![made_view(made, None)],
            not_given_count: not_given(&[made]),
            part_of_id: reply::optional(made.part_of.as_ref()),
            ..self.line(&made.realised, &made.savings)
        }
    }

    /// The total of the plans that are part of no other, and of what was made without a plan.
    fn total(&self) -> SavingsTotalView {
        let all = &self.dossier.savings_plans;
        let is_top = |plan: &SavingsPlan| {
            let whole = plan.planned.part_of.as_ref();
            whole.is_none_or(|whole| !all.contains_key(whole))
        };
        let top: Vec<(&ItemId, &SavingsPlan)> =
            all.iter().filter(|(_, plan)| is_top(plan)).collect();
        let amounts: Vec<PlanAmounts> = top
            .iter()
            .map(|(id, _)| self.plans.amounts(id, NOW))
            .collect();
        let made = &self.dossier.savings_realised;
        let is_part = |whole: &ItemId| made.contains_key(whole);
        let counted = self.unplanned();
        let counted = counted.filter(|made| !made.part_of.as_ref().is_some_and(is_part));
        let unplanned: Vec<_> = counted.collect();
        let made_without = unplanned.iter().map(|made| made.savings.known_amount());
        let mut planned_years = YearAmounts::new();
        let mut made: Vec<&Fact<SavingsRealised>> = unplanned.clone();
        for (id, _) in &top {
            for (year, amount) in self.plans.planned_years(id, self.year) {
                *planned_years.entry(year).or_default() += amount;
            }
            made.extend(self.plans.made_in_all(id));
        }
        let sum = |amounts: &mut dyn Iterator<Item = KnownAmount>| -> Option<i64> {
            amounts.collect::<KnownAmount>().amount.map(reply::pence)
        };
        let first = top
            .iter()
            .map(|(_, plan)| plan.planned.savings.known_amount());
        let annual = top
            .iter()
            .filter(|(id, _)| self.dossier.savings_given_up(id).is_none())
            .filter_map(|(id, _)| self.plans.annual(id))
            .reduce(|one, other| one + other);
        let unknown = amounts.iter().filter(|of| of.planned.is_not_given());
        SavingsTotalView {
            currency: reply::currency(self.dossier.currency),
            subject: self.subject.to_string(),
            subject_name: self.name.to_owned(),
            first_planned_pence: sum(&mut first.into_iter()),
            planned_pence: sum(&mut amounts.iter().map(|of| of.planned)),
            dropped_pence: sum(&mut amounts.iter().map(|of| of.given_up)),
            made_pence: sum(&mut amounts.iter().map(|of| of.made).chain(made_without)),
            left_pence: sum(&mut amounts.iter().map(PlanAmounts::left)),
            annual_pence: annual.map(reply::pence),
            years: years(&planned_years, &self.years_made(&made)),
            not_given_count: count(unknown.count()) + not_given(&made),
        }
    }
}

fn recurrence(savings: &Savings) -> i32 {
    savings.recurrence.map_or(0, reply::recurrence)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The number of those of which the amount is not given.
fn not_given(made: &[&Fact<SavingsRealised>]) -> u32 {
    let unknown = made.iter().filter(|made| made.savings.amount.is_none());
    count(unknown.count())
}

fn years(planned: &YearAmounts, made: &YearAmounts) -> Vec<SavingsYearView> {
    let all: BTreeSet<_> = planned.keys().chain(made.keys()).collect();
    all.into_iter()
        .map(|year| SavingsYearView {
            financial_year: year.to_string(),
            planned_pence: planned.get(year).map(|amount| amount.get()),
            made_pence: made.get(year).map(|amount| amount.get()),
        })
        .collect()
}

/// The amounts by year as given, in order.
fn given_years(savings: &Savings, is_planned: bool) -> Vec<SavingsYearView> {
    let given = savings.by_year.iter();
    let given: YearAmounts = given.map(|given| (given.year, given.amount)).collect();
    match is_planned {
        true => years(&given, &YearAmounts::new()),
        false => years(&YearAmounts::new(), &given),
    }
}

/// The plan as first made, its changes, and what was given up of it, in order.
fn steps(plan: &SavingsPlan) -> Vec<SavingsStepView> {
    let planned = |step: SavingsStep, savings: &Savings, reason: String| {
        let (amount_pence, amount_is) = reply::known_amount(savings.known_amount());
        SavingsStepView {
            step: step.into(),
            amount_pence,
            amount_is,
            reason,
            description: savings.description.to_string(),
            from_year: reply::optional_year(savings.from_year),
            to_year: reply::optional_year(savings.to_year),
            service_id: reply::optional(savings.service.as_ref()),
            recurrence: recurrence(savings),
            annual_pence: savings.annual.map(reply::pence),
            years: given_years(savings, true),
            ..SavingsStepView::default()
        }
    };
    let first = &plan.planned;
    let mut steps = vec![(
        (first.effective_order(), first.on(), first.is()),
        SavingsStepView {
            position: first.position().get(),
            ..planned(SavingsStep::Planned, &first.savings, String::new())
        },
    )];
    steps.extend(plan.changed.iter().map(|changed| {
        let reason = changed.reason.to_string();
        let view = SavingsStepView {
            position: changed.position().get(),
            ..planned(SavingsStep::Changed, &changed.savings, reason)
        };
        (
            (changed.effective_order(), changed.on(), changed.is()),
            view,
        )
    }));
    steps.extend(plan.dropped.iter().map(|dropped| {
        let view = SavingsStepView {
            step: SavingsStep::Dropped.into(),
            amount_pence: dropped.amount.map(reply::pence),
            reason: dropped.reason.to_string(),
            position: dropped.position().get(),
            ..SavingsStepView::default()
        };
        (
            (dropped.effective_order(), dropped.on(), dropped.is()),
            view,
        )
    }));
    steps.sort_by_key(|((order, ..), _)| *order);
    let steps = steps
        .into_iter()
        .map(|((_, on, is), view)| SavingsStepView {
            on: Some(reply::date(on)),
            on_is: reply::date_is(is),
            ..view
        });
    steps.collect()
}

fn made_view(made: &Fact<SavingsRealised>, dropped: Option<EffectiveOrder>) -> SavingsMadeView {
    let savings = &made.savings;
    let (amount_pence, amount_is) = reply::known_amount(savings.known_amount());
    SavingsMadeView {
        savings_id: made.realised.to_string(),
        on: Some(reply::date(made.on())),
        on_is: reply::date_is(made.is()),
        description: savings.description.to_string(),
        amount_pence,
        amount_is,
        from_year: reply::optional_year(savings.from_year),
        to_year: reply::optional_year(savings.to_year),
        service_id: reply::optional(savings.service.as_ref()),
        recurrence: recurrence(savings),
        annual_pence: savings.annual.map(reply::pence),
        years: given_years(savings, false),
        after_drop: dropped.is_some_and(|dropped| dropped < made.effective_order()),
        position: made.position().get(),
    }
}
