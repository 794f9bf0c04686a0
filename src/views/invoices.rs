//! Invoices and credit notes with what settles them, and payments.

use super::names;
use minutebook_domain::budget::settlement::{InvoiceAccount, accounts};
use minutebook_domain::date::{FinancialYear, PartialDate};
use minutebook_domain::event::{ContributionInvoiced, ContributionPaid};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::{BodyId, CollaborationId, SubjectId};
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::{CollaborationAt, RegisterView};
use minutebook_wire::proto::{InstalmentView, InvoicePaymentView, InvoiceView};
use minutebook_wire::reply;

/// A collaboration whose invoices are shown.
pub(super) struct Invoices<'a> {
    pub register_view: &'a RegisterView,
    pub id: &'a CollaborationId,
    pub collaboration: &'a CollaborationAt,
}

/// An instalment that is not settled.
pub(super) struct UnpaidInstalment {
    /// The invoice, and for one of several instalments its number.
    pub item: String,
    pub due_on: PartialDate,
    pub what: String,
}

impl Invoices<'_> {
    fn subject(&self) -> SubjectId {
        SubjectId::Collaboration(self.id.clone())
    }

    /// The invoices of a year, in the order in which they were made.
    pub fn of_year(&self, year: FinancialYear) -> Vec<InvoiceView> {
        self.list(|invoice| invoice.year == year)
    }

    /// The invoices to a body, in the order in which they were made.
    pub fn of_body(&self, body: &BodyId) -> Vec<InvoiceView> {
        self.list(|invoice| invoice.body == *body)
    }

    /// The payments of a year that name no invoice.
    pub fn unnamed_of_year(&self, year: FinancialYear) -> Vec<InvoicePaymentView> {
        self.unnamed(|payment| payment.year == year)
    }

    /// The payments of a body that name no invoice.
    pub fn unnamed_of_body(&self, body: &BodyId) -> Vec<InvoicePaymentView> {
        self.unnamed(|payment| payment.body == *body)
    }

    /// The instalments that are not settled and have a day.
    pub fn open_instalments(&self) -> Vec<UnpaidInstalment> {
        let mut open = Vec::new();
        for (id, account) in accounts(&self.collaboration.subject().dossier) {
            let body = names::body(self.register_view, &account.invoice.body).name;
            let several = account.instalments.len() > 1;
            for (index, instalment) in account.instalments.iter().enumerate() {
                let outstanding = instalment.outstanding();
                let Some(due_on) = instalment.due_on.filter(|_| outstanding > Pence::ZERO) else {
                    continue;
                };
                let number = index + 1;
                let (item, part) = match several {
                    true => (format!("{id}/{number}"), format!(", instalment {number}")),
                    false => (id.to_string(), String::new()),
                };
                let rest = match outstanding == instalment.amount {
                    true => outstanding.to_string(),
                    false => format!("{outstanding} of {}", instalment.amount),
                };
                open.push(UnpaidInstalment {
                    item,
                    due_on,
                    what: format!("invoice {id}{part} to {body}: {rest} to pay"),
                });
            }
        }
        open
    }

    fn list(&self, is_shown: impl Fn(&ContributionInvoiced) -> bool) -> Vec<InvoiceView> {
        let accounts = accounts(&self.collaboration.subject().dossier);
        let accounts = accounts.into_values();
        let mut shown: Vec<_> = accounts.filter(|one| is_shown(one.invoice)).collect();
        shown.sort_by_key(|account| account.invoice.effective_order());
        shown.iter().map(|account| self.invoice(account)).collect()
    }

    fn unnamed(&self, is_shown: impl Fn(&ContributionPaid) -> bool) -> Vec<InvoicePaymentView> {
        let payments = self.collaboration.subject().dossier.payments.values();
        let mut shown: Vec<_> = payments
            .filter(|payment| payment.invoice.is_none() && is_shown(payment))
            .collect();
        shown.sort_by_key(|payment| payment.effective_order());
        shown
            .into_iter()
            .map(|payment| self.payment(payment))
            .collect()
    }

    fn invoice(&self, account: &InvoiceAccount<'_>) -> InvoiceView {
        let (register_view, day) = (self.register_view, self.register_view.as_at());
        let invoice = account.invoice;
        let instalments = account.instalments.iter().zip(1..);
        let payments = account.payments.iter().map(|payment| self.payment(payment));
        let notes = account
            .credit_notes
            .iter()
            .map(|note| self.credit_note(note));
        InvoiceView {
            currency: reply::currency(self.collaboration.subject().dossier.currency),
            collaboration: Some(names::collaboration(register_view, self.id)),
            invoice_id: invoice.invoice.to_string(),
            body: Some(names::body(register_view, &invoice.body)),
            financial_year: invoice.year.to_string(),
            service: invoice
                .service
                .as_ref()
                .map(|service| names::service(register_view, &self.subject(), service)),
            invoiced_for: reply::invoiced_for(invoice.invoiced_for),
            amount_pence: invoice.amount.get(),
            instalments: instalments
                .map(|(instalment, number)| InstalmentView {
                    number,
                    due_on: reply::optional_date(instalment.due_on),
                    amount_pence: instalment.amount.get(),
                    settled_pence: instalment.settled.get(),
                    overdue: instalment.is_overdue(day),
                })
                .collect(),
            payable_to: invoice
                .payable_to
                .as_ref()
                .map(|to| names::body(register_view, to)),
            reference: invoice.reference.to_string(),
            credits_invoice_id: reply::optional(invoice.credits.as_ref()),
            invoiced_on: Some(reply::date(invoice.on())),
            invoiced_on_is: reply::date_is(invoice.is()),
            payments: payments.chain(notes).collect(),
            settled_pence: account.settled.get(),
            outstanding_pence: account.outstanding().get(),
            due_pence: account.due(day).get(),
            overdue_pence: account.overdue(day).get(),
            position: invoice.position().get(),
        }
    }

    fn payment(&self, payment: &Fact<ContributionPaid>) -> InvoicePaymentView {
        let service = payment.service.as_ref();
        let service =
            service.map(|service| names::service(self.register_view, &self.subject(), service));
        InvoicePaymentView {
            currency: reply::currency(self.collaboration.subject().dossier.currency),
            payment_id: payment.payment.to_string(),
            body: Some(names::body(self.register_view, &payment.body)),
            financial_year: payment.year.to_string(),
            service,
            amount_pence: payment.amount.get(),
            reference: payment.reference.to_string(),
            paid_on: Some(reply::date(payment.on())),
            paid_on_is: reply::date_is(payment.is()),
            is_credit_note: false,
            position: payment.position().get(),
            collaboration: Some(names::collaboration(self.register_view, self.id)),
        }
    }

    /// A credit note as what it settles.
    fn credit_note(&self, note: &Fact<ContributionInvoiced>) -> InvoicePaymentView {
        let service = note.service.as_ref();
        let service =
            service.map(|service| names::service(self.register_view, &self.subject(), service));
        InvoicePaymentView {
            currency: reply::currency(self.collaboration.subject().dossier.currency),
            payment_id: note.invoice.to_string(),
            body: Some(names::body(self.register_view, &note.body)),
            financial_year: note.year.to_string(),
            service,
            amount_pence: (-note.amount).get(),
            reference: note.reference.to_string(),
            paid_on: Some(reply::date(note.on())),
            paid_on_is: reply::date_is(note.is()),
            is_credit_note: true,
            position: note.position().get(),
            collaboration: Some(names::collaboration(self.register_view, self.id)),
        }
    }
}
