//! The tables of a paper, as grids: sheets, their notes, and the lines below the title.

use minutebook_present::sheet::Row;

use super::blocks::BLOCK_ROOM;
use super::composer::{Composer, TextStyle};
use super::grid::{Grid, GridCell, GridRow};
use super::lines::Breaking;
use super::structure::{ElementId, Role};
use super::table_widths::fit;
use crate::column::PrintedColumn;
use crate::paper::SubjectLine;
use crate::paper_table::PaperTable;
use crate::section::Span;
use crate::visible::{visible, visible_line};

/// The size of notes, and of sentences in the place of rows.
const NOTE_SIZE: f32 = 9.0;

impl Composer<'_> {
    /// The lines below the title.
    pub fn subject(&mut self, subject: &[SubjectLine]) {
        let rows = subject.iter().map(|line| {
            let label = self.cell(&Span::strong(visible_line(&line.label)), Role::RowHeader);
            let value = self.cell(&Span::plain(visible(&line.value)), Role::Data);
            GridRow {
                cells: vec![label, value],
                is_total: false,
            }
        });
        let rows: Vec<GridRow> = rows.collect();
        if !rows.is_empty() {
            let grid = Grid {
                rows,
                ..Grid::default()
            };
            self.grid(None, grid);
        }
    }

    /// A sheet with its heading, its rows or the sentence in their place, and its notes.
    pub fn table(&mut self, section: ElementId, table: &PaperTable) {
        let sheet = table.sheet();
        let columns = table.columns();
        let rows = table.rows();
        let heading = visible_line(sheet.heading());
        if rows.is_empty() || columns.is_empty() {
            if !table.says_something() {
                return;
            }
            if !heading.is_empty() {
                let first = self.strips.len();
                self.small(section, &Span::strong(heading), BLOCK_ROOM + 4.0);
                self.keep_with_next_from(first);
            }
            if !sheet.sentence_when_empty().is_empty() {
                self.small(section, &Span::plain(sheet.sentence_when_empty()), 3.0);
            }
        } else if let Some(grid) = self.sheet_grid(table, &columns, &rows, &heading) {
            self.grid(Some(section), grid);
        } else {
            self.records(section, table, &columns, &rows, &heading);
        }
        for note in sheet.notes() {
            self.small(section, &Span::plain(note), 3.0);
        }
    }

    fn small(&mut self, section: ElementId, span: &Span, room_above: f32) {
        let element = self.structure.element(Some(section), Role::Paragraph);
        let style = TextStyle {
            size: NOTE_SIZE,
            ..TextStyle::default()
        };
        let span = self.shown(span);
        self.text(element, &[span], style, room_above);
    }

    fn cell(&mut self, span: &Span, role: Role) -> GridCell {
        GridCell {
            span: self.shown(span),
            role,
            is_on_the_right: false,
            breaking: Breaking::Words,
        }
    }

    /// The cell of a row in a column. In the first column it names its row.
    fn row_cell(
        &mut self,
        column: &PrintedColumn,
        row: &Row,
        names_row: bool,
        is_facts: bool,
    ) -> GridCell {
        let cell = column.cell(row);
        let role = if names_row {
            Role::RowHeader
        } else {
            Role::Data
        };
        let span = Span {
            text: column.text_in(row, is_facts),
            is_strong: names_row && is_facts,
            entry: column.entry(row, is_facts),
        };
        GridCell {
            is_on_the_right: column.is_on_the_right(),
            breaking: if cell.is_unbreakable() {
                Breaking::Nowhere
            } else {
                Breaking::Words
            },
            ..self.cell(&span, role)
        }
    }

    /// None where its columns do not fit side by side.
    fn sheet_grid(
        &mut self,
        table: &PaperTable,
        columns: &[PrintedColumn],
        rows: &[&Row],
        heading: &str,
    ) -> Option<Grid> {
        let is_facts = table.sheet().is_facts();
        let mut grid = Grid {
            caption: heading.to_owned(),
            ..Grid::default()
        };
        if !is_facts {
            for column in columns {
                let span = Span::strong(&column.title);
                let mut cell = self.cell(&span, Role::ColumnHeader);
                cell.is_on_the_right = column.is_on_the_right();
                grid.head.push(cell);
            }
        }
        for row in rows {
            let cells = columns.iter().enumerate().map(|(index, column)| {
                let names_row = index == 0 && !column.is_on_the_right();
                self.row_cell(column, row, names_row, is_facts)
            });
            grid.rows.push(GridRow {
                cells: cells.collect(),
                is_total: false,
            });
        }
        if table.has_totals(columns) {
            let cells = columns.iter().enumerate().map(|(index, column)| {
                let text = match column.total {
                    Some(total) => column.text(&total.cell()),
                    None if index == 0 => "Total".to_owned(),
                    None => String::new(),
                };
                let role = if index == 0 {
                    Role::RowHeader
                } else {
                    Role::Data
                };
                GridCell {
                    is_on_the_right: column.is_on_the_right(),
                    breaking: Breaking::Nowhere,
                    ..self.cell(&Span::strong(text), role)
                }
            });
            grid.rows.push(GridRow {
                cells: cells.collect(),
                is_total: true,
            });
        }
        fit(&self.wishes(&grid)).map(|_| grid)
    }

    /// Rows of more columns than fit, each as a table of its own: a title and a value a
    /// line.
    fn records(
        &mut self,
        section: ElementId,
        table: &PaperTable,
        columns: &[PrintedColumn],
        rows: &[&Row],
        heading: &str,
    ) {
        let mut total: Vec<GridRow> = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let mut fields = Vec::new();
            for column in columns {
                let value = self.row_cell(column, row, false, table.sheet().is_facts());
                if value.span.text.is_empty() {
                    continue;
                }
                let title = self.cell(&Span::strong(&column.title), Role::RowHeader);
                let value = GridCell {
                    is_on_the_right: false,
                    ..value
                };
                fields.push(GridRow {
                    cells: vec![title, value],
                    is_total: false,
                });
            }
            let name = columns.first().map(|first| first.text(first.cell(row)));
            let name = visible_line(&name.unwrap_or_default());
            let place = format!("{name} (row {} of {})", number + 1, rows.len());
            let place = place.trim_start().to_owned();
            let caption = if heading.is_empty() {
                place
            } else {
                format!("{heading}: {place}")
            };
            if !fields.is_empty() {
                let grid = Grid {
                    caption,
                    rows: fields,
                    ..Grid::default()
                };
                self.grid(Some(section), grid);
            }
        }
        for column in columns {
            if let Some(sum) = column.total {
                let title = self.cell(&Span::strong(&column.title), Role::RowHeader);
                let value = self.cell(&Span::strong(column.text(&sum.cell())), Role::Data);
                total.push(GridRow {
                    cells: vec![title, value],
                    is_total: false,
                });
            }
        }
        if !total.is_empty() {
            let grid = Grid {
                caption: format!("{heading}: total")
                    .trim_start_matches(": ")
                    .to_owned(),
                rows: total,
                ..Grid::default()
            };
            self.grid(Some(section), grid);
        }
    }
}
