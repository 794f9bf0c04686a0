//! The style, the script and the icon of every page. Nothing else is loaded.
//!
//! A browser may keep the style and the script for ever: their addresses hold a number that
//! changes with them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

pub const STYLE: &str = include_str!("style.css");

/// Every page reads and works without it.
pub const SCRIPT: &str = concat!(
    include_str!("script.js"),
    include_str!("script/proof.js"),
    include_str!("script/news.js"),
    include_str!("script/forms.js"),
);

pub const ICON: &str = include_str!("icon.svg");

pub fn style_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| path("style", STYLE, "css"));
    &PATH
}

pub fn script_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| path("script", SCRIPT, "js"));
    &PATH
}

fn path(name: &str, text: &str, suffix: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("/assets/{name}-{:016x}.{suffix}", hasher.finish())
}
