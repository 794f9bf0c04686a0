//! The whole state of one subject.

use tonic::{Response, Status};

use crate::domain::ids::SubjectId;
use crate::grpc::register::ask::{self, FieldReader};
use crate::projection::Projection;
use crate::views;
use crate::wire::proto::{StateAtRequest, StateAtResponse};

/// Answers with it.
pub async fn state_at(
    projection: &Projection,
    request: &StateAtRequest,
) -> Result<Response<StateAtResponse>, Status> {
    let mut fields = FieldReader::default();
    let id = subject(&mut fields, "subject", &request.subject);
    let as_of = request.as_of.as_ref();
    let (vantage, id) = ask::one(projection, as_of, fields, id).await?;
    ask::run_blocking(move || {
        let state = views::state::get(&vantage, &id);
        Ok(StateAtResponse {
            answered_from: ask::answered_from(&vantage),
            state: Some(state.ok_or_else(|| ask::missing(&vantage, &id))?),
        })
    })
    .await
}

/// A subject that has a state: all but the register itself.
pub fn subject(fields: &mut FieldReader, field: &str, text: &str) -> Option<SubjectId> {
    let id = fields.required(field, text)?;
    if id == SubjectId::Register {
        fields.fault(
            field,
            "no view tells anything of the register itself: name a body, a board or a \
             collaboration, or read the entries of \"register\" in its history",
        );
        return None;
    }
    Some(id)
}
