//! Recommendations, actions and commissioned reviews, with their owners and how long
//! they have been open.

use super::decisions::days;
use super::names;
use minutebook_domain::date::PartialDate;
use minutebook_domain::event::RecommendationResponded;
use minutebook_domain::fact::{EffectiveOrder, Fact};
use minutebook_domain::ids::{ItemId, SubjectId};
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::{OutstandingKind, OutstandingView, ResponseView};
use minutebook_wire::reply;

/// The lines, oldest first, optionally of one subject. Closed items are optional.
pub fn list(
    register_view: &RegisterView,
    subject: Option<&SubjectId>,
    include_closed: bool,
) -> Vec<OutstandingView> {
    let mut lines: Vec<(EffectiveOrder, OutstandingView)> = Vec::new();
    for (id, subject) in register_view.subjects_or(subject) {
        recommendations(register_view, &subject, &mut lines, id);
        actions(register_view, &subject, &mut lines, id);
        reviews(register_view, &subject, &mut lines, id);
    }
    lines.retain(|(_, line)| include_closed || line.closed_on.is_none());
    lines.sort_by_cached_key(|(order, _)| *order);
    lines.into_iter().map(|(_, line)| line).collect()
}

type Lines = Vec<(EffectiveOrder, OutstandingView)>;

fn recommendations(
    register_view: &RegisterView,
    subject: &Subject,
    lines: &mut Lines,
    subject_id: &SubjectId,
) {
    let day = register_view.as_at();
    for (id, recommendation) in &subject.dossier.recommendations {
        let made = &recommendation.made;
        let response = recommendation.responses.at(day);
        let closed = recommendation.closed.at(day);
        let line = OutstandingView {
            item_id: id.to_string(),
            what: made.what.to_string(),
            owners: made
                .addressed_to
                .iter()
                .map(|body| names::office(register_view, body, None))
                .collect(),
            due_on: reply::optional_date(recommendation.due_on(day)),
            first_due_on: reply::optional_date(
                made.due_on
                    .filter(|first| recommendation.due_on(day) != Some(*first)),
            ),
            priority: made.priority.to_string(),
            responses: recommendation
                .responses
                .by(day)
                .map(|answer| response_view(register_view, answer))
                .collect(),
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
                .map(|review| from(subject, review))
                .unwrap_or_default(),
            ..line(
                register_view,
                subject,
                subject_id,
                OutstandingKind::Recommendation,
                made,
                closed.map(Fact::on),
            )
        };
        lines.push((made.effective_order(), line));
    }
}

fn response_view(
    register_view: &RegisterView,
    answer: &Fact<RecommendationResponded>,
) -> ResponseView {
    let by = answer.source.entry.event.acted_by.as_ref();
    ResponseView {
        by: by.map(|by| names::actor(register_view, by)),
        response: reply::response_choice(answer.response),
        what: answer.what.to_string(),
        on: Some(reply::date(answer.on())),
        due_on: reply::optional_date(answer.due_on),
        position: answer.position().get(),
        progress: answer.progress.to_string(),
    }
}

fn actions(
    register_view: &RegisterView,
    subject: &Subject,
    lines: &mut Lines,
    subject_id: &SubjectId,
) {
    for (id, action) in &subject.dossier.actions {
        let agreed = &action.agreed;
        let closed = action.closed.at(register_view.as_at());
        let line = OutstandingView {
            item_id: id.to_string(),
            what: agreed.what.to_string(),
            owners: agreed
                .owner
                .iter()
                .map(|owner| names::actor(register_view, owner))
                .collect(),
            due_on: reply::optional_date(agreed.due_on),
            recommendation_id: reply::optional(agreed.recommendation.as_ref()),
            meeting: agreed.meeting.as_ref().map(reply::voting::meeting),
            outcome: closed
                .map(|closed| closed.outcome.to_string())
                .unwrap_or_default(),
            ..line(
                register_view,
                subject,
                subject_id,
                OutstandingKind::Action,
                agreed,
                closed.map(Fact::on),
            )
        };
        lines.push((agreed.effective_order(), line));
    }
}

fn reviews(
    register_view: &RegisterView,
    subject: &Subject,
    lines: &mut Lines,
    subject_id: &SubjectId,
) {
    for (id, review) in &subject.dossier.reviews {
        let Some(commissioned) = &review.commissioned else {
            continue;
        };
        let published = review.published.at(register_view.as_at());
        let reviewer = commissioned.reviewer.iter();
        let line = OutstandingView {
            item_id: id.to_string(),
            what: commissioned.title.to_string(),
            owners: reviewer
                .map(|body| names::office(register_view, body, None))
                .collect(),
            due_on: reply::optional_date(commissioned.due_on),
            outcome: published
                .map(|p| p.findings.to_string())
                .unwrap_or_default(),
            ..line(
                register_view,
                subject,
                subject_id,
                OutstandingKind::Review,
                commissioned,
                published.map(Fact::on),
            )
        };
        lines.push((commissioned.effective_order(), line));
    }
}

/// The fields that every line takes from its fact, and the days it was open.
fn line<T>(
    register_view: &RegisterView,
    subject: &Subject,
    subject_id: &SubjectId,
    kind: OutstandingKind,
    since: &Fact<T>,
    closed_on: Option<PartialDate>,
) -> OutstandingView {
    OutstandingView {
        subject: subject_id.to_string(),
        subject_name: subject.name().unwrap_or_default().to_owned(),
        kind: kind.into(),
        since_on: Some(reply::date(since.on())),
        closed_on: reply::optional_date(closed_on),
        open_days: days(
            since.on(),
            closed_on.unwrap_or(register_view.as_at().into()),
        ),
        ..OutstandingView::default()
    }
}

/// The review or audit that made a recommendation.
fn from(subject: &Subject, id: &ItemId) -> String {
    let audit = subject.dossier.audits.get(id).map(|audit| &audit.title);
    let review = subject.dossier.reviews.get(id);
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
