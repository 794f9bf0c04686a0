//! A request for a page: the address of a page, its moment, the format and the caller.

use std::borrow::Cow;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::Web;
use super::format::PageFormat;
use super::posted::FormToken;
use minutebook_domain::caller::Caller;
use minutebook_domain::date::{day_of, end_of};
use minutebook_grpc::browsing::Browsing;
use minutebook_grpc::register::RegisterHandler;
use minutebook_grpc::register::beside::{HeldMeeting, ReadableNames};
use minutebook_grpc::wire::proto::{Date, WhoAmIResponse};
use minutebook_grpc::wire::reply;
use minutebook_page::address::Address;
use minutebook_page::dates::read_date;
use minutebook_page::moment::KnownAt;
use minutebook_page::session::Visitor;
use minutebook_page::time_travel::{KnownPast, MeetingDay};

/// A request for a page. One that cannot be read is answered by the page that says why.
#[derive(Debug, Clone)]
pub struct PageAsked {
    pub address: Address,
    pub format: PageFormat,
    pub caller: Caller,
    /// The answer to "who am I" of a known caller who reads a page.
    pub who: Option<WhoAmIResponse>,
    pub visitor: Visitor,
    /// The token that each form of the reader's session carries; empty without a session.
    pub csrf: String,
    /// The parts of the address that cannot be read, a sentence each.
    pub faults: Vec<String>,
    /// Whether the address was written by the form of another moment, and has a shorter
    /// spelling.
    pub is_of_form: bool,
    /// For the control of other days.
    pub past: KnownPast,
    /// The names by which a refusal calls subjects; nothing where the caller may read nothing.
    pub names: Option<ReadableNames>,
}

/// The address as it was asked for, before its suffix was taken away.
#[derive(Debug, Clone)]
pub struct AskedFormat(pub PageFormat);

impl FromRequestParts<Arc<Web>> for PageAsked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Infallible> {
        let caller: Option<Caller> = parts.extensions.get().cloned();
        let format = parts.extensions.get::<AskedFormat>();
        let format = format.map_or(PageFormat::Html, |AskedFormat(format)| *format);
        let query = parts.uri.query().unwrap_or_default();
        let token = parts.extensions.get::<FormToken>();
        let token = token.map(|FormToken(token)| token.clone());
        let is_signing_in = parts.extensions.get() == Some(&Browsing::SignsIn);
        let caller = caller.unwrap_or_default();
        let mut asked = Self::read(parts.uri.path(), query, format, caller);
        if format == PageFormat::Html {
            if matches!(asked.caller, Caller::Known(_)) {
                asked.who = web.who(&asked.caller).await;
            }
            if !is_signing_in {
                asked.visitor = web.visitor(&asked.caller, asked.who.as_ref(), token.clone());
            }
            Box::pin(asked.look_up(&web.register)).await;
        }
        asked.csrf = token.unwrap_or_default();
        Ok(asked)
    }
}

impl PageAsked {
    fn read(path: &str, query: &str, format: PageFormat, caller: Caller) -> Self {
        let mut asked = Self {
            address: Address {
                path: path.to_owned(),
                ..Address::default()
            },
            format,
            caller,
            who: None,
            visitor: Visitor::default(),
            csrf: String::new(),
            faults: Vec::new(),
            is_of_form: false,
            past: KnownPast::default(),
            names: None,
        };
        let (mut known, mut by) = (None, None);
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match (key.as_ref(), value) {
                (_, "") => asked.is_of_form |= key == "on" || key == "known",
                ("on", value) => asked.address.moment.on = asked.on(value),
                ("known", value) => known = Some(value.to_owned()),
                ("by", value) => by = Some(value.to_owned()),
                (key, value) => {
                    let parameter = (key.to_owned(), value.to_owned());
                    asked.address.others.push(parameter);
                }
            }
        }
        asked.is_of_form |= by.is_some();
        let known = match (by.as_deref(), known) {
            (Some("all"), _) => None,
            (Some("day"), _) => asked
                .address
                .moment
                .on
                .as_ref()
                .map(minutebook_page::moment::iso),
            (_, known) => known,
        };
        asked.address.moment.known = known.and_then(|text| asked.known(&text));
        asked
    }

    /// Looks up what every page shows. A caller who may read nothing is refused by the
    /// question of the page, which says why.
    async fn look_up(&mut self, register: &RegisterHandler) {
        self.names = register.names(&self.caller).await.ok();
        if self.names.is_none() {
            return;
        }
        let first = register.first_recorded(&self.caller).await;
        let meetings = register.latest_meetings(&self.caller).await;
        let named = |(board, on): &HeldMeeting| MeetingDay {
            board_name: board.name.clone(),
            on: reply::day(*on),
        };
        self.past = KnownPast {
            tail: register.tail().get(),
            first_on: first.ok().flatten().map(|at| reply::day(day_of(at))),
            meetings: meetings
                .iter()
                .flat_map(|all| all.iter().map(named))
                .collect(),
        };
        self.address.known_then = self.known_then(register).await;
    }

    /// The last entry that was recorded by the end of the day of the page, on a past day with
    /// everything that is recorded.
    async fn known_then(&self, register: &RegisterHandler) -> Option<u64> {
        let then = self.address.moment.as_then()?;
        if self.address.moment.known.is_some() {
            return None;
        }
        let day = then.known?.day().filter(|day| *day < register.today())?;
        register.last_by(end_of(day)).await.ok()
    }

    fn on(&mut self, text: &str) -> Option<Date> {
        let read = read_date(text);
        match read {
            Ok(date) => Some(reply::date(date)),
            Err(sentence) => {
                self.faults.push(sentence);
                None
            }
        }
    }

    fn known(&mut self, text: &str) -> Option<KnownAt> {
        match known(text) {
            Ok(known) => Some(known),
            Err(sentence) => {
                self.faults.push(sentence);
                None
            }
        }
    }

    /// Whether a parameter is there, as that of a ticked box is.
    pub fn has(&self, key: &str) -> bool {
        self.address.parameter(key).is_some()
    }

    /// The value of a parameter; empty where it is not there.
    pub fn text(&self, key: &str) -> Cow<'_, str> {
        self.address.parameter(key).unwrap_or_default().into()
    }
}

/// Reads `306`, `#306` or `entry 306` as a position, and anything else as a day, which
/// counts to its end in London.
fn known(text: &str) -> Result<KnownAt, String> {
    let lower = text.to_lowercase();
    let number = lower.strip_prefix("entry ").unwrap_or(&lower);
    let number = number.strip_prefix('#').unwrap_or(number).trim();
    // Four digits alone are a year only where nobody wrote "entry" or "#".
    let is_year = number.len() == 4 && number == lower;
    if let (Ok(position), false) = (number.parse::<u64>(), is_year) {
        return Ok(KnownAt::entry(position));
    }
    Ok(KnownAt::end_of(read_date(text)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> PageAsked {
        PageAsked::read("/bodies", query, PageFormat::Html, Caller::default())
    }

    #[test]
    fn a_form_is_read_into_the_shortest_address() {
        for (query, href) in [
            ("", "/bodies"),
            ("on=&by=all&known=", "/bodies"),
            ("on=31+12+2024&by=all&known=7", "/bodies?on=2024-12-31"),
            ("on=2024&by=day", "/bodies?on=2024&known=2024"),
            ("by=other&known=entry+53", "/bodies?known=53"),
            ("known=%231234", "/bodies?known=%231234"),
            ("known=16+January+2018", "/bodies?known=2018-01-16"),
            ("all=1&on=2016", "/bodies?all=1&on=2016"),
        ] {
            assert_eq!(asked(query).address.href(), href, "{query}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let asked = asked("on=yesterday&known=x");
        assert_eq!(asked.faults.len(), 2);
        assert!(asked.faults[0].contains("\"yesterday\""), "{asked:?}");
        assert!(asked.address.moment.is_now());
    }
}
