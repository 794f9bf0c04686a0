//! Why handshakes fail, in the log: enough for an operator, and no more than that for
//! strangers.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_rustls::rustls::Error;

use minutebook_grpc::peer_address::PeerAddress;
use minutebook_kernel::error_chain::describe_chain;

/// A refused certificate is logged at most so often. Each is, at the level debug.
const LINE_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(crate) struct HandshakeLog(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    last: Option<Instant>,
    /// Since the last line.
    left_out: u64,
}

impl HandshakeLog {
    /// The owner of a refused certificate learns little: in TLS 1.3 its own part of the
    /// handshake has succeeded by then. So the reason is here. Other failures are mostly the
    /// noise of a network.
    pub(crate) fn failed(&self, peer: PeerAddress, error: &io::Error) {
        let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
        let is_of_certificate = matches!(cause, Some(Error::InvalidCertificate(_)));
        let why = describe_chain(error);
        if is_of_certificate && let Some(left_out) = self.line() {
            let left_out = (left_out > 0).then_some(left_out);
            tracing::warn!(%peer, why, left_out, "a client certificate was refused");
        } else {
            tracing::debug!(%peer, why, "a handshake failed");
        }
    }

    /// How many lines were left out, if it is time for the next one.
    fn line(&self) -> Option<u64> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.last.is_some_and(|at| at.elapsed() < LINE_EVERY) {
            lines.left_out += 1;
            return None;
        }
        lines.last = Some(Instant::now());
        Some(std::mem::take(&mut lines.left_out))
    }
}
