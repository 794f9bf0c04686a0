//! Requests to identity providers: few, small, and only to where the settings lead.
//!
//! A provider is asked over TLS; plain HTTP is only for one on this machine. Redirects are
//! not followed, because none of these requests needs one, and an answer could otherwise
//! lead elsewhere.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, Uri};
use serde::de::DeserializeOwned;
use tokio_rustls::rustls::{self, CertificateError};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

/// The time limit for one request.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The most bytes of an answer that are read.
const ANSWER_BYTES_MAX: u64 = 256 * 1024;

/// Why a provider gave no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    #[error("{url} is no address to ask: https, or http on this machine, is needed")]
    Address { url: String },
    #[error("{url} cannot be reached: {why}")]
    Unreachable { url: String, why: String },
    /// Its certificate may be good, but not by the authorities that this program trusts.
    #[error("{url} shows the certificate of a CA that is not among {trusted}")]
    UnknownAuthority { url: String, trusted: &'static str },
    #[error("{url} answered with status {status}")]
    Status { url: String, status: u16 },
    #[error("the answer of {url} cannot be used: {why}")]
    Answer { url: String, why: String },
}

/// Whether a URL may be asked: `https`, or `http` on this machine.
pub fn is_safe(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else {
        return false;
    };
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let is_plain = !authority.is_empty() && !authority.contains('@');
    match uri.scheme_str() {
        Some("https") => is_plain,
        Some("http") => is_plain && uri.host().is_some_and(is_loopback),
        _ => false,
    }
}

/// Whether a host is this machine, by a name that nobody else can give it.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_address = |address: IpAddr| address.to_canonical().is_loopback();
    host == "localhost" || host.parse().is_ok_and(is_address)
}

/// Asks one provider. Clones share its connections.
#[derive(Debug, Clone)]
pub struct ProviderHttp {
    agent: Arc<ureq::Agent>,
    /// The authorities by which its certificate is trusted, in words.
    trusted: &'static str,
}

impl ProviderHttp {
    /// With certificates (PEM) of a private authority, only those are trusted.
    pub fn new(authority: Option<&[u8]>) -> Result<Self, String> {
        let mut config = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .http_status_as_error(false);
        if let Some(pem) = authority {
            let mut trusted = Vec::new();
            for item in parse_pem(pem) {
                if let PemItem::Certificate(found) = item.map_err(|error| error.to_string())? {
                    trusted.push(found);
                }
            }
            if trusted.is_empty() {
                return Err("there is no certificate in it".to_owned());
            }
            let roots = RootCerts::new_with_certs(&trusted);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Ok(Self {
            agent: Arc::new(config.build().into()),
            trusted: match authority {
                None => "the public ones",
                Some(_) => "those in the file of its CAs",
            },
        })
    }

    /// Sends a request and reads the whole answer, whatever its status. Blocks.
    pub fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, ProviderError> {
        let url = request.uri().to_string();
        if !is_safe(&url) {
            return Err(ProviderError::Address { url });
        }
        let unreachable = |error: ureq::Error| match is_of_unknown_authority(&error) {
            true => ProviderError::UnknownAuthority {
                url: url.clone(),
                trusted: self.trusted,
            },
            false => ProviderError::Unreachable {
                url: url.clone(),
                why: error.to_string(),
            },
        };
        let answer = self.agent.run(request).map_err(unreachable)?;
        let (head, mut body) = answer.into_parts();
        let body = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        let body = body.map_err(|error| ProviderError::Answer {
            url: url.clone(),
            why: error.to_string(),
        })?;
        Ok(Response::from_parts(head, body))
    }

    /// The bytes of a document. Blocks.
    pub fn get(&self, url: &str) -> Result<Vec<u8>, ProviderError> {
        let request = Request::get(url).header("accept", "application/json");
        let request = request.body(Vec::new());
        let request = request.map_err(|_| ProviderError::Address {
            url: url.to_owned(),
        })?;
        let answer = self.send(request)?;
        match answer.status().as_u16() {
            200 => Ok(answer.into_body()),
            status => Err(ProviderError::Status {
                url: url.to_owned(),
                status,
            }),
        }
    }

    /// A document in JSON. Blocks.
    pub fn get_json<T: DeserializeOwned>(&self, url: &str) -> Result<T, ProviderError> {
        let bytes = self.get(url)?;
        serde_json::from_slice(&bytes).map_err(|error| ProviderError::Answer {
            url: url.to_owned(),
            why: error.to_string(),
        })
    }
}

/// Whether a handshake ended because nobody who is trusted vouches for the provider.
fn is_of_unknown_authority(error: &ureq::Error) -> bool {
    let cause = match error {
        ureq::Error::Rustls(cause) => Some(cause),
        ureq::Error::Io(error) => error.get_ref().and_then(|cause| cause.downcast_ref()),
        _ => None,
    };
    let unknown = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
    cause == Some(&unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for url in [
            "https://login.example.gov.uk/tenant",
            "http://127.0.0.1:4444",
            "http://[::1]:4444/realm",
            "http://localhost:1",
        ] {
            assert!(is_safe(url), "{url}");
        }
        for url in [
            "http://login.example.gov.uk",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "https://name:word@login.example.gov.uk",
            "http://evil@localhost",
            "file:///etc/passwd",
            "login.example.gov.uk",
            "https://",
            "",
        ] {
            assert!(!is_safe(url), "{url}");
        }
    }

    #[test]
    fn an_authority_without_a_certificate_is_refused() {
        assert!(ProviderHttp::new(Some(b"nothing")).is_err());
    }
}
