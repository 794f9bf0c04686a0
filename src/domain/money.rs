//! Money in whole pence, and shares in millionths.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

/// An amount in whole pence sterling.
///
/// One figure is at most [`Pence::ABS_MAX`] in size. Sums saturate, far beyond all the
/// amounts that a register can hold.
///
/// # Examples
///
/// ```
/// use minutebook::domain::money::Pence;
///
/// let budget = Pence::new(612_932_800).expect("within the limit");
/// let virement = Pence::new(1_250_050).expect("within the limit");
/// assert_eq!(budget.to_string(), "£6,129,328.00");
/// assert_eq!((budget - virement).to_string(), "£6,116,827.50");
/// assert_eq!(virement.share_of(budget), Some(2_039), "in millionths");
/// assert_eq!(Pence::new(Pence::ABS_MAX + 1), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pence(i64);

impl Pence {
    pub const ZERO: Self = Self(0);
    /// The largest size of one figure: ten trillion pounds.
    pub const ABS_MAX: i64 = 1_000_000_000_000_000;

    /// `None` if the size of the amount is over [`Pence::ABS_MAX`].
    pub fn new(pence: i64) -> Option<Self> {
        (-Self::ABS_MAX..=Self::ABS_MAX)
            .contains(&pence)
            .then_some(Self(pence))
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    /// This amount as a share of `whole`, to the nearest millionth; `None` if this is
    /// negative or `whole` is not positive.
    pub fn share_of(self, whole: Self) -> Option<u32> {
        if whole.0 <= 0 || self.0 < 0 {
            return None;
        }
        let ppm =
            (i128::from(self.0) * 2_000_000 + i128::from(whole.0)) / (2 * i128::from(whole.0));
        u32::try_from(ppm).ok()
    }
}

impl Add for Pence {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Pence {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Pence {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Pence {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Pence {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// Pounds and pence with separators of thousands: `£6,129,328.00`.
impl fmt::Display for Pence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = (self.0.unsigned_abs() / 100).to_string();
        let mut pounds = String::with_capacity(digits.len() * 4 / 3 + 1);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                pounds.push(',');
            }
            pounds.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}£{pounds}.{:02}", self.0.unsigned_abs() % 100)
    }
}

/// A share in millionths: 273,000 is 27.3 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ppm(u32);

impl Ppm {
    pub const WHOLE: u32 = 1_000_000;

    /// `None` if the share is zero or more than the whole.
    pub fn new(ppm: u32) -> Option<Self> {
        (1..=Self::WHOLE).contains(&ppm).then_some(Self(ppm))
    }

    pub const fn get(self) -> u32 {
        self.0
    }
}

/// As a percentage: `27.3%`.
impl fmt::Display for Ppm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 10_000, self.0 % 10_000);
        let part = format!("{part:04}");
        match part.trim_end_matches('0') {
            "" => write!(f, "{whole}%"),
            part => write!(f, "{whole}.{part}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_prints_as_people_write_it() {
        for (pence, text) in [
            (0, "£0.00"),
            (5, "£0.05"),
            (-100, "-£1.00"),
            (612_932_800, "£6,129,328.00"),
            (99_999, "£999.99"),
            (100_000, "£1,000.00"),
        ] {
            assert_eq!(Pence::new(pence).unwrap().to_string(), text);
        }
        assert_eq!(Pence::new(Pence::ABS_MAX + 1), None);
    }

    #[test]
    fn shares_round_to_the_nearest_millionth() {
        let share = |a, b| Pence(a).share_of(Pence(b));
        assert_eq!(share(1, 3), Some(333_333));
        assert_eq!(share(2, 3), Some(666_667));
        assert_eq!(share(0, 3), Some(0));
        assert_eq!(share(1, 0), None);
        assert_eq!(Ppm::new(273_000).unwrap().to_string(), "27.3%");
        assert_eq!(Ppm::new(1_000_000).unwrap().to_string(), "100%");
    }
}
