//! Approvals: every proposal, where it stands, who is awaited and since when.

use crate::domain::ids::{BodyId, SubjectId};
use crate::domain::outlook::Outlook;
use crate::wire::proto::ApprovalView;

/// The lines, oldest first.
pub fn list(
    _outlook: &Outlook,
    _subject: Option<&SubjectId>,
    _body: Option<&BodyId>,
    _outstanding_only: bool,
) -> Vec<ApprovalView> {
    Vec::new()
}
