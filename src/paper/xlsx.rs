//! The tables of a paper as a workbook: to be sorted, filtered and added up.
//!
//! Each table is a sheet of its own, under a frozen head. Amounts, shares, counts and
//! whole dates are values that a spreadsheet reckons with; everything else is text and
//! stays text, whatever it begins with.

mod names;
mod table_sheet;
mod values;

use jiff::tz::TimeZone;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

use self::names::{NameKind, Names};
use self::table_sheet::TableSheet;
use self::values::fitting_text;
use crate::paper::Paper;
use crate::visible::visible_line;

/// Why a workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PaperXlsxError {
    #[error(
        "the table {heading:?} has {rows} rows, and a sheet may have {ROWS_MAX}: ask for \
         fewer, or take it as CSV"
    )]
    TooManyRows { heading: String, rows: usize },
    #[error(
        "the table {heading:?} has {columns} columns, and a sheet may have {COLUMNS_MAX}: \
         take it as CSV"
    )]
    TooManyColumns { heading: String, columns: usize },
    #[error("the workbook cannot be written: {0}; this is a fault of the program")]
    Writer(#[from] XlsxError),
}

/// Rows of a sheet, less those that the head, a total and notes may take.
const ROWS_MAX: usize = 1_000_000;
/// Columns of a sheet.
const COLUMNS_MAX: usize = 16_384;

/// The first sheet says what the others are.
const ABOUT: &str = "About";

/// The bytes of the file.
pub fn write(paper: &Paper) -> Result<Vec<u8>, PaperXlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(paper)?);
    let mut sheet_names = Names::new(NameKind::Sheet);
    let mut table_names = Names::new(NameKind::Table);
    let about = sheet_names.take(ABOUT);
    workbook.add_worksheet().set_name(&about)?;
    let mut contents = Vec::new();
    for table in paper.tables() {
        let sheet = table.sheet();
        let heading = visible_line(sheet.heading());
        let named = if heading.is_empty() {
            sheet.key()
        } else {
            &heading
        };
        let sheet_name = sheet_names.take(named);
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&sheet_name)?;
        let written = TableSheet {
            table,
            heading: named,
            table_name: table_names.take(sheet.key()),
            entry_links: paper.entry_links.as_ref(),
        };
        written.write(worksheet)?;
        contents.push((sheet_name, named.to_owned()));
    }
    write_about(paper, &mut workbook, &contents)?;
    Ok(workbook.save_to_buffer()?)
}

/// The title, the lines below it, and the names of the other sheets.
fn write_about(
    paper: &Paper,
    workbook: &mut Workbook,
    contents: &[(String, String)],
) -> Result<(), PaperXlsxError> {
    let worksheet = workbook.worksheet_from_index(0)?;
    let strong = Format::new().set_bold().set_align(FormatAlign::Top);
    let title = Format::new().set_bold().set_font_size(16);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    worksheet
        .set_column_width(0, 24)?
        .set_column_width(1, 80)?
        .set_print_fit_to_pages(1, 0);
    worksheet.write_string_with_format(0, 0, fitting_text(&paper.title), &title)?;
    let mut row = 2;
    for line in &paper.subject {
        worksheet.write_string_with_format(row, 0, fitting_text(&line.label), &strong)?;
        worksheet.write_string_with_format(row, 1, fitting_text(&line.value), &wrapped)?;
        row += 1;
    }
    if !contents.is_empty() {
        row += 1;
        worksheet.write_string_with_format(row, 0, "Sheet", &strong)?;
        worksheet.write_string_with_format(row, 1, "Table", &strong)?;
    }
    for (sheet, heading) in contents {
        row += 1;
        let target = format!("internal:'{}'!A1", sheet.replace('\'', "''"));
        worksheet.write_url_with_text(row, 0, target.as_str(), sheet)?;
        worksheet.write_string_with_format(row, 1, fitting_text(heading), &wrapped)?;
    }
    Ok(())
}

fn properties(paper: &Paper) -> Result<DocProperties, PaperXlsxError> {
    let made_at = paper.made_at.to_zoned(TimeZone::UTC);
    // Workbooks know no year before this one.
    let year = u16::try_from(made_at.year().max(1900)).unwrap_or(1900);
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    let made_at = ExcelDateTime::from_ymd(year, part(made_at.month()), part(made_at.day()))?
        .and_hms(
            part(made_at.hour()).into(),
            part(made_at.minute()),
            f64::from(made_at.second()),
        )?;
    Ok(DocProperties::new()
        .set_title(fitting_text(&paper.title))
        .set_author("Minutebook")
        .set_creation_datetime(&made_at))
}

#[cfg(test)]
mod tests;
