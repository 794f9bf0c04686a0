//! House rules that the source itself is read for: names, sizes, layout, English.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::layers::rust_files;

/// Public types that share a name, and why they may.
const SHARED_NAMES: &[(&str, &str)] = &[(
    "Position",
    "the log knows no domain, and the domain knows no log: each has the number of an entry",
)];

/// Names that said nothing to an engineer of the field, and were replaced.
const RETIRED_NAMES: &[&str] = &[
    "Attendant",
    "Bench",
    "Bulk",
    "Course",
    "Desk",
    "Fate",
    "Home",
    "InLine",
    "Mood",
    "Nature",
    "Outgoing",
    "Outlet",
    "Outlook",
    "Outside",
    "Patience",
    "Put",
    "Rehearsal",
    "Rested",
    "Resumption",
    "Said",
    "Seen",
    "Shown",
    "Sight",
    "Stamp",
    "Standing",
    "Testimony",
    "Told",
    "Topic",
    "Turn",
    "Untold",
    "Vantage",
    "Voice",
    "Walk",
    "Word",
    "World",
];

/// The most lines of a file, tests in it included.
const LINES_MAX: usize = 450;

/// Files that are longer, and why.
const LONG_FILES: &[(&str, &str)] = &[(
    "src/views/changes.rs",
    "the comparison of two messages is one recursion",
)];

/// Phrases that read like riddles, and how often comments and documents have
/// each. A number may only go down: lower it when you rewrite one.
const RIDDLES: &[(&str, usize)] = &[
    ("told", 1),
    ("said of", 0),
    ("put up", 0),
    ("came of", 0),
    ("lies in", 0),
    ("lies on", 0),
    ("stands", 3),
    ("whoever", 4),
];

/// How many comments begin with a headless "What". May only go down.
const HEADLESS_WHAT: usize = 15;

/// The name that a line declares as a type, and whether it is public.
fn declared_type(line: &str) -> Option<(&str, bool)> {
    let line = line.trim_start();
    let (line, is_public) = match line.strip_prefix("pub") {
        Some(rest) => match rest.strip_prefix('(') {
            Some(rest) => (rest.split_once(") ")?.1, true),
            None => (rest.strip_prefix(' ')?, true),
        },
        None => (line, false),
    };
    let rest = ["struct ", "enum ", "trait ", "type ", "union "]
        .iter()
        .find_map(|keyword| line.strip_prefix(keyword))?;
    let end = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    (end > 0).then(|| (&rest[..end], is_public))
}

#[test]
fn no_two_public_types_share_a_name() {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, source) in rust_files("src") {
        for (name, is_public) in source.lines().filter_map(declared_type) {
            if is_public {
                files
                    .entry(name.to_owned())
                    .or_default()
                    .insert(file.clone());
            }
        }
    }
    assert!(files.len() > 200, "types were found: {}", files.len());
    let shared: Vec<String> = files
        .into_iter()
        .filter(|(name, files)| {
            files.len() > 1 && !SHARED_NAMES.iter().any(|(allowed, _)| allowed == name)
        })
        .map(|(name, files)| format!("{name}: {files:?}"))
        .collect();
    assert!(
        shared.is_empty(),
        "rename one of each, or add it to SHARED_NAMES with a reason:\n{}",
        shared.join("\n")
    );
}

#[test]
fn retired_names_stay_retired() {
    let mut found = Vec::new();
    for (file, source) in rust_files("src") {
        for (name, _) in source.lines().filter_map(declared_type) {
            if RETIRED_NAMES.contains(&name) {
                found.push(format!("{file} declares {name}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_file_is_one_noun() {
    let mut wrong = Vec::new();
    for dir in ["src", "tests", "benches", "fuzz", "examples"] {
        for (file, source) in rust_files(dir) {
            if file.ends_with("/mod.rs") {
                wrong.push(format!(
                    "{file}: a module x is x.rs, and its parts are in x/"
                ));
            }
            let lines = source.lines().count();
            let is_listed = LONG_FILES.iter().any(|(long, _)| *long == file);
            if dir == "src" && lines > LINES_MAX && !is_listed {
                wrong.push(format!("{file} has {lines} lines: split it by noun"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The comments of a Rust or protobuf source, a line each, without their marks.
fn comments(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("//"))
        .map(|line| line.trim_start_matches(['/', '!']).trim())
        .collect()
}

/// Every comment and document of the project, a line each.
fn prose() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut prose = Vec::new();
    for dir in ["src", "tests", "benches", "fuzz", "examples"] {
        for (file, source) in rust_files(dir) {
            // This file has to name them.
            if file != "tests/it/tidy.rs" {
                let lines = comments(&source).into_iter();
                prose.extend(lines.map(|line| (file.clone(), line.to_owned())));
            }
        }
    }
    let mut folders = vec![root.join("proto"), root.join("docs"), root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                if folder != root {
                    folders.push(path);
                }
                continue;
            }
            let name = path
                .strip_prefix(root)
                .expect("below the root")
                .display()
                .to_string();
            let extension = path.extension().unwrap_or_default();
            let text = match extension.to_str() {
                Some("md") => fs::read_to_string(&path).expect("a document"),
                Some("proto") => comments(&fs::read_to_string(&path).expect("a source")).join("\n"),
                _ => continue,
            };
            prose.extend(text.lines().map(|line| (name.clone(), line.to_owned())));
        }
    }
    prose
}

/// How often a phrase is in a line, as whole words.
fn count(line: &str, phrase: &str) -> usize {
    let line = line.to_lowercase();
    line.match_indices(phrase)
        .filter(|(at, _)| {
            let before = line[..*at].chars().next_back();
            let after = line[at + phrase.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
        .count()
}

#[test]
fn riddles_only_become_fewer() {
    let prose = prose();
    assert!(prose.len() > 5_000, "comments were found: {}", prose.len());
    let mut wrong = Vec::new();
    for (phrase, allowed) in RIDDLES {
        let lines: Vec<_> = prose
            .iter()
            .filter(|(_, line)| count(line, phrase) > 0)
            .collect();
        let found: usize = lines.iter().map(|(_, line)| count(line, phrase)).sum();
        if found > *allowed {
            wrong.push(format!("{phrase:?}: {found}, and {allowed} were left:"));
            wrong.extend(lines.iter().map(|(file, line)| format!("  {file}: {line}")));
        }
    }
    let headless: Vec<_> = prose
        .iter()
        .filter(|(_, line)| line.starts_with("What ") && !line.ends_with('?'))
        .collect();
    if headless.len() > HEADLESS_WHAT {
        let found = headless.len();
        wrong.push(format!(
            "headless What: {found}, and {HEADLESS_WHAT} were left:"
        ));
        wrong.extend(
            headless
                .iter()
                .map(|(file, line)| format!("  {file}: {line}")),
        );
    }
    assert!(
        wrong.is_empty(),
        "say it plainly, subject first (CONTRIBUTING.md):\n{}",
        wrong.join("\n")
    );
}
