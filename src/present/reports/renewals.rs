//! Renewals of instruments, and the agreement or option on which they rest.

use crate::cell::Cell;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{InstrumentView, RenewalView};

/// A line for each renewal.
pub fn sheet(instruments: &[InstrumentView]) -> Sheet {
    let mut sheet = Sheet::new("renewals", "Renewals").columns([
        ("instrument_id", "Instrument"),
        ("renewed_on", "Renewed"),
        ("expires_on", "To"),
        ("with_effect_from_on", "With effect from"),
        ("retrospective", "Retrospective"),
        ("agreed_by", "Agreed by"),
        ("exercised_by", "Option exercised by"),
        ("position", "Entry"),
    ]);
    let mut renewals = instruments.iter().flat_map(|i| &i.renewals);
    let remarked = Audience::all_if(renewals.any(|renewal| !renewal.remarks.is_empty()));
    sheet.column_for(remarked, "remarks", "Remarks");
    for instrument in instruments {
        for renewal in &instrument.renewals {
            sheet.row(vec![
                (&instrument.instrument_id).into(),
                Cell::dated(&renewal.renewed_on, renewal.renewed_on_is()),
                match &renewal.expires_on {
                    None => "not given".into(),
                    Some(_) => (&renewal.expires_on).into(),
                },
                (&renewal.with_effect_from_on).into(),
                Cell::Yes(renewal.is_retrospective),
                agreement(renewal),
                (&renewal.exercised_by).into(),
                renewal.position.into(),
                (&renewal.remarks).into(),
            ]);
        }
    }
    sheet
}

fn agreement(renewal: &RenewalView) -> Cell {
    if renewal.agreed_by_not_given {
        "not given".into()
    } else if renewal.rests_on_no_agreement {
        "no agreement on record".into()
    } else {
        (&renewal.agreed_by).into()
    }
}
