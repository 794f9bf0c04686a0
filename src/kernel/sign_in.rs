//! Sign-in: bearer tokens of OpenID Connect providers, verified and read as callers.
//!
//! The register keeps no accounts and no passwords. [`settings`] names the issuers that it
//! trusts. Each is asked for its keys ([`discovery`], [`issuer_keys`]), and a token counts
//! only by a key of the issuer that it names ([`token`]). [`claims`] says what a token vouches
//! for, [`pseudonyms`] hide its subject, and [`caller_cache`] spares the next call
//! the work. Nothing here says what a caller may do.

pub mod browser_answer;
pub mod caller_cache;
pub mod caller_label;
pub mod claims;
pub mod discovery;
pub mod issued_tokens;
pub mod issuer_keys;
pub mod key_set;
pub mod page_client;
pub mod provider;
pub mod provider_http;
pub mod pseudonyms;
mod ring_provider;
pub mod settings;
pub mod token;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

use self::caller_cache::{CachedCaller, CallerCache, TokenDigest};
use self::caller_label::caller_label;
use self::claims::Claims;
use self::issuer_keys::{IssuerKeyError, IssuerKeys};
use self::pseudonyms::{PseudonymKeyError, Pseudonyms};
use self::settings::{IssuerSettings, SignInSettings};
use self::token::{TokenError, UnverifiedToken};
use crate::clock::Clock;
use minutebook_domain::caller::KnownCaller;

/// A caller whose token was verified.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub caller: Arc<KnownCaller>,
    /// The caller in words, for the access log.
    pub label: Arc<str>,
    /// When the token expires.
    pub expires_at: Timestamp,
}

/// Why a call with a token is not answered.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SignInError {
    #[error(transparent)]
    Token(#[from] TokenError),
    /// No key of the issuer has been had yet.
    #[error("the keys of the issuer {issuer} cannot be had")]
    NoKeys { issuer: String },
    #[error("the key of pseudonyms cannot be had")]
    Pseudonyms(#[source] Arc<PseudonymKeyError>),
}

impl From<PseudonymKeyError> for SignInError {
    fn from(error: PseudonymKeyError) -> Self {
        Self::Pseudonyms(Arc::new(error))
    }
}

/// Verifies the tokens of the issuers that the register trusts.
#[derive(Debug)]
pub struct SignIn {
    settings: SignInSettings,
    issuers: Vec<TrustedIssuer>,
    pseudonyms: Arc<Pseudonyms>,
    cache: CallerCache,
    clock: Clock,
}

#[derive(Debug)]
struct TrustedIssuer {
    settings: Arc<IssuerSettings>,
    keys: IssuerKeys,
}

impl SignIn {
    /// Begins to ask each issuer for its keys, and does so every hour until `stops` turns
    /// true. It waits for no answer: a token that comes before does.
    pub fn start(
        settings: SignInSettings,
        pseudonyms: Arc<Pseudonyms>,
        stops: watch::Receiver<bool>,
    ) -> Arc<Self> {
        ring_provider::install();
        let issuers = settings.issuers.iter().map(|issuer| TrustedIssuer {
            settings: Arc::clone(issuer),
            keys: IssuerKeys::of(Arc::clone(issuer), settings.fetch_pause),
        });
        let sign_in = Arc::new(Self {
            issuers: issuers.collect(),
            pseudonyms,
            cache: CallerCache::default(),
            // The lifetime of a token is measured by the machine's clock, as its issuer
            // does, also where a test dates the entries.
            clock: Clock::system(),
            settings,
        });
        tokio::spawn(Arc::clone(&sign_in).refresh_hourly(stops));
        sign_in
    }

    async fn refresh_hourly(self: Arc<Self>, mut stops: watch::Receiver<bool>) {
        let refresh = async {
            // One that does not answer holds up no other.
            let issuers = self.issuers.iter();
            futures::future::join_all(issuers.map(|issuer| issuer.keys.keep_fresh())).await;
        };
        tokio::select! {
            () = refresh => {}
            _ = stops.wait_for(|stops| *stops) => {}
        }
    }

    pub const fn settings(&self) -> &SignInSettings {
        &self.settings
    }

    /// The machine's clock.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The caller of a token that was verified before, if nothing has changed since.
    pub fn remembered(&self, token: &str) -> Option<SignedIn> {
        let now = self.clock.now();
        let found = self.cache.get(&TokenDigest::of(token))?;
        let issuer = self.issuers.get(found.issuer)?;
        let is_valid = found.keys == issuer.keys.generation() && now < found.signed_in.expires_at;
        is_valid.then_some(found.signed_in)
    }

    /// Verifies a token, and reads who it vouches for.
    pub async fn verify(&self, token: &str) -> Result<SignedIn, SignInError> {
        let unverified = UnverifiedToken::read(token)?;
        let named = self.issuers.iter().enumerate();
        let mut named = named.filter(|(_, issuer)| issuer.settings.issuer == unverified.issuer);
        let (index, issuer) = named.next().ok_or(TokenError::UnknownIssuer)?;
        // Taken first: keys that change meanwhile make the cached answer worthless.
        let generation = issuer.keys.generation();
        let key = issuer.keys.find(unverified.key_id.as_deref()).await;
        let key = key.map_err(|error| match error {
            IssuerKeyError::Unknown => SignInError::Token(TokenError::UnknownKey),
            IssuerKeyError::NoKeys => SignInError::NoKeys {
                issuer: issuer.settings.issuer.clone(),
            },
        })?;
        let claims = unverified.verify(&key, &issuer.settings, self.clock.now())?;
        let caller = self.caller(&claims, &issuer.settings)?;
        let signed_in = SignedIn {
            expires_at: claims.expires_at,
            label: caller_label(&caller).into(),
            caller: Arc::new(caller),
        };
        let cached = CachedCaller {
            signed_in: signed_in.clone(),
            issuer: index,
            keys: generation,
        };
        self.cache.put(TokenDigest::of(token), cached);
        Ok(signed_in)
    }

    fn caller(&self, claims: &Claims, issuer: &IssuerSettings) -> Result<KnownCaller, SignInError> {
        let principals = claims.principals(issuer)?;
        Ok(KnownCaller {
            principals,
            pseudonym: self.pseudonyms.of(&issuer.issuer, &claims.subject)?,
        })
    }
}
