//! The gate before the services: how much is under way at once.
//!
//! A call beyond the limit, or one that comes while the server is stopping, is
//! refused before its message is read. Health and reflection are let through:
//! they matter most when there is too much to do. On the way out it puts what
//! the transport says of itself into the form of every other status.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tokio::sync::{Semaphore, watch};
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

use super::status;

/// What the gate knows; clones share it.
#[derive(Clone, Debug)]
pub struct Gate {
    room: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

impl Gate {
    /// A gate for so many calls at once, until `stopping` turns true.
    pub fn new(calls_max: usize, stopping: watch::Receiver<bool>) -> Self {
        Self {
            room: Arc::new(Semaphore::new(calls_max)),
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
        if !request.uri().path().starts_with("/minutebook.") {
            return Box::pin(self.inner.call(request));
        }
        if *self.gate.stopping.borrow() {
            return answered(status::stopping());
        }
        let Ok(held) = Arc::clone(&self.gate.room).try_acquire_owned() else {
            return answered(status::overloaded("too many calls are under way"));
        };
        let call = self.inner.call(request);
        Box::pin(async move {
            let response = call.await?;
            drop(held);
            Ok(dressed(response))
        })
    }
}

fn answered<E: Send + 'static>(
    status: Status,
) -> Pin<Box<dyn Future<Output = Result<Response<Body>, E>> + Send>> {
    Box::pin(std::future::ready(Ok(status.into_http())))
}

/// The response, with details where the transport gave none.
fn dressed(response: Response<Body>) -> Response<Body> {
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
