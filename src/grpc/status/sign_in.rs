//! Calls whose caller is not known.

use tonic::Status;

use super::builder::StatusBuilder;
use super::{RETRY_LATER, RETRY_SOON, Reason};
use crate::error_chain::describe_chain;
use crate::sign_in::SignInError;

/// A call without a token, where sign-in is required.
pub fn sign_in_required() -> Status {
    StatusBuilder::new(
        Reason::SignInRequired,
        "this register answers only those who have signed in: run \"minutebook login\", or send an \
         access token as authorization: Bearer TOKEN; CallerService.GetSignIn says where to get one",
    )
    .status()
}

/// Metadata from which no token can be read.
pub fn bad_authorization(why: &str) -> Status {
    StatusBuilder::new(
        Reason::TokenInvalid,
        format!("authorization: {why}; send one access token as Bearer TOKEN"),
    )
    .fact("failed_check", "metadata")
    .status()
}

/// The token by which a stream was opened has expired.
pub fn token_expired() -> Status {
    StatusBuilder::new(
        Reason::TokenInvalid,
        "the token has expired by which this stream was opened, and the stream is ended: get a \
         new token (\"minutebook login\"), and open the stream again",
    )
    .fact("failed_check", "expired")
    .status()
}

/// A token that does not sign its sender in.
pub fn sign_in(error: &SignInError) -> Status {
    match error {
        SignInError::Token(error) => StatusBuilder::new(
            Reason::TokenInvalid,
            format!(
                "the token does not sign you in: {error}. To sign in, run \"minutebook login\""
            ),
        )
        .fact("failed_check", error.check())
        .status(),
        SignInError::NoKeys { issuer } => {
            let mut answer = StatusBuilder::new(
                Reason::SignInUnavailable,
                format!(
                    "no token of {issuer} can be verified, because its keys cannot be had: nothing \
                     was done; send the same again later"
                ),
            )
            .fact("issuer", issuer);
            answer.details.set_retry_info(Some(RETRY_LATER));
            answer.status()
        }
        SignInError::Pseudonyms(_) => {
            tracing::error!(error = %describe_chain(error), "nobody can sign in");
            let mut answer = StatusBuilder::new(
                Reason::SignInUnavailable,
                "the server cannot store its key of pseudonyms, so no person can sign in: its \
                 operator finds the cause in its log",
            );
            answer.details.set_retry_info(Some(RETRY_SOON));
            answer.status()
        }
    }
}
