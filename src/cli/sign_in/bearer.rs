//! The token that a command sends with each call: found, renewed before it expires, and
//! never shown.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tonic::metadata::{AsciiMetadataValue, MetadataMap};

use super::token_file::TokenFile;
use super::{Credentials, Server, SystemCredential, find_provider};
use crate::client::Client;
use crate::failure::Failure;
use minutebook_grpc::wire::proto::GetSignInRequest;
use minutebook_kernel::clock::Clock;
use minutebook_kernel::sign_in::issued_tokens::IssuedTokens;
use minutebook_kernel::sign_in::provider::{Provider, TokenRequest};

/// A token that has less than this left, in seconds, is renewed first.
const RENEW_SECONDS: i64 = 60;

/// How soon a renewal is tried, at least, while a command runs.
const RENEW_PAUSE: Duration = Duration::from_secs(5);

/// The metadata of every call of gRPC that signs its caller in.
const AUTHORIZATION: &str = "authorization";

/// The token of a command; none where nobody has signed in. Clones share it.
#[derive(Clone, Default)]
pub struct Bearer(Arc<ArcSwapOption<AsciiMetadataValue>>);

/// Without the token.
impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer")
    }
}

/// Where the tokens of a command come from.
enum Source {
    /// A credential of a system.
    System(Box<Provider>),
    /// The sign-in of a person.
    File {
        file: TokenFile,
        server: String,
        authority: Option<Vec<u8>>,
    },
}

impl Bearer {
    /// The token for calls to `server`, to which `open` calls without one.
    pub async fn of(server: &Server, open: &Client) -> Result<Self, Failure> {
        let Some(credentials) = &server.credentials else {
            return Ok(Self::default());
        };
        if let Some(token) = credentials.token() {
            require_private_way(server)?;
            return Self::fixed(token);
        }
        let source = match credentials.system()? {
            Some(system) => {
                require_private_way(server)?;
                Some(system_source(system, credentials, open).await?)
            }
            None => file_source(server, credentials)?,
        };
        let Some(source) = source else {
            return Ok(Self::default());
        };
        let source = Arc::new(source);
        let Some(tokens) = next_tokens(&source).await? else {
            return Ok(Self::default());
        };
        require_private_way(server)?;
        let bearer = Self::fixed(&tokens.access_token)?;
        tokio::spawn(bearer.clone().keep_fresh(source, tokens.expires_at));
        Ok(bearer)
    }

    /// This token, which is not renewed.
    pub fn fixed(token: &str) -> Result<Self, Failure> {
        Ok(Self(Arc::new(ArcSwapOption::from_pointee(value(token)?))))
    }

    /// Adds the token to the metadata of a call.
    pub fn add_to(&self, metadata: &mut MetadataMap) {
        if let Some(token) = &*self.0.load() {
            metadata.insert(AUTHORIZATION, AsciiMetadataValue::clone(token));
        }
    }

    /// Renews the token while the command runs. If that fails, the server refuses the next
    /// call, and says why.
    async fn keep_fresh(self, source: Arc<Source>, mut expires_at: i64) {
        loop {
            let left = expires_at - now() - RENEW_SECONDS;
            let left = Duration::from_secs(u64::try_from(left).unwrap_or(0));
            tokio::time::sleep(left.max(RENEW_PAUSE)).await;
            let Ok(Some(tokens)) = next_tokens(&source).await else {
                continue;
            };
            expires_at = tokens.expires_at;
            if let Ok(value) = value(&tokens.access_token) {
                self.0.store(Some(Arc::new(value)));
            }
        }
    }
}

fn now() -> i64 {
    Clock::system().now().as_second()
}

fn value(token: &str) -> Result<AsciiMetadataValue, Failure> {
    let value = AsciiMetadataValue::try_from(format!("Bearer {token}"));
    let mut value = value.map_err(|_| {
        Failure::Usage(
            "The token has characters that no token has: check MINUTEBOOK_TOKEN.".to_owned(),
        )
    })?;
    // Neither logged, nor kept by a compression of headers.
    value.set_sensitive(true);
    Ok(value)
}

/// A token is not sent where others could read it.
pub fn require_private_way(server: &Server) -> Result<(), Failure> {
    match server.is_private_way() {
        true => Ok(()),
        false => Err(Failure::Usage(
            "A token is not sent over plain http:// to another machine, where others could read \
             it: name the server by https://, or sign out."
                .to_owned(),
        )),
    }
}

/// Asks the server what a token for it must have, and the issuer where it gives tokens.
async fn system_source(
    system: SystemCredential,
    credentials: &Credentials,
    open: &Client,
) -> Result<Source, Failure> {
    let answer = open.caller().get_sign_in(GetSignInRequest {}).await?;
    let issuers = answer.into_inner().issuers;
    let trusted = issuers
        .into_iter()
        .find(|found| found.issuer == system.issuer);
    let trusted = trusted.ok_or_else(|| {
        Failure::Usage(format!(
            "The server does not accept tokens of {}: check --client-issuer.",
            system.issuer
        ))
    })?;
    let wanted = TokenRequest {
        issuer: system.issuer,
        client_id: system.client_id,
        scopes: trusted.scopes,
        resource: Some(trusted.resource).filter(|resource| !resource.is_empty()),
    };
    let authority = credentials.issuer_authority()?;
    let found = blocking(move || find_provider(wanted, authority.as_deref())).await?;
    Ok(Source::System(Box::new(found.with_secret(system.secret))))
}

fn file_source(server: &Server, credentials: &Credentials) -> Result<Option<Source>, Failure> {
    let Some(file) = TokenFile::of(credentials) else {
        return Ok(None);
    };
    Ok(Some(Source::File {
        file,
        server: server.token_key(),
        authority: credentials.issuer_authority()?,
    }))
}

/// Tokens that are valid for a while; `None` if nobody has signed in.
async fn next_tokens(source: &Arc<Source>) -> Result<Option<IssuedTokens>, Failure> {
    let source = Arc::clone(source);
    blocking(move || match &*source {
        Source::System(provider) => Ok(Some(provider.as_system()?)),
        Source::File {
            file,
            server,
            authority,
        } => stored_tokens(file, server, authority.as_deref()),
    })
    .await
}

/// The tokens of a person. Those that are about to expire are renewed, by one command at a
/// time: the others wait, and find the new ones.
fn stored_tokens(
    file: &TokenFile,
    server: &str,
    authority: Option<&[u8]>,
) -> Result<Option<IssuedTokens>, Failure> {
    let is_fresh = |tokens: &IssuedTokens| tokens.expires_at - now() > RENEW_SECONDS;
    match file.get(server)? {
        Some(tokens) if !is_fresh(&tokens) => {}
        found => return Ok(found),
    }
    let locked = file.lock()?;
    let Some(tokens) = locked.get(server)? else {
        return Ok(None);
    };
    if is_fresh(&tokens) {
        return Ok(Some(tokens));
    }
    let Some(refresh_token) = &tokens.refresh_token else {
        if tokens.expires_at > now() {
            return Ok(Some(tokens));
        }
        return Err(Failure::Refused(
            "Your sign-in has expired. Run \"minutebook login\".".to_owned(),
        ));
    };
    let wanted = TokenRequest {
        issuer: tokens.issuer.clone(),
        client_id: tokens.client_id.clone(),
        scopes: Vec::new(),
        resource: tokens.resource.clone(),
    };
    let renewed = find_provider(wanted, authority)
        .and_then(|provider| Ok(provider.refresh(refresh_token)?))
        .map_err(|failure| match failure {
            Failure::Refused(why) => Failure::Refused(format!(
                "Your sign-in has ended. Run \"minutebook login\".\n{why}"
            )),
            other => other,
        });
    match renewed {
        Ok(renewed) => {
            locked.put(server, renewed.clone())?;
            Ok(Some(renewed))
        }
        // The provider is down, and the token is still good for a moment.
        Err(Failure::Unreachable(_)) if tokens.expires_at > now() => Ok(Some(tokens)),
        Err(failure) => Err(failure),
    }
}

/// Runs work that waits for the network or for a lock.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Failure::Broken("A fault in the sign-in.".to_owned())))
}
