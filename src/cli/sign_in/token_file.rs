//! The file that keeps the tokens of `minutebook login`, one set for each server.
//!
//! Only its owner can read it. It is replaced whole. A command that changes it holds a lock: a
//! provider may accept a refresh token once only, so two commands that refreshed at once
//! would end the sign-in.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use fs2::FileExt as _;
use serde::{Deserialize, Serialize};

use super::Credentials;
use crate::failure::Failure;
use minutebook_kernel::durable_file;
use minutebook_kernel::sign_in::issued_tokens::IssuedTokens;

/// The permissions of anybody but the owner.
const OF_OTHERS: u32 = 0o077;

/// The most bytes of the file.
const BYTES_MAX: u64 = 4 << 20;

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    #[serde(default)]
    servers: BTreeMap<String, IssuedTokens>,
}

/// The file, by its path.
#[derive(Debug, Clone)]
pub struct TokenFile(PathBuf);

/// The file while nobody else changes it.
pub struct LockedTokenFile {
    file: TokenFile,
    _lock: File,
}

impl TokenFile {
    /// The file that the credentials name, or the usual one; `None` for a user without a
    /// folder of their own.
    pub fn of(credentials: &Credentials) -> Option<Self> {
        if let Some(path) = &credentials.tokens {
            return Some(Self(path.clone()));
        }
        let folder = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let config = folder("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
        let config = config.or_else(|| Some(folder("HOME")?.join(".config")))?;
        Some(Self(config.join("minutebook").join("tokens.json")))
    }

    /// The tokens for a server. Blocks.
    pub fn get(&self, server: &str) -> Result<Option<IssuedTokens>, Failure> {
        Ok(self.read()?.servers.remove(server))
    }

    /// Waits until nobody else changes it. Blocks.
    pub fn lock(&self) -> Result<LockedTokenFile, Failure> {
        let lock = || {
            durable_file::create_folder(durable_file::parent(&self.0))?;
            let mut path = self.0.clone().into_os_string();
            path.push(".lock");
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true).mode(0o600);
            let lock = options.open(path)?;
            lock.lock_exclusive()?;
            Ok::<_, io::Error>(lock)
        };
        Ok(LockedTokenFile {
            file: self.clone(),
            _lock: lock().map_err(|error| self.cannot("be changed", &error))?,
        })
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn cannot(&self, what: &str, error: &io::Error) -> Failure {
        Failure::BadFile(format!(
            "The file of tokens {} cannot {what}: {error}.",
            self.path().display()
        ))
    }

    fn read(&self) -> Result<Stored, Failure> {
        let mode = match std::fs::metadata(self.path()) {
            Err(error) if is_missing(&error) => return Ok(Stored::default()),
            Err(error) => return Err(self.cannot("be read", &error)),
            Ok(metadata) => metadata.permissions().mode(),
        };
        let path = self.path().display();
        if mode & OF_OTHERS != 0 {
            return Err(Failure::BadFile(format!(
                "The file of tokens {path} can be read by others, who could call in your place: \
                 run \"minutebook logout\" after chmod 600 {path}, then \"minutebook login\"."
            )));
        }
        let read = durable_file::read_up_to(self.path(), BYTES_MAX);
        let read = read.map_err(|error| self.cannot("be read", &error))?;
        serde_json::from_slice(&read).map_err(|_| {
            Failure::BadFile(format!(
                "The file of tokens {path} has another form than this program writes: remove it, \
                 and run \"minutebook login\"."
            ))
        })
    }
}

/// A folder above that is no folder counts as a missing file.
fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

impl LockedTokenFile {
    pub fn get(&self, server: &str) -> Result<Option<IssuedTokens>, Failure> {
        self.file.get(server)
    }

    /// Stores the tokens for a server.
    pub fn put(&self, server: &str, tokens: IssuedTokens) -> Result<(), Failure> {
        let mut stored = self.file.read()?;
        stored.servers.insert(server.to_owned(), tokens);
        self.write(&stored)
    }

    /// Forgets the tokens for a server.
    pub fn remove(&self, server: &str) -> Result<(), Failure> {
        let mut stored = self.file.read()?;
        stored.servers.remove(server);
        self.write(&stored)
    }

    fn write(&self, stored: &Stored) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(stored)
            .map_err(|error| self.file.cannot("be written", &error.into()))?;
        durable_file::replace(self.file.path(), &text)
            .map_err(|error| self.file.cannot("be written", &error.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    fn tokens(access: &str) -> IssuedTokens {
        IssuedTokens {
            issuer: "https://a.example".to_owned(),
            client_id: "cli".to_owned(),
            resource: None,
            access_token: access.to_owned(),
            refresh_token: Some("again".to_owned()),
            expires_at: 7,
        }
    }

    fn file(folder: &Path) -> TokenFile {
        TokenFile(folder.join("config/minutebook/tokens.json"))
    }

    #[test]
    fn each_server_has_its_own_tokens_and_others_cannot_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path());
        assert!(file.get("https://a").unwrap().is_none());
        let locked = file.lock().unwrap();
        locked.put("https://a", tokens("a")).unwrap();
        locked.put("https://b", tokens("b")).unwrap();
        locked.put("https://a", tokens("a2")).unwrap();
        assert!(file.get("https://a").unwrap() == Some(tokens("a2")));
        assert!(file.get("https://c").unwrap().is_none());
        let mode = fs::metadata(file.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        locked.remove("https://a").unwrap();
        assert!(file.get("https://a").unwrap().is_none());
        assert!(file.get("https://b").unwrap().is_some());
        assert!(!format!("{:?}", tokens("hush")).contains("hush"));
    }

    #[test]
    fn a_file_that_others_read_or_that_is_none_is_refused_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(folder.path());
        file.lock().unwrap().put("https://a", tokens("a")).unwrap();
        fs::set_permissions(file.path(), Permissions::from_mode(0o644)).unwrap();
        let failure = file.get("https://a").unwrap_err();
        assert!(failure.to_string().contains("chmod 600"), "{failure}");
        fs::set_permissions(file.path(), Permissions::from_mode(0o600)).unwrap();
        fs::write(file.path(), "{").unwrap();
        let failure = file.get("https://a").unwrap_err();
        assert!(
            failure.to_string().contains("minutebook login"),
            "{failure}"
        );
        assert_eq!(failure.exit_code(), 4);
    }
}
