//! The layer that signs callers in: it reads the bearer token of each call, and hands the
//! caller to the services.
//!
//! Where sign-in is required, a call whose caller is not known reaches no service. A caller
//! through a Unix socket is known by the system: see [`super::socket_users`]. Every
//! service behind this layer finds a [`Caller`] in the extensions of its request, but for
//! those that need none: health, reflection and `GetSignIn`.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Request, Response};
use jiff::Timestamp;
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

use super::access_log;
use super::browsing::Browsing;
use super::failure_rates::{FailureRates, FailureTally};
use super::gate::refuse;
use super::peer::Peer;
use super::peer_address::{PeerAddress, PeerHost};
use super::peer_certificate::CertifiedBy;
use super::socket_users::SocketUsers;
use super::status;
use minutebook_domain::caller::{Caller, KnownCaller, Principal};
use minutebook_kernel::clock::Clock;
use minutebook_kernel::sign_in::caller_label::caller_label;
use minutebook_kernel::sign_in::pseudonyms::Pseudonyms;
use minutebook_kernel::sign_in::{SignIn, SignInError, SignedIn};

/// Paths of calls that need no caller. They end with a slash or are whole.
const OPEN: [&str; 4] = [
    "/grpc.health.v1.Health/",
    "/grpc.reflection.v1.ServerReflection/",
    "/grpc.reflection.v1alpha.ServerReflection/",
    "/minutebook.v1.CallerService/GetSignIn",
];

/// The services that only read.
const READING: [&str; 3] = [
    "/minutebook.v1.RegisterService/",
    "/minutebook.v1.AuditService/",
    "/minutebook.v1.CallerService/",
];

/// How many sign-ins from one address may fail within [`WINDOW`], until the answer is
/// another one. A token that is valid is never held up by others that are not.
const FAILED_MAX: u32 = 30;

const WINDOW: Duration = Duration::from_secs(60);

/// When the token of a call expires. In the extensions of its request.
#[derive(Debug, Clone, Copy)]
pub struct TokenExpiry(pub Timestamp);

/// Signs callers in.
#[derive(Debug, Clone)]
pub struct SignInGate {
    /// `None` where nobody is asked to sign in.
    ways: Option<SignInWays>,
    /// `None` where there is no Unix socket.
    socket: Option<SocketUsers>,
    failures: Arc<Failures>,
}

/// The ways to sign in: by token, or by a client certificate that the transport took.
#[derive(Debug, Clone)]
pub struct SignInWays {
    /// `None` where no token signs anybody in.
    pub tokens: Option<Arc<SignIn>>,
    pub pseudonyms: Arc<Pseudonyms>,
    /// Certificates expire by the machine's clock, also where a test dates the entries.
    pub clock: Clock,
    /// Whether everybody may read what is not marked.
    pub is_public: bool,
}

impl SignInGate {
    pub fn new(ways: Option<SignInWays>, socket: Option<SocketUsers>) -> Self {
        Self {
            ways,
            socket,
            failures: Arc::default(),
        }
    }

    /// Whom the system names at the other end of a Unix socket.
    fn socket_user(
        &self,
        request: &Request<Body>,
        find: impl FnOnce(&SocketUsers, PeerAddress) -> Result<Option<KnownCaller>, SignInError>,
    ) -> Result<Option<KnownCaller>, SignInError> {
        let peer = request.extensions().get::<Arc<Peer>>();
        match self.socket.as_ref().zip(peer) {
            Some((users, peer)) => find(users, peer.address()),
            None => Ok(None),
        }
    }
}

impl SignInWays {
    /// Whom the certificate of a connection names; `None` without one that still counts.
    /// The certificate goes with the call, which may outlive it.
    fn certified(&self, request: &mut Request<Body>) -> Option<Principal> {
        let extensions = request.extensions_mut();
        let certificate = extensions.get::<Arc<Peer>>()?.certificate()?;
        let principal = certificate.names(self.clock.now())?.clone();
        let certified_by = CertifiedBy(Arc::clone(certificate));
        extensions.insert(certified_by);
        Some(principal)
    }

    /// The caller whom a certificate alone names.
    fn by_certificate(&self, principal: Principal) -> Result<KnownCaller, SignInError> {
        let (issuer, value) = (principal.issuer.as_str(), principal.value.as_str());
        Ok(KnownCaller {
            pseudonym: self.pseudonyms.of(issuer, value)?,
            principals: vec![principal],
        })
    }
}

impl<S> Layer<S> for SignInGate {
    type Service = SignInGated<S>;

    fn layer(&self, inner: S) -> SignInGated<S> {
        SignInGated {
            gate: self.clone(),
            inner,
        }
    }
}

#[derive(Debug, Clone)]
pub struct SignInGated<S> {
    gate: SignInGate,
    inner: S,
}

impl<S> Service<Request<Body>> for SignInGated<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let Some(ways) = &self.gate.ways else {
            let caller = match self.gate.socket_user(&request, SocketUsers::caller) {
                Ok(Some(known)) => known_by_transport(known),
                Ok(None) => Caller::Local,
                Err(error) => return refuse(status::sign_in(&error)),
            };
            request.extensions_mut().insert(caller);
            return Box::pin(self.inner.call(request));
        };
        if request.extensions().get() == Some(&Browsing::SignsIn) {
            request.extensions_mut().insert(Caller::Public);
            return Box::pin(self.inner.call(request));
        }
        if is_open(request.uri().path()) {
            return Box::pin(self.inner.call(request));
        }
        let token = match take_bearer(request.headers_mut()) {
            Ok(token) => token,
            Err(refusal) => {
                let too_many = self.gate.failures.note(&request, "metadata");
                return refuse(too_many.unwrap_or(refusal));
            }
        };
        let certified = ways.certified(&mut request);
        let (Some(token), Some(sign_in)) = (token, ways.tokens.clone()) else {
            let caller = match certified {
                Some(principal) => ways.by_certificate(principal).map(Some),
                None => self.gate.socket_user(&request, SocketUsers::mandated),
            };
            let caller = match caller {
                Ok(Some(caller)) => caller,
                Ok(None) if ways.is_public && is_reading(&request) => {
                    request.extensions_mut().insert(Caller::Public);
                    return Box::pin(self.inner.call(request));
                }
                Ok(None) => return refuse(status::sign_in_required()),
                Err(error) => return refuse(status::sign_in(&error)),
            };
            request.extensions_mut().insert(known_by_transport(caller));
            return Box::pin(self.inner.call(request));
        };
        if let Some(signed_in) = sign_in.remembered(token.as_str()) {
            admit(&mut request, signed_in, certified);
            return Box::pin(self.inner.call(request));
        }
        // The clone takes the place of the service that is ready.
        let fresh = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, fresh);
        let failures = Arc::clone(&self.gate.failures);
        Box::pin(async move {
            match sign_in.verify(token.as_str()).await {
                Ok(signed_in) => {
                    admit(&mut request, signed_in, certified);
                    inner.call(request).await
                }
                Err(error) => {
                    let too_many = failures.note(&request, check(&error));
                    let refusal = too_many.unwrap_or_else(|| status::sign_in(&error));
                    Ok(refusal.into_http())
                }
            }
        })
    }
}

/// Whether a call needs no caller.
fn is_open(path: &str) -> bool {
    OPEN.iter().any(|open| match open.ends_with('/') {
        true => path.starts_with(open),
        false => path == *open,
    })
}

/// Whether a call only reads.
fn is_reading(request: &Request<Body>) -> bool {
    let path = request.uri().path();
    READING.iter().any(|service| path.starts_with(service))
        || request.extensions().get() == Some(&Browsing::Reads)
}

/// A caller whom a certificate or the system names.
fn known_by_transport(known: KnownCaller) -> Caller {
    access_log::note_caller(|| caller_label(&known).into());
    Caller::Known(Arc::new(known))
}

/// Hands the caller to the service, with what the certificate vouches for.
fn admit(request: &mut Request<Body>, signed_in: SignedIn, certified: Option<Principal>) {
    let SignedIn {
        mut caller, label, ..
    } = signed_in;
    match certified {
        None => access_log::note_caller(|| label),
        Some(principal) => {
            Arc::make_mut(&mut caller).principals.push(principal);
            access_log::note_caller(|| caller_label(&caller).into());
        }
    }
    let extensions = request.extensions_mut();
    extensions.insert(Caller::Known(caller));
    extensions.insert(TokenExpiry(signed_in.expires_at));
}

/// Takes the one bearer token of a call (RFC 6750) out of its metadata: nothing behind this
/// needs it, or could log it.
fn take_bearer(headers: &mut HeaderMap) -> Result<Option<BearerToken>, Status> {
    let values = headers.get_all(AUTHORIZATION).iter().count();
    let Some(header) = headers.remove(AUTHORIZATION) else {
        return Ok(None);
    };
    if values > 1 {
        return Err(status::bad_authorization(
            "the metadata has it more than once",
        ));
    }
    let token = BearerToken::read(header);
    token
        .map(Some)
        .ok_or_else(|| status::bad_authorization("it is no bearer token"))
}

/// A bearer token, still in the bytes of its header: most are only looked up.
struct BearerToken {
    header: HeaderValue,
    begins: usize,
}

impl BearerToken {
    fn read(header: HeaderValue) -> Option<Self> {
        let bytes = header.as_bytes();
        let scheme = bytes.get(..SCHEME.len())?;
        let spaces = bytes[SCHEME.len()..].iter();
        let spaces = spaces.take_while(|byte| **byte == b' ').count();
        let begins = SCHEME.len() + spaces;
        let token = &bytes[begins..];
        let is_token = |token: &[u8]| token.iter().all(|byte| TOKEN_BYTES[usize::from(*byte)]);
        let is_bearer = scheme.eq_ignore_ascii_case(SCHEME) && spaces > 0;
        (is_bearer && !token.is_empty() && is_token(token)).then_some(Self { header, begins })
    }

    fn as_str(&self) -> &str {
        let token = self.header.as_bytes().get(self.begins..);
        // Each byte is a character of ASCII.
        str::from_utf8(token.unwrap_or_default()).unwrap_or_default()
    }
}

const SCHEME: &[u8] = b"bearer";

/// The bytes that a token may have.
const TOKEN_BYTES: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        bytes[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=');
        byte += 1;
    }
    bytes
};

/// The check that a sign-in failed, for the log.
fn check(error: &SignInError) -> &'static str {
    match error {
        SignInError::Token(error) => error.check(),
        SignInError::NoKeys { .. } => "no_keys",
        SignInError::Pseudonyms(_) => "pseudonyms",
    }
}

/// Counts failed sign-ins, and logs them once in a while: the access log has each.
#[derive(Debug)]
struct Failures {
    rates: FailureRates<PeerHost>,
    tally: FailureTally,
}

impl Default for Failures {
    fn default() -> Self {
        Self {
            rates: FailureRates::new(FAILED_MAX, WINDOW),
            tally: FailureTally::default(),
        }
    }
}

impl Failures {
    /// Counts one. Returns another refusal where its address had too many.
    fn note(&self, request: &Request<Body>, check: &'static str) -> Option<Status> {
        let now = Instant::now();
        let peer = request.extensions().get::<Arc<Peer>>();
        let address = peer.map(|peer| peer.address());
        if let Some(failures) = self.tally.count(now) {
            let peer = address.map(tracing::field::display);
            tracing::warn!(
                peer,
                check,
                failures,
                "sign-ins failed; this is the last of them"
            );
        }
        let host = address.map_or(PeerHost::Unknown, |address| address.host());
        let left = self.rates.note(host, now)?;
        Some(status::too_many_failed_sign_ins(FAILED_MAX, left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&'static [u8]]) -> Option<Option<String>> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        let token = take_bearer(&mut headers).ok()?;
        assert!(headers.is_empty());
        Some(token.map(|token| token.as_str().to_owned()))
    }

    #[test]
    fn one_bearer_token_is_read_and_anything_else_refused() {
        assert_eq!(read(&[]), Some(None));
        for value in [
            &b"Bearer a.b-c_d"[..],
            b"bearer a.b-c_d",
            b"BEARER  a.b-c_d",
        ] {
            assert_eq!(read(&[value]), Some(Some("a.b-c_d".to_owned())));
        }
        for value in [
            &b""[..],
            b"Bearer",
            b"Bearer ",
            b"a.b.c",
            b"Basic YTpi",
            b"Bearer a b",
            b"Bearer a,b",
            b"Bearer \xc3\xa4",
        ] {
            assert_eq!(read(&[value]), None, "{value:?}");
        }
        assert_eq!(read(&[b"Bearer a", b"Bearer a"]), None);
    }

    #[test]
    fn only_what_helps_to_sign_in_is_open() {
        for path in OPEN {
            assert!(is_open(path));
        }
        for path in [
            "/",
            "/minutebook.v1.CallerService/WhoAmI",
            "/minutebook.v1.CallerService/GetSignInX",
            "/minutebook.v1.RegisterService/ListBodies",
            "/grpc.health.v1.HealthX/Check",
            "/grpc.reflection.v2.ServerReflection/",
            "//grpc.health.v1.Health/Check",
        ] {
            assert!(!is_open(path), "{path}");
        }
    }
}
