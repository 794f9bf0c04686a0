//! The months by their names, as people say and write them.

/// In their order.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The number of the month, 1 to 12, whose name begins with a word of three letters or
/// more, in capitals or not.
pub fn month_named(word: &str) -> Option<i32> {
    if word.len() < 3 {
        return None;
    }
    let word = word.to_lowercase();
    let mut months = MONTHS.iter();
    let index = months.position(|month| month.to_lowercase().starts_with(&word))?;
    i32::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_known_by_its_first_three_letters() {
        for (word, month) in [
            ("October", Some(10)),
            ("oct", Some(10)),
            ("Sept", Some(9)),
            ("may", Some(5)),
            ("ma", None),
            ("", None),
            ("octobre", None),
        ] {
            assert_eq!(month_named(word), month, "{word}");
        }
    }
}
