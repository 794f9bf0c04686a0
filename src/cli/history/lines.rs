//! Entries, one a line, as a table of fixed widths, as CSV or as JSON.

use super::snake_case;
use crate::cli::cell::{Cell, escape_csv_formula, sanitise_for_terminal};
use crate::cli::dates;
use crate::cli::failure::Failure;
use crate::cli::screen::Screen;
use crate::cli::sheet::csv_error;
use crate::cli::show::Format;
use crate::wire::json;
use crate::wire::proto::{AcknowledgedBreach, Entry, Event, ReadHistoryResponse, authority::Basis};

/// The name of an event's kind, as the protocol has it: `agreement_signed`.
///
/// It is the one field of the event's JSON form that is not among those every
/// event has, so a kind that is added to the protocol needs nothing here.
fn kind(event: &Event) -> String {
    const EVERY_EVENT_HAS: [&str; 8] = [
        "subject",
        "effectiveOn",
        "decidedOn",
        "actedBy",
        "authority",
        "sources",
        "note",
        "eventId",
    ];
    let serde_json::Value::Object(fields) = json::to_value(event) else {
        return String::new();
    };
    let mut names = fields.keys();
    let name = names.find(|name| !EVERY_EVENT_HAS.contains(&name.as_str()));
    name.map_or_else(String::new, |name| snake_case(name))
}

fn acknowledged_breach(event: &Event) -> Option<&AcknowledgedBreach> {
    match event.authority.as_ref()?.basis.as_ref()? {
        Basis::AcknowledgedBreach(breach) => Some(breach),
        _ => None,
    }
}

/// Entries, one a line.
pub struct Lines<'a> {
    /// How they are written.
    pub format: Format,
    /// Where they are written.
    pub screen: &'a mut Screen,
}

const CSV_COLUMNS: [&str; 15] = [
    "position",
    "revision",
    "recorded_at",
    "recorded_by",
    "request_id",
    "request_index",
    "request_size",
    "subject",
    "kind",
    "effective_on",
    "decided_on",
    "acted_by",
    "breach",
    "corrected_by_position",
    "summary",
];

impl Lines<'_> {
    /// Writes what stands above them.
    pub fn header(&mut self) -> Result<(), Failure> {
        match self.format {
            Format::Json => Ok(()),
            Format::Csv => self.csv(CSV_COLUMNS.map(str::to_owned)),
            Format::Table => {
                let header = row("Position", "Recorded", "Effective", "Subject", "What");
                let header = self.screen.layout().bold(&header);
                self.screen.line(&header)
            }
        }
    }

    /// Writes one.
    pub fn entry(&mut self, answer: &ReadHistoryResponse) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.screen.message_line(answer),
            Format::Csv => self.csv(csv_row(answer)),
            Format::Table => {
                let line = table_row(answer);
                self.screen.text(&line)
            }
        }
    }

    fn csv(&mut self, cells: [String; 15]) -> Result<(), Failure> {
        let mut csv = csv::Writer::from_writer(self.screen.sink());
        csv.write_record(cells.map(escape_csv_formula))
            .map_err(csv_error)?;
        csv.flush()?;
        Ok(())
    }

    /// Sends on what was written.
    pub fn flush(&mut self) -> Result<(), Failure> {
        self.screen.flush()
    }
}

fn row(position: &str, recorded: &str, effective: &str, subject: &str, what: &str) -> String {
    format!("{position:>8}  {recorded:<23}  {effective:<10}  {subject:<36}  {what}")
}

fn table_row(answer: &ReadHistoryResponse) -> String {
    let entry = answer.entry.clone().unwrap_or_default();
    let event = entry.event.clone().unwrap_or_default();
    let mut what = Cell::from(&answer.summary).for_people().replace('\n', " ");
    if what.is_empty() {
        what = kind(&event).replace('_', " ");
    }
    if let Some(breach) = acknowledged_breach(&event) {
        what.push_str(&match breach.proposal_id.as_str() {
            "" => " [acknowledged breach]".to_owned(),
            id => format!(
                " [acknowledged breach, beside proposal {}]",
                sanitise_for_terminal(id)
            ),
        });
    }
    if answer.corrected_by_position > 0 {
        what.push_str(&format!(" [corrected by {}]", answer.corrected_by_position));
    }
    row(
        &entry.position.to_string(),
        &recorded_at(&entry).for_people(),
        &Cell::from(&event.effective_on).for_people(),
        &Cell::from(&event.subject).for_people(),
        &what,
    ) + "\n"
}

fn csv_row(answer: &ReadHistoryResponse) -> [String; 15] {
    let entry = answer.entry.clone().unwrap_or_default();
    let event = entry.event.clone().unwrap_or_default();
    let actor = event.acted_by.clone().unwrap_or_default();
    let acted_by = match (actor.body_id.as_str(), actor.office.as_str()) {
        (body, "") => body.to_owned(),
        ("", office) => office.to_owned(),
        (body, office) => format!("{body} ({office})"),
    };
    let request_id = uuid::Uuid::from_slice(&entry.request_id);
    [
        entry.position.to_string(),
        entry.revision.to_string(),
        recorded_at(&entry).for_programs(),
        entry.recorded_by,
        request_id.map_or_else(|_| String::new(), |id| id.to_string()),
        entry.request_index.to_string(),
        entry.request_size.to_string(),
        event.subject.clone(),
        kind(&event),
        event
            .effective_on
            .as_ref()
            .map_or_else(String::new, dates::date),
        event
            .decided_on
            .as_ref()
            .map_or_else(String::new, dates::date),
        acted_by,
        Cell::Yes(acknowledged_breach(&event).is_some()).for_programs(),
        match answer.corrected_by_position {
            0 => String::new(),
            position => position.to_string(),
        },
        answer.summary.clone(),
    ]
}

/// When an entry was recorded.
pub fn recorded_at(entry: &Entry) -> Cell {
    entry.recorded_at.map_or(Cell::Empty, Cell::At)
}

#[cfg(test)]
mod tests {
    use prost_types::Timestamp;

    use super::*;
    use crate::wire::proto::{AgreementSigned, MouUpdated, event};

    fn answer() -> ReadHistoryResponse {
        ReadHistoryResponse {
            entry: Some(Entry {
                position: 7,
                revision: 2,
                recorded_at: Some(Timestamp {
                    seconds: 1_594_800_000,
                    nanos: 0,
                }),
                recorded_by: "=Clerk".into(),
                request_id: vec![0; 16],
                request_size: 1,
                event: Some(Event {
                    subject: "collaborations/bch".into(),
                    effective_on: dates::parse_date("2015-10").ok(),
                    kind: Some(event::Kind::AgreementSigned(AgreementSigned::default())),
                    ..Default::default()
                }),
                ..Default::default()
            }),
            summary: "A party signs".into(),
            corrected_by_position: 9,
        }
    }

    #[test]
    fn a_kind_is_printed_as_published() {
        assert_eq!(
            kind(&answer().entry.unwrap().event.unwrap()),
            "agreement_signed"
        );
        let mut event = Event {
            subject: "boards/x".into(),
            note: "n".into(),
            event_id: "e".into(),
            effective_on: dates::parse_date("2015").ok(),
            decided_on: dates::parse_date("2015").ok(),
            acted_by: Some(Default::default()),
            authority: Some(Default::default()),
            sources: vec![Default::default()],
            kind: None,
        };
        assert_eq!(kind(&event), "", "what every event has is no kind");
        event.kind = Some(event::Kind::MouUpdated(MouUpdated::default()));
        assert_eq!(kind(&event), "mou_updated");
    }

    #[test]
    fn an_entry_is_one_line() {
        assert_eq!(
            table_row(&answer()),
            "       7  2020-07-15 09:00:00 BST  2015-10     collaborations/bch                    \
             A party signs [corrected by 9]\n"
        );
        let (mut screen, written) = Screen::for_test();
        let mut lines = Lines {
            format: Format::Csv,
            screen: &mut screen,
        };
        lines.entry(&answer()).unwrap();
        lines.flush().unwrap();
        assert_eq!(
            written.text(),
            "7,2,2020-07-15T08:00:00Z,'=Clerk,00000000-0000-0000-0000-000000000000,0,1,\
             collaborations/bch,agreement_signed,2015-10,,,no,9,A party signs\n"
        );
    }
}
