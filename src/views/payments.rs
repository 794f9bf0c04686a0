//! The payments of a body under the main budgets of a collaboration, year by year: its own,
//! and those that it makes in the place of others.

use std::collections::BTreeMap;

use super::names;
use minutebook_domain::event::{Contribution, Figures};
use minutebook_domain::ids::{BodyId, CollaborationId, ServiceId, SubjectId};
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::{CollaborationAt, RegisterView};
use minutebook_wire::proto::{Payment, ServiceAmount};
use minutebook_wire::reply;

/// The amounts of one year that one body was to pay.
#[derive(Default)]
struct Paid<'a> {
    by_service: Vec<(&'a ServiceId, Pence)>,
    /// Those of which the share of this body is not given.
    undivided: Vec<Pence>,
}

pub(super) fn list(
    register_view: &RegisterView,
    id: &BodyId,
    collaboration_id: &CollaborationId,
    collaboration: &CollaborationAt,
) -> Vec<Payment> {
    let subject = SubjectId::Collaboration(collaboration_id.clone());
    let mut payments = BTreeMap::new();
    for ((budget, year), set) in &collaboration.subject().dossier.budgets {
        let (None, Some(set)) = (budget, set.latest()) else {
            continue;
        };
        // An heir pays from the day on which it took the place of the body that the budget
        // names: nothing of a year that was over by then.
        let last_day = year.last_day().min(register_view.as_at());
        for cell in &set.figures.contributions {
            let is_own = cell.body == *id;
            let heirs = collaboration.holders(&cell.body, last_day);
            if !is_own && (!heirs.contains(&id) || names_heir(&set.figures, cell, &heirs)) {
                continue;
            }
            let key = (*year, (!is_own).then_some(&cell.body));
            let (paid, passed_to) = payments
                .entry(key)
                .or_insert_with(|| (Paid::default(), Vec::new()));
            let has_passed = is_own && !heirs.contains(&id);
            if has_passed && !names_heir(&set.figures, cell, &heirs) {
                *passed_to = heirs.iter().map(|heir| (*heir).clone()).collect();
            }
            let divided = heirs.len() > 1;
            let share = || {
                let succession = collaboration.succession_to(&cell.body, id, last_day)?;
                succession.part_of(cell.amount, id)
            };
            match (is_own || !divided, share()) {
                (true, _) => paid.by_service.push((&cell.service, cell.amount)),
                (false, Some(share)) => paid.by_service.push((&cell.service, share)),
                (false, None) => paid.undivided.push(cell.amount),
            }
        }
    }
    let payments = payments.into_iter();
    let views = payments.map(|((year, named), (paid, passed_to))| Payment {
        currency: reply::currency(collaboration.subject().dossier.currency),
        collaboration: Some(names::collaboration(register_view, collaboration_id)),
        financial_year: year.to_string(),
        total_pence: sum(paid.by_service.iter().map(|(_, amount)| *amount)),
        services: paid
            .by_service
            .iter()
            .map(|(service, amount)| ServiceAmount {
                service: Some(names::service(register_view, &subject, service)),
                amount_pence: amount.get(),
            })
            .collect(),
        in_place_of: named.map(|named| names::body(register_view, named)),
        split_not_given: match named {
            Some(_) => !paid.undivided.is_empty(),
            None => {
                passed_to.len() > 1 && !has_shares(collaboration, id, &passed_to, register_view)
            }
        },
        passed_to: names::bodies(register_view, &passed_to),
        undivided_pence: sum(paid.undivided.into_iter()),
    });
    views.collect()
}

fn sum(amounts: impl Iterator<Item = Pence>) -> i64 {
    amounts.sum::<Pence>().get()
}

/// Whether the figures name, for the same service, a body that is in the place of the one
/// in a cell: each then contributes for its own part of the year.
fn names_heir(figures: &Figures, cell: &Contribution, heirs: &[&BodyId]) -> bool {
    let mut others = figures.contributions.iter();
    others.any(|other| {
        other.service == cell.service && other.body != cell.body && heirs.contains(&&other.body)
    })
}

/// Whether the share of each heir of a body is stated.
fn has_shares(
    collaboration: &CollaborationAt,
    id: &BodyId,
    heirs: &[BodyId],
    register_view: &RegisterView,
) -> bool {
    heirs.iter().all(|heir| {
        let succession = collaboration.succession_to(id, heir, register_view.as_at());
        succession.is_some_and(|fact| fact.part_of(Pence::ZERO, heir).is_some())
    })
}
