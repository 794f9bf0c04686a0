//! CSV files, with the separators and encodings that programs write.

use csv::ReaderBuilder;

use super::{CellCount, WorkbookError};
use crate::grid::{SheetCell, SheetGrid, trimmed};

/// The separators that programs write.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The most lines that are looked at to find the separator.
const SAMPLE_LINES: usize = 50;

pub fn read(bytes: &[u8], name: &str) -> Result<SheetGrid, WorkbookError> {
    let text = decoded(bytes)?;
    if text.contains('\0') {
        return Err(WorkbookError::Unknown);
    }
    let (separator, text) = stated_separator(&text);
    let separator = separator.unwrap_or_else(|| likely_separator(text));
    let mut grid = SheetGrid::new(sheet_name(name), false);
    let mut count = CellCount::default();
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut row = 0_u32;
    loop {
        // The reader leaves out blank lines, and a person counts them.
        let from = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        row = row.saturating_add(blank_lines(text, from));
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(grid),
            Ok(true) => {}
            Err(error) => return Err(WorkbookError::damaged(error)),
        }
        for (column, value) in (0_u32..).zip(&record) {
            let value = trimmed(value);
            if !value.is_empty() {
                let cell = SheetCell::Text(value.to_owned());
                count.put(&mut grid, (row, column), cell)?;
            }
        }
        row = row.saturating_add(1);
    }
}

/// The blank lines from a place on, where the line before it may have ended with "\r" and
/// its "\n" is still to come.
fn blank_lines(text: &str, from: usize) -> u32 {
    let (before, after) = text.as_bytes().split_at(from.min(text.len()));
    let ends = after
        .iter()
        .take_while(|byte| matches!(byte, b'\n' | b'\r'));
    let lines = ends.filter(|byte| **byte == b'\n').count();
    let half = before.ends_with(b"\r") && after.starts_with(b"\n");
    u32::try_from(lines.saturating_sub(usize::from(half))).unwrap_or(u32::MAX)
}

/// The name of the file, without its folder and ending.
fn sheet_name(name: &str) -> &str {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.is_empty() { "CSV" } else { stem }
}

fn decoded(bytes: &[u8]) -> Result<String, WorkbookError> {
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units).map_err(|_| WorkbookError::Encoding { line: 1 })
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => Ok(text.to_owned()),
                Err(error) => {
                    let before = &bytes[..error.valid_up_to()];
                    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                    Err(WorkbookError::Encoding { line })
                }
            }
        }
    }
}

/// The separator of a first line `sep=;`, as Excel writes and reads it, and the rest.
fn stated_separator(text: &str) -> (Option<u8>, &str) {
    let Some((first, rest)) = text.split_once('\n') else {
        return (None, text);
    };
    match first.trim_end().strip_prefix("sep=").map(str::as_bytes) {
        Some([separator]) => (Some(*separator), rest),
        _ => (None, text),
    }
}

/// The separator by which most lines have several values.
fn likely_separator(text: &str) -> u8 {
    let lines_split_by = |separator: u8| {
        let mut is_quoted = false;
        let mut lines = 0;
        for line in text.lines().take(SAMPLE_LINES) {
            let mut is_split = false;
            for byte in line.bytes() {
                is_quoted ^= byte == b'"';
                is_split |= !is_quoted && byte == separator;
            }
            lines += usize::from(is_split);
        }
        lines
    };
    // The first of those that are as good as each other.
    let mut best = (0, b',');
    for separator in SEPARATORS {
        let lines = lines_split_by(separator);
        if lines > best.0 {
            best = (lines, separator);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<String> {
        let grid = read(bytes, "dir/Budget.csv").unwrap();
        let rows = grid.rows();
        rows.into_iter()
            .flat_map(|row| {
                let cells: Vec<_> = grid
                    .row(row)
                    .map(|(column, cell)| (grid.cell_name((row, column)), cell.clone()))
                    .collect();
                cells
            })
            .map(|(name, cell)| match cell {
                SheetCell::Text(text) => format!("{name}={text}"),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn separators_marks_and_encodings_are_found() {
        let expected = ["Budget!A1=What", "Budget!B1=budget, main", "Budget!B3=3"];
        for (separator, mark) in [(",", "\u{feff}"), (";", ""), ("\t", ""), (";", "sep=;\n")] {
            let body = format!("{mark}What{separator}\"budget, main\"\n\n{separator}3\n");
            assert_eq!(texts(body.as_bytes()), expected, "{separator:?}");
            if !mark.starts_with('\u{feff}') {
                let units = std::iter::once(0xfeff).chain(body.encode_utf16());
                let bytes: Vec<u8> = units.clone().flat_map(u16::to_le_bytes).collect();
                assert_eq!(texts(&bytes), expected);
                let bytes: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
                assert_eq!(texts(&bytes), expected);
            }
        }
    }

    #[test]
    fn other_encodings_are_refused_with_their_line() {
        let error = read(b"a,b\n\xa330,000\n", "x.csv").unwrap_err();
        assert_eq!(error, WorkbookError::Encoding { line: 2 });
        assert!(error.to_string().contains("CSV UTF-8"));
        assert_eq!(
            read(b"\0\x01\x02", "x").unwrap_err(),
            WorkbookError::Unknown
        );
    }

    #[test]
    fn a_text_over_several_lines_is_in_one_row() {
        assert_eq!(texts(b"a,\"x\ny\"\n\nb,2\n")[2], "Budget!A3=b");
    }
}
