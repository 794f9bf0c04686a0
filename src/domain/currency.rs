//! The currency of amounts: pounds sterling, or another that a subject keeps its money in.

use std::fmt;

/// A currency of ISO 4217 that is in use and has hundredths.
///
/// # Examples
///
/// ```
/// use minutebook_domain::currency::Currency;
///
/// let euro = Currency::from_code("EUR").expect("a currency with hundredths");
/// assert_eq!((euro.to_string(), euro.symbol()), ("EUR".to_owned(), "€".to_owned()));
/// assert!(Currency::from_code("JPY").is_none(), "it has no hundredths");
/// assert_eq!(Currency::default(), Currency::STERLING);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    pub const STERLING: Self = Self(iso_currency::Currency::GBP);

    /// `None` if there is no such code, or if it is no money in use with hundredths.
    pub fn from_code(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(code).and_then(Self::of)
    }

    pub(super) fn from_numeric(numeric: u16) -> Option<Self> {
        iso_currency::Currency::from_numeric(numeric).and_then(Self::of)
    }

    fn of(currency: iso_currency::Currency) -> Option<Self> {
        let is_money =
            !currency.is_fund() && !currency.is_special() && currency.is_superseded().is_none();
        (is_money && currency.exponent() == Some(2)).then_some(Self(currency))
    }

    pub(super) fn numeric(self) -> u16 {
        self.0.numeric()
    }

    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The sign before an amount; the code, with a space, where others use the same sign.
    pub fn symbol(self) -> String {
        match self.0 {
            iso_currency::Currency::GBP => "£".to_owned(),
            iso_currency::Currency::EUR => "€".to_owned(),
            other => format!("{} ", other.code()),
        }
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self::STERLING
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
