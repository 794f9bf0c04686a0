//! The layers of `ARCHITECTURE.md`, checked against the imports of the source.

mod circles;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer, and the other layers it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("blocking", &[]),
    ("domain", &[]),
    ("durable_file", &[]),
    ("error_chain", &[]),
    ("tls", &[]),
    ("log", &["durable_file"]),
    ("audit", &[]),
    ("archive", &["audit", "domain", "durable_file", "wire"]),
    ("wire", &["domain", "log"]),
    ("views", &["domain", "wire"]),
    ("present", &["domain", "wire"]),
    // Forms understand what is typed as spreadsheets do, and the same names.
    ("form", &["domain", "wire", "workbook"]),
    ("page", &["domain", "form", "present", "wire"]),
    ("paper", &["domain", "present", "wire"]),
    // The maker of a pack asks the questions: it knows neither client nor server.
    ("pack", &["domain", "page", "paper", "present", "wire"]),
    // A page may import what is uploaded: it knows no client and no file.
    ("workbook", &["domain", "wire"]),
    ("clock", &["domain"]),
    ("readings", &["domain", "durable_file", "error_chain"]),
    ("sign_in", &["clock", "domain", "durable_file"]),
    // A provider for demonstrations knows nothing of the register.
    ("demo_provider", &["clock"]),
    (
        "projection",
        &["audit", "blocking", "clock", "domain", "log", "wire"],
    ),
    ("writer", &["clock", "domain", "log", "projection", "wire"]),
    ("notary", &["audit", "domain", "durable_file", "log"]),
    (
        "grpc",
        &[
            "audit",
            "blocking",
            "clock",
            "domain",
            "error_chain",
            "log",
            "notary",
            "projection",
            "readings",
            "sign_in",
            "views",
            "wire",
            "writer",
        ],
    ),
    (
        "web",
        &[
            "audit", "domain", "form", "grpc", "pack", "page", "paper", "present", "sign_in",
            "wire", "workbook",
        ],
    ),
    (
        "server",
        &[
            "archive",
            "audit",
            "clock",
            "domain",
            "durable_file",
            "error_chain",
            "grpc",
            "log",
            "notary",
            "projection",
            "readings",
            "sign_in",
            "tls",
            "views",
            "web",
            "wire",
            "writer",
        ],
    ),
    (
        "cli",
        &[
            "archive",
            "audit",
            "clock",
            "demo_provider",
            "domain",
            "durable_file",
            "error_chain",
            "grpc",
            "log",
            "notary",
            "pack",
            "paper",
            "present",
            "readings",
            "server",
            "sign_in",
            "tls",
            "wire",
            "workbook",
        ],
    ),
];

/// Crates and calls that only one place may name: a file, or a folder with its file.
const ONE_PLACE: &[(&str, &[&str])] = &[
    ("::sled", &["log/sled", "server/engine"]),
    ("sled::", &["log/sled", "server/engine"]),
    ("sync_all", &["durable_file", "log/sled"]),
    ("clap::", &["cli", "main"]),
    ("Timestamp::now", &["clock"]),
    ("SystemTime::now", &["clock"]),
    ("jsonwebtoken", &["sign_in"]),
    ("oauth2::", &["sign_in/provider"]),
    ("tonic_types", &["grpc/status", "cli"]),
    // Two writers of one paper: neither format leaks into the other or into the paper.
    ("krilla::", &["paper/pdf"]),
    (
        "rust_xlsxwriter::",
        &["paper/xlsx", "workbook/papers_tests", "workbook/template"],
    ),
    ("calamine::", &["paper/xlsx/tests", "workbook/file"]),
];

/// Every Rust file below `dir` and its text, by its path in the package.
pub fn rust_files(dir: &str) -> Vec<(String, String)> {
    fn walk(dir: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(&root.join(dir), &mut files);
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root).unwrap().to_string_lossy();
            (name.into_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// The layers that are packages of their own.
const PACKAGES: &[&str] = &[
    "domain", "wire", "views", "present", "page", "paper", "workbook", "kernel", "grpc", "web",
    "server", "cli", "form", "pack",
];

/// The package that holds several layers. They are named without it.
const KERNEL: &str = "kernel";

/// The files of `src`, named like modules: `domain/date`. Where a layer is a package of
/// its own, its source names the layers as the others do.
fn sources() -> Vec<(String, String)> {
    rust_files("src")
        .into_iter()
        .filter(|(name, _)| !name.ends_with("/build.rs"))
        .map(|(name, mut source)| {
            let module = name.trim_start_matches("src/").trim_end_matches(".rs");
            let module = module.trim_end_matches("/lib");
            let own = layer(module);
            if PACKAGES.contains(&own) && own != KERNEL {
                source = source.replace("crate::", &format!("crate::{own}::"));
            }
            source = source.replace("crate::grpc::wire", "crate::wire");
            source = source.replace("minutebook_grpc::wire", "crate::wire");
            source = source.replace("minutebook_kernel::", "crate::");
            let module = module.strip_prefix("kernel/").unwrap_or(module);
            for package in PACKAGES {
                let name = format!("minutebook_{package}::");
                source = source.replace(&name, &format!("crate::{package}::"));
            }
            (module.to_owned(), source)
        })
        .collect()
}

/// The code of a file, without comments and unit tests.
fn code(source: &str) -> String {
    let without_tests = source.split("#[cfg(test)]\nmod ").next().unwrap_or(source);
    let lines = without_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn layer(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

#[test]
fn every_layer_names_only_those_below_it() {
    let mut wrong = Vec::new();
    let layers: BTreeSet<&str> = MAY_IMPORT.iter().map(|(layer, _)| *layer).collect();
    for (name, source) in sources() {
        let own = layer(&name);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(layer, _)| *layer == own) else {
            assert!(
                matches!(own, "lib" | "main" | KERNEL),
                "{name} is in no layer: add it to MAY_IMPORT"
            );
            continue;
        };
        for other in layers
            .iter()
            .filter(|other| **other != own && !allowed.contains(other))
        {
            let code = code(&source);
            if code.contains(&format!("crate::{other}::"))
                || code.contains(&format!("crate::{{{other}"))
            {
                wrong.push(format!("src/{name}.rs names crate::{other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn some_things_have_one_place() {
    let mut wrong = Vec::new();
    for (name, source) in sources() {
        for (text, places) in ONE_PLACE {
            let is_in = |place: &&str| {
                name.strip_prefix(*place)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if code(&source).contains(text) && !places.iter().any(is_in) {
                wrong.push(format!("src/{name}.rs names {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Beside the engine's own files, the name of the engine occurs twice: where it is
/// declared, and where the server chooses it.
#[test]
fn only_the_engine_knows_that_it_is_sled() {
    let mut wrong = Vec::new();
    for (name, source) in sources() {
        if name == "log/sled" || name.starts_with("log/sled/") || name == "server/engine" {
            continue;
        }
        for line in code(&source).lines() {
            let is_declaration = name == "log" && line == "pub mod sled;";
            if line.to_lowercase().contains("sled") && !is_declaration {
                wrong.push(format!("src/{name}.rs: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_domain_is_pure() {
    for (name, source) in sources().iter().filter(|(name, _)| layer(name) == "domain") {
        for impure in [
            "std::fs",
            "std::io",
            "std::net",
            "std::env",
            "std::time",
            "tokio",
            "prost",
            "async fn",
            "println!",
        ] {
            assert!(
                !code(source).contains(impure),
                "src/{name}.rs names {impure}"
            );
        }
    }
}

/// The rules of the domain. They read its state; the state never reads them.
const RULES: &[&str] = &["admit", "approval", "statute"];

#[test]
fn the_state_never_imports_the_rules() {
    let mut wrong = Vec::new();
    for (name, source) in sources() {
        let Some(module) = name.strip_prefix("domain/") else {
            continue;
        };
        if RULES.contains(&layer(module)) {
            continue;
        }
        let code = code(&source);
        for rules in RULES {
            if code.contains(&format!("super::{rules}::"))
                || code.contains(&format!("domain::{rules}::"))
            {
                wrong.push(format!("src/{name}.rs names domain::{rules}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_why_it_exists() {
    for dir in ["src", "tests", "benches", "examples", "fuzz"] {
        let files = rust_files(dir);
        assert!(!files.is_empty(), "{dir} holds no Rust");
        for (name, source) in files {
            assert!(source.starts_with("//! "), "{name} has no header: //! …");
        }
    }
}
