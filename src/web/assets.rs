//! The style, the script and the icon: served to everybody, kept for ever.

use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};

use minutebook_page::assets::{ICON, SCRIPT, STYLE, script_path, style_path};

const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The file at a path, if it is one of them.
pub fn at(path: &str) -> Option<Response<Body>> {
    let (media, text) = if path == style_path() {
        ("text/css; charset=utf-8", STYLE)
    } else if path == script_path() {
        ("text/javascript; charset=utf-8", SCRIPT)
    } else if path == "/assets/icon.svg" || path == "/favicon.ico" {
        ("image/svg+xml", ICON)
    } else {
        return None;
    };
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CACHE_CONTROL, KEPT);
    Some(response)
}
