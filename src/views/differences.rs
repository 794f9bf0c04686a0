//! Where documents contradict themselves or one another: printed totals that
//! the figures do not add up to, and contradictions that were noted.

use std::collections::BTreeSet;

use super::budget::printed::{computed as computed_variance, computed_share};
use super::budget::reports::Reports;
use super::names;
use super::totals::Totals;
use minutebook_domain::budget::Heads;
use minutebook_domain::dossier::Dossier;
use minutebook_domain::event::{Figures, FundType, LineType, Scope, SharesAre, StatedTotal};
use minutebook_domain::fact::Fact;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::money::{Pence, Ppm};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::text::Name;
use minutebook_wire::proto::{BodyRef, DifferenceKind, DifferenceView, ServiceRef};
use minutebook_wire::reply;

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
            currency: reply::currency(subject.dossier.currency),
            subject: id.to_string(),
            subject_name: subject.name().unwrap_or_default().to_owned(),
            ..DifferenceView::default()
        };
        let heads = Heads::of(&subject.dossier);
        for printed in printed(&subject.dossier, &line) {
            computed.extend(differences(register_view, id, &printed, &heads));
        }
        computed.extend(variances(register_view, id, &subject.dossier, &line));
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
    heads: &Heads<'_>,
) -> Vec<DifferenceView> {
    let figures = printed.figures;
    let totals = Totals::of(figures).with(heads);
    // Rows, columns, whole; within each as they are printed.
    let rank = |total: &&StatedTotal| match total.scope {
        Scope::Body(_) | Scope::Cell(..) => 0,
        Scope::Service(_) | Scope::Lines(_) => 1,
        Scope::Whole => 2,
    };
    let mut stated: Vec<&StatedTotal> = figures.stated.iter().collect();
    stated.sort_by_key(rank);
    stated
        .into_iter()
        .filter_map(|total| {
            let computed = totals.computed(&total.scope);
            // Without figures, another place may print another total.
            let computed = computed.or_else(|| {
                let mut others = figures.stated.iter();
                let first = others.find(|other| other.scope == total.scope)?;
                first.amount_is.is_none().then_some(first.amount)
            })?;
            total
                .is_contradicted_by(computed)
                .then_some((total, computed))
        })
        .map(|(total, computed)| {
            let kind = match &total.scope {
                Scope::Body(_) | Scope::Cell(..) => DifferenceKind::BodyTotal,
                Scope::Service(_) => DifferenceKind::ServiceTotal,
                Scope::Lines(_) => DifferenceKind::LineTotal,
                Scope::Whole => DifferenceKind::GrandTotal,
            };
            let about = About::new(register_view, id, &total.scope);
            let name = about.name();
            DifferenceView {
                kind: kind.into(),
                financial_year: figures.year.to_string(),
                body: about.body,
                service: about.service,
                stated_pence: total.amount.get(),
                computed_pence: computed.get(),
                difference_pence: (computed - total.amount).get(),
                place: total.place.to_string(),
                what: sentence(&name, computed, total, figures),
                figures: printed.name.clone(),
                part: name,
                ..printed.view.clone()
            }
        })
        .collect()
}

/// The part of figures that a printed one is about, in published form.
struct About {
    body: Option<BodyRef>,
    service: Option<ServiceRef>,
    lines: String,
}

impl About {
    fn new(register_view: &RegisterView, id: &SubjectId, scope: &Scope) -> Self {
        let (body, service, lines) = match scope {
            Scope::Whole => (None, None, None),
            Scope::Body(body) => (Some(body), None, None),
            Scope::Service(service) => (None, Some(service), None),
            Scope::Cell(body, service) => (Some(body), Some(service), None),
            Scope::Lines(lines) => (None, lines.service.as_ref(), Some(lines)),
        };
        let kind = lines.and_then(|lines| lines.kind).map(|kind| match kind {
            LineType::Expenditure => "expenditure",
            LineType::Income => "income",
        });
        let fund = lines.and_then(|lines| lines.fund).map(|fund| match fund {
            FundType::Revenue => "revenue",
            FundType::Capital => "capital",
        });
        let head = lines.and_then(|lines| lines.head.as_ref());
        let parts = head.map(Name::as_str).into_iter().chain(kind).chain(fund);
        Self {
            body: body.map(|body| names::body(register_view, body)),
            service: service.map(|service| names::service(register_view, id, service)),
            lines: parts.collect::<Vec<_>>().join(", "),
        }
    }

    fn name(&self) -> String {
        let name = match (&self.body, &self.service) {
            (Some(body), Some(service)) => format!("{} for {}", body.name, service.name),
            (Some(body), None) => body.name.clone(),
            (None, Some(service)) => service.name.clone(),
            (None, None) => String::new(),
        };
        match (name.as_str(), self.lines.as_str()) {
            ("", "") => "the whole".to_owned(),
            ("", lines) => lines.to_owned(),
            (_, "") => name,
            (name, lines) => format!("{name}: {lines}"),
        }
    }
}

/// The printed variances that the figures and the budget of that day contradict.
fn variances(
    register_view: &RegisterView,
    id: &SubjectId,
    dossier: &Dossier,
    line: &DifferenceView,
) -> Vec<DifferenceView> {
    let forecasts = dossier.forecasts.iter().flat_map(|(year, set)| {
        let set = set.iter().filter(|fact| !fact.figures.variances.is_empty());
        set.map(|fact| (*year, fact.budget.clone()))
    });
    let outturns = dossier.outturns.iter().flat_map(|(year, set)| {
        let set = set.iter().filter(|fact| !fact.figures.variances.is_empty());
        set.map(|fact| (*year, fact.budget.clone()))
    });
    // Nearly no subject has any: only their budgets are put together.
    let years: BTreeSet<_> = forecasts.chain(outturns).collect();
    let mut views = Vec::new();
    for (year, budget) in years {
        let reports = Reports::of(dossier, budget.as_ref(), year);
        for (name, report) in reports.named() {
            for printed in &report.figures.variances {
                let about = About::new(register_view, id, &printed.scope);
                let part = about.name();
                let about = DifferenceView {
                    financial_year: year.to_string(),
                    place: printed.place.to_string(),
                    body: about.body,
                    service: about.service,
                    figures: name.clone(),
                    position: report.position().get(),
                    sources: report.sources(),
                    part: part.clone(),
                    ..line.clone()
                };
                let computed = computed_variance(report, printed);
                let contradicted = computed.filter(|one| printed.is_contradicted_by(*one));
                let stated = printed.amount;
                views.extend(contradicted.map(|computed| DifferenceView {
                    kind: DifferenceKind::Variance.into(),
                    stated_pence: stated.get(),
                    computed_pence: computed.get(),
                    difference_pence: (computed - stated).get(),
                    what: format!("{part}: the variance comes to {computed}, {stated} is printed"),
                    ..about.clone()
                }));
                let share = computed_share(report, printed);
                let contradicted = share.filter(|one| printed.is_share_contradicted_by(*one));
                views.extend(contradicted.map(|computed| DifferenceView {
                    kind: DifferenceKind::VarianceShare.into(),
                    what: format!(
                        "{part}: the variance is {} of the budget, {} is printed",
                        Percent(computed),
                        Percent(printed.share_ppm.unwrap_or_default())
                    ),
                    ..about
                }));
            }
        }
    }
    views
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
                .map_or("the whole", |service| &service.name)
                .to_owned();
            let total = Percent(formula.total_ppm().into());
            DifferenceView {
                kind: DifferenceKind::Shares.into(),
                financial_year: year.to_string(),
                what: format!("{name}: the printed shares total {total}, and not 100 %"),
                service,
                figures: "formula".to_owned(),
                part: name,
                ..line_about(line, formula)
            }
        })
        .collect()
}

/// A share in millionths, of more than the whole too, and with its sign: `101 %`.
struct Percent(i64);

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (size, sign) = (self.0.unsigned_abs(), if self.0 < 0 { "-" } else { "" });
        let (whole, rest) = (size / 10_000, size % 10_000);
        let rest = format!("{rest:04}");
        match rest.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole} %"),
            rest => write!(f, "{sign}{whole}.{rest} %"),
        }
    }
}

/// The difference, in a line.
fn sentence(name: &str, computed: Pence, total: &StatedTotal, figures: &Figures) -> String {
    let stated = total.amount;
    let has_figures = !(figures.lines.is_empty() && figures.contributions.is_empty());
    let mut sentence = if has_figures {
        format!("{name}: the figures add up to {computed}, {stated} is printed")
    } else {
        format!("{name}: {computed} is printed, and {stated} in another place")
    };
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
