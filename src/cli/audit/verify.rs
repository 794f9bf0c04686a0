//! `minutebook audit verify`: checks a folder or a store.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::progress;
use crate::failure::{Failure, chain};
use crate::screen::Screen;
use minutebook_kernel::archive::folder::{FileError, Folder};
use minutebook_kernel::archive::names::{self, unstaged};
use minutebook_kernel::archive::verify::{TrustAnchors, VerificationReport, verify};
use minutebook_kernel::audit::checkpoint::SignedCheckpoint;
use minutebook_kernel::audit::key::VerifierKey;
use minutebook_present::invisible::sanitise_line;
use minutebook_server::offline;

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The folder of an export
    #[arg(value_name = "FOLDER", required_unless_present = "data")]
    folder: Option<PathBuf>,

    /// Check a store that no server has open, and not a folder
    #[arg(long, value_name = "DIR", conflicts_with = "folder")]
    data: Option<PathBuf>,

    /// The verifier key that you trust, as it was handed to you
    #[arg(long, value_name = "VKEY")]
    key: Option<VerifierKey>,

    /// A checkpoint that you kept: proves that nothing was rewritten since
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,

    /// The verifier key of a witness that must have signed; may be given several
    /// times
    #[arg(long = "witness", value_name = "VKEY")]
    witnesses: Vec<VerifierKey>,

    /// An entry whose fault is known: it breaks a rule, and the log goes on with it; may
    /// be given several times
    #[arg(
        long = "known-fault",
        value_name = "POSITION",
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    known_faults: Vec<u64>,

    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct VerifySummary<'a> {
    is_sound: bool,
    entries: u64,
    root: String,
    origin: Option<&'a str>,
    checkpoint_size: Option<u64>,
    key: Option<String>,
    is_key_given: bool,
    witnesses: Vec<WitnessSummary>,
    faults: &'a [String],
    known_faults: &'a [String],
    unchecked: &'a [String],
    remarks: &'a [String],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WitnessSummary {
    name: String,
    seen_at: String,
}

/// Verifies, and prints the result.
pub fn run(args: &VerifyArgs, screen: &mut Screen) -> Result<(), Failure> {
    let trust = TrustAnchors {
        key: args.key.clone(),
        since: args.since.as_deref().map(read_checkpoint).transpose()?,
        witnesses: args.witnesses.clone(),
        known_faults: args.known_faults.iter().copied().collect(),
    };
    let unchecked = |error: &dyn std::error::Error| {
        let why = chain(error);
        Failure::Unchecked(format!(
            "Nothing was found either way, because it could not be checked: {why}"
        ))
    };
    let bar = progress::entries("checking");
    let progress = |done: u64| bar.set_position(done);
    let report = match (&args.data, &args.folder) {
        (Some(data), _) => {
            offline::verify(data, &trust, progress).map_err(|error| unchecked(&error))?
        }
        (None, Some(folder)) if !folder.is_dir() => {
            let folder = folder.display();
            return Err(Failure::Unchecked(format!("there is no folder {folder}")));
        }
        (None, Some(folder)) if offline::is_store(folder) => {
            let folder = folder.display();
            return Err(Failure::Usage(format!(
                "{folder} is a store, and no archive: verify it with --data {folder}, while no \
                 server has it open."
            )));
        }
        (None, Some(folder)) => verify_at_rest(&Folder::new(folder), &trust, progress)
            .map_err(|error| unchecked(&error))?,
        (None, None) => return Err(Failure::Usage("Name a folder, or --data.".to_owned())),
    };
    bar.finish_and_clear();
    if args.json {
        screen.json(&summary(&report))?;
    } else {
        print(&report, screen)?;
    }
    match report.faults.len() {
        0 if report.unchecked.is_empty() => Ok(()),
        0 => Err(Failure::Unchecked(
            "Nothing wrong was found, and not everything could be checked.".to_owned(),
        )),
        1 => Err(Failure::Refused("1 fault was found.".to_owned())),
        count => Err(Failure::Refused(format!("{count} faults were found."))),
    }
}

/// Verifies a folder. An export that extends it meanwhile replaces files that the check
/// has still to read: what is found then is no fault of the archive, so it is checked again.
fn verify_at_rest(
    folder: &Folder,
    trust: &TrustAnchors,
    progress: impl Fn(u64),
) -> Result<VerificationReport, FileError> {
    for _ in 0..ATTEMPTS {
        let before = folder.read(names::CHECKPOINT).ok();
        let report = verify(folder, trust, &progress)?;
        let files = folder.files();
        let has_staged = files.is_ok_and(|files| files.iter().any(|f| unstaged(f).is_some()));
        let is_at_rest = !has_staged && before == folder.read(names::CHECKPOINT).ok();
        if report.faults.is_empty() || is_at_rest {
            return Ok(report);
        }
        std::thread::sleep(BETWEEN_ATTEMPTS);
    }
    verify(folder, trust, progress)
}

/// How often a folder is checked that changes meanwhile.
const ATTEMPTS: u32 = 5;

const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(500);

/// The most bytes of a checkpoint that is read.
const CHECKPOINT_BYTES_MAX: u64 = 1 << 20;

/// Reads a kept checkpoint. It may come from a pipe, as the caller names it.
fn read_checkpoint(path: &Path) -> Result<SignedCheckpoint, Failure> {
    let unreadable = |why: String| Failure::Unchecked(format!("{}: {why}", path.display()));
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(CHECKPOINT_BYTES_MAX).read_to_string(&mut text))
        .map_err(|error| unreadable(error.to_string()))?;
    SignedCheckpoint::parse(&text).map_err(|error| unreadable(error.to_string()))
}

fn time(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(|| "no time".to_owned(), |instant| instant.to_string())
}

fn summary(report: &VerificationReport) -> VerifySummary<'_> {
    let checkpoint = report.checkpoint.as_ref().map(|signed| &signed.checkpoint);
    VerifySummary {
        is_sound: report.faults.is_empty() && report.unchecked.is_empty(),
        entries: report.entries,
        root: report.root.to_string(),
        origin: checkpoint.map(|checkpoint| checkpoint.origin.as_str()),
        checkpoint_size: checkpoint.map(|checkpoint| checkpoint.size),
        key: report.key.as_ref().map(ToString::to_string),
        is_key_given: report.is_trusted,
        witnesses: report
            .witnessed
            .iter()
            .map(|(name, seen)| WitnessSummary {
                name: name.clone(),
                seen_at: time(*seen),
            })
            .collect(),
        faults: &report.faults,
        known_faults: &report.known_faults,
        unchecked: &report.unchecked,
        remarks: &report.remarks,
    }
}

fn print(report: &VerificationReport, screen: &mut Screen) -> Result<(), Failure> {
    for fault in &report.faults {
        screen.line(&format!("FAULT  {}", sanitise_line(fault)))?;
    }
    for fault in &report.known_faults {
        screen.line(&format!("KNOWN  {}", sanitise_line(fault)))?;
    }
    for check in &report.unchecked {
        screen.line(&format!("UNCHECKED  {}", sanitise_line(check)))?;
    }
    for remark in &report.remarks {
        screen.line(&format!("REMARK {}", sanitise_line(remark)))?;
    }
    if let Some(signed) = &report.checkpoint {
        let checkpoint = &signed.checkpoint;
        screen.line(&format!(
            "Register   {}\nCheckpoint {} entries, root {}",
            sanitise_line(&checkpoint.origin),
            checkpoint.size,
            checkpoint.root
        ))?;
    } else {
        screen.line("There is no checkpoint: nothing is signed.")?;
    }
    screen.line(&format!(
        "Checked    {} entries, root {}",
        report.entries, report.root
    ))?;
    if let Some(key) = &report.key {
        screen.line(&format!("Key        {key}"))?;
    }
    for (name, seen) in &report.witnessed {
        screen.line(&format!(
            "Witness    {} saw it at {}",
            sanitise_line(name),
            time(*seen)
        ))?;
    }
    if !report.faults.is_empty() || !report.unchecked.is_empty() {
        return Ok(());
    }
    let nothing = match report.known_faults.len() {
        0 => "Nothing is wrong",
        _ => "Nothing is wrong beside the known faults",
    };
    screen.line(&format!(
        "{nothing}: every entry, hash, rule and signature was checked."
    ))?;
    if !report.is_trusted && report.key.is_some() {
        screen.line(
            "The key was found with the data that it signed. To know who signed, give the key that was \
             handed to you, with --key.",
        )?;
    }
    Ok(())
}
