//! Ctrl-C and SIGTERM: both ask for an orderly end.

use tokio::signal::unix::{SignalKind, signal};

/// Resolves when the process is asked to stop. It listens from this call on, not from
/// when it is awaited: a signal in between is not lost, and does not kill the process.
pub fn stop_asked() -> impl Future<Output = ()> {
    let terminate = signal(SignalKind::terminate());
    let interrupt = signal(SignalKind::interrupt());
    async move {
        // Without a handler, the signal ends the process at once.
        if let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        } else {
            std::future::pending::<()>().await;
        }
    }
}
