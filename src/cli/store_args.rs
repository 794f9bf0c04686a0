//! The store that a command works on while no server has it open, and its clock.

use std::path::PathBuf;

use clap::Args;

use minutebook_kernel::clock::Clock;

#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The directory of the store
    #[arg(
        long,
        env = "MINUTEBOOK_DATA",
        default_value = "minutebook-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,

    /// Go on although the last entry is in the future: its instant, as the error names it
    #[arg(long, value_name = "INSTANT")]
    go_on_after: Option<jiff::Timestamp>,
}

impl StoreArgs {
    /// The clock that dates entries of the store.
    pub fn clock(&self) -> Clock {
        match self.go_on_after {
            Some(last) => Clock::system().going_on_after(last),
            None => Clock::system(),
        }
    }
}
