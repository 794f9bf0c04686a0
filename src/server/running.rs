//! A running server: how it is asked about, how it stops, and how it fails.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::connections::Connections;
use super::entrance::Entrance;
use super::errors::{ServeError, StopError};
use super::exposure::Insecure;
use super::listener::ListenAddress;
use super::tls::TlsReload;
use minutebook_kernel::audit::key::VerifierKey;
use minutebook_kernel::log::Reader;
use minutebook_kernel::notary::{LogProof, LogProofReader, Notary};
use minutebook_kernel::projection::{Projection, VerificationError};
use minutebook_kernel::writer::Writer;

/// When the server stops, a connection without calls is closed after it was quiet for
/// this long.
const IDLE_GRACE: Duration = Duration::from_secs(1);

/// A running server.
///
/// Dropping it stops it too, without an order and without a result: see
/// [`RunningServer::stop`].
pub struct RunningServer {
    pub(super) entrance: Entrance,
    pub(super) stopping: watch::Sender<bool>,
    pub(super) serving: Option<JoinHandle<Result<(), tonic::transport::Error>>>,
    pub(super) writer: Option<Writer>,
    pub(super) notary: Notary,
    /// Extends the notary's tree; holds the reader.
    pub(super) notary_task: Option<JoinHandle<()>>,
    /// Writes snapshots; holds the reader.
    pub(super) snapshot_task: Option<JoinHandle<()>>,
    pub(super) verification: watch::Receiver<Option<Arc<VerificationError>>>,
    pub(super) proof: LogProofReader,
    /// Completes the proof; holds the reader.
    pub(super) proof_task: Option<JoinHandle<()>>,
    pub(super) projection: Option<Projection>,
    /// The last holder of the store: see [`RunningServer::stop`].
    pub(super) reader: Arc<dyn Reader>,
    pub(super) connections: Connections,
    pub(super) drain_timeout: Duration,
}

impl fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningServer")
            .field("address", &self.entrance.address)
            .finish_non_exhaustive()
    }
}

impl RunningServer {
    /// The key by which its checkpoints are verified.
    pub fn verifier_key(&self) -> VerifierKey {
        self.notary.verifier()
    }

    /// With the port that was taken, if any would do.
    pub const fn address(&self) -> &ListenAddress {
        &self.entrance.address
    }

    /// How clients write the address.
    pub fn url(&self) -> String {
        self.entrance.address.url(self.entrance.tls.is_some())
    }

    /// Asks for the files of TLS to be read again; `None` without TLS.
    pub const fn tls(&self) -> Option<&TlsReload> {
        self.entrance.tls.as_ref()
    }

    /// Why the server is insecure, if it is.
    pub const fn insecure(&self) -> Option<&Insecure> {
        self.entrance.insecure.as_ref()
    }

    /// Accepts no new calls, lets those under way finish, and closes the store.
    ///
    /// Subscriptions end with the status that the server stops; every other call is
    /// answered, if that takes no longer than `ServerOptions::drain_timeout`.
    pub async fn stop(mut self) -> Result<(), StopError> {
        tracing::info!("stopping");
        self.stopping.send_replace(true);
        let waited = self.drain_timeout;
        let mut result = Ok(());
        // Clients close their connections when they are asked to; one that is frozen does
        // not, and holds up nobody.
        let closing = tokio::spawn(self.connections.clone().close_quiet(IDLE_GRACE, waited / 2));
        if let Some(mut serving) = self.serving.take() {
            result = match tokio::time::timeout(waited, &mut serving).await {
                Ok(Ok(Ok(()))) => Ok(()),
                Ok(Ok(Err(error))) => Err(ServeError::Transport(error).into()),
                Ok(Err(_)) => Err(ServeError::Ended.into()),
                Err(_) => {
                    serving.abort();
                    Err(StopError::Unfinished { waited })
                }
            };
        }
        closing.abort();
        if let Some(writer) = self.writer.take()
            && tokio::time::timeout(waited, writer.stop()).await.is_err()
        {
            result = Err(StopError::Writer { waited });
        }
        for task in [
            self.notary_task.take(),
            self.snapshot_task.take(),
            self.proof_task.take(),
        ] {
            task.inspect(JoinHandle::abort);
        }
        if let Some(projection) = self.projection.take() {
            // Dropping a large register takes seconds, and mostly the process ends now:
            // the system gets the memory back then.
            std::mem::forget(projection.register());
        }
        // The last tasks release the store in their own time. The next process that
        // opens it must find it closed, so only this function closes it.
        let began = Instant::now();
        while result.is_ok() && Arc::strong_count(&self.reader) > 1 {
            if began.elapsed() > waited {
                result = Err(StopError::Unfinished { waited });
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let reader = self.reader;
        let closed = tokio::task::spawn_blocking(move || drop(reader));
        if tokio::time::timeout(waited, closed).await.is_err() {
            result = Err(StopError::Writer { waited });
        }
        tracing::info!("stopped");
        result
    }

    /// Resolves when the server has failed by itself.
    ///
    /// A writer that has stopped is no such failure: queries are still answered, and
    /// the health check reports the rest.
    pub async fn failed(&mut self) -> ServeError {
        let Some(serving) = self.serving.as_mut() else {
            return ServeError::Ended;
        };
        let unverified = async {
            match self.verification.wait_for(Option::is_some).await {
                Ok(why) => why.clone(),
                Err(_) => None,
            }
        };
        let proof = &mut self.proof;
        let altered = async {
            match proof.wait_for(|_| false).await {
                LogProof::Altered(error) => Some(error),
                _ => None,
            }
        };
        let ended = tokio::select! {
            Some(why) = unverified => return ServeError::Unverified(why),
            Some(error) = altered => return ServeError::Altered(error),
            ended = serving => ended,
        };
        self.serving = None;
        match ended {
            Ok(Err(error)) => ServeError::Transport(error),
            Ok(Ok(())) | Err(_) => ServeError::Ended,
        }
    }
}
