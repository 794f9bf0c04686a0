//! The document in which a provider says where its parts are (OpenID Connect Discovery).

use serde::Deserialize;

use super::provider_http::{ProviderError, ProviderHttp};

/// The part of the document that is used here.
#[derive(Debug, Clone, Deserialize)]
pub struct Discovery {
    pub issuer: String,
    pub jwks_uri: String,
    pub authorization_endpoint: Option<String>,
    pub token_endpoint: Option<String>,
    pub device_authorization_endpoint: Option<String>,
    pub revocation_endpoint: Option<String>,
    /// Whether the provider names itself when it sends a code (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Discovery {
    /// Asks an issuer. A document that names another issuer is not its own. Blocks.
    pub fn of(issuer: &str, http: &ProviderHttp) -> Result<Self, ProviderError> {
        let base = issuer.trim_end_matches('/');
        let url = format!("{base}/.well-known/openid-configuration");
        let found: Self = http.get_json(&url)?;
        if found.issuer == issuer {
            return Ok(found);
        }
        let named: String = found.issuer.chars().take(200).collect();
        Err(ProviderError::Answer {
            why: format!("it is of the issuer {named}, and {issuer} was asked for"),
            url,
        })
    }
}
