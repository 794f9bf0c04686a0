//! Reading and summaries for events about money.

use crate::domain::event::{
    AmountIs, BudgetApproved, BudgetLine, Contribution, Figures, ForecastReported, FundType,
    FundingFormulaSet, GrantAwarded, Head, OutturnReported, Scope, Share, StatedTotal,
};
use crate::domain::ids::SubjectId;
use crate::domain::money::Pence;
use crate::wire::fields::{
    FromWire, ITEMS_MAX, choice_or, id, list, message, name, natural_pence, no_repeats,
    optional_choice, optional_id, optional_name, optional_pence, optional_year, pence, ppm, reads,
    remark, year,
};
use crate::wire::proto;
use crate::wire::summary::{Summary, counted, optional_phrase};
use crate::wire::violation::MessageReader;

/// The most cost lines of a year's figures.
pub(crate) const LINES_MAX: usize = 1_000;
/// The most contributions of a year's figures.
pub(crate) const CONTRIBUTIONS_MAX: usize = 2_000;
/// The most printed totals of a year's figures.
pub(crate) const STATED_MAX: usize = 500;

reads! {
    Share {
        body: id(body_id),
        share: ppm(share_ppm),
    }
    FundingFormulaSet {
        service: optional_id(service_id),
        year: year(financial_year),
        basis: name(basis),
        shares: shares(shares),
        shares_are: optional_choice(shares_are),
    }
    Figures {
        year: year(financial_year),
        lines: list(lines, LINES_MAX),
        contributions: contributions(contributions),
        stated: list(stated, STATED_MAX),
        printed_unit: optional_pence(printed_unit_pence),
    }
    Contribution {
        service: id(service_id),
        body: id(body_id),
        amount: natural_pence(amount_pence),
    }
    BudgetApproved {
        figures: message(figures),
        budget: optional_id(budget_id),
        title: optional_name(title),
    }
    ForecastReported {
        figures: message(figures),
        basis: optional_name(basis),
    }
    OutturnReported {
        figures: message(figures),
    }
    GrantAwarded {
        grant: id(grant_id),
        purpose: name(purpose),
        from: optional_id(from_id),
        to: optional_id(to_id),
        service: optional_id(service_id),
        amount: optional_pence(amount_pence),
        year: optional_year(financial_year),
        amount_is: optional_choice(amount_is),
    } => check_grant
}

/// At most one share a body. Whether they add up is judged by the domain.
pub(super) fn shares(r: &mut MessageReader, field: &str, v: &[proto::Share]) -> Option<Vec<Share>> {
    let shares = list(r, field, v, ITEMS_MAX);
    no_repeats(
        r,
        field,
        shares,
        |s: &Share| s.body.clone(),
        "a share for this body",
    )
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

fn head(r: &mut MessageReader, service_id: &str, head: &str, fund: i32) -> Option<Head> {
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
    })
}

impl FromWire for BudgetLine {
    type Wire = proto::BudgetLine;

    fn read(r: &mut MessageReader, m: &proto::BudgetLine) -> Option<Self> {
        let head = head(r, &m.service_id, &m.head, m.fund);
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
        head(r, &m.service_id, &m.head, m.fund)
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
        let scope = match (body?, service?) {
            (Some(body), Some(service)) => Scope::Cell(body, service),
            (Some(body), None) => Scope::Body(body),
            (None, Some(service)) => Scope::Service(service),
            (None, None) => Scope::Whole,
        };
        Some(Self {
            scope,
            amount: amount?,
            place: place?,
            amount_is: amount_is?,
        })
    }
}

fn check_grant(r: &mut MessageReader, m: &proto::GrantAwarded) {
    require_no_amount(r, m.amount_is(), m.amount_pence);
}

/// Requires that an amount which is not given is left out.
pub(super) fn require_no_amount(r: &mut MessageReader, amount_is: proto::AmountIs, pence: i64) {
    if amount_is == proto::AmountIs::NotGiven && pence != 0 {
        r.fault_in(
            "amount_is",
            "the amount is there: leave amount_is out, or say ABOUT, AT_LEAST or AT_MOST",
        );
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for FundingFormulaSet {
    fn line(&self) -> String {
        let shares: Vec<String> = self
            .shares
            .iter()
            .take(8)
            .map(|share| format!("{} {}", share.body, share.share))
            .collect();
        let more = match self.shares.len() {
            0..=8 => String::new(),
            number => format!(" and {} more", number - 8),
        };
        let service = optional_phrase(self.service.as_ref(), "for service");
        format!(
            "funding formula {}{service} set: {}{more}",
            self.year,
            shares.join(", ")
        )
    }
}

impl Summary for BudgetApproved {
    fn line(&self) -> String {
        let which = optional_phrase(self.budget.as_ref(), "of");
        figures(
            &format!("budget {}{which} approved", self.figures.year),
            &self.figures,
        )
    }
}

impl Summary for ForecastReported {
    fn line(&self) -> String {
        figures(&format!("forecast {}", self.figures.year), &self.figures)
    }
}

impl Summary for OutturnReported {
    fn line(&self) -> String {
        figures(&format!("outturn {}", self.figures.year), &self.figures)
    }
}

impl Summary for GrantAwarded {
    fn line(&self) -> String {
        let amount = known_amount(self.amount, self.amount_is);
        let from = optional_phrase(self.from.as_ref(), "from");
        let to = optional_phrase(self.to.as_ref(), "to");
        let year = optional_phrase(self.year.as_ref(), "for");
        format!(
            "grant {}{amount} awarded{from}{to}{year}: {}",
            self.grant, self.purpose
        )
    }
}

/// The totals of a year: of the lines and contributions where there are any, else
/// the number of printed totals.
fn figures(heading: &str, f: &Figures) -> String {
    let lines: Pence = f.lines.iter().map(|line| line.amount).sum();
    let contributions: Pence = f.contributions.iter().map(|c| c.amount).sum();
    let mut parts = Vec::new();
    if !f.lines.is_empty() {
        parts.push(format!(
            "{}, {lines}",
            counted(f.lines.len(), "line", "lines")
        ));
    }
    if !f.contributions.is_empty() {
        let number = counted(f.contributions.len(), "contribution", "contributions");
        parts.push(format!("{number}, {contributions}"));
    }
    if parts.is_empty() {
        parts.push(counted(f.stated.len(), "printed total", "printed totals"));
    }
    format!("{heading}: {}", parts.join("; "))
}

/// ` of at least £3`; empty if the amount is not given.
pub(super) fn known_amount(amount: Option<Pence>, amount_is: Option<AmountIs>) -> String {
    let how = match amount_is {
        None => "",
        Some(AmountIs::About) => "about ",
        Some(AmountIs::AtLeast) => "at least ",
        Some(AmountIs::AtMost) => "at most ",
        Some(AmountIs::NotGiven) => return String::new(),
    };
    amount
        .map(|amount| format!(" of {how}{amount}"))
        .unwrap_or_default()
}
