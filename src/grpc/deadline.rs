//! When a call has to end: at the deadline that its caller sets in the header
//! `grpc-timeout`, or when the token or the certificate of its caller counts no longer.
//!
//! The transport applies a deadline only until an answer begins. A stream applies it to
//! itself. Token and certificate are checked when a call begins; a stream may outlive them.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tonic::{Request, Status};

use super::peer_certificate::{CertifiedBy, ShownCertificate};
use super::sign_in::TokenExpiry;
use super::status;
use minutebook_kernel::clock::Clock;
use minutebook_kernel::sign_in::token::LEEWAY;

/// How often the machine's clock is looked at, which may be set meanwhile.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// How often it is asked whether a certificate counts, as often as its files are looked at.
const LOOK_AT_CERTIFICATE_EVERY: Duration = Duration::from_secs(1);

/// When a call ends, if its caller says so, or what signed the caller in.
#[derive(Debug, Clone)]
pub struct Deadline {
    set_by_caller: Option<Instant>,
    token_expires: Option<Timestamp>,
    certified_by: Option<CertifiedBy>,
}

impl Deadline {
    /// The deadline of a call that has just come. A header that cannot be read sets none.
    pub fn of<T>(request: &Request<T>) -> Self {
        let timeout = request.metadata().get("grpc-timeout");
        let timeout = timeout.and_then(|timeout| parse(timeout.to_str().ok()?));
        let expiry = request.extensions().get::<TokenExpiry>();
        Self {
            set_by_caller: timeout.and_then(|timeout| Instant::now().checked_add(timeout)),
            token_expires: expiry.map(|TokenExpiry(at)| *at),
            certified_by: request.extensions().get().cloned(),
        }
    }

    /// Resolves once it has passed, with the status that ends the call; never, if there is
    /// none.
    pub async fn passed(&self) -> Status {
        let set_by_caller = async {
            match self.set_by_caller {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        let token_expires = async {
            match self.token_expires {
                Some(at) => expired(at).await,
                None => std::future::pending().await,
            }
        };
        let certificate_lapses = async {
            match &self.certified_by {
                Some(CertifiedBy(certificate)) => lapsed(&**certificate).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = set_by_caller => status::deadline_passed(),
            () = token_expires => status::token_expired(),
            () = certificate_lapses => status::certificate_lapsed(),
        }
    }
}

/// Resolves once the certificate would not sign in a new call.
async fn lapsed(certificate: &dyn ShownCertificate) {
    let clock = Clock::system();
    while certificate.names(clock.now()).is_some() {
        tokio::time::sleep(LOOK_AT_CERTIFICATE_EVERY).await;
    }
}

/// Resolves once a new call with the token would be refused.
async fn expired(at: Timestamp) {
    let clock = Clock::system();
    let counts_until = at.checked_add(LEEWAY).unwrap_or(Timestamp::MAX);
    loop {
        let left = counts_until.duration_since(clock.now());
        match Duration::try_from(left) {
            Ok(left) if !left.is_zero() => tokio::time::sleep(left.min(LOOK_EVERY)).await,
            Ok(_) | Err(_) => return,
        }
    }
}

/// Parses a timeout ("gRPC over HTTP/2", `Timeout`): at most eight digits and a unit.
fn parse(text: &str) -> Option<Duration> {
    let unit = text.chars().next_back()?;
    let digits = text.strip_suffix(unit)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    match unit {
        'H' => Some(Duration::from_secs(count * 3_600)),
        'M' => Some(Duration::from_secs(count * 60)),
        'S' => Some(Duration::from_secs(count)),
        'm' => Some(Duration::from_millis(count)),
        'u' => Some(Duration::from_micros(count)),
        'n' => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_the_protocol_defines_them() {
        assert_eq!(parse("1H"), Some(Duration::from_secs(3_600)));
        assert_eq!(parse("2M"), Some(Duration::from_secs(120)));
        assert_eq!(parse("3S"), Some(Duration::from_secs(3)));
        assert_eq!(parse("99999999m"), Some(Duration::from_millis(99_999_999)));
        assert_eq!(parse("5u"), Some(Duration::from_micros(5)));
        assert_eq!(parse("7n"), Some(Duration::from_nanos(7)));
        for other in ["", "S", "1", "1s", "-1S", "100000000S", "1 S", "é"] {
            assert_eq!(parse(other), None, "{other:?}");
        }
    }
}
