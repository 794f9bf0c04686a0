//! The key that signs checkpoints, in a file that only its owner can read.
//!
//! ```text
//! checkpoint.key       PRIVATE+KEY+origin+hash+secret, one line, mode 0600
//! checkpoint.key.next  the same for the next key, while a replacement is under way
//! local.key            the same, of a register whose checkpoints a program signs: it signs
//!                      nothing, and authenticates snapshots
//! ```
//!
//! The name of the key is the origin of the register's checkpoints.

use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::audit::key::{Algorithm, KeyError, SigningKey};
use crate::durable_file::{self, DurableFileError};

const KEY: &str = "checkpoint.key";
const WITNESS: &str = "witness.key";
const LOCAL: &str = "local.key";

#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("the key file {path}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
    /// Other users can read the file.
    #[error(
        "the key file {path} can be read by others (mode {mode:03o}), and everyone with the key can sign \
         in the register's name; if nobody else can have read it, run chmod 600 on it",
        path = path.display()
    )]
    Exposed { path: PathBuf, mode: u32 },
    #[error("the key file {path} holds no signing key", path = path.display())]
    Malformed { path: PathBuf, source: KeyError },
    /// The name cannot name a register.
    #[error("{origin:?} cannot name a register")]
    Origin { origin: String, source: KeyError },
    /// The key has another name than the register.
    #[error(
        "the key in {path} signs as {origin}, not as {asked}: a register keeps its name; leave out \
         --origin, or give the key of {asked}",
        path = path.display()
    )]
    OtherOrigin {
        path: PathBuf,
        origin: String,
        asked: String,
    },
    /// The operating system has no random numbers.
    #[error("the operating system gives no random numbers: {0}")]
    Random(getrandom::Error),
}

impl From<DurableFileError> for KeyFileError {
    fn from(error: DurableFileError) -> Self {
        let DurableFileError { path, source, .. } = error;
        Self::Io { path, source }
    }
}

/// The files of a key, and its algorithm.
#[derive(Debug, Clone)]
pub struct KeyFiles {
    path: PathBuf,
    algorithm: Algorithm,
    /// Whether the operator named the file; such a key is never made.
    is_given: bool,
}

impl KeyFiles {
    /// The key file of a register: the one in the notary's directory, or `given`.
    pub fn new(dir: &Path, given: Option<PathBuf>) -> Self {
        Self {
            is_given: given.is_some(),
            path: given.unwrap_or_else(|| dir.join(KEY)),
            algorithm: Algorithm::Ed25519,
        }
    }

    /// The key file for secrets of this machine, where a program signs checkpoints. It is
    /// made again if it is lost.
    pub fn local(dir: &Path) -> Self {
        Self {
            is_given: false,
            path: dir.join(LOCAL),
            algorithm: Algorithm::Ed25519,
        }
    }

    /// The key file of a witness, in its directory.
    pub fn witness(dir: &Path) -> Self {
        Self {
            is_given: false,
            path: dir.join(WITNESS),
            algorithm: Algorithm::Cosignature,
        }
    }

    /// Reads the key; makes one where there is no file and none was given. `origin` is
    /// the name of the register: an existing key must have it. A new key gets it, or,
    /// without one, a name that no other register has.
    pub fn open(&self, origin: Option<&str>) -> Result<SigningKey, KeyFileError> {
        let path = self.path.clone();
        let key = match read(&path)? {
            Some(key) => key,
            None if self.is_given => {
                let source = io::ErrorKind::NotFound.into();
                return Err(KeyFileError::Io { path, source });
            }
            None => {
                let key = generate(origin, self.algorithm)?;
                write(&path, &key)?;
                return Ok(key);
            }
        };
        match origin.filter(|origin| *origin != key.name()) {
            Some(asked) => Err(KeyFileError::OtherOrigin {
                path,
                origin: key.name().to_owned(),
                asked: asked.to_owned(),
            }),
            None => Ok(key),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the operator named the file.
    pub const fn is_given(&self) -> bool {
        self.is_given
    }

    pub fn read(&self) -> Result<Option<SigningKey>, KeyFileError> {
        read(&self.path)
    }

    /// Makes the next key and stores it beside the current one; returns the prepared
    /// key of an earlier replacement that was not finished.
    pub fn prepare(&self, origin: &str) -> Result<SigningKey, KeyFileError> {
        let next = self.next();
        if let Some(key) = read(&next)? {
            return Ok(key);
        }
        let key = generate(Some(origin), self.algorithm)?;
        write(&next, &key)?;
        Ok(key)
    }

    /// The prepared key, if there is one.
    pub fn prepared(&self) -> Result<Option<SigningKey>, KeyFileError> {
        read(&self.next())
    }

    /// Replaces the key by the prepared one, durably.
    pub fn replace(&self) -> Result<(), KeyFileError> {
        let (next, path) = (self.next(), &self.path);
        durable_file::rename(&next, path)?;
        durable_file::sync(durable_file::parent(path))?;
        Ok(())
    }

    fn next(&self) -> PathBuf {
        let mut next = self.path.clone().into_os_string();
        next.push(".next");
        next.into()
    }
}

/// The name of a register that was given none.
pub(super) fn own_name() -> Result<String, KeyFileError> {
    let mut own = [0; 8];
    getrandom::fill(&mut own).map_err(KeyFileError::Random)?;
    Ok(own.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn generate(origin: Option<&str>, algorithm: Algorithm) -> Result<SigningKey, KeyFileError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(KeyFileError::Random)?;
    let origin = match origin {
        Some(origin) => origin.to_owned(),
        None => {
            let own = own_name()?;
            match algorithm {
                Algorithm::Ed25519 => format!("minutebook/{own}"),
                Algorithm::Cosignature => format!("minutebook-witness/{own}"),
            }
        }
    };
    SigningKey::of(&origin, algorithm, seed)
        .map_err(|source| KeyFileError::Origin { origin, source })
}

fn read(path: &Path) -> Result<Option<SigningKey>, KeyFileError> {
    let failed = |source| KeyFileError::Io {
        path: path.to_owned(),
        source,
    };
    let mut file = match durable_file::open_regular(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.to_owned();
        return Err(KeyFileError::Exposed { path, mode });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    let key = text.trim_end().parse();
    key.map(Some).map_err(|source| KeyFileError::Malformed {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, key: &SigningKey) -> Result<(), KeyFileError> {
    let text = format!("{}\n", key.to_text());
    durable_file::replace(path, text.as_bytes())?;
    Ok(())
}
