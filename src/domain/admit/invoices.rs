//! Rules for invoices and payments: the body that pays was a party in the year, or took
//! the place of one, and a payment is of the same body and year as its invoice.

use super::budgets;
use super::event_check::EventCheck;
use super::financial_years::check_year;
use crate::collaboration::Collaboration;
use crate::date::FinancialYear;
use crate::event::{ContributionInvoiced, ContributionPaid};
use crate::fact::Fact;
use crate::fault::Fault;
use crate::ids::{BodyId, ItemId, ServiceId};
use crate::money::Pence;

pub(super) fn contribution_invoiced(check: &mut EventCheck<'_>, event: &ContributionInvoiced) {
    let invoices = check.dossier().map(|dossier| &dossier.invoices);
    let taken = invoices.and_then(|invoices| invoices.get(&event.invoice));
    check.require_free("invoice_id", "invoice", &event.invoice, taken);
    check_payer(check, &event.body, event.year, event.service.as_ref());
    if let Some(to) = &event.payable_to
        && check.require_body("payable_to_id", to)
        && *to == event.body
    {
        let id = to.to_string();
        check.report("payable_to_id", Fault::SelfReference { id });
    }
    if let Some(credited) = &event.credits {
        let payer = (&event.body, event.year, event.service.as_ref());
        let found = require_invoice(check, "credits_invoice_id", credited, payer);
        if found.is_some_and(|invoice| invoice.is_credit_note()) {
            let (invoice, what) = (credited.clone(), "a credit note".to_owned());
            check.report("credits_invoice_id", Fault::OtherInvoice { invoice, what });
        } else if let Some(invoice) = found {
            let notes = check
                .dossier()
                .into_iter()
                .flat_map(|d| d.invoices.values());
            let notes = notes.filter(|note| note.credits.as_ref() == Some(credited));
            let credit: Pence = notes.map(|note| note.amount).sum();
            let (left, amount) = (invoice.amount + credit, -event.amount);
            if amount > left {
                let of = format!("the invoice {credited}");
                check.report("amount_pence", Fault::MoreThanIsLeft { of, amount, left });
            }
        }
    }
}

pub(super) fn contribution_paid(check: &mut EventCheck<'_>, event: &ContributionPaid) {
    let payments = check.dossier().map(|dossier| &dossier.payments);
    let taken = payments.and_then(|payments| payments.get(&event.payment));
    check.require_free("payment_id", "payment", &event.payment, taken);
    check_payer(check, &event.body, event.year, event.service.as_ref());
    if let Some(invoice) = &event.invoice {
        let payer = (&event.body, event.year, event.service.as_ref());
        require_invoice(check, "invoice_id", invoice, payer);
    }
}

/// Requires that the invoice exists, is not dated later, and is of the same body and year;
/// and of the same service, if the event names one.
fn require_invoice<'a>(
    check: &mut EventCheck<'a>,
    field: &str,
    id: &ItemId,
    (body, year, service): (&BodyId, FinancialYear, Option<&ServiceId>),
) -> Option<&'a Fact<ContributionInvoiced>> {
    let found = check.dossier().and_then(|dossier| dossier.invoices.get(id));
    let found = found.map(|invoice| (invoice, invoice.on()));
    let invoice = check.require_item(field, "invoice", id, found)?;
    let is_same = |collaboration: &Collaboration| {
        let day = check.on.last_day();
        collaboration.is_or_follows(body, &invoice.body, day)
            || collaboration.is_or_follows(&invoice.body, body, day)
    };
    let is_of_body = check.collaboration().is_none_or(is_same);
    let is_of_service = service.is_none_or(|service| invoice.service.as_ref() == Some(service));
    if !is_of_body || invoice.year != year || !is_of_service {
        let service = invoice.service.as_ref();
        let service = service.map_or_else(String::new, |id| format!(" for the service {id}"));
        let what = format!("one to {} for {}{service}", invoice.body, invoice.year);
        let invoice = id.clone();
        check.report(field, Fault::OtherInvoice { invoice, what });
    }
    Some(invoice)
}

/// Requires that the body was a party in the year, or follows one that was; if a service is
/// named, that it was in place in the year, and the body took part in it.
fn check_payer(
    check: &mut EventCheck<'_>,
    body: &BodyId,
    year: FinancialYear,
    service: Option<&ServiceId>,
) {
    check_year(check, "financial_year", year);
    let Some(collaboration) = check.collaboration() else {
        return;
    };
    if let Some(fault @ Fault::UnknownBody { .. }) = check.body_fault(body) {
        check.report("body_id", fault);
        return;
    }
    let (first, last) = (year.first_day(), year.last_day());
    let day = check.on.last_day().max(last);
    // Those that were parties in the year, and their heirs since.
    let were_parties = collaboration.spells(last).filter(|(party, _)| {
        collaboration.is_party(party, first)
            || !collaboration.days_as_party(party, first, last).is_empty()
    });
    let were_parties: Vec<&BodyId> = were_parties.map(|(party, _)| party).collect();
    let or_heir = |party: &BodyId| collaboration.is_or_follows(body, party, day);
    let mut parties = were_parties
        .iter()
        .filter(|party| or_heir(party))
        .peekable();
    if parties.peek().is_none() {
        let (body, of) = (body.clone(), check.id().to_string());
        check.report("body_id", Fault::NotAPartyInYear { body, of, year });
        return;
    }
    let Some(id) = service else {
        return;
    };
    let Some(service) = collaboration.services.get(id) else {
        check.require_service("service_id", id);
        return;
    };
    if !parties.any(|party| budgets::took_part(collaboration, service, party, year)) {
        let of = format!("the service {id} of {}", check.id());
        let body = body.clone();
        check.report("body_id", Fault::NotAPartyInYear { body, of, year });
    }
}
