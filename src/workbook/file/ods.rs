//! Workbooks of LibreOffice (.ods).
//!
//! A cell or a row may say that it is repeated a million times, and the reader makes each of
//! them. So the extent of every sheet is measured first.

use std::io::Cursor;

use calamine::{Data, Ods, Reader, SheetVisible};
use quick_xml::Reader as XmlReader;
use quick_xml::events::{BytesStart, Event};

use super::xlsx::{day, day_of_iso};
use super::{CELLS_MAX, COLUMNS_MAX, CellCount, ROWS_MAX, SHEETS_MAX, WorkbookError};
use crate::grid::{SheetCell, SheetGrid, trimmed};

pub fn read(bytes: &[u8], content: &[u8]) -> Result<Vec<SheetGrid>, WorkbookError> {
    measure(content)?;
    let mut workbook: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::OdsError::Password => WorkbookError::OldOrProtected,
        other => WorkbookError::damaged(other),
    })?;
    let sheets = workbook.sheets_metadata().to_vec();
    if sheets.len() > SHEETS_MAX {
        return Err(WorkbookError::Sheets);
    }
    let mut count = CellCount::default();
    let mut grids = Vec::new();
    for sheet in sheets {
        let is_hidden = sheet.visible != SheetVisible::Visible;
        let mut grid = SheetGrid::new(&sheet.name, is_hidden);
        let range = workbook.worksheet_range(&sheet.name);
        let range = range.map_err(WorkbookError::damaged)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let place = (
                first_row.saturating_add(u32::try_from(row).unwrap_or(u32::MAX)),
                first_column.saturating_add(u32::try_from(column).unwrap_or(u32::MAX)),
            );
            if let Some(cell) = cell(value) {
                count.put(&mut grid, place, cell)?;
            }
        }
        grids.push(grid);
    }
    Ok(grids)
}

fn cell(value: &Data) -> Option<SheetCell> {
    Some(match value {
        Data::Int(number) => SheetCell::Text(number.to_string()),
        Data::Float(number) => SheetCell::Number(*number),
        Data::String(text) => SheetCell::Text(trimmed(text).to_owned()),
        Data::Bool(flag) => SheetCell::Flag(*flag),
        Data::DateTime(moment) => day(moment),
        Data::DateTimeIso(text) => match day_of_iso(text).parse() {
            Ok(day) => SheetCell::Day(day),
            Err(_) => SheetCell::Unreadable("no day of the calendar"),
        },
        Data::DurationIso(_) => SheetCell::Unreadable("a length of time"),
        Data::Error(error) => SheetCell::Error(error.to_string()),
        Data::Empty => return None,
    })
}

/// The extent of what is filled in a sheet.
#[derive(Default)]
struct Extent {
    rows: u64,
    columns_in_row: u64,
    repeats_of_row: u64,
    is_row_filled: bool,
    cells: u64,
}

/// Refuses sheets whose filled cells are outside the limits.
fn measure(content: &[u8]) -> Result<(), WorkbookError> {
    let text = std::str::from_utf8(content).map_err(WorkbookError::damaged)?;
    let mut reader = XmlReader::from_str(text);
    let mut extent = Extent::default();
    // Whether the reader is within a cell, and how often that is repeated.
    let mut within: Option<u64> = None;
    loop {
        match reader.read_event().map_err(WorkbookError::damaged)? {
            Event::Eof => return Ok(()),
            Event::Start(tag) if name_is(&tag, "table:table") => extent = Extent::default(),
            Event::Start(tag) if name_is(&tag, "table:table-row") => {
                extent.repeats_of_row = repeats(&tag, "table:number-rows-repeated")?;
                extent.columns_in_row = 0;
                extent.is_row_filled = false;
            }
            Event::Start(tag) if is_cell(&tag) => {
                let times = repeats(&tag, "table:number-columns-repeated")?;
                if has_value(&tag) {
                    fill(&mut extent, times)?;
                }
                within = Some(times);
            }
            Event::Empty(tag) if is_cell(&tag) => {
                let times = repeats(&tag, "table:number-columns-repeated")?;
                if has_value(&tag) {
                    fill(&mut extent, times)?;
                }
                extent.columns_in_row = extent.columns_in_row.saturating_add(times);
            }
            // A cell with text is filled, whatever it says of its value.
            Event::Start(_) | Event::Empty(_) => {
                if let Some(times) = within {
                    fill(&mut extent, times)?;
                }
            }
            Event::End(tag)
                if matches!(
                    tag.name().as_ref(),
                    "table:table-cell" | "table:covered-table-cell"
                ) =>
            {
                let times = within.take().unwrap_or(1);
                extent.columns_in_row = extent.columns_in_row.saturating_add(times);
            }
            Event::End(tag) if tag.name().as_ref() == "table:table-row" => {
                extent.rows = extent.rows.saturating_add(extent.repeats_of_row);
                if extent.is_row_filled && extent.rows > u64::from(ROWS_MAX) {
                    return Err(outside(extent.rows, 0));
                }
            }
            _ => {}
        }
    }
}

fn fill(extent: &mut Extent, times: u64) -> Result<(), WorkbookError> {
    extent.is_row_filled = true;
    let columns = extent.columns_in_row.saturating_add(times);
    if columns > u64::from(COLUMNS_MAX) {
        return Err(outside(extent.rows.saturating_add(1), columns - 1));
    }
    extent.cells = extent
        .cells
        .saturating_add(times.saturating_mul(extent.repeats_of_row));
    match extent.cells > CELLS_MAX as u64 {
        true => Err(WorkbookError::Cells),
        false => Ok(()),
    }
}

fn outside(rows: u64, column: u64) -> WorkbookError {
    let column = u32::try_from(column).unwrap_or(u32::MAX - 1);
    WorkbookError::Outside {
        cell: format!("{}{rows}", crate::grid::column_name(column)),
    }
}

fn name_is(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.name().as_ref() == name
}

fn is_cell(tag: &BytesStart<'_>) -> bool {
    name_is(tag, "table:table-cell") || name_is(tag, "table:covered-table-cell")
}

/// Whether a cell states a value or a formula.
fn has_value(tag: &BytesStart<'_>) -> bool {
    tag.attributes().flatten().any(|attribute| {
        let name = attribute.key.as_ref();
        name.starts_with("office:") || name == "table:formula"
    })
}

fn repeats(tag: &BytesStart<'_>, name: &str) -> Result<u64, WorkbookError> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(WorkbookError::damaged)?;
        if attribute.key.as_ref() == name {
            let text: &str = &attribute.value;
            return text.trim().parse().map_err(WorkbookError::damaged);
        }
    }
    Ok(1)
}
