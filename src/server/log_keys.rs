//! The keys that the entries of a log name.

use crate::domain::ids::SubjectId;
use crate::domain::register::Register;
use crate::domain::subject::SubjectKind;
use crate::notary::{KeyChain, KeyChainError};

/// Checks the statements of the replacements in a register.
pub(super) fn key_chain(register: &Register) -> Result<KeyChain, KeyChainError> {
    let subject = register.subject(&SubjectId::Register);
    match subject.as_ref().map(|subject| &subject.kind) {
        Some(SubjectKind::Register(keys)) => {
            KeyChain::of(keys.iter().map(|replaced| replaced.statement.as_str()))
        }
        _ => Ok(KeyChain::default()),
    }
}
