//! Events about what parties are asked to pay for a year, and what they pay.

use crate::date::{FinancialYear, PartialDate};
use crate::ids::{BodyId, ItemId, ServiceId};
use crate::money::Pence;
use crate::text::Text;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvoicedFor {
    Contribution,
    Overspend,
    /// A difference between what was invoiced before and what was due.
    Adjustment,
}

/// A part of an invoice that is due on a day of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instalment {
    pub due_on: PartialDate,
    /// With the sign of the invoice.
    pub amount: Pence,
}

/// An invoice or, below zero, a credit note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContributionInvoiced {
    pub invoice: ItemId,
    /// The body that is to pay.
    pub body: BodyId,
    pub year: FinancialYear,
    /// `None` for the collaboration as a whole.
    pub service: Option<ServiceId>,
    pub amount: Pence,
    /// `None` where it is not stated, or instalments give it.
    pub due_on: Option<PartialDate>,
    /// They total the amount.
    pub instalments: Vec<Instalment>,
    pub payable_to: Option<BodyId>,
    /// The reference on the paper.
    pub reference: Text,
    pub invoiced_for: InvoicedFor,
    /// The invoice that a credit note credits.
    pub credits: Option<ItemId>,
}

impl ContributionInvoiced {
    pub fn is_credit_note(&self) -> bool {
        self.amount < Pence::ZERO
    }
}

/// A payment or, below zero, a repayment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContributionPaid {
    pub payment: ItemId,
    /// `None` where it names no invoice.
    pub invoice: Option<ItemId>,
    /// The body that pays.
    pub body: BodyId,
    pub year: FinancialYear,
    /// `None` for that of the invoice, or the collaboration as a whole.
    pub service: Option<ServiceId>,
    pub amount: Pence,
    /// The reference of the transfer.
    pub reference: Text,
}
