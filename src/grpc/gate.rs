//! The gate before the services: it limits how much is under way at once.
//!
//! A call beyond the limit, or one that comes while the server is stopping, is
//! refused before its message is read. A call counts until the transport has
//! taken the whole answer. Health and reflection have a limit of their own and
//! work until the server ends: they matter most under load. Refusals by the
//! transport get the form of every other status here.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tokio::sync::{Semaphore, watch};
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

use super::download::Download;
use super::peer::Peer;
use super::status;
use super::upload::{Upload, UploadBudget};

/// Limits the calls under way. Clones share the limits.
#[derive(Clone, Debug)]
pub struct Gate {
    calls: Arc<Semaphore>,
    /// Calls of health and reflection.
    side_calls: Arc<Semaphore>,
    uploads: UploadBudget,
    stopping: watch::Receiver<bool>,
}

impl Gate {
    /// Lets `calls_max` calls in at once, with `upload_bytes` of large messages that
    /// are being received, until `stopping` turns true.
    pub fn new(calls_max: usize, upload_bytes: usize, stopping: watch::Receiver<bool>) -> Self {
        Self {
            calls: Arc::new(Semaphore::new(calls_max)),
            side_calls: Arc::new(Semaphore::new(calls_max)),
            uploads: UploadBudget::new(upload_bytes),
            stopping,
        }
    }
}

impl<S> Layer<S> for Gate {
    type Service = Gated<S>;

    fn layer(&self, inner: S) -> Gated<S> {
        Gated {
            gate: self.clone(),
            inner,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Gated<S> {
    gate: Gate,
    inner: S,
}

impl<S> Service<Request<Body>> for Gated<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let is_ours = request.uri().path().starts_with("/minutebook.");
        let calls = if is_ours {
            &self.gate.calls
        } else {
            &self.gate.side_calls
        };
        if is_ours && *self.gate.stopping.borrow() {
            return refuse(status::server_stopping());
        }
        let Ok(permit) = Arc::clone(calls).try_acquire_owned() else {
            return refuse(status::overloaded("too many calls are under way"));
        };
        let peer = request.extensions().get::<Arc<Peer>>().cloned();
        let upload = peer.as_ref().map(|peer| peer.begin(true));
        let download = peer.as_ref().map(|peer| peer.begin(false));
        let uploads = &self.gate.uploads;
        let request = request.map(|body| Body::new(Upload::new(body, upload, uploads)));
        let call = self.inner.call(request);
        Box::pin(async move {
            let response = call.await?;
            let response = if is_ours {
                with_error_details(response)
            } else {
                response
            };
            Ok(response.map(|body| Body::new(Download::new(body, download, permit))))
        })
    }
}

fn refuse<E: Send + 'static>(
    status: Status,
) -> Pin<Box<dyn Future<Output = Result<Response<Body>, E>> + Send>> {
    Box::pin(std::future::ready(Ok(status.into_http())))
}

/// Gives a status of the transport, which has no details, the form of the others.
fn with_error_details(response: Response<Body>) -> Response<Body> {
    let headers = response.headers();
    if !headers.contains_key(Status::GRPC_STATUS) || headers.contains_key(DETAILS) {
        return response;
    }
    let Some(status) = Status::from_header_map(headers) else {
        return response;
    };
    match status::transport(status.code(), status.message()) {
        Some(status) => status.into_http(),
        None => response,
    }
}

/// The header that holds the details of a status.
const DETAILS: &str = "grpc-status-details-bin";
