//! One value of an answer, and its two spellings: for people, and for programs.
//!
//! A table says `£6,129,328` and a body's name; a CSV file says `6129328.00` and
//! the body's id. Both come from the same [`Cell`], so they cannot disagree.

use prost_types::Timestamp;

use super::dates;
use crate::wire::proto::{ActorRef, BoardRef, BodyRef, CollaborationRef, Date, ServiceRef};

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing is known, or nothing applies.
    Empty,
    /// Words as recorded.
    Text(String),
    /// A value of an enumeration, in lower-case words.
    Word(String),
    /// Something that people know by one name and programs by another.
    Named {
        /// For programs.
        id: String,
        /// For people.
        name: String,
    },
    /// A whole number: a count, a position, days.
    Number(i64),
    /// An amount of money.
    Pence(i64),
    /// A share in millionths.
    Ppm(u32),
    /// A date, partial or whole.
    On(Date),
    /// An instant.
    At(Timestamp),
    /// Yes, or no.
    Yes(bool),
    /// Several values.
    List(Vec<Cell>),
}

impl Cell {
    /// A value with one spelling for people and another for programs.
    pub fn named(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self::Named {
            id: id.into(),
            name: name.into(),
        }
    }

    /// An amount that may not have been stated, which is not the same as none.
    pub fn stated(pence: Option<i64>) -> Self {
        pence.map_or_else(|| Self::named("", "not stated"), Self::Pence)
    }

    /// An amount of which the protocol says nought where there is none.
    pub fn amount(pence: i64) -> Self {
        match pence {
            0 => Self::Empty,
            pence => Self::Pence(pence),
        }
    }

    /// How people read it. Never holds a control character but a line feed.
    pub fn for_people(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => sanitise_for_terminal(text),
            Self::Word(word) => word.replace("22a", "22A"),
            Self::Named { id, name } if name.is_empty() => sanitise_for_terminal(id),
            Self::Named { name, .. } => sanitise_for_terminal(name),
            Self::Number(number) => number.to_string(),
            Self::Pence(pence) => money(*pence),
            Self::Ppm(ppm) => percent(*ppm),
            Self::On(date) => dates::date(date),
            Self::At(instant) => dates::local_instant(instant),
            Self::Yes(yes) => if *yes { "yes" } else { "" }.to_owned(),
            Self::List(cells) => {
                let texts: Vec<_> = cells.iter().map(Self::for_people).collect();
                texts.join("; ")
            }
        }
    }

    /// How programs read it, before [`defused`].
    pub fn for_programs(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Word(word) => word.clone(),
            Self::Named { id, .. } => id.clone(),
            Self::Number(number) => number.to_string(),
            Self::Pence(pence) => decimal_pounds(*pence),
            Self::Ppm(ppm) => decimal_percent(*ppm),
            Self::On(date) => dates::date(date),
            Self::At(instant) => dates::utc_instant(instant),
            Self::Yes(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Self::List(cells) => {
                let texts: Vec<_> = cells.iter().map(Self::for_programs).collect();
                texts.join("; ")
            }
        }
    }

    /// Whether it is a figure, which stands at the right of its column.
    pub fn is_figure(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Pence(_) | Self::Ppm(_))
    }

    /// Whether it would be misread if it were broken over two lines.
    pub fn is_unbreakable(&self) -> bool {
        self.is_figure() || matches!(self, Self::On(_))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text.to_owned())
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<T: ToCell> From<&T> for Cell {
    fn from(value: &T) -> Self {
        value.cell()
    }
}

/// A field of an answer that is one value, or none, or several.
pub trait ToCell {
    /// Its value.
    fn cell(&self) -> Cell;
}

impl ToCell for String {
    fn cell(&self) -> Cell {
        self.as_str().into()
    }
}

impl ToCell for Date {
    fn cell(&self) -> Cell {
        Cell::On(*self)
    }
}

impl ToCell for BodyRef {
    fn cell(&self) -> Cell {
        Cell::named(&self.body_id, &self.name)
    }
}

impl ToCell for BoardRef {
    fn cell(&self) -> Cell {
        Cell::named(&self.board_id, &self.name)
    }
}

impl ToCell for CollaborationRef {
    fn cell(&self) -> Cell {
        Cell::named(&self.collaboration_id, &self.name)
    }
}

impl ToCell for ServiceRef {
    fn cell(&self) -> Cell {
        Cell::named(&self.service_id, &self.name)
    }
}

impl ToCell for ActorRef {
    fn cell(&self) -> Cell {
        match (&self.body, self.office.as_str()) {
            (None, office) => office.into(),
            (Some(body), "") => body.into(),
            (Some(body), office) => Cell::named(
                format!("{} ({office})", body.body_id),
                format!("{} ({office})", body.name),
            ),
        }
    }
}

impl<T: ToCell> ToCell for Option<T> {
    fn cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Empty, T::cell)
    }
}

impl<T: ToCell> ToCell for Vec<T> {
    fn cell(&self) -> Cell {
        match self.as_slice() {
            [] => Cell::Empty,
            [one] => one.cell(),
            many => Cell::List(many.iter().map(T::cell).collect()),
        }
    }
}

/// Pounds for people: `£6,129,328`, with pence only where there are any.
pub fn money(pence: i64) -> String {
    let (pounds, rest) = (pence.unsigned_abs() / 100, pence.unsigned_abs() % 100);
    let digits = pounds.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if pence < 0 { "-" } else { "" };
    if rest == 0 {
        format!("{sign}£{grouped}")
    } else {
        format!("{sign}£{grouped}.{rest:02}")
    }
}

/// Pounds for programs: `6129328.00`.
pub fn decimal_pounds(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    let pence = pence.unsigned_abs();
    format!("{sign}{}.{:02}", pence / 100, pence % 100)
}

/// A share for people: two decimals, as papers print them.
fn percent(ppm: u32) -> String {
    let hundredths = (u64::from(ppm) + 50) / 100;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// A share for programs: per cent, with every digit there is.
fn decimal_percent(ppm: u32) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `text` without what could move a terminal's cursor, change its colours or
/// turn its reading direction: anyone who may record may write names.
pub fn sanitise_for_terminal(text: &str) -> String {
    let drop = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(drop) {
        return text.to_owned();
    }
    let stand_in = |c| match c {
        '\t' => ' ',
        c if drop(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(stand_in).collect()
}

/// `text` as it may stand in a CSV cell: one that a spreadsheet would run as a
/// formula gets a leading apostrophe. Plain numbers, such as `-2.00`, stay.
pub fn escape_csv_formula(text: String) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') if !is_plain_number(&text) => format!("'{text}"),
        _ => text,
    }
}

fn is_plain_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_for_people_has_pence_only_where_there_are_any() {
        assert_eq!(money(612_932_800), "£6,129,328");
        assert_eq!(money(0), "£0");
        assert_eq!(money(5), "£0.05");
        assert_eq!(money(-46_000_000), "-£460,000");
        assert_eq!(money(100_000), "£1,000");
        assert_eq!(money(99_999), "£999.99");
        assert_eq!(money(1_000_000_000_000_000), "£10,000,000,000,000");
        assert_eq!(money(i64::MIN), "-£92,233,720,368,547,758.08");
    }

    #[test]
    fn money_for_programs_is_two_decimals_and_no_separator() {
        assert_eq!(decimal_pounds(612_932_800), "6129328.00");
        assert_eq!(decimal_pounds(-200), "-2.00");
        assert_eq!(decimal_pounds(-5), "-0.05");
        assert_eq!(decimal_pounds(0), "0.00");
    }

    #[test]
    fn shares() {
        assert_eq!(percent(273_000), "27.30%");
        assert_eq!(percent(273_049), "27.30%");
        assert_eq!(percent(273_050), "27.31%");
        assert_eq!(percent(1_000_000), "100.00%");
        assert_eq!(decimal_percent(273_049), "27.3049");
        assert_eq!(decimal_percent(1_000_000), "100");
        assert_eq!(decimal_percent(273_000), "27.3");
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        for formula in [
            "=1+1", "+44 20", "-x", "@SUM(A1)", "\t=1", "\r=1", "-", "-1.", "+5",
        ] {
            assert_eq!(
                escape_csv_formula(formula.to_owned()),
                format!("'{formula}")
            );
        }
        for harmless in ["-2.00", "-2", "12", "2015-10", "a=b", "", "£1"] {
            assert_eq!(escape_csv_formula(harmless.to_owned()), harmless);
        }
    }

    #[test]
    fn what_a_recorder_wrote_cannot_steer_the_terminal() {
        let text = Cell::from("a\u{1b}[31mb\tc\u{202e}d\ne").for_people();
        assert_eq!(text, "a\u{fffd}[31mb c\u{fffd}d\ne");
    }

    #[test]
    fn an_actor_is_a_body_an_office_or_both() {
        let body = BodyRef {
            body_id: "leics-pcc".into(),
            name: "Leicestershire PCC".into(),
        };
        let mut actor = ActorRef {
            body: Some(body),
            office: String::new(),
        };
        assert_eq!(Cell::from(&actor).for_people(), "Leicestershire PCC");
        actor.office = "Chief Finance Officer".into();
        assert_eq!(
            Cell::from(&actor).for_programs(),
            "leics-pcc (Chief Finance Officer)"
        );
        actor.body = None;
        assert_eq!(Cell::from(&actor).for_people(), "Chief Finance Officer");
    }
}
