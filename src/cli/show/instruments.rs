//! Instruments, with who must sign and who has, and their versions.
//!
//! Collaborations, bodies and boards all have instruments; they are shown alike.

use super::faults;
use crate::cli::cell::Cell;
use crate::cli::enum_labels::word;
use crate::cli::sheet::Sheet;
use crate::wire::proto::{InstrumentView, Standing, Terms};

/// The instruments, their signatures, their versions and their faults, as four
/// sheets.
pub fn sheets(instruments: &[InstrumentView]) -> Vec<Sheet> {
    vec![
        list(instruments),
        signatures(instruments),
        versions(instruments),
        faults::of_instruments(instruments),
    ]
}

fn list(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("instruments", "Instruments")
        .with_prose()
        .columns([
            ("instrument_id", "Id"),
            ("title", "Title"),
            ("kind", "Kind"),
            ("standing", "Standing"),
            ("in_force_on", "In force"),
            ("ends_on", "Ends"),
            ("review_on", "Review"),
            ("notice", "Notice"),
            ("services", "Services"),
            ("superseded_by", "Superseded by"),
            ("summary", "What for"),
        ]);
    for it in instruments {
        sheet.row(vec![
            (&it.instrument_id).into(),
            (&it.title).into(),
            word(it.kind()),
            word(it.standing()),
            (&it.in_force_on).into(),
            (&it.ends_on).into(),
            (&it.review_on).into(),
            it.terms.as_ref().map_or(Cell::Empty, notice),
            (&it.service_ids).into(),
            (&it.superseded_by_id).into(),
            (&it.summary).into(),
        ]);
    }
    sheet
}

fn notice(terms: &Terms) -> Cell {
    let clauses = [
        (terms.notice_as_party_months, "as party"),
        (terms.notice_as_lead_months, "as lead"),
    ];
    let texts: Vec<Cell> = clauses
        .iter()
        .filter(|(months, _)| *months > 0)
        .map(|(months, capacity)| Cell::Text(format!("{months} months {capacity}")))
        .collect();
    if texts.is_empty() {
        Cell::Empty
    } else {
        Cell::List(texts)
    }
}

fn signatures(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("signatures", "Signatures").columns([
        ("instrument_id", "Instrument"),
        ("body", "Party"),
        ("office", "Office"),
        ("signed_on", "Signed"),
    ]);
    for instrument in instruments {
        let id = &instrument.instrument_id;
        // Only while the document waits is a missing signature awaited.
        let waits = instrument.standing() == Standing::AwaitingSignature;
        for it in &instrument.signatures {
            let signed = match &it.signed_on {
                Some(day) => day.into(),
                None if waits => Cell::named("", "awaited"),
                None => Cell::Empty,
            };
            sheet.row(vec![
                id.into(),
                (&it.body).into(),
                (&it.office).into(),
                signed,
            ]);
        }
        if !instrument.other_parties.is_empty() {
            sheet.row(vec![
                id.into(),
                (&instrument.other_parties).into(),
                Cell::Empty,
                Cell::named("", "as described"),
            ]);
        }
    }
    sheet
}

fn versions(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("versions", "Versions").with_prose().columns([
        ("instrument_id", "Instrument"),
        ("version", "No."),
        ("effective_on", "From"),
        ("summary", "What changed"),
        ("document", "Document"),
        ("uri", "Link"),
        ("sha256", "SHA-256"),
        ("position", "Position"),
    ]);
    for instrument in instruments {
        for it in &instrument.versions {
            let document = it.document.clone().unwrap_or_default();
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                it.number.into(),
                (&it.effective_on).into(),
                (&it.summary).into(),
                (&document.title).into(),
                (&document.uri).into(),
                (&document.sha256).into(),
                it.position.into(),
            ]);
        }
    }
    sheet
}
