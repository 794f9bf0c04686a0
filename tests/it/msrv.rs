//! No dependency needs a newer compiler than this package promises.
//!
//! `.ci/run` also compiles everything with that compiler where rustup can install
//! it; this test needs only cargo.

use std::process::Command;

use serde_json::Value;

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

/// `1.89` and `1.89.0` are the same version.
fn version(text: &str) -> [u32; 3] {
    let mut numbers = text.split('.').map(|part| part.parse().expect("a number"));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

/// The packages of this platform, and the compiler version that each needs.
fn rust_versions() -> Vec<(String, Option<String>)> {
    let about = cargo(&["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let metadata = cargo(&[
        "metadata",
        "--locked",
        "--format-version=1",
        "--filter-platform",
        host.expect("the host"),
    ]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let name = format!("{} {}", package["name"], package["version"]);
            let rust_version = package["rust_version"].as_str().map(str::to_owned);
            (name.replace('"', ""), rust_version)
        })
        .collect()
}

#[test]
fn no_dependency_asks_for_a_newer_compiler() {
    let ours = version(env!("CARGO_PKG_RUST_VERSION"));
    let all = rust_versions();
    let stated: Vec<_> = all
        .iter()
        .filter_map(|(name, version)| Some((name, version.as_deref()?)))
        .collect();
    assert!(stated.len() > 100, "only {} state one", stated.len());
    let newer: Vec<_> = stated
        .iter()
        .filter(|(_, asked)| version(asked) > ours)
        .collect();
    assert!(newer.is_empty(), "newer than ours: {newer:?}");
}
