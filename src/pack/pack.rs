//! The pack itself, before it is composed and written.

use jiff::Timestamp;
use minutebook_paper::entry_links::EntryLinks;

use crate::answers::PackAnswers;
use crate::plan::PackPlan;
use crate::seal::PackSeal;

/// The pack of a meeting: all that its files are written from.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    pub plan: PackPlan,
    pub answers: PackAnswers,
    pub seal: PackSeal,
    pub made_at: Timestamp,
    /// Where the register shows its entries, if somebody may look there.
    pub register: Option<EntryLinks>,
}
