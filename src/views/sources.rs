//! The facts in effect, each with the documents that state it.

use std::sync::Arc;

use super::names;
use minutebook_domain::entry::Entry;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::SourceView;
use minutebook_wire::{reply, summary};

/// The entries in effect, by subject and by the day from which each holds; optionally of
/// one subject.
pub fn entries(register_view: &RegisterView, subject: Option<&SubjectId>) -> Vec<Arc<Entry>> {
    let subjects = register_view.subjects_or(subject);
    let ids: Vec<&SubjectId> = subjects.map(|(id, _)| id).collect();
    ids.into_iter()
        .flat_map(|id| register_view.in_effect(id))
        .collect()
}

/// The line of an entry.
pub fn line(register_view: &RegisterView, entry: &Entry) -> SourceView {
    let event = &entry.event;
    SourceView {
        subject: event.subject.to_string(),
        subject_name: names::subject(register_view, &event.subject),
        position: entry.position.get(),
        summary: summary::summary(event),
        effective_on: Some(reply::date(entry.effective_on())),
        decided_on: reply::optional_date(event.decided_on),
        acted_by: event
            .acted_by
            .as_ref()
            .map(|actor| names::actor(register_view, actor)),
        sources: reply::sources(&event.sources),
        note: event.note.to_string(),
        effective_on_is: reply::date_is(event.effective_on_is),
    }
}
