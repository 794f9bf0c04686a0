//! `minutebook record`: sends books to the register, in the order given.
//!
//! Safe to run twice: every append has its own `request_id`, which the register
//! remembers for ever, so nothing is recorded twice. For the same reason several books
//! may share appends, and may be given in any order.

mod append_stream;
mod recorder;

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tonic::Status;

use self::append_stream::AppendStreamSender;
pub use self::recorder::leave_to_mandate;
use super::book::{self, BookFile};
use super::client::Client;
use super::dry_run::DryRunSender;
use super::failure::Failure;
use super::retry::RetryPolicy;
use super::screen::Screen;
use super::sign_in::Server;
use minutebook_grpc::wire::proto::{AppendRequest, AppendResponse};
use minutebook_present::table::sanitise_for_terminal;

#[derive(Debug, Args)]
pub struct RecordArgs {
    /// The books, or append requests, in proto3 JSON; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Record nothing: have the register judge every append, each after those before it
    #[arg(long)]
    dry_run: bool,
}

/// Reads every file, then records them one after the other.
pub async fn run(args: &RecordArgs, server: &Server, screen: &mut Screen) -> Result<(), Failure> {
    let mut books = book::read_all(&args.files)?;
    let client = Client::connect(server).await?;
    leave_to_mandate(&mut books, &client).await?;
    if args.dry_run {
        return dry_run(&books, &client, screen).await;
    }
    record(&books, &client, screen).await
}

/// Has the register judge books, and prints the result that recording them would have.
async fn dry_run(books: &[BookFile], client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let mut dry_run = DryRunSender::new(client, books);
    let mut position = 0;
    let tally = send_all(books, RecordMode::DryRun, screen, async |request| {
        let judged = dry_run.next().await?;
        position = judged.answered_from.position;
        let mut answer = judged.outcome?;
        // All are only judged. To be counted is what recording them would do.
        answer.validated_only = request.validate_only;
        Ok(answer)
    })
    .await?;
    screen.line(&tally.in_words(RecordMode::DryRun))?;
    screen.line(&format!(
        "Nothing was recorded: each append was judged after those before it, on the register \
         at position {position}."
    ))
}

/// Records books and prints the result.
pub async fn record(
    books: &[BookFile],
    client: &Client,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let mut sender = AppendStreamSender::new(client, books);
    let tally = send_all(books, RecordMode::Real, screen, async |_| {
        sender.answer().await
    })
    .await?;
    screen.line(&tally.in_words(RecordMode::Real))
}

/// Sends one append, with retries.
pub async fn append(client: &Client, request: &AppendRequest) -> Result<AppendResponse, Status> {
    RetryPolicy::default()
        .with(async || {
            let sent = client.record().append(request.clone()).await;
            Ok(sent?.into_inner())
        })
        .await
}

/// Record for real, or dry-run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordMode {
    Real,
    DryRun,
}

/// The results of the appends so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AppendTally {
    /// Recorded now.
    pub new: usize,
    /// Recorded before.
    pub already: usize,
    /// Only judged, because the file says `validate_only`.
    pub judged: usize,
    /// The last position that any receipt names.
    pub position: u64,
}

impl AppendTally {
    fn count(&mut self, answer: &AppendResponse) {
        if answer.validated_only && !answer.already_recorded {
            self.judged += 1;
        } else if answer.already_recorded {
            self.already += 1;
        } else {
            self.new += 1;
        }
        let positions = answer.receipts.iter().map(|receipt| receipt.position);
        self.position = positions.fold(self.position, u64::max);
    }

    fn since(self, before: Self) -> Self {
        Self {
            new: self.new - before.new,
            already: self.already - before.already,
            judged: self.judged - before.judged,
            position: self.position,
        }
    }

    fn parts(self, mode: RecordMode) -> String {
        let recorded = match mode {
            RecordMode::Real => "recorded",
            RecordMode::DryRun => "would be recorded",
        };
        let mut text = format!(
            "{} {recorded}, {} already recorded",
            appends(self.new),
            self.already
        );
        if self.judged > 0 {
            text.push_str(&format!(", {} only judged", self.judged));
        }
        text
    }

    /// The result, in a sentence or two.
    pub fn in_words(self, mode: RecordMode) -> String {
        if self.new == 0 && self.judged == 0 {
            return match self.already {
                0 => "Nothing new: there was nothing to record.".to_owned(),
                n => format!("Nothing new: {} already recorded.", appends(n)),
            };
        }
        let at = match (mode, self.position) {
            (RecordMode::Real, 1..) => format!(" The last is at position {}.", self.position),
            _ => String::new(),
        };
        format!("{}.{at}", self.parts(mode))
    }
}

fn appends(count: usize) -> String {
    match count {
        1 => "1 append".to_owned(),
        n => format!("{n} appends"),
    }
}

/// Sends every append of every book with `send`, one after the other, and stops
/// at the first that is refused.
pub async fn send_all(
    books: &[BookFile],
    mode: RecordMode,
    screen: &mut Screen,
    mut send: impl AsyncFnMut(&AppendRequest) -> Result<AppendResponse, Status>,
) -> Result<AppendTally, Failure> {
    let bar = progress(books.iter().map(|book| book.appends.len() as u64).sum());
    let mut tally = AppendTally::default();
    for book in books {
        let before = tally;
        bar.set_message(book.name.clone());
        for (index, request) in book.appends.iter().enumerate() {
            match send(request).await {
                Ok(answer) => tally.count(&answer),
                Err(status) => {
                    bar.finish_and_clear();
                    return Err(refusal(book, index, request, status, tally, mode));
                }
            }
            bar.inc(1);
        }
        let line = format!("{}: {}", book.name, tally.since(before).parts(mode));
        bar.suspend(|| screen.line(&line))?;
    }
    bar.finish_and_clear();
    Ok(tally)
}

fn refusal(
    book: &BookFile,
    index: usize,
    request: &AppendRequest,
    status: Status,
    tally: AppendTally,
    mode: RecordMode,
) -> Failure {
    let failure = fault_of_file(status);
    let outcome = match failure {
        Failure::Unreachable(_) => "could not be delivered",
        Failure::Broken(_) if mode == RecordMode::DryRun => "could not be judged",
        Failure::Broken(_) => "could not be recorded",
        _ if mode == RecordMode::DryRun => "would be refused",
        _ => "is refused",
    };
    let after = match failure {
        _ if mode == RecordMode::DryRun => " Nothing was recorded: this is a dry run.",
        Failure::Unreachable(_) => {
            " It may or may not have been recorded. Run the same command again: nothing is \
             recorded twice."
        }
        _ => " Nothing of it is kept.",
    };
    let line = book.lines.get(index);
    let heading = format!(
        "{}{}, append {} of {} (request {}) {outcome}. Before it: {}.{after}",
        book.name,
        line.map_or(String::new(), |line| format!(", line {line}")),
        index + 1,
        book.appends.len(),
        sanitise_for_terminal(&request.request_id),
        tally.parts(mode),
    );
    failure.preceded_by(&heading)
}

/// The failure for a request that was read from a file: where the server cannot read the
/// request, the file is at fault and not the command.
pub fn fault_of_file(status: Status) -> Failure {
    match Failure::from(status) {
        Failure::Usage(sentence) => Failure::BadFile(sentence),
        other => other,
    }
}

/// A bar on a terminal, and nothing anywhere else.
pub fn progress(length: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta} {msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(appends: usize) -> BookFile {
        BookFile {
            name: "b.json".into(),
            appends: vec![AppendRequest::default(); appends],
            lines: (1..=appends).collect(),
        }
    }

    #[tokio::test]
    async fn new_and_already_recorded_appends_are_counted_separately() {
        let mut sent = 0;
        let (mut screen, written) = Screen::for_test();
        let tally = send_all(
            &[book(2), book(1)],
            RecordMode::Real,
            &mut screen,
            async |_| {
                sent += 1;
                Ok(AppendResponse {
                    already_recorded: sent == 2,
                    ..Default::default()
                })
            },
        )
        .await
        .unwrap();
        assert_eq!((tally.new, tally.already), (2, 1));
        assert_eq!(
            written.text(),
            "b.json: 1 append recorded, 1 already recorded\n\
             b.json: 1 append recorded, 0 already recorded\n"
        );
        assert_eq!(
            AppendTally {
                already: 3,
                ..AppendTally::default()
            }
            .in_words(RecordMode::Real),
            "Nothing new: 3 appends already recorded."
        );
    }

    #[tokio::test]
    async fn the_first_refusal_stops_and_says_what_came_before() {
        let mut sent = 0;
        let (mut screen, _) = Screen::for_test();
        let failure = send_all(&[book(3)], RecordMode::Real, &mut screen, async |_| {
            sent += 1;
            match sent {
                1 => Ok(AppendResponse::default()),
                _ => Err(Status::failed_precondition("A rule forbids it.")),
            }
        })
        .await
        .unwrap_err();
        assert_eq!(sent, 2);
        assert_eq!(failure.exit_code(), 1);
        let text = failure.to_string();
        assert!(
            text.starts_with("b.json, line 2, append 2 of 3 (request ) is refused."),
            "{text}"
        );
        assert!(
            text.contains("Before it: 1 append recorded, 0 already"),
            "{text}"
        );
        assert!(text.ends_with("\nA rule forbids it."), "{text}");
    }

    #[tokio::test]
    async fn a_field_that_cannot_be_read_is_the_files_fault() {
        let (mut screen, _) = Screen::for_test();
        let failure = send_all(&[book(1)], RecordMode::Real, &mut screen, async |_| {
            Err(Status::invalid_argument("No."))
        })
        .await
        .unwrap_err();
        assert_eq!(failure.exit_code(), 4);
    }
}
