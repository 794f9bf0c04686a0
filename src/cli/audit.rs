//! `minutebook audit`: changes over time, and proofs that nothing was altered.

mod checkpoint;
mod diff;
mod export;
mod key;
mod progress;
mod prove;
mod replay;
mod restore;
mod state;
mod subject;
mod verify;
mod verify_pack;
mod verify_pack_archive;
mod who;
mod witness;

use clap::{Args, Subcommand};

use super::client::Client;
use super::failure::Failure;
use super::screen::Screen;
use super::sign_in::Server;

#[derive(Debug, Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Replay a body, a board or a collaboration: each entry, and the changes it made
    ///
    /// Shows, for one day, how each entry changed the register's answer; the day is
    /// today unless --as-at names another. An entry that is in force only from a later
    /// day changes the list of coming entries. Changes caused by other subjects are
    /// reported separately.
    #[command(
        after_help = "Examples:\n  minutebook audit replay collaborations/bch\n  \
        minutebook audit replay bch --as-at 2018-04-01 --until '#60'\n  \
        minutebook audit replay boards/strategic-alliance-summit --format csv > replay.csv"
    )]
    Replay(replay::ReplayArgs),

    /// Show the changes between two moments, and the entries that caused them
    ///
    /// A day means the register as a meeting on that day could see it: in force on that
    /// day, and recorded by the end of it. An instant, or the position of an entry,
    /// means the register as known then.
    #[command(
        after_help = "Examples:\n  minutebook audit diff --from 2026-04-01 --to 2026-07-01\n  \
        minutebook audit diff --from '#40' bch boards/strategic-alliance-summit\n  \
        minutebook audit diff --from 2016-04-01 --to 2018-04-01 --as-known-at '#142' bch"
    )]
    Diff(diff::DiffArgs),

    /// Print the whole state of one body, board or collaboration
    #[command(
        after_help = "Examples:\n  minutebook audit state bch --as-at 2018-03-14\n  \
        minutebook audit state bodies/leicestershire-pcc --as-known-at '#60' --format json"
    )]
    State(state::StateArgs),

    /// Print a signed checkpoint: how many entries the log has, and their root
    ///
    /// Keep it: it lets you prove later that nothing was rewritten since.
    #[command(
        after_help = "Examples:\n  minutebook audit checkpoint > checkpoint-2026-11\n  \
        minutebook audit checkpoint --format json"
    )]
    Checkpoint(checkpoint::CheckpointArgs),

    /// Prove that an entry is in the log, and print the proof
    ///
    /// The proof is checked before it is printed. It is a C2SP tlog-proof: the
    /// entry's number, the hashes that lead to the root, and the signed checkpoint.
    #[command(
        after_help = "Examples:\n  minutebook audit prove 42 > entry-42.tlog-proof\n  \
        minutebook audit prove 42 --format json"
    )]
    Prove(prove::ProveArgs),

    /// Copy the log into a folder that proves itself, or add new entries to one
    ///
    /// From a running server, without stopping it; or, with --data, from a store
    /// that no server has open. The folder can be checked anywhere, by this program
    /// and by others: its README.txt says how.
    #[command(
        alias = "backup",
        after_help = "Examples:\n  minutebook audit export archive\n  \
        minutebook audit export --data /var/lib/minutebook archive"
    )]
    Export(export::ExportArgs),

    /// Check a folder, or a store that no server has open: needs no server
    ///
    /// Every entry is hashed again, the root, the signature and the witnesses are
    /// checked, and every rule of the register is applied to every entry once more.
    /// Reads only, and needs no private key. A store is checked in a temporary copy,
    /// which needs as much free space as the store takes; TMPDIR says where.
    #[command(after_help = "Examples:\n  \
        minutebook audit verify archive --key \
        register.example/north+6bff06eb+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs\n  \
        minutebook audit verify archive --since checkpoint-2026-11\n  \
        minutebook audit verify --data /var/lib/minutebook\n\n\
        Exit codes: 0 if nothing is wrong, 1 if something is, 2 for wrong usage, 6 if it could not \
        be checked: a file cannot be read, the store is in use, a key is missing.")]
    Verify(verify::VerifyArgs),

    /// Check a file of "minutebook pack": needs no server
    ///
    /// Every word and figure of the file is compared with the answers of the register that
    /// the file carries; every entry that it names is hashed, and proved to be in the
    /// register that its seal signs. With an export of the register, every question of the
    /// pack is asked again too, so that each answer is known to follow from the register.
    /// The output says which of the two was done.
    #[command(
        after_help = "Examples:\n  minutebook audit verify-pack pack.html --key \
        register.example/north+6bff06eb+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs\n  \
        minutebook audit verify-pack pack.pdf --archive archive\n\n\
        Exit codes: 0 if nothing is wrong, 1 if something is, 2 for wrong usage, 6 if it could not \
        be checked: a file cannot be read, or another version of the program wrote it."
    )]
    VerifyPack(verify_pack::VerifyPackArgs),

    /// Build a store from a folder, checking it on the way
    ///
    /// A forger can sign an archive too. So say whose signature you trust: with --key,
    /// the verifier key as it was handed to you; or with --trust-archive-key, the key in
    /// the archive itself.
    #[command(after_help = "Examples:\n  \
        minutebook audit restore archive --data /var/lib/minutebook-restored --key \
        register.example/north+6bff06eb+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs\n  \
        minutebook audit restore archive --data /var/lib/minutebook-restored --trust-archive-key")]
    Restore(restore::RestoreArgs),

    /// Show who recorded, voted and signed, and who has read the log
    ///
    /// A part for each caller: the office, the role and the group of their mandates, and
    /// a pseudonym, never a person. Lists what they recorded, for whom they voted or
    /// signed, and each day on which they exported or read the whole log. From a server, for
    /// auditors and keepers; or, with --data, from a store that no server has open.
    #[command(after_help = "Examples:\n  minutebook audit who\n  \
        minutebook audit who --subject bch --between 2026-04-01..2026-06-30\n  \
        minutebook audit who --data /var/lib/minutebook --format csv > who.csv")]
    Who(who::WhoArgs),

    /// Replace the key that signs the checkpoints of a store that no server has open
    ///
    /// An entry of the log, signed by the old key and by the new one, records the
    /// replacement, so anyone who trusts the old key can trust the new one.
    #[command(after_help = "Example:\n  minutebook audit rotate-key --data /var/lib/minutebook")]
    RotateKey(key::RotateArgs),

    /// Be a witness: sign the checkpoints of a register, and never two that disagree
    ///
    /// The keeper of a register cannot rewrite it alone while others witness it. Prints
    /// the key that verifies the witness's signatures, and its address: start the
    /// register with "serve --witness URL#KEY".
    #[command(
        after_help = "Example:\n  minutebook audit witness --listen 127.0.0.1:7900 --log \
        register.example/north+6bff06eb+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
    )]
    Witness(witness::WitnessArgs),
}

/// Runs the verb.
pub async fn run(args: AuditArgs, server: &Server, screen: &mut Screen) -> Result<(), Failure> {
    match args.verb {
        Verb::Replay(args) => {
            let client = Client::connect(server).await?;
            replay::run(&args, &client, screen).await
        }
        Verb::Diff(args) => {
            let client = Client::connect(server).await?;
            diff::run(&args, &client, screen).await
        }
        Verb::State(args) => {
            let client = Client::connect(server).await?;
            state::run(&args, &client, screen).await
        }
        Verb::Checkpoint(args) => {
            let client = Client::connect(server).await?;
            checkpoint::run(&args, &client, screen).await
        }
        Verb::Prove(args) => {
            let client = Client::connect(server).await?;
            prove::run(&args, &client, screen).await
        }
        Verb::Export(args) => export::run(args, server, screen).await,
        Verb::Who(args) => who::run(args, server, screen).await,
        Verb::Verify(args) => verify::run(&args, screen),
        Verb::VerifyPack(args) => Box::pin(verify_pack::run(&args, screen)).await,
        Verb::Restore(args) => restore::run(&args, screen),
        Verb::RotateKey(args) => key::run(args, screen),
        Verb::Witness(args) => witness::run(args, screen).await,
    }
}
