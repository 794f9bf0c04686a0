//! `minutebook audit rotate-key`: replaces the key that signs checkpoints.

use std::path::PathBuf;

use clap::Args;

use crate::cli::failure::{Failure, chain};
use crate::cli::screen::Screen;
use crate::cli::umask::keep_files_private;
use crate::clock::Clock;
use crate::server::offline;

#[derive(Debug, Args)]
pub struct RotateArgs {
    /// The directory of the store
    #[arg(
        long,
        env = "MINUTEBOOK_DATA",
        default_value = "minutebook-data",
        value_name = "DIR"
    )]
    data: PathBuf,

    /// The file of the key, where it is not in the store's directory
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

pub fn run(args: RotateArgs, screen: &mut Screen) -> Result<(), Failure> {
    keep_files_private();
    let (position, key) = offline::rotate(&args.data, args.key, &Clock::system())
        .map_err(|error| Failure::Broken(format!("The key stays: {}", chain(&error))))?;
    screen.line(&format!(
        "From entry {position} on, checkpoints are signed by\n{key}\nHand this key to everyone who \
         verifies; the old one leads to it as well."
    ))
}
