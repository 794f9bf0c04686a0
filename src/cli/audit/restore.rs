//! `minutebook audit restore`: a store, built from the folder of an export.

use std::path::PathBuf;

use clap::Args;

use super::progress;
use crate::failure::{Failure, chain};
use crate::screen::Screen;
use crate::umask::keep_files_private;
use minutebook_kernel::archive::folder::Folder;
use minutebook_kernel::archive::read;
use minutebook_kernel::archive::verify::{TrustAnchors, VerificationReport, verify, witnesses};
use minutebook_kernel::audit::key::VerifierKey;
use minutebook_present::invisible::sanitise_line;
use minutebook_server::offline::StoreRestore;

/// The most entries that a refusal names as bearable.
const BEARABLE_LISTED_MAX: usize = 20;

/// `audit restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The folder of an export
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,

    /// Where the store shall be; not there yet, or empty
    #[arg(long, value_name = "DIR")]
    data: PathBuf,

    /// The verifier key that you trust, as it was handed to you
    #[arg(long, value_name = "VKEY")]
    key: Option<VerifierKey>,

    /// Trust the key in the archive, which proves only that its parts fit together
    #[arg(long, conflicts_with = "key")]
    trust_archive_key: bool,

    /// An entry that breaks a rule, and with which the register has to go on; may be
    /// given several times
    #[arg(
        long = "known-fault",
        value_name = "POSITION",
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    known_faults: Vec<u64>,
}

/// Verifies the folder, and builds the store from the verified entries.
pub fn run(args: &RestoreArgs, screen: &mut Screen) -> Result<(), Failure> {
    keep_files_private();
    if args.key.is_none() && !args.trust_archive_key {
        return Err(Failure::Usage(
            "Say whose signature you trust: --key VKEY, with the verifier key that the register's \
             keeper handed to you; or --trust-archive-key, to rely on the key in the archive, which a \
             forger can have put there."
                .to_owned(),
        ));
    }
    let folder = Folder::new(&args.folder);
    let trust = TrustAnchors {
        key: args.key.clone(),
        known_faults: args.known_faults.iter().copied().collect(),
        ..TrustAnchors::default()
    };
    let bar = progress::entries("checking");
    let report = verify(&folder, &trust, |done| bar.set_position(done))
        .map_err(|error| Failure::BadFile(chain(&error)))?;
    bar.finish_and_clear();
    let is_sound = report.faults.is_empty() && report.unchecked.is_empty();
    let verified = report.checkpoint.as_ref().zip(report.key.as_ref());
    let Some((signed, key)) = verified.filter(|_| is_sound) else {
        return Err(Failure::Refused(refusal(args, &report)));
    };
    let broken = |error: &dyn std::error::Error| Failure::Broken(chain(error));
    let mut restoring = StoreRestore::open(&args.data).map_err(|error| broken(&error))?;
    let bar = progress::entries("restoring");
    for tile in read::bundles(signed.checkpoint.size) {
        let mut failed = None;
        read::entries(&folder, &tile, |_, record| {
            if failed.is_none() {
                failed = restoring.push(record).err();
            }
        })
        .map_err(|error| broken(&error))?;
        if let Some(error) = failed {
            return Err(broken(&error));
        }
        bar.set_position(restoring.head().0);
    }
    bar.finish_and_clear();
    let (size, root) = restoring.head();
    // The folder is read twice: the restored entries must be the verified ones.
    if (size, root) != (signed.checkpoint.size, signed.checkpoint.root) {
        return Err(Failure::Broken(
            "The folder changed while it was restored from; nothing was kept.".to_owned(),
        ));
    }
    let witnesses = witnesses(&folder).map_err(|error| broken(&error))?;
    restoring
        .finish(signed, key, &witnesses)
        .map_err(|error| broken(&error))?;
    for fault in &report.known_faults {
        screen.line(&format!("KNOWN  {}", sanitise_line(fault)))?;
    }
    screen.line(&format!(
        "{size} entries are restored into {}, root {root}.\nIt has no signing key yet: put the \
         register's key there as notary/checkpoint.key (mode 600), or give it to serve with --key.\nIts \
         checkpoints are verified by {key}",
        args.data.display()
    ))
}

/// Why nothing is restored, and the way on.
fn refusal(args: &RestoreArgs, report: &VerificationReport) -> String {
    let first = report.faults.first().or_else(|| report.unchecked.first());
    let first = sanitise_line(first.map_or("it has no checkpoint", |fault| fault.as_str()));
    let folder = args.folder.display();
    let mut text = format!(
        "The folder does not verify, and nothing is restored from it: {first}\n\
         All faults: minutebook audit verify {folder}"
    );
    if !report.bearable.is_empty() {
        let positions = report.bearable.iter().take(BEARABLE_LISTED_MAX);
        let options: String = positions
            .map(|position| format!(" --known-fault {position}"))
            .collect();
        text.push_str(&format!(
            "\nEntries break rules, and are otherwise whole. If they are recorded so in the register \
             itself and it has to go on with them, name each:{options}"
        ));
    }
    text
}
