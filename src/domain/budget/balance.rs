//! The balance of a head: the least that it has from a day on, by every entry, so that money
//! is not moved twice, in any order of recording.

use super::movement::{Cause, Movement};
use super::year_budget::YearBudget;
use crate::event::{FundType, Head};
use crate::fact::EffectiveOrder;
use crate::ids::{ItemId, ServiceId};
use crate::money::Pence;

/// The part of a budget from which a head's money comes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A head that the budget names.
    Row(Head),
    /// The service as a whole: the budget does not divide it, or the head names all of it.
    Service(ServiceId, FundType),
    /// A defined head, with its parts: in a service, or in all of them.
    Group(ItemId, FundType, Option<ServiceId>),
    /// Any head of a budget of which only the total is known: all of it may be there.
    Undivided(Head),
    /// That total.
    Whole,
}

/// The least that a part of a budget has from some moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lowest {
    pub amount: Pence,
    /// When it has that.
    pub order: EffectiveOrder,
}

impl YearBudget<'_> {
    /// The part from which the money of a head comes; `None` where the budget has no such
    /// head. One that got money by a change before `order` is a head too.
    pub fn holder(&self, head: &Head, order: EffectiveOrder) -> Option<Holder> {
        let head = self.heads.canonical(head);
        if !self.has_lines() {
            let is_known = self.undivided.revised().is_some();
            return is_known.then_some(Holder::Undivided(head));
        }
        if self.row(&head).is_some_and(|row| row.is_budgeted) {
            return Some(Holder::Row(head));
        }
        let budgeted = || self.rows.iter().filter(|row| row.is_budgeted);
        if let Some(service) = &head.service {
            let whole = head.whole_service();
            let is_there = match head.head {
                Some(_) => budgeted().any(|row| row.head == whole),
                None => budgeted().any(|row| row.head.whole_service() == whole),
            };
            if is_there {
                return Some(Holder::Service(service.clone(), head.fund));
            }
        }
        let mut movements = self.movements.iter();
        let got_money = movements.any(|movement| {
            matches!(movement.cause, Cause::Adjusted(_) | Cause::VirementIn)
                && movement.head == head
                && movement.amount > Pence::ZERO
                && movement.order < order
        });
        if got_money {
            return Some(Holder::Row(head));
        }
        let Some(defined) = head.head.as_ref().and_then(|name| self.heads.named(name)) else {
            return self.rest(&head);
        };
        let holder = Holder::Group(defined.id.clone(), head.fund, head.service.clone());
        let has_parts = budgeted().any(|row| self.is_of(&row.head, &holder));
        has_parts.then_some(holder).or_else(|| self.rest(&head))
    }

    /// The rest of a printed total, where no line has a head.
    fn rest(&self, head: &Head) -> Option<Holder> {
        let rest = self.undivided.revised()?;
        (rest > Pence::ZERO).then(|| Holder::Undivided(head.clone()))
    }

    /// The parts of the budget that a head is in, and that a line divides further: its
    /// service, and the heads that it is part of. None of them has less than nothing either,
    /// whichever of its heads the money leaves.
    pub fn enclosing(&self, head: &Head) -> Vec<Holder> {
        if !self.has_lines() {
            return vec![Holder::Whole];
        }
        let head = self.heads.canonical(head);
        let service = head.service.clone();
        let of_service = service.map(|service| Holder::Service(service, head.fund));
        let defined = head.head.as_ref().and_then(|name| self.heads.named(name));
        let groups = defined.map_or_else(Vec::new, |defined| self.heads.with_parents(&defined.id));
        let groups = groups.into_iter().flat_map(|id| {
            let group = |service| Holder::Group(id.clone(), head.fund, service);
            let of_service = head.service.clone().map(|service| group(Some(service)));
            of_service.into_iter().chain([group(None)])
        });
        let has_rows = |holder: &Holder| {
            let mut budgeted = self.rows.iter().filter(|row| row.is_budgeted);
            budgeted.any(|row| self.is_of(&row.head, holder))
        };
        let parts = of_service.into_iter().chain(groups).filter(has_rows);
        // A printed total can be less than the lines before it.
        let whole = Some(Holder::Whole).filter(|_| !self.undivided.by_cause.is_empty());
        parts.chain(whole).collect()
    }

    /// Whether the budget expects an income, as a line or as part of one.
    pub fn expects(&self, income: &Head) -> bool {
        let head = self.heads.canonical(income);
        let above = self.heads.above(&head);
        self.rows.iter().any(|row| {
            let is_changed = || {
                let causes = &row.amounts.by_cause;
                causes
                    .keys()
                    .any(|cause| matches!(cause, Cause::Adjusted(_)))
            };
            let is_there = row.is_budgeted || is_changed();
            is_there && (row.head == head || above.contains(&row.head))
        })
    }

    /// Whether what is spent of a head is compared with its own amount: not where only changes
    /// name it, and its budget is in the rows that it is part of, or that are part of it.
    pub fn is_compared_alone(&self, head: &Head) -> bool {
        let Some(row) = self.row(head).filter(|row| !row.is_budgeted) else {
            return true;
        };
        let has_budget = |head: &Head| self.row(head).is_some_and(|row| row.is_budgeted);
        let above = self.heads.above(&row.head);
        let mut below = self.rows.iter().filter(|other| other.is_budgeted);
        !above.iter().any(has_budget)
            && !below.any(|other| self.heads.above(&other.head).contains(&row.head))
    }

    /// Whether a head's money is within a part of the budget. Income is not: it cannot be
    /// moved away twice.
    pub fn is_of(&self, head: &Head, holder: &Holder) -> bool {
        match holder {
            Holder::Row(row) => row == head,
            Holder::Service(service, fund) => {
                head.service.as_ref() == Some(service) && head.fund == *fund && !head.is_income
            }
            Holder::Group(id, fund, service) => {
                head.fund == *fund
                    && !head.is_income
                    && (service.is_none() || head.service == *service)
                    && self.heads.is_within(head, id)
            }
            Holder::Undivided(row) => row == head || *head == Head::whole(),
            Holder::Whole => true,
        }
    }

    /// Whether an entry gives a part another amount, whatever it had: a budget by line does
    /// for every head, one of the total alone for the whole.
    fn is_set_anew(entry: &[Movement], holder: &Holder) -> bool {
        let is_of_total = matches!(holder, Holder::Undivided(_) | Holder::Whole);
        entry.iter().any(|movement| {
            movement.cause == Cause::SetAnew && (is_of_total || movement.head != Head::whole())
        })
    }

    /// The least that a part of the budget has, from directly before `order` on.
    pub fn lowest(&self, holder: &Holder, order: EffectiveOrder) -> Lowest {
        let mut amount = Pence::ZERO;
        let mut lowest: Option<Lowest> = None;
        // The movements of one entry count together.
        for entry in self.movements.chunk_by(|a, b| a.order == b.order) {
            let at = entry[0].order;
            let is_before = at <= order || entry[0].cause == Cause::Original;
            if !is_before {
                lowest.get_or_insert(Lowest { amount, order });
                // A later budget sets every head anew, whatever left it before.
                if Self::is_set_anew(entry, holder) {
                    break;
                }
            }
            let of_holder = entry.iter().filter(|moved| self.is_of(&moved.head, holder));
            amount += of_holder.map(|moved| moved.amount).sum::<Pence>();
            if let Some(lowest) = lowest.as_mut().filter(|lowest| amount < lowest.amount) {
                *lowest = Lowest { amount, order: at };
            }
        }
        lowest.unwrap_or(Lowest { amount, order })
    }
}
