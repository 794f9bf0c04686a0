//! `minutebook audit replay`: each entry of a subject, and what it changed.
//!
//! Entries are written as they come. A reader who takes long, as one who pages
//! does, loses nothing: the replay is asked for again from where it was cut off.

use clap::Args;

use super::changes::{lines, wrapped};
use super::subject::resolve_subject;
use crate::cli::cell::{escape_csv_formula, sanitise_for_terminal};
use crate::cli::client::Client;
use crate::cli::dates;
use crate::cli::failure::Failure;
use crate::cli::history::lines::{Lines, recorded_at};
use crate::cli::history::{SubjectParser, Subjects, was_too_slow};
use crate::cli::screen::Screen;
use crate::cli::sheet::csv_error;
use crate::cli::show::Format;
use crate::wire::proto::{Change, Date, Moment, ReplayRequest, ReplayResponse};

/// `audit replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The subject: bodies/…, boards/… or collaborations/…; an id alone is looked
    /// for among all three
    #[arg(value_name = "SUBJECT", value_parser = SubjectParser)]
    subject: Subjects,

    /// The day it speaks of: 2016, 2016-01 or 2016-01-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = dates::parse_date)]
    as_at: Option<Date>,

    /// Up to what had been told by the end of a day (2020-10-01), by an instant
    /// (2020-10-01T09:30:00Z) or at a position (42) [default: all that is recorded]
    #[arg(long, value_name = "DATE|INSTANT|POSITION", value_parser = dates::parse_moment)]
    until: Option<Moment>,

    /// The first position to tell; what went before counts all the same
    #[arg(long, value_name = "POSITION", value_parser = clap::value_parser!(u64).range(1..))]
    from: Option<u64>,

    /// How many entries at most [default: all]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Also what only says again what another line says, such as how many parties
    /// there are
    #[arg(long)]
    all: bool,

    /// With JSON, also the whole state after each entry
    #[arg(long)]
    with_state: bool,

    /// How to write it; json is one object an entry, csv a line a change
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Replays.
pub async fn run(args: &ReplayArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    if args.with_state && args.format != Format::Json {
        return Err(Failure::Usage(
            "A whole state is too large for a table: add --format json, or ask for one with \
             \"audit state\"."
                .to_owned(),
        ));
    }
    let subject = resolve_subject(client, &args.subject).await?;
    let mut request = ReplayRequest {
        subject,
        as_at: args.as_at,
        until: args.until,
        from_position: args.from.unwrap_or(0),
        limit: args.limit.unwrap_or(0),
        with_state: args.with_state,
    };
    let mut steps = client.audit().replay(request.clone()).await?.into_inner();
    let mut printed = Printed {
        format: args.format,
        all: args.all,
        screen,
    };
    // Not before: a question that is refused has no answer to head.
    printed.header(&request)?;
    loop {
        match steps.message().await {
            Ok(Some(step)) => {
                let told = step.told.as_ref().and_then(|told| told.entry.as_ref());
                request.from_position = told.map_or(0, |entry| entry.position) + 1;
                printed.step(&step)?;
                if request.limit == 1 {
                    break;
                }
                request.limit = request.limit.saturating_sub(1);
            }
            Ok(None) => break,
            Err(status) if was_too_slow(&status) => {
                steps = client.audit().replay(request.clone()).await?.into_inner();
            }
            Err(status) => return Err(status.into()),
        }
    }
    printed.screen.flush()
}

/// Steps as they are written.
struct Printed<'a> {
    format: Format,
    all: bool,
    screen: &'a mut Screen,
}

const CSV_COLUMNS: [&str; 13] = [
    "position",
    "recorded_at",
    "effective_on",
    "summary",
    "corrects_position",
    "unchanged",
    "by",
    "path",
    "what",
    "before",
    "after",
    "repeats",
    "corrected_by_position",
];

impl Printed<'_> {
    /// How far a line under an entry is set in.
    const INDENT: usize = 10;

    fn header(&mut self, request: &ReplayRequest) -> Result<(), Failure> {
        match self.format {
            Format::Json => Ok(()),
            Format::Csv => self.csv(CSV_COLUMNS.map(str::to_owned)),
            Format::Table => {
                let day = match &request.as_at {
                    Some(day) => dates::date(day),
                    None => "today".to_owned(),
                };
                let heading = format!("{}, as at {day}, entry by entry", request.subject);
                let heading = self.screen.layout().bold(&heading);
                self.screen.line(&heading)?;
                self.history().header()
            }
        }
    }

    fn history(&mut self) -> Lines<'_> {
        Lines {
            format: self.format,
            screen: self.screen,
        }
    }

    fn step(&mut self, step: &ReplayResponse) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.screen.message_line(step),
            Format::Csv => self.rows(step),
            Format::Table => self.in_words(step),
        }
    }

    fn in_words(&mut self, step: &ReplayResponse) -> Result<(), Failure> {
        if !step.meanwhile.is_empty() {
            self.said("Meanwhile, by entries of other subjects:")?;
            self.changes(&step.meanwhile, Self::INDENT + 2)?;
        }
        if let Some(told) = &step.told {
            self.history().entry(told)?;
        }
        if let Some(corrects) = &step.corrects {
            let (position, summary) = (corrects.position, sanitise_for_terminal(&corrects.summary));
            self.said(&format!("Corrects entry {position}: {summary}"))?;
        }
        if !step.unchanged.is_empty() {
            self.said(&format!(
                "Changed nothing: {}.",
                sanitise_for_terminal(&step.unchanged)
            ))?;
        }
        self.changes(&step.changes, Self::INDENT)
    }

    fn said(&mut self, sentence: &str) -> Result<(), Failure> {
        let width = self.screen.layout().width;
        self.write(wrapped(sentence, Self::INDENT, width.into()))
    }

    fn changes(&mut self, changes: &[Change], indent: usize) -> Result<(), Failure> {
        let width = self.screen.layout().width;
        self.write(lines(changes, self.all, indent, width.into()))
    }

    fn write(&mut self, lines: Vec<String>) -> Result<(), Failure> {
        for line in lines {
            self.screen.text(&line)?;
            self.screen.text("\n")?;
        }
        Ok(())
    }

    /// A line for each change; one for an entry that changed nothing.
    fn rows(&mut self, step: &ReplayResponse) -> Result<(), Failure> {
        let nothing = [Change::default()];
        let changes = match step.changes.as_slice() {
            [] => &nothing,
            changes => changes,
        };
        let meanwhile = step.meanwhile.iter().map(|change| ("others", change));
        let own = changes.iter().map(|change| ("entry", change));
        for (by, change) in meanwhile.chain(own) {
            self.csv(row(step, by, change))?;
        }
        Ok(())
    }

    fn csv(&mut self, cells: [String; 13]) -> Result<(), Failure> {
        let mut csv = csv::Writer::from_writer(self.screen.sink());
        csv.write_record(cells.map(escape_csv_formula))
            .map_err(csv_error)?;
        csv.flush()?;
        Ok(())
    }
}

fn row(step: &ReplayResponse, by: &str, change: &Change) -> [String; 13] {
    let told = step.told.clone().unwrap_or_default();
    let entry = told.entry.unwrap_or_default();
    let event = entry.event.clone().unwrap_or_default();
    let position = |position: u64| match position {
        0 => String::new(),
        position => position.to_string(),
    };
    let yes_or_no = if change.repeats { "yes" } else { "no" };
    [
        entry.position.to_string(),
        recorded_at(&entry).for_programs(),
        event
            .effective_on
            .as_ref()
            .map_or_else(String::new, dates::date),
        told.summary,
        position(step.corrects.as_ref().map_or(0, |it| it.position)),
        step.unchanged.clone(),
        by.to_owned(),
        change.path.clone(),
        change.what.clone(),
        change.before.clone(),
        change.after.clone(),
        if change.path.is_empty() {
            ""
        } else {
            yes_or_no
        }
        .to_owned(),
        position(told.corrected_by_position),
    ]
}
