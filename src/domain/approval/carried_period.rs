//! Carried periods: the spells of time in which a proposal is approved. A call-in or a
//! stay by a court interrupts an approval, and a later day may restore it.

use std::sync::Arc;

use super::opinion::Opinion;
use super::regime::Regime;
use super::resolution::{ApprovedExtent, Resolution, Settlement};
use crate::certainty::Certainty;
use crate::date::PartialDate;
use crate::entry::Entry;
use crate::event::DateIs;
use crate::fact::EffectiveOrder;
use crate::ids::ItemId;

/// A spell in which an approval is in force.
#[derive(Clone, Debug)]
pub struct CarriedPeriod<'a> {
    pub from: Settlement,
    /// `None` while it lasts.
    pub until: Option<PeriodEnd>,
    /// The causes that took the place of the first, in order.
    pub since: Vec<PeriodEnd>,
    pub approved: ApprovedExtent,
    pub grounds: Arc<Grounds<'a>>,
}

/// The grounds on which a proposal was carried.
#[derive(Clone, Debug)]
pub struct Grounds<'a> {
    pub settlement: Settlement,
    pub regime: Regime,
    /// The opinions that counted.
    pub opinions: Vec<Opinion<'a>>,
    /// The date of a board's own decision, if its votes had carried the proposal before.
    pub confirmed: Option<PartialDate>,
}

impl CarriedPeriod<'_> {
    /// Ends it, or keeps the next cause for which the approval is not in force.
    pub(super) fn end(&mut self, end: PeriodEnd) {
        match self.until {
            Some(_) => self.since.push(end),
            None => self.until = Some(end),
        }
    }

    /// The last cause for which the approval was not in force by a point in the order;
    /// the first one, if that came later.
    fn cause_at(&self, order: EffectiveOrder) -> Option<&PeriodEnd> {
        let mut since = self.since.iter().rev();
        let since = since.find(|end| end.order <= order);
        since.or(self.until.as_ref())
    }

    /// The cause for which the approval is not in force now.
    pub(super) fn last_cause(&self) -> Option<&PeriodEnd> {
        self.since.last().or(self.until.as_ref())
    }
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

impl PeriodEnd {
    /// Whether the spell had not ended yet for an act on a date. On one day, the order in
    /// the register decides.
    fn is_after(&self, on: PartialDate, order: EffectiveOrder) -> Certainty {
        match self.on.is_full() && on.is_full() {
            true if order < self.order => Certainty::Certain,
            true => Certainty::Impossible,
            false => self.on.is_after(on),
        }
    }
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
    /// By an undertaking to the court, in the challenge with this id.
    Undertaken(ItemId),
    /// Another of equal standing rejected the matter.
    NotAgreed(String),
    /// It was given up before it was used.
    GivenUp,
}

/// A decision that does not count for the time being.
pub(super) struct Suspension<'a> {
    pub decision: &'a ItemId,
    pub cause: Interruption,
    pub order: EffectiveOrder,
}

impl Interruption {
    /// The resolution of a proposal that is interrupted so.
    pub const fn resolution(&self) -> Resolution {
        match self {
            Self::CalledIn(_) => Resolution::CalledIn,
            Self::SentBack(_) => Resolution::Open,
            Self::Stayed(_) | Self::Undertaken(_) => Resolution::Stayed,
            Self::Quashed(_) => Resolution::Quashed,
            Self::NotAgreed(_) => Resolution::NotAgreed,
            Self::GivenUp => Resolution::Withdrawn,
        }
    }
}

/// The date of an act that relies on an approval, and how it is to be read.
#[derive(Clone, Copy, Debug)]
pub struct ActDate {
    on: PartialDate,
    is: Option<DateIs>,
}

impl ActDate {
    pub(super) const fn on(self) -> PartialDate {
        self.on
    }
}

impl From<&Entry> for ActDate {
    fn from(entry: &Entry) -> Self {
        Self {
            on: entry.effective_on(),
            is: entry.event.effective_on_is,
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

/// A spell that covers an act.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covering<'p, 'a> {
    pub period: &'p CarriedPeriod<'a>,
    /// Whether it began after the act, or ended before it, on some days that are not known.
    pub rests_on_unknown_day: bool,
}

/// The spell that covers an act, or why none does. One that covers it whatever the day
/// goes before one that may.
pub(super) fn period_on<'p, 'a>(
    periods: &'p [CarriedPeriod<'a>],
    act: ActDate,
    order: EffectiveOrder,
) -> Result<Covering<'p, 'a>, ApprovalGap<'p>> {
    let latest_first = || periods.iter().rev();
    let ActDate { on, is } = act;
    // An act not before its day may come after an approval that is later; one not after it,
    // before the end of one.
    let unless = |open, certainty| match (is, certainty) {
        (Some(is), Certainty::Impossible) if is == open => Certainty::Possible,
        _ => certainty,
    };
    let begun = |period: &CarriedPeriod<'_>| unless(DateIs::From, period.from.is_by(on));
    let covers = |period: &CarriedPeriod<'_>| {
        let end = period.until.as_ref();
        let lasts = end.map_or(Certainty::Certain, |end| end.is_after(on, order));
        begun(period).and(unless(DateIs::By, lasts))
    };
    let found = [Certainty::Certain, Certainty::Possible]
        .into_iter()
        .find_map(|wanted| {
            let mut all = latest_first();
            let period = all.find(|period| covers(period) == wanted)?;
            Some(Covering {
                period,
                rests_on_unknown_day: wanted.rests_on_unknown_day(),
            })
        });
    if let Some(covering) = found {
        return Ok(covering);
    }
    let mut begun = latest_first().filter(|period| period.from.is_by(on).may_be());
    let ended = begun.next().and_then(|period| period.cause_at(order));
    Err(match (ended, periods.first()) {
        (Some(end), _) => ApprovalGap::Interrupted(end),
        (None, Some(first)) => ApprovalGap::CarriedLater(&first.from),
        (None, None) => ApprovalGap::NeverCarried,
    })
}
