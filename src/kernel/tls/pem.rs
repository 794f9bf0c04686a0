//! Files in PEM form: certificates, private keys, lists of revoked certificates.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivateKeyDer,
};

/// The most bytes of such a file.
const BYTES_MAX: u64 = 64 << 20;

/// Others may do nothing with a private key, and its group may read it at most.
///
/// This is less strict than ssh, which refuses a group too: the key of a user is his alone,
/// but that of a server is often made by root, renewed by a program of its own, and read by
/// the service through a group.
const FORBIDDEN_MODE: u32 = 0o037;

#[derive(Debug, thiserror::Error)]
pub enum PemFileError {
    #[error("{path} cannot be read", path = path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error(
        "the private key {path} is open to others (mode {mode:03o}), and everyone who can read it \
         can pose as its owner: chmod 600, or 640 for a group; replace the key if others may have \
         read it",
        path = path.display()
    )]
    Exposed { path: PathBuf, mode: u32 },
    #[error("{path} is not a PEM file that holds {wanted}: {why}", path = path.display())]
    Form {
        path: PathBuf,
        wanted: &'static str,
        why: pem::Error,
    },
    #[error(
        "{path} holds no {wanted}: give a PEM file, with lines such as \"-----BEGIN …-----\"",
        path = path.display()
    )]
    Empty { path: PathBuf, wanted: &'static str },
}

/// A private key, and the file that it is from.
#[derive(Debug)]
pub struct PrivatePem {
    pub key: PrivateKeyDer<'static>,
    pub path: PathBuf,
}

/// Reads certificates, in the order of the file; at least one.
pub fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, PemFileError> {
    read_all(path, "certificate")
}

/// Reads lists of revoked certificates; at least one.
pub fn read_crls(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>, PemFileError> {
    let wanted = "list of revoked certificates (X509 CRL)";
    read_all(path, wanted)
}

/// Reads the first private key. Refuses a file that others can read.
pub fn read_private_key(path: &Path) -> Result<PrivatePem, PemFileError> {
    let wanted = "private key";
    let (bytes, mode) = read(path)?;
    if mode & FORBIDDEN_MODE != 0 {
        let path = path.to_owned();
        return Err(PemFileError::Exposed { path, mode });
    }
    let key = PrivateKeyDer::from_pem_slice(&bytes).map_err(|why| match why {
        pem::Error::NoItemsFound => PemFileError::Empty {
            path: path.to_owned(),
            wanted,
        },
        why => PemFileError::Form {
            path: path.to_owned(),
            wanted,
            why,
        },
    })?;
    let path = path.to_owned();
    Ok(PrivatePem { key, path })
}

fn read_all<T: PemObject>(path: &Path, wanted: &'static str) -> Result<Vec<T>, PemFileError> {
    let (bytes, _) = read(path)?;
    let items: Result<Vec<T>, pem::Error> = T::pem_slice_iter(&bytes).collect();
    let items = items.map_err(|why| PemFileError::Form {
        path: path.to_owned(),
        wanted,
        why,
    })?;
    if items.is_empty() {
        let path = path.to_owned();
        return Err(PemFileError::Empty { path, wanted });
    }
    Ok(items)
}

/// The bytes of a file, and its mode.
fn read(path: &Path) -> Result<(Vec<u8>, u32), PemFileError> {
    let read = || {
        let file = File::open(path)?;
        let mode = file.metadata()?.permissions().mode() & 0o777;
        let mut bytes = Vec::new();
        file.take(BYTES_MAX).read_to_end(&mut bytes)?;
        Ok((bytes, mode))
    };
    read().map_err(|source| PemFileError::Read {
        path: path.to_owned(),
        source,
    })
}
