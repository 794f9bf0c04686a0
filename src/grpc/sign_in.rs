//! The layer that signs callers in: it reads the bearer token of each call, and hands the
//! caller to the services.
//!
//! Where sign-in is required, a call whose caller is not known reaches no service. A caller
//! through a Unix socket is known by the system: see [`super::socket_users`]. Every
//! service behind this layer finds a [`Caller`] in the extensions of its request, but for
//! those that need none: health, reflection and `GetSignIn`.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, Response};
use jiff::Timestamp;
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

use super::gate::refuse;
use super::peer::Peer;
use super::peer_address::PeerAddress;
use super::socket_users::SocketUsers;
use super::status;
use crate::clock::Clock;
use crate::domain::caller::{Caller, KnownCaller, Principal};
use crate::sign_in::pseudonyms::Pseudonyms;
use crate::sign_in::{SignIn, SignInError, SignedIn};

/// Paths of calls that need no caller. They end with a slash or are whole.
const OPEN: [&str; 4] = [
    "/grpc.health.v1.Health/",
    "/grpc.reflection.v1.ServerReflection/",
    "/grpc.reflection.v1alpha.ServerReflection/",
    "/minutebook.v1.CallerService/GetSignIn",
];

/// How often failed sign-ins are logged at most.
const LOG_EVERY: Duration = Duration::from_secs(10);

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
    /// Whom the certificate of a connection names; `None` without one that is still valid.
    fn certified(&self, peer: Option<&Arc<Peer>>) -> Option<Principal> {
        let certificate = peer.and_then(|peer| peer.certificate())?;
        let is_valid = !certificate.has_expired(self.clock.now());
        is_valid.then(|| certificate.principal.clone())
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
                Ok(Some(known)) => Caller::Known(Arc::new(known)),
                Ok(None) => Caller::Local,
                Err(error) => return refuse(status::sign_in(&error)),
            };
            request.extensions_mut().insert(caller);
            return Box::pin(self.inner.call(request));
        };
        if is_open(request.uri().path()) {
            return Box::pin(self.inner.call(request));
        }
        let token = match bearer(request.headers()) {
            Ok(token) => token.map(str::to_owned),
            Err(refusal) => {
                self.gate.failures.note(&request, "metadata");
                return refuse(refusal);
            }
        };
        // Nothing behind this needs the token, or could log it.
        request.headers_mut().remove(AUTHORIZATION);
        let certified = ways.certified(request.extensions().get());
        let (Some(token), Some(sign_in)) = (token, ways.tokens.clone()) else {
            let caller = match certified {
                Some(principal) => ways.by_certificate(principal).map(Some),
                None => self.gate.socket_user(&request, SocketUsers::mandated),
            };
            let caller = match caller {
                Ok(Some(caller)) => caller,
                Ok(None) => return refuse(status::sign_in_required()),
                Err(error) => return refuse(status::sign_in(&error)),
            };
            let extensions = request.extensions_mut();
            extensions.insert(Caller::Known(Arc::new(caller)));
            return Box::pin(self.inner.call(request));
        };
        if let Some(signed_in) = sign_in.remembered(&token) {
            admit(&mut request, signed_in, certified);
            return Box::pin(self.inner.call(request));
        }
        // The clone takes the place of the service that is ready.
        let fresh = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, fresh);
        let failures = Arc::clone(&self.gate.failures);
        Box::pin(async move {
            match sign_in.verify(&token).await {
                Ok(signed_in) => {
                    admit(&mut request, signed_in, certified);
                    inner.call(request).await
                }
                Err(error) => {
                    failures.note(&request, check(&error));
                    Ok(status::sign_in(&error).into_http())
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

/// Hands the caller to the service, with what the certificate vouches for.
fn admit(request: &mut Request<Body>, signed_in: SignedIn, certified: Option<Principal>) {
    let mut caller = signed_in.caller;
    if let Some(principal) = certified {
        Arc::make_mut(&mut caller).principals.push(principal);
    }
    let extensions = request.extensions_mut();
    extensions.insert(Caller::Known(caller));
    extensions.insert(TokenExpiry(signed_in.expires_at));
}

/// The one bearer token of a call (RFC 6750).
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Status> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(status::bad_authorization(
            "the metadata has it more than once",
        ));
    }
    let text = value.to_str().ok();
    let parts = text.and_then(|text| text.split_once(' '));
    let token = parts.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let token = token.map(|(_, token)| token.trim_start_matches(' '));
    let is_token = |token: &&str| !token.is_empty() && token.bytes().all(is_token_byte);
    match token.filter(is_token) {
        Some(token) => Ok(Some(token)),
        None => Err(status::bad_authorization("it is no bearer token")),
    }
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

/// The check that a sign-in failed, for the log.
fn check(error: &SignInError) -> &'static str {
    match error {
        SignInError::Token(error) => error.check(),
        SignInError::NoKeys { .. } => "no_keys",
        SignInError::Pseudonyms(_) => "pseudonyms",
    }
}

/// Counts failed sign-ins, and logs them once in a while: the access log has each.
#[derive(Debug, Default)]
struct Failures(Mutex<FailureCount>);

#[derive(Debug, Default)]
struct FailureCount {
    logged: Option<Instant>,
    since: u64,
}

impl Failures {
    fn note(&self, request: &Request<Body>, check: &'static str) {
        let Some(failures) = self.count(Instant::now()) else {
            return;
        };
        let peer = request.extensions().get::<Arc<Peer>>();
        let peer = peer.map(|peer| tracing::field::display(peer.address()));
        tracing::warn!(
            peer,
            check,
            failures,
            "sign-ins failed; this is the last of them"
        );
    }

    /// How many there were since the last line, if another line is due.
    fn count(&self, now: Instant) -> Option<u64> {
        let mut count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        count.since += 1;
        let is_due = |at: Instant| now.saturating_duration_since(at) >= LOG_EVERY;
        if !count.logged.is_none_or(is_due) {
            return None;
        }
        count.logged = Some(now);
        Some(std::mem::take(&mut count.since))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(values: &[&'static [u8]]) -> Option<Option<String>> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        let token = bearer(&headers).ok()?;
        Some(token.map(str::to_owned))
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

    #[test]
    fn a_flood_of_failures_is_a_line_in_a_while() {
        let failures = Failures::default();
        let begun = Instant::now();
        assert_eq!(failures.count(begun), Some(1));
        for _ in 0..1_000 {
            assert_eq!(failures.count(begun + LOG_EVERY / 2), None);
        }
        assert_eq!(failures.count(begun + LOG_EVERY), Some(1_001));
    }
}
