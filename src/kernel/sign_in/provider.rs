//! The provider at which people and systems get tokens, by OAuth 2.0. All of it blocks.

use std::convert::Infallible;
use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::url::form_urlencoded;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DeviceAuthorizationUrl,
    EndpointNotSet, EndpointSet, ErrorResponse, HttpRequest, HttpResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardDeviceAuthorizationResponse, TokenResponse, TokenUrl,
};

use super::discovery::Discovery;
use super::issued_tokens::IssuedTokens;
use super::provider_http::{ProviderError, ProviderHttp};
use crate::clock::Clock;

/// The lifetime of a token whose provider does not say how long it is valid.
const LIFETIME_UNSAID: Duration = Duration::from_secs(300);

type TokenClient =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// The page and the code by which a person signs in on another device.
pub type DevicePrompt = StandardDeviceAuthorizationResponse;

/// The request to a provider for a token.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    pub issuer: String,
    pub client_id: String,
    pub scopes: Vec<String>,
    pub resource: Option<String>,
}

/// Why a provider gives no token.
#[derive(Debug, thiserror::Error)]
pub enum ProviderFailure {
    #[error("the provider cannot be asked: {0}")]
    Unreachable(#[from] ProviderError),
    #[error("the provider {issuer} names no address for {gives}: ask its operator")]
    NoAddress { issuer: String, gives: String },
    /// The provider, or the person at it, says no.
    #[error("the provider {issuer} refuses the sign-in: {why}")]
    Refused { issuer: String, why: String },
    #[error("the provider {issuer} answered {status}")]
    Answered { issuer: String, status: u16 },
    #[error("the answer of the provider {issuer} cannot be read: {why}")]
    Unreadable { issuer: String, why: String },
    #[error("the provider {issuer} did not give a token: {why}")]
    NoToken { issuer: String, why: String },
    /// The address to which the provider sends a browser back.
    #[error("the address of this program: {0}")]
    OwnAddress(String),
}

/// A provider that was found.
pub struct Provider {
    wanted: TokenRequest,
    secret: Option<ClientSecret>,
    discovery: Discovery,
    http: ProviderHttp,
}

/// A sign-in that a person goes on with in a browser.
pub struct BrowserSignIn {
    /// The page to open.
    pub url: String,
    /// Comes back with the answer.
    pub state: CsrfToken,
    verifier: PkceCodeVerifier,
    redirect: RedirectUrl,
}

impl Provider {
    /// Asks the issuer where its parts are.
    pub fn find(wanted: TokenRequest, http: ProviderHttp) -> Result<Self, ProviderFailure> {
        let discovery = Discovery::of(&wanted.issuer, &http)?;
        Ok(Self {
            wanted,
            secret: None,
            discovery,
            http,
        })
    }

    /// Signs in with a secret, as a system does.
    pub fn with_secret(self, secret: String) -> Self {
        Self {
            secret: Some(ClientSecret::new(secret)),
            ..self
        }
    }

    pub fn issuer(&self) -> &str {
        &self.wanted.issuer
    }

    /// Whether people can sign in on another device.
    pub fn has_device_sign_in(&self) -> bool {
        self.discovery.device_authorization_endpoint.is_some()
    }

    /// Whether an answer of the browser must name the issuer (RFC 9207).
    pub fn names_itself(&self) -> bool {
        self.discovery
            .authorization_response_iss_parameter_supported
    }

    fn client(&self) -> Result<TokenClient, ProviderFailure> {
        let id = ClientId::new(self.wanted.client_id.clone());
        let url = self.endpoint(&self.discovery.token_endpoint, "tokens", TokenUrl::new)?;
        let client = BasicClient::new(id).set_token_uri(url);
        Ok(match &self.secret {
            Some(secret) => client.set_client_secret(secret.clone()),
            None => client,
        })
    }

    fn endpoint<U, E>(
        &self,
        found: &Option<String>,
        gives: &str,
        read: impl FnOnce(String) -> Result<U, E>,
    ) -> Result<U, ProviderFailure> {
        let url = found.clone().and_then(|url| read(url).ok());
        url.ok_or_else(|| ProviderFailure::NoAddress {
            issuer: self.issuer().to_owned(),
            gives: gives.to_owned(),
        })
    }

    fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.wanted.scopes.iter().cloned().map(Scope::new)
    }

    fn resource(&self) -> impl Iterator<Item = (&'static str, String)> {
        let resource = self.wanted.resource.clone().into_iter();
        resource.map(|resource| ("resource", resource))
    }

    fn send(&self) -> impl Fn(HttpRequest) -> Result<HttpResponse, ProviderError> + '_ {
        |request| self.http.send(request)
    }

    /// Begins a sign-in in a browser, which ends at `redirect`.
    /// `hint` names the account to the provider, which may ignore it.
    pub fn begin_in_browser(
        &self,
        redirect: String,
        hint: Option<&str>,
    ) -> Result<BrowserSignIn, ProviderFailure> {
        let page = &self.discovery.authorization_endpoint;
        let page = self.endpoint(page, "sign-ins in a browser", AuthUrl::new)?;
        let redirect = RedirectUrl::new(redirect)
            .map_err(|error| ProviderFailure::OwnAddress(error.to_string()))?;
        let client = self.client()?.set_auth_uri(page);
        let client = client.set_redirect_uri(redirect.clone());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(self.scopes())
            .set_pkce_challenge(challenge);
        for (name, value) in self.resource().chain(hinted(hint)) {
            request = request.add_extra_param(name, value);
        }
        let (url, state) = request.url();
        Ok(BrowserSignIn {
            url: url.to_string(),
            state,
            verifier,
            redirect,
        })
    }

    /// Ends a sign-in with the code that the browser brought.
    pub fn finish_in_browser(
        &self,
        begun: BrowserSignIn,
        code: String,
    ) -> Result<IssuedTokens, ProviderFailure> {
        let client = self.client()?.set_redirect_uri(begun.redirect);
        let mut request = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(begun.verifier);
        for (name, value) in self.resource() {
            request = request.add_extra_param(name, value);
        }
        let answer = request.request(&self.send());
        let answer = answer.map_err(|error| self.failed(error))?;
        Ok(self.stored(&answer, None))
    }

    /// Begins a sign-in on another device. `hint` names the account to the provider.
    pub fn begin_on_device(&self, hint: Option<&str>) -> Result<DevicePrompt, ProviderFailure> {
        let url = &self.discovery.device_authorization_endpoint;
        let url = self.endpoint(
            url,
            "sign-ins on another device",
            DeviceAuthorizationUrl::new,
        )?;
        let client = self.client()?.set_device_authorization_url(url);
        let mut request = client.exchange_device_code().add_scopes(self.scopes());
        for (name, value) in self.resource().chain(hinted(hint)) {
            request = request.add_extra_param(name, value);
        }
        let answer = request.request(&self.send());
        answer.map_err(|error| self.failed(error))
    }

    /// Waits, by `wait`, until the person has signed in on the other device.
    pub fn finish_on_device(
        &self,
        begun: &DevicePrompt,
        wait: impl Fn(Duration),
    ) -> Result<IssuedTokens, ProviderFailure> {
        let client = self.client()?;
        let mut request = client.exchange_device_access_token(begun);
        for (name, value) in self.resource() {
            request = request.add_extra_param(name, value);
        }
        let answer = request.request(&self.send(), wait, None);
        let answer = answer.map_err(|error| self.failed(error))?;
        Ok(self.stored(&answer, None))
    }

    /// New tokens for a refresh token.
    pub fn refresh(&self, refresh_token: &str) -> Result<IssuedTokens, ProviderFailure> {
        let client = self.client()?;
        let token = RefreshToken::new(refresh_token.to_owned());
        let mut request = client.exchange_refresh_token(&token);
        for (name, value) in self.resource() {
            request = request.add_extra_param(name, value);
        }
        let answer = request.request(&self.send());
        let answer = answer.map_err(|error| self.failed(error))?;
        // A provider that sends no new one goes on with the old one.
        Ok(self.stored(&answer, Some(refresh_token)))
    }

    /// A token for the client itself.
    pub fn as_system(&self) -> Result<IssuedTokens, ProviderFailure> {
        let client = self.client()?;
        // These are for persons, and some providers refuse them here.
        let of_persons = ["openid", "offline_access", "profile", "email"];
        let scopes = self.scopes();
        let scopes = scopes.filter(|scope| !of_persons.contains(&scope.as_str()));
        let mut request = client.exchange_client_credentials().add_scopes(scopes);
        for (name, value) in self.resource() {
            request = request.add_extra_param(name, value);
        }
        let answer = request.request(&self.send());
        let answer = answer.map_err(|error| self.failed(error))?;
        Ok(self.stored(&answer, None))
    }

    /// Has the provider forget the sign-in, if it can (RFC 7009). `oauth2` would refuse a
    /// provider on this machine.
    pub fn revoke(&self, tokens: &IssuedTokens) -> Result<(), ProviderFailure> {
        let url = &self.discovery.revocation_endpoint;
        let url = self.endpoint(url, "ending a sign-in", Ok::<_, Infallible>)?;
        let (token, kind) = match &tokens.refresh_token {
            Some(token) => (token, "refresh_token"),
            None => (&tokens.access_token, "access_token"),
        };
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token)
            .append_pair("token_type_hint", kind)
            .append_pair("client_id", &tokens.client_id)
            .finish();
        let request = http::Request::post(&url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.into_bytes());
        let request = request.map_err(|_| ProviderError::Address { url })?;
        let answer = self.http.send(request)?;
        match answer.status().as_u16() {
            200 => Ok(()),
            status => Err(ProviderFailure::Answered {
                issuer: self.issuer().to_owned(),
                status,
            }),
        }
    }

    fn stored(&self, answer: &impl TokenResponse, refresh_token: Option<&str>) -> IssuedTokens {
        let renewed = answer.refresh_token().map(|token| token.secret().clone());
        let lifetime = answer.expires_in().unwrap_or(LIFETIME_UNSAID);
        let lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
        let now = Clock::system().now().as_second();
        IssuedTokens {
            issuer: self.wanted.issuer.clone(),
            client_id: self.wanted.client_id.clone(),
            resource: self.wanted.resource.clone(),
            access_token: answer.access_token().secret().clone(),
            refresh_token: renewed.or_else(|| refresh_token.map(str::to_owned)),
            expires_at: now.saturating_add(lifetime),
        }
    }

    fn failed<T: ErrorResponse>(
        &self,
        error: RequestTokenError<ProviderError, T>,
    ) -> ProviderFailure {
        let issuer = self.issuer().to_owned();
        match error {
            RequestTokenError::Request(error) => ProviderFailure::Unreachable(error),
            RequestTokenError::ServerResponse(refusal) => ProviderFailure::Refused {
                issuer,
                why: refusal.to_string(),
            },
            // Neither has the answer itself, which may have tokens in it.
            RequestTokenError::Parse(error, _) => ProviderFailure::Unreadable {
                issuer,
                why: error.to_string(),
            },
            RequestTokenError::Other(why) => ProviderFailure::NoToken { issuer, why },
        }
    }
}

/// The account that a person wants to sign in as (OpenID Connect Core, 3.1.2.1).
fn hinted(hint: Option<&str>) -> impl Iterator<Item = (&'static str, String)> {
    let hint = hint.map(|hint| ("login_hint", hint.to_owned()));
    hint.into_iter()
}
