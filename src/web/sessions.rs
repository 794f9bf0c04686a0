//! The sessions of signed-in browsers: a cookie with a secret on their side, the token that
//! it counts as on this one.
//!
//! They are kept in memory. A restart ends them, and the provider, which remembers the
//! person, gives a new token without a question.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use minutebook_kernel::sign_in::issued_tokens::IssuedTokens;

/// The most sessions; the oldest gives way.
const SESSIONS_MAX: usize = 10_000;

/// How long a session counts, in seconds, however often its token was renewed.
const SESSION_SECONDS: i64 = 12 * 3_600;

/// A token that has less than this left, in seconds, is renewed first.
const RENEW_SECONDS: i64 = 60;

/// A random text that nobody guesses: the value of a cookie, or of a field of a form.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionSecret(String);

/// Without the secret.
impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionSecret")
    }
}

impl SessionSecret {
    /// `None` if the system gives no random numbers.
    pub fn new() -> Option<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is(&self, brought: &str) -> bool {
        is_same_secret(&self.0, brought)
    }
}

/// Whether a form or an answer brings a secret. The digests are compared, so that the time
/// this takes says nothing of it.
pub fn is_same_secret(secret: &str, brought: &str) -> bool {
    digest(secret) == digest(brought)
}

/// The key of a session: not the secret, so that a memory dump opens none.
type SecretDigest = [u8; 32];

fn digest(secret: &str) -> SecretDigest {
    Sha256::digest(secret.as_bytes()).into()
}

/// One signed-in browser.
#[derive(Debug)]
pub struct Session {
    /// Every form of this session brings it back (against forms of other sites).
    pub form_secret: SessionSecret,
    /// The number of the issuer in the settings.
    pub issuer: usize,
    begun: i64,
    tokens: tokio::sync::Mutex<IssuedTokens>,
}

/// Why a session gives no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionEnded;

impl Session {
    /// The token, renewed by `renew` where it is about to expire. Others who ask meanwhile
    /// wait for the new one.
    pub async fn token<F>(
        &self,
        now: i64,
        renew: impl FnOnce(String) -> F + Send,
    ) -> Result<String, SessionEnded>
    where
        F: Future<Output = Option<IssuedTokens>> + Send,
    {
        if now - self.begun >= SESSION_SECONDS {
            return Err(SessionEnded);
        }
        let mut tokens = self.tokens.lock().await;
        if tokens.expires_at - now <= RENEW_SECONDS
            && let Some(refresh) = tokens.refresh_token.clone()
            && let Some(renewed) = renew(refresh).await
        {
            *tokens = renewed;
        }
        match tokens.expires_at > now {
            true => Ok(tokens.access_token.clone()),
            false => Err(SessionEnded),
        }
    }
}

#[derive(Debug, Default)]
pub struct Sessions(std::sync::Mutex<HashMap<SecretDigest, Arc<Session>>>);

impl Sessions {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<SecretDigest, Arc<Session>>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a session, and returns the secret for its cookie; `None` without random
    /// numbers.
    pub fn begin(&self, tokens: IssuedTokens, issuer: usize, now: i64) -> Option<SessionSecret> {
        let secret = SessionSecret::new()?;
        let session = Session {
            form_secret: SessionSecret::new()?,
            issuer,
            begun: now,
            tokens: tokio::sync::Mutex::new(tokens),
        };
        self.with(|sessions| {
            sessions.retain(|_, session| now - session.begun < SESSION_SECONDS);
            if sessions.len() >= SESSIONS_MAX {
                let oldest = sessions.iter().min_by_key(|(_, session)| session.begun);
                if let Some(key) = oldest.map(|(key, _)| *key) {
                    sessions.remove(&key);
                }
            }
            sessions.insert(digest(secret.as_str()), Arc::new(session));
        });
        Some(secret)
    }

    pub fn find(&self, secret: &str) -> Option<Arc<Session>> {
        let key = digest(secret);
        self.with(|sessions| sessions.get(&key).cloned())
    }

    pub fn end(&self, secret: &str) {
        let key = digest(secret);
        self.with(|sessions| sessions.remove(&key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(expires_at: i64, refresh: Option<&str>) -> IssuedTokens {
        IssuedTokens {
            issuer: "https://a.example".to_owned(),
            client_id: "pages".to_owned(),
            resource: None,
            access_token: format!("token until {expires_at}"),
            refresh_token: refresh.map(str::to_owned),
            expires_at,
        }
    }

    #[tokio::test]
    async fn a_token_is_renewed_before_it_expires_and_a_session_ends() {
        let sessions = Sessions::default();
        let secret = sessions.begin(tokens(1_000, Some("r")), 0, 0).unwrap();
        let session = sessions.find(secret.as_str()).unwrap();
        let never = |_| async { panic!("the token is fresh") };
        assert_eq!(session.token(900, never).await.unwrap(), "token until 1000");
        let renewed = |refresh: String| async move {
            assert_eq!(refresh, "r");
            Some(tokens(100_000, Some("r")))
        };
        let token = session.token(950, renewed).await;
        assert_eq!(token.unwrap(), "token until 100000");
        let late = session.token(SESSION_SECONDS, |_| async { None }).await;
        assert_eq!(late, Err(SessionEnded));
        sessions.end(secret.as_str());
        assert!(sessions.find(secret.as_str()).is_none());
    }

    #[tokio::test]
    async fn a_token_that_cannot_be_renewed_counts_until_it_expires() {
        let sessions = Sessions::default();
        let secret = sessions.begin(tokens(1_000, Some("r")), 0, 0).unwrap();
        let session = sessions.find(secret.as_str()).unwrap();
        assert!(session.token(999, |_| async { None }).await.is_ok());
        assert!(session.token(1_000, |_| async { None }).await.is_err());
    }

    #[test]
    fn only_the_whole_secret_opens_a_session_and_the_oldest_gives_way() {
        let sessions = Sessions::default();
        let first = sessions.begin(tokens(9, None), 0, 0).unwrap();
        assert!(sessions.find(&first.as_str()[1..]).is_none());
        assert!(first.is(first.as_str()) && !first.is(""));
        for second in 1..=SESSIONS_MAX {
            let now = i64::try_from(second).unwrap() / 1_000 + 1;
            sessions.begin(tokens(9, None), 0, now).unwrap();
        }
        assert!(sessions.find(first.as_str()).is_none());
    }
}
