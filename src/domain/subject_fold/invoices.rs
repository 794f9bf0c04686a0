//! The fold of invoices and payments.

use crate::event::{ContributionInvoiced, ContributionPaid};
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn contribution_invoiced(subject: &mut Subject, fact: Fact<ContributionInvoiced>) {
    subject.dossier.invoices.insert(fact.invoice.clone(), fact);
}

pub(super) fn contribution_paid(subject: &mut Subject, fact: Fact<ContributionPaid>) {
    subject.dossier.payments.insert(fact.payment.clone(), fact);
}
