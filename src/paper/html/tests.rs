//! A paper is written as a page of the web that needs nothing else.

use super::*;
use crate::attachment::Attachment;
use crate::fixtures::{HOSTILE, paper};
use crate::paper_table::PaperTable;
use crate::section::{Section, Span};
use minutebook_present::sheet::Sheet;

fn with_attachment() -> Paper {
    let mut paper = paper();
    paper.attachment = Some(Attachment::new(
        "a.json",
        "The same.",
        "{\"x\":\"</script>\"}",
    ));
    paper
}

#[test]
fn it_needs_nothing_from_elsewhere_and_runs_nothing() {
    let page = write(&with_attachment());
    for forbidden in [
        " src=", " style=", "@import", "url(", " onclick", "<script>",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let scripts: Vec<&str> = page.split("<script").skip(1).collect();
    assert_eq!(scripts.len(), 1);
    assert!(scripts[0].starts_with(" type=\"application/json\" id=\"minutebook-data\">{"));
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(page.contains(&format!("content=\"{}\"", content_policy())));
    assert_eq!(page, write(&with_attachment()));
}

#[test]
fn hostile_texts_are_seen_and_do_nothing() {
    let mut hostile = Paper::new(HOSTILE[0], HOSTILE[2], paper().made_at);
    let mut section = Section::new(HOSTILE[0]);
    for text in HOSTILE {
        section.sentence(text);
    }
    hostile.sections.push(section);
    let page = write(&hostile);
    assert!(
        page.contains("<h2>&lt;script&gt;alert(1)&lt;/script&gt;"),
        "{page}"
    );
    for character in ['\u{202e}', '\u{2066}', '\0', '\u{1b}', '\u{feff}'] {
        assert!(!page.contains(character), "{character:?}");
    }
    assert!(page.contains("=HYPERLINK("));
}

#[test]
fn an_entry_leads_to_the_row_that_describes_it_or_else_to_the_register() {
    let mut paper = paper();
    let mut section = Section::new("Entries");
    section.paragraph([Span::plain("See "), Span::entry(7), Span::entry(99_999)]);
    let mut sheet = Sheet::new("entries", "").columns([("position", "Entry"), ("what", "What")]);
    sheet.row(vec![7_u64.into(), "it".into()]);
    section.table(PaperTable::new(sheet).as_index());
    paper.sections = vec![section];
    let page = write(&paper);
    assert!(page.contains("href=\"#entry-7\""), "{page}");
    assert!(page.contains("<tr role=\"row\" id=\"entry-7\">"), "{page}");
    let links = paper.entry_links.clone().unwrap();
    for position in [7, 99_999] {
        let address = format!("href=\"{}\"", links.address(position));
        assert_eq!(page.matches(&address).count(), 1, "{address}");
    }
    paper.entry_links = None;
    assert!(!write(&paper).contains("href=\"http"));
    assert_eq!(paper.entries().into_iter().collect::<Vec<_>>(), [7, 99_999]);
}

#[test]
fn every_figure_of_the_fixture_is_on_the_page() {
    let page = write(&paper());
    for expected in [
        "£1,234,567.89",
        "-£10.50",
        "£2,214,557.39",
        "No notice runs.",
        "<svg role=\"img\" aria-label=",
        "<span class=\"heard\">met: </span>",
        "scope=\"col\" role=\"columnheader\"",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
    if let Ok(path) = std::env::var("MINUTEBOOK_TEST_HTML") {
        std::fs::write(path, page).unwrap();
    }
}
