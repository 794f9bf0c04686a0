//! The tokens of the demo's provider, and the key that signs them, which is made at its
//! start and kept nowhere.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::{AUDIENCE, CLIENT, DemoOffice};
use crate::clock::Clock;

/// Why the provider cannot give tokens.
#[derive(Debug, thiserror::Error)]
pub enum TokenMakerError {
    #[error("the provider of the demo cannot listen")]
    Listen(#[from] io::Error),
    #[error("the system gives no key for the provider of the demo")]
    Key,
}

pub struct TokenMaker {
    key: Ed25519KeyPair,
    key_id: String,
    issuer: String,
    clock: Clock,
}

/// Without the key.
impl std::fmt::Debug for TokenMaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenMaker").finish_non_exhaustive()
    }
}

impl TokenMaker {
    pub fn new(issuer: &str) -> Result<Self, TokenMakerError> {
        let random = SystemRandom::new();
        let made = Ed25519KeyPair::generate_pkcs8(&random).map_err(|_| TokenMakerError::Key)?;
        let key = Ed25519KeyPair::from_pkcs8(made.as_ref()).map_err(|_| TokenMakerError::Key)?;
        let public = URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
        Ok(Self {
            // Another key has another id, so that the register notices a restart.
            key_id: format!("demo-{}", public.get(..12).unwrap_or(&public)),
            key,
            issuer: issuer.to_owned(),
            clock: Clock::system(),
        })
    }

    /// The public key, as a JWK set.
    pub fn key_set(&self) -> Value {
        let public = URL_SAFE_NO_PAD.encode(self.key.public_key().as_ref());
        json!({ "keys": [{
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
            "kid": self.key_id, "x": public,
        }] })
    }

    /// An access token (RFC 9068) that puts its bearer into the group of the office.
    pub fn token(&self, office: &DemoOffice, lifetime: i64) -> String {
        let now = self.clock.now().as_second();
        let header = json!({ "alg": "EdDSA", "kid": self.key_id, "typ": "at+jwt" });
        let claims = json!({
            "iss": self.issuer, "aud": AUDIENCE, "sub": office.login, "client_id": CLIENT,
            "groups": [office.login], "iat": now, "exp": now.saturating_add(lifetime),
            "jti": uuid::Uuid::new_v4().to_string(),
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(signed.as_bytes()).as_ref());
        format!("{signed}.{signature}")
    }
}
