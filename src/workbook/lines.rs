//! Tables with a row for each event, such as votes: the fields are their columns.

use std::collections::BTreeMap;

use crate::grid::{SheetCell, on_one_line};
use crate::sheet_field::SheetField;
use crate::sheet_reader::{SheetReader, SheetRow};

/// The rows of the table of a sheet. Each heading has to be one of `known`.
pub fn rows(reader: &SheetReader<'_>, known: &[SheetField]) -> Vec<SheetRow> {
    let sheet = reader.sheet;
    let Some(headings) = reader.layout.headings else {
        let columns: Vec<&str> = known.iter().map(|field| field.label()).collect();
        reader.fault(
            (0, 0),
            format!(
                "there is no table: below the header block, leave a row empty and type a row of \
                 headings. There may be: {}",
                columns.join(", ")
            ),
        );
        return Vec::new();
    };
    let mut columns = BTreeMap::new();
    let mut has_fault = false;
    for (column, cell) in sheet.row(headings) {
        let place = (headings, column);
        let SheetCell::Text(text) = cell else {
            reader.fault(place, "a heading is a text");
            has_fault = true;
            continue;
        };
        match SheetField::labelled(text).filter(|field| known.contains(field)) {
            Some(field) if columns.contains_key(&field) => {
                has_fault = true;
                reader.fault(
                    place,
                    format!("there are two columns \"{}\"", field.label()),
                );
            }
            Some(field) => {
                columns.insert(field, column);
            }
            None => {
                has_fault = true;
                let text = on_one_line(text);
                let columns: Vec<&str> = known.iter().map(|field| field.label()).collect();
                reader.fault(
                    place,
                    format!(
                        "no column of this sheet is called \"{text}\": delete it, or name it as one \
                         of {}",
                        columns.join(", ")
                    ),
                );
            }
        }
    }
    if has_fault {
        // Of its rows, nothing would be said but that this column is missing.
        return Vec::new();
    }
    let rows = sheet.rows().into_iter().filter(|row| *row > headings);
    rows.filter_map(|row| {
        let mut filled = sheet.row(row);
        let first = filled.next()?.0;
        let is_footnote = filled.next().is_none() && columns.len() > 1;
        if is_footnote {
            reader.remark(
                (row, first),
                "a line with one cell is left out, as a footnote",
            );
            return None;
        }
        let cells = columns
            .iter()
            .map(|(field, column)| (*field, (row, *column)))
            .collect();
        Some(SheetRow {
            at: (row, first),
            cells,
        })
    })
    .collect()
}
