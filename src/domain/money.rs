//! Money in whole pence, and shares in millionths.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

use super::currency::Currency;

/// An amount in whole pence sterling, or in hundredths of another currency.
///
/// It prints with the sign of its currency. Amounts are equal, and in order, by their size
/// alone: a subject keeps all of its money in one currency, and no figure adds those of
/// subjects that differ in it.
///
/// One figure is at most [`Pence::ABS_MAX`] in size. Sums are exact: as many figures as
/// a log can hold do not reach the end of their range. Answers have 64 bits for a sum,
/// and one beyond them says so: see [`Pence::get`].
///
/// # Examples
///
/// ```
/// use minutebook_domain::money::Pence;
///
/// let budget = Pence::new(612_932_800).expect("within the limit");
/// let virement = Pence::new(1_250_050).expect("within the limit");
/// assert_eq!(budget.to_string(), "£6,129,328");
/// assert_eq!((budget - virement).to_string(), "£6,116,827.50");
/// assert_eq!(virement.share_of(budget), Some(2_039), "in millionths");
/// assert_eq!(Pence::new(Pence::ABS_MAX + 1), None);
/// ```
#[derive(Clone, Copy, Default)]
pub struct Pence {
    /// The amount in hundredths, above the number of the currency by ISO 4217 in the lowest
    /// 16 bits; 0 there for sterling. In one number, since a log has many amounts.
    amount_and_currency: i128,
}

const CURRENCY_BITS: u32 = 16;

impl Pence {
    pub const ZERO: Self = Self::sterling(0);
    /// The largest size of one figure: ten trillion pounds.
    pub const ABS_MAX: i64 = 1_000_000_000_000_000;

    /// `None` if the size of the amount is over [`Pence::ABS_MAX`].
    pub fn new(pence: i64) -> Option<Self> {
        (-Self::ABS_MAX..=Self::ABS_MAX)
            .contains(&pence)
            .then_some(Self::sterling(pence.into()))
    }

    /// An amount that was computed, such as a total, which has no limit of its own.
    pub const fn computed(pence: i64) -> Self {
        // Lossless; `From` cannot be called in a constant.
        Self::sterling(pence as i128)
    }

    const fn sterling(hundredths: i128) -> Self {
        Self {
            amount_and_currency: hundredths << CURRENCY_BITS,
        }
    }

    /// The same number of hundredths of a currency.
    pub fn in_currency(self, currency: Currency) -> Self {
        let number = match currency {
            Currency::STERLING => 0,
            other => other.numeric(),
        };
        Self::sterling(self.hundredths()).marked(number)
    }

    pub fn currency(self) -> Currency {
        match self.mark() {
            0 => Currency::STERLING,
            number => Currency::from_numeric(number).unwrap_or_default(),
        }
    }

    /// Whether it is no more than a limit: an amount in another currency is beyond every
    /// limit, as nothing says what it is worth.
    pub fn is_within(self, limit: Self) -> bool {
        self <= limit && self.has_currency_of(limit)
    }

    /// Whether two amounts are in one currency; nothing is so in any.
    pub fn has_currency_of(self, other: Self) -> bool {
        self.mark() == other.mark() || self == Self::ZERO || other == Self::ZERO
    }

    const fn hundredths(self) -> i128 {
        self.amount_and_currency >> CURRENCY_BITS
    }

    /// The number of its currency; 0 for sterling.
    fn mark(self) -> u16 {
        let [low, high, ..] = self.amount_and_currency.to_le_bytes();
        u16::from_le_bytes([low, high])
    }

    fn marked(self, number: u16) -> Self {
        Self {
            amount_and_currency: self.amount_and_currency | i128::from(number),
        }
    }

    /// An amount in the currency of two others: nothing, and what is counted from nothing,
    /// takes that of the other.
    fn with_currency_of(hundredths: i128, one: Self, other: Self) -> Self {
        let number = match one.mark() {
            0 => other.mark(),
            number => number,
        };
        Self::sterling(hundredths).marked(number)
    }

    /// In pence. A sum beyond the range of an answer is `i64::MAX` or `i64::MIN`, and
    /// those print as "more than" and "less than" what they can hold.
    pub fn get(self) -> i64 {
        let end = if self.hundredths() < 0 {
            i64::MIN
        } else {
            i64::MAX
        };
        i64::try_from(self.hundredths()).unwrap_or(end)
    }

    /// How it is written where it is at the end of the range of an answer.
    fn excess(self) -> &'static str {
        if self.hundredths() >= i128::from(i64::MAX) {
            "more than "
        } else if self.hundredths() <= i128::from(i64::MIN) {
            "less than "
        } else {
            ""
        }
    }

    /// In pounds, as programs read them: `6129328.00`. A sum beyond the range of an
    /// answer is no number: `more than 92233720368547758.07`.
    pub fn decimal(self) -> String {
        let (excess, pence) = (self.excess(), self.get());
        let sign = if pence < 0 { "-" } else { "" };
        let pence = pence.unsigned_abs();
        format!("{excess}{sign}{}.{:02}", pence / 100, pence % 100)
    }

    /// This amount as a share of `whole`, to the nearest millionth; `None` if this is
    /// negative or `whole` is not positive.
    pub fn share_of(self, whole: Self) -> Option<u32> {
        if whole.hundredths() <= 0 || self.hundredths() < 0 {
            return None;
        }
        let doubled = self
            .hundredths()
            .checked_mul(2_000_000)?
            .checked_add(whole.hundredths())?;
        u32::try_from(doubled / whole.hundredths().checked_mul(2)?).ok()
    }

    /// This amount as a share of the size of `whole`, to the nearest millionth, with its
    /// sign; `None` if `whole` is nothing.
    pub fn signed_share_of(self, whole: Self) -> Option<i64> {
        let size = whole.hundredths().checked_abs()?;
        if size == 0 {
            return None;
        }
        let doubled = self
            .hundredths()
            .checked_abs()?
            .checked_mul(2_000_000)?
            .checked_add(size)?;
        let share = i64::try_from(doubled / size.checked_mul(2)?).ok()?;
        Some(if self.hundredths() < 0 { -share } else { share })
    }
}

impl PartialEq for Pence {
    fn eq(&self, other: &Self) -> bool {
        self.hundredths() == other.hundredths()
    }
}

impl Eq for Pence {}

impl PartialOrd for Pence {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pence {
    fn cmp(&self, other: &Self) -> Ordering {
        self.hundredths().cmp(&other.hundredths())
    }
}

impl Hash for Pence {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hundredths().hash(state);
    }
}

impl fmt::Debug for Pence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("Pence");
        tuple.field(&self.hundredths());
        if self.mark() != 0 {
            tuple.field(&self.currency());
        }
        tuple.finish()
    }
}

impl Add for Pence {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::with_currency_of(self.hundredths() + other.hundredths(), self, other)
    }
}

impl Sub for Pence {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::with_currency_of(self.hundredths() - other.hundredths(), self, other)
    }
}

impl Neg for Pence {
    type Output = Self;

    fn neg(self) -> Self {
        Self::with_currency_of(-self.hundredths(), self, self)
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

/// In pounds, with pence only where there are any: `£6,129,328`, `-£0.05`.
impl fmt::Display for Pence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (excess, size) = (self.excess(), self.get().unsigned_abs());
        let (pounds, pence) = (size / 100, size % 100);
        let digits = pounds.to_string();
        let mut grouped = String::with_capacity(digits.len() * 4 / 3 + 1);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.hundredths() < 0 { "-" } else { "" };
        let symbol = self.currency().symbol();
        if pence == 0 {
            write!(f, "{excess}{sign}{symbol}{grouped}")
        } else {
            write!(f, "{excess}{sign}{symbol}{grouped}.{pence:02}")
        }
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

    /// A share that was computed, which may be nothing.
    pub const fn computed(ppm: u32) -> Self {
        Self(ppm)
    }

    pub const fn get(self) -> u32 {
        self.0
    }

    /// In per cent, as programs read it, with every digit there is: `27.3049`.
    pub fn decimal(self) -> String {
        let text = format!("{}.{:04}", self.0 / 10_000, self.0 % 10_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// As a percentage, with every digit there is: `27.3049%`. A precision rounds it, so
/// that the figures of a column are written alike: `{:.2}` gives `27.30%`.
impl fmt::Display for Ppm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (digits, scale): (usize, u64) = match f.precision() {
            Some(1) => (1, 10),
            Some(2) => (2, 100),
            Some(3) => (3, 1_000),
            _ => return write!(f, "{}%", self.decimal()),
        };
        let unit = 10_000 / scale;
        let rounded = (u64::from(self.0) + unit / 2) / unit;
        write!(f, "{}.{:0digits$}%", rounded / scale, rounded % scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_keeps_its_currency() {
        let euros = |pence| Pence::computed(pence).in_currency(Currency::from_code("EUR").unwrap());
        let total: Pence = [euros(-105), Pence::ZERO, euros(5)].into_iter().sum();
        assert_eq!(total.to_string(), "-€1");
        assert_eq!((total - euros(1)).to_string(), "-€1.01");
        assert_eq!((-total).to_string(), "€1");
        assert_eq!(total, Pence::computed(-100));
        assert!(euros(-1) < Pence::ZERO && euros(1) > Pence::ZERO);
        assert_eq!(euros(i64::MAX).get(), i64::MAX);
        assert_eq!(euros(i64::MIN).get(), i64::MIN);
        let francs = Pence::computed(1_000_050).in_currency(Currency::from_code("CHF").unwrap());
        assert_eq!(francs.to_string(), "CHF 10,000.50");
        assert_eq!(
            francs.in_currency(Currency::STERLING).to_string(),
            "£10,000.50"
        );
        assert!(euros(5).is_within(euros(5)) && !euros(6).is_within(euros(5)));
        assert!(
            !euros(5).is_within(Pence::computed(1_000)),
            "of what worth?"
        );
        assert!(Pence::ZERO.is_within(euros(5)));
    }

    #[test]
    fn money_has_pence_only_where_there_are_any() {
        for (pence, text) in [
            (0, "£0"),
            (5, "£0.05"),
            (-100, "-£1"),
            (-105, "-£1.05"),
            (612_932_800, "£6,129,328"),
            (99_999, "£999.99"),
            (100_000, "£1,000"),
            (Pence::ABS_MAX, "£10,000,000,000,000"),
        ] {
            assert_eq!(Pence::new(pence).unwrap().to_string(), text);
        }
        assert_eq!(Pence::new(Pence::ABS_MAX + 1), None);
        let total = Pence::computed(i64::MIN + 1);
        assert_eq!(total.to_string(), "-£92,233,720,368,547,758.07");
    }

    #[test]
    fn a_sum_is_exact_and_says_where_an_answer_cannot_hold_it() {
        let most = Pence::new(Pence::ABS_MAX).unwrap();
        // As many as go into 64 bits, and one more.
        let total: Pence = std::iter::repeat_n(most, 9_224).sum();
        assert_eq!(total.get(), i64::MAX);
        assert_eq!(total.to_string(), "more than £92,233,720,368,547,758.07");
        assert_eq!(total.decimal(), "more than 92233720368547758.07");
        let rest = total - std::iter::repeat_n(most, 9_223).sum();
        assert_eq!(rest, most);
        assert_eq!((-total).get(), i64::MIN);
        assert!((-total).to_string().starts_with("less than -£92,"));
        // An answer that holds the end of its range is read so too.
        assert_eq!(Pence::computed(total.get()).to_string(), total.to_string());
        assert_eq!(most.share_of(total), Some(108));
    }

    #[test]
    fn money_for_programs_is_two_decimals_and_no_separator() {
        let decimal = |pence| Pence::computed(pence).decimal();
        assert_eq!(decimal(612_932_800), "6129328.00");
        assert_eq!(decimal(-200), "-2.00");
        assert_eq!(decimal(-5), "-0.05");
        assert_eq!(decimal(0), "0.00");
    }

    #[test]
    fn a_share_has_every_digit_unless_it_is_asked_for_fewer() {
        for (ppm, exact, rounded) in [
            (0, "0%", "0.00%"),
            (273_000, "27.3%", "27.30%"),
            (273_049, "27.3049%", "27.30%"),
            (273_050, "27.305%", "27.31%"),
            (1_000_000, "100%", "100.00%"),
        ] {
            let share = Ppm::computed(ppm);
            assert_eq!(share.to_string(), exact);
            assert_eq!(format!("{share:.2}"), rounded);
            assert_eq!(format!("{}%", share.decimal()), exact);
        }
        assert_eq!(format!("{:.1}", Ppm::computed(999_999)), "100.0%");
        assert_eq!(Ppm::new(0), None);
        assert_eq!(Ppm::new(Ppm::WHOLE + 1), None);
    }

    #[test]
    fn shares_round_to_the_nearest_millionth() {
        let share = |a, b| Pence::sterling(a).share_of(Pence::sterling(b));
        assert_eq!(share(1, 3), Some(333_333));
        assert_eq!(share(2, 3), Some(666_667));
        assert_eq!(share(0, 3), Some(0));
        assert_eq!(share(1, 0), None);
    }
}
