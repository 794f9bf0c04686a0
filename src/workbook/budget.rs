//! Budgets: services and heads by year, as papers print them, or the lines of one year.

use std::collections::BTreeMap;

use minutebook_domain::date::FinancialYear;
use minutebook_wire::proto::{BudgetLine, Figures, FundType, LineType, StatedTotal, event};

use crate::amount::{MoneyUnit, Stated, amount};
use crate::contributions::{draft, printed_unit};
use crate::day::financial_year;
use crate::figures_draft::FiguresDraft;
use crate::figures_table::{FigureHeading, FiguresTable, TotalOf, is_share_row, total_of};
use crate::grid::{CellPlace, on_one_line};
use crate::matching::{self, is_same_name};
use crate::sheet_field::SheetField;
use crate::sheet_reader::{SheetReader, SheetRow, SheetSubject, cell_text, is_dash};

/// The columns beside those of amounts.
pub const LABELS: &[SheetField] = &[
    SheetField::Service,
    SheetField::Head,
    SheetField::Fund,
    SheetField::IncomeOrCost,
];

/// Fields that a row below the headings may give for each year.
const OF_A_YEAR: &[SheetField] = &[
    SheetField::InForceFrom,
    SheetField::DecidedOn,
    SheetField::Title,
    SheetField::BudgetId,
    SheetField::Source,
    SheetField::Place,
    SheetField::Link,
    SheetField::Note,
];

pub const FUNDS: &[(&[&str], FundType)] = &[
    (&["revenue"], FundType::Revenue),
    (&["capital"], FundType::Capital),
];

const LINE_TYPES: &[(&[&str], LineType)] = &[
    (&["expenditure", "cost", "spending"], LineType::Expenditure),
    (&["income"], LineType::Income),
];

/// A column of amounts.
struct YearColumn {
    heading: FigureHeading,
    year: FinancialYear,
    /// Its own fields, from rows below the headings.
    row: SheetRow,
    lines: Vec<BudgetLine>,
    stated: Vec<StatedTotal>,
}

/// The line or the total that the label of a row names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum RowLabel {
    Line {
        service_id: String,
        head: String,
    },
    Total {
        service_id: String,
        line_type: LineType,
    },
}

pub fn read(reader: &SheetReader<'_>) -> Vec<FiguresDraft> {
    let header = SheetRow::default();
    let Some(subject) = reader.subject(&header) else {
        return Vec::new();
    };
    let Some(table) = FiguresTable::of(reader) else {
        return Vec::new();
    };
    let (labels, mut years) = columns(reader, &table);
    let unit = reader.unit().or_else(|| table.printed_unit());
    for row in &table.rows {
        if !is_of_a_year(reader, *row, &mut years) {
            add_row(reader, &subject, *row, &labels, &mut years, unit);
        }
    }
    let several = years.len() > 1;
    years
        .into_iter()
        .filter_map(|year| finished(reader, &subject, year, unit, several))
        .collect()
}

fn finished(
    reader: &SheetReader<'_>,
    subject: &SheetSubject<'_>,
    mut year: YearColumn,
    unit: Option<MoneyUnit>,
    several: bool,
) -> Option<FiguresDraft> {
    if year.lines.is_empty() && year.stated.is_empty() {
        if !reader.has_faults() {
            reader.fault(year.heading.place, "this column has no amount: delete it");
        }
        return None;
    }
    let unit = year.heading.unit.or(unit);
    let page = reader
        .line(&year.row, SheetField::Place)
        .unwrap_or_default();
    for total in &mut year.stated {
        total.place.clone_from(&page);
    }
    let amounts = year.lines.iter().map(|line| line.amount_pence);
    let figures = Figures {
        financial_year: year.year.to_string(),
        printed_unit_pence: printed_unit(unit, amounts),
        lines: year.lines,
        stated: year.stated,
        ..Figures::default()
    };
    let has_own_title = year.row.cells.contains_key(&SheetField::Title);
    let mut draft = draft(reader, &year.row, subject, figures);
    draft.cell = reader.sheet.cell_name(year.heading.place);
    if let Some(event::Kind::BudgetApproved(approved)) = &mut draft.event.kind
        && several
        && !has_own_title
        && !approved.title.is_empty()
    {
        approved.title = format!("{} {}", approved.title, year.year);
    }
    Some(draft)
}

/// The columns of labels, and those of amounts.
fn columns(
    reader: &SheetReader<'_>,
    table: &FiguresTable,
) -> (BTreeMap<SheetField, u32>, Vec<YearColumn>) {
    let header = SheetRow::default();
    let mut labels = BTreeMap::new();
    let mut years: Vec<YearColumn> = Vec::new();
    for (index, heading) in table.headings.iter().enumerate() {
        let column = heading.place.1;
        let field = SheetField::labelled(&heading.text);
        if let Some(field) = field.filter(|field| LABELS.contains(field)) {
            labels.insert(field, column);
            continue;
        }
        let year = financial_year(&heading.text);
        let year = match year {
            Ok(year) => year,
            // The labels of the rows, under a heading of the paper's own.
            Err(_) if index == 0 => {
                labels.insert(SheetField::Service, column);
                continue;
            }
            Err(_) if total_of(&heading.text).is_some() => {
                reader.remark(heading.place, "a column that totals others is left out");
                continue;
            }
            Err(_) if is_amount_heading(heading) => match reader.year(&header) {
                Some(year) => year,
                None => continue,
            },
            Err(_) => {
                reader.fault(
                    heading.place,
                    format!(
                        "\"{}\" heads neither a label nor a year: write a year such as 2024/25, or \
                         \"Amount\" with the line \"Financial year\" at the top, or delete the column",
                        heading.text
                    ),
                );
                continue;
            }
        };
        if years.iter().any(|other| other.year == year) {
            reader.fault(heading.place, format!("there are two columns for {year}"));
            continue;
        }
        years.push(YearColumn {
            heading: heading.clone(),
            year,
            row: SheetRow {
                at: heading.place,
                ..SheetRow::default()
            },
            lines: Vec::new(),
            stated: Vec::new(),
        });
    }
    if years.is_empty() && !reader.has_faults() {
        let at = (reader.layout.headings.unwrap_or(0), 0);
        reader.fault(
            at,
            "no column has amounts: head one with a year such as 2024/25, or \"Amount\"",
        );
    }
    (labels, years)
}

fn is_amount_heading(heading: &FigureHeading) -> bool {
    let text = heading.text.to_lowercase();
    matches!(
        text.as_str(),
        "amount" | "budget" | "original" | "original budget" | ""
    ) || MoneyUnit::read(&text).is_some()
}

/// Takes a row that gives a field of each year, such as the day from which it holds.
fn is_of_a_year(reader: &SheetReader<'_>, row: u32, years: &mut [YearColumn]) -> bool {
    let Some((_, cell)) = reader.sheet.row(row).next() else {
        return false;
    };
    let label = cell_text(cell).unwrap_or_default();
    let Some(field) = SheetField::labelled(&label).filter(|field| OF_A_YEAR.contains(field)) else {
        return false;
    };
    for year in years {
        let place = (row, year.heading.place.1);
        if reader.sheet.get(place).is_some() {
            year.row.cells.insert(field, place);
        }
    }
    true
}

fn add_row(
    reader: &SheetReader<'_>,
    subject: &SheetSubject<'_>,
    number: u32,
    labels: &BTreeMap<SheetField, u32>,
    years: &mut [YearColumn],
    unit: Option<MoneyUnit>,
) {
    let Some((first, _)) = reader.sheet.row(number).next() else {
        return;
    };
    let at = (number, first);
    let has_amounts = years
        .iter()
        .any(|year| reader.sheet.get((number, year.heading.place.1)).is_some());
    if !has_amounts {
        reader.remark(at, "a line without amounts is left out");
        return;
    }
    if is_share_row(reader, number) {
        reader.remark(at, "a line of shares is left out");
        return;
    }
    let cells = labels
        .iter()
        .map(|(field, column)| (*field, (number, *column)))
        .collect();
    let row = SheetRow { at, cells };
    let Some(label) = row_label(reader, subject, &row) else {
        return;
    };
    let fund = reader
        .choice(&row, SheetField::Fund, FUNDS)
        .unwrap_or_default();
    let line_type = reader.choice(&row, SheetField::IncomeOrCost, LINE_TYPES);
    let is_income = line_type == Some(LineType::Income);
    for year in years {
        let place = (number, year.heading.place.1);
        let Some(cell) = reader.sheet.get(place) else {
            continue;
        };
        let unit = year.heading.unit.or(unit).unwrap_or(MoneyUnit::Pounds);
        let Some(Stated::Value(pence)) = reader.kept(place, amount(cell, unit)) else {
            continue;
        };
        match &label {
            RowLabel::Line { service_id, head } => {
                let amount_pence = if is_income { -pence.abs() } else { pence };
                let line = BudgetLine {
                    service_id: service_id.clone(),
                    head: head.clone(),
                    amount_pence,
                    fund: fund.into(),
                    is_income,
                };
                keep(reader, place, &mut year.lines, line);
            }
            RowLabel::Total {
                service_id,
                line_type,
            } => {
                let is_income = *line_type == LineType::Income;
                year.stated.push(StatedTotal {
                    service_id: service_id.clone(),
                    amount_pence: if is_income { -pence.abs() } else { pence },
                    fund: fund.into(),
                    line_type: (*line_type).into(),
                    ..StatedTotal::default()
                });
            }
        }
    }
}

fn keep(reader: &SheetReader<'_>, place: CellPlace, lines: &mut Vec<BudgetLine>, line: BudgetLine) {
    let is_twice = lines.iter().any(|other| {
        other.service_id == line.service_id
            && (other.head == line.head || is_same_name(&other.head, &line.head))
            && other.fund == line.fund
            && other.is_income == line.is_income
    });
    if is_twice {
        reader.fault(
            place,
            "this line is above already: add the amounts, or name their heads apart",
        );
    }
    lines.push(line);
}

/// The line or the total that the labels of a row name.
fn row_label(
    reader: &SheetReader<'_>,
    subject: &SheetSubject<'_>,
    row: &SheetRow,
) -> Option<RowLabel> {
    let label = |field: SheetField| {
        let (place, cell) = reader.cell(row, field)?;
        let text = on_one_line(&reader.kept(place, cell_text(cell))?);
        (!text.is_empty() && !is_dash(&text)).then_some((place, text))
    };
    let service = label(SheetField::Service);
    let head = label(SheetField::Head);
    let first = service.as_ref().or(head.as_ref());
    let Some((place, text)) = first else {
        reader.fault(
            row.at,
            "this row has amounts and no label: write a service or a head",
        );
        return None;
    };
    let is_service = |text: &str| matching::find(subject.services(), text).is_ok();
    if let Some(total) = total_of(text).filter(|_| !is_service(text)) {
        return total_label(reader, subject, *place, total);
    }
    match (service, head) {
        (Some((place, service)), Some((_, head))) => {
            let service = reader.find(place, &service, subject.services(), "service")?;
            Some(RowLabel::Line {
                service_id: service.id.clone(),
                head,
            })
        }
        (Some((place, text)), None) => service_or_head(reader, subject, place, &text),
        (None, Some((_, head))) => Some(RowLabel::Line {
            service_id: String::new(),
            head,
        }),
        (None, None) => None,
    }
}

fn total_label(
    reader: &SheetReader<'_>,
    subject: &SheetSubject<'_>,
    place: CellPlace,
    total: TotalOf,
) -> Option<RowLabel> {
    let whole = |line_type| RowLabel::Total {
        service_id: String::new(),
        line_type,
    };
    Some(match total {
        TotalOf::Whole => whole(LineType::Unspecified),
        TotalOf::Expenditure => whole(LineType::Expenditure),
        TotalOf::Income => whole(LineType::Income),
        TotalOf::Named(name) => RowLabel::Total {
            service_id: reader
                .find(place, &name, subject.services(), "service")?
                .id
                .clone(),
            line_type: LineType::Unspecified,
        },
    })
}

/// A label alone is a service or, if no service is called so, a head without one.
fn service_or_head(
    reader: &SheetReader<'_>,
    subject: &SheetSubject<'_>,
    place: CellPlace,
    text: &str,
) -> Option<RowLabel> {
    if let Ok(meant) = matching::find(subject.services(), text) {
        if !meant.is_exact {
            reader.remark(place, format!("\"{text}\" is read as {}", meant.thing.name));
        }
        let service_id = meant.thing.id.clone();
        return Some(RowLabel::Line {
            service_id,
            head: String::new(),
        });
    }
    if let Some(near) = matching::nearly(subject.services(), text) {
        reader.fault(
            place,
            format!(
                "\"{text}\" is nearly the service {}: write it so, or put the name into a column \
                 \"Head\" if it is a head without a service",
                near.name
            ),
        );
        return None;
    }
    let heads = subject.names.map_or(&[][..], |names| &names.heads);
    let is_known = heads
        .iter()
        .any(|head| head.service_id.is_empty() && is_same_name(&head.name, text));
    if !is_known {
        reader.remark(
            place,
            format!("\"{text}\" is no service, and is read as a head without one"),
        );
    }
    Some(RowLabel::Line {
        service_id: String::new(),
        head: text.to_owned(),
    })
}
