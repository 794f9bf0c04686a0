//! What the README shows is what a reader gets who types it.

use std::path::Path;
use std::process::Command;

use crate::program::{Serving, program};

/// A command, and what the README says it prints.
struct Step {
    command: String,
    printed: Vec<String>,
}

/// The steps of a section: in each `console` block, a line after `$ ` is a
/// command (with what it is given, up to `END`), the others are what it prints.
fn steps(readme: &str, section: &str) -> Vec<Step> {
    let (_, section) = readme
        .split_once(&format!("\n## {section}\n"))
        .expect("the section");
    let (section, _) = section.split_once("\n## ").expect("its end");
    let mut steps: Vec<Step> = Vec::new();
    let mut blocks = section.split("```console\n");
    blocks.next();
    for block in blocks {
        let (block, _) = block.split_once("```").expect("the block's end");
        let mut given = false;
        for line in block.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                given = command.ends_with("<<'END'");
                steps.push(Step {
                    command: format!("{command}\n"),
                    printed: Vec::new(),
                });
                continue;
            }
            let step = steps.last_mut().expect("a command first");
            if given {
                step.command.push_str(&format!("{line}\n"));
                given = line != "END";
            } else {
                step.printed.push(line.trim_end().to_owned());
            }
        }
    }
    steps
}

/// Whether a line is what the README shows: `…` stands for anything.
fn is_shown(line: &str, shown: &str) -> bool {
    let mut rest = line.trim_end();
    let mut pieces = shown.split('…');
    let first = pieces.next().unwrap_or_default();
    let Some(after) = rest.strip_prefix(first) else {
        return false;
    };
    rest = after;
    for piece in pieces {
        let Some((_, after)) = rest.split_once(piece) else {
            return false;
        };
        rest = if piece.is_empty() { "" } else { after };
    }
    rest.is_empty()
}

#[test]
fn the_walk_in_the_readme_is_what_a_reader_gets() {
    typed("Prior approval, walked through", 8);
}

#[test]
fn what_an_auditor_is_told_to_type_works() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("NOT RUN: there is no openssl on this machine to verify with");
        return;
    }
    typed("For auditors", 12);
}

/// Types a section, which has so many commands at least, and reads what comes.
fn typed(section: &str, least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("the README");
    let steps = steps(&readme, section);
    assert!(steps.len() >= least, "it is there: {}", steps.len());
    let dir = tempfile::tempdir().expect("a directory");
    let serving = Serving::on(&dir.path().join("register"));
    std::fs::create_dir(dir.path().join("books")).expect("a directory");
    let book = "books/virement-walkthrough.json";
    std::fs::copy(root.join(book), dir.path().join(book)).expect("the book");
    let program = program();
    let program = Path::new(program.get_program());
    let at = program.parent().expect("where the program is");
    let path = format!("{}:{}", at.display(), env!("PATH"));
    for Step { command, printed } in steps {
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(dir.path())
            .env("PATH", &path)
            .env("MINUTEBOOK_SERVER", &serving.url)
            .env("COLUMNS", "110")
            .output()
            .expect("a shell");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut lines = text.lines();
        for shown in printed.iter().filter(|shown| *shown != "…") {
            assert!(
                lines.any(|line| is_shown(line, shown)),
                "{command}does not print, or not there: {shown:?}\n{text}"
            );
        }
    }
}
