//! Wakes a writer that the engine forgot to wake.
//!
//! When a write fails in a background thread, sled records the error and wakes
//! whoever waits for that write; on one of its paths it does not wake them, and
//! `flush` waits for ever. (Seen with `ENOSPC` on a batch that crosses the end
//! of a segment.) Any other call to `flush` looks at the recorded error first
//! and wakes everybody, so that is what this thread does when a write takes
//! suspiciously long. When nothing failed, the extra call changes nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often to look. A write that is seen twice has taken at least this long.
const INTERVAL: Duration = Duration::from_millis(500);

/// A thread that looks at the writer now and then.
#[derive(Debug)]
pub(super) struct FlushWatchdog {
    /// Odd while a write is under way; every write has its own number.
    turn: Arc<AtomicU64>,
    /// Dropped to end the thread.
    running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FlushWatchdog {
    /// Starts to watch; `nudge` is called while a write takes too long.
    pub(super) fn start(nudge: impl Fn() + Send + 'static) -> std::io::Result<FlushWatchdog> {
        let turn = Arc::new(AtomicU64::new(0));
        let (running, ended) = channel();
        let watched = turn.clone();
        let thread = thread::Builder::new()
            .name("log-watch".to_owned())
            .spawn(move || watch(&watched, &ended, nudge))?;
        Ok(FlushWatchdog {
            turn,
            running: Some(running),
            thread: Some(thread),
        })
    }

    /// Makes one write under watch.
    pub(super) fn guard<T>(&self, write: impl FnOnce() -> T) -> T {
        self.turn.fetch_add(1, Ordering::Relaxed);
        let outcome = write();
        self.turn.fetch_add(1, Ordering::Relaxed);
        outcome
    }

    /// Ends the thread and what it holds. Not to be waited for after a failure:
    /// the thread may be stuck where the writer was.
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

fn watch(turn: &AtomicU64, ended: &Receiver<()>, nudge: impl Fn()) {
    let mut before = 0;
    while ended.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        let now = turn.load(Ordering::Relaxed);
        if now == before && now % 2 == 1 {
            nudge();
        }
        before = now;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_stuck_write_is_nudged_and_a_finished_one_is_not() {
        let (nudge, nudged) = channel();
        let mut watch = FlushWatchdog::start(move || {
            let _ = nudge.send(());
        })
        .expect("starts");
        for _ in 0..3 {
            watch.guard(|| ());
        }
        thread::sleep(3 * INTERVAL);
        assert!(nudged.try_recv().is_err(), "nobody was stuck");
        let limit = 10 * INTERVAL;
        let woken = watch.guard(|| nudged.recv_timeout(limit));
        assert!(woken.is_ok(), "a stuck write was left alone");
        watch.end(true);
    }
}
