//! A caller is let in by TLS, by certificate and by socket as the operator says, and in no
//! other way.

pub mod certificates;
mod clients;
mod crowd;
mod exposure;
mod handshakes;
mod lapsed;
mod proxies;
mod reload;
mod sockets;
mod witness;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use minutebook::server::ServerOptions;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use self::certificates::{Ca, Pair};
use crate::grpc::test_server::{TestServer, options};

/// Longer than any step takes on a busy machine.
pub const SOON: Duration = Duration::from_secs(30);

/// A client that trusts `ca`, and shows `identity`.
pub fn client(ca: &Ca, identity: Option<&Pair>, protocols: &[&[u8]]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(ca.der()).expect("a CA");
    let builder = ClientConfig::builder_with_provider(minutebook::tls::provider())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(pair) => builder
            .with_client_auth_cert(pair.chain(), pair.key())
            .expect("a pair"),
    };
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Arc::new(config)
}

/// A connection to a port of this machine, by the name `localhost`.
async fn secured(config: Arc<ClientConfig>, port: u16) -> io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(config).connect(name, stream).await
}

pub async fn channel(
    config: Arc<ClientConfig>,
    port: u16,
) -> Result<Channel, tonic::transport::Error> {
    let endpoint = Endpoint::from_static("https://localhost").connect_timeout(SOON);
    let connect = tower::service_fn(move |_| {
        let config = Arc::clone(&config);
        async move { secured(config, port).await.map(TokioIo::new) }
    });
    endpoint.connect_with_connector(connect).await
}

/// Whether the server answers a call.
async fn is_answered(channel: Channel) -> Result<(), tonic::Status> {
    let mut request = tonic::Request::new(HealthCheckRequest::default());
    request.set_timeout(SOON);
    HealthClient::new(channel).check(request).await.map(|_| ())
}

fn port(server: &TestServer) -> u16 {
    server.running.address().socket().expect("TCP").port()
}

/// Options with TLS; the files are those of `pair`.
fn with_tls(pair: &Pair) -> ServerOptions {
    let mut options = options();
    options.tls = Some(pair.options());
    options
}
