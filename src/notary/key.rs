//! The key that signs checkpoints, as a file that only its keeper can read.
//!
//! ```text
//! checkpoint.key       PRIVATE+KEY+origin+hash+secret, one line, mode 0600
//! checkpoint.key.next  the same for the key that is to replace it, while it does
//! ```
//!
//! The name of the key is the origin of the register's checkpoints.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::audit::key::{Algorithm, KeyError, SigningKey};
use crate::durable_file::{self, DurableFileError};

const KEY: &str = "checkpoint.key";
const WITNESS: &str = "witness.key";

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file would not be read or written.
    #[error("the key file {path}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Others can read it.
    #[error(
        "the key file {path} can be read by others (mode {mode:03o}): whoever has the key can sign \
         in the register's name; if nobody else can have read it, run chmod 600 on it",
        path = path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It holds no key.
    #[error("the key file {path} holds no signing key", path = path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// The name of the register is not one.
    #[error("{origin:?} cannot name a register")]
    Origin {
        /// The name.
        origin: String,
        /// Why.
        source: KeyError,
    },
    /// It signs in another name.
    #[error(
        "the key in {path} signs as {origin}, not as {asked}: a register keeps its name; leave out \
         --origin, or give the key of {asked}",
        path = path.display()
    )]
    OtherOrigin {
        /// The file.
        path: PathBuf,
        /// The name in it.
        origin: String,
        /// The name asked for.
        asked: String,
    },
    /// No randomness to be had.
    #[error("the operating system gives no random numbers: {0}")]
    Random(getrandom::Error),
}

impl From<DurableFileError> for KeyFileError {
    fn from(error: DurableFileError) -> Self {
        let DurableFileError { path, source, .. } = error;
        Self::Io { path, source }
    }
}

/// Where a key is, and of which sort it is.
#[derive(Debug, Clone)]
pub struct KeyFiles {
    path: PathBuf,
    algorithm: Algorithm,
    /// Whether it lies where its keeper put it, and is not made.
    is_given: bool,
}

impl KeyFiles {
    /// The key of a register: the one in the notary's directory, or the one that
    /// is given instead.
    pub fn new(dir: &Path, given: Option<PathBuf>) -> Self {
        Self {
            is_given: given.is_some(),
            path: given.unwrap_or_else(|| dir.join(KEY)),
            algorithm: Algorithm::Ed25519,
        }
    }

    /// The key of a witness, in its directory.
    pub fn witness(dir: &Path) -> Self {
        Self {
            is_given: false,
            path: dir.join(WITNESS),
            algorithm: Algorithm::Cosignature,
        }
    }

    /// Reads the key; makes one where there is none and none was given. `origin`
    /// names the register: what is read must have that name, and what is made
    /// gets it, or else one that no other register has.
    pub fn open(&self, origin: Option<&str>) -> Result<SigningKey, KeyFileError> {
        let path = self.path.clone();
        let key = match read(&path)? {
            Some(key) => key,
            None if self.is_given => {
                let source = io::ErrorKind::NotFound.into();
                return Err(KeyFileError::Io { path, source });
            }
            None => {
                let key = made(origin, self.algorithm)?;
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

    /// Reads the key, if there is one.
    pub fn read(&self) -> Result<Option<SigningKey>, KeyFileError> {
        read(&self.path)
    }

    /// Makes the key that is to replace one, and keeps it aside; the one that was
    /// made before, if that was not finished.
    pub fn prepare(&self, origin: &str) -> Result<SigningKey, KeyFileError> {
        let next = self.next();
        if let Some(key) = read(&next)? {
            return Ok(key);
        }
        let key = made(Some(origin), self.algorithm)?;
        write(&next, &key)?;
        Ok(key)
    }

    /// The key that was kept aside, if there is one.
    pub fn prepared(&self) -> Result<Option<SigningKey>, KeyFileError> {
        read(&self.next())
    }

    /// Puts the key that was kept aside in place of the other.
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

fn made(origin: Option<&str>, algorithm: Algorithm) -> Result<SigningKey, KeyFileError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(KeyFileError::Random)?;
    let origin = match origin {
        Some(origin) => origin.to_owned(),
        None => {
            let mut own = [0; 8];
            getrandom::fill(&mut own).map_err(KeyFileError::Random)?;
            let own: String = own.iter().map(|byte| format!("{byte:02x}")).collect();
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
    let mut file = match File::open(path) {
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
    durable_file::replace_private(path, text.as_bytes())?;
    Ok(())
}
