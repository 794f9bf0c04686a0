//! Extensions: the options of an instrument to extend its term, and the renewals that
//! exercise them.

use jiff::civil::Date;

use super::date::{PartialDate, months_after};
use super::event::ExtensionOption;
use super::instrument::Instrument;

/// Why no option of an instrument allows a renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoOption {
    /// It gives none, or none is left.
    NoneLeft,
    /// The renewal reaches beyond the options that are left.
    Beyond(PartialDate),
    /// The option was to be exercised by an earlier day.
    Lapsed(PartialDate),
    /// The options extend the term to this day, and to no other.
    OtherLength(PartialDate),
}

impl Instrument {
    /// The options to extend its term that renewals have not exercised by `day`. A renewal
    /// exercises one, or as many as it needs.
    pub fn extensions_left(&self, day: Date) -> &[ExtensionOption] {
        let varied = self.varied_terms(day);
        let since = varied.map(|(order, _)| order);
        let terms = self.terms(day);
        let mut left = &terms.extensions[..];
        let mut end = terms.expires_on;
        let renewals = self.renewals_in_effect(day);
        for renewal in renewals.filter(|renewal| Some(renewal.effective_order()) > since) {
            let needed = end.zip(renewal.expires_on);
            let needed = needed.and_then(|(end, to)| options_to(left, end, to));
            left = &left[needed.unwrap_or(1).min(left.len())..];
            end = renewal.expires_on;
        }
        left
    }

    /// The options that a renewal on a date exercises, which extends the term to a day;
    /// `None` if the source does not give that.
    pub fn options_for(
        &self,
        on: PartialDate,
        to: Option<PartialDate>,
    ) -> Result<&[ExtensionOption], NoOption> {
        let day = on.first_day();
        let left = self.extensions_left(day);
        let end = self.expires_on(day);
        if left.is_empty() {
            return Err(NoOption::NoneLeft);
        }
        let needed = match end.zip(to) {
            Some((end, to)) => options_to(left, end, to).ok_or_else(|| {
                let months = left.iter().map(|option| option.months).sum();
                NoOption::Beyond(extended(end, months).unwrap_or(end))
            })?,
            None => 1,
        };
        let exercised = &left[..needed];
        let months = exercised.iter().map(|option| option.months).sum();
        let until = end.and_then(|end| extended(end, months));
        if let Some((until, to)) = until.zip(to)
            && !exercised.last().is_some_and(|last| last.up_to)
            && !until.is_by(to).may_be()
        {
            return Err(NoOption::OtherLength(until));
        }
        for (index, option) in exercised.iter().enumerate() {
            // By default, the first is to be exercised by the last day of the term.
            let by = option.exercise_by.or(end.filter(|_| index == 0));
            if let Some(by) = by.filter(|by| !on.is_by(*by).may_be()) {
                return Err(NoOption::Lapsed(by));
            }
        }
        Ok(exercised)
    }
}

/// How many of these options a term needs to reach a day; `None` if all do not reach it.
fn options_to(options: &[ExtensionOption], end: PartialDate, to: PartialDate) -> Option<usize> {
    let mut months = 0;
    options.iter().enumerate().find_map(|(index, option)| {
        months += option.months;
        let reaches = extended(end, months).is_none_or(|until| to.is_by(until).may_be());
        reaches.then_some(index + 1)
    })
}

/// The last day of a term that is some months longer. A term to the last day of a month
/// runs to the last day of the other.
fn extended(end: PartialDate, months: u32) -> Option<PartialDate> {
    let until = months_after(end, months)?;
    let is_last = |day: Date| day.last_of_month() == day;
    if end.is_full() && is_last(end.first_day()) {
        return Some(until.first_day().last_of_month().into());
    }
    Some(until)
}
