//! Where documents contradict themselves or one another: printed totals that
//! the figures do not add up to, and contradictions that were noted.

use super::names;
use super::totals::Totals;
use crate::domain::dossier::Dossier;
use crate::domain::event::{Figures, Scope, SharesAre, StatedTotal};
use crate::domain::fact::Fact;
use crate::domain::ids::SubjectId;
use crate::domain::money::{Pence, Ppm};
use crate::domain::register_view::RegisterView;
use crate::domain::text::Name;
use crate::wire::proto::{DifferenceKind, DifferenceView};
use crate::wire::reply;

/// The figures of one document, with their name.
struct Printed<'a> {
    figures: &'a Figures,
    name: String,
    view: DifferenceView,
}

/// The lines: computed ones by subject, year, rows, columns, whole; then those
/// noted, by subject and date.
pub fn list(register_view: &RegisterView, subject: Option<&SubjectId>) -> Vec<DifferenceView> {
    let (mut computed, mut noted) = (Vec::new(), Vec::new());
    for (id, subject) in register_view.subjects_or(subject) {
        let line = DifferenceView {
            subject: id.to_string(),
            subject_name: subject.name().unwrap_or_default().to_owned(),
            ..DifferenceView::default()
        };
        for printed in printed(&subject.dossier, &line) {
            computed.extend(differences(register_view, id, &printed));
        }
        computed.extend(shares(register_view, id, &subject.dossier, &line));
        let mut facts: Vec<_> = subject.dossier.discrepancies.values().collect();
        facts.sort_by_cached_key(|fact| fact.effective_order());
        for fact in facts {
            noted.push(DifferenceView {
                kind: DifferenceKind::Noted.into(),
                what: fact.what.to_string(),
                statements: fact.statements.iter().map(reply::statement).collect(),
                explanation: fact.explanation.to_string(),
                discrepancy_id: fact.discrepancy.to_string(),
                ..line_about(&line, fact)
            });
        }
    }
    computed.append(&mut noted);
    computed
}

/// A line about a fact: its subject, entry and sources.
fn line_about<T>(line: &DifferenceView, fact: &Fact<T>) -> DifferenceView {
    DifferenceView {
        position: fact.position().get(),
        sources: reply::sources(&fact.source.entry.event.sources),
        ..line.clone()
    }
}

/// The budgets in force, and every forecast and outturn, by year.
fn printed<'a>(dossier: &'a Dossier, line: &DifferenceView) -> Vec<Printed<'a>> {
    let mut all = Vec::new();
    for ((id, _), set) in &dossier.budgets {
        let Some(fact) = set.latest() else { continue };
        let name = match (&fact.title, id) {
            (Some(title), _) => title.to_string(),
            (None, Some(id)) => format!("budget {id}"),
            (None, None) => "budget".to_owned(),
        };
        all.push(Printed {
            figures: &fact.figures,
            name,
            view: line_about(line, fact),
        });
    }
    for fact in dossier
        .forecasts
        .values()
        .flat_map(|reported| reported.iter())
    {
        let name = fact
            .basis
            .as_ref()
            .map_or("forecast", Name::as_str)
            .to_owned();
        all.push(Printed {
            figures: &fact.figures,
            name,
            view: line_about(line, fact),
        });
    }
    for fact in dossier
        .outturns
        .values()
        .flat_map(|reported| reported.iter())
    {
        let name = "outturn".to_owned();
        all.push(Printed {
            figures: &fact.figures,
            name,
            view: line_about(line, fact),
        });
    }
    all.sort_by_key(|printed| printed.figures.year);
    all
}

fn differences(
    register_view: &RegisterView,
    id: &SubjectId,
    printed: &Printed<'_>,
) -> Vec<DifferenceView> {
    let figures = printed.figures;
    let totals = Totals::of(figures);
    // Rows, columns, whole; within each as they are printed.
    let rank = |total: &&StatedTotal| match total.scope {
        Scope::Body(_) | Scope::Cell(..) => 0,
        Scope::Service(_) => 1,
        Scope::Whole => 2,
    };
    let mut stated: Vec<&StatedTotal> = figures.stated.iter().collect();
    stated.sort_by_key(rank);
    stated
        .into_iter()
        .filter_map(|total| {
            let computed = totals.computed(&total.scope)?;
            total
                .is_contradicted_by(computed)
                .then_some((total, computed))
        })
        .map(|(total, computed)| {
            let (kind, body, service) = match &total.scope {
                Scope::Body(body) => (DifferenceKind::BodyTotal, Some(body), None),
                Scope::Service(service) => (DifferenceKind::ServiceTotal, None, Some(service)),
                Scope::Cell(body, service) => {
                    (DifferenceKind::BodyTotal, Some(body), Some(service))
                }
                Scope::Whole => (DifferenceKind::GrandTotal, None, None),
            };
            let body = body.map(|body| names::body(register_view, body));
            let service = service.map(|service| names::service(register_view, id, service));
            let name = match (&body, &service) {
                (Some(body), Some(service)) => format!("{} for {}", body.name, service.name),
                (Some(body), None) => body.name.clone(),
                (None, Some(service)) => service.name.clone(),
                (None, None) => "the whole".to_owned(),
            };
            DifferenceView {
                kind: kind.into(),
                financial_year: figures.year.to_string(),
                body,
                service,
                stated_pence: total.amount.get(),
                computed_pence: computed.get(),
                difference_pence: (computed - total.amount).get(),
                place: total.place.to_string(),
                what: sentence(&name, computed, total, figures),
                figures: printed.name.clone(),
                ..printed.view.clone()
            }
        })
        .collect()
}

/// The formulas in force whose printed shares do not total the whole.
fn shares(
    register_view: &RegisterView,
    id: &SubjectId,
    dossier: &Dossier,
    line: &DifferenceView,
) -> Vec<DifferenceView> {
    let formulas = dossier.formulas.iter();
    let latest = formulas.filter_map(|((service, year), set)| {
        let formula = set.latest()?;
        (formula.shares_are == Some(SharesAre::Rounded)).then_some((service, year, formula))
    });
    latest
        .filter(|(.., formula)| formula.total_ppm() != Ppm::WHOLE)
        .map(|(service, year, formula)| {
            let service = service
                .as_ref()
                .map(|service| names::service(register_view, id, service));
            let name = service
                .as_ref()
                .map_or("the whole", |service| &service.name);
            let total = Percent(formula.total_ppm());
            DifferenceView {
                kind: DifferenceKind::Shares.into(),
                financial_year: year.to_string(),
                what: format!("{name}: the printed shares total {total}, and not 100 %"),
                service,
                figures: "formula".to_owned(),
                ..line_about(line, formula)
            }
        })
        .collect()
}

/// A share of more than the whole too: `101 %`.
struct Percent(u32);

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        let rest = format!("{rest:04}");
        match rest.trim_end_matches('0') {
            "" => write!(f, "{whole} %"),
            rest => write!(f, "{whole}.{rest} %"),
        }
    }
}

/// The difference, in a line.
fn sentence(name: &str, computed: Pence, total: &StatedTotal, figures: &Figures) -> String {
    let stated = total.amount;
    let mut sentence = format!("{name}: the figures add up to {computed}, {stated} is printed");
    if total.scope == Scope::Whole {
        // The rows as printed may come to a third sum.
        let rows = figures
            .stated
            .iter()
            .filter(|total| matches!(total.scope, Scope::Body(_)));
        let (rows, count) = rows.fold((Pence::ZERO, 0), |(sum, n), row| (sum + row.amount, n + 1));
        if count > 0 {
            sentence.push_str(&format!("; the printed rows add up to {rows}"));
        }
    }
    sentence
}
