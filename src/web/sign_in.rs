//! Signing in by a browser: to the provider with a code and PKCE (RFC 7636), and back with
//! a session.
//!
//! The token that the provider gives is verified as that of any other call: a session adds
//! it to the requests of its browser, in front of the layer that signs callers in.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderValue, Request};

use super::posted::FormToken;
use super::sessions::{SessionSecret, Sessions};
use super::site::{PageBase, PageSite};
use minutebook_kernel::sign_in::SignIn;
use minutebook_kernel::sign_in::browser_answer::{BrowserAnswer, ExpectedAnswer, parameter};
use minutebook_kernel::sign_in::issued_tokens::IssuedTokens;
use minutebook_kernel::sign_in::provider::{
    BrowserSignIn, Provider, ProviderFailure, TokenRequest,
};
use minutebook_kernel::sign_in::settings::IssuerSettings;

/// How long a person may take at the provider.
const UNDER_WAY_TIME: Duration = Duration::from_secs(900);

/// The most sign-ins under way; the oldest gives way.
const UNDER_WAY_MAX: usize = 1_000;

/// The path that providers send browsers back to.
pub const CALLBACK: &str = "/sign-in/callback";

/// Why somebody is not signed in, as the page says it.
#[derive(Debug, thiserror::Error)]
pub enum SignInFault {
    #[error("{0}")]
    Provider(#[from] ProviderFailure),
    #[error("the provider did not sign you in: {0}")]
    Refused(String),
    #[error("this sign-in is not known here, or took too long: begin again")]
    NotBegun,
    #[error("signing in needs https: who runs the register gives the address of the pages")]
    NotPrivate,
    #[error("nobody signs in at that provider here")]
    NoIssuer,
    #[error("the register does not take the token of the provider: {0}")]
    Token(String),
    #[error("the system gives no random numbers")]
    NoRandomness,
    #[error("the work was cut off: begin again")]
    CutOff,
}

/// Signs browsers in. There is an issuer with a client for pages.
#[derive(Debug)]
pub struct PageSignIn {
    sign_in: Arc<SignIn>,
    pub site: PageSite,
    sessions: Sessions,
    under_way: Mutex<VecDeque<UnderWay>>,
}

/// A sign-in whose person is at the provider.
struct UnderWay {
    /// In a cookie of the browser that began it: only that one can end it.
    browser: SessionSecret,
    expected: ExpectedAnswer,
    provider: Provider,
    begun: BrowserSignIn,
    issuer: usize,
    back: String,
    since: Instant,
}

impl std::fmt::Debug for UnderWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UnderWay")
    }
}

/// A browser that is sent to its provider.
pub struct SentAway {
    pub to: String,
    pub browser: SessionSecret,
}

/// A browser that came back and is signed in.
pub struct CameBack {
    pub to: String,
    pub session: SessionSecret,
}

impl PageSignIn {
    /// `None` where no issuer has a client for pages.
    pub fn new(sign_in: Arc<SignIn>, site: PageSite) -> Option<Arc<Self>> {
        let new = Self {
            sign_in,
            site,
            sessions: Sessions::default(),
            under_way: Mutex::default(),
        };
        let has_client = new.issuers().next().is_some();
        has_client.then(|| Arc::new(new))
    }

    /// The issuers at which people sign in by a page, by their numbers.
    pub fn issuers(&self) -> impl Iterator<Item = (usize, &Arc<IssuerSettings>)> {
        let all = self.sign_in.settings().issuers.iter().enumerate();
        all.filter(|(_, issuer)| issuer.page_client.is_some())
    }

    fn now(&self) -> i64 {
        self.sign_in.clock().now().as_second()
    }

    /// Begins a sign-in at an issuer. `back` is the path to go on with.
    pub async fn begin(
        &self,
        issuer: usize,
        base: &PageBase,
        back: String,
    ) -> Result<SentAway, SignInFault> {
        let mut issuers = self.issuers();
        let found = issuers.find(|(number, _)| *number == issuer);
        let (_, settings) = found.ok_or(SignInFault::NoIssuer)?;
        let settings = Arc::clone(settings);
        let redirect = format!("{}{CALLBACK}", base.url());
        let begun = blocking(move || {
            let provider = provider(&settings)?;
            let begun = provider.begin_in_browser(redirect, None)?;
            Ok((provider, begun))
        });
        let (provider, begun) = begun.await?;
        let browser = SessionSecret::new().ok_or(SignInFault::NoRandomness)?;
        let sent = SentAway {
            to: begun.url.clone(),
            browser: browser.clone(),
        };
        let under_way = UnderWay {
            browser,
            expected: ExpectedAnswer {
                state: begun.state.secret().clone(),
                issuer: provider.issuer().to_owned(),
                names_issuer: provider.names_itself(),
            },
            provider,
            begun,
            issuer,
            back,
            since: Instant::now(),
        };
        self.with_under_way(|all| {
            if all.len() >= UNDER_WAY_MAX {
                all.pop_front();
            }
            all.push_back(under_way);
        });
        Ok(sent)
    }

    fn with_under_way<T>(&self, act: impl FnOnce(&mut VecDeque<UnderWay>) -> T) -> T {
        let mut all = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.since.elapsed() < UNDER_WAY_TIME);
        act(&mut all)
    }

    /// Ends a sign-in with what the browser brought. `browser` is the value of its cookie.
    pub async fn finish(&self, query: &str, browser: &str) -> Result<CameBack, SignInFault> {
        let state = parameter(query, "state").unwrap_or_default();
        let under_way = self.with_under_way(|all| {
            let is_this = |one: &UnderWay| one.expected.state == state && one.browser.is(browser);
            let index = all.iter().position(is_this)?;
            all.remove(index)
        });
        let under_way = under_way.ok_or(SignInFault::NotBegun)?;
        let code = match BrowserAnswer::read(query, &under_way.expected) {
            BrowserAnswer::Code(code) => code,
            BrowserAnswer::Refused(why) => return Err(SignInFault::Refused(why)),
            BrowserAnswer::Nothing => return Err(SignInFault::NotBegun),
        };
        let UnderWay {
            provider,
            begun,
            issuer,
            back,
            ..
        } = under_way;
        let tokens = blocking(move || Ok(provider.finish_in_browser(begun, code)?)).await?;
        // A token that every call would be refused with makes no session.
        let verified = self.sign_in.verify(&tokens.access_token).await;
        let verified = verified.map_err(|error| SignInFault::Token(error.to_string()))?;
        let tokens = IssuedTokens {
            expires_at: verified.expires_at.as_second(),
            ..tokens
        };
        let session = self.sessions.begin(tokens, issuer, self.now());
        Ok(CameBack {
            to: back,
            session: session.ok_or(SignInFault::NoRandomness)?,
        })
    }

    /// Ends the session of a browser.
    pub fn end(&self, headers: &HeaderMap) {
        for secret in cookies(headers, is_session_cookie) {
            self.sessions.end(secret);
        }
    }

    /// Adds the token of a session to a request of its browser. A request that brings a
    /// token of its own is left as it is.
    pub async fn admit<B>(&self, request: &mut Request<B>) {
        if request.headers().contains_key(AUTHORIZATION) {
            return;
        }
        let found = cookies(request.headers(), is_session_cookie)
            .find_map(|secret| self.sessions.find(secret));
        let Some(session) = found else {
            return;
        };
        let issuer = session.issuer;
        let token = session.token(self.now(), |refresh| self.renew(issuer, refresh));
        let Ok(token) = token.await else {
            return;
        };
        if let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {token}")) {
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
            let token = FormToken(session.form_secret.as_str().to_owned());
            request.extensions_mut().insert(token);
        }
    }

    async fn renew(&self, issuer: usize, refresh: String) -> Option<IssuedTokens> {
        let settings = Arc::clone(self.sign_in.settings().issuers.get(issuer)?);
        let renewed = blocking(move || Ok(provider(&settings)?.refresh(&refresh)?)).await;
        renewed
            .inspect_err(|error| tracing::warn!(%error, "a sign-in could not be renewed"))
            .ok()
    }
}

/// Whether a request brings the cookie of a session, whether it still counts or not.
pub fn has_session_cookie(headers: &HeaderMap) -> bool {
    cookies(headers, is_session_cookie).next().is_some()
}

/// The secret of a browser whose sign-in is under way.
pub fn begun_by(headers: &HeaderMap) -> &str {
    let is_begun = |name: &str| name.trim_start_matches(HOST_PREFIX) == BEGUN_COOKIE;
    cookies(headers, is_begun).next().unwrap_or_default()
}

/// Browsers keep a cookie of this name to the host that set it, and to TLS.
const HOST_PREFIX: &str = "__Host-";
const SESSION_COOKIE: &str = "minutebook";
const BEGUN_COOKIE: &str = "minutebook-sign-in";

fn is_session_cookie(name: &str) -> bool {
    name.trim_start_matches(HOST_PREFIX) == SESSION_COOKIE
}

fn cookies<'a>(
    headers: &'a HeaderMap,
    is_wanted: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = &'a str> {
    let all = headers.get_all(COOKIE).iter();
    let all = all.filter_map(|header| header.to_str().ok());
    let pairs = all.flat_map(|header| header.split(';'));
    let pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    pairs.filter_map(move |(name, value)| is_wanted(name).then_some(value))
}

/// The header that gives a browser the cookie of its session.
pub fn session_cookie(secret: &SessionSecret, base: &PageBase) -> String {
    cookie(SESSION_COOKIE, secret.as_str(), base, "")
}

/// The header that marks the browser that began a sign-in.
pub fn begun_cookie(secret: &SessionSecret, base: &PageBase) -> String {
    let seconds = UNDER_WAY_TIME.as_secs();
    cookie(
        BEGUN_COOKIE,
        secret.as_str(),
        base,
        &format!("; Max-Age={seconds}"),
    )
}

/// The headers that take both from it.
pub fn cookies_taken(base: &PageBase) -> [String; 2] {
    [SESSION_COOKIE, BEGUN_COOKIE].map(|name| cookie(name, "", base, "; Max-Age=0"))
}

fn cookie(name: &str, value: &str, base: &PageBase, more: &str) -> String {
    // A sign-in comes back from another site, so the strict kind would not be sent.
    let (prefix, secure) = match base.is_secure() {
        true => (HOST_PREFIX, "; Secure"),
        false => ("", ""),
    };
    format!("{prefix}{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}")
}

/// Asks an issuer where its parts are. Blocks.
fn provider(settings: &IssuerSettings) -> Result<Provider, SignInFault> {
    let client = settings.page_client.as_ref().ok_or(SignInFault::NoIssuer)?;
    let wanted = TokenRequest {
        issuer: settings.issuer.clone(),
        client_id: client.id.clone(),
        scopes: settings.scopes.clone(),
        resource: settings.resource.clone(),
    };
    let provider = Provider::find(wanted, settings.http.clone())?;
    Ok(match &client.secret {
        Some(secret) => provider.with_secret(secret.clone()),
        None => provider,
    })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SignInFault> + Send + 'static,
) -> Result<T, SignInFault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or(Err(SignInFault::CutOff))
}

/// A path of this site to go on with; anything else leads to the first page.
pub fn safe_path(path: &str) -> &str {
    let is_local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\n', '\r', '\t'])
        && !path.starts_with("/sign-");
    if is_local { path } else { "/attention" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_goes_on_with_a_path_of_this_site_only() {
        assert_eq!(safe_path("/proposals/29?on=2024"), "/proposals/29?on=2024");
        for other in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/sign-in",
            "/sign-out",
        ] {
            assert_eq!(safe_path(other), "/attention", "{other:?}");
        }
    }

    #[test]
    fn a_cookie_is_secure_over_tls() {
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            "a=b; __Host-minutebook=s; minutebook-sign-in=t"
                .parse()
                .unwrap(),
        );
        let found: Vec<&str> = cookies(&headers, is_session_cookie).collect();
        assert_eq!(found, ["s"]);
        assert_eq!(begun_by(&headers), "t");
        let site = PageSite {
            url: Some("https://r.example".to_owned()),
            has_tls: false,
        };
        let base = site.base(&"/".parse().unwrap(), &headers).unwrap();
        let secret = SessionSecret::new().unwrap();
        let cookie = session_cookie(&secret, &base);
        assert!(cookie.starts_with("__Host-minutebook="), "{cookie}");
        assert!(
            cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"),
            "{cookie}"
        );
    }
}
