//! The line of the budget that a virement takes from: heads that share one share its running
//! total.

use std::collections::BTreeMap;

use crate::budget::YearBudget;
use crate::budget::balance::Holder;
use crate::date::FinancialYear;
use crate::dossier::{Dossier, MadeVirement};
use crate::event::{Head, Place};
use crate::fact::EffectiveOrder;

/// The lines of a year.
pub(super) struct BudgetLines<'a> {
    dossier: &'a Dossier,
    year: FinancialYear,
    budgets: Vec<YearBudget<'a>>,
    /// Of every head that a virement of the year takes from: few heads, and many virements.
    lines: BTreeMap<Head, Holder>,
}

impl<'a> BudgetLines<'a> {
    pub fn of(dossier: &'a Dossier, year: FinancialYear) -> Self {
        let ids = dossier.budgets.keys().filter(|(_, of)| *of == year);
        let budgets = ids.map(|(id, _)| YearBudget::of(dossier, id.as_ref(), year));
        let mut budgets: Vec<YearBudget<'a>> = budgets.collect();
        if budgets.is_empty() {
            // The names of heads are known all the same.
            budgets.push(YearBudget::of(dossier, None, year));
        }
        let mut all = Self {
            dossier,
            year,
            budgets,
            lines: BTreeMap::new(),
        };
        for (_, made) in all.virements() {
            for head in made.made.virement.heads_from() {
                if !all.lines.contains_key(head) {
                    let line = all.line_of(head);
                    all.lines.insert(head.clone(), line);
                }
            }
        }
        all
    }

    /// The line from which the money of a head comes. A service that the budget does not
    /// divide is one line, whichever of its heads is named.
    pub fn line(&self, head: &Head) -> Holder {
        let known = self.lines.get(head).cloned();
        known.unwrap_or_else(|| self.line_of(head))
    }

    fn line_of(&self, head: &Head) -> Holder {
        let own = || Holder::Row(self.budgets[0].heads.canonical(head));
        let mut holders = self
            .budgets
            .iter()
            .filter_map(|budget| budget.holder(head, EffectiveOrder::LAST));
        match holders.next() {
            None => own(),
            // No line divides the total: all of its heads are one.
            Some(Holder::Undivided(_) | Holder::Whole) => Holder::Whole,
            Some(Holder::Row(row)) => match (&row.service, &row.head) {
                (Some(service), None) => Holder::Service(service.clone(), row.fund),
                _ => Holder::Row(row),
            },
            Some(other) => other,
        }
    }

    /// The virements of the year, in order.
    pub fn virements(
        &self,
    ) -> impl Iterator<Item = (&'a EffectiveOrder, &'a MadeVirement)> + use<'a> {
        let dossier = self.dossier;
        let ids = dossier.virements_by_year.get(&self.year).into_iter();
        let ids = ids.flat_map(|ids| ids.iter());
        ids.filter_map(|(order, id)| Some((order, dossier.virements.get(id)?)))
    }

    /// Whether a virement takes from a line.
    pub fn takes_from(&self, made: &MadeVirement, line: &Holder) -> bool {
        let mut heads = made.made.virement.heads_from();
        heads.any(|head| self.line(head) == *line)
    }

    /// Whether a place is within a line.
    pub fn is_in(&self, place: &Place, line: &Holder) -> bool {
        matches!(place, Place::Head(head) if self.line(head) == *line)
    }
}
