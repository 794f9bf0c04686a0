//! A fault of a workbook, at its cell.

use std::fmt;

/// One fault: the cell, the rule that it breaks, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// The cell as a spreadsheet names it: `Budget!C7`.
    pub cell: String,
    pub sentence: String,
}

impl fmt::Display for CellFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.cell, self.sentence)
    }
}
