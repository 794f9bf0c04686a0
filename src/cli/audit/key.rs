//! `minutebook audit rotate-key`: replaces the key that signs checkpoints.

use std::path::PathBuf;

use clap::Args;

use crate::failure::{Failure, chain};
use crate::screen::Screen;
use crate::store_args::StoreArgs;
use crate::umask::keep_files_private;
use minutebook_kernel::audit::key::VerifierKey;
use minutebook_server::offline::{self, KeyRotation, StoreKey};

#[derive(Debug, Args)]
pub struct RotateArgs {
    #[command(flatten)]
    store: StoreArgs,

    /// The file of the key, where it is not in the store's directory
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    /// The program that has the key, where it is in no file
    #[arg(long, value_name = "PROGRAM", conflicts_with_all = ["key", "lost_key"])]
    key_command: Option<PathBuf>,

    /// The program that has the new key [default: a new key is made, in a file]
    #[arg(long, value_name = "PROGRAM")]
    new_key_command: Option<PathBuf>,

    /// The key is lost for good: its verifier key, which auditors have. The entry says
    /// so, and only the new key signs it
    #[arg(long, value_name = "VERIFIER_KEY")]
    lost_key: Option<VerifierKey>,
}

pub fn run(args: RotateArgs, screen: &mut Screen) -> Result<(), Failure> {
    keep_files_private();
    let is_lost = args.lost_key.is_some();
    let rotation = KeyRotation {
        key: StoreKey {
            file: args.key,
            command: args.key_command,
        },
        new_command: args.new_key_command,
        lost: args.lost_key,
    };
    let (position, key) = offline::rotate_key(&args.store.data, rotation, &args.store.clock())
        .map_err(|error| Failure::Broken(format!("The key stays: {}", chain(&error))))?;
    let old = match is_lost {
        false => "the old one leads to it as well",
        true => "nobody can trust it for the old one, which did not sign",
    };
    screen.line(&format!(
        "From entry {position} on, checkpoints are signed by\n{key}\nHand this key to everyone who \
         verifies; {old}."
    ))
}
