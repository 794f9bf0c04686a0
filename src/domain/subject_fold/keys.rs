//! The fold of the event by which the register records that another key signs its
//! checkpoints.

use crate::domain::event::CheckpointKeyReplaced;
use crate::domain::fact::Fact;
use crate::domain::subject::{Subject, SubjectKind};

pub(super) fn checkpoint_key_replaced(subject: &mut Subject, fact: Fact<CheckpointKeyReplaced>) {
    match &mut subject.kind {
        SubjectKind::Register(keys) => keys.insert(fact),
        SubjectKind::Body(_) | SubjectKind::Board(_) | SubjectKind::Collaboration(_) => {}
    }
}
