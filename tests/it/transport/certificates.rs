//! Certificates for tests, good and bad ones.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use minutebook::server::TlsOptions;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SanType, SerialNumber, date_time_ymd,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The first day of 2020, which is past; and that of 2099, which is not.
pub const PAST: (i32, u8, u8) = (2020, 1, 1);
pub const FUTURE: (i32, u8, u8) = (2099, 1, 1);

pub struct Ca {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub file: PathBuf,
}

/// A certificate with its key, in files.
#[derive(Clone)]
pub struct Pair {
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
    pub serial: SerialNumber,
    pub certificate_file: PathBuf,
    pub key_file: PathBuf,
}

impl Ca {
    pub fn new(dir: &Path, name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a CA");
        let file = dir.join(format!("{name}.ca.pem"));
        fs::write(&file, issuer.pem()).expect("written");
        Self { issuer, file }
    }

    pub fn der(&self) -> CertificateDer<'static> {
        self.issuer.der().clone()
    }

    /// A certificate that is changed before it is signed.
    pub fn pair(
        &self,
        dir: &Path,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Pair {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        let serial = SerialNumber::from_slice(&rand_serial());
        params.serial_number = Some(serial.clone());
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let pair = Pair {
            certificate: certificate.der().clone(),
            key: key.serialize_der(),
            serial,
            certificate_file: dir.join(format!("{name}.pem")),
            key_file: dir.join(format!("{name}.key")),
        };
        place(&pair.certificate_file, &certificate.pem());
        place(&pair.key_file, &key.serialize_pem());
        pair
    }

    /// A certificate of a server of this machine.
    pub fn server(&self, dir: &Path, name: &str) -> Pair {
        self.pair(dir, name, |params| {
            params.subject_alt_names = vec![
                SanType::DnsName("localhost".try_into().expect("a name")),
                SanType::IpAddress([127, 0, 0, 1].into()),
            ];
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        })
    }

    /// A good client certificate, but for `change`.
    pub fn client(
        &self,
        dir: &Path,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Pair {
        self.pair(dir, name, |params| {
            let host = format!("{name}.example.gov.uk");
            params.subject_alt_names =
                vec![SanType::DnsName(host.as_str().try_into().expect("a name"))];
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            change(params);
        })
    }

    /// The list of its revoked certificates, in a file.
    pub fn revokes(&self, dir: &Path, revoked: &[&Pair]) -> PathBuf {
        let date = |(year, month, day): (i32, u8, u8)| date_time_ymd(year, month, day);
        let revoked_certs = revoked.iter().map(|pair| RevokedCertParams {
            serial_number: pair.serial.clone(),
            revocation_time: date(PAST),
            reason_code: None,
            invalidity_date: None,
        });
        let list = CertificateRevocationListParams {
            this_update: date(PAST),
            next_update: date(FUTURE),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: revoked_certs.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(&self.issuer).expect("a list");
        let file = dir.join("revoked.pem");
        place(&file, &list.pem().expect("PEM"));
        file
    }
}

impl Pair {
    pub fn chain(&self) -> Vec<CertificateDer<'static>> {
        vec![self.certificate.clone()]
    }

    pub fn key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.clone()).expect("a key")
    }

    pub fn options(&self) -> TlsOptions {
        TlsOptions::new(&self.certificate_file, &self.key_file)
    }

    /// Puts this certificate or this key, or both, in the place of another.
    pub fn replaces(&self, other: &Pair, certificate: bool, key: bool) {
        let put = |from: &Path, to: &Path| {
            place(to, &fs::read_to_string(from).expect("read"));
        };
        if certificate {
            put(&self.certificate_file, &other.certificate_file);
        }
        if key {
            put(&self.key_file, &other.key_file);
        }
    }
}

fn rand_serial() -> [u8; 8] {
    let mut serial = [1; 8];
    serial[1..].copy_from_slice(&uuid::Uuid::new_v4().as_bytes()[..7]);
    serial
}

/// Writes a file that only its owner can read, and gives it its name when it is complete.
fn place(path: &Path, text: &str) {
    let draft = path.with_extension("draft");
    fs::write(&draft, text).expect("written");
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o600)).expect("a mode");
    fs::rename(&draft, path).expect("renamed");
}
