//! The identity provider of `serve --demo-identities`: fictional offices, and no passwords.
//!
//! It is a small OpenID Connect provider, so that the register verifies its tokens as it
//! does those of a real one. It signs with a key made at its start, for the offices it was
//! given and no other, and everybody on this machine can be any of them. So it listens on
//! loopback alone, answers by its own address only (a web page cannot reach it by another
//! name), and nothing but that option starts it.

mod pages;
mod sign_ins;
mod token_maker;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, LOCATION, ORIGIN};
use axum::http::{HeaderName, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::limit::GlobalConcurrencyLimitLayer;

use self::sign_ins::{BrowserRequest, Form, PollError, SignIns};
use self::token_maker::TokenMaker;
pub use self::token_maker::TokenMakerError;

/// The port that it takes if it is free, so that its issuer stays the same.
pub const USUAL_PORT: u16 = 7879;

/// The name of the register in its tokens.
pub const AUDIENCE: &str = "minutebook-demo";

/// The public client of the command line.
pub const CLIENT: &str = "minutebook-demo-cli";

/// The most bytes of a form.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// The most requests at once.
const REQUESTS_MAX: usize = 64;

/// Tokens count for this long, in seconds.
const LIFETIME: i64 = 8 * 3_600;

/// An office that a newcomer can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOffice {
    /// Its name at a sign-in, and its group in tokens.
    pub login: &'static str,
    /// Its name in entries.
    pub name: &'static str,
}

/// A provider that has its address and its key.
#[derive(Debug)]
pub struct DemoProvider {
    listener: TcpListener,
    state: Arc<ProviderState>,
}

/// The state that its pages share.
#[derive(Debug)]
struct ProviderState {
    /// Its own address: `127.0.0.1:7879`.
    authority: String,
    issuer: String,
    offices: &'static [DemoOffice],
    tokens: TokenMaker,
    sign_ins: SignIns,
}

impl DemoProvider {
    /// Takes an address of this machine, and makes a key. It takes the first of these ports
    /// that is free, or else any.
    pub async fn open(
        offices: &'static [DemoOffice],
        ports: &[u16],
    ) -> Result<Self, TokenMakerError> {
        let at = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let mut free = None;
        for port in ports {
            free = at(*port).await.ok();
            if free.is_some() {
                break;
            }
        }
        let listener = match free {
            Some(listener) => listener,
            None => at(0).await?,
        };
        let authority = listener.local_addr()?.to_string();
        let issuer = format!("http://{authority}");
        let state = ProviderState {
            tokens: TokenMaker::new(&issuer)?,
            sign_ins: SignIns::default(),
            authority,
            issuer,
            offices,
        };
        Ok(Self {
            listener,
            state: Arc::new(state),
        })
    }

    /// Its URL, as its tokens name it.
    pub fn issuer(&self) -> &str {
        &self.state.issuer
    }

    /// The port in its URL.
    pub fn port(&self) -> io::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// A token for an office, as a sign-in gives it.
    pub fn token(&self, office: &DemoOffice) -> String {
        self.state.tokens.token(office, LIFETIME)
    }

    /// Answers until the task is dropped.
    pub async fn serve(self) -> io::Result<()> {
        let state = self.state;
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(keys))
            .route("/authorize", get(choose).post(chosen))
            .route("/device", get(choose_for_code).post(chosen_for_code))
            .route("/device_authorization", post(begin_on_device))
            .route("/token", post(token))
            .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
            .layer(from_fn_with_state(Arc::clone(&state), only_by_own_name))
            .layer(GlobalConcurrencyLimitLayer::new(REQUESTS_MAX))
            .with_state(state);
        axum::serve(self.listener, app).await
    }
}

/// Refuses requests that were sent to another name or by a page of another: a name that a
/// stranger owns can lead to this machine.
async fn only_by_own_name(
    State(state): State<Arc<ProviderState>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let is_own_page = text(ORIGIN).is_none_or(|origin| origin == state.issuer);
    if text(HOST) != Some(&state.authority) || !is_own_page {
        let why = format!("This provider answers only at {}.\n", state.issuer);
        return (StatusCode::MISDIRECTED_REQUEST, why).into_response();
    }
    next.run(request).await
}

async fn discovery(State(state): State<Arc<ProviderState>>) -> Response {
    let issuer = &state.issuer;
    json_answer(
        StatusCode::OK,
        &json!({
            "issuer": issuer,
            "jwks_uri": format!("{issuer}/jwks"),
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "device_authorization_endpoint": format!("{issuer}/device_authorization"),
            "authorization_response_iss_parameter_supported": true,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
        }),
    )
}

async fn keys(State(state): State<Arc<ProviderState>>) -> Response {
    json_answer(StatusCode::OK, &state.tokens.key_set())
}

/// The page of a sign-in in a browser.
async fn choose(State(state): State<Arc<ProviderState>>, uri: Uri) -> Response {
    let asked = Form::read(uri.query().unwrap_or_default());
    match BrowserRequest::read(&asked) {
        Ok(_) => pages::offices("/authorize", &asked.shown(), state.offices),
        Err(why) => pages::sentence(StatusCode::BAD_REQUEST, why),
    }
}

/// An office was chosen in a browser: back to the program that asked.
async fn chosen(State(state): State<Arc<ProviderState>>, body: String) -> Response {
    let form = Form::read(&body);
    let asked = match BrowserRequest::read(&form) {
        Ok(asked) => asked,
        Err(why) => return pages::sentence(StatusCode::BAD_REQUEST, why),
    };
    let Some(office) = state.office(form.get("office")) else {
        return pages::sentence(StatusCode::BAD_REQUEST, "There is no such office.");
    };
    let Some(code) = state.sign_ins.grant(*office, &asked) else {
        return no_randomness();
    };
    let back = asked.back(&code, &state.issuer);
    (StatusCode::SEE_OTHER, [(LOCATION, back)]).into_response()
}

/// The page for a code that another device shows.
async fn choose_for_code(State(state): State<Arc<ProviderState>>, uri: Uri) -> Response {
    let asked = Form::read(uri.query().unwrap_or_default());
    let code = asked.get("user_code").unwrap_or_default();
    pages::offices("/device", &[("user_code", code)], state.offices)
}

async fn chosen_for_code(State(state): State<Arc<ProviderState>>, body: String) -> Response {
    let form = Form::read(&body);
    let Some(office) = state.office(form.get("office")) else {
        return pages::sentence(StatusCode::BAD_REQUEST, "There is no such office.");
    };
    let code = form.get("user_code").unwrap_or_default();
    match state.sign_ins.approve(code, *office) {
        true => pages::sentence(StatusCode::OK, "You have signed in. Close this page."),
        false => pages::sentence(
            StatusCode::BAD_REQUEST,
            "This code is not known, or too old.",
        ),
    }
}

/// Begins a sign-in on another device (RFC 8628). `login_hint` names an office: then nobody
/// has to open the page, which asks for no password either.
async fn begin_on_device(State(state): State<Arc<ProviderState>>, body: String) -> Response {
    let form = Form::read(&body);
    if form.get("client_id") != Some(CLIENT) {
        return refused("invalid_client", "there is one client here, of minutebook");
    }
    let office = match form.get("login_hint") {
        None => None,
        Some(name) => match state.office(Some(name)) {
            Some(office) => Some(*office),
            None => {
                let known: Vec<&str> = state.offices.iter().map(|office| office.login).collect();
                let why = format!("the offices here are {}", known.join(", "));
                return refused("invalid_request", &why);
            }
        },
    };
    let Some(begun) = state.sign_ins.begin(office) else {
        return no_randomness();
    };
    let page = format!("{}/device", state.issuer);
    json_answer(
        StatusCode::OK,
        &json!({
            "device_code": begun.device_code,
            "user_code": begun.user_code,
            "verification_uri": page,
            "verification_uri_complete": format!("{page}?user_code={}", begun.user_code),
            "expires_in": sign_ins::SECONDS_MAX,
            "interval": 1,
        }),
    )
}

async fn token(State(state): State<Arc<ProviderState>>, body: String) -> Response {
    let form = Form::read(&body);
    if form.get("client_id") != Some(CLIENT) {
        return refused("invalid_client", "there is one client here, of minutebook");
    }
    let office = match form.get("grant_type") {
        Some("authorization_code") => state.sign_ins.redeem(&form),
        Some("urn:ietf:params:oauth:grant-type:device_code") => {
            match state
                .sign_ins
                .poll(form.get("device_code").unwrap_or_default())
            {
                Ok(office) => Some(office),
                Err(PollError::Pending) => {
                    return refused("authorization_pending", "nobody has chosen an office yet");
                }
                Err(PollError::Unknown) => None,
            }
        }
        _ => return refused("unsupported_grant_type", "a code is needed"),
    };
    let Some(office) = office else {
        return refused("invalid_grant", "the code is not known, used, or too old");
    };
    let token = state.tokens.token(&office, LIFETIME);
    json_answer(
        StatusCode::OK,
        &json!({ "access_token": token, "token_type": "Bearer", "expires_in": LIFETIME }),
    )
}

impl ProviderState {
    fn office(&self, login: Option<&str>) -> Option<&DemoOffice> {
        let login = login?;
        self.offices.iter().find(|office| office.login == login)
    }
}

fn json_answer(status: StatusCode, value: &Value) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, value.to_string()).into_response()
}

/// An error of OAuth 2.0.
fn refused(error: &str, why: &str) -> Response {
    let answer = json!({ "error": error, "error_description": why });
    json_answer(StatusCode::BAD_REQUEST, &answer)
}

fn no_randomness() -> Response {
    let why = "The system gives no random numbers.\n";
    (StatusCode::INTERNAL_SERVER_ERROR, why).into_response()
}
