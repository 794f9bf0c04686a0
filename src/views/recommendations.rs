//! Recommendations, actions and commissioned reviews: what is to be done, by
//! whom, and for how long it has been open.

use super::decisions::days;
use super::names;
use crate::domain::date::PartialDate;
use crate::domain::fact::{EffectiveOrder, Fact};
use crate::domain::ids::{ItemId, SubjectId};
use crate::domain::register_view::RegisterView;
use crate::domain::subject::Subject;
use crate::wire::proto::{OutstandingKind, OutstandingView};
use crate::wire::reply;

/// The lines, oldest first: of one subject where it is named, and those that
/// are closed only where they are asked for.
pub fn list(
    outlook: &RegisterView,
    subject: Option<&SubjectId>,
    include_closed: bool,
) -> Vec<OutstandingView> {
    let mut lines: Vec<(EffectiveOrder, OutstandingView)> = Vec::new();
    for (id, of) in outlook.subjects_or(subject) {
        recommendations(outlook, &of, &mut lines, id);
        actions(outlook, &of, &mut lines, id);
        reviews(outlook, &of, &mut lines, id);
    }
    lines.retain(|(_, line)| include_closed || line.closed_on.is_none());
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

type Lines = Vec<(EffectiveOrder, OutstandingView)>;

fn recommendations(outlook: &RegisterView, of: &Subject, lines: &mut Lines, subject: &SubjectId) {
    let day = outlook.as_at();
    for (id, recommendation) in &of.dossier.recommendations {
        let made = &recommendation.made;
        let response = recommendation.responses.at(day);
        let closed = recommendation.closed.at(day);
        let line = OutstandingView {
            item_id: id.to_string(),
            what: made.what.to_string(),
            owners: made
                .addressed_to
                .iter()
                .map(|body| names::office(outlook, body, None))
                .collect(),
            due_on: reply::optional_date(made.due_on),
            response: response
                .map(|r| reply::response_choice(r.response))
                .unwrap_or_default(),
            response_text: response.map(|r| r.what.to_string()).unwrap_or_default(),
            outcome: closed
                .map(|closed| closed.outcome.to_string())
                .unwrap_or_default(),
            from: made
                .review
                .as_ref()
                .map(|review| from(of, review))
                .unwrap_or_default(),
            ..line(
                outlook,
                of,
                subject,
                OutstandingKind::Recommendation,
                made,
                closed.map(Fact::on),
            )
        };
        lines.push((made.effective_order(), line));
    }
}

fn actions(outlook: &RegisterView, of: &Subject, lines: &mut Lines, subject: &SubjectId) {
    for (id, action) in &of.dossier.actions {
        let agreed = &action.agreed;
        let closed = action.closed.at(outlook.as_at());
        let line = OutstandingView {
            item_id: id.to_string(),
            what: agreed.what.to_string(),
            owners: agreed
                .owner
                .iter()
                .map(|owner| names::actor(outlook, owner))
                .collect(),
            due_on: reply::optional_date(agreed.due_on),
            outcome: closed
                .map(|closed| closed.outcome.to_string())
                .unwrap_or_default(),
            ..line(
                outlook,
                of,
                subject,
                OutstandingKind::Action,
                agreed,
                closed.map(Fact::on),
            )
        };
        lines.push((agreed.effective_order(), line));
    }
}

fn reviews(outlook: &RegisterView, of: &Subject, lines: &mut Lines, subject: &SubjectId) {
    for (id, review) in &of.dossier.reviews {
        let Some(commissioned) = &review.commissioned else {
            continue;
        };
        let published = review.published.at(outlook.as_at());
        let reviewer = commissioned.reviewer.iter();
        let line = OutstandingView {
            item_id: id.to_string(),
            what: commissioned.title.to_string(),
            owners: reviewer
                .map(|body| names::office(outlook, body, None))
                .collect(),
            due_on: reply::optional_date(commissioned.due_on),
            outcome: published
                .map(|p| p.findings.to_string())
                .unwrap_or_default(),
            ..line(
                outlook,
                of,
                subject,
                OutstandingKind::Review,
                commissioned,
                published.map(Fact::on),
            )
        };
        lines.push((commissioned.effective_order(), line));
    }
}

/// What every line says of the fact it comes from, and for how long it was open.
fn line<T>(
    outlook: &RegisterView,
    of: &Subject,
    subject: &SubjectId,
    kind: OutstandingKind,
    since: &Fact<T>,
    closed_on: Option<PartialDate>,
) -> OutstandingView {
    OutstandingView {
        subject: subject.to_string(),
        subject_name: of.name().unwrap_or_default().to_owned(),
        kind: kind.into(),
        since_on: Some(reply::date(since.on())),
        closed_on: reply::optional_date(closed_on),
        open_days: days(since.on(), closed_on.unwrap_or(outlook.as_at().into())),
        ..OutstandingView::default()
    }
}

/// The review or audit a recommendation comes from, named.
fn from(of: &Subject, id: &ItemId) -> String {
    let audit = of.dossier.audits.get(id).map(|audit| &audit.title);
    let review = of.dossier.reviews.get(id);
    let published = review
        .and_then(|r| r.published.latest())
        .and_then(|p| p.title.as_ref());
    let commissioned = review
        .and_then(|r| r.commissioned.as_ref())
        .map(|c| &c.title);
    audit
        .or(published)
        .or(commissioned)
        .map_or_else(|| id.to_string(), ToString::to_string)
}
