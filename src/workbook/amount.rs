//! Amounts and shares as people write them: `30,000`, `£30,000.00`, `(1,234)`, `27.3%`.
//!
//! Everything is read as decimal digits, so that no pence are lost: a number of a
//! spreadsheet is written out to six places first, which drops what computing with binary
//! fractions has added to it.

use minutebook_domain::money::Pence;

use crate::grid::{SheetCell, on_one_line};

/// The unit in which a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyUnit {
    Pence,
    Pounds,
    Thousands,
    Millions,
}

impl MoneyUnit {
    pub const fn in_pence(self) -> i64 {
        match self {
            Self::Pence => 1,
            Self::Pounds => 100,
            Self::Thousands => 100_000,
            Self::Millions => 100_000_000,
        }
    }

    /// Reads `£`, `£'000`, `£k`, `£m`, `pence`.
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '‘' | '(' | ')' | ','))
            .collect::<String>()
            .to_lowercase();
        Some(match plain.trim_end_matches('s') {
            "£" | "pound" | "gbp" => Self::Pounds,
            "£000" | "£k" | "000" | "thousand" | "£thousand" | "thousandsofpound" => {
                Self::Thousands
            }
            "£m" | "£mn" | "£million" | "million" | "millionsofpound" => Self::Millions,
            "p" | "pence" => Self::Pence,
            _ => return None,
        })
    }
}

/// A cell that was meant to hold an amount or a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated<T> {
    /// A dash, "nil" or "n/a": no amount at all.
    Nothing,
    Value(T),
}

/// Texts for "no amount".
const NOTHING: [&str; 10] = ["-", "–", "—", "−", "‐", "‑", "nil", "none", "n/a", "..."];

/// A decimal number: whole digits and those after the point.
#[derive(Debug, PartialEq, Eq)]
struct DecimalText {
    is_negative: bool,
    whole: String,
    fraction: String,
    is_percent: bool,
}

/// Reads an amount in pence.
pub fn amount(cell: &SheetCell, unit: MoneyUnit) -> Result<Stated<i64>, String> {
    let Stated::Value(number) = number(cell)? else {
        return Ok(Stated::Nothing);
    };
    let shown = shown(cell);
    if number.is_percent {
        return Err(format!(
            "{shown} is a share and not an amount: write pounds"
        ));
    }
    let pence = scaled(&number, unit.in_pence()).ok_or_else(|| {
        let advice = match cell {
            SheetCell::Number(_) => "round it, such as by =ROUND(…,2)",
            _ => "write pounds and pence",
        };
        format!("{shown} has fractions of a penny, or is too large: {advice}")
    })?;
    match Pence::new(pence) {
        Some(_) => Ok(Stated::Value(pence)),
        None => Err(format!("{shown} is more than ten trillion pounds")),
    }
}

/// A share in millionths, and whether it is known to be a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareText {
    /// The number as it is written, in millionths.
    pub number_ppm: i64,
    /// Whether it has a percent sign; the number is then a hundred times the share.
    pub is_percent: bool,
}

pub fn share(cell: &SheetCell) -> Result<Stated<ShareText>, String> {
    let Stated::Value(number) = number(cell)? else {
        return Ok(Stated::Nothing);
    };
    match scaled(&number, 1_000_000) {
        Some(number_ppm) if number_ppm >= 0 => Ok(Stated::Value(ShareText {
            number_ppm,
            is_percent: number.is_percent,
        })),
        _ => Err(format!(
            "{} is no share: write a percentage such as 27.3%, with at most 4 digits after the point",
            shown(cell)
        )),
    }
}

/// Reads a whole number, such as a count of votes.
pub fn count(cell: &SheetCell) -> Result<Stated<u32>, String> {
    let Stated::Value(number) = number(cell)? else {
        return Ok(Stated::Nothing);
    };
    let count = scaled(&number, 1).and_then(|count| u32::try_from(count).ok());
    match count {
        Some(count) if !number.is_percent => Ok(Stated::Value(count)),
        _ => Err(format!("{} is no whole number", shown(cell))),
    }
}

/// The content of a cell, in quotation marks and not too long.
pub fn shown(cell: &SheetCell) -> String {
    let text = match cell {
        SheetCell::Text(text) => on_one_line(text),
        SheetCell::Number(number) => plain(*number),
        SheetCell::Flag(flag) => flag.to_string().to_uppercase(),
        SheetCell::Day(day) => day.to_string(),
        SheetCell::Error(error) => error.clone(),
        SheetCell::NotComputed | SheetCell::Unreadable(_) | SheetCell::MergedInto(_) => {
            String::new()
        }
    };
    let cut: String = text.chars().take(60).collect();
    match cut.len() == text.len() {
        true => format!("\"{cut}\""),
        false => format!("\"{cut}…\""),
    }
}

/// A number of a spreadsheet, to six places at most.
pub fn plain(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "-0" | "" => "0".to_owned(),
        text => text.to_owned(),
    }
}

fn number(cell: &SheetCell) -> Result<Stated<DecimalText>, String> {
    match cell {
        SheetCell::Text(text) => decimal(&on_one_line(text)),
        SheetCell::Number(number) if number.is_finite() => decimal(&plain(*number)),
        SheetCell::Number(_) => Err("this number is out of range".to_owned()),
        SheetCell::Day(day) => Err(format!(
            "this is the date {day}, and a number is wanted: format the cell as a number"
        )),
        SheetCell::Flag(_) => Err(format!("{} is no number", shown(cell))),
        SheetCell::Error(error) => Err(error_value(error)),
        SheetCell::NotComputed => Err(NOT_COMPUTED.to_owned()),
        SheetCell::Unreadable(what) => Err(format!("this is {what}: write a number")),
        SheetCell::MergedInto(_) => Ok(Stated::Nothing),
    }
}

pub const NOT_COMPUTED: &str = "this formula has no value in the file: open the file in a \
    spreadsheet program and save it, or write the value";

pub fn error_value(error: &str) -> String {
    format!("this formula has the error value {error}: mend it, or write the value")
}

fn decimal(text: &str) -> Result<Stated<DecimalText>, String> {
    let wrong = |advice: &str| Err(format!("\"{}\" is no number: {advice}", cut(text)));
    let lower = text.to_lowercase();
    if text.is_empty() || NOTHING.contains(&lower.as_str()) {
        return Ok(Stated::Nothing);
    }
    let mut rest = text.trim();
    let mut is_negative = false;
    if let Some(inner) = rest
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        is_negative = true;
        rest = inner.trim();
    }
    for _ in 0..2 {
        if let Some(after) = rest.strip_prefix(['-', '−', '–']) {
            if is_negative {
                return wrong("it has two signs");
            }
            is_negative = true;
            rest = after.trim_start();
        }
        rest = rest.strip_prefix('£').map_or(rest, str::trim_start);
    }
    rest = rest.strip_prefix('+').unwrap_or(rest);
    let is_percent = rest.ends_with('%');
    rest = rest.strip_suffix('%').map_or(rest, str::trim_end);
    if rest.starts_with(['$', '€']) {
        return wrong("amounts are in pounds; record other currencies with a book");
    }
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let digits = whole.replace([',', ' '], "");
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (digits.is_empty() && fraction.is_empty()) || !is_digits(&digits) || !is_digits(fraction) {
        return wrong("write digits, such as 30,000 or £30,000.00, or a dash for none");
    }
    if !has_groups_of_three(whole) {
        return wrong("commas come before three digits, and pence after a point: 1,234.50");
    }
    Ok(Stated::Value(DecimalText {
        is_negative,
        whole: digits,
        fraction: fraction.trim_end_matches('0').to_owned(),
        is_percent,
    }))
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Whether separators of thousands are where they should be, and all alike.
fn has_groups_of_three(whole: &str) -> bool {
    let Some(separator) = whole.chars().find(|c| matches!(c, ',' | ' ')) else {
        return true;
    };
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && groups.all(|group| group.len() == 3 && !group.contains([',', ' ']))
}

/// The number times `unit`, if that is whole and not beyond all measure.
fn scaled(number: &DecimalText, unit: i64) -> Option<i64> {
    if number.fraction.len() > 12 {
        return None;
    }
    let digits = format!("{}{}", number.whole, number.fraction);
    let digits = digits.trim_start_matches('0');
    let value: i128 = match digits {
        "" => 0,
        digits if digits.len() > 28 => return None,
        digits => digits.parse().ok()?,
    };
    let scale = 10_i128.checked_pow(u32::try_from(number.fraction.len()).ok()?)?;
    let product = value.checked_mul(unit.into())?;
    if product.checked_rem(scale)? != 0 {
        return None;
    }
    let whole = i64::try_from(product.checked_div(scale)?).ok()?;
    Some(if number.is_negative { -whole } else { whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pounds(text: &str) -> Result<Stated<i64>, String> {
        amount(&SheetCell::Text(text.to_owned()), MoneyUnit::Pounds)
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, pence) in [
            ("30,000", 3_000_000),
            ("£30,000.00", 3_000_000),
            ("£ 30 000.5", 3_000_050),
            ("30\u{a0}000", 3_000_000),
            ("(1,234)", -123_400),
            ("(£1,234.05)", -123_405),
            ("-£12", -1_200),
            ("£-12", -1_200),
            ("\u{2212}12", -1_200),
            ("0", 0),
            (".5", 50),
        ] {
            assert_eq!(pounds(text), Ok(Stated::Value(pence)), "{text}");
        }
        for nothing in ["", "-", "–", "—", "nil", "N/A"] {
            assert_eq!(pounds(nothing), Ok(Stated::Nothing), "{nothing}");
        }
        for wrong in [
            "1,23",
            "30.000,00",
            "1.234.567",
            "12-",
            "£1.005",
            "27.3%",
            "$5",
            "abc",
            "--5",
            "(-5)",
            "1e9",
            "999999999999999999",
        ] {
            assert!(pounds(wrong).is_err(), "{wrong}: {:?}", pounds(wrong));
        }
    }

    #[test]
    fn numbers_keep_their_pence_and_no_more() {
        let read = |number, unit| amount(&SheetCell::Number(number), unit);
        assert_eq!(read(0.1 + 0.2, MoneyUnit::Pounds), Ok(Stated::Value(30)));
        assert_eq!(
            read(14282.0, MoneyUnit::Thousands),
            Ok(Stated::Value(1_428_200_000))
        );
        assert_eq!(
            read(37.342, MoneyUnit::Millions),
            Ok(Stated::Value(3_734_200_000))
        );
        assert_eq!(read(-0.0, MoneyUnit::Pounds), Ok(Stated::Value(0)));
        assert!(
            read(1.005, MoneyUnit::Pounds)
                .unwrap_err()
                .contains("ROUND")
        );
        assert!(read(f64::NAN, MoneyUnit::Pounds).is_err());
        assert!(read(1e300, MoneyUnit::Pounds).is_err());
    }

    #[test]
    fn units_are_read_from_headings() {
        for (text, unit) in [
            ("£", MoneyUnit::Pounds),
            ("£'000", MoneyUnit::Thousands),
            ("£’000s", MoneyUnit::Thousands),
            ("£000", MoneyUnit::Thousands),
            ("£k", MoneyUnit::Thousands),
            ("thousands of pounds", MoneyUnit::Thousands),
            ("£m", MoneyUnit::Millions),
            ("£ million", MoneyUnit::Millions),
            ("pence", MoneyUnit::Pence),
        ] {
            assert_eq!(MoneyUnit::read(text), Some(unit), "{text}");
        }
        assert_eq!(MoneyUnit::read("2017/18"), None);
    }

    #[test]
    fn shares_say_whether_they_are_percentages() {
        let read = |text: &str| share(&SheetCell::Text(text.to_owned())).unwrap();
        let stated = |number_ppm, is_percent| {
            Stated::Value(ShareText {
                number_ppm,
                is_percent,
            })
        };
        assert_eq!(read("27.3%"), stated(27_300_000, true));
        assert_eq!(read("27.3 %"), stated(27_300_000, true));
        assert_eq!(read("0.273"), stated(273_000, false));
        assert!(share(&SheetCell::Text("-3%".into())).is_err());
    }
}
