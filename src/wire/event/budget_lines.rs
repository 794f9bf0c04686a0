//! Reading of the figures of a year: lines, contributions, printed totals and variances.

use crate::fields::{
    FromWire, choice, choice_or, date, id, ids, list, natural_pence, no_repeats, optional,
    optional_choice, optional_id, optional_name, optional_pence, pence, reads, remark, year,
};
use crate::proto;
use crate::violation::MessageReader;
use minutebook_domain::event::{
    BudgetLine, Contribution, FundType, Head, LineScope, LineType, Scope, StatedTotal,
    StatedVariance,
};
use minutebook_domain::ids::{BodyId, ServiceId, SubjectId};
use minutebook_domain::money::Pence;
use minutebook_domain::text::Name;

/// The most cost lines of a year's figures.
pub(crate) const LINES_MAX: usize = 1_000;
/// The most contributions of a year's figures.
pub(crate) const CONTRIBUTIONS_MAX: usize = 2_000;
/// The most printed totals of a year's figures.
pub(crate) const STATED_MAX: usize = 500;

reads! {
    Figures {
        year: year(financial_year),
        lines: list(lines, LINES_MAX),
        contributions: contributions(contributions),
        stated: list(stated, STATED_MAX),
        printed_unit: optional_pence(printed_unit_pence),
        amount_basis: optional_choice(amount_basis),
        up_to: date(up_to_on),
        variances: list(variances, STATED_MAX),
        covers: optional(covers),
    } => check_basis
    Coverage {
        services: ids(service_ids),
        bodies: ids(body_ids),
        fund: optional_choice(fund),
        kind: optional_choice(line_type),
    }
    Contribution {
        service: id(service_id),
        body: id(body_id),
        amount: contributed(amount_pence),
    }
}

/// An amount that a body pays. A variance below zero has a place of its own.
fn contributed(r: &mut MessageReader, field: &str, v: &i64) -> Option<Pence> {
    if *v < 0 {
        r.fault_in(
            field,
            format!(
                "a contribution must not be negative; {v} is: give 0 or more; an underspend of a \
                 body is a variance: record it in variances, with its sign"
            ),
        );
        return None;
    }
    natural_pence(r, field, v)
}

fn contributions(
    r: &mut MessageReader,
    field: &str,
    v: &[proto::Contribution],
) -> Option<Vec<Contribution>> {
    if !v.is_empty() && !matches!(r.event.subject, Some(SubjectId::Collaboration(_)) | None) {
        r.fault_in(
            field,
            "parties contribute to a collaboration: leave these out, or record the figures on \
             collaborations/ID",
        );
    }
    let read = list(r, field, v, CONTRIBUTIONS_MAX);
    no_repeats(
        r,
        field,
        read,
        |c: &Contribution| (c.service.clone(), c.body.clone()),
        "a contribution of this body for this service",
    )
}

fn head(
    r: &mut MessageReader,
    service_id: &str,
    head: &str,
    fund: i32,
    is_income: bool,
) -> Option<Head> {
    let service = optional_id(r, "service_id", service_id);
    let name = optional_name(r, "head", head);
    let fund = choice_or(r, "fund", &fund, FundType::Revenue);
    let (service, head) = (service?, name?);
    if service.is_none() && head.is_none() {
        r.fault_in(
            "head",
            "a line is a service, a head, or both: give one of them",
        );
        return None;
    }
    Some(Head {
        service,
        head,
        fund: fund?,
        is_income,
    })
}

impl FromWire for BudgetLine {
    type Wire = proto::BudgetLine;

    fn read(r: &mut MessageReader, m: &proto::BudgetLine) -> Option<Self> {
        let head = head(r, &m.service_id, &m.head, m.fund, m.is_income);
        let amount = pence(r, "amount_pence", &m.amount_pence);
        Some(Self {
            head: head?,
            amount: amount?,
        })
    }
}

impl FromWire for Head {
    type Wire = proto::BudgetHead;

    fn read(r: &mut MessageReader, m: &proto::BudgetHead) -> Option<Self> {
        head(r, &m.service_id, &m.head, m.fund, m.is_income)
    }
}

impl FromWire for StatedTotal {
    type Wire = proto::StatedTotal;

    fn read(r: &mut MessageReader, m: &proto::StatedTotal) -> Option<Self> {
        let service = optional_id(r, "service_id", &m.service_id);
        let body = optional_id(r, "body_id", &m.body_id);
        let amount = pence(r, "amount_pence", &m.amount_pence);
        let place = remark(r, "place", &m.place);
        let amount_is = optional_choice(r, "amount_is", &m.amount_is);
        if m.amount_is() == proto::AmountIs::NotGiven {
            r.fault_in(
                "amount_is",
                "a total that is not printed is no printed total: leave it out",
            );
        }
        let lines = lines(r, &m.head, m.fund, m.line_type);
        Some(Self {
            scope: scope(r, service?, body?, lines?)?,
            amount: amount?,
            place: place?,
            amount_is: amount_is?,
        })
    }
}

impl FromWire for StatedVariance {
    type Wire = proto::StatedVariance;

    fn read(r: &mut MessageReader, m: &proto::StatedVariance) -> Option<Self> {
        let service = optional_id(r, "service_id", &m.service_id);
        let body = optional_id(r, "body_id", &m.body_id);
        let lines = lines(r, &m.head, m.fund, m.line_type);
        let amount = pence(r, "amount_pence", &m.amount_pence);
        let sign = choice(r, "sign", &m.sign);
        let place = remark(r, "place", &m.place);
        let amount_is = optional_choice(r, "amount_is", &m.amount_is);
        if m.amount_is() == proto::AmountIs::NotGiven {
            r.fault_in(
                "amount_is",
                "a variance that is not printed is no printed variance: leave it out",
            );
        }
        Some(Self {
            scope: scope(r, service?, body?, lines?)?,
            amount: amount?,
            sign: sign?,
            share_ppm: (m.share_ppm != 0).then_some(m.share_ppm),
            place: place?,
            amount_is: amount_is?,
        })
    }
}

/// The part of the lines that a printed figure is about, without its service.
type Lines = (Option<Name>, Option<FundType>, Option<LineType>);

fn lines(r: &mut MessageReader, head: &str, fund: i32, kind: i32) -> Option<Lines> {
    let head = optional_name(r, "head", head);
    let fund = optional_choice(r, "fund", &fund);
    let kind = optional_choice(r, "line_type", &kind);
    Some((head?, fund?, kind?))
}

fn scope(
    r: &mut MessageReader,
    service: Option<ServiceId>,
    body: Option<BodyId>,
    (head, fund, kind): Lines,
) -> Option<Scope> {
    let is_of_lines = head.is_some() || fund.is_some() || kind.is_some();
    Some(match (body, service) {
        (Some(_), _) if is_of_lines => {
            r.fault_in(
                "body_id",
                "lines are not divided by the body that pays: leave it out, or head, fund and \
                 line_type",
            );
            return None;
        }
        (None, service) if is_of_lines => Scope::Lines(LineScope {
            service,
            head,
            fund,
            kind,
        }),
        (Some(body), Some(service)) => Scope::Cell(body, service),
        (Some(body), None) => Scope::Body(body),
        (None, Some(service)) => Scope::Service(service),
        (None, None) => Scope::Whole,
    })
}

/// Requires that income is below zero, and that a part of a year is said only where
/// something so far is reported.
fn check_basis(r: &mut MessageReader, m: &proto::Figures) {
    let above_zero = |line: &proto::BudgetLine| line.is_income && line.amount_pence > 0;
    if let Some(i) = m.lines.iter().position(above_zero) {
        r.fault_in(
            &format!("lines[{i}].amount_pence"),
            "income takes off the cost: give it below 0, or leave is_income out",
        );
    }
    if m.up_to_on.is_some() && m.amount_basis == 0 {
        r.fault_in(
            "up_to_on",
            "only amounts so far go up to a day: say in amount_basis which they are, or leave it \
             out",
        );
    }
}
