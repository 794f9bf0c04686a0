//! The server that a command asks, and the files by which each trusts the other.

use std::path::PathBuf;

use clap::Args;

use super::connector::{ClientTlsFiles, Connector};
use super::failure::{Failure, chain};
use super::server_url::ServerUrl;

#[derive(Debug, Clone, Default, Args)]
pub struct RemoteArgs {
    /// The server to ask: https://host:port, with a path if a proxy wants one; unix:/path
    /// for a socket; http://host:port without TLS
    #[arg(
        long,
        global = true,
        env = "MINUTEBOOK_SERVER",
        default_value = "http://127.0.0.1:7878",
        value_name = "URL"
    )]
    server: String,

    /// Trust a server with TLS by these CAs instead of the public ones: a PEM file
    #[arg(long, global = true, env = "MINUTEBOOK_CA", value_name = "FILE")]
    ca: Option<PathBuf>,

    /// Show this certificate to a server with TLS: a PEM file, with its chain
    #[arg(
        long,
        global = true,
        env = "MINUTEBOOK_CLIENT_CERT",
        value_name = "FILE"
    )]
    client_cert: Option<PathBuf>,

    /// The key of that certificate: a PEM file that only its owner can read
    #[arg(
        long,
        global = true,
        env = "MINUTEBOOK_CLIENT_KEY",
        value_name = "FILE"
    )]
    client_key: Option<PathBuf>,
}

impl RemoteArgs {
    /// A server on this machine that needs no files.
    pub fn local(url: impl Into<String>) -> Self {
        Self {
            server: url.into(),
            ..Self::default()
        }
    }

    /// Its URL, as it was given.
    pub fn server(&self) -> &str {
        &self.server
    }

    pub fn url(&self) -> Result<ServerUrl, Failure> {
        let url = self.server.parse();
        url.map_err(|error| Failure::Usage(chain(&error)))
    }

    pub fn connector(&self, url: &ServerUrl) -> Result<Connector, Failure> {
        let identity = match (&self.client_cert, &self.client_key) {
            (Some(certificate), Some(key)) => Some((certificate.as_path(), key.as_path())),
            (None, None) => None,
            (Some(_), None) => {
                return Err(Failure::Usage(
                    "A client certificate is shown with its key: give --client-key too.".to_owned(),
                ));
            }
            (None, Some(_)) => {
                return Err(Failure::Usage(
                    "A key is shown with its client certificate: give --client-cert too."
                        .to_owned(),
                ));
            }
        };
        let files = ClientTlsFiles {
            ca: self.ca.as_deref(),
            identity,
        };
        Connector::new(url, files).map_err(|error| Failure::BadFile(chain(&error)))
    }
}
