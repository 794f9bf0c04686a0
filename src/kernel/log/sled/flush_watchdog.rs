//! Wakes a writer that the engine forgot to wake.
//!
//! When a write fails in a background thread, sled records the error and wakes
//! the caller that waits for that write; on one of its paths it does not, and
//! `flush` waits for ever. (Seen with `ENOSPC` on a batch that crosses the end
//! of a segment.) Any other call to `flush` looks at the recorded error first
//! and wakes all waiting callers, so this thread calls it when a write takes
//! suspiciously long. When nothing failed, the extra call changes nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The interval. A write that is under way at two looks has taken at least this long.
const INTERVAL: Duration = Duration::from_millis(500);

/// A thread that looks at the writer at intervals.
#[derive(Debug)]
pub(super) struct FlushWatchdog {
    /// Odd while a write is under way; every write has its own number.
    write_number: Arc<AtomicU64>,
    /// Dropped to end the thread.
    running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FlushWatchdog {
    /// Starts to watch; `wake` is called while a write takes too long.
    pub(super) fn start(wake: impl Fn() + Send + 'static) -> std::io::Result<FlushWatchdog> {
        let write_number = Arc::new(AtomicU64::new(0));
        let (running, ended) = channel();
        let watched = write_number.clone();
        let thread = thread::Builder::new()
            .name("log-watch".to_owned())
            .spawn(move || watch(&watched, &ended, wake))?;
        Ok(FlushWatchdog {
            write_number,
            running: Some(running),
            thread: Some(thread),
        })
    }

    /// Runs one write under watch.
    pub(super) fn guard<T>(&self, write: impl FnOnce() -> T) -> T {
        self.write_number.fetch_add(1, Ordering::Relaxed);
        let outcome = write();
        self.write_number.fetch_add(1, Ordering::Relaxed);
        outcome
    }

    /// Ends the thread. Do not wait for it after a failure: it may be stuck where the
    /// writer was.
    pub(super) fn end(&mut self, wait: bool) {
        self.running = None;
        if let Some(thread) = self.thread.take()
            && wait
            && thread.join().is_err()
        {
            tracing::error!("the thread that watches the log's writer panicked");
        }
    }
}

fn watch(write_number: &AtomicU64, ended: &Receiver<()>, wake: impl Fn()) {
    let mut before = 0;
    while ended.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        let now = write_number.load(Ordering::Relaxed);
        if now == before && now % 2 == 1 {
            wake();
        }
        before = now;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_stuck_write_is_woken_and_a_finished_one_is_not() {
        let (wake, woken) = channel();
        let mut watch = FlushWatchdog::start(move || {
            let _ = wake.send(());
        })
        .expect("starts");
        for _ in 0..3 {
            watch.guard(|| ());
        }
        thread::sleep(3 * INTERVAL);
        assert!(woken.try_recv().is_err(), "no write was stuck");
        let limit = 10 * INTERVAL;
        let result = watch.guard(|| woken.recv_timeout(limit));
        assert!(result.is_ok(), "a stuck write was left alone");
        watch.end(true);
    }
}
