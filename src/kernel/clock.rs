//! The one clock.
//!
//! No other code reads the time, so a test can set it, and recorded and answered times
//! never disagree.

mod synchronised;
mod watch;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::watch::{ClockFault, ClockWatch, RecordingTime, TOLERANCE, is_behind};

use jiff::Timestamp;
use jiff::civil::Date;

use minutebook_domain::date::day_of;

/// A source of the time. Clones return the same time.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// The time since some moment, which nobody sets; `None` for a clock that tests
    /// move at will.
    uptime: Option<Arc<dyn Fn() -> Duration + Send + Sync>>,
    /// The instant of a last entry in the future, after which the operator goes on.
    goes_on_after: Option<Timestamp>,
    /// Whether the system keeps it in step with other clocks; `None` where it does not
    /// say.
    is_synchronised: fn() -> Option<bool>,
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self {
            is_synchronised: synchronised::is_synchronised,
            ..Self::with_uptime(Timestamp::now, system_uptime)
        }
    }

    /// A clock that returns the instants of `now`, for tests.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            now: Arc::new(now),
            uptime: None,
            goes_on_after: None,
            is_synchronised: || None,
        }
    }

    /// A clock with an uptime, against which a step of `now` shows.
    pub fn with_uptime(
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
        uptime: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        Self {
            uptime: Some(Arc::new(uptime)),
            ..Self::new(now)
        }
    }

    /// The clock, for a register whose last entry has this instant in the future:
    /// recording goes on after it.
    pub fn going_on_after(self, last: Timestamp) -> Self {
        Self {
            goes_on_after: Some(last),
            ..self
        }
    }

    fn uptime(&self) -> Option<Duration> {
        self.uptime.as_ref().map(|uptime| uptime())
    }

    /// The present instant, to the microsecond, which is the precision of the log.
    pub fn now(&self) -> Timestamp {
        let now = (self.now)();
        // In range, because it was an instant before.
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// The present day where the register is kept (Europe/London).
    pub fn today(&self) -> Date {
        day_of(self.now())
    }
}

/// The time since the machine was started, with the time that it slept.
#[cfg(target_os = "linux")]
fn system_uptime() -> Duration {
    let passed = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::try_from(passed).unwrap_or_default()
}

/// The time since the first call.
#[cfg(not(target_os = "linux"))]
fn system_uptime() -> Duration {
    static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    FIRST.get_or_init(std::time::Instant::now).elapsed()
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_london() {
        let clock = Clock::new(|| "2026-07-01T23:30:00.123456789Z".parse().unwrap());
        assert_eq!(clock.now().to_string(), "2026-07-01T23:30:00.123456Z");
        assert_eq!(clock.today().to_string(), "2026-07-02");
    }
}
