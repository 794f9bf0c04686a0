//! Where the header block of a sheet is, and where its table.
//!
//! A sheet begins with a header block: a label and its value in each row, `What` first. A
//! table follows. Lines with one cell between or below them are titles and footnotes.

use std::collections::BTreeMap;

use crate::grid::{CellPlace, SheetCell, SheetGrid};
use crate::sheet_field::SheetField;

/// The layout of one sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetLayout {
    /// The cell with the value of each field of the header block.
    pub header: BTreeMap<SheetField, CellPlace>,
    /// Fields that the header block has twice: the second cell of each.
    pub repeated: Vec<(SheetField, CellPlace)>,
    /// The first row of the table: its headings.
    pub headings: Option<u32>,
}

impl SheetLayout {
    pub fn of(sheet: &SheetGrid) -> Self {
        let mut layout = Self {
            header: BTreeMap::new(),
            repeated: Vec::new(),
            headings: None,
        };
        let mut previous: Option<u32> = None;
        for row in sheet.rows() {
            let follows_a_gap = previous.is_some_and(|before| row > before.saturating_add(1));
            let cells: Vec<(u32, &SheetCell)> = sheet.row(row).collect();
            let is_line = match cells.as_slice() {
                // A label without its value, or a title.
                [] | [_] => {
                    previous = Some(row);
                    continue;
                }
                // A template's hint beside a value that nobody filled in.
                [(_, label), (_, hint), ..] if is_hint(label, hint) => {
                    previous = Some(row);
                    continue;
                }
                [(_, label), (_, value)] => {
                    let follows = follows_a_gap && !layout.header.is_empty();
                    is_header_line(label, value, follows)
                }
                // Beside the value may be a remark.
                [(_, label), (_, value), (_, third), ..] => {
                    let are_headings = is_heading(value) && is_heading(third);
                    let may_be_line = !names_rows(label) && !are_headings;
                    field_of(label).is_some() && (may_be_line || is_hint(label, third))
                }
            };
            let is_table = !is_line;
            if is_table {
                layout.headings = Some(row);
                break;
            }
            if let [(_, label), (column, _), ..] = cells.as_slice()
                && let Some(field) = field_of(label)
            {
                let place = (row, *column);
                match layout.header.get(&field) {
                    None => {
                        layout.header.insert(field, place);
                    }
                    Some(_) => layout.repeated.push((field, place)),
                }
            }
            previous = Some(row);
        }
        layout
    }
}

fn field_of(cell: &SheetCell) -> Option<SheetField> {
    match cell {
        SheetCell::Text(text) => SheetField::labelled(text),
        _ => None,
    }
}

/// Whether two cells are a label and its value, and not two headings of a table. A table
/// follows an empty row, where the header block has begun.
fn is_header_line(label: &SheetCell, value: &SheetCell, follows: bool) -> bool {
    match field_of(label) {
        None => false,
        // Any text may be their value.
        Some(
            SheetField::What
            | SheetField::Collaboration
            | SheetField::RecordedBy
            | SheetField::Title
            | SheetField::Source
            | SheetField::Place
            | SheetField::Note
            | SheetField::Basis
            | SheetField::Unit
            | SheetField::Year,
        ) => true,
        Some(_) if names_rows(label) => !follows && !is_heading(value),
        Some(_) => !(follows && is_heading(value)),
    }
}

/// Whether a cell has the hint that templates print beside a label.
fn is_hint(label: &SheetCell, cell: &SheetCell) -> bool {
    let hint = field_of(label).map(SheetField::hint);
    matches!(cell, SheetCell::Text(text) if Some(text.as_str()) == hint)
}

/// Whether a label may head the first column of a table.
fn names_rows(label: &SheetCell) -> bool {
    matches!(
        field_of(label),
        Some(SheetField::Service | SheetField::Body | SheetField::Head)
    )
}

/// Whether a cell heads a column of a table: a field, or a financial year.
fn is_heading(cell: &SheetCell) -> bool {
    match cell {
        SheetCell::Text(text) => {
            let text = text.split_once('(').map_or(text.as_str(), |(text, _)| text);
            SheetField::labelled(text).is_some() || crate::day::financial_year(text).is_ok()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(rows: &[&[&str]]) -> (Vec<SheetField>, Option<u32>) {
        let mut sheet = SheetGrid::new("s", false);
        for (row, cells) in (0_u32..).zip(rows) {
            for (column, text) in (0_u32..).zip(*cells) {
                sheet.put_text((row, column), text);
            }
        }
        let layout = SheetLayout::of(&sheet);
        (layout.header.into_keys().collect(), layout.headings)
    }

    #[test]
    fn the_header_block_ends_where_the_table_begins() {
        let what: &[&str] = &["What:", "budget", "the kind of sheet"];
        let year: &[&str] = &["Financial year", "2017/18"];
        let fields = vec![SheetField::What, SheetField::Year];
        for table in [
            &["Service", "2017/18 (£'000)"][..],
            &["Service", "2017/18", "2018/19"],
            &["Body", "Share"],
            &["PCC Funding Contributions 2020/2021", "EMSOU SOC", "TOTAL"],
            &["Body", "EMSOU SOC", "TOTAL"],
        ] {
            let rows = [what, year, &["Annex A: a title"], table];
            assert_eq!(layout(&rows), (fields.clone(), Some(3)), "{table:?}");
            let rows = [what, year, &[], &["Annex A: a title"], &[], table];
            assert_eq!(layout(&rows), (fields.clone(), Some(5)), "{table:?}");
        }
        // One service, after a gap.
        let rows = [what, year, &[], &["Body", "EMSOU SOC"]];
        assert_eq!(layout(&rows), (fields, Some(3)));
        // An office may be called so, and a list may begin with a title.
        let office: &[&str] = &["Recorded by", "Office"];
        let rows = [
            what,
            office,
            &["Board", "Office"],
            &[],
            &["Title", "Outcome", "Board"],
        ];
        let fields = vec![SheetField::What, SheetField::RecordedBy, SheetField::Board];
        assert_eq!(layout(&rows), (fields, Some(4)));
        let rows = [what, &[], &["Proposal", "Vote"]];
        assert_eq!(layout(&rows), (vec![SheetField::What], Some(2)));
        let rows = [what, &["Service", "EMSOU SOC"], &["Title", "Budget"]];
        let fields = vec![SheetField::What, SheetField::Title, SheetField::Service];
        assert_eq!(layout(&rows), (fields, None));
    }
}
