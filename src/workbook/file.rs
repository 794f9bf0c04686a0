//! The bytes of a workbook or of a CSV file, read within limits.
//!
//! The content decides what a file is, not its name. A small file may unpack into a large
//! one, and one cell may be at the end of a sheet of seventeen thousand million: so the
//! parts are unpacked against a limit first, and cells outside the limits are refused.

mod csv;
mod ods;
mod unpacked;
mod xlsx;

use crate::grid::{SheetCell, SheetGrid};

/// The largest file.
pub const FILE_BYTES_MAX: usize = 16 << 20;
/// The most sheets.
const SHEETS_MAX: usize = 50;
/// The most rows of a sheet.
const ROWS_MAX: u32 = 5_000;
/// The most columns of a sheet.
const COLUMNS_MAX: u32 = 500;
/// The most cells of a file.
const CELLS_MAX: usize = 200_000;
/// The longest text of a cell, in bytes: a text of the register has 4,000 characters.
const TEXT_BYTES_MAX: usize = 32_768;

/// Why a file cannot be read as a workbook.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkbookError {
    #[error("it has more than {} MiB: leave out what is not to be recorded", FILE_BYTES_MAX >> 20)]
    TooLarge,
    #[error("it is empty")]
    Empty,
    #[error(
        "it unpacks to more than {} MiB: a table of that size is no table to record; copy the \
         table into a new workbook",
        unpacked::BYTES_MAX >> 20
    )]
    Bomb,
    #[error("it has more than {SHEETS_MAX} sheets: delete those that are not to be recorded")]
    Sheets,
    #[error(
        "{cell} is outside the {ROWS_MAX} rows and {COLUMNS_MAX} columns that are read: move the \
         table to the top left, or split it"
    )]
    Outside {
        /// The cell.
        cell: String,
    },
    #[error("it has more than {CELLS_MAX} filled cells: split it")]
    Cells,
    #[error("{cell} has more than {TEXT_BYTES_MAX} bytes: shorten it")]
    LongText {
        /// The cell.
        cell: String,
    },
    #[error(
        "it is an .xls or password protected workbook: open it, and save it as .xlsx without a \
         password"
    )]
    OldOrProtected,
    #[error("it is neither a workbook (.xlsx, .ods) nor a CSV file: save it as one of them")]
    Unknown,
    #[error("it is damaged ({reason}): open it in a spreadsheet program, and save it again")]
    Damaged {
        /// In the words of the reader.
        reason: String,
    },
    #[error("line {line} is neither UTF-8 nor UTF-16 with its mark: save it as \"CSV UTF-8\"")]
    Encoding {
        /// Counted from one.
        line: usize,
    },
}

impl WorkbookError {
    fn damaged(reason: impl std::fmt::Display) -> Self {
        Self::Damaged {
            reason: reason.to_string(),
        }
    }
}

/// The sheets of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkbookFile {
    pub(crate) sheets: Vec<SheetGrid>,
}

impl WorkbookFile {
    /// Reads the bytes of a file. Its name names the sheet of a CSV file.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, WorkbookError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(WorkbookError::TooLarge);
        }
        let sheets = match bytes {
            [] => return Err(WorkbookError::Empty),
            [b'P', b'K', ..] => {
                let parts = unpacked::check(bytes)?;
                match parts {
                    unpacked::UnpackedParts::Xlsx => xlsx::read(bytes)?,
                    unpacked::UnpackedParts::Ods { content } => ods::read(bytes, &content)?,
                }
            }
            [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(WorkbookError::OldOrProtected),
            _ => vec![csv::read(bytes, name)?],
        };
        Ok(Self { sheets })
    }
}

/// Puts cells into sheets, within the limits.
#[derive(Debug, Default)]
struct CellCount(usize);

impl CellCount {
    fn put(
        &mut self,
        grid: &mut SheetGrid,
        place: (u32, u32),
        cell: SheetCell,
    ) -> Result<(), WorkbookError> {
        if place.0 >= ROWS_MAX || place.1 >= COLUMNS_MAX {
            let cell = grid.cell_name(place);
            return Err(WorkbookError::Outside { cell });
        }
        if matches!(&cell, SheetCell::Text(text) if text.len() > TEXT_BYTES_MAX) {
            let cell = grid.cell_name(place);
            return Err(WorkbookError::LongText { cell });
        }
        let before = grid.len();
        grid.put(place, cell);
        self.0 += grid.len().saturating_sub(before);
        match self.0 > CELLS_MAX {
            true => Err(WorkbookError::Cells),
            false => Ok(()),
        }
    }
}
