//! Explanations, in published form.

use super::{party_matrix, reasoning};
use minutebook_domain::admit::EventExplanation;
use minutebook_domain::register_view::RegisterView;
use minutebook_wire::proto::explanation::Finding;
use minutebook_wire::proto::{Explanation, FaultView};
use minutebook_wire::{reply, summary};

/// The explanation of each event, in order. The register view includes all of the
/// events, so that subjects founded by them have names.
pub fn list(register_view: &RegisterView, explained: &[EventExplanation]) -> Vec<Explanation> {
    explained
        .iter()
        .enumerate()
        .map(|(index, explained)| explanation(register_view, index, explained))
        .collect()
}

fn explanation(
    register_view: &RegisterView,
    index: usize,
    explained: &EventExplanation,
) -> Explanation {
    let event = &explained.entry.event;
    Explanation {
        currency: reply::currency(event.currency),
        event_index: u32::try_from(index).unwrap_or(u32::MAX),
        subject: event.subject.to_string(),
        what: summary::summary(event),
        rule: explained.regime.as_ref().map(reasoning::rule),
        proposal_id: reply::optional(explained.proposal.as_ref()),
        standing: explained
            .resolution
            .map(reasoning::resolution)
            .map(Into::into)
            .unwrap_or_default(),
        need: explained
            .requirement
            .as_ref()
            .map(|need| reasoning::need(register_view, need)),
        left_pence: explained.left.map(reply::pence),
        would_be_taken: explained.faults.is_empty(),
        rests_on_unknown_day: explained.rests_on_unknown_day,
        findings: explained
            .faults
            .iter()
            .map(|(field, fault)| Finding {
                field: field.clone(),
                reason: fault.reason().to_owned(),
                what: fault.to_string(),
            })
            .collect(),
        warnings: missing_party_warnings(register_view, explained),
    }
}

/// Agreements that the event would leave without a party that the law requires.
fn missing_party_warnings(
    register_view: &RegisterView,
    explained: &EventExplanation,
) -> Vec<FaultView> {
    let id = &explained.entry.event.subject;
    let Some(subject) = register_view.subject(id) else {
        return Vec::new();
    };
    party_matrix::faults(register_view, id, &subject)
        .into_iter()
        .filter(|fault| fault.position == explained.entry.position.get())
        .collect()
}
