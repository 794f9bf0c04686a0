//! The keys of an issuer, as it publishes them (a JSON Web Key Set), without those that
//! must not verify a token.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations,
    PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The shortest modulus of an RSA key.
const RSA_BITS_MIN: usize = 2_048;

/// The longest, beyond which `ring` refuses it.
const RSA_BITS_MAX: usize = 8_192;

/// The most keys of a set that are read.
const KEYS_MAX: usize = 100;

/// A key of an issuer, and the one algorithm that it verifies.
#[derive(Debug, Clone)]
pub struct IssuerKey {
    pub key: DecodingKey,
    pub algorithm: Algorithm,
}

/// The usable keys of one issuer.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    by_id: BTreeMap<String, IssuerKey>,
    /// Keys that the issuer gives no id.
    unnamed: Vec<IssuerKey>,
    /// Of the text that it was read from.
    digest: [u8; 32],
}

#[derive(Deserialize)]
struct PublishedKeys {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    /// Reads a set. A key of a kind that is not used here is left out.
    pub fn read(text: &[u8]) -> Result<Self, serde_json::Error> {
        let published: PublishedKeys = serde_json::from_slice(text)?;
        let mut set = Self {
            digest: Sha256::digest(text).into(),
            ..Self::default()
        };
        for value in published.keys.into_iter().take(KEYS_MAX) {
            let Ok(key) = serde_json::from_value::<Jwk>(value) else {
                continue;
            };
            let Some(usable) = usable(&key) else {
                continue;
            };
            match key.common.key_id {
                // The first of two with one id counts, whatever follows.
                Some(id) => drop(set.by_id.entry(id).or_insert(usable)),
                None => set.unnamed.push(usable),
            }
        }
        Ok(set)
    }

    /// The key of that id. A token without an id is verified by the only key, if there is
    /// one only.
    pub fn find(&self, id: Option<&str>) -> Option<&IssuerKey> {
        match id {
            Some(id) => self.by_id.get(id),
            None => {
                let mut all = self.by_id.values().chain(&self.unnamed);
                all.next().filter(|_| all.next().is_none())
            }
        }
    }

    pub fn len(&self) -> usize {
        self.by_id.len() + self.unnamed.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether both were read from the same text.
    pub fn is_same(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

/// The key, if it may verify tokens: an RSA key of 2,048 bits or more, one of P-256, or
/// Ed25519. A symmetric key, with which every reader of the set could sign, never is.
fn usable(key: &Jwk) -> Option<IssuerKey> {
    if !is_for_signatures(&key.common) {
        return None;
    }
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let (algorithm, named) = match &key.algorithm {
        AlgorithmParameters::RSA(rsa) => {
            let modulus = bytes(&rsa.n)?;
            let first = modulus.iter().position(|byte| *byte != 0)?;
            let zeros = usize::try_from(modulus[first].leading_zeros()).ok()?;
            let bits = (modulus.len() - first) * 8 - zeros;
            if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
                return None;
            }
            (Algorithm::RS256, KeyAlgorithm::RS256)
        }
        AlgorithmParameters::EllipticCurve(point) => {
            let is_whole = |text: &str| bytes(text).is_some_and(|bytes| bytes.len() == 32);
            if point.curve != EllipticCurve::P256 || !is_whole(&point.x) || !is_whole(&point.y) {
                return None;
            }
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(point) => {
            let is_whole = bytes(&point.x).is_some_and(|bytes| bytes.len() == 32);
            if point.curve != EllipticCurve::Ed25519 || !is_whole {
                return None;
            }
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        // Symmetric, or of a kind that came later.
        _ => return None,
    };
    if key.common.key_algorithm.is_some_and(|own| own != named) {
        return None;
    }
    let key = DecodingKey::from_jwk(key).ok()?;
    Some(IssuerKey { key, algorithm })
}

fn is_for_signatures(common: &CommonParameters) -> bool {
    let used = common.public_key_use.as_ref();
    let operations = common.key_operations.as_ref();
    used.is_none_or(|used| *used == PublicKeyUse::Signature)
        && operations.is_none_or(|all| all.contains(&KeyOperations::Verify))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(keys: Value) -> KeySet {
        KeySet::read(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    fn encoded(len: usize) -> String {
        URL_SAFE_NO_PAD.encode(vec![0xc1; len])
    }

    fn rsa(kid: &str, bytes: usize) -> Value {
        json!({ "kty": "RSA", "kid": kid, "n": encoded(bytes), "e": "AQAB" })
    }

    #[test]
    fn only_keys_that_verify_signatures_of_the_three_kinds_are_kept() {
        let point =
            json!({ "kty": "EC", "kid": "p", "crv": "P-256", "x": encoded(32), "y": encoded(32) });
        let edwards = json!({ "kty": "OKP", "kid": "o", "crv": "Ed25519", "x": encoded(32) });
        let kept = read(json!([rsa("r", 256), point, edwards]));
        let algorithm = |id| kept.find(Some(id)).map(|key| key.algorithm);
        assert_eq!(algorithm("r"), Some(Algorithm::RS256));
        assert_eq!(algorithm("p"), Some(Algorithm::ES256));
        assert_eq!(algorithm("o"), Some(Algorithm::EdDSA));
        assert!(kept.find(None).is_none(), "which of them is not said");

        let with = |mut key: Value, name: &str, value: Value| {
            key[name] = value;
            key
        };
        for refused in [
            json!({ "kty": "oct", "kid": "x", "k": encoded(64) }),
            rsa("x", 255),
            rsa("x", 1_025),
            with(rsa("x", 256), "use", json!("enc")),
            with(rsa("x", 256), "key_ops", json!(["encrypt"])),
            with(rsa("x", 256), "alg", json!("RS512")),
            with(rsa("x", 256), "alg", json!("HS256")),
            with(point.clone(), "crv", json!("P-521")),
            with(point.clone(), "x", json!(encoded(31))),
            with(edwards.clone(), "x", json!(encoded(57))),
            json!({ "kty": "AKP", "kid": "x" }),
            json!({ "kid": "x" }),
            json!("x"),
        ] {
            assert!(read(json!([refused])).is_empty(), "{refused}");
        }
    }

    #[test]
    fn a_token_without_an_id_has_the_only_key_and_the_first_of_an_id_counts() {
        let only = read(json!([{ "kty": "RSA", "n": encoded(256), "e": "AQAB" }]));
        assert!(only.find(None).is_some() && only.find(Some("r")).is_none());
        let twice = read(json!([
            rsa("r", 256),
            { "kty": "OKP", "kid": "r", "crv": "Ed25519", "x": encoded(32) },
        ]));
        assert_eq!(twice.find(Some("r")).unwrap().algorithm, Algorithm::RS256);
        assert!(KeySet::read(b"{}").is_err() && KeySet::read(b"<html>").is_err());
    }
}
