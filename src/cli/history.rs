//! `minutebook history`: the entries of the log, as they were told.
//!
//! A log can be longer than memory and, followed, has no end. So entries are
//! written as they come, one a line, and nothing is kept: the table is aligned by
//! fixed widths, not by what is in it.

use clap::Args;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::cell::{Cell, defused};
use super::client::Client;
use super::dates;
use super::failure::Failure;
use super::id;
use super::patience::Patience;
use super::screen::Screen;
use super::sheet::csv_error;
use super::show::Format;
use crate::wire::proto::{
    Entry, EntryFilter, Event, ReadDirection, ReadHistoryRequest, ReadHistoryResponse,
    SubscribeRequest, authority::Basis, subscribe_response::Message,
};

/// `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Only of this subject: bodies/…, boards/… or collaborations/…; an id alone
    /// is looked for among all three [default: all]
    #[arg(value_name = "SUBJECT", value_parser = SubjectParser)]
    subject: Option<Subjects>,

    /// Go on with entries as they are recorded, until Ctrl-C
    #[arg(long, conflicts_with_all = ["backward", "to"])]
    follow: bool,

    /// From the last entry to the first
    #[arg(long)]
    backward: bool,

    /// The first position to read [default: the first; backward, the last]
    #[arg(long, value_name = "POSITION", value_parser = clap::value_parser!(u64).range(1..))]
    from: Option<u64>,

    /// The last position to read [default: to the end]
    #[arg(long, value_name = "POSITION", value_parser = clap::value_parser!(u64).range(1..))]
    to: Option<u64>,

    /// How many entries at most [default: all]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Only of this kind, such as agreement_signed or AgreementSigned; may be
    /// given several times
    #[arg(long = "kind", value_name = "KIND", value_parser = parse_kind)]
    kinds: Vec<String>,

    /// How to write the entries; json is one object a line
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// What a subject on the command line can mean.
#[derive(Debug, Clone)]
struct Subjects(Vec<String>);

#[derive(Clone)]
struct SubjectParser;

impl clap::builder::TypedValueParser for SubjectParser {
    type Value = Subjects;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Subjects, clap::Error> {
        let parse = |text: &str| id::possible_subjects(text).map(Subjects);
        clap::builder::TypedValueParser::parse_ref(&parse, command, argument, value)
    }
}

/// Reads `agreement_signed`, `agreement-signed` or `AgreementSigned`.
fn parse_kind(text: &str) -> Result<String, std::convert::Infallible> {
    Ok(snake_case(text))
}

fn snake_case(text: &str) -> String {
    let mut snake = String::new();
    for c in text.chars() {
        match c {
            '-' => snake.push('_'),
            c if c.is_ascii_uppercase() => {
                if !snake.is_empty() {
                    snake.push('_');
                }
                snake.push(c.to_ascii_lowercase());
            }
            c => snake.push(c),
        }
    }
    snake
}

/// Reads the history, or follows it.
pub async fn run(args: &HistoryArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let subjects = args.subject.as_ref().map(|it| it.0.clone());
    let filter = Some(EntryFilter {
        subjects: subjects.unwrap_or_default(),
        kinds: args.kinds.clone(),
    });
    let mut lines = Lines {
        format: args.format,
        screen,
    };
    lines.header()?;
    if args.follow {
        return follow(args, filter, client, &mut lines).await;
    }
    let direction = if args.backward {
        ReadDirection::Backward
    } else {
        ReadDirection::Forward
    };
    let mut history = client
        .audit()
        .read_history(ReadHistoryRequest {
            filter,
            direction: direction.into(),
            from_position: args.from.unwrap_or(0),
            to_position: args.to.unwrap_or(0),
            limit: args.limit.unwrap_or(0),
        })
        .await?
        .into_inner();
    while let Some(answer) = history.message().await? {
        lines.entry(&answer)?;
    }
    lines.flush()
}

/// Follows the log, and finds its place again when the connection breaks, the
/// server restarts, or it was too slow.
async fn follow(
    args: &HistoryArgs,
    filter: Option<EntryFilter>,
    client: &Client,
    lines: &mut Lines<'_>,
) -> Result<(), Failure> {
    let mut after_position = args.from.map_or(0, |from| from - 1);
    let mut left = args.limit.unwrap_or(u64::MAX);
    let mut attempts = 0;
    loop {
        let request = SubscribeRequest {
            filter: filter.clone(),
            after_position,
        };
        let status = match client.audit().subscribe(request).await {
            Err(status) => status,
            Ok(stream) => {
                let mut stream = stream.into_inner();
                loop {
                    let answer = match stream.message().await {
                        Ok(Some(answer)) => answer,
                        Ok(None) => break Status::unavailable("The server ended the history."),
                        Err(status) => break status,
                    };
                    attempts = 0;
                    match answer.message {
                        Some(Message::Entry(answer)) => {
                            after_position = position(&answer).max(after_position);
                            lines.entry(&answer)?;
                            lines.flush()?;
                            left -= 1;
                            if left == 0 {
                                return Ok(());
                            }
                        }
                        Some(Message::CaughtUpToPosition(position)) => {
                            after_position = position.max(after_position);
                        }
                        None => {}
                    }
                }
            }
        };
        attempts += 1;
        let Some(wait) = Patience::default().wait(attempts, &status) else {
            return Err(status.into());
        };
        if !was_too_slow(&status) {
            eprintln!("The connection broke; going on after position {after_position}.");
        }
        tokio::time::sleep(wait).await;
    }
}

fn was_too_slow(status: &Status) -> bool {
    status.code() == Code::ResourceExhausted
        && status
            .get_details_error_info()
            .is_some_and(|info| info.reason == "SUBSCRIBER_TOO_SLOW")
}

fn position(answer: &ReadHistoryResponse) -> u64 {
    answer.entry.as_ref().map_or(0, |entry| entry.position)
}

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
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(event) else {
        return String::new();
    };
    let mut names = fields.keys();
    let name = names.find(|name| !EVERY_EVENT_HAS.contains(&name.as_str()));
    name.map_or_else(String::new, |name| snake_case(name))
}

fn acknowledges_breach(event: &Event) -> bool {
    let basis = event.authority.as_ref().and_then(|it| it.basis.as_ref());
    matches!(basis, Some(Basis::AcknowledgedBreach(_)))
}

/// Entries, one a line.
struct Lines<'a> {
    format: Format,
    screen: &'a mut Screen,
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
    fn header(&mut self) -> Result<(), Failure> {
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

    fn entry(&mut self, answer: &ReadHistoryResponse) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.screen.json_line(answer),
            Format::Csv => self.csv(csv_row(answer)),
            Format::Table => {
                let line = table_row(answer);
                self.screen.text(&line)
            }
        }
    }

    fn csv(&mut self, cells: [String; 15]) -> Result<(), Failure> {
        let mut csv = csv::Writer::from_writer(self.screen.sink());
        csv.write_record(cells.map(defused)).map_err(csv_error)?;
        csv.flush()?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
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
    if acknowledges_breach(&event) {
        what.push_str(" [acknowledged breach]");
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
        Cell::Yes(acknowledges_breach(&event)).for_programs(),
        match answer.corrected_by_position {
            0 => String::new(),
            position => position.to_string(),
        },
        answer.summary.clone(),
    ]
}

fn recorded_at(entry: &Entry) -> Cell {
    entry.recorded_at.map_or(Cell::Empty, Cell::At)
}

#[cfg(test)]
mod tests {
    use pbjson_types::Timestamp;

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
    fn a_kind_is_read_however_it_is_written_and_printed_as_published() {
        for text in ["agreement_signed", "agreement-signed", "AgreementSigned"] {
            assert_eq!(parse_kind(text).unwrap(), "agreement_signed");
        }
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
