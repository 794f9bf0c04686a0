//! Reports as CSV: ids instead of names, money in plain pounds, instants in UTC.

use std::io;

use super::invisible::is_invisible;
use super::report::Report;
use super::sheet::{Audience, Sheet};

/// Writes a report as one CSV file.
pub fn write(report: &Report, sink: impl io::Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(sink);
    let written = match report {
        Report::List(sheet)
        | Report::Parts { list: sheet, .. }
        | Report::Outline { list: sheet, .. } => {
            header(sheet, &mut csv).and_then(|()| rows(sheet, &mut csv))
        }
        Report::Sections(_) | Report::All(_) => csv
            .write_record(["section", "item", "field", "value"])
            .and_then(|()| {
                let mut sheets = report.sheets_for_programs().into_iter();
                sheets.try_for_each(|sheet| values(sheet, &mut csv))
            }),
    };
    written.map_err(io_error)?;
    csv.flush()
}

/// Writes the header of a list whose rows are still to come.
pub fn write_header(sheet: &Sheet, sink: impl io::Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(sink);
    header(sheet, &mut csv).map_err(io_error)?;
    csv.flush()
}

/// Writes the rows of a list whose header is written.
pub fn write_rows(sheet: &Sheet, sink: impl io::Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(sink);
    rows(sheet, &mut csv).map_err(io_error)?;
    csv.flush()
}

fn header<W: io::Write>(sheet: &Sheet, csv: &mut csv::Writer<W>) -> csv::Result<()> {
    let columns = sheet.columns_for(Audience::Programs);
    csv.write_record(columns.map(|(_, column)| escape_formula(column.key.clone())))
}

fn rows<W: io::Write>(sheet: &Sheet, csv: &mut csv::Writer<W>) -> csv::Result<()> {
    for row in sheet.rows_for(Audience::Programs) {
        let columns = sheet.columns_for(Audience::Programs);
        csv.write_record(
            columns.map(|(index, _)| escape_formula(row.cells[index].for_programs())),
        )?;
    }
    Ok(())
}

/// Writes a sheet as part of a report: one line for each value there is.
fn values<W: io::Write>(sheet: &Sheet, csv: &mut csv::Writer<W>) -> csv::Result<()> {
    for (index, row) in sheet.rows_for(Audience::Programs).enumerate() {
        if sheet.is_facts() {
            let field = escape_formula(row.cells[0].for_programs().replace(' ', "_"));
            let value = escape_formula(row.cells[1].for_programs());
            csv.write_record([sheet.key(), "1", &field, &value])?;
            continue;
        }
        for (column_index, column) in sheet.columns_for(Audience::Programs) {
            let value = row.cells[column_index].for_programs();
            if !value.is_empty() {
                let item = (index + 1).to_string();
                csv.write_record([sheet.key(), &item, &column.key, &escape_formula(value)])?;
            }
        }
    }
    Ok(())
}

/// The I/O error inside a CSV error. No other kind occurs: all rows have the
/// length of their header.
fn io_error(error: csv::Error) -> io::Error {
    if !error.is_io_error() {
        return io::Error::other(error.to_string());
    }
    error.into()
}

/// The first characters of formulas. Full-width and small forms count: some programs
/// fold them.
const FORMULA_SIGNS: [char; 13] = [
    '=', '+', '-', '@', '\u{2212}', '\u{fe62}', '\u{fe63}', '\u{fe66}', '\u{fe6b}', '\u{ff0b}',
    '\u{ff0d}', '\u{ff1d}', '\u{ff20}',
];

/// `text` as a CSV cell: one that a spreadsheet would run as a formula gets a
/// leading apostrophe. Plain numbers, such as `-2.00`, stay.
///
/// Programs skip blanks, line feeds and invisible characters in front of a formula.
fn escape_formula(text: String) -> String {
    let is_skipped = |c: char| c.is_whitespace() || is_invisible(c);
    let is_formula = text
        .trim_start_matches(is_skipped)
        .starts_with(FORMULA_SIGNS);
    if (is_formula && !is_plain_number(&text)) || text.starts_with(['\t', '\r']) {
        return format!("'{text}");
    }
    text
}

fn is_plain_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Cell;
    use crate::sheet::tests::sheet;

    fn csv(report: &Report) -> String {
        let mut bytes = Vec::new();
        write(report, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_list_is_a_file_of_ids() {
        assert_eq!(
            csv(&Report::List(sheet())),
            "body_id,n,extra\nleics-pcc,-2.00,'=1+1\n"
        );
    }

    #[test]
    fn sections_are_one_value_a_line() {
        let mut facts = Sheet::facts("summary");
        facts.fact("legal basis", "s.22A").fact("purpose", "");
        let report = Report::Sections(vec![facts, sheet()]);
        assert_eq!(
            csv(&report),
            "section,item,field,value\n\
             summary,1,legal_basis,s.22A\n\
             bodies,1,body_id,leics-pcc\n\
             bodies,1,n,-2.00\n\
             bodies,1,extra,'=1+1\n"
        );
    }

    #[test]
    fn columns_without_values_and_lists_without_rows_keep_their_header() {
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "Until")]);
        assert_eq!(csv(&Report::List(sheet.clone())), "a,b\n");
        sheet.row(vec!["1".into(), Cell::Empty]);
        assert_eq!(csv(&Report::List(sheet)), "a,b\n1,\n");
    }

    #[test]
    fn formulas_are_escaped_and_numbers_are_not() {
        for formula in [
            "=1+1",
            "+44 20",
            "-x",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "-",
            "-1.",
            "+5",
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM(A1)",
            "﹦1",
            "﹢1",
            "﹣1",
            "﹫a",
            "−1",
            " =1",
            "\n=1",
            "\u{a0}=1",
            "\u{3000}＝1",
            "\u{200b}=1",
            "\u{feff}=1",
            "\r\n =1",
            " -2",
        ] {
            assert_eq!(escape_formula(formula.to_owned()), format!("'{formula}"));
        }
        for harmless in [
            "-2.00", "-2", "12", "2015-10", "a=b", "", "£1", " a=b", "a\n=1", " ",
        ] {
            assert_eq!(escape_formula(harmless.to_owned()), harmless);
        }
    }
}
