//! A limit for the lines of refusals that strangers can cause at will, so that a flood of them
//! does not fill the disk. What was left out is counted, and the count is logged.
//!
//! There is one for the process, as there is one log.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::TARGET;
use crate::peer_address::{PeerAddress, PeerHost};

/// The most such lines within [`WINDOW`]: of one address, and of all together.
const LINES_OF_ONE_MAX: u64 = 50;
const LINES_MAX: u64 = 500;

const WINDOW: Duration = Duration::from_secs(10);

/// The outcomes that are limited.
const LIMITED: [&str; 4] = [
    "UNAUTHENTICATED",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "NO_CALL",
];

static LINES: LazyLock<Mutex<LineCounts>> = LazyLock::new(Mutex::default);

#[derive(Debug, Default)]
struct LineCounts {
    ends: Option<Instant>,
    written: u64,
    left_out: u64,
    /// Of each address; at most [`LINES_MAX`] of them wrote a line.
    of_one: HashMap<PeerHost, u64>,
}

/// The fate of a line.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    may_write: bool,
    /// How many lines the window that has ended left out.
    left_out: u64,
    /// When to count them, where this is the first one that is left out.
    report_at: Option<Instant>,
}

/// Whether to write the line of a request with this outcome. Logs how many were left out.
pub fn may_write(peer: Option<PeerAddress>, outcome: &str) -> bool {
    if !LIMITED.contains(&outcome) {
        return true;
    }
    let host = peer.map_or(PeerHost::Unknown, PeerAddress::host);
    let verdict = with_counts(|counts| counts.judge(host, Instant::now()));
    report(verdict.left_out);
    if let (Some(at), Ok(runtime)) = (verdict.report_at, tokio::runtime::Handle::try_current()) {
        // Nothing else may come after a flood.
        runtime.spawn(async move {
            tokio::time::sleep_until(at.into()).await;
            report(with_counts(|counts| counts.end_window(Instant::now())));
        });
    }
    verdict.may_write
}

fn with_counts<T>(act: impl FnOnce(&mut LineCounts) -> T) -> T {
    act(&mut LINES.lock().unwrap_or_else(PoisonError::into_inner))
}

fn report(left_out: u64) {
    if left_out > 0 {
        tracing::warn!(
            target: TARGET,
            left_out,
            "many requests were refused: so many have no line"
        );
    }
}

impl LineCounts {
    fn judge(&mut self, host: PeerHost, now: Instant) -> Verdict {
        let left_out = self.end_window(now);
        let ends = *self.ends.get_or_insert(now + WINDOW);
        let of_one = self.of_one.get(&host).copied().unwrap_or_default();
        let may_write = self.written < LINES_MAX && of_one < LINES_OF_ONE_MAX;
        if may_write {
            self.written += 1;
            self.of_one.insert(host, of_one + 1);
        } else {
            self.left_out += 1;
        }
        Verdict {
            may_write,
            left_out,
            report_at: (self.left_out == 1 && !may_write).then_some(ends),
        }
    }

    /// Begins anew if the window has ended. Returns how many lines it left out.
    fn end_window(&mut self, now: Instant) -> u64 {
        if self.ends.is_none_or(|ends| now < ends) {
            return 0;
        }
        std::mem::take(self).left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(number: u16) -> PeerHost {
        let [high, low] = number.to_be_bytes();
        PeerHost::of([10, 0, high, low].into())
    }

    #[test]
    fn a_flood_of_one_address_leaves_lines_to_others_and_is_counted() {
        let mut counts = LineCounts::default();
        let begun = Instant::now();
        let written = (0..1_000).filter(|_| counts.judge(host(1), begun).may_write);
        assert_eq!(written.count(), 50);
        assert!(counts.judge(host(2), begun).may_write);
        let after = counts.judge(host(1), begun + WINDOW);
        let expected = Verdict {
            may_write: true,
            left_out: 950,
            report_at: None,
        };
        assert_eq!(after, expected);
    }

    #[test]
    fn a_flood_of_many_addresses_is_bounded_and_reported_once() {
        let mut counts = LineCounts::default();
        let begun = Instant::now();
        let verdicts: Vec<Verdict> = (0..5_000).map(|n| counts.judge(host(n), begun)).collect();
        assert_eq!(verdicts.iter().filter(|v| v.may_write).count(), 500);
        let reported: Vec<_> = verdicts.iter().filter_map(|v| v.report_at).collect();
        assert_eq!(reported, [begun + WINDOW]);
        assert_eq!(counts.of_one.len(), 500);
        assert_eq!(counts.end_window(begun + WINDOW), 4_500);
        assert_eq!(counts.end_window(begun + WINDOW), 0);
    }
}
