//! `minutebook audit who`: who recorded, voted, signed, and read the log.

use std::path::PathBuf;

use clap::Args;
use jiff::civil;

use super::subject::resolve_subject;
use crate::client::Client;
use crate::dates::DayRange;
use crate::failure::{Failure, chain};
use crate::format::Format;
use crate::history::{SubjectParser, Subjects};
use crate::screen::Screen;
use crate::sign_in::Server;
use minutebook_grpc::wire::proto::{
    EntryFilter, ListReadingsRequest, LogReading, ReadHistoryRequest, ReadHistoryResponse,
};
use minutebook_present::dates::london_day;
use minutebook_present::reports::who::{Deed, WhoReport};
use minutebook_present::{csv, table};
use minutebook_server::offline;

#[derive(Debug, Args)]
pub struct WhoArgs {
    /// Only entries of this subject: bodies/…, boards/…, collaborations/… or register (the
    /// mandates); an id alone is looked up in the first three [default: all]
    #[arg(long, value_name = "SUBJECT", value_parser = SubjectParser)]
    subject: Option<Subjects>,

    /// Only what was recorded or read on these days, both included:
    /// 2026-04-01..2026-06-30, or 2026..2026-11 [default: ever]
    #[arg(long, value_name = "DATE..DATE", value_parser = crate::dates::parse_range)]
    between: Option<DayRange>,

    /// Ask a store that no server has open, instead of a server
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// How to write the answer [default: table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

pub async fn run(args: WhoArgs, server: &Server, screen: &mut Screen) -> Result<(), Failure> {
    let who = match &args.data {
        Some(data) => from_store(&args, data)?,
        None => from_server(&args, &Client::connect(server).await?).await?,
    };
    match screen.format(args.format) {
        Format::Json => {
            let deeds: Vec<&Deed> = who.deeds().collect();
            screen.json(&deeds)
        }
        Format::Csv => screen.csv(|sink| csv::write(&who.report(), sink)),
        Format::Table => {
            let text = table::render(&who.report(), screen.layout());
            screen.line(&text)
        }
    }
}

impl WhoArgs {
    /// Refuses a subject of which nothing was found: a mistyped one is not an empty one.
    fn check_found(&self, is_found: bool) -> Result<(), Failure> {
        match &self.subject {
            Some(Subjects(ids)) if !is_found => {
                let ids = ids.join(", or of ");
                let why = format!("Nothing is recorded of {ids}: check the id.");
                Err(Failure::Refused(why))
            }
            _ => Ok(()),
        }
    }

    fn is_on_day(&self, day: Option<civil::Date>) -> bool {
        let between = self.between.as_ref();
        between.is_none_or(|between| day.is_some_and(|day| between.has(day)))
    }

    fn wants_entry(&self, told: &ReadHistoryResponse) -> bool {
        let at = told.entry.as_ref().and_then(|entry| entry.recorded_at);
        told.entry.is_some() && self.is_on_day(at.as_ref().and_then(london_date))
    }

    fn wants_reading(&self, reading: &LogReading) -> bool {
        self.is_on_day(reading.first_at.as_ref().and_then(london_date))
    }
}

/// The day of an instant in the register's time zone.
fn london_date(at: &prost_types::Timestamp) -> Option<civil::Date> {
    let day = london_day(at)?;
    let part = |number: i32| i8::try_from(number).ok();
    civil::Date::new(
        i16::try_from(day.year).ok()?,
        part(day.month)?,
        part(day.day)?,
    )
    .ok()
}

async fn from_server(args: &WhoArgs, client: &Client) -> Result<WhoReport, Failure> {
    let subjects = match &args.subject {
        Some(subjects) => vec![resolve_subject(client, subjects).await?],
        None => Vec::new(),
    };
    let mut who = WhoReport::default();
    let grants = EntryFilter {
        subjects: Vec::new(),
        kinds: vec!["mandate_granted".to_owned()],
    };
    history(client, grants, |told| {
        if let Some(entry) = &told.entry {
            who.note_mandate(entry);
        }
    })
    .await?;
    // Before the entries: reading all of them is a reading too.
    let mut request = ListReadingsRequest {
        from_on: args.between.as_ref().map(DayRange::first_day),
        until_on: args.between.as_ref().map(DayRange::last_day),
        page_size: 1_000,
        page_token: String::new(),
    };
    let mut readings = Vec::new();
    loop {
        let page = client.audit().list_readings(request.clone()).await?;
        let page = page.into_inner();
        readings.extend(page.readings);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    let of_subjects = EntryFilter {
        subjects,
        kinds: Vec::new(),
    };
    let mut is_found = args.subject.is_none();
    history(client, of_subjects, |told| {
        is_found = true;
        if args.wants_entry(told) {
            who.add_entry(told);
        }
    })
    .await?;
    args.check_found(is_found)?;
    readings.iter().for_each(|reading| who.add_reading(reading));
    Ok(who)
}

/// Shows every entry that a filter lets through.
async fn history(
    client: &Client,
    filter: EntryFilter,
    mut visit: impl FnMut(&ReadHistoryResponse),
) -> Result<(), Failure> {
    let request = ReadHistoryRequest {
        filter: Some(filter),
        ..ReadHistoryRequest::default()
    };
    let mut stream = client.audit().read_history(request).await?.into_inner();
    while let Some(told) = stream.message().await? {
        visit(&told);
    }
    Ok(())
}

fn from_store(args: &WhoArgs, data: &std::path::Path) -> Result<WhoReport, Failure> {
    let mut who = WhoReport::default();
    let mut is_found = args.subject.is_none();
    let told = offline::told_entries(data, |told| {
        let Some(entry) = &told.entry else {
            return;
        };
        who.note_mandate(entry);
        let subject = entry.event.as_ref().map(|event| &event.subject);
        let is_of = |subjects: &Subjects| subject.is_some_and(|it| subjects.0.contains(it));
        if args.subject.as_ref().is_none_or(is_of) {
            is_found = true;
            if args.wants_entry(told) {
                who.add_entry(told);
            }
        }
    });
    told.map_err(|error| Failure::Broken(chain(&error)))?;
    args.check_found(is_found)?;
    let readings = offline::readings(data).map_err(|error| Failure::Broken(chain(&error)))?;
    let wanted = readings
        .iter()
        .filter(|reading| args.wants_reading(reading));
    wanted.for_each(|reading| who.add_reading(reading));
    Ok(who)
}
