//! The page in every archive: each of its commands runs, on archives with full
//! tiles and on archives without.

use std::path::Path;
use std::process::Command;

use super::session::{Done, Session};
use crate::program::{books, walkthrough};

/// The blocks of commands of a page; each is typed at once.
fn blocks(page: &str) -> Vec<String> {
    let (_, commands) = page
        .split_once("WITH MINUTEBOOK\n")
        .expect("the files come first");
    let mut blocks: Vec<String> = vec![String::new()];
    for line in commands.lines() {
        match line.strip_prefix("  ") {
            Some(command) => blocks
                .last_mut()
                .expect("one")
                .push_str(&format!("{command}\n")),
            None => blocks.push(String::new()),
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// Types every command of the page in an archive; returns the result of each block.
fn typed(session: &mut Session) -> Vec<Done> {
    let page = std::fs::read_to_string(session.folder().join("archive/README.txt"));
    let key = std::fs::read_to_string(session.folder().join("archive/verifier-key"));
    let (page, key) = (page.expect("the page"), key.expect("the key"));
    assert!(session.run("cd archive").is_success);
    let blocks = blocks(&page);
    assert_eq!(blocks.len(), 4, "{blocks:?}");
    let typed = blocks.iter().map(|block| {
        // The reader replaces these placeholders.
        let block = block.replace("FOLDER", ".").replace("KEY", key.trim());
        session.run(&block)
    });
    let typed = typed.collect();
    assert!(session.run("cd ..").is_success);
    typed
}

/// An archive of these books in `archive/` of a terminal's folder, and its number
/// of entries.
fn archived(books: &[impl AsRef<Path>]) -> (Session, u64) {
    let mut session = Session::with_books(books);
    session.serve("minutebook serve --data register/ --log-level error");
    for command in [
        "minutebook record books/*.json",
        "minutebook audit export archive --json",
    ] {
        let done = session.run(command);
        assert!(done.is_success, "{}", done.output);
    }
    let checkpoint = std::fs::read_to_string(session.folder().join("archive/checkpoint"));
    let checkpoint = checkpoint.expect("the checkpoint");
    let size = checkpoint.lines().nth(1).expect("a size").parse();
    (session, size.expect("a number"))
}

#[test]
fn the_page_in_an_archive_can_be_typed_whatever_its_size() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("NOT RUN: there is no openssl on this machine");
        return;
    }
    let all: Vec<_> = books().into_iter().chain([walkthrough()]).collect();
    for (books, fits) in [(&all[3..], 1..256), (&all[..], 257..1_000)] {
        let (mut session, size) = archived(books);
        assert!(fits.contains(&size), "{size} entries");
        let done = typed(&mut session);
        for block in &done {
            assert!(block.is_success, "{size} entries: {}", block.output);
        }
        assert!(
            done[0].output.contains("Nothing is wrong"),
            "{}",
            done[0].output
        );
        assert!(
            done[2].output.contains("Verified Successfully"),
            "{}",
            done[2].output
        );
        let hashes: Vec<&str> = done[3]
            .output
            .split_whitespace()
            .filter(|word| *word != "-")
            .collect();
        assert_eq!(hashes.len(), 2, "{}", done[3].output);
        assert_eq!(hashes[0].len(), 64);
        assert_eq!(hashes[0], hashes[1], "the leaf of the first entry");

        // The commands leave the folder unchanged, and find a changed byte.
        let checkpoint = session.folder().join("archive/checkpoint");
        let text = std::fs::read_to_string(&checkpoint).expect("the checkpoint");
        let changed = text.replacen(&format!("\n{size}\n"), &format!("\n{}\n", size + 1), 1);
        std::fs::write(&checkpoint, changed).expect("written");
        let done = typed(&mut session);
        assert!(!done[0].is_success && !done[2].is_success);
        let entries = if size < 256 {
            format!("000.p/{size}")
        } else {
            "000".to_owned()
        };
        let entries = session.folder().join("archive/tile/entries").join(entries);
        let mut bytes = std::fs::read(&entries).expect("the entries");
        bytes[2] ^= 1;
        std::fs::write(&entries, bytes).expect("written");
        let done = typed(&mut session);
        let mut hashes = done[3]
            .output
            .split_whitespace()
            .filter(|word| *word != "-");
        assert_ne!(hashes.next(), hashes.next());
    }
}
