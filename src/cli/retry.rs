//! Retries of requests that a server cannot answer now.
//!
//! A request is sent again only where that is safe: each append has its own
//! `request_id`, so the same request twice is one entry.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::failure::{connection_broke, is_too_costly};

#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// The number of attempts in all.
    pub attempts_max: u32,
    /// The wait after the first attempt; it doubles after each further one.
    pub first_wait: Duration,
    /// The total wait. A fault that needs a person, such as a full disk, is better
    /// reported than waited for.
    pub wait_max: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts_max: 6,
            first_wait: Duration::from_millis(250),
            wait_max: Duration::from_secs(45),
        }
    }
}

/// A wait longer than this is announced.
const SILENT_WAIT_MAX: Duration = Duration::from_secs(1);

impl RetryPolicy {
    /// The wait after `attempts` attempts, the last of which ended in `status`; `None`
    /// where another attempt would not help.
    pub fn wait(self, attempts: u32, status: &Status) -> Option<Duration> {
        if attempts >= self.attempts_max || !may_pass(status) {
            return None;
        }
        let doubled = self.first_wait * 2_u32.saturating_pow(attempts.saturating_sub(1)).min(1_024);
        let asked = status
            .get_details_retry_info()
            .and_then(|info| info.retry_delay)
            .unwrap_or_default();
        Some(doubled.max(asked))
    }

    /// Repeats `attempt` until it succeeds, cannot succeed, or the limits are reached.
    pub async fn with<T>(
        self,
        mut attempt: impl AsyncFnMut() -> Result<T, Status>,
    ) -> Result<T, Status> {
        let mut attempts = 0;
        let mut waited = Duration::ZERO;
        loop {
            let status = match attempt().await {
                Ok(done) => return Ok(done),
                Err(status) => status,
            };
            attempts += 1;
            let Some(wait) = self.wait(attempts, &status) else {
                return Err(status);
            };
            waited += wait;
            if waited > self.wait_max {
                return Err(status);
            }
            announce_and_wait(wait, &status).await;
        }
    }
}

/// Waits, and announces long waits.
pub async fn announce_and_wait(wait: Duration, status: &Status) {
    if wait > SILENT_WAIT_MAX {
        let why = minutebook_present::table::sanitise_for_terminal(status.message());
        eprintln!("Trying again in {} s: {why}", wait.as_secs());
    }
    tokio::time::sleep(wait).await;
}

/// Whether the same request may succeed a little later.
fn may_pass(status: &Status) -> bool {
    if is_too_costly(status) {
        return false;
    }
    match status.code() {
        Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded | Code::Cancelled => {
            true
        }
        _ => connection_broke(status),
    }
}

#[cfg(test)]
mod tests {
    use tonic_types::ErrorDetails;

    use super::*;

    const QUICK: RetryPolicy = RetryPolicy {
        attempts_max: 4,
        first_wait: Duration::from_millis(1),
        wait_max: Duration::from_secs(1),
    };

    #[tokio::test]
    async fn what_may_pass_is_tried_again_and_what_may_not_is_not() {
        let mut tries = 0;
        let done = QUICK.with(async || {
            tries += 1;
            if tries < 3 {
                Err(Status::unavailable(""))
            } else {
                Ok(tries)
            }
        });
        assert_eq!(done.await.unwrap(), 3);

        let mut tries = 0;
        let failed: Result<(), _> = QUICK
            .with(async || {
                tries += 1;
                Err(Status::unavailable(""))
            })
            .await;
        assert_eq!((failed.unwrap_err().code(), tries), (Code::Unavailable, 4));

        let mut tries = 0;
        let refused: Result<(), _> = QUICK
            .with(async || {
                tries += 1;
                Err(Status::failed_precondition(""))
            })
            .await;
        assert!(refused.is_err());
        assert_eq!(tries, 1);
    }

    #[test]
    fn an_answer_that_takes_too_much_work_is_not_asked_for_again() {
        let details = ErrorDetails::with_error_info("TOO_COSTLY", "minutebook.v1", []);
        let status = Status::with_error_details(Code::ResourceExhausted, "", details);
        assert_eq!(RetryPolicy::default().wait(1, &status), None);
    }

    fn full(seconds: u64) -> Status {
        let details = ErrorDetails::with_retry_info(Some(Duration::from_secs(seconds)));
        Status::with_error_details(Code::ResourceExhausted, "full", details)
    }

    #[test]
    fn the_server_says_when_to_come_again() {
        let wait = |seconds| RetryPolicy::default().wait(1, &full(seconds));
        assert_eq!(wait(0), Some(Duration::from_millis(250)));
        assert_eq!(wait(2), Some(Duration::from_secs(2)));
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let mut tries = 0;
        let failed: Result<(), _> = QUICK
            .with(async || {
                tries += 1;
                Err(full(30))
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(tries, 1, "thirty seconds are beyond this patience");
    }
}
