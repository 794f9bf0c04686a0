//! The deadline of a call, which its caller sets in the header `grpc-timeout`.
//!
//! The transport applies it only until an answer begins. A stream applies it to itself.

use std::time::Duration;

use tokio::time::Instant;
use tonic::metadata::MetadataMap;

/// When a call ends, if its caller said so.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// The deadline of a call that has just come. A header that cannot be read sets none.
    pub fn read(headers: &MetadataMap) -> Self {
        let timeout = headers.get("grpc-timeout");
        let timeout = timeout.and_then(|timeout| parse(timeout.to_str().ok()?));
        Self(timeout.and_then(|timeout| Instant::now().checked_add(timeout)))
    }

    /// Resolves once it has passed; never, if there is none.
    pub async fn passed(self) {
        match self.0 {
            Some(deadline) => tokio::time::sleep_until(deadline).await,
            None => std::future::pending().await,
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
