//! The whole state of one subject.

use tonic::Status;

use crate::field_reader::FieldReader;
use crate::missing::subject_not_found;
use crate::query::{ItemRequest, answered_from};
use crate::wire::proto::{AsOf, StateAtRequest, StateAtResponse};
use minutebook_domain::ids::SubjectId;
use minutebook_kernel::projection::PinnedView;
use minutebook_views as views;

impl ItemRequest for StateAtRequest {
    type Key = SubjectId;
    type Response = StateAtResponse;

    fn as_of(&self) -> Option<&AsOf> {
        self.as_of.as_ref()
    }

    fn read_key(&self, fields: &mut FieldReader) -> Option<SubjectId> {
        read_stateful_subject(fields, "subject", &self.subject)
    }

    fn answer(id: SubjectId, view: &PinnedView) -> Result<StateAtResponse, Status> {
        let state = views::state::get(view, &id);
        let state = state.ok_or_else(|| subject_not_found(view, &id))?;
        Ok(StateAtResponse {
            answered_from: answered_from(view),
            state: Some(state),
        })
    }
}

/// Reads a subject that has a state: any but the register itself.
pub fn read_stateful_subject(
    fields: &mut FieldReader,
    field: &str,
    text: &str,
) -> Option<SubjectId> {
    let id = fields.required(field, text)?;
    if id == SubjectId::Register {
        fields.fault(
            field,
            "the register itself has no state: name a body, a board or a collaboration, or read \
             the entries of \"register\" in its history",
        );
        return None;
    }
    Some(id)
}
