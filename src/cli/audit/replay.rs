//! `minutebook audit replay`: each entry of a subject, and the changes it made.
//!
//! Entries are written as they come. A slow reader, such as a pager, loses nothing: the
//! replay is requested again from where it was cut off. So is a long one, which takes more
//! work than a server does for one call.

use clap::Args;

use super::subject::resolve_subject;
use crate::client::Client;
use crate::dates;
use crate::failure::Failure;
use crate::format::Format;
use crate::history::lines::Lines;
use crate::history::{SubjectParser, Subjects, was_paused, was_too_slow};
use crate::screen::Screen;
use minutebook_grpc::wire::proto::{Date, Moment, ReplayRequest, ReplayResponse};
use minutebook_present::outline::Line;
use minutebook_present::reports::replay;
use minutebook_present::{csv, json, table};

#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The subject: bodies/…, boards/… or collaborations/…; an id alone is looked up
    /// in all three
    #[arg(value_name = "SUBJECT", value_parser = SubjectParser)]
    subject: Subjects,

    /// The day that the answers are for: 2016, 2016-01 or 2016-01-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = dates::parse_date)]
    as_at: Option<Date>,

    /// Only entries recorded by the end of a day (2020-10-01), by an instant
    /// (2020-10-01T09:30:00Z) or up to a position ('#42') [default: all]
    #[arg(long, value_name = "DATE|INSTANT|#POSITION", value_parser = dates::parse_moment)]
    until: Option<Moment>,

    /// The first position to print; earlier entries still count
    #[arg(long, value_name = "POSITION", value_parser = dates::parse_position)]
    from: Option<u64>,

    /// How many entries at most [default: all]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Also changes that only repeat others, such as the number of parties
    #[arg(long)]
    all: bool,

    /// With JSON, also the whole state after each entry
    #[arg(long)]
    with_state: bool,

    /// How to write it: json is one object an entry, csv one line a change [default: table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

pub async fn run(args: &ReplayArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let format = screen.format(args.format);
    if args.with_state && format != Format::Json {
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
    let mut writer = StepWriter {
        format,
        all: args.all,
        screen,
    };
    // Only now: a refused request has no answer to put a heading above.
    writer.header(&request)?;
    loop {
        match steps.message().await {
            Ok(Some(step)) => {
                let entry = step.told.as_ref().and_then(|told| told.entry.as_ref());
                request.from_position = entry.map_or(0, |entry| entry.position) + 1;
                writer.step(&step)?;
                if request.limit == 1 {
                    break;
                }
                request.limit = request.limit.saturating_sub(1);
            }
            Ok(None) => break,
            Err(status) if was_too_slow(&status) || was_paused(&status) => {
                steps = client.audit().replay(request.clone()).await?.into_inner();
            }
            Err(status) => return Err(status.into()),
        }
    }
    writer.screen.flush()
}

/// Writes steps as they come.
struct StepWriter<'a> {
    format: Format,
    all: bool,
    screen: &'a mut Screen,
}

impl StepWriter<'_> {
    fn header(&mut self, request: &ReplayRequest) -> Result<(), Failure> {
        match self.format {
            Format::Json => Ok(()),
            Format::Csv => self
                .screen
                .csv(|sink| csv::write_header(&replay::sheet(), sink)),
            Format::Table => {
                self.lines(&[replay::heading(request)])?;
                self.entry_lines().header()
            }
        }
    }

    fn entry_lines(&mut self) -> Lines<'_> {
        Lines {
            format: self.format,
            screen: self.screen,
        }
    }

    fn step(&mut self, step: &ReplayResponse) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.screen.line(&json::render_line(step)),
            Format::Csv => self
                .screen
                .csv(|sink| csv::write_rows(&replay::rows(step), sink)),
            Format::Table => {
                self.lines(&replay::lines_before(step, self.all))?;
                if let Some(entry) = &step.told {
                    self.entry_lines().entry(entry)?;
                }
                self.lines(&replay::lines_after(step, self.all))
            }
        }
    }

    fn lines(&mut self, lines: &[Line]) -> Result<(), Failure> {
        let text = table::render_lines(lines, self.screen.layout());
        self.screen.text(&text)
    }
}
