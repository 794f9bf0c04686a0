//! `minutebook audit state`: the whole state of one subject.

use clap::Args;

use super::subject::resolve_subject;
use crate::client::Client;
use crate::dates;
use crate::failure::Failure;
use crate::format::{Format, write};
use crate::history::{SubjectParser, Subjects};
use crate::screen::Screen;
use minutebook_grpc::wire::proto::{AsOf, Date, StateAtRequest, as_of::Known};

#[derive(Debug, Args)]
pub struct StateArgs {
    /// The subject: bodies/…, boards/… or collaborations/…; an id alone is looked up
    /// in all three
    #[arg(value_name = "SUBJECT", value_parser = SubjectParser)]
    subject: Subjects,

    /// As it was in force on this day: 2016, 2016-01 or 2016-01-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = dates::parse_date)]
    as_at: Option<Date>,

    /// As known by then: the end of a date (2020, 2020-10 or 2020-10-01), an instant
    /// (2020-10-01T09:30:00Z) or a position ('#42') [default: everything recorded]
    #[arg(long, value_name = "DATE|INSTANT|#POSITION", value_parser = dates::parse_known)]
    as_known_at: Option<Known>,

    /// How to write the answer [default: table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

pub async fn run(args: &StateArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let request = StateAtRequest {
        as_of: Some(AsOf {
            as_at: args.as_at,
            known: args.as_known_at,
            at_least_position: 0,
        }),
        subject: resolve_subject(client, &args.subject).await?,
    };
    let answer = client.audit().state_at(request).await?.into_inner();
    write(&answer, args.format, screen)
}
