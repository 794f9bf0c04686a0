//! The keys of one issuer: kept, asked for again every hour, and when a token names a key
//! that is not among them.
//!
//! A caller who sends tokens with invented key ids must not make this server ask the provider
//! for each. So such a token leads to one request in a while, and all callers wait for the
//! same one. While the provider does not answer, the keys that it gave last count.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;

use super::discovery::Discovery;
use super::key_set::{IssuerKey, KeySet};
use super::provider_http::ProviderError;
use super::settings::IssuerSettings;

/// How often an issuer is asked, so that the keys it has withdrawn count no longer.
const REFRESH_EVERY: Duration = Duration::from_secs(3_600);

/// The same, where it has not answered yet.
const RETRY_EVERY: Duration = Duration::from_secs(10);

/// Why there is no key for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerKeyError {
    /// The issuer has no such key.
    Unknown,
    /// The issuer has never answered.
    NoKeys,
}

/// The keys of one issuer. Clones share them.
#[derive(Debug, Clone)]
pub struct IssuerKeys(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    issuer: Arc<IssuerSettings>,
    keys: ArcSwapOption<KeySet>,
    /// Counts the sets of keys that differ from the one before.
    generation: AtomicU64,
    /// How long after a token with an unknown key the next such token leads to a request.
    pause: Duration,
    asked: Mutex<Asked>,
}

/// Held while the issuer is asked.
#[derive(Debug, Default)]
struct Asked {
    /// When the last request that an unknown key led to began.
    for_unknown: Option<Instant>,
}

impl IssuerKeys {
    pub fn of(issuer: Arc<IssuerSettings>, pause: Duration) -> Self {
        Self(Arc::new(Shared {
            issuer,
            keys: ArcSwapOption::empty(),
            generation: AtomicU64::new(0),
            pause,
            asked: Mutex::default(),
        }))
    }

    /// A number that changes with the keys.
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    pub fn has_any(&self) -> bool {
        self.0.keys.load().is_some()
    }

    fn known(&self, id: Option<&str>) -> Option<IssuerKey> {
        self.0.keys.load().as_ref()?.find(id).cloned()
    }

    /// The key of that id. If it is not known, the issuer is asked, unless it was asked for
    /// such a key a moment ago.
    pub async fn find(&self, id: Option<&str>) -> Result<IssuerKey, IssuerKeyError> {
        if let Some(key) = self.known(id) {
            return Ok(key);
        }
        let (keys, id) = (self.clone(), id.map(str::to_owned));
        // A task of its own: a caller who goes away must not free the way to the next
        // request.
        let asking = tokio::spawn(async move {
            let mut asked = keys.0.asked.lock().await;
            // Another caller may have asked meanwhile.
            if let Some(key) = keys.known(id.as_deref()) {
                return Ok(key);
            }
            let pause = keys.0.pause;
            let is_recent = asked.for_unknown.is_some_and(|at| at.elapsed() < pause);
            if !is_recent {
                let had_any = keys.has_any();
                asked.for_unknown = Some(Instant::now());
                keys.ask().await;
                // The first keys of all are no answer to an unknown one.
                if !had_any && keys.has_any() {
                    asked.for_unknown = None;
                }
            }
            drop(asked);
            let missing = match keys.has_any() {
                true => IssuerKeyError::Unknown,
                false => IssuerKeyError::NoKeys,
            };
            keys.known(id.as_deref()).ok_or(missing)
        });
        asking.await.unwrap_or(Err(IssuerKeyError::NoKeys))
    }

    /// Asks the issuer now and every hour. Never ends.
    pub async fn keep_fresh(&self) {
        let mut is_due = false;
        loop {
            let asked = self.0.asked.lock().await;
            // The first token may have come before.
            if is_due || !self.has_any() {
                self.ask().await;
            }
            is_due = true;
            drop(asked);
            tokio::time::sleep(match self.has_any() {
                true => REFRESH_EVERY,
                false => RETRY_EVERY,
            })
            .await;
        }
    }

    /// Asks the issuer, and keeps the keys there are where it does not answer.
    async fn ask(&self) {
        let shared = Arc::clone(&self.0);
        let fetched = tokio::task::spawn_blocking(move || fetch(&shared.issuer)).await;
        let issuer = &self.0.issuer.issuer;
        match fetched {
            Ok(Ok(keys)) => self.store(keys),
            Ok(Err(error)) => {
                let has_keys = self.has_any();
                let is_unknown = matches!(error, ProviderError::UnknownAuthority { .. });
                let way_out = is_unknown.then_some(
                    "if the provider has a private CA, name the file of its certificate in the field \
                     \"ca\" of the sign-in settings (--sign-in FILE)",
                );
                tracing::warn!(
                    %issuer,
                    %error,
                    way_out,
                    has_keys,
                    "the keys of an issuer cannot be had"
                );
            }
            Err(error) => tracing::error!(%issuer, %error, "a fault while keys were asked for"),
        }
    }

    fn store(&self, keys: KeySet) {
        let issuer = &self.0.issuer.issuer;
        if keys.is_empty() {
            tracing::warn!(%issuer, "an issuer publishes no key that can verify a token");
        }
        let before = self.0.keys.load();
        if before.as_ref().is_some_and(|before| before.is_same(&keys)) {
            return;
        }
        tracing::info!(%issuer, keys = keys.len(), "an issuer has published keys");
        self.0.keys.store(Some(Arc::new(keys)));
        self.0.generation.fetch_add(1, Ordering::AcqRel);
    }
}

/// Asks the issuer. Blocks.
fn fetch(issuer: &IssuerSettings) -> Result<KeySet, ProviderError> {
    let url = match &issuer.jwks_uri {
        Some(url) => url.clone(),
        None => Discovery::of(&issuer.issuer, &issuer.http)?.jwks_uri,
    };
    let text = issuer.http.get(&url)?;
    KeySet::read(&text).map_err(|error| ProviderError::Answer {
        url,
        why: error.to_string(),
    })
}
