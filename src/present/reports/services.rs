//! Services of a collaboration, present and former.

use crate::cell::Cell;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{BodyRef, CollaborationView, ServiceView};

/// The services, the times at which they were not delivered, and who left without notice.
pub fn sheets(view: &CollaborationView) -> Vec<Sheet> {
    vec![list(view), interruptions(view), exits(view)]
}

fn list(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("services", "Services")
        .when_empty("None is recorded.")
        .with_prose();
    sheet
        .column("service_id", "Id")
        .column_for(Audience::All, "name", "Service")
        .column_for(Audience::Programs, "category", "")
        .column("units", "Units")
        .column("lead", "Lead")
        .column("parties", "Parties")
        .column("instrument_id", "Instrument")
        .column("added_on", "Since")
        .column("removed_on", "Until")
        .column("aliases", "Also called")
        .column("description", "Description");
    let services = || view.services.iter().chain(&view.former_services);
    let any = |says: fn(&ServiceView) -> bool| Audience::all_if(services().any(says));
    let directed = any(|s| !s.parties_direction_ids.is_empty());
    sheet
        .column_for(any(|s| s.host.is_some()), "host", "Host")
        .column_for(
            any(|s| s.hosted_since_on.is_some()),
            "hosted_since_on",
            "Hosted since",
        )
        .column_for(
            any(|s| !s.instruments_in_force.is_empty()),
            "instruments_in_force",
            "Instrument in force",
        )
        .column_for(
            any(|s| !s.named_instrument_id.is_empty()),
            "named_instrument_id",
            "Named since",
        )
        .column_for(
            any(|s| s.ended_with_collaboration),
            "ended_with_collaboration",
            "Ended with the collaboration",
        )
        .column_for(
            any(|s| !s.removed_reason.is_empty()),
            "removed_reason",
            "Why removed",
        )
        .column_for(directed, "parties_direction_ids", "Parties by direction")
        .column_for(
            any(|s| !s.removed_by_direction_id.is_empty()),
            "removed_by_direction_id",
            "By direction",
        )
        .column_for(
            any(|s| !s.removed_agreed_by.is_empty()),
            "removed_agreed_by",
            "Removal agreed by",
        )
        .column_for(
            any(|s| !s.lead_to_be_settled.is_empty()),
            "lead_to_be_settled",
            "Lead to be settled",
        )
        .column_for(
            any(|s| s.lead_ended_on.is_some()),
            "lead_ended_on",
            "Nobody leads since",
        )
        .column_for(
            any(|s| !s.lead_ended_reason.is_empty()),
            "lead_ended_reason",
            "Why nobody leads",
        );
    for offered in view.services.iter().chain(&view.former_services) {
        let service = offered.service.clone().unwrap_or_default();
        sheet.row(vec![
            (&service.service_id).into(),
            (&service.name).into(),
            (&offered.category).into(),
            Cell::named(offered.units.join("; "), offered.units.join("\n")),
            (&offered.lead).into(),
            parties_of(offered, view),
            if offered.instrument_id.is_empty()
                && offered.named_instrument_id.is_empty()
                && offered.instruments_in_force.is_empty()
            {
                Cell::named("", "instrument unknown")
            } else {
                (&offered.instrument_id).into()
            },
            Cell::dated(&offered.added_on, offered.added_on_is()),
            (&offered.removed_on).into(),
            (&offered.aliases).into(),
            (&offered.description).into(),
            (&offered.host).into(),
            (&offered.hosted_since_on).into(),
            (&offered.instruments_in_force).into(),
            (&offered.named_instrument_id).into(),
            Cell::Yes(offered.ended_with_collaboration),
            (&offered.removed_reason).into(),
            (&offered.parties_direction_ids).into(),
            (&offered.removed_by_direction_id).into(),
            (&offered.removed_agreed_by).into(),
            Cell::list(offered.lead_to_be_settled.iter().map(Cell::from)),
            (&offered.lead_ended_on).into(),
            (&offered.lead_ended_reason).into(),
        ]);
    }
    sheet
}

/// For people, "all" is easier to check than the same seven names again.
fn parties_of(service: &ServiceView, view: &CollaborationView) -> Cell {
    let ids = |bodies: Vec<&BodyRef>| {
        let mut ids: Vec<String> = bodies.iter().map(|body| body.body_id.clone()).collect();
        ids.sort_unstable();
        ids
    };
    let all = ids(view
        .parties
        .iter()
        .filter_map(|party| party.body.as_ref())
        .collect());
    let cell = Cell::from(&service.parties);
    if all.len() > 1 && ids(service.parties.iter().collect()) == all {
        Cell::named(cell.for_programs(), "all")
    } else {
        cell
    }
}

fn interruptions(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("service_interruptions", "Times without a service")
        .with_prose()
        .columns([
            ("service_id", "Service"),
            ("removed_on", "From"),
            ("removed_reason", "Why"),
            ("resumed_on", "Resumed"),
            ("resumed_reason", "Why resumed"),
        ]);
    for offered in view.services.iter().chain(&view.former_services) {
        let service = offered.service.clone().unwrap_or_default();
        for time in &offered.interruptions {
            sheet.row(vec![
                (&service.service_id).into(),
                (&time.removed_on).into(),
                (&time.removed_reason).into(),
                (&time.resumed_on).into(),
                (&time.resumed_reason).into(),
            ]);
        }
    }
    sheet
}

fn exits(view: &CollaborationView) -> Sheet {
    let mut sheet = Sheet::new("service_exits", "Left a service without notice").columns([
        ("service_id", "Service"),
        ("left", "Left"),
        ("left_on", "On"),
        ("agreed_by", "Released by"),
        ("legal_basis", "By law"),
    ]);
    for offered in view.services.iter().chain(&view.former_services) {
        let service = offered.service.clone().unwrap_or_default();
        for exit in &offered.exits {
            sheet.row(vec![
                (&service.service_id).into(),
                (&exit.left).into(),
                (&exit.left_on).into(),
                (&exit.agreed_by).into(),
                (&exit.legal_basis).into(),
            ]);
        }
    }
    sheet
}
