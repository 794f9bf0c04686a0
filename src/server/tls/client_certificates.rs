//! Client certificates: who may show which, and whom they name.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, TrustAnchor, UnixTime,
};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore,
    SignatureScheme,
};
use webpki::{
    CertRevocationList, EndEntityCert, KeyUsage, OwnedCertRevocationList, RevocationOptionsBuilder,
};

use super::{TlsError, not_after};
use minutebook_domain::caller::{Principal, PrincipalKind};
use minutebook_grpc::peer_certificate::PeerCertificate;
use minutebook_kernel::tls::provider;

/// The purpose that a client certificate must name: id-kp-clientAuth, 1.3.6.1.5.5.7.3.2,
/// in DER and without its tag and length.
const CLIENT_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];

/// The issuer of a certificate's principal, before the fingerprint of the CA.
const CERTIFICATE: &str = "certificate";

/// Verifies the certificates of clients, as rustls does, and demands one thing more: that
/// they name the purpose. rustls lets a certificate pass that names none.
///
/// A client without a certificate is let in, as nobody. A certificate that is not accepted
/// ends the handshake, so that no client becomes nobody unawares.
#[derive(Debug)]
pub(super) struct ClientCertificates {
    verifier: Arc<dyn ClientCertVerifier>,
    anchors: Vec<TrustAnchor<'static>>,
    /// Of the CA of each anchor.
    fingerprints: Vec<String>,
    revoked: Vec<CertRevocationList<'static>>,
}

impl ClientCertificates {
    pub(super) fn new(
        cas: &[CertificateDer<'static>],
        revoked: Vec<CertificateRevocationListDer<'static>>,
        of_ca: impl Fn(webpki::Error) -> TlsError,
        of_crl: impl Fn(webpki::Error) -> TlsError,
    ) -> Result<Self, TlsError> {
        let anchors = cas
            .iter()
            .map(|ca| Ok(webpki::anchor_from_trusted_cert(ca)?.to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(of_ca)?;
        let lists = revoked
            .iter()
            .map(|list| Ok(OwnedCertRevocationList::from_der(list)?.into()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(of_crl)?;
        let roots = RootCertStore {
            roots: anchors.clone(),
        };
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
            .with_crls(revoked)
            .allow_unauthenticated()
            .build()?;
        Ok(Self {
            verifier,
            anchors,
            fingerprints: cas.iter().map(fingerprint).collect(),
            revoked: lists,
        })
    }

    /// The fingerprint of the CA that the certificate leads to.
    fn verified_by(
        &self,
        certificate: &EndEntityCert<'_>,
        intermediates: &[CertificateDer<'_>],
    ) -> Result<&str, webpki::Error> {
        let algorithms = provider().signature_verification_algorithms;
        let revoked: Vec<&CertRevocationList<'_>> = self.revoked.iter().collect();
        // Without a list, nothing is revoked.
        let revocation = RevocationOptionsBuilder::new(&revoked).ok();
        let path = certificate.verify_for_usage(
            algorithms.all,
            &self.anchors,
            intermediates,
            UnixTime::now(),
            KeyUsage::required(CLIENT_AUTH),
            revocation.map(RevocationOptionsBuilder::build),
            None,
        )?;
        let anchor = path.anchor();
        let index = self.anchors.iter().position(|known| {
            known.subject == anchor.subject
                && known.subject_public_key_info == anchor.subject_public_key_info
        });
        let fingerprint = index.and_then(|index| self.fingerprints.get(index));
        fingerprint
            .map(String::as_str)
            .ok_or(webpki::Error::UnknownIssuer)
    }

    /// Whom a certificate names, once the handshake has ended; `None` if it names nobody
    /// that can be a caller.
    pub(super) fn named(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
    ) -> Result<Option<PeerCertificate>, webpki::Error> {
        let certificate = EndEntityCert::try_from(end_entity)?;
        let ca = self.verified_by(&certificate, intermediates)?;
        let mut uris = certificate.valid_uri_names();
        let Some(name) = uris.next().or_else(|| certificate.valid_dns_names().next()) else {
            tracing::warn!(
                certificate = fingerprint(end_entity),
                "a client certificate has neither a URI nor a DNS name: it names nobody"
            );
            return Ok(None);
        };
        let issuer = format!("{CERTIFICATE} {ca}");
        match Principal::new(&issuer, PrincipalKind::Certificate, name) {
            Ok(principal) => Ok(not_after(end_entity).map(|expires_at| PeerCertificate {
                principal,
                expires_at,
            })),
            Err(error) => {
                tracing::warn!(
                    certificate = fingerprint(end_entity),
                    %error,
                    "the name in a client certificate is none: it names nobody"
                );
                Ok(None)
            }
        }
    }
}

/// SHA-256 of a certificate, in small hexadecimal digits.
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let digest = Sha256::digest(certificate);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl ClientCertVerifier for ClientCertificates {
    fn client_auth_mandatory(&self) -> bool {
        self.verifier.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.verifier.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self
            .verifier
            .verify_client_cert(end_entity, intermediates, now)?;
        let certificate = EndEntityCert::try_from(end_entity)
            .map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
        // All but the purpose was checked just before.
        match self.verified_by(&certificate, intermediates) {
            Ok(_) => Ok(verified),
            Err(_) => Err(Error::InvalidCertificate(CertificateError::InvalidPurpose)),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{
        CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
        SanType, date_time_ymd,
    };

    use super::*;

    type TestCa = CertifiedIssuer<'static, KeyPair>;

    fn ca(name: &str) -> TestCa {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    }

    fn uri(name: &str) -> SanType {
        SanType::URI(name.try_into().unwrap())
    }

    fn dns(name: &str) -> SanType {
        SanType::DnsName(name.try_into().unwrap())
    }

    fn client(ca: &TestCa, names: Vec<SanType>) -> CertificateDer<'static> {
        let mut params = CertificateParams::default();
        params.subject_alt_names = names;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.not_after = date_time_ymd(2099, 3, 31);
        let key = KeyPair::generate().unwrap();
        params.signed_by(&key, ca).unwrap().der().clone()
    }

    fn trusting(cas: &[&TestCa]) -> ClientCertificates {
        let cas: Vec<_> = cas.iter().map(|ca| ca.der().clone()).collect();
        let failed = |error: webpki::Error| TlsError::ClientCa {
            path: error.to_string().into(),
            source: error,
        };
        ClientCertificates::new(&cas, Vec::new(), failed, failed).unwrap()
    }

    #[test]
    fn a_certificate_is_its_first_uri_or_else_its_first_dns_name_of_its_own_ca() {
        // Two CAs that call themselves the same.
        let (first, second) = (ca("one"), ca("one"));
        let certificates = trusting(&[&first, &second]);
        for ca in [&first, &second] {
            let issuer = format!("certificate {}", fingerprint(ca.der()));
            for (names, value) in [
                (
                    vec![
                        dns("a.example"),
                        uri("spiffe://example/b"),
                        uri("spiffe://example/c"),
                    ],
                    "spiffe://example/b",
                ),
                (vec![dns("a.example"), dns("b.example")], "a.example"),
            ] {
                let shown = client(ca, names);
                let named = certificates.named(&shown, &[]).unwrap().unwrap();
                assert_eq!(named.principal.issuer.as_str(), issuer);
                assert_eq!(named.principal.kind, PrincipalKind::Certificate);
                assert_eq!(named.principal.value.as_str(), value);
                let last: jiff::Timestamp = "2099-03-31T00:00:00Z".parse().unwrap();
                assert_eq!(named.expires_at, last);
                assert!(!named.has_expired(last));
                assert!(named.has_expired(last + jiff::SignedDuration::from_secs(1)));
            }
        }
    }

    #[test]
    fn a_certificate_without_a_name_is_nobody_and_one_of_another_ca_is_refused() {
        let (own, foreign) = (ca("one"), ca("one"));
        let certificates = trusting(&[&own]);
        let too_long = format!("spiffe://example/{}", "x".repeat(200));
        for names in [vec![], vec![uri(&too_long)]] {
            assert_eq!(certificates.named(&client(&own, names), &[]), Ok(None));
        }
        let shown = client(&foreign, vec![dns("a.example")]);
        assert!(certificates.named(&shown, &[]).is_err());
    }
}
