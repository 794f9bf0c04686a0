//! Invoices by instalment, and payments.

use crate::cell::{Cell, money};
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{InvoicePaymentView, InvoiceView};

/// A row an instalment.
pub fn sheet(key: &'static str, invoices: &[InvoiceView]) -> Sheet {
    let mut sheet = Sheet::new(key, "Invoices").columns([
        ("invoice_id", "Invoice"),
        ("body", "To"),
        ("service", "For"),
        ("invoiced_for", "Purpose"),
        ("invoiced_on", "Invoiced"),
        ("instalment", "No."),
        ("due_on", "Due"),
        ("amount", "Amount"),
        ("settled", "Settled"),
        ("outstanding", "To pay"),
        ("overdue", "Overdue"),
    ]);
    let any = |is_given: fn(&InvoiceView) -> bool| Audience::all_if(invoices.iter().any(is_given));
    sheet
        .column_for(
            any(|one| !one.reference.is_empty()),
            "reference",
            "Reference",
        )
        .column_for(
            any(|one| one.payable_to.is_some()),
            "payable_to",
            "Payable to",
        )
        .column_for(
            any(|one| !one.credits_invoice_id.is_empty()),
            "credits",
            "Credits",
        )
        .column_for(Audience::Programs, "financial_year", "Year");
    for invoice in invoices {
        let is_credit_note = invoice.amount_pence < 0;
        let several = invoice.instalments.len() > 1;
        sheet.in_currency(&invoice.currency);
        for instalment in &invoice.instalments {
            let outstanding = instalment.amount_pence - instalment.settled_pence;
            sheet.row(vec![
                (&invoice.invoice_id).into(),
                (&invoice.body).into(),
                (&invoice.service).into(),
                match is_credit_note {
                    true => Cell::named("credit note", "credit note"),
                    false => Cell::label(invoice.invoiced_for()),
                },
                Cell::dated(&invoice.invoiced_on, invoice.invoiced_on_is()),
                match several {
                    true => instalment.number.into(),
                    false => Cell::Empty,
                },
                (&instalment.due_on).into(),
                Cell::Pence(instalment.amount_pence),
                match is_credit_note {
                    true => Cell::Empty,
                    false => Cell::Pence(instalment.settled_pence),
                },
                match is_credit_note || outstanding == 0 {
                    true => Cell::Empty,
                    false => Cell::Pence(outstanding),
                },
                Cell::Yes(instalment.overdue),
                (&invoice.reference).into(),
                (&invoice.payable_to).into(),
                (&invoice.credits_invoice_id).into(),
                (&invoice.financial_year).into(),
            ]);
        }
        if invoice.outstanding_pence < 0 {
            let body = invoice.body.clone().unwrap_or_default();
            sheet.note(format!(
                "{}: the payments and credit of {} come to {} more than the invoice.",
                invoice.invoice_id,
                body.name,
                money(-invoice.outstanding_pence, &invoice.currency)
            ));
        }
    }
    sheet
}

/// A row a payment: those that name an invoice, then those that name none.
pub fn payments(invoices: &[InvoiceView], unnamed: &[InvoicePaymentView]) -> Sheet {
    let mut sheet = Sheet::new("payments", "Payments").columns([
        ("payment_id", "Payment"),
        ("body", "By"),
        ("paid_on", "Paid"),
        ("amount", "Amount"),
        ("invoice_id", "Invoice"),
        ("service", "For"),
        ("reference", "Reference"),
        ("credit_note", "Credit note"),
    ]);
    sheet.column_for(Audience::Programs, "financial_year", "Year");
    let named = invoices.iter().flat_map(|invoice| {
        let payments = invoice.payments.iter();
        payments.map(move |payment| (payment, invoice.invoice_id.as_str()))
    });
    for (payment, invoice) in named.chain(unnamed.iter().map(|payment| (payment, ""))) {
        sheet.in_currency(&payment.currency);
        sheet.row(vec![
            (&payment.payment_id).into(),
            (&payment.body).into(),
            Cell::dated(&payment.paid_on, payment.paid_on_is()),
            Cell::Pence(payment.amount_pence),
            invoice.into(),
            (&payment.service).into(),
            (&payment.reference).into(),
            Cell::Yes(payment.is_credit_note),
            (&payment.financial_year).into(),
        ]);
    }
    sheet
}
