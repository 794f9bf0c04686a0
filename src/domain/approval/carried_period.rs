//! Carried periods: the spells of time in which a proposal is approved. A call-in or a
//! stay by a court interrupts an approval, and a later day may restore it.

use std::sync::Arc;

use super::resolution::{ApprovedExtent, Resolution, Settlement};
use crate::domain::date::PartialDate;
use crate::domain::entry::Entry;
use crate::domain::fact::EffectiveOrder;
use crate::domain::ids::ItemId;

/// A spell in which an approval is in force.
#[derive(Clone, Debug)]
pub struct CarriedPeriod {
    pub from: Settlement,
    /// `None` while it lasts.
    pub until: Option<PeriodEnd>,
    pub approved: ApprovedExtent,
}

/// The end of a spell.
#[derive(Clone, Debug)]
pub struct PeriodEnd {
    pub order: EffectiveOrder,
    /// The date, as recorded.
    pub on: PartialDate,
    pub cause: Interruption,
    /// The entry that ended it.
    pub by: Arc<Entry>,
}

/// Why an approval is not in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// By the call-in with this id.
    CalledIn(ItemId),
    /// The call-in with this id ended otherwise than by upholding the decision.
    SentBack(ItemId),
    /// In the challenge with this id.
    Stayed(ItemId),
    /// In the challenge with this id.
    Quashed(ItemId),
    /// Another of equal standing rejected the matter.
    NotAgreed(String),
}

impl Interruption {
    /// The resolution of a proposal that is interrupted so.
    pub const fn resolution(&self) -> Resolution {
        match self {
            Self::CalledIn(_) => Resolution::CalledIn,
            Self::SentBack(_) => Resolution::Open,
            Self::Stayed(_) => Resolution::Stayed,
            Self::Quashed(_) => Resolution::Quashed,
            Self::NotAgreed(_) => Resolution::NotAgreed,
        }
    }
}

/// Why no approval was in force at a point in the order.
#[derive(Clone, Copy, Debug)]
pub enum ApprovalGap<'a> {
    /// It was never carried.
    NeverCarried,
    /// It was carried later.
    CarriedLater(&'a Settlement),
    /// It had been carried, and was interrupted.
    Interrupted(&'a PeriodEnd),
}

/// The spell that covers an act, or why none does.
pub(super) fn period_on(
    periods: &[CarriedPeriod],
    on: PartialDate,
    order: EffectiveOrder,
) -> Result<&CarriedPeriod, ApprovalGap<'_>> {
    let begun = |period: &&CarriedPeriod| period.from.is_by(on);
    let lasts = |period: &CarriedPeriod| {
        let end = period.until.as_ref();
        end.is_none_or(|end| order < end.order)
    };
    let mut latest_first = periods.iter().rev().filter(begun);
    if let Some(covering) = latest_first.clone().find(|period| lasts(period)) {
        return Ok(covering);
    }
    let ended = latest_first.next().and_then(|period| period.until.as_ref());
    Err(match (ended, periods.first()) {
        (Some(end), _) => ApprovalGap::Interrupted(end),
        (None, Some(first)) => ApprovalGap::CarriedLater(&first.from),
        (None, None) => ApprovalGap::NeverCarried,
    })
}
