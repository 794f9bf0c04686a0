//! The subject of an id that was given without its kind.

use crate::client::Client;
use crate::failure::Failure;
use crate::history::Subjects;
use minutebook_grpc::wire::proto::{EntryFilter, ReadHistoryRequest};

/// Of several possible subjects, the one that has entries; where none has, the last,
/// which is a collaboration.
pub async fn resolve_subject(client: &Client, subjects: &Subjects) -> Result<String, Failure> {
    let Subjects(subjects) = subjects;
    let otherwise = subjects.last().cloned().unwrap_or_default();
    if subjects.len() < 2 {
        return Ok(otherwise);
    }
    let request = ReadHistoryRequest {
        filter: Some(EntryFilter {
            subjects: subjects.clone(),
            kinds: Vec::new(),
        }),
        limit: 1,
        ..ReadHistoryRequest::default()
    };
    let mut history = client.audit().read_history(request).await?.into_inner();
    let first = history.message().await?;
    let entry = first.and_then(|answer| answer.entry);
    let event = entry.and_then(|entry| entry.event);
    Ok(event.map_or(otherwise, |event| event.subject))
}
