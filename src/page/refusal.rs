//! A page that says why there is no answer, and what to do.

use maud::{DOCTYPE, Markup, html};

use crate::address::Links;
use crate::frame::{PageSection, WebPage};
use crate::{assets, cell, spoken};
use minutebook_domain::date::PartialDate;

/// `code` is the status of HTTP, `sentence` what the register says. Subjects in it are
/// called by their names, as far as `names` has them.
pub fn page(code: u16, sentence: &str, names: &[(String, String)], links: Links<'_>) -> WebPage {
    let (title, what_next) = words(code);
    WebPage::new(PageSection::Other, title)
        .lede(html! { p { (named(sentence, names, links)) } })
        .body(html! { p { (what_next) } })
}

/// The subjects that a sentence names by their ids, such as `bodies/kent-pcc`.
pub fn subjects(sentence: &str) -> Vec<String> {
    let words = sentence.split_whitespace().map(|word| parts(word).1);
    let mut subjects: Vec<String> = words
        .filter(|word| cell::is_subject(word))
        .map(str::to_owned)
        .collect();
    subjects.dedup();
    subjects
}

/// A word without the punctuation around it, and that punctuation.
fn parts(word: &str) -> (&str, &str, &str) {
    let is_mark = |c: char| !c.is_alphanumeric();
    let core = word.trim_matches(is_mark);
    let before = word.len() - word.trim_start_matches(is_mark).len();
    let (before, rest) = word.split_at(before);
    (before, core, rest.strip_prefix(core).unwrap_or_default())
}

/// The sentence with names for ids, and days as people say them.
fn named(sentence: &str, names: &[(String, String)], links: Links<'_>) -> Markup {
    html! {
        @for (index, word) in sentence.split(' ').enumerate() {
            @if index > 0 { " " }
            @let (before, core, after) = parts(word);
            @let name = names.iter().find(|(subject, _)| subject == core);
            @if let Some((subject, name)) = name {
                (before) a href=(links.subject(subject)) { (name) } (after)
            } @else if let Some(day) = day(core) {
                (before) (day) (after)
            } @else { (word) }
        }
    }
}

/// A whole date such as `2024-06-17` in words.
fn day(word: &str) -> Option<String> {
    let date: PartialDate = (word.len() == 10).then(|| word.parse().ok())??;
    Some(spoken::partial(date))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;

    #[test]
    fn a_refusal_names_subjects_and_days_as_people_do() {
        let sentence =
            "\"collaborations/athena\" has no main budget as at 2026-11-29: see bodies/x.";
        assert_eq!(subjects(sentence), ["collaborations/athena", "bodies/x"]);
        let names = [("collaborations/athena".to_owned(), "Athena <1>".to_owned())];
        let address = Address::default();
        let page = page(404, sentence, &names, address.links());
        assert_eq!(
            page.lede.into_string(),
            "<p>&quot;<a href=\"/collaborations/athena\">Athena &lt;1&gt;</a>&quot; has no main \
             budget as at 29 November 2026: see bodies/x.</p>"
        );
    }
}
