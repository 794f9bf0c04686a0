//! How often somebody fails: counted in windows of time, for each who fails and in all.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The most that are watched at once. Beyond them, nobody else is limited.
const WATCHED_MAX: usize = 10_000;

/// How often failures of one sort are logged at most.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// Counts the failures of each `K`. From the one after `max` within a window on, they are
/// too many until the window ends.
#[derive(Debug)]
pub struct FailureRates<K> {
    max: u32,
    window: Duration,
    watched: Mutex<HashMap<K, FailureWindow>>,
}

#[derive(Debug, Clone, Copy)]
struct FailureWindow {
    ends: Instant,
    count: u32,
}

impl<K: Eq + Hash> FailureRates<K> {
    pub fn new(max: u32, window: Duration) -> Self {
        Self {
            max,
            window,
            watched: Mutex::default(),
        }
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<K, FailureWindow>> {
        // Only whole values are inserted and removed.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a failure. Returns how long the window lasts, if there were too many before
    /// this one.
    pub fn note(&self, key: K, now: Instant) -> Option<Duration> {
        let mut watched = self.watched();
        if watched.len() >= WATCHED_MAX && !watched.contains_key(&key) {
            watched.retain(|_, window| now < window.ends);
            if watched.len() >= WATCHED_MAX {
                return None;
            }
        }
        let begun = FailureWindow {
            ends: now + self.window,
            count: 0,
        };
        let window = watched.entry(key).or_insert(begun);
        if now >= window.ends {
            *window = begun;
        }
        let too_many = self.left(*window, now);
        window.count = window.count.saturating_add(1);
        too_many
    }

    /// How long it has to fail no more, if it has failed too often.
    pub fn too_many(&self, key: &K, now: Instant) -> Option<Duration> {
        self.left(*self.watched().get(key)?, now)
    }

    fn left(&self, window: FailureWindow, now: Instant) -> Option<Duration> {
        let left = window.ends.saturating_duration_since(now);
        (window.count >= self.max && !left.is_zero()).then_some(left)
    }
}

/// Counts failures of one sort, for a line in the log once in a while.
#[derive(Debug, Default)]
pub struct FailureTally(Mutex<Tallied>);

#[derive(Debug, Default)]
struct Tallied {
    logged: Option<Instant>,
    since: u64,
}

impl FailureTally {
    /// Counts one. Returns how many there were since the last line, if another is due.
    pub fn count(&self, now: Instant) -> Option<u64> {
        let mut tallied = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tallied.since += 1;
        let is_due = |at: Instant| now.saturating_duration_since(at) >= LOG_EVERY;
        if !tallied.logged.is_none_or(is_due) {
            return None;
        }
        tallied.logged = Some(now);
        Some(std::mem::take(&mut tallied.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(60);

    #[test]
    fn whoever_fails_too_often_waits_until_the_window_ends() {
        let rates = FailureRates::new(3, WINDOW);
        let begun = Instant::now();
        for _ in 0..3 {
            assert_eq!(rates.too_many(&1, begun), None);
            assert_eq!(rates.note(1, begun), None);
        }
        let later = begun + WINDOW / 3;
        assert_eq!(rates.too_many(&1, later), Some(WINDOW - WINDOW / 3));
        assert!(rates.note(1, later).is_some());
        // Another one does not.
        assert_eq!(rates.note(2, later), None);
        assert_eq!(rates.too_many(&1, begun + WINDOW), None);
        assert_eq!(rates.note(1, begun + WINDOW), None);
    }

    #[test]
    fn however_many_fail_the_memory_is_bounded() {
        let rates = FailureRates::new(1, WINDOW);
        let begun = Instant::now();
        for key in 0..2 * WATCHED_MAX {
            rates.note(key, begun);
        }
        assert_eq!(rates.watched().len(), WATCHED_MAX);
        rates.note(usize::MAX, begun + WINDOW);
        assert_eq!(rates.watched().len(), 1);
    }

    #[test]
    fn a_flood_of_failures_is_a_line_in_a_while() {
        let failures = FailureTally::default();
        let begun = Instant::now();
        assert_eq!(failures.count(begun), Some(1));
        for _ in 0..1_000 {
            assert_eq!(failures.count(begun + LOG_EVERY / 2), None);
        }
        assert_eq!(failures.count(begun + LOG_EVERY), Some(1_001));
    }
}
