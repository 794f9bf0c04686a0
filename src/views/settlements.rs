//! Settlements: who pays whom how much, what was paid or written off, and what is left.

use super::names;
use minutebook_domain::dossier::{AgreedSettlement, Dossier};
use minutebook_domain::event::Authority;
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BodyId, ItemId, SubjectId};
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_domain::succession::is_or_follows;
use minutebook_wire::proto::SettlementView;
use minutebook_wire::proto::settlement_view::{
    InstalmentView, SettlementPaymentView, WriteOffView,
};
use minutebook_wire::reply;

/// The lines, by subject, oldest first; optionally of one subject, and of one body that pays
/// or is paid by name.
pub fn list(
    register_view: &RegisterView,
    subject: Option<&SubjectId>,
    body: Option<&BodyId>,
) -> Vec<SettlementView> {
    let mut lines = Vec::new();
    for (id, subject) in register_view.subjects_or(subject) {
        lines.extend(of(register_view, id, &subject, body));
    }
    lines
}

/// The lines of one subject, oldest first.
pub(super) fn of(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    body: Option<&BodyId>,
) -> Vec<SettlementView> {
    let day = register_view.as_at();
    let names = |settlement: &AgreedSettlement, body: &BodyId| {
        let agreed = &settlement.agreed;
        let mut named = agreed.payer.iter().chain(&agreed.payees);
        named.any(|named| is_or_follows(subject.followed.as_ref(), body, named, day))
    };
    let all = subject.dossier.settlements.values();
    let mut settlements: Vec<&AgreedSettlement> = all
        .filter(|settlement| body.is_none_or(|body| names(settlement, body)))
        .collect();
    settlements.sort_by_cached_key(|settlement| settlement.agreed.effective_order());
    let views = settlements.into_iter();
    views
        .map(|settlement| view(register_view, id, subject, settlement))
        .collect()
}

/// The settlements about a dispute or a notice, by id.
pub(super) fn about(
    dossier: &Dossier,
    dispute: Option<&ItemId>,
    notice: Option<&ItemId>,
) -> Vec<String> {
    let is_about = |settlement: &AgreedSettlement| {
        let agreed = &settlement.agreed;
        dispute.is_some() && agreed.dispute.as_ref() == dispute
            || notice.is_some() && agreed.notice.as_ref() == notice
    };
    let settlements = dossier.settlements.iter();
    let about = settlements.filter(|(_, settlement)| is_about(settlement));
    about.map(|(id, _)| id.to_string()).collect()
}

fn view(
    register_view: &RegisterView,
    id: &SubjectId,
    subject: &Subject,
    settlement: &AgreedSettlement,
) -> SettlementView {
    let day = register_view.as_at();
    let agreed = &settlement.agreed;
    let amounts = settlement.amounts(subject);
    let (agreed_pence, agreed_is) = reply::known_amount(amounts.agreed);
    let instalments = settlement.instalments(subject);
    let left = |is_overdue: bool| {
        let open = instalments.iter().filter(|open| open.left > Pence::ZERO);
        open.filter(move |open| open.is_overdue(day) == is_overdue)
    };
    let next = left(false).next();
    let overdue: Pence = left(true).map(|open| open.left).sum();
    let written_off = amounts.written_off;
    SettlementView {
        currency: reply::currency(subject.dossier.currency),
        subject: id.to_string(),
        subject_name: subject.name().unwrap_or_default().to_owned(),
        settlement_id: agreed.id.to_string(),
        what_for: reply::settlement_for(agreed.what_for),
        payer: agreed
            .payer
            .as_ref()
            .map(|payer| names::body(register_view, payer)),
        payees: names::bodies(register_view, &agreed.payees),
        leaving: agreed
            .leaving
            .as_ref()
            .map(|leaving| names::body(register_view, leaving)),
        dispute_id: reply::optional(agreed.dispute.as_ref()),
        notice_id: reply::optional(agreed.notice.as_ref()),
        paid_in_lieu_pence: settlement.paid_in_lieu(subject).map(reply::pence),
        terms: agreed.terms.to_string(),
        agreed_on: Some(reply::date(agreed.on())),
        agreed_on_is: reply::date_is(agreed.is()),
        agreed_pence,
        agreed_is,
        payments: settlement
            .payments()
            .into_iter()
            .map(|paid| SettlementPaymentView {
                payment_id: paid.payment.to_string(),
                on: Some(reply::date(paid.on())),
                on_is: reply::date_is(paid.is()),
                amount_pence: reply::pence(paid.amount),
                position: paid.position().get(),
            })
            .collect(),
        write_offs: settlement
            .write_offs(subject)
            .into_iter()
            .map(|(fact, amount)| WriteOffView {
                on: Some(reply::date(fact.on())),
                on_is: reply::date_is(fact.is()),
                amount_pence: amount.amount.map(reply::pence),
                reason: fact.reason.to_string(),
                proposal_id: proposal(fact),
                position: fact.position().get(),
            })
            .collect(),
        paid_pence: reply::pence(amounts.paid),
        written_off_pence: match written_off.is_not_given() {
            true => None,
            false => Some(reply::optional_pence(written_off.amount)),
        },
        left_pence: amounts.left().amount.map(reply::pence),
        overpaid_pence: reply::pence(amounts.overpaid()),
        next_due_on: next.map(|open| reply::date(open.agreed.due_on)),
        next_due_pence: reply::optional_pence(next.map(|open| open.left)),
        overdue_pence: reply::pence(overdue),
        proposal_id: proposal(agreed),
        position: agreed.position().get(),
        instalments: instalments
            .iter()
            .map(|open| InstalmentView {
                due_on: Some(reply::date(open.agreed.due_on)),
                amount_pence: reply::pence(open.agreed.amount),
                left_pence: reply::pence(open.left),
                is_overdue: open.is_overdue(day),
            })
            .collect(),
    }
}

/// The proposal that an entry rests on; empty if there is none.
fn proposal<T>(fact: &Fact<T>) -> String {
    match &fact.source.entry.event.authority {
        Some(Authority::Proposal(id)) => id.to_string(),
        Some(
            Authority::Delegation(_)
            | Authority::RecordedDelegation(_)
            | Authority::AcknowledgedBreach(_),
        )
        | None => String::new(),
    }
}
