//! Where the server listens: an address of a network, or a Unix socket.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UnixListener, UnixStream};

use super::errors::StartError;
use super::socket_file::SocketFile;
use minutebook_grpc::peer_address::PeerAddress;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenAddress {
    Tcp(SocketAddr),
    /// The file of a Unix socket, and the mode that it gets.
    Unix {
        path: PathBuf,
        mode: u32,
    },
}

/// The mode of a socket file: its owner alone may connect.
pub const SOCKET_MODE: u32 = 0o600;

impl ListenAddress {
    /// Whether only this machine can connect.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Tcp(address) => address.ip().to_canonical().is_loopback(),
            Self::Unix { .. } => true,
        }
    }

    /// Refuses an address that another program has.
    pub fn check_free(&self) -> Result<(), StartError> {
        BoundAddress::bind(self).map(drop)
    }

    /// With this mode, if it is a socket file.
    pub fn with_mode(self, mode: u32) -> Self {
        match self {
            Self::Tcp(_) => self,
            Self::Unix { path, .. } => Self::Unix { path, mode },
        }
    }

    /// `None` for a Unix socket.
    pub const fn socket(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(address) => Some(*address),
            Self::Unix { .. } => None,
        }
    }

    /// How clients write it.
    pub fn url(&self, has_tls: bool) -> String {
        match (self, has_tls) {
            (Self::Tcp(address), true) => format!("https://{address}"),
            (Self::Tcp(address), false) => format!("http://{address}"),
            (Self::Unix { .. }, _) => self.to_string(),
        }
    }
}

impl From<SocketAddr> for ListenAddress {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::Unix { path, .. } => write!(f, "unix:{}", path.display()),
        }
    }
}

/// An address that is taken, and where nobody listens yet: while the log is replayed,
/// callers are refused instead of left waiting.
#[derive(Debug)]
pub(super) enum BoundAddress {
    Tcp(TcpSocket, SocketAddr),
    /// The file is made when it is listened to.
    Unix {
        path: PathBuf,
        mode: u32,
    },
}

impl BoundAddress {
    pub(super) fn bind(address: &ListenAddress) -> Result<Self, StartError> {
        match address {
            ListenAddress::Tcp(address) => {
                let bound = bind_tcp(*address).map_err(|source| StartError::Listen {
                    address: *address,
                    source,
                })?;
                Ok(Self::Tcp(bound.0, bound.1))
            }
            ListenAddress::Unix { path, mode } => {
                SocketFile::check_free(path)?;
                Ok(Self::Unix {
                    path: path.clone(),
                    mode: *mode,
                })
            }
        }
    }

    pub(super) fn listen(self) -> Result<Listener, StartError> {
        match self {
            Self::Tcp(socket, address) => match socket.listen(BACKLOG) {
                Ok(listener) => Ok(Listener::Tcp(listener, address)),
                Err(source) => Err(StartError::Listen { address, source }),
            },
            Self::Unix { path, mode } => {
                let (listener, file) = SocketFile::listen(&path, mode, BACKLOG)?;
                Ok(Listener::Unix(listener, file))
            }
        }
    }
}

fn bind_tcp(address: SocketAddr) -> io::Result<(TcpSocket, SocketAddr)> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // A restart need not wait until the connections of the last run are closed.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let address = socket.local_addr()?;
    Ok((socket, address))
}

/// Accepts connections. A socket file is removed when this is dropped.
#[derive(Debug)]
pub(super) enum Listener {
    Tcp(TcpListener, SocketAddr),
    Unix(UnixListener, SocketFile),
}

impl Listener {
    /// With the port that was taken.
    pub(super) fn address(&self) -> ListenAddress {
        match self {
            Self::Tcp(_, address) => ListenAddress::Tcp(*address),
            Self::Unix(_, file) => ListenAddress::Unix {
                path: file.path().to_owned(),
                mode: file.mode(),
            },
        }
    }

    pub(super) async fn accept(&self) -> io::Result<(Transport, PeerAddress)> {
        match self {
            Self::Tcp(listener, _) => {
                let (stream, address) = listener.accept().await?;
                Ok((Transport::Tcp(stream), address.into()))
            }
            Self::Unix(listener, _) => {
                let (stream, _) = listener.accept().await?;
                let owner = stream.peer_cred()?;
                let address = PeerAddress::Unix {
                    uid: owner.uid(),
                    gid: owner.gid(),
                };
                Ok((Transport::Unix(stream), address))
            }
        }
    }
}

/// The bytes of a connection, as the system passes them on.
#[derive(Debug)]
pub(super) enum Transport {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Transport {
    /// Answers are small and awaited: send them at once.
    pub(super) fn send_at_once(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.set_nodelay(true),
            Self::Unix(_) => Ok(()),
        }
    }
}

impl AsyncRead for Transport {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Transport {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Self::Unix(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
            Self::Unix(stream) => stream.is_write_vectored(),
        }
    }
}
