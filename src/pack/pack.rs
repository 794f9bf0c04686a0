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
    /// Where the register shows its entries, if somebody may look there.
    pub register: Option<EntryLinks>,
}

impl Pack {
    /// The instant that its files name as that of their making: that of the last entry that
    /// the answers know. So the same pack always has the same bytes.
    pub fn made_at(&self) -> Timestamp {
        let board = self.answers.get(&self.plan.board());
        let from = board.and_then(|answer| answer.answered_from.as_ref());
        let at = from.and_then(|from| from.known_at);
        let instant = at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok());
        instant.unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
