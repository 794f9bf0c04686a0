//! Rules for formulas: the bodies that share a cost are parties, the shares make up the
//! whole, and limits leave a way to share it.

use super::event_check::EventCheck;
use super::financial_years::check_year;
use crate::collaboration::Service;
use crate::event::{FundingFormulaSet, LimitAmount, ShareLimit, SharesAre};
use crate::fault::Fault;
use crate::ids::BodyId;
use crate::money::Ppm;

pub(super) fn funding_formula_set(check: &mut EventCheck<'_>, event: &FundingFormulaSet) {
    check_year(check, "financial_year", event.year);
    let service = event
        .service
        .as_ref()
        .and_then(|id| check.require_service("service_id", id));
    for (i, share) in event.shares.iter().enumerate() {
        let field = format!("shares[{i}].body_id");
        match service {
            Some(service) => check.require_service_party(field, service, &share.body),
            None => {
                check.require_party(field, &share.body);
            }
        }
    }
    check_usage_and_limits(check, event, service);
    if !event.usage.is_empty() {
        return;
    }
    let total_ppm: u64 = event
        .shares
        .iter()
        .map(|share| u64::from(share.share.get()))
        .sum();
    let difference_ppm = i64::try_from(total_ppm)
        .unwrap_or(i64::MAX)
        .saturating_sub(i64::from(Ppm::WHOLE));
    let count = i64::try_from(event.shares.len()).unwrap_or(i64::MAX);
    let is_met = match event.shares_are {
        None => difference_ppm == 0,
        Some(SharesAre::Rounded) => difference_ppm.abs() <= count.saturating_mul(ROUNDED_BY_PPM),
        Some(SharesAre::Incomplete) => difference_ppm < 0,
    };
    if !is_met {
        check.report(
            "shares",
            Fault::SharesNotWhole {
                total_ppm,
                difference_ppm,
            },
        );
    }
}

/// The most by which a share that is printed in whole per cent can be off.
const ROUNDED_BY_PPM: i64 = 5_000;

/// The rules for shares that are counted by use, for limits, and for the body that bears
/// the remainder.
fn check_usage_and_limits(
    check: &mut EventCheck<'_>,
    event: &FundingFormulaSet,
    service: Option<&Service>,
) {
    let mut require = |field: String, body: &BodyId| match service {
        Some(service) => check.require_service_party(field, service, body),
        None => {
            check.require_party(field, body);
        }
    };
    for (i, usage) in event.usage.iter().enumerate() {
        require(format!("usage[{i}].body_id"), &usage.body);
    }
    // Where the shares of some are not known, a limit may be of one of these.
    let has_share = |body: &BodyId| event.bodies().any(|sharing| sharing == body);
    for (i, limit) in event.limits.iter().enumerate() {
        if let Some(body) = limit.body.as_ref().filter(|body| !has_share(body)) {
            require(format!("limits[{i}].body_id"), body);
        }
    }
    if let Some(body) = event.remainder_to.as_ref().filter(|body| !has_share(body)) {
        require("remainder_to_id".to_owned(), body);
    }
    let mut used = event.usage.iter();
    if !event.usage.is_empty() && used.all(|usage| usage.used.is_zero()) {
        check.report("usage", Fault::NothingUsed {});
    }
    if event.shares_are != Some(SharesAre::Incomplete) {
        check_limits(check, event);
    }
}

/// Requires that minimums leave enough of any amount to share it, and maximums do not leave
/// a part of it over. A limit in pence depends on the amount, and views say where it cannot
/// hold.
fn check_limits(check: &mut EventCheck<'_>, event: &FundingFormulaSet) {
    let share = |limit: Option<LimitAmount>| match limit? {
        LimitAmount::Share(share) => Some(u64::from(share.get())),
        LimitAmount::Amount(_) => None,
    };
    let limits = || event.bodies().map(|body| event.limit(body));
    let minimum = |limit: Option<&ShareLimit>| share(limit.and_then(|limit| limit.minimum));
    let maximum = |limit: Option<&ShareLimit>| share(limit.and_then(|limit| limit.maximum));
    let least: u64 = limits().filter_map(minimum).sum();
    // Of all bodies: one without a maximum bears what is left.
    let most: Option<u64> = limits().map(maximum).sum();
    let whole = u64::from(Ppm::WHOLE);
    let limits = match (least > whole, most.is_some_and(|most| most < whole)) {
        (true, _) => format!("minimums total {least} millionths, which is more"),
        (false, true) => format!(
            "maximums total {} millionths, which is less",
            most.unwrap_or_default()
        ),
        (false, false) => return,
    };
    if !event.limits.is_empty() {
        check.report("limits", Fault::LimitsLeaveNoWay { limits });
    }
}
