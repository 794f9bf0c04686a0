//! The long form of the demo: the questions of a governance meeting, asked of filled
//! registers. Each is printed as a command and is run from the printed words, so a reader
//! who types them gets the same answer.

use clap::Parser;

use crate::book::{self, BookFile};
use crate::client::Client;
use crate::failure::Failure;
use crate::screen::Screen;
use crate::sign_in::Server;
use crate::{Cli, Command, record, show};

/// The tour of one register.
pub struct Tour {
    pub about: &'static str,
    /// The file name and the text of each book.
    pub books: &'static [(&'static str, &'static str)],
    /// Each question, with the words of its command.
    questions: &'static [(&'static str, &'static [&'static str])],
}

pub const PAPERS: Tour = Tour {
    about: "Three real committee papers",
    books: &[
        (
            "leicestershire-2013.json",
            include_str!("../../../books/leicestershire-2013.json"),
        ),
        (
            "bch-2018.json",
            include_str!("../../../books/bch-2018.json"),
        ),
        (
            "east-midlands-2020.json",
            include_str!("../../../books/east-midlands-2020.json"),
        ),
    ],
    questions: &[
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
            "What was done without the approval it needed first?",
            &["show", "breaches"],
        ),
        (
            "Where do the papers contradict themselves or one another?",
            &["show", "differences"],
        ),
    ],
};

pub const COUNCILS: Tour = Tour {
    about: "Councils that shared services, and were merged",
    books: &[(
        "councils-2016.json",
        include_str!("../../../books/councils-2016.json"),
    )],
    questions: &[
        (
            "Nine councils became two: who followed the county council, and where?",
            &["show", "body", "dorset-county-council"],
        ),
        (
            "Who was party to the public health service two years later, and on which agreement does it rest?",
            &[
                "show",
                "collaboration",
                "public-health-dorset",
                "--as-at",
                "2021-04-15",
            ],
        ),
        (
            "How do the minutes state the vote of Purbeck, where the chairman decided?",
            &[
                "show",
                "meeting",
                "purbeck-district-council-full-council",
                "2017-01-31",
            ],
        ),
        (
            "What did two councils decide each for itself, and how did their agreement end?",
            &["show", "collaboration", "cherwell-oxfordshire"],
        ),
        (
            "Which approval still waits for its condition?",
            &["show", "approvals", "--outstanding"],
        ),
    ],
};

/// Invented bodies and amounts.
pub const FICTION: Tour = Tour {
    about: "Fiction: three invented shires walk through prior approval",
    books: &[(
        "virement-walkthrough.json",
        include_str!("../../../books/virement-walkthrough.json"),
    )],
    questions: &[
        (
            "What was asked for, what was approved, what was moved, and what is left?",
            &["show", "virements"],
        ),
        (
            "What was done without its approval, and was it approved after the fact?",
            &["show", "breaches"],
        ),
        (
            "What still awaits decision, and whose?",
            &["show", "approvals", "--outstanding"],
        ),
    ],
};

/// Records the books of a tour and asks its questions.
pub async fn show_tour(tour: &Tour, url: &str, screen: &mut Screen) -> Result<(), Failure> {
    let client = Client::connect(&Server::private(url)).await?;
    let heading = screen.layout().bold(tour.about);
    screen.line(&format!(
        "\n{heading}\nIts own register answers at {url}; it is removed when the demo ends.\n"
    ))?;
    record::record(&books(tour)?, &client, screen).await?;
    for (question, words) in tour.questions {
        let heading = screen.layout().bold(question);
        screen.line(&format!("\n{heading}\n$ minutebook {}\n", words.join(" ")))?;
        ask(words, &client, screen).await?;
    }
    Ok(())
}

pub fn books(tour: &Tour) -> Result<Vec<BookFile>, Failure> {
    tour.books
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_included_book_can_be_read() {
        for tour in [PAPERS, COUNCILS, FICTION] {
            assert_eq!(books(&tour).unwrap().len(), tour.books.len());
        }
    }

    #[test]
    fn every_printed_command_can_be_parsed() {
        for tour in [PAPERS, COUNCILS, FICTION] {
            for (_, words) in tour.questions {
                let parsed = Cli::try_parse_from(["minutebook"].iter().chain(*words));
                assert!(parsed.is_ok(), "{words:?}");
            }
        }
    }
}
