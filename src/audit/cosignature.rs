//! Cosignatures: a witness says when it saw a checkpoint, as C2SP
//! tlog-cosignature v1 has it.

use super::key::{SigningKey, VerifierKey};
use super::note::{Note, Signature, Unverified};

/// What is signed.
fn message(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// A witness's signature on a checkpoint that it saw at a time, in seconds since
/// 1970.
pub fn sign(note: &Note, key: &SigningKey, time: u64) -> Signature {
    let signed = key.signature(message(time, note.text()).as_bytes());
    Signature {
        name: key.name().to_owned(),
        key: key.verifier().id(),
        bytes: [&time.to_be_bytes()[..], &signed].concat(),
    }
}

/// Checks that a witness signed this text, and says when it saw it.
pub fn verify(note: &Note, key: &VerifierKey) -> Result<u64, Unverified> {
    let signature = note.signature_by(key).ok_or(Unverified::Missing)?;
    let (time, signed) = signature
        .bytes
        .split_at_checked(8)
        .ok_or(Unverified::Wrong)?;
    let time = u64::from_be_bytes(time.try_into().map_err(|_| Unverified::Wrong)?);
    let signed: &[u8; 64] = signed.try_into().map_err(|_| Unverified::Wrong)?;
    if key.is_of(message(time, note.text()).as_bytes(), signed) {
        Ok(time)
    } else {
        Err(Unverified::Wrong)
    }
}
