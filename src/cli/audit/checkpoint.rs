//! `minutebook audit checkpoint`: the signed checkpoint, as it is.

use clap::Args;

use crate::cli::client::Client;
use crate::cli::failure::Failure;
use crate::cli::screen::Screen;
use crate::wire::proto::GetCheckpointRequest;

/// `audit checkpoint`.
#[derive(Debug, Args)]
pub struct CheckpointArgs {
    /// It must cover this position; one is made if need be [default: the last one
    /// published]
    #[arg(long, value_name = "POSITION", value_parser = clap::value_parser!(u64).range(1..))]
    covering: Option<u64>,

    /// How to write it: note is the checkpoint byte for byte
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: NoteFormat,
}

/// How evidence is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum NoteFormat {
    /// As the specification has it, for other tools.
    #[default]
    Note,
    /// The published message in proto3 JSON.
    Json,
}

/// Asks for it and prints it.
pub async fn run(
    args: &CheckpointArgs,
    client: &Client,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let request = GetCheckpointRequest {
        at_least_position: args.covering.unwrap_or(0),
    };
    let answer = client.audit().get_checkpoint(request).await?.into_inner();
    match args.format {
        NoteFormat::Note => screen.text(&answer.checkpoint),
        NoteFormat::Json => screen.message(&answer),
    }
}
