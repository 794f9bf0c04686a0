//! `minutebook demo`: a register with real papers in it, to look around in.
//!
//! Starts a server on a log of its own, records the three books that come with
//! the program through the same door as any client, and asks the questions a
//! governance meeting would. Each question is printed as the command that asks it
//! and is then run from those very words, so what is shown is what a reader gets.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use clap::{Args, Parser};

use super::book::{self, BookFile};
use super::client::Client;
use super::failure::Failure;
use super::logging::{self, LogFormat};
use super::private::PrivateRegister;
use super::screen::Screen;
use super::signals::stop_asked;
use super::{Cli, Command, record, show};

/// The books that come with the program.
const BOOKS: [(&str, &str); 3] = [
    (
        "leicestershire-2013.json",
        include_str!("../../books/leicestershire-2013.json"),
    ),
    ("bch-2018.json", include_str!("../../books/bch-2018.json")),
    (
        "east-midlands-2020.json",
        include_str!("../../books/east-midlands-2020.json"),
    ),
];

/// What is asked, and the words that ask it.
const QUESTIONS: [(&str, &[&str]); 5] = [
    (
        "Who pays what in the East Midlands in 2020/21, and do the printed totals add up?",
        &[
            "show",
            "contributions",
            "east-midlands",
            "--year",
            "2020/21",
        ],
    ),
    (
        "What do Bedfordshire, Cambridgeshire and Hertfordshire spend together?",
        &["show", "budget", "bch"],
    ),
    (
        "Who is in it, who leads what, and on which documents does it rest?",
        &["show", "collaboration", "bch"],
    ),
    (
        "What was decided from 2012 to 2020, and what still awaited decision?",
        &["show", "decisions", "--as-at", "2020-12-31"],
    ),
    (
        "Where do the papers contradict themselves or one another?",
        &["show", "differences"],
    ),
];

/// What to try next.
const NEXT: [&str; 7] = [
    "show collaborations --as-at 2016",
    "show body leicestershire-pcc",
    "show decisions --pending",
    "show contributions east-midlands --year 2020/21 --format csv",
    "show recommendations --closed",
    "history bch --limit 20",
    "history --follow",
];

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Stop after printing, instead of serving until Ctrl-C
    #[arg(long)]
    once: bool,

    /// The address to listen on [default: 127.0.0.1:7878 if it is free, else any]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

/// Starts, records, asks, and serves until it is asked to stop.
pub async fn run(args: &DemoArgs, screen: &mut Screen) -> Result<(), Failure> {
    // A tour is interrupted only by what would end it.
    logging::start(LogFormat::Human, "error")?;
    let listen = args.listen.unwrap_or_else(free_address);
    let mut private = PrivateRegister::start(listen).await?;
    let url = private.url();
    let shown = tokio::select! {
        shown = look_around(args, &url, screen) => shown,
        why = private.failed() => Err(why),
        // Asked to stop is the way a demo ends.
        () = stop_asked() => Ok(()),
    };
    let stopped = private.stop().await;
    shown.and(stopped)
}

async fn look_around(args: &DemoArgs, url: &str, screen: &mut Screen) -> Result<(), Failure> {
    let client = Client::connect(url).await?;
    screen.line(&format!(
        "A register of its own answers at {url}; it is gone when the demo ends.\n"
    ))?;
    record::record(&books()?, &client, screen).await?;
    for (question, words) in QUESTIONS {
        let heading = screen.layout().bold(question);
        screen.line(&format!("\n{heading}\n$ minutebook {}\n", words.join(" ")))?;
        ask(words, &client, screen).await?;
    }
    if args.once {
        return Ok(());
    }
    // By the name it was started by: it need not be on the path.
    let program = std::env::args()
        .next()
        .unwrap_or_else(|| "minutebook".to_owned());
    let mut text = "\nLook further, from another terminal:\n".to_owned();
    for command in NEXT {
        text.push_str(&format!("  {program} --server {url} {command}\n"));
    }
    text.push_str("\nCtrl-C ends the demo.");
    screen.line(&text)?;
    std::future::pending().await
}

fn books() -> Result<Vec<BookFile>, Failure> {
    BOOKS
        .iter()
        .map(|(name, text)| book::parse(name, text))
        .collect()
}

/// Runs a question from the words that are printed.
async fn ask(words: &[&str], client: &Client, screen: &mut Screen) -> Result<(), Failure> {
    let broken = || Failure::Broken(format!("The demo cannot ask \"{}\".", words.join(" ")));
    let words = ["minutebook"].iter().chain(words);
    match Cli::try_parse_from(words).map_err(|_| broken())?.command {
        Command::Show(args) => show::run(&args, client, screen).await,
        _ => Err(broken()),
    }
}

/// The usual address, unless somebody has it: a demo should start all the same.
fn free_address() -> SocketAddr {
    let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, 7878));
    match TcpListener::bind(usual) {
        Ok(_) => usual,
        Err(_) => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_book_that_comes_along_can_be_read() {
        assert_eq!(books().unwrap().len(), BOOKS.len());
    }

    #[test]
    fn every_command_that_is_printed_is_one() {
        let next = NEXT.map(|text| text.split(' ').collect::<Vec<_>>());
        let questions = QUESTIONS.map(|(_, words)| words.to_vec());
        for words in next.into_iter().chain(questions) {
            let parsed = Cli::try_parse_from(["minutebook"].iter().chain(&words));
            assert!(parsed.is_ok(), "{words:?}");
        }
    }
}
