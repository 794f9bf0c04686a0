//! Computed totals of figures, and their differences from printed totals.

use std::collections::BTreeMap;

use minutebook_domain::budget::Heads;
use minutebook_domain::event::{BudgetLine, Figures, Scope};
use minutebook_domain::ids::{BodyId, ServiceId};
use minutebook_domain::money::Pence;
use minutebook_wire::proto::StatedFigure;
use minutebook_wire::reply;

/// The sums of one set of figures.
#[derive(Debug, Default)]
pub(super) struct Totals<'a> {
    /// By body: a row of contributions.
    pub bodies: BTreeMap<BodyId, Pence>,
    /// By service: a column of contributions, or its cost lines where the
    /// figures have no contributions for it.
    pub services: BTreeMap<ServiceId, Pence>,
    /// By body and service.
    pub cells: BTreeMap<(BodyId, ServiceId), Pence>,
    /// The total of all contributions.
    pub contributed: Pence,
    /// The total of the cost lines, or of the contributions where there are none.
    pub whole: Pence,
    /// Whether there is any cost line or contribution.
    has_figures: bool,
    lines: &'a [BudgetLine],
    heads: Option<&'a Heads<'a>>,
}

impl<'a> Totals<'a> {
    pub fn of(figures: &'a Figures) -> Self {
        let mut totals = Self::default();
        for paid in &figures.contributions {
            *totals.bodies.entry(paid.body.clone()).or_default() += paid.amount;
            *totals.services.entry(paid.service.clone()).or_default() += paid.amount;
            let cell = (paid.body.clone(), paid.service.clone());
            *totals.cells.entry(cell).or_default() += paid.amount;
        }
        let mut lines = BTreeMap::<&ServiceId, Pence>::new();
        for line in &figures.lines {
            if let Some(service) = &line.head.service {
                *lines.entry(service).or_default() += line.amount;
            }
        }
        for (service, amount) in lines {
            totals.services.entry(service.clone()).or_insert(amount);
        }
        totals.lines = &figures.lines;
        totals.has_figures = !(figures.lines.is_empty() && figures.contributions.is_empty());
        totals.contributed = figures.contributions.iter().map(|paid| paid.amount).sum();
        totals.whole = if figures.lines.is_empty() {
            totals.contributed
        } else {
            figures.lines.iter().map(|line| line.amount).sum()
        };
        totals
    }

    /// The same, where a head is printed with all its parts.
    pub const fn with(mut self, heads: &'a Heads<'a>) -> Self {
        self.heads = Some(heads);
        self
    }

    /// The total of the figures of a scope; zero where there are none.
    pub fn at(&self, scope: &Scope) -> Pence {
        self.computed(scope).unwrap_or_default()
    }

    /// The total of the figures of a scope; `None` where there are no figures of its kind
    /// to add up. A body that pays nothing, beside others that pay, has a total of zero.
    pub fn computed(&self, scope: &Scope) -> Option<Pence> {
        fn among<K: Ord>(sums: &BTreeMap<K, Pence>, key: &K) -> Option<Pence> {
            let zero = (!sums.is_empty()).then_some(Pence::ZERO);
            sums.get(key).copied().or(zero)
        }
        match scope {
            Scope::Body(body) => among(&self.bodies, body),
            Scope::Service(service) => among(&self.services, service),
            Scope::Cell(body, service) => among(&self.cells, &(body.clone(), service.clone())),
            Scope::Lines(lines) => {
                let is_covered = |line: &&BudgetLine| match self.heads {
                    Some(heads) => heads.covers(lines, &line.head),
                    None => lines.covers(&line.head),
                };
                let covered = self.lines.iter().filter(is_covered);
                let amounts: Vec<Pence> = covered.map(|line| line.amount).collect();
                (!amounts.is_empty()).then(|| amounts.into_iter().sum())
            }
            Scope::Whole => self.has_figures.then_some(self.whole),
        }
    }

    /// The totals printed for a scope, each with its difference.
    pub fn stated(&self, figures: &Figures, scope: &Scope) -> Vec<StatedFigure> {
        stated(figures, scope, self.computed(scope))
    }
}

/// The totals printed for a scope, each with its difference from `computed`, where there
/// is anything to compare.
pub(super) fn stated(
    figures: &Figures,
    scope: &Scope,
    computed: Option<Pence>,
) -> Vec<StatedFigure> {
    figures
        .stated
        .iter()
        .filter(|total| total.scope == *scope)
        .map(|total| StatedFigure {
            stated_pence: total.amount.get(),
            difference_pence: computed
                .filter(|computed| total.is_contradicted_by(*computed))
                .map_or(0, |computed| (computed - total.amount).get()),
            place: total.place.to_string(),
            amount_is: reply::amount_is(total.amount_is),
            is_compared: computed.is_some(),
            ..StatedFigure::default()
        })
        .collect()
}
