//! Dates and financial years as people write them.
//!
//! The day comes first: `1/10/2024` is 1 October 2024. A date may be a month or a year, and
//! may be about, by or from a day, as the register keeps it.

use minutebook_domain::date::{FinancialYear, PartialDate, month_named};
use minutebook_wire::proto::DateIs;

use crate::amount::{NOT_COMPUTED, error_value, plain, shown};
use crate::grid::{SheetCell, on_one_line};

/// A date and how it is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedDay {
    pub date: PartialDate,
    pub is: DateIs,
}

const FORMS: &str = "write 1 October 2024, 1/10/2024 (the day first), 2024-10-01, October 2024 or \
    2024";

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

pub fn stated_day(cell: &SheetCell) -> Result<StatedDay, String> {
    match cell {
        SheetCell::Day(day) => Ok(StatedDay {
            date: (*day).into(),
            is: DateIs::Unspecified,
        }),
        SheetCell::Number(number) => match year_alone(&plain(*number)) {
            Some(date) => Ok(StatedDay {
                date,
                is: DateIs::Unspecified,
            }),
            None => Err(format!(
                "{} is a number and not a date: format the cell as a date, or {FORMS}",
                shown(cell)
            )),
        },
        SheetCell::Text(text) => day_in_words(&on_one_line(text)),
        SheetCell::Error(error) => Err(error_value(error)),
        SheetCell::NotComputed => Err(NOT_COMPUTED.to_owned()),
        SheetCell::Flag(_) => Err(format!("{} is no date: {FORMS}", shown(cell))),
        SheetCell::Unreadable(what) => Err(format!("this is {what}, and no date: {FORMS}")),
        SheetCell::MergedInto(_) => Err(format!("a date is wanted: {FORMS}")),
    }
}

fn year_alone(text: &str) -> Option<PartialDate> {
    let year = (text.len() == 4).then(|| text.parse().ok()).flatten()?;
    PartialDate::new(year, 0, 0).ok()
}

fn day_in_words(text: &str) -> Result<StatedDay, String> {
    let lower = text.to_lowercase();
    let (is, rest) = [
        ("about ", DateIs::About),
        ("c. ", DateIs::About),
        ("circa ", DateIs::About),
        ("by ", DateIs::By),
        ("from ", DateIs::From),
    ]
    .iter()
    .find_map(|(word, is)| lower.strip_prefix(word).map(|rest| (*is, rest)))
    .unwrap_or((DateIs::Unspecified, lower.as_str()));
    let cut: String = text.chars().take(60).collect();
    let wrong = || format!("\"{cut}\" is no date: {FORMS}");
    let (year, month, day) = parts(rest.trim()).ok_or_else(wrong)?;
    if year < 100 {
        return Err(format!(
            "\"{cut}\" is no date: write the year with four digits"
        ));
    }
    PartialDate::new(year, month, day)
        .map(|date| StatedDay { date, is })
        .map_err(|error| format!("\"{cut}\" is no date, as {error}: {FORMS}"))
}

/// The year, month and day; 0 for those that are not stated.
fn parts(text: &str) -> Option<(i32, i32, i32)> {
    let words: Vec<&str> = text
        .split([' ', '/', '-', '.', ',', '–'])
        .filter(|word| !word.is_empty())
        .filter(|word| !is_weekday(word))
        .collect();
    match words.as_slice() {
        [year] => Some((number(year).filter(|_| year.len() == 4)?, 0, 0)),
        [month, year] => match month_named(month) {
            Some(month) => Some((number(year)?, month, 0)),
            // 2024-10 as the register writes it, or 10/2024.
            None if month.len() == 4 => Some((number(month)?, number(year)?, 0)),
            None if year.len() == 4 => Some((number(year)?, number(month)?, 0)),
            None => None,
        },
        [first, second, third] => {
            if let Some(month) = month_named(second) {
                return Some((number(third)?, month, ordinal(first)?));
            }
            if let Some(month) = month_named(first) {
                return Some((number(third)?, month, ordinal(second)?));
            }
            if first.len() == 4 {
                return Some((number(first)?, number(second)?, number(third)?));
            }
            Some((number(third)?, number(second)?, number(first)?))
        }
        _ => None,
    }
}

fn is_weekday(word: &str) -> bool {
    word.len() >= 3 && WEEKDAYS.iter().any(|day| day.starts_with(word))
}

fn number(word: &str) -> Option<i32> {
    let is_digits = (1..=4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| word.parse().ok()).flatten()
}

/// `1`, `1st`, `22nd`.
fn ordinal(word: &str) -> Option<i32> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    number(digits)
}

/// Reads `2020/21`, `2020/2021`, `2020-21` and the forms of the register.
pub fn financial_year(text: &str) -> Result<FinancialYear, String> {
    let text = on_one_line(text).replace(['–', '−', '‑'], "-");
    if let Some((first, second)) = text.split_once(['/', '-']) {
        let first_year = number(first.trim()).filter(|_| first.trim().len() == 4);
        let second = second.trim();
        let is_short = second.len() == 2 || second.len() == 4;
        if let (Some(year), Some(next), true) = (first_year, number(second), is_short) {
            let expected = (year + 1) % 100;
            if next % 100 == expected && (second.len() == 2 || next == year + 1) {
                let short = format!("{year}/{expected:02}");
                return short.parse().map_err(|_| not_a_year(&text));
            }
        }
    }
    let text = text.to_lowercase();
    text.parse().map_err(|_| not_a_year(&text))
}

fn not_a_year(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    format!(
        "\"{cut}\" is no financial year: write 2020/21, or the months or days of another \
         (2020-01/2020-12)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> String {
        match stated_day(&SheetCell::Text(text.to_owned())) {
            Ok(StatedDay {
                date,
                is: DateIs::Unspecified,
            }) => date.to_string(),
            Ok(StatedDay { date, is }) => format!("{is:?} {date}"),
            Err(error) => format!("! {error}"),
        }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for text in [
            "1 10 2024",
            "1/10/2024",
            "01.10.2024",
            "1-10-2024",
            "1 October 2024",
            "1st Oct 2024",
            "Tuesday 1 October 2024",
            "Tue, 1 October, 2024",
            "October 1, 2024",
            "2024-10-01",
            "2024/10/01",
        ] {
            assert_eq!(day(text), "2024-10-01", "{text}");
        }
        for text in ["October 2024", "Oct 2024", "2024-10", "10/2024"] {
            assert_eq!(day(text), "2024-10", "{text}");
        }
        assert_eq!(day("2024"), "2024");
        assert_eq!(day("about 1 April 2017"), "About 2017-04-01");
        assert_eq!(day("By 2013"), "By 2013");
        assert_eq!(day("Sept 2024"), "2024-09");
        for wrong in [
            "13/25/2024",
            "30 February 2024",
            "1/10/24",
            "soon",
            "",
            "24",
            "32 October 2024",
            "1 2 3 4",
            "ma 2024",
        ] {
            assert!(day(wrong).starts_with("! "), "{wrong}: {}", day(wrong));
        }
        assert!(day("1/10/24").contains("four digits"));
    }

    #[test]
    fn a_number_is_a_year_or_no_date() {
        let read = |number| stated_day(&SheetCell::Number(number));
        assert_eq!(read(2024.0).unwrap().date.to_string(), "2024");
        assert!(read(45_566.0).unwrap_err().contains("format the cell"));
        assert!(read(2024.5).is_err());
    }

    #[test]
    fn years_are_read_as_they_are_printed() {
        for text in ["2020/21", "2020/2021", "2020-21", "2020 – 21", "2020‑2021"] {
            assert_eq!(
                financial_year(text).unwrap().to_string(),
                "2020/21",
                "{text}"
            );
        }
        assert_eq!(financial_year("1999/00").unwrap().to_string(), "1999/00");
        assert_eq!(
            financial_year("2020-01/2020-12").unwrap().to_string(),
            "2020-01/2020-12"
        );
        for wrong in ["2020", "2020/22", "2020/2031", "x", ""] {
            assert!(financial_year(wrong).is_err(), "{wrong}");
        }
    }
}
