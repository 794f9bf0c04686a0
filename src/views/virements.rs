//! Virements and disposals: approved, made, left.

use crate::domain::ids::SubjectId;
use crate::domain::outlook::Outlook;
use crate::wire::proto::{DisposalView, VirementView};

/// The lines, oldest first.
pub fn list(
    _outlook: &Outlook,
    _subject: Option<&SubjectId>,
) -> (Vec<VirementView>, Vec<DisposalView>) {
    (Vec::new(), Vec::new())
}
