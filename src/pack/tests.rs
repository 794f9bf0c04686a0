//! A pack is composed, written and read again.

use crate::compose::{compose, named_entries};
use crate::files::{self, PackFormat};
use crate::fixtures::{PROPOSAL, answers, answers_to, day, pack, plan};
use crate::opened::{PackOpenError, open};
use crate::pack_data;
use crate::question::PackQuestion;

#[test]
fn questions_follow_from_answers_and_come_to_an_end() {
    let answers = answers();
    let methods: Vec<&str> = answers
        .all()
        .iter()
        .map(|one| one.question.method())
        .collect();
    assert_eq!(methods[..3], ["GetBoard", "GetMeeting", "GetAttention"]);
    let count = |method: &str| methods.iter().filter(|one| **one == method).count();
    assert_eq!(
        count("GetProposal"),
        1,
        "on the agenda and waiting, and asked for once"
    );
    assert_eq!(
        count("GetBudget"),
        2,
        "all years, and the year of the meeting"
    );
    assert_eq!(
        count("ListBreaches"),
        2,
        "of the board, and of what it serves"
    );
    assert_eq!(
        plan()
            .budget_year(&answers, "collaborations/three-shires")
            .as_deref(),
        Some("2024/25")
    );
    assert!(answers.has(&PackQuestion::GetProposal(plan().proposal(PROPOSAL))));
}

#[test]
fn changes_are_those_since_the_meeting_before_that_was_not_cancelled() {
    assert_eq!(plan().since_day(&answers()), Some(day(2024, 3, 18)));
    let mut of_choice = plan();
    of_choice.since = Some(day(2024, 1, 1));
    assert_eq!(of_choice.since_day(&answers()), Some(day(2024, 1, 1)));
    // Asked once, and of all that the board serves, although the day is known at the start.
    let asked = answers_to(&of_choice);
    let is_change = |one: &&crate::answers::AnsweredQuestion| one.question.method() == "Diff";
    assert_eq!(asked.all().iter().filter(is_change).count(), 1);
    assert_eq!(of_choice.changes(&asked).unwrap().subjects.len(), 2);
    let mut first = plan();
    first.meeting_id = "2024-03-18".into();
    assert_eq!(first.since_day(&answers()), None);
}

#[test]
fn the_first_page_says_what_is_to_be_decided_and_what_is_not_there() {
    let paper = compose(&pack());
    let html = minutebook_paper::html::write(&paper);
    for expected in [
        "Kennels from the laboratory budget",
        "£60,000 asked. Rule: Any other virement: the board, by majority.",
        "Waits for a decision, for 14 days.",
        "Item 3: Kennels from the laboratory budget",
        "Fictional Three Shires Board by majority",
        "review of the agreement, due 1 April 2024",
        "£2,100,000 as first set → £2,010,000 now → £1,950,000 spent",
        "Since 18 March 2024",
        "Looked for and found none: contributions of this year; acts without prior approval; \
         actions, notices and deadlines; new differences between documents.",
        "Decision, and why",
    ] {
        assert!(html.contains(expected), "{expected} is not in:\n{html}");
    }
    assert!(
        !html.contains("boards/three-shires-board by"),
        "names, not ids"
    );
}

#[test]
fn every_entry_that_it_names_is_described_in_it() {
    let pack = pack();
    let named = named_entries(&pack);
    assert_eq!(named.into_iter().collect::<Vec<u64>>(), [2, 4, 5, 7]);
    let html = minutebook_paper::html::write(&compose(&pack));
    for position in [2, 4, 5, 7] {
        assert!(
            html.contains(&format!("href=\"#entry-{position}\"")),
            "{position}"
        );
        assert!(
            html.contains(&format!("id=\"entry-{position}\"")),
            "{position}"
        );
    }
}

#[test]
fn the_data_is_read_as_it_was_written_and_nothing_else_is() {
    let pack = pack();
    let text = pack_data::write(&pack);
    assert_eq!(pack_data::read(&text).unwrap(), pack);
    assert_eq!(pack_data::write(&pack_data::read(&text).unwrap()), text);
    for (from, to) in [
        ("minutebook-pack@1", "minutebook-pack@2"),
        ("\"position\":9", "\"position\":\"nine\""),
        ("\"boardId\"", "\"boardID\""),
        ("\"GetMeeting\"", "\"DropMeeting\""),
        ("2024-06-17\",\"position", "17 June\",\"position"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        assert!(pack_data::read(&changed).is_err(), "{from}");
    }
}

#[test]
fn each_file_is_opened_again_and_found_whole() {
    let pack = pack();
    let data = files::write(&pack, PackFormat::Json).unwrap();
    for format in PackFormat::ALL {
        let bytes = files::write(&pack, format).unwrap();
        let opened = open(&bytes, Some(&data)).unwrap();
        assert_eq!((opened.format, &opened.pack), (format, &pack));
        let findings = opened.check_file(&bytes).unwrap();
        assert!(findings.faults.is_empty(), "{format:?}: {findings:?}");
    }
    let workbook = files::write(&pack, PackFormat::Xlsx).unwrap();
    assert!(matches!(
        open(&workbook, None),
        Err(PackOpenError::NoDataBeside(_))
    ));
    for other in [
        b"".as_slice(),
        b"<!DOCTYPE html>",
        b"%PDF-1.7",
        b"plain",
        b"{}",
    ] {
        assert!(open(other, None).is_err(), "{other:?}");
    }
}

#[test]
fn a_changed_word_is_named() {
    let pack = pack();
    let page = files::write(&pack, PackFormat::Html).unwrap();
    let page = String::from_utf8(page)
        .unwrap()
        .replacen("£60,000", "£90,000", 1);
    let opened = open(page.as_bytes(), None).unwrap();
    let findings = opened.check_file(page.as_bytes()).unwrap();
    assert_eq!(findings.faults.len(), 1, "{findings:?}");
    assert!(findings.faults[0].contains("£90,000"), "{findings:?}");
    assert!(findings.faults[0].contains("£60,000"), "{findings:?}");
}

#[test]
fn a_file_of_another_version_is_neither_right_nor_wrong() {
    let page = files::write(&pack(), PackFormat::Html).unwrap();
    let version = format!("\"program\":\"{}\"", pack_data::PROGRAM);
    let page = String::from_utf8(page)
        .unwrap()
        .replace(&version, "\"program\":\"9.9.9\"");
    let opened = open(page.as_bytes(), None).unwrap();
    let findings = opened.check_file(page.as_bytes()).unwrap();
    assert!(findings.faults.is_empty(), "{findings:?}");
    assert_eq!(findings.unchecked.len(), 1);
}

#[test]
fn questions_and_entries_must_be_those_of_the_plan() {
    let data = |pack: &crate::pack::Pack| files::write(pack, PackFormat::Json).unwrap();
    let faults = |pack: &crate::pack::Pack| {
        let bytes = data(pack);
        open(&bytes, None)
            .unwrap()
            .check_file(&bytes)
            .unwrap()
            .faults
    };
    let mut unproved = pack();
    unproved.seal.quotes.remove(0);
    assert_eq!(faults(&unproved), ["entry 2 is named and not proved"]);
    let mut exchanged = pack();
    let other = exchanged.seal.quotes[1].record.clone();
    exchanged.seal.quotes[0].record = other;
    assert!(faults(&exchanged)[0].contains("are those of entry 4"));
    let mut asked_more = pack();
    let question = PackQuestion::GetProposal(plan().proposal("another"));
    asked_more.answers.add(question, None);
    assert!(faults(&asked_more)[0].contains("is not of such a pack: GetProposal"));
}

#[test]
fn csv_files_have_plain_names() {
    let names: Vec<String> = files::csv_files(&pack())
        .into_iter()
        .map(|file| file.name)
        .collect();
    for expected in [
        "virements-three-shires",
        "budget-three-shires-2024-25",
        "attention",
    ] {
        assert!(names.contains(&expected.to_owned()), "{names:?}");
    }
}
