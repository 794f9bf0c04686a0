//! `minutebook logout`: forgets the tokens for a server, here and at the provider.

use super::failure::Failure;
use super::login::no_folder;
use super::screen::Screen;
use super::sign_in::Server;
use super::sign_in::bearer::blocking;
use super::sign_in::find_provider;
use super::sign_in::token_file::TokenFile;
use minutebook_kernel::sign_in::issued_tokens::IssuedTokens;
use minutebook_kernel::sign_in::provider::TokenRequest;

pub async fn run(server: &Server, screen: &mut Screen) -> Result<(), Failure> {
    let credentials = server.credentials.clone().unwrap_or_default();
    let file = TokenFile::of(&credentials).ok_or_else(no_folder)?;
    let authority = credentials.issuer_authority()?;
    let key = server.token_key();
    let forgotten = blocking(move || {
        // Without a sign-in there may be no folder to lock.
        if file.get(&key)?.is_none() {
            return Ok(None);
        }
        let locked = file.lock()?;
        let Some(tokens) = locked.get(&key)? else {
            return Ok(None);
        };
        // Forgotten first: what the provider does cannot keep them here.
        locked.remove(&key)?;
        drop(locked);
        Ok(Some(revoke(&tokens, authority.as_deref())))
    });
    let url = server.url();
    match forgotten.await? {
        None => screen.line(&format!("Nobody has signed in to {url} here.")),
        Some(Ok(())) => screen.line(&format!("Signed out of {url}.")),
        Some(Err(why)) => screen.line(&format!(
            "Signed out of {url} here. The provider was not told, so its tokens count until they \
             expire.\n{why}"
        )),
    }
}

fn revoke(tokens: &IssuedTokens, authority: Option<&[u8]>) -> Result<(), Failure> {
    let wanted = TokenRequest {
        issuer: tokens.issuer.clone(),
        client_id: tokens.client_id.clone(),
        scopes: Vec::new(),
        resource: None,
    };
    Ok(find_provider(wanted, authority)?.revoke(tokens)?)
}
