//! The files of TLS, as servers take them.

use std::path::PathBuf;

use clap::Args;

use minutebook_server::TlsOptions;

#[derive(Debug, Args)]
pub struct TlsArgs {
    /// Speak TLS with this certificate: a PEM file, the server's own first, then those that
    /// lead to a root
    #[arg(
        long,
        env = "MINUTEBOOK_TLS_CERT",
        value_name = "FILE",
        requires = "tls_key"
    )]
    tls_cert: Option<PathBuf>,

    /// The key of the certificate: a PEM file that others cannot read
    #[arg(
        long,
        env = "MINUTEBOOK_TLS_KEY",
        value_name = "FILE",
        requires = "tls_cert"
    )]
    tls_key: Option<PathBuf>,

    /// Sign callers in by client certificates of these CAs: a PEM file. A caller without one
    /// needs a token
    #[arg(
        long,
        env = "MINUTEBOOK_CLIENT_CA",
        value_name = "FILE",
        requires = "tls_cert"
    )]
    client_ca: Option<PathBuf>,

    /// Refuse the client certificates that these lists revoke: a PEM file, with a list of
    /// each CA
    #[arg(
        long,
        env = "MINUTEBOOK_CLIENT_CRL",
        value_name = "FILE",
        requires = "client_ca"
    )]
    client_crl: Option<PathBuf>,
}

impl TlsArgs {
    /// `None` without TLS.
    pub fn options(self) -> Option<TlsOptions> {
        let (certificate, key) = self.tls_cert.zip(self.tls_key)?;
        let mut options = TlsOptions::new(certificate, key);
        options.client_ca = self.client_ca;
        options.client_crl = self.client_crl;
        Some(options)
    }
}
