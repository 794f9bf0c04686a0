//! The fold of invoices and payments.

use crate::domain::event::{ContributionInvoiced, ContributionPaid};
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

pub(super) fn contribution_invoiced(subject: &mut Subject, fact: Fact<ContributionInvoiced>) {
    subject.dossier.invoices.insert(fact.invoice.clone(), fact);
}

pub(super) fn contribution_paid(subject: &mut Subject, fact: Fact<ContributionPaid>) {
    subject.dossier.payments.insert(fact.payment.clone(), fact);
}
