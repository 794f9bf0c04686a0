//! The gate before the services: it limits how much is under way at once, in all and
//! for each caller; where nobody is signed in, for each peer address.
//!
//! A call beyond a limit, or one that comes while the server is stopping, is refused
//! before its message is read. A call counts until the socket has taken the whole
//! answer. Where there is no room, the call that has waited longest for its caller
//! gives way. Exports, health and reflection have limits of their own: they matter
//! most under load. Auditors, and the question of health, have a reserve beside them. Refusals by the transport get the form of every other status here.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderMap, Request, Response};
use tokio::sync::watch;
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

use super::browsing::{Browsing, HeldBody, NEWS};
use super::denials::{DenialWatch, Denials};
use super::download::{CallHold, Download};
use super::mandate_roles::has_role;
use super::peer::{Peer, Peers};
use super::peer_address::PeerHost;
use super::quota::{HolderQuota, QuotaLease, Quotas, Resource, StreamLease};
use super::quota_holder::QuotaHolder;
use super::status;
use super::upload::Upload;
use crate::wire::answer_limit::{ANSWER_BYTES_DEFAULT, ANSWER_BYTES_KEY};
use crate::wire::proto::descriptors;
use minutebook_domain::caller::Caller;
use minutebook_domain::event::MandateRole;
use minutebook_kernel::projection::Projection;

/// The service beside ours whose calls take any number of messages.
const REFLECTION: &str = "/grpc.reflection.";

/// The question that a load balancer asks.
const HEALTH: &str = "/grpc.health.v1.Health/Check";

/// The service for which auditors have a reserve.
const AUDIT: &str = "/minutebook.v1.AuditService/";

/// The method that has a limit of its own.
const EXPORT: &str = "/minutebook.v1.AuditService/ExportLog";

/// Limits the calls under way. Clones share the limits.
#[derive(Clone)]
pub struct Gate {
    quotas: Quotas,
    peers: Peers,
    limits: GateLimits,
    /// The methods of our services, by path.
    methods: Arc<HashMap<Arc<str>, &'static [Resource]>>,
    denials: Denials,
    /// Says who is an auditor.
    projection: Projection,
    stopping: watch::Receiver<bool>,
}

/// A call that comes to the gate.
struct Arrival<'a> {
    path: &'a str,
    caller: Option<&'a Caller>,
    quota: Arc<HolderQuota>,
    /// The resources that it counts as.
    resources: &'static [Resource],
}

#[derive(Clone, Copy, Debug)]
pub struct GateLimits {
    /// The largest answer to a caller that accepts such.
    pub answer_bytes_max: usize,
    /// How long a call waits for its caller before it may give way to another.
    pub give_way: Duration,
}

impl Gate {
    /// Lets calls in until `stopping` turns true.
    pub fn new(
        quotas: Quotas,
        peers: Peers,
        limits: GateLimits,
        projection: Projection,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            quotas,
            peers,
            limits,
            methods: Arc::new(methods()),
            denials: Denials::default(),
            projection,
            stopping,
        }
    }

    /// Takes what a call needs, or says why it is refused.
    fn admit(&self, arrival: &Arrival<'_>) -> Result<Vec<QuotaLease>, Status> {
        let quota = &arrival.quota;
        let take = |resource: &Resource| {
            let lease = quota.take(*resource, 1).or_else(|| {
                let may_use = self.may_use_reserve(arrival);
                may_use.then(|| quota.take_reserved(*resource, 1))?
            });
            let lease = lease.or_else(|| {
                let has_room = self.make_room(quota, *resource);
                has_room.then(|| quota.take_over(*resource, 1))
            });
            lease.ok_or_else(|| no_room(*resource, arrival.caller))
        };
        arrival.resources.iter().map(take).collect()
    }

    /// Whether a call may use the reserve: an auditor's, and the question of health.
    fn may_use_reserve(&self, arrival: &Arrival<'_>) -> bool {
        match arrival.caller {
            _ if arrival.path == HEALTH => true,
            Some(Caller::Known(known)) if arrival.path.starts_with(AUDIT) => {
                has_role(&self.projection, known, &[MandateRole::Auditor])
            }
            _ => false,
        }
    }

    /// Ends a stalled call that holds of `resource`. A holder of any makes room among its
    /// own.
    fn make_room(&self, quota: &Arc<HolderQuota>, resource: Resource) -> bool {
        let of = (!quota.has_none(resource)).then_some(quota);
        let give_way = self.limits.give_way;
        quota.search(|| self.peers.end_stalled_call(resource, of, give_way))
    }

    /// The quota that a call takes from: its caller's, or else its address's.
    fn quota(&self, caller: Option<&Caller>, peer: Option<&Peer>) -> Arc<HolderQuota> {
        match (caller.and_then(QuotaHolder::of), peer) {
            (Some(holder), _) => self.quotas.of(holder),
            (None, Some(peer)) => Arc::clone(peer.quota()),
            (None, None) => self.quotas.of(PeerHost::Unknown),
        }
    }

    /// Lets a call in, or says why it is refused. `method` is one that the services have.
    fn let_in(
        &self,
        arrival: &Arrival<'_>,
        method: Option<&Arc<str>>,
        headers: &HeaderMap,
    ) -> Result<Admitted, Status> {
        let holder = arrival.quota.holder();
        let watched = method.map(|method| self.denials.watch(holder, method));
        Ok(Admitted {
            denials: watched.transpose()?,
            answer_bytes_max: self.answer_bytes_max(headers)?,
            leases: self.admit(arrival)?,
        })
    }

    /// The largest answer that the caller accepts.
    fn answer_bytes_max(&self, metadata: &HeaderMap) -> Result<usize, Status> {
        let Some(value) = metadata.get(ANSWER_BYTES_KEY) else {
            return Ok(ANSWER_BYTES_DEFAULT);
        };
        let bytes = value.to_str().ok().and_then(|text| text.parse().ok());
        let bytes: usize = bytes.ok_or_else(|| {
            let most = self.limits.answer_bytes_max;
            status::invalid_field(
                ANSWER_BYTES_KEY,
                format!(
                    "this is not a number of bytes: send the largest answer that the client \
                     accepts, {ANSWER_BYTES_DEFAULT} to {most}, or leave it out"
                ),
            )
        })?;
        // Every client accepts the default.
        Ok(bytes
            .min(self.limits.answer_bytes_max)
            .max(ANSWER_BYTES_DEFAULT))
    }
}

/// The resources that a call to each method of the services counts as.
fn methods() -> HashMap<Arc<str>, &'static [Resource]> {
    let mut resources: HashMap<Arc<str>, &'static [Resource]> = HashMap::new();
    let services = descriptors().services();
    for method in services.flat_map(|service| service.methods().collect::<Vec<_>>()) {
        let service = method.parent_service().full_name();
        let path = format!("/{service}/{}", method.name());
        let of_method: &[Resource] = if path == EXPORT {
            &[Resource::Exports]
        } else if method.is_client_streaming() {
            &[Resource::Calls, Resource::AppendStreams]
        } else if method.is_server_streaming() {
            &[Resource::Calls, Resource::ReadStreams]
        } else {
            &[Resource::Calls]
        };
        resources.insert(path.into(), of_method);
    }
    resources.insert(NEWS.into(), &[Resource::ReadStreams]);
    resources
}

fn no_room(resource: Resource, caller: Option<&Caller>) -> Status {
    let what = match resource {
        Resource::Connections => "connections are open",
        Resource::Calls | Resource::SideCalls => "calls are under way",
        Resource::Exports => "exports are under way",
        Resource::ReadStreams | Resource::AppendStreams => "streams are open",
        Resource::UploadBytes => "large messages are being received",
        Resource::AnswerBytes => "bytes of answers wait to be read",
    };
    let whose = match caller {
        Some(Caller::Known(_)) => "of yours",
        Some(Caller::Local | Caller::Public | Caller::Store) | None => "from your address",
    };
    status::overloaded(&format!("too many {what}, in all or {whose}"))
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

#[derive(Clone)]
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
        let gate = &self.gate;
        let path = request.uri().path();
        let browsing = request.extensions().get::<Browsing>().copied();
        let is_ours = path.starts_with("/minutebook.") || browsing.is_some();
        if is_ours && *gate.stopping.borrow() {
            return refuse(status::server_stopping());
        }
        let method = gate.methods.get_key_value(path);
        let resources: &'static [Resource] = match method {
            Some((_, resources)) => resources,
            // No such method: the answer says so.
            None if is_ours => &[Resource::Calls],
            None => &[Resource::SideCalls],
        };
        let takes_stream =
            resources.contains(&Resource::AppendStreams) || path.starts_with(REFLECTION);
        let peer = request.extensions().get::<Arc<Peer>>().cloned();
        let caller = request.extensions().get::<Caller>();
        let arrival = Arrival {
            path,
            caller,
            quota: gate.quota(caller, peer.as_deref()),
            resources,
        };
        let admitted = gate.let_in(&arrival, method.map(|(path, _)| path), request.headers());
        let quota = arrival.quota;
        let Admitted {
            answer_bytes_max,
            denials,
            leases,
        } = match admitted {
            Ok(admitted) => admitted,
            Err(status) => return refuse(status),
        };
        let is_stream = |lease: &QuotaLease| {
            let resource = lease.resource();
            // A page has no task behind it: its body holds its lease.
            if browsing.is_some() {
                return false;
            }
            resource == Resource::ReadStreams || resource == Resource::AppendStreams
        };
        let (streams, leases): (Vec<_>, Vec<_>) = leases.into_iter().partition(is_stream);
        let download = peer
            .as_ref()
            .map(|peer| peer.begin_download(resources, &quota));
        let hold = CallHold::new(download, Arc::clone(&quota), leases);
        if browsing.is_some() {
            let call = quota.work().scope(self.inner.call(request));
            return Box::pin(async move {
                let page = call.await?;
                Ok(page.map(|body| Body::new(HeldBody::new(body, hold))))
            });
        }
        let upload = peer
            .as_ref()
            .map(|peer| peer.begin_upload(resources, &quota));
        let upload = |body| Body::new(Upload::new(body, upload, &quota, takes_stream));
        let mut request = request.map(upload);
        for lease in streams {
            request.extensions_mut().insert(StreamLease::new(lease));
        }
        let call = quota.work().scope(self.inner.call(request));
        let gate = gate.clone();
        Box::pin(async move {
            let response = call.await?;
            let response = if is_ours {
                with_error_details(response)
            } else {
                response
            };
            let (head, body) = response.into_parts();
            if let Some(denials) = &denials {
                denials.see(&head.headers);
            }
            let mut download = Download::new(body, hold, answer_bytes_max, denials);
            let begun = download
                .begin(|| gate.make_room(&quota, Resource::AnswerBytes))
                .await;
            Ok(match begun {
                Ok(()) => Response::from_parts(head, Body::new(download)),
                Err(status) => status.into_http(),
            })
        })
    }
}

/// A call that goes on.
struct Admitted {
    answer_bytes_max: usize,
    denials: Option<DenialWatch>,
    leases: Vec<QuotaLease>,
}

/// The answer to a call that goes no further.
pub(super) fn refuse<E: Send + 'static>(
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
