//! The fold of the event by which the register records that another key signs its
//! checkpoints.

use crate::domain::event::CheckpointKeyReplaced;
use crate::domain::fact::Fact;
use crate::domain::subject::Subject;

pub(super) fn checkpoint_key_replaced(subject: &mut Subject, fact: Fact<CheckpointKeyReplaced>) {
    if let Some(own) = subject.as_register_mut() {
        own.keys.insert(fact);
    }
}
