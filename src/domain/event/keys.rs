//! The event by which the register says that another key signs its checkpoints.

use crate::text::{Name, Text};

/// Another key signs the register's checkpoints from this entry on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointKeyReplaced {
    pub verifier_key: Name,
    /// A statement on the log before this entry, signed by both keys.
    pub statement: Text,
}
