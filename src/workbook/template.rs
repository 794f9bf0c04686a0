//! Templates: workbooks to fill in, with the names of the register as drop-downs.
//!
//! Every cell to fill in has the format of a text. A spreadsheet program then keeps what
//! people type, such as a month without a day, and a name that begins like a formula stays
//! a name.

mod drop_downs;

use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};

use self::drop_downs::DropDowns;
use crate::directory::NameDirectory;
use crate::matching::NamedThing;
use crate::sheet_field::{SheetField, SheetKind};
use crate::{budget, contributions, decisions, formula, signatures, virements, votes};

/// Why a template cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("the register has no collaboration {id}")]
    NoCollaboration {
        /// Its id.
        id: String,
    },
    #[error("the workbook cannot be written: {reason}")]
    Workbook {
        /// In the words of the writer.
        reason: String,
    },
}

impl From<XlsxError> for TemplateError {
    fn from(error: XlsxError) -> Self {
        Self::Workbook {
            reason: error.to_string(),
        }
    }
}

/// The rows to fill in.
const ROWS: u32 = 200;

/// The lines of the header block, after the first.
const HEADER: &[SheetField] = &[
    SheetField::Collaboration,
    SheetField::RecordedBy,
    SheetField::Source,
    SheetField::Place,
    SheetField::Link,
];

/// The header lines that a kind of sheet has besides.
const fn own_header(kind: SheetKind) -> &'static [SheetField] {
    match kind {
        SheetKind::Budget | SheetKind::Contributions => &[
            SheetField::Year,
            SheetField::InForceFrom,
            SheetField::DecidedOn,
            SheetField::Title,
            SheetField::Unit,
            SheetField::Note,
        ],
        SheetKind::Formula => &[
            SheetField::Year,
            SheetField::InForceFrom,
            SheetField::Basis,
            SheetField::Service,
            SheetField::SharesAre,
            SheetField::Note,
        ],
        SheetKind::Virements => &[SheetField::Year],
        SheetKind::Votes | SheetKind::Signatures | SheetKind::Decisions => {
            &[SheetField::InForceFrom]
        }
    }
}

const fn columns(kind: SheetKind) -> &'static [SheetField] {
    match kind {
        SheetKind::Budget => budget::LABELS,
        SheetKind::Contributions => contributions::COLUMNS,
        SheetKind::Formula => formula::COLUMNS,
        SheetKind::Virements => virements::COLUMNS,
        SheetKind::Votes => votes::COLUMNS,
        SheetKind::Signatures => signatures::COLUMNS,
        SheetKind::Decisions => decisions::COLUMNS,
    }
}

/// The formats of a template.
struct Formats {
    label: Format,
    input: Format,
    hint: Format,
    heading: Format,
}

impl Formats {
    fn new() -> Self {
        let text = Format::new().set_num_format("@");
        Self {
            label: text.clone().set_bold(),
            input: text
                .clone()
                .set_background_color(Color::RGB(0x00ff_f8e1))
                .set_border_bottom(rust_xlsxwriter::FormatBorder::Hair),
            hint: text
                .clone()
                .set_italic()
                .set_font_color(Color::RGB(0x0048_4f56)),
            heading: text
                .set_bold()
                .set_text_wrap()
                .set_background_color(Color::RGB(0x00d9_e5f3))
                .set_border_bottom(rust_xlsxwriter::FormatBorder::Thin),
        }
    }
}

/// Writes a template for a kind of sheet: for one collaboration, by its id, or for any.
pub fn write(
    kind: SheetKind,
    directory: &NameDirectory,
    collaboration: Option<&str>,
) -> Result<Vec<u8>, TemplateError> {
    let known = collaboration.map(|id| {
        let mut collaborations = directory.collaborations.iter();
        let found = collaborations.find(|thing| thing.id == id);
        found.ok_or_else(|| TemplateError::NoCollaboration { id: id.to_owned() })
    });
    let known = known.transpose()?;
    let mut workbook = Workbook::new();
    let mut lists = DropDowns::new(directory, known);
    let formats = Formats::new();
    let mut sheet = Worksheet::new();
    sheet.set_name(capitalised(kind.name()))?;
    let mut row = write_header(&mut sheet, kind, known, &mut lists, &formats)?;
    row += 1;
    match (kind, known) {
        (SheetKind::Contributions, Some(of)) => {
            write_matrix(&mut sheet, row, directory, of, &formats)?;
        }
        _ => write_table(&mut sheet, row, kind, &mut lists, &formats)?,
    }
    if let (SheetKind::Budget, Some(of)) = (kind, known) {
        write_lines(&mut sheet, row + 1, directory, of, &formats)?;
    }
    workbook.push_worksheet(sheet);
    workbook.push_worksheet(lists.into_sheet()?);
    Ok(workbook.save_to_buffer()?)
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Writes the header block, and returns the row after it.
fn write_header(
    sheet: &mut Worksheet,
    kind: SheetKind,
    of: Option<&NamedThing>,
    lists: &mut DropDowns<'_>,
    formats: &Formats,
) -> Result<u32, XlsxError> {
    sheet.set_column_width(0, 30)?;
    sheet.set_column_width(1, 34)?;
    sheet.write_string_with_format(0, 0, SheetField::What.label(), &formats.label)?;
    sheet.write_string_with_format(0, 1, kind.name(), &formats.input)?;
    let hint = "Fill in the yellow cells, save, and run: minutebook import FILE --dry-run";
    sheet.write_string_with_format(0, 2, hint, &formats.hint)?;
    let mut row = 1;
    for field in HEADER.iter().chain(own_header(kind)) {
        sheet.write_string_with_format(row, 0, field.label(), &formats.label)?;
        match (field, of) {
            (SheetField::Collaboration, Some(of)) => {
                let label = lists.label(of);
                sheet.write_string_with_format(row, 1, label, &formats.input)?;
            }
            _ => {
                sheet.write_blank(row, 1, &formats.input)?;
            }
        }
        sheet.write_string_with_format(row, 2, field.hint(), &formats.hint)?;
        lists.add_validation(sheet, *field, (row, row), 1)?;
        row += 1;
    }
    Ok(row)
}

/// Writes the headings of a table, and rows to fill in.
fn write_table(
    sheet: &mut Worksheet,
    headings: u32,
    kind: SheetKind,
    lists: &mut DropDowns<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let amount: &[SheetField] = match kind {
        SheetKind::Budget => &[SheetField::Amount],
        _ => &[],
    };
    for (column, field) in (0_u16..).zip(columns(kind).iter().chain(amount)) {
        sheet.write_string_with_format(headings, column, field.label(), &formats.heading)?;
        if column > 1 {
            sheet.set_column_width(column, 22)?;
        }
        for row in headings + 1..=headings + ROWS {
            sheet.write_blank(row, column, &formats.input)?;
        }
        lists.add_validation(sheet, *field, (headings + 1, headings + ROWS), column)?;
    }
    sheet.set_freeze_panes(headings + 1, 1)?;
    Ok(())
}

/// Writes a matrix of the parties and services of a collaboration, with room for totals.
fn write_matrix(
    sheet: &mut Worksheet,
    headings: u32,
    directory: &NameDirectory,
    of: &NamedThing,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let names = directory.names_of(&format!("collaborations/{}", of.id));
    let services = names.map_or(&[][..], |names| &names.services);
    let parties = names.map_or(&[][..], |names| &names.parties);
    let total = "Total";
    sheet.write_string_with_format(headings, 0, SheetField::Body.label(), &formats.heading)?;
    let labels = services
        .iter()
        .map(|service| drop_downs::label(service, services))
        .chain([total.to_owned()]);
    let mut columns = 0_u16;
    for (column, label) in (1_u16..).zip(labels) {
        sheet.write_string_with_format(headings, column, label, &formats.heading)?;
        if column > 1 {
            sheet.set_column_width(column, 22)?;
        }
        columns = column;
    }
    let labels = parties
        .iter()
        .map(|party| drop_downs::label(party, parties))
        .chain([total.to_owned()]);
    for (row, label) in (headings + 1..).zip(labels) {
        sheet.write_string_with_format(row, 0, label, &formats.label)?;
        for column in 1..=columns {
            sheet.write_blank(row, column, &formats.input)?;
        }
    }
    sheet.set_freeze_panes(headings + 1, 1)?;
    Ok(())
}

/// Writes the services and heads of a collaboration as lines of a budget.
fn write_lines(
    sheet: &mut Worksheet,
    first: u32,
    directory: &NameDirectory,
    of: &NamedThing,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let Some(names) = directory.names_of(&format!("collaborations/{}", of.id)) else {
        return Ok(());
    };
    let mut lines: Vec<(String, String)> = Vec::new();
    for service in &names.services {
        let label = drop_downs::label(service, &names.services);
        let heads = names
            .heads
            .iter()
            .filter(|head| head.service_id == service.id);
        let heads: Vec<String> = heads.map(|head| drop_downs::plain(&head.name)).collect();
        match heads.is_empty() {
            true => lines.push((label, String::new())),
            false => lines.extend(heads.into_iter().map(|head| (label.clone(), head))),
        }
    }
    let alone = names.heads.iter().filter(|head| head.service_id.is_empty());
    lines.extend(alone.map(|head| (String::new(), drop_downs::plain(&head.name))));
    lines.dedup();
    for (row, (service, head)) in (first..first + ROWS).zip(lines) {
        sheet.write_string_with_format(row, 0, service, &formats.input)?;
        sheet.write_string_with_format(row, 1, head, &formats.input)?;
    }
    Ok(())
}
