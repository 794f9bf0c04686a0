//! Why a server did not start, failed, or did not stop in order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::exposure::Exposed;
use super::socket_file::SocketFileError;
use super::tls::TlsError;
use minutebook_kernel::log::OpenError;
use minutebook_kernel::notary::key::KeyFileError;
use minutebook_kernel::notary::tree::TreeError;
use minutebook_kernel::notary::{KeyChainError, NotaryError};
use minutebook_kernel::projection::{ReplayError, VerificationError};
use minutebook_kernel::readings::ReadingsError;
use minutebook_kernel::sign_in::pseudonyms::PseudonymKeyError;

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address}: is another server running there?")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    #[error(transparent)]
    SocketFile(#[from] SocketFileError),
    /// The files of TLS cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Others could call, and nothing protects the register.
    #[error(transparent)]
    Exposed(#[from] Exposed),
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The log has an entry that cannot be replayed.
    #[error("the log in {place} cannot be replayed")]
    Replay { place: String, source: ReplayError },
    #[error(transparent)]
    Notary(#[from] NotaryError),
    #[error(transparent)]
    KeyChain(#[from] KeyChainError),
    /// The file of the key cannot be read.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The key of pseudonyms cannot be used.
    #[error(transparent)]
    Pseudonyms(#[from] PseudonymKeyError),
    /// The record of readings cannot be read.
    #[error(transparent)]
    Readings(#[from] ReadingsError),
    /// The thread of the writer cannot be started.
    #[error("cannot start the writer's thread")]
    Thread(#[source] io::Error),
    /// A panic in this program.
    #[error("a fault in the program ended the start")]
    Panicked,
}

/// Why a server did not stop in order. Acknowledged entries are durable all the
/// same.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// Calls were still under way at the time limit.
    #[error("calls were still under way after {waited:?}; they were cut off")]
    Unfinished { waited: Duration },
    /// The writer did not end in time.
    #[error("the writer did not end within {waited:?}: the disk does not answer")]
    Writer { waited: Duration },
    #[error(transparent)]
    Failed(#[from] ServeError),
}

/// Why a running server failed.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the server failed")]
    Transport(#[source] tonic::transport::Error),
    /// The register that it served differs from the log, or the log is damaged.
    #[error("the register that was started from snapshots does not match the log")]
    Unverified(#[source] Arc<VerificationError>),
    /// The log is not the one whose hashes were stored.
    #[error("the log is not the one that was recorded; every snapshot was removed")]
    Altered(#[source] TreeError),
    /// A panic in this program, or the server task ended.
    #[error("the server ended by itself")]
    Ended,
}
