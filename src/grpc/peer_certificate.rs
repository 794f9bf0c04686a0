//! The client certificate of a connection, once it is verified.

use jiff::Timestamp;

use crate::domain::caller::Principal;

/// Whom a client certificate names, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerCertificate {
    /// Its issuer is `certificate`, a space, and the SHA-256 fingerprint of the client CA
    /// that its chain ends in, in small hexadecimal digits. Two CAs may each name a
    /// `payments.example.gov.uk`, and a CA can call itself what it likes: its fingerprint is
    /// its own. Its value is the first URI in the certificate, or else the first DNS name.
    pub principal: Principal,
    /// A connection may outlive its certificate: to be checked at each call.
    pub expires_at: Timestamp,
}

impl PeerCertificate {
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now > self.expires_at
    }
}
