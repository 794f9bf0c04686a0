//! Pseudonyms of callers: a keyed hash of the issuer and the subject of their tokens, or of
//! the authority and the name of their certificates.
//!
//! The key is outside the log. With it, its keeper can tell whether a pseudonym is of a
//! certain subject; once it is destroyed, nobody can, and the log need not be changed.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::durable_file::{self, DurableFileError};
use minutebook_domain::caller::Pseudonym;

/// The folder of the key, in the data folder.
const FOLDER: &str = "identity";

const FILE: &str = "pseudonym.key";

const KEY_BYTES: usize = 32;

/// The permissions of anybody but the owner.
const OF_OTHERS: u32 = 0o077;

#[derive(Debug, thiserror::Error)]
pub enum PseudonymKeyError {
    #[error("the key of pseudonyms cannot be read from {path}", path = path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("the key of pseudonyms cannot be stored")]
    Write(#[from] DurableFileError),
    #[error(
        "the key of pseudonyms in {path} is not 32 bytes: put the right file back, or remove it \
         to have a new key and new pseudonyms", path = path.display()
    )]
    Length { path: PathBuf },
    #[error(
        "the key of pseudonyms in {path} can be read by others (mode {mode:03o}): run chmod 600 \
         on it", path = path.display()
    )]
    Open { path: PathBuf, mode: u32 },
    #[error("the system gives no random bytes for the key of pseudonyms: {0}")]
    Random(String),
}

/// Makes pseudonyms. Its key is made when the first caller signs in.
#[derive(Debug)]
pub struct Pseudonyms {
    path: PathBuf,
    key: Mutex<Option<PseudonymKey>>,
}

#[derive(Clone, Copy)]
struct PseudonymKey([u8; KEY_BYTES]);

impl PseudonymKey {
    fn hide(self, issuer: &str, subject: &str) -> Pseudonym {
        // HMAC takes a key of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of 32 bytes");
        mac.update(issuer.as_bytes());
        mac.update(&[0]);
        mac.update(subject.as_bytes());
        let code: [u8; 32] = mac.finalize().into_bytes().into();
        let mut pseudonym = [0; 16];
        pseudonym.copy_from_slice(&code[..16]);
        Pseudonym(pseudonym)
    }
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey")
    }
}

impl Pseudonyms {
    /// Reads the key in the data folder, if there is one.
    pub fn open(data: &Path) -> Result<Self, PseudonymKeyError> {
        let path = data.join(FOLDER).join(FILE);
        Ok(Self {
            key: Mutex::new(read(&path)?),
            path,
        })
    }

    /// The pseudonym of a subject of an issuer.
    pub fn of(&self, issuer: &str, subject: &str) -> Result<Pseudonym, PseudonymKeyError> {
        Ok(self.key()?.hide(issuer, subject))
    }

    /// The same; `None` where nobody has a pseudonym yet.
    pub fn known(&self, issuer: &str, subject: &str) -> Option<Pseudonym> {
        let key = *self.key.lock().unwrap_or_else(PoisonError::into_inner);
        Some(key?.hide(issuer, subject))
    }

    fn key(&self) -> Result<PseudonymKey, PseudonymKeyError> {
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = *key {
            return Ok(key);
        }
        let mut made = [0; KEY_BYTES];
        getrandom::fill(&mut made).map_err(|error| PseudonymKeyError::Random(error.to_string()))?;
        durable_file::create_folder(durable_file::parent(&self.path))?;
        durable_file::replace(&self.path, &made)?;
        tracing::info!(path = %self.path.display(), "made the key of pseudonyms");
        Ok(*key.insert(PseudonymKey(made)))
    }
}

fn read(path: &Path) -> Result<Option<PseudonymKey>, PseudonymKeyError> {
    let failed = |source| PseudonymKeyError::Read {
        path: path.to_owned(),
        source,
    };
    let mode = match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        Ok(metadata) => metadata.permissions().mode() & 0o777,
    };
    let path = path.to_owned();
    if mode & OF_OTHERS != 0 {
        return Err(PseudonymKeyError::Open { path, mode });
    }
    let bytes = durable_file::read_up_to(&path, 1_024).map_err(failed)?;
    match bytes.try_into() {
        Ok(key) => Ok(Some(PseudonymKey(key))),
        Err(_) => Err(PseudonymKeyError::Length { path }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn the_key_is_made_when_it_is_needed_and_stays() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("identity/pseudonym.key");
        let pseudonyms = Pseudonyms::open(data.path()).unwrap();
        assert_eq!(pseudonyms.known("https://a", "s"), None);
        assert!(!path.exists());
        let of = |p: &Pseudonyms, issuer, subject| p.of(issuer, subject).unwrap();
        let first = of(&pseudonyms, "https://a", "s");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let again = Pseudonyms::open(data.path()).unwrap();
        assert_eq!(of(&again, "https://a", "s"), first);
        assert_eq!(again.known("https://a", "s"), Some(first));
        // The boundary between the two is part of the hash.
        assert_ne!(of(&again, "https://as", ""), first);
        assert_ne!(of(&again, "https://b", "s"), first);

        fs::remove_file(&path).unwrap();
        let renewed = Pseudonyms::open(data.path()).unwrap();
        assert_ne!(of(&renewed, "https://a", "s"), first);
    }

    #[test]
    fn the_hash_is_that_of_the_specification() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("identity/pseudonym.key");
        durable_file::create_folder(path.parent().unwrap()).unwrap();
        durable_file::replace(&path, &[7; 32]).unwrap();
        let made = Pseudonyms::open(data.path()).unwrap();
        // printf 'https://a\0s' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…07
        let expected = "066d453f734c970e81e9f730bc97de82";
        assert_eq!(made.of("https://a", "s").unwrap().to_string(), expected);
    }

    #[test]
    fn a_key_that_others_read_or_that_is_cut_short_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("identity/pseudonym.key");
        durable_file::create_folder(path.parent().unwrap()).unwrap();
        durable_file::replace(&path, &[7; 31]).unwrap();
        let error = Pseudonyms::open(data.path()).unwrap_err();
        assert!(matches!(error, PseudonymKeyError::Length { .. }));
        durable_file::replace(&path, &[7; 32]).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let error = Pseudonyms::open(data.path()).unwrap_err();
        assert!(error.to_string().contains("640"), "{error}");
    }
}
