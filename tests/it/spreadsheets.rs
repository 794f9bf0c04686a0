//! Spreadsheets in: the tables of the papers, typed into a plain workbook as they print
//! them, come to the same views as the books; faults and refusals name their cells.

use std::path::{Path, PathBuf};
use std::process::Command;

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::program::{Serving, books, fails, fed, register};

/// A sheet: its name, and its rows.
type SheetText<'t> = (&'t str, Vec<Vec<&'t str>>);

/// Writes a workbook as somebody types it: what looks like a number is one.
fn workbook(path: &Path, sheets: &[SheetText<'_>]) {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(cells) {
                match text.replace(',', "").parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number).unwrap(),
                    Err(_) if text.is_empty() => continue,
                    Err(_) => sheet.write_string(row, column, *text).unwrap(),
                };
            }
        }
    }
    workbook.save(path).unwrap();
}

/// The rows of a text, with cells divided by `|`.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().map(str::trim);
    lines
        .map(|line| line.split('|').map(str::trim).collect())
        .collect()
}

const ANNEX_A: &str = "\
PCC Funding Contributions 2020/2021|EMSOU SOC|EMSOU Major Crime|EMSOU Forensics|EMCHRS L&D|EMCHRS OHU|EM Legal Services|Specialist Ops Training|EMCJS Central Costs|TOTAL
|£|£|£|£|£|£|£|£|£
Nottinghamshire (27.3%)|6,129,328|236,881|1,417,853|832,136|466,193|493,753||249,635|9,825,779
Leicestershire (22.9%)|5,141,451|198,702|1,189,335|698,226|417,304|414,174|491,464|247,924|8,798,579
Derbyshire (21.8%)|4,894,482|189,158|1,132,205|664,977|397,258|394,279|||7,672,359
Northamptonshire (14.8%)|3,322,859|128,419|768,653|453,283|269,698|267,676|319,615|173,534|5,703,737
Lincolnshire (13.2%)|2,963,631|114,536|685,555||225,412|238,738|283,494|120,884|4,632,250
Total|22,451,750|867,695|5,193,602|2,648,622|1,775,865|1,808,619|1,094,573|791,977|36,632,703
% share of regional NRE (£837,207,000)|2.68%|0.10%|0.62%|0.32%|0.21%|0.22%|0.13%|0.09%|4.38%";

const TABLE_1: &str = "\
Service|2017/18 (£'000)|2018/19 (£'000)|2019/20 (£'000)|2020/21 (£'000)|2021/22 (£'000)
In force from|about 1 April 2017||||
Joint Protective Services|14,282|13,817|14,168|14,533|14,909
Organisational Support|13,352|13,892|14,240|14,852|15,491
Operational Support|4,227|4,204|4,309|4,436|4,568
Other Collaboration|4,493|4,885|5,014|5,146|5,281
Collaboration Overheads|1,448|561|575|0|0
TOTAL|37,802|37,359|38,306|38,967|40,249";

/// The appends of a book with some of these kinds of event, or with none of them.
fn appends(book: &Path, kinds: &[&str], has: bool) -> Vec<Value> {
    let text = std::fs::read_to_string(book).unwrap();
    let book: Value = serde_json::from_str(&text).unwrap();
    let appends = book["appends"].as_array().unwrap().iter();
    appends
        .filter(|append| {
            let events = append["events"].as_array().unwrap();
            let mut events = events.iter();
            has == events.any(|event| kinds.iter().any(|kind| event.get(kind).is_some()))
        })
        .cloned()
        .collect()
}

fn record(serving: &Serving, appends: &[Value]) {
    let lines: Vec<String> = appends.iter().map(Value::to_string).collect();
    let output = fed(serving, &["record", "-"], &lines.join("\n"));
    assert!(output.status.success(), "{output:?}");
}

/// An answer without the places of its entries in the log.
fn without_positions(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                !name.to_lowercase().contains("position") && name != "answeredFrom"
            });
            fields.values_mut().for_each(without_positions);
        }
        Value::Array(items) => items.iter_mut().for_each(without_positions),
        _ => {}
    }
}

fn answer(serving: &Serving, arguments: &[&str]) -> Value {
    let text = serving.prints(&[arguments, &["--format", "json"]].concat());
    let mut value = serde_json::from_str(&text).unwrap();
    without_positions(&mut value);
    value
}

const OF_MONEY: &[&str] = &[
    "budgetApproved",
    "fundingFormulaSet",
    "grantAwarded",
    "virementMade",
    "forecastReported",
    "outturnReported",
];

#[test]
fn annex_a_comes_to_the_contributions_of_the_book() {
    let [_, east, _] = books();
    let base = appends(&east, OF_MONEY, false);
    let (from_book, _data) = register();
    record(&from_book, &base);
    let money = appends(&east, &["budgetApproved", "fundingFormulaSet"], true);
    let money: Vec<Value> = money
        .into_iter()
        .filter(|append| append["events"].as_array().unwrap().len() == 1)
        .collect();
    assert_eq!(money.len(), 2, "the table and its shares");
    record(&from_book, &money);

    let note = |append: &Value| append["events"][0]["note"].as_str().unwrap().to_owned();
    let notes: Vec<String> = money.iter().map(note).collect();
    let header = |what: &str, note: &str| {
        format!(
            "What|{what}\nCollaboration|East Midlands\nFinancial year|2020/21\nIn force from|1 April \
             2020\nRecorded by|Collaboration office\nSource document|Leicestershire Police and \
             Crime Panel, 1 October 2020: Regional collaboration and partnership working\nPage|Annex \
             A\nNote|{note}\n"
        )
    };
    let contributions = format!(
        "{}Title|PCC funding contributions 2020/2021\n\n{ANNEX_A}",
        header("contributions", &notes[0])
    );
    let formula = format!(
        "{}Basis|share of regional net revenue expenditure (£837,207,000)\nShares are|rounded\n\nBody|\
         Share\nNottinghamshire|27.3%\nLeicestershire|22.9%\nDerbyshire|21.8%\nNorthamptonshire|14.8%\n\
         Lincolnshire|13.2%",
        header("formula", &notes[1])
    );
    let (imported, _log) = register();
    let data = tempfile::tempdir().unwrap();
    record(&imported, &base);
    let file = data.path().join("annex-a.xlsx");
    workbook(
        &file,
        &[
            ("Annex A", rows(&contributions)),
            ("Shares", rows(&formula)),
        ],
    );
    let file = file.to_str().unwrap();
    let printed = imported.prints(&["import", file, "--dry-run"]);
    assert!(
        printed.contains("'Annex A'!A1 would be recorded"),
        "{printed}"
    );
    assert!(
        printed.ends_with("Nothing was recorded: this is a dry run.\n"),
        "{printed}"
    );
    let printed = imported.prints(&["import", file]);
    assert!(printed.contains("2 appends recorded"), "{printed}");
    let printed = imported.prints(&["import", file]);
    assert!(
        printed.contains("Nothing new: 2 appends already recorded."),
        "{printed}"
    );

    // The same tables, as LibreOffice writes them.
    if let Some(file) = converted(Path::new(file), "ods") {
        let printed = imported.prints(&["import", file.to_str().unwrap()]);
        assert!(printed.contains("Nothing new: 2 appends"), "{printed}");
    }
    let show = [
        "show",
        "contributions",
        "east-midlands",
        "--year",
        "2020/21",
    ];
    let expected = answer(&from_book, &show);
    assert!(expected.to_string().contains("612932800"), "{expected}");
    assert_eq!(answer(&imported, &show), expected);
    let show = ["show", "differences"];
    assert_eq!(answer(&imported, &show), answer(&from_book, &show));
}

#[test]
fn table_1_comes_to_the_budget_of_the_book() {
    let [bch, ..] = books();
    let base = appends(&bch, OF_MONEY, false);
    let mut budgets = appends(&bch, &["budgetApproved"], true);
    for append in &mut budgets {
        let event = &mut append["events"][0];
        // The total in the text is not in the table.
        let stated = &mut event["budgetApproved"]["figures"]["stated"];
        stated
            .as_array_mut()
            .unwrap()
            .retain(|total| total["place"] == json!("Table 1"));
    }
    let (from_book, _data) = register();
    record(&from_book, &base);
    record(&from_book, &budgets);
    let (imported, _log) = register();
    let data = tempfile::tempdir().unwrap();
    record(&imported, &base);
    let text = format!(
        "What|budget\nCollaboration|bch\nIn force from|January 2018\nTitle|BCH collaborated \
         budget\nRecorded by|Collaboration office\nSource document|Cambridgeshire Police and Crime \
         Panel, 14 March 2018: Transformation theme\nPage|Table 1\n\n{TABLE_1}"
    );
    let file = data.path().join("table-1.xlsx");
    workbook(&file, &[("Table 1", rows(&text))]);
    let printed = imported.prints(&["import", file.to_str().unwrap()]);
    assert!(printed.contains("5 appends recorded"), "{printed}");
    let show = ["show", "budget", "bch"];
    let expected = answer(&from_book, &show);
    assert!(expected.to_string().contains("1428200000"), "{expected}");
    assert_eq!(answer(&imported, &show), expected);
}

fn csv(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

#[test]
fn faults_and_refusals_name_their_cells_and_nothing_is_recorded() {
    let [_, east, _] = books();
    let (serving, _log) = register();
    let data = tempfile::tempdir().unwrap();
    record(&serving, &appends(&east, OF_MONEY, false));
    let header = "What,budget\nCollaboration,east-midlands\nRecorded by,Office\nIn force from,";
    let faulty = format!("{header}soon\n\nService,2020/21\nEM Legal Services,1x\nNo such,2\n");
    let file = csv(data.path(), "faulty.csv", &faulty);
    let output = serving.run(&["import", file.to_str().unwrap()]);
    fails(&output, 4, "faulty!B4: \"soon\" is no date");
    fails(&output, 4, "faulty!B7: \"1x\" is no number");
    // The second year is before the collaboration: a rule forbids it.
    let refused = format!(
        "{header}2020\n\nService,2020/21,2021/22\nIn force from,,1999\n\
        EM Legal Services,1,2\n"
    );
    let file = csv(data.path(), "refused.csv", &refused);
    let output = serving.run(&["import", file.to_str().unwrap()]);
    fails(&output, 1, "refused!C6 would be refused");
    fails(&output, 1, "Nothing was recorded.");
    let output = serving.run(&["show", "budget", "east-midlands"]);
    fails(&output, 1, "has no main budget");
    let nobody = refused.replace("Recorded by,Office\n", "");
    let file = csv(data.path(), "nobody.csv", &nobody);
    let output = serving.run(&["import", file.to_str().unwrap()]);
    fails(&output, 4, "nothing says which office records it");
    let file = csv(data.path(), "old.xls", "\u{0}");
    let output = serving.run(&["import", file.to_str().unwrap()]);
    fails(&output, 4, "save it as one of them");
}

#[test]
fn templates_are_workbooks_that_other_programs_open() {
    let [_, east, _] = books();
    let (serving, _log) = register();
    let data = tempfile::tempdir().unwrap();
    serving.record(&[east]);
    for kind in [
        "budget",
        "contributions",
        "formula",
        "virements",
        "votes",
        "signatures",
        "decisions",
    ] {
        let file = data.path().join(format!("{kind}.xlsx"));
        let file = file.to_str().unwrap();
        serving.prints(&["template", kind, "--for", "east-midlands", "-o", file]);
        // Nothing is filled in, so that something is missing, or there is nothing to do.
        let output = serving.run(&["import", file, "--recorded-by", "Office"]);
        let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
        assert!(
            output.status.success() || said.contains(&format!("{kind}!")),
            "{said}"
        );
    }
    let output = serving.run(&["template", "votes", "--for", "nowhere", "-o", "x.xlsx"]);
    fails(&output, 1, "nowhere");
    let Some(text) = converted(&data.path().join("contributions.xlsx"), UTF_8_CSV) else {
        return;
    };
    let text = std::fs::read_to_string(text).unwrap();
    assert!(text.contains("Nottinghamshire PCC"), "{text}");
}

/// CSV with commas in UTF-8, as LibreOffice names it.
const UTF_8_CSV: &str = "csv:Text - txt - csv (StarCalc):44,34,76";

/// The file in another form, written by LibreOffice; `None` where there is none.
fn converted(file: &Path, form: &str) -> Option<PathBuf> {
    if Command::new("soffice").arg("--version").output().is_err() {
        eprintln!("NOT RUN: there is no soffice on this machine to open {form} files");
        return None;
    }
    let folder = file.parent().unwrap();
    // A profile of its own, as two of them cannot share one.
    let profile = format!("-env:UserInstallation=file://{}/office", folder.display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", form, "--outdir"])
        .arg(folder)
        .arg(file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let extension = form.split(':').next().unwrap();
    Some(file.with_extension(extension))
}

#[test]
fn a_book_with_remarks_is_recorded() {
    let (serving, _data) = register();
    let book = serving.prints(&["new", "body-registered"]);
    assert!(book.contains("// "), "{book}");
    let output = fed(&serving, &["record", "-"], &book);
    assert!(output.status.success(), "{output:?}");
    assert!(serving.prints(&["show", "bodies"]).contains("an-id"));
    assert!(serving.prints(&["new"]).contains("virement_requested"));
    fails(
        &serving.run(&["new", "virement_mad"]),
        2,
        "did you mean virement_made",
    );
}
