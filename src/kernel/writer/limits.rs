//! Limits of the writer's queue.

use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub struct WriterLimits {
    /// The most requests that may wait.
    pub queue_len: usize,
    /// The most bytes of events that may wait.
    pub queue_bytes: usize,
    /// How long a request waits for its answer.
    pub answer_within: Duration,
}
