//! Bodies: the list, and one body in full.

use super::{
    assurance, collaboration, coming, course, instruments, invoices, parties, rules, settlements,
};
use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::proto::{BodySummary, BodyView};

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
            ("collaboration_count", "Party to"),
        ]);
    let renamed = Audience::all_if(bodies.iter().any(|body| !body.formerly.is_empty()));
    sheet.column_for(renamed, "formerly", "Formerly");
    sheet.yielding(["body_id", "force", "successor", "succeeded_on"]);
    for summary in bodies {
        let body = summary.body.clone().unwrap_or_default();
        sheet.row(vec![
            (&body.body_id).into(),
            (&body.name).into(),
            Cell::label(summary.kind()),
            (&summary.force).into(),
            Cell::dated(&summary.registered_on, summary.registered_on_is()),
            Cell::dated(&summary.succeeded_on, summary.succeeded_on_is()),
            Cell::list(
                summary
                    .successor
                    .iter()
                    .chain(&summary.other_successors)
                    .map(Cell::from),
            ),
            summary.collaboration_count.into(),
            (&summary.formerly).into(),
        ]);
    }
    Report::List(sheet)
}

/// Everything that one body is party to, leads and pays, and what awaits it.
pub fn in_full(view: &BodyView) -> Report {
    let mut sheets = vec![
        summary(view),
        former_names(view),
        succession(view),
        succession_shares(view),
        passed(view),
        capacities(view),
        offices_renamed(view),
        identifiers(view),
        party_to(view),
        pays(view),
        invoices::sheet("invoices", &view.invoices),
        invoices::payments(&view.invoices, &view.payments),
        settlements::sheet(&view.settlements, Audience::All),
        seats(view),
        awaited(view),
        signed(view),
        hosts(view),
        rules::sheet(&view.approval_rules),
        course::delegations(&view.delegations),
    ];
    sheets.extend(instruments::sheets(&view.instruments));
    sheets.extend([
        collaboration::dependencies(&view.dependencies),
        assurance::consultations(&view.consultations),
        assurance::grants(&view.grants),
        assurance::reports(&view.assurance),
        assurance::concerns(&view.concerns),
        coming::sheet(&view.coming),
        coming::voided(&view.voided),
    ]);
    Report::Sections(sheets)
}

fn summary(view: &BodyView) -> Sheet {
    let summary = view.summary.clone().unwrap_or_default();
    let body = summary.body.clone().unwrap_or_default();
    let mut facts = Sheet::facts("summary");
    facts
        .fact("body", &body.name)
        .fact("formerly", &summary.formerly)
        .fact("id", &body.body_id)
        .fact("kind", Cell::label(summary.kind()))
        .fact("force", &summary.force)
        .fact("area", &view.area)
        .fact(
            "since",
            Cell::dated(&summary.registered_on, summary.registered_on_is()),
        )
        .fact(
            "until",
            Cell::dated(&summary.succeeded_on, summary.succeeded_on_is()),
        )
        .fact("followed by", &view.successors)
        .fact("what passed", &view.what_passed)
        .fact("followed", &view.predecessors)
        .fact("aliases", &view.aliases);
    facts
}

/// The collaborations and boards in which others took its place.
fn succession(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("succession_parts", "Followed by others in")
        .columns([("subject", "Subject"), ("successors", "By")]);
    for part in &view.succession_parts {
        sheet.row(vec![(&part.subject).into(), (&part.successors).into()]);
    }
    sheet
}

fn former_names(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("former_names", "Former names").columns([
        ("name", "Name"),
        ("until_on", "Until"),
        ("changed_by", "Changed by"),
    ]);
    for former in &view.former_names {
        sheet.row(vec![
            (&former.name).into(),
            Cell::dated(&former.until_on, former.until_on_is()),
            (&former.changed_by).into(),
        ]);
    }
    sheet
}

fn succession_shares(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("succession_shares", "Shares of its successors")
        .columns([("body", "Body"), ("share", "Share")]);
    for share in &view.succession_shares {
        sheet.row(vec![(&share.body).into(), Cell::Ppm(share.share_ppm)]);
    }
    sheet
}

/// The parts that others took over from it while it went on.
fn passed(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("passed", "Passed to others").columns([
        ("passed_on", "On"),
        ("successors", "To"),
        ("subjects", "In"),
        ("capacities", "As"),
        ("what_passed", "What passed"),
    ]);
    for passed in &view.passed {
        let capacities = passed.capacities.iter();
        sheet.row(vec![
            Cell::dated(&passed.passed_on, passed.passed_on_is()),
            (&passed.successors).into(),
            (&passed.subjects).into(),
            Cell::list(capacities.map(|capacity| Cell::label(capacity.kind()))),
            (&passed.what_passed).into(),
        ]);
    }
    sheet
}

/// Shown to people only where it has more than the capacity of its kind.
fn offices_renamed(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("offices_renamed", "Offices with another name").columns([
        ("office", "Office"),
        ("name", "Called"),
        ("since_on", "Since"),
    ]);
    for renamed in &view.offices_renamed {
        sheet.row(vec![
            (&renamed.office).into(),
            (&renamed.name).into(),
            (&renamed.since_on).into(),
        ]);
    }
    sheet
}

fn capacities(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("capacities", "Capacities").columns([
        ("kind", "As"),
        ("force", "Force"),
        ("area", "Area"),
        ("since_on", "Since"),
        ("until_on", "Until"),
        ("given_by", "Given by"),
        ("taken_by", "Taken by"),
        ("in_place_of", "Taken over from"),
    ]);
    let audience = Audience::all_if(
        view.capacities.len() > 1 || view.capacities.iter().any(|c| c.until_on.is_some()),
    );
    for capacity in &view.capacities {
        sheet.row_for(
            audience,
            vec![
                Cell::label(capacity.kind()),
                (&capacity.force).into(),
                (&capacity.area).into(),
                Cell::dated(&capacity.since_on, capacity.since_on_is()),
                Cell::dated(&capacity.until_on, capacity.until_on_is()),
                (&capacity.given_by).into(),
                (&capacity.taken_by).into(),
                (&capacity.in_place_of).into(),
            ],
        );
    }
    sheet
}

fn identifiers(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("identifiers", "Identifiers").columns([
        ("scheme", "Scheme"),
        ("value", "Value"),
        ("valid_from_on", "From"),
        ("valid_to_on", "To"),
    ]);
    for identifier in &view.identifiers {
        sheet.row(vec![
            (&identifier.scheme).into(),
            (&identifier.value).into(),
            (&identifier.valid_from_on).into(),
            (&identifier.valid_to_on).into(),
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
    let memberships = || view.party_to.iter();
    let follows = Audience::all_if(
        memberships().any(|m| m.in_place_of.is_some() || !m.also_in_place_of.is_empty()),
    );
    let followed = Audience::all_if(memberships().any(|m| !m.followed_by.is_empty()));
    sheet
        .column_for(follows, "in_place_of", "In place of")
        .column_for(followed, "followed_by", "Followed by");
    let returned = Audience::all_if(memberships().any(|m| !m.earlier.is_empty()));
    sheet.column_for(returned, "earlier", "Party before");
    for membership in memberships() {
        sheet.row(vec![
            (&membership.collaboration).into(),
            (&membership.joined_on).into(),
            (&membership.left_on).into(),
            Cell::Yes(membership.leads),
            (&membership.services).into(),
            (&membership.leads_services).into(),
            parties::in_place_of(&membership.in_place_of, &membership.also_in_place_of),
            (&membership.followed_by).into(),
            parties::earlier(&membership.earlier),
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
    let follows = Audience::all_if(view.pays.iter().any(|paid| paid.in_place_of.is_some()));
    sheet.column_for(follows, "in_place_of", "In place of");
    let passed = Audience::all_if(view.pays.iter().any(|paid| !paid.passed_to.is_empty()));
    sheet.column_for(passed, "passed_to", "Passed to");
    for payment in &view.pays {
        sheet.in_currency(&payment.currency);
        let common = || -> Vec<Cell> {
            vec![
                (&payment.collaboration).into(),
                (&payment.financial_year).into(),
            ]
        };
        for service in &payment.services {
            let mut cells = common();
            cells.extend([
                (&service.service).into(),
                Cell::Pence(service.amount_pence),
                (&payment.in_place_of).into(),
                Cell::Empty,
            ]);
            sheet.row(cells);
        }
        // A share that is not given is never printed as £0.
        if !payment.services.is_empty() {
            let passed_to = payment.passed_to.iter().map(Cell::from);
            let unsplit = payment.split_not_given.then(|| "split not given".into());
            let mut cells = common();
            cells.extend([
                Cell::named("total", "Total"),
                Cell::Pence(payment.total_pence),
                (&payment.in_place_of).into(),
                Cell::list(passed_to.chain(unsplit)),
            ]);
            sheet.row(cells);
        }
        if payment.undivided_pence != 0 {
            let mut cells = common();
            cells.extend([
                Cell::named("undivided", "A share, not given, of"),
                Cell::Pence(payment.undivided_pence),
                (&payment.in_place_of).into(),
                Cell::Empty,
            ]);
            sheet.row(cells);
        }
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
    let follows = Audience::all_if(view.seats.iter().any(|seat| seat.in_place_of.is_some()));
    sheet.column_for(follows, "in_place_of", "In place of");
    for seat in &view.seats {
        sheet.row(vec![
            (&seat.board).into(),
            (&seat.office).into(),
            Cell::label(seat.capacity()),
            Cell::Yes(seat.chairs),
            (&seat.in_place_of).into(),
        ]);
    }
    sheet
}

fn hosts(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("hosts", "Hosts").columns([
        ("collaboration", "Collaboration"),
        ("service", "Service"),
        ("since_on", "Since"),
    ]);
    let follows = Audience::all_if(view.hosts.iter().any(|hosted| hosted.in_place_of.is_some()));
    sheet.column_for(follows, "in_place_of", "In place of");
    for hosted in &view.hosts {
        sheet.row(vec![
            (&hosted.collaboration).into(),
            match &hosted.service {
                Some(service) => service.into(),
                None => Cell::named("", "the whole"),
            },
            Cell::dated(&hosted.since_on, hosted.since_on_is()),
            (&hosted.in_place_of).into(),
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
    for signature in &view.awaited_signatures {
        sheet.row(vec![
            (&signature.subject).into(),
            (&signature.instrument_id).into(),
            (&signature.title).into(),
            (&signature.drafted_on).into(),
        ]);
    }
    sheet
}

fn signed(view: &BodyView) -> Sheet {
    let mut sheet = Sheet::new("signed_instruments", "Signed, and not over").columns([
        ("subject", "Subject"),
        ("instrument_id", "Instrument"),
        ("title", "Title"),
        ("signed_on", "Signed"),
        ("standing", "Standing"),
    ]);
    let all = || view.signed_instruments.iter();
    let follows = Audience::all_if(all().any(|signed| signed.in_place_of.is_some()));
    let begins = Audience::all_if(all().any(|signed| signed.begins_on.is_some()));
    sheet
        .column_for(follows, "in_place_of", "In place of")
        .column_for(begins, "begins_on", "Begins");
    for signed in &view.signed_instruments {
        sheet.row(vec![
            (&signed.subject).into(),
            (&signed.instrument_id).into(),
            (&signed.title).into(),
            Cell::dated(&signed.signed_on, signed.signed_on_is()),
            Cell::label(signed.standing()),
            (&signed.in_place_of).into(),
            (&signed.begins_on).into(),
        ]);
    }
    sheet
}
