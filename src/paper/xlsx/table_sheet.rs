//! A table of a paper on a sheet of a workbook.

use minutebook_present::cell::Cell;
use minutebook_present::sheet::Row;
use rust_xlsxwriter::{
    ColNum, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, RowNum, Table, TableColumn,
    TableFunction, TableStyle, Worksheet, row_col_to_cell,
};

use super::names::{NameKind, Names};
use super::values::{DATE_FORMAT, SheetValue, fitting_text, looks_like_formula, value};
use super::{COLUMNS_MAX, PaperXlsxError, ROWS_MAX};
use crate::column::{ColumnKind, PrintedColumn};
use crate::entry_links::EntryLinks;
use crate::paper_table::PaperTable;

/// Widths of columns, in characters.
const WIDTH_MIN: usize = 8;
const WIDTH_MAX: usize = 60;
/// The longest date: `17 September 2024`.
const DATE_WIDTH: usize = 17;
/// Room for the button that filters.
const WIDTH_MORE: usize = 3;
/// The height of a line, in points, and the most lines of a row: no row is higher than 409
/// points.
const LINE_HEIGHT: u16 = 15;
const LINES_MAX: usize = 27;
/// More links than this a sheet cannot have.
const LINKS_MAX: usize = 65_000;
/// A4, as spreadsheets number it.
const PAPER_A4: u8 = 9;

pub struct TableSheet<'a> {
    pub table: &'a PaperTable,
    pub heading: &'a str,
    pub table_name: String,
    pub entry_links: Option<&'a EntryLinks>,
}

impl TableSheet<'_> {
    pub fn write(self, worksheet: &mut Worksheet) -> Result<(), PaperXlsxError> {
        let columns = self.table.columns();
        let rows = self.table.rows();
        if rows.len() > ROWS_MAX {
            return Err(PaperXlsxError::TooManyRows {
                heading: self.heading.to_owned(),
                rows: rows.len(),
            });
        }
        if columns.len() > COLUMNS_MAX {
            return Err(PaperXlsxError::TooManyColumns {
                heading: self.heading.to_owned(),
                columns: columns.len(),
            });
        }
        worksheet
            .set_paper_size(PAPER_A4)
            .set_landscape()
            .set_print_fit_to_pages(1, 0);
        let mut next = 0;
        if rows.is_empty() || columns.is_empty() {
            let sentence = fitting_text(self.table.sheet().sentence_when_empty());
            worksheet.write_string(0, 0, sentence)?;
            next += 1;
        } else {
            next += self.write_table(worksheet, &columns, &rows)?;
        }
        for note in self.table.sheet().notes() {
            next += 1;
            worksheet.write_string(next, 0, fitting_text(note))?;
        }
        Ok(())
    }

    /// Returns the row after it.
    fn write_table(
        &self,
        worksheet: &mut Worksheet,
        columns: &[PrintedColumn],
        rows: &[&Row],
    ) -> Result<RowNum, PaperXlsxError> {
        let titles = self.titles(columns);
        worksheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
        let mut links_left = LINKS_MAX;
        for (number, row) in (1..).zip(rows) {
            for (index, column) in (0..).zip(columns) {
                self.write_cell(worksheet, (number, index), column, row, &mut links_left)?;
            }
        }
        let last_row = RowNum::try_from(rows.len()).unwrap_or(RowNum::MAX);
        let last_column = ColNum::try_from(columns.len() - 1).unwrap_or(ColNum::MAX);
        let has_totals = self.table.has_totals(columns);
        let mut heads = Vec::new();
        for ((index, column), title) in (0..).zip(columns).zip(&titles) {
            let align = if column.is_on_the_right() {
                FormatAlign::Right
            } else {
                FormatAlign::Left
            };
            // Not every spreadsheet draws the style of the table.
            let style = Format::new()
                .set_bold()
                .set_border_bottom(FormatBorder::Thin)
                .set_align(align);
            let mut head = TableColumn::new()
                .set_header(title)
                .set_header_format(style);
            if column.total.is_some() {
                head = head.set_total_function(TableFunction::Custom(sum(index, last_row)));
            } else if index == 0 && has_totals {
                head = head.set_total_label("Total");
            }
            heads.push(head);
        }
        let table = Table::new()
            .set_name(&self.table_name)
            .set_style(TableStyle::Light1)
            .set_columns(&heads)
            .set_total_row(has_totals);
        let bottom = last_row + u32::from(has_totals);
        worksheet.add_table(0, 0, bottom, last_column, &table)?;
        for (index, column) in (0..).zip(columns) {
            if let Some(total) = column.total {
                // The sum goes with its formula, for those who read without reckoning.
                let cell = total.cell();
                let value = value(&cell, has_pence(column, &cell));
                if let SheetValue::Number { number, format } = value {
                    let formula = sum(index, last_row).set_result(number.to_string());
                    let format = Format::new().set_num_format(format).set_bold();
                    worksheet.write_formula_with_format(bottom, index, formula, &format)?;
                }
            }
        }
        if has_totals && columns.first().is_some_and(|column| column.total.is_none()) {
            let strong = Format::new().set_bold();
            worksheet.write_string_with_format(bottom, 0, "Total", &strong)?;
        }
        let widths = set_widths(worksheet, columns, rows, &titles)?;
        set_heights(worksheet, columns, rows, &widths)?;
        Ok(bottom + 1)
    }

    fn titles(&self, columns: &[PrintedColumn]) -> Vec<String> {
        let mut names = Names::new(NameKind::Column);
        let is_facts = self.table.sheet().is_facts();
        let title = |(index, column): (usize, &PrintedColumn)| match index {
            0 if is_facts => names.take("Fact"),
            1 if is_facts => names.take("Value"),
            _ if column.title.is_empty() => names.take(&column.key),
            _ => names.take(&column.title),
        };
        columns.iter().enumerate().map(title).collect()
    }

    fn write_cell(
        &self,
        worksheet: &mut Worksheet,
        (number, index): (RowNum, ColNum),
        column: &PrintedColumn,
        row: &Row,
        links_left: &mut usize,
    ) -> Result<(), PaperXlsxError> {
        let is_facts = self.table.sheet().is_facts();
        let mut format = Format::new().set_align(FormatAlign::Top);
        if let (Some(links), Some(position)) = (self.entry_links, column.entry(row, is_facts))
            && *links_left > 0
        {
            *links_left -= 1;
            // The number below takes the place of its text; the link stays.
            worksheet.write_url(number, index, links.address(position).as_str())?;
            format = format.set_hyperlink();
        }
        if is_facts {
            format = format.set_align(FormatAlign::Left);
        }
        let value = if is_facts && column.index == 0 {
            SheetValue::Text(fitting_text(&column.text_in(row, true)))
        } else {
            value(column.cell(row), has_pence(column, column.cell(row)))
        };
        match value {
            SheetValue::Blank => {}
            SheetValue::Text(text) => {
                if looks_like_formula(&text) {
                    format = format.set_quote_prefix();
                }
                if text.contains('\n') || text.chars().count() > WIDTH_MAX {
                    format = format.set_text_wrap();
                }
                worksheet.write_string_with_format(number, index, text, &format)?;
            }
            SheetValue::Number {
                number: figure,
                format: shown,
            } => {
                let format = format.set_num_format(shown);
                worksheet.write_number_with_format(number, index, figure, &format)?;
            }
            SheetValue::Date { year, month, day } => {
                let date = ExcelDateTime::from_ymd(year, month, day)?;
                let format = format
                    .set_num_format(DATE_FORMAT)
                    .set_align(FormatAlign::Left);
                worksheet.write_datetime_with_format(number, index, &date, &format)?;
            }
        }
        Ok(())
    }
}

/// Makes each column as wide as its texts, within limits; returns the widths.
fn set_widths(
    worksheet: &mut Worksheet,
    columns: &[PrintedColumn],
    rows: &[&Row],
    titles: &[String],
) -> Result<Vec<usize>, PaperXlsxError> {
    let mut widths = Vec::new();
    for ((index, column), title) in (0..).zip(columns).zip(titles) {
        let texts = rows.iter().map(|row| column.text(column.cell(row)));
        let total = column.total.map(|total| column.text(&total.cell()));
        let widest = texts.chain(total).map(|text| {
            let lines = text.lines().map(|line| line.chars().count());
            lines.max().unwrap_or_default()
        });
        let title = title.chars().count() + WIDTH_MORE;
        let widest = widest.max().unwrap_or_default().max(title);
        // A date is written out here.
        let least = if column.has_dates {
            DATE_WIDTH
        } else {
            WIDTH_MIN
        };
        let width = widest.clamp(least, WIDTH_MAX) + 1;
        widths.push(width);
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        worksheet.set_column_width(index, f64::from(width))?;
    }
    Ok(widths)
}

/// Makes rows as high as their texts: not every spreadsheet does so when it opens a file.
fn set_heights(
    worksheet: &mut Worksheet,
    columns: &[PrintedColumn],
    rows: &[&Row],
    widths: &[usize],
) -> Result<(), PaperXlsxError> {
    for (number, row) in (1..).zip(rows) {
        let lines = columns.iter().zip(widths).map(|(column, width)| {
            let text = column.text(column.cell(row));
            let lines = text.lines().map(|line| match line.chars().count() {
                count if count <= *width => 1,
                // Words leave some of a line empty.
                count => count.div_ceil((width * 9 / 10).max(1)),
            });
            lines.sum::<usize>()
        });
        let lines = lines.max().unwrap_or(1).clamp(1, LINES_MAX);
        if lines > 1 {
            let height = u16::try_from(lines).unwrap_or(1) * LINE_HEIGHT;
            worksheet.set_row_height(number, f64::from(height))?;
        }
    }
    Ok(())
}

/// Whether an amount shows its pence: where its column has some, or, among values of
/// other kinds, where it has some itself.
fn has_pence(column: &PrintedColumn, cell: &Cell) -> bool {
    match column.kind {
        ColumnKind::Money { has_pence } => has_pence,
        ColumnKind::Text | ColumnKind::Figures | ColumnKind::Entries => {
            matches!(cell, Cell::Pence(pence) if pence % 100 != 0)
        }
    }
}

/// The sum of the rows that are not filtered away. Cells are named by their places, which
/// every spreadsheet understands.
fn sum(column: ColNum, last_row: RowNum) -> Formula {
    let (first, last) = (
        row_col_to_cell(1, column),
        row_col_to_cell(last_row, column),
    );
    Formula::new(format!("SUBTOTAL(109,{first}:{last})"))
}
