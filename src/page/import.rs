//! A spreadsheet that is brought in: chosen, checked, recorded.

use maud::{Markup, html};

use crate::address::Address;
use crate::form::{FormSheet, hidden};
use crate::frame::{PageSection, WebPage};
use minutebook_form::{SummaryLine, words};

/// A line of a workbook, and what the register says of it.
#[derive(Debug, Clone, Default)]
pub struct ImportLine {
    /// The cell where it begins: `Virements!A7`.
    pub cell: String,
    pub line: String,
    /// Why it would be refused; empty where it would be recorded.
    pub faults: Vec<String>,
    /// The entry that it was recorded as; 0 before.
    pub position: u64,
    /// Whether it had been recorded before.
    pub is_known: bool,
}

/// A workbook that was read.
#[derive(Debug, Clone, Default)]
pub struct ImportSheet {
    pub name: String,
    pub lines: Vec<ImportLine>,
    /// Cells that were left out, and why.
    pub remarks: Vec<String>,
    /// The file again, to be carried along unseen.
    pub content: String,
    pub recorded_by: String,
}

/// The page that asks for a file. `faults` are those of the file that was sent.
pub fn ask(
    faults: &[SummaryLine],
    sheet: &FormSheet,
    names_recorder: bool,
    recorded_by: &str,
    address: &Address,
) -> WebPage {
    let title = "Bring in a spreadsheet";
    let title = match faults.is_empty() {
        true => title.to_owned(),
        false => format!("Problem: {title}"),
    };
    WebPage::new(PageSection::Record, title)
        .over(html! { p { a href=(address.links().to("/record")) { "Record" } } })
        .lede(html! {
            p { "Budgets, contributions, shares, virements, votes, signatures or decisions. You see how each line is read before anything is recorded." }
        })
        .body(html! {
            (crate::form::summary(faults))
            @if !sheet.caution.is_empty() { div.outcome.waits { p { (sheet.caution) } } }
            form.record method="post" action=(address.path) enctype="multipart/form-data" {
                (hidden(sheet))
                div.field .wrong[!faults.is_empty()] {
                    label for="q-file" { "The spreadsheet" }
                    span.hint #file-hint {
                        "An .xlsx, .ods or .csv file of at most 2 MiB. Each sheet says what it is: \"What\" in A1, and the kind in B1."
                    }
                    input #q-file type="file" name="file" required accept=".xlsx,.ods,.csv" aria-describedby="file-hint";
                }
                @if names_recorder {
                    div.field {
                        label for="q-recorded_by" { "Which office records this?" }
                        span.hint #by-hint { "Where the sheet does not say. Such as Secretary to the Board, and never a person's name." }
                        input #q-recorded_by type="text" name="recorded_by" value=(recorded_by) autocomplete="off" aria-describedby="by-hint";
                    }
                }
                button.main type="submit" name="step" value="check" { "Go on: see how it is read" }
                p.note { "Nothing is recorded yet." }
            }
        })
}

/// The page that shows how a workbook is read, and what the register would say.
pub fn check(sheet: &ImportSheet, form: &FormSheet, address: &Address) -> WebPage {
    let refused = sheet.lines.iter().filter(|line| !line.faults.is_empty());
    let refused = refused.count();
    let all = sheet.lines.len();
    let title = match refused {
        0 => "Check before you record".to_owned(),
        _ => format!("Problem: {}", sheet.name),
    };
    WebPage::new(PageSection::Record, title)
        .over(html! { p { (sheet.name) } })
        .lede(html! {
            @match (refused, all) {
                (0, 1) => p { "You record, for ever, " strong { "one entry" } "." },
                (0, all) => p { "You record, for ever, " strong { (all) " entries" } "." },
                (1, _) => p { "One line would be refused. Mend it in the spreadsheet, and bring it in again." },
                (refused, _) => p { (refused) " lines would be refused. Mend them in the spreadsheet, and bring it in again." },
            }
        })
        .body(html! {
            @if refused == 0 {
                form.record method="post" action=(address.path) enctype="multipart/form-data" {
                    (hidden(form))
                    input type="hidden" name="name" value=(sheet.name);
                    input type="hidden" name="content" value=(sheet.content);
                    input type="hidden" name="recorded_by" value=(sheet.recorded_by);
                    button.main type="submit" name="step" value="record" { "Record this" }
                }
                p.note { "Nothing is recorded twice: a line that was brought in before is left as it is." }
            }
            (lines(sheet, address))
            (remarks(sheet))
            p { a href=(address.links().to("/import")) { "Choose another spreadsheet" } }
        })
}

/// The page after a workbook was recorded, as far as it was.
pub fn done(sheet: &ImportSheet, address: &Address) -> WebPage {
    let recorded = sheet.lines.iter().filter(|line| line.position > 0).count();
    let title = match sheet.lines.iter().any(|line| !line.faults.is_empty()) {
        true => "Problem: not everything was recorded",
        false => "The spreadsheet is recorded",
    };
    WebPage::new(PageSection::Record, title)
        .over(html! { p { (sheet.name) } })
        .lede(html! {
            p { (recorded) " of " (sheet.lines.len()) " lines are in the register." }
            @if recorded < sheet.lines.len() {
                p { "Mend the rest in the spreadsheet, and bring it in again: what is recorded is not recorded twice." }
            }
        })
        .body(html! {
            (lines(sheet, address))
            (remarks(sheet))
        })
}

fn lines(sheet: &ImportSheet, address: &Address) -> Markup {
    let links = address.links();
    html! {
        section {
            h2 { "Line by line" }
            ol.plain {
                @for line in &sheet.lines {
                    li {
                        (words::sentence(&words::plain(&line.line)))
                        " " span.soft { (line.cell) }
                        @if line.position > 0 {
                            ", " a.entry href=(links.entry(line.position)) { "entry " (line.position) }
                            @if line.is_known { " (recorded before)" }
                        }
                        @for fault in &line.faults { span.fault { (fault) } }
                    }
                }
            }
        }
    }
}

fn remarks(sheet: &ImportSheet) -> Markup {
    html! {
        @if !sheet.remarks.is_empty() {
            section {
                h2 { "Left out, or read otherwise" }
                ul { @for remark in &sheet.remarks { li { (remark) } } }
            }
        }
    }
}
