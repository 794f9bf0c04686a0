//! The division of an amount among bodies by a formula, to the penny.
//!
//! Every share is counted in whole numbers, and the parts total the amount. Pennies that
//! are left over after rounding down go to the body that the formula names, or else to the
//! largest fractions, one each; equal fractions go by the id of the body. So neither the
//! order of the shares nor that of recording matters.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::event::{FundingFormulaSet, LimitAmount, SharesAre};
use crate::ids::BodyId;
use crate::money::{Pence, Ppm};

/// The part of each body.
pub type Parts = BTreeMap<BodyId, Pence>;

/// An amount, divided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allocation {
    pub parts: Parts,
    /// The part of which no share is known. The parts and this total the amount.
    pub not_known: Pence,
}

/// The parts of each body in one division, less those in another.
pub fn difference(one: &Parts, other: &Parts) -> Parts {
    let part = |parts: &Parts, body| parts.get(body).copied().unwrap_or_default();
    let bodies = one.keys().chain(other.keys());
    bodies
        .map(|body| (body.clone(), part(one, body) - part(other, body)))
        .collect()
}

/// Divides amounts in turn, each by what all up to it come to, less what those before it do:
/// its parts total it, and those of a body over all of them its part of the sum.
pub fn allocate_in_turn(
    amounts: impl IntoIterator<Item = Pence>,
    formula: &FundingFormulaSet,
) -> Result<Vec<Parts>, AllocationError> {
    let (mut total, mut before) = (Pence::ZERO, Parts::new());
    let parts = amounts.into_iter().map(|amount| {
        total += amount;
        let up_to = allocate(total, formula)?.parts;
        let parts = difference(&up_to, &before);
        before = up_to;
        Ok(parts)
    });
    parts.collect()
}

/// Why an amount is not divided by a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    /// With limits, each part depends on every share.
    #[error("the formula has limits, and not all of its shares are known")]
    LimitsWithoutShares,
    #[error("the minimums of the formula total more than the amount")]
    MinimumsOver,
    #[error("the maximums of the formula total less than the amount")]
    MaximumsUnder,
    #[error("the minimum of a body is more than its maximum")]
    LimitsCross,
    #[error("the amount is too large to be divided exactly")]
    TooLarge,
}

/// Divides `amount` by a formula. Shares that are rounded as printed are taken as parts of
/// their printed total. Where only some are known, only the parts of those bodies are
/// counted, each to the nearest penny.
pub fn allocate(amount: Pence, formula: &FundingFormulaSet) -> Result<Allocation, AllocationError> {
    let pence = i128::from(amount.get());
    // A sum beyond the range of an answer.
    if amount != Pence::computed(amount.get()) || amount.get() == i64::MIN {
        return Err(AllocationError::TooLarge);
    }
    let size = pence.abs();
    let parts = match formula.shares_are {
        Some(SharesAre::Incomplete) => known_parts(size, formula)?,
        Some(SharesAre::Rounded) | None => all_parts(size, formula)?,
    };
    let mut allocation = Allocation::default();
    let mut divided = 0;
    for (body, part) in parts {
        let part = part * pence.signum();
        divided += part;
        allocation.parts.insert(body.clone(), to_pence(part)?);
    }
    allocation.not_known = to_pence(pence - divided)?;
    Ok(allocation)
}

/// The share of a body by a formula, in millionths: as it is given, or its part of the
/// total use, rounded to the nearest. `None` where it is not known.
pub fn share_ppm(formula: &FundingFormulaSet, body: &BodyId) -> Option<u32> {
    let mut shares = formula.shares.iter();
    if let Some(share) = shares.find(|share| share.body == *body) {
        return Some(share.share.get());
    }
    let mut usage = formula.usage.iter();
    let used = thousandths(usage.find(|usage| usage.body == *body)?.used);
    let total: i128 = formula
        .usage
        .iter()
        .map(|usage| thousandths(usage.used))
        .sum();
    let doubled = used * FINE * 2 + total;
    u32::try_from(doubled.checked_div(total * 2)?).ok()
}

fn to_pence(pence: i128) -> Result<Pence, AllocationError> {
    let pence = i64::try_from(pence).map_err(|_| AllocationError::TooLarge)?;
    Ok(Pence::computed(pence))
}

/// The parts of the bodies whose share is known.
fn known_parts(
    size: i128,
    formula: &FundingFormulaSet,
) -> Result<BTreeMap<&BodyId, i128>, AllocationError> {
    if !formula.limits.is_empty() {
        return Err(AllocationError::LimitsWithoutShares);
    }
    let rounded = |up: i128| -> BTreeMap<&BodyId, i128> {
        let shares = formula.shares.iter();
        let parts = shares.map(|share| {
            let exact = size * i128::from(share.share.get());
            (&share.body, (exact + up) / FINE)
        });
        parts.collect()
    };
    let nearest = rounded(FINE / 2);
    // Halves of a penny may all have been rounded up.
    match nearest.values().sum::<i128>() > size {
        true => Ok(rounded(0)),
        false => Ok(nearest),
    }
}

/// Fractions of a penny are counted in millionths, in which a share of an amount is whole.
const FINE: i128 = Ppm::WHOLE as i128;

/// A body among which an amount is divided.
struct Bearer<'a> {
    body: &'a BodyId,
    weight: i128,
    /// In millionths of a penny.
    least: i128,
    most: Option<i128>,
}

/// The exact part of a body: a number of millionths of a penny, over `over`.
#[derive(Clone, Copy)]
struct ExactPart {
    fine: i128,
    over: i128,
}

/// The part of each body, in pence; they total `size`.
fn all_parts(
    size: i128,
    formula: &FundingFormulaSet,
) -> Result<BTreeMap<&BodyId, i128>, AllocationError> {
    let bearers = bearers(size, formula)?;
    let exact = exact_parts(size, &bearers)?;
    let mut parts = BTreeMap::new();
    let mut fractions = Vec::new();
    let mut left = size;
    for (bearer, exact) in bearers.iter().zip(exact) {
        let penny = times(exact.over, FINE)?;
        let part = exact.fine / penny;
        left -= part;
        parts.insert(bearer.body, part);
        fractions.push((bearer, exact.fine % penny, exact.over));
    }
    if let Some(to) = &formula.remainder_to
        && let Some(bearer) = bearers.iter().find(|bearer| bearer.body == to)
        && let Some(part) = parts.get_mut(to)
    {
        let room = bearer.most.map_or(left, |most| most / FINE - *part);
        let taken = left.min(room.max(0));
        *part += taken;
        left -= taken;
    }
    // The largest first: a / b > c / d if a * d > c * b. Those of one penny fit.
    fractions.sort_by(|(one, fine, over), (other, other_fine, other_over)| {
        let (mine, others) = (fine * other_over, other_fine * over);
        others.cmp(&mine).then_with(|| one.body.cmp(other.body))
    });
    for (bearer, ..) in fractions {
        if left == 0 {
            break;
        }
        if let Some(part) = parts.get_mut(bearer.body) {
            *part += 1;
            left -= 1;
        }
    }
    Ok(parts)
}

fn bearers(size: i128, formula: &FundingFormulaSet) -> Result<Vec<Bearer<'_>>, AllocationError> {
    let shares = formula.shares.iter();
    let shares = shares.map(|share| (&share.body, i128::from(share.share.get())));
    let usage = formula.usage.iter();
    let usage = usage.map(|usage| (&usage.body, thousandths(usage.used)));
    let bearers = shares.chain(usage).map(|(body, weight)| {
        let limit = formula.limit(body);
        let of = |limit: LimitAmount| match limit {
            LimitAmount::Amount(amount) => times(i128::from(amount.get()), FINE),
            LimitAmount::Share(share) => times(size, i128::from(share.get())),
        };
        let least = limit.and_then(|limit| limit.minimum).map(of).transpose()?;
        let most = limit.and_then(|limit| limit.maximum).map(of).transpose()?;
        let least = least.unwrap_or_default();
        if most.is_some_and(|most| most < least) {
            return Err(AllocationError::LimitsCross);
        }
        Ok(Bearer {
            body,
            weight,
            least,
            most,
        })
    });
    bearers.collect()
}

/// A use as a whole number; the wire takes no more than three digits after the point.
fn thousandths(used: Decimal) -> i128 {
    let digits = 3_u32.saturating_sub(used.scale());
    used.mantissa() * 10_i128.pow(digits)
}

/// The exact parts, in the order of the bearers. A body whose part would be beyond a limit
/// bears that limit, and the others divide the rest by weight; again, until no part is
/// beyond one. Of the two sides, excess and shortfall, the larger is settled first: the
/// other may be gone then.
fn exact_parts(size: i128, bearers: &[Bearer<'_>]) -> Result<Vec<ExactPart>, AllocationError> {
    let mut settled: Vec<Option<i128>> = vec![None; bearers.len()];
    let mut rest = times(size, FINE)?;
    loop {
        let free = || {
            let all = bearers.iter().zip(&settled).enumerate();
            all.filter(|(_, (_, settled))| settled.is_none())
                .map(|(index, (bearer, _))| (index, bearer))
        };
        let weight: i128 = free().map(|(_, bearer)| bearer.weight).sum();
        if weight == 0 {
            // Those that are left use nothing, and bear at least their minimum.
            for (index, bearer) in free().collect::<Vec<_>>() {
                settled[index] = Some(bearer.least);
                rest -= bearer.least;
            }
            return match rest {
                0 => Ok(parts(bearers, &settled, 0, 1)),
                ..0 => Err(AllocationError::MinimumsOver),
                1.. => Err(AllocationError::MaximumsUnder),
            };
        }
        let (mut excess, mut shortfall) = (0_i128, 0_i128);
        let (mut over, mut under) = (Vec::new(), Vec::new());
        for (index, bearer) in free() {
            let part = times(rest, bearer.weight)?;
            let least = times(bearer.least, weight)?;
            if let Some(most) = bearer.most
                && part > times(most, weight)?
            {
                excess = plus(excess, part - times(most, weight)?)?;
                over.push((index, most));
            } else if part < least {
                shortfall = plus(shortfall, least - part)?;
                under.push((index, bearer.least));
            }
        }
        if over.is_empty() && under.is_empty() {
            return Ok(parts(bearers, &settled, rest, weight));
        }
        let over = over.into_iter().filter(|_| excess >= shortfall);
        let under = under.into_iter().filter(|_| shortfall >= excess);
        for (index, limit) in over.chain(under).collect::<Vec<_>>() {
            settled[index] = Some(limit);
            rest -= limit;
        }
    }
}

fn parts(
    bearers: &[Bearer<'_>],
    settled: &[Option<i128>],
    rest: i128,
    weight: i128,
) -> Vec<ExactPart> {
    let all = bearers.iter().zip(settled);
    all.map(|(bearer, settled)| match settled {
        Some(fine) => ExactPart {
            fine: *fine,
            over: 1,
        },
        None => ExactPart {
            // It was counted before, and fitted.
            fine: rest * bearer.weight,
            over: weight,
        },
    })
    .collect()
}

fn times(one: i128, other: i128) -> Result<i128, AllocationError> {
    one.checked_mul(other).ok_or(AllocationError::TooLarge)
}

fn plus(one: i128, other: i128) -> Result<i128, AllocationError> {
    one.checked_add(other).ok_or(AllocationError::TooLarge)
}
