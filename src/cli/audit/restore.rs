//! `minutebook audit restore`: a store, built from the folder of an export.

use std::path::PathBuf;

use clap::Args;

use super::progress;
use crate::archive::folder::Folder;
use crate::archive::read;
use crate::archive::verify::{TrustAnchors, verify, witnesses};
use crate::audit::key::VerifierKey;
use crate::cli::failure::{Failure, chain};
use crate::cli::screen::Screen;
use crate::cli::umask::keep_files_private;
use crate::server::offline::StoreRestore;

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
}

/// Verifies the folder, and builds the store from the verified entries.
pub fn run(args: &RestoreArgs, screen: &mut Screen) -> Result<(), Failure> {
    keep_files_private();
    let folder = Folder::new(&args.folder);
    let trust = TrustAnchors {
        key: args.key.clone(),
        ..TrustAnchors::default()
    };
    let bar = progress::entries("checking");
    let report = verify(&folder, &trust, |done| bar.set_position(done))
        .map_err(|error| Failure::BadFile(chain(&error)))?;
    bar.finish_and_clear();
    let Some(signed) = report.checkpoint.filter(|_| report.faults.is_empty()) else {
        let first = report.faults.first().cloned().unwrap_or_default();
        return Err(Failure::Refused(format!(
            "The folder does not verify, and nothing is restored from it: {first}\n\
             All faults: minutebook audit verify {}",
            args.folder.display()
        )));
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
        .finish(&signed, &witnesses)
        .map_err(|error| broken(&error))?;
    screen.line(&format!(
        "{size} entries are restored into {}, root {root}.\nIt has no signing key yet: put the \
         register's key there as notary/checkpoint.key (mode 600), or give it to serve with --key; \
         without it, a new one is made under another name.",
        args.data.display()
    ))
}
