//! A secret that is derived from a signing key, and authenticates files that only the
//! register itself reads.

use std::fmt;

use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;

/// A secret for one purpose: see [`SigningKey::derive_secret`].
///
/// [`SigningKey::derive_secret`]: super::key::SigningKey::derive_secret
#[derive(Clone)]
pub struct DerivedSecret([u8; 32]);

impl DerivedSecret {
    pub(super) const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// The beginning of an authentication code.
    pub fn mac(&self) -> Hmac<Sha256> {
        // HMAC takes a key of any length.
        Hmac::new_from_slice(&self.0).expect("a secret of 32 bytes")
    }
}

impl fmt::Debug for DerivedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DerivedSecret")
    }
}
