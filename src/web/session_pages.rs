//! The pages that sign a browser in and out.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::header::SET_COOKIE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use super::Web;
use super::answers::{document, redirect};
use super::asked::PageAsked;
use super::sign_in::{
    PageSignIn, SignInFault, begun_by, begun_cookie, cookies_taken, safe_path, session_cookie,
};
use super::site::PageBase;
use minutebook_page::frame::WebPage;
use minutebook_page::session;

/// The parameter with the path to go on with.
const BACK: &str = "back";

/// The parameter with the number of the issuer.
const ISSUER: &str = "issuer";

/// Sends a browser to its provider; where there are several, asks to which.
pub async fn sign_in(State(web): State<Arc<Web>>, parts: Parts, asked: PageAsked) -> Response {
    let back = safe_path(&asked.text(BACK)).to_owned();
    match Box::pin(begin(&web, &parts, &asked, back)).await {
        Ok(response) => response,
        Err(fault) => not_signed_in(&web, &asked, &fault),
    }
}

async fn begin(
    web: &Web,
    parts: &Parts,
    asked: &PageAsked,
    back: String,
) -> Result<Response, SignInFault> {
    let (sign_in, base) = ways(web, parts)?;
    let issuers: Vec<(usize, &str)> = sign_in
        .issuers()
        .map(|(number, issuer)| (number, issuer.issuer.as_str()))
        .collect();
    let chosen = match (asked.text(ISSUER).parse().ok(), issuers.as_slice()) {
        (Some(number), _) => number,
        (None, [(only, _)]) => *only,
        (None, several) => {
            let choices: Vec<(String, String)> = several
                .iter()
                .map(|(number, issuer)| {
                    let number = number.to_string();
                    let href = asked.address.with(ISSUER, &number).href();
                    ((*issuer).to_owned(), href)
                })
                .collect();
            let page = session::providers(&choices);
            return Ok(document(web, asked, None, &page, StatusCode::OK));
        }
    };
    let sent = sign_in.begin(chosen, &base, back).await?;
    let mut response = redirect(&sent.to);
    set_cookie(&mut response, &begun_cookie(&sent.browser, &base));
    Ok(response)
}

/// The browser comes back from its provider.
pub async fn callback(State(web): State<Arc<Web>>, parts: Parts, asked: PageAsked) -> Response {
    match Box::pin(finish(&web, &parts)).await {
        Ok(response) => response,
        Err(fault) => not_signed_in(&web, &asked, &fault),
    }
}

async fn finish(web: &Web, parts: &Parts) -> Result<Response, SignInFault> {
    let (sign_in, base) = ways(web, parts)?;
    let query = parts.uri.query().unwrap_or_default();
    let done = sign_in.finish(query, begun_by(&parts.headers)).await?;
    // A session that this browser had before gives way to the new one.
    sign_in.end(&parts.headers);
    let mut response = redirect(&done.to);
    let [_, begun] = cookies_taken(&base);
    set_cookie(&mut response, &begun);
    set_cookie(&mut response, &session_cookie(&done.session, &base));
    Ok(response)
}

/// Ends the session of a browser. The door has seen that a page of this server asks.
pub async fn sign_out(State(web): State<Arc<Web>>, parts: Parts, asked: PageAsked) -> Response {
    let Ok((sign_in, base)) = ways(&web, &parts) else {
        return not_signed_in(&web, &asked, &SignInFault::NoIssuer);
    };
    sign_in.end(&parts.headers);
    let page = session::signed_out();
    let mut response = document(&web, &asked, None, &page, StatusCode::OK);
    for cookie in cookies_taken(&base) {
        set_cookie(&mut response, &cookie);
    }
    response
}

fn ways<'a>(web: &'a Web, parts: &Parts) -> Result<(&'a PageSignIn, PageBase), SignInFault> {
    let sign_in = web.sign_in.as_deref().ok_or(SignInFault::NoIssuer)?;
    let base = sign_in.site.base_of(parts);
    Ok((sign_in, base.ok_or(SignInFault::NotPrivate)?))
}

fn not_signed_in(web: &Web, asked: &PageAsked, fault: &SignInFault) -> Response {
    let (code, again) = match fault {
        SignInFault::NoIssuer => (StatusCode::NOT_FOUND, None),
        SignInFault::NotPrivate => (StatusCode::FORBIDDEN, None),
        SignInFault::Refused(_) | SignInFault::Token(_) => {
            (StatusCode::FORBIDDEN, Some(session::SIGN_IN))
        }
        SignInFault::NotBegun => (StatusCode::BAD_REQUEST, Some(session::SIGN_IN)),
        SignInFault::Provider(_) | SignInFault::CutOff | SignInFault::NoRandomness => {
            (StatusCode::BAD_GATEWAY, Some(session::SIGN_IN))
        }
    };
    let sentence = minutebook_page::spoken::capital(&fault.to_string());
    let page: WebPage = session::not_signed_in(&format!("{sentence}."), again);
    document(web, asked, None, &page, code)
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
