//! Comparisons of dates that may be partial: one rule, the same in every check that uses
//! it.

use jiff::civil::Date;

use super::date::PartialDate;

/// The answer of a comparison in which a day may be unknown.
///
/// One rule for partial dates, the same in every check that uses it: what may be right on
/// some day of the span is taken, and shown as resting on an unknown day; what is wrong
/// on every day of it is refused.
///
/// # Examples
///
/// ```
/// use minutebook_domain::certainty::Certainty;
/// use minutebook_domain::date::PartialDate;
///
/// let date = |text: &str| text.parse::<PartialDate>();
/// let limit = date("2021-06-15")?;
/// assert_eq!(date("2021-05")?.is_by(limit), Certainty::Certain);
/// assert_eq!(date("2021-06")?.is_by(limit), Certainty::Possible);
/// assert_eq!(date("2021")?.is_by(limit), Certainty::Possible);
/// assert_eq!(date("2021-07")?.is_by(limit), Certainty::Impossible);
/// # Ok::<(), minutebook_domain::date::DateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Whatever the day.
    Certain,
    /// On some days and not on others: it rests on an unknown day.
    Possible,
    /// On no day.
    Impossible,
}

impl Certainty {
    /// Whether a check takes it.
    pub fn may_be(self) -> bool {
        self != Self::Impossible
    }

    /// Whether it rests on a day that is not known.
    pub fn rests_on_unknown_day(self) -> bool {
        self == Self::Possible
    }

    /// The answer to both questions, asked of days that do not depend on one another.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Certain, Self::Certain) => Self::Certain,
            (Self::Impossible, _) | (_, Self::Impossible) => Self::Impossible,
            _ => Self::Possible,
        }
    }

    /// The answer to the opposite question.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::Certain => Self::Impossible,
            Self::Possible => Self::Possible,
            Self::Impossible => Self::Certain,
        }
    }
}

impl PartialDate {
    /// Whether it is on or before `limit`, by the rule of [`Certainty`].
    pub fn is_by(self, limit: Self) -> Certainty {
        if self.last_day() <= limit.first_day() {
            Certainty::Certain
        } else if self.first_day() <= limit.last_day() {
            Certainty::Possible
        } else {
            Certainty::Impossible
        }
    }

    /// Whether it is after `limit`, by the rule of [`Certainty`].
    pub fn is_after(self, limit: Self) -> Certainty {
        self.is_by(limit).negated()
    }

    /// Whether something holds on this date: on both its first and its last day, on one of
    /// them, or on neither.
    pub fn holds(self, test: impl Fn(Date) -> bool) -> Certainty {
        match (test(self.first_day()), test(self.last_day())) {
            (true, true) => Certainty::Certain,
            (false, false) => Certainty::Impossible,
            (true, false) | (false, true) => Certainty::Possible,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_certain_only_whatever_the_day() {
        let date = |text: &str| text.parse::<PartialDate>().unwrap();
        for (one, other, is_by) in [
            ("2021-06-15", "2021-06-15", Certainty::Certain),
            ("2021-06-16", "2021-06-15", Certainty::Impossible),
            ("2021-05", "2021-06", Certainty::Certain),
            ("2021-06", "2021-06", Certainty::Possible),
            ("2021", "2021-06", Certainty::Possible),
            ("2021-06-01", "2021-06", Certainty::Certain),
            ("2021-06-02", "2021-06", Certainty::Possible),
            ("2021-06", "2021", Certainty::Possible),
            ("2022", "2021", Certainty::Impossible),
        ] {
            assert_eq!(date(one).is_by(date(other)), is_by, "{one} by {other}");
            let after = date(one).is_after(date(other));
            assert_eq!(after, is_by.negated(), "{one} after {other}");
        }
        let limit = date("2021-06-15").first_day();
        let by_limit = |text: &str| date(text).holds(|day| day <= limit);
        assert_eq!(by_limit("2021-06"), Certainty::Possible);
        assert_eq!(by_limit("2021-05"), Certainty::Certain);
        assert_eq!(by_limit("2021-07"), Certainty::Impossible);
    }
}
