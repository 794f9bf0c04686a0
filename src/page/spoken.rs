//! Dates, numbers and lists as people say them: `17 June 2024`, `one review`, `A, B and C`.

use minutebook_domain::date::{FinancialYear, MONTHS, PartialDate};
use minutebook_domain::money::Pence;
use minutebook_wire::proto::Date;

const SMALL: [&str; 11] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
];

/// `17 June 2024`, `June 2024` or `2024`; empty where the message holds no date.
pub fn date(date: &Date) -> String {
    let month = usize::try_from(date.month - 1).ok();
    let month = month.and_then(|month| MONTHS.get(month));
    match (month, date.day) {
        _ if date.year == 0 => String::new(),
        (None, _) => date.year.to_string(),
        (Some(month), 0) => format!("{month} {}", date.year),
        (Some(month), day) => format!("{day} {month} {}", date.year),
    }
}

/// A date with a short month, for a picture: `17 Jun 2024`.
pub fn short_date(day: &Date) -> String {
    let text = date(day);
    let cut = |word: &str| match word.len() > 3 && word.chars().all(char::is_alphabetic) {
        true => word[..3].to_owned(),
        false => word.to_owned(),
    };
    let words: Vec<String> = text.split(' ').map(cut).collect();
    words.join(" ")
}

/// [`date`] of a date of the domain.
pub fn partial(day: PartialDate) -> String {
    date(&minutebook_wire::reply::date(day))
}

/// [`date`], or nothing.
pub fn optional(day: &Option<Date>) -> String {
    day.as_ref().map_or_else(String::new, date)
}

/// A count in words up to ten: `one review`, `12 reviews`, `no review`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    let noun = if number <= 1 { one } else { many };
    format!("{} {noun}", number_in_words(number))
}

/// `one`, `two`, `12`.
pub fn number_in_words(number: usize) -> String {
    SMALL
        .get(number)
        .map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// The same text with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// `A`, `A and B`, `A, B and C`.
pub fn list(texts: &[String]) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// An amount in pounds: `£36,632,705`, with pence where there are some.
pub fn pounds(pence: i64) -> String {
    Pence::computed(pence).to_string()
}

/// A large amount, rounded for a sentence or a picture: `£9.83m`, `£250k`, `£900`.
pub fn rounded_pounds(pence: i64) -> String {
    let sign = if pence < 0 { "−" } else { "" };
    let pounds = (pence.unsigned_abs() + 50) / 100;
    if pounds >= 999_500 {
        let hundredths = (pounds + 5_000) / 10_000;
        match hundredths % 100 {
            0 => format!("{sign}£{}m", hundredths / 100),
            rest => format!("{sign}£{}.{rest:02}m", hundredths / 100),
        }
    } else if pounds >= 10_000 {
        format!("{sign}£{}k", (pounds + 500) / 1_000)
    } else {
        format!(
            "{sign}{}",
            Pence::computed(i64::try_from(pounds * 100).unwrap_or(i64::MAX))
        )
    }
}

/// A financial year in an address: `2020-21` for `2020/21`.
pub fn year_in_address(year: &str) -> String {
    year.replace('/', "-")
}

/// A financial year of an address: `2020/21` for `2020-21`.
pub fn year_of_address(text: &str) -> Option<String> {
    let year = text.replacen('-', "/", 1);
    year.parse::<FinancialYear>().is_ok().then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_said_as_far_as_they_are_known() {
        let said = |year, month, day| date(&Date { year, month, day });
        assert_eq!(said(2024, 6, 17), "17 June 2024");
        assert_eq!(said(2024, 6, 0), "June 2024");
        assert_eq!(said(2024, 0, 0), "2024");
        assert_eq!(said(0, 0, 0), "");
        assert_eq!(said(2024, 13, 1), "2024");
    }

    #[test]
    fn small_numbers_are_words() {
        assert_eq!(count(0, "review", "reviews"), "no review");
        assert_eq!(count(1, "review", "reviews"), "one review");
        assert_eq!(count(10, "review", "reviews"), "ten reviews");
        assert_eq!(count(11, "review", "reviews"), "11 reviews");
        assert_eq!(list(&["A".into(), "B".into(), "C".into()]), "A, B and C");
    }

    #[test]
    fn amounts_are_rounded_to_what_an_eye_takes_in() {
        for (pence, text) in [
            (982_577_900, "£9.83m"),
            (99_949_900, "£999k"),
            (99_950_000, "£1m"),
            (-25_000_000, "−£250k"),
            (90_000, "£900"),
            (0, "£0"),
        ] {
            assert_eq!(rounded_pounds(pence), text);
        }
    }

    #[test]
    fn a_year_has_an_address() {
        assert_eq!(year_of_address("2020-21").as_deref(), Some("2020/21"));
        assert_eq!(year_of_address("2020-22"), None);
        assert_eq!(year_of_address("x"), None);
    }
}
