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
//! One caller has a share of each: of the questions that wait for their first turn, and of
//! those that take longer. Who waits for a permit holds none that others wait for, but for
//! those that lead to it: share of the first turn, first turn; share of the long ones,
//! long one, next turn.
//!
//! A permit is held by the work and not by the call, so it is free only when the work has
//! ended.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tonic::Status;

use super::status;
use minutebook_domain::work::{Pace, metered};
use minutebook_kernel::blocking::{SharedPermit, WorkShare, run_on_thread};

/// How long a question works at first. Nearly all are answered by then.
const FIRST_TURN: Duration = Duration::from_millis(50);

/// How long a question that takes longer works before it lets another have its turn.
const TURN: Duration = Duration::from_millis(10);

/// The most questions at once that take longer than the first turn.
pub const LONG_MAX: usize = 4;

/// The most questions that wait to become one of those. Each holds a thread, of which the
/// runtime has 512.
pub const LONG_WAITING_MAX: usize = 256;

/// Answers questions. Clones share the limits.
#[derive(Debug, Clone)]
pub struct Workers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    turns: Arc<Semaphore>,
    waiting_for_turn: AtomicUsize,
    long: Arc<Semaphore>,
    waiting_for_long: Arc<Semaphore>,
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
            waiting_for_long: Arc::new(Semaphore::new(waiting_for_long_max)),
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
        let share = WorkShare::of_caller();
        let first = match &share {
            Some(share) => acquire(&share.questions).await,
            None => None,
        };
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
            share,
            first,
            long: None,
            counted: Instant::now(),
            turn_began: Instant::now(),
            is_refused: Arc::clone(&is_refused),
        };
        let result = run_on_thread(move || metered(move || question.pace(), work)).await;
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
        let share = WorkShare::of_caller();
        let own = share.as_ref().map(|share| &share.pieces);
        let permit = SharedPermit::acquire(own, &self.0.reads).await;
        let read = run_on_thread(move || {
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
    /// The caller's part of the work.
    share: Option<WorkShare>,
    /// Of that part, until the end of the first turn.
    first: Option<OwnedSemaphorePermit>,
    /// Held from the end of the first turn on: the caller's, and that of all.
    long: Option<SharedPermit>,
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
        self.first = None;
        let own = self.share.as_ref();
        let (own_long, own_waiting) = (
            own.map(|share| &share.long),
            own.map(|share| &share.waiting_for_long),
        );
        if self.long.is_none() {
            self.long = SharedPermit::try_acquire(own_long, &self.workers.long);
        }
        if self.long.is_none() {
            let place = SharedPermit::try_acquire(own_waiting, &self.workers.waiting_for_long);
            let Some(_waiting) = place else {
                self.is_refused.store(true, Ordering::Relaxed);
                return false;
            };
            self.turn = None;
            self.long = self.runtime.block_on(async {
                tokio::select! {
                    permit = SharedPermit::acquire(own_long, &self.workers.long) => Some(permit),
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
