//! Signatures: a row for each party that signs.

use minutebook_wire::proto::{AgreementSigned, Event, event};

use crate::grid::CellPlace;
use crate::lines;
use crate::sheet_field::SheetField;
use crate::sheet_reader::{SheetReader, SheetRow};

/// The columns.
pub const COLUMNS: &[SheetField] = &[
    SheetField::Instrument,
    SheetField::Body,
    SheetField::Office,
    SheetField::InForceFrom,
    SheetField::Collaboration,
    SheetField::Source,
    SheetField::Place,
    SheetField::Note,
];

pub fn read(reader: &SheetReader<'_>) -> Vec<(CellPlace, Event)> {
    let rows = lines::rows(reader, COLUMNS);
    rows.iter()
        .filter_map(|row| Some((row.at, signature(reader, row)?)))
        .collect()
}

fn signature(reader: &SheetReader<'_>, row: &SheetRow) -> Option<Event> {
    let subject = reader.subject(row);
    let parties = subject
        .as_ref()
        .and_then(|subject| subject.names)
        .map_or(&[][..], |names| &names.parties);
    let body = reader.required_body(row, SheetField::Body, parties);
    let text = reader.required_line(row, SheetField::Instrument);
    let subject = subject?;
    let (place, _) = reader.cell(row, SheetField::Instrument)?;
    let instruments = subject.names.map_or(&[][..], |names| &names.instruments);
    let instrument = reader.find(place, &text?, instruments, "instrument")?;
    let signed = AgreementSigned {
        instrument_id: instrument.id.clone(),
        body_id: body?,
        office: reader.line(row, SheetField::Office).unwrap_or_default(),
        ..AgreementSigned::default()
    };
    let kind = event::Kind::AgreementSigned(signed);
    Some(reader.event(row, &subject.subject, kind))
}
