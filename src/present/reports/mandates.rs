//! Mandates: who holds them, what they allow, what they cover, and from when to when.

use crate::cell::{Cell, money};
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::principal::Name;
use minutebook_wire::proto::{MandateRole, MandateView, Principal, ProtectiveMarking};

/// A line for each mandate.
pub fn list(mandates: &[MandateView]) -> Report {
    let sheet = sheet(mandates).when_empty(
        "No mandate that you may see is in force. Until a register has a keeper, everybody who \
         reaches it records in it.",
    );
    Report::List(sheet)
}

/// The mandates as a sheet.
pub fn sheet(mandates: &[MandateView]) -> Sheet {
    let mut sheet = Sheet::new("mandates", "Mandates").with_prose();
    let is_over = mandates.iter().any(|mandate| !mandate.in_force);
    let is_revoked = mandates.iter().any(|mandate| mandate.revoked_on.is_some());
    sheet
        .column("mandate_id", "Mandate")
        .column("recorded_as", "Recorded as")
        .column("role", "Role")
        .column("covers", "Covers")
        .column_for(Audience::Programs, "issuer", "")
        .column("holder", "Held by")
        .column("limits", "Limits")
        .column("from_on", "From")
        .column("until_on", "Until")
        .column_for(Audience::all_if(is_revoked), "revoked_on", "Revoked from")
        .column_for(Audience::all_if(is_revoked), "revoked_reason", "Because")
        .column_for(Audience::all_if(is_over), "in_force", "In force")
        .column("granted_by", "Granted by")
        .column("position", "Entry");
    for mandate in mandates {
        let holder = mandate.holder.clone().unwrap_or_default();
        sheet.row(vec![
            mandate.mandate_id.as_str().into(),
            mandate.recorded_as.as_str().into(),
            Cell::label(mandate.role()),
            covers(mandate),
            holder.issuer.as_str().into(),
            self::holder(&holder),
            limits(mandate),
            (&mandate.from_on).into(),
            (&mandate.until_on).into(),
            (&mandate.revoked_on).into(),
            mandate.revoked_reason.as_str().into(),
            Cell::Yes(mandate.in_force),
            granted_by(mandate),
            mandate.position.into(),
        ]);
    }
    sheet
}

/// `group finance of https://login.example.gov.uk`
pub fn holder(holder: &Principal) -> Cell {
    let (kind, value) = match &holder.name {
        Some(Name::Group(value)) => ("group", value.as_str()),
        Some(Name::AppRole(value)) => ("role", value.as_str()),
        Some(Name::Client(value)) => ("client", value.as_str()),
        Some(Name::Certificate(value)) => ("certificate", value.as_str()),
        None => ("", ""),
    };
    Cell::named(
        format!("{kind}:{value}"),
        format!("{kind} {value} of {}", holder.issuer),
    )
}

fn covers(mandate: &MandateView) -> Cell {
    if mandate.whole_register {
        return Cell::named("register", "the whole register");
    }
    let bodies = mandate.bodies.iter().map(Cell::from);
    let offices = mandate.offices.iter().map(Cell::from);
    let boards = mandate.boards.iter().map(Cell::from);
    let collaborations = mandate.collaborations.iter().map(Cell::from);
    Cell::list(bodies.chain(offices).chain(boards).chain(collaborations))
}

fn limits(mandate: &MandateView) -> Cell {
    let kinds = mandate.event_kinds.iter().map(|kind| kind.as_str().into());
    let amount = mandate.up_to_pence.map(|pence| {
        let amount = money(pence, &mandate.currency);
        Cell::named(format!("up_to:{amount}"), format!("up to {amount}"))
    });
    let reads = match (mandate.role(), mandate.reads_up_to()) {
        (MandateRole::Reader | MandateRole::Keeper, ProtectiveMarking::Official)
        | (_, ProtectiveMarking::Unspecified) => None,
        (MandateRole::Reader | MandateRole::Keeper, _) => Some(mandate.reads_up_to()),
        (_, ProtectiveMarking::OfficialSensitive) => None,
        (_, marking) => Some(marking),
    };
    let reads = reads.map(|marking| {
        let published = marking.as_str_name();
        Cell::named(
            format!("reads_up_to:{published}"),
            format!("reads up to {}", self::marking(marking)),
        )
    });
    Cell::list(kinds.chain(amount).chain(reads))
}

/// A marking as documents have it; `None` for no marking.
pub fn marked(marking: ProtectiveMarking) -> Option<String> {
    let is_marked = marking > ProtectiveMarking::Unmarked;
    is_marked.then(|| self::marking(marking).to_owned())
}

const fn marking(marking: ProtectiveMarking) -> &'static str {
    match marking {
        ProtectiveMarking::Unspecified | ProtectiveMarking::Unmarked => "what is not marked",
        ProtectiveMarking::Official => "OFFICIAL",
        ProtectiveMarking::OfficialSensitive => "OFFICIAL-SENSITIVE",
    }
}

fn granted_by(mandate: &MandateView) -> Cell {
    match mandate.granted_at_store {
        true => Cell::named("store", "a command at the store"),
        false => mandate.granted_by.as_str().into(),
    }
}
