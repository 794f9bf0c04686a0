//! The register of collaborations.

use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::Sheet;
use minutebook_wire::proto::CollaborationSummary;

/// A line for each collaboration.
pub fn list(collaborations: &[CollaborationSummary]) -> Report {
    let mut sheet = Sheet::new("collaborations", "Collaborations")
        .when_empty("There are none.")
        .columns([
            ("collaboration_id", "Id"),
            ("name", "Name"),
            ("kind", "Form"),
            ("standing", "Standing"),
            ("established_on", "Since"),
            ("ended_on", "Until"),
            ("lead", "Lead"),
            ("party_count", "Parties"),
            ("service_count", "Services"),
            ("instruments_in_force_count", "Instruments"),
        ]);
    sheet.yielding(["collaboration_id", "lead", "kind", "ended_on"]);
    let mut unknown = false;
    for collaboration in collaborations {
        unknown |= collaboration.service_count > 0 && collaboration.instruments_in_force_count == 0;
        sheet.row(vec![
            (&collaboration.collaboration_id).into(),
            (&collaboration.name).into(),
            Cell::label(collaboration.kind()),
            Cell::label(collaboration.standing()),
            Cell::dated(
                &collaboration.established_on,
                collaboration.established_on_is(),
            ),
            Cell::dated(&collaboration.ended_on, collaboration.ended_on_is()),
            (&collaboration.lead).into(),
            collaboration.party_count.into(),
            collaboration.service_count.into(),
            collaboration.instruments_in_force_count.into(),
        ]);
    }
    if unknown {
        sheet.note("Services without an instrument in force: the instrument is unknown.");
    }
    Report::List(sheet)
}
