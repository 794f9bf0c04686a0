//! Settlements: who pays whom how much, and what is paid, written off, left and overdue.

use crate::cell::Cell;
use crate::report::Report;
use crate::sheet::{Audience, Sheet};
use minutebook_wire::enum_label::EnumLabel;
use minutebook_wire::proto::settlement_view::InstalmentView;
use minutebook_wire::proto::{AmountIs, BodyRef, Date, SettlementFor, SettlementView};

/// A line for each settlement; for people, its instalments, payments and amounts written off
/// under it, and for programs, in rows of their own.
pub fn list(settlements: &[SettlementView]) -> Report {
    let sheet = sheet(settlements, Audience::All);
    let sheet = sheet.when_empty("No settlement is on record.");
    Report::Parts {
        list: rows(settlements),
        parts: vec![sheet, course(settlements)],
    }
}

/// The settlements as part of a report. `subject_audience` are the readers of the column that
/// names the subject.
pub fn sheet(settlements: &[SettlementView], subject_audience: Audience) -> Sheet {
    let mut sheet = Sheet::new("settlements", "Settlements").with_prose();
    sheet
        .column_for(subject_audience, "subject", "Subject")
        .column("settlement_id", "Settlement")
        .column("payer", "From")
        .column("payees", "To")
        .column("agreed_on", "Agreed on")
        .column("agreed", "Agreed")
        .column("paid", "Paid")
        .column("written_off", "Written off")
        .column("left", "Left")
        .column("next_due_on", "Next due")
        .column("overdue", "Overdue")
        .column("position", "Entry");
    for settlement in settlements {
        sheet.in_currency(&settlement.currency);
        sheet.row(vec![
            Cell::named(&settlement.subject, &settlement.subject_name),
            Cell::named(&settlement.settlement_id, heading(settlement)),
            side(settlement.payer.iter()),
            side(settlement.payees.iter()),
            Cell::dated(&settlement.agreed_on, settlement.agreed_on_is()),
            agreed(settlement),
            Cell::Pence(settlement.paid_pence),
            written_off(settlement),
            left(settlement),
            next_due(settlement),
            Cell::amount(settlement.overdue_pence),
            settlement.position.into(),
        ]);
    }
    sheet
}

fn heading(settlement: &SettlementView) -> String {
    let mut matter = match settlement.what_for() {
        SettlementFor::Other | SettlementFor::Unspecified => String::new(),
        SettlementFor::Dispute if !settlement.dispute_id.is_empty() => {
            format!("dispute {}", settlement.dispute_id)
        }
        what_for => what_for.label(),
    };
    if let Some(leaving) = &settlement.leaving {
        matter.push_str(&format!(" of {}", leaving.name));
    }
    if !settlement.notice_id.is_empty() {
        matter.push_str(&format!(" (notice {})", settlement.notice_id));
    }
    let id = settlement.settlement_id.clone();
    let lines = [id, matter, settlement.terms.clone()];
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn side<'a>(bodies: impl Iterator<Item = &'a BodyRef>) -> Cell {
    match Cell::list(bodies.map(Cell::from)) {
        Cell::Empty => Cell::named("", "the other parties"),
        named => named,
    }
}

fn agreed(settlement: &SettlementView) -> Cell {
    match settlement.agreed_pence {
        Some(pence) => Cell::known_amount(pence, settlement.agreed_is()),
        None => Cell::named("", "not given"),
    }
}

fn written_off(settlement: &SettlementView) -> Cell {
    match settlement.written_off_pence {
        Some(pence) => Cell::amount(pence),
        None => Cell::named("", "not known"),
    }
}

fn left(settlement: &SettlementView) -> Cell {
    match (settlement.left_pence, settlement.overpaid_pence) {
        (_, over) if over > 0 => {
            let words = [Cell::Pence(0), " (".into(), Cell::Pence(over)];
            let words = words.into_iter().chain([" too much paid)".into()]);
            Cell::sentence(words).with_id("0.00".to_owned())
        }
        (Some(pence), _) => match settlement.agreed_is() {
            AmountIs::NotGiven | AmountIs::Unspecified => Cell::Pence(pence),
            is => Cell::known_amount(pence, is),
        },
        (None, _) => Cell::named("", "not known"),
    }
}

fn next_due(settlement: &SettlementView) -> Cell {
    let Some(on) = &settlement.next_due_on else {
        return Cell::Empty;
    };
    let (on, pence) = (Cell::On(*on), Cell::Pence(settlement.next_due_pence));
    let id = on.for_programs();
    Cell::sentence([on, ": ".into(), pence]).with_id(id)
}

/// Instalments, payments and amounts written off, in the order of their dates.
fn course(settlements: &[SettlementView]) -> Sheet {
    let mut sheet = Sheet::new("settlement_course", "Instalments and payments").columns([
        ("settlement_id", "Settlement"),
        ("on", "Date"),
        ("what", "What"),
        ("amount", "Amount"),
        ("left", "Left of it"),
        ("reason", "Reason"),
        ("position", "Entry"),
    ]);
    for settlement in settlements {
        let mut rows = course_of(settlement);
        rows.sort_by_key(|(on, _)| on.map(|on| (on.year, on.month, on.day)));
        sheet.in_currency(&settlement.currency);
        rows.into_iter().for_each(|(_, cells)| sheet.row(cells));
    }
    sheet
}

/// The rows of one settlement, each with its date.
fn course_of(settlement: &SettlementView) -> Vec<(Option<Date>, Vec<Cell>)> {
    let id = || Cell::from(&settlement.settlement_id);
    let instalments = settlement.instalments.iter().map(|instalment| {
        let cells = vec![
            id(),
            (&instalment.due_on).into(),
            standing(instalment).into(),
            Cell::Pence(instalment.amount_pence),
            Cell::Pence(instalment.left_pence),
            Cell::Empty,
            Cell::Empty,
        ];
        (instalment.due_on, cells)
    });
    let payments = settlement.payments.iter().map(|paid| {
        let cells = vec![
            id(),
            Cell::dated(&paid.on, paid.on_is()),
            format!("payment {}", paid.payment_id).into(),
            Cell::Pence(paid.amount_pence),
            Cell::Empty,
            Cell::Empty,
            paid.position.into(),
        ];
        (paid.on, cells)
    });
    let write_offs = settlement.write_offs.iter().map(|off| {
        let cells = vec![
            id(),
            Cell::dated(&off.on, off.on_is()),
            "written off".into(),
            off.amount_pence
                .map_or_else(|| Cell::named("", "not known"), Cell::Pence),
            Cell::Empty,
            (&off.reason).into(),
            off.position.into(),
        ];
        (off.on, cells)
    });
    instalments.chain(payments).chain(write_offs).collect()
}

fn standing(instalment: &InstalmentView) -> &'static str {
    match (instalment.left_pence, instalment.is_overdue) {
        (0, _) => "instalment, settled",
        (_, true) => "instalment, overdue",
        (_, false) => "instalment",
    }
}

const FIELDS: [&str; 26] = [
    "kind",
    "subject",
    "subject_name",
    "id",
    "part_of",
    "what_for",
    "payer",
    "payees",
    "leaving",
    "dispute_id",
    "notice_id",
    "paid_in_lieu",
    "terms",
    "on",
    "amount",
    "amount_is",
    "paid",
    "written_off",
    "left",
    "overpaid",
    "next_due_on",
    "next_due",
    "overdue",
    "reason",
    "proposal_id",
    "position",
];

/// One list of settlements, instalments, payments and amounts written off.
fn rows(settlements: &[SettlementView]) -> Sheet {
    let mut list = Sheet::new("settlements", "").keyed(&FIELDS);
    for settlement in settlements {
        list.in_currency(&settlement.currency);
        let mut add = |kind: &'static str, more: Vec<(&str, Cell)>| {
            let mut named: Vec<(&str, Cell)> = vec![
                ("kind", kind.into()),
                ("subject", (&settlement.subject).into()),
                ("subject_name", (&settlement.subject_name).into()),
            ];
            named.extend(more);
            list.row_by_key(&named);
        };
        add(
            "settlement",
            vec![
                ("id", (&settlement.settlement_id).into()),
                ("what_for", Cell::label(settlement.what_for())),
                ("payer", side(settlement.payer.iter())),
                ("payees", side(settlement.payees.iter())),
                ("leaving", (&settlement.leaving).into()),
                ("dispute_id", (&settlement.dispute_id).into()),
                ("notice_id", (&settlement.notice_id).into()),
                ("paid_in_lieu", Cell::known(settlement.paid_in_lieu_pence)),
                ("terms", (&settlement.terms).into()),
                (
                    "on",
                    Cell::dated(&settlement.agreed_on, settlement.agreed_on_is()),
                ),
                ("amount", Cell::known(settlement.agreed_pence)),
                ("amount_is", Cell::label(settlement.agreed_is())),
                ("paid", Cell::Pence(settlement.paid_pence)),
                ("written_off", Cell::known(settlement.written_off_pence)),
                ("left", Cell::known(settlement.left_pence)),
                ("overpaid", Cell::amount(settlement.overpaid_pence)),
                ("next_due_on", (&settlement.next_due_on).into()),
                ("next_due", Cell::amount(settlement.next_due_pence)),
                ("overdue", Cell::amount(settlement.overdue_pence)),
                ("proposal_id", (&settlement.proposal_id).into()),
                ("position", settlement.position.into()),
            ],
        );
        let part_of = || ("part_of", Cell::from(&settlement.settlement_id));
        for instalment in &settlement.instalments {
            let overdue = match instalment.is_overdue {
                true => instalment.left_pence,
                false => 0,
            };
            add(
                "instalment",
                vec![
                    part_of(),
                    ("on", (&instalment.due_on).into()),
                    ("amount", Cell::Pence(instalment.amount_pence)),
                    ("left", Cell::Pence(instalment.left_pence)),
                    ("overdue", Cell::amount(overdue)),
                ],
            );
        }
        for paid in &settlement.payments {
            add(
                "payment",
                vec![
                    ("id", (&paid.payment_id).into()),
                    part_of(),
                    ("on", Cell::dated(&paid.on, paid.on_is())),
                    ("amount", Cell::Pence(paid.amount_pence)),
                    ("position", paid.position.into()),
                ],
            );
        }
        for off in &settlement.write_offs {
            add(
                "write_off",
                vec![
                    part_of(),
                    ("on", Cell::dated(&off.on, off.on_is())),
                    ("amount", Cell::known(off.amount_pence)),
                    ("reason", (&off.reason).into()),
                    ("proposal_id", (&off.proposal_id).into()),
                    ("position", off.position.into()),
                ],
            );
        }
    }
    list
}
