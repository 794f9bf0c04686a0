//! The address at which browsers find the pages.

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Request, Uri};

use minutebook_kernel::sign_in::provider_http::is_loopback;

/// How browsers reach this server.
#[derive(Debug, Clone, Default)]
pub struct PageSite {
    /// The address that the operator gave: `https://register.example.gov.uk`.
    pub url: Option<String>,
    /// Whether this server itself speaks TLS.
    pub has_tls: bool,
}

/// The scheme and the host by which one browser called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageBase(String);

impl PageBase {
    pub fn url(&self) -> &str {
        &self.0
    }

    /// Whether cookies go over TLS alone.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl PageSite {
    /// The base of the addresses that a browser is sent to; `None` where a cookie could be
    /// read on its way.
    pub fn base(&self, uri: &Uri, headers: &HeaderMap) -> Option<PageBase> {
        if let Some(url) = &self.url {
            return Some(PageBase(url.clone()));
        }
        let host = host(uri, headers)?;
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        match self.has_tls {
            true => Some(PageBase(format!("https://{host}"))),
            false if is_loopback(name) => Some(PageBase(format!("http://{host}"))),
            false => None,
        }
    }

    pub fn base_of(&self, parts: &Parts) -> Option<PageBase> {
        self.base(&parts.uri, &parts.headers)
    }

    /// Whether a page of this server sent the request: the browser says so, or the origin
    /// is the address that was called.
    pub fn is_own_page<B>(&self, request: &Request<B>) -> bool {
        const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
        let headers = request.headers();
        if let Some(site) = headers.get(SITE) {
            return site == "same-origin";
        }
        let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
        let Some((origin, (_, name))) = origin.and_then(|all| Some((all, all.split_once("://")?)))
        else {
            return false;
        };
        self.url.as_deref() == Some(origin) || host(request.uri(), headers) == Some(name)
    }
}

/// The host of a request, with its port: HTTP/2 names it in the address.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let named = uri.authority().map(|authority| authority.as_str());
    named.or_else(|| headers.get(HOST)?.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(site: &PageSite, host: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        let base = site.base(&Uri::from_static("/sign-in"), &headers);
        base.map(|base| base.url().to_owned())
    }

    #[test]
    fn a_cookie_needs_tls_or_this_machine() {
        let plain = PageSite::default();
        assert_eq!(
            base(&plain, "127.0.0.1:7878").as_deref(),
            Some("http://127.0.0.1:7878")
        );
        assert_eq!(base(&plain, "register.example"), None);
        let tls = PageSite {
            has_tls: true,
            ..PageSite::default()
        };
        assert_eq!(
            base(&tls, "register.example").as_deref(),
            Some("https://register.example")
        );
        let behind = PageSite {
            url: Some("https://r.example".to_owned()),
            has_tls: false,
        };
        assert_eq!(
            base(&behind, "10.0.0.1").as_deref(),
            Some("https://r.example")
        );
    }

    #[test]
    fn a_page_elsewhere_is_not_ours() {
        let site = PageSite::default();
        let is_own = |headers: &[(&str, &str)]| {
            let mut request = Request::post("/x").header(HOST, "r.example:1");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            site.is_own_page(&request.body(()).unwrap())
        };
        assert!(is_own(&[("origin", "https://r.example:1")]));
        assert!(is_own(&[("sec-fetch-site", "same-origin")]));
        for other in [
            ("origin", "https://r.example"),
            ("origin", "null"),
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "cross-site"),
            ("x", "y"),
        ] {
            assert!(!is_own(&[other]), "{other:?}");
        }
        let both = [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://r.example:1"),
        ];
        assert!(!is_own(&both));
    }
}
