//! Notices, and when they take effect.

use crate::domain::ids::SubjectId;
use crate::domain::outlook::Outlook;
use crate::wire::proto::NoticeView;

/// The lines, by the day they take effect.
pub fn list(
    _outlook: &Outlook,
    _subject: Option<&SubjectId>,
    _include_past: bool,
) -> Vec<NoticeView> {
    Vec::new()
}
