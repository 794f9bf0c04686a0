//! The program itself as a server, with a certificate of its own, for what only the
//! command line sets.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::NO_PORT;
use crate::process::busy_of;

/// The program of this version.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_minutebook");

pub struct Program {
    process: Child,
    pub port: u16,
}

impl Program {
    /// Serves a folder on any free port of this machine. The log goes nowhere, but is
    /// written.
    pub fn serve(program: &Path, data: &Path, arguments: &[String]) -> Self {
        let mut process = Command::new(program)
            .args(["serve", "--listen", NO_PORT, "--data"])
            .arg(data)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let stdout = process.stdout.take().expect("its output");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.split_once("://").map(|(_, rest)| rest);
        let port = address.and_then(|rest| rest.split([',', ' ', '\n']).next()?.rsplit(':').next());
        let port = port.and_then(|port| port.parse().ok());
        Self {
            port: port.unwrap_or_else(|| panic!("it says {line:?}")),
            process,
        }
    }

    /// Sets the keeper of a register that no server has open.
    pub fn keeper(program: &Path, data: &Path, issuer: &str, group: &str) {
        let set = Command::new(program)
            .args(["keeper", "--issuer", issuer, "--group", group, "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .status();
        assert!(set.expect("the program").success());
    }

    /// The processor time that it has used.
    pub fn busy(&self) -> Duration {
        busy_of(self.process.id())
    }

    pub fn stop(mut self) {
        let id = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("sent");
        assert!(self.process.wait().expect("an end").success());
    }
}

/// A certificate that the server shows, and the clients that trust it.
pub struct Certificates {
    client: Arc<ClientConfig>,
    certificate: PathBuf,
    key: PathBuf,
}

impl Certificates {
    pub fn new(dir: &Path) -> Self {
        use std::os::unix::fs::PermissionsExt as _;

        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        let made = params.self_signed(&key).expect("a certificate");
        let (certificate_file, key_file) = (dir.join("server.pem"), dir.join("server.key"));
        std::fs::write(&certificate_file, made.pem()).expect("written");
        std::fs::write(&key_file, key.serialize_pem()).expect("written");
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&key_file, private).expect("a mode");
        Self {
            client: Arc::new(client(made.der().clone())),
            certificate: certificate_file,
            key: key_file,
        }
    }

    pub fn client(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.client)
    }

    /// The words of `serve` for TLS with it.
    pub fn arguments(&self) -> [String; 4] {
        let text = |path: &Path| path.to_str().expect("a path").to_owned();
        [
            "--tls-cert".to_owned(),
            text(&self.certificate),
            "--tls-key".to_owned(),
            text(&self.key),
        ]
    }
}

fn client(trusted: CertificateDer<'static>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).expect("a certificate");
    let mut config = ClientConfig::builder_with_provider(minutebook::tls::provider())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}
