//! The PDF, read by other programs.
//!
//! Tests that need one of them say plainly when it is not there.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use super::*;
use crate::fixtures::{heads, long_word, paper};
use crate::paper_table::PaperTable;
use crate::section::{Block, Paragraph, Section};

static PDF: LazyLock<Vec<u8>> = LazyLock::new(|| write(&paper()).unwrap());

/// Gives bytes to a program, and returns what it prints; none if it is not there.
fn run(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<(bool, String)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let mut command = Command::new(program);
    for argument in arguments {
        match *argument {
            "FILE" => command.arg(file.path()),
            argument => command.arg(argument),
        };
    }
    match command.stderr(Stdio::piped()).output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            Some((output.status.success(), text))
        }
        Err(_) => {
            println!("NOT RUN: {program} is not here; install it to run this");
            None
        }
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    let first: &Vec<u8> = &PDF;
    assert!(first.starts_with(b"%PDF-1.7"));
    assert_eq!(*first, write(&paper()).unwrap());
    if let Ok(path) = std::env::var("MINUTEBOOK_TEST_PDF") {
        std::fs::write(path, first).unwrap();
    }
}

#[test]
fn its_text_can_be_read() {
    let Some((_, text)) = run("pdftotext", &["-layout", "FILE", "-"], &PDF) else {
        return;
    };
    for expected in [
        "Pack for the Fictional Three Shires Board",
        "Fictional Three Shires Board, 17 June 2024",
        "Page 1 of ",
        "Nothing is left of the amount",
        "✓ Quorum: 3 of 6 took part",
        "£1,234,567.89",
        "-£10.50",
        "£2,214,557.39",
        "<script>alert(1)</script>",
        "Ελλάδα Кириллица",
        "Łódź, Ynys Môn, Ḷḷandaf, ế, é",
        "U+6771",
        "Line 119 of many.",
        "No notice runs.",
    ] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    // A box is printed for each, and the character itself is copied.
    assert!(text.contains("東京都"), "{text}");
    assert!(!text.contains('\u{202e}'));
    let letters: String = text.split_whitespace().collect();
    assert!(letters.contains(&long_word()), "{text}");
    for row in 0..300 {
        assert!(text.contains(&format!("Head {row} ")), "{row}");
    }
}

#[test]
fn heads_of_tables_are_repeated_and_read_once() {
    let mut paper = Paper::new("Heads", "Board", jiff::Timestamp::UNIX_EPOCH);
    let mut section = Section::new("All");
    section.table(PaperTable::new(heads(60)));
    paper.sections.push(section);
    let pdf = write(&paper).unwrap();
    let Some((_, text)) = run("pdftotext", &["-layout", "FILE", "-"], &pdf) else {
        return;
    };
    let pages: Vec<&str> = text.split('\u{c}').collect();
    let with_rows = pages.iter().filter(|page| page.contains("Forensics and"));
    let with_rows: Vec<_> = with_rows.collect();
    assert!(with_rows.len() > 1, "{text}");
    for page in with_rows {
        assert!(page.contains("Original"), "{page}");
    }
    let Some((_, tree)) = run("pdfinfo", &["-struct-text", "FILE"], &pdf) else {
        return;
    };
    assert_eq!(tree.matches("\"Original\"").count(), 1, "{tree}");
}

#[test]
fn it_is_tagged() {
    let Some((_, tree)) = run("pdfinfo", &["-struct", "FILE"], &PDF) else {
        return;
    };
    for element in [
        "H1 \"For decision\"",
        "H2 \"Who must agree, and why\"",
        "\n      L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "Caption",
        "THead",
        "TH",
        "TD",
        "Figure",
        "Link",
    ] {
        assert!(tree.contains(element), "{element} is not in:\n{tree}");
    }
    assert!(tree.contains("/Scope /Column"), "{tree}");
}

/// Each table has rows of one length, each item a label and a body, and nothing is empty.
#[test]
fn its_tags_are_in_order() {
    let structure = composer::compose(&paper()).unwrap().structure;
    assert!(structure.len() > 2_000);
    assert_eq!(structure.faults(), Vec::<String>::new());
}

#[test]
fn other_readers_find_no_fault() {
    if let Some((is_right, report)) = run("qpdf", &["--check", "FILE"], &PDF) {
        assert!(is_right, "{report}");
    }
    if let Some((_, facts)) = run("pdfinfo", &["FILE"], &PDF) {
        for expected in [
            "Title:           Pack for the Fictional Three Shires Board",
            "Tagged:          yes",
            "Page size:       595.28 x 841.89 pts (A4)",
        ] {
            assert!(facts.contains(expected), "{facts}");
        }
    }
    if let Some((_, fonts)) = run("pdffonts", &["FILE"], &PDF) {
        let fonts: Vec<&str> = fonts.lines().skip(2).collect();
        assert_eq!(fonts.len(), 2, "{fonts:?}");
        assert!(
            fonts.iter().all(|font| font.contains("yes yes yes")),
            "{fonts:?}"
        );
    }
}

#[test]
fn the_smallest_paper_is_a_page() {
    let made_at = jiff::Timestamp::UNIX_EPOCH;
    let mut empty = Paper::new("", "", made_at);
    assert!(write(&empty).is_ok());
    empty.sections.push(Section::new(""));
    assert!(write(&empty).is_ok());
    let mut nested = Section::new("deep");
    for _ in 0..50 {
        let mut above = Section::new("above");
        above.parts.push(nested);
        nested = above;
    }
    empty.sections.push(nested);
    assert!(write(&empty).is_ok());
}

#[test]
fn what_belongs_together_stays_together() {
    let made_at = jiff::Timestamp::UNIX_EPOCH;
    let mut paper = Paper::new("Pages", "Board", made_at);
    let mut section = Section::new("Section");
    for group in 0..12 {
        let blocks = (0..15)
            .map(|line| Block::Paragraph(Paragraph::plain(format!("Group {group} line {line}."))));
        section.blocks.push(Block::Together(blocks.collect()));
    }
    paper.sections.push(section);
    let composed = composer::compose(&paper).unwrap();
    let pages = flow::paginate(composed.strips);
    assert!(pages.len() > 4);
    for page in &pages {
        let text = page.strips.iter().flat_map(|placed| &placed.strip.pieces);
        let lines = text.flat_map(|piece| &piece.strokes);
        let lines: Vec<&String> = lines
            .filter_map(|stroke| match stroke {
                flow::Stroke::Text { text, .. } if text.starts_with("Group") => Some(text),
                _ => None,
            })
            .collect();
        assert_eq!(lines.len() % 15, 0, "{lines:?}");
        for placed in &page.strips {
            let lower = placed.y + placed.strip.height;
            assert!(lower <= flow::TEXT_TOP + flow::TEXT_HEIGHT + 0.1);
        }
    }
}

#[test]
fn bookmarks_and_links_lead_somewhere() {
    let Some((_, json)) = run("qpdf", &["--json", "FILE"], &PDF) else {
        return;
    };
    for expected in [
        "\"title\": \"For decision\"",
        "\"title\": \"Who must agree, and why\"",
        "u:https://register.example/entries/31",
        "u:Entry 31 in the register",
    ] {
        assert!(json.contains(expected), "{expected} is not in it");
    }
}

#[test]
fn without_an_address_entries_are_words() {
    let mut paper = paper();
    paper.entry_links = None;
    paper.sections.truncate(1);
    let pdf = write(&paper).unwrap();
    if let Some((_, text)) = run("pdftotext", &["-layout", "FILE", "-"], &pdf) {
        let text = text.replace('\u{a0}', " ");
        assert!(text.contains("(entry 22)"), "{text}");
    }
    if let Some((_, tree)) = run("pdfinfo", &["-struct", "FILE"], &pdf) {
        assert!(!tree.contains("Link"), "{tree}");
    }
}
