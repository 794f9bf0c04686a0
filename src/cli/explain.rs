//! `minutebook explain`: which rule would apply, and what is still missing.
//!
//! The server explains the events of one request, and the requests of a book
//! rest on one another. So a single request is put to the server as it stands;
//! several are tried, one after the other, on a private copy of the register, and
//! what would be taken is recorded there before the next is explained.

mod answer;

use std::path::PathBuf;

use clap::Args;
use tonic::{Code, Status};

use super::book::{self, BookFile};
use super::cell::sanitise_for_terminal;
use super::client::Client;
use super::dry_run::{DryRun, on_a_copy};
use super::failure::Failure;
use super::record::{append, fault_of_file, progress};
use super::retry::RetryPolicy;
use super::screen::Screen;
use super::show::Format;
use crate::wire::proto::{AppendRequest, ExplainRequest, ExplainResponse};

/// `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The books, or append requests, in proto3 JSON; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Print also what no approval rule speaks of and nothing is wrong with
    #[arg(long)]
    all: bool,

    /// How to write the answer; csv and json have every event, and json is one
    /// ExplainResponse a line, one for each request
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// What is said of one request.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedAppend {
    /// The file it was read from.
    pub file: String,
    /// Which request of that file, from 1.
    pub number: usize,
    /// Its id.
    pub request_id: String,
    /// The explanation; none where the request is recorded already.
    pub answer: Option<ExplainResponse>,
}

/// Reads every file, has its events explained, and says what it was told.
pub async fn run(args: &ExplainArgs, server: &str, screen: &mut Screen) -> Result<(), Failure> {
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
    answer::write(&explained, args.all, args.format, &on, screen)?;
    answer::refusals(&explained).map_or(Ok(()), |sentence| Err(Failure::Refused(sentence)))
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

/// Whether the request was recorded before; nothing is recorded.
async fn judged(client: &Client, request: &AppendRequest) -> Result<bool, Status> {
    let mut request = request.clone();
    request.validate_only = true;
    Ok(append(client, &request).await?.already_recorded)
}

/// Explains a request and then has it judged: an explanation speaks of events,
/// and a request can also be refused as a request. On a copy it is recorded, for
/// those that rest on it.
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
        true => append(client, request).await.map(|it| it.already_recorded),
        false => judged(client, request).await,
    };
    match already {
        Ok(true) => Ok(None),
        Ok(false) => Ok(Some(answer)),
        Err(status) if is_explained(&status, &answer) => Ok(Some(answer)),
        Err(status) => Err(status),
    }
}

/// Whether the refusal is one that the explanation tells of.
fn is_explained(status: &Status, answer: &ExplainResponse) -> bool {
    status.code() == Code::FailedPrecondition
        && answer.explanations.iter().any(|it| !it.would_be_taken)
}
