//! The address of a page, and the links from it: each keeps the moment.

use form_urlencoded::Serializer;
use maud::Markup;

use crate::later;
use crate::moment::PageMoment;
use minutebook_wire::proto::{BoardRef, BodyRef, CollaborationRef};

/// The address of a page: path, moment, and what narrows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Address {
    /// Without a suffix: `/collaborations/bch`.
    pub path: String,
    pub moment: PageMoment,
    /// The other parameters, in their order.
    pub others: Vec<(String, String)>,
    /// On a page of the past with everything that is recorded: the last entry that was
    /// recorded by that day. What later entries say is marked. It is in no address.
    pub known_then: Option<u64>,
}

impl Address {
    /// The address itself.
    pub fn href(&self) -> String {
        self.with_suffix("")
    }

    /// The same as another format: `.csv` or `.json`.
    pub fn with_suffix(&self, suffix: &str) -> String {
        written(
            &format!("{}{suffix}", self.path),
            &self.moment,
            &self.others,
        )
    }

    /// The same page at another moment.
    pub fn at(&self, moment: PageMoment) -> Self {
        Self {
            moment,
            ..self.clone()
        }
    }

    /// The same page with another value of a parameter; an empty value takes it away.
    pub fn with(&self, key: &str, value: &str) -> Self {
        let mut address = self.clone();
        address.others.retain(|(name, _)| name != key);
        if !value.is_empty() {
            address.others.push((key.to_owned(), value.to_owned()));
        }
        address
    }

    /// The value of a parameter.
    pub fn parameter(&self, key: &str) -> Option<&str> {
        let mut others = self.others.iter();
        let found = others.find(|(name, _)| name == key);
        found.map(|(_, value)| value.as_str())
    }

    pub fn links(&self) -> Links<'_> {
        Links {
            moment: &self.moment,
            known_then: self.known_then,
        }
    }
}

/// Writes the links of a page.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    moment: &'a PageMoment,
    known_then: Option<u64>,
}

impl Links<'_> {
    /// A path at the moment of the page.
    pub fn to(&self, path: &str) -> String {
        written(path, self.moment, &[])
    }

    /// A path with parameters at the moment of the page.
    pub fn to_with(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let parameters: Vec<_> = parameters.iter().map(owned).collect();
        written(path, self.moment, &parameters)
    }

    /// A subject, such as `bodies/kent-police`.
    pub fn subject(&self, subject: &str) -> String {
        self.to(&format!("/{subject}"))
    }

    pub fn body(&self, body: &BodyRef) -> String {
        self.to(&format!("/bodies/{}", body.body_id))
    }

    pub fn board(&self, board: &BoardRef) -> String {
        self.to(&format!("/boards/{}", board.board_id))
    }

    pub fn collaboration(&self, collaboration: &CollaborationRef) -> String {
        self.to(&format!(
            "/collaborations/{}",
            collaboration.collaboration_id
        ))
    }

    /// An entry is the same at every moment.
    pub fn entry(&self, position: u64) -> String {
        self.to(&format!("/entries/{position}"))
    }

    pub fn proposal(&self, proposal: &str) -> String {
        self.to(&format!("/proposals/{proposal}"))
    }

    /// The mark of a row whose entry was recorded after the day of the page; else nothing.
    /// Where nothing at all had been recorded by then, the bar above says so once.
    pub fn later(&self, position: u64) -> Markup {
        match self.known_then {
            Some(known) if known > 0 && position > known => later::mark(),
            _ => Markup::default(),
        }
    }
}

fn written(path: &str, moment: &PageMoment, others: &[(String, String)]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(others);
    query.extend_pairs(moment.parameters());
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{path}{mark}{query}")
}

#[cfg(test)]
mod tests {
    use minutebook_wire::proto::Date;

    use super::*;

    #[test]
    fn a_link_keeps_the_moment_and_nothing_else() {
        let address = Address {
            path: "/attention".into(),
            moment: PageMoment {
                on: Some(Date {
                    year: 2018,
                    month: 3,
                    day: 0,
                }),
                known: None,
            },
            others: vec![("for".into(), "boards/a&b".into())],
            known_then: None,
        };
        assert_eq!(address.href(), "/attention?for=boards%2Fa%26b&on=2018-03");
        assert_eq!(
            address.with_suffix(".csv"),
            "/attention.csv?for=boards%2Fa%26b&on=2018-03"
        );
        assert_eq!(address.links().subject("bodies/x"), "/bodies/x?on=2018-03");
        assert_eq!(
            address.at(PageMoment::default()).with("for", "").href(),
            "/attention"
        );
    }
}
