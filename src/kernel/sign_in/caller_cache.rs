//! The callers whose tokens were verified, so that the next call with the same token costs
//! a hash and not a signature.
//!
//! It keeps no token, only its SHA-256. Two halves bound it: when the younger one is full,
//! the older one is forgotten, and everybody who has called since is in the younger one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::SignedIn;

/// The most callers of one half.
const HALF_MAX: usize = 32_768;

/// Found by the hash of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

#[derive(Debug, Clone)]
pub struct CachedCaller {
    pub signed_in: SignedIn,
    /// The place of the issuer in the settings.
    pub issuer: usize,
    /// The generation of the keys that verified the token.
    pub keys: u64,
}

#[derive(Debug)]
pub struct CallerCache {
    halves: Mutex<Halves>,
    half_max: usize,
}

#[derive(Debug, Default)]
struct Halves {
    younger: HashMap<TokenDigest, CachedCaller>,
    older: HashMap<TokenDigest, CachedCaller>,
}

impl Default for CallerCache {
    fn default() -> Self {
        Self::with_half(HALF_MAX)
    }
}

impl CallerCache {
    fn with_half(half_max: usize) -> Self {
        Self {
            halves: Mutex::default(),
            half_max,
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Halves) -> T) -> T {
        act(&mut self.halves.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn get(&self, token: &TokenDigest) -> Option<CachedCaller> {
        self.with(|halves| {
            if let Some(found) = halves.younger.get(token) {
                return Some(found.clone());
            }
            let found = halves.older.remove(token)?;
            self.insert(halves, *token, found.clone());
            Some(found)
        })
    }

    pub fn put(&self, token: TokenDigest, caller: CachedCaller) {
        self.with(|halves| self.insert(halves, token, caller));
    }

    fn insert(&self, halves: &mut Halves, token: TokenDigest, caller: CachedCaller) {
        if halves.younger.len() >= self.half_max {
            halves.older = std::mem::take(&mut halves.younger);
        }
        halves.younger.insert(token, caller);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use minutebook_domain::caller::{KnownCaller, Pseudonym};

    fn caller(keys: u64) -> CachedCaller {
        let caller = KnownCaller {
            principals: Vec::new(),
            pseudonym: Pseudonym([0; 16]),
        };
        CachedCaller {
            signed_in: SignedIn {
                caller: Arc::new(caller),
                label: "somebody".into(),
                expires_at: Timestamp::MAX,
            },
            issuer: 0,
            keys,
        }
    }

    #[test]
    fn it_is_bounded_and_keeps_those_who_call() {
        let cache = CallerCache::with_half(4);
        let token = |number: u64| TokenDigest::of(&number.to_string());
        for number in 0..100 {
            cache.put(token(number), caller(number));
            assert!(cache.get(&token(0)).is_some(), "it calls all the time");
        }
        let kept = (0..100).filter(|number| cache.get(&token(*number)).is_some());
        assert!(kept.count() <= 8);
        cache.put(token(1), caller(7));
        assert_eq!(cache.get(&token(1)).unwrap().keys, 7);
    }
}
