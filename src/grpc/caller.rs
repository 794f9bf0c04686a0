//! `CallerService`: how to sign in, and as whom a call counts.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::sign_in::TokenExpiry;
use crate::domain::caller::Caller;
use crate::sign_in::SignIn;
use crate::wire::caller::principal;
use crate::wire::proto::caller_service_server::CallerService;
use crate::wire::proto::{
    GetSignInRequest, GetSignInResponse, SignInIssuer, WhoAmIRequest, WhoAmIResponse,
};
use crate::wire::reply::timestamp;

/// `CallerService` of a server, with or without sign-in.
#[derive(Debug, Clone)]
pub struct CallerHandler {
    sign_in: Option<Arc<SignIn>>,
}

impl CallerHandler {
    pub const fn new(sign_in: Option<Arc<SignIn>>) -> Self {
        Self { sign_in }
    }
}

#[tonic::async_trait]
impl CallerService for CallerHandler {
    async fn get_sign_in(
        &self,
        _: Request<GetSignInRequest>,
    ) -> Result<Response<GetSignInResponse>, Status> {
        let issuers = self.sign_in.iter().flat_map(|all| &all.settings().issuers);
        let issuers = issuers.map(|issuer| SignInIssuer {
            issuer: issuer.issuer.clone(),
            login_client_id: issuer.login_client_id.clone().unwrap_or_default(),
            scopes: issuer.scopes.clone(),
            audiences: issuer.audiences.clone(),
            resource: issuer.resource.clone().unwrap_or_default(),
        });
        Ok(Response::new(GetSignInResponse {
            required: self.sign_in.is_some(),
            issuers: issuers.collect(),
        }))
    }

    async fn who_am_i(
        &self,
        request: Request<WhoAmIRequest>,
    ) -> Result<Response<WhoAmIResponse>, Status> {
        let extensions = request.extensions();
        let expiry = extensions.get::<TokenExpiry>();
        let known = match extensions.get::<Caller>() {
            Some(Caller::Known(known)) => known,
            Some(Caller::Local | Caller::Public | Caller::Store) | None => {
                return Ok(Response::new(WhoAmIResponse::default()));
            }
        };
        Ok(Response::new(WhoAmIResponse {
            signed_in: true,
            principals: known.principals.iter().map(principal).collect(),
            pseudonym: known.pseudonym.to_string(),
            expires_at: expiry.map(|TokenExpiry(at)| timestamp(*at)),
        }))
    }
}
