//! Tables: under heads on a wide screen and on paper, stacked on a narrow screen.

use maud::{Markup, html};
use minutebook_present::sheet::Row;

use super::blocks::BlockWriter;
use super::entry_anchor;
use crate::column::PrintedColumn;
use crate::paper_table::PaperTable;
use crate::visible::{visible, visible_line};

/// Above so many columns, letters are smaller.
const WIDE_COLUMNS: usize = 7;

impl BlockWriter<'_> {
    /// A sheet with its heading, its rows or the sentence in their place, and its notes.
    pub fn table(&self, table: &PaperTable) -> Markup {
        let sheet = table.sheet();
        let (columns, rows) = (table.columns(), table.rows());
        let heading = visible_line(sheet.heading());
        if !table.says_something() {
            return Markup::default();
        }
        html! {
            @if rows.is_empty() || columns.is_empty() {
                @if !heading.is_empty() { p.caption { (heading) } }
                @if !sheet.sentence_when_empty().is_empty() { p { (sheet.sentence_when_empty()) } }
            } @else if sheet.is_facts() {
                (self.facts(table, &columns, &rows, &heading))
            } @else {
                (self.grid(table, &columns, &rows, &heading))
            }
            @for note in sheet.notes() { p.note { (visible(note)) } }
        }
    }

    fn facts(
        &self,
        table: &PaperTable,
        columns: &[PrintedColumn],
        rows: &[&Row],
        heading: &str,
    ) -> Markup {
        html! {
            table.facts {
                @if !heading.is_empty() { caption { (heading) } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (index, column) in columns.iter().enumerate() {
                                @if index == 0 {
                                    th scope="row" { (column.text_in(row, true)) }
                                } @else {
                                    td { (self.cell(table, column, row, true)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn grid(
        &self,
        table: &PaperTable,
        columns: &[PrintedColumn],
        rows: &[&Row],
        heading: &str,
    ) -> Markup {
        // Where cells are stacked on a narrow screen, `display` takes their roles away.
        html! {
            table class=[class(&[(true, "rows"), (columns.len() > WIDE_COLUMNS, "wide")])] role="table" {
                @if !heading.is_empty() { caption { (heading) } }
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in columns {
                            th class=[class(&[(column.is_on_the_right(), "figure")])] scope="col" role="columnheader" { (column.title) }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for row in rows {
                        tr role="row" id=[place(table, columns, row)] {
                            @for (index, column) in columns.iter().enumerate() {
                                (self.grid_cell(table, column, row, index == 0))
                            }
                        }
                    }
                    @if table.has_totals(columns) { (totals(columns)) }
                }
            }
        }
    }

    fn grid_cell(
        &self,
        table: &PaperTable,
        column: &PrintedColumn,
        row: &Row,
        is_first: bool,
    ) -> Markup {
        let is_figure = column.is_on_the_right();
        let is_whole = !is_figure && column.cell(row).is_unbreakable();
        let cell = self.cell(table, column, row, false);
        let is_empty = cell.0.is_empty();
        html! {
            @if is_first && !is_figure {
                th class=[class(&[(is_whole, "whole")])] scope="row" role="rowheader" { (cell) }
            } @else {
                td class=[class(&[(is_figure, "figure"), (is_whole, "whole"), (is_empty, "empty")])] role="cell" data-label=(column.title) { (cell) }
            }
        }
    }

    /// The text of a cell, its lines apart; a link where it names an entry.
    fn cell(
        &self,
        table: &PaperTable,
        column: &PrintedColumn,
        row: &Row,
        is_facts: bool,
    ) -> Markup {
        let text = column.text_in(row, is_facts);
        let address = column.entry(row, is_facts).and_then(|position| {
            // The row that describes an entry leads on to the register.
            match table.is_index() {
                true => self.anchors.to_register(position),
                false => self.anchors.to(position),
            }
        });
        let lines = html! {
            @for (index, line) in text.lines().enumerate() {
                @if index > 0 { br; }
                (line)
            }
        };
        match address {
            Some(address) => html! { a href=(address) { (lines) } },
            None => lines,
        }
    }
}

/// The classes that apply; none rather than an empty list.
fn class(classes: &[(bool, &str)]) -> Option<String> {
    let applying = classes.iter().filter(|(applies, _)| *applies);
    let names: Vec<&str> = applying.map(|(_, name)| *name).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// The anchor of a row that describes an entry.
fn place(table: &PaperTable, columns: &[PrintedColumn], row: &Row) -> Option<String> {
    if !table.is_index() {
        return None;
    }
    let mut entries = columns.iter().filter_map(|column| column.entry(row, false));
    entries.next().map(entry_anchor)
}

fn totals(columns: &[PrintedColumn]) -> Markup {
    html! {
        tr.total role="row" {
            @for (index, column) in columns.iter().enumerate() {
                @match column.total {
                    Some(total) => td.figure role="cell" data-label=(column.title) { (column.text(&total.cell())) },
                    None if index == 0 => th scope="row" role="rowheader" { "Total" },
                    None => td.empty role="cell" {},
                }
            }
        }
    }
}
