//! Ctrl-C and SIGTERM ask for an orderly end; SIGHUP, for the files of TLS to be read again.

use tokio::signal::unix::{SignalKind, signal};

use minutebook_server::TlsReload;

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

/// Asks for a reload at each SIGHUP. Never ends: without it, the signal ends the process. It
/// listens from this call on, too.
pub fn reload_asked(reload: TlsReload) -> impl Future<Output = ()> {
    let hangups = signal(SignalKind::hangup());
    async move {
        let Ok(mut hangups) = hangups else {
            return;
        };
        while hangups.recv().await.is_some() {
            reload.ask();
        }
    }
}
