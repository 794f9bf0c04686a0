//! Pictures of the pages, for people to look at. Each is made only when it is asked for.

use super::on_all_books;
use super::script::Script;

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
