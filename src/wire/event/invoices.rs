//! Reading and summaries for invoices and payments.

use crate::fields::{
    choice_or, date, id, list, optional_id, pence, reads, remark, some_date, year,
};
use crate::proto;
use crate::summary::{Summary, counted, optional_phrase};
use crate::violation::MessageReader;
use minutebook_domain::event::{ContributionInvoiced, ContributionPaid, InvoicedFor};
use minutebook_domain::money::Pence;

/// The most instalments of an invoice: five years of months.
const INSTALMENTS_MAX: usize = 60;

reads! {
    Instalment {
        due_on: some_date(due_on),
        amount: some_pence(amount_pence),
    }
    ContributionInvoiced {
        invoice: id(invoice_id),
        body: id(body_id),
        year: year(financial_year),
        service: optional_id(service_id),
        amount: some_pence(amount_pence),
        due_on: date(due_on),
        instalments: list(instalments, INSTALMENTS_MAX),
        payable_to: optional_id(payable_to_id),
        reference: remark(reference),
        invoiced_for: choice_or(invoiced_for, InvoicedFor::Contribution),
        credits: optional_id(credits_invoice_id),
    } => check_invoice
    ContributionPaid {
        payment: id(payment_id),
        invoice: optional_id(invoice_id),
        body: id(body_id),
        year: year(financial_year),
        service: optional_id(service_id),
        amount: some_pence(amount_pence),
        reference: remark(reference),
    }
}

/// An amount of either sign, and not nothing.
fn some_pence(r: &mut MessageReader, field: &str, v: &i64) -> Option<Pence> {
    if *v == 0 {
        r.fault_in(
            field,
            "an amount is required here: give it, below zero for a credit note or a repayment",
        );
        return None;
    }
    pence(r, field, v)
}

fn check_invoice(r: &mut MessageReader, m: &proto::ContributionInvoiced) {
    if m.instalments.is_empty() {
        check_credit(r, m);
        return;
    }
    if m.due_on.is_some() {
        r.fault_in(
            "due_on",
            "each instalment has its own day: leave this out, or leave instalments out",
        );
    }
    let amounts = m.instalments.iter().map(|part| part.amount_pence);
    // Amounts out of range have a fault of their own, and so does one of nothing.
    let total: i128 = amounts.clone().map(i128::from).sum();
    if total != i128::from(m.amount_pence) {
        let of = |pence| Pence::computed(pence).in_currency(r.event.currency);
        let (total, amount) = (
            of(i64::try_from(total).unwrap_or(i64::MAX)),
            of(m.amount_pence),
        );
        r.fault_in(
            "instalments",
            format!("the instalments total {total}, and the invoice is of {amount}: correct one"),
        );
    }
    if amounts
        .clone()
        .any(|part| part.signum() == -m.amount_pence.signum() && part != 0)
    {
        r.fault_in(
            "instalments",
            "an instalment has the sign of the invoice: record a credit note apart",
        );
    }
    check_credit(r, m);
}

fn check_credit(r: &mut MessageReader, m: &proto::ContributionInvoiced) {
    if m.credits_invoice_id.is_empty() {
        return;
    }
    if m.amount_pence > 0 {
        r.fault_in(
            "credits_invoice_id",
            "a credit note credits an invoice, and its amount is below zero: leave this out, or \
             give the amount with its sign",
        );
    }
    if m.credits_invoice_id == m.invoice_id {
        r.fault_in(
            "credits_invoice_id",
            "a credit note does not credit itself: name the invoice",
        );
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for ContributionInvoiced {
    fn line(&self) -> String {
        let service = optional_phrase(self.service.as_ref(), "for service");
        let due = match (self.due_on, self.instalments.len()) {
            (Some(on), _) => format!(", due {on}"),
            (None, 0) => String::new(),
            (None, number) => format!(", in {}", counted(number, "instalment", "instalments")),
        };
        let (what, amount) = match self.is_credit_note() {
            true => ("credit note", -self.amount),
            false => ("invoice", self.amount),
        };
        let purpose = match self.invoiced_for {
            InvoicedFor::Contribution => "",
            InvoicedFor::Overspend => " for an overspend",
            InvoicedFor::Adjustment => " as an adjustment",
        };
        format!(
            "{what} {} of {amount}{purpose} to {} for {}{service}{due}",
            self.invoice, self.body, self.year
        )
    }
}

impl Summary for ContributionPaid {
    fn line(&self) -> String {
        let service = optional_phrase(self.service.as_ref(), "for service");
        let invoice = optional_phrase(self.invoice.as_ref(), "on invoice");
        let (what, amount, by) = match self.amount < Pence::ZERO {
            true => ("repayment", -self.amount, "to"),
            false => ("payment", self.amount, "by"),
        };
        format!(
            "{what} {} of {amount} {by} {} for {}{service}{invoice}",
            self.payment, self.body, self.year
        )
    }
}
