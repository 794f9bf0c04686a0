//! The gate before the services: how much is under way at once.
//!
//! A call beyond the limit, or one that comes while the server is stopping, is
//! refused before its message is read; it counts until its answer was taken.
//! Health and reflection have room of their own, and go on to the last: they
//! matter most when there is too much to do. On the way out it puts what the
//! transport says of itself into the form of every other status.

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

/// What the gate knows; clones share it.
#[derive(Clone, Debug)]
pub struct Gate {
    room: Arc<Semaphore>,
    room_aside: Arc<Semaphore>,
    uploads: UploadBudget,
    stopping: watch::Receiver<bool>,
}

impl Gate {
    /// A gate for so many calls at once, and so many bytes of large messages that
    /// are on their way, until `stopping` turns true.
    pub fn new(calls_max: usize, upload_bytes: usize, stopping: watch::Receiver<bool>) -> Self {
        Self {
            room: Arc::new(Semaphore::new(calls_max)),
            room_aside: Arc::new(Semaphore::new(calls_max)),
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

/// A service behind a gate.
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
        let room = if is_ours {
            &self.gate.room
        } else {
            &self.gate.room_aside
        };
        if is_ours && *self.gate.stopping.borrow() {
            return answered(status::stopping());
        }
        let Ok(held) = Arc::clone(room).try_acquire_owned() else {
            return answered(status::overloaded("too many calls are under way"));
        };
        let peer = request.extensions().get::<Arc<Peer>>().cloned();
        let from = peer.as_ref().map(|peer| peer.begin(true));
        let to = peer.as_ref().map(|peer| peer.begin(false));
        let request = request.map(|body| Body::new(Upload::new(body, from, &self.gate.uploads)));
        let call = self.inner.call(request);
        Box::pin(async move {
            let response = call.await?;
            let response = if is_ours {
                with_error_details(response)
            } else {
                response
            };
            Ok(response.map(|body| Body::new(Download::new(body, to, held))))
        })
    }
}

fn answered<E: Send + 'static>(
    status: Status,
) -> Pin<Box<dyn Future<Output = Result<Response<Body>, E>> + Send>> {
    Box::pin(std::future::ready(Ok(status.into_http())))
}

/// The response, with details where the transport gave none.
fn with_error_details(response: Response<Body>) -> Response<Body> {
    let headers = response.headers();
    if !headers.contains_key(Status::GRPC_STATUS) || headers.contains_key(DETAILS) {
        return response;
    }
    let Some(said) = Status::from_header_map(headers) else {
        return response;
    };
    match status::transport(said.code(), said.message()) {
        Some(status) => status.into_http(),
        None => response,
    }
}

/// Where a status has its details.
const DETAILS: &str = "grpc-status-details-bin";
