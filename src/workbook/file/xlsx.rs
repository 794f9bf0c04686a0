//! Workbooks of Excel (.xlsx, .xlsm), cell by cell.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use jiff::civil::Date;

use super::{CellCount, SHEETS_MAX, WorkbookError};
use crate::grid::{SheetCell, SheetGrid, trimmed};

pub fn read(bytes: &[u8]) -> Result<Vec<SheetGrid>, WorkbookError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsxError::Password => WorkbookError::OldOrProtected,
        other => WorkbookError::damaged(other),
    })?;
    let sheets: Vec<_> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .cloned()
        .collect();
    if sheets.len() > SHEETS_MAX {
        return Err(WorkbookError::Sheets);
    }
    let mut count = CellCount::default();
    let mut grids = Vec::new();
    for sheet in sheets {
        let is_hidden = sheet.visible != SheetVisible::Visible;
        let mut grid = SheetGrid::new(&sheet.name, is_hidden);
        let merged = workbook.merge_cells_by_sheet_name(&sheet.name);
        let merged = merged.map_err(WorkbookError::damaged)?;
        let mut cells = workbook
            .worksheet_cells_reader(&sheet.name)
            .map_err(WorkbookError::damaged)?;
        while let Some(cell) = cells
            .next_cell_with_formula_metadata()
            .map_err(WorkbookError::damaged)?
        {
            let is_computed = cell.formula.is_some();
            if let Some(content) = content(&cell.value, is_computed) {
                count.put(&mut grid, cell.pos, content)?;
            }
        }
        for region in merged {
            // A merged cell that reaches beyond what is read covers nothing that is read.
            let last = (
                region.end.0.min(super::ROWS_MAX),
                region.end.1.min(super::COLUMNS_MAX),
            );
            let cells = u64::from(last.0.saturating_sub(region.start.0) + 1)
                * u64::from(last.1.saturating_sub(region.start.1) + 1);
            if cells > super::CELLS_MAX as u64 {
                return Err(WorkbookError::Cells);
            }
            grid.merge(region.start, last);
            if grid.len() > super::CELLS_MAX {
                return Err(WorkbookError::Cells);
            }
        }
        grids.push(grid);
    }
    Ok(grids)
}

fn content(value: &DataRef<'_>, is_computed: bool) -> Option<SheetCell> {
    Some(match value {
        DataRef::Int(number) => SheetCell::Text(number.to_string()),
        DataRef::Float(number) => SheetCell::Number(*number),
        DataRef::String(text) => SheetCell::Text(trimmed(text).to_owned()),
        DataRef::SharedString(text) => SheetCell::Text(trimmed(text).to_owned()),
        DataRef::Bool(flag) => SheetCell::Flag(*flag),
        DataRef::DateTime(moment) => day(moment),
        DataRef::DateTimeIso(text) => SheetCell::Text(day_of_iso(text).to_owned()),
        DataRef::DurationIso(_) => SheetCell::Unreadable("a length of time"),
        DataRef::Error(error) => SheetCell::Error(error.to_string()),
        DataRef::Empty if is_computed => SheetCell::NotComputed,
        DataRef::Empty => return None,
    })
}

/// The day of `2024-10-01T00:00:00`.
pub fn day_of_iso(text: &str) -> &str {
    text.split_once('T').map_or(text, |(day, _)| day)
}

/// The day of a number that is formatted as a date, in the date system of the workbook.
pub fn day(moment: &ExcelDateTime) -> SheetCell {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let part = |part: u8| i8::try_from(part).unwrap_or(0);
    let date = i16::try_from(year)
        .ok()
        .and_then(|year| Date::new(year, part(month), part(day)).ok());
    match date {
        _ if moment.is_duration() => SheetCell::Unreadable("a length of time"),
        // Numbers below 61 are days that never were, or a time of day.
        Some(date) if moment.as_f64() >= 61.0 => SheetCell::Day(date),
        _ => SheetCell::Unreadable("no day of the calendar"),
    }
}
