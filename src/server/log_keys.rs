//! The keys that the entries of a log name.

use minutebook_domain::ids::SubjectId;
use minutebook_domain::register::Register;
use minutebook_domain::subject::Subject;
use minutebook_kernel::notary::{KeyChain, KeyChainError};

/// Checks the statements of the replacements in a register.
pub(super) fn key_chain(register: &Register) -> Result<KeyChain, KeyChainError> {
    let subject = register.subject(&SubjectId::Register);
    match subject.and_then(Subject::as_register) {
        Some(own) => KeyChain::of(own.keys.iter().map(|replaced| replaced.statement.as_str())),
        None => Ok(KeyChain::default()),
    }
}
