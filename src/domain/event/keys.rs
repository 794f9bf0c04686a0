//! The event by which the register says that another key signs its checkpoints.

use crate::domain::text::{Name, Text};

/// Another key signs the register's checkpoints from here on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointKeyReplaced {
    /// The new verifier key.
    pub verifier_key: Name,
    /// The log before, signed by both keys.
    pub statement: Text,
}
