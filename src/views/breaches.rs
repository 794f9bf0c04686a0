//! Acts without their prior approval.

use crate::domain::ids::SubjectId;
use crate::domain::outlook::Outlook;
use crate::wire::proto::BreachView;

/// The lines, oldest first.
pub fn list(_outlook: &Outlook, _subject: Option<&SubjectId>) -> Vec<BreachView> {
    Vec::new()
}
