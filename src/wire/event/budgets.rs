//! Reading and summaries for events about budgets.

use crate::enum_label::EnumLabel;
use crate::event::budget_lines::LINES_MAX;
use crate::fields::{
    choice, id, message, name, names, optional_choice, optional_id, optional_name, optional_year,
    reads, some_list, text, year,
};
use crate::proto;
use crate::summary::{Summary, counted, optional_phrase};
use crate::violation::{MessageReader, MessageSource};
use minutebook_domain::date::FinancialYear;
use minutebook_domain::event::{
    AdjustmentKind, BudgetAdjusted, BudgetApproved, BudgetHeadDefined, Figures, ForecastReported,
    OutturnReported,
};
use minutebook_domain::money::Pence;

reads! {
    BudgetApproved {
        figures: message(figures),
        budget: optional_id(budget_id),
        title: optional_name(title),
    } => check_budget
    ForecastReported {
        figures: message(figures),
        basis: optional_name(basis),
        budget: optional_id(budget_id),
    }
    OutturnReported {
        figures: message(figures),
        status: optional_choice(status),
        budget: optional_id(budget_id),
    } => check_outturn
    BudgetAdjusted {
        id: id(adjustment_id),
        year: year(financial_year),
        budget: optional_id(budget_id),
        kind: choice(kind),
        lines: some_list(lines, LINES_MAX),
        reserve: optional_name(reserve),
        grant: optional_id(grant_id),
        to_year: optional_year(to_year),
        reason: text(reason),
    } => check_adjustment
    BudgetHeadDefined {
        id: id(head_id),
        name: name(name),
        other_names: names(other_names),
        parent: optional_id(parent_id),
        analysis: optional_choice(analysis),
    } => check_parent
}

fn check_budget(r: &mut MessageReader, m: &proto::BudgetApproved) {
    require_whole_year(r, m.figures.as_ref(), "a budget is");
}

fn check_outturn(r: &mut MessageReader, m: &proto::OutturnReported) {
    require_whole_year(r, m.figures.as_ref(), "an outturn is");
}

/// Requires that figures are those of the whole year.
fn require_whole_year(r: &mut MessageReader, figures: Option<&proto::Figures>, whose: &str) {
    if figures.is_some_and(|figures| figures.amount_basis != 0) {
        r.fault_in(
            "figures.amount_basis",
            format!(
                "{whose} for the whole year: leave it out; what is spent or committed so far is \
                 recorded as forecast_reported"
            ),
        );
    }
}

fn check_adjustment(r: &mut MessageReader, m: &proto::BudgetAdjusted) {
    let total: i128 = m
        .lines
        .iter()
        .map(|line| i128::from(line.amount_pence))
        .sum();
    let is_wrong = match m.kind() {
        proto::AdjustmentKind::FromReserve | proto::AdjustmentKind::Grant => total < 0,
        proto::AdjustmentKind::ToReserve | proto::AdjustmentKind::Slippage => total > 0,
        _ => false,
    };
    if is_wrong {
        r.fault_in(
            "lines",
            "what comes from a reserve or a grant adds to the budget, and what goes to a reserve \
             or slips takes from it (amounts below 0): correct the signs, or kind",
        );
    }
    let is_slippage = m.kind() == proto::AdjustmentKind::Slippage;
    let is_request = matches!(r.source, MessageSource::Request);
    let is_capital = |line: &proto::BudgetLine| line.fund() == proto::FundType::Capital;
    if is_request && is_slippage && !m.lines.iter().all(is_capital) {
        r.fault_in(
            "lines",
            "only capital slips to a later year: give each line FUND_TYPE_CAPITAL, or, for revenue, \
             record underspend_disposed (carried forward) and ADJUSTMENT_KIND_BROUGHT_FORWARD in the \
             year that it goes to",
        );
    }
    if is_slippage == m.to_year.is_empty() {
        r.fault_in(
            "to_year",
            if is_slippage {
                "required for slippage: give the later year that the money goes to"
            } else {
                "only slippage goes to another year: leave it out, or give ADJUSTMENT_KIND_SLIPPAGE"
            },
        );
    } else if is_slippage && !is_later(&m.to_year, &m.financial_year) {
        r.fault_in(
            "to_year",
            format!(
                "capital slips to a later year than {}: give that",
                m.financial_year
            ),
        );
    }
    if !m.grant_id.is_empty() && m.kind() != proto::AdjustmentKind::Grant {
        r.fault_in(
            "grant_id",
            "only a grant names one: leave it out, or give ADJUSTMENT_KIND_GRANT",
        );
    }
}

/// Whether a year begins after another; also where one of them is none, which is a fault of
/// its own.
fn is_later(year: &str, than: &str) -> bool {
    let first_day = |year: &str| year.parse().map(FinancialYear::first_day);
    match (first_day(year), first_day(than)) {
        (Ok(year), Ok(than)) => year > than,
        _ => true,
    }
}

fn check_parent(r: &mut MessageReader, m: &proto::BudgetHeadDefined) {
    if !m.head_id.is_empty() && m.head_id == m.parent_id {
        r.fault_in(
            "parent_id",
            "a head is not part of itself: name the one above, or leave it out",
        );
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

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

impl Summary for BudgetAdjusted {
    fn line(&self) -> String {
        let total: Pence = self.lines.iter().map(|line| line.amount).sum();
        let which = optional_phrase(self.budget.as_ref(), "of");
        let to = optional_phrase(self.to_year.as_ref(), "to");
        let kind = proto::AdjustmentKind::from(self.kind).label();
        let reserve = match self.kind {
            AdjustmentKind::FromReserve | AdjustmentKind::ToReserve => {
                optional_phrase(self.reserve.as_ref(), "of the reserve")
            }
            _ => String::new(),
        };
        format!(
            "budget {}{which} changed ({}), {kind}{reserve}{to}: {total}, {}",
            self.year,
            self.id,
            counted(self.lines.len(), "line", "lines")
        )
    }
}

impl Summary for BudgetHeadDefined {
    fn line(&self) -> String {
        let parent = optional_phrase(self.parent.as_ref(), "part of");
        format!("head {} of budgets defined{parent}: {}", self.id, self.name)
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
