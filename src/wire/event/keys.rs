//! The event by which the register says that another key signs its checkpoints.

use crate::domain::event::CheckpointKeyReplaced;
use crate::wire::fields::{Read, name, some_text};
use crate::wire::proto;
use crate::wire::violation::Reader;

impl Read for CheckpointKeyReplaced {
    type Wire = proto::CheckpointKeyReplaced;

    fn read(r: &mut Reader, m: &proto::CheckpointKeyReplaced) -> Option<Self> {
        let verifier_key = name(r, "verifier_key", &m.verifier_key);
        let statement = some_text(r, "statement", &m.statement);
        Some(Self {
            verifier_key: verifier_key?,
            statement: statement?,
        })
    }
}
