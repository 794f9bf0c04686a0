//! Each caller has a quota, a name in the access log and a record of what
//! they did and read, wherever they call from.

mod denials;
mod lines;
mod quotas;
mod who;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use minutebook::clock::Clock;
use minutebook::server::{ServerOptions, offline, start};
use minutebook::wire::proto::audit_service_client::AuditServiceClient;
use minutebook::wire::proto::principal::Name;
use minutebook::wire::proto::record_service_client::RecordServiceClient;
use minutebook::wire::proto::{AppendRequest, MandateGranted, MandateRole, Principal};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::net::TcpSocket;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tonic::transport::{Channel, Endpoint};

use crate::given::append;
use crate::grpc::test_server::{ANYWHERE, TestServer};
use crate::transport::certificates::{Ca, Pair};
use crate::transport::client;

/// A register with a keeper, in a folder, and callers who show certificates.
struct Kept {
    dir: TempDir,
    ca: Ca,
    server: Pair,
}

impl Kept {
    /// Sets the keeper, whose certificate is named `keeper`, and has him grant mandates.
    async fn granting(mandates: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let ca = Ca::new(dir.path(), "ca");
        let server = ca.server(dir.path(), "server");
        let kept = Self { dir, ca, server };
        let running = start(ServerOptions::new(kept.data(), ANYWHERE)).await;
        running.expect("a start").stop().await.expect("a stop");
        let granted = MandateGranted {
            mandate_id: "keeper".to_owned(),
            holder: Some(Principal {
                issuer: kept.issuer(),
                name: Some(Name::Certificate(name("keeper"))),
            }),
            role: MandateRole::Keeper.into(),
            recorded_as: "Keeper of the register".to_owned(),
            ..MandateGranted::default()
        };
        let set = offline::set_keeper(&kept.data(), granted, &Clock::system());
        set.expect("a keeper");
        let grants: Vec<Value> = mandates
            .iter()
            .map(|(holder, role)| kept.grant(holder, role))
            .collect();
        if !grants.is_empty() {
            let server = kept.start(|_| ()).await;
            let request = append(1, &grants);
            kept.record(&server, "keeper", request).await.expect("it");
            server.running.stop().await.expect("a stop");
        }
        kept
    }

    fn data(&self) -> std::path::PathBuf {
        self.dir.path().join("register")
    }

    /// Of the principals of certificates.
    fn issuer(&self) -> String {
        let digest = Sha256::digest(self.ca.der());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("certificate {hex}")
    }

    fn grant(&self, holder: &str, role: &str) -> Value {
        let mut granted = json!({
            "mandateId": holder,
            "holder": { "issuer": self.issuer(), "certificate": name(holder) },
            "role": format!("MANDATE_ROLE_{}", role.to_uppercase()),
            "recordedAs": format!("Office {holder}"),
        });
        if role != "auditor" {
            granted["wholeRegister"] = json!(true);
        }
        json!({ "subject": "register", "mandateGranted": granted })
    }

    async fn start(&self, with: impl FnOnce(&mut ServerOptions)) -> TestServer {
        let mut options = ServerOptions::new(self.data(), ANYWHERE);
        let mut tls = self.server.options();
        tls.client_ca = Some(self.ca.file.clone());
        options.tls = Some(tls);
        options.checkpoint_interval = std::time::Duration::from_secs(3_600);
        with(&mut options);
        let running = start(options).await.expect("a start");
        let address = running.address().socket().expect("TCP");
        let channel = self.channel(address, "keeper", 1).await;
        TestServer::by(running, channel)
    }

    /// The files of a client certificate.
    fn certificate(&self, holder: &str) -> Pair {
        self.ca.client(self.dir.path(), holder, |_| ())
    }

    /// A channel of a caller from an address of this machine.
    async fn channel(&self, server: SocketAddr, holder: &str, last: u8) -> Channel {
        let pair = self.certificate(holder);
        let config = client(&self.ca, Some(&pair), &[b"h2"]);
        let connect = tower::service_fn(move |_| {
            let config = Arc::clone(&config);
            async move {
                let socket = TcpSocket::new_v4()?;
                socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0)))?;
                let stream = socket.connect(server).await?;
                let name = ServerName::try_from("localhost").expect("a name");
                let stream = TlsConnector::from(config).connect(name, stream).await;
                stream.map(TokioIo::new)
            }
        });
        let endpoint = Endpoint::from_static("https://localhost");
        let connected = endpoint.connect_with_connector(connect).await;
        connected.expect("a connection")
    }

    /// The audit service, as a caller from an address reaches it.
    async fn audit(
        &self,
        server: &TestServer,
        holder: &str,
        last: u8,
    ) -> AuditServiceClient<Channel> {
        AuditServiceClient::new(self.channel(address(server), holder, last).await)
    }

    async fn record(
        &self,
        server: &TestServer,
        holder: &str,
        mut request: AppendRequest,
    ) -> Result<(), tonic::Status> {
        request.recorded_by.clear();
        let channel = self.channel(address(server), holder, 1).await;
        let answer = RecordServiceClient::new(channel).append(request).await;
        answer.map(drop)
    }

    /// The words of a command that calls as this holder.
    fn arguments(&self, url: &str, holder: &str) -> Vec<String> {
        let pair = self.certificate(holder);
        let path = |path: &Path| path.to_str().expect("a path").to_owned();
        [
            ("--server", url.to_owned()),
            ("--ca", path(&self.ca.file)),
            ("--client-cert", path(&pair.certificate_file)),
            ("--client-key", path(&pair.key_file)),
        ]
        .into_iter()
        .flat_map(|(option, value)| [option.to_owned(), value])
        .collect()
    }
}

fn name(holder: &str) -> String {
    format!("{holder}.example.gov.uk")
}

fn address(server: &TestServer) -> SocketAddr {
    server.running.address().socket().expect("TCP")
}
