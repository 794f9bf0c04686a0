//! The caller's side of sign-in: whose token a command sends, and to which server.
//!
//! A token goes only to the server that it was got for, and only over TLS or to this
//! machine. Persons get theirs by `minutebook login`, systems by a credential of their own.

pub mod bearer;
pub mod loopback;
pub mod token_file;

use std::path::PathBuf;

use clap::Args;
use http::Uri;

use super::failure::Failure;
use super::remote::RemoteArgs;
use minutebook_kernel::durable_file;
use minutebook_kernel::sign_in::provider::{Provider, TokenRequest};
use minutebook_kernel::sign_in::provider_http::{ProviderHttp, is_loopback};

/// The most bytes of a file with a secret or with certificates.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// How a command says who it is, where nobody has run `minutebook login`.
#[derive(Clone, Default, Args)]
pub struct Credentials {
    /// A token from elsewhere. Only by the environment in earnest: others can see the
    /// arguments of a command.
    #[arg(
        long,
        global = true,
        hide = true,
        env = "MINUTEBOOK_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    token: Option<String>,

    /// The id of a system that signs in by itself, with a secret and an issuer
    #[arg(long, global = true, env = "MINUTEBOOK_CLIENT_ID", value_name = "ID")]
    client_id: Option<String>,

    /// The file with the secret of the system; or put it into MINUTEBOOK_CLIENT_SECRET
    #[arg(
        long,
        global = true,
        env = "MINUTEBOOK_CLIENT_SECRET_FILE",
        value_name = "FILE"
    )]
    client_secret_file: Option<PathBuf>,

    /// The secret itself, by the environment in earnest.
    #[arg(
        long,
        global = true,
        hide = true,
        env = "MINUTEBOOK_CLIENT_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    client_secret: Option<String>,

    /// The issuer that gives the system its tokens; its secret goes nowhere else
    #[arg(
        long,
        global = true,
        env = "MINUTEBOOK_CLIENT_ISSUER",
        value_name = "URL"
    )]
    client_issuer: Option<String>,

    /// Certificates (PEM) of the private authority that vouches for the issuer
    #[arg(long, global = true, env = "MINUTEBOOK_ISSUER_CA", value_name = "FILE")]
    pub issuer_ca: Option<PathBuf>,

    /// The file that keeps the tokens of "login" [default: minutebook/tokens.json in
    /// XDG_CONFIG_HOME or ~/.config]
    #[arg(long, global = true, env = "MINUTEBOOK_TOKENS", value_name = "FILE")]
    pub tokens: Option<PathBuf>,
}

/// Without secrets.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// A system that signs in by a credential of its own.
pub struct SystemCredential {
    pub client_id: String,
    pub secret: String,
    pub issuer: String,
}

impl Credentials {
    /// The token that was given, without the line feed of a file.
    pub fn token(&self) -> Option<&str> {
        let token = self.token.as_deref().map(str::trim);
        token.filter(|token| !token.is_empty())
    }

    /// The credential of a system, where one is given.
    pub fn system(&self) -> Result<Option<SystemCredential>, Failure> {
        let Some(client_id) = self.client_id.clone() else {
            return Ok(None);
        };
        let secret = match (&self.client_secret_file, &self.client_secret) {
            (Some(path), _) => {
                let read = durable_file::read_up_to(path, FILE_BYTES_MAX);
                let read = read.map_err(|error| {
                    Failure::BadFile(format!(
                        "The secret of the client in {} cannot be read: {error}.",
                        path.display()
                    ))
                })?;
                String::from_utf8_lossy(&read).trim().to_owned()
            }
            (None, secret) => secret.clone().unwrap_or_default(),
        };
        let missing = |what: &str| {
            Failure::Usage(format!(
                "The client {client_id} needs {what}: a system signs in with --client-id, \
                 --client-secret-file (or MINUTEBOOK_CLIENT_SECRET) and --client-issuer."
            ))
        };
        if secret.is_empty() {
            return Err(missing("a secret"));
        }
        // The server could name an issuer, too, but then it would have the secret sent to a
        // place of its choice.
        let issuer = self.client_issuer.clone();
        Ok(Some(SystemCredential {
            issuer: issuer.ok_or_else(|| missing("an issuer"))?,
            client_id,
            secret,
        }))
    }

    /// The certificates of the private authority of the issuer, where one is given.
    pub fn issuer_authority(&self) -> Result<Option<Vec<u8>>, Failure> {
        let Some(path) = &self.issuer_ca else {
            return Ok(None);
        };
        let read = durable_file::read_up_to(path, FILE_BYTES_MAX);
        read.map(Some).map_err(|error| {
            Failure::BadFile(format!(
                "The certificates in {} cannot be read: {error}.",
                path.display()
            ))
        })
    }
}

/// Asks an issuer where its parts are. `authority` has the certificates of its private
/// authority. Blocks.
pub fn find_provider(wanted: TokenRequest, authority: Option<&[u8]>) -> Result<Provider, Failure> {
    let http = ProviderHttp::new(authority)
        .map_err(|error| Failure::BadFile(format!("The certificates of the issuer: {error}")))?;
    Ok(Provider::find(wanted, http)?)
}

/// A server to call, and as whom.
#[derive(Debug, Clone)]
pub struct Server {
    /// Where it is, and how it is trusted.
    pub remote: RemoteArgs,
    /// `None` for a private server of this program, which gets no token.
    pub credentials: Option<Credentials>,
}

impl Server {
    /// A private server of this program: nobody signs in there.
    pub fn private(url: impl Into<String>) -> Self {
        Self {
            remote: RemoteArgs::local(url),
            credentials: None,
        }
    }

    /// The same server, for calls without a token.
    pub fn anonymous(&self) -> Self {
        Self {
            remote: self.remote.clone(),
            credentials: None,
        }
    }

    pub fn url(&self) -> &str {
        self.remote.server()
    }

    /// The name under which tokens for it are kept: the same however its URL is written.
    pub fn token_key(&self) -> String {
        let Ok(uri) = self.url().parse::<Uri>() else {
            return self.url().to_owned();
        };
        let scheme = uri.scheme_str().unwrap_or_default().to_ascii_lowercase();
        let Some(host) = uri.host().filter(|_| scheme.starts_with("http")) else {
            return self.url().to_owned();
        };
        let usual = if scheme == "https" { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(usual);
        let path = uri.path().trim_end_matches('/');
        format!("{scheme}://{}:{port}{path}", host.to_ascii_lowercase())
    }

    /// Whether nobody on the way can read a token that is sent there.
    pub fn is_private_way(&self) -> bool {
        if self.url().starts_with("unix:") {
            return true;
        }
        let Ok(uri) = self.url().parse::<Uri>() else {
            return false;
        };
        match uri.scheme_str() {
            Some("https") => true,
            Some("http") => uri.host().is_some_and(is_loopback),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_has_one_name_however_it_is_written() {
        let key = |url: &str| Server::private(url).token_key();
        assert_eq!(
            key("https://Register.example"),
            key("https://register.example:443/")
        );
        assert_eq!(key("http://127.0.0.1:7878"), "http://127.0.0.1:7878");
        assert_ne!(key("https://a.example"), key("http://a.example"));
        assert_ne!(key("https://a.example/one"), key("https://a.example/two"));
        assert_ne!(key("https://a.example:7878"), key("https://a.example:7879"));
    }

    #[test]
    fn a_token_needs_tls_or_this_machine() {
        let may = |url: &str| Server::private(url).is_private_way();
        assert!(may("https://a.example") && may("http://localhost:7878") && may("unix:/run/m"));
        assert!(!may("http://a.example") && !may("http://localhost.a.example") && !may("x"));
    }

    #[test]
    fn a_system_needs_a_secret_and_an_issuer() {
        let mut credentials = Credentials::default();
        assert!(credentials.system().unwrap().is_none());
        credentials.client_id = Some("feeder".to_owned());
        assert!(credentials.system().is_err());
        credentials.client_secret = Some("hush".to_owned());
        assert!(credentials.system().is_err());
        credentials.client_issuer = Some("https://a.example".to_owned());
        assert_eq!(credentials.system().unwrap().unwrap().secret, "hush");
        assert!(!format!("{credentials:?}").contains("hush"));
    }
}
