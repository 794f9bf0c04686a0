//! TLS of a listener: certificate, key, client CA and revoked certificates, read together
//! and replaced together.

mod client_certificates;
mod handshake_log;
mod lazy_stream;
mod reload;
mod verified_certificate;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::server::{NoServerSessionStorage, VerifierBuilderError};

use self::client_certificates::ClientCertificates;
use self::handshake_log::HandshakeLog;
pub(super) use self::lazy_stream::LazyTlsStream;
use self::reload::FileVersion;
pub use self::reload::TlsReload;
use self::verified_certificate::VerifiedCertificate;
use minutebook_grpc::peer_certificate::{PeerCertificate, ShownCertificate};
use minutebook_kernel::tls::{
    HTTP1, HTTP2, PemFileError, VERSIONS, provider, read_certificates, read_crls, read_private_key,
};

/// The files of TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsOptions {
    /// The certificate of the server, and those that lead from it to a root.
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// The CAs whose client certificates are accepted. Default: none are asked for.
    pub client_ca: Option<PathBuf>,
    /// The client certificates that those CAs have revoked. Default: none.
    pub client_crl: Option<PathBuf>,
}

impl TlsOptions {
    pub fn new(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self {
            certificate: certificate.into(),
            key: key.into(),
            client_ca: None,
            client_crl: None,
        }
    }

    fn files(&self) -> impl Iterator<Item = &Path> {
        let always = [&self.certificate, &self.key].into_iter();
        let optional = self.client_ca.iter().chain(&self.client_crl);
        always.chain(optional).map(PathBuf::as_path)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error(transparent)]
    File(#[from] PemFileError),
    #[error(
        "the certificate {certificate} and the key {key} do not work together: give the key that \
         the first certificate in the file was made for",
        certificate = certificate.display(),
        key = key.display()
    )]
    Pair {
        certificate: PathBuf,
        key: PathBuf,
        source: tokio_rustls::rustls::Error,
    },
    #[error("{path} holds a certificate that cannot vouch for clients", path = path.display())]
    ClientCa {
        path: PathBuf,
        source: webpki::Error,
    },
    #[error("{path} holds a list of revoked certificates that cannot be read", path = path.display())]
    Crl {
        path: PathBuf,
        source: webpki::Error,
    },
    #[error("client certificates cannot be verified by these files")]
    Verifier(#[from] VerifierBuilderError),
    /// A list without the CA whose list it is.
    #[error("revoked client certificates are of no use without a client CA: give --client-ca too")]
    CrlAlone,
    /// rustls does not accept the provider with these versions.
    #[error("TLS cannot be set up")]
    Setup(#[source] tokio_rustls::rustls::Error),
}

/// The content of the files, ready for handshakes.
#[derive(Debug)]
pub(super) struct TlsSettings {
    config: Arc<ServerConfig>,
    clients: Option<Arc<ClientCertificates>>,
    /// When the certificate of the server expires, if that can be read.
    expires_at: Option<Timestamp>,
    /// Of the files, from before they were read.
    versions: Vec<FileVersion>,
    log: Arc<HandshakeLog>,
}

/// The settings in force. Clones share them; a connection keeps those that it began with.
#[derive(Debug, Clone)]
pub(super) struct CurrentTls(Arc<ArcSwap<TlsSettings>>);

impl TlsSettings {
    pub(super) fn load(options: &TlsOptions) -> Result<Self, TlsError> {
        let versions = reload::versions(options);
        let chain = read_certificates(&options.certificate)?;
        let key = read_private_key(&options.key)?;
        let expires_at = chain.first().and_then(not_after);
        let clients = match (&options.client_ca, &options.client_crl) {
            (Some(ca), crl) => Some(Arc::new(client_certificates(ca, crl.as_deref())?)),
            (None, Some(_)) => return Err(TlsError::CrlAlone),
            (None, None) => None,
        };
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(VERSIONS)
            .map_err(TlsError::Setup)?;
        let builder = match &clients {
            Some(clients) => builder.with_client_cert_verifier(clients.clone()),
            None => builder.with_no_client_auth(),
        };
        let config = builder.with_single_cert(chain, key.key);
        let mut config = config.map_err(|source| TlsError::Pair {
            certificate: options.certificate.clone(),
            key: options.key.clone(),
            source,
        })?;
        config.alpn_protocols = [HTTP2, HTTP1].map(<[u8]>::to_vec).into();
        if clients.is_some() {
            // A session that is resumed would keep a certificate that nobody has checked
            // since: it may be revoked by now.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Ok(Self {
            config: Arc::new(config),
            clients,
            expires_at,
            versions,
            log: Arc::default(),
        })
    }

    /// Says in the log until when the certificate is good.
    fn log_expiry(&self) {
        let now = Timestamp::from_second(unix_now());
        let expires = self.expires_at.map(tracing::field::display);
        match (self.expires_at, now) {
            (Some(at), Ok(now)) if at < now => {
                tracing::error!(expired = %at, "the certificate of this server has expired");
            }
            _ => tracing::info!(expires, "TLS is ready"),
        }
    }

    pub(super) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// Whom the certificates that a client showed name.
    ///
    /// `None` if it showed none, or one that names nobody.
    fn peer_certificate(
        &self,
        shown: Option<&[CertificateDer<'_>]>,
    ) -> Result<Option<PeerCertificate>, webpki::Error> {
        match (&self.clients, shown) {
            (Some(clients), Some([end_entity, intermediates @ ..])) => {
                clients.named(end_entity, intermediates)
            }
            _ => Ok(None),
        }
    }

    pub(super) fn log(&self) -> &HandshakeLog {
        &self.log
    }
}

impl CurrentTls {
    pub(super) fn load(options: &TlsOptions) -> Result<Self, TlsError> {
        let settings = TlsSettings::load(options)?;
        settings.log_expiry();
        Ok(Self(Arc::new(ArcSwap::from_pointee(settings))))
    }

    pub(super) fn get(&self) -> Arc<TlsSettings> {
        self.0.load_full()
    }

    /// The certificate that a client showed in a handshake by these settings; `None` if it
    /// showed none, or one that names nobody.
    pub(super) fn shown(
        &self,
        by: &Arc<TlsSettings>,
        shown: Option<&[CertificateDer<'_>]>,
    ) -> Result<Option<Arc<dyn ShownCertificate>>, webpki::Error> {
        let named = by.peer_certificate(shown)?;
        let verified = named.zip(shown).map(|(named, chain)| {
            let verified = VerifiedCertificate::new(named, chain, Arc::clone(by), self.clone());
            Arc::new(verified) as Arc<dyn ShownCertificate>
        });
        Ok(verified)
    }

    /// For connections from now on. Those that are open keep theirs, and ask again whether
    /// the certificates of their clients count.
    fn replace(&self, settings: TlsSettings) {
        settings.log_expiry();
        self.0.store(Arc::new(settings));
    }
}

fn client_certificates(ca: &Path, crl: Option<&Path>) -> Result<ClientCertificates, TlsError> {
    let roots = read_certificates(ca)?;
    let revoked = crl.map(read_crls).transpose()?.unwrap_or_default();
    let of_ca = |source| TlsError::ClientCa {
        path: ca.to_owned(),
        source,
    };
    let of_crl = |source| TlsError::Crl {
        path: crl.unwrap_or(ca).to_owned(),
        source,
    };
    ClientCertificates::new(&roots, revoked, of_ca, of_crl)
}

/// The seconds that TLS judges certificates by: those of the machine's clock.
fn unix_now() -> i64 {
    let now = tokio_rustls::rustls::pki_types::UnixTime::now().as_secs();
    i64::try_from(now).unwrap_or(i64::MAX)
}

/// Until when a certificate is valid.
///
/// webpki gives no access to it, but names it when it refuses the certificate as expired.
fn not_after(certificate: &CertificateDer<'_>) -> Option<Timestamp> {
    use tokio_rustls::rustls::pki_types::UnixTime;

    /// The year 10000: no certificate can name a later moment.
    const NEVER: std::time::Duration = std::time::Duration::from_secs(253_402_300_800);

    let certificate = webpki::EndEntityCert::try_from(certificate).ok()?;
    let usage = webpki::KeyUsage::client_auth();
    let never = UnixTime::since_unix_epoch(NEVER);
    match certificate.verify_for_usage(&[], &[], &[], never, usage, None, None) {
        Err(webpki::Error::CertExpired { not_after, .. }) => {
            let seconds = i64::try_from(not_after.as_secs()).ok()?;
            Timestamp::from_second(seconds).ok()
        }
        _ => None,
    }
}
