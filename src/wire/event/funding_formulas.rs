//! Reading and summaries for formulas by which costs are shared.

use rust_decimal::Decimal;

use crate::fields::{
    FromWire, ITEMS_MAX, decimal, id, list, name, no_repeats, optional_choice, optional_id,
    optional_name, pence_bound, ppm, ppm_bound, reads, year,
};
use crate::proto;
use crate::summary::{Summary, optional_phrase};
use crate::violation::MessageReader;
use minutebook_domain::event::{FundingFormulaSet, LimitAmount, Share, ShareLimit, UsageShare};
use minutebook_domain::money::Ppm;

/// The largest use of a body, and the most digits after its point: a share of any amount
/// is then counted exactly.
const USE_MAX: u32 = 1_000_000_000;
const USE_DIGITS_MAX: u32 = 3;

reads! {
    Share {
        body: id(body_id),
        share: ppm(share_ppm),
    }
    FundingFormulaSet {
        service: optional_id(service_id),
        year: year(financial_year),
        basis: name(basis),
        shares: shares(shares),
        shares_are: optional_choice(shares_are),
        usage: usage(usage),
        usage_unit: optional_name(usage_unit),
        limits: limits(limits),
        remainder_to: optional_id(remainder_to_id),
    } => check_formula
    UsageShare {
        body: id(body_id),
        used: used(used),
    }
}

/// At most one share a body. Whether they add up is judged by the domain.
pub(super) fn shares(r: &mut MessageReader, field: &str, v: &[proto::Share]) -> Option<Vec<Share>> {
    let shares = list(r, field, v, ITEMS_MAX);
    no_repeats(
        r,
        field,
        shares,
        |s: &Share| s.body.clone(),
        "a share for this body",
    )
}

/// At most one use a body.
fn usage(r: &mut MessageReader, field: &str, v: &[proto::UsageShare]) -> Option<Vec<UsageShare>> {
    let usage = list(r, field, v, ITEMS_MAX);
    let body = |usage: &UsageShare| usage.body.clone();
    no_repeats(r, field, usage, body, "the use of this body")
}

fn used(r: &mut MessageReader, field: &str, v: &str) -> Option<Decimal> {
    let used = decimal(r, field, v)?;
    if used < Decimal::ZERO || used > Decimal::from(USE_MAX) || used.scale() > USE_DIGITS_MAX {
        r.fault_in(
            field,
            format!(
                "a use is 0 to 1,000,000,000 with at most {USE_DIGITS_MAX} digits after the \
                 point; {v} is not: check the unit"
            ),
        );
        return None;
    }
    Some(used)
}

/// At most one limit a body, and one for all others.
fn limits(r: &mut MessageReader, field: &str, v: &[proto::ShareLimit]) -> Option<Vec<ShareLimit>> {
    let limits = list(r, field, v, ITEMS_MAX);
    let body = |limit: &ShareLimit| limit.body.clone();
    no_repeats(r, field, limits, body, "a limit for this body")
}

impl FromWire for ShareLimit {
    type Wire = proto::ShareLimit;

    fn read(r: &mut MessageReader, m: &proto::ShareLimit) -> Option<Self> {
        let body = optional_id(r, "body_id", &m.body_id);
        let minimum = limit(r, "minimum", &m.minimum_pence, &m.minimum_ppm);
        let maximum = limit(r, "maximum", &m.maximum_pence, &m.maximum_ppm);
        let (minimum, maximum) = (minimum?, maximum?);
        let is_crossed = match (minimum, maximum) {
            (None, None) => {
                r.fault("a limit has a minimum, a maximum or both: give one, or leave it out");
                return None;
            }
            (Some(LimitAmount::Amount(least)), Some(LimitAmount::Amount(most))) => least > most,
            (Some(LimitAmount::Share(least)), Some(LimitAmount::Share(most))) => least > most,
            _ => false,
        };
        if is_crossed {
            r.fault("the minimum is more than the maximum: check both");
            return None;
        }
        Some(Self {
            body: body?,
            minimum,
            maximum,
        })
    }
}

/// An amount or a share; unset for no limit.
fn limit(
    r: &mut MessageReader,
    name: &str,
    pence: &Option<i64>,
    ppm: &Option<u32>,
) -> Option<Option<LimitAmount>> {
    let (pence_field, ppm_field) = (format!("{name}_pence"), format!("{name}_ppm"));
    let amount = pence_bound(r, &pence_field, pence)?;
    let share = ppm_bound(r, &ppm_field, ppm)?;
    if amount.is_some() && share.is_some() {
        r.fault_in(
            &ppm_field,
            format!("a {name} is an amount or a share: leave one of them out"),
        );
        return None;
    }
    let share = share.map(|ppm| LimitAmount::Share(Ppm::computed(ppm)));
    Some(amount.map(LimitAmount::Amount).or(share))
}

/// The rules across its fields: shares are given or counted by use, and those with a
/// limit, and the body that bears the remainder, have a share.
fn check_formula(r: &mut MessageReader, m: &proto::FundingFormulaSet) {
    let is_by_use = !m.usage.is_empty();
    if is_by_use && !m.shares.is_empty() {
        r.fault_in(
            "usage",
            "shares are given, or counted by the use of each body: leave one of the two out",
        );
    }
    if is_by_use && m.shares_are != 0 {
        r.fault_in(
            "shares_are",
            "shares that are counted by use are exact: leave it out",
        );
    }
    if !is_by_use && !m.usage_unit.is_empty() {
        r.fault_in(
            "usage_unit",
            "this is the unit of the use of each body: give usage, or leave it out",
        );
    }
    // Each may be a share that is not known.
    if m.shares_are() == proto::SharesAre::Incomplete {
        return;
    }
    let shares = m.shares.iter().map(|share| &share.body_id);
    let bodies = shares.chain(m.usage.iter().map(|usage| &usage.body_id));
    let has_share = |body: &String| body.is_empty() || bodies.clone().any(|one| one == body);
    let without = "this body has no share in the formula: check the id, or give its share";
    for (i, limit) in m.limits.iter().enumerate() {
        if !has_share(&limit.body_id) {
            r.at_item("limits", i, |r| r.fault_in("body_id", without));
        }
    }
    if !has_share(&m.remainder_to_id) {
        r.fault_in("remainder_to_id", without);
    }
}

impl Summary for FundingFormulaSet {
    fn line(&self) -> String {
        let shares: Vec<String> = self
            .shares
            .iter()
            .take(8)
            .map(|share| format!("{} {}", share.body, share.share))
            .collect();
        let used: Vec<String> = self
            .usage
            .iter()
            .take(8)
            .map(|usage| format!("{} {}", usage.body, usage.used))
            .collect();
        let unit = optional_phrase(self.usage_unit.as_ref(), "by");
        let more = match self.shares.len() + self.usage.len() {
            0..=8 => String::new(),
            number => format!(" and {} more", number - 8),
        };
        let service = optional_phrase(self.service.as_ref(), "for service");
        format!(
            "funding formula {}{service} set{unit}: {}{more}",
            self.year,
            [shares, used].concat().join(", ")
        )
    }
}
