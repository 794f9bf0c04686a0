//! Reads the fields of one sheet, and keeps a fault for each that cannot be read.
//!
//! A field of a row is the cell in its column or, where the table has no such column or the
//! cell is empty, the value in the header block.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use minutebook_domain::date::FinancialYear;
use minutebook_wire::proto::{Actor, DateIs, Event, Source, event};
use minutebook_wire::reply;

use crate::amount::{self, MoneyUnit, NOT_COMPUTED, Stated, error_value, shown};
use crate::cell_fault::CellFault;
use crate::day::{self, StatedDay};
use crate::directory::{NameDirectory, SubjectNames};
use crate::grid::{CellPlace, SheetCell, SheetGrid, on_one_line};
use crate::matching::{self, NamedThing};
use crate::sheet_field::SheetField;
use crate::sheet_layout::SheetLayout;

/// A sheet that is being read.
pub struct SheetReader<'a> {
    pub sheet: &'a SheetGrid,
    pub layout: SheetLayout,
    pub directory: &'a NameDirectory,
    faults: RefCell<Vec<CellFault>>,
    remarks: RefCell<Vec<CellFault>>,
}

/// A row of a table, and the cells of its fields; or the header block alone.
#[derive(Debug, Clone, Default)]
pub struct SheetRow {
    /// Where the row begins.
    pub at: CellPlace,
    pub cells: BTreeMap<SheetField, CellPlace>,
}

/// The subject of events, and its names if they are known.
pub struct SheetSubject<'a> {
    /// `collaborations/bch`.
    pub subject: String,
    pub names: Option<&'a SubjectNames>,
}

impl SheetSubject<'_> {
    pub fn services(&self) -> &[NamedThing] {
        self.names.map_or(&[], |names| &names.services)
    }
}

impl<'a> SheetReader<'a> {
    pub fn new(sheet: &'a SheetGrid, directory: &'a NameDirectory) -> Self {
        Self {
            sheet,
            layout: SheetLayout::of(sheet),
            directory,
            faults: RefCell::default(),
            remarks: RefCell::default(),
        }
    }

    /// The faults, and what is worth a remark, each once and in the order of their cells.
    pub fn finish(self) -> (Vec<CellFault>, Vec<CellFault>) {
        (
            once(self.faults.into_inner()),
            once(self.remarks.into_inner()),
        )
    }

    pub fn fault(&self, place: CellPlace, sentence: impl Into<String>) {
        self.faults.borrow_mut().push(CellFault {
            cell: self.sheet.cell_name(place),
            sentence: sentence.into(),
        });
    }

    pub fn remark(&self, place: CellPlace, sentence: impl Into<String>) {
        self.remarks.borrow_mut().push(CellFault {
            cell: self.sheet.cell_name(place),
            sentence: sentence.into(),
        });
    }

    pub fn has_faults(&self) -> bool {
        !self.faults.borrow().is_empty()
    }

    /// Keeps the fault of a value, if it has one.
    pub fn kept<T>(&self, place: CellPlace, value: Result<T, String>) -> Option<T> {
        value.map_err(|sentence| self.fault(place, sentence)).ok()
    }

    /// The cell of a field.
    pub fn cell(&self, row: &SheetRow, field: SheetField) -> Option<(CellPlace, &'a SheetCell)> {
        if let Some(place) = row.cells.get(&field) {
            if let Some(cell) = self.sheet.get(*place) {
                return Some((*place, cell));
            }
            // A label over several rows is that of each of them.
            if let Some(first) = self.sheet.merged_into(*place)
                && first.0 < place.0
                && let Some(cell) = self.sheet.get(first)
            {
                return Some((*place, cell));
            }
        }
        let place = *self.layout.header.get(&field)?;
        Some((place, self.sheet.get(place)?))
    }

    pub fn missing(&self, row: &SheetRow, field: SheetField) {
        let label = field.label();
        let is_header = row.cells.is_empty();
        let (at, way) = match row.cells.get(&field) {
            Some(place) => (
                *place,
                "write it here, or for all rows in the header block".to_owned(),
            ),
            None if is_header => (
                row.at,
                format!("write \"{label}\" and its value in a row at the top"),
            ),
            None => (
                (self.layout.headings.unwrap_or(row.at.0), 0),
                format!("add a column \"{label}\", or a line \"{label}\" at the top"),
            ),
        };
        let hint = field.hint();
        self.fault(at, format!("{label} is missing: {way}. {hint}"));
    }

    /// The text of a field; `None` if it is empty or has a fault.
    pub fn text(&self, row: &SheetRow, field: SheetField) -> Option<String> {
        let (place, cell) = self.cell(row, field)?;
        let text = self.kept(place, cell_text(cell))?;
        (!text.is_empty() && !is_dash(&text)).then_some(text)
    }

    pub fn line(&self, row: &SheetRow, field: SheetField) -> Option<String> {
        self.text(row, field).map(|text| on_one_line(&text))
    }

    pub fn required_line(&self, row: &SheetRow, field: SheetField) -> Option<String> {
        if self.is_empty(row, field) {
            self.missing(row, field);
            return None;
        }
        self.line(row, field)
    }

    pub fn is_empty(&self, row: &SheetRow, field: SheetField) -> bool {
        match self.cell(row, field) {
            None => true,
            Some((_, SheetCell::Text(text))) => is_dash(text),
            Some(_) => false,
        }
    }

    pub fn day(&self, row: &SheetRow, field: SheetField) -> Option<StatedDay> {
        if self.is_empty(row, field) {
            return None;
        }
        let (place, cell) = self.cell(row, field)?;
        self.kept(place, day::stated_day(cell))
    }

    pub fn year(&self, row: &SheetRow) -> Option<FinancialYear> {
        let text = self.required_line(row, SheetField::Year)?;
        let (place, _) = self.cell(row, SheetField::Year)?;
        self.kept(place, day::financial_year(&text))
    }

    /// An amount in pence.
    pub fn amount(&self, row: &SheetRow, field: SheetField, unit: MoneyUnit) -> Option<i64> {
        let (place, cell) = self.cell(row, field)?;
        match self.kept(place, amount::amount(cell, unit))? {
            Stated::Nothing => None,
            Stated::Value(pence) => Some(pence),
        }
    }

    pub fn count(&self, row: &SheetRow, field: SheetField) -> Option<u32> {
        let (place, cell) = self.cell(row, field)?;
        match self.kept(place, amount::count(cell))? {
            Stated::Nothing => None,
            Stated::Value(count) => Some(count),
        }
    }

    /// Yes or no; no if it is empty.
    pub fn flag(&self, row: &SheetRow, field: SheetField) -> bool {
        let Some((place, cell)) = self.cell(row, field) else {
            return false;
        };
        if let SheetCell::Flag(flag) = cell {
            return *flag;
        }
        let text = self.kept(place, cell_text(cell)).unwrap_or_default();
        match text.to_lowercase().as_str() {
            "" | "no" | "n" | "false" => false,
            "yes" | "y" | "true" | "x" => true,
            text if is_dash(text) => false,
            _ => {
                self.fault(place, format!("{} is neither yes nor no", shown(cell)));
                false
            }
        }
    }

    /// One of some choices, each with the words for it.
    pub fn choice<T: Copy>(
        &self,
        row: &SheetRow,
        field: SheetField,
        choices: &[(&[&str], T)],
    ) -> Option<T> {
        if self.is_empty(row, field) {
            return None;
        }
        let (place, cell) = self.cell(row, field)?;
        let text = self.kept(place, cell_text(cell))?;
        let text = on_one_line(&text).to_lowercase().replace(['-', '_'], " ");
        let found = choices
            .iter()
            .find(|(words, _)| words.contains(&text.as_str()));
        if found.is_none() {
            let words: Vec<&str> = choices
                .iter()
                .filter_map(|(words, _)| words.first().copied())
                .collect();
            let sentence = format!("{} is none of: {}", shown(cell), words.join(", "));
            self.fault(place, sentence);
        }
        found.map(|(_, choice)| *choice)
    }

    /// The unit in which amounts are written, where the header block says so.
    pub fn unit(&self) -> Option<MoneyUnit> {
        let row = SheetRow::default();
        let text = self.line(&row, SheetField::Unit)?;
        let (place, _) = self.cell(&row, SheetField::Unit)?;
        let unit = MoneyUnit::read(&text).ok_or_else(|| {
            format!("\"{text}\" is no unit of amounts: write £, £'000, £m or pence")
        });
        self.kept(place, unit)
    }

    /// The thing that a text means, with a remark where it is only a part of its name.
    pub fn find<'d>(
        &self,
        place: CellPlace,
        text: &str,
        things: &'d [NamedThing],
        noun: &str,
    ) -> Option<&'d NamedThing> {
        match matching::find(things, text) {
            Ok(meant) => {
                if !meant.is_exact {
                    let name = &meant.thing.name;
                    let text = on_one_line(text);
                    self.remark(place, format!("\"{text}\" is read as {name}"));
                }
                Some(meant.thing)
            }
            Err(fault) => {
                self.fault(place, fault.sentence(text, noun));
                None
            }
        }
    }

    fn named<'d>(
        &self,
        row: &SheetRow,
        field: SheetField,
        things: &'d [NamedThing],
        noun: &str,
    ) -> Option<&'d NamedThing> {
        let text = self.line(row, field)?;
        let (place, _) = self.cell(row, field)?;
        self.find(place, &text, things, noun)
    }

    pub fn body(
        &self,
        row: &SheetRow,
        field: SheetField,
        among: &'a [NamedThing],
    ) -> Option<String> {
        let text = self.line(row, field)?;
        let (place, _) = self.cell(row, field)?;
        // A part of a name may be that of one party, and of many bodies.
        if let Ok(meant) = matching::find(among, &text) {
            if !meant.is_exact {
                self.remark(place, format!("\"{text}\" is read as {}", meant.thing.name));
            }
            return Some(meant.thing.id.clone());
        }
        let body = self.find(place, &text, &self.directory.bodies, "body")?;
        Some(body.id.clone())
    }

    pub fn required_body(
        &self,
        row: &SheetRow,
        field: SheetField,
        among: &'a [NamedThing],
    ) -> Option<String> {
        if self.is_empty(row, field) {
            self.missing(row, field);
            return None;
        }
        self.body(row, field, among)
    }

    pub fn board(&self, row: &SheetRow) -> Option<String> {
        let boards = &self.directory.boards;
        let board = self.named(row, SheetField::Board, boards, "board")?;
        Some(board.id.clone())
    }

    pub fn service(
        &self,
        row: &SheetRow,
        field: SheetField,
        subject: &SheetSubject<'_>,
    ) -> Option<String> {
        let service = self.named(row, field, subject.services(), "service")?;
        Some(service.id.clone())
    }

    /// The subject that a row is of.
    pub fn subject(&self, row: &SheetRow) -> Option<SheetSubject<'a>> {
        let subject = if self.is_empty(row, SheetField::Subject) {
            if self.is_empty(row, SheetField::Collaboration) {
                self.missing(row, SheetField::Collaboration);
                return None;
            }
            let known = &self.directory.collaborations;
            let found = self.named(row, SheetField::Collaboration, known, "collaboration")?;
            format!("collaborations/{}", found.id)
        } else {
            self.stated_subject(row)?
        };
        let names = self.directory.names_of(&subject);
        Some(SheetSubject { subject, names })
    }

    fn stated_subject(&self, row: &SheetRow) -> Option<String> {
        let text = self.line(row, SheetField::Subject)?;
        let (place, _) = self.cell(row, SheetField::Subject)?;
        let things = match text.split_once('/') {
            Some(("bodies", _)) => &self.directory.bodies,
            Some(("boards", _)) => &self.directory.boards,
            Some(("collaborations", _)) => &self.directory.collaborations,
            _ => {
                self.fault(
                    place,
                    "a subject is written bodies/ID, boards/ID or collaborations/ID",
                );
                return None;
            }
        };
        let (noun, id) = text.split_once('/')?;
        let thing = self.find(place, id, things, "subject")?;
        Some(format!("{noun}/{}", thing.id))
    }

    /// The parts that every event may have.
    pub fn event(&self, row: &SheetRow, subject: &str, kind: event::Kind) -> Event {
        if self.is_empty(row, SheetField::InForceFrom) {
            self.missing(row, SheetField::InForceFrom);
        }
        let effective_on = self.day(row, SheetField::InForceFrom);
        let decided_on = self.day(row, SheetField::DecidedOn);
        let is = effective_on.map_or(DateIs::Unspecified, |day| day.is);
        Event {
            subject: subject.to_owned(),
            effective_on: effective_on.map(|day| reply::date(day.date)),
            effective_on_is: is.into(),
            decided_on: decided_on.map(|day| reply::date(day.date)),
            sources: self.sources(row),
            note: self.text(row, SheetField::Note).unwrap_or_default(),
            kind: Some(kind),
            ..Event::default()
        }
    }

    fn sources(&self, row: &SheetRow) -> Vec<Source> {
        let place = self.line(row, SheetField::Place).unwrap_or_default();
        let uri = self.line(row, SheetField::Link).unwrap_or_default();
        match self.line(row, SheetField::Source) {
            Some(title) => vec![Source {
                title,
                place,
                uri,
                ..Source::default()
            }],
            None => {
                if !place.is_empty() || !uri.is_empty() {
                    self.missing(row, SheetField::Source);
                }
                Vec::new()
            }
        }
    }

    /// A body, an office of a body, or an office alone.
    pub fn actor(
        &self,
        row: &SheetRow,
        body: SheetField,
        among: &'a [NamedThing],
    ) -> Option<Actor> {
        let body_id = self.body(row, body, among);
        let office = self.line(row, SheetField::Office);
        (body_id.is_some() || office.is_some()).then(|| Actor {
            body_id: body_id.unwrap_or_default(),
            office: office.unwrap_or_default(),
        })
    }
}

/// A dash, for "none".
pub fn is_dash(text: &str) -> bool {
    matches!(text, "-" | "–" | "—" | "−")
}

/// The text of a cell; a number is written out.
pub fn cell_text(cell: &SheetCell) -> Result<String, String> {
    match cell {
        SheetCell::Text(text) => Ok(text.clone()),
        SheetCell::Number(number) => Ok(amount::plain(*number)),
        SheetCell::Flag(flag) => Ok(if *flag { "yes" } else { "no" }.to_owned()),
        SheetCell::Day(day) => Ok(day.to_string()),
        SheetCell::Error(error) => Err(error_value(error)),
        SheetCell::NotComputed => Err(NOT_COMPUTED.to_owned()),
        SheetCell::Unreadable(what) => Err(format!("this is {what}: write a text")),
        SheetCell::MergedInto(_) => Ok(String::new()),
    }
}

fn once(mut faults: Vec<CellFault>) -> Vec<CellFault> {
    let mut known = BTreeSet::new();
    faults.retain(|fault| known.insert(fault.to_string()));
    faults
}
