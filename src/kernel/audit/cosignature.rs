//! Cosignatures: a witness signs a checkpoint and the time at which it saw it, as C2SP
//! tlog-cosignature v1 specifies.

use super::key::{SigningKey, VerifierKey};
use super::note::{Note, Signature, Unverified};

fn message(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// Signs a checkpoint for a witness, at a time in seconds since 1970.
pub fn sign(note: &Note, key: &SigningKey, time: u64) -> Signature {
    let signed = key.signature(message(time, note.text()).as_bytes());
    Signature {
        name: key.name().to_owned(),
        key: key.verifier().id(),
        bytes: [&time.to_be_bytes()[..], &signed].concat(),
    }
}

/// Checks that a witness signed this text; returns the time, in seconds since 1970.
pub fn verify(note: &Note, key: &VerifierKey) -> Result<u64, Unverified> {
    let signature = note.signature_by(key).ok_or(Unverified::Missing)?;
    let (time, signed) = signature
        .bytes
        .split_at_checked(8)
        .ok_or(Unverified::Wrong)?;
    let time = u64::from_be_bytes(time.try_into().map_err(|_| Unverified::Wrong)?);
    let signed: &[u8; 64] = signed.try_into().map_err(|_| Unverified::Wrong)?;
    if key.has_signed(message(time, note.text()).as_bytes(), signed) {
        Ok(time)
    } else {
        Err(Unverified::Wrong)
    }
}
