//! Whole numbers as proto3 JSON may write them: `300000`, `3e5`, `300000.0`, `-0`.
//!
//! They are read digit by digit: a floating-point number would round large amounts.

/// The most digits that are multiplied out; every integer of the language has fewer.
const DIGITS_MAX: i64 = 30;

/// Why a text is not a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotWhole {
    /// It is not written as JSON writes a number.
    NoNumber,
    /// It has a fraction.
    Fraction,
    /// It has more digits than any number of the language.
    Huge,
}

/// An integer of the language, with its bounds.
pub(super) trait Bounded: TryFrom<i128> {
    const LEAST: i128;
    const MOST: i128;
}

macro_rules! bounded {
    ($($Number:ty),*) => {
        $(impl Bounded for $Number {
            const LEAST: i128 = <$Number>::MIN as i128;
            const MOST: i128 = <$Number>::MAX as i128;
        })*
    };
}

bounded!(i32, i64, u32, u64);

/// The whole number that `text` writes.
pub(super) fn whole(text: &str) -> Result<i128, NotWhole> {
    let (is_negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent_of(exponent)?),
        None => (unsigned, 0),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((_, "")) => return Err(NotWhole::NoNumber),
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    let is_canonical = integer == "0" || !integer.starts_with('0');
    if integer.is_empty() || !is_canonical || !is_digits(integer) || !is_digits(fraction) {
        return Err(NotWhole::NoNumber);
    }
    let digits = format!("{integer}{fraction}");
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    let count = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let zeros = exponent
        .saturating_sub(count(fraction))
        .saturating_add(count(&digits) - count(significant));
    if zeros < 0 {
        return Err(NotWhole::Fraction);
    }
    let significant = significant.trim_start_matches('0');
    if count(significant).saturating_add(zeros) > DIGITS_MAX {
        return Err(NotWhole::Huge);
    }
    let power = 10_i128.pow(u32::try_from(zeros).map_err(|_| NotWhole::Huge)?);
    let number: i128 = significant.parse().map_err(|_| NotWhole::Huge)?;
    let number = number * power;
    Ok(if is_negative { -number } else { number })
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// An exponent; one of many digits is as good as the largest.
fn exponent_of(text: &str) -> Result<i64, NotWhole> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !is_digits(digits) {
        return Err(NotWhole::NoNumber);
    }
    let exponent: i64 = digits.parse().unwrap_or(i64::MAX);
    Ok(if is_negative { -exponent } else { exponent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_whole_number_is_read_exactly() {
        for (text, number) in [
            ("0", 0),
            ("-0", 0),
            ("-0.0e5", 0),
            ("0e999999999999999999999", 0),
            ("300000", 300_000),
            ("3e5", 300_000),
            ("3E+5", 300_000),
            ("300000.0", 300_000),
            ("0.3e6", 300_000),
            ("3000000e-1", 300_000),
            ("-1.5e1", -15),
            ("9223372036854775807", i128::from(i64::MAX)),
            ("18446744073709551615.000", i128::from(u64::MAX)),
        ] {
            assert_eq!(whole(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        for (text, why) in [
            ("", NotWhole::NoNumber),
            ("-", NotWhole::NoNumber),
            ("+1", NotWhole::NoNumber),
            ("01", NotWhole::NoNumber),
            ("1.", NotWhole::NoNumber),
            (".5", NotWhole::NoNumber),
            ("1e", NotWhole::NoNumber),
            (" 1", NotWhole::NoNumber),
            ("1,000", NotWhole::NoNumber),
            ("0x10", NotWhole::NoNumber),
            ("½", NotWhole::NoNumber),
            ("0.5", NotWhole::Fraction),
            ("15e-2", NotWhole::Fraction),
            ("1e-999999999999999999999", NotWhole::Fraction),
            ("1e31", NotWhole::Huge),
            ("1e999999999999999999999", NotWhole::Huge),
        ] {
            assert_eq!(whole(text), Err(why), "{text}");
        }
    }
}
