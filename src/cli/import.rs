//! `minutebook import`: records what a workbook or a CSV file says.
//!
//! The register judges everything before anything is recorded, so that a fault in the last
//! row does not leave half a workbook recorded. The ids of requests come from the content:
//! a workbook that is imported twice is recorded once.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::book::BookFile;
use super::client::Client;
use super::dry_run::DryRunSender;
use super::failure::Failure;
use super::record::{fault_of_file, leave_to_mandate, record};
use super::register_names;
use super::screen::Screen;
use super::sign_in::Server;
use minutebook_grpc::wire::proto::WhoAmIRequest;
use minutebook_present::invisible::sanitise_line;
use minutebook_present::table::sanitise_for_terminal;
use minutebook_workbook::import::{PlacedRequest, ReadWorkbook, read_workbook};
use minutebook_workbook::{CellFault, WorkbookFile};

/// The most bytes of a workbook.
const FILE_BYTES_MAX: u64 = minutebook_workbook::FILE_BYTES_MAX as u64;

/// The most bytes that the register judges in one dry run, with room for what is around
/// them.
const JUDGED_BYTES_MAX: usize = 3 << 20;

/// The most faults that are printed.
const LISTED_MAX: usize = 100;

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The workbooks (.xlsx, .ods) or CSV files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Record nothing: show how each sheet is read, and whether the register would take it
    #[arg(long)]
    dry_run: bool,

    /// The office that records, where a sheet has no line "Recorded by"; never a person's
    /// name
    #[arg(
        long,
        value_name = "OFFICE",
        default_value = "",
        hide_default_value = true
    )]
    recorded_by: String,
}

/// Reads every file, then has the register judge and record them in order.
pub async fn run(args: &ImportArgs, server: &Server, screen: &mut Screen) -> Result<(), Failure> {
    let mut workbooks = Vec::new();
    for path in &args.files {
        workbooks.push((file_name(path), open(path)?));
    }
    let client = Client::connect(server).await?;
    let who = client.caller().who_am_i(WhoAmIRequest {}).await?;
    let has_signed_in = who.into_inner().signed_in;
    let mut read = Vec::new();
    let mut faults = Vec::new();
    for (name, workbook) in &workbooks {
        let directory = register_names::for_workbook(workbook, &client).await?;
        match read_workbook(workbook, &directory, &args.recorded_by) {
            Ok(workbook) => read.push((name.clone(), workbook)),
            Err(found) => faults.push(listed(name, &found)),
        }
    }
    if !faults.is_empty() {
        return Err(Failure::BadFile(faults.join("\n")));
    }
    for (name, workbook) in &read {
        if !has_signed_in && let Some(request) = without_recorder(workbook) {
            return Err(Failure::BadFile(format!(
                "{name}, {}: nothing says which office records it: add a line \"Recorded by\" at \
                 the top of the sheet, or --recorded-by OFFICE",
                request.cell
            )));
        }
        for remark in &workbook.remarks {
            eprintln!("{}", sanitise_line(&format!("{name}, {remark}.")));
        }
    }
    let mut books: Vec<BookFile> = read.iter().map(book).collect();
    leave_to_mandate(&mut books, &client).await?;
    judge(&read, &books, &client, args.dry_run, screen).await?;
    if args.dry_run {
        return screen.line("Nothing was recorded: this is a dry run.");
    }
    record(&books, &client, screen).await
}

fn file_name(path: &Path) -> String {
    sanitise_for_terminal(&path.display().to_string())
}

fn open(path: &Path) -> Result<WorkbookFile, Failure> {
    let name = file_name(path);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes))
        .map_err(|error| Failure::BadFile(format!("{name} cannot be read: {error}")))?;
    WorkbookFile::read(&bytes, &name)
        .map_err(|error| Failure::BadFile(sanitise_for_terminal(&format!("{name}: {error}"))))
}

fn listed(name: &str, faults: &[CellFault]) -> String {
    let lines = faults.iter().take(LISTED_MAX);
    let mut lines: Vec<String> = lines
        .map(|fault| format!("  - {}", sanitise_line(&fault.to_string())))
        .collect();
    if faults.len() > LISTED_MAX {
        let more = faults.len() - LISTED_MAX;
        lines.push(format!("  and {more} more: mend these first"));
    }
    let count = match faults.len() {
        1 => "1 fault".to_owned(),
        count => format!("{count} faults"),
    };
    let lines = lines.join("\n");
    format!("{name} has {count}, and nothing of it was recorded:\n{lines}")
}

fn without_recorder(workbook: &ReadWorkbook) -> Option<&PlacedRequest> {
    let mut requests = workbook.requests.iter();
    requests.find(|placed| placed.request.recorded_by.is_empty())
}

fn book((name, workbook): &(String, ReadWorkbook)) -> BookFile {
    let requests = workbook.requests.iter();
    BookFile {
        name: name.clone(),
        appends: requests.map(|placed| placed.request.clone()).collect(),
        // A cell is no line of a file.
        lines: Vec::new(),
    }
}

/// Has the register judge every request, each after those before it, and fails with all
/// refusals.
async fn judge(
    read: &[(String, ReadWorkbook)],
    books: &[BookFile],
    client: &Client,
    is_shown: bool,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let appends = books.iter().flat_map(|book| &book.appends);
    let bytes: usize = appends.map(prost::Message::encoded_len).sum();
    if bytes > JUDGED_BYTES_MAX && !is_shown {
        // More than a dry run takes: recording stops at the first refusal.
        return Ok(());
    }
    let mut dry_run = DryRunSender::new(client, books);
    let mut refusals: Vec<String> = Vec::new();
    let mut failure = None;
    for (name, workbook) in read {
        for placed in &workbook.requests {
            let judged = dry_run.next().await.map_err(fault_of_file)?;
            let cell = &placed.cell;
            let result = match judged.outcome {
                Ok(answer) if answer.already_recorded => "is already recorded",
                Ok(_) => "would be recorded",
                Err(status) => {
                    let refused = fault_of_file(status);
                    refusals.push(format!("{name}, {cell} would be refused.\n{refused}"));
                    failure = failure.or(Some(refused));
                    "would be refused"
                }
            };
            if is_shown {
                let line = format!("{name}, {cell} {result}: {}", placed.line);
                screen.line(&sanitise_line(&line))?;
            }
        }
    }
    let Some(failure) = failure else {
        return Ok(());
    };
    refusals.push("Nothing was recorded.".to_owned());
    let sentences = refusals.join("\n");
    Err(match failure {
        Failure::BadFile(_) => Failure::BadFile(sentences),
        Failure::Unreachable(_) => Failure::Unreachable(sentences),
        Failure::Broken(_) => Failure::Broken(sentences),
        _ => Failure::Refused(sentences),
    })
}
