//! The part of each invoice that payments and credit notes settle.
//!
//! A payment, or a credit note, settles the invoice that it names. One that names none
//! settles what has been due for longest of the same body and year: if it names a service,
//! of the invoices for that service; otherwise of any. An amount that is paid over
//! an invoice stays there, and is shown.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::date::{FinancialYear, PartialDate};
use crate::dossier::Dossier;
use crate::event::{ContributionInvoiced, ContributionPaid};
use crate::fact::Fact;
use crate::ids::{BodyId, ItemId, ServiceId};
use crate::money::Pence;

/// An invoice, and what is settled of it. A credit note has nothing to settle.
#[derive(Debug)]
pub struct InvoiceAccount<'a> {
    pub invoice: &'a Fact<ContributionInvoiced>,
    pub instalments: Vec<InstalmentAccount>,
    /// The payments that name it.
    pub payments: Vec<&'a Fact<ContributionPaid>>,
    /// The credit notes that name it.
    pub credit_notes: Vec<&'a Fact<ContributionInvoiced>>,
    /// The payments and credit on it; more than its amount where too much was paid.
    pub settled: Pence,
}

/// An instalment, and what is settled of it.
#[derive(Debug, Clone, Copy)]
pub struct InstalmentAccount {
    /// `None` where it is not stated.
    pub due_on: Option<PartialDate>,
    pub amount: Pence,
    pub settled: Pence,
}

impl InstalmentAccount {
    pub fn outstanding(&self) -> Pence {
        self.amount - self.settled
    }

    /// Whether its day has come.
    pub fn is_due(&self, day: Date) -> bool {
        self.due_on.is_some_and(|due| due.last_day() <= day)
    }

    /// Whether its day has passed, and something of it is not settled.
    pub fn is_overdue(&self, day: Date) -> bool {
        let is_past = self.due_on.is_some_and(|due| due.last_day() < day);
        is_past && self.outstanding() > Pence::ZERO
    }
}

impl InvoiceAccount<'_> {
    /// The part that is not settled; below zero where more was paid. Nothing for a credit
    /// note.
    pub fn outstanding(&self) -> Pence {
        match self.invoice.is_credit_note() {
            true => Pence::ZERO,
            false => self.invoice.amount - self.settled,
        }
    }

    /// The part that is due by a day, settled or not. A credit note without a day of its own holds
    /// from the day of the note.
    pub fn due(&self, day: Date) -> Pence {
        if self.invoice.is_credit_note() && self.instalments.iter().all(|one| one.due_on.is_none())
        {
            return self.invoice.amount;
        }
        let due = self.instalments.iter().filter(|one| one.is_due(day));
        due.map(|one| one.amount).sum()
    }

    /// The part that should have been paid before a day, and is not settled.
    pub fn overdue(&self, day: Date) -> Pence {
        let overdue = self.instalments.iter().filter(|one| one.is_overdue(day));
        overdue.map(InstalmentAccount::outstanding).sum()
    }

    /// Settles what is due first.
    fn settle(&mut self, mut amount: Pence) {
        let mut order: Vec<&mut InstalmentAccount> = self.instalments.iter_mut().collect();
        order.sort_by_key(|one| due_order(one.due_on));
        for instalment in order {
            let part = instalment.outstanding().min(amount).max(Pence::ZERO);
            instalment.settled += part;
            amount = amount - part;
        }
    }
}

/// Earlier days first, and those that are not stated last.
fn due_order(due_on: Option<PartialDate>) -> Date {
    due_on.map_or(Date::MAX, PartialDate::last_day)
}

/// The invoices of a collaboration by id, with what is settled of each.
pub fn accounts(dossier: &Dossier) -> BTreeMap<&ItemId, InvoiceAccount<'_>> {
    let mut accounts: BTreeMap<&ItemId, InvoiceAccount<'_>> = dossier
        .invoices
        .iter()
        .map(|(id, invoice)| (id, opened(invoice)))
        .collect();
    let mut unnamed: BTreeMap<Payer<'_>, Pence> = BTreeMap::new();
    let mut named: BTreeMap<&ItemId, Pence> = BTreeMap::new();
    for payment in dossier.payments.values() {
        match payment.invoice.as_ref().and_then(|id| accounts.get_mut(id)) {
            Some(account) => {
                account.payments.push(payment);
                *named.entry(&account.invoice.invoice).or_default() += payment.amount;
            }
            None => {
                let payer = (&payment.body, payment.year, payment.service.as_ref());
                *unnamed.entry(payer).or_default() += payment.amount;
            }
        }
    }
    for note in dossier.invoices.values() {
        if !note.is_credit_note() {
            continue;
        }
        // An amount that was paid back on it is no credit any more.
        let credit = named.get(&note.invoice).copied().unwrap_or_default() - note.amount;
        match note.credits.as_ref().and_then(|id| accounts.get_mut(id)) {
            Some(account) => {
                account.credit_notes.push(note);
                *named.entry(&account.invoice.invoice).or_default() += credit;
            }
            None => {
                let payer = (&note.body, note.year, note.service.as_ref());
                *unnamed.entry(payer).or_default() += credit;
            }
        }
    }
    for (id, amount) in named {
        let account = accounts.get_mut(id);
        if let Some(account) = account.filter(|account| !account.invoice.is_credit_note()) {
            account.settled = amount;
            account.settle(amount);
        }
    }
    // Those that name a service first: they can go nowhere else.
    let (of_service, of_any): (Vec<_>, Vec<_>) = unnamed
        .into_iter()
        .partition(|((.., service), _)| service.is_some());
    for (payer, amount) in of_service.into_iter().chain(of_any) {
        settle_oldest(&mut accounts, payer, amount);
    }
    for account in accounts.values_mut() {
        account.payments.sort_by_key(|one| one.effective_order());
        account
            .credit_notes
            .sort_by_key(|one| one.effective_order());
    }
    accounts
}

/// A body in a year, and the service for which it pays.
type Payer<'a> = (&'a BodyId, FinancialYear, Option<&'a ServiceId>);

fn opened(invoice: &Fact<ContributionInvoiced>) -> InvoiceAccount<'_> {
    let one = |due_on, amount| InstalmentAccount {
        due_on,
        amount,
        settled: Pence::ZERO,
    };
    let instalments = match invoice.instalments.as_slice() {
        [] => vec![one(invoice.due_on, invoice.amount)],
        several => {
            let several = several.iter();
            several
                .map(|part| one(Some(part.due_on), part.amount))
                .collect()
        }
    };
    InvoiceAccount {
        invoice,
        instalments,
        payments: Vec::new(),
        credit_notes: Vec::new(),
        settled: Pence::ZERO,
    }
}

/// Settles the instalments of a payer, those due first before others; what is left over
/// settles nothing.
fn settle_oldest(
    accounts: &mut BTreeMap<&ItemId, InvoiceAccount<'_>>,
    (body, year, service): Payer<'_>,
    mut amount: Pence,
) {
    let mut open: Vec<(Date, &ItemId, usize)> = Vec::new();
    for (id, account) in accounts.iter() {
        let invoice = account.invoice;
        let is_meant = !invoice.is_credit_note()
            && invoice.body == *body
            && invoice.year == year
            && (service.is_none() || invoice.service.as_ref() == service);
        if is_meant {
            let instalments = account.instalments.iter().enumerate();
            open.extend(instalments.map(|(index, one)| (due_order(one.due_on), *id, index)));
        }
    }
    open.sort();
    // Money paid back opens first the part that was settled last.
    if amount < Pence::ZERO {
        open.reverse();
    }
    for (_, id, index) in open {
        let Some(account) = accounts.get_mut(id) else {
            continue;
        };
        let Some(instalment) = account.instalments.get_mut(index) else {
            continue;
        };
        let part = match amount < Pence::ZERO {
            true => (-instalment.settled).max(amount),
            false => instalment.outstanding().min(amount).max(Pence::ZERO),
        };
        instalment.settled += part;
        account.settled += part;
        amount = amount - part;
    }
}
