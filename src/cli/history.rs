//! `minutebook history`: the entries of the log, as they were recorded.
//!
//! A log can be longer than memory and, when followed, has no end. So entries are
//! written as they come, one a line, and none is kept: the table has fixed widths.

pub mod lines;

use clap::Args;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use self::lines::Lines;
use super::client::Client;
use super::dates;
use super::failure::Failure;
use super::format::Format;
use super::id;
use super::retry::{RetryPolicy, announce_and_wait};
use super::screen::Screen;
use minutebook_grpc::wire::proto::{
    EntryFilter, ReadDirection, ReadHistoryRequest, ReadHistoryResponse, SubscribeRequest,
    subscribe_response::Message,
};
use minutebook_present::reports::history::snake_case;

#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Only entries of this subject: bodies/…, boards/…, collaborations/… or register (the
    /// mandates); an id alone is looked up in the first three [default: all]
    #[arg(value_name = "SUBJECT", value_parser = SubjectParser)]
    subject: Option<Subjects>,

    /// Continue with new entries as they are recorded, until Ctrl-C
    #[arg(long, conflicts_with_all = ["backward", "to"])]
    follow: bool,

    /// From the last entry to the first
    #[arg(long)]
    backward: bool,

    /// The first position to read [default: the first; backward, the last]
    #[arg(long, value_name = "POSITION", value_parser = dates::parse_position)]
    from: Option<u64>,

    /// The last position to read [default: to the end]
    #[arg(long, value_name = "POSITION", value_parser = dates::parse_position)]
    to: Option<u64>,

    /// The largest number of entries [default: all]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Only entries of this kind, such as agreement_signed or AgreementSigned; may be
    /// given several times
    #[arg(long = "kind", value_name = "KIND", value_parser = parse_kind)]
    kinds: Vec<String>,

    /// How to write the entries; json is one object a line [default: table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// The subjects that an argument can mean.
#[derive(Debug, Clone)]
pub struct Subjects(pub Vec<String>);

/// Reads a subject; an id alone may be any of the three.
#[derive(Clone)]
pub struct SubjectParser;

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

/// Reads the history, or follows it.
pub async fn run(args: &HistoryArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let subjects = args.subject.as_ref().map(|subjects| subjects.0.clone());
    let filter = Some(EntryFilter {
        subjects: subjects.unwrap_or_default(),
        kinds: args.kinds.clone(),
    });
    let mut lines = Lines {
        format: screen.format(args.format),
        screen,
    };
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
    let mut next = history.message().await?;
    let is_narrowed = !args.kinds.is_empty() || args.from.is_some() || args.to.is_some();
    // A mistyped subject is not an empty history.
    if let Some(subjects) = args.subject.as_ref().filter(|_| !is_narrowed)
        && next.is_none()
    {
        return Err(Failure::Refused(format!(
            "Nothing is recorded of {}, or nothing that you may read: check the id.",
            subjects.0.join(", or of ")
        )));
    }
    // Only now: a refused request has no answer to put a heading above.
    lines.header()?;
    while let Some(answer) = next {
        lines.entry(&answer)?;
        next = history.message().await?;
    }
    lines.flush()
}

/// Follows the log, and resumes when the connection breaks, the server restarts, or this
/// reader was too slow.
async fn follow(
    args: &HistoryArgs,
    filter: Option<EntryFilter>,
    client: &Client,
    lines: &mut Lines<'_>,
) -> Result<(), Failure> {
    let mut after_position = args.from.map_or(0, |from| from - 1);
    let mut left = args.limit.unwrap_or(u64::MAX);
    let mut attempts = 0;
    let mut has_begun = false;
    // Of the log up to `after_position`: another server, or a restored one, may answer
    // after a break.
    let mut log_fingerprint = Vec::new();
    loop {
        let request = SubscribeRequest {
            filter: filter.clone(),
            after_position,
            log_fingerprint: log_fingerprint.clone(),
        };
        let status = match client.audit().subscribe(request).await {
            Err(status) => status,
            Ok(stream) => {
                let mut stream = stream.into_inner();
                if !has_begun {
                    lines.header()?;
                    has_begun = true;
                }
                loop {
                    let answer = match stream.message().await {
                        Ok(Some(answer)) => answer,
                        Ok(None) => break Status::unavailable("The server ended the history."),
                        Err(status) => break status,
                    };
                    attempts = 0;
                    let fingerprint = answer.log_fingerprint;
                    match answer.message {
                        Some(Message::Entry(answer)) => {
                            after_position = position(&answer).max(after_position);
                            log_fingerprint = fingerprint;
                            lines.entry(&answer)?;
                            lines.flush()?;
                            left -= 1;
                            if left == 0 {
                                return Ok(());
                            }
                        }
                        Some(Message::CaughtUpToPosition(position)) => {
                            after_position = position.max(after_position);
                            log_fingerprint = fingerprint;
                        }
                        None => {}
                    }
                }
            }
        };
        attempts += 1;
        let Some(wait) = RetryPolicy::default().wait(attempts, &status) else {
            return Err(status.into());
        };
        // A reader that was too slow resumes where it was; nothing is wrong.
        if !was_too_slow(&status) {
            eprintln!("The history broke off; going on after position {after_position}.");
        }
        announce_and_wait(wait, &status).await;
    }
}

/// Whether a server cut a stream off because it was not read fast enough.
pub fn was_too_slow(status: &Status) -> bool {
    status.code() == Code::ResourceExhausted
        && status
            .get_details_error_info()
            .is_some_and(|info| info.reason == "SUBSCRIBER_TOO_SLOW")
}

/// Whether a server paused a replay because one call may do only so much work. It can go
/// on after the entries that were received.
pub fn was_paused(status: &Status) -> bool {
    let info = status.get_details_error_info();
    info.is_some_and(|info| {
        info.reason == "TOO_COSTLY" && info.metadata.contains_key("next_position")
    })
}

fn position(answer: &ReadHistoryResponse) -> u64 {
    answer.entry.as_ref().map_or(0, |entry| entry.position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_reader_and_a_full_server_are_distinguished() {
        use tonic_types::ErrorDetails;
        let status = |reason: &str| {
            let details = ErrorDetails::with_error_info(reason, "minutebook.v1", []);
            Status::with_error_details(Code::ResourceExhausted, "", details)
        };
        assert!(was_too_slow(&status("SUBSCRIBER_TOO_SLOW")));
        assert!(!was_too_slow(&status("OVERLOADED")));
    }
}
