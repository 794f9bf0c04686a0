//! Cells as values that a spreadsheet reckons with.

use minutebook_domain::money::Pence;
use minutebook_present::cell::Cell;
use minutebook_wire::proto::Date;
use rust_xlsxwriter::ExcelDateTime;

use crate::visible::visible;

use super::names::cut;

/// The value of a cell of a workbook.
#[derive(Debug, Clone, PartialEq)]
pub enum SheetValue {
    Blank,
    Text(String),
    Number {
        number: f64,
        /// How it is shown.
        format: String,
    },
    Date {
        year: u16,
        month: u8,
        day: u8,
    },
}

/// Spreadsheets keep fifteen digits: a longer number would be another one.
const NUMBER_MAX: u64 = 999_999_999_999_999;
/// The most UTF-16 units of a text.
const TEXT_MAX: usize = 32_767;
const CUT_MARK: &str = " … (cut: a cell holds no more)";

pub const DATE_FORMAT: &str = "d mmmm yyyy";
const COUNT_FORMAT: &str = "0";
const SHARE_FORMAT: &str = "0.00%";

/// A cell of a column, in which amounts show their pence if one has some.
pub fn value(cell: &Cell, has_pence: bool) -> SheetValue {
    match cell {
        Cell::Number(number) if number.unsigned_abs() <= NUMBER_MAX => {
            figure(&number.to_string(), COUNT_FORMAT.to_owned())
        }
        Cell::Pence(pence) if pence.unsigned_abs() <= NUMBER_MAX => {
            let amount = Pence::computed(*pence);
            figure(&amount.decimal(), money_format(amount, has_pence))
        }
        Cell::Money(amount) if amount.get().unsigned_abs() <= NUMBER_MAX => {
            figure(&amount.decimal(), money_format(*amount, true))
        }
        Cell::Ppm(ppm) => figure(&format!("{ppm}e-6"), SHARE_FORMAT.to_owned()),
        Cell::SignedPpm(ppm) if ppm.unsigned_abs() <= NUMBER_MAX => {
            figure(&format!("{ppm}e-6"), SHARE_FORMAT.to_owned())
        }
        Cell::On(date) => whole_date(date).unwrap_or_else(|| text(cell)),
        Cell::Empty
        | Cell::Text(_)
        | Cell::Label(_)
        | Cell::Named { .. }
        | Cell::Subject { .. }
        | Cell::Number(_)
        | Cell::Pence(_)
        | Cell::Money(_)
        | Cell::SignedPpm(_)
        | Cell::At(_)
        | Cell::Yes(_)
        | Cell::List(_)
        | Cell::Sentence { .. } => text(cell),
    }
}

/// None for a partial date, and for one before those that spreadsheets know.
fn whole_date(date: &Date) -> Option<SheetValue> {
    let part = |part: i32| u8::try_from(part).ok();
    let year = u16::try_from(date.year).ok()?;
    let (month, day) = (part(date.month)?, part(date.day)?);
    ExcelDateTime::from_ymd(year, month, day).ok()?;
    Some(SheetValue::Date { year, month, day })
}

/// A number from its decimal digits: the nearest that there is, without reckoning.
fn figure(digits: &str, format: String) -> SheetValue {
    match digits.parse() {
        Ok(number) => SheetValue::Number { number, format },
        Err(_) => SheetValue::Text(digits.to_owned()),
    }
}

fn text(cell: &Cell) -> SheetValue {
    match fitting_text(&cell.for_people()) {
        text if text.is_empty() => SheetValue::Blank,
        text => SheetValue::Text(text),
    }
}

/// The format of amounts in a currency, minus before the sign: `-£1,500`.
fn money_format(amount: Pence, has_parts: bool) -> String {
    let decimals = amount.decimal();
    let decimals = decimals.split_once('.').map_or(0, |(_, parts)| parts.len());
    let zeros = match decimals {
        _ if !has_parts => String::new(),
        0 => String::new(),
        decimals => format!(".{}", "0".repeat(decimals)),
    };
    let symbol = amount.currency().symbol();
    format!("[${symbol}]#,##0{zeros};-[${symbol}]#,##0{zeros}")
}

/// A text that a cell can hold, cut with a remark where it is longer.
pub fn fitting_text(text: &str) -> String {
    let text = visible(text);
    if text.encode_utf16().count() <= TEXT_MAX {
        return text;
    }
    cut(&text, TEXT_MAX - CUT_MARK.encode_utf16().count()) + CUT_MARK
}

/// Whether a spreadsheet would take a text for a formula if somebody typed it.
pub fn looks_like_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_domain::currency::Currency;

    fn number(cell: &Cell, has_pence: bool) -> (f64, String) {
        match value(cell, has_pence) {
            SheetValue::Number { number, format } => (number, format),
            other => panic!("no number: {other:?}"),
        }
    }

    fn currency(code: &str, pence: i64) -> Cell {
        let currency = Currency::from_code(code).unwrap();
        Cell::Money(Pence::computed(pence).in_currency(currency))
    }

    #[test]
    fn figures_are_numbers() {
        assert_eq!(
            number(&Cell::Pence(612_932_801), true),
            (6_129_328.01, "[$£]#,##0.00;-[$£]#,##0.00".into())
        );
        assert_eq!(
            number(&Cell::Pence(-200), false),
            (-2.0, "[$£]#,##0;-[$£]#,##0".into())
        );
        assert_eq!(
            number(&Cell::Ppm(273_049), false),
            (0.273_049, "0.00%".into())
        );
        assert_eq!(number(&Cell::Number(-3), false), (-3.0, "0".into()));
        let (amount, format) = number(&currency("EUR", 150), false);
        assert!((amount - 1.5).abs() < f64::EPSILON);
        assert!(format.starts_with("[$€]#,##0.00;"), "{format}");
        let (_, format) = number(&currency("USD", 150), false);
        assert_eq!(format, "[$USD ]#,##0.00;-[$USD ]#,##0.00");
    }

    #[test]
    fn a_number_that_would_become_another_stays_text() {
        for cell in [Cell::Number(i64::MAX), Cell::Pence(i64::MIN)] {
            assert_eq!(value(&cell, false), SheetValue::Text(cell.for_people()));
        }
    }

    #[test]
    fn whole_dates_are_dates() {
        let on = |year, month, day| value(&Cell::On(Date { year, month, day }), false);
        assert_eq!(
            on(2024, 6, 17),
            SheetValue::Date {
                year: 2024,
                month: 6,
                day: 17
            }
        );
        assert_eq!(on(2024, 6, 0), SheetValue::Text("2024-06".into()));
        assert_eq!(on(2024, 0, 0), SheetValue::Text("2024".into()));
        assert_eq!(on(1835, 1, 1), SheetValue::Text("1835-01-01".into()));
    }

    #[test]
    fn a_text_that_is_too_long_says_so() {
        let text = fitting_text(&"\u{1f600}x".repeat(20_000));
        assert!(text.encode_utf16().count() <= TEXT_MAX);
        assert!(text.ends_with(CUT_MARK));
    }
}
