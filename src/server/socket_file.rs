//! The file of a Unix socket.
//!
//! It takes the place of one that a dead server left, never of one that a server listens
//! to, nor of any other file. It appears with its mode, when its server accepts calls, and
//! goes when the server stops.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixSocket};

#[derive(Debug, thiserror::Error)]
pub enum SocketFileError {
    #[error(
        "cannot listen on unix:{path}: another server listens there; stop it, or choose another \
         file with --listen",
        path = path.display()
    )]
    Live { path: PathBuf },
    #[error(
        "cannot listen on unix:{path}: the file is no socket; name one that is not there yet with \
         --listen",
        path = path.display()
    )]
    OtherFile { path: PathBuf },
    #[error("cannot listen on unix:{path}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// A socket file that this server made. Removed when it is dropped, if it is still that one.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    mode: u32,
    device_and_inode: (u64, u64),
}

impl SocketFile {
    /// An error if the file may not be replaced.
    pub fn check_free(path: &Path) -> Result<(), SocketFileError> {
        let failed = |source| SocketFileError::Io {
            path: path.to_owned(),
            source,
        };
        let file = match fs::symlink_metadata(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(error)),
        };
        let path = path.to_owned();
        if !file.file_type().is_socket() {
            return Err(SocketFileError::OtherFile { path });
        }
        match UnixStream::connect(&path) {
            Ok(_) => Err(SocketFileError::Live { path }),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            // A server whose queue is full, or that only another user may call.
            Err(error) => Err(failed(error)),
        }
    }

    /// Listens on a file of its own, and then gives it the name: nobody finds a socket with
    /// another mode, or one that does not accept.
    pub fn listen(
        path: &Path,
        mode: u32,
        backlog: u32,
    ) -> Result<(UnixListener, Self), SocketFileError> {
        Self::check_free(path)?;
        let listen = || {
            let hidden = hidden_beside(path);
            let socket = UnixSocket::new_stream()?;
            socket.bind(&hidden)?;
            let named = || {
                fs::set_permissions(&hidden, Permissions::from_mode(mode))?;
                let listener = socket.listen(backlog)?;
                let file = fs::symlink_metadata(&hidden)?;
                fs::rename(&hidden, path)?;
                let file = Self {
                    path: path.to_owned(),
                    mode,
                    device_and_inode: (file.dev(), file.ino()),
                };
                Ok((listener, file))
            };
            named().inspect_err(|_: &io::Error| {
                // It is of no use to anyone.
                let _ = fs::remove_file(&hidden);
            })
        };
        listen().map_err(|source| SocketFileError::Io {
            path: path.to_owned(),
            source,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub const fn mode(&self) -> u32 {
        self.mode
    }
}

/// A short name in the same folder: the system allows a hundred bytes or so.
fn hidden_beside(path: &Path) -> PathBuf {
    let tag = uuid::Uuid::new_v4().simple().to_string();
    path.with_file_name(format!(".mb{}", &tag[..8]))
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let is_ours = fs::symlink_metadata(&self.path)
            .is_ok_and(|file| (file.dev(), file.ino()) == self.device_and_inode);
        if is_ours {
            // The next start takes it for one of a dead server.
            let _ = fs::remove_file(&self.path);
        }
    }
}
