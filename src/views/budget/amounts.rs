//! The amounts of a part of a budget: by cause, beside what was spent and is expected.

use super::reports::{Reports, YearReport, last_of_head, last_of_lines};
use minutebook_domain::budget::{Amounts, Cause, Comparison, YearBudget};
use minutebook_domain::event::{AdjustmentKind, Head, LineScope};
use minutebook_domain::ids::{ItemId, Position};
use minutebook_domain::money::Pence;
use minutebook_wire::proto::BudgetAmounts;

/// The amounts of a part by the last reports that give all of it.
struct Reported {
    to_date: Option<Pence>,
    committed: Option<Pence>,
    forecast: Option<Pence>,
    outturn: Option<Pence>,
}

/// The reports of one list, and what they make together.
type List<'r, 'a> = (&'r [YearReport<'a>], Option<&'r Comparison>);

impl Reported {
    fn each(reports: &Reports<'_>, of: impl Fn(List<'_, '_>) -> Option<Pence>) -> Self {
        let together = &reports.together;
        Self {
            to_date: of((&reports.to_date, together.to_date.as_ref())),
            committed: of((&reports.committed, together.committed.as_ref())),
            forecast: of((&reports.forecasts, together.forecast.as_ref())),
            outturn: of((&reports.outturns, together.outturn.as_ref())),
        }
    }
}

pub(crate) fn of_head(
    budget: &YearBudget<'_>,
    reports: &Reports<'_>,
    head: &Head,
) -> BudgetAmounts {
    let none = Amounts::default();
    let amounts = budget.row(head).map_or(&none, |row| &row.amounts);
    let reported = Reported::each(reports, |(reports, _)| last_of_head(reports, head));
    let mut view = view(amounts, &reported, !head.is_income);
    if !budget.is_compared_alone(head) {
        (view.variance_pence, view.variance_ppm) = (None, None);
    }
    view
}

pub(super) fn of_lines(
    budget: &YearBudget<'_>,
    reports: &Reports<'_>,
    lines: &LineScope,
) -> BudgetAmounts {
    let amounts = budget.sum(|row| budget.heads.covers(lines, &row.head));
    let reported = Reported::each(reports, |list| last_of_lines(budget, list, lines));
    view(&amounts, &reported, false)
}

/// Of a defined head, with its parts.
pub(super) fn of_group(
    budget: &YearBudget<'_>,
    reports: &Reports<'_>,
    group: &ItemId,
) -> BudgetAmounts {
    let is_within = |head: &Head| budget.heads.is_within(head, group);
    let amounts = budget.sum(|row| is_within(&row.head));
    let reported = Reported::each(reports, |(reports, together)| {
        let together = together.and_then(|together| together.of_heads(budget, is_within));
        let last = || {
            let mut reports = reports.iter().rev();
            reports.find_map(|report| report.of_heads(is_within))
        };
        together.or_else(last)
    });
    view(&amounts, &reported, false)
}

pub(super) fn of_whole(budget: &YearBudget<'_>, reports: &Reports<'_>) -> BudgetAmounts {
    view(
        &budget.whole(),
        &Reported::each(reports, |(_, together)| {
            let together = together.filter(|together| together.is_whole);
            together?.total
        }),
        false,
    )
}

/// Of what no line divides; `None` where there is no such part.
pub(super) fn of_undivided(budget: &YearBudget<'_>) -> Option<BudgetAmounts> {
    let has_lines = !budget.rows.is_empty() && !budget.undivided.by_cause.is_empty();
    let nothing = Reported {
        to_date: None,
        committed: None,
        forecast: None,
        outturn: None,
    };
    has_lines.then(|| view(&budget.undivided, &nothing, false))
}

/// `is_head` where money can leave it: what is left of it is then its whole budget, unless
/// a report says what is spent.
fn view(amounts: &Amounts, reported: &Reported, is_head: bool) -> BudgetAmounts {
    let revised = amounts.revised();
    let of = |cause| amounts.of(cause).map(Pence::get);
    let adjusted = |kind| of(Cause::Adjusted(kind));
    let spent = reported.outturn.or(reported.forecast);
    let variance = spent.zip(revised).map(|(spent, revised)| spent - revised);
    let is_reported = reported.to_date.is_some() || reported.committed.is_some();
    let used = reported.to_date.unwrap_or_default() + reported.committed.unwrap_or_default();
    let left = revised.filter(|_| is_head || is_reported);
    BudgetAmounts {
        original_pence: of(Cause::Original),
        set_anew_pence: of(Cause::SetAnew),
        supplementary_pence: adjusted(AdjustmentKind::Supplementary),
        from_reserves_pence: adjusted(AdjustmentKind::FromReserve),
        to_reserves_pence: adjusted(AdjustmentKind::ToReserve),
        grants_pence: adjusted(AdjustmentKind::Grant),
        brought_forward_pence: adjusted(AdjustmentKind::BroughtForward),
        slipped_pence: adjusted(AdjustmentKind::Slippage),
        virements_in_pence: of(Cause::VirementIn),
        virements_out_pence: of(Cause::VirementOut),
        revised_pence: revised.map(Pence::get),
        to_date_pence: reported.to_date.map(Pence::get),
        committed_pence: reported.committed.map(Pence::get),
        forecast_pence: reported.forecast.map(Pence::get),
        outturn_pence: reported.outturn.map(Pence::get),
        variance_pence: variance.map(Pence::get),
        variance_ppm: variance
            .zip(revised)
            .and_then(|(variance, revised)| variance.signed_share_of(revised)),
        left_pence: left.map(|revised| (revised - used).get()),
        positions: amounts
            .positions
            .iter()
            .copied()
            .map(Position::get)
            .collect(),
    }
}
