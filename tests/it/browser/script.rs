//! A script of tests/browser, run against a server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::power_cut::not_run;

/// A script whose browser can be started here.
pub struct Script {
    path: PathBuf,
}

impl Script {
    /// `None`, and a line that says why, where there is no browser.
    pub fn find(name: &str) -> Option<Self> {
        static OBSTACLE: OnceLock<Option<String>> = OnceLock::new();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
        let obstacle = OBSTACLE.get_or_init(|| obstacle(&path.join("chromium.mjs")));
        if let Some(why) = obstacle {
            not_run(&format!("the browser, {name},"), why);
            return None;
        }
        Some(Self {
            path: path.join(name),
        })
    }

    /// A script that finds faults that are known and not mended yet, or takes minutes: it
    /// runs where `MINUTEBOOK_TEST_PAGES` asks for it.
    pub fn on_demand(name: &str) -> Option<Self> {
        if std::env::var_os("MINUTEBOOK_TEST_PAGES").is_none() {
            not_run(
                &format!("the browser, {name},"),
                "MINUTEBOOK_TEST_PAGES is not set",
            );
            return None;
        }
        Self::find(name)
    }

    /// Runs it. It has to find no fault; those it finds are printed.
    #[track_caller]
    pub fn passes(&self, arguments: &[&str]) -> String {
        let output = Command::new("node")
            .arg(&self.path)
            .args(arguments)
            .output()
            .expect("node runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}{errors}");
        printed
    }
}

fn obstacle(check: &Path) -> Option<String> {
    match Command::new("node").arg(check).output() {
        Ok(output) if output.status.success() => None,
        Ok(output) => {
            let why = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            Some(format!(
                "{why}; it needs chromium and npm install in tests/browser"
            ))
        }
        Err(error) => Some(format!("node: {error}")),
    }
}
