//! Templates that are filled in and read again, with names as hostile as they come.

use std::io::{Cursor, Read as _, Write as _};

use minutebook_wire::proto::{
    ApprovalView, BodyRef, BodySummary, CollaborationSummary, CollaborationView, InstrumentView,
    MatterKind, PartyView, ServiceRef, ServiceView, event,
};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::import::{ReadWorkbook, read_workbook};
use crate::papers_tests::directory;
use crate::{CellFault, NameDirectory, SheetKind, WorkbookFile, template};

/// Fills cells of the first sheet, as a spreadsheet program would.
fn filled(template: &[u8], cells: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(template)).unwrap();
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            let mut xml = String::from_utf8(content).unwrap();
            for (cell, text) in cells {
                let start = xml
                    .find(&format!("<c r=\"{cell}\""))
                    .unwrap_or_else(|| panic!("{cell}"));
                let end = start + xml[start..].find('>').unwrap();
                let tag = xml[start..end].trim_end_matches('/').to_owned();
                assert!(!tag.contains(" t="), "{cell} is filled: {tag}");
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                let cell = format!("{tag} t=\"inlineStr\"><is><t>{text}</t></is></c>");
                xml.replace_range(start..=end, &cell);
            }
            content = xml.into_bytes();
        }
        written
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        written.write_all(&content).unwrap();
    }
    written.finish().unwrap().into_inner()
}

fn imported(bytes: &[u8], names: &NameDirectory) -> Result<ReadWorkbook, Vec<CellFault>> {
    let workbook = WorkbookFile::read(bytes, "x.xlsx").unwrap();
    read_workbook(&workbook, names, "Collaboration office")
}

fn kinds(read: &ReadWorkbook) -> Vec<String> {
    let events = read.requests.iter().map(|placed| &placed.request.events[0]);
    let lines = events.map(|event| format!("{:?}", event.kind));
    lines
        .map(|line| line.split('(').nth(1).unwrap_or_default().to_owned())
        .collect()
}

fn known() -> NameDirectory {
    let mut names = directory();
    let view = |title: &str, kind: MatterKind, id: u32| ApprovalView {
        subject: "collaborations/em".into(),
        proposal_id: format!("01900000-0000-7000-8000-{id:012}"),
        title: title.into(),
        matter_kind: kind.into(),
        ..ApprovalView::default()
    };
    names.add_approvals(&[
        view("Kennels", MatterKind::MakeVirement, 1),
        view("New lead", MatterKind::ChangeLead, 2),
    ]);
    names
}

#[test]
fn every_template_is_filled_and_imported() {
    let names = known();
    let of = Some("em");
    let template = |kind| template::write(kind, &names, of).unwrap();
    // Header: B2 collaboration (filled), B3 recorder, B4 source, B5 page, B6 link.
    let budget = filled(
        &template(SheetKind::Budget),
        &[
            ("B7", "2024/25"),
            ("B8", "October 2024"),
            ("E15", "£30,000.50"),
            ("E16", "7"),
        ],
    );
    let read = imported(&budget, &names).unwrap_or_else(|faults| panic!("{faults:?}"));
    let Some(event::Kind::BudgetApproved(approved)) = &read.requests[0].request.events[0].kind
    else {
        panic!("{read:?}");
    };
    let lines = &approved.figures.as_ref().unwrap().lines;
    assert_eq!(
        (lines[0].service_id.as_str(), lines[0].amount_pence),
        ("soc", 3_000_050)
    );
    let contributions = filled(
        &template(SheetKind::Contributions),
        &[
            ("B7", "2024/25"),
            ("B8", "1/10/2024"),
            ("B15", "12"),
            ("C16", "30"),
            ("D17", "42"),
        ],
    );
    let read = imported(&contributions, &names).unwrap_or_else(|faults| panic!("{faults:?}"));
    let Some(event::Kind::BudgetApproved(approved)) = &read.requests[0].request.events[0].kind
    else {
        panic!("{read:?}");
    };
    let figures = approved.figures.as_ref().unwrap();
    assert_eq!((figures.contributions.len(), figures.stated.len()), (2, 1));
    // The others, each by its labels.
    for (kind, cells, expected) in [
        (
            SheetKind::Formula,
            &[
                ("B7", "2024/25"),
                ("B8", "2024"),
                ("B9", "agreed"),
                ("A15", "Nottinghamshire PCC"),
                ("B15", "60%"),
                ("A16", "Leicestershire PCC"),
                ("B16", "40%"),
            ][..],
            "FundingFormulaSet",
        ),
        (
            SheetKind::Virements,
            &[
                ("B7", "2024/25"),
                ("A10", "requested"),
                ("D10", "EMSOU SOC"),
                ("F10", "SOT"),
                ("I10", "5"),
                ("K10", "one off"),
                ("M10", "2 May 2024"),
                ("N10", "Nottinghamshire PCC"),
                ("P10", "Kennels"),
            ],
            "VirementRequested",
        ),
        (
            SheetKind::Votes,
            &[
                ("B7", "2 May 2024"),
                ("A10", "New lead"),
                ("B10", "Leicestershire PCC"),
                ("D10", "for"),
            ],
            "VoteCast",
        ),
        (
            SheetKind::Decisions,
            &[
                ("B7", "2 May 2024"),
                ("A10", "Kennels"),
                ("C10", "approved"),
                ("D10", "Regional Board"),
                ("K10", "£50,000"),
                ("L10", "yes"),
            ],
            "VirementApproved",
        ),
        (
            SheetKind::Decisions,
            &[
                ("B7", "2 May 2024"),
                ("A10", "New lead"),
                ("C10", "rejected"),
                ("D10", "Regional Board"),
                ("M10", "6"),
                ("O10", "5"),
            ],
            "DecisionMade",
        ),
    ] {
        let read = imported(&filled(&template(kind), cells), &names);
        let read = read.unwrap_or_else(|faults| panic!("{kind:?}: {faults:#?}"));
        assert_eq!(kinds(&read), [expected], "{kind:?}");
    }
    // An empty template says what is missing.
    let faults = imported(&template(SheetKind::Contributions), &names).unwrap_err();
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        lines[0].starts_with("Contributions!A1: Financial year is missing"),
        "{lines:#?}"
    );
}

#[test]
fn signatures_name_instruments() {
    let mut names = directory();
    let summary = CollaborationSummary {
        collaboration_id: "em".into(),
        name: "East Midlands collaboration".into(),
        ..CollaborationSummary::default()
    };
    names.add_collaboration(&CollaborationView {
        summary: Some(summary),
        instruments: vec![InstrumentView {
            instrument_id: "s22a".into(),
            title: "Section 22A agreement".into(),
            ..InstrumentView::default()
        }],
        ..CollaborationView::default()
    });
    let template = template::write(SheetKind::Signatures, &names, Some("em")).unwrap();
    let cells = [
        ("A10", "Section 22A agreement"),
        ("B10", "Nottinghamshire PCC"),
        ("D10", "1 10 2024"),
    ];
    let read =
        imported(&filled(&template, &cells), &names).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(kinds(&read), ["AgreementSigned"]);
}

#[test]
fn hostile_names_are_harmless_and_mean_what_they_are() {
    let long = "W".repeat(200);
    let hostile = [
        "=HYPERLINK(\"http://x\",\"y\")",
        "+1+1",
        "-2",
        "@SUM(A1)",
        "\"quoted\", 'twice' <b>&amp;</b>",
        "\u{202e}gpj.exe",
        "_x0041_ escape",
        "Same name",
        "same  NAME",
        long.as_str(),
    ];
    let mut names = NameDirectory::default();
    let body = |index: usize, name: &str| BodyRef {
        body_id: format!("b-{index}"),
        name: name.into(),
    };
    let summaries: Vec<BodySummary> = hostile
        .iter()
        .enumerate()
        .map(|(index, name)| BodySummary {
            body: Some(body(index, name)),
            ..BodySummary::default()
        })
        .collect();
    names.add_bodies(&summaries);
    let summary = CollaborationSummary {
        collaboration_id: "c".into(),
        name: "=cmd|' /C calc'!A0".into(),
        ..CollaborationSummary::default()
    };
    names.add_collaborations(std::slice::from_ref(&summary));
    let parties = hostile.iter().enumerate();
    names.add_collaboration(&CollaborationView {
        summary: Some(summary),
        parties: parties
            .map(|(index, name)| PartyView {
                body: Some(body(index, name)),
                ..PartyView::default()
            })
            .collect(),
        services: vec![ServiceView {
            service: Some(ServiceRef {
                service_id: "s".into(),
                name: "=1+1".into(),
            }),
            ..ServiceView::default()
        }],
        ..CollaborationView::default()
    });
    let bytes = template::write(SheetKind::Contributions, &names, Some("c")).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let mut all = String::new();
    for index in 0..archive.len() {
        archive
            .by_index(index)
            .unwrap()
            .read_to_string(&mut all)
            .unwrap();
    }
    assert!(!all.contains("<f>"), "no cell is a formula");
    for text in ["HYPERLINK", "cmd|", "\u{202e}", ">=1+1<", ">@SUM", ">+1"] {
        assert!(!all.contains(text), "{text}");
    }
    // Each row is filled by its label, and read as the body that it was.
    let mut cells = vec![("B7".to_owned(), "2024/25"), ("B8".to_owned(), "2024")];
    for row in 0..hostile.len() {
        cells.push((format!("B{}", 15 + row), "1"));
    }
    let cells: Vec<(&str, &str)> = cells
        .iter()
        .map(|(cell, text)| (cell.as_str(), *text))
        .collect();
    let read =
        imported(&filled(&bytes, &cells), &names).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let Some(event::Kind::BudgetApproved(approved)) = &read.requests[0].request.events[0].kind
    else {
        panic!("{read:?}");
    };
    let contributions = &approved.figures.as_ref().unwrap().contributions;
    let ids: Vec<&str> = contributions
        .iter()
        .map(|one| one.body_id.as_str())
        .collect();
    let expected: Vec<String> = (0..hostile.len())
        .map(|index| format!("b-{index}"))
        .collect();
    assert_eq!(ids, expected);
}
