//! `minutebook audit checkpoint`: the signed checkpoint.

use clap::Args;

use crate::client::Client;
use crate::dates;
use crate::failure::Failure;
use crate::screen::Screen;
use minutebook_grpc::wire::proto::GetCheckpointRequest;
use minutebook_present::json;

#[derive(Debug, Args)]
pub struct CheckpointArgs {
    /// A checkpoint that covers this position; signed now if there is none [default:
    /// the last one published]
    #[arg(long, value_name = "POSITION", value_parser = dates::parse_position)]
    covering: Option<u64>,

    /// How to write it: note is the checkpoint byte for byte
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: NoteFormat,
}

/// How evidence is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum NoteFormat {
    /// As C2SP specifies it, for other tools.
    #[default]
    Note,
    /// The published message in proto3 JSON.
    Json,
}

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
        NoteFormat::Note => screen.verbatim(&answer.checkpoint),
        NoteFormat::Json => screen.line(&json::render(&answer)),
    }
}
