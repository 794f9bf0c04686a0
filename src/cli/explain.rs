//! `minutebook explain`: the rule that would apply, and the approvals that are missing.
//!
//! The requests of a book depend on one another. So the register judges them in a dry run: each is
//! explained after those before it that it would record.

use std::path::PathBuf;

use clap::Args;
use tonic::{Code, Status};

use super::book::{self, BookFile};
use super::client::Client;
use super::dry_run::{DryRunSender, JudgedAppend};
use super::failure::Failure;
use super::format::Format;
use super::record::{fault_of_file, leave_to_mandate, progress};
use super::screen::Screen;
use super::sign_in::Server;
use minutebook_grpc::wire::proto::{AppendRequest, ExplainResponse};
use minutebook_present::reports::explanations::{self, ExplainedAppend};
use minutebook_present::table::{self, sanitise_for_terminal};
use minutebook_present::{csv, json};

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
    let mut books = book::read_all(&args.files)?;
    let client = Client::connect(server).await?;
    leave_to_mandate(&mut books, &client).await?;
    let explained = explain_all(&books, &client).await?;
    let first = explained.iter().find_map(|append| append.answer.as_ref());
    let began = first.and_then(|answer| answer.answered_from.as_ref());
    let on = match (requests(&books).count(), began) {
        (0 | 1, _) | (_, None) => String::new(),
        (_, Some(began)) => format!(
            ": each append was judged after those before it, on the register at position {}",
            began.position
        ),
    };
    write(&explained, args, &on, screen)?;
    explanations::refusals(&explained).map_or(Ok(()), |sentence| Err(Failure::Refused(sentence)))
}

/// Writes the explanations. `on` says what several were judged on.
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
            let in_all = explanations::in_all(explained, args.all, on);
            screen.line(&table::render_sentences(&in_all, screen.layout()))
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

async fn explain_all(books: &[BookFile], client: &Client) -> Result<Vec<ExplainedAppend>, Failure> {
    let bar = progress(requests(books).count() as u64);
    let mut dry_run = DryRunSender::new(client, books);
    let mut all = Vec::new();
    for (book, number, request) in requests(books) {
        bar.set_message(book.name.clone());
        let answer = dry_run.next().await.and_then(explained);
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

/// The explanation of a request; none if it had been recorded before. An explanation is
/// about events, and a request can also be refused as a whole.
fn explained(judged: JudgedAppend) -> Result<Option<ExplainResponse>, Status> {
    let answer = ExplainResponse {
        answered_from: Some(judged.answered_from),
        explanations: judged.explanations,
    };
    match judged.outcome {
        Ok(response) if response.already_recorded => Ok(None),
        Ok(_) => Ok(Some(answer)),
        Err(status) if is_explained(&status, &answer) => Ok(Some(answer)),
        Err(status) => Err(status),
    }
}

/// Whether the explanation already contains the refusal.
fn is_explained(status: &Status, answer: &ExplainResponse) -> bool {
    matches!(
        status.code(),
        Code::FailedPrecondition | Code::PermissionDenied
    ) && answer
        .explanations
        .iter()
        .any(|event| !event.would_be_taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_grpc::wire::proto::Explanation;

    #[test]
    fn json_is_a_line_for_every_request() {
        let request = |answer| ExplainedAppend {
            file: "b.json".into(),
            number: 1,
            request_id: "r".into(),
            answer,
        };
        let would_be_taken = ExplainResponse {
            explanations: vec![Explanation {
                subject: "bodies/a".into(),
                what: "registered: A (council)".into(),
                would_be_taken: true,
                ..Default::default()
            }],
            ..Default::default()
        };
        // The first is recorded already.
        let explained = [request(None), request(Some(would_be_taken))];
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
            .map(|line| minutebook_grpc::wire::json::from_str(line).unwrap())
            .collect();
        assert_eq!(answers[0], ExplainResponse::default());
        assert_eq!(Some(&answers[1]), explained[1].answer.as_ref());
    }
}
