//! A workbook as append requests.
//!
//! The id of a request comes from its events, so a workbook that is imported twice is
//! recorded once, also by another office and from another form of file.

use std::collections::BTreeMap;

use minutebook_wire::proto::{AppendRequest, Event};
use minutebook_wire::request::append_command;
use minutebook_wire::summary::summary;

use crate::cell_fault::CellFault;
use crate::derived_id::request_id;
use crate::directory::{KnownProposal, NameDirectory};
use crate::figures_draft::{FiguresDraft, key_of, merge};
use crate::file::WorkbookFile;
use crate::grid::{SheetGrid, on_one_line};
use crate::sheet_field::{SheetField, SheetKind};
use crate::sheet_layout::SheetLayout;
use crate::sheet_reader::{SheetReader, SheetRow, cell_text};
use crate::{budget, contributions, decisions, formula, signatures, virements, votes};

/// The content of a workbook, ready to record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadWorkbook {
    pub requests: Vec<PlacedRequest>,
    /// Each thing that was left out, or read as something else than it says.
    pub remarks: Vec<CellFault>,
}

/// A request, and the cell where its part of the workbook begins.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedRequest {
    pub cell: String,
    /// The event that it records, in a line.
    pub line: String,
    pub request: AppendRequest,
}

/// The texts that name collaborations in a workbook, each once, so that somebody can ask the
/// register about them.
pub fn collaborations_named(workbook: &WorkbookFile) -> Vec<String> {
    texts_of(workbook, SheetField::Collaboration)
}

/// The subjects that a workbook names by their ids.
pub fn subjects_named(workbook: &WorkbookFile) -> Vec<String> {
    texts_of(workbook, SheetField::Subject)
}

fn texts_of(workbook: &WorkbookFile, field: SheetField) -> Vec<String> {
    let mut texts = Vec::new();
    for sheet in &workbook.sheets {
        let layout = SheetLayout::of(sheet);
        let mut places: Vec<_> = layout.header.get(&field).copied().into_iter().collect();
        if let Some(headings) = layout.headings {
            let column = sheet.row(headings).find(|(_, cell)| {
                cell_text(cell).is_ok_and(|text| SheetField::labelled(&text) == Some(field))
            });
            if let Some((column, _)) = column {
                let rows = sheet.rows().into_iter().filter(|row| *row > headings);
                places.extend(rows.map(|row| (row, column)));
            }
        }
        let cells = places.into_iter().filter_map(|place| sheet.get(place));
        for text in cells.filter_map(|cell| cell_text(cell).ok()) {
            let text = on_one_line(&text);
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    texts
}

/// Reads every sheet that says what it is. `recorded_by` is the office that records, where a
/// sheet names none.
pub fn read_workbook(
    workbook: &WorkbookFile,
    directory: &NameDirectory,
    recorded_by: &str,
) -> Result<ReadWorkbook, Vec<CellFault>> {
    let mut reading = WorkbookReading {
        proposals: directory.proposals.clone(),
        ..WorkbookReading::default()
    };
    for sheet in &workbook.sheets {
        reading.read_sheet(sheet, directory, recorded_by);
    }
    if reading.is_no_sheet_read {
        let sheet = workbook.sheets.first();
        let cell = sheet.map_or_else(|| "A1".to_owned(), |sheet| sheet.cell_name((0, 0)));
        reading.faults.push(CellFault {
            cell,
            sentence: format!(
                "no sheet says what it is: write \"What\" in A1 and one of {} in B1; \"minutebook \
                 template\" makes such a workbook",
                SheetKind::listed()
            ),
        });
    }
    reading.finish()
}

/// A workbook that is being read, sheet by sheet.
struct WorkbookReading {
    proposals: Vec<KnownProposal>,
    /// With the office that records it.
    drafts: Vec<(String, FiguresDraft)>,
    requests: Vec<PlacedRequest>,
    faults: Vec<CellFault>,
    remarks: Vec<CellFault>,
    is_no_sheet_read: bool,
}

impl Default for WorkbookReading {
    fn default() -> Self {
        Self {
            proposals: Vec::new(),
            drafts: Vec::new(),
            requests: Vec::new(),
            faults: Vec::new(),
            remarks: Vec::new(),
            is_no_sheet_read: true,
        }
    }
}

impl WorkbookReading {
    fn read_sheet(&mut self, sheet: &SheetGrid, directory: &NameDirectory, recorded_by: &str) {
        let reader = SheetReader::new(sheet, directory);
        let header = SheetRow::default();
        let Some(what) = reader.line(&header, SheetField::What) else {
            if sheet.len() > 0 && !sheet.is_hidden {
                let sentence = "this sheet is left out: it does not say what it is";
                reader.remark((0, 0), sentence);
            }
            self.remarks.extend(reader.finish().1);
            return;
        };
        if sheet.is_hidden {
            reader.remark((0, 0), "this sheet is hidden, and is left out");
            self.remarks.extend(reader.finish().1);
            return;
        }
        self.is_no_sheet_read = false;
        for (field, place) in &reader.layout.repeated {
            let label = field.label();
            reader.fault(
                *place,
                format!("{label} is above already: leave one of them out"),
            );
        }
        let recorder = reader.line(&header, SheetField::RecordedBy);
        let recorder = recorder.unwrap_or_else(|| recorded_by.to_owned());
        let Some(kind) = SheetKind::named(&what) else {
            let place = reader.layout.header.get(&SheetField::What).copied();
            let known = SheetKind::listed();
            let sentence = format!("\"{what}\" is no kind of sheet: write one of {known}");
            reader.fault(place.unwrap_or_default(), sentence);
            self.faults.extend(reader.finish().0);
            return;
        };
        let events = match kind {
            SheetKind::Budget => {
                let drafts = budget::read(&reader);
                self.drafts
                    .extend(drafts.into_iter().map(|draft| (recorder.clone(), draft)));
                Vec::new()
            }
            SheetKind::Contributions => {
                let drafts = contributions::read(&reader);
                self.drafts
                    .extend(drafts.into_iter().map(|draft| (recorder.clone(), draft)));
                Vec::new()
            }
            SheetKind::Formula => formula::read(&reader).into_iter().collect(),
            SheetKind::Virements => virements::read(&reader, &mut self.proposals),
            SheetKind::Votes => votes::read(&reader, &self.proposals),
            SheetKind::Signatures => signatures::read(&reader),
            SheetKind::Decisions => decisions::read(&reader, &self.proposals),
        };
        for (place, event) in events {
            let cell = sheet.cell_name(place);
            self.add(cell, &recorder, event);
        }
        let (faults, remarks) = reader.finish();
        self.faults.extend(faults);
        self.remarks.extend(remarks);
    }

    fn add(&mut self, cell: String, recorded_by: &str, event: Event) {
        let events = vec![event];
        let request = AppendRequest {
            request_id: request_id(&events),
            events,
            recorded_by: recorded_by.to_owned(),
            ..AppendRequest::default()
        };
        self.requests.push(PlacedRequest {
            cell,
            line: String::new(),
            request,
        });
    }

    fn finish(mut self) -> Result<ReadWorkbook, Vec<CellFault>> {
        let before = std::mem::take(&mut self.requests);
        self.add_figures();
        // A budget first: virements and votes may rest on it.
        self.requests.extend(before);
        if self.faults.is_empty() {
            self.check();
        }
        match self.faults.is_empty() {
            true => Ok(ReadWorkbook {
                requests: self.requests,
                remarks: self.remarks,
            }),
            false => Err(self.faults),
        }
    }

    /// Puts the figures of one budget together: a later event would replace an earlier one.
    fn add_figures(&mut self) {
        let mut merged: Vec<(String, FiguresDraft)> = Vec::new();
        let mut known: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for (recorder, draft) in std::mem::take(&mut self.drafts) {
            let Some(key) = key_of(&draft.event) else {
                continue;
            };
            match known.get(&key).and_then(|index| merged.get_mut(*index)) {
                None => {
                    known.insert(key, merged.len());
                    merged.push((recorder, draft));
                }
                Some((_, first)) => {
                    if let Err(sentence) = merge(&mut first.event, draft.event) {
                        let sentence = format!("{} ({})", sentence, first.cell);
                        self.faults.push(CellFault {
                            cell: draft.cell,
                            sentence,
                        });
                    }
                }
            }
        }
        for (recorder, draft) in merged {
            self.add(draft.cell, &recorder, draft.event);
        }
    }

    /// Reads each request as the register would, and finds rows that say the same.
    fn check(&mut self) {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for placed in &mut self.requests {
            let id = placed.request.request_id.clone();
            if let Some(first) = seen.insert(id, placed.cell.clone()) {
                self.faults.push(CellFault {
                    cell: placed.cell.clone(),
                    sentence: format!("this says the same as {first}: leave one of them out"),
                });
                continue;
            }
            let mut request = placed.request.clone();
            if request.recorded_by.is_empty() {
                // Somebody who has signed in records under the name in the mandate.
                request.recorded_by = "to be named".to_owned();
            }
            match append_command(&request) {
                Ok(command) => {
                    let lines: Vec<String> = command.events.iter().map(summary).collect();
                    placed.line = lines.join("; ");
                }
                Err(violations) => {
                    let faults = violations.into_iter().map(|violation| CellFault {
                        cell: placed.cell.clone(),
                        sentence: format!(
                            "{}: {}",
                            plain_field(&violation.field),
                            violation.description
                        ),
                    });
                    self.faults.extend(faults);
                }
            }
        }
    }
}

/// The last part of the path of a field, in words.
fn plain_field(path: &str) -> String {
    let path = path.strip_prefix("events[0].").unwrap_or(path);
    let last = path.rsplit('.').next().unwrap_or(path);
    last.replace('_', " ")
}
