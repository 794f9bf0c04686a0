//! Explanations, in published form.

use super::{party_matrix, reasoning};
use crate::domain::admit::EventExplanation;
use crate::domain::register_view::RegisterView;
use crate::wire::proto::explanation::Finding;
use crate::wire::proto::{Explanation, FaultView};
use crate::wire::{reply, summary};

/// What is said of each event, in order. The outlook is that of the register as
/// it would be with all of them, so that what they found has its name.
pub fn list(outlook: &RegisterView, explained: &[EventExplanation]) -> Vec<Explanation> {
    explained
        .iter()
        .enumerate()
        .map(|(index, said)| one(outlook, index, said))
        .collect()
}

fn one(outlook: &RegisterView, index: usize, said: &EventExplanation) -> Explanation {
    let event = &said.entry.event;
    Explanation {
        event_index: u32::try_from(index).unwrap_or(u32::MAX),
        subject: event.subject.to_string(),
        what: summary::summary(event),
        rule: said.regime.as_ref().map(reasoning::rule),
        proposal_id: reply::optional(said.proposal.as_ref()),
        standing: said
            .resolution
            .map(reasoning::fate)
            .map(Into::into)
            .unwrap_or_default(),
        need: said
            .requirement
            .as_ref()
            .map(|need| reasoning::need(outlook, need)),
        left_pence: said.left.map(reply::pence),
        would_be_taken: said.faults.is_empty(),
        findings: said
            .faults
            .iter()
            .map(|(field, fault)| Finding {
                field: field.clone(),
                reason: fault.reason().to_owned(),
                what: fault.to_string(),
            })
            .collect(),
        warnings: left_behind(outlook, said),
    }
}

/// What the event would leave behind: an agreement without the parties that the
/// law asks for.
fn left_behind(outlook: &RegisterView, said: &EventExplanation) -> Vec<FaultView> {
    let id = &said.entry.event.subject;
    let Some(subject) = outlook.subject(id) else {
        return Vec::new();
    };
    party_matrix::faults(outlook, id, &subject)
        .into_iter()
        .map(|broken| broken.view)
        .filter(|fault| fault.position == said.entry.position.get())
        .collect()
}
