//! Why a server could not be reached, and the way out.

use std::error::Error;

use tokio_rustls::rustls::{CertificateError, Error as TlsError};
use tonic::transport::Error as TransportError;

use super::connector::{ConnectError, HandshakeError};
use super::failure::{Failure, chain};
use super::server_url::ServerUrl;
use minutebook_kernel::error_chain::error_chain;

/// The failure of a connection.
pub fn unreachable(url: &ServerUrl, error: &TransportError) -> Failure {
    Failure::Unreachable(match connect_error(error) {
        Some(ConnectError::Handshake(HandshakeError::Tls(error))) => refused(url, error),
        Some(ConnectError::Handshake(HandshakeError::Io(error))) => format!(
            "{url} ended the connection during the TLS handshake: {}.\nIf the server has no TLS, \
             write http://; if a client certificate was shown, the log of the server says why it \
             was refused.",
            chain(error)
        ),
        Some(error @ ConnectError::NotHttp2) => format!(
            "No calls can be made to {url}: {error}.\nIs this the address of a register? A proxy \
             before one must pass HTTP/2 on."
        ),
        Some(error @ ConnectError::Proxy { .. }) => format!(
            "No server can be reached at {url}: {}.\nThe environment names the proxy (HTTPS_PROXY); \
             hosts in NO_PROXY are called without it.",
            chain(error)
        ),
        Some(ConnectError::Io(_)) | None => {
            // The innermost error says "connection refused".
            let cause = error_chain(error).last();
            let cause = cause.map(chain).unwrap_or_default();
            format!(
                "No server can be reached at {url}: {cause}.\nStart one with \"minutebook serve\", or \
                 name another with --server or MINUTEBOOK_SERVER."
            )
        }
    })
}

fn connect_error(error: &TransportError) -> Option<&ConnectError> {
    let mut cause = Error::source(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

fn refused(url: &ServerUrl, error: &TlsError) -> String {
    let why = match error {
        TlsError::InvalidCertificate(error) => return certificate_refused(url, error),
        TlsError::InvalidMessage(_) => {
            return format!(
                "{url} does not speak TLS ({error}).\nIf the server has none, write http://, which \
                 is safe on one machine alone; if it should, its operator sets it up with \"serve \
                 --tls-cert --tls-key\"."
            );
        }
        error => error.to_string(),
    };
    format!(
        "No connection with TLS can be made to {url}: {why}.\nThe server must speak TLS 1.2 or 1.3; \
         its log says more."
    )
}

fn certificate_refused(url: &ServerUrl, error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => format!(
            "The certificate of {url} is not trusted: no CA that this command trusts has issued \
             it.\nGive the CA with --ca or MINUTEBOOK_CA; without it, the public CAs are trusted."
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => format!(
            "The certificate of {url} has expired ({error}).\nIts operator must renew it. If it has \
             not expired, the clock of this machine is wrong."
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => format!(
            "The certificate of {url} is not valid yet ({error}).\nIf it is, the clock of this \
             machine is wrong."
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!(
                "The certificate of {url} is for another name ({error}).\nCall the server by a name \
                 that is in its certificate, or have its operator add this one."
            )
        }
        error => format!(
            "The certificate of {url} is not accepted: {error}.\nIts operator must replace it; the \
             CAs are those of --ca or MINUTEBOOK_CA, or else the public ones."
        ),
    }
}
