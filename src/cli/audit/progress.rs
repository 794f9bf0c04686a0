//! Progress bars of long work, on terminals only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that counts entries; on anything but a terminal it says nothing.
pub fn entries(what: &'static str) -> ProgressBar {
    // Without a length at first: how many there are is known on the way.
    let bar = ProgressBar::new_spinner().with_style(
        ProgressStyle::with_template("{spinner} {msg} {human_pos} entries, {per_sec}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
