//! Opens connections to a server: by TCP or a socket file, through a proxy, with TLS.

use std::io;
use std::path::Path;
use std::sync::Arc;

use http::Uri;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use tower::{Service as _, ServiceExt as _};

use super::observed_connection::{EarlyEnd, ObservedStream, Speech};
use super::server_url::{ServerPlace, ServerUrl};
use minutebook_kernel::tls::{
    HTTP2, PemFileError, VERSIONS, provider, public_roots, read_certificates, read_private_key,
};

/// The ports of URLs that name none.
const HTTP_PORT: u16 = 80;
const HTTPS_PORT: u16 = 443;

/// A connection of any sort.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

type BoxedStream = Box<dyn ByteStream>;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("the proxy {proxy} does not connect")]
    Proxy {
        proxy: String,
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// rustls says why; `None` where the connection ended.
    #[error("the handshake failed")]
    Handshake(#[source] HandshakeError),
    #[error("the server has TLS, and does not speak HTTP/2 in it")]
    NotHttp2,
}

#[derive(Debug, thiserror::Error)]
pub enum HandshakeError {
    #[error(transparent)]
    Tls(rustls::Error),
    #[error(transparent)]
    Io(io::Error),
}

impl From<io::Error> for HandshakeError {
    fn from(error: io::Error) -> Self {
        let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
        match cause.cloned() {
            Some(error) => Self::Tls(error),
            None => Self::Io(error),
        }
    }
}

/// The files by which a client trusts a server, and a server the client.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClientTlsFiles<'f> {
    /// The CAs that servers are trusted by, in the place of the public ones.
    pub ca: Option<&'f Path>,
    /// A certificate and its key.
    pub identity: Option<(&'f Path, &'f Path)>,
}

#[derive(Debug, thiserror::Error)]
pub enum ClientTlsError {
    #[error(transparent)]
    File(#[from] PemFileError),
    #[error("{path} holds a certificate that cannot vouch for a server")]
    Ca { path: String, source: rustls::Error },
    #[error("the certificate {certificate} and the key {key} do not work together")]
    Pair {
        certificate: String,
        key: String,
        source: rustls::Error,
    },
    #[error("TLS cannot be set up")]
    Setup(#[source] rustls::Error),
}

/// Opens connections to one server. Clones share the settings.
#[derive(Debug, Clone)]
pub struct Connector {
    place: ServerPlace,
    tls: Option<Arc<ClientConfig>>,
    proxies: Arc<Matcher>,
    speech: Speech,
    end: EarlyEnd,
}

impl Connector {
    /// The files are read only for a server with TLS.
    pub fn new(url: &ServerUrl, files: ClientTlsFiles<'_>) -> Result<Self, ClientTlsError> {
        let tls = match url.place {
            ServerPlace::Host { has_tls: true, .. } => Some(Arc::new(config(files)?)),
            ServerPlace::Host { .. } | ServerPlace::Socket(_) => None,
        };
        Ok(Self {
            place: url.place.clone(),
            speech: match tls {
                None => Speech::Plain,
                Some(_) => Speech::Tls {
                    shows_certificate: files.identity.is_some(),
                },
            },
            tls,
            proxies: Arc::new(Matcher::from_env()),
            end: EarlyEnd::default(),
        })
    }

    /// Why the last connection ended before the server had said anything, if it did.
    pub fn early_end(&self) -> EarlyEnd {
        self.end.clone()
    }

    pub async fn connect(self) -> Result<TokioIo<ObservedStream<BoxedStream>>, ConnectError> {
        let stream: BoxedStream = match &self.place {
            ServerPlace::Socket(path) => Box::new(UnixStream::connect(path).await?),
            ServerPlace::Host { authority, .. } => {
                let host = authority.host();
                let port = authority.port_u16();
                match &self.tls {
                    None => Box::new(tcp(host, port.unwrap_or(HTTP_PORT)).await?),
                    Some(tls) => {
                        let port = port.unwrap_or(HTTPS_PORT);
                        let tcp = self.tunnelled(host, port).await?;
                        Box::new(secured(tls, host, tcp).await?)
                    }
                }
            }
        };
        let stream = ObservedStream::new(stream, self.speech, self.end);
        Ok(TokioIo::new(stream))
    }

    /// A connection to a host: through the proxy that the environment names for it, if
    /// there is one.
    async fn tunnelled(&self, host: &str, port: u16) -> Result<TcpStream, ConnectError> {
        let target: Result<Uri, _> = format!("https://{host}:{port}").parse();
        let Ok(target) = target else {
            return Ok(tcp(host, port).await?);
        };
        let Some(proxy) = self.proxies.intercept(&target) else {
            return Ok(tcp(host, port).await?);
        };
        let shown = proxy.uri().to_string();
        let failed = |source| ConnectError::Proxy {
            proxy: shown.clone(),
            source,
        };
        if proxy.uri().scheme_str() != Some("http") {
            return Err(failed(
                "only proxies with an http:// URL are supported".into(),
            ));
        }
        let connector = tower::service_fn(|uri: Uri| async move {
            let host = uri.host().unwrap_or_default();
            let stream = tcp(host, uri.port_u16().unwrap_or(HTTP_PORT)).await?;
            Ok::<_, io::Error>(TokioIo::new(stream))
        });
        let mut tunnel = Tunnel::new(proxy.uri().clone(), connector);
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        let ready = tunnel.ready().await.map_err(|error| failed(error.into()))?;
        let stream = ready
            .call(target)
            .await
            .map_err(|error| failed(error.into()))?;
        Ok(stream.into_inner())
    }
}

/// Each address of the host is tried.
async fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((host, port)).await?;
    // Requests are small and their answers awaited: send them at once.
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn secured(
    tls: &Arc<ClientConfig>,
    host: &str,
    stream: TcpStream,
) -> Result<impl ByteStream + use<>, ConnectError> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(host.to_owned())
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let stream = TlsConnector::from(Arc::clone(tls)).connect(name, stream);
    let stream = stream
        .await
        .map_err(|error| ConnectError::Handshake(error.into()))?;
    if stream.get_ref().1.alpn_protocol() != Some(HTTP2) {
        return Err(ConnectError::NotHttp2);
    }
    Ok(stream)
}

fn config(files: ClientTlsFiles<'_>) -> Result<ClientConfig, ClientTlsError> {
    let roots = match files.ca {
        None => public_roots(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for certificate in read_certificates(path)? {
                roots
                    .add(certificate)
                    .map_err(|source| ClientTlsError::Ca {
                        path: path.display().to_string(),
                        source,
                    })?;
            }
            roots
        }
    };
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(VERSIONS)
        .map_err(ClientTlsError::Setup)?
        .with_root_certificates(roots);
    let mut config = match files.identity {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = read_certificates(certificate)?;
            let private = read_private_key(key)?;
            let config = builder.with_client_auth_cert(chain, private.key);
            config.map_err(|source| ClientTlsError::Pair {
                certificate: certificate.display().to_string(),
                key: key.display().to_string(),
                source,
            })?
        }
    };
    config.alpn_protocols = vec![HTTP2.to_vec()];
    Ok(config)
}
