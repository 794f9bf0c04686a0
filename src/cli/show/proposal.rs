//! The proposal that a person names by its id or by an entry about it.

use crate::client::Client;
use crate::failure::Failure;
use crate::id::ProposalName;
use minutebook_grpc::wire::json;
use minutebook_grpc::wire::proto::ReadHistoryRequest;
use minutebook_present::table::sanitise_for_terminal;

/// The id of the proposal.
pub async fn id_of(name: &ProposalName, client: &Client) -> Result<String, Failure> {
    let position = match name {
        ProposalName::Id(id) => return Ok(id.clone()),
        ProposalName::Entry(position) => *position,
    };
    let request = ReadHistoryRequest {
        from_position: position,
        to_position: position,
        ..Default::default()
    };
    let mut history = client.audit().read_history(request).await?.into_inner();
    let answer = history.message().await?.unwrap_or_default();
    let Some(event) = answer.entry.and_then(|entry| entry.event) else {
        return Err(Failure::Refused(format!(
            "There is no entry {position} in the register."
        )));
    };
    proposal_in(&json::to_value(&event)).ok_or_else(|| {
        Failure::Refused(format!(
            "Entry {position} is about no proposal: it says \"{}\".",
            sanitise_for_terminal(&answer.summary)
        ))
    })
}

/// The first proposal that an event names, found in its JSON form, so that an event
/// kind added to the protocol needs nothing here.
fn proposal_in(value: &serde_json::Value) -> Option<String> {
    let fields = value.as_object()?;
    let own = fields.get("proposalId").and_then(|id| id.as_str());
    own.map(str::to_owned)
        .or_else(|| fields.values().find_map(proposal_in))
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_grpc::wire::proto::{Event, MatterProposed, event::Kind};

    #[test]
    fn an_entry_names_the_proposal_it_is_about() {
        let event = Event {
            subject: "collaborations/bch".into(),
            kind: Some(Kind::MatterProposed(MatterProposed {
                proposal_id: "p".into(),
                ..Default::default()
            })),
            ..Default::default()
        };
        let named = |event: &Event| proposal_in(&json::to_value(event));
        assert_eq!(named(&event).as_deref(), Some("p"));
        let other = Event {
            kind: None,
            ..event
        };
        assert_eq!(named(&other), None);
    }
}
