//! Pictures of the pages, for people to look at. Each is made only when it is asked for.

use super::on_all_books;
use super::script::Script;
use crate::program::{register, walkthrough};

const PICTURED: &str = "/proposals/01900000-0000-7000-8000-000000000102";

/// Everybody who opens the README loads it.
const PICTURE_BYTES_MAX: u64 = 250_000;

#[test]
fn screenshots_are_made_where_a_folder_is_named() {
    let Ok(folder) = std::env::var("MINUTEBOOK_SCREENSHOTS") else {
        return;
    };
    let Some(script) = Script::find("screenshots.mjs") else {
        return;
    };
    let (serving, _data) = on_all_books();
    let count = std::env::var("MINUTEBOOK_TEST_PAGES").unwrap_or_else(|_| "1".to_owned());
    let printed = script.passes(&[&serving.url, &folder, &count]);
    assert!(!printed.contains("0 pictures in"), "{printed}");
}

/// The picture in the README: why a proposal was approved, and what was done with it.
#[test]
fn the_picture_of_the_readme_is_made_where_a_file_is_named() {
    let Ok(file) = std::env::var("MINUTEBOOK_PICTURE") else {
        return;
    };
    let Some(script) = Script::find("picture.mjs") else {
        return;
    };
    let (serving, _data) = register();
    serving.record(&[walkthrough()]);
    script.passes(&[&serving.url, PICTURED, &file]);
    let bytes = std::fs::metadata(&file).expect("the picture").len();
    assert!(bytes < PICTURE_BYTES_MAX, "{bytes} bytes");
}
