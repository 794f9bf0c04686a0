//! Rule 7 on heads: money leaves only a head that the budget of the year has, and no more
//! of it than the head has from that day on. So it does not matter in which order two
//! virements are recorded. What is acknowledged as a breach is kept, and listed.

use std::collections::BTreeSet;

use super::event_check::EventCheck;
use crate::budget::balance::Holder;
use crate::budget::{Cause, Movement, YearBudget};
use crate::date::FinancialYear;
use crate::dossier::{Dossier, MadeVirement};
use crate::event::{BudgetAdjusted, Head, Place, Virement, VirementSide};
use crate::fact::EffectiveOrder;
use crate::fault::Fault;
use crate::money::Pence;

/// The most heads of the budget that a fault names.
const NAMED_MAX: usize = 12;

pub(super) fn check_virement(check: &mut EventCheck<'_>, virement: &Virement) {
    if check.entry.acknowledges_breach() {
        return;
    }
    let Some(dossier) = check.dossier() else {
        return;
    };
    let budgets = budgets(dossier, virement.year);
    let mut taken = Taken::new(&budgets, check.effective_order());
    for (i, (head, amount)) in heads(&virement.sources).enumerate() {
        taken.take(head, amount, format!("virement.sources[{i}]"));
    }
    for (head, amount) in heads(&virement.targets) {
        taken.give(head, amount);
    }
    taken.report(check, virement.year);
}

/// A reversal takes the money from where the virement had moved it.
pub(super) fn check_reversal(check: &mut EventCheck<'_>, made: &MadeVirement) {
    let order = check.effective_order();
    // One that is dated before its virement, or by mistake on another day, undoes what is
    // not there yet: nothing can be overdrawn by it.
    if check.entry.acknowledges_breach() || order < made.made.effective_order() {
        return;
    }
    let Some(dossier) = check.dossier() else {
        return;
    };
    let virement = &made.made.virement;
    let budgets = budgets(dossier, virement.year);
    if let Some(anew) = set_anew(&budgets, made, order) {
        let what = format!(
            "a budget that sets heads of the virement {} anew after it (entry {}, {}), so that \
             nothing of it is left to reverse (what goes back all the same is a virement of its own)",
            made.made.id, anew.position, anew.order.day
        );
        check.report("virement_id", Fault::AlreadySo { what });
        return;
    }
    let mut taken = Taken::new(&budgets, order);
    for (head, amount) in heads(&virement.targets) {
        taken.take(head, amount, "virement_id".to_owned());
    }
    for (head, amount) in heads(&virement.sources) {
        taken.give(head, amount);
    }
    taken.unknown.clear();
    taken.report(check, virement.year);
}

/// The later budget that gave a head of a virement another amount than it had then. Where it
/// gave what the head had, the virement is still in it.
fn set_anew<'b>(
    budgets: &'b [YearBudget<'_>],
    made: &MadeVirement,
    order: EffectiveOrder,
) -> Option<&'b Movement> {
    let virement = &made.made.virement;
    let sides = heads(&virement.sources).chain(heads(&virement.targets));
    let sides: Vec<&Head> = sides.map(|(head, _)| head).collect();
    let since = made.made.effective_order()..order;
    let movements = budgets.iter().flat_map(|budget| {
        let own: Vec<Head> = sides
            .iter()
            .map(|head| budget.heads.canonical(head))
            .collect();
        let movements = budget.movements.iter();
        movements.filter(move |movement| own.contains(&movement.head))
    });
    let mut anew = movements.filter(|movement| {
        movement.cause == Cause::SetAnew
            && movement.amount != Pence::ZERO
            && since.contains(&movement.order)
    });
    anew.next()
}

pub(super) fn check_adjustment(check: &mut EventCheck<'_>, event: &BudgetAdjusted) {
    if check.entry.acknowledges_breach() {
        return;
    }
    let Some(dossier) = check.dossier() else {
        return;
    };
    let budgets = [YearBudget::of(dossier, event.budget.as_ref(), event.year)];
    let mut taken = Taken::new(&budgets, check.effective_order());
    for (i, line) in event.lines.iter().enumerate() {
        // More income may be expected of what no budget named.
        if line.amount < Pence::ZERO && line.head.is_income {
            taken.give(&line.head, line.amount);
        } else if line.amount < Pence::ZERO {
            taken.take(&line.head, -line.amount, format!("lines[{i}]"));
        } else {
            taken.give(&line.head, line.amount);
        }
    }
    taken.report(check, event.year);
}

/// The budgets of a year, the main one first.
fn budgets(dossier: &Dossier, year: FinancialYear) -> Vec<YearBudget<'_>> {
    let ids = dossier.budgets.keys().filter(|(_, of)| *of == year);
    ids.map(|(id, _)| YearBudget::of(dossier, id.as_ref(), year))
        .collect()
}

/// The heads of a side, with the amounts that are stated.
fn heads(sides: &[VirementSide]) -> impl Iterator<Item = (&Head, Pence)> {
    sides.iter().filter_map(|side| match &side.place {
        Place::Head(head) => Some((head, side.amount.unwrap_or_default())),
        Place::ReturnedTo(_) => None,
    })
}

/// The amounts that an event takes from heads of budgets, and gives to them.
struct Taken<'a> {
    budgets: &'a [YearBudget<'a>],
    order: EffectiveOrder,
    /// Below zero where the head gets it.
    amounts: Vec<(Head, Pence)>,
    /// The parts that it takes from, by the place of the budget among the budgets, each
    /// with the first field that takes from it; for each field the nearest part first.
    parts: Vec<(usize, Holder, String)>,
    /// The heads that no budget has, with their fields.
    unknown: Vec<(Head, String)>,
}

impl<'a> Taken<'a> {
    const fn new(budgets: &'a [YearBudget<'a>], order: EffectiveOrder) -> Self {
        Self {
            budgets,
            order,
            amounts: Vec::new(),
            parts: Vec::new(),
            unknown: Vec::new(),
        }
    }

    fn take(&mut self, head: &Head, amount: Pence, field: String) {
        self.amounts.push((head.clone(), amount));
        // Money that leaves income raises what is expected of it, which has no limit.
        if head.is_income {
            if !self.budgets.iter().any(|budget| budget.expects(head)) {
                self.unknown.push((head.clone(), field));
            }
            return;
        }
        let mut budgets = self.budgets.iter().enumerate();
        let part = budgets.find_map(|(i, budget)| Some((i, budget.holder(head, self.order)?)));
        match part {
            Some(part) => {
                let (budget, holder) = part;
                let enclosing = self.budgets[budget].enclosing(head);
                for part in std::iter::once(holder).chain(enclosing) {
                    let mut known = self.parts.iter();
                    if !known.any(|(of, known, _)| *of == budget && *known == part) {
                        self.parts.push((budget, part, field.clone()));
                    }
                }
            }
            None => self.unknown.push((head.clone(), field)),
        }
    }

    fn give(&mut self, head: &Head, amount: Pence) {
        self.amounts.push((head.clone(), -amount));
    }

    fn report(self, check: &mut EventCheck<'_>, year: FinancialYear) {
        // Where there is no budget, any head may be in it.
        let is_divided = self.budgets.first().is_some_and(YearBudget::has_lines);
        for (head, field) in self.unknown.into_iter().filter(|_| is_divided) {
            let named = named(self.budgets);
            let head = head.to_string();
            check.report(
                format!("{field}.head"),
                Fault::HeadNotInBudget { head, year, named },
            );
        }
        // One fault a field: the nearest part says it best.
        let mut reported = BTreeSet::new();
        for (budget, holder, field) in self.parts {
            let budget = &self.budgets[budget];
            let of_part = self.amounts.iter();
            let of_part =
                of_part.filter(|(head, _)| budget.is_of(&budget.heads.canonical(head), &holder));
            let taken: Pence = of_part.map(|(_, amount)| *amount).sum();
            let lowest = budget.lowest(&holder, self.order);
            let is_over = taken > Pence::ZERO && lowest.amount < taken;
            if is_over && reported.insert(field.clone()) {
                check.report(
                    field,
                    Fault::HeadOverdrawn {
                        head: name_of(&holder),
                        year,
                        taken,
                        left: lowest.amount,
                        over: taken - lowest.amount,
                        on: lowest.order.day,
                    },
                );
            }
        }
    }
}

fn name_of(holder: &Holder) -> String {
    match holder {
        Holder::Row(head) => head.to_string(),
        Holder::Service(service, _) => service.to_string(),
        Holder::Group(head, _, None) => head.to_string(),
        Holder::Group(head, _, Some(service)) => format!("{service}: {head}"),
        Holder::Undivided(head) => head.to_string(),
        Holder::Whole => Head::whole().to_string(),
    }
}

/// The heads that money can come from, for a recorder who has to choose one.
fn named(budgets: &[YearBudget<'_>]) -> String {
    let rows = budgets.iter().flat_map(|budget| &budget.rows);
    let rows = rows.filter(|row| row.is_budgeted && !row.head.is_income);
    let names: Vec<String> = rows.map(|row| row.head.to_string()).collect();
    let more = match names.len() {
        0..=NAMED_MAX => String::new(),
        count => format!(" and {} more", count - NAMED_MAX),
    };
    let first: Vec<&str> = names.iter().take(NAMED_MAX).map(String::as_str).collect();
    first.join(", ") + &more
}

/// Whether a fault is kept and shown where something that is recorded later brings it
/// about: a head that became overdrawn is a fact to see, and no reason to refuse what was
/// right.
pub(super) const fn is_about_heads(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::HeadNotInBudget { .. } | Fault::HeadOverdrawn { .. }
    )
}
