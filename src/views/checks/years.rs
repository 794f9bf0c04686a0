//! Checks of days: outturns that are missing, reports that are old, virements that came after
//! their year.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Subject, budget_id, of_budget};
use minutebook_domain::date::FinancialYear;
use minutebook_domain::dossier::is_outturn;
use minutebook_domain::event::{FundType, Place, Virement, VirementMade, VirementSide};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::BudgetId;
use minutebook_domain::money::Pence;
use minutebook_wire::proto::{CheckKind, CheckView};
use minutebook_wire::reply;

/// The months after which a report on the running year is old.
const QUARTER: i32 = 3;

impl Subject<'_> {
    pub(super) fn years(&self, months: u32) -> Vec<CheckView> {
        let today = self.register_view.as_at();
        let mut checks = Vec::new();
        for (id, year) in self.dossier.budgets.keys() {
            let due = after(year.last_day(), i32::try_from(months).unwrap_or(i32::MAX));
            checks.extend(if due.is_some_and(|due| due < today) {
                self.outturn(id.as_ref(), *year, months)
            } else if year.contains(today) {
                self.report(id.as_ref(), *year)
            } else {
                None
            });
        }
        checks
    }

    fn outturn(
        &self,
        id: Option<&BudgetId>,
        year: FinancialYear,
        months: u32,
    ) -> Option<CheckView> {
        if self.dossier.outturns_of(id, year).any(is_outturn) {
            return None;
        }
        let due = after(year.last_day(), i32::try_from(months).unwrap_or(i32::MAX))?;
        let what = format!(
            "no outturn{} of {year} is on record; it was due by {due}",
            of_budget(id)
        );
        Some(CheckView {
            budget_id: budget_id(id),
            since_on: Some(reply::day(due)),
            ..self.line(CheckKind::OutturnMissing, year, what)
        })
    }

    /// The running year, where nothing was reported of it for a quarter.
    fn report(&self, id: Option<&BudgetId>, year: FinancialYear) -> Option<CheckView> {
        // An outturn before the year is over is a forecast; one that counts ends the reports.
        let mut outturns = self.dossier.outturns_of(id, year);
        if outturns.any(is_outturn) {
            return None;
        }
        let last = self.dossier.forecasts_of(id, year).next_back();
        let last = last.map(|fact| (fact.on(), fact.position()));
        let early = self.dossier.outturns_of(id, year).next_back();
        let early = early.map(|fact| (fact.on(), fact.position()));
        let last = last.max(early);
        let begun = || self.begun(id, year);
        let since = last.map_or_else(begun, |(on, _)| on.last_day());
        let due = after(since, QUARTER)?;
        if due >= self.register_view.as_at() {
            return None;
        }
        let of = of_budget(id);
        let what = match last {
            Some((on, _)) => format!("the last report{of} on {year} is of {on}"),
            None => format!("nothing was reported{of} of {year} since it began"),
        };
        Some(CheckView {
            budget_id: budget_id(id),
            since_on: Some(reply::day(due)),
            positions: last.iter().map(|(_, position)| position.get()).collect(),
            ..self.line(CheckKind::ForecastOld, year, what)
        })
    }

    /// The first day of a year; of the life of a scheme, the day of its first budget.
    fn begun(&self, id: Option<&BudgetId>, year: FinancialYear) -> Date {
        let key = (id.cloned(), year);
        let first = self
            .dossier
            .budgets
            .get(&key)
            .and_then(|set| set.iter().next());
        match first {
            Some(first) if year == FinancialYear::ALL => first.day(),
            _ => year.first_day(),
        }
    }

    pub(super) fn late_virements(&self) -> Vec<CheckView> {
        let made = self.dossier.virements.values();
        let late = made.filter(|made| {
            let year = made.made.virement.year;
            made.made.day() > year.last_day() && made.reversed.latest().is_none()
        });
        let checks = late.map(|made| {
            let fact = &made.made;
            let year = fact.virement.year;
            let what = format!(
                "virement {} of {year} was made on {}, after the year had ended",
                fact.id,
                fact.on()
            );
            self.virement(CheckKind::VirementAfterYear, fact, what)
        });
        checks.collect()
    }

    /// Virements from capital to revenue, which capital money does not pay for unless a rule
    /// of law lets it.
    pub(super) fn capital_to_revenue(&self) -> Vec<CheckView> {
        let is_of = |side: &VirementSide, fund| matches!(&side.place, Place::Head(head) if head.fund == fund);
        let made = self.dossier.virements.values();
        let made = made.filter(|made| {
            let virement = &made.made.virement;
            let from_capital = virement
                .sources
                .iter()
                .any(|side| is_of(side, FundType::Capital));
            let to_revenue = virement
                .targets
                .iter()
                .any(|side| is_of(side, FundType::Revenue));
            from_capital && to_revenue && made.reversed.latest().is_none()
        });
        let checks = made.map(|made| {
            let fact = &made.made;
            let year = fact.virement.year;
            let what = format!("virement {} of {year} moved capital to revenue", fact.id);
            CheckView {
                amount_pence: capital_lost(&fact.virement).map(reply::pence),
                ..self.virement(CheckKind::CapitalToRevenue, fact, what)
            }
        });
        checks.collect()
    }

    fn virement(&self, kind: CheckKind, made: &Fact<VirementMade>, what: String) -> CheckView {
        CheckView {
            amount_pence: made.virement.amount().map(reply::pence),
            since_on: Some(reply::date(made.on())),
            positions: vec![made.position().get()],
            ..self.line(kind, made.virement.year, what)
        }
    }
}

/// The capital that a virement takes, less the capital that it gives; `None` where a part of
/// it is not stated.
fn capital_lost(virement: &Virement) -> Option<Pence> {
    let capital = |sides: &[VirementSide]| -> Option<Pence> {
        let of_capital = sides.iter().filter(
            |side| matches!(&side.place, Place::Head(head) if head.fund == FundType::Capital),
        );
        of_capital.map(|side| side.amount).sum()
    };
    Some(capital(&virement.sources)? - capital(&virement.targets)?)
}

fn after(day: Date, months: i32) -> Option<Date> {
    day.checked_add(months.months()).ok()
}
