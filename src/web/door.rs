//! The door of the pages: it takes the requests of browsers aside before they reach the
//! layers that speak gRPC, and gives every page the headers that keep it safe.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, ORIGIN, REFERRER_POLICY,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Method, Request, Response, Uri};
use tonic::Status;
use tonic::body::Body;
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service};

use super::asked::AskedFormat;
use super::format::PageFormat;
use super::posted::OwnPage;
use super::sign_in::{CALLBACK, PageSignIn, has_session_cookie};
use super::site::PageSite;
use super::{assets, refusal};
use minutebook_grpc::browsing::Browsing;
use minutebook_grpc::status;
use minutebook_page::session::{self, SIGN_IN, SIGN_OUT};

/// The pages, with the layers in front of them.
pub type PageService = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// Leads the requests of browsers to the pages, and all others on.
#[derive(Clone)]
pub struct PageDoor {
    pages: PageService,
    sign_in: Option<Arc<PageSignIn>>,
    site: PageSite,
}

impl PageDoor {
    pub const fn new(pages: PageService, sign_in: Option<Arc<PageSignIn>>, site: PageSite) -> Self {
        Self {
            pages,
            sign_in,
            site,
        }
    }
}

impl<S> Layer<S> for PageDoor {
    type Service = BehindDoor<S>;

    fn layer(&self, inner: S) -> BehindDoor<S> {
        BehindDoor {
            door: self.clone(),
            inner,
        }
    }
}

#[derive(Clone)]
pub struct BehindDoor<S> {
    door: PageDoor,
    inner: S,
}

impl<S> Service<Request<Body>> for BehindDoor<S>
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
        if !is_of_browser(&request) {
            return Box::pin(self.inner.call(request));
        }
        if let Some(asset) = assets::at(request.uri().path()) {
            let asset = asset.map(Body::new);
            return Box::pin(std::future::ready(Ok(with_safe_headers(asset))));
        }
        let PageDoor {
            mut pages,
            sign_in,
            site,
        } = self.door.clone();
        Box::pin(async move {
            let (mut request, format) = prepared(request, &site);
            // A request that a cookie signs in could come from any page of any site.
            let is_own = request.extensions().get::<OwnPage>();
            if request.method() == Method::POST
                && has_session_cookie(request.headers())
                && !is_own.is_some_and(|OwnPage(is_own)| *is_own)
            {
                let status = status::origin_not_allowed("another site");
                return Ok(with_safe_headers(readable(
                    status.into_http(),
                    format,
                    None,
                )));
            }
            if let Some(sign_in) = &sign_in {
                sign_in.admit(&mut request).await;
            }
            let way_in = sign_in
                .as_ref()
                .map(|_| session::sign_in_to(&own_path(request.uri())));
            let Ok(answer) = pages.call(request).await;
            Ok(with_safe_headers(readable(
                answer,
                format,
                way_in.as_deref(),
            )))
        })
    }
}

/// Whether a request is for a page: it is no call of gRPC, and no question of a browser
/// whether it may make one.
fn is_of_browser<B>(request: &Request<B>) -> bool {
    let media = request.headers().get(CONTENT_TYPE);
    let is_grpc = media.is_some_and(|media| media.as_bytes().starts_with(b"application/grpc"));
    let path = request.uri().path();
    let first = path.trim_start_matches('/').split('/').next();
    let names_service =
        path.matches('/').count() > 1 && first.is_some_and(|name| name.contains('.'));
    !is_grpc
        && !names_service
        && [Method::GET, Method::HEAD, Method::POST].contains(request.method())
}

/// Takes the suffix from the path, and says whether the request may record.
fn prepared(mut request: Request<Body>, site: &PageSite) -> (Request<Body>, PageFormat) {
    let browsing = match (request.uri().path(), request.method()) {
        (SIGN_IN | CALLBACK | SIGN_OUT, _) => Browsing::SignsIn,
        (_, &Method::POST) => Browsing::Records,
        _ => Browsing::Reads,
    };
    let (path, suffix) = PageFormat::of_path(request.uri().path());
    let format = suffix.unwrap_or_else(|| PageFormat::accepted(request.headers()));
    if suffix.is_some() {
        let query = request.uri().query().map(|query| format!("?{query}"));
        let target = format!("{path}{}", query.unwrap_or_default());
        if let Ok(uri) = target.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    let is_own = site.is_own_page(&request);
    if is_own {
        request.headers_mut().remove(ORIGIN);
    }
    let extensions = request.extensions_mut();
    extensions.insert(OwnPage(is_own));
    extensions.insert(browsing);
    extensions.insert(AskedFormat(format));
    (request, format)
}

/// A refusal of a layer that speaks gRPC, as a page; any other answer as it is.
fn readable(answer: Response<Body>, format: PageFormat, way_in: Option<&str>) -> Response<Body> {
    let status = answer
        .headers()
        .contains_key(Status::GRPC_STATUS)
        .then(|| Status::from_header_map(answer.headers()))
        .flatten();
    match status {
        Some(status) => refusal::without_frame(&status, format, way_in).map(Body::new),
        None => answer,
    }
}

/// The path and the query of a request.
fn own_path(uri: &Uri) -> String {
    let path = uri.path_and_query();
    path.map_or_else(String::new, ToString::to_string)
}

/// Headers of every answer: nothing is loaded from elsewhere, nobody frames it, and no copy
/// is kept of what another day or another reader would see otherwise.
fn with_safe_headers(mut answer: Response<Body>) -> Response<Body> {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
        connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers = answer.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "same-origin");
    set(CACHE_CONTROL, "no-store");
    set(VARY, "Accept, Cookie");
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    answer
}
