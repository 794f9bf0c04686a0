//! A budget in a year: its heads, with every amount that made them what they are.

use std::collections::{BTreeMap, BTreeSet};

use super::heads::Heads;
use super::movement::{Cause, Movement, adjusted, moved, printed_lines};
use crate::date::FinancialYear;
use crate::dossier::Dossier;
use crate::event::{BudgetApproved, Head, Scope};
use crate::fact::{EffectiveOrder, Fact, Facts};
use crate::ids::{BudgetId, Position};
use crate::money::Pence;

/// The budget of a subject under one name for one year, by everything in a dossier.
#[derive(Clone, Debug)]
pub struct YearBudget<'a> {
    pub heads: Heads<'a>,
    /// The budget in force.
    pub budget: Option<&'a Fact<BudgetApproved>>,
    /// In the order in which the budgets first name them, then those that only changes
    /// name.
    pub rows: Vec<HeadRow>,
    /// Every amount, in the order in which it holds. The first budget is before all, so
    /// that a change dated before it changes it.
    pub movements: Vec<Movement>,
    /// The part that no line divides: the total as printed, where a budget gives no more,
    /// less the lines of an earlier one.
    pub undivided: Amounts,
    /// The places of the rows by their heads.
    index: BTreeMap<Head, usize>,
}

/// A head of the year, with its amounts.
#[derive(Clone, Debug)]
pub struct HeadRow {
    pub head: Head,
    /// Whether a budget names it, and not only a virement or another change.
    pub is_budgeted: bool,
    pub amounts: Amounts,
}

impl HeadRow {
    /// Whether a report of the whole has to name it: a head that lost all that it had needs
    /// no line.
    pub fn is_open(&self) -> bool {
        let revised = self.amounts.revised();
        self.is_budgeted || revised.is_some_and(|amount| amount != Pence::ZERO)
    }
}

/// Amounts by cause, and the entries that they come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    pub by_cause: BTreeMap<Cause, Pence>,
    pub positions: BTreeSet<Position>,
}

impl Amounts {
    pub fn add(&mut self, movement: &Movement) {
        *self.by_cause.entry(movement.cause).or_default() += movement.amount;
        self.positions.insert(movement.position);
    }

    pub fn merge(&mut self, other: &Self) {
        for (cause, amount) in &other.by_cause {
            *self.by_cause.entry(*cause).or_default() += *amount;
        }
        self.positions.extend(&other.positions);
    }

    /// `None` where no entry has this cause.
    pub fn of(&self, cause: Cause) -> Option<Pence> {
        self.by_cause.get(&cause).copied()
    }

    /// The budget as it is now: the original and every change. `None` where there is
    /// neither.
    pub fn revised(&self) -> Option<Pence> {
        let is_known = !self.by_cause.is_empty();
        is_known.then(|| self.by_cause.values().copied().sum())
    }
}

impl<'a> YearBudget<'a> {
    pub fn of(dossier: &'a Dossier, budget: Option<&BudgetId>, year: FinancialYear) -> Self {
        Self::until(dossier, budget, year, EffectiveOrder::LAST)
    }

    /// By the entries that hold no later than `last`. Where no budget was set by then, the
    /// first one counts: a report may be older than the budget that it is held against.
    pub fn until(
        dossier: &'a Dossier,
        budget: Option<&BudgetId>,
        year: FinancialYear,
        last: EffectiveOrder,
    ) -> Self {
        let heads = Heads::of(dossier);
        let key = (budget.cloned(), year);
        let set: Vec<&Fact<BudgetApproved>> = dossier
            .budgets
            .get(&key)
            .into_iter()
            .flat_map(Facts::iter)
            .collect();
        let by_then = set
            .iter()
            .filter(|fact| fact.effective_order() <= last)
            .count();
        let set = &set[..by_then.max(1).min(set.len())];

        let mut changes = adjusted(dossier, budget, year);
        let owners = Owners::new(dossier, &heads, year);
        let ids = dossier.virements_by_year.get(&year);
        for id in ids.into_iter().flat_map(|ids| ids.values()) {
            let moved = dossier.virements.get(id).map(moved).into_iter().flatten();
            changes.extend(moved.filter(|movement| owners.owner(&movement.head) == budget));
        }
        changes.retain(|movement| movement.order <= last);
        changes.sort_by_key(|movement| movement.order);

        let mut year_budget = Self {
            heads,
            budget: set.last().copied(),
            rows: Vec::new(),
            movements: Vec::with_capacity(changes.len()),
            undivided: Amounts::default(),
            index: BTreeMap::new(),
        };
        year_budget.put_together(set, changes);
        year_budget
    }

    fn put_together(&mut self, set: &[&'a Fact<BudgetApproved>], changes: Vec<Movement>) {
        let mut set = set.iter();
        if let Some(first) = set.next() {
            self.set(first, Cause::Original);
        }
        let mut set = set.peekable();
        for movement in changes {
            while let Some(again) = set.next_if(|fact| fact.effective_order() < movement.order) {
                self.set(again, Cause::SetAnew);
            }
            let head = self.heads.canonical(&movement.head);
            self.push(Movement { head, ..movement });
        }
        for again in set {
            self.set(again, Cause::SetAnew);
        }
    }

    /// Sets the lines of a budget: each head gets what it needs to have that amount then.
    fn set(&mut self, fact: &Fact<BudgetApproved>, cause: Cause) {
        let mut lines: Vec<(Head, Pence)> = Vec::new();
        let mut places = BTreeMap::<Head, usize>::new();
        for (head, amount) in printed_lines(&fact.figures) {
            let head = self.heads.canonical(&head);
            let place = *places.entry(head.clone()).or_insert_with(|| {
                lines.push((head, Pence::ZERO));
                lines.len() - 1
            });
            lines[place].1 += amount;
        }
        if lines.is_empty() {
            self.set_undivided(fact, cause);
        }
        let is_by_line = !lines.is_empty();
        // A budget of which only the total is known says nothing about heads.
        if cause == Cause::SetAnew && !lines.is_empty() {
            let gone = self
                .rows
                .iter()
                .filter(|row| !places.contains_key(&row.head));
            let gone: Vec<Head> = gone.map(|row| row.head.clone()).collect();
            lines.extend(gone.into_iter().map(|head| (head, Pence::ZERO)));
        }
        for (head, amount) in lines {
            let is_named = places.contains_key(&head);
            let before = self.row(&head).and_then(|row| row.amounts.revised());
            let before = before.unwrap_or_default();
            let movement = Movement {
                order: fact.effective_order(),
                position: fact.position(),
                cause,
                item: None,
                head: head.clone(),
                amount: amount - before,
            };
            if is_named || movement.amount != Pence::ZERO {
                self.push(movement);
            }
            if let Some(row) = self.place(&head).filter(|_| is_named) {
                self.rows[row].is_budgeted = true;
            }
        }
        if is_by_line {
            self.set_undivided(fact, cause);
        }
    }

    /// Sets the part that no line divides: all that a printed total adds to the lines, where
    /// it is given without lines or with the totals of some services; and nothing of a
    /// budget with lines.
    fn set_undivided(&mut self, fact: &Fact<BudgetApproved>, cause: Cause) {
        let figures = &fact.figures;
        let is_total = figures.lines.is_empty() && figures.contributions.is_empty();
        let before = self.undivided.revised();
        let amount = match (is_total, printed_whole(fact)) {
            (true, Some(printed)) => printed - self.whole().revised().unwrap_or_default(),
            (true, None) if printed_lines(figures).is_empty() => return,
            (true, None) | (false, _) => -before.unwrap_or_default(),
        };
        let is_alone = is_total && self.rows.is_empty();
        if amount == Pence::ZERO && (!is_alone || before.is_some()) {
            return;
        }
        let movement = Movement {
            order: fact.effective_order(),
            position: fact.position(),
            cause,
            item: None,
            head: Head::whole(),
            amount,
        };
        self.undivided.add(&movement);
        self.movements.push(movement);
    }

    fn push(&mut self, movement: Movement) {
        let row = *self.index.entry(movement.head.clone()).or_insert_with(|| {
            self.rows.push(HeadRow {
                head: movement.head.clone(),
                is_budgeted: false,
                amounts: Amounts::default(),
            });
            self.rows.len() - 1
        });
        self.rows[row].amounts.add(&movement);
        self.movements.push(movement);
    }

    /// The place of a head among the rows.
    pub(super) fn place(&self, head: &Head) -> Option<usize> {
        self.index.get(head).copied()
    }

    pub fn row(&self, head: &Head) -> Option<&HeadRow> {
        self.place(head).map(|row| &self.rows[row])
    }

    /// Whether a budget names its heads, so that a head can be missing in it.
    pub fn has_lines(&self) -> bool {
        self.rows.iter().any(|row| row.is_budgeted)
    }

    /// The amounts of the rows that a test picks.
    pub fn sum(&self, is_picked: impl Fn(&HeadRow) -> bool) -> Amounts {
        let mut sum = Amounts::default();
        for row in self.rows.iter().filter(|row| is_picked(row)) {
            sum.merge(&row.amounts);
        }
        sum
    }

    /// The whole: its lines, and what no line divides.
    pub fn whole(&self) -> Amounts {
        let mut whole = self.sum(|_| true);
        whole.merge(&self.undivided);
        whole
    }
}

/// The total of the whole as printed.
pub fn printed_whole(fact: &Fact<BudgetApproved>) -> Option<Pence> {
    let mut stated = fact.figures.stated.iter();
    let whole = stated.find(|stated| stated.scope == Scope::Whole)?;
    Some(whole.amount)
}

/// Which budget of a year a head belongs to: the main one, unless only another names it.
struct Owners<'a> {
    heads: &'a Heads<'a>,
    main: BTreeSet<Head>,
    others: BTreeMap<Head, &'a BudgetId>,
}

impl<'a> Owners<'a> {
    fn new(dossier: &'a Dossier, heads: &'a Heads<'a>, year: FinancialYear) -> Self {
        let (mut main, mut others) = (BTreeSet::new(), BTreeMap::new());
        for ((budget, of_year), set) in &dossier.budgets {
            if *of_year != year {
                continue;
            }
            let lines = set.iter().flat_map(|fact| printed_lines(&fact.figures));
            let lines = lines.map(|(head, _)| heads.canonical(&head));
            match budget {
                None => main.extend(lines),
                Some(budget) => others.extend(lines.map(|head| (head, budget))),
            }
        }
        Self {
            heads,
            main,
            others,
        }
    }

    /// `None` for the main budget.
    fn owner(&self, head: &Head) -> Option<&'a BudgetId> {
        if self.others.is_empty() {
            return None;
        }
        let head = self.heads.canonical(head);
        let whole = head.whole_service();
        if self.main.contains(&head) {
            return None;
        }
        let other = self.others.get(&head);
        let enclosing = || {
            (!self.main.contains(&whole))
                .then(|| self.others.get(&whole))
                .flatten()
        };
        other.or_else(enclosing).copied()
    }
}
