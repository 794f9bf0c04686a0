//! Mandates: what callers who have signed in may record and read.

use super::names;
use minutebook_domain::entry::RecordedCaller;
use minutebook_domain::event::MandateRole;
use minutebook_domain::ids::SubjectId;
use minutebook_domain::mandate::Mandate;
use minutebook_domain::money::Pence;
use minutebook_domain::register_view::RegisterView;
use minutebook_domain::subject::Subject;
use minutebook_wire::proto::MandateView;
use minutebook_wire::{caller, reply};

/// The lines, in the order in which they were granted: those in force, or all, also those
/// that begin later; optionally those that cover a subject. Each with its end, also if that
/// is still to come.
pub fn list(
    register_view: &RegisterView,
    all: bool,
    subject: Option<&SubjectId>,
) -> Vec<MandateView> {
    let own = register_view.in_the_end().subject(&SubjectId::Register);
    let Some(own) = own.as_deref().and_then(Subject::as_register) else {
        return Vec::new();
    };
    let day = register_view.as_at();
    let mut mandates: Vec<&Mandate> = own
        .mandates
        .iter()
        .map(|(_, mandate)| mandate)
        .filter(|mandate| all || mandate.is_in_force(day))
        .filter(|mandate| subject.is_none_or(|subject| mandate.covers_subject(subject)))
        .collect();
    mandates.sort_by_key(|mandate| mandate.granted.position());
    let views = mandates.into_iter();
    views.map(|mandate| view(register_view, mandate)).collect()
}

/// A mandate on the day of the view.
pub fn view(register_view: &RegisterView, mandate: &Mandate) -> MandateView {
    let granted = &mandate.granted;
    let revoked = mandate.revoked.as_ref();
    let entry = &granted.source.entry;
    let has_everything = matches!(granted.role, MandateRole::Keeper | MandateRole::Auditor);
    let boards = granted.boards.iter();
    let collaborations = granted.collaborations.iter();
    MandateView {
        mandate_id: granted.mandate.to_string(),
        holder: Some(caller::holder(&granted.holder)),
        role: reply::mandate_role(granted.role),
        recorded_as: granted.recorded_as.to_string(),
        bodies: names::bodies(register_view, &granted.bodies),
        offices: granted
            .offices
            .iter()
            .map(|office| names::actor(register_view, office))
            .collect(),
        boards: boards.map(|id| names::board(register_view, id)).collect(),
        collaborations: collaborations
            .map(|id| names::collaboration(register_view, id))
            .collect(),
        whole_register: granted.whole_register || has_everything,
        event_kinds: granted.kinds.iter().map(ToString::to_string).collect(),
        up_to_pence: granted.up_to.map(|pence| pence.get()),
        currency: reply::currency(granted.up_to.map(Pence::currency)),
        from_on: Some(reply::date(granted.on())),
        until_on: reply::optional_date(granted.until),
        revoked_on: reply::optional_date(revoked.map(|fact| fact.on())),
        revoked_reason: revoked
            .map(|fact| fact.reason.to_string())
            .unwrap_or_default(),
        in_force: mandate.is_in_force(register_view.as_at()),
        position: granted.position().get(),
        granted_by: entry.recorded_by.to_string(),
        granted_at_store: entry.caller == RecordedCaller::Store,
        reads_up_to: reply::protective_marking(granted.reads_up_to()),
        revoked_position: revoked
            .map(|fact| fact.position().get())
            .unwrap_or_default(),
    }
}
