//! `minutebook explain`: the rule that would apply, and the approvals that are missing.
//!
//! The server explains the events of one request, but the requests of a book depend on
//! one another. So a single request is sent to the live server; several are tried, one
//! after the other, on a private copy of the register, where each admissible request is
//! recorded before the next is explained.

use std::path::PathBuf;

use clap::Args;
use tonic::{Code, Status};

use super::book::{self, BookFile};
use super::client::Client;
use super::dry_run::{DryRun, on_a_copy};
use super::failure::Failure;
use super::format::Format;
use super::record::{append, fault_of_file, progress};
use super::retry::RetryPolicy;
use super::screen::Screen;
use super::sign_in::Server;
use crate::present::reports::explanations::{self, ExplainedAppend};
use crate::present::table::{self, sanitise_for_terminal};
use crate::present::{csv, json};
use crate::wire::proto::{AppendRequest, ExplainRequest, ExplainResponse};

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The books, or append requests, in proto3 JSON; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Print also events that no approval rule covers and that have no faults
    #[arg(long)]
    all: bool,

    /// How to write the answer; csv and json have every event, and json is one
    /// ExplainResponse a line, one for each request [default: table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// Reads every file, has its events explained, and prints the explanations.
pub async fn run(args: &ExplainArgs, server: &Server, screen: &mut Screen) -> Result<(), Failure> {
    let books = book::read_all(&args.files)?;
    let live = Client::connect(server).await?;
    let (explained, on) = match requests(&books).count() {
        0 | 1 => (explain_all(&books, &live, None).await?, String::new()),
        _ => {
            on_a_copy(&live, async |dry_run| {
                let explained = explain_all(&books, &live, Some(&dry_run)).await?;
                let position = dry_run.position;
                Ok((
                    explained,
                    format!(" on a private copy of the register at position {position}"),
                ))
            })
            .await?
        }
    };
    write(&explained, args, &on, screen)?;
    explanations::refusals(&explained).map_or(Ok(()), |sentence| Err(Failure::Refused(sentence)))
}

/// Writes the explanations. `on` names the register they were judged on, where it is
/// not the live one.
fn write(
    explained: &[ExplainedAppend],
    args: &ExplainArgs,
    on: &str,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let report = explanations::report(explained, args.all);
    match screen.format(args.format) {
        Format::Csv => screen.csv(|sink| csv::write(&report, sink)),
        Format::Json => explained.iter().try_for_each(|append| {
            // A line for every request, so that programs can match them by number.
            let answer = append.answer.clone().unwrap_or_default();
            screen.line(&json::render_line(&answer))
        }),
        Format::Table => {
            let table = table::render(&report, screen.layout());
            if !table.is_empty() {
                screen.line(&table)?;
            }
            screen.line(&explanations::in_all(explained, args.all, on))
        }
    }
}

/// Every request, with its file and its number there.
fn requests(books: &[BookFile]) -> impl Iterator<Item = (&BookFile, usize, &AppendRequest)> {
    books.iter().flat_map(|book| {
        let numbered = book.appends.iter().enumerate();
        numbered.map(move |(index, request)| (book, index + 1, request))
    })
}

async fn explain_all(
    books: &[BookFile],
    live: &Client,
    dry_run: Option<&DryRun>,
) -> Result<Vec<ExplainedAppend>, Failure> {
    let bar = progress(requests(books).count() as u64);
    let mut all = Vec::new();
    for (book, number, request) in requests(books) {
        bar.set_message(book.name.clone());
        let answer = match dry_run {
            // The copy remembers other requests than the register does.
            Some(dry_run) if dry_run.has_recorded(request) => judged(live, request)
                .await
                .map(|already| (!already).then(ExplainResponse::default)),
            Some(dry_run) => explain(&dry_run.copy, request, true).await,
            None => explain(live, request, false).await,
        };
        let answer = answer.map_err(|status| {
            bar.finish_and_clear();
            fault_of_file(status).preceded_by(&format!(
                "{}, append {number} of {} (request {}), cannot be explained. Nothing was \
                 recorded.",
                book.name,
                book.appends.len(),
                sanitise_for_terminal(&request.request_id)
            ))
        })?;
        all.push(ExplainedAppend {
            file: book.name.clone(),
            number,
            request_id: request.request_id.clone(),
            answer,
        });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(all)
}

/// Whether the request was recorded before. Records nothing.
async fn judged(client: &Client, request: &AppendRequest) -> Result<bool, Status> {
    let mut request = request.clone();
    request.validate_only = true;
    Ok(append(client, &request).await?.already_recorded)
}

/// Explains a request and then has it judged: an explanation is about events, and a
/// request can also be refused as a whole. On a copy it is recorded, for the requests
/// that depend on it.
async fn explain(
    client: &Client,
    request: &AppendRequest,
    is_copy: bool,
) -> Result<Option<ExplainResponse>, Status> {
    let events = ExplainRequest {
        events: request.events.clone(),
    };
    let answer = RetryPolicy::default()
        .with(async || Ok(client.record().explain(events.clone()).await?.into_inner()))
        .await?;
    let already = match is_copy {
        true => append(client, request)
            .await
            .map(|response| response.already_recorded),
        false => judged(client, request).await,
    };
    match already {
        Ok(true) => Ok(None),
        Ok(false) => Ok(Some(answer)),
        Err(status) if is_explained(&status, &answer) => Ok(Some(answer)),
        Err(status) => Err(status),
    }
}

/// Whether the explanation already contains the refusal.
fn is_explained(status: &Status, answer: &ExplainResponse) -> bool {
    status.code() == Code::FailedPrecondition
        && answer
            .explanations
            .iter()
            .any(|event| !event.would_be_taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::reports::explanations::tests::requests;

    #[test]
    fn json_is_a_line_for_every_request() {
        let explained = requests();
        let (mut screen, written) = Screen::for_test();
        let args = ExplainArgs {
            files: Vec::new(),
            all: false,
            format: Some(Format::Json),
        };
        write(&explained, &args, "", &mut screen).unwrap();
        let answers: Vec<ExplainResponse> = written
            .text()
            .lines()
            .map(|line| crate::wire::json::from_str(line).unwrap())
            .collect();
        assert_eq!(answers[0], ExplainResponse::default());
        assert_eq!(Some(&answers[1]), explained[1].answer.as_ref());
    }
}
