//! Whether the clock may date what is recorded.
//!
//! The order of positions is the order of time, so one entry with an instant in the
//! future dates every later entry. A clock that is wrong by more than [`TOLERANCE`] must
//! be noticed before it dates an entry, and one that was wrong before must not go on
//! unnoticed. A register that rested for long is no reason to doubt the clock.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Clock;

/// The most by which the clock may be behind the last entry, or move against the time
/// that has passed: what a clock that is kept in step never reaches.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// Why the clock may not date an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    #[error(
        "the clock says {now}, and the last entry was recorded at {last}: the clock was ahead then, \
         or is behind now; set it right, or go on with --go-on-after {last}"
    )]
    Behind { last: Timestamp, now: Timestamp },
    #[error(
        "the clock was moved by {by:#} while the server ran, and says {now}: set it right, then \
         restart the server"
    )]
    Stepped { by: SignedDuration, now: Timestamp },
}

/// An instant that an entry may be dated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordingTime {
    /// Never before the last entry.
    pub recorded_at: Timestamp,
    /// Whether it is in the future, as the operator accepted: an event must state its
    /// own date then.
    pub is_ahead: bool,
}

/// Watches the clock of a running server.
#[derive(Debug)]
pub struct ClockWatch {
    clock: Clock,
    trusted: Mutex<Trusted>,
}

/// The reference of the clock.
#[derive(Debug, Default)]
struct Trusted {
    /// The instant and the uptime when the clock was first seen to be plausible.
    since: Option<(Timestamp, Duration)>,
    /// Whether an entry was dated by it.
    has_dated: bool,
}

impl ClockWatch {
    /// Begins with the clock at a start, and the instant of the last entry.
    pub fn new(clock: Clock, last: Option<Timestamp>) -> Self {
        let watch = Self {
            clock,
            trusted: Mutex::default(),
        };
        if (watch.clock.is_synchronised)() == Some(false) {
            tracing::warn!(
                "the system says that its clock is not synchronised: entries may be dated wrongly; \
                 start chronyd or systemd-timesyncd"
            );
        }
        match watch.check(last) {
            Ok(time) if time.is_ahead => tracing::warn!(
                last_recorded_at = %time.recorded_at,
                "the last entry is in the future, and recording goes on after it as --go-on-after says"
            ),
            // The health service reports it.
            Ok(_) | Err(_) => {}
        }
        watch
    }

    /// The instant for the next entry after one of `last`.
    pub fn date(&self, last: Option<Timestamp>) -> Result<RecordingTime, ClockFault> {
        let time = self.check(last)?;
        self.trusted().has_dated = true;
        Ok(time)
    }

    /// Whether the clock could date an entry after one of `last`.
    pub fn check(&self, last: Option<Timestamp>) -> Result<RecordingTime, ClockFault> {
        let (now, uptime) = (self.clock.now(), self.clock.uptime());
        let mut trusted = self.trusted();
        if let Some(last) = last.filter(|last| is_behind(now, *last)) {
            if !trusted.has_dated {
                // It may be set right before it dates anything.
                trusted.since = None;
            }
            if self.clock.goes_on_after == Some(last) {
                return Ok(RecordingTime {
                    recorded_at: last,
                    is_ahead: true,
                });
            }
            return Err(ClockFault::Behind { last, now });
        }
        if let Some(uptime) = uptime {
            let (began, at) = *trusted.since.get_or_insert((now, uptime));
            let passed = uptime.saturating_sub(at);
            let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
            let by = now.duration_since(began).saturating_sub(passed);
            if by.abs() > TOLERANCE {
                return Err(ClockFault::Stepped { by, now });
            }
        }
        Ok(RecordingTime {
            recorded_at: last.map_or(now, |last| last.max(now)),
            is_ahead: false,
        })
    }

    fn trusted(&self) -> std::sync::MutexGuard<'_, Trusted> {
        // Only whole values are written, so a panic leaves none half done.
        self.trusted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a clock that says `now` is behind an entry of `last` by more than it may be.
pub fn is_behind(now: Timestamp, last: Timestamp) -> bool {
    last.duration_since(now) > TOLERANCE
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    /// A clock and an uptime that a test moves, in seconds.
    fn movable() -> (Arc<[AtomicI64; 2]>, Clock) {
        let seconds = Arc::new([AtomicI64::new(1_000_000_000), AtomicI64::new(0)]);
        let (now, uptime) = (Arc::clone(&seconds), Arc::clone(&seconds));
        let clock = Clock::with_uptime(
            move || Timestamp::from_second(now[0].load(Ordering::SeqCst)).unwrap(),
            move || Duration::from_secs(uptime[1].load(Ordering::SeqCst).unsigned_abs()),
        );
        (seconds, clock)
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn time_that_passes_is_no_step_and_a_long_rest_is_none() {
        let (seconds, clock) = movable();
        let watch = ClockWatch::new(clock, Some(second(900_000_000)));
        assert!(watch.date(Some(second(900_000_000))).is_ok());
        for passed in [1, 3_600, 86_400 * 400] {
            seconds[0].fetch_add(passed, Ordering::SeqCst);
            seconds[1].fetch_add(passed, Ordering::SeqCst);
            assert!(watch.date(None).is_ok());
        }
        // Kept in step by small steps.
        seconds[0].fetch_add(-200, Ordering::SeqCst);
        assert!(watch.date(None).is_ok());
    }

    #[test]
    fn a_step_is_a_fault_until_it_is_taken_back() {
        for step in [7_200, -7_200, 86_400 * 365] {
            let (seconds, clock) = movable();
            let watch = ClockWatch::new(clock, None);
            seconds[0].fetch_add(step, Ordering::SeqCst);
            let by = SignedDuration::from_secs(step);
            let now = second(1_000_000_000 + step);
            assert_eq!(watch.date(None), Err(ClockFault::Stepped { by, now }));
            seconds[0].fetch_add(-step, Ordering::SeqCst);
            assert!(watch.date(None).is_ok());
        }
    }

    #[test]
    fn a_clock_that_is_set_right_before_it_dates_anything_is_trusted() {
        let (seconds, clock) = movable();
        let last = Some(second(1_000_086_400));
        let watch = ClockWatch::new(clock, last);
        assert!(matches!(watch.date(last), Err(ClockFault::Behind { .. })));
        seconds[0].fetch_add(86_400 * 3, Ordering::SeqCst);
        assert!(watch.date(last).is_ok());
    }

    #[test]
    fn the_operator_accepts_one_instant_and_no_other() {
        let (_, clock) = movable();
        let (ahead, later) = (second(1_000_086_400), second(1_000_090_000));
        let watch = ClockWatch::new(clock.going_on_after(ahead), Some(ahead));
        let time = watch.date(Some(ahead)).unwrap();
        assert_eq!((time.recorded_at, time.is_ahead), (ahead, true));
        assert!(watch.date(Some(later)).is_err());
    }
}
