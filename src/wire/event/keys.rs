//! Reading and summaries for the event by which the register records a new
//! checkpoint key.

use crate::fields::{FromWire, name, required_text};
use crate::proto;
use crate::summary::Summary;
use crate::violation::MessageReader;
use minutebook_domain::event::CheckpointKeyReplaced;

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
