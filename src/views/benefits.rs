//! Benefits and savings: expected and measured.

use std::collections::BTreeSet;

use super::names;
use crate::domain::dossier::{Benefit, Dossier};
use crate::domain::event::{AmountIs, Savings};
use crate::domain::ids::{ItemId, SubjectId};
use crate::domain::money::Pence;
use crate::domain::register_view::RegisterView;
use crate::wire::proto::{BenefitView, MeasurementView, SavingsView};
use crate::wire::reply;

/// The benefits and the savings, by subject and id, optionally of one subject.
pub fn list(
    register_view: &RegisterView,
    subject: Option<&SubjectId>,
) -> (Vec<BenefitView>, Vec<SavingsView>) {
    let (mut benefits, mut savings) = (Vec::new(), Vec::new());
    for (id, subject) in register_view.subjects_or(subject) {
        let name = names::subject(register_view, id);
        for (benefit_id, benefit) in &subject.dossier.benefits {
            benefits.push(benefit_view(
                id,
                &name,
                benefit_id,
                benefit,
                &subject.dossier,
            ));
        }
        savings.extend(savings_of(id, &name, &subject.dossier));
    }
    (benefits, savings)
}

fn benefit_view(
    subject: &SubjectId,
    name: &str,
    id: &ItemId,
    benefit: &Benefit,
    dossier: &Dossier,
) -> BenefitView {
    let baselined = &benefit.baselined;
    // An assumption can belong to the benefit itself or to the instrument that promised
    // it.
    let failed = dossier.assumptions.values().filter(|failed| {
        failed.benefit.as_ref() == Some(id)
            || (failed.benefit.is_none()
                && failed.instrument.is_some()
                && failed.instrument == baselined.instrument)
    });
    BenefitView {
        subject: subject.to_string(),
        subject_name: name.to_owned(),
        benefit_id: id.to_string(),
        title: baselined.title.to_string(),
        unit: baselined.unit.to_string(),
        baseline: reply::optional(baselined.baseline.as_ref()),
        expected: reply::optional(baselined.expected.as_ref()),
        expected_by_on: reply::optional_date(baselined.expected_by_on),
        measurements: benefit
            .measured
            .iter()
            .map(|measured| MeasurementView {
                measured_on: Some(reply::date(measured.on())),
                value: measured.value.to_string(),
                method: measured.method.to_string(),
            })
            .collect(),
        failed_assumptions: failed.map(|failed| failed.found.to_string()).collect(),
        service_id: reply::optional(baselined.service.as_ref()),
        assumptions: baselined.assumptions.to_string(),
        instrument_id: reply::optional(baselined.instrument.as_ref()),
        baselined_on: Some(reply::date(baselined.on())),
    }
}

/// The plans, each with the savings realised from it, and savings realised without a
/// plan.
fn savings_of(subject: &SubjectId, name: &str, dossier: &Dossier) -> Vec<SavingsView> {
    let view = |id: &ItemId, savings: &Savings| SavingsView {
        subject: subject.to_string(),
        subject_name: name.to_owned(),
        savings_id: id.to_string(),
        description: savings.description.to_string(),
        from_year: savings.from_year.to_string(),
        to_year: reply::optional_year(savings.to_year),
        service_id: reply::optional(savings.service.as_ref()),
        ..SavingsView::default()
    };
    // A sum is as exact as the least exact of its parts.
    let realised = |plan: &ItemId| -> (Pence, Option<AmountIs>) {
        let made = dossier.savings_realised.values();
        let made: Vec<&Savings> = made
            .filter(|made| made.plan.as_ref() == Some(plan))
            .map(|made| &made.savings)
            .collect();
        let sum = made.iter().map(|savings| savings.amount).sum();
        let inexact: BTreeSet<AmountIs> = made
            .iter()
            .filter_map(|savings| savings.amount_is)
            .collect();
        let is = match inexact.into_iter().collect::<Vec<_>>()[..] {
            [] => None,
            // Something is missing from the sum.
            [AmountIs::NotGiven] if made.len() > 1 => Some(AmountIs::AtLeast),
            [one] => Some(one),
            _ => Some(AmountIs::About),
        };
        (sum, is)
    };
    let amount = |savings: &Savings| {
        let is_given = savings.amount_is != Some(AmountIs::NotGiven);
        is_given.then_some(savings.amount.get())
    };
    let planned = dossier
        .savings_planned
        .iter()
        .map(|(id, planned)| SavingsView {
            planned_pence: amount(&planned.savings),
            planned_is: reply::amount_is(planned.savings.amount_is),
            realised_pence: realised(id).0.get(),
            realised_is: reply::amount_is(realised(id).1),
            part_of_id: reply::optional(planned.part_of.as_ref()),
            ..view(id, &planned.savings)
        });
    let unplanned = dossier.savings_realised.iter().filter(|(_, made)| {
        made.plan
            .as_ref()
            .is_none_or(|plan| !dossier.savings_planned.contains_key(plan))
    });
    let unplanned = unplanned.map(|(id, made)| SavingsView {
        realised_pence: made.savings.amount.get(),
        realised_is: reply::amount_is(made.savings.amount_is),
        ..view(id, &made.savings)
    });
    planned.chain(unplanned).collect()
}
