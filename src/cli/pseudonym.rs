//! `minutebook pseudonym`: whose pseudonym an administrator looks for.

use std::path::PathBuf;

use clap::Args;

use super::failure::{Failure, chain};
use super::screen::Screen;
use minutebook_kernel::sign_in::pseudonyms::Pseudonyms;

#[derive(Debug, Args)]
pub struct PseudonymArgs {
    /// The directory of the store, or a folder with a copy of identity/pseudonym.key
    #[arg(
        long,
        env = "MINUTEBOOK_DATA",
        default_value = "minutebook-data",
        value_name = "DIR"
    )]
    data: PathBuf,

    /// The issuer, exactly as "iss" in its tokens; for a client certificate, the SHA-256 of
    /// its CA, as "minutebook whoami" shows it
    #[arg(long, value_name = "URL")]
    issuer: String,

    /// The subject, "sub" in a token, as the issuer's administrator knows it; for a client
    /// certificate, its name
    #[arg(long, value_name = "ID")]
    subject: String,
}

pub fn run(args: &PseudonymArgs, screen: &mut Screen) -> Result<(), Failure> {
    let pseudonyms = Pseudonyms::open(&args.data);
    let pseudonyms = pseudonyms.map_err(|error| Failure::Broken(chain(&error)))?;
    match pseudonyms.known(&args.issuer, &args.subject) {
        Some(pseudonym) => screen.line(&pseudonym.to_string()),
        None => Err(Failure::Refused(format!(
            "{} has no key of pseudonyms: nobody has signed in there, or the key was destroyed.",
            args.data.display()
        ))),
    }
}
