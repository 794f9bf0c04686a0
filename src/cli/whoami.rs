//! `minutebook whoami`: as whom the server takes the calls of this program.

use clap::Args;

use super::client::Client;
use super::failure::Failure;
use super::format::{Format, write};
use super::screen::Screen;
use minutebook_grpc::wire::proto::WhoAmIRequest;

#[derive(Debug, Args)]
pub struct WhoamiArgs {
    /// How to write the answer [default: table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

pub async fn run(args: &WhoamiArgs, client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let answer = client.caller().who_am_i(WhoAmIRequest {}).await?;
    write(&answer.into_inner(), args.format, screen)
}
