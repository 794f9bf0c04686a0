//! Tables of figures as papers print them: headings, units, labels and totals.

use crate::amount::MoneyUnit;
use crate::grid::{CellPlace, SheetCell, on_one_line};
use crate::sheet_reader::{SheetReader, cell_text};

/// A heading of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureHeading {
    pub place: CellPlace,
    /// Without its unit.
    pub text: String,
    /// The unit in its brackets, or in the row below.
    pub unit: Option<MoneyUnit>,
}

/// A table of figures, down to its rows.
#[derive(Debug, Clone)]
pub struct FiguresTable {
    pub headings: Vec<FigureHeading>,
    /// The rows below the headings and their units.
    pub rows: Vec<u32>,
}

impl FiguresTable {
    /// Reads the headings of the table of a sheet; `None` if it has no table.
    pub fn of(reader: &SheetReader<'_>) -> Option<Self> {
        let sheet = reader.sheet;
        let Some(row) = reader.layout.headings else {
            reader.fault(
                (0, 0),
                "there is no table: below the header block, leave a row empty and type the \
                 headings and the rows",
            );
            return None;
        };
        let mut headings = Vec::new();
        for (column, cell) in sheet.row(row) {
            let place = (row, column);
            let Some(text) = reader.kept(place, cell_text(cell)) else {
                continue;
            };
            let (text, unit) = split_unit(&on_one_line(&text));
            headings.push(FigureHeading { place, text, unit });
        }
        let rows_below = sheet.rows().into_iter().filter(|other| *other > row);
        let labels = rows_below.filter_map(|row| sheet.row(row).next().map(|(column, _)| column));
        // The corner above the labels may be empty.
        if let Some(column) = labels.min()
            && headings
                .first()
                .is_none_or(|first: &FigureHeading| first.place.1 > column)
        {
            let corner = FigureHeading {
                place: (row, column),
                text: String::new(),
                unit: None,
            };
            headings.insert(0, corner);
        }
        let mut rows: Vec<u32> = sheet
            .rows()
            .into_iter()
            .filter(|other| *other > row)
            .collect();
        if let Some(below) = rows.first().copied()
            && let Some(units) = units_of(reader, below)
        {
            for heading in &mut headings {
                let unit = units.iter().find(|(column, _)| *column == heading.place.1);
                heading.unit = unit.map_or(heading.unit, |(_, unit)| Some(*unit));
            }
            rows.remove(0);
        }
        Some(Self { headings, rows })
    }

    /// The unit of all amounts, if the headings say so and agree.
    pub fn printed_unit(&self) -> Option<MoneyUnit> {
        let mut units = self.headings.iter().filter_map(|heading| heading.unit);
        let first = units.next()?;
        units.all(|unit| unit == first).then_some(first)
    }
}

/// The units in a row that has nothing else.
fn units_of(reader: &SheetReader<'_>, row: u32) -> Option<Vec<(u32, MoneyUnit)>> {
    reader
        .sheet
        .row(row)
        .map(|(column, cell)| match cell {
            SheetCell::Text(text) => Some((column, MoneyUnit::read(text)?)),
            _ => None,
        })
        .collect()
}

/// A heading without the unit in its brackets: `2017/18 (£'000)`.
pub fn split_unit(text: &str) -> (String, Option<MoneyUnit>) {
    if let Some((before, inner)) = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
        && let Some(unit) = MoneyUnit::read(inner)
    {
        return (before.trim().to_owned(), Some(unit));
    }
    if let Some((before, last)) = text.rsplit_once(' ')
        && last.starts_with('£')
        && let Some(unit) = MoneyUnit::read(last)
    {
        return (before.trim().to_owned(), Some(unit));
    }
    (text.to_owned(), None)
}

/// The part of a table that a label totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TotalOf {
    Whole,
    Expenditure,
    Income,
    /// Of what is named.
    Named(String),
}

/// Reads `TOTAL`, `Grand total`, `Total Forensics`, `Forensics total`, `Net budget`.
pub fn total_of(label: &str) -> Option<TotalOf> {
    let text = on_one_line(label);
    let lower = text.to_lowercase();
    if matches!(lower.as_str(), "net budget" | "net cost" | "all" | "sum") {
        return Some(TotalOf::Whole);
    }
    let word = [
        "grand totals",
        "grand total",
        "sub-total",
        "subtotal",
        "totals",
        "total",
    ]
    .into_iter()
    .find(|word| {
        lower.starts_with(*word) && !lower[word.len()..].starts_with(char::is_alphanumeric)
            || lower.ends_with(&format!(" {word}"))
    })?;
    // Lower case may have other lengths than the text; then the lower case is kept.
    let source = if lower.len() == text.len() {
        &text
    } else {
        &lower
    };
    let rest = match lower.starts_with(word) {
        true => source.get(word.len()..),
        false => source.get(..source.len().saturating_sub(word.len())),
    };
    let rest = rest.unwrap_or_default().trim_matches([' ', ':', '-', '–']);
    let rest = rest.strip_prefix("of ").unwrap_or(rest).trim();
    Some(match rest.to_lowercase().as_str() {
        "" | "all" | "budget" | "cost" | "costs" | "contribution" | "contributions" | "net" => {
            TotalOf::Whole
        }
        "expenditure" | "spending" => TotalOf::Expenditure,
        "income" => TotalOf::Income,
        _ => TotalOf::Named(rest.to_owned()),
    })
}

/// Whether a row has shares and no amounts: its label begins with "%", or each cell ends so.
pub fn is_share_row(reader: &SheetReader<'_>, row: u32) -> bool {
    let mut cells = reader.sheet.row(row);
    let Some((_, SheetCell::Text(label))) = cells.next() else {
        return false;
    };
    if label.starts_with('%') || label.to_lowercase().starts_with("percent") {
        return true;
    }
    let mut has_any = false;
    for (_, cell) in cells {
        match cell {
            SheetCell::Text(text) if text.ends_with('%') => has_any = true,
            _ => return false,
        }
    }
    has_any
}

/// Where a total is printed: `Annex A, Total row`.
pub fn place_of_total(page: Option<&str>, parts: &[String]) -> String {
    let page = page.map(str::to_owned).into_iter();
    page.chain(parts.iter().cloned())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_say_what_they_total() {
        let named = |text: &str| Some(TotalOf::Named(text.to_owned()));
        for whole in [
            "TOTAL",
            "Total",
            "Grand Total",
            "Total:",
            "Total budget",
            "Totals",
        ] {
            assert_eq!(total_of(whole), Some(TotalOf::Whole), "{whole}");
        }
        assert_eq!(total_of("Total Forensics"), named("Forensics"));
        assert_eq!(total_of("Forensics total"), named("Forensics"));
        assert_eq!(total_of("Total income"), Some(TotalOf::Income));
        for none in ["Totality", "Forensics", "Subtotals team", ""] {
            assert_eq!(total_of(none), None, "{none}");
        }
        assert_eq!(
            split_unit("2017/18 (£'000)"),
            ("2017/18".into(), Some(MoneyUnit::Thousands))
        );
        assert_eq!(
            split_unit("Budget £m"),
            ("Budget".into(), Some(MoneyUnit::Millions))
        );
        assert_eq!(split_unit("Ops (north)"), ("Ops (north)".into(), None));
    }
}
