//! The tables of the papers, typed as they print them, and what else people type.

use minutebook_wire::proto::{
    BoardRef, BoardSummary, BodyRef, BodySummary, CollaborationSummary, CollaborationView,
    PartyView, ServiceRef, ServiceView, event,
};
use minutebook_wire::reply;
use rust_xlsxwriter::{Format, Workbook};

use crate::import::{ReadWorkbook, read_workbook};
use crate::{CellFault, NameDirectory, WorkbookFile};

pub fn directory() -> NameDirectory {
    let body = |id: &str, name: &str| BodyRef {
        body_id: id.into(),
        name: name.into(),
    };
    let bodies = [
        ("nottinghamshire-pcc", "Nottinghamshire PCC"),
        ("nottinghamshire-cc", "Nottinghamshire CC"),
        ("leicestershire-pcc", "Leicestershire PCC"),
    ];
    let mut directory = NameDirectory::default();
    let summaries: Vec<BodySummary> = bodies
        .iter()
        .map(|(id, name)| BodySummary {
            body: Some(body(id, name)),
            ..BodySummary::default()
        })
        .collect();
    directory.add_bodies(&summaries);
    let board = BoardRef {
        board_id: "board".into(),
        name: "Regional Board".into(),
    };
    directory.add_boards(&[BoardSummary {
        board: Some(board),
        ..BoardSummary::default()
    }]);
    let summary = CollaborationSummary {
        collaboration_id: "em".into(),
        name: "East Midlands collaboration".into(),
        ..CollaborationSummary::default()
    };
    directory.add_collaborations(std::slice::from_ref(&summary));
    let service = |id: &str, name: &str, alias: &str| ServiceView {
        service: Some(ServiceRef {
            service_id: id.into(),
            name: name.into(),
        }),
        aliases: vec![alias.into()],
        ..ServiceView::default()
    };
    let party = |id: &str, name: &str| PartyView {
        body: Some(body(id, name)),
        ..PartyView::default()
    };
    directory.add_collaboration(&CollaborationView {
        summary: Some(summary),
        parties: vec![
            party("nottinghamshire-pcc", "Nottinghamshire PCC"),
            party("leicestershire-pcc", "Leicestershire PCC"),
        ],
        services: vec![
            service("soc", "Serious and Organised Crime", "EMSOU SOC"),
            service("training", "Specialist Ops Training", "SOT"),
        ],
        ..CollaborationView::default()
    });
    directory
}

fn read_csv(text: &str) -> Result<ReadWorkbook, Vec<CellFault>> {
    let workbook = WorkbookFile::read(text.as_bytes(), "Sheet.csv").unwrap();
    read_workbook(&workbook, &directory(), "Collaboration office")
}

fn faults(text: &str) -> Vec<String> {
    let faults = read_csv(text).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

const HEADER: &str = "What;contributions\nCollaboration;East Midlands\nFinancial year;2020/2021\n\
    In force from;1 April 2020\nSource document;Report\nPage;Annex A\n\n";

const MATRIX: &str = "PCC Funding Contributions;EMSOU SOC;Specialist Ops Training;TOTAL\n;£;£;£\n\
    Nottinghamshire (27.3%);6,129,328;;6,129,328\nLeicestershire (22.9%);5,141,451;491,464;5,632,915\n\
    Total;11,270,779;491,464;11,762,242\n% share of NRE;2.68%;0.10%;4.38%\n\nThese are rounded.\n";

fn figures(read: &ReadWorkbook) -> minutebook_wire::proto::Figures {
    match &read.requests[0].request.events[0].kind {
        Some(event::Kind::BudgetApproved(approved)) => approved.figures.clone().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_matrix_is_read_as_it_is_printed() {
    let read = read_csv(&format!("{HEADER}{MATRIX}")).unwrap();
    let figures = figures(&read);
    let contributions: Vec<_> = figures
        .contributions
        .iter()
        .map(|one| (&*one.service_id, &*one.body_id, one.amount_pence))
        .collect();
    assert_eq!(
        contributions,
        [
            ("soc", "nottinghamshire-pcc", 612_932_800),
            ("soc", "leicestershire-pcc", 514_145_100),
            ("training", "leicestershire-pcc", 49_146_400),
        ]
    );
    let stated: Vec<_> = figures
        .stated
        .iter()
        .map(|one| {
            (
                &*one.service_id,
                &*one.body_id,
                one.amount_pence,
                &*one.place,
            )
        })
        .collect();
    assert_eq!(
        stated,
        [
            (
                "",
                "nottinghamshire-pcc",
                612_932_800,
                "Annex A, TOTAL column"
            ),
            (
                "",
                "leicestershire-pcc",
                563_291_500,
                "Annex A, TOTAL column"
            ),
            ("soc", "", 1_127_077_900, "Annex A, Total row"),
            ("training", "", 49_146_400, "Annex A, Total row"),
            ("", "", 1_176_224_200, "Annex A, Total row, TOTAL column"),
        ]
    );
    assert_eq!(
        (figures.financial_year.as_str(), figures.printed_unit_pence),
        ("2020/21", 100)
    );
    let remarks: Vec<String> = read.remarks.iter().map(ToString::to_string).collect();
    assert!(
        remarks
            .iter()
            .any(|line| line
                == "Sheet!A10: \"Nottinghamshire (27.3%)\" is read as Nottinghamshire PCC"),
        "{remarks:?}"
    );
    assert!(
        remarks
            .iter()
            .any(|line| line.starts_with("Sheet!A13: a line of shares")),
        "{remarks:?}"
    );
    // The other way round.
    let turned = "Service;Nottinghamshire;Leicestershire;Total\nEMSOU SOC;6,129,328;5,141,451;\n\
        Specialist Ops Training;–;491,464;491,464\n";
    let turned = read_csv(&format!("{HEADER}{turned}")).unwrap();
    assert_eq!(self::figures(&turned).contributions, figures.contributions);
}

#[test]
fn the_same_content_has_the_same_id_in_any_form() {
    let text = format!("{HEADER}{MATRIX}");
    let id = |read: ReadWorkbook| read.requests[0].request.request_id.clone();
    let first = id(read_csv(&text).unwrap());
    let tabs = text
        .replace(';', "\t")
        .replace("1 April 2020", "2020-04-01");
    assert_eq!(id(read_csv(&tabs).unwrap()), first);
    let other = text.replace("491,464;5", "491,465;5");
    assert_ne!(id(read_csv(&other).unwrap()), first);
}

#[test]
fn faults_name_their_cells() {
    let text = format!("{HEADER}{MATRIX}")
        .replace("East Midlands", "East Midlands")
        .replace("2020/2021", "2020")
        .replace("1 April 2020", "soon");
    assert_eq!(
        faults(&text)[0],
        "Sheet!B3: \"2020\" is no financial year: write 2020/21, or the months or days of another \
         (2020-01/2020-12)"
    );
    let text = format!("{HEADER}{MATRIX}")
        .replace("6,129,328;;", "6,129,32x;;")
        .replace("Leicestershire (22.9%)", "Leicestershier");
    let found = faults(&text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("Sheet!B10: \"6,129,32x\" is no number"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("Sheet!A11: there is no body \"Leicestershier\""),
        "{found:?}"
    );
    assert!(faults("a;b\n1;2\n")[0].contains("write \"What\" in A1"));
    assert!(faults("What;budgets of all\nx;y\n")[0].contains("is no kind of sheet"));
}

#[test]
fn a_budget_has_a_request_for_each_year() {
    let text = "What,budget\nCollaboration,em\nIn force from,January 2018\nTitle,Collaborated budget\n\
        Source document,Paper\nPage,Table 1\n\nService,2017/18 (£'000),2018/19 (£'000)\n\
        In force from,about 1 April 2017,\nEMSOU SOC,\"14,282\",\"13,817\"\nOther Collaboration,\"4,493\",0\n\
        TOTAL,\"18,775\",\"13,817\"\n";
    let read = read_csv(text).unwrap();
    assert_eq!(read.requests.len(), 2);
    let figures = figures(&read);
    assert_eq!(figures.printed_unit_pence, 100_000);
    assert_eq!(figures.lines[0].service_id, "soc");
    assert_eq!(figures.lines[0].amount_pence, 1_428_200_000);
    assert_eq!(figures.lines[1].head, "Other Collaboration");
    assert_eq!(figures.stated[0].place, "Table 1");
    let events: Vec<_> = read
        .requests
        .iter()
        .map(|one| &one.request.events[0])
        .collect();
    assert_eq!(
        events[0].effective_on,
        Some(reply::date("2017-04-01".parse().unwrap()))
    );
    assert_eq!(events[0].effective_on_is, 1);
    assert_eq!(
        events[1].effective_on,
        Some(reply::date("2018-01".parse().unwrap()))
    );
    assert_eq!(read.requests[0].cell, "Sheet!B8");
    assert!(
        read.requests[1].line.contains("2018/19"),
        "{}",
        read.requests[1].line
    );
    // A slip is no head.
    let slip = text.replace("Other Collaboration", "Specialist Op Training");
    assert!(faults(&slip)[0].contains("is nearly the service Specialist Ops Training"));
}

#[test]
fn lists_of_votes_formulas_and_virements() {
    let header = "Collaboration,em\nFinancial year,2024/25\nIn force from,1/10/2024\n";
    let formula = format!(
        "What,formula\n{header}Basis,agreed\n\nBody,Share\nNottinghamshire PCC,60%\n\
        Leicestershire PCC,40\nTotal,100%\n"
    );
    let read = read_csv(&formula).unwrap();
    let Some(event::Kind::FundingFormulaSet(set)) = &read.requests[0].request.events[0].kind else {
        panic!("{read:?}");
    };
    let shares: Vec<u32> = set.shares.iter().map(|share| share.share_ppm).collect();
    assert_eq!(shares, [600_000, 400_000]);
    assert!(faults(&formula.replace("40", "39.9"))[0].contains("the shares total 99.9000 %"));

    let virements = format!(
        "What,virements\n{header}\nStep,Reference,From service,From head,To service,To head,Amount,\
         Permanence,Body,Reason,Proposal\nrequested,V1,EMSOU SOC,Staff,SOT,,\"£30,000\",one off,\
         Nottinghamshire PCC,Kennels,\nrequested,V1,EMSOU SOC,Staff,SOT,Kennels,5000,one off,\
         Nottinghamshire PCC,Kennels,\nmade,V1,EMSOU SOC,Staff,SOT,,30000,one off,,,V1\n"
    );
    let read = read_csv(&virements).unwrap();
    assert_eq!(read.requests.len(), 2);
    let kinds: Vec<_> = read
        .requests
        .iter()
        .map(|one| one.request.events[0].kind.clone())
        .collect();
    let [
        Some(event::Kind::VirementRequested(asked)),
        Some(event::Kind::VirementMade(_)),
    ] = &kinds[..]
    else {
        panic!("{kinds:?}");
    };
    let asked_for = asked.virement.as_ref().unwrap();
    assert_eq!(asked_for.sources[0].amount_pence, 3_500_000);
    assert_eq!(asked_for.targets.len(), 2);
    let authority = format!("{:?}", read.requests[1].request.events[0].authority);
    assert!(authority.contains(&asked.proposal_id), "{authority}");

    let votes = "What,votes\nIn force from,1 10 2024\n\nProposal,Voter,Vote\nKennels,Leicestershire PCC,for\n";
    assert!(faults(votes)[0].contains("Sheet!A5: there is no proposal \"Kennels\""));
    let twice = virements.clone()
        + "requested,,SOT,,EMSOU SOC,,1,,Nottinghamshire PCC,x,\n\
        requested,,SOT,,EMSOU SOC,,1,,Nottinghamshire PCC,x,\n";
    assert!(
        faults(&twice)[0].contains("says the same as Sheet!A10"),
        "{:?}",
        faults(&twice)
    );
}

#[test]
fn workbooks_with_everything_that_spreadsheets_do() {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let percent = Format::new().set_num_format("0.0%");
    let sheet = workbook.add_worksheet().set_name("Shares of 2020").unwrap();
    for (row, (label, value)) in (0..).zip([
        ("What", "formula"),
        ("Collaboration", "em"),
        ("Financial year", "2020-21"),
        ("Basis", "x"),
    ]) {
        sheet.write(row, 0, label).unwrap();
        sheet.write(row, 1, value).unwrap();
    }
    sheet.write(4, 0, "In force from").unwrap();
    sheet
        .write_number_with_format(4, 1, 43_922.0, &date)
        .unwrap();
    sheet.write(6, 0, "Body").unwrap();
    sheet.write(6, 1, "Share").unwrap();
    sheet.write(7, 0, "Nottinghamshire\u{a0}PCC").unwrap();
    sheet.write_number_with_format(7, 1, 0.6, &percent).unwrap();
    sheet.write(8, 0, "Leicestershire PCC").unwrap();
    let formula = rust_xlsxwriter::Formula::new("1-B8").set_result("0.4");
    sheet
        .write_formula_with_format(8, 1, formula, &percent)
        .unwrap();
    let hidden = workbook.add_worksheet().set_name("Old").unwrap();
    hidden.write(0, 0, "What").unwrap();
    hidden.write(0, 1, "nonsense").unwrap();
    hidden.set_hidden(true);
    let bytes = workbook.save_to_buffer().unwrap();
    let file = WorkbookFile::read(&bytes, "x.xlsx").unwrap();
    let read = read_workbook(&file, &directory(), "o").unwrap();
    let event = &read.requests[0].request.events[0];
    assert_eq!(
        event.effective_on,
        Some(reply::date("2020-04-01".parse().unwrap()))
    );
    let Some(event::Kind::FundingFormulaSet(set)) = &event.kind else {
        panic!()
    };
    let shares: Vec<u32> = set.shares.iter().map(|share| share.share_ppm).collect();
    assert_eq!(shares, [600_000, 400_000]);
    assert_eq!(
        read.remarks[0].to_string(),
        "Old!A1: this sheet is hidden, and is left out"
    );

    // A formula with an error, one without a value, and a merged amount.
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Money").unwrap();
    for (row, cells) in (0..).zip(HEADER.lines()) {
        for (column, text) in (0..).zip(cells.split(';')) {
            sheet.write(row, column, text).unwrap();
        }
    }
    for (column, text) in (0..).zip(["", "EMSOU SOC", "SOT"]) {
        sheet.write(7, column, text).unwrap();
    }
    sheet.write(8, 0, "Leicestershire PCC").unwrap();
    let formula = rust_xlsxwriter::Formula::new("1/0").set_result("#DIV/0!");
    sheet.write_formula(8, 1, formula).unwrap();
    let formula = rust_xlsxwriter::Formula::new("1+1").set_result("");
    sheet.write_formula(8, 2, formula).unwrap();
    sheet
        .merge_range(9, 0, 9, 1, "Nottinghamshire PCC", &Format::new())
        .unwrap();
    sheet.write(9, 2, 5).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let file = WorkbookFile::read(&bytes, "x.xlsx").unwrap();
    let faults = read_workbook(&file, &directory(), "o").unwrap_err();
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(
        faults[0].starts_with("Money!B9: this formula has the error value #DIV/0!"),
        "{faults:?}"
    );
}

#[test]
fn hostile_files_are_refused() {
    use crate::WorkbookError;
    let read = |bytes: &[u8]| WorkbookFile::read(bytes, "x").unwrap_err();
    assert_eq!(read(b""), WorkbookError::Empty);
    assert_eq!(
        read(&[0xd0, 0xcf, 0x11, 0xe0, 0]),
        WorkbookError::OldOrProtected
    );
    assert!(matches!(
        read(b"PK\x03\x04nonsense"),
        WorkbookError::Damaged { .. }
    ));
    // A cell at the end of a sheet.
    let mut workbook = Workbook::new();
    workbook
        .add_worksheet()
        .write(1_048_575, 16_383, "x")
        .unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    assert!(matches!(read(&bytes), WorkbookError::Outside { cell } if cell == "Sheet1!XFD1048576"));
    // Something small that unpacks into something large.
    let zip = |name: &str, content: &[u8]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(name, options).unwrap();
        std::io::Write::write_all(&mut zip, content).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let bomb = zip("xl/workbook.xml", &vec![b' '; 130 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(read(&bomb), WorkbookError::Bomb);
    let count = zip(
        "xl/sharedStrings.xml",
        b"<sst uniqueCount=\"99999999999999\">",
    );
    assert_eq!(read(&count), WorkbookError::Bomb);
    let entities = zip("xl/workbook.xml", b"<!DOCTYPE x [<!ENTITY a \"b\">]>");
    assert!(matches!(read(&entities), WorkbookError::Damaged { .. }));
    let row = |row: &str| {
        let content = format!(
            "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\"><table:table \
             table:name=\"a\">{row}</table:table></office:document-content>"
        );
        zip("content.xml", content.as_bytes())
    };
    let repeated = row(
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
        office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"400\"/>\
        </table:table-row>",
    );
    assert_eq!(read(&repeated), WorkbookError::Cells);
    let far = row(
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell/>\
        </table:table-row><table:table-row><table:table-cell office:value=\"1\"/></table:table-row>",
    );
    assert!(matches!(read(&far), WorkbookError::Outside { .. }));
}
