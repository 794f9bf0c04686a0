//! The one clock.
//!
//! No other code reads the time, so a test can set it, and recorded and answered times
//! never disagree.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::date::day_of;

/// A source of the time. Clones return the same time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    pub fn system() -> Self {
        Self::new(Timestamp::now)
    }

    /// A clock that returns the instants of `now`, for tests.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The present instant, to the microsecond, which is the precision of the log.
    pub fn now(&self) -> Timestamp {
        let now = (self.0)();
        // In range, because it was an instant before.
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// The present day where the register is kept (Europe/London).
    pub fn today(&self) -> Date {
        day_of(self.now())
    }
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
