//! Bodies: the list, and one in full.

use super::{assurance, collaboration, coming, instruments};
use crate::cli::cell::Cell;
use crate::cli::enum_labels::word;
use crate::cli::sheet::{Report, Sheet};
use crate::wire::proto::{BodySummary, BodyView};

/// A line for each body.
pub fn list(bodies: &[BodySummary]) -> Report {
    let mut sheet = Sheet::new("bodies", "Bodies")
        .when_empty("There are none.")
        .columns([
            ("body_id", "Id"),
            ("name", "Name"),
            ("kind", "Kind"),
            ("force", "Force"),
            ("registered_on", "Since"),
            ("succeeded_on", "Until"),
            ("successor", "Followed by"),
            ("collaboration_count", "Collaborations"),
        ]);
    for it in bodies {
        let body = it.body.clone().unwrap_or_default();
        sheet.row(vec![
            (&body.body_id).into(),
            (&body.name).into(),
            word(it.kind()),
            (&it.force).into(),
            (&it.registered_on).into(),
            (&it.succeeded_on).into(),
            (&it.successor).into(),
            it.collaboration_count.into(),
        ]);
    }
    Report::List(sheet)
}

/// Everything one body is party to, leads, pays and waits for.
pub fn in_full(view: &BodyView) -> Report {
    let mut sheets = vec![
        summary(view),
        identifiers(view),
        party_to(view),
        pays(view),
        seats(view),
        awaited(view),
    ];
    sheets.extend(instruments::sheets(&view.instruments));
    sheets.extend([
        collaboration::dependencies(&view.dependencies),
        assurance::grants(&view.grants),
        assurance::reports(&view.assurance),
        assurance::concerns(&view.concerns),
        coming(&view.coming),
    ]);
    Report::Sections(sheets)
}

fn summary(view: &BodyView) -> Sheet {
    let it = view.summary.clone().unwrap_or_default();
    let body = it.body.clone().unwrap_or_default();
    let mut facts = Sheet::facts("summary");
    facts
        .fact("body", &body.name)
        .fact("id", &body.body_id)
        .fact("kind", word(it.kind()))
        .fact("force", &it.force)
        .fact("area", &view.area)
        .fact("since", &it.registered_on)
        .fact("until", &it.succeeded_on)
        .fact("followed by", &it.successor)
        .fact("followed", &view.predecessors)
        .fact("aliases", &view.aliases);
    facts
}

fn identifiers(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("identifiers", "Identifiers").columns([
        ("scheme", "Scheme"),
        ("value", "Value"),
        ("valid_from_on", "From"),
        ("valid_to_on", "To"),
    ]);
    for it in &view.identifiers {
        sheet.row(vec![
            (&it.scheme).into(),
            (&it.value).into(),
            (&it.valid_from_on).into(),
            (&it.valid_to_on).into(),
        ]);
    }
    sheet
}

fn party_to(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("party_to", "Party to")
        .when_empty("It is party to nothing.")
        .with_prose()
        .columns([
            ("collaboration", "Collaboration"),
            ("joined_on", "Since"),
            ("left_on", "Until"),
            ("leads", "Leads the whole"),
            ("services", "Takes part in"),
            ("leads_services", "Leads"),
        ]);
    for it in &view.party_to {
        sheet.row(vec![
            (&it.collaboration).into(),
            (&it.joined_on).into(),
            (&it.left_on).into(),
            Cell::Yes(it.leads),
            (&it.services).into(),
            (&it.leads_services).into(),
        ]);
    }
    sheet
}

fn pays(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("pays", "Pays").columns([
        ("collaboration", "Collaboration"),
        ("financial_year", "Year"),
        ("service", "Service"),
        ("amount", "Amount"),
    ]);
    for payment in &view.pays {
        let lead_in = || -> Vec<Cell> {
            vec![
                (&payment.collaboration).into(),
                (&payment.financial_year).into(),
            ]
        };
        for it in &payment.services {
            let mut cells = lead_in();
            cells.extend([(&it.service).into(), Cell::Pence(it.amount_pence)]);
            sheet.row(cells);
        }
        let mut cells = lead_in();
        cells.extend([
            Cell::named("total", "Total"),
            Cell::Pence(payment.total_pence),
        ]);
        sheet.row(cells);
    }
    sheet
}

fn seats(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("seats", "Sits on").columns([
        ("board", "Board"),
        ("office", "Office"),
        ("capacity", "As"),
        ("chairs", "Chair"),
    ]);
    for it in &view.seats {
        sheet.row(vec![
            (&it.board).into(),
            (&it.office).into(),
            word(it.capacity()),
            Cell::Yes(it.chairs),
        ]);
    }
    sheet
}

fn awaited(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("awaited_signatures", "Awaits its signature").columns([
        ("subject", "Subject"),
        ("instrument_id", "Instrument"),
        ("title", "Title"),
        ("drafted_on", "Drawn up"),
    ]);
    for it in &view.awaited_signatures {
        sheet.row(vec![
            (&it.subject).into(),
            (&it.instrument_id).into(),
            (&it.title).into(),
            (&it.drafted_on).into(),
        ]);
    }
    sheet
}
