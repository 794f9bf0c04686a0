//! Ctrl-C and SIGTERM: both ask for an orderly end.

/// Resolves when the process is asked to stop.
pub async fn stop_asked() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler, SIGTERM ends the process at once.
    let _ = tokio::signal::ctrl_c().await;
}
