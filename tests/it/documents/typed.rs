//! Every command on a page is typed, in order, in one terminal, and its output
//! compared with the page: on a register of less than 256 entries and on one of
//! more.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::page::{Step, missing, steps};
use super::session::{Done, Session};
use super::{pages, text};
use crate::program::{books, councils, monitoring, walkthrough};

/// Commands that no test can run, each exactly as printed, with the reason.
const NOT_TYPED: &[(&str, &str)] = &[
    (
        "cargo run --release -- demo",
        "builds a release; cli.rs runs the demo",
    ),
    (
        "cargo run -- demo --once",
        "builds the program; cli.rs runs the demo",
    ),
    (
        "cargo run -- serve --data target/example",
        "builds the program; examples.rs runs each example against a server",
    ),
    ("cargo install --path .", "installs on this machine"),
    ("cargo test", "is this"),
    ("cargo test --test it books::", "is this"),
    (".ci/run", "runs this"),
    (
        "MINUTEBOOK_TEST_SERVER_KILLS=1000 cargo test --test it server_killed",
        "takes hours; cargo test runs it briefly",
    ),
    (
        "MINUTEBOOK_TEST_PAGES=1000 cargo test --test it browser",
        "takes hours; cargo test looks at a page of each kind",
    ),
    (
        "MINUTEBOOK_SCREENSHOTS=target/screenshots cargo test --test it browser::pictures",
        "makes pictures for people to look at",
    ),
    (
        "MINUTEBOOK_PICTURE=docs/picture.png cargo test --test it browser::pictures",
        "makes the picture of the README",
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
        "cargo bench --bench attacks -- --quick",
        "a benchmark: builds a release",
    ),
    (
        "minutebook serve --tls-cert /etc/minutebook/server.pem --tls-key \
         /etc/minutebook/server.key --listen 0.0.0.0:7878 --client-ca \
         /etc/minutebook/clients-ca.pem",
        "needs certificates in /etc; transport/exposure.rs starts such a server",
    ),
    (
        "openssl x509 -in /etc/minutebook/clients-ca.pem -noout -fingerprint -sha256",
        "needs certificates in /etc",
    ),
    (
        "minutebook serve --listen unix:/run/minutebook/register.sock --socket-mode 0660",
        "needs a folder in /run; transport/sockets.rs starts such a server",
    ),
    (
        "buf curl --protocol grpc --cacert ca.pem --cert client.pem --key client.key -d '{}' \
         https://register.example.gov.uk:7878/minutebook.v1.RegisterService/ListBodies",
        "needs buf and a server elsewhere",
    ),
    (
        "minutebook serve --data register/ --issuer https://login.example.gov.uk --audience \
         register --login-client minutebook-cli",
        "needs a provider; sign_in/logins.rs starts one",
    ),
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

/// The contents of the register for a page.
#[derive(Clone, Copy)]
enum Register {
    /// Only the entries that the page records.
    Own,
    /// These books, recorded before the page.
    Filled(&'static str),
    /// These books, recorded after the first command of the page. Positions are as
    /// printed but amounts differ, so only success is demanded.
    Grown(&'static str),
}

/// Types a page.
fn typed(page: &str, books: &[PathBuf], on: Register) {
    let mut session = Session::with_books(books);
    let mut faults = Vec::new();
    let record = |session: &mut Session, books: &str| {
        let done = session.run(&format!("minutebook record {books}"));
        assert!(done.is_success, "{}", done.output);
    };
    let mut grows = true;
    for step in steps(&text(Path::new(page)))
        .iter()
        .filter(|step| is_typed(step))
    {
        let serves = step.command.starts_with("minutebook serve ");
        if serves || !session.is_served() {
            let own = "minutebook serve --data register/ --log-level error";
            let is_first = !session.is_served();
            session.serve(if serves { &step.command } else { own });
            if let (true, Register::Filled(books)) = (is_first, on) {
                record(&mut session, books);
            }
        }
        if serves {
            continue;
        }
        faults.extend(fault(step, &session.run(&step.command), on));
        if let (true, true, Register::Grown(books)) = (grows, step.is_console, on) {
            grows = false;
            record(&mut session, books);
        }
    }
    assert!(faults.is_empty(), "{page}: {}", faults.join("\n"));
}

/// The difference between the result of a command and its page, if any.
fn fault(step: &Step, done: &Done, on: Register) -> Option<String> {
    let Step { command, shown, .. } = step;
    let output = &done.output;
    match on {
        Register::Own | Register::Filled(_) if !shown.is_empty() => {
            let missing = missing(output, shown)?;
            Some(format!("{command}\ndoes not print {missing:?}\n{output}"))
        }
        // The page alone shows whether a refusal is expected.
        Register::Grown(_) if !shown.is_empty() && output.contains("refused") => None,
        Register::Own | Register::Filled(_) | Register::Grown(_) => {
            (!done.is_success).then(|| format!("{command}\nfails\n{output}"))
        }
    }
}

/// The books of the papers and of the councils, and the fictional one.
fn all_books() -> Vec<PathBuf> {
    books()
        .into_iter()
        .chain([councils(), walkthrough(), monitoring()])
        .collect()
}

fn is_there(tool: &str) -> bool {
    let is_there = Command::new(tool).arg("--version").output().is_ok();
    if !is_there {
        eprintln!("NOT RUN: there is no {tool} on this machine");
    }
    is_there
}

/// Less than 256 entries, so that no tile of the tree is full.
const SMALL: &str = "books/virement-walkthrough.json";
const LARGE: &str = "books/*.json";
const PAPERS: &str = "books/*-20??.json";

#[test]
fn the_first_hour_is_as_the_readme_shows_it() {
    let [bch, east, leicestershire] = books();
    let monitoring = monitoring();
    typed(
        "README.md",
        &[bch.clone(), east.clone(), monitoring.clone()],
        Register::Own,
    );
    typed(
        "README.md",
        &[bch, east, leicestershire, councils(), monitoring],
        Register::Own,
    );
}

#[test]
fn prior_approval_is_as_its_page_shows_it() {
    typed("docs/approvals.md", &all_books(), Register::Own);
    typed("docs/approvals.md", &all_books(), Register::Grown(PAPERS));
}

#[test]
fn proof_is_as_its_page_shows_it() {
    if is_there("openssl") {
        typed("docs/proof.md", &all_books(), Register::Own);
        typed("docs/proof.md", &all_books(), Register::Grown(PAPERS));
    }
}

#[test]
fn the_page_for_those_who_run_a_register_can_be_typed() {
    if is_there("openssl") {
        typed("docs/operations.md", &all_books(), Register::Filled(SMALL));
        typed("docs/operations.md", &all_books(), Register::Filled(LARGE));
    }
}

#[test]
fn the_page_for_those_who_write_a_client_can_be_typed() {
    if is_there("curl") {
        typed("docs/clients.md", &all_books(), Register::Filled(SMALL));
        typed("docs/clients.md", &all_books(), Register::Filled(LARGE));
    }
}

#[test]
fn who_may_say_what_is_as_its_page_shows_it() {
    typed("docs/who-may-say-what.md", &[], Register::Own);
}

#[test]
fn the_page_on_spreadsheets_can_be_typed() {
    typed("docs/spreadsheets.md", &all_books(), Register::Own);
}

#[test]
fn the_page_on_packs_can_be_typed() {
    typed("docs/packs.md", &all_books(), Register::Own);
}

/// Every command on a page is typed, and every exception is needed.
#[test]
fn every_command_is_typed_or_has_a_reason_not_to() {
    let covered = [
        "README",
        "docs/approvals",
        "docs/proof",
        "docs/operations",
        "docs/clients",
        "docs/packs",
        "docs/spreadsheets",
        "docs/who-may-say-what",
    ]
    .map(|page| format!("{page}.md"));
    let mut printed = BTreeSet::new();
    for page in pages() {
        let steps = steps(&text(&page));
        if !covered.iter().any(|covered| page == Path::new(covered)) {
            let step = steps.iter().find(|step| is_typed(step));
            let command = step.map(|step| step.command.as_str());
            assert_eq!(command, None, "{}: no test types it", page.display());
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
