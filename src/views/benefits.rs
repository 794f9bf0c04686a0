//! Benefits and savings: expected and measured.

use super::{names, savings};
use minutebook_domain::dossier::{Benefit, Dossier};
use minutebook_domain::ids::{ItemId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{BenefitView, MeasurementView, SavingsView};
use minutebook_wire::reply;

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
        savings.extend(savings::lines(register_view, id, &name, &subject.dossier));
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
