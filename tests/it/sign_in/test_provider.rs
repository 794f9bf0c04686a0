//! The identity provider of the tests, and a server that trusts it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use minutebook::log::memory::MemoryMedium;
use minutebook::server::ServerOptions;
use minutebook::sign_in::settings::{IssuerSettings, SignInClients, SignInSettings};
use minutebook::wire::proto::caller_service_client::CallerServiceClient;
use minutebook::wire::proto::{WhoAmIRequest, WhoAmIResponse};
use serde_json::Value;
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_types::StatusExt as _;

use crate::grpc::test_server::{TestServer, options};
use crate::power_cut::not_run;

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oidc")
        .join(name)
}

/// A provider in a process of its own. It ends when it is dropped.
pub struct TestProvider {
    child: Child,
    pub url: String,
}

impl TestProvider {
    /// Starts a provider. `None`, and a line that says why, where that is not possible.
    pub fn start(test: &str) -> Option<Self> {
        let check = Command::new("node")
            .arg(script("provider.mjs"))
            .arg("--check")
            .output();
        let why = match check {
            Ok(output) if output.status.success() => None,
            Ok(_) => Some("the packages of tests/oidc are not installed: npm install".to_owned()),
            Err(error) => Some(format!("node: {error}")),
        };
        if let Some(why) = why {
            not_run(test, &why);
            return None;
        }
        let mut child = Command::new("node")
            .arg(script("provider.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let mut url = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut url).expect("its URL");
        Some(Self {
            child,
            url: url.trim().to_owned(),
        })
    }

    /// A command of the test to the provider.
    pub fn command(&self, name: &str, arguments: Value) -> Value {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        let sent = agent
            .post(format!("{}/test/{name}", self.url))
            .send(arguments.to_string());
        let text = sent.expect("an answer").body_mut().read_to_string();
        serde_json::from_str(&text.expect("its text")).expect("JSON")
    }

    /// A token with these headers and claims beside the usual ones, signed by the provider.
    /// `null` takes one away.
    pub fn sign(&self, arguments: Value) -> String {
        let token = self.command("sign", arguments);
        token.as_str().expect("a token").to_owned()
    }

    /// How often its keys were fetched.
    pub fn fetched(&self) -> u64 {
        self.command("fetched", Value::Null)
            .as_u64()
            .expect("a number")
    }

    fn clients() -> SignInClients<'static> {
        SignInClients {
            login: Some("cli"),
            page: Some("cli"),
            page_secret_file: None,
        }
    }

    pub fn settings(&self) -> SignInSettings {
        SignInSettings::one(&self.url, "register", Self::clients()).expect("settings")
    }

    /// The words of `serve` for a server that trusts it.
    pub fn arguments(&self) -> [&str; 8] {
        [
            "--issuer",
            &self.url,
            "--audience",
            "register",
            "--login-client",
            "cli",
            "--page-client",
            "cli",
        ]
    }

    /// A person with a browser, at this address; the last page they see.
    pub fn person(&self, address: &str, login: &str) -> String {
        let host = address.split('/').nth(2).expect("a host");
        // A sign-in that began on a page ends on that site.
        let home = if self.url.ends_with(host) { "" } else { host };
        let output = Command::new("node")
            .arg(script("person.mjs"))
            .args([address, login, home])
            .output()
            .expect("node runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout).expect("text")
    }
}

impl Drop for TestProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Settings of one issuer, changed.
pub fn changed(
    mut settings: SignInSettings,
    change: impl FnOnce(&mut IssuerSettings),
) -> SignInSettings {
    change(Arc::make_mut(&mut settings.issuers[0]));
    settings
}

pub fn signs_in(settings: SignInSettings) -> ServerOptions {
    let mut options = options();
    options.sign_in = Some(settings);
    options
}

pub async fn server(settings: SignInSettings) -> TestServer {
    TestServer::on(signs_in(settings), &MemoryMedium::new()).await
}

/// A request with these values of `authorization`.
pub fn with<T>(message: T, values: &[&str]) -> Request<T> {
    let mut request = Request::new(message);
    for value in values {
        let value: AsciiMetadataValue = value.parse().expect("a value");
        request.metadata_mut().append("authorization", value);
    }
    request
}

/// Who the server takes the sender of a token for.
pub async fn who(channel: &Channel, token: &str) -> Result<WhoAmIResponse, Status> {
    let request = with(WhoAmIRequest {}, &[&format!("Bearer {token}")]);
    let mut client = CallerServiceClient::new(channel.clone());
    Ok(client.who_am_i(request).await?.into_inner())
}

/// The principals of a caller: `group finance`.
pub fn principals(caller: &WhoAmIResponse) -> Vec<String> {
    let name = |kind| format!("{kind:?}").to_lowercase();
    let all = caller.principals.iter();
    all.map(|one| format!("{} {}", name(one.kind()), one.value))
        .collect()
}

/// The reason of a status, and the check that failed.
pub fn reason(status: &Status) -> (String, String) {
    let info = status.get_details_error_info().expect("a reason");
    let check = info.metadata.get("failed_check").cloned();
    (info.reason, check.unwrap_or_default())
}
