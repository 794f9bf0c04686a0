//! Reports for people, as text of a given width: tables, facts and outlines.

mod columns;
mod details;
mod facts;
mod fixed;
mod grid;
mod text;

pub use self::fixed::{FixedColumn, render_rows, render_titles};
use self::grid::grid;
use self::text::{hanging, wrap_hanging};
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
    render(&answer.report(), layout) + &render_sentences(&footer.unwrap_or_default(), layout)
}

/// Sentences beside a table, each paragraph in lines of the width; the last ends without a
/// line feed.
pub fn render_sentences(text: &str, layout: Layout) -> String {
    let paragraphs = text.split('\n');
    let lines = paragraphs.flat_map(|text| hanging(text, layout.width.into(), HANGING));
    lines.collect::<Vec<_>>().join("\n")
}

/// By how much the further lines of a sentence are set in.
const HANGING: usize = 2;

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
    let width = usize::from(layout.width);
    let mut add = |line: &str| {
        text.push_str(line.trim_end());
        text.push('\n');
    };
    if !sheet.heading().is_empty() {
        let heading = sanitise_for_terminal(sheet.heading());
        for line in hanging(&heading, width, HANGING) {
            add(&layout.bold(&line));
        }
    }
    if rows.is_empty() {
        if !sheet.sentence_when_empty().is_empty() {
            let sentence = hanging(sheet.sentence_when_empty(), width, HANGING);
            sentence.iter().for_each(|line| add(line));
        }
    } else if sheet.is_facts() {
        let facts = facts::lines(sheet, &rows, width);
        facts.iter().for_each(|line| add(line));
    } else {
        grid(sheet, &rows, layout).iter().for_each(|line| add(line));
    }
    for note in sheet.notes() {
        let note = sanitise_for_terminal(note);
        let note = hanging(&note, width, HANGING);
        note.iter().for_each(|line| add(line));
    }
    text
}

/// The lines of an outline, sentences broken to the width, with a line feed after
/// each.
pub fn render_lines(lines: &[Line], layout: Layout) -> String {
    let width = usize::from(layout.width);
    let mut text = String::new();
    for line in lines {
        let line_text = sanitise_for_terminal(&line.text);
        let parts = match line.kind {
            LineKind::Prose => set_in(&line_text, line.indent, width),
            LineKind::Heading => {
                let lines = hanging(&line_text, width, HANGING).into_iter();
                lines.map(|line| layout.bold(&line)).collect()
            }
            LineKind::Fixed if text::widest_line(&line_text) <= width => vec![line_text],
            LineKind::Fixed => {
                let indent = line_text.len() - line_text.trim_start_matches(' ').len();
                set_in(&line_text, indent, width)
            }
        };
        for part in parts {
            text.push_str(&part);
            text.push('\n');
        }
    }
    text
}

/// A text in lines of whole words, the first set in by `indent`, the others a little
/// more.
fn set_in(text: &str, indent: usize, width: usize) -> Vec<String> {
    /// By how much lines after the first are set in further.
    const FURTHER: usize = 4;
    // However narrow the screen, half of it is for words.
    let first = indent.min(width / 2);
    let after = (indent + FURTHER).min(width / 2);
    let lines = wrap_hanging(text, width - first, width - after).into_iter();
    let lines = lines.enumerate().map(|(index, line)| {
        let indent = if index == 0 { first } else { after };
        " ".repeat(indent) + &line
    });
    lines.collect()
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

    /// The widest line, as a terminal counts.
    fn widest(text: &str) -> usize {
        text::widest_line(text)
    }

    fn row(sheet: &mut Sheet, texts: &[&str]) {
        sheet.row(texts.iter().map(|text| (*text).into()).collect());
    }

    #[test]
    fn a_narrow_table_breaks_words_and_never_figures() {
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "A very long title")]);
        sheet.row(vec![
            "Several words that do not fit into the width".into(),
            Cell::Pence(612_932_800),
        ]);
        assert_eq!(
            table(&sheet, 32),
            "┌─────────────────┬────────────┐\n\
             │ A               ┆     A very │\n\
             │                 ┆ long title │\n\
             ╞═════════════════╪════════════╡\n\
             │ Several words   ┆ £6,129,328 │\n\
             │ that do not fit ┆            │\n\
             │ into the width  ┆            │\n\
             └─────────────────┴────────────┘\n"
        );
    }

    #[test]
    fn what_has_no_room_beside_the_others_is_under_its_row() {
        let mut sheet = Sheet::new("x", "").columns([
            ("name", "Name"),
            ("since", "Since"),
            ("why", "Why"),
            ("id", "Id"),
        ]);
        let why = "Many words that say why this is so, and why it was not so before";
        row(&mut sheet, &["Board", "2018-03-14", why, "the-board"]);
        row(&mut sheet, &["Other board", "2019", "", "the-other-board"]);
        sheet.yielding(["why", "id"]);
        assert_eq!(
            table(&sheet, 40),
            "┌───────┬────────────┬─────────────────┐\n\
             │ Name  ┆ Since      ┆ Id              │\n\
             ╞═══════╪════════════╪═════════════════╡\n\
             │ Board ┆ 2018-03-14 ┆ the-board       │\n\
             │   Why: Many words that say why this  │\n\
             │     is so, and why it was not so     │\n\
             │     before                           │\n\
             ├╌╌╌╌╌╌╌┬╌╌╌╌╌╌╌╌╌╌╌╌┬╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤\n\
             │ Other ┆ 2019       ┆ the-other-board │\n\
             │ board ┆            ┆                 │\n\
             └───────┴────────────┴─────────────────┘\n"
        );
        // With room, every value is in its column.
        let wide = table(&sheet, 200);
        assert!(
            !wide.contains("Why:") && wide.lines().count() == 6,
            "{wide}"
        );
    }

    #[test]
    fn figures_under_a_row_are_under_one_another() {
        let mut sheet = Sheet::new("x", "").columns([("name", "Name"), ("total", "Total")]);
        let services = ["Serious crime", "Forensics", "Training"];
        for service in services {
            sheet.column(service, service);
        }
        sheet.yielding_together(services.map(str::to_owned));
        let pence = [300_000_000, 100_000_000, 150_000_000, 50_000_000];
        let mut cells = vec!["Body".into()];
        cells.extend(pence.map(Cell::Pence));
        sheet.row(cells);
        assert_eq!(
            table(&sheet, 44),
            "┌─────────────────────────────┬────────────┐\n\
             │ Name                        ┆      Total │\n\
             ╞═════════════════════════════╪════════════╡\n\
             │ Body                        ┆ £3,000,000 │\n\
             │   Serious crime £1,000,000               │\n\
             │   Forensics     £1,500,000               │\n\
             │   Training        £500,000               │\n\
             └──────────────────────────────────────────┘\n"
        );
    }

    #[test]
    fn the_amounts_of_a_column_are_written_in_one_way() {
        let mut sheet = Sheet::new("x", "").columns([("a", "A"), ("b", "B")]);
        sheet.row(vec![Cell::Pence(5_000_000), Cell::Pence(100)]);
        let parts = Cell::sentence(["about ".into(), Cell::Pence(3_333_333)]);
        sheet.row(vec![parts, Cell::Pence(0)]);
        let text = table(&sheet, 80);
        for amount in ["│   £50,000.00 ┆ £1 │", "about £33,333.33 ┆ £0 │"] {
            let amount = amount.trim_start_matches("│ ").trim_start();
            assert!(text.contains(amount), "{text}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_screen_whatever_was_recorded() {
        let long = "x".repeat(200);
        let wide = "東京都千代田区".repeat(20);
        let marked = "e\u{301}".repeat(150);
        for name in [&long, &wide, &marked] {
            let mut sheet = Sheet::new("x", name.clone()).columns([("a", "A"), ("b", name)]);
            row(&mut sheet, &[name, name]);
            sheet.note(name.clone());
            let mut facts = Sheet::facts("y");
            facts.fact(name.as_str(), name.as_str());
            let lines = vec![Line::new(60, name.clone()), Line::heading(name.clone())];
            let outline = Report::Outline {
                list: Sheet::new("z", ""),
                lines,
            };
            let report = Report::All(vec![Report::Sections(vec![sheet, facts]), outline]);
            for width in [20, 80, 120] {
                let text = render(&report, Layout::plain(width));
                let too_wide = text.lines().find(|line| widest(line) > width.into());
                assert_eq!(too_wide, None, "{width}");
                let letters = |text: &str| text.matches(['x', '東', 'e']).count();
                // Without rows of details a title is a line of words; all nine are there.
                assert!(letters(&text) >= 8 * letters(name), "{text}");
            }
        }
    }

    #[test]
    fn facts_hang_under_one_another() {
        let mut sheet = Sheet::facts("x");
        sheet.fact("name", "Several words that do not fit into the width");
        sheet.fact("a longer name", "the-id-of-a-thing-that-is-rather-long");
        assert_eq!(
            table(&sheet, 46),
            " name           Several words that do not fit\n                \
             into the width\n \
             a longer name\n    \
             the-id-of-a-thing-that-is-rather-long\n"
        );
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
            set_in(text, 2, 40),
            ["  one two three four five six seven", "      eight nine"]
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
            + &render_rows(
                &sheet,
                &[FixedColumn::Left(3), FixedColumn::Rest],
                Layout::plain(80),
            )
            + &render_titles(&sheet, &[FixedColumn::Rest; 2], Layout::plain(80));
        let is_unsafe = |c: char| c != '\n' && super::super::invisible::is_invisible(c);
        assert!(!text.contains(is_unsafe), "{text}");
        assert_eq!(text.matches("[31mb").count(), 10, "{text}");
    }
}
