//! The client certificate of a connection, once it is verified.

use std::fmt::Debug;
use std::sync::Arc;

use jiff::Timestamp;

use minutebook_domain::caller::Principal;

/// Whom a client certificate names, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerCertificate {
    /// Its issuer is `certificate`, a space, and the SHA-256 fingerprint of the client CA
    /// that its chain ends in, in small hexadecimal digits. Two CAs may each name a
    /// `payments.example.gov.uk`, and a CA can call itself what it likes: its fingerprint is
    /// its own. Its value is the first URI in the certificate, or else the first DNS name.
    pub principal: Principal,
    pub expires_at: Timestamp,
}

/// The certificate that a client showed when it connected. A connection may outlive it.
pub trait ShownCertificate: Debug + Send + Sync {
    /// Whom it names, while it counts: until it expires, or until a client CA or a list of
    /// revoked certificates that was read later no longer lets it in.
    fn names(&self, now: Timestamp) -> Option<&Principal>;
}

/// The certificate that vouches for the caller of a call. In the extensions of its request.
#[derive(Debug, Clone)]
pub struct CertifiedBy(pub Arc<dyn ShownCertificate>);

impl PeerCertificate {
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now > self.expires_at
    }
}
