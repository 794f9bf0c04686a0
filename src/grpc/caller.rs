//! `CallerService`: how to sign in, as whom a call counts, and what the caller may record.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::query::{Questions, caller_of};
use super::sign_in::TokenExpiry;
use crate::wire::caller::principal;
use crate::wire::proto::caller_service_server::CallerService;
use crate::wire::proto::who_am_i_response::Reading;
use crate::wire::proto::{
    GetSignInRequest, GetSignInResponse, SignInIssuer, WhoAmIRequest, WhoAmIResponse,
};
use crate::wire::reply::timestamp;
use minutebook_domain::caller::{Caller, KnownCaller};
use minutebook_domain::date::day_of;
use minutebook_domain::mandate::Mandates;
use minutebook_domain::register::Register;
use minutebook_domain::register_view::RegisterView;
use minutebook_kernel::sign_in::SignIn;
use minutebook_views::mandates;

/// The most mandates and the most keepers of one answer.
const LISTED_MAX: usize = 100;

/// `CallerService` of a server, with or without sign-in.
#[derive(Clone)]
pub struct CallerHandler {
    sign_in: Option<Arc<SignIn>>,
    is_required: bool,
    questions: Questions,
}

impl CallerHandler {
    pub const fn new(
        sign_in: Option<Arc<SignIn>>,
        is_required: bool,
        questions: Questions,
    ) -> Self {
        Self {
            sign_in,
            is_required,
            questions,
        }
    }

    fn reading(&self, caller: &Caller, register: &Register) -> Reading {
        let questions = &self.questions;
        let is_mandated = match caller {
            Caller::Known(known) => {
                let today = questions.projection.today();
                let mandates = register.mandates();
                mandates.is_some_and(|all| !all.held_by(known, today).is_empty())
            }
            Caller::Local | Caller::Public | Caller::Store => false,
        };
        match (questions.clearance(caller), is_mandated) {
            (Err(_), _) => Reading::Nothing,
            (Ok(clearance), _) if clearance.is_whole() => Reading::Everything,
            (Ok(_), false) => Reading::Unmarked,
            (Ok(_), true) if questions.is_public => Reading::CoveredAndUnmarked,
            (Ok(_), true) => Reading::Covered,
        }
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
            required: self.is_required,
            issuers: issuers.collect(),
        }))
    }

    async fn who_am_i(
        &self,
        request: Request<WhoAmIRequest>,
    ) -> Result<Response<WhoAmIResponse>, Status> {
        let extensions = request.extensions();
        let expiry = extensions.get::<TokenExpiry>();
        let mut answer = WhoAmIResponse::default();
        let known = match extensions.get::<Caller>() {
            Some(Caller::Known(known)) => Some(Arc::clone(known)),
            Some(Caller::Local | Caller::Public | Caller::Store) | None => None,
        };
        if let Some(known) = &known {
            answer.signed_in = true;
            answer.principals = known.principals.iter().map(principal).collect();
            answer.pseudonym = known.pseudonym.to_string();
            answer.expires_at = expiry.map(|TokenExpiry(at)| timestamp(*at));
        }
        let (questions, caller) = (&self.questions, caller_of(&request));
        let register = questions.projection.register();
        answer.set_reading(self.reading(&caller, &register));
        if register.kept_since().is_none() {
            return Ok(Response::new(answer));
        }
        // Who has which mandate is not for the public.
        let shows_keepers = known.is_some() || !questions.is_public;
        let today = day_of(self.questions.projection.now());
        let last = register.tail();
        let with_mandates = move || {
            let view = RegisterView::new(Arc::clone(&register), today, last);
            let mut answer = match register.mandates() {
                Some(all) => mandated(answer, known.as_deref(), all, &view),
                None => answer,
            };
            if !shows_keepers {
                answer.keepers.clear();
            }
            Ok(answer)
        };
        let answer = self.questions.workers.run(with_mandates).await?;
        answer.map(Response::new)
    }
}

/// The answer with the mandates of the caller, and with those who can grant one.
fn mandated(
    answer: WhoAmIResponse,
    known: Option<&KnownCaller>,
    all: &Mandates,
    view: &RegisterView,
) -> WhoAmIResponse {
    let today = view.as_at();
    let held = known.map(|known| all.held_by(known, today));
    let held = held.into_iter().flatten().take(LISTED_MAX);
    let mut keepers: Vec<String> = all
        .keepers(today)
        .map(|keeper| keeper.granted.recorded_as.to_string())
        .collect();
    keepers.sort();
    keepers.dedup();
    keepers.truncate(LISTED_MAX);
    WhoAmIResponse {
        mandates: held.map(|mandate| mandates::view(view, mandate)).collect(),
        mandate_needed: true,
        keepers,
        ..answer
    }
}
