//! Every name on the pages exists: files, folders, and types of this crate.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::{pages, root, text};

/// Words in backticks that look like a type but belong to others.
const FOREIGN: &[&str] = &[
    // Messages and codes of gRPC.
    "BadRequest",
    "ErrorInfo",
    "PreconditionFailure",
    "ResourceInfo",
    "RetryInfo",
];

/// Pages that are linked but not written yet.
const AWAITED: &[&str] = &[];

/// The words in backticks on a page, outside its code blocks.
fn quoted(page: &str) -> Vec<&str> {
    let mut quoted = Vec::new();
    let mut is_block = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            is_block = !is_block;
        } else if !is_block {
            quoted.extend(line.split('`').skip(1).step_by(2));
        }
    }
    quoted
}

/// The keywords before the name of a type, in Rust and in protobuf.
const DECLARES: &[&str] = &[
    "struct", "enum", "trait", "type", "message", "rpc", "service",
];

/// The types that the crate, the `.proto` files and the tests declare.
fn types() -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    let mut open = ["src", "proto", "tests/it"]
        .map(|folder| root().join(folder))
        .to_vec();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "proto")
        {
            let text = std::fs::read_to_string(&path).expect("a source");
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let words: Vec<&str> = text
                .split(|c| !is_word(c))
                .filter(|name| !name.is_empty())
                .collect();
            let declared = words.windows(2).filter(|pair| DECLARES.contains(&pair[0]));
            types.extend(declared.map(|pair| pair[1].to_owned()));
        }
    }
    types
}

/// Whether a word is written like a type: `TwoWords`, or `Proposal`.
fn is_type(word: &str) -> bool {
    let is_upper = |c: char| c.is_ascii_uppercase();
    word.starts_with(is_upper)
        && word.chars().any(|c| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The folders from which paths on the pages start.
const FOLDERS: &[&str] = &[
    ".ci/",
    "benches/",
    "books/",
    "docs/",
    "examples/",
    "fuzz/",
    "proto/",
    "src/",
    "tests/",
];

/// Demands that a page, or a file that it names, exists.
#[track_caller]
fn is_there(page: &Path, file: &Path) {
    let file = normal(file);
    let is_there =
        root().join(&file).exists() || AWAITED.iter().any(|awaited| file == Path::new(awaited));
    assert!(
        is_there,
        "{}: there is no {}",
        page.display(),
        file.display()
    );
}

/// A path without `..` in it.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

/// The anchors of a page, made from its headings as GitHub does.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let titles = headings.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let anchors = titles.map(|title| title.chars().filter(is_kept).collect::<String>());
    anchors.map(|anchor| anchor.replace(' ', "-")).collect()
}

#[test]
fn every_file_that_a_page_names_is_there() {
    let mut count = 0;
    for page in pages() {
        let text = text(&page);
        for word in quoted(&text) {
            let is_path = FOLDERS.iter().any(|folder| word.starts_with(folder));
            // For any name, as in `src/views/NAME.rs`.
            if is_path && !word.contains("NAME") {
                is_there(&page, Path::new(word));
                count += 1;
            }
        }
        let links = text.split("](").skip(1);
        for (link, _) in links.filter_map(|rest| rest.split_once(')')) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            if file.contains("://") {
                continue;
            }
            let here = page.parent().unwrap_or(Path::new(""));
            let to = if file.is_empty() {
                page.clone()
            } else {
                normal(&here.join(file))
            };
            is_there(&page, &to);
            if !anchor.is_empty() {
                let anchors = anchors(&self::text(&to));
                assert!(
                    anchors.contains(anchor),
                    "{}: there is no {link}",
                    page.display()
                );
            }
            count += 1;
        }
    }
    assert!(count > 200, "they name files: {count}");
}

#[test]
fn every_type_that_a_page_names_is_in_the_source() {
    let types = types();
    let mut count = 0;
    for page in pages()
        .iter()
        .filter(|page| !page.starts_with("docs/decisions/README.md"))
    {
        let text = text(page);
        for word in quoted(&text).into_iter().filter(|word| is_type(word)) {
            let is_known = types.contains(word) || FOREIGN.contains(&word);
            assert!(is_known, "{}: there is no {word}", page.display());
            count += 1;
        }
    }
    assert!(count > 40, "they name types: {count}");
}
