//! The fold of the event by which the register records that another key signs its
//! checkpoints.

use crate::event::CheckpointKeyReplaced;
use crate::fact::Fact;
use crate::subject::Subject;

pub(super) fn checkpoint_key_replaced(subject: &mut Subject, fact: Fact<CheckpointKeyReplaced>) {
    if let Some(own) = subject.as_register_mut() {
        own.keys.insert(fact);
    }
}
