//! Rules for the event by which the register records that another key signs its
//! checkpoints.

use super::event_check::EventCheck;
use crate::event::CheckpointKeyReplaced;

/// The register records this event itself, after it has checked the statement.
pub(super) fn checkpoint_key_replaced(_: &mut EventCheck<'_>, _: &CheckpointKeyReplaced) {}
