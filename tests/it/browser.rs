//! The pages in a real browser: WCAG 2.2 AA as far as a machine can tell, no sideways
//! scroll, no shift, nothing from elsewhere, all of it by keyboard, and the same without
//! scripts.
//!
//! The browser needs chromium, Node and the packages of tests/browser. Where they are
//! missing, the tests pass and report on standard error what did not run. The usual run
//! looks at one page of each kind; `MINUTEBOOK_TEST_PAGES` sets how many.
//! `MINUTEBOOK_SCREENSHOTS` names a folder for pictures of them, `MINUTEBOOK_PICTURE` the
//! file of the one in the README.

mod hostile_names;
mod pictures;
mod script;

use self::script::Script;
use crate::program::{Serving, books, councils, monitoring, register, walkthrough};

/// A server with every book.
fn on_all_books() -> (Serving, tempfile::TempDir) {
    let (serving, data) = register();
    serving.record(&books());
    serving.record(&[councils(), monitoring(), walkthrough()]);
    (serving, data)
}

#[test]
fn every_kind_of_page_serves_every_reader() {
    let Some(script) = Script::on_demand("pages.mjs") else {
        return;
    };
    let (serving, _data) = on_all_books();
    let count = std::env::var("MINUTEBOOK_TEST_PAGES").unwrap_or_else(|_| "1".to_owned());
    script.passes(&[&serving.url, &count]);
}

#[test]
fn the_page_of_an_entry_notices_a_proof_that_was_changed() {
    let Some(script) = Script::find("proof.mjs") else {
        return;
    };
    let (serving, _data) = register();
    serving.record(&books());
    script.passes(&[&serving.url, "35"]);
}

#[test]
#[ignore = "written beside the forms, and not yet run against them"]
fn a_virement_goes_from_request_to_approval_by_keyboard_alone() {
    let Some(script) = Script::find("virement.mjs") else {
        return;
    };
    let (serving, _data) = register();
    serving.record(&[walkthrough()]);
    script.passes(&[&serving.url]);
}
