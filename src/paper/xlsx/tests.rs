//! The workbook, read by other programs.

use std::io::Cursor;
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use minutebook_present::cell::Cell;
use minutebook_present::sheet::Sheet;

use super::*;
use crate::fixtures::{HOSTILE, contributions, long_word, paper, stress};
use crate::paper_table::PaperTable;
use crate::section::Section;
use crate::visible::visible;

fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

fn sheet(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Range<Data> {
    workbook.worksheet_range(name).unwrap()
}

fn paper_of(tables: impl IntoIterator<Item = PaperTable>) -> Paper {
    let mut paper = Paper::new("Tables", "Board", jiff::Timestamp::UNIX_EPOCH);
    let mut section = Section::new("All");
    for table in tables {
        section.table(table);
    }
    paper.sections.push(section);
    paper
}

/// A file inside the workbook.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    let first = write(&paper()).unwrap();
    assert_eq!(first, write(&paper()).unwrap());
    if let Ok(path) = std::env::var("MINUTEBOOK_TEST_XLSX") {
        std::fs::write(path, &first).unwrap();
    }
}

#[test]
fn every_table_is_a_sheet_with_its_values() {
    let mut workbook = open(write(&paper()).unwrap());
    assert_eq!(
        workbook.sheet_names(),
        [
            "About",
            "The proposal",
            "Virements",
            "Contributions, 2024 25",
            "Notices",
            "Every head of the budget",
            "<script>alert(1)< script> & \"qu",
            "Twenty services",
        ]
    );
    let range = sheet(&mut workbook, "Contributions, 2024 25");
    let row = |number| -> Vec<Data> { range.rows().nth(number).unwrap().to_vec() };
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(
        row(0),
        ["Body", "Service", "Amount", "Share", "Paid on", "Entry"].map(text)
    );
    let first = row(1);
    assert_eq!(
        first[0],
        text("Fictional Eastvale Police and Crime Commissioner")
    );
    assert_eq!(first[2], Data::Float(1_234_567.89));
    assert_eq!(first[3], Data::Float(0.2682));
    let Data::DateTime(date) = &first[4] else {
        panic!("no date: {first:?}")
    };
    assert_eq!(date.to_ymd_hms_milli(), (2024, 6, 17, 0, 0, 0, 0));
    assert_eq!(first[5], Data::Float(12.0));
    assert_eq!(row(2)[4], text("2024-06"));
    assert_eq!(row(3)[2], Data::Float(-10.5));
    // The total as a formula, with its result for those who do not reckon.
    assert_eq!(row(4)[0], text("Total"));
    assert_eq!(row(4)[2], Data::Float(2_214_557.39));
    assert_eq!(row(4)[5], Data::Empty, "entries are not added up");
    let formulas = workbook
        .worksheet_formula("Contributions, 2024 25")
        .unwrap();
    assert_eq!(
        formulas.get_value((4, 2)),
        Some(&"SUBTOTAL(109,C2:C4)".to_owned())
    );
    assert_eq!(row(6)[0], text("Two printed totals differ by £1 or £2."));
    let range = sheet(&mut workbook, "Notices");
    assert_eq!(range.get((0, 0)), Some(&text("No notice runs.")));
}

#[test]
fn tables_are_tables() {
    let twice = [contributions(), contributions()].map(PaperTable::new);
    let mut workbook = open(write(&paper_of(twice)).unwrap());
    workbook.load_tables().unwrap();
    let mut names: Vec<String> = workbook.table_names().into_iter().cloned().collect();
    names.sort();
    assert_eq!(names, ["table_contributions", "table_contributions_2"]);
    let table = workbook.table_by_name("table_contributions_2").unwrap();
    assert_eq!(table.columns().len(), 6);
    assert_eq!(table.data().height(), 3);
    let bytes = write(&paper()).unwrap();
    let xml = part(&bytes, "xl/worksheets/sheet4.xml");
    assert!(
        xml.contains(r#"topLeftCell="A2""#) && xml.contains(r#"state="frozen""#),
        "{xml}"
    );
    let links = part(&bytes, "xl/worksheets/_rels/sheet4.xml.rels");
    assert!(
        links.contains("https://register.example/entries/12"),
        "{links}"
    );
    let properties = part(&bytes, "docProps/core.xml");
    assert!(properties.contains("2024-06-10T09:30:00Z"), "{properties}");
}

#[test]
fn hostile_texts_stay_texts() {
    let mut workbook = open(write(&paper()).unwrap());
    let range = sheet(&mut workbook, "<script>alert(1)< script> & \"qu");
    for (row, expected) in (1..).zip(HOSTILE) {
        assert_eq!(
            range.get_value((row, 0)),
            Some(&Data::String(visible(expected)))
        );
        assert_eq!(range.get_value((row, 1)), Some(&Data::String(long_word())));
    }
    let name = "<script>alert(1)< script> & \"qu";
    let formulas = workbook.worksheet_formula(name).unwrap();
    assert!(formulas.used_cells().next().is_none(), "{formulas:?}");
}

#[test]
fn totals_are_right_and_long_tables_are_whole() {
    let table = PaperTable::new(stress()).totalling(["original", "moved", "why"]);
    let mut workbook = open(write(&paper_of([table])).unwrap());
    let range = sheet(&mut workbook, "Every head of the budget");
    let number = |row, column| match range.get_value((row, column)) {
        Some(Data::Float(number)) => *number,
        other => panic!("no number at {row}, {column}: {other:?}"),
    };
    for column in [2, 3] {
        let sum: f64 = (1..=300).map(|row| number(row, column)).sum();
        assert!((sum - number(301, column)).abs() < 0.001);
    }
    assert_eq!(range.get_value((301, 6)), Some(&Data::Empty));
}

#[test]
fn what_cannot_be_a_sheet_is_refused_with_a_way_out() {
    let mut wide = Sheet::new("wide", "Wide");
    for column in 0..=COLUMNS_MAX {
        wide.column(format!("c{column}"), "");
    }
    wide.row(vec![Cell::Number(1); COLUMNS_MAX + 1]);
    let refused = write(&paper_of([PaperTable::new(wide)])).unwrap_err();
    assert!(refused.to_string().contains("take it as CSV"), "{refused}");
}

#[test]
fn the_smallest_paper_is_a_workbook() {
    let mut workbook = open(write(&paper_of([])).unwrap());
    assert_eq!(workbook.sheet_names(), ["About"]);
    assert!(sheet(&mut workbook, "About").get((0, 0)).is_some());
}

/// LibreOffice reckons the totals anew and gives the same.
#[test]
fn libre_office_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pack.xlsx");
    let table = || PaperTable::new(contributions()).totalling(["amount"]);
    std::fs::write(&file, write(&paper_of([table()])).unwrap()).unwrap();
    let profile = format!(
        "-env:UserInstallation=file://{}/profile",
        folder.path().display()
    );
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to"])
        .arg("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1")
        .arg("--outdir")
        .arg(folder.path())
        .arg(&file)
        .output();
    let Ok(output) = output else {
        println!("NOT RUN: soffice is not here; install LibreOffice Calc to run this");
        return;
    };
    let name = "pack-Contributions, 2024 25.csv";
    let csv = std::fs::read_to_string(folder.path().join(name));
    let csv = csv.unwrap_or_else(|error| panic!("{error}: {output:?}"));
    for expected in [
        "Serious and organised crime,\"£1,234,567.89\",26.82%,17 June 2024,12",
        "-£10.50,0.00%,2024,14",
        "Total,,\"£2,214,557.39\",,,",
    ] {
        assert!(csv.contains(expected), "{expected} is not in:\n{csv}");
    }
}
