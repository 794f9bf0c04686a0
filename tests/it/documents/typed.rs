//! Every command that a page prints is typed, in the order of the page, in one
//! terminal: with the output the page shows, on a register of less than 256
//! entries and on one of more.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::page::{Step, missing, steps};
use super::session::{Done, Session};
use super::{pages, text};
use crate::program::{books, walkthrough};

/// Commands that no test can type, each exactly as it is printed, with the reason.
const NOT_TYPED: &[(&str, &str)] = &[
    (
        "cargo run --release -- demo",
        "builds a release; cli.rs runs the demo",
    ),
    (
        "cargo run -- demo --once",
        "builds the program; cli.rs runs the demo",
    ),
    ("cargo install --path .", "installs on this machine"),
    ("cargo test", "is this"),
    ("cargo test --test it books::", "is this"),
    (".ci/run", "runs this"),
    (
        "MINUTEBOOK_TEST_SERVER_KILLS=1000 cargo test --test it killed",
        "takes hours; cargo test runs it briefly",
    ),
    ("cargo +nightly fuzz list", "needs a nightly toolchain"),
    (
        "cargo +nightly fuzz run request",
        "needs a nightly toolchain, and does not end",
    ),
    ("cargo bench --bench load", "takes half an hour"),
    (
        "cargo bench --bench load -- appends --recorders=64",
        "a benchmark: builds a release",
    ),
    (
        "cargo bench --bench load -- --quick",
        "a benchmark: builds a release",
    ),
    (
        "cargo bench --bench audit -- --entries 100000",
        "a benchmark: builds a release",
    ),
    ("cargo bench --bench layout", "takes half an hour"),
    (
        "grpcurl -plaintext 127.0.0.1:7878 grpc.health.v1.Health/Check",
        "needs grpcurl; grpc/running.rs asks for health",
    ),
    (
        "grpcurl -plaintext -d '{\"collaborationId\": \"bch\"}' 127.0.0.1:7878 \
         minutebook.v1.RegisterService/GetCollaboration",
        "needs grpcurl; grpc/running.rs asks for reflection",
    ),
];

fn is_typed(step: &Step) -> bool {
    !NOT_TYPED
        .iter()
        .any(|(command, _)| *command == step.command)
}

/// What a page is typed on.
enum Register {
    /// The books that the page itself records.
    Own,
    /// More besides, recorded after the first command: numbers differ from those
    /// that are shown, and only success is demanded.
    Larger,
}

/// Types a page.
fn typed(page: &Path, books: &[PathBuf], on: &Register) {
    let mut session = Session::with_books(books);
    let mut faults = Vec::new();
    let mut is_larger = false;
    for step in steps(&text(page)).iter().filter(|step| is_typed(step)) {
        if step.command.starts_with("minutebook serve ") {
            session.serve(&step.command);
            continue;
        }
        if !session.is_served() {
            session.serve("minutebook serve --data register/ --log-level error");
        }
        faults.extend(fault(step, &session.run(&step.command), on));
        if matches!(on, Register::Larger) && !is_larger && step.is_console {
            is_larger = true;
            let more = session.run("minutebook record books/*-20??.json");
            assert!(more.is_success, "{}", more.output);
        }
    }
    assert!(
        faults.is_empty(),
        "{}: {}",
        page.display(),
        faults.join("\n")
    );
}

/// In what a command does something else than its page shows.
fn fault(step: &Step, done: &Done, on: &Register) -> Option<String> {
    let Step { command, shown, .. } = step;
    let output = &done.output;
    match on {
        Register::Own if !shown.is_empty() => {
            let missing = missing(output, shown)?;
            Some(format!("{command}\ndoes not print {missing:?}\n{output}"))
        }
        // Only the page knows whether a refusal is meant.
        Register::Larger if !shown.is_empty() && output.contains("refused") => None,
        Register::Own | Register::Larger => {
            (!done.is_success).then(|| format!("{command}\nfails\n{output}"))
        }
    }
}

/// The papers, and the fiction.
fn all_books() -> Vec<PathBuf> {
    books().into_iter().chain([walkthrough()]).collect()
}

fn is_there(tool: &str) -> bool {
    let is_there = Command::new(tool).arg("--version").output().is_ok();
    if !is_there {
        eprintln!("NOT RUN: there is no {tool} on this machine");
    }
    is_there
}

#[test]
fn the_first_hour_is_as_the_readme_shows_it() {
    typed(Path::new("README.md"), &books(), &Register::Own);
}

#[test]
fn the_first_hour_is_the_same_on_a_small_register() {
    let [bch, east, _] = books();
    typed(Path::new("README.md"), &[bch, east], &Register::Own);
}

#[test]
fn prior_approval_is_as_its_page_shows_it() {
    typed(Path::new("docs/approvals.md"), &all_books(), &Register::Own);
    typed(
        Path::new("docs/approvals.md"),
        &all_books(),
        &Register::Larger,
    );
}

#[test]
fn proof_is_as_its_page_shows_it() {
    if is_there("openssl") {
        typed(Path::new("docs/proof.md"), &all_books(), &Register::Own);
        typed(Path::new("docs/proof.md"), &all_books(), &Register::Larger);
    }
}

#[test]
fn whoever_runs_a_register_can_type_the_page_about_it() {
    typed(
        Path::new("docs/operations.md"),
        &all_books(),
        &Register::Own,
    );
}

#[test]
fn whoever_writes_a_client_can_type_the_page_about_it() {
    if is_there("curl") {
        typed(Path::new("docs/clients.md"), &all_books(), &Register::Own);
    }
}

/// No page prints a command that nobody types, and no exception is for nothing.
#[test]
fn every_command_is_typed_or_says_why_not() {
    let covered = [
        "README",
        "docs/approvals",
        "docs/proof",
        "docs/operations",
        "docs/clients",
    ]
    .map(|page| format!("{page}.md"));
    let mut printed = BTreeSet::new();
    for page in pages() {
        let steps = steps(&text(&page));
        if !covered.iter().any(|covered| page == Path::new(covered)) {
            let step = steps.iter().find(|step| is_typed(step));
            let command = step.map(|step| step.command.as_str());
            assert_eq!(command, None, "{}: nobody types it", page.display());
        }
        printed.extend(steps.into_iter().map(|step| step.command));
    }
    for (command, reason) in NOT_TYPED {
        assert!(
            printed.contains(*command),
            "no page prints {command:?} ({reason})"
        );
    }
}
