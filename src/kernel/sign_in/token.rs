//! A bearer token: what it says of itself before it is verified, and the checks that it
//! must pass.
//!
//! `jsonwebtoken` checks the signature, `exp`, `nbf`, `aud` and `iss`. It lets through what
//! some applications want and this one does not, so the rest is checked here: the form of
//! `iss`, critical extensions, the type, `iat`, and the lifetime. Nothing that a token names
//! is ever fetched.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, TokenData, Validation, dangerous, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::Claims;
use super::key_set::IssuerKey;
use super::settings::IssuerSettings;

/// The most bytes of a token.
const BYTES_MAX: usize = 8 * 1024;

/// How far the clocks of the issuer and of this machine may differ.
pub const LEEWAY: Duration = Duration::from_secs(30);

/// The longest time that a token may be valid.
const LIFETIME_MAX: Duration = Duration::from_secs(24 * 3_600);

/// The longest subject. OpenID Connect allows 255 characters.
const SUBJECT_BYTES_MAX: usize = 1_024;

/// The check that a token fails. It says nothing of the token itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("it is longer than {BYTES_MAX} bytes: ask the provider for fewer claims in it")]
    TooLong,
    #[error("it is not a signed token (JWT): send an access token of an issuer of this register")]
    Form,
    #[error("this register does not trust its issuer: sign in with an issuer of this register")]
    UnknownIssuer,
    #[error("its issuer has no such key, or has withdrawn it: sign in again")]
    UnknownKey,
    #[error(
        "its algorithm is not that of the key: the issuer has to sign with the keys it publishes"
    )]
    Algorithm,
    #[error("its signature is not that of its issuer")]
    Signature,
    #[error("it is no access token by its type: send the access token, not another one")]
    Type,
    #[error("it names critical extensions, which this register does not know")]
    Extension,
    #[error(
        "it lacks a claim that is needed, or a claim has the wrong form: exp, iss, aud, sub, iat, nbf"
    )]
    Claim,
    #[error("it has expired: sign in again")]
    Expired,
    #[error("it is not valid yet: check the clocks of the issuer and of the server")]
    NotYetValid,
    #[error("it is valid for more than 24 hours: the issuer has to give tokens for a shorter time")]
    Lifetime,
    #[error("it is for another service: its audience is not that of this register")]
    Audience,
    #[error(
        "its issuer left the groups out because they are too many (_claim_names): use roles of this \
         application in place of groups, or let the issuer send only the groups assigned to it"
    )]
    GroupsLeftOut,
    #[error(
        "it names more than 500 groups and roles: let the issuer send only those of this application"
    )]
    TooManyGroups,
    #[error(
        "it names no group, role or client that can be used: let the issuer put groups or roles \
         into access tokens"
    )]
    NoPrincipal,
}

impl TokenError {
    /// The name of the check, for programs.
    pub const fn check(self) -> &'static str {
        match self {
            Self::TooLong => "length",
            Self::Form => "form",
            Self::UnknownIssuer => "issuer",
            Self::UnknownKey => "key",
            Self::Algorithm => "algorithm",
            Self::Signature => "signature",
            Self::Type => "type",
            Self::Extension => "extension",
            Self::Claim => "claim",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Lifetime => "lifetime",
            Self::Audience => "audience",
            Self::GroupsLeftOut => "groups_left_out",
            Self::TooManyGroups => "too_many_groups",
            Self::NoPrincipal => "no_principal",
        }
    }
}

/// A token of which nothing is proven. It only says which issuer and key to try.
pub struct UnverifiedToken<'t> {
    text: &'t str,
    pub issuer: String,
    pub key_id: Option<String>,
    algorithm: Algorithm,
}

/// The one claim that is read before the signature is verified.
#[derive(Deserialize)]
struct NamedIssuer {
    iss: String,
}

impl<'t> UnverifiedToken<'t> {
    pub fn read(text: &'t str) -> Result<Self, TokenError> {
        if text.len() > BYTES_MAX {
            return Err(TokenError::TooLong);
        }
        let header = decode_header(text).map_err(|error| match error.kind() {
            ErrorKind::Json(_) => algorithm_or_form(text),
            _ => TokenError::Form,
        })?;
        if header.crit.is_some() {
            return Err(TokenError::Extension);
        }
        if !header.typ.as_deref().is_none_or(is_access_token) {
            return Err(TokenError::Type);
        }
        // Also refuses an issuer that is a list, or is named twice.
        let named: NamedIssuer =
            dangerous::insecure_decode_claims(text).map_err(|error: Error| match error.kind() {
                ErrorKind::Json(_) => TokenError::Claim,
                _ => TokenError::Form,
            })?;
        Ok(Self {
            text,
            issuer: named.iss,
            key_id: header.kid,
            algorithm: header.alg,
        })
    }

    /// Verifies the token with this key of this issuer, and checks its claims.
    pub fn verify(
        &self,
        key: &IssuerKey,
        issuer: &IssuerSettings,
        now: Timestamp,
    ) -> Result<Claims, TokenError> {
        if self.algorithm != key.algorithm || !issuer.algorithms.contains(&key.algorithm) {
            return Err(TokenError::Algorithm);
        }
        let mut validation = Validation::new(key.algorithm);
        validation.leeway = LEEWAY.as_secs();
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_audience(&issuer.audiences);
        validation.iss = Some(HashSet::from([issuer.issuer.clone()]));
        let data: TokenData<Map<String, Value>> =
            decode(self.text, &key.key, &validation).map_err(|error| failed_check(&error))?;
        let claims = data.claims;
        let seconds = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(TokenError::Claim),
        };
        let expires = seconds("exp")?.ok_or(TokenError::Claim)?;
        // The library takes what it cannot read for absent.
        let begins = [seconds("iat")?, seconds("nbf")?];
        let leeway = i64::try_from(LEEWAY.as_secs()).unwrap_or(0);
        let lifetime = i64::try_from(LIFETIME_MAX.as_secs()).unwrap_or(0);
        let now = now.as_second();
        if begins.iter().flatten().any(|begin| *begin > now + leeway) {
            return Err(TokenError::NotYetValid);
        }
        let issued = begins[0].unwrap_or(now);
        if expires.saturating_sub(issued) > lifetime || expires > now + lifetime + leeway {
            return Err(TokenError::Lifetime);
        }
        let subject = claims.get("sub").and_then(Value::as_str);
        let subject =
            subject.filter(|sub| !sub.trim().is_empty() && sub.len() <= SUBJECT_BYTES_MAX);
        Ok(Claims {
            subject: subject.ok_or(TokenError::Claim)?.to_owned(),
            expires_at: Timestamp::from_second(expires).map_err(|_| TokenError::Claim)?,
            all: claims,
        })
    }
}

/// The types that access tokens have: RFC 9068 wants the first, Entra ID sends the second.
fn is_access_token(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    matches!(kind.as_str(), "at+jwt" | "application/at+jwt" | "jwt")
}

/// Tells an algorithm that is not known, such as `none`, from a header that is no header.
fn algorithm_or_form(text: &str) -> TokenError {
    use base64::Engine as _;
    let header = text.split('.').next().unwrap_or_default();
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let header = engine.decode(header).unwrap_or_default();
    match serde_json::from_slice::<Value>(&header) {
        Ok(Value::Object(fields)) if fields.get("alg").is_some_and(Value::is_string) => {
            TokenError::Algorithm
        }
        _ => TokenError::Form,
    }
}

fn failed_check(error: &Error) -> TokenError {
    match error.kind() {
        ErrorKind::ExpiredSignature => TokenError::Expired,
        ErrorKind::ImmatureSignature => TokenError::NotYetValid,
        ErrorKind::InvalidAudience => TokenError::Audience,
        ErrorKind::InvalidIssuer => TokenError::UnknownIssuer,
        ErrorKind::InvalidSignature => TokenError::Signature,
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => TokenError::Algorithm,
        ErrorKind::MissingRequiredClaim(_)
        | ErrorKind::InvalidClaimFormat(_)
        | ErrorKind::InvalidSubject
        | ErrorKind::Json(_) => TokenError::Claim,
        // Base64 or UTF-8 that is none; the enumeration may grow.
        _ => TokenError::Form,
    }
}
