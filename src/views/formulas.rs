//! Formulas by which costs are shared, as their documents give them.

use super::names;
use minutebook_domain::budget::allocation::share_ppm;
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::Dossier;
use minutebook_domain::event::{FundingFormulaSet, LimitAmount, ShareLimit};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{ServiceId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::{FormulaShare, FormulaView, ShareLimitView};
use minutebook_wire::reply;

/// The formulas in force, by service and year.
pub(super) fn list(
    register_view: &RegisterView,
    id: &SubjectId,
    dossier: &Dossier,
) -> Vec<FormulaView> {
    let formulas = dossier.formulas.iter();
    formulas
        .filter_map(|((service, year), set)| {
            let formula = set.at(register_view.as_at())?;
            Some(view(register_view, id, service.as_ref(), *year, formula))
        })
        .collect()
}

/// The formulas in force of a year, by service.
pub(super) fn of_year(
    register_view: &RegisterView,
    id: &SubjectId,
    dossier: &Dossier,
    year: FinancialYear,
) -> Vec<FormulaView> {
    let mut all = list(register_view, id, dossier);
    all.retain(|formula| formula.financial_year == year.to_string());
    all
}

fn view(
    register_view: &RegisterView,
    id: &SubjectId,
    service: Option<&ServiceId>,
    year: FinancialYear,
    formula: &Fact<FundingFormulaSet>,
) -> FormulaView {
    let shares = formula.bodies().map(|body| {
        let used = formula.usage.iter().find(|usage| usage.body == *body);
        FormulaShare {
            body: Some(names::body(register_view, body)),
            share_ppm: share_ppm(formula, body).unwrap_or_default(),
            used: used.map_or_else(String::new, |usage| usage.used.to_string()),
        }
    });
    let limits = formula.limits.iter();
    FormulaView {
        service: service.map(|service| names::service(register_view, id, service)),
        financial_year: year.to_string(),
        basis: formula.basis.to_string(),
        shares: shares.collect(),
        set_on: Some(reply::date(formula.on())),
        set_on_is: reply::date_is(formula.is()),
        shares_are: formula.shares_are.map_or(0, reply::shares_are),
        total_ppm: formula.total_ppm(),
        usage_unit: reply::optional(formula.usage_unit.as_ref()),
        limits: limits
            .map(|limit| limit_view(register_view, limit))
            .collect(),
        remainder_to: formula
            .remainder_to
            .as_ref()
            .map(|body| names::body(register_view, body)),
    }
}

fn limit_view(register_view: &RegisterView, limit: &ShareLimit) -> ShareLimitView {
    let parts = |limit: Option<LimitAmount>| match limit {
        Some(LimitAmount::Amount(amount)) => (Some(amount.get()), None),
        Some(LimitAmount::Share(share)) => (None, Some(share.get())),
        None => (None, None),
    };
    let (minimum_pence, minimum_ppm) = parts(limit.minimum);
    let (maximum_pence, maximum_ppm) = parts(limit.maximum);
    ShareLimitView {
        body: limit
            .body
            .as_ref()
            .map(|body| names::body(register_view, body)),
        minimum_pence,
        minimum_ppm,
        maximum_pence,
        maximum_ppm,
    }
}
