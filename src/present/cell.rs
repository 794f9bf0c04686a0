//! One value of a report, with its two spellings: for people, and for programs.
//!
//! People read `£6,129,328` and a body's name, programs `6129328.00` and the body's
//! id. Both come from the same [`Cell`], so they cannot disagree.

use prost_types::Timestamp;

use super::dates;
use super::to_cell::ToCell;
use minutebook_domain::currency::Currency;
use minutebook_domain::money::{Pence, Ppm};
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::{AmountIs, Date, DateIs};

/// An amount in a currency by its code; empty for pounds sterling.
pub fn money(pence: i64, code: &str) -> Pence {
    Pence::computed(pence).in_currency(Currency::from_code(code).unwrap_or_default())
}

/// How the amounts of a column are written, so that they can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pennies {
    /// In whole pounds where an amount has no pence.
    #[default]
    WhereAny,
    /// With pence: another amount of the column has some.
    Always,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing is known, or nothing applies.
    Empty,
    /// Text as recorded.
    Text(String),
    /// A value of an enumeration, by its label.
    Label(String),
    /// A thing that programs know by its id and people by its name.
    Named { id: String, name: String },
    /// A subject of the register, such as `bodies/kent-police`. Programs know it by its id
    /// without the kind, people by its name.
    Subject { subject: String, name: String },
    /// A whole number: a count, a position, days.
    Number(i64),
    /// An amount of money in the currency of its row: pounds sterling, unless the sheet
    /// names another.
    Pence(i64),
    /// An amount of money in another currency than pounds sterling.
    Money(Pence),
    /// A share in millionths.
    Ppm(u32),
    /// A change as a share, in millionths.
    SignedPpm(i64),
    /// A date, partial or whole.
    On(Date),
    /// An instant.
    At(Timestamp),
    /// Yes; or no, which people need not read.
    Yes(bool),
    /// Several values.
    List(Vec<Cell>),
    /// Several values in one sentence. Programs read the id, if it has one.
    Sentence {
        id: Option<String>,
        parts: Vec<Cell>,
    },
}

impl Cell {
    /// A value with one spelling for people and another for programs.
    pub fn named(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self::Named {
            id: id.into(),
            name: name.into(),
        }
    }

    /// A subject of the register; empty where there is no id.
    pub fn subject(kind: &str, id: &str, name: &str) -> Self {
        match (id, name) {
            ("", "") => Self::Named {
                id: String::new(),
                name: String::new(),
            },
            ("", name) => Self::named("", name),
            (id, name) => Self::Subject {
                subject: format!("{kind}/{id}"),
                name: name.to_owned(),
            },
        }
    }

    /// Values in one sentence, each after the other.
    pub fn sentence(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::Sentence {
            id: None,
            parts: parts.into_iter().collect(),
        }
    }

    /// The same sentence with a value for programs.
    pub fn with_id(self, id: String) -> Self {
        match self {
            Self::Sentence { parts, .. } => Self::Sentence {
                id: Some(id),
                parts,
            },
            other => other,
        }
    }

    /// A value of an enumeration; empty for the zero, which has no meaning.
    pub fn label(value: impl EnumLabel) -> Self {
        match value.label() {
            label if label.is_empty() => Self::Empty,
            label => Self::Label(label),
        }
    }

    /// A date that may be "about", "by" or "from".
    pub fn dated(date: &Option<Date>, is: DateIs) -> Self {
        let Some(date) = date else {
            return Self::Empty;
        };
        match is.label() {
            word if word.is_empty() => Self::On(*date),
            word => Self::sentence([Self::Text(format!("{word} ")), Self::On(*date)]),
        }
    }

    /// Several values in one cell.
    pub fn list(cells: impl IntoIterator<Item = Self>) -> Self {
        let cells: Vec<Self> = cells.into_iter().collect();
        if cells.is_empty() {
            Self::Empty
        } else {
            Self::List(cells)
        }
    }

    /// The same, with its amounts in a currency.
    pub fn in_currency(self, currency: Currency) -> Self {
        match self {
            Self::Pence(pence) => Self::Money(Pence::computed(pence).in_currency(currency)),
            Self::List(cells) => {
                let cells = cells.into_iter();
                Self::List(cells.map(|cell| cell.in_currency(currency)).collect())
            }
            Self::Sentence { id, parts } => {
                let parts = parts.into_iter();
                let parts = parts.map(|part| part.in_currency(currency)).collect();
                Self::Sentence { id, parts }
            }
            other => other,
        }
    }

    /// An amount, where it is known.
    pub fn known(pence: Option<i64>) -> Self {
        pence.map_or(Self::Empty, Self::Pence)
    }

    /// An amount that may not have been stated, which is not the same as none.
    pub fn stated(pence: Option<i64>) -> Self {
        pence.map_or_else(|| Self::named("", "not stated"), Self::Pence)
    }

    /// An amount that the protocol gives as zero where there is none.
    pub fn amount(pence: i64) -> Self {
        match pence {
            0 => Self::Empty,
            pence => Self::Pence(pence),
        }
    }

    /// Its spelling for people.
    pub fn for_people(&self) -> String {
        self.for_people_with(Pennies::WhereAny)
    }

    /// Its spelling for people, in a column whose amounts are written in one way.
    pub fn for_people_with(&self, pennies: Pennies) -> String {
        let amount = |amount: Pence| match (pennies, amount.to_string()) {
            (Pennies::Always, text) if !text.contains('.') => text + ".00",
            (_, text) => text,
        };
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Label(text) => text.clone(),
            Self::Named { id, name } if name.is_empty() => id.clone(),
            Self::Subject { subject, name } if name.is_empty() => id_of(subject).to_owned(),
            Self::Named { name, .. } | Self::Subject { name, .. } => name.clone(),
            Self::Number(number) => number.to_string(),
            Self::Pence(pence) => amount(Pence::computed(*pence)),
            Self::Money(money) => amount(*money),
            Self::Ppm(ppm) => format!("{:.2}", Ppm::computed(*ppm)),
            Self::SignedPpm(ppm) => {
                let hundredths = (ppm.unsigned_abs() + 50) / 100;
                let sign = if *ppm < 0 && hundredths > 0 { "-" } else { "" };
                format!("{sign}{}.{:02}%", hundredths / 100, hundredths % 100)
            }
            Self::On(date) => dates::date(date),
            Self::At(instant) => dates::local_instant(instant),
            Self::Yes(yes) => if *yes { "yes" } else { "" }.to_owned(),
            Self::Sentence { parts, .. } => {
                let parts = parts.iter();
                parts.map(|part| part.for_people_with(pennies)).collect()
            }
            Self::List(cells) => {
                let texts = cells.iter().map(|cell| cell.for_people_with(pennies));
                let texts: Vec<_> = texts.collect();
                texts.join("; ")
            }
        }
    }

    /// Its spelling for programs.
    pub fn for_programs(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Label(label) => label.to_lowercase(),
            Self::Named { id, .. } => id.clone(),
            Self::Subject { subject, .. } => id_of(subject).to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Pence(pence) => Pence::computed(*pence).decimal(),
            Self::Money(amount) => amount.decimal(),
            Self::Ppm(ppm) => Ppm::computed(*ppm).decimal(),
            Self::SignedPpm(ppm) => {
                let size = ppm.unsigned_abs();
                let text = format!("{}.{:04}", size / 10_000, size % 10_000);
                let text = text.trim_end_matches('0').trim_end_matches('.');
                let sign = if *ppm < 0 { "-" } else { "" };
                format!("{sign}{text}")
            }
            Self::On(date) => dates::date(date),
            Self::At(instant) => dates::utc_instant(instant),
            Self::Yes(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Self::Sentence { id: Some(id), .. } => id.clone(),
            Self::Sentence { id: None, .. } => self.for_people(),
            Self::List(cells) => {
                let texts: Vec<_> = cells.iter().map(Self::for_programs).collect();
                texts.join("; ")
            }
        }
    }

    /// An amount, with how exactly it is known: `about £3`.
    pub fn known_amount(pence: i64, amount_is: AmountIs) -> Self {
        match amount_is {
            AmountIs::Unspecified => Self::Pence(pence),
            AmountIs::NotGiven => Self::named("", "not given"),
            AmountIs::About | AmountIs::AtLeast | AmountIs::AtMost => {
                let amount = Self::Pence(pence);
                let how = format!("{} ", amount_is.label());
                let id = amount.for_programs();
                Self::sentence([how.into(), amount]).with_id(id)
            }
        }
    }

    /// How amounts beside it are written.
    pub fn pennies(&self) -> Pennies {
        let has_pence = match self {
            Self::Pence(pence) => pence % 100 != 0,
            Self::Money(amount) => amount.get() % 100 != 0,
            Self::List(cells) | Self::Sentence { parts: cells, .. } => {
                let mut cells = cells.iter();
                cells.any(|cell| cell.pennies() == Pennies::Always)
            }
            _ => false,
        };
        if has_pence {
            Pennies::Always
        } else {
            Pennies::WhereAny
        }
    }

    /// Whether it is a figure, which tables align on the right.
    pub fn is_figure(&self) -> bool {
        matches!(
            self,
            Self::Number(_) | Self::Pence(_) | Self::Money(_) | Self::Ppm(_) | Self::SignedPpm(_)
        )
    }

    /// Whether it would be misread if it were broken over two lines.
    pub fn is_unbreakable(&self) -> bool {
        self.is_figure() || matches!(self, Self::On(_))
    }
}

/// The id in the name of a subject.
fn id_of(subject: &str) -> &str {
    subject.split_once('/').map_or(subject, |(_, id)| id)
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

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_wire::proto::{ActorRef, BodyRef};
    use minutebook_wire::proto::{BodyKind, InstrumentKind};

    #[test]
    fn figures_have_a_spelling_for_people_and_one_for_programs() {
        for (cell, people, programs) in [
            (Cell::Pence(612_932_800), "£6,129,328", "6129328.00"),
            (Cell::Pence(-5), "-£0.05", "-0.05"),
            (Cell::Ppm(273_049), "27.30%", "27.3049"),
            (Cell::Ppm(0), "0.00%", "0"),
            (Cell::SignedPpm(-7_149), "-0.71%", "-0.7149"),
            (Cell::SignedPpm(1_012_500), "101.25%", "101.25"),
            (Cell::SignedPpm(-49), "0.00%", "-0.0049"),
            (Cell::Yes(false), "", "no"),
            (
                Cell::label(InstrumentKind::Section22aAgreement),
                "section 22A agreement",
                "section 22a agreement",
            ),
        ] {
            assert_eq!(cell.for_people(), people);
            assert_eq!(cell.for_programs(), programs);
        }
        assert_eq!(Cell::label(BodyKind::Unspecified), Cell::Empty);
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
