//! The guard against web pages that call from a browser without leave.
//!
//! A page from anywhere can send requests to a server on the reader's own machine, and
//! with a name that points there (DNS rebinding) the browser also shows it the answers.
//! So a call that names a web page as its origin is refused unless that page is on the
//! list, and on the loopback interface HTTP/1 must address this machine by a name that
//! is its own. Programs that speak HTTP/2, as gRPC clients do, name neither.

use std::net::IpAddr;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN};
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, Version};
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::access_log;
use super::peer::Peer;
use super::peer_address::PeerAddress;
use super::status;

/// How long a browser may remember that a page has leave.
const LEAVE_MAX_AGE: Duration = Duration::from_secs(3_600);

/// The origin of web pages: scheme, host and port, as browsers send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebOrigin {
    text: HeaderValue,
    host: String,
}

impl FromStr for WebOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "\"{text}\" is no origin of web pages: write the scheme, the host and the port \
                 if it has one, such as https://register.example.gov.uk"
            )
        };
        let text = text.to_ascii_lowercase();
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let host = uri.host().filter(|_| is_web).ok_or_else(wrong)?;
        let host = host.to_owned();
        // Nothing but what a browser sends: no path, no name of a user.
        let authority = uri.authority().map(|authority| authority.as_str());
        let scheme = uri.scheme_str().unwrap_or_default();
        let origin = format!("{scheme}://{}", authority.unwrap_or_default());
        if text != origin || text.contains('@') {
            return Err(wrong());
        }
        let text = HeaderValue::from_str(&text).map_err(|_| wrong())?;
        Ok(Self { text, host })
    }
}

impl std::fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.text.as_bytes()))
    }
}

/// The web pages that may call, and the names by which a browser may call this machine.
#[derive(Debug, Clone, Default)]
pub struct WebAccess {
    /// Pages of these origins may call by gRPC-Web.
    pub origins: Vec<WebOrigin>,
    /// Names of this machine, beside `localhost` and those of the origins: for a proxy
    /// on the same machine that passes on the name that it was called by.
    pub hosts: Vec<String>,
}

impl WebAccess {
    /// The headers by which a browser learns that a page has leave (CORS).
    pub fn cors(&self) -> CorsLayer {
        let grpc = ["x-grpc-web", "x-user-agent", "grpc-timeout"].map(HeaderName::from_static);
        let answer = ["grpc-status", "grpc-message", "grpc-status-details-bin"];
        let origins = self.origins.iter().map(|origin| origin.text.clone());
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::POST])
            .allow_headers(
                grpc.into_iter()
                    .chain([CONTENT_TYPE, AUTHORIZATION])
                    .collect::<Vec<_>>(),
            )
            .expose_headers(answer.map(HeaderName::from_static))
            .max_age(LEAVE_MAX_AGE)
    }

    /// Why a call has to be refused; `None` if it need not be. `target` is the authority
    /// that the request line or the pseudo-header of HTTP/2 names, which goes before the
    /// header.
    fn refusal(
        &self,
        headers: &HeaderMap,
        target: Option<&str>,
        is_loopback: bool,
    ) -> Option<Status> {
        for origin in headers.get_all(ORIGIN) {
            if !self.origins.iter().any(|allowed| allowed.text == *origin) {
                return Some(status::origin_not_allowed(&String::from_utf8_lossy(
                    origin.as_bytes(),
                )));
            }
        }
        let named = headers.get_all(HOST).iter();
        let named = named.map(|host| String::from_utf8_lossy(host.as_bytes()));
        let named = named.chain(target.map(Into::into));
        for host in named.filter(|_| is_loopback) {
            if !self.is_own_name(&host) {
                return Some(status::host_not_allowed(&host));
            }
        }
        None
    }

    /// Whether no page elsewhere can have this name: an address is one itself.
    fn is_own_name(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        name == "localhost"
            || name.ends_with(".localhost")
            || name.parse::<IpAddr>().is_ok()
            || self.hosts.iter().any(|own| own.eq_ignore_ascii_case(name))
            || self.origins.iter().any(|origin| origin.host == name)
    }
}

/// Lets only those web pages call that may.
#[derive(Debug, Clone)]
pub struct WebGuard(Arc<WebAccess>);

impl WebGuard {
    pub fn new(access: WebAccess) -> Self {
        Self(Arc::new(access))
    }
}

impl<S> Layer<S> for WebGuard {
    type Service = WebGuarded<S>;

    fn layer(&self, inner: S) -> WebGuarded<S> {
        WebGuarded {
            access: Arc::clone(&self.0),
            inner,
        }
    }
}

#[derive(Debug, Clone)]
pub struct WebGuarded<S> {
    access: Arc<WebAccess>,
    inner: S,
}

impl<S> Service<Request<Body>> for WebGuarded<S>
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
        let peer = request.extensions().get::<Arc<Peer>>();
        let address = peer.map(|peer| peer.address());
        // An address that is not known is not trusted.
        let is_loopback = address.is_none_or(PeerAddress::is_local);
        let began = Instant::now();
        let path = request.uri().path().to_owned();
        // Programs that speak HTTP/2 may call this machine what they like; a browser behind a
        // proxy that does may not.
        let is_web = request.version() < Version::HTTP_2 || is_from_browser(request.headers());
        let target = request.uri().authority().filter(|_| is_web);
        let target = target.map(|authority| authority.as_str());
        if let Some(refusal) = self.access.refusal(request.headers(), target, is_loopback) {
            access_log::log_refusal(address, &path, &refusal, began);
            let mut response = refusal.into_http();
            *response.status_mut() = StatusCode::FORBIDDEN;
            return Box::pin(std::future::ready(Ok(response)));
        }
        let call = self.inner.call(request);
        Box::pin(async move {
            let response = call.await?;
            // A request that is no call of gRPC: no service has seen it.
            if response.status() != StatusCode::OK {
                access_log::log_no_call(address, &path, response.status(), began);
            }
            Ok(response)
        })
    }
}

/// Whether a browser can have sent this: a page names its origin, and calls by gRPC-Web.
fn is_from_browser(headers: &HeaderMap) -> bool {
    let content = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    headers.contains_key(ORIGIN)
        || content.is_some_and(|content| content.starts_with(b"application/grpc-web"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access() -> WebAccess {
        WebAccess {
            origins: vec!["https://Register.example:8443".parse().unwrap()],
            hosts: vec!["Minutes.internal".to_owned()],
        }
    }

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for text in [
            "http://localhost:5173",
            "https://a.example",
            "http://[::1]:80",
        ] {
            assert!(text.parse::<WebOrigin>().is_ok(), "{text}");
        }
        for text in [
            "",
            "*",
            "null",
            "a.example",
            "https://a.example/",
            "https://a.example/page",
            "https://me@a.example",
            "ftp://a.example",
            "https://",
        ] {
            let wrong = text.parse::<WebOrigin>().unwrap_err();
            assert!(wrong.contains("https://register.example.gov.uk"), "{wrong}");
        }
    }

    #[test]
    fn only_names_that_no_page_can_have_are_this_machines() {
        for host in [
            "localhost",
            "LocalHost:7878",
            "localhost.",
            "app.localhost:80",
            "127.0.0.1:7878",
            "127.8.9.1",
            "[::1]:7878",
            "192.168.0.7:80",
            "register.example",
            "register.example:8443",
            "minutes.internal:7878",
        ] {
            assert!(access().is_own_name(host), "{host}");
        }
        for host in [
            "",
            "evil.example:7878",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "notlocalhost",
            "[evil.example]",
            "register.example.evil",
        ] {
            assert!(!access().is_own_name(host), "{host}");
        }
    }

    #[test]
    fn an_origin_counts_everywhere_and_a_host_on_loopback() {
        let headers = |pairs: &[(HeaderName, &'static str)]| {
            let pairs = pairs.iter().cloned();
            pairs
                .map(|(name, value)| (name, HeaderValue::from_static(value)))
                .collect::<HeaderMap>()
        };
        let refused = |pairs: &[(HeaderName, &'static str)], is_loopback| {
            access()
                .refusal(&headers(pairs), None, is_loopback)
                .is_some()
        };
        let evil = [(HOST, "evil.example:7878")];
        assert!(refused(&evil, true));
        assert!(!refused(&evil, false), "a proxy's name");
        let target = |name| access().refusal(&headers(&[]), Some(name), true).is_some();
        assert!(target("evil.example") && !target("localhost:7878"));
        for is_loopback in [true, false] {
            assert!(!refused(&[], is_loopback));
            assert!(refused(&[(ORIGIN, "null")], is_loopback));
            assert!(refused(&[(ORIGIN, "http://127.0.0.1:7878")], is_loopback));
            assert!(refused(
                &[(ORIGIN, "https://register.example")],
                is_loopback
            ));
            assert!(!refused(
                &[(ORIGIN, "https://register.example:8443")],
                is_loopback
            ));
        }
    }
}
