//! Reading and summaries for the event by which the register records a new
//! checkpoint key.

use crate::domain::event::CheckpointKeyReplaced;
use crate::wire::fields::{FromWire, name, required_text};
use crate::wire::proto;
use crate::wire::summary::Summary;
use crate::wire::violation::MessageReader;

impl FromWire for CheckpointKeyReplaced {
    type Wire = proto::CheckpointKeyReplaced;

    fn read(r: &mut MessageReader, m: &proto::CheckpointKeyReplaced) -> Option<Self> {
        let verifier_key = name(r, "verifier_key", &m.verifier_key);
        let statement = required_text(r, "statement", &m.statement);
        Some(Self {
            verifier_key: verifier_key?,
            statement: statement?,
        })
    }
}

// ─── Summaries ──────────────────────────────────────────────────────────────

impl Summary for CheckpointKeyReplaced {
    fn line(&self) -> String {
        format!("another key signs the checkpoints: {}", self.verifier_key)
    }
}
