//! Reports for people, as text of a given width: tables, facts and outlines.

mod grid;

use self::grid::grid;
use super::answer::{Answer, answered_from};
pub use super::invisible::sanitise_for_terminal;
use super::outline::{Line, LineKind};
use super::report::Report;
use super::sheet::{Audience, Row, Sheet};

/// The width and style of the text.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// In characters.
    pub width: u16,
    /// Whether headings may be set in bold, by escape codes.
    pub styled: bool,
}

impl Layout {
    /// A layout without escape codes.
    pub const fn plain(width: u16) -> Self {
        Self {
            width,
            styled: false,
        }
    }

    /// `text` in bold where the layout allows it.
    pub fn bold(self, text: &str) -> String {
        if self.styled {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// An answer: its tables, and the sentence that says which register they are of.
pub fn render_answer(answer: &impl Answer, layout: Layout) -> String {
    let footer = answer.answered_from().map(answered_from);
    render(&answer.report(), layout) + &footer.unwrap_or_default()
}

/// The tables of a report, one under the other.
pub fn render(report: &Report, layout: Layout) -> String {
    tables(report, layout).join("\n")
}

fn tables(report: &Report, layout: Layout) -> Vec<String> {
    let some = |table: String| (!table.is_empty()).then_some(table);
    match report {
        Report::List(sheet) => some(render_sheet(sheet, layout)).into_iter().collect(),
        Report::Parts { parts: sheets, .. } | Report::Sections(sheets) => {
            let sheets = sheets.iter().map(|sheet| render_sheet(sheet, layout));
            sheets.filter_map(some).collect()
        }
        Report::Outline { lines, .. } => some(render_lines(lines, layout)).into_iter().collect(),
        Report::All(reports) => {
            let reports = reports.iter();
            reports.flat_map(|report| tables(report, layout)).collect()
        }
    }
}

/// The table, its heading and its notes; empty where the sheet has none of them.
pub fn render_sheet(sheet: &Sheet, layout: Layout) -> String {
    let mut text = String::new();
    let rows: Vec<&Row> = sheet.rows_for(Audience::People).collect();
    if rows.is_empty() && sheet.sentence_when_empty().is_empty() && sheet.notes().is_empty() {
        return text;
    }
    if !sheet.heading().is_empty() {
        text.push_str(&layout.bold(&sanitise_for_terminal(sheet.heading())));
        text.push('\n');
    }
    if rows.is_empty() && !sheet.sentence_when_empty().is_empty() {
        text.push_str(sheet.sentence_when_empty());
        text.push('\n');
    }
    if !rows.is_empty() {
        for line in grid(sheet, &rows, layout).lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    for note in sheet.notes() {
        text.push_str(&sanitise_for_terminal(note));
        text.push('\n');
    }
    text
}

/// A column of [`render_rows`].
#[derive(Debug, Clone, Copy)]
pub enum FixedColumn {
    /// Padded on the right to so many characters.
    Left(usize),
    /// Padded on the left to so many characters.
    Right(usize),
    /// As wide as its text.
    Rest,
}

/// The rows of a sheet in columns of fixed widths, without boxes, so that a row can
/// be written before the next is known. A text longer than its column moves those
/// after it.
pub fn render_rows(sheet: &Sheet, widths: &[FixedColumn]) -> String {
    let mut text = String::new();
    for row in sheet.rows_for(Audience::People) {
        let columns = sheet.columns_for(Audience::People);
        let cells = columns.map(|(index, _)| {
            let cell = sanitise_for_terminal(&row.cells[index].for_people());
            cell.replace('\n', " ")
        });
        text.push_str(&padded(cells, widths));
        text.push('\n');
    }
    text
}

/// The line of titles above [`render_rows`].
pub fn render_titles(sheet: &Sheet, widths: &[FixedColumn], layout: Layout) -> String {
    let columns = sheet.columns_for(Audience::People);
    let titles = columns.map(|(_, column)| sanitise_for_terminal(&column.title));
    layout.bold(&padded(titles, widths))
}

fn padded(texts: impl Iterator<Item = String>, widths: &[FixedColumn]) -> String {
    let columns = texts.zip(widths).map(|(text, width)| match width {
        FixedColumn::Left(width) => format!("{text:<width$}"),
        FixedColumn::Right(width) => format!("{text:>width$}"),
        FixedColumn::Rest => text,
    });
    columns.collect::<Vec<_>>().join("  ")
}

/// The lines of an outline, sentences broken to the width, with a line feed after
/// each.
pub fn render_lines(lines: &[Line], layout: Layout) -> String {
    let mut text = String::new();
    for line in lines {
        let line_text = sanitise_for_terminal(&line.text);
        let parts = match line.kind {
            LineKind::Prose => wrap(&line_text, line.indent, layout.width.into()),
            LineKind::Heading => vec![layout.bold(&line_text)],
            LineKind::Fixed => vec![line_text],
        };
        for part in parts {
            text.push_str(&part);
            text.push('\n');
        }
    }
    text
}

/// A text in lines of whole words, the first set in by `indent`, the others a
/// little more.
fn wrap(text: &str, indent: usize, width: usize) -> Vec<String> {
    /// No line is broken to less than this, however narrow the screen.
    const WORDS_MIN: usize = 30;
    /// By how much lines after the first are set in further.
    const HANGING: usize = 4;
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    let mut used = 0;
    for word in text.split_whitespace() {
        let len = word.chars().count();
        let left = indent + if lines.is_empty() { 0 } else { HANGING };
        let room = width.saturating_sub(left).max(WORDS_MIN);
        if used > 0 && used + 1 + len > room {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent + HANGING)));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += len;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Cell;
    use crate::sheet::tests::sheet;

    fn table(sheet: &Sheet, width: u16) -> String {
        render_sheet(sheet, Layout::plain(width))
    }

    #[test]
    fn a_list_is_a_table_of_names() {
        assert_eq!(
            table(&sheet(), 80),
            "Bodies\n\
             ┌────────────────────┬──────┐\n\
             │ Body               ┆ Paid │\n\
             ╞════════════════════╪══════╡\n\
             │ Leicestershire PCC ┆  -£2 │\n\
             └────────────────────┴──────┘\n"
        );
    }

    #[test]
    fn a_narrow_table_breaks_words_and_never_figures() {
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "A very long title")]);
        sheet.row(vec![
            "Several words that do not fit into the width".into(),
            Cell::Pence(612_932_800),
        ]);
        let text = table(&sheet, 32);
        assert!(text.contains("£6,129,328"), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() <= 32),
            "{text}"
        );
        // With room for all, words stay whole though sentences do not.
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "B")]);
        sheet.row(vec![
            "Organisational".into(),
            "many words ".repeat(9).into(),
        ]);
        let text = table(&sheet, 34);
        assert!(text.contains("Organisational"), "{text}");
    }

    #[test]
    fn a_column_without_values_is_left_out() {
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "Until")]);
        sheet.row(vec!["1".into(), Cell::Empty]);
        assert!(!table(&sheet, 80).contains("Until"));
    }

    #[test]
    fn more_figures_than_fit_are_printed_whole_all_the_same() {
        let mut sheet = Sheet::new("x", "");
        for column in 0..12 {
            sheet.column(column.to_string(), "A service with a long name");
        }
        sheet.row(vec![Cell::Pence(612_932_800); 12]);
        for width in [1, 20, 80] {
            let text = table(&sheet, width);
            assert_eq!(text.matches("£6,129,328").count(), 12, "{text}");
        }
    }

    #[test]
    fn an_empty_section_is_left_out_and_an_empty_list_has_its_sentence() {
        let empty = Sheet::new("x", "X").columns([("a", "A")]);
        assert_eq!(table(&empty, 80), "");
        let list = empty.when_empty("There are none.");
        assert_eq!(table(&list, 80), "X\nThere are none.\n");
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        let text = "one two three four five six seven eight nine";
        assert_eq!(
            wrap(text, 2, 40),
            ["  one two three four five six seven", "      eight nine"]
        );
        assert_eq!(
            wrap("x".repeat(90).as_str(), 0, 40).len(),
            1,
            "words stay whole"
        );
    }

    #[test]
    fn a_recorded_text_cannot_steer_the_terminal() {
        let dangerous = "a\u{1b}[31mb\tc\u{202e}d\u{2028}\u{e0041}\u{200b}\ne";
        assert_eq!(
            sanitise_for_terminal(dangerous),
            "a\u{fffd}[31mb c\u{fffd}d\u{fffd}\u{fffd}\u{fffd}\ne"
        );
        let mut sheet = Sheet::new("x", dangerous).columns([("a", "A"), ("b", dangerous)]);
        sheet.row(vec![dangerous.into(), Cell::named("", dangerous)]);
        sheet.note(dangerous);
        let report = Report::All(vec![
            Report::List(sheet.clone()),
            Report::Outline {
                list: sheet.clone(),
                lines: vec![Line::new(2, dangerous), Line::heading(dangerous)],
            },
        ]);
        let text = render(&report, Layout::plain(80))
            + &render_rows(&sheet, &[FixedColumn::Left(3), FixedColumn::Rest])
            + &render_titles(&sheet, &[FixedColumn::Rest; 2], Layout::plain(80));
        let is_unsafe = |c: char| c != '\n' && super::super::invisible::is_invisible(c);
        assert!(!text.contains(is_unsafe), "{text}");
        assert_eq!(text.matches("[31mb").count(), 10, "{text}");
    }
}
