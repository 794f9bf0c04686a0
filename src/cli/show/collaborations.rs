//! The register of collaborations.

use crate::cli::enum_labels::word;
use crate::cli::sheet::{Report, Sheet};
use crate::wire::proto::CollaborationSummary;

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
    let mut unknown = false;
    for it in collaborations {
        unknown |= it.service_count > 0 && it.instruments_in_force_count == 0;
        sheet.row(vec![
            (&it.collaboration_id).into(),
            (&it.name).into(),
            word(it.kind()),
            word(it.standing()),
            (&it.established_on).into(),
            (&it.ended_on).into(),
            (&it.lead).into(),
            it.party_count.into(),
            it.service_count.into(),
            it.instruments_in_force_count.into(),
        ]);
    }
    if unknown {
        sheet.note("Services without an instrument in force: the instrument is unknown.");
    }
    Report::List(sheet)
}
