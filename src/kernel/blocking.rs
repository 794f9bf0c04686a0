//! Blocking work, called from asynchronous code.
//!
//! Reading the log may wait for the disk, and a view may have to fold the whole
//! register again. Both run on tokio's blocking threads, so that other calls go
//! on meanwhile. How much of it runs at once is limited, for all callers together
//! and for each of them: the rest waits its turn.

use std::any::Any;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

tokio::task_local! {
    static SHARE: WorkShare;
}

/// The part of all blocking work that one caller may have under way.
#[derive(Debug, Clone)]
pub struct WorkShare {
    all: Arc<Semaphore>,
    /// Its pieces of blocking work.
    pub pieces: Arc<Semaphore>,
    /// Its questions that wait for their first turn, or have it.
    pub questions: Arc<Semaphore>,
    /// Its questions that take longer.
    pub long: Arc<Semaphore>,
    /// Those that wait to be one of these.
    pub waiting_for_long: Arc<Semaphore>,
}

/// The most of each kind of work that one caller may have under way.
#[derive(Debug, Clone, Copy)]
pub struct WorkShareLimits {
    /// Pieces of blocking work, and as many questions that have not had their first turn.
    pub pieces: usize,
    /// Questions that take longer than their first turn.
    pub long: usize,
    /// Questions that wait to be one of these.
    pub waiting_for_long: usize,
}

impl WorkShare {
    /// At most `own` of what `all` allows.
    pub fn new(all: &Arc<Semaphore>, own: WorkShareLimits) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            all: Arc::clone(all),
            pieces: semaphore(own.pieces),
            questions: semaphore(own.pieces),
            long: semaphore(own.long),
            waiting_for_long: semaphore(own.waiting_for_long),
        }
    }

    /// That of the caller for whom this task works.
    pub fn of_caller() -> Option<Self> {
        SHARE.try_with(Clone::clone).ok()
    }

    /// Runs `call`: its blocking work counts as this caller's.
    pub fn scope<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
        SHARE.scope(self.clone(), call)
    }
}

/// Held by a piece of work until it ends: a permit of its caller's own, where there is one,
/// and one of those that all share.
pub struct SharedPermit(
    #[expect(dead_code, reason = "only held")] [Option<OwnedSemaphorePermit>; 2],
);

impl SharedPermit {
    /// Waits for both, first for the own one: only as many of a caller wait among all the
    /// others.
    pub async fn acquire(own: Option<&Arc<Semaphore>>, all: &Arc<Semaphore>) -> Self {
        let own = match own {
            Some(own) => Arc::clone(own).acquire_owned().await.ok(),
            None => None,
        };
        Self([own, Arc::clone(all).acquire_owned().await.ok()])
    }

    /// Takes both, if there is one left of each.
    pub fn try_acquire(own: Option<&Arc<Semaphore>>, all: &Arc<Semaphore>) -> Option<Self> {
        let take = |semaphore: &Arc<Semaphore>| Arc::clone(semaphore).try_acquire_owned().ok();
        let own = match own {
            Some(own) => Some(take(own)?),
            None => None,
        };
        Some(Self([own, Some(take(all)?)]))
    }
}

/// The work of `task` counts as that of the present caller, even where another task
/// runs it.
pub fn on_behalf_of_caller<F: Future>(task: F) -> impl Future<Output = F::Output> {
    let share = SHARE.try_with(Clone::clone).ok();
    async move {
        match share {
            Some(share) => SHARE.scope(share, task).await,
            None => task.await,
        }
    }
}

/// The work panicked. The panic hook has already reported it.
#[derive(Debug)]
pub struct Panicked(Box<dyn Any + Send>);

impl Panicked {
    /// Goes on with the panic in the caller's task.
    pub fn resume(self) -> ! {
        std::panic::resume_unwind(self.0)
    }
}

/// Runs `work` on a thread that may block, and waits for it; first for its turn, in a
/// call that has a [`WorkShare`].
///
/// A caller that is dropped meanwhile does not stop work that has begun. It counts
/// until it ends.
pub async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Panicked> {
    let permit = match WorkShare::of_caller() {
        Some(share) => Some(SharedPermit::acquire(Some(&share.pieces), &share.all).await),
        None => None,
    };
    run_on_thread(move || {
        let result = work();
        drop(permit);
        result
    })
    .await
}

/// The same, at once: for work that has its place already. Work that waited for a place here
/// while it held another could wait for ever.
pub async fn run_on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Panicked> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => Err(Panicked(panic)),
            // Only a runtime that shuts down cancels the work, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_handed_to_the_caller() {
        assert_eq!(run_blocking(|| 7).await.unwrap(), 7);
        let panicked = run_blocking(|| panic!("out of order")).await;
        let panicked = panicked.expect_err("the panic");
        assert_eq!(
            panicked.0.downcast_ref::<&str>().copied(),
            Some("out of order")
        );
        let task = tokio::spawn(async move { panicked.resume() });
        assert!(task.await.expect_err("the same panic").is_panic());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn work_counts_until_it_ends_even_if_nobody_waits_for_it() {
        let all = Arc::new(Semaphore::new(2));
        let limits = WorkShareLimits {
            pieces: 1,
            long: 1,
            waiting_for_long: 1,
        };
        let [greedy, other] = [(); 2].map(|()| WorkShare::new(&all, limits));
        let (release, held) = std::sync::mpsc::channel::<()>();
        let (began, begun) = tokio::sync::oneshot::channel();
        let work = move || {
            let _ = began.send(());
            let _ = held.recv();
        };
        let task = tokio::spawn(greedy.scope(run_blocking(work)));
        begun.await.expect("it began");
        task.abort();
        let _ = task.await;
        // The next of the same caller waits; another caller does not.
        let spawns = async { tokio::spawn(on_behalf_of_caller(run_blocking(|| 1))).await };
        let mut next = tokio::spawn(greedy.scope(spawns));
        assert_eq!(other.scope(run_blocking(|| 2)).await.expect("done"), 2);
        // The permit of the other goes back after its answer; that of the first is kept.
        let one = all.acquire().await;
        assert_eq!(all.available_permits(), 0);
        drop(one);
        assert!(!next.is_finished());
        drop(release);
        let next = (&mut next).await.expect("joined").expect("joined");
        assert_eq!(next.expect("done"), 1);
        // The permit goes back after the answer.
        let both = all.acquire_many(2).await;
        assert!(both.is_ok());
    }
}
