//! `minutebook audit diff`: the differences between two moments.

use clap::Args;

use super::subject::resolve_subject;
use crate::client::{Client, PAGE_SIZE, every_page};
use crate::dates;
use crate::failure::Failure;
use crate::format::Format;
use crate::history::{SubjectParser, Subjects};
use crate::screen::Screen;
use minutebook_grpc::wire::proto::{DiffRequest, Moment, as_of::Known, diff_request};
use minutebook_present::answer::LEFT_OUT;
use minutebook_present::reports::diff;
use minutebook_present::{csv, json, table};

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Only these subjects: bodies/…, boards/… or collaborations/…; an id alone is
    /// looked up in all three [default: all]
    #[arg(value_name = "SUBJECT", value_parser = SubjectParser)]
    subjects: Vec<Subjects>,

    /// The earlier moment: the day of a meeting (2020-10-01), an instant
    /// (2020-10-01T09:30:00Z) or a position ('#42'; '#0' is before the first entry)
    #[arg(long, value_name = "DATE|INSTANT|#POSITION", value_parser = dates::parse_moment)]
    from: Moment,

    /// The later moment, likewise [default: now]
    #[arg(long, value_name = "DATE|INSTANT|#POSITION", value_parser = dates::parse_moment)]
    to: Option<Moment>,

    /// For two days: show both as known at this one moment, instead of at the end of
    /// each: the end of a date, an instant or a position ('#42')
    #[arg(long, value_name = "DATE|INSTANT|#POSITION", value_parser = dates::parse_known)]
    as_known_at: Option<Known>,

    /// Also changes that only repeat others, such as the number of parties
    #[arg(long)]
    all: bool,

    /// How to write the answer [default: table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

pub async fn run(args: &DiffArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let mut subjects = Vec::new();
    for subject in &args.subjects {
        subjects.push(resolve_subject(client, subject).await?);
    }
    let request = DiffRequest {
        from: Some(args.from),
        to: args.to,
        known: args.as_known_at.map(|known| match known {
            Known::AsKnownAtPosition(known) => diff_request::Known::AsKnownAtPosition(known),
            Known::AsKnownAt(known) => diff_request::Known::AsKnownAt(known),
        }),
        subjects,
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let answer = every_page(async |page_token| {
        let request = DiffRequest {
            page_token,
            ..request.clone()
        };
        Ok(client.audit().diff(request).await?.into_inner())
    })
    .await?;
    match screen.format(args.format) {
        Format::Json => screen.line(&json::render(&answer)),
        Format::Csv => screen.csv(|sink| csv::write(&diff::report(&answer, args.all), sink)),
        Format::Table => {
            let text = table::render(&diff::report(&answer, args.all), screen.layout());
            screen.text(&text)?;
            if answer.to.as_ref().is_some_and(|to| to.withheld) {
                screen.line(LEFT_OUT)?;
            }
            screen.flush()
        }
    }
}
