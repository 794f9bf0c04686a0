//! Computed totals of figures, and their differences from printed totals.

use std::collections::BTreeMap;

use crate::domain::event::{Figures, Scope};
use crate::domain::ids::{BodyId, ServiceId};
use crate::domain::money::Pence;
use crate::wire::proto::StatedFigure;

/// The sums of one set of figures.
#[derive(Debug, Default)]
pub(super) struct Totals {
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
}

impl Totals {
    pub fn of(figures: &Figures) -> Self {
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
        totals.contributed = figures.contributions.iter().map(|paid| paid.amount).sum();
        totals.whole = if figures.lines.is_empty() {
            totals.contributed
        } else {
            figures.lines.iter().map(|line| line.amount).sum()
        };
        totals
    }

    /// The total of the figures of a scope; `None` where there are none.
    pub fn at(&self, scope: &Scope) -> Pence {
        match scope {
            Scope::Body(body) => self.bodies.get(body).copied().unwrap_or_default(),
            Scope::Service(service) => self.services.get(service).copied().unwrap_or_default(),
            Scope::Cell(body, service) => self
                .cells
                .get(&(body.clone(), service.clone()))
                .copied()
                .unwrap_or_default(),
            Scope::Whole => self.whole,
        }
    }

    /// The totals printed for a scope, each with its difference.
    pub fn stated(&self, figures: &Figures, scope: &Scope) -> Vec<StatedFigure> {
        stated(figures, scope, self.at(scope))
    }
}

/// The totals printed for a scope, each with its difference from `computed`.
pub(super) fn stated(figures: &Figures, scope: &Scope, computed: Pence) -> Vec<StatedFigure> {
    figures
        .stated
        .iter()
        .filter(|total| total.scope == *scope)
        .map(|total| StatedFigure {
            stated_pence: total.amount.get(),
            difference_pence: (computed - total.amount).get(),
            place: total.place.to_string(),
        })
        .collect()
}
