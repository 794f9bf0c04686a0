//! Dates as people write them: `1 10 2024`, `1 October 2024`, `October 2024`, `2024`.

use minutebook_domain::date::{PartialDate, month_named};

/// Reads a date, whole or partial. In figures, the day comes first, as it does in Britain;
/// the year has four digits. The refusal is a sentence with a way out.
pub fn read_date(text: &str) -> Result<PartialDate, String> {
    let wrong = || {
        format!("\"{text}\" is no date: write 31 12 2024, 31 December 2024, December 2024 or 2024")
    };
    let text = text.trim();
    if let Ok(date) = text.parse() {
        return Ok(date);
    }
    let is_between = |c: char| c.is_whitespace() || matches!(c, '/' | '.' | ',' | '-');
    let parts: Vec<&str> = text
        .split(is_between)
        .filter(|part| !part.is_empty())
        .collect();
    let parts: Option<(i32, i32, i32)> = match parts.as_slice() {
        [year] => year_of(year).map(|year| (year, 0, 0)),
        [month, year] => year_of(year).zip(month_of(month)).map(|(y, m)| (y, m, 0)),
        [day, month, year] => {
            let date = year_of(year).zip(month_of(month)).zip(day_of(day));
            date.map(|((year, month), day)| (year, month, day))
        }
        _ => None,
    };
    let (year, month, day) = parts.ok_or_else(wrong)?;
    PartialDate::new(year, month, day).map_err(|_| wrong())
}

fn year_of(text: &str) -> Option<i32> {
    (text.len() == 4).then(|| number(text)).flatten()
}

fn month_of(text: &str) -> Option<i32> {
    month_named(text).or_else(|| number(text))
}

fn day_of(text: &str) -> Option<i32> {
    let text = text.to_lowercase();
    let mut endings = ["st", "nd", "rd", "th"].iter();
    let bare = endings.find_map(|ending| text.strip_suffix(ending));
    number(bare.unwrap_or(&text))
}

fn number(text: &str) -> Option<i32> {
    let is_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_people_write_it() {
        for (text, read) in [
            ("1 10 2024", "2024-10-01"),
            ("1/10/2024", "2024-10-01"),
            ("01.10.2024", "2024-10-01"),
            ("1st October 2024", "2024-10-01"),
            ("3 Sept 2024", "2024-09-03"),
            ("October 2024", "2024-10"),
            ("10 2024", "2024-10"),
            (" 2024 ", "2024"),
            ("2024-10-01", "2024-10-01"),
            ("22nd of", ""),
            ("31 2 2024", ""),
            ("1 10 24", ""),
            ("ma 2024", ""),
            ("", ""),
        ] {
            let date = read_date(text).map(|date| date.to_string());
            assert_eq!(date.unwrap_or_default(), read, "{text}");
        }
    }
}
