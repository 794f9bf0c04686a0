//! A layer that holds calls until the log is proven.
//!
//! A start that began with snapshots has not read the whole log. `RecordService`
//! records on it only once it is proven, `AuditService` reads from it only once it was
//! compared with its hashes. `RegisterService` answers from the register, which the
//! snapshots of this register and the entries after them have made.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};

use super::status;
use crate::wire::proto::audit_service_server::SERVICE_NAME as AUDIT;
use crate::wire::proto::record_service_server::SERVICE_NAME as RECORD;
use minutebook_kernel::notary::{LogProof, LogProofReader};

/// How long a call waits for the proof before it is answered with a status.
const WAIT: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub struct ProofGate {
    proof: LogProofReader,
}

impl ProofGate {
    pub const fn new(proof: LogProofReader) -> Self {
        Self { proof }
    }
}

impl<S> Layer<S> for ProofGate {
    type Service = ProofGated<S>;

    fn layer(&self, inner: S) -> ProofGated<S> {
        ProofGated {
            proof: self.proof.clone(),
            inner,
        }
    }
}

#[derive(Debug, Clone)]
pub struct ProofGated<S> {
    proof: LogProofReader,
    inner: S,
}

/// The proof that the calls of a service need.
#[derive(Debug, Clone, Copy)]
enum Needed {
    Nothing,
    Compared,
    Proven,
}

impl Needed {
    fn by(path: &str) -> Self {
        let service = path
            .strip_prefix('/')
            .and_then(|path| path.split('/').next());
        match service {
            Some(RECORD) => Self::Proven,
            Some(AUDIT) => Self::Compared,
            _ => Self::Nothing,
        }
    }

    fn is_met(self, proof: &LogProof) -> bool {
        match self {
            Self::Nothing => true,
            Self::Compared => proof.is_compared(),
            Self::Proven => proof.is_proven(),
        }
    }
}

impl<S> Service<Request<Body>> for ProofGated<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let needed = Needed::by(request.uri().path());
        // The clone takes the place of the service that is ready.
        let fresh = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, fresh);
        if needed.is_met(&self.proof.get()) {
            return Box::pin(inner.call(request));
        }
        let mut proof = self.proof.clone();
        Box::pin(async move {
            let proven = tokio::time::timeout(WAIT, proof.wait_for(|proof| needed.is_met(proof)));
            let proof = proven.await.unwrap_or_else(|_| proof.get());
            match needed.is_met(&proof) {
                true => inner.call(request).await,
                false => Ok(status::unproven(&proof).into_http()),
            }
        })
    }
}
