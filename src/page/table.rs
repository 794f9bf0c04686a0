//! A sheet as a table, or as a list of facts.
//!
//! On a narrow screen each row becomes a block with a line for each column. The style does
//! that with `data-label`; the roles are restated, since a browser forgets them then.

use maud::{Markup, html};

use crate::address::Links;
use crate::cell;
use minutebook_present::cell::{Cell, Pennies};
use minutebook_present::sheet::{Audience, Column, Row, Sheet};

/// A table of more columns may be wider than the screen, and is scrolled in its own place.
const WIDE: usize = 7;

/// The sheet with its heading and notes; nothing where it has neither rows nor a sentence.
pub fn section(sheet: &Sheet, links: Links<'_>) -> Markup {
    let has_rows = sheet.rows_for(Audience::People).next().is_some();
    let empty = sheet.sentence_when_empty();
    if !has_rows && empty.is_empty() && sheet.notes().is_empty() {
        return Markup::default();
    }
    html! {
        section {
            @if !sheet.heading().is_empty() { h2 id=(sheet.key()) { (sheet.heading()) } }
            @if has_rows { (rows(sheet, links)) }
            @else if !empty.is_empty() { p { (empty) } }
            @for note in sheet.notes() { p.note { (note) } }
        }
    }
}

/// The rows alone. The heading is the name of the table for those who do not see it.
pub fn rows(sheet: &Sheet, links: Links<'_>) -> Markup {
    if sheet.is_facts() {
        facts(sheet, links)
    } else {
        table(sheet, links)
    }
}

fn facts(sheet: &Sheet, links: Links<'_>) -> Markup {
    html! {
        dl.facts {
            @for row in sheet.rows_for(Audience::People) {
                @if let [field, value] = row.cells.as_slice() {
                    div {
                        dt { (field.for_people()) }
                        dd { (cell::cell(value, &field.for_people(), Pennies::WhereAny, links)) }
                    }
                }
            }
        }
    }
}

fn table(sheet: &Sheet, links: Links<'_>) -> Markup {
    let rows: Vec<&Row> = sheet.rows_for(Audience::People).collect();
    let says_something = |index: usize| rows.iter().any(|row| !is_blank(&row.cells[index]));
    let shown: Vec<(usize, &Column)> = sheet
        .columns_for(Audience::People)
        .filter(|(index, _)| says_something(*index))
        .collect();
    // An id is for programs. Where there is a name beside it, people read that.
    let is_id = |column: &Column| column.title == "Id" || column.key.ends_with("_id");
    let has_others = shown.iter().any(|(_, column)| !is_id(column));
    let columns: Vec<(usize, &Column)> = shown
        .into_iter()
        .filter(|(_, column)| !has_others || !is_id(column))
        .collect();
    let is_figure = |index: usize| {
        let mut cells = rows.iter().map(|row| &row.cells[index]);
        cells.all(|cell| cell.is_figure() || is_blank(cell))
    };
    let figures: Vec<bool> = columns.iter().map(|(index, _)| is_figure(*index)).collect();
    let pennies = sheet.pennies();
    let leads = |place: usize| place == 0 && !figures.first().is_some_and(|is| *is);
    let titles: Vec<(&str, bool)> = columns
        .iter()
        .zip(&figures)
        .map(|((_, column), is_figure)| (column.title.as_str(), *is_figure))
        .collect();
    let entry = entry_column(sheet);
    // The mark is in the first cell that says something.
    let marked = |row: &Row| {
        columns
            .iter()
            .position(|(index, _)| !is_blank(&row.cells[*index]))
    };
    let rows = html! {
        @for row in &rows {
            @let later = later(row, entry, links);
            @let marked = later.as_ref().and_then(|_| marked(row));
            tr role="row" {
                @for (place, (index, column)) in columns.iter().enumerate() {
                    @let value = in_row(sheet, row, (*index, column), pennies[*index], links);
                    @let mark = later.as_ref().filter(|_| marked == Some(place));
                    @if leads(place) {
                        th role="rowheader" scope="row" { (value) @if let Some(mark) = mark { (mark) } }
                    } @else if is_blank(&row.cells[*index]) {
                        td.empty role="cell" {}
                    } @else {
                        td class=[figures[place].then_some("figure")] role="cell" data-label=(column.title) {
                            div { (value) @if let Some(mark) = mark { (mark) } }
                        }
                    }
                }
            }
        }
    };
    let body = stacking(sheet.heading(), &titles, &rows);
    if columns.len() <= WIDE {
        return body;
    }
    let name = format!("Table: {}", sheet.heading());
    html! { div.scroll tabindex="0" role="region" aria-label=(name) { (body) } }
}

/// Whether a reader sees nothing of a cell, as of an empty list. On a narrow screen its line
/// is left out.
fn is_blank(cell: &Cell) -> bool {
    *cell == Cell::Empty || cell.for_people().is_empty()
}

/// The column that holds the entry of each row, for people or for programs.
fn entry_column(sheet: &Sheet) -> Option<usize> {
    let is_entry = |audience| {
        let mut columns = sheet.columns_for(audience);
        columns
            .find(|(_, column)| column.key == "position")
            .map(|(index, _)| index)
    };
    is_entry(Audience::People).or_else(|| is_entry(Audience::Programs))
}

/// The mark of a row whose entry was recorded after the day of the page.
fn later(row: &Row, entry: Option<usize>, links: Links<'_>) -> Option<Markup> {
    let Cell::Number(position) = row.cells.get(entry?)? else {
        return None;
    };
    let mark = links.later(u64::try_from(*position).ok()?);
    (!mark.0.is_empty()).then_some(mark)
}

/// A table whose rows become blocks on a narrow screen. Each column has its title, and says
/// whether it holds figures.
pub fn stacking(caption: &str, columns: &[(&str, bool)], rows: &Markup) -> Markup {
    html! {
        table.rows role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for (title, is_figure) in columns {
                        th class=[is_figure.then_some("figure")] role="columnheader" scope="col" { (title) }
                    }
                }
            }
            tbody role="rowgroup" { (rows) }
        }
    }
}

/// A cell, with what else its row says of it: a name of a subject leads to the subject, and
/// what a proposal is about to the proposal.
fn in_row(
    sheet: &Sheet,
    row: &Row,
    (index, column): (usize, &Column),
    pennies: Pennies,
    links: Links<'_>,
) -> Markup {
    let value = &row.cells[index];
    let beside = |key: &str| {
        let mut columns = sheet.columns_for(Audience::Programs);
        let (index, _) = columns.find(|(_, column)| column.key == key)?;
        Some(row.cells[index].for_programs()).filter(|text| !text.is_empty())
    };
    let own = || {
        let kinds = [
            ("body_id", "bodies"),
            ("board_id", "boards"),
            ("collaboration_id", "collaborations"),
        ];
        let mut found = kinds
            .iter()
            .filter_map(|(key, kind)| Some(format!("{kind}/{}", beside(key)?)));
        found.next().filter(|subject| cell::is_subject(subject))
    };
    let href = match column.key.as_str() {
        "subject_name" => beside("subject")
            .filter(|subject| cell::is_subject(subject))
            .map(|subject| links.subject(&subject)),
        "name" => own().map(|subject| links.subject(&subject)),
        "title" | "what" | "proposal" => beside("proposal_id").map(|id| links.proposal(&id)),
        _ => None,
    };
    match href {
        Some(href) if *value != Cell::Empty => {
            html! { a href=(href) { (cell::breakable(&value.for_people())) } }
        }
        _ => cell::cell(value, &column.key, pennies, links),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;

    #[test]
    fn a_table_names_its_columns_twice_and_leaves_out_the_empty_ones() {
        let mut sheet = Sheet::new("x", "Bodies <1>").columns([
            ("subject_name", "Body"),
            ("paid", "Paid"),
            ("left_on", "Left"),
        ]);
        sheet.column_for(Audience::Programs, "subject", "");
        sheet.row(vec![
            "Kent".into(),
            Cell::Pence(150),
            Cell::Empty,
            "bodies/kent".into(),
        ]);
        let address = Address::default();
        let html = section(&sheet, address.links()).into_string();
        assert!(
            html.contains("<caption>Bodies &lt;1&gt;</caption>"),
            "{html}"
        );
        assert!(html.contains("<a href=\"/bodies/kent\">Kent</a>"), "{html}");
        assert!(
            html.contains(
                "<td class=\"figure\" role=\"cell\" data-label=\"Paid\"><div>£1.50</div></td>"
            ),
            "{html}"
        );
        assert!(!html.contains("Left"), "{html}");
        assert!(!html.contains("class=\"\""), "{html}");
    }

    #[test]
    fn a_row_of_a_later_entry_is_marked_once() {
        let mut sheet = Sheet::new("x", "Acts").columns([("what", "What"), ("paid", "Paid")]);
        sheet.column_for(Audience::Programs, "position", "");
        sheet.row(vec!["£24,000".into(), Cell::Pence(150), Cell::Number(53)]);
        sheet.row(vec!["£90,000".into(), Cell::Pence(150), Cell::Number(54)]);
        let address = Address {
            known_then: Some(53),
            ..Address::default()
        };
        let html = section(&sheet, address.links());
        assert_eq!(crate::later::count(&html), 1);
        let html = html.into_string();
        assert!(
            html.contains("£90,000 <span class=\"tag late later\">Recorded later</span></th>"),
            "{html}"
        );
    }

    #[test]
    fn an_empty_sheet_says_so_or_is_left_out() {
        let sheet = Sheet::new("x", "Notices").columns([("a", "A")]);
        let address = Address::default();
        assert_eq!(section(&sheet, address.links()).into_string(), "");
        let sheet = sheet.when_empty("No notice is recorded.");
        let html = section(&sheet, address.links()).into_string();
        assert!(html.contains("<p>No notice is recorded.</p>"), "{html}");
    }
}
