//! Workers: the few threads on which questions are answered at once, by turns.
//!
//! A question may have to fold the whole register again. So that it takes nothing from
//! others:
//!
//! - Few questions work at the same time; one processor is left for everything else.
//! - They take turns. The next turn goes to the question that has waited longest, and a
//!   question that takes many turns waits again after each.
//! - Few questions that take longer than their first turn go on at once, since each holds
//!   memory; a limited number waits for that, and others are refused.
//! - The work of a question has a limit. Waiting does not count.
//! - Work ends at its next step when nobody waits for the answer any more: the caller has
//!   gone, has cancelled the call, or its deadline has passed.
//!
//! A permit is held by the work and not by the call, so it is free only when the work has
//! ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tonic::Status;

use super::status;
use crate::blocking::run_blocking;
use crate::domain::work::{Pace, metered};

/// How long a question works at first. Nearly all are answered by then.
const FIRST_TURN: Duration = Duration::from_millis(50);

/// How long a question that takes longer works before it lets another have its turn.
const TURN: Duration = Duration::from_millis(10);

/// The most questions at once that take longer than the first turn.
const LONG_MAX: usize = 4;

/// The most questions that wait to become one of those. Each holds a thread, of which the
/// runtime has 512.
const LONG_WAITING_MAX: usize = 256;

/// Answers questions. Clones share the limits.
#[derive(Debug, Clone)]
pub struct Workers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    turns: Arc<Semaphore>,
    waiting_for_turn: AtomicUsize,
    long: Arc<Semaphore>,
    waiting_for_long: AtomicUsize,
    waiting_for_long_max: usize,
    reads: Arc<Semaphore>,
    work_max: Duration,
}

/// The work that one call may still do. Clones share it.
#[derive(Debug, Clone)]
pub struct WorkBudget {
    left_ns: Arc<AtomicU64>,
    /// Below this, work that can end early does.
    finish_ns: u64,
}

/// How many questions work at the same time: one processor is left for everything else.
pub fn workers_max() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    processors.saturating_sub(1).max(1)
}

impl Workers {
    /// Each call may do `work_max` of work.
    pub fn new(work_max: Duration) -> Self {
        Self::with(work_max, LONG_WAITING_MAX)
    }

    fn with(work_max: Duration, waiting_for_long_max: usize) -> Self {
        let workers = workers_max();
        Self(Arc::new(Shared {
            turns: Arc::new(Semaphore::new(workers)),
            waiting_for_turn: AtomicUsize::new(0),
            long: Arc::new(Semaphore::new(LONG_MAX)),
            waiting_for_long: AtomicUsize::new(0),
            waiting_for_long_max,
            reads: Arc::new(Semaphore::new(workers + 1)),
            work_max,
        }))
    }

    /// The work that one call may do.
    pub fn budget(&self) -> WorkBudget {
        let left = u64::try_from(self.0.work_max.as_nanos()).unwrap_or(u64::MAX);
        WorkBudget {
            left_ns: Arc::new(AtomicU64::new(left)),
            finish_ns: left / 2,
        }
    }

    /// Computes an answer, or refuses it if that takes more work than a call may do.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Status> {
        self.run_within(&self.budget(), work).await
    }

    /// The same, within the rest of a budget.
    pub async fn run_within<T: Send + 'static>(
        &self,
        budget: &WorkBudget,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Status> {
        // Dropped with this future, and with it the caller's interest.
        let (_interest, cancelled) = oneshot::channel();
        let turn = {
            let _waiting = Waiting::on(&self.0.waiting_for_turn);
            acquire(&self.0.turns).await
        };
        let is_refused = Arc::new(AtomicBool::new(false));
        let mut question = Question {
            workers: Arc::clone(&self.0),
            runtime: Handle::current(),
            cancelled,
            budget: budget.clone(),
            turn,
            long: None,
            counted: Instant::now(),
            turn_began: Instant::now(),
            is_refused: Arc::clone(&is_refused),
        };
        let result = run_blocking(move || metered(move || question.pace(), work)).await;
        let result = result.map_err(|_| status::internal())?;
        result.map_err(|_stopped| {
            if is_refused.load(Ordering::Relaxed) {
                status::overloaded("too many questions that take long are being answered")
            } else {
                status::too_costly()
            }
        })
    }

    /// Reads a chunk of the log, where it may wait for the disk. Reads have permits of
    /// their own: a disk that does not answer holds up no question that needs none.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Status> {
        let permit = acquire(&self.0.reads).await;
        let read = run_blocking(move || {
            let _permit = permit;
            read()
        });
        read.await.map_err(|_| status::internal())
    }
}

/// Waits for a permit; the semaphores here are never closed.
async fn acquire(semaphore: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    Arc::clone(semaphore).acquire_owned().await.ok()
}

/// Counts as waiting until it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn on(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A question that is being answered, on the thread that does it.
struct Question {
    workers: Arc<Shared>,
    runtime: Handle,
    /// Resolves when nobody waits for the answer.
    cancelled: oneshot::Receiver<()>,
    budget: WorkBudget,
    turn: Option<OwnedSemaphorePermit>,
    /// Held from the end of the first turn on.
    long: Option<OwnedSemaphorePermit>,
    /// Until when its work has been deducted from the budget.
    counted: Instant,
    turn_began: Instant,
    /// Whether it was stopped because too many wait.
    is_refused: Arc<AtomicBool>,
}

impl Question {
    /// Called at each step of the work.
    fn pace(&mut self) -> Pace {
        if !matches!(
            self.cancelled.try_recv(),
            Err(oneshot::error::TryRecvError::Empty)
        ) {
            return Pace::Stop;
        }
        let now = Instant::now();
        let Some(left) = self.budget.deduct(now - self.counted) else {
            return Pace::Stop;
        };
        self.counted = now;
        let turn = if self.long.is_some() {
            TURN
        } else {
            FIRST_TURN
        };
        if now - self.turn_began >= turn {
            let goes_on = self.end_turn();
            self.counted = Instant::now();
            self.turn_began = self.counted;
            if !goes_on {
                return Pace::Stop;
            }
        }
        if left < self.budget.finish_ns {
            return Pace::Finish;
        }
        Pace::GoOn
    }

    /// Lets others have their turn, and waits for the next one; `false` if there is none.
    fn end_turn(&mut self) -> bool {
        if self.long.is_none() {
            self.long = Arc::clone(&self.workers.long).try_acquire_owned().ok();
        }
        if self.long.is_none() {
            let waiting = self.workers.waiting_for_long.load(Ordering::Relaxed);
            if waiting >= self.workers.waiting_for_long_max {
                self.is_refused.store(true, Ordering::Relaxed);
                return false;
            }
            self.turn = None;
            let _waiting = Waiting::on(&self.workers.waiting_for_long);
            self.long = self.runtime.block_on(async {
                tokio::select! {
                    permit = acquire(&self.workers.long) => permit,
                    _ = &mut self.cancelled => None,
                }
            });
            if self.long.is_none() {
                return false;
            }
        }
        if self.turn.is_some() && self.workers.waiting_for_turn.load(Ordering::Relaxed) == 0 {
            return true;
        }
        self.turn = None;
        let _waiting = Waiting::on(&self.workers.waiting_for_turn);
        self.turn = self.runtime.block_on(acquire(&self.workers.turns));
        self.turn.is_some()
    }
}

impl WorkBudget {
    /// Deducts work; `None` if it is more than is left.
    fn deduct(&self, work: Duration) -> Option<u64> {
        let work = u64::try_from(work.as_nanos()).unwrap_or(u64::MAX);
        let deducted = self
            .left_ns
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some(left.saturating_sub(work))
            });
        let left = deducted.unwrap_or_default().saturating_sub(work);
        (left > 0).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::JoinSet;

    use super::*;
    use crate::domain::work::step;

    /// Long enough to never be reached, unless something is wrong.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn endless() {
        loop {
            step();
        }
    }

    async fn until(mut holds: impl FnMut() -> bool) {
        let waited = async {
            while !holds() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waited)
            .await
            .expect("in time");
    }

    fn reason(status: &Status) -> String {
        use tonic_types::StatusExt as _;
        status
            .get_details_error_info()
            .expect("an ErrorInfo")
            .reason
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn work_ends_when_nobody_waits_for_it_and_holds_its_permit_until_then() {
        struct Ended(Arc<AtomicBool>);
        impl Drop for Ended {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let workers = Workers::new(PATIENCE);
        let (begun, ended) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let question = {
            let (workers, begun) = (workers.clone(), Arc::clone(&begun));
            let ended = Ended(Arc::clone(&ended));
            tokio::spawn(async move {
                let work = move || {
                    let _ended = ended;
                    begun.store(true, Ordering::SeqCst);
                    endless();
                };
                workers.run(work).await
            })
        };
        until(|| begun.load(Ordering::SeqCst)).await;
        assert_eq!(workers.0.turns.available_permits(), workers_max() - 1);
        question.abort();
        until(|| ended.load(Ordering::SeqCst)).await;
        until(|| workers.0.turns.available_permits() == workers_max()).await;
        until(|| workers.0.long.available_permits() == LONG_MAX).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_call_that_was_cancelled_while_it_waited_never_begins() {
        let workers = Workers::new(PATIENCE);
        let all = u32::try_from(workers_max()).expect("few");
        let turns = Arc::clone(&workers.0.turns).acquire_many_owned(all).await;
        let begun = Arc::new(AtomicBool::new(false));
        let question = {
            let (workers, begun) = (workers.clone(), Arc::clone(&begun));
            tokio::spawn(async move {
                workers
                    .run(move || begun.store(true, Ordering::SeqCst))
                    .await
            })
        };
        until(|| workers.0.waiting_for_turn.load(Ordering::Relaxed) == 1).await;
        question.abort();
        until(|| workers.0.waiting_for_turn.load(Ordering::Relaxed) == 0).await;
        drop(turns);
        assert_eq!(workers.run(|| 7).await.expect("an answer"), 7);
        assert!(!begun.load(Ordering::SeqCst));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn endless_questions_keep_nobody_from_a_short_answer() {
        const WAITING_MAX: usize = 16;
        let workers = Workers::with(PATIENCE * 60, WAITING_MAX);
        let mut hostile = JoinSet::new();
        for _ in 0..LONG_MAX + WAITING_MAX {
            let workers = workers.clone();
            hostile.spawn(async move { workers.run(endless).await });
        }
        let waiting = || workers.0.waiting_for_long.load(Ordering::Relaxed);
        until(|| waiting() == WAITING_MAX).await;
        for _ in 0..20 {
            let answer = tokio::time::timeout(PATIENCE, workers.run(|| 7)).await;
            assert_eq!(answer.expect("in time").expect("an answer"), 7);
        }
        let refused = tokio::time::timeout(PATIENCE, workers.run(endless)).await;
        let refused = refused.expect("in time").expect_err("a refusal");
        assert_eq!(reason(&refused), "OVERLOADED");
        // Those who wait are cancelled, too.
        hostile.abort_all();
        until(|| workers.0.long.available_permits() == LONG_MAX).await;
        until(|| waiting() == 0).await;
        assert_eq!(workers.run(|| 7).await.expect("an answer"), 7);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn work_has_a_limit() {
        let workers = Workers::new(Duration::from_millis(300));
        let refused = workers.run(endless).await.expect_err("a refusal");
        assert_eq!(reason(&refused), "TOO_COSTLY");
        // The work of several parts of one call is added up.
        let budget = workers.budget();
        let finished =
            workers.run_within(&budget, || while !crate::domain::work::should_finish() {});
        finished.await.expect("it finished early");
        let refused = workers.run_within(&budget, endless).await;
        assert_eq!(reason(&refused.expect_err("a refusal")), "TOO_COSTLY");
        assert_eq!(workers.run(|| 7).await.expect("an answer"), 7);
    }
}
