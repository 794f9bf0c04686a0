//! A client certificate after its handshake: it counts for as long as the files in force let
//! it in.
//!
//! A connection may be open for days, and its certificate may be revoked meanwhile. So the
//! first call after the files were read again has it judged again, by what they say.

use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::{CurrentTls, TlsSettings};
use minutebook_domain::caller::Principal;
use minutebook_grpc::peer_certificate::{PeerCertificate, ShownCertificate};

#[derive(Debug)]
pub(super) struct VerifiedCertificate {
    named: PeerCertificate,
    chain: Vec<CertificateDer<'static>>,
    current: CurrentTls,
    last: ArcSwap<Judgement>,
}

#[derive(Debug)]
struct Judgement {
    by: Arc<TlsSettings>,
    lets_in: bool,
}

impl VerifiedCertificate {
    /// One that was let in by these settings.
    pub(super) fn new(
        named: PeerCertificate,
        chain: &[CertificateDer<'_>],
        by: Arc<TlsSettings>,
        current: CurrentTls,
    ) -> Self {
        let chain = chain.iter().map(|shown| shown.clone().into_owned());
        let lets_in = true;
        Self {
            named,
            chain: chain.collect(),
            current,
            last: ArcSwap::from_pointee(Judgement { by, lets_in }),
        }
    }

    fn is_let_in(&self) -> bool {
        let (last, current) = (self.last.load(), self.current.get());
        if Arc::ptr_eq(&last.by, &current) {
            return last.lets_in;
        }
        // A CA that was replaced is another issuer, and its certificates name others.
        let found = current.peer_certificate(Some(&self.chain));
        let lets_in = match &found {
            Ok(found) => found.as_ref() == Some(&self.named),
            Err(_) => false,
        };
        if last.lets_in && !lets_in {
            let principal = &self.named.principal;
            let why = found.err().map(|error| error.to_string());
            tracing::warn!(
                %principal,
                why,
                "a client certificate is let in no longer: its open connections are nobody's"
            );
        }
        let by = current;
        self.last.store(Arc::new(Judgement { by, lets_in }));
        lets_in
    }
}

impl ShownCertificate for VerifiedCertificate {
    fn names(&self, now: Timestamp) -> Option<&Principal> {
        let counts = !self.named.has_expired(now) && self.is_let_in();
        counts.then_some(&self.named.principal)
    }
}
