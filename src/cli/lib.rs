//! The command line: a gRPC client like any other, and the way to start a server.
//!
//! Nothing here knows a rule or reads a log. Questions go to a server over the
//! published protocol, and its answers are printed. Every answer has three forms: a
//! table for people, proto3 JSON and CSV for programs.

#![cfg_attr(
    test,
    allow(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "tests choose numbers that fit"
    )
)]
#![allow(clippy::print_stderr, reason = "it speaks to a person")]

mod append_feed;
mod audit;
pub mod book;
mod client;
mod connector;
mod dates;
mod demo;
mod demo_identities;
mod dry_run;
mod ephemeral_server;
mod explain;
mod failure;
mod format;
mod history;
mod id;
mod import;
mod keeper;
mod listen;
mod logging;
mod login;
mod logout;
mod new_event;
mod observed_connection;
mod pack;
mod pseudonym;
mod record;
mod register_names;
mod remote;
mod retry;
mod screen;
mod serve;
mod server_url;
mod show;
mod sign_in;
mod signals;
mod store_args;
mod template;
mod tls_args;
mod umask;
mod unreachable;
mod whoami;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use client::Client;
use failure::Failure;
use remote::RemoteArgs;
use screen::Screen;
use sign_in::{Credentials, Server};

use minutebook_present::invisible::sanitise_for_terminal;

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    refused: a rule forbids it, the register has no such thing, or nobody has signed in
  2    wrong usage: an argument cannot be understood
  3    no server can be reached, or the server is too busy
  4    a file cannot be read, or its content cannot
  5    something is broken: data loss, an internal error, a server that cannot start
  6    audit verify could not check: nothing is known either way
  130  stopped by Ctrl-C before it was done

Begin with:
  minutebook demo";

/// Keeps the collaboration agreements of public bodies, and every approval behind them
///
/// Every entry is kept for ever, in order, and is never changed. Views show which
/// agreements are in force, who agreed to them, who pays and who must still decide:
/// today, as at any day, and as known at any moment.
#[derive(Debug, Parser)]
#[command(name = "minutebook", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    remote: RemoteArgs,

    /// Write the answer to this file instead of standard output; a name that ends in .csv
    /// or .json sets the format, and CSV is written so that spreadsheets read every letter
    #[arg(short = 'o', long, global = true, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    credentials: Credentials,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Keep a register: open its log, replay it, and answer until Ctrl-C or SIGTERM
    #[command(after_help = "Example:\n  \
        minutebook serve --data /var/lib/minutebook --listen localhost:7878 --log-format json")]
    Serve(Box<serve::ServeArgs>),

    /// Start a register filled with three real papers, and a separate one with fiction
    #[command(after_help = "Examples:\n  minutebook demo\n  minutebook demo --once | less")]
    Demo(demo::DemoArgs),

    /// Record books: files of agreements, signatures, decisions and payments
    ///
    /// Each file is a book, or append requests, in proto3 JSON. Safe to run twice:
    /// nothing is recorded again. Stops at the first append that is refused, and names
    /// the rule, the entry and the amount.
    #[command(after_help = "Examples:\n  minutebook record books/*.json\n  \
        minutebook record --dry-run budget-2025.json\n  \
        jq -c '.appends[]' book.json | minutebook record -")]
    Record(record::RecordArgs),

    /// Record what a workbook or a CSV file says: budgets, votes, signatures and more
    ///
    /// A sheet begins with a line "What", such as "What: budget". Tables may be typed as
    /// papers print them. Faults are named by sheet and cell. Safe to run twice: nothing is
    /// recorded again.
    #[command(
        after_help = "Examples:\n  minutebook import budget.xlsx --dry-run\n  \
        minutebook import votes.csv --recorded-by 'Collaboration office'"
    )]
    Import(import::ImportArgs),

    /// Write a workbook to fill in and import, with the names of the register as drop-downs
    #[command(
        after_help = "Examples:\n  minutebook template budget --for bch -o budget.xlsx\n  \
        minutebook template votes -o votes.xlsx"
    )]
    Template(template::TemplateArgs),

    /// Print a book with one event to fill in, with remarks; without a name, list the events
    ///
    /// Fill it in, and record it with "record". Lines that begin with // are remarks, which
    /// "record" leaves out. Asks no server.
    #[command(after_help = "Examples:\n  minutebook new\n  \
        minutebook new virement_requested -o virement.json")]
    New(new_event::NewEventArgs),

    /// Ask, before recording, which approval rule would apply and which approvals are missing
    ///
    /// Reads the same files as "record" and records nothing. For every event it shows
    /// the rule that applies, if any; who must agree, who has agreed and who is
    /// awaited; the amount left of an approval; and whether the register would admit
    /// the event, with the reasons if not. Each append is judged after those before it
    /// that the register would take.
    #[command(after_help = "Examples:\n  minutebook explain virement.json\n  \
        minutebook explain --all books/*.json\n  \
        minutebook explain --format csv virement.json > why.csv\n\n\
        Exit codes: 0 if everything would be admitted, 1 if a rule would refuse something.")]
    Explain(explain::ExplainArgs),

    /// Show one view: agreements, approvals, money, deadlines, contradictions
    #[command(after_help = "Examples:\n  minutebook show collaborations\n  \
        minutebook show budget bch --as-at 2018-03-14\n  \
        minutebook show decisions --pending --format csv")]
    Show(show::ShowArgs),

    /// Write the pack of a meeting: what to decide and why, what changed, the money, the proofs
    ///
    /// Into a folder: one page of HTML that needs nothing else, PDF, a workbook, the data, and
    /// a CSV file for each answer. With --out FILE.pdf, .html, .xlsx or .json, that file alone.
    /// Each figure names its entry; "audit verify-pack" checks a file without a server.
    #[command(
        after_help = "Examples:\n  minutebook pack bch-summit --meeting 2018-03-14\n  \
        minutebook pack bch-summit --meeting 2018-03-14 --since 2017-12-01 --out pack.pdf"
    )]
    Pack(pack::PackArgs),

    /// Read the entries of the log as they were recorded, corrections included
    #[command(after_help = "Examples:\n  minutebook history collaborations/bch\n  \
        minutebook history --backward --limit 10\n  \
        minutebook history --follow --kind agreement_signed --kind virement_made --format json")]
    History(history::HistoryArgs),

    /// Replay the answers for any day, and prove that nothing was altered
    ///
    /// The changes made by each entry, the differences between two meetings;
    /// checkpoints, proofs, exports, verification.
    #[command(
        after_help = "Examples:\n  minutebook audit replay collaborations/bch\n  \
        minutebook audit diff --from 2026-04-01 --to 2026-07-01\n  \
        minutebook audit export archive\n  \
        minutebook audit verify archive\n  minutebook audit prove 42"
    )]
    Audit(audit::AuditArgs),

    /// Set a keeper of a register that no server has open: who grants mandates in it
    ///
    /// From this entry on, every entry rests on a mandate, so that callers sign in. Run it
    /// again if every keeper is lost: the entry says that a command at the store made it.
    #[command(
        after_help = "Example:\n  minutebook keeper --data /var/lib/minutebook \
        --issuer https://login.example.gov.uk --group register-keepers"
    )]
    Keeper(keeper::KeeperArgs),

    /// Print the pseudonym of a person or a system, to find their entries
    ///
    /// Needs the key of pseudonyms in the data folder, also while a server runs there. The
    /// administrator of the issuer knows which subject is which person; the register does
    /// not.
    #[command(
        after_help = "Example:\n  minutebook pseudonym --data /var/lib/minutebook \
        --issuer https://login.example.gov.uk --subject 5f1c6a"
    )]
    Pseudonym(pseudonym::PseudonymArgs),

    /// Sign in to a server that asks for it: in a browser, or with a code on another device
    #[command(after_help = "Examples:\n  \
        minutebook login --server https://register.example.gov.uk\n  \
        minutebook login --device\n  minutebook login --as secretary")]
    Login(login::LoginArgs),

    /// Forget the sign-in to a server, here and at the provider
    #[command(after_help = "Example:\n  \
        minutebook logout --server https://register.example.gov.uk")]
    Logout,

    /// Show as whom the server takes your calls: groups, roles, pseudonym
    #[command(after_help = "Examples:\n  minutebook whoami\n  minutebook whoami --format json")]
    Whoami(whoami::WhoamiArgs),

    /// Print a script that completes minutebook's verbs and options in a shell
    #[command(after_help = "Example:\n  \
        minutebook completions bash > ~/.local/share/bash-completion/completions/minutebook")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Runs the command that the process's arguments name.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Broken(format!("The program cannot start: {error}")))
        .and_then(|runtime| runtime.block_on(run(cli)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if failure.exit_code() != 0 {
                let text = sanitise_for_terminal(&failure.to_string());
                // A list of faults begins on a line of its own.
                let between = if text.starts_with(' ') { "\n" } else { " " };
                eprintln!("minutebook:{between}{text}");
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

async fn run(mut cli: Cli) -> Result<(), Failure> {
    if let Command::Pack(args) = &mut cli.command {
        // It writes several files, and its output says which.
        args.out = cli.out.take();
    }
    let mut screen = match &cli.out {
        Some(path) => Screen::file(path),
        None => Screen::stdout(),
    };
    let server = Server {
        remote: cli.remote,
        credentials: Some(cli.credentials),
    };
    let done = run_command(cli.command, &server, &mut screen).await;
    done.and(screen.flush())
}

/// Each command is a future on the heap, or this one would hold, and compile, them all.
async fn run_command(
    command: Command,
    server: &Server,
    screen: &mut Screen,
) -> Result<(), Failure> {
    match command {
        Command::Serve(args) => Box::pin(serve::run(*args, screen)).await,
        Command::Demo(args) => Box::pin(demo::run(&args, screen)).await,
        Command::Record(args) => Box::pin(record::run(&args, server, screen)).await,
        Command::Import(args) => Box::pin(import::run(&args, server, screen)).await,
        Command::Template(args) => Box::pin(template::run(&args, server, screen)).await,
        Command::New(args) => new_event::run(&args, screen),
        Command::Explain(args) => Box::pin(explain::run(&args, server, screen)).await,
        Command::Show(args) => {
            let client = Client::connect(server).await?;
            Box::pin(show::run(&args, &client, screen)).await
        }
        Command::Pack(args) => {
            let client = Client::connect(server).await?;
            Box::pin(pack::run(&args, server, &client, screen)).await
        }
        Command::History(args) => {
            let client = Client::connect(server).await?;
            Box::pin(history::run(&args, &client, screen)).await
        }
        Command::Audit(args) => Box::pin(audit::run(args, server, screen)).await,
        Command::Login(args) => Box::pin(login::run(&args, server, screen)).await,
        Command::Logout => Box::pin(logout::run(server, screen)).await,
        Command::Whoami(args) => {
            let client = Client::connect(server).await?;
            Box::pin(whoami::run(&args, &client, screen)).await
        }
        Command::Keeper(args) => keeper::run(args, screen),
        Command::Pseudonym(args) => pseudonym::run(&args, screen),
        Command::Completions { shell } => completions(shell, screen),
    }
}

/// Written to memory first, because the generator panics where a pipe breaks.
fn completions(shell: Shell, screen: &mut Screen) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "minutebook", &mut script);
    screen.text(&String::from_utf8_lossy(&script))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every verb, however deep.
    fn verbs(command: &clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
        for verb in command
            .get_subcommands()
            .filter(|verb| verb.get_name() != "help")
        {
            let path = format!("{path} {}", verb.get_name());
            found.push((path.clone(), verb.clone()));
            verbs(verb, &path, found);
        }
    }

    #[test]
    fn every_verb_has_a_description_and_an_example_that_works() {
        Cli::command().debug_assert();
        let mut found = Vec::new();
        verbs(&Cli::command(), "minutebook", &mut found);
        assert!(found.len() > 18);
        for (path, verb) in found {
            assert!(verb.get_about().is_some(), "{path}");
            let help = verb
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(help.starts_with("Example"), "{path}");
            let examples = help
                .lines()
                .filter_map(|line| line.strip_prefix("  minutebook "));
            let mut count = 0;
            for example in examples {
                let command = example
                    .split(" | ")
                    .next()
                    .unwrap()
                    .split(" > ")
                    .next()
                    .unwrap();
                // As a shell hands them over.
                let words = command.split(' ').map(|word| word.trim_matches('\''));
                let words = ["minutebook"].into_iter().chain(words);
                assert!(Cli::try_parse_from(words).is_ok(), "{example}");
                count += 1;
            }
            assert!(count > 0, "{path}");
        }
    }

    #[test]
    fn views_take_their_dates_and_format_after_their_name() {
        let words = "minutebook show budget bch --as-at 2018-03 --as-known-at #42 --format csv \
                     --server http://h:1";
        assert!(Cli::try_parse_from(words.split_whitespace()).is_ok());
        for wrong in [
            "--as-at 2018-13",
            "--as-known-at soon",
            "--as-known-at 42",
            "--format xml",
        ] {
            let words = format!("minutebook show bodies {wrong}");
            let error = Cli::try_parse_from(words.split(' ')).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn completions_name_the_verbs() {
        let (mut screen, written) = Screen::for_test();
        completions(Shell::Bash, &mut screen).unwrap();
        screen.flush().unwrap();
        assert!(written.text().contains("contributions"));
    }
}
