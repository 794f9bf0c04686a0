//! Contributions: a matrix of services and bodies as papers print it, or a list.

use minutebook_wire::proto::{BudgetApproved, Contribution, Event, Figures, StatedTotal, event};

use crate::amount::{MoneyUnit, Stated, amount};
use crate::figures_draft::FiguresDraft;
use crate::figures_table::{
    FigureHeading, FiguresTable, TotalOf, is_share_row, place_of_total, total_of,
};
use crate::grid::{CellPlace, on_one_line};
use crate::lines;
use crate::matching;
use crate::sheet_field::SheetField;
use crate::sheet_reader::{SheetReader, SheetRow, SheetSubject, cell_text};

/// The columns of the list.
pub const COLUMNS: &[SheetField] = &[SheetField::Service, SheetField::Body, SheetField::Amount];

/// A row or a column of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
enum MatrixSide {
    Service(String),
    Body(String),
    /// With its label.
    Total(String),
    /// Left out, or a fault.
    Nothing,
}

pub fn read(reader: &SheetReader<'_>) -> Vec<FiguresDraft> {
    let header = SheetRow::default();
    let subject = reader.subject(&header);
    let year = reader.year(&header);
    let Some(table) = FiguresTable::of(reader) else {
        return Vec::new();
    };
    let (Some(subject), Some(year)) = (subject, year) else {
        return Vec::new();
    };
    let has_amounts = table
        .headings
        .iter()
        .any(|heading| SheetField::labelled(&heading.text) == Some(SheetField::Amount));
    let unit = reader.unit().or_else(|| table.printed_unit());
    let (contributions, stated) = match has_amounts {
        true => (list(reader, &subject, unit), Vec::new()),
        false => matrix(reader, &subject, &table, unit),
    };
    if contributions.is_empty() && !reader.has_faults() {
        reader.fault((0, 0), "the table has no contribution");
    }
    let amounts = contributions.iter().map(|one| one.amount_pence);
    let figures = Figures {
        financial_year: year.to_string(),
        printed_unit_pence: printed_unit(unit, amounts),
        contributions,
        stated,
        ..Figures::default()
    };
    vec![draft(reader, &header, &subject, figures)]
}

/// The draft of a budget of one year.
pub fn draft(
    reader: &SheetReader<'_>,
    row: &SheetRow,
    subject: &SheetSubject<'_>,
    figures: Figures,
) -> FiguresDraft {
    let approved = BudgetApproved {
        figures: Some(figures),
        budget_id: reader.line(row, SheetField::BudgetId).unwrap_or_default(),
        title: reader.line(row, SheetField::Title).unwrap_or_default(),
    };
    let event: Event = reader.event(row, &subject.subject, event::Kind::BudgetApproved(approved));
    FiguresDraft {
        cell: reader.sheet.cell_name(row.at),
        event,
    }
}

/// Pounds that have pence are printed in pence. An unknown unit is none.
pub fn printed_unit(unit: Option<MoneyUnit>, mut amounts: impl Iterator<Item = i64>) -> i64 {
    match unit {
        None => 0,
        Some(MoneyUnit::Pounds) if amounts.any(|pence| pence % 100 != 0) => 1,
        Some(unit) => unit.in_pence(),
    }
}

fn list(
    reader: &SheetReader<'_>,
    subject: &SheetSubject<'_>,
    unit: Option<MoneyUnit>,
) -> Vec<Contribution> {
    let unit = unit.unwrap_or(MoneyUnit::Pounds);
    let parties = subject.names.map_or(&[][..], |names| &names.parties);
    let mut found = Vec::new();
    for row in lines::rows(reader, COLUMNS) {
        let service = reader.service(&row, SheetField::Service, subject);
        if reader.is_empty(&row, SheetField::Service) {
            reader.missing(&row, SheetField::Service);
        }
        let body = reader.required_body(&row, SheetField::Body, parties);
        let amount = reader.amount(&row, SheetField::Amount, unit);
        if let (Some(service_id), Some(body_id), Some(amount_pence)) = (service, body, amount) {
            let contribution = Contribution {
                service_id,
                body_id,
                amount_pence,
            };
            keep(reader, row.at, &mut found, contribution);
        }
    }
    found
}

fn keep(
    reader: &SheetReader<'_>,
    place: CellPlace,
    found: &mut Vec<Contribution>,
    contribution: Contribution,
) {
    let is_twice = found.iter().any(|other| {
        (&other.service_id, &other.body_id) == (&contribution.service_id, &contribution.body_id)
    });
    if is_twice {
        reader.fault(
            place,
            "the amount of this body for this service is above already",
        );
    }
    if contribution.amount_pence < 0 {
        reader.fault(
            place,
            "a contribution is not below zero: record a repayment with a book",
        );
    }
    found.push(contribution);
}

fn matrix(
    reader: &SheetReader<'_>,
    subject: &SheetSubject<'_>,
    table: &FiguresTable,
    unit: Option<MoneyUnit>,
) -> (Vec<Contribution>, Vec<StatedTotal>) {
    let [corner, headings @ ..] = table.headings.as_slice() else {
        return (Vec::new(), Vec::new());
    };
    let columns_are_services = columns_are_services(subject, headings);
    let columns: Vec<(u32, MoneyUnit, MatrixSide)> = headings
        .iter()
        .map(|heading| {
            let side = side(
                reader,
                subject,
                heading.place,
                &heading.text,
                columns_are_services,
            );
            let unit = heading.unit.or(unit).unwrap_or(MoneyUnit::Pounds);
            (heading.place.1, unit, side)
        })
        .collect();
    let header = SheetRow::default();
    let page = reader.line(&header, SheetField::Place);
    let mut found = Vec::new();
    let (mut by_column, mut by_row, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for row in &table.rows {
        let Some(row_side) = row_side(
            reader,
            subject,
            (*row, corner.place.1),
            !columns_are_services,
        ) else {
            continue;
        };
        for (column, unit, column_side) in &columns {
            let place = (*row, *column);
            let Some(cell) = reader.sheet.get(place) else {
                continue;
            };
            if reader.sheet.merged_into((*row, column + 1)) == Some(place) {
                reader.fault(place, "this amount is in a merged cell: unmerge it");
            }
            let Some(Stated::Value(amount_pence)) = reader.kept(place, amount(cell, *unit)) else {
                continue;
            };
            let stated = |service: &str, body: &str, parts: &[String]| StatedTotal {
                service_id: service.to_owned(),
                body_id: body.to_owned(),
                amount_pence,
                place: place_of_total(page.as_deref(), parts),
                ..StatedTotal::default()
            };
            let in_row = |label: &str| format!("{label} row");
            let in_column = |label: &str| format!("{label} column");
            match (&row_side, column_side) {
                (MatrixSide::Body(body_id), MatrixSide::Service(service_id))
                | (MatrixSide::Service(service_id), MatrixSide::Body(body_id)) => {
                    let contribution = Contribution {
                        service_id: service_id.clone(),
                        body_id: body_id.clone(),
                        amount_pence,
                    };
                    keep(reader, place, &mut found, contribution);
                }
                (MatrixSide::Total(row), MatrixSide::Total(column)) => {
                    whole.push(stated("", "", &[in_row(row), in_column(column)]));
                }
                (MatrixSide::Total(row), MatrixSide::Service(service)) => {
                    by_row.push(stated(service, "", &[in_row(row)]));
                }
                (MatrixSide::Total(row), MatrixSide::Body(body)) => {
                    by_row.push(stated("", body, &[in_row(row)]));
                }
                (MatrixSide::Service(service), MatrixSide::Total(column)) => {
                    by_column.push(stated(service, "", &[in_column(column)]));
                }
                (MatrixSide::Body(body), MatrixSide::Total(column)) => {
                    by_column.push(stated("", body, &[in_column(column)]));
                }
                (MatrixSide::Nothing, _)
                | (_, MatrixSide::Nothing)
                | (MatrixSide::Body(_), MatrixSide::Body(_))
                | (MatrixSide::Service(_), MatrixSide::Service(_)) => {}
            }
        }
    }
    let stated = by_column.into_iter().chain(by_row).chain(whole).collect();
    (found, stated)
}

/// Whether more headings are services than bodies.
fn columns_are_services(subject: &SheetSubject<'_>, headings: &[FigureHeading]) -> bool {
    let parties = subject.names.map_or(&[][..], |names| &names.parties);
    let count = |things: &[matching::NamedThing]| {
        headings
            .iter()
            .filter(|heading| matching::find(things, &heading.text).is_ok())
            .count()
    };
    count(subject.services()) >= count(parties)
}

fn side(
    reader: &SheetReader<'_>,
    subject: &SheetSubject<'_>,
    place: CellPlace,
    label: &str,
    is_service: bool,
) -> MatrixSide {
    if total_of(label) == Some(TotalOf::Whole) {
        return MatrixSide::Total(on_one_line(label));
    }
    if is_service {
        let service = reader.find(place, label, subject.services(), "service");
        return service.map_or(MatrixSide::Nothing, |service| {
            MatrixSide::Service(service.id.clone())
        });
    }
    let parties = subject.names.map_or(&[][..], |names| &names.parties);
    let bodies = match matching::find(parties, label) {
        Err(matching::MatchFault::None(_)) => &reader.directory.bodies,
        Ok(_) | Err(matching::MatchFault::Several(_)) => parties,
    };
    let body = reader.find(place, label, bodies, "body");
    body.map_or(MatrixSide::Nothing, |body| {
        MatrixSide::Body(body.id.clone())
    })
}

/// The side that the label of a row names; `None` for a row that is left out.
fn row_side(
    reader: &SheetReader<'_>,
    subject: &SheetSubject<'_>,
    (row, label_column): CellPlace,
    is_service: bool,
) -> Option<MatrixSide> {
    let mut cells = reader.sheet.row(row);
    let (column, first) = cells.next()?;
    let place = (row, column);
    let has_amounts = cells.next().is_some();
    if !has_amounts {
        reader.remark(place, "a line without amounts is left out");
        return None;
    }
    if is_share_row(reader, row) {
        reader.remark(
            place,
            "a line of shares is left out: record shares on a sheet of their own",
        );
        return None;
    }
    if label_column != column {
        reader.fault(
            place,
            "this row has amounts and no label: write whose they are",
        );
        return None;
    }
    let label = reader.kept(place, cell_text(first))?;
    Some(side(reader, subject, place, &label, is_service))
}
