//! A provider behind TLS whose certificate is of a private CA: both the server and the
//! command line ask it only where they have the file of that CA.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use minutebook::sign_in::settings::SignInSettings;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;

use super::test_provider::{reason, server, who};
use crate::program::{Serving, fails, program, text};
use crate::transport::certificates::Ca;

/// A provider that gives a token to any client, and nothing else.
struct SecureProvider {
    issuer: String,
    token: String,
    ca: PathBuf,
}

/// Connections whose handshake has succeeded.
struct SecureListener {
    listener: TcpListener,
    tls: TlsAcceptor,
}

impl axum::serve::Listener for SecureListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.listener.accept().await.expect("a connection");
            if let Ok(stream) = self.tls.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl SecureProvider {
    /// Answers until the test process ends.
    fn start(dir: &Path) -> Self {
        let ca = Ca::new(dir, "ca");
        let pair = ca.server(dir, "provider");
        let config = ServerConfig::builder_with_provider(minutebook::tls::provider())
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(pair.chain(), pair.key())
            .expect("a pair");
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        let key = Ed25519KeyPair::from_pkcs8(key.as_ref()).expect("a key");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("an address");
        listener.set_nonblocking(true).expect("for tokio");
        let port = listener.local_addr().expect("an address").port();
        let issuer = format!("https://localhost:{port}");
        let token = token(&key, &issuer);
        let public = URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
        let documents = HashMap::from([
            (
                "/.well-known/openid-configuration",
                json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/jwks"),
                        "token_endpoint": format!("{issuer}/token") }),
            ),
            (
                "/jwks",
                json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
                                   "kid": "one", "x": public }] }),
            ),
        ]);
        let given = json!({ "access_token": token, "token_type": "Bearer", "expires_in": 600 });
        let mut app = Router::new().route("/token", post(async move || answer(&given)));
        for (path, document) in documents {
            app = app.route(path, get(async move || answer(&document)));
        }
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = SecureListener {
                    listener: TcpListener::from_std(listener).expect("a listener"),
                    tls: TlsAcceptor::from(Arc::new(config)),
                };
                axum::serve(listener, app).await.expect("to serve");
            });
        });
        Self {
            issuer,
            token,
            ca: ca.file,
        }
    }

    /// Settings of a server that trusts it, in a file beside that of the CA.
    fn settings(&self, ca: Option<&Path>) -> PathBuf {
        let mut issuer = json!({ "issuer": self.issuer, "audiences": ["register"] });
        if let Some(ca) = ca {
            issuer["ca"] = json!(ca.file_name().expect("a name").to_str());
        }
        let file = self.ca.with_file_name("sign-in.json");
        std::fs::write(&file, json!({ "issuers": [issuer] }).to_string()).expect("written");
        file
    }
}

fn answer(document: &Value) -> ([(&'static str, &'static str); 1], String) {
    ([("content-type", "application/json")], document.to_string())
}

/// A token of the system `feeder`.
fn token(key: &Ed25519KeyPair, issuer: &str) -> String {
    let now = jiff::Timestamp::now().as_second();
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(json!({ "alg": "EdDSA", "kid": "one", "typ": "at+jwt" }));
    let claims = part(json!({
        "iss": issuer, "aud": "register", "sub": "feeder", "client_id": "feeder",
        "iat": now, "exp": now + 600,
    }));
    let signed = format!("{header}.{claims}");
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).as_ref());
    format!("{signed}.{signature}")
}

#[tokio::test]
async fn a_server_asks_a_provider_only_by_the_ca_in_its_settings() {
    let dir = tempfile::tempdir().expect("a directory");
    let provider = SecureProvider::start(dir.path());
    let other = Ca::new(dir.path(), "other");
    for (ca, is_trusted) in [
        (Some(&provider.ca), true),
        (Some(&other.file), false),
        (None, false),
    ] {
        let file = provider.settings(ca.map(PathBuf::as_path));
        let server = server(SignInSettings::read(&file).expect("settings")).await;
        let answer = who(&server.channel, &provider.token).await;
        match is_trusted {
            true => {
                let caller = answer.expect("a caller");
                assert_eq!(caller.principals[0].value, "feeder");
            }
            false => {
                let (reason, _) = reason(&answer.expect_err("no keys"));
                assert_eq!(reason, "SIGN_IN_UNAVAILABLE");
            }
        }
        server.running.stop().await.expect("to stop");
    }
}

#[test]
fn the_log_of_a_server_says_where_the_ca_of_a_provider_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let provider = SecureProvider::start(dir.path());
    let file = provider.settings(None);
    let arguments = ["--sign-in", text(&file), "--log-level", "warn"];
    let serving = Serving::try_with(&dir.path().join("register"), &arguments);
    let mut serving = serving.expect("a start");
    let log = BufReader::new(serving.child.stderr.take().expect("its log"));
    let mut lines = log.lines().map(|line| line.expect("text"));
    let line = lines.find(|line| line.contains("keys of an issuer cannot be had"));
    let line = line.expect("a warning");
    for said in [
        &*provider.issuer,
        "a CA that is not among the public ones",
        "\\\"ca\\\" of the sign-in settings (--sign-in FILE)",
    ] {
        assert!(line.contains(said), "{said} is not in {line}");
    }
}

/// `whoami` of a system that gets its token at the provider.
fn whoami(serving: &Serving, provider: &SecureProvider, more: &[&str]) -> Output {
    program()
        .env("MINUTEBOOK_CLIENT_SECRET", "hush")
        .args(["whoami", "--client-id", "feeder"])
        .args(["--client-issuer", &provider.issuer])
        .args(["--server", &serving.url])
        .args(more)
        .output()
        .expect("the program runs")
}

#[test]
fn a_command_asks_a_provider_only_by_the_ca_that_it_is_given() {
    let dir = tempfile::tempdir().expect("a directory");
    let provider = SecureProvider::start(dir.path());
    let file = provider.settings(Some(&provider.ca));
    let arguments = ["--sign-in", text(&file)];
    let serving = Serving::with(&dir.path().join("register"), &arguments);

    let output = whoami(&serving, &provider, &["--issuer-ca", text(&provider.ca)]);
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && printed.contains("feeder"),
        "{printed}{errors}"
    );

    let without = whoami(&serving, &provider, &[]);
    fails(&without, 3, "a CA that is not among the public ones");
    fails(&without, 3, "--issuer-ca");
    let other = Ca::new(dir.path(), "other");
    let wrong = whoami(&serving, &provider, &["--issuer-ca", text(&other.file)]);
    fails(
        &wrong,
        3,
        "a CA that is not among those in the file of its CAs",
    );
    fails(&wrong, 3, "--issuer-ca");
}
