//! A line of the record of readings: a JSON object.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Reading, ReadingCaller, ReadingSort};
use minutebook_domain::caller::{Principal, PrincipalKind, Pseudonym};
use minutebook_domain::ids::Position;

#[derive(Serialize, Deserialize)]
struct ReadingLine {
    sort: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reader: Option<ReaderLine>,
    first_at: String,
    last_at: String,
    begun: u64,
    finished: u64,
    from: u64,
    to: u64,
}

#[derive(Serialize, Deserialize)]
struct ReaderLine {
    pseudonym: String,
    principals: Vec<PrincipalLine>,
    mandates: Vec<u64>,
}

#[derive(Serialize, Deserialize)]
struct PrincipalLine {
    issuer: String,
    kind: String,
    value: String,
}

const KINDS: [PrincipalKind; 4] = [
    PrincipalKind::Group,
    PrincipalKind::AppRole,
    PrincipalKind::Client,
    PrincipalKind::Certificate,
];

/// The line of a reading, with its end.
pub fn write(reading: &Reading) -> String {
    let reader = reading.reader.as_ref().map(|reader| ReaderLine {
        pseudonym: reader.pseudonym.to_string(),
        principals: reader.principals.iter().map(principal_line).collect(),
        mandates: reader.mandates.iter().map(|at| at.get()).collect(),
    });
    let line = ReadingLine {
        sort: reading.sort.name().to_owned(),
        reader,
        first_at: reading.first_at.to_string(),
        last_at: reading.last_at.to_string(),
        begun: reading.begun,
        finished: reading.finished,
        from: reading.from.get(),
        to: reading.to.get(),
    };
    // Texts and numbers are always JSON.
    let mut text = serde_json::to_string(&line).unwrap_or_default();
    text.push('\n');
    text
}

fn principal_line(principal: &Principal) -> PrincipalLine {
    PrincipalLine {
        issuer: principal.issuer.to_string(),
        kind: principal.kind.name().to_owned(),
        value: principal.value.to_string(),
    }
}

/// Reads a line; `None` where it is none.
pub fn parse(text: &[u8]) -> Option<Reading> {
    let line: ReadingLine = serde_json::from_slice(text).ok()?;
    let mut sorts = ReadingSort::ALL.into_iter();
    let instant = |text: &str| text.parse::<Timestamp>().ok();
    let reader = match &line.reader {
        Some(reader) => Some(parse_reader(reader)?),
        None => None,
    };
    Some(Reading {
        sort: sorts.find(|sort| sort.name() == line.sort)?,
        reader,
        first_at: instant(&line.first_at)?,
        last_at: instant(&line.last_at)?,
        begun: line.begun,
        finished: line.finished,
        from: Position::new(line.from),
        to: Position::new(line.to),
    })
}

fn parse_reader(line: &ReaderLine) -> Option<ReadingCaller> {
    let principals = line.principals.iter().map(|principal| {
        let kind = KINDS
            .into_iter()
            .find(|kind| kind.name() == principal.kind)?;
        Principal::new(&principal.issuer, kind, &principal.value).ok()
    });
    let mandates = line.mandates.iter().map(|at| Position::new(*at));
    Some(ReadingCaller {
        pseudonym: parse_pseudonym(&line.pseudonym)?,
        principals: principals.collect::<Option<_>>()?,
        mandates: mandates.collect(),
    })
}

/// Reads 32 hexadecimal digits.
pub fn parse_pseudonym(text: &str) -> Option<Pseudonym> {
    let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = u128::from_str_radix(text, 16).ok().filter(|_| is_hex)?;
    Some(Pseudonym(number.to_be_bytes()))
}
