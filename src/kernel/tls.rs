//! TLS as both sides use it: the one provider of cryptography, and the PEM files.
//!
//! rustls does TLS, with *ring* named as its provider wherever a configuration is made: a
//! second provider that some crate brings along must not decide. Only TLS 1.3 and 1.2 are
//! spoken.

mod pem;

use std::sync::Arc;

use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{RootCertStore, SupportedProtocolVersion};

pub use self::pem::{PemFileError, PrivatePem, read_certificates, read_crls, read_private_key};

/// The versions that are spoken.
pub const VERSIONS: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// The protocols that are spoken inside TLS, the preferred one first (ALPN).
pub const HTTP2: &[u8] = b"h2";
pub const HTTP1: &[u8] = b"http/1.1";

pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The roots that browsers trust (Mozilla's list), as they were when this program was
/// built.
pub fn public_roots() -> RootCertStore {
    RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    }
}
