//! Checks of heads, of what pays for a budget, and of formulas.

use super::{Subject, budget_id, of_budget};
use crate::budget::amounts;
use crate::budget::reports::{Reports, budget_head, in_words};
use crate::names;
use minutebook_domain::budget::balance::Holder;
use minutebook_domain::budget::{Cause, HeadRow, YearBudget};
use minutebook_domain::date::FinancialYear;
use minutebook_domain::event::{AdjustmentKind, SharesAre};
use minutebook_domain::fact::EffectiveOrder;
use minutebook_domain::ids::{BudgetId, Position};
use minutebook_domain::money::{Pence, Ppm};
use minutebook_wire::proto::{CheckKind, CheckView};

impl Subject<'_> {
    pub(super) fn budgets(&self) -> Vec<CheckView> {
        let mut checks = Vec::new();
        for (id, year, budget) in self.year_budgets() {
            let rows = budget.rows.iter();
            checks.extend(rows.filter_map(|row| self.head(id, year, &budget, row)));
            checks.extend(self.overspent(id, year, &budget));
            checks.extend(self.contributions(id, year, &budget));
            checks.extend(self.balance(id, year, &budget));
        }
        checks
    }

    /// A head that lost more than it had, or that no budget has.
    fn head(
        &self,
        id: Option<&BudgetId>,
        year: FinancialYear,
        budget: &YearBudget<'_>,
        row: &HeadRow,
    ) -> Option<CheckView> {
        let amount = row.amounts.revised()?;
        if row.head.is_income || amount >= Pence::ZERO {
            return None;
        }
        let name = in_words(self.register_view, self.id, &row.head);
        let of = of_budget(id);
        // A budget may have set it so: savings that are yet to be found.
        let is_set_so = || {
            let last = budget.movements.iter().rev();
            let mut own = last.filter(|movement| movement.head == row.head);
            own.next()
                .is_some_and(|last| matches!(last.cause, Cause::Original | Cause::SetAnew))
        };
        let (kind, amount, what) = match budget.holder(&row.head, EffectiveOrder::LAST) {
            None => (
                CheckKind::HeadNotBudgeted,
                amount,
                format!(
                    "{name}: {} left a head that no budget of {year}{of} has",
                    -amount
                ),
            ),
            Some(Holder::Row(_)) if is_set_so() => return None,
            Some(holder) => {
                let mut left = budget.sum(|row| budget.is_of(&row.head, &holder));
                if let Holder::Undivided(_) = holder {
                    left.merge(&budget.undivided);
                }
                let left = left.revised()?;
                if left >= Pence::ZERO {
                    return None;
                }
                let what = format!("{name}: overdrawn by {} in {year}{of}", -left);
                (CheckKind::HeadOverdrawn, left, what)
            }
        };
        Some(CheckView {
            budget_id: budget_id(id),
            head: Some(budget_head(&row.head)),
            service: row
                .head
                .service
                .as_ref()
                .map(|service| names::service(self.register_view, self.id, service)),
            amount_pence: Some(amount.get()),
            positions: row
                .amounts
                .positions
                .iter()
                .copied()
                .map(Position::get)
                .collect(),
            ..self.line(kind, year, what)
        })
    }

    /// Heads of which more is spent and committed than their budget, as far as reports say.
    fn overspent(
        &self,
        id: Option<&BudgetId>,
        year: FinancialYear,
        budget: &YearBudget<'_>,
    ) -> Vec<CheckView> {
        let mut forecasts = self.dossier.forecasts_of(id, year);
        if forecasts.all(|fact| fact.figures.amount_basis.is_none()) {
            return Vec::new();
        }
        let reports = Reports::of(self.dossier, id, year);
        let rows = budget.rows.iter();
        let rows = rows.filter(|row| row.is_budgeted && !row.head.is_income);
        let checks = rows.filter_map(|row| {
            let amounts = amounts::of_head(budget, &reports, &row.head);
            let is_used = amounts.to_date_pence.is_some() || amounts.committed_pence.is_some();
            let left = amounts.left_pence.filter(|left| is_used && *left < 0)?;
            let (used, over) = (row.amounts.revised()?, -Pence::computed(left));
            let currency = used.currency();
            let what = format!(
                "{}: {} more is spent and committed than its budget of {used}{}",
                in_words(self.register_view, self.id, &row.head),
                over.in_currency(currency),
                of_budget(id)
            );
            let positions = row.amounts.positions.iter().copied().map(Position::get);
            Some(CheckView {
                budget_id: budget_id(id),
                head: Some(budget_head(&row.head)),
                amount_pence: Some(left),
                positions: positions.collect(),
                ..self.line(CheckKind::HeadOverspent, year, what)
            })
        });
        checks.collect()
    }

    /// Contributions that do not meet the lines of the budget that prints both, with the
    /// grants of the year where these are stated.
    fn contributions(
        &self,
        id: Option<&BudgetId>,
        year: FinancialYear,
        budget: &YearBudget<'_>,
    ) -> Option<CheckView> {
        let set = budget.budget?;
        let figures = &set.figures;
        if figures.lines.is_empty() || figures.contributions.is_empty() {
            return None;
        }
        let cost: Pence = figures.lines.iter().map(|line| line.amount).sum();
        let paid: Pence = figures.contributions.iter().map(|paid| paid.amount).sum();
        let grants = self.dossier.grants.values();
        let grants = grants.filter(|grant| grant.year == Some(year));
        let grants: Pence = grants.filter_map(|grant| grant.amount).sum();
        if paid == cost || paid + grants == cost {
            return None;
        }
        let beside = match grants == Pence::ZERO {
            true => String::new(),
            false => format!(", and grants {grants}"),
        };
        let what = format!(
            "the contributions come to {paid}{beside}; the lines of the budget{} cost {cost}",
            of_budget(id)
        );
        Some(CheckView {
            budget_id: budget_id(id),
            amount_pence: Some((paid - cost).get()),
            positions: vec![set.position().get()],
            ..self.line(CheckKind::ContributionsDiffer, year, what)
        })
    }

    /// Supplementary estimates of a budget that its parties pay for, which nobody pays yet.
    fn balance(
        &self,
        id: Option<&BudgetId>,
        year: FinancialYear,
        budget: &YearBudget<'_>,
    ) -> Option<CheckView> {
        let set = budget.budget?;
        if set.figures.contributions.is_empty() {
            return None;
        }
        let added = budget
            .whole()
            .of(Cause::Adjusted(AdjustmentKind::Supplementary))?;
        if added <= Pence::ZERO {
            return None;
        }
        let what = format!(
            "supplementary estimates add {added} to the budget{}, and the contributions on record \
             are those of entry {}",
            of_budget(id),
            set.position().get()
        );
        let estimates = budget.movements.iter();
        let estimates = estimates
            .filter(|movement| movement.cause == Cause::Adjusted(AdjustmentKind::Supplementary));
        let mut positions: Vec<u64> = estimates.map(|one| one.position.get()).collect();
        positions.dedup();
        Some(CheckView {
            budget_id: budget_id(id),
            amount_pence: Some(added.get()),
            positions,
            ..self.line(CheckKind::BudgetNotBalanced, year, what)
        })
    }

    pub(super) fn formulas(&self) -> Vec<CheckView> {
        let latest = self.dossier.formulas.iter();
        let latest =
            latest.filter_map(|((service, year), set)| Some((service, *year, set.latest()?)));
        let checks = latest.filter_map(|(service, year, formula)| {
            if formula.shares.is_empty()
                || formula.shares_are == Some(SharesAre::Incomplete)
                || formula.total_ppm() == Ppm::WHOLE
            {
                return None;
            }
            let service = service
                .as_ref()
                .map(|service| names::service(self.register_view, self.id, service));
            let name = service
                .as_ref()
                .map_or("the whole", |service| &service.name);
            let what = format!(
                "the formula for {name} totals {} millionths, and not {}",
                formula.total_ppm(),
                Ppm::WHOLE
            );
            Some(CheckView {
                service: service.clone(),
                positions: vec![formula.position().get()],
                ..self.line(CheckKind::FormulaNotWhole, year, what)
            })
        });
        checks.collect()
    }
}
