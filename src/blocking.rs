//! Blocking work, called from asynchronous code.
//!
//! Reading the log may wait for the disk, and a view may have to fold the whole
//! register again. Both run on tokio's blocking threads, so that other calls go
//! on meanwhile.

use std::any::Any;

/// The work panicked. The panic hook has already reported it.
#[derive(Debug)]
pub struct Panicked(Box<dyn Any + Send>);

impl Panicked {
    /// Goes on with the panic in the caller's task.
    pub fn resume(self) -> ! {
        std::panic::resume_unwind(self.0)
    }
}

/// Runs `work` on a thread that may block, and waits for it.
///
/// A caller that is dropped meanwhile does not stop the work.
pub async fn run_blocking<T: Send + 'static>(
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
}
