//! A page that says why there is no answer, and what to do.

use maud::{DOCTYPE, html};

use crate::assets;
use crate::frame::{PageSection, WebPage};

/// `code` is the status of HTTP, `sentence` what the register says.
pub fn page(code: u16, sentence: &str) -> WebPage {
    let (title, what_next) = words(code);
    WebPage::new(PageSection::Other, title)
        .lede(html! { p { (sentence) } })
        .body(html! { p { (what_next) } })
}

/// A whole document without the frame: for a reader of whom nothing is known. `way_in` is
/// the address that signs in.
pub fn bare(code: u16, sentence: &str, way_in: Option<&str>) -> String {
    let (title, what_next) = words(code);
    let document = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – Minutebook" }
                link rel="stylesheet" href=(assets::style_path());
            }
            body {
                main #main {
                    h1 { (title) }
                    p.lede { (sentence) }
                    @if let Some(way_in) = way_in {
                        p { a.button href=(way_in) { "Sign in" } }
                    }
                    p { (what_next) }
                    p { a href="/attention" { "Attention" } }
                }
            }
        }
    };
    document.into_string()
}

/// The heading of a refusal, and what to do next.
fn words(code: u16) -> (&'static str, &'static str) {
    match code {
        400 => (
            "This address cannot be read",
            "Go back, or begin again from Attention.",
        ),
        401 => (
            "Sign in to see this page",
            "You come back to this page afterwards.",
        ),
        403 => (
            "You may not see this page",
            "The keeper of the register grants mandates: see who you are.",
        ),
        404 => (
            "There is nothing here",
            "Search by name, or look at another day: the register may know it from an earlier one.",
        ),
        409 => (
            "The register does not take this",
            "Nothing was recorded. What you typed is kept.",
        ),
        429 | 503 | 504 => (
            "The register cannot answer now",
            "Nothing typed is lost. Wait a moment, and load the page again.",
        ),
        _ => (
            "Something is wrong on our side",
            "Nothing typed is lost. Load the page again; if this stays, tell who runs the register.",
        ),
    }
}
