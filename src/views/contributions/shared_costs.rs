//! The costs of a year, and the part of each body, service by service.

use std::collections::BTreeSet;

use super::super::names;
use minutebook_domain::budget::allocation::{Allocation, share_ppm};
use minutebook_domain::budget::shared_cost::{NotShared, Reported, SharedCost};
use minutebook_domain::budget::shared_lines::SharedLine;
use minutebook_domain::event::SharesAre;
use minutebook_domain::ids::{BodyId, SubjectId};
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::{CollaborationAt, RegisterView};
use minutebook_wire::proto::{SharedCostView, SharedLinePart, SharedLineView, SharedPartView};
use minutebook_wire::reply;

/// The costs: of services in the order in which they were added, then of the whole.
pub(super) fn list(
    register_view: &RegisterView,
    collaboration: &CollaborationAt,
    subject: &SubjectId,
    costs: &[SharedCost<'_>],
) -> Vec<SharedCostView> {
    let mut order: Vec<&SharedCost<'_>> = costs.iter().filter(|cost| cost.has_figures()).collect();
    order.sort_by_key(|cost| {
        let service = cost.service.as_ref();
        let added = service.and_then(|id| collaboration.services.get(id));
        (
            service.is_none(),
            added.map(|service| service.added.effective_order()),
        )
    });
    let views = order.into_iter();
    views
        .map(|cost| view(register_view, subject, cost))
        .collect()
}

fn view(
    register_view: &RegisterView,
    subject: &SubjectId,
    cost: &SharedCost<'_>,
) -> SharedCostView {
    let formula = cost.formula;
    let is_rounded = formula.is_some_and(|one| one.formula.shares_are == Some(SharesAre::Rounded));
    let not_known = cost.by_formula.as_ref().map(|divided| divided.not_known);
    SharedCostView {
        service: cost
            .service
            .as_ref()
            .map(|service| names::service(register_view, subject, service)),
        amount_pence: cost.amount.map(Pence::get),
        revised_pence: cost.revised.map(Pence::get),
        basis: formula.map_or_else(String::new, |one| one.formula.basis.to_string()),
        by_formula_of_whole: formula.is_some_and(|one| one.is_of_whole),
        not_shared: not_shared(register_view, cost),
        printed_total_ppm: formula
            .filter(|_| is_rounded)
            .map_or(0, |one| one.formula.total_ppm()),
        parts: bodies(cost)
            .into_iter()
            .map(|body| part(register_view, cost, body))
            .collect(),
        lines: cost
            .lines
            .iter()
            .map(|line| line_view(register_view, line))
            .collect(),
        not_known_pence: not_known
            .filter(|amount| *amount != Pence::ZERO)
            .map(Pence::get),
    }
}

fn line_view(register_view: &RegisterView, line: &SharedLine) -> SharedLineView {
    let parts = line.parts.iter().map(|(body, part)| SharedLinePart {
        body: Some(names::body(register_view, body)),
        amount_pence: part.get(),
    });
    SharedLineView {
        head: reply::optional(line.head.head.as_ref()),
        fund: reply::fund_type(line.head.fund),
        amount_pence: line.amount.get(),
        parts: parts.collect(),
    }
}

/// Why a cost is not shared by a formula; empty where it is.
fn not_shared(register_view: &RegisterView, cost: &SharedCost<'_>) -> String {
    match &cost.not_shared {
        None => String::new(),
        Some(NotShared::NoFormula) => "no formula is recorded".to_owned(),
        Some(NotShared::OutsideService(bodies)) => {
            let bodies = names::bodies(register_view, bodies).into_iter();
            let bodies: Vec<String> = bodies.map(|body| body.name).collect();
            let take = match bodies.len() {
                1 => "takes",
                _ => "take",
            };
            format!(
                "no formula is recorded for the service, and that of the whole names {}, which \
                 {take} no part in it",
                bodies.join(", ")
            )
        }
        Some(NotShared::Formula(error)) => error.to_string(),
    }
}

fn bodies<'a>(cost: &'a SharedCost<'_>) -> Vec<&'a BodyId> {
    let mut bodies: BTreeSet<&BodyId> = cost.original.keys().collect();
    let shared = [&cost.by_formula, &cost.by_now].into_iter().flatten();
    bodies.extend(shared.flat_map(|all| all.parts.keys()));
    for reported in [&cost.forecast, &cost.outturn].into_iter().flatten() {
        bodies.extend(reported.parts.iter().flat_map(|all| all.parts.keys()));
        bodies.extend(reported.variance.iter().flat_map(|all| all.keys()));
    }
    bodies.into_iter().collect()
}

fn part(register_view: &RegisterView, cost: &SharedCost<'_>, body: &BodyId) -> SharedPartView {
    let of = |all: &Option<Allocation>| Some(all.as_ref()?.parts.get(body)?.get());
    let variance = |all: &Option<Reported>| {
        let variance = all.as_ref()?.variance.as_ref()?;
        variance.get(body).map(|amount| amount.get())
    };
    let formula = cost.formula.filter(|_| cost.by_formula.is_some());
    SharedPartView {
        body: Some(names::body(register_view, body)),
        share_ppm: formula
            .and_then(|one| share_ppm(one.formula, body))
            .unwrap_or_default(),
        original_pence: cost.original.get(body).map(|amount| amount.get()),
        by_formula_pence: of(&cost.by_formula),
        revised_pence: of(&cost.by_now),
        forecast_variance_pence: variance(&cost.forecast),
        outturn_variance_pence: variance(&cost.outturn),
    }
}

/// The costs that the figures of the payers leave out, a sentence each.
pub(super) fn left_out(
    register_view: &RegisterView,
    subject: &SubjectId,
    costs: &[SharedCost<'_>],
) -> Vec<String> {
    let name = |cost: &SharedCost<'_>| match &cost.service {
        Some(service) => names::service(register_view, subject, service).name,
        None => "the whole".to_owned(),
    };
    let mut sentences = Vec::new();
    let has_formula = costs.iter().any(|cost| cost.by_formula.is_some());
    for cost in costs.iter().filter(|_| has_formula) {
        if cost.not_shared.is_some() {
            let reason = not_shared(register_view, cost);
            sentences.push(format!("{}: not shared ({reason}).", name(cost)));
        }
        if let Some(allocation) = &cost.by_formula
            && allocation.not_known != Pence::ZERO
        {
            sentences.push(format!(
                "{}: the shares of {} are not known.",
                name(cost),
                allocation.not_known
            ));
        }
    }
    type Report<'c> = fn(&'c SharedCost<'c>) -> Option<&'c Reported>;
    let reports: [(&str, Report<'_>); 2] = [
        ("forecast", |cost| cost.forecast.as_ref()),
        ("outturn", |cost| cost.outturn.as_ref()),
    ];
    for (kind, report) in reports {
        if !costs.iter().any(|cost| report(cost).is_some()) {
            continue;
        }
        for cost in costs {
            match (cost.revised, report(cost)) {
                (Some(_), None) => sentences.push(format!(
                    "{}: the {kind} gives no figure for it, so its variance is left out.",
                    name(cost)
                )),
                (None, Some(reported)) if !reported.is_compared => sentences.push(format!(
                    "{}: the budget gives no figure for it, so the {kind} of it is compared with \
                     nothing.",
                    name(cost)
                )),
                _ => {}
            }
        }
    }
    sentences
}
