//! Instruments, with who must sign and who has, and their versions.
//!
//! Collaborations, bodies and boards all have instruments; they are shown alike.

use super::faults;
use crate::present::cell::Cell;
use crate::present::sheet::{Audience, Sheet};
use crate::wire::proto::{InstrumentView, SignatureView, Standing, Terms};

/// The instruments, their signatures, versions, reviews and faults, a sheet for each.
pub fn sheets(instruments: &[InstrumentView]) -> Vec<Sheet> {
    vec![
        list(instruments),
        signatures(instruments),
        versions(instruments),
        reviews(instruments),
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
            ("summary", "Purpose"),
        ]);
    for instrument in instruments {
        sheet.row(vec![
            (&instrument.instrument_id).into(),
            (&instrument.title).into(),
            Cell::label(instrument.kind()),
            Cell::label(instrument.standing()),
            (&instrument.in_force_on).into(),
            (&instrument.ends_on).into(),
            (&instrument.review_on).into(),
            instrument.terms.as_ref().map_or(Cell::Empty, notice),
            (&instrument.service_ids).into(),
            (&instrument.superseded_by_id).into(),
            (&instrument.summary).into(),
        ]);
    }
    sheet
}

fn notice(terms: &Terms) -> Cell {
    let clauses = [
        (terms.notice_as_party_months, "as party"),
        (terms.notice_as_lead_months, "as lead"),
    ];
    let texts = clauses
        .iter()
        .filter(|(months, _)| *months > 0)
        .map(|(months, capacity)| Cell::Text(format!("{months} months {capacity}")));
    Cell::list(texts)
}

fn signatures(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("signatures", "Signatures").columns([
        ("instrument_id", "Instrument"),
        ("body", "Party"),
        ("office", "Office"),
        ("signed_on", "Signed"),
    ]);
    let followed = |signature: &SignatureView| !signature.followed_by.is_empty();
    let signatures = || instruments.iter().flat_map(|i| &i.signatures);
    let followed = Audience::all_if(signatures().any(followed));
    sheet.column_for(followed, "followed_by", "Followed by");
    for instrument in instruments {
        let id = &instrument.instrument_id;
        // Only while the document waits is a missing signature awaited.
        let waits = instrument.standing() == Standing::AwaitingSignature;
        for signature in &instrument.signatures {
            let signed = match &signature.signed_on {
                Some(day) => day.into(),
                None if waits => Cell::named("", "awaited"),
                None => Cell::Empty,
            };
            sheet.row(vec![
                id.into(),
                (&signature.body).into(),
                (&signature.office).into(),
                signed,
                (&signature.followed_by).into(),
            ]);
        }
        if !instrument.other_parties.is_empty() {
            sheet.row(vec![
                id.into(),
                (&instrument.other_parties).into(),
                Cell::Empty,
                Cell::named("", "as described"),
                Cell::Empty,
            ]);
        }
    }
    sheet
}

fn reviews(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("instrument_reviews", "Reviews of instruments")
        .with_prose()
        .columns([
            ("instrument_id", "Instrument"),
            ("reviewed_on", "Reviewed"),
            ("outcome", "Outcome"),
            ("next_review_on", "Next"),
        ]);
    for instrument in instruments {
        for review in &instrument.reviews {
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                (&review.reviewed_on).into(),
                (&review.outcome).into(),
                (&review.next_review_on).into(),
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
        ("summary", "Change"),
        ("document", "Document"),
        ("uri", "Link"),
        ("sha256", "SHA-256"),
        ("position", "Position"),
    ]);
    for instrument in instruments {
        for version in &instrument.versions {
            let document = version.document.clone().unwrap_or_default();
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                version.number.into(),
                (&version.effective_on).into(),
                (&version.summary).into(),
                (&document.title).into(),
                (&document.uri).into(),
                (&document.sha256).into(),
                version.position.into(),
            ]);
        }
    }
    sheet
}
