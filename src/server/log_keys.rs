//! The keys that the entries of a log name.

use crate::domain::ids::SubjectId;
use crate::domain::register::Register;
use crate::domain::subject::Subject;
use crate::notary::{KeyChain, KeyChainError};

/// Checks the statements of the replacements in a register.
pub(super) fn key_chain(register: &Register) -> Result<KeyChain, KeyChainError> {
    let subject = register.subject(&SubjectId::Register);
    match subject.and_then(Subject::as_register) {
        Some(own) => KeyChain::of(own.keys.iter().map(|replaced| replaced.statement.as_str())),
        None => Ok(KeyChain::default()),
    }
}
