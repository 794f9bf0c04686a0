//! Readings that the mandates of a caller do not cover.

use tonic::Status;

use super::builder::StatusBuilder;
use super::{Reason, sign_in_required};
use minutebook_domain::clearance::ReadingRefused;

/// A caller who may read nothing.
pub fn reading_refused(refused: ReadingRefused) -> Status {
    match refused {
        ReadingRefused::NotSignedIn => sign_in_required(),
        ReadingRefused::NoMandate => StatusBuilder::new(
            Reason::ReadingNotMandated,
            "this register has a keeper, and the caller holds no mandate that is in force: ask a \
             keeper for one, such as a reader's (mandate_granted); \"minutebook whoami\" shows by \
             which group, client or certificate you can hold it",
        )
        .status(),
    }
}

/// An export for a caller from whom something is withheld: it would have holes.
pub fn export_refused() -> Status {
    StatusBuilder::new(
        Reason::ReadingNotMandated,
        "an export has every entry, so it needs a mandate as auditor: ask a keeper for one, or \
         read the history, which has the hash of each entry in the place of what is withheld",
    )
    .status()
}
