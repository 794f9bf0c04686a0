//! Directions and mandates.

use crate::cell::Cell;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{DirectionKind, DirectionView};

/// A line for each direction.
pub fn sheet(directions: &[DirectionView]) -> Sheet {
    let mut sheet = Sheet::new("directions", "Directions")
        .with_prose()
        .columns([
            ("direction_id", "Id"),
            ("kind", "Kind"),
            ("terms", "Terms"),
            ("issued_on", "Issued"),
            ("stands", "Mandate in force"),
            ("issuer", "Issued by"),
            ("legal_basis", "Under"),
        ]);
    let any = |says: fn(&DirectionView) -> bool| Audience::all_if(directions.iter().any(says));
    sheet
        .column_for(
            any(|d| !d.addressees.is_empty()),
            "addressees",
            "Addressed to",
        )
        .column_for(any(|d| !d.service_ids.is_empty()), "services", "Services")
        .column_for(any(|d| !d.functions.is_empty()), "functions", "Functions")
        .column_for(
            any(|d| !d.instrument_id.is_empty()),
            "instrument_id",
            "Puts in force",
        )
        .column_for(any(|d| !d.notice_id.is_empty()), "notice_id", "Sets notice")
        .column_for(any(|d| !d.revokes_id.is_empty()), "revokes_id", "Revokes")
        .column_for(
            any(|d| !d.revoked_by_id.is_empty()),
            "revoked_by_id",
            "Revoked by",
        )
        .column_for(any(|d| d.revoked_on.is_some()), "revoked_on", "Revoked");
    for direction in directions {
        sheet.row(vec![
            (&direction.direction_id).into(),
            Cell::label(direction.kind()),
            (&direction.terms).into(),
            (&direction.issued_on).into(),
            match direction.kind() {
                DirectionKind::Mandate => Cell::Yes(direction.stands),
                _ => Cell::Empty,
            },
            match &direction.issuer {
                None => Cell::named("", "the Secretary of State"),
                Some(_) => (&direction.issuer).into(),
            },
            (&direction.legal_basis).into(),
            (&direction.addressees).into(),
            (&direction.service_ids).into(),
            (&direction.functions).into(),
            (&direction.instrument_id).into(),
            (&direction.notice_id).into(),
            (&direction.revokes_id).into(),
            (&direction.revoked_by_id).into(),
            (&direction.revoked_on).into(),
        ]);
    }
    sheet
}
